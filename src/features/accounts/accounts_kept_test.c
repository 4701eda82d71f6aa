#include "tests/support/world.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "features/sessions/sessions.h"

extern const struct feature accounts_feature, sessions_feature, invites_feature;

/* What is kept of a person, byte by byte, and what is not. */

static int joins(struct world *w, const char *name, const char *birth, const char *email,
                 const char *more)
{
    char json[512];
    snprintf(json, sizeof(json),
             "{\"avatar_name\":\"%s\",\"password\":\"grey tram over kelapa\",\"email\":\"%s\","
             "\"birth_date\":\"%s\",\"country\":\"ID\",\"marketing\":false%s}",
             name, email, birth, more);
    return world_send(w, NOBODY, "POST", "/api/accounts", json);
}

/* ---- bytes of files ---- */

static const char *wanted;
static bool found;
static size_t files;

static int look_into(const char *path, const struct stat *stat_ UNUSED, int kind,
                     struct FTW *ftw UNUSED)
{
    static char bytes[8 << 20];
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
static bool kept_in_files(const struct world *w, const char *text)
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

/* PostgreSQL's files are not the test's to read: every row of accounts as text, bytes in hex. */
static bool kept_in_rows(struct world *w, const char *text)
{
    char sql[300];
    if (!w->store.pg) {
        return false;
    }
    snprintf(sql, sizeof(sql),
             "SELECT COUNT(*) FROM account a WHERE a::text LIKE '%%%s%%' OR a::text LIKE '%%' ||"
             " encode('%s', 'hex') || '%%'",
             text, text);
    return world_count(w, sql) > 0;
}

static bool kept(struct world *w, const char *text)
{
    return kept_in_files(w, text) || kept_in_rows(w, text);
}

static void what_is_sealed_stands_in_no_byte_of_the_data_folder(struct world *w)
{
    assert_int_equal(
        joins(w, "Kartika", "1990-02-28", "someone@example.org", ",\"real_name\":\"Dewi Lestari\""),
        201);
    assert_true(kept(w, "Kartika")); /* so the look finds what lies in clear */
    assert_false(kept(w, "someone@example.org"));
    assert_false(kept(w, "someone@"));
    assert_false(kept(w, "1990-02-28"));
    assert_false(kept(w, "Dewi Lestari"));
    assert_false(kept(w, "Lestari"));
    assert_false(kept(w, "grey tram"));
}

/* ---- the log ---- */

struct log {
    int saved;
    char path[64];
};

static void log_begin(struct log *log)
{
    snprintf(log->path, sizeof(log->path), "/tmp/bauta-log.XXXXXX");
    int file = mkstemp(log->path);
    assert_true(file >= 0);
    fflush(stderr);
    log->saved = dup(STDERR_FILENO);
    assert_true(dup2(file, STDERR_FILENO) >= 0);
    close(file);
}

static const char *log_end(struct world *w, struct log *log)
{
    char bytes[16384];
    fflush(stderr);
    assert_true(dup2(log->saved, STDERR_FILENO) >= 0);
    close(log->saved);
    FILE *file = fopen(log->path, "rb");
    assert_non_null(file);
    size_t len = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    unlink(log->path);
    return arena_text(w->kept, bytes, len);
}

/* proves: REG-2b */
static void
of_a_child_that_was_refused_no_row_no_byte_and_no_line_of_the_log_is_kept(struct world *w)
{
    static const char *const tables[] = {"account", "idempotency", "session", "ticket", "job"};
    int64_t before[COUNT(tables)];
    char young[16], sql[64];
    struct log log;
    struct tm tm;
    time_t then = (time_t)(w->now_ms / 1000) - (time_t)12 * 365 * 24 * 3600;
    gmtime_r(&then, &tm);
    strftime(young, sizeof(young), "%Y-%m-%d", &tm);
    assert_int_equal(joins(w, "Grown Person", "1990-02-28", "grown@example.org", ""), 201);
    for (size_t i = 0; i < COUNT(tables); i++) {
        snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM %s", tables[i]);
        before[i] = world_count(w, sql);
    }
    log_begin(&log);
    w->address = "203.0.113.77";
    int refused = joins(w, "Unwanted Kid", young, "unwanted@example.org", "");
    w->address = NULL;
    const char *lines = log_end(w, &log);
    assert_int_equal(refused, 403);
    assert_string_equal(world_code(w), "ages.refused");
    for (size_t i = 0; i < COUNT(tables); i++) {
        snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM %s", tables[i]);
        assert_int_equal(world_count(w, sql), before[i]);
    }
    const char *const told[] = {young, "Unwanted", "unwanted@example.org", "203.0.113.77"};
    for (size_t i = 0; i < COUNT(told); i++) {
        assert_false(kept(w, told[i]));
        assert_null(strstr(lines, told[i]));
    }
    assert_true(kept(w, "Grown Person"));
}

/* proves: REG-5b */
static void a_name_that_many_reach_for_at_once_goes_to_one_of_them(struct world *w)
{
    enum { MANY = 12 };
    const char *wishes[MANY];
    int statuses[MANY], got = 0;
    for (int i = 0; i < MANY; i++) { /* different people, the same name or what looks like it */
        wishes[i] = arena_printf(w->kept,
                                 "{\"avatar_name\":\"%s\",\"password\":\"grey tram over kelapa\","
                                 "\"email\":\"person%d@example.org\",\"birth_date\":\"1990-02-28\","
                                 "\"country\":\"ID\",\"marketing\":false}",
                                 i % 3 == 0   ? "Kartika"
                                 : i % 3 == 1 ? "kartika"
                                              : "K.artika",
                                 i);
    }
    world_send_many(w, NOBODY, "POST", "/api/accounts", wishes, MANY, statuses);
    for (int i = 0; i < MANY; i++) {
        assert_true(statuses[i] == 201 || statuses[i] == 409 || statuses[i] == 503);
        got += statuses[i] == 201;
    }
    assert_int_equal(got, 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE name_skeleton ="
                                    " 'kartika'"),
                     1);
}

