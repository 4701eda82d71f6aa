#include "features/talk/messages/messages_test.h"

#include "base/time.h"

/* ---- two ---- */

static void friends_write_to_each_other_and_read_it(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], again[PUBLIC_ID_LEN + 1];
    befriend(w, ANA, BEN);
    assert_int_equal(open_with(w, ANA, BEN, id), 201);
    assert_true(world_says(w, "\"kind\":\"pair\"") && world_says(w, "\"may_write\":true"));
    assert_int_equal(list(w, ANA, "in"), 200);
    assert_true(world_says(w, "\"items\":[]")); /* empty: it is not listed */
    assert_int_equal(one(w, BEN, id), 404);     /* nobody is told before the first message */
    w->event_count = 0;
    assert_int_equal(say(w, ANA, id, "a1", "Selamat pagi"), 201);
    assert_true(world_says(w, "\"seq\":1") && world_says(w, "\"cid\":\"a1\""));
    assert_true(told(w, BEN, "\"t\":\"message\"") && told(w, BEN, "Selamat pagi"));
    assert_true(told(w, BEN, "\"mine\":false") && !told(w, BEN, "\"cid\""));
    assert_true(told(w, ANA, "\"mine\":true") && told(w, ANA, "\"cid\":\"a1\""));
    assert_int_equal(notices(w, BEN, "messages.friend"), 1);
    assert_int_equal(list(w, BEN, "in"), 200);
    assert_true(world_says(w, "Selamat pagi") && world_says(w, "\"unread\":1"));
    assert_int_equal(open_with(w, BEN, ANA, again), 201);
    assert_string_equal(again, id); /* the one of the two */
    assert_int_equal(say(w, BEN, id, "b1", "Pagi juga"), 201);
    assert_int_equal(page(w, ANA, id), 200);
    const char *first = strstr(w->last.body, "Selamat pagi");
    assert_true(first && strstr(first, "Pagi juga")); /* oldest first */
    assert_int_equal(page(w, CLEO, id), 404);
    assert_string_equal(world_code(w), "messages.none");
}

static void the_same_client_id_is_the_same_message(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    assert_int_equal(say(w, ANA, id, "one", "first"), 201);
    assert_int_equal(say(w, ANA, id, "two", "second"), 201);
    w->event_count = 0;
    w->key = "once-more-with-feeling"; /* the same key of the api, too */
    for (int i = 0; i < 2; i++) {
        assert_int_equal(say(w, ANA, id, "one", "first"), 201);
        assert_true(world_says(w, "\"seq\":1") && world_says(w, "\"text\":\"first\""));
    }
    w->key = NULL;
    assert_int_equal(say(w, ANA, id, "one", "other words"), 201); /* late, and wrong: as it was */
    assert_true(world_says(w, "\"seq\":1") && world_says(w, "\"text\":\"first\""));
    assert_int_equal(w->event_count, 0);
    assert_int_equal(say(w, BEN, id, "one", "mine"), 201); /* each has their own */
    assert_true(world_says(w, "\"seq\":3"));
    assert_int_equal(page(w, BEN, id), 200);
    assert_int_equal(times(w, "\"seq\":"), 3);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM idempotency"), 0); /* no words there */
}

static void two_devices_that_send_at_once_lose_and_double_nothing(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], path[96];
    const char *const jsons[] = {
        "{\"cid\":\"x1\",\"text\":\"one\"}", "{\"cid\":\"x2\",\"text\":\"two\"}",
        "{\"cid\":\"x1\",\"text\":\"one\"}", "{\"cid\":\"x3\",\"text\":\"three\"}",
        "{\"cid\":\"x2\",\"text\":\"two\"}", "{\"cid\":\"x1\",\"text\":\"one\"}"};
    int statuses[COUNT(jsons)];
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    snprintf(path, sizeof(path), "/api/conversations/%s/messages", id);
    world_send_many(w, ANA, "POST", path, jsons, COUNT(jsons), statuses);
    for (size_t i = 0; i < COUNT(jsons); i++) {
        assert_true(statuses[i] == 201 || statuses[i] == 503);
        if (statuses[i] == 503) { /* both came in the same moment: sent again */
            assert_int_equal(world_send(w, ANA, "POST", path, jsons[i]), 201);
        }
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM message"), 3);
    assert_int_equal(world_count(w, "SELECT last_seq FROM conversation"), 3);
}

