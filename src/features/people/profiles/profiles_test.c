#include "features/people/profiles/profiles.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "store/store.h"
#include "tests/support/members.h"
#include "tests/support/world.h"

extern const struct feature profiles_feature;

/* ---- what a test says ---- */

static char wish[8192];

static int put(struct world *w, int who, int version, const char *fields)
{
    snprintf(wish, sizeof(wish), "{\"version\":%d,\"fields\":[%s]}", version, fields);
    return world_send(w, who, "PUT", "/api/me/profile", wish);
}

static int put_one(struct world *w, int who, int version, const char *name, const char *value,
                   const char *audience)
{
    char field[6000];
    snprintf(field, sizeof(field), "{\"name\":\"%s\",\"value\":\"%s\",\"audience\":\"%s\"}", name,
             value, audience);
    return put(w, who, version, field);
}

static int see(struct world *w, int who, int whom)
{
    return world_sendf(w, who, "GET", NULL, "/api/people/%s", w->public_ids[whom]);
}

static bool shows(const struct world *w, const char *name, const char *value)
{
    char text[6000];
    snprintf(text, sizeof(text), "{\"name\":\"%s\",\"value\":\"%s\"}", name, value);
    return world_says(w, text);
}

static void befriend(struct world *w, int a, int b)
{
    char sql[160];
    snprintf(sql, sizeof(sql),
             "INSERT INTO friendship (account_id, friend_id, since_ms) VALUES (%d, %d, 1),"
             " (%d, %d, 1)",
             a, b, b, a);
    world_script(w, sql);
}

static void everybody_is_real(struct world *w)
{
    for (int who = ANA; who < PEOPLE; who++) {
        member_real(w, who, "1990-01-15", "ID"); /* turned 37 today */
    }
}

static const char *const all[][2] = {
    {"display_name", "Bennie"},        {"age", ""},           {"gender", "male"},
    {"relationship", "engaged"},       {"country", ""},       {"state", "WY"},
    {"languages", "en\\nid"},          {"about", "About me"}, {"interests", "chess"},
    {"links", "https://example.org/"},
};

static const char *everything(const char *audience)
{
    static char fields[2000];
    size_t len = 0;
    for (size_t i = 0; i < COUNT(all); i++) {
        len += (size_t)snprintf(fields + len, sizeof(fields) - len,
                                "%s{\"name\":\"%s\",\"value\":\"%s\",\"audience\":\"%s\"}",
                                i ? "," : "", all[i][0], all[i][1], audience);
    }
    return fields;
}

static void says_all(struct world *w, int who, int version, const char *audience)
{
    assert_int_equal(put(w, who, version, everything(audience)), 200);
}

/* ---- what is shown ---- */

/* proves: PRO-1a PRO-1b */
static void a_profile_shows_what_its_owner_says(struct world *w)
{
    everybody_is_real(w);
    member_real(w, BEN, "1990-01-15", "US");
    says_all(w, BEN, 0, "everyone");
    assert_int_equal(see(w, ANA, BEN), 200);
    assert_string_equal(world_field(w, "id"), w->public_ids[BEN]);
    assert_string_equal(world_field(w, "name"), "ben"); /* of the avatar */
    assert_string_equal(world_field(w, "display_name"), "Bennie");
    assert_string_equal(world_field(w, "relation"), "none");
    assert_true(shows(w, "age", "37") && shows(w, "gender", "male"));
    assert_true(shows(w, "relationship", "engaged") && shows(w, "country", "US"));
    assert_true(shows(w, "state", "WY") && shows(w, "languages", "en\\u000aid"));
    assert_true(shows(w, "about", "About me") && shows(w, "interests", "chess"));
    assert_true(shows(w, "links", "https://example.org/"));
    world_script(w, "UPDATE account SET country = 'SE' WHERE id = 2");
    assert_int_equal(see(w, ANA, BEN), 200);
    assert_true(shows(w, "country", "SE") && !world_says(w, "WY")); /* a state of the US only */
}

