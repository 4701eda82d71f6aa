"""What ends by time, of the data inventory: its rules checked, and the statements that end it."""
import json
import pathlib
import re
import sqlite3

OWN_TABLE = ("migration", ["number", "name", "sha256", "ran_ms"])  # made by store/migrate.c
FILL = {"{i64}": "INTEGER", "{bytes}": "BLOB", "{strict}": "STRICT",
        "{clustered}": "STRICT, WITHOUT ROWID", "{pg}": "-- "}
SQL_MAX = 512 # STORE_SQL_MAX


def database(root):
    """What all migrations make, in memory."""
    made = sqlite3.connect(":memory:")
    made.execute(f"CREATE TABLE {OWN_TABLE[0]} ({', '.join(OWN_TABLE[1])})")
    for path in sorted((root / "migrations").glob("*.sql")):
        made.executescript(re.sub(r"\{\w+\}", lambda token: FILL[token[0]], path.read_text()))
    return made


def jobs(sources):
    """job that repeats -> the text of its feature's folder"""
    found = {}
    for path in (sources / "features").glob("*/*/*.c"):
        rows = "".join(re.findall(r"struct job_kind \w+\[\] = \{(.*?)\n\};", path.read_text(encoding="utf-8"),
                                  re.S))
        names = [name for name, every in re.findall(r'\{"([a-z]+\.[a-z_]+)",\s*([^,]+),', rows)
                 if every.strip() != "0"]
        if names:
            folder = "".join(one.read_text(encoding="utf-8") for one in path.parent.glob("*.c")
                             if not one.stem.endswith("_test"))
            found.update(dict.fromkeys(names, re.sub(r'"\s*"', "", folder)))
    return found


def times(table):
    """The times that are told: (column, or None for the row; anchor's column, number, unit, job)."""
    for name, one in ((None, table), *table["columns"].items()):
        anchor, _, length = one["row_retain" if name is None else "retain"].partition("+P")
        if length:
            yield name, table["anchor"].get(anchor), int(length[:-1]), length[-1], one.get("swept_by")


def check_job(where, table, column, job, known, problem):
    """Who ends it by a job of its own does so."""
    does = rf"DELETE FROM {table}\b" if column is None else rf"UPDATE {table} SET [^;]*\b{column} = NULL"
    if job not in known:
        problem(where, f"swept_by: no job {job} repeats")
    elif table == "account" and "erasure_turn(" in known[job]:
        return  # by the steps that are made from the inventory (inventory_plan.py)
    elif not re.search(does, known[job]):
        problem(where, f"swept_by: the feature of {job} {'deletes' if column is None else 'empties'} no "
                       f"{column or table}")


def check(file, table, known, problem):
    """A time that is told is one that something brings about."""
    told = {column: job for column, _, _, _, job in times(table)}
    for name, one in ((None, table), *table["columns"].items()):
        where = file if name is None else f"{table['table']}.{name}"
        if ("swept_by" in one) != ("swept_why" in one):
            problem(where, "swept_by needs swept_why, and the other way round")
        if name not in told:
            if "swept_by" in one:
                problem(where, "swept_by without a time")
        elif told[name]:
            check_job(where, table["table"], name, told[name], known, problem)
    for also in table.get("also", []):
        if also.partition("+")[0] not in table["anchor"]:
            problem(file, f"also: no anchor {also.partition('+')[0]}")
        if "swept_by" not in table:
            problem(file, "also is ended by a job of a feature's own (swept_by)")
    if "only" in table and told.get(None, "a job"):
        problem(file, "only is for rows that end by a time alone")


def keys(made, table):
    rows = made.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", (table,))
    return [name for name, in rows]


def indexes(made, table):
    """(columns, in which rows) of each index"""
    for name, partial in made.execute("SELECT name, partial FROM pragma_index_list(?)", (table,)).fetchall():
        columns = [one for one, in made.execute("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (name,))]
        sql = partial and made.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
        yield columns, " ".join(sql.split()).partition(" WHERE ")[2] if partial else ""


def statement(table, key, column, anchor):
    """
    Of at most $2 rows of which the anchor is at or before $1.  Whatever keeps data beyond its time
    (a hold of a court or an authority) becomes one more condition of `due`, here and nowhere else.
    """
    due = [f"{anchor} <= $1", *(f"{name} = '{value}'" for name, value in table.get("only", {}).items())]
    if column:
        due.append(f"{column} IS NOT NULL")
    names = ", ".join(key)
    does = f"UPDATE {table['table']} SET {column} = NULL" if column else f"DELETE FROM {table['table']}"
    return (f"{does} WHERE ({names}) IN (SELECT {names} FROM {table['table']} WHERE {' AND '.join(due)}"
            f" ORDER BY {anchor} LIMIT $2)")


def sweeps(tables, made, problem):
    """What no job of a feature's own ends; each finds its rows by an index."""
    for table in tables:
        for column, anchor, number, unit, job in times(table):
            if job:
                continue
            where = f"{table['table']}.{column or 'row_retain'}"
            wanted = [*table.get("only", {}), anchor]
            some = f"{column} IS NOT NULL" if column else ""
            if not any(rows == some and names[:len(wanted)] == wanted
                       for names, rows in indexes(made, table["table"])):
                problem(where, f"needs an index on ({', '.join(wanted)}){' WHERE ' * bool(some)}{some}")
            sql = statement(table, keys(made, table["table"]), column, anchor)
            if len(sql) >= SQL_MAX:
                problem(where, "its statement is too long")
            yield f"sweep_{table['table']}{'_' if column else ''}{column or ''}", sql, number, unit


def write(rows):
    print('\n#include "privacy/sweep.h"\n\nconst struct sweep inventory_sweeps[] = {')
    for name, sql, number, unit in rows:
        print(f"    {{{{.name = {json.dumps(name)}, .text = {json.dumps(sql)}}},\n     {{{number}, '{unit}'}}}},")
    print("    {{.name = NULL}, {0, 0}}};")
