#include <string.h>

#include "store/store_sqlite.h"

/* Statements: prepared once a connection, bound, stepped to the end. */

enum { ROWS_FIRST = 8 };

static struct lite_stmt *slot_of(struct lite_link *link, const struct sql *sql)
{
    size_t at = ((uintptr_t)sql >> 4) * 0x9e3779b97f4a7c15 >> 40;
    for (;; at++) {
        struct lite_stmt *slot = &link->cache[at % STATEMENTS_SLOTS];
        if (!slot->sql || slot->sql == sql) {
            return slot;
        }
    }
}

/* More statements than have places: all begin anew.  None is in progress between two. */
void lite_forget(struct lite_link *link)
{
    for (size_t i = 0; i < COUNT(link->cache); i++) {
        ASSERT_CODE(!link->cache[i].stmt || !sqlite3_stmt_busy(link->cache[i].stmt));
        sqlite3_finalize(link->cache[i].stmt);
    }
    memset(link->cache, 0, sizeof(link->cache));
    link->cached = 0;
}

static enum err prepare(struct store_tx *tx, const struct sql *sql, struct lite_stmt **ret)
{
    struct lite_link *link = lite_link(tx->link);
    ASSERT_CODE(link->cached <= STORE_SQL_MAX); /* or slot_of would look for ever */
    struct lite_stmt *slot = slot_of(link, sql);
    if (slot->sql) {
        *ret = slot;
        return OK;
    }
    if (link->cached == STORE_SQL_MAX) {
        lite_forget(link);
        slot = slot_of(link, sql);
    }
    struct lite_stmt made = {.sql = sql};
    const char *tail = NULL;
    if (sqlite3_prepare_v3(link->db, sql->text, -1, SQLITE_PREPARE_PERSISTENT, &made.stmt, &tail) !=
        SQLITE_OK) {
        return lite_failed(tx, link->db, sql->name);
    }
    ASSERT_CODE(made.stmt);
    ASSERT_CODE(strspn(tail, " \n\t;") == strlen(tail)); /* one statement, not two */
    made.params = sqlite3_bind_parameter_count(made.stmt);
    ASSERT_CODE(made.params <= STORE_PARAMS_MAX);
    for (int i = 0; i < made.params; i++) {
        char name[4] = {'$', (char)('1' + i), 0, 0};
        if (i >= 9) {
            name[1] = (char)('0' + (i + 1) / 10);
            name[2] = (char)('0' + (i + 1) % 10);
        }
        made.slot[i] = sqlite3_bind_parameter_index(made.stmt, name);
        ASSERT_CODE(made.slot[i] > 0); /* $1..$n, each used */
    }
    *slot = made;
    link->cached++;
    *ret = slot;
    return OK;
}

static int bind(const struct lite_stmt *s, size_t i, const struct val *val)
{
    switch (val->kind) {
    case VAL_NULL:
        return sqlite3_bind_null(s->stmt, s->slot[i]);
    case VAL_I64:
        return sqlite3_bind_int64(s->stmt, s->slot[i], val->i64);
    case VAL_TEXT:
        return sqlite3_bind_text(s->stmt, s->slot[i], val->at, -1, SQLITE_STATIC);
    case VAL_BYTES: /* a NULL address would be SQL's NULL */
        return sqlite3_bind_blob64(s->stmt, s->slot[i], val->len ? val->at : "", val->len,
                                   SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static enum err read_cell(struct arena *arena, sqlite3_stmt *stmt, int col, struct val *ret)
{
    switch (sqlite3_column_type(stmt, col)) {
    case SQLITE_NULL:
        *ret = NIL;
        return OK;
    case SQLITE_INTEGER:
        *ret = I64(sqlite3_column_int64(stmt, col));
        return OK;
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(stmt, col);
        *ret = TEXT(arena_text(arena, text, (size_t)sqlite3_column_bytes(stmt, col)));
        return OK;
    }
    case SQLITE_BLOB: {
        size_t len = (size_t)sqlite3_column_bytes(stmt, col);
        uint8_t *copy = arena_alloc(arena, len + 1);
        if (len > 0) {
            memcpy(copy, sqlite3_column_blob(stmt, col), len);
        }
        *ret = BYTES(copy, len);
        return OK;
    }
    default:
        return ERR_BROKEN; /* a fraction: none of our types */
    }
}

static enum err read_rows(struct store_tx *tx, struct arena *arena, const struct lite_stmt *s,
                          struct rows *ret)
{
    sqlite3 *db = lite_link(tx->link)->db;
    struct rows rows = {.cols = (size_t)sqlite3_column_count(s->stmt)};
    struct val *cells = NULL;
    size_t cap = 0;
    int code;
    while ((code = sqlite3_step(s->stmt)) == SQLITE_ROW) {
        if (rows.count == STORE_ROWS_MAX) {
            return tx_note(tx, ERR_BROKEN, s->sql->name, "more rows than STORE_ROWS_MAX");
        }
        if (rows.count == cap) {
            cap = cap ? cap * 2 : ROWS_FIRST;
            struct val *more = arena_alloc(arena, cap * rows.cols * sizeof(*more));
            if (cells) {
                memcpy(more, cells, rows.count * rows.cols * sizeof(*more));
            }
            cells = more;
        }
        for (size_t col = 0; cells && col < rows.cols; col++) {
            if (read_cell(arena, s->stmt, (int)col, &cells[rows.count * rows.cols + col]) != OK) {
                return tx_note(tx, ERR_BROKEN, s->sql->name, "a column is no i64, text or bytes");
            }
        }
        rows.count++;
    }
    if (code != SQLITE_DONE) {
        return lite_failed(tx, db, s->sql->name);
    }
    rows.cells = cells;
    rows.changed = sqlite3_stmt_readonly(s->stmt) ? 0 : (size_t)sqlite3_changes64(db);
    *ret = rows;
    return OK;
}

static void end(void *stmt)
{
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
}

enum err lite_run(struct store_tx *tx, struct arena *arena, const struct sql *sql,
                  const struct val *in, size_t in_count, struct rows *ret)
{
    struct lite_stmt *s = NULL;
    struct arena_hold hold;
    TRY(prepare(tx, sql, &s));
    ASSERT_CODE(s);
    ASSERT_CODE((size_t)s->params == in_count);
    if (tx->kind == TX_READ && !sqlite3_stmt_readonly(s->stmt)) {
        return tx_note(tx, ERR_BROKEN, sql->name, "a write in a reading transaction");
    }
    ASSERT_CODE(!sqlite3_get_autocommit(lite_link(tx->link)->db)); /* nothing commits by itself */
    enum err err = OK;
    for (size_t i = 0; i < in_count && err == OK; i++) {
        if (bind(s, i, &in[i]) != SQLITE_OK) {
            err = lite_failed(tx, lite_link(tx->link)->db, sql->name);
        }
    }
    arena_hold(arena, &hold, end, s->stmt);
    if (err == OK) {
        err = read_rows(tx, arena, s, ret);
    }
    arena_drop(arena);
    return err;
}

enum err lite_script(struct store_tx *tx, const char *text)
{
    sqlite3 *db = lite_link(tx->link)->db;
    return sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK ? OK
                                                                 : lite_failed(tx, db, "script");
}