static void each_field_goes_to_whom_its_owner_chose(struct world *w)
{
    everybody_is_real(w);
    befriend(w, BEN, CLEO);
    static const char *const names[] = {"age", "gender", "languages", "about"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *value = strcmp(names[i], "age") == 0         ? ""
                            : strcmp(names[i], "languages") == 0 ? "sv"
                                                                 : "marker";
        const char *seen = *value ? value : "37";
        static const char *const audiences[] = {"everyone", "friends", "nobody"};
        for (size_t audience = 0; audience < COUNT(audiences); audience++) {
            int version = (int)(i * COUNT(audiences) + audience);
            assert_int_equal(put_one(w, BEN, version, names[i], value, audiences[audience]), 200);
            assert_int_equal(see(w, ANA, BEN), 200);
            assert_int_equal(shows(w, names[i], seen), audience == 0);
            assert_int_equal(see(w, ADA, BEN), 200); /* staff are members like others here */
            assert_int_equal(shows(w, names[i], seen), audience == 0);
            assert_int_equal(see(w, CLEO, BEN), 200);
            assert_int_equal(shows(w, names[i], seen), audience <= 1);
            assert_int_equal(see(w, BEN, BEN), 200);
            assert_true(shows(w, names[i], seen));
            assert_string_equal(world_field(w, "relation"), "self");
        }
    }
}

static void what_registering_asked_for_goes_to_friends_at_first(struct world *w)
{
    everybody_is_real(w);
    befriend(w, BEN, CLEO);
    assert_int_equal(see(w, ANA, BEN), 200);
    assert_false(world_says(w, "\"age\"") || world_says(w, "\"country\""));
    assert_true(world_says(w, "\"display_name\":null"));
    assert_true(shows(w, "member_since", "1970-01") && !world_says(w, "badges"));
    assert_int_equal(see(w, CLEO, BEN), 200);
    assert_true(shows(w, "age", "37") && shows(w, "country", "ID"));
    assert_int_equal(world_send(w, BEN, "GET", "/api/me/profile", NULL), 200);
    assert_true(world_says(w, "\"version\":0,\"minor\":false"));
    assert_true(world_says(w, "{\"name\":\"gender\",\"value\":\"\",\"audience\":\"friends\"}"));
    assert_true(world_says(w, "{\"name\":\"age\",\"value\":\"37\",\"audience\":\"friends\"}"));
}

static void badges_are_facts(struct world *w)
{
    everybody_is_real(w);
    assert_int_equal(see(w, BEN, ANA), 200);
    assert_true(shows(w, "badges", "founder"));
    assert_int_equal(see(w, BEN, ADA), 200);
    assert_true(shows(w, "badges", "staff"));
    assert_string_equal(world_field(w, "role"), "admin");
    assert_int_equal(put_one(w, BEN, 0, "badges", "staff", "everyone"), 400);
}

static void of_a_minor_age_place_and_links_stay_with_those_they_know(struct world *w)
{
    everybody_is_real(w);
    member_real(w, BEN, "2012-01-15", "US");  /* 15 */
    member_real(w, CLEO, "2011-01-15", "ID"); /* 16 */
    befriend(w, BEN, DAN);
    says_all(w, BEN, 0, "everyone");
    for (int who = ANA; who <= CLEO; who += CLEO - ANA) { /* no friends, of whatever age */
        assert_int_equal(see(w, who, BEN), 200);
        assert_false(world_says(w, "\"age\"") || world_says(w, "\"country\""));
        assert_false(world_says(w, "\"state\"") || world_says(w, "\"links\""));
        assert_true(shows(w, "about", "About me"));
    }
    assert_int_equal(see(w, DAN, BEN), 200); /* an adult who is one */
    assert_true(shows(w, "age", "15") && shows(w, "links", "https://example.org/"));
    assert_int_equal(world_send(w, BEN, "GET", "/api/me/profile", NULL), 200);
    assert_true(world_says(w, "\"minor\":true"));
    assert_int_equal(world_send(w, BEN, "GET", "/api/me/profile/preview?by=stranger", NULL), 200);
    assert_false(world_says(w, "\"age\"") || world_says(w, "\"links\""));
    assert_true(shows(w, "about", "About me"));
    atomic_store(&w->now_ms, WORLD_START_MS + INT64_C(4) * 365 * 24 * 3600 * 1000);
    member_real(w, BEN, "2012-01-15", "US"); /* grown up: accounts.ages raises the band */
    assert_int_equal(see(w, ANA, BEN), 200);
    assert_true(shows(w, "country", "US"));
}

