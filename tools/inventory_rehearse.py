"""The plan of an erasure, done once: a row for each role of each table, and beside it one of somebody else.

It is done by the steps as they are, one row at a time, on a database as the migrations make it
(without its CHECKs, which no made row would pass).  Whatever still names the first member
afterwards, or has changed of the second, is a problem.
"""
import sqlite3

import inventory_plan

GONE, KEY = 1, 7  # account.id and account.key_id


def fill(kind, number):
    return {"TEXT": f"t{number}", "BLOB": bytes([number % 256, number // 256])}.get(kind, number)


def rows_of(table, shape, number):
    """(whom it is about, columns): one for each role and borrowed key, and one of somebody else."""
    links = set(table["subjects"].values())
    borrowed = [name for name, column in table["columns"].items() if column.get("key") == "borrowed"]
    marks = [{link: GONE} for link in links] + [{name: KEY} for name in borrowed] + [{}]
    for i, mark in enumerate(marks):
        row = {name: fill(kind, number * 10 + 100 + i) for name, kind in shape.type.items()}
        yield bool(mark), {**row, **{link: number * 10 + 100 + i for link in links}, **mark}


def plant(database, tables, shapes):
    planted = {}
    for number, table in enumerate(tables):
        planted[table["table"]] = []
        for theirs, row in rows_of(table, shapes[table["table"]], number):
            database.execute(f"INSERT INTO {table['table']} ({', '.join(row)})"
                             f" VALUES ({', '.join('?' * len(row))})", list(row.values()))
            planted[table["table"]].append((theirs, row))
    return planted


def do(database, plan, limit=50):
    for number, step in enumerate(plan):
        given = {"1": KEY if step["by_key"] else GONE}
        if not step["single"]:
            given["2"] = 1
        if step["pseudonym"]:
            given["2" if step["single"] else "3"] = -1 - number
        for _ in range(limit):
            cursor = database.execute(step["text"], given)
            done = len(cursor.fetchall()) if step["keys"] else cursor.rowcount
            if done == 0 or step["single"]:
                break
        else:
            return f"{step['table']} {step['role']}: never ends"
    return None


def changed(table, shape, row, after, problem):
    """Of a row that names them and stays: what the inventory says of each column."""
    for name, column in table["columns"].items():
        role = inventory_plan.role_of(table, column)
        theirs = role and row.get(table["subjects"].get(role)) == GONE
        new = inventory_plan.value(column, name, shape.type.get(name)) if theirs else None
        if (new is None) != (after[name] == row[name]):
            problem(f"{table['table']}.{name}", "the erasure leaves it as it was, against its `erase`"
                    if new else "the erasure changes it, against its `erase`")


def rehearse(tables, empty, plan, problem):
    database = sqlite3.connect(":memory:")
    empty.backup(database)
    database.execute("PRAGMA ignore_check_constraints = ON")
    shapes = {table["table"]: inventory_plan.Shape(database, table["table"]) for table in tables}
    planted = plant(database, tables, shapes)
    endless = do(database, plan)
    if endless:
        problem("erasure", endless)
    for table in tables:
        name, shape = table["table"], shapes[table["table"]]
        cursor = database.execute(f"SELECT * FROM {name}")
        heads = [head[0] for head in cursor.description]
        left = [dict(zip(heads, row)) for row in cursor]
        key = [column for column in shape.key if column not in table["subjects"].values()] or shape.key
        for theirs, row in planted[name]:
            found = [one for one in left if all(one[column] == row[column] for column in key)]
            goes = theirs and any(
                row.get(link) == GONE and inventory_plan.deletes(table, role)
                for role, link in table["subjects"].items()) or KEY in [
                    row[column] for column, of in table["columns"].items()
                    if of.get("key") == "borrowed" and name not in inventory_plan.LAST]
            if goes == bool(found):
                problem(name, f"a row of {'theirs' if theirs else 'somebody else'}"
                        f" {'stays' if found else 'goes'} when a member is erased")
            elif found:
                changed(table, shape, row, found[0], problem)