static const char *cookie_of(struct world *w)
{
    static char header[640];
    for (size_t i = 0; i < w->last.cookie_count; i++) {
        if (strstr(w->last.cookies[i].name, SESSION_COOKIE)) {
            snprintf(header, sizeof(header), "%s=%s", w->last.cookies[i].name,
                     w->last.cookies[i].value);
        }
    }
    return header;
}

/* Sealed with the member's own key, and a key has one account. */
static void a_sealed_value_moved_to_another_row_is_opened_for_nobody(struct world *w)
{
    assert_int_equal(joins(w, "Victim", "1990-02-28", "victim@example.org", ""), 201);
    assert_int_equal(joins(w, "Thief", "1991-03-29", "thief@example.org", ""), 201);
    w->cookie = cookie_of(w);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me", NULL), 200);
    assert_true(world_says(w, "thief@example.org"));
    world_script(w, "UPDATE account SET email_ct = (SELECT v.email_ct FROM account v WHERE"
                    " v.avatar_name = 'Victim') WHERE avatar_name = 'Thief'");
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me", NULL), 500);
    assert_false(world_says(w, "victim@example.org"));
    assert_int_not_equal(store_script(w->store.store,
                                      "UPDATE account SET key_id = (SELECT v.key_id FROM account v"
                                      " WHERE v.avatar_name = 'Victim') WHERE avatar_name ="
                                      " 'Thief'"),
                         OK);
    w->cookie = NULL;
}

int main(void)
{
    static const struct feature *const list[] = {&accounts_feature, &sessions_feature,
                                                 &invites_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(what_is_sealed_stands_in_no_byte_of_the_data_folder),
        WORLD_TEST(of_a_child_that_was_refused_no_row_no_byte_and_no_line_of_the_log_is_kept),
        WORLD_TEST(a_name_that_many_reach_for_at_once_goes_to_one_of_them),
        WORLD_TEST(a_sealed_value_moved_to_another_row_is_opened_for_nobody),
    };
    const struct world_options options = {.features = list, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
