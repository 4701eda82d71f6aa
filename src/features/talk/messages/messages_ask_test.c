#include "features/talk/messages/messages_test.h"

#include "base/time.h"
#include "tests/support/members.h"

/* Being asked: what it shows, how a refusal holds, and what a flood does to the one who is asked.
 */

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

/* What the maker sees of the group, without what time alone changes. */
static const char *as_shown(struct world *w, int who, const char *id)
{
    static char shown[4096];
    assert_int_equal(one(w, who, id), 200);
    snprintf(shown, sizeof(shown), "%s", strstr(w->last.body, "\"people\""));
    return shown;
}

static enum err sweep(struct call *call, void *arg UNUSED)
{
    return messages_sweep(call);
}

static void refusing_a_group_shows_nowhere_and_holds(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], other[PUBLIC_ID_LEN + 1], before[4096];
    assert_int_equal(group(w, ANA, "Free sweets", BEN, CLEO, id), 201);
    assert_int_equal(notices(w, BEN, "messages.request"), 1);
    snprintf(before, sizeof(before), "%s", as_shown(w, ANA, id));
    w->event_count = 0;
    assert_int_equal(act(w, BEN, "DELETE", id, "", NULL), 204);
    assert_false(told(w, ANA, id) || told(w, CLEO, id));
    assert_string_equal(as_shown(w, ANA, id), before);
    for (int i = 0; i < 3; i++) { /* asked again without end */
        assert_int_equal(add(w, ANA, id, BEN), 200);
        assert_string_equal(strstr(w->last.body, "\"people\""), before);
        assert_int_equal(put_out(w, ANA, id, BEN), 204);
        assert_int_equal(put_out(w, ANA, id, BEN), 404);
        assert_int_equal(add(w, ANA, id, BEN), 200);
        assert_string_equal(strstr(w->last.body, "\"people\""), before);
    }
    assert_int_equal(group(w, ANA, "More sweets", BEN, DAN, other), 201);
    assert_true(world_says(w, w->public_ids[BEN])); /* answered alike */
    assert_int_equal(open_with(w, ANA, BEN, other), 201);
    assert_int_equal(say(w, ANA, other, "1", "why not?"), 201);
    assert_int_equal(notices(w, BEN, "messages.request"), 0);
    list(w, BEN, "requests");
    assert_true(world_says(w, "\"items\":[]"));
    assert_false(told(w, BEN, "conversation\",\"id\":\"") && told(w, BEN, other));
    assert_int_equal(put_out(w, ANA, id, CLEO), 204); /* an ask that is taken back was one */
    assert_int_equal(add(w, ANA, id, CLEO), 200);
    assert_int_equal(notices(w, CLEO, "messages.request"), 0);
    assert_int_equal(one(w, CLEO, id), 404);
    w->now_ms += MESSAGES_ASKED_MS + 1;
    assert_int_equal(add(w, ANA, id, BEN), 200); /* the time is over */
    assert_int_equal(notices(w, BEN, "messages.request"), 1);
    assert_int_equal(act(w, BEN, "POST", id, "/accept", "{}"), 200);
}

/* Who does not answer and who refuses are gone from the list of people on the same day. */
static void the_list_of_people_forgets_who_did_not_answer(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    assert_int_equal(group(w, ANA, "x", BEN, CLEO, id), 201);
    assert_int_equal(act(w, BEN, "DELETE", id, "", NULL), 204);
    w->now_ms += MESSAGES_ASKED_MS - TIME_H;
    const char *shown = as_shown(w, ANA, id);
    assert_true(strstr(shown, w->public_ids[BEN]) && strstr(shown, w->public_ids[CLEO]));
    w->now_ms += TIME_H;
    shown = as_shown(w, ANA, id);
    assert_false(strstr(shown, w->public_ids[BEN]) || strstr(shown, w->public_ids[CLEO]));
    assert_int_equal(act(w, CLEO, "POST", id, "/accept", "{}"), 200); /* late is not too late */
    assert_non_null(strstr(as_shown(w, ANA, id), w->public_ids[CLEO]));
    assert_int_equal(act(w, CLEO, "DELETE", id, "", NULL), 204); /* leaving is seen */
    assert_null(strstr(as_shown(w, ANA, id), w->public_ids[CLEO]));
}

#define LIKES "{\"emoji\":\"👍\",\"on\":true}"

