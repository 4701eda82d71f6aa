#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "commands/bundle.h"
#include "home/alone.h"
#include "privacy/inventory.h"
#include "store/migrate.h"

/* ---- work on a copy: the inventory's "backup": "drop" ---- */

/* Copies are SQLite only; PostgreSQL has its own tools. */
SQL(backup_needed, "SELECT \"notnull\" FROM pragma_table_info($1) WHERE name = $2 LIMIT 1");

static bool is_name(const char *text)
{
    return *text && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text);
}

/* Where the column cannot be empty the row makes no sense without it and goes. */
static enum err drop(struct call *call, const char *table, const char *column)
{
    struct rows rows;
    ASSERT_CODE(is_name(table) && is_name(column)); /* they stand in the statement as they are */
    TRY(store_run(call, &backup_needed, BIND(TEXT(table), TEXT(column)), &rows));
    bool needed = rows.count == 0 || row_i64(&rows, 0, ONLY) != 0;
    return store_tx_script(
        call->tx, needed ? arena_printf(call->arena, "DELETE FROM %s", table)
                         : arena_printf(call->arena, "UPDATE %s SET %s = NULL", table, column));
}

/* What may not be in a backup: secrets' hashes, keyed hashes for look-ups, kept answers. */
static enum err strip_step(struct call *call, void *ctx UNUSED)
{
    for (const struct inventory_table *table = inventory_tables; table->name; table++) {
        for (const struct inventory_column *column = table->columns; column->name; column++) {
            bool kept = !column->backup || strcmp(column->backup, "drop") != 0;
            TRY(kept ? OK : drop(call, table->name, column->name));
        }
    }
    return OK;
}

static enum err open_copy(const char *path, struct store **ret, char ret_text[ADMIN_TEXT_MAX])
{
    char url[HOME_PATH_MAX + 16];
    snprintf(url, sizeof(url), "sqlite:%s", path);
    const struct store_options options = {.url = url, .cache_bytes = 8 << 20};
    return store_open(&options, ret, ret_text);
}

static enum err strip(const char *path, char ret_text[ADMIN_TEXT_MAX])
{
    char side[HOME_PATH_MAX + 8];
    struct store *store = NULL;
    snprintf(side, sizeof(side), "%s-wal", path);
    TRY(open_copy(path, &store, ret_text));
    enum err err = alone_run(store, strip_step, NULL);
    if (err != OK) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "the copy could not be made fit for a backup");
    }
    store_close(store);
    if (err == OK && access(side, F_OK) == 0) { /* else the last one who closes it folds it in */
        snprintf(ret_text, ADMIN_TEXT_MAX,
                 "the copy could not be written whole: is the disk full?");
        err = ERR_BROKEN;
    }
    return err;
}

/* ---- making ---- */

static void remove_copy(const char *path)
{
    char side[HOME_PATH_MAX + 8];
    unlink(path);
    snprintf(side, sizeof(side), "%s-wal", path);
    unlink(side);
    snprintf(side, sizeof(side), "%s-shm", path);
    unlink(side);
}

/* The server stands elsewhere than who asked.  By admin.sock comes whatever its owner types. */
static enum err check_path(const char *path, char ret_text[ADMIN_TEXT_MAX])
{
    if (*path == '/') {
        return OK;
    }
    snprintf(ret_text, ADMIN_TEXT_MAX, "a backup's path begins with /: \"%.250s\" does not", path);
    return ERR_INVALID;
}

enum err backup_make(struct home *home, const char *path, char ret_text[ADMIN_TEXT_MAX])
{
    char folder[HOME_PATH_MAX], copy[HOME_PATH_MAX], mark[HOME_PATH_MAX];
    struct bundle bundle = {.kind = "world"};
    TRY(check_path(path, ret_text));
    if (!store_is_sqlite(home->store)) {
        snprintf(ret_text, ADMIN_TEXT_MAX,
                 "the database is PostgreSQL: back it up with pg_dump or pg_basebackup");
        return ERR_INVALID;
    }
    home_path(home, "backup", folder);
    home_path(home, "backup/copy.db", copy);
    home_path(home, "demo", mark);
    mkdir(folder, 0700);
    remove_copy(copy);
    enum err err = store_backup(home->store, copy);
    if (err != OK) {
        snprintf(ret_text, ADMIN_TEXT_MAX,
                 "the copy in %.200s could not be written: is the disk full?", folder);
    } else {
        err = strip(copy, ret_text);
    }
    if (err == OK) {
        bundle_add(&bundle, "world.db", copy);
        if (home->settings.demo) {
            bundle_add(&bundle, "demo", mark);
        }
        err = bundle_write(&bundle, path, ret_text);
    }
    remove_copy(copy);
    if (err == OK) {
        home_mark(home, "backup.made", time_now_ms());
        snprintf(ret_text, ADMIN_TEXT_MAX,
                 "%.250s holds the database, not the keys: `bauta backup --keys FILE` saves those "
                 "into another file, to be kept elsewhere and at most 30 days",
                 path);
    }
    return err;
}

static enum err load(void *arg)
{
    return bundle_load(arg) ? OK : ERR_BROKEN;
}