static void what_a_minor_or_a_kept_child_types_goes_to_friends_at_first(struct world *w)
{
    everybody_is_real(w);
    befriend(w, BEN, DAN);
    says_all(w, BEN, 0, "everyone");
    world_script(w, "UPDATE profile_field SET audience = 'friends'");
    assert_int_equal(see(w, ANA, BEN), 200);
    char chosen[4096];
    snprintf(chosen, sizeof(chosen), "%s", w->last.body);
    assert_false(world_says(w, "Bennie") || world_says(w, "chess") || world_says(w, "About"));
    world_script(w, "UPDATE profile_field SET audience = 'everyone'");
    assert_int_equal(see(w, ANA, BEN), 200);
    assert_true(world_says(w, "Bennie") && world_says(w, "chess") && world_says(w, "About"));
    member_kept(w, BEN, true); /* never more than their guardian allows */
    assert_int_equal(see(w, DAN, BEN), 200);
    assert_true(world_says(w, "Bennie") && world_says(w, "About"));
    world_script(w, "INSERT INTO people_choice (account_id, messages, join_me, findable, invisible)"
                    " VALUES (2, 'nobody', 'nobody', 'nobody', 0)");
    assert_int_equal(see(w, ANA, BEN), 200);
    char kept[4096];
    snprintf(kept, sizeof(kept), "%s", w->last.body);
    member_kept(w, BEN, false);
    world_script(w, "UPDATE profile_field SET audience = 'friends'");
    assert_int_equal(see(w, ANA, BEN), 200);
    assert_string_equal(w->last.body, kept); /* nobody can tell who wants it so */
    assert_string_not_equal(kept, chosen);
    assert_int_equal(put_one(w, CLEO, 0, "gender", "x", "friends"), 200);
    member_real(w, CLEO, "2012-01-15", "ID");
    assert_int_equal(world_send(w, CLEO, "GET", "/api/me/profile", NULL), 200);
    for (size_t i = 0; i < 3; i++) {
        static const char *const names[] = {"display_name", "about", "interests"};
        char field[120];
        snprintf(field, sizeof(field), "{\"name\":\"%s\",\"value\":\"\",\"audience\":\"friends\"}",
                 names[i]);
        assert_true(world_says(w, field));
    }
}

static void the_relation_tells_nothing_of_a_refusal(struct world *w)
{
    static const struct {
        const char *sql, *ana, *ben;
    } lives[] = {
        {"INSERT INTO friend_request (from_id, to_id, at_ms) VALUES (1, 2, 1)", "asked", "asking"},
        {"UPDATE friend_request SET refused_ms = 2", "asked", "none"},
        {"INSERT INTO friendship (account_id, friend_id, since_ms) VALUES (1, 2, 1), (2, 1, 1)",
         "friend", "friend"},
    };
    everybody_is_real(w);
    for (size_t i = 0; i < COUNT(lives); i++) {
        world_script(w, lives[i].sql);
        assert_int_equal(see(w, ANA, BEN), 200);
        assert_string_equal(world_field(w, "relation"), lives[i].ana);
        assert_int_equal(see(w, BEN, ANA), 200);
        assert_string_equal(world_field(w, "relation"), lives[i].ben);
    }
}

