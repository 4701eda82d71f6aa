#include "features/talk/messages/messages_test.h"

#include "privacy/keys.h"

extern const struct feature blocks_feature;

/* Runs the sweep, as its job would. */
static void sweep(struct world *w)
{
    const struct api_route route = {.who = API_ANYONE,
                                    .tx = API_TX_WRITE,
                                    .status = 200,
                                    .steps = messages_feature.jobs[0].steps};
    const struct job_in in = {.payload = ""};
    const char *code = NULL;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(api_wait(w->api, &route, &in, NULL, &code), OK);
    }
}

static int add(struct world *w, int who, const char *id, int whom)
{
    char json[96];
    snprintf(json, sizeof(json), "{\"person\":\"%s\"}", w->public_ids[whom]);
    return act(w, who, "POST", id, "/people", json);
}

static int put_out(struct world *w, int who, const char *id, int whom)
{
    return world_sendf(w, who, "DELETE", NULL, "/api/conversations/%s/people/%s", id,
                       w->public_ids[whom]);
}

/* ANA's group of friends. */
static void gather(struct world *w, char ret_id[PUBLIC_ID_LEN + 1])
{
    befriend(w, ANA, BEN);
    befriend(w, ANA, CLEO);
    assert_int_equal(group(w, ANA, "Saturday", BEN, CLEO, ret_id), 201);
    for (int who = BEN; who <= CLEO; who++) { /* each for oneself, friends too */
        assert_int_equal(act(w, who, "POST", ret_id, "/accept", "{}"), 200);
    }
    assert_int_equal(one(w, ANA, ret_id), 200);
}

/* ---- groups ---- */

static void a_group_hears_what_is_said_and_who_comes_later_only_what_comes_after(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    gather(w, id);
    assert_true(world_says(w, "\"kind\":\"group\"") && world_says(w, "\"name\":\"Saturday\""));
    assert_true(world_says(w, "\"mine\":true"));
    assert_int_equal(list(w, BEN, "in"), 200);
    assert_true(world_says(w, "Saturday") && world_says(w, "\"mine\":false"));
    assert_int_equal(say(w, BEN, id, "1", "before"), 201);
    assert_true(told(w, CLEO, "before") && told(w, ANA, "before"));
    assert_int_equal(add(w, BEN, id, DAN), 403); /* its maker's */
    assert_string_equal(world_code(w), "messages.not_yours");
    assert_int_equal(add(w, ANA, id, DAN), 200);
    assert_int_equal(notices(w, DAN, "messages.request"), 1); /* no friend of hers */
    assert_int_equal(add(w, ANA, id, DAN), 200);              /* again is no error */
    assert_int_equal(say(w, CLEO, id, "1", "after"), 201);
    assert_int_equal(page(w, DAN, id), 200);
    assert_true(world_says(w, "after") && !world_says(w, "before"));
    assert_int_equal(act(w, DAN, "GET", id, "/messages?around=1", NULL), 200);
    assert_false(world_says(w, "before"));
    assert_int_equal(say(w, DAN, id, "d", "here I am"), 409);
    assert_int_equal(act(w, DAN, "POST", id, "/accept", "{}"), 200);
    assert_int_equal(
        act(w, DAN, "POST", id, "/messages", "{\"cid\":\"r\",\"text\":\"x\",\"reply\":1}"), 404);
    assert_int_equal(say(w, DAN, id, "d", "here I am"), 201);
    assert_int_equal(list(w, DAN, "in"), 200);
    assert_true(world_says(w, id));
    assert_int_equal(put_out(w, BEN, id, DAN), 403);
    w->event_count = 0;
    assert_int_equal(put_out(w, ANA, id, DAN), 204);
    assert_true(told(w, DAN, id) && told(w, BEN, id));
    assert_int_equal(page(w, DAN, id), 404);
    assert_int_equal(put_out(w, ANA, id, DAN), 404);
    assert_string_equal(world_code(w), "people.none");
    assert_int_equal(page(w, BEN, id), 200);
    assert_true(world_says(w, "here I am")); /* what they said stays with the others */
    w->event_count = 0;
    assert_int_equal(say(w, BEN, id, "2", "gone now"), 201);
    assert_false(told(w, DAN, "gone now"));
    assert_int_equal(act(w, BEN, "DELETE", id, "", NULL), 204); /* anybody may leave */
    assert_int_equal(one(w, BEN, id), 404);
    assert_int_equal(put_out(w, ANA, id, ANA), 404);
    assert_int_equal(act(w, ANA, "PATCH", id, "", "{\"name\":\" Sunday \"}"), 200);
    assert_true(world_says(w, "\"name\":\"Sunday\""));
    assert_int_equal(act(w, CLEO, "PATCH", id, "", "{\"name\":\"Mine\"}"), 403);
    assert_int_equal(act(w, DAN, "PATCH", id, "", "{\"name\":\"Mine\"}"), 404);
}

