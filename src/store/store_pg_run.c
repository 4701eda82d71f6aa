#include <endian.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_pg.h"

/* Statements: prepared once a connection, values to and from the wire's binary format. */

enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_CHAR = 18,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_UNKNOWN = 705,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043,
    NUMBER_MAX = 24,
};

static const char disk_full[] = "53100"; /* SQLSTATE */

/* SQLSTATE, or its class of two letters, to what a caller may do about it. */
static const struct {
    const char *state;
    enum err err;
    bool again;
} states[] = {
    {"40001", ERR_BUSY, true},      /* serialization_failure */
    {"40P01", ERR_BUSY, true},      /* deadlock_detected */
    {"23505", ERR_CONFLICT, false}, /* unique_violation */
    {"23503", ERR_CONFLICT, false}, /* foreign_key_violation */
    {"55P03", ERR_BUSY, false},     /* lock_not_available */
    {"57014", ERR_BUSY, false},     /* query_canceled: statement_timeout */
    {"25P03", ERR_BUSY, false},     /* idle_in_transaction_session_timeout */
    {"58030", ERR_BUSY, false},     /* io_error */
    {"08", ERR_BUSY, false},        /* connection */
    {"53", ERR_BUSY, false},        /* no disk (disk_full), memory or connection left */
    {"57P", ERR_BUSY, false},       /* shutting down, starting up */
};

enum err pg_failed(struct store_tx *tx, const char *what, PGresult *result)
{
    const struct pg_link *link = pg_link(tx->link);
    char why[128];
    enum err err = ERR_BROKEN;
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    if (!state) {
        /* Said by the client library, not by the server: it is gone, even when PQstatus() has
         * not heard of it yet, or there is no memory. */
        bool lost = PQstatus(link->conn) != CONNECTION_OK;
        err = ERR_BUSY;
        snprintf(why, sizeof(why), "%s", lost ? "the connection was lost" : "no answer");
    } else {
        const char *about = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
        snprintf(why, sizeof(why), "SQLSTATE %s %s", state, about ? about : "");
        for (size_t i = 0; i < COUNT(states); i++) {
            if (strncmp(state, states[i].state, strlen(states[i].state)) == 0) {
                err = states[i].err;
                tx->again |= states[i].again;
                break;
            }
        }
    }
    bool full = state && strcmp(state, disk_full) == 0;
    PQclear(result);
    return full ? tx_full(tx, what, why) : tx_note(tx, err, what, why);
}

static struct pg_stmt *slot_of(struct pg_link *link, const struct sql *sql)
{
    size_t at = ((uintptr_t)sql >> 4) * 0x9e3779b97f4a7c15 >> 40;
    for (;; at++) {
        struct pg_stmt *slot = &link->cache[at % PG_SLOTS];
        if (!slot->sql || slot->sql == sql) {
            return slot;
        }
    }
}

static Oid type_of(const struct val *val)
{
    switch (val->kind) {
    case VAL_I64:
        return OID_INT8;
    case VAL_TEXT:
        return OID_TEXT;
    case VAL_BYTES:
        return OID_BYTEA;
    case VAL_NULL:
        break;
    }
    return 0;
}

/* More statements than have places: all begin anew.  The server keeps none of a transaction's. */
static enum err forget(struct store_tx *tx)
{
    struct pg_link *link = pg_link(tx->link);
    PGresult *result = PQexec(link->conn, "DEALLOCATE ALL");
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        return pg_failed(tx, "DEALLOCATE", result);
    }
    PQclear(result);
    memset(link->cache, 0, sizeof(link->cache));
    link->cached = 0;
    return OK;
}

static enum err prepare(struct store_tx *tx, const struct sql *sql, const struct val *in,
                        size_t in_count, struct pg_stmt **ret)
{
    struct pg_link *link = pg_link(tx->link);
    ASSERT_CODE(link->cached <= STORE_SQL_MAX); /* or slot_of would look for ever */
    struct pg_stmt *slot = slot_of(link, sql);
    if (slot->sql) {
        ASSERT_CODE(slot->params == in_count);
        *ret = slot;
        return OK;
    }
    if (link->cached == STORE_SQL_MAX) {
        TRY(forget(tx));
        slot = slot_of(link, sql);
    }
    struct pg_stmt made = {.sql = sql, .params = in_count};
    /* The number, because two files may have called two statements alike. */
    snprintf(made.name, sizeof(made.name), "%.48s_%zu", sql->name, link->cached);
    for (size_t i = 0; i < in_count; i++) {
        made.types[i] = type_of(&in[i]);
    }
    PGresult *result = PQprepare(link->conn, made.name, sql->pg_text ? sql->pg_text : sql->text,
                                 (int)in_count, made.types);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        return pg_failed(tx, sql->name, result);
    }
    PQclear(result);
    *slot = made;
    link->cached++;
    *ret = slot;
    return OK;
}

