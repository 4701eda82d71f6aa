#!/usr/bin/env python3
"""The data inventory (privacy/): checks it, makes C tables of it.

  inventory.py --index    inventory.gen.c on standard output; fails when the inventory is wrong
  inventory.py --check    the same checks, and the migrations against it, column by column
  --root DIR              another tree than this one: its privacy/ and migrations/
"""
import csv
import json
import pathlib
import re
import sys

import inventory_browser
import inventory_plan
import inventory_rehearse
import inventory_sweeps

SOURCES = pathlib.Path(__file__).resolve().parent.parent / "src"
ROOT = SOURCES.parent
if "--root" in sys.argv:
    ROOT = pathlib.Path(sys.argv[sys.argv.index("--root") + 1])
PRIVACY = ROOT / "privacy"
TYPES = {"object": dict, "array": list, "string": str, "null": type(None)}
NETWORK_YEARS_MAX = 3

problems = []


def problem(where, why):
    problems.append(f"{where}: {why}")


def load(name):
    def once(pairs):
        keys = [key for key, _ in pairs]
        for key in {key for key in keys if keys.count(key) > 1}:
            problem(name, f"{key} stands twice")
        return dict(pairs)
    try:
        return json.loads((PRIVACY / name).read_text(encoding="utf-8"), object_pairs_hook=once)
    except (OSError, ValueError) as why:
        sys.exit(f"privacy/{name}: {why}")