static void a_text_of_any_script_comes_back_as_it_was(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], json[9000];
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    const char *const texts[] = {"😀👩‍👩‍👧‍👦❤️",
                                 "مرحبا بالعالم",
                                 "a\u200bb",
                                 "𝒳𐍈",
                                 "x",
                                 "\\\"quoted\\\" \\\\ back",
                                 "two\\nlines"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        char cid[8], want[200];
        snprintf(cid, sizeof(cid), "t%zu", i);
        snprintf(json, sizeof(json), "{\"cid\":\"%s\",\"text\":\" \\n\\u3000%s\\u00a0 \"}", cid,
                 texts[i]);
        assert_int_equal(act(w, ANA, "POST", id, "/messages", json), 201);
        snprintf(want, sizeof(want), "\"text\":\"%s\"", texts[i]);
        assert_true(world_says(w, want) || i == 6);
        assert_int_equal(page(w, BEN, id), 200);
        assert_true(world_says(w, want) || i == 6);
    }
    const char *const empty[] = {" ",       "\\u200b\\u200d", "\\u202e\\u2066",
                                 "\\ufe0f", "\\u3164",        "\\n"};
    for (size_t i = 0; i < COUNT(empty); i++) {
        assert_int_equal(say(w, ANA, id, "e", empty[i]), 400);
        assert_string_equal(world_code(w), "messages.empty");
    }
    char longest[MESSAGES_TEXT_MAX * 4 + 5];
    for (int over = 0; over <= 1; over++) {
        *longest = '\0';
        for (int i = 0; i < MESSAGES_TEXT_MAX + over; i++) {
            memcpy(longest + (size_t)i * 4, "😀", 5);
        }
        snprintf(json, sizeof(json), "{\"cid\":\"long\",\"text\":\"%s\"}", longest);
        assert_int_equal(act(w, ANA, "POST", id, "/messages", json), over ? 400 : 201);
    }
    assert_int_equal(page(w, BEN, id), 200);
    assert_int_equal(say(w, ANA, id, "b@d", "x"), 400);
    assert_int_equal(say(w, ANA, "nowhere", "n", "x"), 404);
}

/* ---- who may ---- */

static void who_is_no_friend_waits_in_the_request_box(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    assert_int_equal(open_with(w, ANA, BEN, id), 201);
    w->event_count = 0;
    assert_int_equal(say(w, ANA, id, "1", "hello stranger"), 201);
    assert_false(told(w, BEN, "hello stranger")); /* no words reach the devices */
    assert_true(told(w, BEN, "\"t\":\"conversation\""));
    assert_int_equal(notices(w, BEN, "messages.request"), 1);
    assert_int_equal(notices(w, BEN, "messages.stranger"), 0);
    assert_int_equal(list(w, BEN, "in"), 200);
    assert_true(world_says(w, "\"items\":[]") && world_says(w, "\"requests\":1"));
    assert_int_equal(list(w, BEN, "requests"), 200);
    assert_true(world_says(w, "hello stranger") && world_says(w, "\"state\":\"request\""));
    w->event_count = 0;
    assert_int_equal(act(w, BEN, "POST", id, "/read", "{\"seq\":1}"), 204);
    assert_int_equal(act(w, ANA, "POST", id, "/typing", "{}"), 204);
    assert_int_equal(act(w, BEN, "POST", id, "/typing", "{}"), 204);
    assert_false(told(w, ANA, "reading") || told(w, BEN, "writing") || told(w, ANA, "writing"));
    assert_int_equal(one(w, ANA, id), 200);
    assert_true(world_says(w, "\"reads\":[]"));
    assert_int_equal(say(w, ANA, id, "2", "anybody there?"), 201);
    assert_int_equal(say(w, ANA, id, "3", "well then"), 201);
    assert_int_equal(say(w, ANA, id, "4", "once more"), 403);
    assert_string_equal(world_code(w), "messages.wait");
    assert_int_equal(say(w, ANA, id, "3", "well then"), 201); /* a repeat is no more */
    assert_int_equal(one(w, BEN, id), 200);
    assert_true(world_says(w, "\"may_write\":false"));
    assert_int_equal(say(w, BEN, id, "b", "who are you?"), 409); /* answering is no accepting */
    assert_string_equal(world_code(w), "messages.accept");
    w->event_count = 0;
    assert_int_equal(act(w, BEN, "POST", id, "/accept", "{}"), 200);
    assert_true(world_says(w, "\"state\":\"in\"") && told(w, ANA, id) && told(w, BEN, id));
    assert_int_equal(notices(w, BEN, "messages.request"), 0);
    assert_int_equal(say(w, BEN, id, "b", "who are you?"), 201);
    assert_int_equal(say(w, ANA, id, "4", "once more"), 201);
    assert_true(told(w, BEN, "once more"));
    assert_int_equal(notices(w, BEN, "messages.stranger"), 1);
    assert_int_equal(act(w, BEN, "POST", id, "/read", "{\"seq\":5}"), 204);
    assert_true(told(w, ANA, "reading"));
}

