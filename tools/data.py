#!/usr/bin/env python3
"""Writes data.gen.c on standard output: blocked passwords, passphrase words, consent ages, clocks
of laws with the authorities, and the ready avatars, as the tables of passwords, ages, clocks and
accounts (their _inner.h)."""
import hashlib
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def lines(name):
    return (ROOT / "data" / name).read_text(encoding="utf-8").split()


def text(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def blocked():
    """The first 8 bytes of each password's SHA-256, sorted: 64 bits tell 70,000 apart."""
    hashes = sorted({int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
                     for word in lines("passwords.txt")})
    if len(hashes) < 50000:
        sys.exit("data: the block list is too short")
    print("const uint64_t data_blocked[] = {")
    for i in range(0, len(hashes), 4):
        print("    " + " ".join(f"UINT64_C(0x{value:016x})," for value in hashes[i:i + 4]))
    print(f"}};\nconst size_t data_blocked_count = {len(hashes)};")


def words():
    for language in ("en", "id"):
        found = lines(f"words.{language}.txt")
        if len(set(found)) != len(found) or len(found) < 1024:
            sys.exit(f"data: words.{language}.txt has doubles or is too short")
        print(f"static const char *const words_{language}[] = {{")
        for i in range(0, len(found), 8):
            print("    " + " ".join(text(word) + "," for word in found[i:i + 8]))
        print("};")
    print("const struct data_words data_words[] = {")
    for language in ("en", "id"):
        print(f'    {{"{language}", words_{language}, {len(lines(f"words.{language}.txt"))}}},')
    print("    {0},\n};")


def ages():
    law = json.loads((ROOT / "privacy/laws/consent_ages.json").read_text())
    print("const struct data_age data_ages[] = {")
    for country, age in sorted(law["ages"].items()):
        print(f'    {{"{country}", {age}}},')
    print("    {{0}, 0},\n};")
    print(f"const int data_minimum_age = {law['minimum_age']};")
    print(f"const char *const data_ages_checked = {text(law['last_checked'])};")


UNITS = {"hours": "CLOCK_HOURS", "days": "CLOCK_DAYS", "working_days": "CLOCK_WORKING_DAYS",
         "months": "CLOCK_MONTHS"}


def clocks():
    law = json.loads((ROOT / "privacy/laws/clocks.json").read_text())
    print("const struct clock_rule data_clocks[] = {")
    for one in law["clocks"]:
        where = " ".join(country for place in one["where"]
                         for country in law["groups"].get(place, [place]))
        print(f'    {{{text(one["name"])}, {text(where)}, {UNITS[one["each"]]}, {one["count"]}, '
              f'{one["extend"]}, {int(one.get("rolls", False))}, {int(one.get("receipt", False))}}},')
    print("    {0},\n};")
    print(f"const char *const data_clocks_written = {text(law['written'])};")
    law = json.loads((ROOT / "privacy/laws/authorities.json").read_text())
    print("const struct clock_authority data_authorities[] = {")
    for country, one in sorted(law["authorities"].items()):
        print(f'    {{{text(country)}, {text(one["name"])}, {text(one["url"])}}},')
    print("    {0},\n};")
    print(f"const char *const data_authorities_written = {text(law['written'])};")


def plain():
    """The ready avatars that wear nothing which says something of health or belief."""
    looks = json.loads((ROOT / "assets/looks/catalogue.json").read_text())
    says = {item["id"] for item in looks["items"] if item.get("health") or item.get("belief")}
    return {one["id"] for one in looks["presets"]
            if not any(worn["id"] in says for worn in one["recipe"]["wear"])}


def avatars():
    path = ROOT / "assets/avatars/avatars.json"
    found = json.loads(path.read_text())["avatars"] if path.exists() else []
    # Of whom nothing is known is not drawn.
    drawn = plain()
    if found and not any(avatar["id"] in drawn for avatar in found):
        sys.exit("data: no ready avatar that whoever chooses none could be")
    print("const struct data_avatar data_avatars[] = {")
    for avatar in found:
        slots = sorted(avatar["slots"], key=lambda slot: slot["slot"])
        counts = ", ".join(str(len(slot["colours"])) for slot in slots)
        defaults = ", ".join(str(slot["default"]) for slot in slots)
        print(f'    {{{text(avatar["id"])}, {len(slots)}, {{{counts}}}, {{{defaults}}}, '
              f'{int(avatar["id"] in drawn)}}},')
    print("    {0},\n};")


print("/* Made by tools/data.py; do not edit. */")
for name in ("common/clocks", "identity/accounts", "identity/ages", "identity/passwords"):
    print(f'#include "features/{name}/{name.split("/")[1]}_inner.h"')
blocked()
words()
ages()
clocks()
avatars()
