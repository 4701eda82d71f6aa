# The two commands: `make run` and `make test`.  The rest is in CONTRIBUTING.md.
.PHONY: run build test check bench soak fuzz assets new-feature clean
.DEFAULT_GOAL := build
DATA ?= world
LISTEN ?= 127.0.0.1:8080

build: build/build.ninja web/node_modules/.installed
	ninja -C build bauta

run: build
	@[ -e $(DATA)/world.db ] || build/bauta demo --data $(DATA)
	build/bauta serve --data $(DATA) --listen $(LISTEN)

test: build build-asan/build.ninja
	tools/install test
	tools/test

check: build/build.ninja
	tools/install build check
	tools/check

bench: build
	tools/install bench
	tests/load/bench

soak: build-tsan/build.ninja build-asan/build.ninja
	tools/install test
	tests/load/soak

fuzz: build-fuzz/build.ninja
	tests/fuzz/run --long

assets:
	tools/npm tools/avatars && node tools/avatars/make.mjs
	tools/npm tools/scenes && node tools/scenes/make.mjs
	node tools/animations/make.mjs

new-feature:
	tools/new-feature "$(NAME)"

build/build.ninja: meson.build meson_options.txt
	tools/install build
	[ -e $@ ] || meson setup build
build-asan/build.ninja: meson.build
	tools/install build test
	[ -e $@ ] || meson setup build-asan -Dweb=false -Dbuildtype=debug -Db_sanitize=address,undefined
build-tsan/build.ninja: meson.build
	tools/install build test
	[ -e $@ ] || meson setup build-tsan -Dweb=false -Dbuildtype=debugoptimized -Db_sanitize=thread
build-fuzz/build.ninja: meson.build
	tools/install build check
	[ -e $@ ] || CC=clang meson setup build-fuzz -Dweb=false -Dfuzz=true -Db_lundef=false

web/node_modules/.installed: web/package-lock.json
	tools/npm web

clean:
	rm -rf build build-asan build-tsan build-fuzz
