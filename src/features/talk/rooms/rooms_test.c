#include "features/talk/rooms/rooms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/common/contact/contact.h"
#include "features/talk/rooms/rooms_test.h"
#include "privacy/keys.h"
#include "store/store.h"

static const int64_t HOUR_MS = 60 * 60 * 1000;

/* ---- rules ---- */

static void rooms_are_found_by_any_part_of_their_name_in_any_case(struct world *w)
{
    make(w, ANA, "Straße am Meer", "public");
    make(w, ANA, "100% fun_room", "public");
    make(w, ANA, "Hidden away", "unlisted");
    assert_int_equal(world_send(w, BEN, "GET", "/api/rooms?search=STRASSE", NULL), 200);
    assert_true(world_says(w, "Straße am Meer"));
    assert_int_equal(world_send(w, BEN, "GET", "/api/rooms?search=%25", NULL), 200);
    assert_true(world_says(w, "100% fun_room"));
    assert_false(world_says(w, "Straße"));
    assert_int_equal(world_send(w, BEN, "GET", "/api/rooms?search=n_r", NULL), 200);
    assert_true(world_says(w, "100%"));
    assert_int_equal(world_send(w, BEN, "GET", "/api/rooms", NULL), 200);
    assert_false(world_says(w, "Hidden away"));
    assert_int_equal(world_send(w, ANA, "GET", "/api/rooms", NULL), 200);
    assert_true(world_says(w, "Hidden away")); /* one's own are always there */
}

static void a_long_list_comes_in_pages_without_gaps(struct world *w)
{
    world_set(w, "rooms_per_member", "1000");
    world_script(w, "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity,"
                    " visibility, owner_id, keep_days, created_ms) WITH RECURSIVE n (i) AS (SELECT"
                    " 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120) SELECT i, 'r' || i, 'same',"
                    " 'same', 'cafe', 'en', 10, 'public', (SELECT MIN(id) FROM account), 90, 0"
                    " FROM n");
    size_t found = 0;
    char path[4096] = "/api/rooms";
    for (int page = 0; page < 3; page++) {
        assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
        for (const char *at = w->last.body; (at = strstr(at, "\"id\":")); at++) {
            found++;
        }
        snprintf(path, sizeof(path), "/api/rooms?after=%s", world_field(w, "next"));
    }
    assert_int_equal(found, 120);
    assert_true(world_says(w, "\"next\":null"));
}

static void a_member_may_own_so_many_rooms_and_not_one_more(struct world *w)
{
    world_set(w, "rooms_per_member", "2");
    make(w, ANA, "One", "public");
    const char *two = make(w, ANA, "Two", "unlisted");
    static const char *const three =
        "{\"name\":\"Three\",\"scene\":\"cafe\",\"language\":\"en\",\"visibility\":\"public\"}";
    assert_int_equal(world_send(w, ANA, "POST", "/api/rooms", three), 429);
    assert_string_equal(world_code(w), "rooms.many");
    assert_int_equal(world_sendf(w, ANA, "DELETE", NULL, "/api/rooms/%s", two), 204);
    assert_int_equal(world_send(w, ANA, "POST", "/api/rooms", three), 201);
}

static void bad_rooms_are_refused(struct world *w)
{
    static const struct {
        const char *json, *code;
    } bad[] = {
        {"{\"name\":\" \",\"scene\":\"cafe\",\"language\":\"en\"}", "rooms.name"},
        {"{\"name\":\"a\\u202eb\",\"scene\":\"cafe\",\"language\":\"en\"}", "rooms.name"},
        {"{\"name\":\"a\\nb\",\"scene\":\"attic\",\"language\":\"en\"}", "input.choice"},
        {"{\"name\":\"a\",\"scene\":\"cafe\",\"language\":\"xx\"}", "input.choice"},
        {"{\"name\":\"a\",\"scene\":\"cafe\",\"language\":\"en\",\"capacity\":1}", "input.range"},
        {"{\"name\":\"a\",\"scene\":\"cafe\",\"language\":\"en\",\"capacity\":201}", "input.range"},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(world_send(w, ANA, "POST", "/api/rooms", bad[i].json), 400);
        assert_string_equal(world_code(w), bad[i].code);
    }
    char json[512], name[122];
    memset(name, 'x', sizeof(name));
    name[ROOMS_NAME_MAX] = '\0';
    snprintf(json, sizeof(json), "{\"name\":\"%s\",\"scene\":\"cafe\",\"language\":\"en\"}", name);
    assert_int_equal(world_send(w, ANA, "POST", "/api/rooms", json), 201);
    name[ROOMS_NAME_MAX] = 'x';
    name[ROOMS_NAME_MAX + 1] = '\0';
    snprintf(json, sizeof(json), "{\"name\":\"%s\",\"scene\":\"cafe\",\"language\":\"en\"}", name);
    assert_int_equal(world_send(w, ANA, "POST", "/api/rooms", json), 400);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/rooms", json), 401);
}