struct wire {
    const char *at[STORE_PARAMS_MAX];
    int len[STORE_PARAMS_MAX];
    int binary[STORE_PARAMS_MAX];
    uint64_t numbers[STORE_PARAMS_MAX];
    char texts[STORE_PARAMS_MAX][NUMBER_MAX];
};

static void put(const struct pg_stmt *s, size_t i, const struct val *val, struct wire *wire)
{
    switch (val->kind) {
    case VAL_NULL:
        break;
    case VAL_TEXT:
        wire->at[i] = val->at;
        break;
    case VAL_BYTES:
        ASSERT_CODE(val->len <= INT_MAX);
        wire->at[i] = val->len ? val->at : "";
        wire->len[i] = (int)val->len;
        wire->binary[i] = 1;
        break;
    case VAL_I64:
        if (s->types[i] == OID_INT8) {
            wire->numbers[i] = htobe64((uint64_t)val->i64);
            wire->at[i] = (const char *)&wire->numbers[i];
            wire->len[i] = sizeof(wire->numbers[i]);
            wire->binary[i] = 1;
        } else { /* first seen as NULL: the server chose the type */
            snprintf(wire->texts[i], NUMBER_MAX, "%" PRId64, val->i64);
            wire->at[i] = wire->texts[i];
        }
        break;
    }
}

static int64_t number_of(const char *at, int len)
{
    uint64_t value = 0;
    for (int i = 0; i < len; i++) {
        value = value << 8 | (uint8_t)at[i];
    }
    switch (len) { /* the sign of the narrower types */
    case 2:
        return (int16_t)value;
    case 4:
        return (int32_t)value;
    default:
        return (int64_t)value;
    }
}

static enum err get(const PGresult *result, int row, int col, struct arena *arena, struct val *ret)
{
    if (PQgetisnull(result, row, col)) {
        *ret = NIL;
        return OK;
    }
    const char *at = PQgetvalue(result, row, col);
    int len = PQgetlength(result, row, col);
    switch (PQftype(result, col)) {
    case OID_BOOL:
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
        *ret = I64(number_of(at, len));
        return OK;
    case OID_TEXT:
    case OID_VARCHAR:
    case OID_BPCHAR:
    case OID_CHAR:
    case OID_NAME:
    case OID_UNKNOWN:
        *ret = TEXT(arena_text(arena, at, (size_t)len));
        return OK;
    case OID_BYTEA: {
        uint8_t *copy = arena_alloc(arena, (size_t)len + 1);
        memcpy(copy, at, (size_t)len);
        *ret = BYTES(copy, (size_t)len);
        return OK;
    }
    default:
        return ERR_BROKEN; /* sum() is numeric: CAST it */
    }
}

static enum err read_rows(struct store_tx *tx, const char *name, struct arena *arena,
                          PGresult *result, struct rows *ret)
{
    struct rows rows = {.count = (size_t)PQntuples(result), .cols = (size_t)PQnfields(result)};
    if (rows.count > STORE_ROWS_MAX) {
        return tx_note(tx, ERR_BROKEN, name, "more rows than STORE_ROWS_MAX");
    }
    if (strncmp(PQcmdStatus(result), "SELECT", 6) != 0) {
        rows.changed = (size_t)strtoull(PQcmdTuples(result), NULL, 10);
    }
    struct val *cells = arena_alloc(arena, MAX(rows.count * rows.cols, 1) * sizeof(*cells));
    for (size_t i = 0; i < rows.count * rows.cols; i++) {
        if (get(result, (int)(i / rows.cols), (int)(i % rows.cols), arena, &cells[i]) != OK) {
            return tx_note(tx, ERR_BROKEN, name, "a column is no i64, text or bytes");
        }
    }
    rows.cells = cells;
    *ret = rows;
    return OK;
}

static void clear(void *result)
{
    PQclear(result);
}

enum err pg_run(struct store_tx *tx, struct arena *arena, const struct sql *sql,
                const struct val *in, size_t in_count, struct rows *ret)
{
    struct pg_stmt *s = NULL;
    struct wire wire = {0};
    struct arena_hold hold;
    TRY(prepare(tx, sql, in, in_count, &s));
    ASSERT_CODE(s);
    for (size_t i = 0; i < in_count; i++) {
        put(s, i, &in[i], &wire);
    }
    PGresult *result = PQexecPrepared(pg_link(tx->link)->conn, s->name, (int)in_count, wire.at,
                                      wire.len, wire.binary, 1);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        return pg_failed(tx, sql->name, result);
    }
    arena_hold(arena, &hold, clear, result);
    enum err err = read_rows(tx, sql->name, arena, result, ret);
    arena_drop(arena);
    return err;
}
