#!/usr/bin/env python3
"""Merges the catalogue pieces.

catalogue.py c OUT      every *.en.po / *.id.po below src/ as a sorted C table
catalogue.py json LANG  every piece below web/src/ as JSON, on standard output
catalogue.py check      keys used in code against keys that exist, both ways

A piece is a gettext file: msgid is the key, msgstr the sentence; plurals have
msgid_plural and msgstr[n].  A key stands in one piece only, and in every language.
"""
import ast
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LANGUAGES = ["en", "id"]
PLURALS = {"en": 2, "id": 1}
# Of a kind of mail or of notice, by its name.
PARTS = re.compile(r"\.(subject|title|text|button|notice|notice_many)$")

# One form of address and one word a thing; a name that starts so is none of them.
OTHER_WORDS = re.compile(r"\b(Anda|surel|passkey)\b", re.IGNORECASE)


def fail(text):
    sys.exit(f"catalogue: {text}")


def read_piece(path):
    """The entries of one file: key -> text, or list of texts for plurals."""
    entries, key, target = {}, None, None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        match = re.fullmatch(r'(?:(msgid|msgid_plural|msgstr(?:\[(\d+)\])?)\s+)?("(?:.*)")', line)
        if not match:
            fail(f"{path.relative_to(ROOT)}:{number}: not understood")
        word, index, text = match.group(1), match.group(2), ast.literal_eval(match.group(3))
        if word == "msgid":
            key, target = text, "id"
            if key in entries:
                fail(f"{path.relative_to(ROOT)}:{number}: {key} stands twice")
        elif word == "msgid_plural":
            target = "plural"
        elif word == "msgstr":
            entries[key], target = text, "text"
        elif word:
            entries.setdefault(key, []).append(text)
            target = "list"
        elif target == "id":
            key += text
        elif target == "text":
            entries[key] += text
        elif target == "list":
            entries[key][-1] += text
    entries.pop("", None)  # the header
    return entries


def read_all(roots):
    merged = {}
    for language in LANGUAGES:
        merged[language] = {}
        for root in roots:
            for path in sorted((ROOT / root).rglob(f"*.{language}.po")):
                if "node_modules" in path.parts:
                    continue
                for key, text in read_piece(path).items():
                    if key in merged[language]:
                        fail(f"{path.relative_to(ROOT)}: {key} stands in another piece too")
                    if not all(text if isinstance(text, list) else [text]):
                        fail(f"{path.relative_to(ROOT)}: {key} says nothing")
                    if isinstance(text, list) and len(text) != PLURALS[language]:
                        fail(f"{path.relative_to(ROOT)}: {key} wants {PLURALS[language]} forms")
                    merged[language][key] = text
    keys = [set(merged[language]) for language in LANGUAGES]
    for language, has in zip(LANGUAGES, keys):
        for key in sorted(set.union(*keys) - has):
            fail(f"{key} has no text in {language}")
    for key, text in sorted(merged["id"].items()):
        if word := OTHER_WORDS.search(str(text)):
            fail(f"{key}: \"{word.group(0)}\" where Indonesian says kamu, email and kunci sandi")
    for key in sorted(keys[0]):
        marks = [set(re.findall(r"\{(\w+)\}", str(merged[language][key]))) for language in LANGUAGES]
        if any(mark != marks[0] for mark in marks):
            fail(f"{key}: the languages have different {{placeholders}}")
    return merged


def c_text(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def write_c(out):
    merged = read_all(["src"])
    lines = ['/* Made by tools/catalogue.py; do not edit. */', '#include "base/catalogue.h"',
             "const char *const catalogue_languages[] = {"
             + ", ".join(c_text(language) for language in LANGUAGES) + ", 0};",
             "const struct catalogue_entry catalogue[] = {"]
    for key in sorted(merged["en"], key=lambda key: key.encode()):
        texts = ", ".join(c_text(merged[language][key]) for language in LANGUAGES)
        lines.append(f"    {{{c_text(key)}, {{{texts}}}}},")
    if not merged["en"]:
        lines.append('    {"", {"", ""}},')
    lines += ["};", "const size_t catalogue_count = sizeof(catalogue) / sizeof(catalogue[0]);", ""]
    pathlib.Path(out).write_text("\n".join(lines), encoding="utf-8")


def codes_in_c():
    """Every literal that src/ hands to call_fail and its kin, with its place."""
    used = {}
    for path in sorted((ROOT / "src").rglob("*.c")):
        if path.name.endswith("_test.c"):
            continue
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r'"([a-z]+\.[a-z_]+(?:\.[a-z_]+)?)"', text):
            used.setdefault(match.group(1), f"{path.relative_to(ROOT)}")
    return used


SETTING = re.compile(r"\bSETTING_(LINE|TEXT|NUMBER|BOOL|CHOICE)\(")


def row_at(text, start):
    """The arguments of a row, to the bracket that ends it; words between quotes are one."""
    depth, i = 1, start
    while depth and i < len(text):
        if text[i] == '"':
            i = re.compile(r'"(?:[^"\\]|\\.)*"').match(text, i).end()
            continue
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        i += 1
    return text[start:i - 1]


def of_settings():
    """What the rows of settings with a group are called in the pages."""
    keys = {"setting.bool_is_yes", "setting.bool_is_no"}
    for path in sorted((ROOT / "src").rglob("*.c")):
        text = path.read_text(encoding="utf-8")
        for match in SETTING.finditer(text) if not path.name.endswith("_test.c") else ():
            row = row_at(text, match.end())
            group = re.search(r'\.group = "(\w+)"', row)
            if not group:
                continue
            name = re.match(r"[^,]*,\s*(\w+)", row).group(1)
            words = re.findall(r'"([^"]*)"', row)
            keys |= {f"setting.{name}", f"setting.{name}_why", f"setting.group_{group.group(1)}"}
            if match.group(1) == "NUMBER":
                keys.add(f"setting.unit_{words[0]}")
            if match.group(1) == "CHOICE":
                choices = words[0] if re.match(r'[^,]*,[^,]*,\s*"', row) else scenes_or_none()
                keys |= {f"setting.{name}_is_{one}" for one in choices.split()}
    return keys


def scenes_or_none():
    return "none " + " ".join(path.stem for path in (ROOT / "assets" / "scenes").glob("*.glb"))


def check():
    have = set(read_all(["src"])["en"])
    used = codes_in_c()
    missing = []
    for path in sorted((ROOT / "src").rglob("*.c")):
        if path.name.endswith("_test.c"):
            continue
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r'call_fail(?:_field)?\([^;]*?"([a-z_]+\.[a-z_.]+)"', text):
            if match.group(1) not in have:
                missing.append(f"{path.relative_to(ROOT)}: {match.group(1)} has no sentence")
    settings = of_settings()
    missing += [f"{key} has no sentence" for key in sorted(settings - have)]
    unused = [f"{key} is used nowhere in src/" for key in sorted(have - set(used) - settings)
              if PARTS.sub("", key) not in used]
    if missing or unused:
        fail("\n  ".join(["", *missing, *unused]))


def main():
    if sys.argv[1:2] == ["c"]:
        write_c(sys.argv[2])
    elif sys.argv[1:2] == ["json"]:
        merged = read_all(["web/src"])
        print(json.dumps(merged[sys.argv[2]], ensure_ascii=False, sort_keys=True, indent=0))
    elif sys.argv[1:2] == ["check"]:
        check()
    else:
        fail(__doc__)


main()