static void only_the_owner_and_staff_change_a_room(struct world *w)
{
    const char *id = make(w, ANA, "Mine", "public");
    static const char *const edit = "{\"name\":\"Yours\",\"keep_days\":30}";
    assert_int_equal(world_sendf(w, BEN, "PATCH", edit, "/api/rooms/%s", id), 404);
    assert_int_equal(world_sendf(w, BEN, "DELETE", NULL, "/api/rooms/%s", id), 404);
    assert_int_equal(world_sendf(w, ANA, "PATCH", edit, "/api/rooms/%s", id), 200);
    assert_true(world_says(w, "\"name\":\"Yours\""));
    assert_true(world_says(w, "\"keep_days\":30"));
    assert_int_equal(w->events[w->event_count - 1].kind, EVENT_ROOM_CHANGED);
    assert_int_equal(world_sendf(w, ADA, "PATCH", edit, "/api/rooms/%s", id), 200);
    world_set(w, "room_lines_days", "60");
    assert_int_equal(world_sendf(w, ANA, "PATCH", "{\"keep_days\":61}", "/api/rooms/%s", id), 400);
}

/* A name reads like a place of those who run the site: it is theirs. */
static void a_room_is_not_named_like_those_who_run_the_place(struct world *w)
{
    static const char *const names[] = {"Staff", "\u2b50 St\u0430ff \u2b50", "Bauta-Support"};
    const char *id = make(w, ANA, "Mine", "public");
    for (size_t i = 0; i < COUNT(names); i++) {
        char json[200];
        snprintf(json, sizeof(json), "{\"name\":\"%s\",\"scene\":\"cafe\",\"language\":\"en\"}",
                 names[i]);
        assert_int_equal(world_send(w, ANA, "POST", "/api/rooms", json), 400);
        assert_string_equal(world_code(w), "rooms.reserved");
        assert_int_equal(world_sendf(w, ANA, "PATCH", json, "/api/rooms/%s", id), 400);
        assert_string_equal(world_code(w), "rooms.reserved");
        assert_int_equal(world_send(w, ADA, "POST", "/api/rooms", json), 201);
    }
}

static void a_closed_room_looks_like_none_to_others(struct world *w)
{
    const char *id = make(w, ANA, "Quiet", "closed");
    assert_int_equal(world_sendf(w, BEN, "GET", NULL, "/api/rooms/%s", id), 404);
    char *closed = strdup(w->last.body);
    assert_int_equal(world_send(w, BEN, "GET", "/api/rooms/nowhere", NULL), 404);
    assert_string_equal(w->last.body, closed);
    free(closed);
    assert_int_equal(world_sendf(w, ANA, "GET", NULL, "/api/rooms/%s", id), 200);
    assert_string_equal(admit(w, id, BEN).verdicts[0].code, "rooms.missing");
    assert_null(admit(w, id, ANA).verdicts[0].code);
}

