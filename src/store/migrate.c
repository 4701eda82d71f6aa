#include "store/migrate.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "store/backend.h"

enum { MIGRATE_ARENA_MAX = 8 * 1024 * 1024 };

static const char table_text[] = "CREATE TABLE IF NOT EXISTS migration ("
                                 "number {i64} NOT NULL PRIMARY KEY, name TEXT NOT NULL,"
                                 "sha256 TEXT NOT NULL, ran_ms {i64} NOT NULL) {strict}";

SQL(migrate_list, "SELECT number, name, sha256 FROM migration ORDER BY number LIMIT 1000");
COLUMNS(MADE_NUMBER, MADE_NAME, MADE_SHA256);
SQL(migrate_note, "INSERT INTO migration (number, name, sha256, ran_ms) VALUES ($1, $2, $3, $4)");

struct token {
    const char *name, *sqlite, *pg;
};

static const struct token tokens[] = {
    {"{i64}", "INTEGER", "BIGINT"},
    {"{bytes}", "BLOB", "BYTEA"},
    {"{strict}", "STRICT", ""},
    {"{clustered}", "STRICT, WITHOUT ROWID", ""},
    {"{pg}", "-- ", ""}, /* the line is PostgreSQL's alone */
};

/* The token that `text` begins with, or NULL. */
static const struct token *token_at(const char *text)
{
    for (size_t i = 0; i < COUNT(tokens); i++) {
        if (strncmp(text, tokens[i].name, strlen(tokens[i].name)) == 0) {
            return &tokens[i];
        }
    }
    return NULL;
}

static const char *fill(struct arena *arena, const char *text, bool sqlite)
{
    struct buf buf = {.arena = arena};
    while (*text) {
        size_t plain = strcspn(text, "{");
        buf_put(&buf, text, plain);
        text += plain;
        const struct token *token = token_at(text);
        if (token) {
            buf_puts(&buf, sqlite ? token->sqlite : token->pg);
            text += strlen(token->name);
        } else if (*text) {
            buf_put(&buf, text++, 1); /* a brace of SQL's own */
        }
    }
    return buf.at ? buf.at : "";
}

struct run {
    struct store_tx *tx; /* of the step that runs */
    struct store *store;
    struct arena *arena;
    const struct migration *list;
    size_t count;
    int64_t now_ms;
    size_t done; /* how many the database has */
    size_t ran;  /* how many of them by this run */
    char *why;   /* 256 bytes */
};

/* What ran must be the beginning of what this program has. */
static enum err compare(struct run *run, const struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        int64_t number = row_i64(rows, i, MADE_NUMBER);
        const char *name = row_text(rows, i, MADE_NAME);
        if (number != (int64_t)i + 1) {
            snprintf(run->why, 256,
                     "The database has no row for migration %zu, but one for %lld: "
                     "restore a backup or repair the table `migration`.",
                     i + 1, (long long)number);
            return ERR_INVALID;
        }
        if (i >= run->count) {
            snprintf(run->why, 256,
                     "The database is newer than this program: it has migration "
                     "%lld (%.60s). Install the newer program.",
                     (long long)number, name);
            return ERR_INVALID;
        }
        if (strcmp(row_text(rows, i, MADE_SHA256), run->list[i].sha256) != 0) {
            snprintf(run->why, 256,
                     "Migration %lld (%.60s) has changed since it ran in this "
                     "database. Changes go into a new migration.",
                     (long long)number, name);
            return ERR_INVALID;
        }
    }
    run->done = rows->count;
    return OK;
}

static enum err read_done(struct store_tx *tx, void *arg)
{
    struct run *run = arg;
    struct call call;
    struct rows rows = {0};
    store_call(&call, tx, run->arena, 0);
    TRY(store_run(&call, &migrate_list, NO_BIND, &rows));
    return compare(run, &rows);
}

static enum err run_one(struct store_tx *tx, struct run *run)
{
    const struct migration *next = &run->list[run->done];
    struct call call;
    store_call(&call, tx, run->arena, run->now_ms);
    TRY(store_run(&call, &migrate_note,
                  BIND(I64(next->number), TEXT(next->name), TEXT(next->sha256), I64(run->now_ms)),
                  NULL));
    enum err err = store_tx_script(tx, fill(run->arena, next->text, store_is_sqlite(run->store)));
    if (err != OK) {
        snprintf(run->why, 256, "Migration %d (%.60s) failed and was undone: %.150s", next->number,
                 next->name, store_tx_why(tx));
        return err == ERR_CONFLICT ? ERR_BROKEN : err;
    }
    run->done++;
    run->ran++;
    return OK;
}

/*
 * The next migration, as the database now stands: other nodes may start at the same
 * time, but the schema is changed by one at a time (TX_SCHEMA).
 */
static enum err step_next(void *arg)
{
    struct run *run = arg;
    TRY(store_tx_script(run->tx, fill(run->arena, table_text, store_is_sqlite(run->store))));
    TRY(read_done(run->tx, run));
    return run->done < run->count ? run_one(run->tx, run) : OK;
}

static enum err run_next(struct store_tx *tx, void *arg)
{
    struct run *run = arg;
    run->tx = tx;
    return arena_run(run->arena, step_next, run);
}

static enum err check_list(const struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        if (run->list[i].number != (int)i + 1) {
            snprintf(run->why, 256, "This program has no migration %zu: there is a gap.", i + 1);
            return ERR_INVALID;
        }
    }
    return OK;
}

static enum err has_table(struct run *run, bool *ret)
{
    struct store_column *columns = NULL;
    size_t count = 0;
    *ret = false;
    TRY(store_schema(run->store, run->arena, &columns, &count));
    for (size_t i = 0; i < count; i++) {
        *ret |= strcmp(columns[i].table, "migration") == 0;
    }
    return OK;
}

static enum err read_state(struct run *run)
{
    bool there = false;
    if (!run->arena) {
        return ERR_BUSY;
    }
    run->done = 0;
    TRY(has_table(run, &there));
    return there ? store_do(run->store, false, read_done, run) : OK;
}

/* Another reason than what the sentence guesses. */
static void say_memory(const struct run *run)
{
    if (!run->arena || arena_ran_out(run->arena)) {
        snprintf(run->why, 256, "There is no memory to look at the database with.");
    }
}

enum err migrate_up(struct store *store, const struct migration *list, size_t count, int64_t now_ms,
                    size_t *ret_ran, char ret_why[256])
{
    struct run run = {.store = store,
                      .arena = arena_new(MIGRATE_ARENA_MAX),
                      .list = list,
                      .count = count,
                      .now_ms = now_ms,
                      .why = ret_why};
    snprintf(ret_why, 256, "The database cannot be reached or written.");
    enum err err = check_list(&run);
    if (err == OK) {
        err = read_state(&run);
    }
    while (err == OK && run.done < count) {
        err = store_do_schema(store, run_next, &run);
    }
    if (err == OK) {
        *ret_ran = run.ran;
    }
    say_memory(&run);
    arena_free(run.arena);
    return err;
}

enum err migrate_pending(struct store *store, const struct migration *list, size_t count,
                         size_t *ret_pending, char ret_why[256])
{
    struct run run = {.store = store,
                      .arena = arena_new(MIGRATE_ARENA_MAX),
                      .list = list,
                      .count = count,
                      .why = ret_why};
    snprintf(ret_why, 256, "The database cannot be reached.");
    enum err err = check_list(&run);
    if (err == OK) {
        err = read_state(&run);
    }
    if (err == OK) {
        *ret_pending = count - run.done;
    }
    say_memory(&run);
    arena_free(run.arena);
    return err;
}
