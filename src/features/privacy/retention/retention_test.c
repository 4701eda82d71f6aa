#include "tests/support/world.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "privacy/sweep.h"

extern const struct feature retention_feature;

/* The job, as the clock runs it, until nothing is left to do. */
static void sweep(struct world *w)
{
    const struct api_route route = {
        .who = API_ADMIN, .tx = retention_feature.jobs->tx, .steps = retention_feature.jobs->steps};
    const struct job_in in = {.id = 1, .payload = ""};
    for (int i = 0; i < 20; i++) {
        const char *code = NULL;
        assert_int_equal(api_wait(w->api, &route, &in, NULL, &code), OK);
        w->now_ms += 1; /* no time to speak of */
    }
}

/* Rows of these tables, each of which began then and is over then: $ is when it began. */
static const struct {
    const char *insert, *count;
    int64_t began, over;
} rows[] = {
    {"INSERT INTO friend_request (from_id, to_id, at_ms) VALUES (1, 2, $)", "friend_request",
     INT64_C(1835425800000), INT64_C(1867017600000)}, /* 2028-02-29T08:30; 2029-03-01T00 */
    {"INSERT INTO performance (day, metric, bucket, count) VALUES ($, 'load', 'a', 1)",
     "performance", INT64_C(1835395200000), INT64_C(1867017600000)}, /* the same day */
    {"INSERT INTO device (id, account_id, hash, label, first_at_ms, seen_at_ms)"
     " VALUES (1, 1, {one}, 'Firefox', 1, $)",
     "device", INT64_C(1809950400000), INT64_C(1809950400000) + 400 * TIME_DAY},
    {"INSERT INTO idempotency (actor_id, key_hash, request_hash, status, at_ms)"
     " VALUES (1, {one}, {one}, 201, $)",
     "idempotency", INT64_C(1806195600000), INT64_C(1806195600000) + TIME_DAY}, /* clocks change */
    {"INSERT INTO notice (id, account_id, kind, target, count, at_ms) VALUES (1, 1, 'x', '', 1, $)",
     "notice", INT64_C(1809950400000), INT64_C(1809950400000) + 90 * TIME_DAY},
    {"INSERT INTO ticket (hash, kind, account_id, note, tries_left, created_at_ms, ends_at_ms)"
     " VALUES ({one}, 'x', 1, '', 1, 1, $)",
     "ticket", INT64_C(1809950400000), INT64_C(1809950400000)},
    {"INSERT INTO name_hold (account_id, name, name_skeleton, name_look, ends_at_ms)"
     " VALUES (1, 'a', 'a', 'a', $)",
     "name_hold", INT64_C(1809950400000), INT64_C(1809950400000)},
    {"INSERT INTO invite (id, code_hash, kind, uses_left, created_at_ms, ends_at_ms)"
     " VALUES (1, {one}, 'member', 1, 1, $)",
     "invite", INT64_C(1809950400000), INT64_C(1809950400000)},
    {"INSERT INTO job (id, kind, payload, state, run_at_ms, created_ms)"
     " VALUES (1, 'x', '', 'dead', $, 1)",
     "job", INT64_C(1809950400000), INT64_C(1809950400000) + 30 * TIME_DAY},
};

/* $ becomes the number, {one} a byte of either store. */
static void insert(struct world *w, const char *sql, int64_t number)
{
    char text[512];
    size_t len = 0;
    for (; *sql; sql++) {
        if (*sql == '$') {
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%lld", (long long)number);
        } else if (strncmp(sql, "{one}", 5) == 0) {
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s",
                                    store_is_sqlite(w->store.store) ? "x'01'" : "'\\x01'");
            sql += 4;
        } else {
            text[len++] = *sql;
        }
        assert_true(len < sizeof(text));
    }
    text[len] = '\0';
    world_script(w, text);
}

static int64_t count(struct world *w, const char *table)
{
    char sql[128];
    snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM %s", table);
    return world_count(w, sql);
}

static void what_is_over_is_gone_at_its_second_and_not_one_before(struct world *w)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        insert(w, rows[i].insert, rows[i].began);
        w->now_ms = rows[i].over - TIME_S;
        sweep(w);
        if (count(w, rows[i].count) != 1) {
            fail_msg("%s: gone before its time", rows[i].count);
        }
        w->now_ms = rows[i].over + TIME_S;
        sweep(w);
        if (count(w, rows[i].count) != 0) {
            fail_msg("%s: still there", rows[i].count);
        }
    }
}