static void what_one_may_do_is_the_rule_of_contact(struct world *w)
{
    everybody_is_real(w);
    assert_int_equal(see(w, ANA, BEN), 200);
    assert_true(world_says(w, "\"may\":{\"request\":true,\"message\":true,\"invite\":true,"
                              "\"join\":false,\"comment\":true}"));
    member_real(w, BEN, "2012-01-15", "ID"); /* of whatever age */
    assert_int_equal(see(w, ANA, BEN), 200);
    assert_true(world_says(w, "\"may\":{\"request\":true,\"message\":true,\"invite\":true,"
                              "\"join\":false,\"comment\":true}"));
    member_kept(w, BEN, true); /* as if they had chosen "nobody" */
    assert_int_equal(see(w, ANA, BEN), 200);
    assert_true(world_says(w, "\"may\":{\"request\":true,\"message\":false,\"invite\":false,"
                              "\"join\":false,\"comment\":false}"));
    assert_int_equal(see(w, ANA, ANA), 200);
    assert_true(world_says(w, "\"may\":{\"request\":false,\"message\":false,\"invite\":false,"
                              "\"join\":false,\"comment\":false}"));
}

static void who_is_not_there_and_who_is_hidden_get_one_answer(struct world *w)
{
    char answer[512];
    everybody_is_real(w);
    assert_int_equal(world_send(w, ANA, "GET", "/api/people/zzzzzzzzzzzzzzzzzzzzzzzzzz", NULL),
                     404);
    snprintf(answer, sizeof(answer), "%s", w->last.body);
    assert_string_equal(world_code(w), "people.none");
    uint64_t nobody = member_statements(w, ANA, "GET", "/api/people/zzzzzzzzzzzzzzzzzzzzzzzzzz");
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (2, 1, 1)");
    world_script(w, "UPDATE account SET state = 'ended' WHERE id = 3");
    for (int whom = BEN; whom <= CLEO; whom++) {
        char path[64];
        assert_int_equal(see(w, ANA, whom), 404);
        assert_string_equal(w->last.body, answer);
        snprintf(path, sizeof(path), "/api/people/%s", w->public_ids[whom]);
        assert_int_equal(member_statements(w, ANA, "GET", path), nobody);
    }
    assert_int_equal(see(w, NOBODY, ANA), 401);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me/profile", NULL), 401);
    assert_int_equal(put(w, NOBODY, 0, ""), 401);
}

/* ---- what is taken ---- */

static void two_devices_do_not_undo_each_other(struct world *w)
{
    everybody_is_real(w);
    assert_int_equal(put_one(w, BEN, 0, "about", "first", "everyone"), 200);
    assert_true(world_says(w, "{\"version\":1}"));
    assert_int_equal(put_one(w, BEN, 0, "about", "second", "everyone"), 409);
    assert_string_equal(world_code(w), "profiles.changed");
    assert_int_equal(put_one(w, BEN, 2, "about", "second", "everyone"), 409);
    assert_int_equal(world_send(w, BEN, "GET", "/api/me/profile", NULL), 200);
    assert_true(world_says(w, "\"version\":1") && world_says(w, "first"));
    assert_int_equal(put_one(w, BEN, 1, "about", "second", "everyone"), 200);
    assert_int_equal(world_send(w, BEN, "GET", "/api/me/profile", NULL), 200);
    assert_true(world_says(w, "\"version\":2") && world_says(w, "second"));
}

/* `points` times a character of four bytes. */
static const char *emoji(size_t points)
{
    static char text[5000];
    text[0] = '\0';
    for (size_t i = 0; i < points; i++) {
        strcat(text, "\xf0\x9f\xa6\x8a");
    }
    return text;
}

static const char *lines(const char *line, int count)
{
    static char text[4000];
    size_t len = 0;
    text[0] = '\0';
    for (int i = 0; i < count; i++) {
        len += (size_t)snprintf(text + len, sizeof(text) - len, i ? "\\n%s" : "%s", line);
    }
    return text;
}