/* Is that person named as the one who asks, in the box and in the request itself? */
static bool asks(struct world *w, int who, const char *id, int whom)
{
    char said[64];
    snprintf(said, sizeof(said), "\"asked_by\":\"%s\"", w->public_ids[whom]);
    assert_int_equal(list(w, who, "requests"), 200);
    bool in_box = world_says(w, said);
    assert_int_equal(one(w, who, id), 200);
    assert_true(world_says(w, said) == in_box);
    return in_box;
}

/* Without the name of the group that is all there is to decide by. */
static void who_is_asked_into_a_group_sees_which_of_its_people_asks(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    assert_int_equal(group(w, CLEO, "x", ANA, BEN, id), 201); /* neither first nor last by id */
    assert_false(world_says(w, "asked_by"));
    assert_true(asks(w, ANA, id, CLEO) && asks(w, BEN, id, CLEO));
    assert_int_equal(act(w, BEN, "POST", id, "/accept", "{}"), 200);
    one(w, BEN, id);
    assert_false(world_says(w, "asked_by")); /* it asks no more */
    assert_true(asks(w, ANA, id, CLEO));
    block(w, ANA, CLEO); /* who is not perceived is not named, and nobody in their place */
    one(w, ANA, id);
    assert_false(world_says(w, "asked_by") || world_says(w, w->public_ids[CLEO]));
}

/* How two others stand to each other, and how old they are, is in no answer to a third. */
static void whom_one_asks_together_tells_nothing_of_them(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], before[2048], json[96];
    befriend(w, ANA, BEN);
    befriend(w, ANA, CLEO);
    for (int i = 0; i < 4; i++) {
        world_script(w, i % 2 ? "UPDATE account SET age_band = '13' WHERE id = 2"
                              : "UPDATE account SET age_band = '18' WHERE id = 2");
        if (i == 2) {
            befriend(w, BEN, CLEO);
        }
        assert_int_equal(group(w, ANA, "x", BEN, CLEO, id), 201);
        size_t from = (size_t)(strstr(w->last.body, "\"kind\"") - w->last.body);
        char *until = strstr(w->last.body + from, "\"last_ms\"");
        assert_true(i == 0 || strncmp(before, w->last.body + from,
                                      (size_t)(until - w->last.body) - from) == 0);
        snprintf(before, sizeof(before), "%s", w->last.body + from);
        assert_int_equal(add(w, ANA, id, DAN), 200);
    }
    world_script(w, "INSERT INTO people_choice (account_id, messages, join_me, invisible)"
                    " VALUES (3, 'nobody', 'friends', 0)");
    assert_int_equal(group(w, DAN, "x", CLEO, ADA, id), 403); /* what CLEO chose, and shows */
    assert_string_equal(world_code(w), "messages.not_now");
    block(w, ADA, DAN);
    assert_int_equal(group(w, DAN, "x", ANA, ADA, id), 404);
    assert_string_equal(world_code(w), "people.none");
    snprintf(json, sizeof(json), "{\"people\":[\"%s\",\"%s\"]}", w->public_ids[ANA],
             w->public_ids[ANA]);
    assert_int_equal(world_send(w, DAN, "POST", "/api/conversations", json), 201);
    assert_true(world_says(w, "\"pair\"")); /* the same person twice is one */
}