static void who_is_removed_may_come_back_after_a_day(struct world *w)
{
    const char *id = make(w, ANA, "Mine", "public");
    char json[96];
    snprintf(json, sizeof(json), "{\"account\":\"%s\"}", w->public_ids[BEN]);
    assert_int_equal(world_sendf(w, CLEO, "POST", json, "/api/rooms/%s/remove", id), 404);
    assert_int_equal(world_sendf(w, ANA, "POST", json, "/api/rooms/%s/remove", id), 204);
    const struct event *event = &w->events[w->event_count - 1];
    assert_int_equal(event->kind, EVENT_ROOM_REMOVED);
    assert_int_equal(event->account_id, w->account_ids[BEN]);
    assert_string_equal(admit(w, id, BEN).verdicts[0].code, "rooms.removed");
    assert_int_equal(world_sendf(w, BEN, "GET", NULL, "/api/rooms/%s/messages", id), 403);
    w->now_ms += 24 * HOUR_MS;
    assert_null(admit(w, id, BEN).verdicts[0].code);
    const int spared[] = {ANA, ADA};
    for (size_t i = 0; i < COUNT(spared); i++) {
        snprintf(json, sizeof(json), "{\"account\":\"%s\"}", w->public_ids[spared[i]]);
        assert_int_equal(world_sendf(w, ANA, "POST", json, "/api/rooms/%s/remove", id), 403);
    }
    assert_int_equal(
        world_sendf(w, ANA, "POST", "{\"account\":\"nobody\"}", "/api/rooms/%s/remove", id), 404);
}

static void lines_are_sealed_and_read_in_pages(struct world *w)
{
    const char *id = make(w, ANA, "Talk", "public");
    struct live_load_out room = load(w, id);
    for (int i = 1; i <= 7; i++) {
        char cid[16], text[32];
        snprintf(cid, sizeof(cid), "c%d", i);
        snprintf(text, sizeof(text), "plain words %d", i);
        struct live_save_out said = say(w, &room, i, i % 2 ? ANA : BEN, cid, text);
        assert_null(said.stored[0].code);
        assert_int_equal(said.stored[0].seq, i);
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM line WHERE length(body_ct) > 50"), 7);
    assert_int_equal(world_sendf(w, BEN, "GET", NULL, "/api/rooms/%s/messages?limit=3", id), 200);
    assert_true(world_says(w, "plain words 5") && world_says(w, "plain words 7"));
    assert_string_equal(world_field(w, "avatar"), "mia");
    assert_false(world_says(w, "plain words 4"));
    assert_string_equal(world_field(w, "next"), "5");
    assert_int_equal(
        world_sendf(w, BEN, "GET", NULL, "/api/rooms/%s/messages?before=5&limit=4", id), 200);
    assert_true(world_says(w, "plain words 1") && world_says(w, "plain words 4"));
    assert_int_equal(world_sendf(w, BEN, "GET", NULL, "/api/rooms/%s/messages?after=6", id), 200);
    assert_true(world_says(w, "plain words 7"));
    assert_false(world_says(w, "plain words 6"));
    assert_true(world_says(w, "\"next\":null"));
}

static void a_line_said_again_keeps_its_first_number(struct world *w)
{
    const char *id = make(w, ANA, "Talk", "public");
    struct live_load_out room = load(w, id);
    say(w, &room, 1, ANA, "same", "once");
    struct live_save_out again = say(w, &room, 2, ANA, "same", "once");
    assert_null(again.stored[0].code);
    assert_int_equal(again.stored[0].seq, 1);
    assert_null(say(w, &room, 3, BEN, "same", "another's").stored[0].code);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM line"), 2);
    struct live_said_in in = {room.room.id, w->account_ids[ANA], "same"};
    struct live_said_out out = {0};
    assert_int_equal(ask(w, &rooms_said_route, &in, &out), OK);
    assert_int_equal(out.seq, 1);
}

static void a_room_that_comes_to_life_again_remembers(struct world *w)
{
    const char *id = make(w, ANA, "Talk", "public");
    struct live_load_out first = load(w, id);
    say(w, &first, 1, ANA, "a", "first life");
    say(w, &first, 2, BEN, "b", "first life");
    struct live_load_out second = load(w, id);
    assert_int_equal(second.seq, 2);
    assert_int_equal(second.heard_count, 2);
    assert_string_equal(second.heard[0].text, "first life");
    say(w, &second, 3, ADA, "c", "second life");
    struct live_entrant entrant = {w->account_ids[BEN], 5};
    struct live_admit_in in = {id, &entrant, 1, NULL, 0};
    struct live_admit_out out;
    assert_int_equal(ask(w, &rooms_admit_route, &in, &out), OK);
    assert_int_equal(out.verdicts[0].since, 3); /* 4 and 5 were never stored */
    /* What is told is no number of somebody hidden. */
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) SELECT b.id, a.id, 1"
                    " FROM account a, account b WHERE a.id = (SELECT sender_id FROM line WHERE"
                    " seq = 3) AND b.id = (SELECT sender_id FROM line WHERE seq = 2)");
    assert_int_equal(ask(w, &rooms_admit_route, &in, &out), OK);
    assert_int_equal(out.verdicts[0].since, 2);
    entrant.seq = 3; /* but for one that was told */
    assert_int_equal(ask(w, &rooms_admit_route, &in, &out), OK);
    assert_int_equal(out.verdicts[0].since, 3);
}