static void refusing_a_request_is_silent_and_holds(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], again[PUBLIC_ID_LEN + 1], before[2048];
    open_with(w, ANA, BEN, id);
    assert_int_equal(say(w, ANA, id, "1", "one"), 201);
    assert_int_equal(one(w, ANA, id), 200);
    snprintf(before, sizeof(before), "%s", w->last.body);
    w->event_count = 0;
    assert_int_equal(act(w, BEN, "DELETE", id, "", NULL), 204);
    assert_false(told(w, ANA, "conversation"));
    assert_int_equal(one(w, ANA, id), 200);
    assert_string_equal(w->last.body, before);
    assert_int_equal(notices(w, BEN, "messages.request"), 0);
    w->event_count = 0;
    assert_int_equal(say(w, ANA, id, "2", "two"), 201); /* answered alike, and shown to nobody */
    assert_false(told(w, BEN, id));
    assert_int_equal(page(w, BEN, id), 404);
    list(w, BEN, "requests");
    assert_true(world_says(w, "\"items\":[]") && world_says(w, "\"requests\":0"));
    assert_int_equal(notices(w, BEN, "messages.request"), 0);
    w->now_ms += MESSAGES_ASKED_MS;
    assert_int_equal(say(w, ANA, id, "3", "three"), 201); /* once more, much later */
    assert_int_equal(notices(w, BEN, "messages.request"), 1);
    assert_int_equal(page(w, BEN, id), 200);
    assert_true(world_says(w, "\"three\"") && !world_says(w, "\"one\""));
    assert_int_equal(act(w, BEN, "DELETE", id, "", NULL), 204);
    assert_int_equal(act(w, ANA, "DELETE", id, "", NULL), 204);
    assert_int_equal(open_with(w, ANA, BEN, again), 201); /* forgetting it starts nothing anew */
    assert_string_equal(again, id);
    w->now_ms += MESSAGES_ASKED_MS;
    assert_int_equal(say(w, ANA, id, "4", "four"), 403);
    assert_int_equal(open_with(w, BEN, ANA, again), 201); /* but the other may begin */
    assert_int_equal(page(w, BEN, id), 200);
    assert_true(world_says(w, "\"items\":[]")); /* and sees nothing of what waited */
    assert_int_equal(say(w, BEN, id, "b", "fine"), 201);
    assert_int_equal(say(w, ANA, id, "5", "thanks"), 409); /* she deleted it: that ended it, too */
    assert_int_equal(act(w, ANA, "POST", id, "/accept", "{}"), 200);
    assert_int_equal(say(w, ANA, id, "5", "thanks"), 201);
}

/* Parents who do not allow meeting people. */
static enum err keep_in(struct call *call, void *arg)
{
    struct world *w = arg;
    SQL(test_guardian, "INSERT INTO guardian (id, public_id, account_id, key_id, state, country,"
                       " language, email_ct, link_hash, allow_chat, created_at_ms, mailed_at_ms)"
                       " VALUES (1, 'g', $1, $1, 'active', 'ID', 'en', $2, $2, 0, 1, 1)");
    return store_run(call, &test_guardian, BIND(I64(w->account_ids[DAN]), BYTES("x", 1)), NULL);
}

