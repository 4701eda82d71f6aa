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

/* In any file of the world's data folder: the database, what is not in it yet, the keys. */
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

static size_t tables(struct world *w, const char **ret)
{
    struct store_column *columns = NULL;
    size_t count = 0, ret_count = 0;
    assert_int_equal(store_schema(w->store.store, w->kept, &columns, &count), OK);
    for (size_t i = 0; i < count; i++) { /* sorted: a table's columns stand together */
        if (ret_count == 0 || strcmp(ret[ret_count - 1], columns[i].table) != 0) {
            assert_true(ret_count < KEPT_TABLES_MAX);
            ret[ret_count++] = columns[i].table;
        }
    }
    assert_true(ret_count > 50);
    return ret_count;
}

/* PostgreSQL's files are not the test's to read: every row as text, bytes in hex. */
static bool in_rows(struct world *w, const char *text)
{
    const char *names[KEPT_TABLES_MAX];
    size_t count = w->store.pg ? tables(w, names) : 0;
    bool there = false;
    for (size_t i = 0; i < count && !there; i++) {
        there = world_count(w, arena_printf(w->kept,
                                            "SELECT count(*) FROM \"%s\" t WHERE strpos(t::text,"
                                            " '%s') > 0 OR strpos(t::text, encode(convert_to('%s',"
                                            " 'UTF8'), 'hex')) > 0",
                                            names[i], text, text)) > 0;
    }
    return there;
}

bool kept_anywhere(struct world *w, const char *text)
{
    return in_files(w, text) || in_rows(w, text);
}

struct kept_counts kept_count(struct world *w)
{
    struct kept_counts ret;
    ret.count = tables(w, ret.table);
    for (size_t i = 0; i < ret.count; i++) {
        ret.rows[i] =
            world_count(w, arena_printf(w->kept, "SELECT count(*) FROM \"%s\"", ret.table[i]));
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
