#!/usr/bin/env python3
"""Writes migrations.gen.c on standard output: migrations/NNNN_name.sql with their SHA-256.

  migrations.py --index [--root DIR]    DIR: another tree than this one
"""
import hashlib
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
if "--root" in sys.argv:
    ROOT = pathlib.Path(sys.argv[sys.argv.index("--root") + 1])

TOKENS = {"i64", "bytes", "strict", "clustered", "pg"}
# Types and words that one of the two databases lacks or reads differently.
NOT_COMMON = re.compile(r"\b(BOOLEAN|SERIAL|BIGSERIAL|AUTOINCREMENT|TIMESTAMP\w*|JSONB?|UUID|"
                        r"VARCHAR|REAL|DOUBLE|NUMERIC|DEFERRABLE|BIGINT|INTEGER|BLOB|BYTEA)\b", re.I)


def fail(path, why):
    sys.exit(f"{path}: {why}")


def read(path, number):
    match = re.fullmatch(r"(\d{4})_([a-z0-9_]+)\.sql", path.name)
    if not match:
        fail(path, "a migration is called NNNN_name.sql")
    if int(match[1]) != number:
        fail(path, f"the next migration is {number:04d}: numbers have no gaps and no doubles")
    data = path.read_bytes()
    text = data.decode("ascii")
    plain = re.sub(r"--[^\n]*", "", text)
    for token in re.findall(r"\{(\w+)\}", plain):
        if token not in TOKENS:
            fail(path, f"unknown token {{{token}}}")
    if word := NOT_COMMON.search(plain):
        fail(path, f"{word[0]} is not common to both databases: use {{i64}}, {{bytes}} or TEXT")
    return match[2], hashlib.sha256(data).hexdigest(), text


def literal(text):
    lines = text.replace("\\", "\\\\").replace('"', '\\"').split("\n")
    return "\n".join(f'        "{line}\\n"' for line in lines)


def main():
    print('/* Made by tools/migrations.py; do not edit. */\n#include "store/migrate.h"\n\n'
          '#pragma GCC diagnostic ignored "-Woverlength-strings"\n'
          "const struct migration migrations[] = {")
    paths = sorted((ROOT / "migrations").glob("*.sql"))
    for number, path in enumerate(paths, 1):
        name, digest, text = read(path, number)
        print(f'    {{{number}, "{name}", "{digest}",\n{literal(text)}}},')
    print(f"}};\nconst size_t migration_count = {len(paths)};")


main()
