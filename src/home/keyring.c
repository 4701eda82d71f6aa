#include "home/keyring.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "privacy/inventory.h"

/* ---- the keys belong to this database, and to no other ---- */

enum { ARENA_BYTES = 1 << 20, RESERVE_BYTES = 64 << 10, NAMED_MAX = 5 };
static const char high_mark[] = "keys.high";

SQL(keyring_id_read, "SELECT value FROM meta WHERE name = 'keys.id' LIMIT 1");
SQL(keyring_id_write, "INSERT INTO meta (name, number, value, changed_ms)"
                      " VALUES ('keys.id', 0, $1, $2) ON CONFLICT (name) DO NOTHING");
SQL(keyring_reserve, "INSERT INTO meta (name, number, changed_ms) VALUES ('keys.high', $1, 0)"
                     " ON CONFLICT (name) DO UPDATE SET number = CASE WHEN meta.number"
                     " > excluded.number THEN meta.number ELSE excluded.number END");
SQL(keyring_reserved, "SELECT number FROM meta WHERE name = 'keys.high' LIMIT 1");
/* sees: server - whose keys are missing, for the operator of the machine */
SQL(keyring_whose, "SELECT avatar_name FROM account WHERE key_id = $1 ORDER BY id LIMIT 2");

struct reservation {
    struct arena *arena;
    int64_t high;
};

struct walk {
    struct arena *arena;
    char *id;     /* of the store */
    int64_t last; /* the page begins after it; or the key asked about */
    int64_t ids[KEYS_COMPARE_MAX];
    size_t count;
    char name[128];
};

static enum err run(struct home *home, bool write, enum err (*fn)(struct store_tx *tx, void *arg),
                    struct walk *walk)
{
    walk->arena = arena_new(ARENA_BYTES);
    if (!walk->arena) {
        return ERR_BUSY;
    }
    enum err err = store_do(home->store, write, fn, walk);
    arena_free(walk->arena);
    return err;
}

static struct call start(struct store_tx *tx, struct walk *walk)
{
    struct call call;
    arena_reset(walk->arena);
    store_call(&call, tx, walk->arena, 0);
    return call;
}

static enum err read_id(struct store_tx *tx, void *arg)
{
    struct walk *walk = arg;
    struct call call = start(tx, walk);
    struct rows rows;
    TRY(store_run(&call, &keyring_id_read, NO_BIND, &rows));
    if (rows.count > 0) {
        snprintf(walk->id, KEYS_ID_MAX, "%s", row_text(&rows, 0, ONLY));
    }
    /* The highest key id that anything uses, or that was given out before. */
    TRY(store_run(&call, &keyring_reserved, NO_BIND, &rows));
    int64_t reserved = rows.count > 0 ? row_i64(&rows, 0, ONLY) : 0;
    TRY(store_run(&call, &inventory_keys_high, NO_BIND, &rows));
    walk->last = MAX(reserved, row_i64(&rows, 0, ONLY));
    return OK;
}

static enum err write_id(struct store_tx *tx, void *arg)
{
    struct walk *walk = arg;
    struct call call = start(tx, walk);
    /* Not the clock: this runs twice in checked builds. */
    return store_run(&call, &keyring_id_write, BIND(TEXT(walk->id), I64(0)), NULL);
}

static enum err read_page(struct store_tx *tx, void *arg)
{
    struct walk *walk = arg;
    struct call call = start(tx, walk);
    struct rows rows;
    TRY(store_run(&call, &inventory_keys_page, BIND(I64(walk->last), I64(KEYS_COMPARE_MAX)),
                  &rows));
    ASSERT_CODE(rows.count <= KEYS_COMPARE_MAX);
    walk->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        walk->ids[i] = row_i64(&rows, i, ONLY);
    }
    return OK;
}

static enum err read_twice(struct store_tx *tx, void *arg)
{
    struct walk *walk = arg;
    struct call call = start(tx, walk);
    struct rows rows;
    TRY(store_run(&call, &inventory_keys_twice, NO_BIND, &rows));
    walk->count = rows.count;
    walk->last = rows.count > 0 ? row_i64(&rows, 0, ONLY) : 0;
    return OK;
}

static enum err read_whose(struct store_tx *tx, void *arg)
{
    struct walk *walk = arg;
    struct call call = start(tx, walk);
    struct rows rows;
    TRY(store_run(&call, &keyring_whose, BIND(I64(walk->last)), &rows));
    snprintf(walk->name, sizeof(walk->name), "%s%s%s",
             rows.count > 0 ? row_text(&rows, 0, ONLY) : "a parent's or a report's papers",
             rows.count > 1 ? " and " : "", rows.count > 1 ? row_text(&rows, 1, ONLY) : "");
    return OK;
}

/* What is wrong, as far as it was counted. */
struct tally {
    size_t gone, damaged;
    char names[HOME_WHY_MAX / 2];
};

static enum err count_one(struct home *home, unsigned flags, int64_t id, bool damaged,
                          struct tally *tally)
{
    if (flags & HOME_GIVE_UP) {
        tally->gone++;
        return keys_burn(home->keys, id);
    }
    size_t *count = damaged ? &tally->damaged : &tally->gone;
    if (++*count <= NAMED_MAX && (!damaged || flags & HOME_CHECK)) {
        static struct walk whose;
        size_t len = strlen(tally->names);
        ASSERT_CODE(len < sizeof(tally->names));
        whose.last = id;
        TRY(run(home, false, read_whose, &whose));
        snprintf(tally->names + len, sizeof(tally->names) - len, "%s%s", len ? ", " : "",
                 whose.name);
    }
    return OK;
}

