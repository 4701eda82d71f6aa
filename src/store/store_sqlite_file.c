#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "store/store_sqlite.h"

/* The database as a file: its shape, its identity, a copy of it. */

enum { BACKUP_PAGES = 256 }; /* a step: about a millisecond of the writer's time */

/* Hidden and generated columns too; an index on an expression is a copy of what it is made from. */
static const char schema_text[] =
    "SELECT m.name, x.name FROM sqlite_schema AS m JOIN pragma_table_xinfo(m.name) AS x"
    " WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    " UNION SELECT m.name, '' FROM sqlite_schema AS m JOIN pragma_index_xinfo(m.name) AS x"
    " WHERE m.type = 'index' AND x.cid = -2 AND x.key";

struct reading {
    struct lite_link *link;
    sqlite3_stmt *stmt;
};

static void read_end(void *what)
{
    struct reading *reading = what;
    sqlite3_finalize(reading->stmt);
    reading->link->trusted = false;
}

enum err lite_schema(struct store_tx *tx, struct arena *arena, struct store_column **ret,
                     size_t *ret_count)
{
    struct lite_link *link = lite_link(tx->link);
    struct store_column *columns = arena_alloc(arena, STORE_SCHEMA_MAX * sizeof(*columns));
    size_t count = 0;
    sqlite3_stmt *stmt = NULL;
    struct arena_hold hold;
    link->trusted = true;
    int code = sqlite3_prepare_v2(link->db, schema_text, -1, &stmt, NULL);
    struct reading reading = {link, stmt};
    arena_hold(arena, &hold, read_end, &reading);
    if (code == SQLITE_OK) {
        while ((code = sqlite3_step(stmt)) == SQLITE_ROW && count < STORE_SCHEMA_MAX) {
            for (int col = 0; col < 2; col++) {
                const char *text = (const char *)sqlite3_column_text(stmt, col);
                char *copy = arena_text(arena, text, (size_t)sqlite3_column_bytes(stmt, col));
                *(col == 0 ? &columns[count].table : &columns[count].column) = copy;
            }
            count++;
        }
    }
    enum err err = code == SQLITE_DONE ? OK : lite_failed(tx, link->db, "schema");
    arena_drop(arena);
    if (err == OK) {
        *ret = columns;
        *ret_count = count;
    }
    return err;
}

enum err lite_sound(struct store_tx *tx, bool *ret)
{
    struct lite_link *link = lite_link(tx->link);
    sqlite3_stmt *stmt = NULL;
    link->trusted = true;
    int code = sqlite3_prepare_v2(link->db, "PRAGMA integrity_check(1)", -1, &stmt, NULL);
    code = code == SQLITE_OK ? sqlite3_step(stmt) : code;
    *ret = code == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0;
    enum err err = code == SQLITE_ROW ? OK : lite_failed(tx, link->db, "integrity_check");
    sqlite3_finalize(stmt);
    link->trusted = false;
    return err;
}

enum err lite_identity(struct store *store, char ret[STORE_IDENTITY_MAX])
{
    const struct lite_store *s = lite_store(store);
    struct stat info;
    if (s->memory) {
        snprintf(ret, STORE_IDENTITY_MAX, "memory %p", (const void *)s);
    } else if (stat(s->path, &info) == 0) {
        snprintf(ret, STORE_IDENTITY_MAX, "file %llu:%llu", (unsigned long long)info.st_dev,
                 (unsigned long long)info.st_ino);
    } else {
        return ERR_BUSY;
    }
    return OK;
}

static enum err sync_path(const char *path, int flags)
{
    int file = open(path, flags | O_CLOEXEC);
    if (file < 0) {
        return ERR_BUSY;
    }
    int failed = fsync(file);
    close(file);
    return failed ? ERR_BUSY : OK;
}

enum err lite_sync_folder(const char *path)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof(copy), "%s", path);
    return sync_path(dirname(copy), O_RDONLY | O_DIRECTORY);
}

/*
 * The copy is taken on the writer's connection, step by step between batches: so
 * SQLite keeps it up to date with what is written meanwhile, and never starts anew.
 */
struct copy {
    struct errand errand;
    sqlite3 *to;
    sqlite3_backup *backup;
    int code;
};

static bool copy_step(struct errand *errand, struct store_link *link)
{
    struct copy *copy = (struct copy *)errand;
    struct lite_link *from = lite_link(link);
    from->trusted = true;
    if (!copy->backup) {
        copy->backup = sqlite3_backup_init(copy->to, "main", from->db, "main");
    }
    copy->code =
        copy->backup ? sqlite3_backup_step(copy->backup, BACKUP_PAGES) : sqlite3_errcode(copy->to);
    bool more = copy->code == SQLITE_OK || copy->code == SQLITE_BUSY || copy->code == SQLITE_LOCKED;
    if (!more && copy->backup) {
        int code = sqlite3_backup_finish(copy->backup);
        copy->code = code == SQLITE_OK ? copy->code : code;
    }
    from->trusted = false;
    return !more;
}

enum err lite_backup(struct store *store, const char *path)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        return errno == EEXIST ? ERR_CONFLICT : ERR_BUSY;
    }
    close(file);
    struct copy copy = {.errand.step = copy_step, .code = SQLITE_ERROR};
    enum err err = ERR_BUSY;
    if (sqlite3_open_v2(path, &copy.to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
        SQLITE_OK) {
        err = writer_errand(store->writer, &copy.errand);
    }
    if (err == OK && copy.code != SQLITE_DONE) {
        err = ERR_BUSY;
    }
    if (sqlite3_close(copy.to) != SQLITE_OK) {
        err = ERR_BUSY;
    }
    if (err == OK) {
        err = sync_path(path, O_RDONLY);
    }
    if (err == OK) {
        err = lite_sync_folder(path);
    }
    if (err != OK) {
        log_line(LOG_ERROR, "store", "backup failed", LOG_T(LOG_FILE, path),
                 LOG_T(LOG_WHY, sqlite3_errstr(copy.code)));
        unlink(path);
    }
    return err;
}
