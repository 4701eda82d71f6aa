"""What erasing a member does, step by step: derived from `erase` and `subjects` of every column.

Tables go children first, so that no step is done by a foreign key in passing, `account` last.  For
each table and role there is one step: DELETE where a column says delete_row_if of that role, else
one UPDATE that does what the columns of that role say; a DELETE for each borrowed key.  A table that says what it
needs of the plan (a column without an index, a reference that no role names) is a problem.
"""
import hashlib
import re

# How far an erasure is lies in a row of its own, which forgets whose it is at the very end.
LAST = ("erasure", "account")
# The two have no function of dates in common.
MONTH = ("CAST(strftime('%s', {0} / 1000, 'unixepoch', 'start of month') AS INTEGER) * 1000",
         "(EXTRACT(EPOCH FROM date_trunc('month', to_timestamp({0} / 1000) AT TIME ZONE 'UTC'))"
         " * 1000)::BIGINT")


class Shape:
    """What the plan has to know of a table as it is in the database."""

    def __init__(self, database, name):
        info = database.execute(
            "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?)", (name,)).fetchall()
        self.type = {row[0]: row[1] for row in info}
        self.filled = {row[0] for row in info if row[2] or row[3]}
        self.key = [row[0] for row in sorted(info, key=lambda row: row[3]) if row[3]]
        self.references = {}  # column -> (table, what happens when that row goes)
        for parent, column, gone in database.execute(
                'SELECT "table", "from", on_delete FROM pragma_foreign_key_list(?)', (name,)):
            self.references[column] = (parent, gone)
        self.indexed = {self.key[0]} if self.key else set()
        for index, partial in database.execute(
                "SELECT name, partial FROM pragma_index_list(?)", (name,)).fetchall():
            first = database.execute(
                "SELECT name FROM pragma_index_info(?) WHERE seqno = 0", (index,)).fetchone()[0]
            text = database.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (index,)).fetchone()
            if first and (not partial or re.search(rf"WHERE {first} IS NOT NULL\s*$", text[0])):
                self.indexed.add(first)


def deletes(table, role):
    return any(column["erase"].removesuffix("+file") == f"delete_row_if:{role}"
               for column in table["columns"].values())


def role_of(table, column):
    """Whose erasure changes this column of a row that stays; None: nobody's alone."""
    if column["subj"] != "none":
        return column["subj"]
    return next(iter(table["subjects"])) if len(table["subjects"]) == 1 else None


def order(tables, shapes):
    """Children before parents; by name where it is all the same."""
    left, done = sorted(table["table"] for table in tables), []
    while left:
        free = [name for name in left if name not in LAST and not any(
            parent == name and other != name
            for other in left for parent, _ in shapes[other].references.values())]
        free = free or [name for name in LAST if name in left] or left  # never: a circle
        done.append(free[0])
        left.remove(free[0])
    return done


def value(column, name, kind, pseudonym="$3"):
    """What stands there afterwards, in both dialects; None: as it is."""
    erase = column["erase"]
    if erase == "null":
        return ("NULL", "NULL")
    if erase == "tombstone":
        return ("''", "''")
    if erase == "pseudonym":
        return (pseudonym, pseudonym)
    if erase == "coarsen:month":
        return tuple(form.format(name) for form in MONTH)
    if erase.startswith("set:"):
        text = erase[4:] if kind == "INTEGER" else "'" + erase[4:].replace("'", "''") + "'"
        return (text, text)
    return None


def single(shape, link):
    return shape.key == [link]


def batch(table, shape, link):
    """Which rows of theirs: at most $2 of them where there may be many."""
    key = ", ".join(shape.key)
    if single(shape, link):
        return f"{link} = $1"
    named = key if len(shape.key) == 1 else f"({key})"
    return f"{named} IN (SELECT {key} FROM {table['table']} WHERE {link} = $1 LIMIT $2)"


def delete_step(table, shape, role, link, by_key=False):
    own = [name for name, column in table["columns"].items() if column.get("key") == "own"]
    text = f"DELETE FROM {table['table']} WHERE {batch(table, shape, link)}"
    if own:  # keys of nobody afterwards: burned
        text += " RETURNING " + ", ".join(own)
    return {"table": table["table"], "role": role, "does": "ERASURE_DELETES", "text": text, "pg": None,
            "by_key": by_key, "keys": len(own), "pseudonym": False, "single": single(shape, link)}


def update_step(table, shape, role, link):
    drawn = "$2" if single(shape, link) else "$3"
    sets = {name: value(column, name, shape.type.get(name), drawn)
            for name, column in table["columns"].items() if role_of(table, column) == role}
    sets = {name: both for name, both in sets.items() if both}
    if not sets:
        return None
    texts = [f"UPDATE {table['table']} SET " + ", ".join(
        f"{name} = {both[i]}" for name, both in sets.items()) + f" WHERE {batch(table, shape, link)}"
        for i in (0, 1)]
    return {"table": table["table"], "role": role, "does": "ERASURE_CHANGES", "text": texts[0],
            "sets": [f"{name} = {both[0]}" for name, both in sets.items()],
            "pg": texts[1] if texts[1] != texts[0] else None, "by_key": False, "keys": 0,
            "pseudonym": any(both[0] == drawn for both in sets.values()), "single": single(shape, link)}


