#!/usr/bin/env python3
"""Each fault that is planted into the plan of an erasure is seen when the plan is rehearsed."""
import json
import pathlib
import sys

import inventory_plan
import inventory_rehearse
import inventory_sweeps

ROOT = pathlib.Path(__file__).resolve().parent.parent


def seen(tables, database, plan):
    found = []
    inventory_rehearse.rehearse(tables, database, plan, lambda where, why: found.append(f"{where}: {why}"))
    return found


def faults(plan):
    for i, step in enumerate(plan):
        def instead(*steps):
            return plan[:i] + [one for one in steps if one] + plan[i + 1:]
        named = f"{step['table']} {step['role']}"
        yield f"{named}, left out", instead()
        for one in step.get("sets", []):
            rest = [other for other in step["sets"] if other != one]
            if rest:
                yield f"{named}, without {one}", instead({**step, "text": step["text"].replace(
                    ", ".join(step["sets"]), ", ".join(rest))})
        if not step["single"]:
            link = step["text"].rpartition(" WHERE ")[2].partition(" = ")[0]
            yield f"{named}, of everybody", instead(
                {**step, "text": step["text"].replace(f"{link} = $1", "$1 > 0")})


def main():
    tables = [json.loads(path.read_text()) for path in sorted((ROOT / "privacy/inventory").glob("*.json"))]
    database = inventory_sweeps.database(ROOT)
    plan = inventory_plan.plan(tables, database, lambda where, why: sys.exit(f"{where}: {why}"))
    assert seen(tables, database, plan) == [], seen(tables, database, plan)
    unseen, count = [], 0
    for name, faulty in faults(plan):
        count += 1
        if not seen(tables, database, faulty):
            unseen.append(name)
    if unseen:
        sys.exit("inventory_plan_test: not seen: " + "; ".join(unseen))
    print(f"inventory_plan_test: {count} faults, each seen")


main()