static void two_who_are_blocked_do_not_notice_each_other_in_a_group(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], json[200];
    gather(w, id);
    say(w, BEN, id, "1", "of ben");
    say(w, CLEO, id, "1", "of cleo");
    act(w, BEN, "POST", id, "/messages/2/reactions", "{\"emoji\":\"👍\",\"on\":true}");
    act(w, BEN, "POST", id, "/read", "{\"seq\":2}");
    block(w, BEN, CLEO);
    assert_int_equal(page(w, CLEO, id), 200);
    assert_true(world_says(w, "of cleo") && !world_says(w, "of ben"));
    assert_true(world_says(w, "\"reactions\":[]"));
    page(w, ANA, id);
    assert_true(world_says(w, "of ben") && world_says(w, "👍"));
    one(w, CLEO, id);
    assert_false(world_says(w, w->public_ids[BEN]));
    one(w, ANA, id);
    assert_true(world_says(w, w->public_ids[BEN]));
    snprintf(json, sizeof(json), "{\"cid\":\"m\",\"text\":\"hi all\",\"mentions\":[\"%s\",\"%s\"]}",
             w->public_ids[BEN], w->public_ids[CLEO]);
    w->event_count = 0;
    assert_int_equal(act(w, ANA, "POST", id, "/messages", json), 201);
    assert_int_equal(notices(w, CLEO, "messages.mention"), 1);
    assert_true(told(w, CLEO, "hi all") && !told(w, CLEO, w->public_ids[BEN]));
    page(w, CLEO, id);
    assert_false(world_says(w, w->public_ids[BEN]));
    snprintf(json, sizeof(json), "{\"cid\":\"n\",\"text\":\"x\",\"mentions\":[\"%s\"]}",
             w->public_ids[BEN]);
    assert_int_equal(act(w, CLEO, "POST", id, "/messages", json), 404);
    assert_string_equal(world_code(w), "people.none");
    assert_int_equal(
        act(w, CLEO, "POST", id, "/messages", "{\"cid\":\"n\",\"text\":\"x\",\"reply\":1}"), 404);
    assert_int_equal(
        act(w, CLEO, "POST", id, "/messages/1/reactions", "{\"emoji\":\"👍\",\"on\":true}"), 404);
    list(w, CLEO, "in");
    assert_true(world_says(w, "\"unread\":1")); /* ANA's alone */
}

/* ---- changing, reacting, reading ---- */

static void what_was_said_can_be_changed_for_15_minutes_by_its_writer(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    say(w, ANA, id, "1", "teh");
    say(w, ANA, id, "2", "oops");
    int64_t said_ms = world_count(w, "SELECT at_ms FROM message WHERE seq = 1");
    w->event_count = 0;
    assert_int_equal(act(w, ANA, "PATCH", id, "/messages/1", "{\"text\":\" the \"}"), 200);
    assert_true(world_says(w, "\"text\":\"the\"") && world_says(w, "\"edited_ms\""));
    assert_true(told(w, BEN, "\"text\":\"the\"") && told(w, BEN, "message_changed"));
    assert_int_equal(act(w, BEN, "PATCH", id, "/messages/1", "{\"text\":\"ha\"}"), 404);
    assert_int_equal(act(w, BEN, "DELETE", id, "/messages/1", NULL), 404);
    assert_int_equal(act(w, ANA, "PATCH", id, "/messages/9", "{\"text\":\"x\"}"), 404);
    assert_int_equal(act(w, ANA, "PATCH", id, "/messages/1", "{\"text\":\" \"}"), 400);
    act(w, BEN, "POST", id, "/messages/2/reactions", "{\"emoji\":\"😂\",\"on\":true}");
    w->event_count = 0;
    assert_int_equal(act(w, ANA, "DELETE", id, "/messages/2", NULL), 204);
    assert_true(told(w, BEN, "\"gone\":true") && !told(w, BEN, "oops"));
    assert_int_equal(act(w, ANA, "PATCH", id, "/messages/2", "{\"text\":\"x\"}"), 404);
    assert_int_equal(
        act(w, BEN, "POST", id, "/messages/2/reactions", "{\"emoji\":\"😂\",\"on\":true}"), 404);
    page(w, BEN, id);
    assert_true(world_says(w, "\"the\"") && world_says(w, "\"gone\":true"));
    assert_false(world_says_word(w, "oops") || world_says(w, "😂"));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM message WHERE body_ct IS NULL"), 1);
    w->now_ms = said_ms + MESSAGES_EDIT_MS - 1; /* each request takes a millisecond */
    assert_int_equal(act(w, ANA, "PATCH", id, "/messages/1", "{\"text\":\"last\"}"), 200);
    assert_int_equal(act(w, ANA, "PATCH", id, "/messages/1", "{\"text\":\"x\"}"), 409);
    assert_string_equal(world_code(w), "messages.late");
    assert_int_equal(act(w, ANA, "DELETE", id, "/messages/1", NULL), 409);
}

