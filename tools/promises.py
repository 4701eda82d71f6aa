#!/usr/bin/env python3
"""What this server promises, and which tests prove it.

tools/promises.py check         every `proves:` stands above a test and names claims that there are
tools/promises.py json OUTPUT   what the page of promises shows
tools/promises.py write         docs/promises.md

The claims are privacy/claims.tsv.  A test names those that it proves in the comment just above it:
`proves: REG-7a REG-7b`.  A claim belongs to the test's file and title together.
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TESTS = ("src/**/*_test.c", "tests/**/*.c", "tests/**/*.mjs", "web/test/**/*.ts", "web/test/**/*.tsx")
CLAIM = re.compile(r"[A-Z]{3}-\d+[a-z]$")
C_TEST = re.compile(r"(?:static\s+)?void\s+(\w+)\s*\(")
JS_TEST = re.compile(r"(?:export\s+)?(?:await\s+)?[\w.]+\(\s*([\"'`])((?:\\.|(?!\1).)*)\1", re.S)
ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|(.))", re.S)
SPACES = re.compile(r"(?:\s+|//[^\n]*\n|/\*.*?\*/)*", re.S)


class Mark:
    """One `proves:`: its claims, and the test below it.  `fits` matches the titles that it runs as."""

    def __init__(self, path, line, claims, title, fits):
        self.path, self.line, self.claims, self.title = path, line, claims, title
        self.fits = fits

    def __str__(self):
        return f"{self.path}:{self.line}"


def claims(text=None):
    """[(id, English, Indonesian)] in the order of the list."""
    if text is None:
        text = (ROOT / "privacy/claims.tsv").read_text(encoding="utf-8")
    return [tuple(line.split("\t")) for line in text.splitlines() if line and line[0] != "#"]


def comment_around(text, at):
    """Where the comment that holds this place begins and ends; None when it is in none."""
    begin = text.rfind("/*", 0, at)
    if begin >= 0 and "*/" not in text[begin:at]:
        end = text.find("*/", at)
        return (begin, end + 2) if end >= 0 else None
    begin = text.rfind("\n", 0, at) + 1
    if not text[begin:at].lstrip().startswith("//"):
        return None
    end = begin
    for line in text[begin:].splitlines(keepends=True):
        if not line.lstrip().startswith("//"):
            break
        end += len(line)
    return begin, end


def unescaped(text):
    def one(match):
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else {"n": "\n", "t": "\t"}.get(match[3], match[3])
    return ESCAPE.sub(one, text)


def test_below(path, text, end):
    """(title, pattern) of the test that begins behind the comment; None when another thing does."""
    begin = SPACES.match(text, end).end()
    if path.endswith(".c"):
        test = C_TEST.match(text, begin)
        return test and (test[1], re.compile(re.escape(test[1])))
    test = JS_TEST.match(text, begin)
    if not test:
        return None
    parts = re.split(r"\$\{[^}]*\}", test[2]) if test[1] == "`" else [test[2]]
    fits = ".+".join(re.escape(unescaped(part)) for part in parts)
    return unescaped("…".join(parts)), re.compile(fits, re.S)


def marks_in(path, text):
    """The marks of one file, and what is wrong with it."""
    found, wrong = [], []
    for word in re.finditer(r"proves:", text):
        line = text.count("\n", 0, word.start()) + 1
        around = comment_around(text, word.start())
        if not around:
            wrong.append(f"{path}:{line}: proves: outside a comment")
            continue
        named = []
        for token in re.split(r"[\s,*/]+", text[word.end():around[1]].strip()):
            if not re.match(r"[A-Z]+-\d", token):
                break
            named.append(token.rstrip(".;:"))
        test = test_below(path, text, around[1])
        if not named or not test:
            wrong.append(f"{path}:{line}: proves: " +
                         ("names no claim" if not named else "no test with a title below it"))
            continue
        found.append(Mark(path, line, named, *test))
    return found, wrong


def marks():
    """All marks of all tests, and what is wrong with them."""
    found, wrong = [], []
    for path in sorted({path for pattern in TESTS for path in ROOT.glob(pattern)}):
        if "node_modules" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if "proves:" in text:
            here, faults = marks_in(str(path.relative_to(ROOT)), text)
            found += here
            wrong += faults
    return found, wrong


def faults_of(rows, found):
    """What is wrong with the list, and with the names that tests use of it."""
    wrong = []
    ids = [row[0] for row in rows]
    for row in rows:
        if not CLAIM.match(row[0]) or len(row) != 3 or not all(part.strip() for part in row):
            wrong.append(f"privacy/claims.tsv: {row[0]}: an id, English and Indonesian are wanted")
        if ids.count(row[0]) > 1:
            wrong.append(f"privacy/claims.tsv: {row[0]} stands there twice")
    known = set(ids)
    for mark in found:
        wrong += [f"{mark}: {claim} is no claim of privacy/claims.tsv"
                  for claim in mark.claims if claim not in known]
    return wrong


def proved_by(rows, found):
    """Claim -> the marks that name it, in the order of the list."""
    return {row[0]: [mark for mark in found if row[0] in mark.claims] for row in rows}


def verdict(found, ran):
    """What a whole run says of the marks.  `ran`: (file, title) -> whether it passed.

    -> (claim -> titles that passed, for claims of which none failed; marks whose test did not run)
    """
    kept, broken, missing = {}, set(), []
    for mark in found:
        seen = {title: ok for (path, title), ok in ran.items()
                if path == mark.path and mark.fits.fullmatch(title)}
        if not seen:
            missing.append(f"{mark}: {mark.title}")
        for claim in mark.claims:
            if not seen or not all(seen.values()):
                broken.add(claim)
            kept.setdefault(claim, set()).update(f"{mark.path}:{title}" for title in seen)
    return {claim: sorted(kept[claim]) for claim in sorted(kept) if claim not in broken}, missing


def readable(title):
    return title.replace("_", " ")


def markdown(rows, found):
    by = proved_by(rows, found)
    proved = sum(1 for tests in by.values() if tests)
    out = ["# What this server promises", "",
           "Made by `tools/promises.py write` from `privacy/claims.tsv` and the tests; the product shows it",
           "at `/promises`. A test stands here when it proves the whole sentence; `make test` fails when one",
           "that is named did not run or did not pass.", "",
           f"{proved} of {len(rows)} claims are proved.", "",
           "| claim | what you can rely on | proved by |", "|---|---|---|"]
    for claim, english, indonesian in rows:
        tests = "<br>".join(f"{readable(mark.title)} (`{mark.path}`)".replace("|", "\\|")
                            for mark in by[claim]) or "not yet"
        out.append(f"| {claim} | {english}<br>*{indonesian}* | {tests} |")
    return "\n".join(out) + "\n"


def page(rows, found):
    by = proved_by(rows, found)
    return json.dumps([{"id": claim, "text": {"en": english, "id": indonesian}, "tests": [
        {"title": readable(mark.title), "file": mark.path} for mark in by[claim]]}
        for claim, english, indonesian in rows], ensure_ascii=False, separators=(",", ":"))


def put(path, text):
    """Writes a file when it differs, so that nothing is built anew for nothing."""
    path = pathlib.Path(path)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main():
    how = sys.argv[1] if len(sys.argv) > 1 else ""
    if how not in ("check", "json", "write") or (how == "json") != (len(sys.argv) == 3):
        sys.exit(__doc__)
    rows = claims()
    found, wrong = marks()
    wrong += faults_of(rows, found)
    if wrong:
        sys.exit("\n".join(wrong))
    if how == "json":
        put(sys.argv[2], page(rows, found))
    if how == "write":
        put(ROOT / "docs/promises.md", markdown(rows, found))


if __name__ == "__main__":
    main()