static enum err count_page(struct home *home, unsigned flags, const struct walk *walk,
                           struct tally *tally)
{
    static enum key_state states[KEYS_COMPARE_MAX];
    ASSERT_CODE(walk->count <= COUNT(states));
    TRY(keys_compare(home->keys, walk->ids, walk->count, states));
    for (size_t i = 0; i < walk->count; i++) {
        if (states[i] == KEY_GONE || states[i] == KEY_DAMAGED) {
            TRY(count_one(home, flags, walk->ids[i], states[i] == KEY_DAMAGED, tally));
        }
    }
    return OK;
}

static enum err compare(struct home *home, unsigned flags, struct tally *tally)
{
    static struct walk walk; /* large; one thread, the start's and then the operator's */
    walk.last = 0;
    do {
        TRY(run(home, false, read_page, &walk));
        TRY(count_page(home, flags, &walk, tally));
        walk.last = walk.count > 0 ? walk.ids[walk.count - 1] : 0;
    } while (walk.count == KEYS_COMPARE_MAX);
    return OK;
}

static enum err judge(unsigned flags, const struct tally *tally, char ret_why[HOME_WHY_MAX])
{
    size_t bad = tally->gone + (flags & HOME_CHECK ? tally->damaged : 0);
    if (flags & HOME_GIVE_UP) {
        snprintf(ret_why, HOME_WHY_MAX, "%zu keys were given up", tally->gone);
        return OK;
    }
    if (tally->damaged > 0) {
        log_line(LOG_ERROR, "server", "key records do not open: `bauta check` says whose",
                 LOG_N(LOG_COUNT, (int64_t)tally->damaged));
    }
    if (bad > 0) {
        snprintf(ret_why, HOME_WHY_MAX,
                 "the key store is behind its database or damaged: %zu keys are missing (of %s%s). "
                 "Restore the newest backup of the keys; if there is none, `bauta lost-keys` gives "
                 "up what they sealed",
                 bad, tally->names, bad > NAMED_MAX ? " and others" : "");
        return ERR_INVALID;
    }
    return OK;
}

static enum err held_once(struct home *home, char ret_why[HOME_WHY_MAX])
{
    static struct walk walk;
    TRY(run(home, false, read_twice, &walk));
    if (walk.count == 0) {
        return OK;
    }
    TRY(run(home, false, read_whose, &walk));
    snprintf(
        ret_why, HOME_WHY_MAX,
        "one key is held twice (by %.100s): whoever of them leaves would take the other's words "
        "along. Restore a backup from before that",
        walk.name);
    return ERR_INVALID;
}

static enum err write_reservation(struct store_tx *tx, void *arg)
{
    const struct reservation *it = arg;
    struct call call;
    arena_reset(it->arena);
    store_call(&call, tx, it->arena, 0);
    return store_run(&call, &keyring_reserve, BIND(I64(it->high)), NULL);
}

/* Any thread that is in no transaction. */
static enum err reserve(void *ctx, int64_t high)
{
    const struct home *home = ctx;
    struct reservation it = {arena_new(RESERVE_BYTES), high};
    enum err err = it.arena ? store_do(home->store, true, write_reservation, &it) : ERR_BUSY;
    arena_free(it.arena);
    return err;
}

void keyring_remember(struct home *home)
{
    int64_t high = home->keys ? keys_high(home->keys) : 0;
    if (high > 0) {
        home_mark(home, high_mark, high);
    }
}

enum err keyring_open(struct home *home, unsigned flags, char ret_why[HOME_WHY_MAX])
{
    char dir[HOME_PATH_MAX];
    static char id[KEYS_ID_MAX], now[KEYS_ID_MAX]; /* `walk` goes on pointing there */
    static struct walk walk;
    const struct settings *settings = &home->settings;
    struct tally tally = {0};
    ASSERT_START(home->store && !home->keys);
    home_path(home, "keys", dir);
    id[0] = now[0] = '\0';
    walk.id = id;
    TRY(run(home, false, read_id, &walk));
    const struct keys_options options = {
        .dir = dir,
        .url = settings->keys && *settings->keys ? settings->keys : NULL,
        .master_file = settings->key_file && *settings->key_file ? settings->key_file : NULL,
        .expected_id = id,
        .used_max = walk.last,
        .reserve = reserve,
        .reserve_ctx = home,
        .database = home->store,
    };
    TRY(keys_open(&options, &home->keys, ret_why));
    keys_id(home->keys, now);
    walk.id = now;
    if (!*id) {
        TRY(run(home, true, write_id, &walk));
    }
    TRY(held_once(home, ret_why));
    TRY(compare(home, flags, &tally));
    return judge(flags, &tally, ret_why);
}

enum err keyring_check(struct home *home, char ret_why[HOME_WHY_MAX])
{
    enum { LOOKS = 3 };
    ASSERT_CODE(home->store && home->keys);
    enum err err = OK;
    /* A key that is burned between the two looks has left its row: the next look agrees. */
    for (int i = 0; i < LOOKS; i++) {
        struct tally tally = {0};
        TRY(held_once(home, ret_why));
        TRY(compare(home, HOME_CHECK, &tally));
        err = judge(HOME_CHECK, &tally, ret_why);
        if (err == OK) {
            break;
        }
    }
    return err;
}