/* One "hi" is no leave to write for ever. */
static void what_was_accepted_ends_with_deleting_it_and_with_a_choice(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    world_script(w, "UPDATE account SET age_band = '13' WHERE id = 2"); /* BEN */
    assert_int_equal(open_with(w, BEN, ANA, id), 201);
    assert_int_equal(say(w, BEN, id, "1", "hi"), 201);
    assert_int_equal(act(w, ANA, "POST", id, "/accept", "{}"), 200);
    assert_int_equal(act(w, BEN, "DELETE", id, "", NULL), 204);
    w->event_count = 0;
    for (int i = 0; i < MESSAGES_REQUEST_MAX; i++) {
        char cid[8];
        snprintf(cid, sizeof(cid), "a%d", i);
        assert_int_equal(say(w, ANA, id, cid, "where are you"), 201);
    }
    assert_int_equal(say(w, ANA, id, "more", "where are you"), 403);
    assert_string_equal(world_code(w), "messages.wait");
    assert_false(told(w, BEN, "where are you")); /* it waits, and for a minor without words */
    assert_int_equal(page(w, BEN, id), 200);
    assert_true(!world_says(w, "where are you") && world_says(w, "\"waits\":true"));
    assert_int_equal(act(w, BEN, "POST", id, "/read", "{\"seq\":9}"), 204);
    assert_false(told(w, ANA, "reading"));
    one(w, ANA, id);
    assert_true(world_says(w, "\"reads\":[]"));
    assert_int_equal(act(w, BEN, "POST", id, "/accept", "{}"), 200);
    page(w, BEN, id);
    assert_int_equal(times(w, "where are you"), MESSAGES_REQUEST_MAX);
    assert_int_equal(say(w, ANA, id, "more", "there you are"), 201);
    world_script(w, "INSERT INTO people_choice (account_id, messages, join_me, invisible)"
                    " VALUES (2, 'nobody', 'friends', 0)");
    assert_int_equal(say(w, ANA, id, "last", "and now?"), 403);
    assert_string_equal(world_code(w), "messages.not_now");
    one(w, ANA, id);
    assert_true(world_says(w, "\"may_write\":false"));
    assert_true(world_says(w, "\"reads\":[]")); /* nor how far she reads from now on */
    w->event_count = 0;
    assert_int_equal(act(w, BEN, "POST", id, "/read", "{\"seq\":99}"), 204);
    assert_int_equal(act(w, BEN, "POST", id, "/typing", "{}"), 204);
    assert_int_equal(act(w, ANA, "POST", id, "/typing", "{}"), 204);
    assert_false(told(w, ANA, "reading") || told(w, ANA, "writing") || told(w, BEN, "writing"));
    assert_int_equal(act(w, ANA, "POST", id, "/messages/1/reactions", LIKES), 403);
    assert_string_equal(world_code(w), "messages.not_now");
}

/* Whatever brings it: a stranger's words to a minor wait, and an adult may see what is asked. */
static void a_strangers_words_reach_a_minor_only_when_accepted(struct world *w)
{
    char to_minor[PUBLIC_ID_LEN + 1], to_adult[PUBLIC_ID_LEN + 1], answer[2048];
    const char *const ids[] = {to_minor, to_adult};
    world_script(w, "UPDATE account SET age_band = '13' WHERE id = 2");
    assert_int_equal(open_with(w, DAN, BEN, to_minor), 201);
    assert_int_equal(open_with(w, DAN, CLEO, to_adult), 201);
    w->event_count = 0;
    for (int whom = BEN; whom <= CLEO; whom++) {
        w->now_ms = WORLD_START_MS + TIME_H;
        assert_int_equal(say(w, DAN, ids[whom - BEN], "1", "secret words"), 201);
        page(w, DAN, ids[whom - BEN]);
        assert_true(whom == BEN || strcmp(w->last.body, answer) == 0);
        snprintf(answer, sizeof(answer), "%s", w->last.body);
        assert_false(told(w, whom, "secret"));
        assert_int_equal(notices(w, whom, "messages.request"), 1);
        page(w, whom, ids[whom - BEN]);
        assert_int_equal(world_says(w, "secret"), whom == CLEO);
        one(w, whom, ids[whom - BEN]);
        assert_int_equal(world_says(w, "secret"), whom == CLEO);
        list(w, whom, "requests");
        assert_int_equal(world_says(w, "secret"), whom == CLEO);
        assert_true(world_says(w, "\"requests\":1") && world_says(w, w->public_ids[DAN]));
        world_send(w, whom, "GET", "/api/messages/search?q=secret", NULL);
        assert_false(world_says(w, "secret"));
        assert_int_equal(world_sendf(w, DAN, "PATCH", "{\"text\":\"secret and new\"}",
                                     "/api/conversations/%s/messages/1", ids[whom - BEN]),
                         200);
        assert_false(told(w, whom, "secret"));
    }
    assert_int_equal(act(w, BEN, "POST", to_minor, "/accept", "{}"), 200);
    page(w, BEN, to_minor);
    assert_true(world_says(w, "secret and new") && world_says(w, "\"waits\":false"));
}

