#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "privacy/keys_back.h"
#include "store/store.h"

/*
 * Wrapped keys in a second PostgreSQL database, for several nodes.  Its backups and
 * WAL are kept at most 30 days (docs/operating.md): what burning leaves in dead rows
 * and WAL until then cannot be opened without the master key, which is not there.
 * Ids are chance, so that nodes need not agree on a next one.
 */
enum { ARENA_BYTES = 1024 * 1024 };

static const char tables[] =
    "CREATE TABLE IF NOT EXISTS key_store (one BIGINT PRIMARY KEY CHECK (one = 1),"
    " id BYTEA NOT NULL, master_check BYTEA NOT NULL, blind BYTEA NOT NULL);"
    "CREATE TABLE IF NOT EXISTS member_key (id BIGINT PRIMARY KEY, made_ms BIGINT NOT NULL,"
    " wrapped BYTEA)";

SQL(key_head_get, "SELECT id, master_check, blind FROM key_store WHERE one = 1");
COLUMNS(HEAD_ID, HEAD_MASTER_CHECK, HEAD_BLIND);
SQL(key_head_put, "INSERT INTO key_store (one, id, master_check, blind) VALUES (1, $1, $2, $3)");
SQL(key_add, "INSERT INTO member_key (id, made_ms, wrapped) VALUES ($1, $2, $3)");
SQL(key_redate, "UPDATE member_key SET made_ms = $1 WHERE id = $2");
SQL(key_get, "SELECT made_ms, wrapped FROM member_key WHERE id = $1 AND wrapped IS NOT NULL");
COLUMNS(KEY_MADE_MS, KEY_WRAPPED);
SQL(key_burn, "INSERT INTO member_key (id, made_ms, wrapped) VALUES ($1, 0, NULL)"
              " ON CONFLICT (id) DO UPDATE SET wrapped = NULL");
SQL(key_page, "SELECT id, made_ms, wrapped FROM member_key WHERE id >= $1 AND id <= $2"
              " ORDER BY id LIMIT $3");
COLUMNS(PAGE_ID, PAGE_MADE_MS, PAGE_WRAPPED);
SQL(key_list, "SELECT id FROM member_key WHERE id > $1 AND made_ms < $2 AND wrapped IS NOT NULL"
              " ORDER BY id LIMIT $3");

struct key_pg {
    struct key_back back;
    struct store *store;
};

/* What one operation works on, inside its transaction. */
struct key_task {
    struct arena *arena;
    const struct key_row *rows;
    const int64_t *ids;
    int64_t *found;
    size_t count;
    int64_t number, before_ms;
    struct key_head *head;
    const struct key_head *new_head;
    struct key_row *row; /* or KEYS_BATCH of them */
    int64_t to;
};

static struct key_pg *self(struct key_back *back)
{
    return (struct key_pg *)back;
}

static enum err run(struct key_back *back, bool write,
                    enum err (*fn)(struct store_tx *tx, void *arg), struct key_task *task)
{
    task->arena = arena_new(ARENA_BYTES);
    if (!task->arena) {
        return ERR_BUSY;
    }
    enum err err = store_do(self(back)->store, write, fn, task);
    arena_free(task->arena);
    return err;
}

static struct call start(struct store_tx *tx, const struct key_task *task)
{
    struct call call;
    arena_reset(task->arena);
    store_call(&call, tx, task->arena, 0);
    return call;
}

static enum err bytes_of(const struct rows *rows, size_t col, uint8_t *ret, size_t len)
{
    size_t got = 0;
    const uint8_t *bytes = row_bytes(rows, 0, col, &got);
    if (got != len) {
        return ERR_BROKEN;
    }
    memcpy(ret, bytes, len);
    return OK;
}

static enum err do_head(struct store_tx *tx, void *arg)
{
    struct key_task *task = arg;
    struct call call = start(tx, task);
    struct rows rows;
    TRY(store_run(&call, &key_head_get, NO_BIND, &rows));
    if (rows.count == 0) {
        return ERR_MISSING;
    }
    TRY(bytes_of(&rows, HEAD_ID, task->head->id, STORE_ID_BYTES));
    TRY(bytes_of(&rows, HEAD_MASTER_CHECK, task->head->check, HASH_BYTES));
    return bytes_of(&rows, HEAD_BLIND, task->head->blind, WRAPPED_BYTES);
}

