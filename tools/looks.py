#!/usr/bin/env python3
"""Makes looks.gen.c (features/looks/looks/catalogue.h) from assets/looks/catalogue.json, on standard
output; beside it, from assets/avatars/avatars.json, what the colours of a ready avatar are in the recipe
that it has here.

A catalogue that would undress somebody, keep one of the eleven out, put what says something of
health or belief up for ownership (which stands in clear), or name no maker of something fails the build.
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRUNK = ("chest", "hip", "thigh")
PARTS = {"body": "LOOKS_BODY", "face": "LOOKS_FACE", "head": "LOOKS_BODY"}
# As catalogue.h has them.
LIMITS = {"sliders": 96, "marks": 48, "slots": 20, "items": 1000, "zones": 6, "palette": 99, "patterns": 99}
RECIPE_MAX = 2048
# Bodies and faces are told by what is seen of them.
ORIGIN = re.compile(r"(^|_)(races?|african|asian|caucasian|ethnic\w*)(_|$)")
# Where a ready avatar's colour goes: the first of these slots in which its recipe wears something.
SLOTS_OF = {"top": ("top", "base", "dress"), "bottom": ("legs", "dress"), "shoes": ("feet",), "hair": ("hair",),
            "dress": ("dress", "top"), "jacket": ("outer", "over", "top")}


def fail(text):
    sys.exit(f"looks: {text}")


def quoted(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def known(what, ids):
    for name in ids:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
            fail(f"{what}: {name} is no id")
        if ORIGIN.search(name):
            fail(f"{what}: {name} names people by where they are thought to come from")
    if len(set(ids)) != len(ids):
        fail(f"{what}: an id stands twice")


def check(made):
    for name in ("sliders", "marks", "slots", "items", "presets"):
        known(name, [one["id"] for one in made[name]])
        if len(made[name]) > LIMITS.get(name, len(made[name])):
            fail(f"{name}: more than {LIMITS[name]}")
    check_credits(made)
    for name, palette in made["palettes"].items():
        if not 1 <= len(palette) <= LIMITS["palette"]:
            fail(f"palettes: {name} has {len(palette)} colours")
    if not 1 <= len(made["patterns"]) <= LIMITS["patterns"]:
        fail("patterns: too many or none")
    for slider in made["sliders"]:
        if slider["part"] not in PARTS or not -1000 <= slider["min"] <= 0 <= slider["max"] <= 1000:
            fail(f"sliders: {slider['id']} has another part, or limits without 0, where everybody begins")
    if any(slider["id"] == "age" and slider["min"] < 0 for slider in made["sliders"]):
        fail("sliders: nobody is younger than 18")
    slots = [slot["id"] for slot in made["slots"]]
    for item in made["items"]:
        if item["slot"] not in slots or len(item.get("zones", ())) > LIMITS["zones"]:
            fail(f"items: {item['id']} has another slot, or too many zones")
        if item.get("zones") and item.get("palette") not in made["palettes"]:
            fail(f"items: {item['id']} has no palette")
        if (item.get("health") or item.get("belief") or item.get("default")) and not item.get("free"):
            fail(f"items: {item['id']} has to be free")
    usual = [item for item in made["items"] if item.get("default")]
    if [item["slot"] for item in sorted(usual, key=lambda item: slots.index(item["slot"]))] not in (
            ["top", "legs"], ["legs", "top"]):
        fail("items: one of top and one of legs are the default")
    if not set(TRUNK) <= set(usual[0].get("cover", ())) | set(usual[1].get("cover", ())):
        fail("items: the default clothes leave the trunk uncovered")
    if bars(usual[0], usual[1]) or bars(usual[1], usual[0]):
        fail("items: the default clothes exclude each other")


def check_credits(made):
    """Whose each thing is, under which licence, and whether it may be taken along."""
    for row in made.get("credits", ()):
        if not all(row.get(name) for name in ("id", "author", "licence", "source")) or type(row.get("export")) is not bool:
            fail(f"credits: {row.get('id')} lacks something")
    rows = {row["id"] for row in made.get("credits", ())}
    for name, credit in [*((name, made.get("credit_of", {}).get(name)) for name in ("base", "patterns")),
                         *((item["id"], item.get("credit")) for item in made["items"])]:
        if credit not in rows:
            fail(f"credits: nobody is named for {name}")
    # Whoever takes a look along without what has to stay here is covered by these.
    stay = {row["id"] for row in made["credits"] if not row["export"]}
    if any(item.get("default") and item["credit"] in stay for item in made["items"]):
        fail("credits: the default clothes may not leave")


def bars(item, other):
    """Does it, by its own words, go with that one?"""
    return any(name in (other["id"], other["slot"]) for name in item.get("excludes", ()))


def near(palette, wanted):
    def rgb(text):
        text = text.lstrip("#")
        return [int(text[at:at + 2], 16) for at in (0, 2, 4)]
    return min(range(len(palette)), key=lambda i: sum((a - b) ** 2 for a, b in zip(rgb(palette[i]), rgb(wanted))))


def put_items(made):
    slots = [slot["id"] for slot in made["slots"]]
    cover = {name: 1 << i for i, name in enumerate(sorted({name for item in made["items"]
                                                           for name in item.get("cover", ())}))}
    if len(cover) > 32:
        fail("items: more than 32 parts of a body are covered")
    ids = [item["id"] for item in made["items"]]
    for i, item in enumerate(made["items"]):
        for name in item.get("excludes", ()):
            if name not in slots and name not in ids:
                fail(f"items: {item['id']} excludes {name}, which is not there")
        barred = [ids.index(name) for name in item.get("excludes", ()) if name not in slots]
        if barred:
            print(f"static const uint16_t barred_{i}[] = {{{', '.join(map(str, barred))}}};")
    print("static const struct looks_item items[] = {")
    for i, item in enumerate(made["items"]):
        barred = [name for name in item.get("excludes", ()) if name not in slots]
        palette = made["palettes"][item["palette"]] if item.get("zones") else ()
        covers = sum(cover[name] for name in set(item.get("cover", ())))
        slots_barred = sum(1 << slots.index(name) for name in set(item.get("excludes", ())) if name in slots)
        print(f"    {{{quoted(item['id'])}, {slots.index(item['slot'])}, {len(item.get('zones', ()))}, {len(palette)}, "
              f"{int(bool(item.get('patterns')))}, {int(bool(item.get('free')))}, "
              f"{int(bool(item.get('health') or item.get('belief')))}, 0x{covers:x}u, 0x{slots_barred:x}u, "
              f"{f'barred_{i}' if barred else 'NULL'}, {len(barred)}}},")
    print("};")
    order = sorted(range(len(ids)), key=lambda i: ids[i].encode())
    print(f"static const uint16_t by_id[] = {{{', '.join(map(str, order))}}};")
    return sum(cover[name] for name in TRUNK)


def tints(made, recipe, avatar):
    """What each colour of the ready avatar is: of which item, and where in its palette."""
    items = {item["id"]: (i, item) for i, item in enumerate(made["items"])}
    worn = {items[one["id"]][1]["slot"]: one["id"] for one in recipe.get("wear", ())}
    for slot in sorted(avatar["slots"], key=lambda slot: slot["slot"]):
        found = next((worn[name] for name in SLOTS_OF[slot["part"]] if name in worn), None)
        if not found or not items[found][1].get("zones"):
            yield None, []
            continue
        palette = made["palettes"][items[found][1]["palette"]]
        yield items[found][0], [near(palette, colour) for colour in slot["colours"]]


def put_presets(made):
    avatars = json.loads((ROOT / "assets/avatars/avatars.json").read_text())["avatars"]
    presets = {preset["id"]: preset["recipe"] for preset in made["presets"]}
    items = {item["id"] for item in made["items"]}
    for avatar in avatars:
        if avatar["id"] not in presets:
            fail(f"presets: {avatar['id']} has none")
    rows = []
    for name, recipe in presets.items():
        text = json.dumps(recipe, separators=(",", ":"))
        if len(text) > RECIPE_MAX or not {one["id"] for one in recipe.get("wear", ())} <= items:
            fail(f"presets: {name} is too long or wears what is not there")
        avatar = next((one for one in avatars if one["id"] == name), None)
        count = 0
        for item, colours in tints(made, recipe, avatar) if avatar else ():
            if colours:
                print(f"static const uint8_t tint_{name}_{count}[] = {{{', '.join(map(str, colours))}}};")
            rows.append((name, count, item, len(colours)))
            count += 1
        if count:
            print(f"static const struct looks_tint tints_{name}[] = {{")
            for _, n, item, size in [row for row in rows if row[0] == name]:
                print(f"    {{{item or 0}, {f'tint_{name}_{n}' if size else 'NULL'}, {size}}},")
            print("};")
    print("static const struct looks_preset presets[] = {")
    for name, recipe in presets.items():
        count = sum(row[0] == name for row in rows)
        text = json.dumps(recipe, separators=(",", ":"))
        print(f"    {{{quoted(name)}, {quoted(text)}, {f'tints_{name}' if count else 'NULL'}, {count}}},")
    print("};")


def main():
    made = json.loads((ROOT / "assets/looks/catalogue.json").read_text(encoding="utf-8"))
    check(made)
    print("/* Made by tools/looks.py; do not edit. */\n#include \"features/looks/looks/catalogue.h\"")
    print("static const struct looks_slider sliders[] = {")
    for one in made["sliders"]:
        print(f"    {{{quoted(one['id'])}, {PARTS[one['part']]}, {one['min']}, {one['max']}}},")
    print("};\nstatic const struct looks_mark marks[] = {")
    for one in made["marks"]:
        print(f"    {{{quoted(one['id'])}, {one['max']}}},")
    print("};\nstatic const char *const slots[] = {")
    print("    " + ", ".join(quoted(slot["id"]) for slot in made["slots"]) + ",\n};")
    trunk = put_items(made)
    put_presets(made)
    usual = [i for i, item in enumerate(made["items"]) if item.get("default")]
    print("extern const struct looks_catalogue looks_made;\nconst struct looks_catalogue looks_made = {")
    for name in ("sliders", "marks", "slots", "items", "presets"):
        print(f"    .{name} = {name}, .{name}_count = {len(made[name])},")
    print(f"    .by_id = by_id, .skins = {len(made['palettes']['skin'])}, .eyes = {len(made['palettes']['eyes'])},")
    print(f"    .patterns = {len(made['patterns'])}, .trunk = 0x{trunk:x}u, .usual = {{{usual[0]}, {usual[1]}}},")
    print("};")


if __name__ == "__main__":
    main()
