#include "tests/support/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/identity/ages/ages.h"
#include "features/identity/guardians/birthdays.h"
#include "jobs/jobs.h"
#include "store/migrate.h"
#include "store/store.h"
#include "tests/support/members.h"

extern const struct feature accounts_feature, sessions_feature, invites_feature, mail_feature,
    consents_feature, retention_feature, guardians_feature;

/* 00:00 UTC of some days. */
#define D(days_) ((days_)*TIME_DAY)
#define FEB_28_2026 D(INT64_C(20512))
#define MAR_01_2026 D(INT64_C(20513))
#define MAR_31_2026 D(INT64_C(20543))
#define JAN_20_2027 D(INT64_C(20838)) /* the world starts on the 15th */

static void run_jobs(struct world *w)
{
    static struct feature quiet;
    static const struct feature *own[] = {&quiet, NULL};
    quiet = guardians_feature;
    struct jobs *jobs = jobs_new(own);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    jobs_run_due(jobs);
    jobs_free(jobs);
}

static void hour(struct world *w)
{
    world_script(w, "INSERT INTO job (id, kind, payload, state, run_at_ms, tries, created_ms)"
                    " VALUES (7, 'accounts.ages_more', '', 'waiting', 1, 0, 1)");
    run_jobs(w);
}

static bool adult(struct world *w, int who)
{
    char sql[96];
    snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM account WHERE id = %d AND age_band = '18'",
             who);
    return world_count(w, sql) == 1;
}

static void a_band_begins_at_midnight_of_the_birthday(struct world *w UNUSED)
{
    static const struct {
        const char *birth;
        int64_t at_ms;
    } days[] = {{"2008-03-31", MAR_31_2026},
                {"2008-03-01", MAR_01_2026},
                {"2008-02-28", FEB_28_2026},
                {"2008-02-29", MAR_01_2026}, /* 2026 has no such day */
                {"2009-01-20", JAN_20_2027}};
    for (size_t i = 0; i < COUNT(days); i++) {
        assert_true(ages_minor(ages_band(days[i].birth, days[i].at_ms - TIME_S)));
        assert_true(ages_minor(ages_band(days[i].birth, days[i].at_ms - 1)));
        assert_false(ages_minor(ages_band(days[i].birth, days[i].at_ms)));
        assert_false(ages_minor(ages_band(days[i].birth, days[i].at_ms + TIME_S)));
    }
    assert_false(ages_minor(NULL));
}

static void who_becomes_eighteen_counts_as_grown_up_on_the_same_day(struct world *w)
{
    member_real(w, BEN, "2009-01-20", "ID");
    member_real(w, CLEO, "2009-01-21", "ID");
    w->now_ms = JAN_20_2027 - TIME_S;
    hour(w);
    assert_false(adult(w, BEN));
    w->now_ms = JAN_20_2027;
    w->event_count = 0;
    hour(w);
    assert_true(adult(w, BEN));
    assert_false(adult(w, CLEO));
    bool told = false; /* sessions that are known by heart are loaded again */
    for (size_t i = 0; i < w->event_count; i++) {
        told |= w->events[i].kind == EVENT_ACCOUNT_CHANGED && w->events[i].account_id == BEN;
    }
    assert_true(told);
    hour(w);
    assert_true(adult(w, BEN));
}

static void a_date_that_cannot_be_opened_stops_nobody_else_and_is_told_once(struct world *w)
{
    member_real(w, BEN, "2009-01-20", "ID");
    member_real(w, CLEO, "2009-01-20", "ID");
    world_script(w, "UPDATE account SET birth_ct = (SELECT birth_ct FROM account WHERE id = 3)"
                    " WHERE id = 2");
    w->now_ms = JAN_20_2027;
    hour(w);
    hour(w);
    assert_true(adult(w, CLEO));
    assert_false(adult(w, BEN));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 'accounts.age'"), 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 'accounts.age'"
                                    " AND account_id = 2 AND why = 'ages.unreadable'"),
                     1);
    /* Its key came back with another backup: the job that waits goes through. */
    member_real(w, BEN, "2009-01-20", "ID");
    world_script(w, "UPDATE account SET age_band = '13' WHERE id = 2");
    world_script(w, "UPDATE job SET state = 'waiting', tries = 0, run_at_ms = 1"
                    " WHERE kind = 'accounts.age'");
    run_jobs(w);
    assert_true(adult(w, BEN));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 'accounts.age'"), 0);
}

static const char YOUNG[] = "{\"avatar_name\":\"Kartika\",\"password\":\"grey tram over kelapa\","
                            "\"email\":\"kartika@example.org\",\"birth_date\":\"2009-08-17\","
                            "\"country\":\"ID\",\"marketing\":false}";

/* 450 on three pages; the last one is looked at, too, also by who goes on after a stop. */
static void all_who_are_under_age_are_looked_at_page_by_page(struct world *w)
{
    world_script(w, "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
                    " skeleton_version, key_id, country, age_band, role, state, language, avatar,"
                    " colours, created_at_ms, seen_at_ms) WITH RECURSIVE n (i) AS (SELECT 100"
                    " UNION ALL SELECT i + 1 FROM n WHERE i < 549) SELECT i, 'p' || i, 'n' || i,"
                    " 'n' || i, 'n' || i, '1', i, 'ID', '13', 'member', 'active', 'en', 'mia',"
                    " '[1,2]', 0, 0 FROM n");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts", YOUNG), 201); /* the last */
    w->now_ms = D(INT64_C(21048));
    hour(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE avatar_name = 'Kartika'"
                                    " AND age_band = '18'"),
                     1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 'accounts.ages_more'"),
                     0);
}