def validate(value, schema, where):
    """The part of JSON Schema that inventory.schema.json uses."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(isinstance(value, TYPES[kind]) for kind in kinds):
        return problem(where, f"must be {' or '.join(kinds)}")
    if "enum" in schema and value not in schema["enum"]:
        problem(where, f"{value!r} is none of {', '.join(schema['enum'])}")
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            problem(where, f"{value!r} does not fit {schema['pattern']}")
        if len(value) < schema.get("minLength", 0):
            problem(where, "is too short")
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            problem(where, "is empty")
        for i, item in enumerate(value):
            validate(item, schema.get("items", {}), f"{where}[{i}]")
    elif isinstance(value, dict):
        known, other = schema.get("properties", {}), schema.get("additionalProperties", {})
        for key in schema.get("required", []):
            if key not in value:
                problem(where, f"{key} is missing")
        for key, item in value.items():
            if key in known:
                validate(item, known[key], f"{where}.{key}")
            elif other is False:
                problem(where, f"{key} is not a key of the format")
            else:
                validate(item, other, f"{where}.{key}")


def ids(name, column, start=""):
    with open(PRIVACY / "taxonomy" / name, encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file)
                if row[column].startswith(start) and not row.get("version_deprecated")}


class Lists:
    """What columns may refer to."""

    def __init__(self):
        self.schema = load("inventory.schema.json")
        self.recipients = load("recipients.json")
        self.uses = load("uses.json")
        self.assessments = load("assessments.json")
        self.stores = load("stores.json")
        self.jobs = inventory_sweeps.jobs(SOURCES)
        self.cat = ids("fides_cat.csv", "fides_key")
        self.use = ids("fides_use.csv", "fides_key")
        self.dpv = ids("dpv_gdpr.csv", "term")
        for use in self.uses:
            if use not in self.use:
                problem(f"uses.json {use}", "is not a fideslang data use")
        for key, who in self.recipients.items():
            if who.get("role") not in ("processor", "controller", "public", "marketing"):
                problem(f"recipients.json {key}", "has no role")


def years(duration):
    number, unit = int(duration[1:-1]), duration[-1]
    return number / {"D": 365, "M": 12, "Y": 1}[unit]


def check_taxonomy(where, column, lists):
    for cat in column["cat"]:
        if cat not in lists.cat:
            problem(where, f"{cat} is not a fideslang category")
        if "credit_card" in cat or "account_number" in cat:
            problem(where, "card and bank account numbers are never kept here")
    if column["use"] not in lists.uses:
        problem(where, f"{column['use']} has no text in uses.json")
    if column["basis"] not in lists.dpv:
        problem(where, f"{column['basis']} is not a DPV legal basis")
    if "why_not" in column and column["why_not"] not in lists.dpv:
        problem(where, f"{column['why_not']} is not a DPV justification")
    for recipient in column["rcpt"]:
        if recipient not in lists.recipients:
            problem(where, f"{recipient} is not in recipients.json")


# Of whom a value may tell besides, who has no account or whom no column names.
NO_ACCOUNT = ("parent", "others")
# What says something of health or belief is kept sealed or not at all.
SENSITIVE = ("user.health_and_medical", "user.demographic.religious_belief")


def check_basis(where, column, lists):
    for basis, key in (("A6-1-c", "law"), ("A6-1-f", "lia"), ("A6-1-a", "consent")):
        if column["basis"].startswith(basis) and key not in column:
            problem(where, f"{basis} needs {key}")
    if "lia" in column and column["lia"] not in lists.assessments:
        problem(where, f"{column['lia']} is not in assessments.json")


def check_column(table, name, column, lists):
    where, roles = f"{table['table']}.{name}", table["subjects"]
    personal = any(cat.split(".")[0] == "user" for cat in column["cat"])
    check_taxonomy(where, column, lists)
    check_basis(where, column, lists)
    if column["subj"] != "none" and column["subj"] not in roles:
        problem(where, f"{column['subj']} is not a role of subjects")
    for one in column.get("also_of", []):
        if one not in roles and one not in NO_ACCOUNT or one == column["subj"]:
            problem(where, f"also_of: {one} is neither another role nor one of {', '.join(NO_ACCOUNT)}")
    if personal and column["subj"] == "none" and "unlinked" not in column:
        problem(where, "personal data without a subject needs `unlinked`")
    if personal and table["row_retain"] == "system" and column["retain"] == "row":
        problem(where, "personal data cannot be kept as `system`")
    if any(cat.startswith(SENSITIVE) for cat in column["cat"]) and "enc" not in column:
        problem(where, "health and belief need `enc`")
    if (column["export"] is None) != ("why_not" in column):
        problem(where, "either export or why_not")
    erase = column["erase"]
    if erase.startswith("delete_row_if:"):
        if erase[14:].removesuffix("+file") not in roles:
            problem(where, f"{erase}: no such role")
        if erase.endswith("+file") and column.get("file") not in lists.stores:
            problem(where, "+file needs `file`, a store of stores.json")
    if erase == "shred" and "enc" not in column:
        problem(where, "shred needs enc")
    if erase == "keep" and personal and "law" not in column and "unlinked" not in column:
        problem(where, "keeping personal data of an erased member needs law")
    if name.endswith("key_id") != ("key" in column):
        problem(where, "a column *key_id, and no other, says in `key` whether the row owns it")
    if "enc" in column:
        role = column["enc"].partition(":")[2]
        if role not in roles if role else len(roles) != 1:
            problem(where, "enc must name one role of subjects")
    retain = column["retain"] if column["retain"] != "row" else table["row_retain"]
    anchor, _, duration = retain.partition("+")
    if duration and anchor not in table["anchor"]:
        problem(where, f"retain: no anchor {anchor}")
    if "user.device.ip_address" in column["cat"] and "unlinked" not in column and \
            not (duration and years(duration) <= NETWORK_YEARS_MAX):
        problem(where, f"a network address is kept at most {NETWORK_YEARS_MAX} years")


def check_table(file, table, lists, names):
    before = len(problems)
    validate(table, lists.schema, file)
    if len(problems) > before:
        return
    if f"{table['table']}.json" != file:
        problem(file, "the file is named after its table")
    for kind in ("subjects", "anchor"):
        for role, column in table[kind].items():
            if column not in table["columns"]:
                problem(file, f"{kind}.{role}: no column {column}")
    parent = table["row_retain"].partition("parent:")[2]
    if parent and parent not in names:
        problem(file, f"row_retain: no table {parent}")
    inventory_sweeps.check(file, table, lists.jobs, problem)
    if table["row_retain"] == "account" and not table["subjects"]:
        problem(file, "row_retain account needs a subject")
    for name, column in table["columns"].items():
        check_column(table, name, column, lists)


def read_tables(lists):
    files = sorted(path.name for path in (PRIVACY / "inventory").glob("*.json"))
    tables = {file: load(f"inventory/{file}") for file in files}
    for file, table in tables.items():
        check_table(file, table, lists, {name[:-5] for name in files})
    return list(tables.values())


def check_schema(tables, database):
    """What the migrations make, in both directions; the server does the same on the live database."""
    live = set(database.execute(
        "SELECT m.name, x.name FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) x"
        " WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%'"))
    live |= set(database.execute(
        "SELECT m.name, '' FROM sqlite_schema m JOIN pragma_index_xinfo(m.name) x"
        " WHERE m.type = 'index' AND x.cid = -2 AND x.key"))
    copies = {name for table in tables for name in table.get("copies", [])}
    known = {(table["table"], column) for table in tables for column in table["columns"]}
    for name, column in sorted({row for row in live if row[0] not in copies} - known):
        problem(f"{name}.{column}", "is in the database but not in the inventory")
    for name, column in sorted(known - live):
        problem(f"{name}.{column}", "is in the inventory but not in the database")


def text(value):
    if value is None:
        return "NULL"
    return json.dumps(value, ensure_ascii=False)


def texts(values):
    return "(const char *const[]){" + "".join(f"{text(value)}, " for value in values) + "NULL}"


def pairs(values):
    rows = "".join(f"{{{text(key)}, {text(value)}}}, " for key, value in values.items())
    return f"(const struct inventory_pair[]){{{rows}{{NULL, NULL}}}}"


COLUMN_TEXTS = ("subj", "unlinked", "src", "use", "basis", "law", "lia", "consent", "retain",
                "export", "why_not", "export_other", "erase", "enc", "key", "backup", "file")


def write_table(table):
    print("    {.name = %s, .row = %s,\n     .row_retain = %s, .shorter = %s," % tuple(
        text(table.get(key)) for key in ("table", "row", "row_retain", "shorter")))
    print(f"     .subjects = {pairs(table['subjects'])}, .anchors = {pairs(table['anchor'])},")
    print(f"     .copies = {texts(table.get('copies', []))}, .also = {texts(table.get('also', []))},")
    print("     .columns = (const struct inventory_column[]){")
    for name, column in table["columns"].items():
        given = {"backup": "as_is", **column}
        fields = ", ".join(f".{key} = {text(given[key])}" for key in COLUMN_TEXTS
                           if given.get(key) is not None)
        # `null` and `set:` are words of the format, not SQL.
        print(f"         {{.name = {text(name)}, .cat = {texts(column['cat'])}, {fields},\n"
              f"          .also_of = {texts(column.get('also_of', []))}, .rcpt = {texts(column['rcpt'])}}},")
    print("         {.name = NULL}}},")


def write_keys(tables):
    """The statements that see every key in use: of each column that owns one."""
    own = [(table["table"], name, column["key"]) for table in tables
           for name, column in table["columns"].items() if column.get("key", "borrowed") != "borrowed"]
    arms = [f"SELECT {name} AS key_id FROM {table} WHERE {name} > $1" for table, name, _ in own]
    pages = [f"SELECT key_id FROM ({arm} ORDER BY {own[i][1]} LIMIT $2) t{i}"
             for i, arm in enumerate(arms)]
    counts = [f"(SELECT COUNT({name}) FROM {table})" for table, name, _ in own]
    highs = [f"SELECT MAX({name}) AS key_id FROM {table}" for table, name, _ in own]
    holders = [f"SELECT {name} AS key_id FROM {table} WHERE {name} IS NOT NULL" +
               (f" AND NOT EXISTS (SELECT 1 FROM account a WHERE a.key_id = {table}.{name})"
                if key == "handed_on" else "") for table, name, key in own]
    for name, sql in (
            ("page", f"SELECT key_id FROM ({' UNION '.join(pages)}) used ORDER BY key_id LIMIT $2"),
            ("nth", f"SELECT key_id FROM ({' UNION '.join(arms)}) used ORDER BY key_id LIMIT 1 OFFSET $2"),
            ("count", f"SELECT {' + '.join(counts)}"),
            ("high", f"SELECT MAX(key_id) FROM ({' UNION ALL '.join(highs)}) used"),
            ("twice", f"SELECT key_id FROM ({' UNION ALL '.join(holders)}) held GROUP BY key_id"
                      " HAVING COUNT(*) > 1 ORDER BY key_id LIMIT 1")):
        print(f"const struct sql inventory_keys_{name} = {{\n"
              f"    .name = \"inventory_keys_{name}\", .text = {text(sql)}}};\n")


def write(tables, lists, plan):
    print("/* Made by tools/inventory.py; do not edit. */\n"
          '#include "privacy/inventory.h"\n\n#include <stddef.h>\n\n#include "privacy/erasure.h"\n')
    write_keys(tables)
    inventory_plan.write(plan, text)
    print("const struct inventory_table inventory_tables[] = {")
    for table in tables:
        write_table(table)
    print("    {.name = NULL}};\n\nconst struct inventory_recipient inventory_recipients[] = {")
    for key, who in lists.recipients.items():
        print("    {%s, %s, %s, %s, %s}," % tuple(text(value) for value in (
            key, who["name"], who["role"], who["country"], who["transfer"])))
    print("    {.id = NULL}};\n\nconst struct inventory_use inventory_uses[] = {")
    for key, use in lists.uses.items():
        print(f"    {{{text(key)}, {text(use['text'])}, {text(use['art30'])}}},")
    print("    {.id = NULL}};\n\nconst struct inventory_store inventory_stores[] = {")
    for key, globs in lists.stores.items():
        print(f"    {{{text(key)}, {texts(globs)}}},")
    print("    {.id = NULL}};")


def main():
    lists = Lists()
    tables = read_tables(lists)
    inventory_browser.check(SOURCES.parent, (load("browser.json"), load("log.json")), lists.uses, problem)
    database = inventory_sweeps.database(ROOT)
    if "--check" in sys.argv and not problems:
        check_schema(tables, database)
    sweeps = [] if problems else list(inventory_sweeps.sweeps(tables, database, problem))
    plan = [] if problems else inventory_plan.plan(tables, database, problem)
    if not problems:
        inventory_rehearse.rehearse(tables, database, plan, problem)
    if problems:
        sys.exit("\n".join(f"inventory: {line}" for line in problems))
    if "--index" in sys.argv:
        write(tables, lists, plan)
        inventory_sweeps.write(sweeps)


main()
