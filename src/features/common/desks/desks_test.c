#include "features/common/desks/desks.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/parents.h"

extern const struct feature *const features[];

/* ADA is an administrator and in support, BEN a moderator and privacy officer, by a passkey. */

/* One job that was given up, one mail that can be sent again and one that is past its time. */
static void things_wait(struct world *w)
{
    parents_begin(w);
    world_script(w, "UPDATE account SET state = 'waiting' WHERE id = 4");
    world_script(w, "INSERT INTO job (id, kind, payload, state, run_at_ms, created_ms)"
                    " VALUES (7, 'ops.keys', '', 'dead', 1, 1)");
    for (int i = 0; i < 2; i++) {
        char sql[400];
        snprintf(sql, sizeof(sql),
                 "INSERT INTO mail (id, key_id, kind, language, elsewhere, values_ct, code_hash,"
                 " state, rank, due_ms, ends_ms, created_ms) SELECT %d, key_id, 'mail.test', 'en',"
                 " 0, %s, %s, 'dead', 0, 1, 3000000000000, 1 FROM account WHERE id = 1",
                 i + 1,
                 i             ? "NULL"
                 : w->store.pg ? "'\\x00'::bytea"
                               : "x'00'",
                 w->store.pg ? (i ? "'\\x01'::bytea" : "'\\x02'::bytea") : (i ? "x'01'" : "x'02'"));
        world_script(w, sql);
    }
}

static void what_waits_for_administrators_is_counted_where_they_see_to_it(struct world *w)
{
    things_wait(w);
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/waiting", NULL), 200);
    assert_string_equal(
        w->last.body,
        "{\"items\":["
        "{\"name\":\"accounts\",\"path\":\"/admin/people\",\"waiting\":1,\"urgent\":0},"
        "{\"name\":\"mail\",\"path\":\"/admin/mail\",\"waiting\":1,\"urgent\":0},"
        "{\"name\":\"jobs\",\"path\":\"/admin/jobs\",\"waiting\":1,\"urgent\":0}]}");
    assert_int_equal(world_send(w, ADA, "POST", "/api/admin/jobs/7/retry", NULL), 204);
    assert_int_equal(world_send(w, ADA, "POST", "/api/admin/mail/1/again", NULL), 204);
    assert_int_equal(
        world_sendf(w, ADA, "POST", NULL, "/api/admin/accounts/%s/approve", w->public_ids[DAN]),
        204);
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/waiting", NULL), 200);
    assert_false(world_says(w, "\"waiting\":1"));
}

static void nobody_learns_how_much_waits_on_anothers_desk(struct world *w)
{
    things_wait(w);
    const struct {
        int who, admin, staff;
    } all[] = {{NOBODY, 401, 401}, {ANA, 403, 403}, {BEN, 200, 200}, {ADA, 200, 403}};
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_int_equal(world_send(w, all[i].who, "GET", "/api/admin/waiting", NULL),
                         all[i].admin);
        assert_false(world_says(w, "/staff"));
        /* A privacy officer comes there for what staff did: nothing that waits is theirs. */
        assert_false(all[i].who == BEN && world_says(w, "/admin/"));
        assert_int_equal(world_send(w, all[i].who, "GET", "/api/staff/waiting", NULL),
                         all[i].staff);
        assert_false(world_says(w, "/admin"));
    }
}

static void how_many_people_wait_is_told_after_a_passkey_as_who_they_are(struct world *w)
{
    things_wait(w);
    world_script(w, "UPDATE session SET proof = 0");
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/accounts", NULL), 403);
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/waiting", NULL), 200);
    assert_false(world_says(w, "/admin/people"));
    assert_true(world_says(w, "/admin/jobs"));
}

static void each_desk_is_whole_and_whose_it_is_is_said(struct world *w UNUSED)
{
    size_t count = 0;
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct desk *desk = (*at)->desks; desk && desk->name; desk++) {
            const char *below = strncmp(desk->path, "/admin", 6) == 0 ? "/admin" : "/staff";
            assert_true(*roles_power_name(desk->may));
            assert_int_equal(strncmp(desk->path, below, strlen(below)), 0);
            assert_non_null(desk->waiting);
            count++;
        }
    }
    assert_in_range(count, 5, DESKS_MAX);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(what_waits_for_administrators_is_counted_where_they_see_to_it),
        WORLD_TEST(nobody_learns_how_much_waits_on_anothers_desk),
        WORLD_TEST(how_many_people_wait_is_told_after_a_passkey_as_who_they_are),
        WORLD_TEST(each_desk_is_whole_and_whose_it_is_is_said),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
