#include "tests/support/kept.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"

/* ---- bytes of files ---- */

static const char *wanted;
static bool found;
static size_t files;

static int look_into(const char *path, const struct stat *stat_ UNUSED, int kind,
                     struct FTW *ftw UNUSED)
{
    static char bytes[16 << 20];
    if (kind != FTW_F) {
        return 0;
    }
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(bytes, 1, sizeof(bytes), file);
    assert_true(len < sizeof(bytes));
    fclose(file);
    files++;
    found |= memmem(bytes, len, wanted, strlen(wanted)) != NULL;
    return 0;
}

/* In any file of the world's data folder: the database, what is not in it yet, the keys.  Of
 * PostgreSQL the keys: its own files are not the test's to read. */
static bool in_files(const struct world *w, const char *text)
{
    wanted = text;
    found = false;
    files = 0;
    assert_int_equal(nftw(w->keys_dir, look_into, 8, FTW_PHYS), 0);
    if (!w->store.pg) {
        assert_int_equal(nftw(w->store.folder, look_into, 8, FTW_PHYS), 0);
    }
    assert_true(files > 0);
    return found;
}

/* ---- rows of tables ---- */

static size_t columns_of(struct world *w, struct store_column **ret)
{
    size_t count = 0;
    assert_int_equal(store_schema(w->store.store, w->kept, ret, &count), OK);
    assert_true(count > 200);
    return count;
}

/* PostgreSQL gives a row as text, its bytes in hex; SQLite is asked for each column. */
static const char *where(struct world *w, const struct store_column *of, size_t count,
                         const char *text)
{
    if (w->store.pg) {
        return arena_printf(w->kept,
                            "strpos(t::text, '%s') > 0 OR strpos(t::text,"
                            " encode(convert_to('%s', 'UTF8'), 'hex')) > 0",
                            text, text);
    }
    const char *ret = "0";
    for (size_t i = 0; i < count; i++) {
        ret = arena_printf(w->kept, "%s OR instr(CAST(t.\"%s\" AS BLOB), CAST('%s' AS BLOB)) > 0",
                           ret, of[i].column, text);
    }
    return ret;
}

static size_t of_one_table(const struct store_column *columns, size_t count)
{
    size_t ret = 1; /* they are sorted */
    while (ret < count && strcmp(columns[ret].table, columns[0].table) == 0) {
        ret++;
    }
    return ret;
}

bool kept_in_rows(struct world *w, const char *text)
{
    struct store_column *columns = NULL;
    size_t count = columns_of(w, &columns);
    bool there = false;
    for (size_t at = 0, n; at < count && !there; at += n) {
        n = of_one_table(&columns[at], count - at);
        there =
            world_count(w, arena_printf(w->kept, "SELECT count(*) FROM \"%s\" t WHERE %s",
                                        columns[at].table, where(w, &columns[at], n, text))) > 0;
    }
    return there;
}

bool kept_anywhere(struct world *w, const char *text)
{
    return in_files(w, text) || kept_in_rows(w, text);
}

struct kept_counts kept_count(struct world *w)
{
    struct kept_counts ret = {.count = 0};
    struct store_column *columns = NULL;
    size_t count = columns_of(w, &columns);
    for (size_t at = 0; at < count; at += of_one_table(&columns[at], count - at)) {
        assert_true(ret.count < KEPT_TABLES_MAX);
        ret.table[ret.count] = columns[at].table;
        ret.rows[ret.count++] =
            world_count(w, arena_printf(w->kept, "SELECT count(*) FROM \"%s\"", columns[at].table));
    }
    return ret;
}

void kept_same_but(struct world *w, const struct kept_counts *before, const char *changed)
{
    const char *list = arena_printf(w->kept, " %s ", changed);
    struct kept_counts now = kept_count(w);
    assert_int_equal(now.count, before->count);
    for (size_t i = 0; i < now.count; i++) {
        assert_string_equal(now.table[i], before->table[i]);
        bool may = strstr(list, arena_printf(w->kept, " %s ", now.table[i])) != NULL;
        if (!may && now.rows[i] != before->rows[i]) {
            fail_msg("%s had %lld rows and has %lld", now.table[i], (long long)before->rows[i],
                     (long long)now.rows[i]);
        }
    }
}

/* ---- the log ---- */

void kept_log_begin(struct kept_log *log)
{
    snprintf(log->path, sizeof(log->path), "/tmp/bauta-log.XXXXXX");
    int file = mkstemp(log->path);
    assert_true(file >= 0);
    fflush(stderr);
    log->saved = dup(STDERR_FILENO);
    assert_true(dup2(file, STDERR_FILENO) >= 0);
    close(file);
    log_threshold(LOG_INFO);
}

const char *kept_log_end(struct world *w, struct kept_log *log)
{
    static char bytes[1 << 20];
    log_threshold(LOG_ERROR); /* as world_new has it */
    fflush(stderr);
    assert_true(dup2(log->saved, STDERR_FILENO) >= 0);
    close(log->saved);
    FILE *file = fopen(log->path, "rb");
    assert_non_null(file);
    size_t len = fread(bytes, 1, sizeof(bytes), file);
    assert_true(len < sizeof(bytes));
    fclose(file);
    unlink(log->path);
    return arena_text(w->kept, bytes, len);
}