static void an_ended_account_is_perceived_by_nobody(struct world *w)
{
    const char *id = make(w, ANA, "Talk", "public");
    struct live_load_out room = load(w, id);
    say(w, &room, 1, BEN, "a", "from Ben");
    say(w, &room, 2, CLEO, "b", "from Cleo");
    char sql[96];
    snprintf(sql, sizeof(sql), "UPDATE account SET state = 'ended' WHERE id = %lld",
             (long long)w->account_ids[BEN]);
    world_script(w, sql);
    assert_int_equal(world_sendf(w, ANA, "GET", NULL, "/api/rooms/%s/messages", id), 200);
    assert_false(world_says(w, "from Ben"));
    assert_true(world_says(w, "from Cleo"));
    struct live_load_out again = load(w, id);
    assert_int_equal(again.heard_count, 1);
    struct live_admit_out out = admit(w, id, BEN);
    assert_string_equal(out.verdicts[0].code, "rooms.missing");
    assert_int_equal(out.hidden_count, 1); /* who is in does not perceive who has ended */
}

static void a_burned_key_takes_its_lines_with_it(struct world *w)
{
    const char *id = make(w, ANA, "Talk", "public");
    struct live_load_out room = load(w, id);
    say(w, &room, 1, BEN, "a", "from Ben");
    say(w, &room, 2, CLEO, "b", "from Cleo");
    assert_int_equal(keys_burn(w->keys, key_of(w, BEN)), OK);
    assert_int_equal(world_sendf(w, ANA, "GET", NULL, "/api/rooms/%s/messages", id), 200);
    assert_false(world_says(w, "from Ben"));
    assert_true(world_says(w, "from Cleo"));
    assert_string_equal(say(w, &room, 3, BEN, "c", "late").stored[0].code, "rooms.gone");
    assert_null(say(w, &room, 4, CLEO, "d", "still here").stored[0].code);
}

static enum err sweep(struct call *call, void *arg)
{
    return rooms_sweep(call, arg);
}

static void lines_go_when_their_time_is_over_and_their_numbers_never_come_back(struct world *w)
{
    const char *id = make(w, ANA, "Talk", "public");
    struct live_load_out room = load(w, id);
    bool more = false;
    assert_int_equal(world_sendf(w, ANA, "PATCH", "{\"keep_days\":1}", "/api/rooms/%s", id), 200);
    for (int i = 1; i <= 150; i++) {
        char cid[16];
        snprintf(cid, sizeof(cid), "c%d", i);
        say(w, &room, i, ANA, cid, "old");
    }
    w->now_ms += 24 * HOUR_MS;
    assert_int_equal(world_do(w, ANA, sweep, &more), OK);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM line"), 150);
    w->now_ms += HOUR_MS + 1;
    assert_int_equal(world_do(w, ANA, sweep, &more), OK);
    assert_true(more);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM line"), 50);
    assert_int_equal(world_do(w, ANA, sweep, &more), OK);
    assert_false(more);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM line"), 0);
    struct live_load_out again = load(w, id);
    assert_int_equal(again.seq, 150);
}

static void lines_go_in_time_whatever_the_clock_did_between(struct world *w)
{
    const char *id = make(w, ANA, "Talk", "public");
    struct live_load_out room = load(w, id);
    bool more = true;
    assert_int_equal(world_sendf(w, ANA, "PATCH", "{\"keep_days\":1}", "/api/rooms/%s", id), 200);
    w->now_ms += 30 * 24 * HOUR_MS; /* set wrong */
    for (int i = 1; i <= 150; i++) {
        char cid[16];
        snprintf(cid, sizeof(cid), "c%d", i);
        say(w, &room, i, ANA, cid, i <= 120 ? "of the future" : "of today");
        w->now_ms -= i == 120 ? 30 * 24 * HOUR_MS : 0; /* set right, after a sweep */
        if (i == 119) {
            assert_int_equal(world_do(w, ANA, sweep, &more), OK);
        }
    }
    w->now_ms += 25 * HOUR_MS + 1;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(world_do(w, ANA, sweep, &more), OK);
    }
    assert_false(more);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM line WHERE seq > 120"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM line"), 120);
    assert_int_equal(load(w, id).seq, 150);
}

