#include "commands/admin.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "features/identity/accounts/accounts.h"
#include "tests/support/folder.h"
#include "tests/support/parents.h"

/* What administrators do after a passkey in the pages, by whoever is at the machine. */

#define ROOM "rrrrrrrrrrrrrrrrrrrrrrrrrr"

static char text[ADMIN_TEXT_MAX];

static enum err at_machine(struct world *w, const char *line)
{
    memset(text, 0, sizeof(text));
    return admin_run(NULL, w->api, line, text);
}

static void assert_says(const char *wanted)
{
    if (!strstr(text, wanted)) {
        fail_msg("\"%s\" is not in \"%s\"", wanted, text);
    }
}

static int64_t lines(struct world *w, const char *act, int on)
{
    char sql[200];
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM audit WHERE by_id IS NULL AND act = 'bauta admin %s'"
             " AND COALESCE(on_id, 0) = %d",
             act, on);
    return world_count(w, sql);
}

static void roles_are_given_listed_and_taken_at_the_machine(struct world *w)
{
    parents_begin(w);
    assert_int_equal(at_machine(w, "give\tDan\tmoderator"), OK);
    assert_int_equal(world_count(w, "SELECT count(*) FROM staff WHERE account_id = 4"
                                    " AND by_id IS NULL"),
                     1);
    assert_int_equal(lines(w, "give", DAN), 1);
    assert_int_equal(at_machine(w, "staff"), OK);
    assert_says("4 people of the staff");
    assert_says("\nben: moderator privacy");
    assert_says("\ndan: moderator");
    world_script(w, "UPDATE account SET age_band = '13' WHERE id = 1"); /* staff are adults */
    assert_int_equal(at_machine(w, "give\tana\tsupport"), ERR_MISSING);
    assert_int_equal(at_machine(w, "take\tdan\tmoderator"), OK);
    assert_int_equal(at_machine(w, "take\tdan\tmoderator"), ERR_MISSING);
    assert_int_equal(lines(w, "take", DAN), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM staff WHERE account_id = 4"), 0);
    assert_int_equal(at_machine(w, "give\tdan\tking"), ERR_INVALID);
    assert_int_equal(at_machine(w, "take\tada\tadmin"), ERR_CONFLICT); /* the last one stays */
    assert_int_equal(at_machine(w, "end\tada\tleft"), ERR_CONFLICT);
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit"), 2); /* of what was done */
}

static void rooms_are_listed_renamed_and_closed_at_the_machine(struct world *w)
{
    parents_begin(w);
    world_script(w, "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity,"
                    " visibility, owner_id, keep_days, created_ms) VALUES (77, '" ROOM "',"
                    " 'Quiet', 'quiet', 'lounge', 'en', 5, 'closed', 1, 9, 1)");
    assert_int_equal(at_machine(w, "rooms\tQU"), OK);
    assert_says(ROOM ": Quiet, closed, of ana");
    assert_int_equal(lines(w, "rooms", 0), 1); /* a look at closed rooms, too */
    assert_int_equal(at_machine(w, "rooms\tz"), OK);
    assert_says("0 rooms");
    assert_int_equal(at_machine(w, "rename\t" ROOM "\tLoud  Place"), OK);
    assert_int_equal(lines(w, "rename", 77), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM room WHERE name = 'Loud Place'"
                                    " AND name_fold = 'loud place' AND scene = 'lounge'"),
                     1);
    assert_int_equal(at_machine(w, "rename\t" ROOM "\t "), ERR_INVALID);
    assert_int_equal(at_machine(w, "close\tnone"), ERR_MISSING);
    assert_int_equal(at_machine(w, "close\t" ROOM), OK);
    assert_int_equal(lines(w, "close", 77), 1);
    assert_int_equal(at_machine(w, "close\t" ROOM), ERR_MISSING);
    assert_int_equal(world_count(w, "SELECT count(*) FROM room WHERE ended_ms IS NULL"), 0);
}