static void who_may_write_to_me_is_mine_to_say(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], refusal[512];
    world_script(w, "INSERT INTO people_choice (account_id, messages, join_me, invisible)"
                    " VALUES (2, 'nobody', 'friends', 0), (3, 'friends', 'friends', 0)");
    assert_int_equal(open_with(w, ANA, BEN, id), 403);
    assert_string_equal(world_code(w), "messages.not_now");
    snprintf(refusal, sizeof(refusal), "%s", w->last.body);
    assert_int_equal(open_with(w, ANA, CLEO, id), 403);
    assert_string_equal(w->last.body, refusal);
    befriend(w, ANA, CLEO);
    assert_int_equal(open_with(w, ANA, CLEO, id), 201);
    befriend(w, ANA, BEN);
    assert_int_equal(open_with(w, ANA, BEN, id), 403); /* nobody is nobody */
    assert_int_equal(open_with(w, ANA, DAN, id), 201);
    assert_int_equal(say(w, ANA, id, "a", "hi"), 201);
    assert_int_equal(act(w, DAN, "POST", id, "/accept", "{}"), 200);
    assert_int_equal(say(w, DAN, id, "d", "hello"), 201);
    assert_int_equal(world_do(w, ANA, keep_in, w), OK); /* their parents decide, too */
    assert_int_equal(say(w, DAN, id, "d2", "may I?"), 403);
    assert_string_equal(w->last.body, refusal);
    assert_int_equal(say(w, ANA, id, "a2", "are you there?"), 403);
    assert_string_equal(w->last.body, refusal); /* as if DAN had chosen nobody */
    befriend(w, BEN, DAN);
    assert_int_equal(open_with(w, BEN, DAN, id), 403);
    assert_string_equal(w->last.body, refusal);
}

static void a_friendship_that_ends_makes_two_strangers(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    assert_int_equal(say(w, ANA, id, "1", "hi"), 201);
    assert_int_equal(say(w, BEN, id, "1", "hi yourself"), 201);
    world_script(w, "DELETE FROM friendship");
    w->event_count = 0;
    for (int i = 2; i < 2 + MESSAGES_REQUEST_MAX; i++) {
        char cid[8];
        snprintf(cid, sizeof(cid), "%d", i);
        assert_int_equal(say(w, ANA, id, cid, "hey there"), 201);
    }
    assert_int_equal(say(w, ANA, id, "9", "hey there"), 403);
    assert_string_equal(world_code(w), "messages.wait");
    assert_false(told(w, BEN, "hey there"));
    list(w, BEN, "requests");
    assert_true(world_says(w, id));
    assert_int_equal(say(w, BEN, id, "2", "no"), 409);
    befriend(w, ANA, BEN); /* friends again: it goes on */
    assert_int_equal(say(w, ANA, id, "9", "friends!"), 201);
    assert_true(told(w, BEN, "friends!"));
    assert_int_equal(say(w, BEN, id, "2", "yes"), 201);
}

/* ---- blocks, names, ends ---- */

static void a_block_takes_the_conversation_of_two_away_and_its_end_brings_it_back(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], none[512], opened[512];
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    say(w, ANA, id, "1", "needle from ana");
    say(w, BEN, id, "1", "needle from ben");
    assert_int_equal(one(w, ANA, "aaaaaaaaaaaaaaaaaaaaaaaaaa"), 404);
    snprintf(none, sizeof(none), "%s", w->last.body);
    world_send(w, ANA, "POST", "/api/conversations", "{\"people\":[\"nobody\"]}");
    snprintf(opened, sizeof(opened), "%s", w->last.body);
    block(w, ANA, BEN);
    world_script(w, "DELETE FROM friendship");
    w->event_count = 0;
    for (int who = ANA; who <= BEN; who++) {
        char other[PUBLIC_ID_LEN + 1];
        static const char *const acts[][3] = {
            {"GET", "", NULL},
            {"GET", "/messages", NULL},
            {"DELETE", "", NULL},
            {"POST", "/accept", "{}"},
            {"POST", "/typing", "{}"},
            {"POST", "/read", "{\"seq\":1}"},
            {"POST", "/messages", "{\"cid\":\"9\",\"text\":\"x\"}"},
            {"PATCH", "", "{\"muted\":true}"},
            {"PATCH", "/messages/1", "{\"text\":\"x\"}"},
            {"DELETE", "/messages/1", NULL},
            {"POST", "/messages/1/reactions", "{\"emoji\":\"👍\",\"on\":true}"}};
        for (size_t i = 0; i < COUNT(acts); i++) {
            assert_int_equal(act(w, who, acts[i][0], id, acts[i][1], acts[i][2]), 404);
            assert_string_equal(w->last.body, none);
        }
        list(w, who, "in");
        assert_true(world_says(w, "\"items\":[]"));
        world_send(w, who, "GET", "/api/messages/search?q=needle", NULL);
        assert_true(world_says(w, "\"items\":[]"));
        assert_int_equal(open_with(w, who, who == ANA ? BEN : ANA, other), 404);
        assert_string_equal(w->last.body, opened);
    }
    assert_int_equal(w->event_count, 0);
    world_script(w, "DELETE FROM block");
    assert_int_equal(page(w, BEN, id), 200);
    assert_int_equal(times(w, "needle"), 2);
}

