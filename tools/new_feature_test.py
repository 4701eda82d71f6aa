#!/usr/bin/env python3
"""Proves that a feature brings all it needs: in a copy of the tree `make new-feature NAME=gifts` makes
one, nothing that was there changes, all is built and passes; and whatever of it is taken away, something
refuses.

tools/new_feature_test.py [COPY]    COPY: an empty folder that is kept; else one that is thrown away
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import source

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAME = "gifts"
GROUP = "people"
FEATURE, PART = f"src/features/{GROUP}/{NAME}", f"web/src/parts/{NAME}"
PROGRAMS = [f"{NAME}_test", "tests/blocks/blocks_routes", "tests/blocks/blocks_messages"]
# What the compiler made once it need not make again (where ccache is there): the copy lies elsewhere.
ENVIRONMENT = dict(os.environ, CCACHE_NOHASHDIR="1")
WITH_STORES = ["tests/support/with-pg"]
# What the client's rows and sentences are held to; the rest of its tests knows no feature.
CLIENT = ["node", "web/test/run.mjs", "catalogue", "inventory", "layers", "style"]


def run(copy, *command, **more):
    return subprocess.run(command, cwd=copy, env=ENVIRONMENT, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, **more)


def wants(copy, *command):
    done = run(copy, *command)
    if done.returncode:
        sys.exit(f"{done.stdout[-6000:]}\n{' '.join(command)}: {done.returncode}")
    return done.stdout


def copied(copy):
    """The tree as it is here, under git so that a change shows; what npm installed is shared."""
    for name in source.tracked(ROOT):
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)
    for modules in ROOT.glob("*/node_modules"):
        (copy / modules.relative_to(ROOT)).symlink_to(modules)
    wants(copy, "git", "init", "-q")
    (copy / ".git/info/exclude").write_text("node_modules\n", encoding="utf-8")
    wants(copy, "git", "add", "-A")


def compressed(copy):
    """What the client's build compressed before, by the bytes' own name: a feature changes little of it."""
    for cache in ROOT.glob("build/*/*/web-cache"):
        shutil.copytree(cache, copy / cache.relative_to(ROOT))


def build(copy, *targets):
    return run(copy, "ninja", "-C", "build", *targets)


def rows_of(text, first):
    """The text without the line that begins so, and those that go on with it."""
    lines, out, skipping = text.splitlines(keepends=True), [], False
    for line in lines:
        skipping = line.startswith(first) or (skipping and line.startswith("     "))
        out += [] if skipping else [line]
    assert len(out) < len(lines), first
    return "".join(out)


def refused(copy, what, change, ask):
    """`change` takes something away; then one of the commands of `ask` has to fail."""
    path = copy / what
    had = path.read_text(encoding="utf-8")
    changed = change(had)
    if changed == had:
        sys.exit(f"{what}: what was to be taken away is not there")
    if changed is None:
        path.unlink()
    else:
        path.write_text(changed, encoding="utf-8")
    if all(command().returncode == 0 for command in ask):
        sys.exit(f"{what} can be spoilt, and nothing refuses")
    path.write_text(had, encoding="utf-8")
    print(f"   refused without: {what}")


def main(copy):
    copied(copy)
    wants(copy, "tools/new-feature", NAME, GROUP)
    if touched := wants(copy, "git", "diff", "--name-only"):
        sys.exit(f"files that were there are others now:\n{touched}")
    wants(copy, "git", "add", "-A")

    wants(copy, "tools/configure", "build")
    compressed(copy)
    wants(copy, "ninja", "-C", "build", "bauta", "bauta-worker", *PROGRAMS)
    wants(copy, *WITH_STORES, f"build/{NAME}_test")
    for program in PROGRAMS[1:]:
        wants(copy, f"build/{program}")
    wants(copy, "npm", "--prefix", "web", "run", "check", "--silent")
    wants(copy, *CLIENT)
    wants(copy, "node", "--test", f"tests/browser/{NAME}.test.mjs")
    wants(copy, "tools/catalogue.py", "check")
    for check in ("tools/check-layers", "tools/check-sizes", "tools/check-visibility", "tools/check-columns",
                  "tools/check-asserts"):
        wants(copy, check)

    gone, web = lambda text: None, lambda: run(copy, *CLIENT)
    made = lambda: build(copy, "bauta", *PROGRAMS)
    test = lambda program: lambda: run(copy, f"build/{program}")
    refused(copy, f"{FEATURE}/{NAME}.id.po", gone, [made])
    refused(copy, f"{PART}/{NAME}.id.po", gone, [made, web])
    refused(copy, f"{PART}/{NAME}.en.po", lambda text: text.replace(f"data.table_{NAME}", "data.table_x"), [web])
    refused(copy, f"privacy/inventory/{NAME}.json", gone, [made, test(PROGRAMS[0])])
    refused(copy, f"{FEATURE}/{NAME}.c", lambda text: text.replace("says nothing but: ask again", ""),
            [made, test(PROGRAMS[2])])
    refused(copy, f"{FEATURE}/{NAME}.c", lambda text: text.replace(f'{{"{NAME}", NULL', '{"hello", NULL'), [made])
    refused(copy, f"{FEATURE}/{NAME}_api.c", lambda text: text.replace(".topics = topics,", ""), [made])
    # A list of what is given there, by the shape of something else.
    refused(copy, f"{FEATURE}/{NAME}_api.c", lambda text: text.replace('_page", one_shape,', '_page", whom_shape,'), [made])
    # The shape of one gift where the step fills a page; a step that no row's call has.
    refused(copy, f"{FEATURE}/{NAME}_api.c", lambda text: text.replace("none, page_shape,", "none, one_shape,"), [made])
    refused(copy, f"{FEATURE}/{NAME}_api.c", lambda text: text.replace("STEP_IS(give, apply,", "STEP_IS(give, finish,"), [made])
    refused(copy, f"{FEATURE}/{NAME}.c", lambda text: text.replace('"gifts", "100"', '"gifts", "101"'), [made])
    sentences = lambda: run(copy, "tools/catalogue.py", "check")
    refused(copy, f"{FEATURE}/{NAME}.c", lambda text: text.replace(', .group = "people"', ""), [sentences])
    # What staff see of what features bring: a view of each kind that is reported, a desk's sentence and page,
    # a sentence for what one of them did, by a route of theirs or of members, or at the machine.
    client = lambda: build(copy, "web.files")
    refused(copy, "web/src/parts/homepages/reports.ts", lambda text: text.replace('kind: "page"', 'kind: "paper"'), [client])
    refused(copy, "src/features/talk/rooms/rooms_capture.c", lambda text: text.replace('.name = "line"', '.name = "word"'), [client])
    refused(copy, "web/src/parts/mail/admin.tsx", lambda text: text.replace('name: "mail"', 'name: "post"'), [client])
    refused(copy, "src/features/site/ops/ops_api.c", lambda text: text.replace("{id}/retry", "{id}/again"), [client])
    refused(copy, "src/features/talk/rooms/rooms_api.c", lambda text: text.replace("{id}/remove", "{id}/out"), [client])
    refused(copy, "src/commands/admin_acts.c", lambda text: text.replace('ACT("close"', 'ACT("shut"'), [client])
    refused(copy, f"{FEATURE}/{NAME}_rules_test.h", lambda text: rows_of(text, '    {"POST'), [made, test(PROGRAMS[1])])
    print(f"   {NAME}: made, built, passed, and missed whatever was taken away")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(pathlib.Path(sys.argv[1]).resolve())
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(pathlib.Path(folder))
