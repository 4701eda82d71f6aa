#include "tests/support/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "features/identity/accounts/accounts.h"
#include "jobs/jobs.h"
#include "privacy/sealed.h"
#include "store/store.h"

extern const struct feature accounts_feature, sessions_feature, invites_feature, mail_feature,
    consents_feature, retention_feature;

static const char JOIN[] = "{\"avatar_name\":\"Kartika\",\"password\":\"grey tram over kelapa\","
                           "\"email\":\"kartika@example.org\",\"birth_date\":\"1990-02-28\","
                           "\"country\":\"ID\",\"marketing\":false}";
static const char IN[] = "{\"name\":\"Kartika\",\"password\":\"grey tram over kelapa\"}";
static const char REOPEN[] =
    "{\"name\":\"Kartika\",\"password\":\"grey tram over kelapa\",\"reopen\":true}";

static char cookie[200];

static void take_cookie(struct world *w)
{
    for (size_t i = 0; i < w->last.cookie_count; i++) {
        if (strstr(w->last.cookies[i].name, SESSION_COOKIE)) {
            snprintf(cookie, sizeof(cookie), "%s=%s", w->last.cookies[i].name,
                     w->last.cookies[i].value);
        }
    }
}

static int as(struct world *w, const char *method, const char *path)
{
    w->cookie = cookie;
    int status = world_send(w, NOBODY, method, path, NULL);
    w->cookie = NULL;
    return status;
}

static void joins(struct world *w)
{
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts", JOIN), 201);
    take_cookie(w);
}

static void run_jobs(struct world *w)
{
    static struct feature quiet;
    static const struct feature *own[] = {&quiet, NULL};
    quiet = accounts_feature;
    struct jobs *jobs = jobs_new(own);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    jobs_run_due(jobs);
    jobs_free(jobs);
}

static int64_t people(struct world *w)
{
    return world_count(w, "SELECT count(*) FROM account WHERE avatar_name = 'Kartika'");
}

static void kick(struct world *w)
{
    world_script(w, "INSERT INTO job (id, kind, payload, state, run_at_ms, tries, created_ms)"
                    " VALUES (7, 'accounts.erase_now', '', 'waiting', 1, 0, 1)");
    run_jobs(w);
}

static size_t when(const struct world *w, enum event_kind kind)
{
    size_t at = w->event_count;
    while (at > 0 && w->events[at - 1].kind != kind) {
        at--;
    }
    assert_true(at > 0);
    return at;
}

/* Else their sockets would leave a room of theirs before it is known to be gone. */
static void the_end_is_told_before_the_end_of_sign_ins(struct world *w)
{
    joins(w);
    assert_int_equal(as(w, "DELETE", "/api/me"), 200);
    assert_true(when(w, EVENT_ACCOUNT_ENDED) < when(w, EVENT_SESSION_ENDED));
}

static void a_closed_account_is_gone_at_once_and_can_be_opened_for_seven_days(struct world *w)
{
    joins(w);
    assert_int_equal(as(w, "DELETE", "/api/me"), 200);
    assert_int_equal(as(w, "GET", "/api/me"), 401);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'accounts.closed'"), 1);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", IN), 403);
    assert_string_equal(world_code(w), "sessions.closed");
    kick(w);
    assert_int_equal(people(w), 1);
    w->now_ms += ACCOUNTS_REGRET_MS - TIME_H;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", REOPEN), 201);
    take_cookie(w);
    assert_int_equal(as(w, "GET", "/api/me"), 200);
    assert_true(world_says(w, "\"state\":\"active\""));
    w->now_ms += ACCOUNTS_REGRET_MS;
    kick(w);
    assert_int_equal(people(w), 1);
}

static bool burned(struct world *w, int64_t key_id)
{
    struct sealed sealed;
    struct call call = {.arena = w->kept, .keys = w->keys, .now_ms = w->now_ms};
    return sealed_text(&call, key_id, "account.email_ct", "x", &sealed) == ERR_MISSING;
}

/* proves: RGT-5a */
static void after_seven_days_nothing_is_left_not_even_the_key(struct world *w)
{
    joins(w);
    int64_t key_id = world_count(w, "SELECT key_id FROM account WHERE avatar_name = 'Kartika'");
    int64_t id = world_count(w, "SELECT id FROM account WHERE avatar_name = 'Kartika'");
    assert_int_equal(as(w, "DELETE", "/api/me"), 200);
    assert_false(burned(w, key_id));
    w->now_ms += ACCOUNTS_REGRET_MS + 1;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", REOPEN), 403);
    assert_string_equal(world_code(w), "sessions.ended");
    kick(w);
    assert_int_equal(people(w), 0);
    assert_true(burned(w, key_id));
    static const char *const tables[] = {"session WHERE account_id", "ticket WHERE account_id",
                                         "mail WHERE account_id", "job WHERE account_id",
                                         "idempotency WHERE actor_id"};
    for (size_t i = 0; i < COUNT(tables); i++) {
        char sql[128];
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s = %lld", tables[i], (long long)id);
        assert_int_equal(world_count(w, sql), 0);
    }
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", REOPEN), 401);
    joins(w); /* the name is free */
}

static void a_crash_before_the_key_is_burned_burns_it_later(struct world *w)
{
    joins(w);
    int64_t key_id = world_count(w, "SELECT key_id FROM account WHERE avatar_name = 'Kartika'");
    char sql[300];
    snprintf(sql, sizeof(sql),
             "DELETE FROM account WHERE avatar_name = 'Kartika';"
             "INSERT INTO job (id, kind, payload, state, run_at_ms, tries, created_ms)"
             " VALUES (7, 'accounts.burn', '%lld', 'waiting', 1, 3, 1)",
             (long long)key_id);
    world_script(w, sql);
    run_jobs(w);
    assert_true(burned(w, key_id));
}