static void reactions_are_counted_once_a_person_and_kind(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    say(w, ANA, id, "1", "news");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            act(w, BEN, "POST", id, "/messages/1/reactions", "{\"emoji\":\"🎉\",\"on\":true}"), 204);
    }
    w->event_count = 0;
    assert_int_equal(
        act(w, ANA, "POST", id, "/messages/1/reactions", "{\"emoji\":\"🎉\",\"on\":true}"), 204);
    assert_true(told(w, BEN, "{\"emoji\":\"🎉\",\"count\":2,\"mine\":true}"));
    page(w, ANA, id);
    assert_true(world_says(w, "{\"emoji\":\"🎉\",\"count\":2,\"mine\":true}"));
    act(w, ANA, "POST", id, "/messages/1/reactions", "{\"emoji\":\"🎉\",\"on\":false}");
    page(w, ANA, id);
    assert_true(world_says(w, "{\"emoji\":\"🎉\",\"count\":1,\"mine\":false}"));
    assert_int_equal(
        act(w, BEN, "POST", id, "/messages/1/reactions", "{\"emoji\":\"🍕\",\"on\":true}"), 400);
    assert_int_equal(
        act(w, BEN, "POST", id, "/messages/7/reactions", "{\"emoji\":\"🎉\",\"on\":true}"), 404);
    assert_int_equal(
        act(w, CLEO, "POST", id, "/messages/1/reactions", "{\"emoji\":\"🎉\",\"on\":true}"), 404);
}

static void who_hides_their_reading_does_not_see_that_of_others(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    say(w, ANA, id, "1", "one");
    say(w, ANA, id, "2", "two");
    assert_int_equal(notices(w, BEN, "messages.friend"), 1);
    w->event_count = 0;
    assert_int_equal(act(w, BEN, "POST", id, "/read", "{\"seq\":99}"), 204);
    assert_true(told(w, ANA, "\"t\":\"reading\"") && told(w, ANA, "\"seq\":2}"));
    assert_true(told(w, BEN, "\"t\":\"conversation\"")); /* other devices of theirs */
    assert_int_equal(notices(w, BEN, "messages.friend"), 0);
    one(w, ANA, id);
    assert_true(world_says(w, "\"reads\":[{") && world_says(w, "\"seq\":2}]"));
    one(w, BEN, id);
    assert_true(world_says(w, "\"unread\":0"));
    w->event_count = 0;
    act(w, BEN, "POST", id, "/read", "{\"seq\":1}"); /* back is nothing */
    assert_false(told(w, ANA, "reading"));
    assert_int_equal(world_send(w, BEN, "PUT", "/api/me/messages", "{\"show_read\":false}"), 204);
    assert_int_equal(world_send(w, BEN, "GET", "/api/me/messages", NULL), 200);
    assert_true(world_says(w, "\"show_read\":false"));
    say(w, ANA, id, "3", "three");
    w->event_count = 0;
    act(w, BEN, "POST", id, "/read", "{\"seq\":3}");
    act(w, ANA, "POST", id, "/read", "{\"seq\":3}");
    assert_false(told(w, ANA, "reading") || told(w, BEN, "reading"));
    for (int who = ANA; who <= BEN; who++) {
        one(w, who, id);
        assert_true(world_says(w, "\"reads\":[]"));
    }
    w->event_count = 0;
    assert_int_equal(act(w, ANA, "POST", id, "/typing", "{}"), 204);
    assert_true(told(w, BEN, "\"t\":\"writing\"") && !told(w, ANA, "writing"));
}

static void who_is_muted_is_told_only_when_named(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], json[128];
    gather(w, id);
    assert_int_equal(act(w, BEN, "PATCH", id, "", "{\"muted\":true}"), 200);
    assert_true(world_says(w, "\"muted\":true"));
    say(w, ANA, id, "1", "to all");
    assert_int_equal(notices(w, BEN, "messages.friend"), 0);
    assert_int_equal(notices(w, CLEO, "messages.friend"), 1);
    snprintf(json, sizeof(json), "{\"cid\":\"2\",\"text\":\"you\",\"mentions\":[\"%s\"]}",
             w->public_ids[BEN]);
    assert_int_equal(act(w, ANA, "POST", id, "/messages", json), 201);
    assert_int_equal(notices(w, BEN, "messages.mention"), 1);
    say(w, BEN, id, "b", "to strangers, too"); /* CLEO is no friend of BEN */
    assert_int_equal(notices(w, CLEO, "messages.stranger"), 1);
}

