# The two commands: `make run` and `make test`.  The rest is in CONTRIBUTING.md.
.PHONY: run build test check form bench soak fuzz assets new-feature clean
.DEFAULT_GOAL := build
DATA ?= world
LISTEN ?= 127.0.0.1:8080

build:
	@tools/install build
	@tools/npm web
	@tools/configure build
	ninja -C build bauta bauta-worker
	@tools/promises.py write

run: build
	@[ -e $(DATA)/world.db ] || build/bauta demo --data $(DATA)
	build/bauta serve --data $(DATA) --listen $(LISTEN)

test: build
	@tools/install build test
	@tools/configure build-asan build-tsan
	@tools/npm tests/peers
	@tools/npm tests/outside
	tools/test

check: build
	@tools/install build check
	tools/check

form:
	@tools/npm web
	git ls-files 'src/*.c' 'src/*.h' 'tests/*.c' 'tests/*.h' 'tools/*.c' | xargs clang-format -i
	web/node_modules/.bin/biome format --write .

bench: build
	@tools/install build test bench
	tests/load/bench

soak:
	@tools/install build test
	@tools/configure build-asan build-tsan
	tests/load/soak

fuzz:
	@tools/install build check
	@tools/configure build-fuzz
	tests/fuzz/run --long

assets:
	tools/npm tools/avatars && tools/npm web && node tools/looks/make.mjs && node tools/looks/layers.mjs
	tools/npm tools/scenes && node tools/scenes/make.mjs
	node tools/animations/make.mjs

new-feature:
	tools/new-feature "$(NAME)" "$(or $(GROUP),people)"

clean:
	rm -rf build build-asan build-tsan build-fuzz