/* As SQLite and PostgreSQL write numbers, forwards and backwards; and as text. */
static bool holds(const uint8_t *bytes, size_t len, int64_t number)
{
    uint8_t forwards[6], backwards[6];
    for (int i = 0; i < 6; i++) {
        backwards[i] = forwards[5 - i] = (uint8_t)(number >> (8 * i));
    }
    return memmem(bytes, len, forwards, 6) || memmem(bytes, len, backwards, 6);
}

static uint8_t *file_of(const struct test_store *store, const char *name, size_t *ret_len)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", store->folder, name);
    FILE *file = fopen(path, "rb");
    static uint8_t bytes[4 << 20];
    *ret_len = file ? fread(bytes, 1, sizeof(bytes), file) : 0;
    if (file) {
        fclose(file);
    }
    return bytes;
}

static void no_byte_of_the_database_tells_when_somebody_was_born(struct world *w)
{
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts", YOUNG), 201);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE avatar_name = 'Kartika'"
                                    " AND age_band = '13'"),
                     1);
    if (w->store.pg) {
        return; /* the same rows; its files are not the test's to read */
    }
    static const int64_t days[] = {14473, 20317, 21047, 21048}; /* born; 16, 17.99, 18 */
    static const char *const files[] = {"bauta.db", "bauta.db-wal"};
    for (size_t f = 0; f < COUNT(files); f++) {
        size_t len = 0;
        const uint8_t *bytes = file_of(&w->store, files[f], &len);
        assert_true(f > 0 || len > 4096);
        assert_null(memmem(bytes, len, "2009-08-17", 10));
        assert_null(memmem(bytes, len, "08-17", 5));
        for (size_t i = 0; i < COUNT(days); i++) {
            assert_false(holds(bytes, len, days[i] * TIME_DAY));
        }
    }
}

static enum err insert_old(struct store_tx *tx, void *arg UNUSED)
{
    SQL(test_old, "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
                  " skeleton_version, key_id, country, adult_at_ms, role, state, language, avatar,"
                  " colours, created_at_ms, seen_at_ms) VALUES ($1, $2, $2, $2, $2, '1', $1, 'ID',"
                  " $3, 'member', 'active', 'en', 'mia', '[]', 0, 0)");
    struct call call;
    struct arena *arena = arena_new(1 << 20);
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &test_old, BIND(I64(1), TEXT("one"), I64(JAN_20_2027)), NULL);
    if (err == OK) {
        err = store_run(&call, &test_old, BIND(I64(2), TEXT("two"), I64(JAN_20_2027 + 1)), NULL);
    }
    arena_free(arena);
    return err;
}

static enum err read_bands(struct store_tx *tx, void *arg)
{
    SQL(test_bands, "SELECT age_band FROM account ORDER BY id LIMIT 10");
    struct call call;
    struct rows rows;
    struct arena *arena = arena_new(1 << 20);
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &test_bands, NO_BIND, &rows);
    snprintf(arg, 16, "%s %s", row_text(&rows, 0, 0), row_text(&rows, 1, 0));
    arena_free(arena);
    return err;
}

static void a_database_of_before_loses_the_dates_and_keeps_who_is_grown_up(struct world *w)
{
    enum { BEFORE = 20 };
    struct test_store old;
    char why[256] = "", bands[16] = "";
    size_t ran = 0, len = 0;
    test_store_new(w->store.pg, false, &old);
    assert_int_equal(migrate_up(old.store, migrations, BEFORE, 1, &ran, why), OK);
    assert_int_equal(store_do(old.store, true, insert_old, NULL), OK);
    assert_int_equal(migrate_up(old.store, migrations, migration_count, JAN_20_2027, &ran, why),
                     OK);
    assert_int_equal(store_do(old.store, false, read_bands, bands), OK);
    assert_string_equal(bands, "18 13");
    store_close(old.store);
    old.store = NULL;
    if (!old.pg) {
        const uint8_t *bytes = file_of(&old, "bauta.db", &len);
        assert_true(len > 4096);
        assert_false(holds(bytes, len, JAN_20_2027 + 1));
    }
    test_store_reopen(&old, false);
    test_store_free(&old);
}

int main(void)
{
    static const struct feature *const own[] = {
        &accounts_feature, &sessions_feature,  &invites_feature,   &mail_feature,
        &consents_feature, &retention_feature, &guardians_feature, NULL};
    static const struct world_options options = {.features = own, .own_sign_in = true};
    static const struct world_test tests[] = {
        WORLD_TEST(a_band_begins_at_midnight_of_the_birthday),
        WORLD_TEST(who_becomes_eighteen_counts_as_grown_up_on_the_same_day),
        WORLD_TEST(a_date_that_cannot_be_opened_stops_nobody_else_and_is_told_once),
        WORLD_TEST(all_who_are_under_age_are_looked_at_page_by_page),
        WORLD_TEST(no_byte_of_the_database_tells_when_somebody_was_born),
        WORLD_TEST(a_database_of_before_loses_the_dates_and_keeps_who_is_grown_up),
    };
    return world_run(&options, tests, COUNT(tests));
}
