#!/usr/bin/env python3
"""Makes scenes.gen.c (call/scene.h) from assets/scenes/*.json, on standard output.

A plan that would trap somebody fails the build: every spawn, stand point and place
must lie inside `walk` and outside all `blocked`.
"""
import json
import math
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNIT = 256
LIMITS = {"blocked": (0, 64), "spawn": (8, 16), "seats": (8, 32), "places": (4, 8), "views": (1, 7)}


def fail(scene, text):
    sys.exit(f"scenes: {scene['id']}: {text}")


def unit(metres):
    return round(metres * UNIT)


def turn(radians):
    return round(radians / (2 * math.pi) * 256) % 256


def free(scene, x, z):
    x0, z0, x1, z1 = scene["walk"]
    return x0 <= x <= x1 and z0 <= z <= z1 and not any(
        a < x < c and b < z < d for a, b, c, d in scene["blocked"])


def check(scene):
    for name, (least, most) in LIMITS.items():
        if not least <= len(scene[name]) <= most:
            fail(scene, f"{len(scene[name])} {name}, wanted {least} to {most}")
    if [seat["n"] for seat in scene["seats"]] != list(range(1, len(scene["seats"]) + 1)):
        fail(scene, "seats are numbered from 1 without gaps")
    points = [("spawn", x, z) for x, z, _ in scene["spawn"]]
    points += [(seat["name"], *seat["stand"]) for seat in scene["seats"]]
    points += [(place["name"], place["x"], place["z"]) for place in scene["places"]]
    for name, x, z in points:
        if not free(scene, x, z):
            fail(scene, f"{name} at {x}, {z} is not walkable")
    for view in scene["views"]:
        if not re.fullmatch(r"[a-z_]{1,32}", view):
            fail(scene, f"a view is called {view}")
    if max(map(abs, scene["size"])) > 200:
        fail(scene, "larger than movement frames can say")


def box(values, grow):
    """In whole units, `grow` units larger on each side, so that rounding never refuses anybody."""
    x0, z0, x1, z1 = values
    return f"{{{math.floor(x0 * UNIT) - grow}, {math.floor(z0 * UNIT) - grow}, " \
           f"{math.ceil(x1 * UNIT) + grow}, {math.ceil(z1 * UNIT) + grow}}}"


def spot(x, z, yaw):
    return f"{{{unit(x)}, {unit(z)}, {turn(yaw)}}}"


def table(kind, scene, name, rows):
    body = "".join(f"    {row},\n" for row in rows)
    return f"static const struct {kind} {scene['id']}_{name}[] = {{\n{body}}};\n"


def main():
    everything = [json.loads(path.read_text(encoding="utf-8"))
                  for path in sorted((ROOT / "assets" / "scenes").glob("*.json"))
                  if path.name != "labels.json"]
    out, rows = ['#include "call/scene.h"\n'], []
    for scene in everything:
        check(scene)
        out.append(table("scene_box", scene, "blocked", [box(b, -2) for b in scene["blocked"]]))
        out.append(table("scene_spot", scene, "spawns", [spot(*s) for s in scene["spawn"]]))
        out.append(table("scene_seat", scene, "seats", [
            f"{{{spot(s['x'], s['z'], s['yaw'])}, {spot(*s['stand'], s['yaw'])}}}"
            for s in scene["seats"]]))
        text = json.dumps(json.dumps(scene, separators=(",", ":")))
        rows.append(
            f"    {{\"{scene['id']}\", {box(scene['walk'], 1)},\n"
            f"     {scene['id']}_blocked, {len(scene['blocked'])},"
            f" {scene['id']}_spawns, {len(scene['spawn'])},"
            f" {scene['id']}_seats, {len(scene['seats'])},\n"
            f"     \"{' '.join(['whole', *scene['views']])}\",\n     {text}}},\n")
    out.append("const struct scene scenes[] = {\n" + "".join(rows) + "};")
    out.append(f"const size_t scenes_count = {len(rows)};")
    choices = " ".join(["none", *(scene["id"] for scene in everything)])
    out.append(f'const char scenes_or_none[] = "{choices}";')
    print("\n".join(out))


if __name__ == "__main__":
    main()