static enum err pg_head(struct key_back *back, struct key_head *ret)
{
    return run(back, false, do_head, &(struct key_task){.head = ret});
}

static enum err do_start(struct store_tx *tx, void *arg)
{
    const struct key_task *task = arg;
    const struct key_head *head = task->new_head;
    struct call call = start(tx, task);
    return store_run(&call, &key_head_put,
                     BIND(BYTES(head->id, STORE_ID_BYTES), BYTES(head->check, HASH_BYTES),
                          BYTES(head->blind, WRAPPED_BYTES)),
                     NULL);
}

static enum err pg_start(struct key_back *back, const struct key_head *head)
{
    return run(back, true, do_start, &(struct key_task){.new_head = head});
}

static enum err pg_next_ids(struct key_back *back, size_t count, int64_t *ret_ids)
{
    (void)back;
    crypto_random(ret_ids, count * sizeof(*ret_ids));
    for (size_t i = 0; i < count; i++) {
        ret_ids[i] = (ret_ids[i] & INT64_MAX) | 1; /* never 0 */
    }
    return OK;
}

static enum err do_add(struct store_tx *tx, void *arg)
{
    const struct key_task *task = arg;
    struct call call = start(tx, task);
    for (size_t i = 0; i < task->count; i++) {
        const struct key_row *row = &task->rows[i];
        TRY(store_run(&call, &key_add,
                      BIND(I64(row->id), I64(row->made_ms), BYTES(row->wrapped, WRAPPED_BYTES)),
                      NULL));
    }
    return OK;
}

static enum err pg_add(struct key_back *back, const struct key_row *rows, size_t count)
{
    return run(back, true, do_add, &(struct key_task){.rows = rows, .count = count});
}

static enum err do_redate(struct store_tx *tx, void *arg)
{
    const struct key_task *task = arg;
    struct call call = start(tx, task);
    for (size_t i = 0; i < task->count; i++) {
        TRY(store_run(&call, &key_redate, BIND(I64(task->number), I64(task->ids[i])), NULL));
    }
    return OK;
}

static enum err pg_redate(struct key_back *back, const int64_t *ids, size_t count, int64_t made_ms)
{
    return run(back, true, do_redate,
               &(struct key_task){.ids = ids, .count = count, .number = made_ms});
}

static enum err do_read(struct store_tx *tx, void *arg)
{
    struct key_task *task = arg;
    struct call call = start(tx, task);
    struct rows rows;
    TRY(store_run(&call, &key_get, BIND(I64(task->number)), &rows));
    if (rows.count == 0) {
        return ERR_MISSING;
    }
    task->row->id = task->number;
    task->row->made_ms = row_i64(&rows, 0, KEY_MADE_MS);
    return bytes_of(&rows, KEY_WRAPPED, task->row->wrapped, WRAPPED_BYTES);
}

static enum err pg_read(struct key_back *back, int64_t id, struct key_row *ret)
{
    return run(back, false, do_read, &(struct key_task){.number = id, .row = ret});
}

static enum err do_burn(struct store_tx *tx, void *arg)
{
    const struct key_task *task = arg;
    struct call call = start(tx, task);
    for (size_t i = 0; i < task->count; i++) {
        TRY(store_run(&call, &key_burn, BIND(I64(task->ids[i])), NULL));
    }
    return OK;
}

static enum err pg_burn(struct key_back *back, const int64_t *ids, size_t count)
{
    return run(back, true, do_burn, &(struct key_task){.ids = ids, .count = count});
}

static enum err do_list(struct store_tx *tx, void *arg)
{
    struct key_task *task = arg;
    struct call call = start(tx, task);
    struct rows rows;
    TRY(store_run(&call, &key_list, BIND(I64(task->number), I64(task->before_ms), I64(KEYS_BATCH)),
                  &rows));
    ASSERT_CODE(rows.count <= KEYS_BATCH);
    for (size_t i = 0; i < rows.count; i++) {
        task->found[i] = row_i64(&rows, i, ONLY);
    }
    task->count = rows.count;
    return OK;
}