/* A name is that of now; the end of an account looks like a block. */
static void a_new_name_is_shown_and_an_ended_account_looks_like_a_block(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], own[PUBLIC_ID_LEN + 1], none[512];
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    say(w, ANA, id, "1", "words of ana");
    say(w, BEN, id, "1", "words of ben");
    world_script(w, "UPDATE account SET avatar_name = 'Benedikt' WHERE id = 2");
    page(w, ANA, id);
    assert_true(world_says(w, "Benedikt"));
    block(w, BEN, ANA);
    assert_int_equal(page(w, ANA, id), 404);
    snprintf(none, sizeof(none), "%s", w->last.body);
    world_script(w, "DELETE FROM block");
    world_script(w, "UPDATE account SET state = 'ended' WHERE id = 2");
    assert_int_equal(page(w, ANA, id), 404);
    assert_string_equal(w->last.body, none);
    assert_int_equal(one(w, ANA, id), 404);
    assert_int_equal(say(w, ANA, id, "2", "still there?"), 404);
    assert_string_equal(w->last.body, none);
    list(w, ANA, "in");
    assert_true(world_says(w, "\"items\":[]"));
    world_send(w, ANA, "GET", "/api/messages/search?q=words", NULL);
    assert_true(world_says(w, "\"items\":[]"));
    assert_int_equal(open_with(w, ANA, BEN, own), 404);
    world_script(w, "UPDATE account SET state = 'active' WHERE id = 2"); /* came back in time */
    page(w, ANA, id);
    assert_true(world_says(w, "words of ben") && world_says(w, "words of ana"));
    world_script(w, "DELETE FROM account WHERE id = 2"); /* erased */
    assert_int_equal(page(w, ANA, id), 404);
    assert_string_equal(w->last.body, none);
}

/* ---- limits and failures ---- */

static void nobody_keeps_or_begins_more_than_the_limit(struct world *w)
{
    char sql[400], id[PUBLIC_ID_LEN + 1];
    for (int i = 0; i < MESSAGES_NEW_MAX - 1; i++) {
        snprintf(sql, sizeof(sql),
                 "INSERT INTO conversation (id, public_id, kind, maker_id, created_ms)"
                 " VALUES (%d, 'c%d', 'group', 1, %lld)",
                 100 + i, i, (long long)WORLD_START_MS);
        world_script(w, sql);
    }
    assert_int_equal(open_with(w, ANA, BEN, id), 201);
    assert_int_equal(open_with(w, ANA, BEN, id), 201); /* an old one is no new one */
    assert_int_equal(open_with(w, ANA, CLEO, id), 429);
    assert_string_equal(world_code(w), "messages.many");
    w->now_ms += TIME_DAY + 1;
    assert_int_equal(open_with(w, ANA, CLEO, id), 201);
    world_script(w, "UPDATE account SET created_at_ms = 1800086400000 WHERE id = 1"); /* new here */
    snprintf(sql, sizeof(sql), "UPDATE conversation SET created_ms = %lld WHERE id < %d",
             (long long)w->now_ms, 100 + MESSAGES_NEW_FEW - 1);
    world_script(w, sql);
    assert_int_equal(open_with(w, ANA, DAN, id), 429);
    assert_int_equal(world_send(w, ANA, "POST", "/api/conversations", "{\"people\":[]}"), 400);
    snprintf(sql, sizeof(sql), "{\"people\":[\"%s\"]}", w->public_ids[ANA]);
    assert_int_equal(world_send(w, ANA, "POST", "/api/conversations", sql), 404);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/conversations", NULL), 401);
}