/* Its name nobody sees before a yes, whatever their age. */
static void a_minor_sees_no_name_and_no_words_of_a_strangers_group(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], json[160];
    world_script(w, "UPDATE account SET age_band = '13' WHERE id IN (2, 4)");
    assert_int_equal(group(w, ANA, "Free sweets", BEN, CLEO, id), 201);
    snprintf(json, sizeof(json), "{\"cid\":\"1\",\"text\":\"call me\",\"mentions\":[\"%s\"]}",
             w->public_ids[BEN]);
    assert_int_equal(act(w, ANA, "POST", id, "/messages", json), 201);
    for (int who = BEN; who <= CLEO; who++) {
        list(w, who, "requests");
        assert_false(world_says(w, "Free sweets"));
        assert_int_equal(world_says(w, "call me"), who == CLEO);
        one(w, who, id);
        assert_false(world_says(w, "Free sweets"));
        assert_int_equal(notices(w, who, "messages.request"), 1);
        assert_int_equal(notices(w, who, "messages.mention"), 0);
        assert_int_equal(world_send(w, who, "GET", "/api/notices", NULL), 200);
        assert_false(world_says(w, "sweets") || world_says(w, "call me"));
        assert_int_equal(act(w, who, "POST", id, "/accept", "{}"), 200);
        assert_true(world_says(w, "Free sweets"));
    }
    page(w, BEN, id);
    assert_true(world_says(w, "call me"));
    /* A friend is no stranger. */
    befriend(w, ANA, DAN);
    assert_int_equal(group(w, ANA, "Homework", DAN, BEN, id), 201);
    list(w, DAN, "requests");
    assert_true(world_says(w, "Homework"));
}

/* A yes to a group is one to whoever is in it or asked; whoever comes later waits for another. */
static void whom_a_minor_does_not_know_waits_in_a_group_too(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    world_script(w, "UPDATE account SET age_band = '13' WHERE id IN (1, 2)");
    befriend(w, ANA, BEN);
    befriend(w, ANA, CLEO);
    assert_int_equal(group(w, ANA, "Saturday", BEN, CLEO, id), 201);
    for (int who = BEN; who <= CLEO; who++) {
        assert_int_equal(act(w, who, "POST", id, "/accept", "{}"), 200);
    }
    assert_int_equal(say(w, CLEO, id, "1", "of cleo"), 201);
    assert_true(told(w, BEN, "of cleo")); /* seen when BEN said yes */
    befriend(w, ANA, DAN);
    assert_int_equal(add(w, ANA, id, DAN), 200);
    assert_int_equal(act(w, DAN, "POST", id, "/accept", "{}"), 200);
    w->event_count = 0;
    assert_int_equal(say(w, DAN, id, "1", "needle of dan"), 201);
    assert_true(told(w, ANA, "needle of dan")); /* who asked him in */
    assert_true(told(w, CLEO, "needle of dan") && !told(w, BEN, "needle of dan"));
    assert_true(told(w, BEN, "\"t\":\"conversation\""));
    page(w, BEN, id);
    assert_true(world_says(w, "of cleo") && world_says(w, "\"waits\":true"));
    assert_false(world_says(w, "needle of dan"));
    world_send(w, BEN, "GET", "/api/messages/search?q=needle", NULL);
    assert_true(world_says(w, "\"items\":[]"));
    w->event_count = 0; /* the other way round: whoever came in learns nothing of the reading */
    assert_int_equal(act(w, BEN, "POST", id, "/read", "{\"seq\":2}"), 204);
    assert_int_equal(act(w, BEN, "POST", id, "/typing", "{}"), 204);
    assert_true(told(w, CLEO, "reading") && told(w, CLEO, "writing"));
    assert_false(told(w, DAN, "reading") || told(w, DAN, "writing"));
    one(w, DAN, id);
    assert_null(strstr(strstr(w->last.body, "\"reads\""), w->public_ids[BEN]));
    assert_int_equal(act(w, BEN, "POST", id, "/accept", "{}"), 200);
    page(w, BEN, id);
    assert_true(world_says(w, "needle of dan") && !world_says(w, "\"waits\":true"));
    world_send(w, BEN, "GET", "/api/messages/search?q=needle", NULL);
    assert_true(world_says(w, "needle of dan"));
}