enum err backup_keys(struct home *home, const char *path, char ret_text[ADMIN_TEXT_MAX])
{
    static const char *const names[] = {"keys/master", "keys/members"};
    char folder[HOME_PATH_MAX], file[HOME_PATH_MAX];
    struct bundle bundle = {.kind = "keys"};
    TRY(check_path(path, ret_text));
    home_path(home, "keys", folder);
    if ((home->settings.keys && *home->settings.keys) || access(folder, F_OK) != 0) {
        snprintf(ret_text, ADMIN_TEXT_MAX,
                 "the keys are not in %.200s: back up the database that holds them", folder);
        return ERR_INVALID;
    }
    for (size_t i = 0; i < COUNT(names); i++) {
        home_path(home, names[i], file);
        if (access(file, F_OK) == 0) {
            bundle_add(&bundle, names[i], file);
        }
    }
    /* The server adds and burns keys meanwhile: what is hashed is what is packed. */
    enum err err = keys_still(home->keys, load, &bundle);
    if (err != OK) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "the keys in %.200s cannot be read", folder);
    } else {
        err = bundle_write(&bundle, path, ret_text);
    }
    bundle_unload(&bundle);
    if (err == OK) {
        snprintf(ret_text, ADMIN_TEXT_MAX,
                 "%.250s holds the keys. Keep it apart from the database's backups and delete it "
                 "after 30 days: whoever has both can read what an erasure took away",
                 path);
    }
    return err;
}

/* ---- verifying ---- */

static int remove_one(const char *path, const struct stat *found UNUSED, int kind UNUSED,
                      struct FTW *ftw UNUSED)
{
    return remove(path);
}

static enum err verify_database(const char *path, char ret_text[ADMIN_TEXT_MAX])
{
    struct store *store = NULL;
    size_t pending = 0;
    TRY(open_copy(path, &store, ret_text));
    enum err err = OK;
    if (!store_sound(store)) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "the database in it is damaged");
        err = ERR_INVALID;
    }
    if (err == OK) {
        err = migrate_pending(store, migrations, migration_count, &pending, ret_text);
    }
    if (err == OK && pending == 0) {
        err = inventory_matches(store, inventory_tables, ret_text);
    }
    store_close(store);
    return err;
}

enum err backup_verify(const char *path, char ret_text[ADMIN_TEXT_MAX])
{
    char folder[] = "/tmp/bauta-verify.XXXXXX", kind[BUNDLE_NAME_MAX] = "";
    struct bundle bundle;
    if (!mkdtemp(folder)) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "no temporary folder: %s", strerror(errno));
        return ERR_BROKEN;
    }
    enum err err = bundle_read(path, folder, &bundle, kind, ret_text);
    for (size_t i = 0; i < bundle.count && err == OK; i++) {
        if (strcmp(bundle.files[i].name, "world.db") == 0) {
            err = verify_database(bundle.files[i].path, ret_text);
        }
    }
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    if (err == OK) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "%.300s is whole (%s, %zu files)", path, kind,
                 bundle.count);
    }
    return err;
}

/* ---- restoring ---- */

static bool is_there(const struct home *home, const char *name)
{
    char path[HOME_PATH_MAX];
    home_path(home, name, path);
    return access(path, F_OK) == 0;
}

static enum err move_in(const struct home *home, const struct bundle *bundle,
                        char ret_text[ADMIN_TEXT_MAX])
{
    char to[HOME_PATH_MAX];
    home_path(home, "keys", to);
    if (strcmp(bundle->kind, "keys") == 0 && mkdir(to, 0700) != 0 && errno != EEXIST) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "%.300s cannot be made: %s", to, strerror(errno));
        return ERR_BROKEN;
    }
    for (size_t i = 0; i < bundle->count; i++) {
        home_path(home, bundle->files[i].name, to);
        if (rename(bundle->files[i].path, to) != 0) {
            snprintf(ret_text, ADMIN_TEXT_MAX, "%.300s cannot be put there: %s", to,
                     strerror(errno));
            return ERR_BROKEN;
        }
    }
    home_path(home, "keys", to);
    bool safe = strcmp(bundle->kind, "keys") != 0 || bundle_sync(to);
    if (!safe || !bundle_sync(home->settings.data)) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "%.300s is there, but the disk did not confirm it: %s",
                 home->settings.data, strerror(errno));
        return ERR_BROKEN;
    }
    return OK;
}

enum err backup_restore(struct home *home, const char *path, char ret_text[ADMIN_TEXT_MAX])
{
    char folder[HOME_PATH_MAX], kind[BUNDLE_NAME_MAX] = "";
    struct bundle bundle;
    ASSERT_START(home->lock_fd >= 0 && !home->store && !home->keys); /* nobody has it open */
    home_path(home, "restore.part", folder);
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    if (mkdir(folder, 0700) != 0) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "%.300s cannot be made: %s", folder, strerror(errno));
        return ERR_BROKEN;
    }
    enum err err = bundle_read(path, folder, &bundle, kind, ret_text);
    const char *there = strcmp(kind, "keys") == 0 ? "keys" : "world.db";
    if (err == OK && is_there(home, there)) {
        snprintf(ret_text, ADMIN_TEXT_MAX,
                 "%.200s has a %s already: restore only into an empty folder", home->settings.data,
                 there);
        err = ERR_CONFLICT;
    }
    if (err == OK) {
        err = move_in(home, &bundle, ret_text);
    }
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    if (err == OK) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "%.200s has the %s of %.200s", home->settings.data, kind,
                 path);
    }
    return err;
}