static void an_ended_room_is_gone_with_all_that_was_said(struct world *w)
{
    const char *id = make(w, ANA, "Talk", "public");
    struct live_load_out room = load(w, id);
    bool more = false;
    say(w, &room, 1, ANA, "a", "words");
    assert_int_equal(world_sendf(w, ANA, "DELETE", NULL, "/api/rooms/%s", id), 204);
    assert_int_equal(world_sendf(w, ANA, "GET", NULL, "/api/rooms/%s", id), 404);
    struct live_load_in in = {id};
    struct live_load_out out;
    assert_int_equal(ask(w, &rooms_load_route, &in, &out), ERR_MISSING);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(world_do(w, ANA, sweep, &more), OK);
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM line"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM room"), 0);
}

static void nothing_changed(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM room"), 0);
}

static void a_failing_statement_makes_no_room(struct world *w)
{
    world_faults(w, ANA, "POST", "/api/rooms",
                 "{\"name\":\"One\",\"scene\":\"cafe\",\"language\":\"en\"}", nothing_changed);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM room"), 1);
}

struct pair {
    int64_t viewer, subject;
    bool may;
};

static enum err may(struct call *call, void *arg)
{
    struct pair *pair = arg;
    return contact_may(call, pair->viewer, pair->subject, CONTACT_PERCEIVE, &pair->may);
}

static void the_rule_says_the_same_for_one_and_for_many(struct world *w)
{
    const char *id = make(w, ANA, "Talk", "public");
    world_script(w, "UPDATE account SET state = 'ended' WHERE avatar_name LIKE '%e%'");
    for (int who = ANA; who < PEOPLE; who++) {
        struct pair pair = {w->account_ids[ADA], w->account_ids[who], false};
        assert_int_equal(world_do(w, ADA, may, &pair), OK);
        struct live_admit_out out = admit(w, id, who);
        assert_int_equal(pair.may, out.hidden_count == 0 || who == ADA);
    }
    struct pair nobody = {w->account_ids[ADA], 12345, true};
    assert_int_equal(world_do(w, ADA, may, &nobody), OK);
    assert_false(nobody.may);
}

static void the_scenes_are_told_whole_to_whoever_asks(struct world *w)
{
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/scenes", NULL), 200);
    assert_true(world_says(w, "\"id\":\"garden\"") && world_says(w, "\"seats\":[{\"n\":1,"));
}

int main(void)
{
    static const struct feature *const list[] = {&rooms_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(rooms_are_found_by_any_part_of_their_name_in_any_case),
        WORLD_TEST(a_long_list_comes_in_pages_without_gaps),
        WORLD_TEST(a_member_may_own_so_many_rooms_and_not_one_more),
        WORLD_TEST(bad_rooms_are_refused),
        WORLD_TEST(only_the_owner_and_staff_change_a_room),
        WORLD_TEST(a_room_is_not_named_like_those_who_run_the_place),
        WORLD_TEST(a_closed_room_looks_like_none_to_others),
        WORLD_TEST(who_is_removed_may_come_back_after_a_day),
        WORLD_TEST(lines_are_sealed_and_read_in_pages),
        WORLD_TEST(a_line_said_again_keeps_its_first_number),
        WORLD_TEST(a_room_that_comes_to_life_again_remembers),
        WORLD_TEST(an_ended_account_is_perceived_by_nobody),
        WORLD_TEST(a_burned_key_takes_its_lines_with_it),
        WORLD_TEST(lines_go_when_their_time_is_over_and_their_numbers_never_come_back),
        WORLD_TEST(lines_go_in_time_whatever_the_clock_did_between),
        WORLD_TEST(an_ended_room_is_gone_with_all_that_was_said),
        WORLD_TEST(a_failing_statement_makes_no_room),
        WORLD_TEST(the_rule_says_the_same_for_one_and_for_many),
        WORLD_TEST(the_scenes_are_told_whole_to_whoever_asks),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