/* A member who waits is not told of what somebody says whom they do not perceive. */
static void who_is_asked_hears_nothing_of_whom_they_do_not_perceive(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    assert_int_equal(group(w, ANA, "x", BEN, CLEO, id), 201);
    assert_int_equal(act(w, BEN, "POST", id, "/accept", "{}"), 200);
    assert_int_equal(say(w, BEN, id, "1", "of ben"), 201);
    block(w, CLEO, BEN);
    int64_t last_ms =
        world_count(w, "SELECT last_ms FROM conversation_member WHERE account_id = 3");
    w->event_count = 0;
    assert_int_equal(say(w, BEN, id, "2", "of ben, too"), 201);
    assert_int_equal(act(w, BEN, "PATCH", id, "/messages/2", "{\"text\":\"new\"}"), 200);
    assert_int_equal(act(w, ANA, "POST", id, "/messages/1/reactions", LIKES), 204);
    assert_true(told(w, ANA, "of ben, too"));
    assert_false(told(w, CLEO, id));
    assert_int_equal(world_count(w, "SELECT last_ms FROM conversation_member WHERE account_id = 3"),
                     last_ms);
    list(w, CLEO, "requests");
    assert_true(world_says(w, "\"unread\":0") && !world_says(w, "of ben"));
}

/* "Opening accepts nothing": and so a refusal holds behind it. */
static void who_was_refused_is_not_heard_where_the_conversation_is_opened_again(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], again[PUBLIC_ID_LEN + 1];
    world_script(w, "UPDATE account SET age_band = '13' WHERE id = 2"); /* BEN; CLEO is none */
    for (int whom = BEN; whom <= CLEO; whom++) {
        assert_int_equal(open_with(w, ANA, whom, id), 201);
        assert_int_equal(say(w, ANA, id, "1", "first needle"), 201);
        assert_int_equal(act(w, whom, "DELETE", id, "", NULL), 204);
        assert_int_equal(open_with(w, whom, ANA, again), 201);
        w->event_count = 0;
        assert_int_equal(say(w, ANA, id, "2", "second needle"), 201);
        assert_false(told(w, whom, id));
        assert_int_equal(page(w, whom, id), 404);
        list(w, whom, "in");
        assert_false(world_says(w, "needle"));
        assert_int_equal(open_with(w, whom, ANA, again), 201);
        page(w, whom, id);
        assert_false(world_says(w, "needle"));
        world_send(w, whom, "GET", "/api/messages/search?q=needle", NULL);
        assert_true(world_says(w, "\"items\":[]"));
    }
}

/* A friendship that ended, a group of theirs that was refused: the old conversation says nothing
 * new, and is there with what friends said once it is opened again. */
static void a_former_friend_who_was_refused_is_not_heard_in_the_old_conversation(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], asked[PUBLIC_ID_LEN + 1];
    world_script(w, "UPDATE account SET age_band = '13' WHERE id = 2");
    for (int whom = BEN; whom <= CLEO; whom++) {
        befriend(w, ANA, whom);
        assert_int_equal(open_with(w, ANA, whom, id), 201);
        assert_int_equal(say(w, ANA, id, "1", "needle of a friend"), 201);
        assert_int_equal(say(w, whom, id, "b", "hello"), 201);
        world_script(w, "DELETE FROM friendship");
        assert_int_equal(group(w, ANA, "G", whom, DAN, asked), 201);
        assert_int_equal(act(w, whom, "DELETE", asked, "", NULL), 204);
        w->event_count = 0;
        assert_int_equal(say(w, ANA, id, "2", "needle of a stranger"), 201);
        assert_false(told(w, whom, id));
        list(w, whom, "in");
        assert_false(world_says(w, "needle"));
        world_script(w, "UPDATE conversation SET due = 1");
        assert_int_equal(act(w, ANA, "DELETE", id, "", NULL), 204);
        assert_int_equal(world_do(w, ADA, sweep, NULL), OK); /* what they forgot is not lost */
        assert_int_equal(open_with(w, whom, ANA, asked), 201);
        list(w, whom, "in");
        assert_true(world_says(w, id));
        assert_int_equal(world_says(w, "needle of a stranger"), whom == CLEO);
        page(w, whom, id);
        assert_int_equal(world_says(w, "needle of a stranger"), whom == CLEO);
        assert_int_equal(world_says(w, "needle of a friend"), whom == CLEO);
        assert_int_equal(world_says(w, "\"waits\":true"), whom == BEN);
        world_send(w, whom, "GET", "/api/messages/search?q=needle", NULL);
        assert_int_equal(world_says(w, "needle"), whom == CLEO);
        assert_int_equal(act(w, whom, "POST", id, "/accept", "{}"), 200);
        page(w, whom, id);
        assert_true(world_says(w, "needle of a friend") && !world_says(w, "\"waits\":true"));
    }
}