static void a_column_goes_by_itself_and_the_row_in_its_own_time(struct world *w)
{
    int64_t began = WORLD_START_MS;
    insert(w,
           "INSERT INTO mail (id, key_id, kind, language, elsewhere, to_bi, code_hash, state, rank,"
           " due_ms, ends_ms, created_ms) VALUES (1, 1, 'x', 'en', 0, {one}, {one}, 'sent', 1, 1,"
           " 1, $)",
           began);
    w->now_ms = began + TIME_DAY - TIME_S;
    sweep(w);
    assert_int_equal(world_count(w, "SELECT COUNT(to_bi) FROM mail"), 1);
    w->now_ms = began + TIME_DAY + TIME_S;
    sweep(w);
    assert_int_equal(world_count(w, "SELECT COUNT(to_bi) FROM mail"), 0);
    w->now_ms = began + 90 * TIME_DAY - TIME_S;
    sweep(w);
    assert_int_equal(count(w, "mail"), 1);
    w->now_ms = began + 90 * TIME_DAY + TIME_S;
    sweep(w);
    assert_int_equal(count(w, "mail"), 0);
}

static void what_hangs_on_a_row_goes_with_it(struct world *w)
{
    int64_t ends = WORLD_START_MS + TIME_DAY;
    insert(w,
           "INSERT INTO session (id, account_id, token_hash, remember, device, created_at_ms,"
           " used_at_ms, ends_at_ms) VALUES (77, 1, {one}, 0, '', 1, 1, $)",
           ends);
    insert(w,
           "INSERT INTO push_device (id, account_id, session_id, endpoint_bi, endpoint_ct, auth_ct,"
           " p256dh, created_ms) VALUES (1, 1, 77, {one}, {one}, {one}, {one}, $)",
           ends);
    insert(w,
           "INSERT INTO notice (id, account_id, kind, target, count, at_ms)"
           " VALUES (1, 1, 'x', '', 1, $)",
           ends);
    insert(w, "INSERT INTO push (device_id, notice_id, due_ms, created_ms) VALUES (1, 1, $, $)",
           ends);
    w->now_ms = ends - TIME_S;
    sweep(w);
    assert_int_equal(count(w, "push"), 1);
    w->now_ms = ends + TIME_S;
    sweep(w);
    assert_int_equal(count(w, "session WHERE id = 77"), 0);
    assert_int_equal(count(w, "push_device"), 0);
    assert_int_equal(count(w, "push"), 0);
    assert_int_equal(count(w, "notice"), 1);
}

static void work_that_waits_is_done_however_late_and_only_what_was_given_up_goes(struct world *w)
{
    insert(w,
           "INSERT INTO job (id, kind, payload, state, run_at_ms, created_ms)"
           " VALUES (1, 'x', '', 'waiting', $, 1), (2, 'x', '', 'running', $, 1)",
           WORLD_START_MS);
    w->now_ms = WORLD_START_MS + 400 * TIME_DAY;
    sweep(w);
    assert_int_equal(count(w, "job"), 2);
}

static enum err piece(struct call *call, void *arg)
{
    TRY(sweep_run(call));
    *(bool *)arg = call->again;
    return OK;
}

static void much_goes_in_small_pieces_and_keeps_nothing_else_waiting(struct world *w)
{
    bool again = false;
    insert(w,
           "INSERT INTO notice (id, account_id, kind, target, count, at_ms)"
           " VALUES (1, 1, 'x', '1', 1, $)",
           1);
    for (int i = 0; i < 11; i++) { /* 2048 */
        char sql[160];
        snprintf(sql, sizeof(sql),
                 "INSERT INTO notice (id, account_id, kind, target, count, at_ms)"
                 " SELECT id + %d, 1, 'x', CAST(id + %d AS TEXT), 1, 1 FROM notice",
                 1 << i, 1 << i);
        world_script(w, sql);
    }
    insert(w, "INSERT INTO friend_request (from_id, to_id, at_ms) VALUES (1, 2, $)", 1);
    assert_int_equal(world_do(w, NOBODY, piece, &again), OK);
    assert_true(again);
    assert_int_equal(count(w, "notice"), 2048 - SWEEP_EACH);
    assert_int_equal(count(w, "friend_request"), 0);
    int pieces = 1;
    for (; again; pieces++) {
        assert_int_equal(world_do(w, NOBODY, piece, &again), OK);
    }
    assert_int_equal(pieces, 2048 / SWEEP_EACH + 1);
    assert_int_equal(count(w, "notice"), 0);
}

int main(void)
{
    static const struct feature *const list[] = {&retention_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(what_is_over_is_gone_at_its_second_and_not_one_before),
        WORLD_TEST(a_column_goes_by_itself_and_the_row_in_its_own_time),
        WORLD_TEST(what_hangs_on_a_row_goes_with_it),
        WORLD_TEST(work_that_waits_is_done_however_late_and_only_what_was_given_up_goes),
        WORLD_TEST(much_goes_in_small_pieces_and_keeps_nothing_else_waiting),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