static enum err pg_list(struct key_back *back, int64_t after, int64_t before_ms,
                        int64_t ret_ids[KEYS_BATCH], size_t *ret_count)
{
    int64_t found[KEYS_BATCH];
    struct key_task task = {.number = after, .before_ms = before_ms, .found = found};
    TRY(run(back, false, do_list, &task));
    memcpy(ret_ids, found, task.count * sizeof(found[0]));
    *ret_count = task.count;
    return OK;
}

static enum err do_page(struct store_tx *tx, void *arg)
{
    struct key_task *task = arg;
    struct call call = start(tx, task);
    struct rows rows;
    TRY(store_run(&call, &key_page, BIND(I64(task->number), I64(task->to), I64(KEYS_BATCH)),
                  &rows));
    ASSERT_CODE(rows.count <= KEYS_BATCH);
    for (size_t i = 0; i < rows.count; i++) {
        size_t len = 0;
        const uint8_t *wrapped = row_bytes(&rows, i, PAGE_WRAPPED, &len);
        task->row[i] = (struct key_row){.id = row_i64(&rows, i, PAGE_ID),
                                        .burned = row_null(&rows, i, PAGE_WRAPPED)};
        memcpy(task->row[i].wrapped, len == WRAPPED_BYTES ? wrapped : task->row[i].wrapped,
               WRAPPED_BYTES); /* another length does not open */
    }
    task->count = rows.count;
    return OK;
}

static enum err pg_page(struct key_back *back, int64_t from, int64_t to,
                        struct key_row ret_rows[KEYS_BATCH], size_t *ret_count)
{
    struct key_task task = {.number = from, .to = to, .row = ret_rows};
    TRY(run(back, false, do_page, &task));
    *ret_count = task.count;
    return OK;
}

static int64_t pg_high(struct key_back *back)
{
    (void)back;
    return 0;
}

static void pg_close(struct key_back *back)
{
    store_close(self(back)->store);
    free(self(back));
}

static const struct key_back_ops pg_ops = {
    .head = pg_head,
    .start = pg_start,
    .next_ids = pg_next_ids,
    .add = pg_add,
    .redate = pg_redate,
    .read = pg_read,
    .burn = pg_burn,
    .list = pg_list,
    .page = pg_page,
    .high = pg_high,
    .close = pg_close,
};

/* Keys beside the data they open would be in the same backups. */
static enum err another_database(const struct keys_options *options, struct store *store,
                                 char ret_why[KEYS_WHY_MAX])
{
    char ours[STORE_IDENTITY_MAX], theirs[STORE_IDENTITY_MAX];
    if (!options->database) {
        return OK;
    }
    TRY(store_identity(store, ours));
    TRY(store_identity(options->database, theirs));
    if (strcmp(ours, theirs) == 0) {
        snprintf(ret_why, KEYS_WHY_MAX,
                 "The keys must be in another database than the members: "
                 "a backup of both together would never forget anybody.");
        return ERR_INVALID;
    }
    return OK;
}

enum err keys_pg_open(const struct keys_options *options, struct key_back **ret,
                      char ret_why[KEYS_WHY_MAX])
{
    struct store_options store_options = {.url = options->url, .pool = 2};
    struct store *store = NULL;
    TRY(keys_folder(options, ret_why)); /* for the master key */
    TRY(store_open(&store_options, &store, ret_why));
    snprintf(ret_why, KEYS_WHY_MAX, "The key database cannot be reached or written.");
    enum err err = store_is_sqlite(store) ? ERR_INVALID : another_database(options, store, ret_why);
    if (err == OK) {
        err = store_script(store, tables);
    }
    struct key_pg *pg = err == OK ? calloc(1, sizeof(*pg)) : NULL;
    if (!pg) {
        store_close(store);
        return err == OK ? ERR_BUSY : err;
    }
    *pg = (struct key_pg){.back.ops = &pg_ops, .store = store};
    *ret = &pg->back;
    return OK;
}