static void a_day_has_a_limit_in_messages_and_in_bytes(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], sql[120];
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    w->now_ms = (w->now_ms / TIME_DAY + 1) * TIME_DAY - TIME_MIN; /* the end of a day */
    assert_int_equal(say(w, ANA, id, "1", "hi"), 201);
    snprintf(sql, sizeof(sql), "UPDATE message_day SET said = %d", MESSAGES_DAY_SAID - 1);
    world_script(w, sql);
    assert_int_equal(say(w, ANA, id, "2", "the last"), 201);
    assert_int_equal(say(w, ANA, id, "3", "too many"), 429);
    assert_string_equal(world_code(w), "messages.day");
    assert_int_equal(act(w, ANA, "PATCH", id, "/messages/1", "{\"text\":\"x\"}"), 429);
    assert_int_equal(say(w, ANA, id, "2", "the last"), 201); /* a repeat is none */
    assert_int_equal(say(w, BEN, id, "1", "mine is another"), 201);
    snprintf(sql, sizeof(sql), "UPDATE message_day SET said = 1, bytes = %d",
             MESSAGES_DAY_BYTES - 10);
    world_script(w, sql);
    assert_int_equal(say(w, ANA, id, "3", "too much"), 429);
    assert_string_equal(world_code(w), "messages.day");
    w->now_ms += TIME_MIN;
    assert_int_equal(say(w, ANA, id, "3", "another day"), 201);
    assert_int_equal(
        world_count(w, "SELECT said FROM message_day WHERE account_id = 1 AND bytes < 100"), 1);
}

static int64_t rows_before;
static void nothing_was_written(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT (SELECT COUNT(*) FROM conversation) + (SELECT COUNT(*)"
                                    " FROM conversation_member) + (SELECT COUNT(*) FROM message)"
                                    " + (SELECT COUNT(*) FROM notice) + (SELECT COUNT(*) FROM"
                                    " message_reaction) + (SELECT COUNT(*) FROM message_day) + "
                                    "(SELECT CAST(COALESCE(SUM(last_seq), 0) AS BIGINT)"
                                    " FROM conversation)"),
                     rows_before);
}

static void a_statement_that_fails_leaves_everything_as_it_was(struct world *w)
{
    char json[96], path[120], id[PUBLIC_ID_LEN + 1];
    befriend(w, ANA, BEN);
    snprintf(json, sizeof(json), "{\"people\":[\"%s\"]}", w->public_ids[BEN]);
    rows_before = 0;
    world_faults(w, ANA, "POST", "/api/conversations", json, nothing_was_written);
    open_with(w, ANA, BEN, id);
    snprintf(path, sizeof(path), "/api/conversations/%s/messages", id);
    rows_before = 3;
    world_faults(w, ANA, "POST", path, "{\"cid\":\"f\",\"text\":\"x\"}", nothing_was_written);
    snprintf(path, sizeof(path), "/api/conversations/%s/messages/1/reactions", id);
    rows_before = 7;
    world_faults(w, BEN, "POST", path, "{\"emoji\":\"👏\",\"on\":true}", nothing_was_written);
    snprintf(path, sizeof(path), "/api/conversations/%s/messages/1", id);
    rows_before = 8;
    world_faults(w, ANA, "PATCH", path, "{\"text\":\"y\"}", nothing_was_written);
    world_faults(w, ANA, "DELETE", path, NULL, nothing_was_written);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(friends_write_to_each_other_and_read_it),
        WORLD_TEST(the_same_client_id_is_the_same_message),
        WORLD_TEST(two_devices_that_send_at_once_lose_and_double_nothing),
        WORLD_TEST(a_text_of_any_script_comes_back_as_it_was),
        WORLD_TEST(who_is_no_friend_waits_in_the_request_box),
        WORLD_TEST(refusing_a_request_is_silent_and_holds),
        WORLD_TEST(who_may_write_to_me_is_mine_to_say),
        WORLD_TEST(a_friendship_that_ends_makes_two_strangers),
        WORLD_TEST(a_block_takes_the_conversation_of_two_away_and_its_end_brings_it_back),
        WORLD_TEST(a_new_name_is_shown_and_an_ended_account_looks_like_a_block),
        WORLD_TEST(nobody_keeps_or_begins_more_than_the_limit),
        WORLD_TEST(a_day_has_a_limit_in_messages_and_in_bytes),
        WORLD_TEST(a_statement_that_fails_leaves_everything_as_it_was),
    };
    static const struct feature *const list_of[] = {&messages_feature, NULL};
    const struct world_options options = {.features = list_of};
    return world_run(&options, tests, COUNT(tests));
}