static void limits_count_characters_and_hold_at_one_past(struct world *w)
{
    static const struct {
        const char *name;
        size_t most;
    } texts[] = {{"display_name", 40}, {"gender", 40}, {"about", 1000}, {"interests", 30}};
    everybody_is_real(w);
    int version = 0;
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_int_equal(
            put_one(w, BEN, version++, texts[i].name, emoji(texts[i].most), "everyone"), 200);
        assert_int_equal(see(w, ANA, BEN), 200);
        assert_true(i == 1 || world_says(w, emoji(texts[i].most)));
        assert_int_equal(
            put_one(w, BEN, version, texts[i].name, emoji(texts[i].most + 1), "everyone"), 400);
        assert_string_equal(world_code(w), "input.length");
        assert_string_equal(world_field(w, "field"), texts[i].name);
    }
    static const struct {
        const char *name, *line;
        int most;
    } lists[] = {{"languages", "sv", 10}, {"interests", "chess", 12}, {"links", "http://a.se", 5}};
    for (size_t i = 0; i < COUNT(lists); i++) {
        assert_int_equal(put_one(w, BEN, version++, lists[i].name,
                                 lines(lists[i].line, lists[i].most), "everyone"),
                         200);
        assert_int_equal(put_one(w, BEN, version, lists[i].name,
                                 lines(lists[i].line, lists[i].most + 1), "everyone"),
                         400);
        assert_string_equal(world_code(w), "profiles.lines");
    }
    assert_int_equal(put_one(w, BEN, version, "gender", "x", "all"), 400);
    assert_int_equal(put_one(w, BEN, version, "avatar_name", "x", "everyone"), 400);
    assert_int_equal(put(w, BEN, version,
                         "{\"name\":\"about\",\"value\":\"\",\"audience\":\"nobody\"},"
                         "{\"name\":\"about\",\"value\":\"\",\"audience\":\"everyone\"}"),
                     400);
    assert_string_equal(world_code(w), "input.twice");
}

static void text_of_every_script_is_kept_and_nothing_unseen(struct world *w)
{
    static const struct {
        const char *typed, *kept;
    } texts[] = {
        {"\\u0645\\u0631\\u062d\\u0628\\u0627 \xf0\x9f\xa6\x8a",
         "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7 \xf0\x9f\xa6\x8a"}, /* right to left */
        {"a\\u202eb\\u2066c\\u200bd\\ufeffe", "abcde"},                /* overrides, zero width */
        {"\\u0645\\u06cc\\u200c\\u062e\\u0648", "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88"},
        {"\\u200d a \\u200d b\\u200d", "a b"},                       /* joins nothing */
        {"  a\\t\\u00a0 b  \\n\\n\\n\\n c  ", "a b\\u000a\\u000ac"}, /* a wall of nothing */
        {"\\u3164\\u115f", ""},                                      /* letters one cannot see */
        {"e\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301", "\xc3\xa9\xcc\x81\xcc\x81\xcc\x81"},
        {"<b>&amp;</b>", "<b>&amp;</b>"}, /* text is text */
    };
    everybody_is_real(w);
    for (size_t i = 0; i < COUNT(texts); i++) {
        char want[200];
        assert_int_equal(put_one(w, BEN, (int)i, "about", texts[i].typed, "everyone"), 200);
        assert_int_equal(see(w, ANA, BEN), 200);
        snprintf(want, sizeof(want), "{\"name\":\"about\",\"value\":\"%s\"}", texts[i].kept);
        if (*texts[i].kept ? !world_says(w, want) : world_says(w, "\"about\"")) {
            fail_msg("%s: %s", texts[i].typed, w->last.body);
        }
    }
    assert_int_equal(put_one(w, BEN, 8, "display_name", "a\\nb\\n", "everyone"), 200);
    assert_int_equal(see(w, ANA, BEN), 200);
    assert_string_equal(world_field(w, "display_name"), "a b");
}