/* ---- forgetting ---- */

static void what_all_have_forgotten_is_gone(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    say(w, ANA, id, "1", "old");
    say(w, BEN, id, "1", "old, too");
    assert_int_equal(act(w, ANA, "DELETE", id, "", NULL), 204);
    sweep(w);
    assert_int_equal(page(w, ANA, id), 404);
    assert_int_equal(page(w, BEN, id), 200);
    assert_true(world_says_word(w, "old"));
    assert_int_equal(say(w, BEN, id, "2", "new"), 201);
    page(w, ANA, id); /* it is back, without what was forgotten */
    assert_true(world_says_word(w, "new") && !world_says_word(w, "old"));
    assert_int_equal(act(w, BEN, "DELETE", id, "", NULL), 204);
    sweep(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM message"), 1); /* "new", ANA's */
    assert_int_equal(act(w, ANA, "DELETE", id, "", NULL), 204);
    sweep(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM message"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM conversation"), 0);
    world_script(w, "DELETE FROM friendship");
    gather(w, id);
    say(w, ANA, id, "1", "x");
    for (int who = ANA; who <= CLEO; who++) {
        act(w, who, "DELETE", id, "", NULL);
    }
    sweep(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM conversation_member"), 0);
}

/* Erasing one takes their words and not those of others, whose keys stay what they were; what two
 * said goes with one of them, as a block takes it away. */
static void an_erased_writer_cannot_be_read_and_the_others_can(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], pair[PUBLIC_ID_LEN + 1];
    gather(w, id);
    say(w, ANA, id, "1", "of ana");
    say(w, BEN, id, "1", "of ben");
    open_with(w, ANA, BEN, pair);
    say(w, ANA, pair, "2", "to ben");
    assert_int_equal(keys_burn(w->keys, BEN), OK); /* a backup still has the rows */
    page(w, ANA, id);
    assert_true(world_says(w, "of ana") && !world_says(w, "of ben"));
    assert_int_equal(times(w, "\"seq\":"), 2);
    world_script(w, "UPDATE conversation SET due = 1");
    world_script(w, "DELETE FROM account WHERE id = 2");
    sweep(w);
    page(w, ANA, id);
    assert_true(world_says(w, "of ana"));
    assert_int_equal(page(w, ANA, pair), 404);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM message"), 1);
    world_script(w, "UPDATE conversation SET due = 1");
    world_script(w, "DELETE FROM account WHERE id IN (1, 3)");
    sweep(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM conversation"), 0);
}

/* The clock was set back, a row was put there by hand: the asker is one of those who are read. */
static void a_group_of_more_people_than_it_may_have_is_written_in(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], sql[800];
    assert_int_equal(group(w, ANA, "Crowd", BEN, CLEO, id), 201);
    assert_int_equal(act(w, CLEO, "POST", id, "/accept", "{}"), 200);
    for (int i = 1; i <= 30; i++) {
        snprintf(sql, sizeof(sql),
                 "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
                 " skeleton_version, key_id, country, age_band, role, state, language, avatar,"
                 " colours, created_at_ms, seen_at_ms) VALUES (%d, 'crowd%021d', 'x%d', 'x%d',"
                 " 'x%d', '1', %d, 'ID', '18', 'member', 'active', 'en', 'mia', '[]', 0, 0)",
                 -i, i, i, i, i, -i);
        world_script(w, sql);
        snprintf(sql, sizeof(sql),
                 "INSERT INTO conversation_member (conversation_id, account_id, state,"
                 " accepted_ms, since_seq, read_seq, last_ms, key_ct) SELECT id, %d, 'in', 1, 0, 0,"
                 " 1, CAST('x' AS %s) FROM conversation",
                 -i, w->store.pg ? "BYTEA" : "BLOB");
        world_script(w, sql);
    }
    assert_int_equal(say(w, CLEO, id, "1", "a word in a crowd"), 201);
    assert_int_equal(act(w, CLEO, "PATCH", id, "/messages/1", "{\"text\":\"another\"}"), 200);
    assert_int_equal(page(w, CLEO, id), 200);
    assert_true(world_says(w, "another"));
}