static enum err end_it(struct call *call, void *arg)
{
    return accounts_end(call, arg, "spam");
}

static void what_an_administrator_ended_is_not_opened_by_signing_in(struct world *w)
{
    joins(w);
    static char id[PUBLIC_ID_LEN + 1];
    assert_int_equal(as(w, "GET", "/api/me"), 200);
    snprintf(id, sizeof(id), "%s", world_field(w, "id"));
    assert_int_equal(as(w, "DELETE", "/api/me"), 200);
    assert_int_equal(world_do(w, ADA, end_it, id), OK);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", REOPEN), 403);
    assert_string_equal(world_code(w), "sessions.ended");
}

static void the_last_administrator_stays(struct world *w)
{
    joins(w);
    world_script(w, "UPDATE account SET role = 'member'; UPDATE account SET role = 'admin'"
                    " WHERE avatar_name = 'Kartika'; DELETE FROM session");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", IN), 201);
    take_cookie(w);
    assert_int_equal(as(w, "DELETE", "/api/me"), 409);
    assert_string_equal(world_code(w), "accounts.last_admin");
    world_script(w, "UPDATE account SET role = 'admin'");
    assert_int_equal(as(w, "DELETE", "/api/me"), 200);
}

static void many_lines_are_erased_piece_by_piece(struct world *w)
{
    joins(w);
    int64_t id = world_count(w, "SELECT id FROM account WHERE avatar_name = 'Kartika'");
    char sql[1200];
    snprintf(sql, sizeof(sql),
             "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity,"
             " visibility, owner_id, keep_days, created_ms) VALUES (5, 'room5', 'Room', 'room',"
             " 'cafe', 'en', 5, 'public', %lld, 90, 1);"
             "INSERT INTO line (room_id, seq, sender_id, client_id, at_ms, body_ct)"
             " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1203)"
             " SELECT 5, i, %lld, CAST(i AS TEXT), 1, %s FROM n, account"
             " WHERE account.id = %lld",
             (long long)id, (long long)id, store_is_sqlite(w->store.store) ? "X'00'" : "''::bytea",
             (long long)id);
    world_script(w, sql);
    assert_int_equal(as(w, "DELETE", "/api/me"), 200);
    w->now_ms += ACCOUNTS_REGRET_MS + 1;
    kick(w);
    assert_int_equal(world_count(w, "SELECT count(*) FROM line"), 0);
    assert_int_equal(people(w), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM room WHERE ended_ms IS NOT NULL"), 1);
}

static enum err erase_late(struct call *call, void *arg UNUSED)
{
    struct accounts_erasing erasing = {0};
    TRY(accounts_erase_look(call, &erasing));
    assert_true(erasing.whose.account_id);
    call->now_ms -= ACCOUNTS_REGRET_MS; /* as if it was opened again meanwhile */
    TRY(accounts_erase(call, &erasing));
    call->now_ms += ACCOUNTS_REGRET_MS;
    return OK;
}

static void what_was_opened_again_meanwhile_loses_nothing(struct world *w)
{
    joins(w);
    world_script(w, "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity,"
                    " visibility, owner_id, keep_days, created_ms) SELECT 5, 'room5', 'Room',"
                    " 'room', 'cafe', 'en', 5, 'public', id, 90, 1 FROM account"
                    " WHERE avatar_name = 'Kartika'");
    assert_int_equal(as(w, "DELETE", "/api/me"), 200);
    int64_t mails = world_count(w, "SELECT count(*) FROM mail");
    w->now_ms += ACCOUNTS_REGRET_MS + 1;
    assert_int_equal(world_do(w, ADA, erase_late, NULL), OK);
    assert_int_equal(people(w), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail"), mails);
    assert_int_equal(world_count(w, "SELECT count(*) FROM room WHERE ended_ms IS NULL"), 1);
}

/* One whose row does not go (here: something still names it) keeps nobody else's. */
static void one_that_cannot_be_erased_does_not_keep_the_others(struct world *w)
{
    joins(w);
    world_script(w, "CREATE TABLE test_names (account_id BIGINT NOT NULL REFERENCES account (id));"
                    "INSERT INTO test_names (account_id) VALUES (2);"
                    "UPDATE account SET state = 'ended', erase_at_ms = 1 WHERE id = 2;"
                    "UPDATE account SET state = 'ended', erase_at_ms = 2 WHERE id IN (1, 3)");
    for (int i = 0; i < 60; i++) {
        w->now_ms += 10 * TIME_MIN;
        run_jobs(w);
    }
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE id IN (1, 3)"), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE id = 2"), 1);
    world_script(w, "DROP TABLE test_names");
}

int main(void)
{
    static const struct feature *const list[] = {&accounts_feature,
                                                 &sessions_feature,
                                                 &invites_feature,
                                                 &mail_feature,
                                                 &consents_feature,
                                                 &retention_feature,
                                                 NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(the_end_is_told_before_the_end_of_sign_ins),
        WORLD_TEST(a_closed_account_is_gone_at_once_and_can_be_opened_for_seven_days),
        WORLD_TEST(after_seven_days_nothing_is_left_not_even_the_key),
        WORLD_TEST(a_crash_before_the_key_is_burned_burns_it_later),
        WORLD_TEST(what_an_administrator_ended_is_not_opened_by_signing_in),
        WORLD_TEST(the_last_administrator_stays),
        WORLD_TEST(many_lines_are_erased_piece_by_piece),
        WORLD_TEST(what_was_opened_again_meanwhile_loses_nothing),
        WORLD_TEST(one_that_cannot_be_erased_does_not_keep_the_others),
    };
    const struct world_options options = {.features = list, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