static void links_lead_to_the_web_and_nowhere_else(struct world *w)
{
    static const char *const good[] = {"https://example.org", "http://example.org:8080/a?b=c#d",
                                       "https://xn--bcher-kva.example/%C3%BC",
                                       "https://example.org/?tag[]=1"};
    static const char *const bad[] = {"javascript:alert(1)",
                                      "https://",
                                      "https://localhost",
                                      "http://192.168.0.1/admin",
                                      "https://user@example.org/",
                                      "https://example.org\\\\@evil.org",
                                      "ftp://example.org",
                                      "https://.org",
                                      "//example.org",
                                      "https://b\\u00fccher.example",
                                      "https://example.org/<b>",
                                      "https://example.org:123456",
                                      "data:text/html,x"};
    everybody_is_real(w);
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_int_equal(put_one(w, BEN, (int)i, "links", good[i], "everyone"), 200);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (put_one(w, BEN, (int)COUNT(good), "links", bad[i], "everyone") != 400) {
            fail_msg("%s: %s", bad[i], w->last.body);
        }
        assert_string_equal(world_code(w), "profiles.link");
    }
}

static void choices_are_those_of_the_list(struct world *w)
{
    everybody_is_real(w);
    static const char *const bad[][2] = {{"relationship", "bored"}, {"relationship", "single to"},
                                         {"state", "XX"},           {"state", "wy"},
                                         {"languages", "e1"},       {"languages", "EN"}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(put_one(w, BEN, 0, bad[i][0], bad[i][1], "everyone"), 400);
        assert_string_equal(world_code(w), "input.choice");
    }
    static const char *const staff[] = {"Admin", "The Moderator", "supp0rt", "Bauta-Team"};
    for (size_t i = 0; i < COUNT(staff); i++) {
        assert_int_equal(put_one(w, BEN, 0, "display_name", staff[i], "everyone"), 400);
        assert_string_equal(world_code(w), "profiles.reserved");
    }
    assert_int_equal(put_one(w, BEN, 0, "gender", "in my own words", "everyone"), 200);
    assert_int_equal(put_one(w, BEN, 1, "age", "99", "everyone"), 200); /* is not theirs to say */
    assert_int_equal(see(w, ANA, BEN), 200);
    assert_true(shows(w, "age", "37"));
}

static void what_is_said_is_sealed_and_goes_with_the_key(struct world *w)
{
    everybody_is_real(w);
    says_all(w, BEN, 0, "everyone");
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM profile_field"), 10);
    world_script(w, "UPDATE account SET key_id = 999999 WHERE id = 2"); /* burned */
    assert_int_equal(see(w, ANA, BEN), 200);
    assert_false(world_says(w, "About me") || world_says(w, "\"age\""));
}

static void nothing_said(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM profile"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM profile_field"), 0);
}

static void a_failing_statement_says_nothing(struct world *w)
{
    everybody_is_real(w);
    snprintf(wish, sizeof(wish), "{\"version\":0,\"fields\":[%s]}", everything("friends"));
    world_faults(w, BEN, "PUT", "/api/me/profile", wish, nothing_said);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM profile_field"), 10);
}

int main(void)
{
    static const struct feature *const list[] = {&profiles_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(a_profile_shows_what_its_owner_says),
        WORLD_TEST(each_field_goes_to_whom_its_owner_chose),
        WORLD_TEST(what_registering_asked_for_goes_to_friends_at_first),
        WORLD_TEST(badges_are_facts),
        WORLD_TEST(of_a_minor_age_place_and_links_stay_with_those_they_know),
        WORLD_TEST(what_a_minor_or_a_kept_child_types_goes_to_friends_at_first),
        WORLD_TEST(the_relation_tells_nothing_of_a_refusal),
        WORLD_TEST(what_one_may_do_is_the_rule_of_contact),
        WORLD_TEST(who_is_not_there_and_who_is_hidden_get_one_answer),
        WORLD_TEST(two_devices_do_not_undo_each_other),
        WORLD_TEST(limits_count_characters_and_hold_at_one_past),
        WORLD_TEST(text_of_every_script_is_kept_and_nothing_unseen),
        WORLD_TEST(links_lead_to_the_web_and_nowhere_else),
        WORLD_TEST(choices_are_those_of_the_list),
        WORLD_TEST(what_is_said_is_sealed_and_goes_with_the_key),
        WORLD_TEST(a_failing_statement_says_nothing),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