/* Changing what one said is saying it. */
static void what_may_not_be_said_is_not_said_by_changing_words(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    assert_int_equal(open_with(w, ANA, BEN, id), 201);
    for (int i = 0; i < MESSAGES_REQUEST_MAX; i++) {
        char cid[2] = {(char)('a' + i)};
        assert_int_equal(say(w, ANA, id, cid, "polite"), 201);
    }
    assert_int_equal(act(w, ANA, "PATCH", id, "/messages/1", "{\"text\":\"rude\"}"), 403);
    assert_string_equal(world_code(w), "messages.wait");
    assert_int_equal(act(w, BEN, "POST", id, "/accept", "{}"), 200);
    assert_int_equal(act(w, ANA, "PATCH", id, "/messages/1", "{\"text\":\"warm\"}"), 200);
    world_script(w, "INSERT INTO people_choice (account_id, messages, join_me, invisible)"
                    " VALUES (2, 'nobody', 'friends', 0)");
    assert_int_equal(act(w, ANA, "PATCH", id, "/messages/1", "{\"text\":\"rude\"}"), 403);
    assert_string_equal(world_code(w), "messages.not_now");
    page(w, BEN, id);
    assert_true(world_says_word(w, "warm") && !world_says_word(w, "rude"));
}

/* `count` strangers, who each made a group with BEN in it, as the routes would. */
static void flood(struct world *w, int count)
{
    char sql[600];
    for (int i = 0; i < count; i++) {
        snprintf(sql, sizeof(sql),
                 "INSERT INTO conversation (id, public_id, kind, maker_id, created_ms) VALUES"
                 " (%d, 'f%025d', 'group', 4, %lld)",
                 100 + i, i, (long long)w->now_ms + i - 1000);
        world_script(w, sql);
        snprintf(sql, sizeof(sql),
                 "INSERT INTO conversation_member (conversation_id, account_id, state, since_seq,"
                 " read_seq, last_ms, asked_ms, key_ct) SELECT %d, 2, 'request', 0, 0, %lld, %lld,"
                 " CAST('x' AS %s)",
                 100 + i, (long long)w->now_ms + i - 1000, (long long)w->now_ms + i - 1000,
                 w->store.pg ? "BYTEA" : "BLOB");
        world_script(w, sql);
    }
}

static void a_flood_of_asking_takes_nothing_from_who_is_asked(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], oldest[PUBLIC_ID_LEN + 1];
    flood(w, MESSAGES_BOX_MAX);
    list(w, BEN, "requests");
    assert_true(world_says(w, "\"requests\":50"));
    snprintf(oldest, sizeof(oldest), "f%025d", 0);
    assert_int_equal(one(w, BEN, oldest), 200);
    assert_int_equal(open_with(w, ANA, BEN, id), 201);
    assert_int_equal(say(w, ANA, id, "1", "an honest word"), 201);
    list(w, BEN, "requests");
    assert_true(world_says(w, "\"requests\":50") && world_says(w, "an honest word"));
    assert_int_equal(one(w, BEN, oldest), 404);               /* the oldest went */
    assert_int_equal(notices(w, BEN, "messages.request"), 0); /* enough for a day */
    w->now_ms += TIME_DAY;
    assert_int_equal(open_with(w, CLEO, BEN, id), 201);
    assert_int_equal(say(w, CLEO, id, "1", "another"), 201);
    assert_int_equal(notices(w, BEN, "messages.request"), 1);
    assert_int_equal(open_with(w, BEN, DAN, id), 201); /* what others begin counts for them */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM conversation_member WHERE account_id = 2"
                                    " AND state = 'request'"),
                     MESSAGES_BOX_MAX);
}