static void people_and_what_staff_did_are_read_at_the_machine(struct world *w)
{
    parents_begin(w);
    assert_int_equal(at_machine(w, "end\tdan\tsold things"), OK);
    assert_int_equal(at_machine(w, "people\tDA"), OK);
    assert_says("dan: ended");
    assert_int_equal(at_machine(w, "people\tnobody"), OK);
    assert_says("0 people");
    world_script(w, "INSERT INTO account_name (id, account_id, name, name_skeleton, name_look,"
                    " from_ms, until_ms, kept_until_ms) VALUES (1, 1, 'anna', 'anna', 'anna', 1,"
                    " 2, 3)");
    assert_int_equal(at_machine(w, "names\tana"), OK);
    assert_says("anna");
    assert_int_equal(at_machine(w, "acts"), OK);
    assert_says("at the machine: bauta admin end, dan: sold things");
}

static void jobs_that_were_given_up_are_tried_again_at_the_machine(struct world *w)
{
    parents_begin(w);
    world_script(w, "INSERT INTO job (id, kind, payload, state, run_at_ms, created_ms)"
                    " VALUES (7, 'ops.keys', '', 'dead', 1, 1)");
    assert_int_equal(at_machine(w, "jobs"), OK);
    assert_says("7: ops.keys");
    assert_int_equal(at_machine(w, "job\t7"), OK);
    assert_int_equal(at_machine(w, "job\t7"), ERR_MISSING);
    assert_int_equal(lines(w, "job", 7), 1);
}

/* Lists end before there is no room, with whole lines. */
static void a_list_is_never_longer_than_what_is_printed(struct world *w)
{
    parents_begin(w);
    for (int i = 0; i < 200; i++) {
        char sql[300];
        snprintf(sql, sizeof(sql),
                 "INSERT INTO job (id, kind, payload, state, why, run_at_ms, created_ms) VALUES"
                 " (%d, 'ops.keys', '', 'dead', '%0150d', 1, 1)",
                 1000 + i, i);
        world_script(w, sql);
    }
    assert_int_equal(at_machine(w, "jobs"), OK);
    size_t len = strlen(text);
    assert_true(len > ADMIN_TEXT_MAX - 300 && len < ADMIN_TEXT_MAX);
    assert_true(strrchr(text, '\n') && strlen(strrchr(text, '\n')) > 150);
}

static void a_link_that_there_is_no_memory_for_fails_in_words(struct world *w)
{
    struct home home = {.settings = {.listen = "127.0.0.1:8443"}};
    enum err err = OK;
    size_t refused = 0;
    arena_fail_unguarded(true);
    for (uint64_t nth = 1;; nth++) {
        arena_fail_at(nth, false);
        memset(text, 0, sizeof(text));
        err = admin_run(&home, w->api, "create\tBudi Boss", text);
        bool struck = arena_fail_at(0, false) == 0;
        assert_true(*text);
        refused += err != OK;
        if (!struck) {
            break;
        }
    }
    arena_fail_unguarded(false);
    assert_int_equal(err, OK);
    assert_true(refused > 0);
    assert_says("http://localhost:8443/welcome#");
    assert_says("/Budi%20Boss");
}

/* A password's hash takes memory that a machine with much else to do may not have just then. */
static void a_demo_waits_until_what_it_lacked_is_there_again(struct world *w)
{
    enum { OF_THE_FIRST_ACCOUNT = 300 };
    char folder[TEST_FOLDER_MAX];
    assert_true(test_folder("demo", folder));
    struct home home = {.settings = {.data = folder}, .lock_fd = open(folder, O_RDONLY)};
    world_script(w, "DELETE FROM account");
    arena_fail_at(OF_THE_FIRST_ACCOUNT, false);
    enum err err = demo_fill(&home, w->api, text);
    bool struck = arena_fail_at(0, false) == 0;
    assert_int_equal(unlinkat(home.lock_fd, "demo", 0), 0);
    close(home.lock_fd);
    rmdir(folder);
    assert_true(struck);
    assert_says("is a demo world now");
    assert_int_equal(err, OK);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account"), ACCOUNTS_DEMO_PEOPLE);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(roles_are_given_listed_and_taken_at_the_machine),
        WORLD_TEST(rooms_are_listed_renamed_and_closed_at_the_machine),
        WORLD_TEST(people_and_what_staff_did_are_read_at_the_machine),
        WORLD_TEST(jobs_that_were_given_up_are_tried_again_at_the_machine),
        WORLD_TEST(a_link_that_there_is_no_memory_for_fails_in_words),
        WORLD_TEST(a_demo_waits_until_what_it_lacked_is_there_again),
        WORLD_TEST(a_list_is_never_longer_than_what_is_printed),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