def steps_of(table, shape):
    for role, link in table["subjects"].items():
        step = (delete_step if deletes(table, role) else update_step)(table, shape, role, link)
        if step:
            yield step
    for name, column in table["columns"].items():
        if column.get("key") == "borrowed" and table["table"] not in LAST and any(deletes(table, role) for role in table["subjects"]):
            yield delete_step(table, shape, "key", name, by_key=True)


def steps(tables, shapes):
    named = {table["table"]: table for table in tables}
    plan = [step for name in order(tables, shapes) for step in steps_of(named[name], shapes[name])]
    return [{**step, "last": step["table"] in LAST} for step in plan]


# ---- what the inventory must say for the plan to be whole ----

def check_link(table, shape, role, link, problem):
    where = f"{table['table']}.{link}"
    if link not in shape.indexed:
        problem(where, f"no index begins with it, so erasing a {role} would read the whole table")
    goes = deletes(table, role)
    erase = table["columns"][link]["erase"] if table["columns"][link]["subj"] == role else None
    parent, gone = shape.references.get(link, (None, None))
    if parent == "account" and gone != ("CASCADE" if goes else "SET NULL"):
        problem(where, f"the inventory says that the row {'goes' if goes else 'stays'} when its "
                       f"{role} is erased, its foreign key says ON DELETE {gone}")
    changes = [name for name, column in table["columns"].items()
               if role_of(table, column) == role and value(column, name, shape.type.get(name))]
    if not goes and changes and erase not in ("null", "pseudonym"):
        problem(where, f"{', '.join(changes)} of an erased {role} change, so this must be `null` or "
                       "`pseudonym`, or they would be changed again and again")
    if not goes and not changes and not any(
            "law" in column for column in table["columns"].values() if column["subj"] == role):
        problem(where, f"no step of the erasure reaches a {role}, and no law keeps the row")


def check_value(table, shape, name, column, problem):
    where, erase = f"{table['table']}.{name}", column["erase"]
    if erase in ("keep", "shred") or erase.startswith("delete_row_if:"):
        return
    role = role_of(table, column)
    if role is None:
        problem(where, f"{erase} of whom? `subj` is none and the table has several roles")
    elif deletes(table, role):
        problem(where, f"{erase}, but the row goes when its {role} is erased")
    if erase == "null" and name in shape.filled:
        problem(where, "must not be null in the database")
    if (erase == "tombstone") > (shape.type.get(name) == "TEXT") or \
            (erase in ("pseudonym", "coarsen:month")) > (shape.type.get(name) == "INTEGER"):
        problem(where, f"{erase} does not fit a column of {shape.type.get(name)}")


def check(tables, shapes, problem):
    for table in tables:
        shape = shapes[table["table"]]
        if not set(table["columns"]) <= set(shape.type):
            continue  # said by the comparison with the migrations
        for role, link in table["subjects"].items():
            check_link(table, shape, role, link, problem)
        for name, column in table["columns"].items():
            check_value(table, shape, name, column, problem)
        for name, (parent, gone) in shape.references.items():
            if parent == "account" and name not in table["subjects"].values():
                problem(f"{table['table']}.{name}", "names an account, but no role of `subjects` does")
        parent = table["row_retain"].partition("parent:")[2]
        if parent and not table["subjects"] and (parent, "CASCADE") not in shape.references.values():
            problem(table["table"], f"goes with {parent}, but no foreign key takes it along")


def write(plan, quoted):
    texts = "\n".join(f"{step['table']} {step['role']} {step['text']}" for step in plan)
    print(f"const char erasure_plan_hash[] = \"{hashlib.sha256(texts.encode()).hexdigest()}\";\n")
    for i, step in enumerate(plan):
        pg = f", .pg_text = {quoted(step['pg'])}" if step["pg"] else ""
        print(f"static const struct sql erasure_{i} = {{.name = \"erasure_{i}\",\n"
              f"    .text = {quoted(step['text'])}{pg}}};")
    print("\nconst struct erasure_step erasure_plan[] = {")
    for i, step in enumerate(plan):
        marks = "".join(f", .{key} = true" for key in ("by_key", "pseudonym", "single", "last") if step[key])
        print(f"    {{.table = {quoted(step['table'])}, .role = {quoted(step['role'])}, "
              f".does = {step['does']}, .sql = &erasure_{i}, .keys = {step['keys']}{marks}}},")
    print("    {.table = NULL}};\n")


def plan(tables, database, problem):
    """Checks, and gives the steps; the tables themselves are right already."""
    shapes = {table["table"]: Shape(database, table["table"]) for table in tables}
    check(tables, shapes, problem)
    return steps(tables, shapes)