/* Answered as ever, in the time of ever. */
static void asking_whom_refused_lately_is_as_much_work(struct world *w)
{
    char refused[PUBLIC_ID_LEN + 1], id[PUBLIC_ID_LEN + 1];
    const int asked[] = {BEN, DAN};
    uint64_t statements[2];
    assert_int_equal(group(w, ANA, "x", BEN, DAN, refused), 201);
    assert_int_equal(act(w, BEN, "DELETE", refused, "", NULL), 204);
    assert_int_equal(group(w, ANA, "y", CLEO, ADA, id), 201);
    for (size_t i = 0; i < COUNT(asked); i++) {
        statements_count(w);
        assert_int_equal(add(w, ANA, id, asked[i]), 200);
        statements[i] = statements_counted(w);
    }
    assert_int_equal(notices(w, BEN, "messages.request"), 0);
    assert_int_equal(notices(w, DAN, "messages.request"), 2);
    assert_int_equal(statements[0], statements[1]);
}

/* The first words to somebody, and the next ones while they wait. */
static void words_to_whom_refused_lately_are_as_much_work(struct world *w)
{
    char refused[PUBLIC_ID_LEN + 1], id[PUBLIC_ID_LEN + 1];
    const int to[] = {BEN, DAN};
    uint64_t statements[2][3];
    assert_int_equal(group(w, ANA, "x", BEN, DAN, refused), 201);
    assert_int_equal(act(w, BEN, "DELETE", refused, "", NULL), 204);
    for (size_t i = 0; i < COUNT(to); i++) {
        assert_int_equal(open_with(w, ANA, to[i], id), 201);
        for (int n = 0; n < 3; n++) {
            char cid[20];
            snprintf(cid, sizeof(cid), "cid-of-words-%d", n);
            statements_count(w);
            assert_int_equal(say(w, ANA, id, cid, "hello"), 201);
            statements[i][n] = statements_counted(w);
        }
    }
    assert_int_equal(notices(w, BEN, "messages.request"), 0);
    assert_int_equal(notices(w, DAN, "messages.request"), 2);
    for (int n = 0; n < 3; n++) {
        assert_int_equal(statements[0][n], statements[1][n]);
    }
}

/* Who is put out and another asked, without end: each would be told of it. */
static void whom_one_adds_in_a_day_has_an_end(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    assert_int_equal(group(w, ANA, "x", BEN, CLEO, id), 201);
    for (int i = 0; i <= MESSAGES_ADDED_DAY; i++) {
        w->now_ms += TIME_MIN / 2; /* the limit of changes is another */
        assert_int_equal(put_out(w, ANA, id, i % 2 ? DAN : CLEO), 204);
        assert_int_equal(add(w, ANA, id, i % 2 ? CLEO : DAN), i < MESSAGES_ADDED_DAY ? 200 : 429);
    }
    assert_true(w->last.retry_ms > 0);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(refusing_a_group_shows_nowhere_and_holds),
        WORLD_TEST(the_list_of_people_forgets_who_did_not_answer),
        WORLD_TEST(what_was_accepted_ends_with_deleting_it_and_with_a_choice),
        WORLD_TEST(a_strangers_words_reach_a_minor_only_when_accepted),
        WORLD_TEST(a_minor_sees_no_name_and_no_words_of_a_strangers_group),
        WORLD_TEST(whom_a_minor_does_not_know_waits_in_a_group_too),
        WORLD_TEST(who_is_asked_hears_nothing_of_whom_they_do_not_perceive),
        WORLD_TEST(who_was_refused_is_not_heard_where_the_conversation_is_opened_again),
        WORLD_TEST(a_former_friend_who_was_refused_is_not_heard_in_the_old_conversation),
        WORLD_TEST(what_may_not_be_said_is_not_said_by_changing_words),
        WORLD_TEST(a_flood_of_asking_takes_nothing_from_who_is_asked),
        WORLD_TEST(asking_whom_refused_lately_is_as_much_work),
        WORLD_TEST(words_to_whom_refused_lately_are_as_much_work),
    };
    static const struct world_test limited[] = {WORLD_TEST(whom_one_adds_in_a_day_has_an_end)};
    static const struct feature *const list_of[] = {&messages_feature, &notices_feature, NULL};
    const struct world_options options = {.features = list_of};
    const struct world_options strict = {.features = list_of, .limit_scale = 1};
    int failed = world_run(&options, tests, COUNT(tests));
    return failed | world_run(&strict, limited, COUNT(limited));
}