static void a_group_is_not_named_like_those_who_run_the_place(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    assert_int_equal(group(w, ANA, "Bauta Support", BEN, CLEO, id), 400);
    assert_string_equal(world_code(w), "messages.reserved");
    assert_int_equal(group(w, ANA, "Saturday", BEN, CLEO, id), 201);
    assert_int_equal(act(w, ANA, "PATCH", id, "", "{\"name\":\"\u2b50 St\u0430ff\"}"), 400);
    assert_string_equal(world_code(w), "messages.reserved");
    assert_int_equal(act(w, ANA, "PATCH", id, "", "{\"name\":\"Sunday\"}"), 200);
}

static void chooses(struct world *w, int who, const char *messages)
{
    char json[160];
    snprintf(json, sizeof(json),
             "{\"messages\":\"%s\",\"join_me\":\"friends\",\"findable\":\"everyone\","
             "\"invisible\":false}",
             messages);
    assert_int_equal(world_send(w, who, "PUT", "/api/me/contact", json), 204);
}

static void is_as_chosen(struct world *w, bool may, int status)
{
    assert_int_equal(status, may ? 201 : 403);
    assert_string_equal(world_code(w), may ? "" : "messages.not_now");
}

/* proves: SOC-3b */
static void who_may_write_is_chosen_and_holds_for_what_there_is_already(struct world *w)
{
    static const struct {
        const char *messages;
        bool friends, strangers;
    } choices[] = {{"everyone", true, true},
                   {"nobody", false, false},
                   {"friends", true, false},
                   {"nobody", false, false},
                   {"everyone", true, true}};
    char id[PUBLIC_ID_LEN + 1], asked[PUBLIC_ID_LEN + 1], made[PUBLIC_ID_LEN + 1];
    befriend(w, ANA, DAN);
    assert_int_equal(open_with(w, ANA, DAN, id), 201);
    assert_int_equal(open_with(w, BEN, DAN, asked), 201);
    for (size_t i = 0; i < COUNT(choices); i++) {
        char cid[8];
        snprintf(cid, sizeof(cid), "c%zu", i);
        chooses(w, DAN, choices[i].messages);
        is_as_chosen(w, choices[i].friends, say(w, ANA, id, cid, "hi"));
        is_as_chosen(w, choices[i].friends, group(w, ANA, "Friends", DAN, CLEO, made));
        is_as_chosen(w, choices[i].strangers, say(w, BEN, asked, cid, "hi"));
        is_as_chosen(w, choices[i].strangers, group(w, BEN, "Strangers", DAN, CLEO, made));
        if (!choices[i].strangers) { /* one that is there already may be looked at */
            is_as_chosen(w, false, open_with(w, CLEO, DAN, made));
        }
    }
    is_as_chosen(w, true, open_with(w, CLEO, DAN, made));
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_group_hears_what_is_said_and_who_comes_later_only_what_comes_after),
        WORLD_TEST(whom_one_asks_together_tells_nothing_of_them),
        WORLD_TEST(who_is_asked_into_a_group_sees_which_of_its_people_asks),
        WORLD_TEST(two_who_are_blocked_do_not_notice_each_other_in_a_group),
        WORLD_TEST(what_was_said_can_be_changed_for_15_minutes_by_its_writer),
        WORLD_TEST(reactions_are_counted_once_a_person_and_kind),
        WORLD_TEST(who_hides_their_reading_does_not_see_that_of_others),
        WORLD_TEST(who_is_muted_is_told_only_when_named),
        WORLD_TEST(what_all_have_forgotten_is_gone),
        WORLD_TEST(an_erased_writer_cannot_be_read_and_the_others_can),
        WORLD_TEST(a_group_of_more_people_than_it_may_have_is_written_in),
        WORLD_TEST(a_group_is_not_named_like_those_who_run_the_place),
        WORLD_TEST(who_may_write_is_chosen_and_holds_for_what_there_is_already),
    };
    static const struct feature *const list_of[] = {&messages_feature, &blocks_feature, NULL};
    const struct world_options options = {.features = list_of};
    return world_run(&options, tests, COUNT(tests));
}
