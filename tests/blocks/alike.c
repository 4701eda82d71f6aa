#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/blocks/rules.h"
#include "tests/support/members.h"

/*
 * Two lives of Ben that others must not be able to tell apart: every executed row of the rules and
 * every GET route that needs nothing to be known is asked by every kind of viewer, in two worlds
 * that differ in that one thing.  Status, body, headers, what the viewer's sockets are told (of the
 * calls, and by live while Ben comes into a room and goes) and the number of statements are
 * compared.  A new row is covered without a line here.  Built with CONTACT_TELLS_AGES (contact.h)
 * the same program wants ages to be found out.
 */

enum { ANSWERS_MAX = 4000, TEXT_MAX = 64 * 1024, ID_LONG = 20, TIME_LONG = 10 };

/* Beside the rows: what is about Ben himself where a row is about another. */
static const struct route_rule more[] = {
    {.route = "GET home", .path = "/api/people/{other}/home"},
    {.route = "GET guestbook", .path = "/api/people/{other}/guestbook"},
    {.route = "GET names", .path = "/api/names/{name}"},
    {.route = "GET room of theirs", .path = "/api/rooms/{theirs}"},
    {.route = "GET messages in it", .path = "/api/rooms/{theirs}/messages"},
    {.route = "POST report of it",
     .path = "/api/reports",
     .json = "{\"kind\":\"room\",\"id\":\"{theirs}\",\"reason\":\"hate\"}"},
    {.route = "POST /api/blocks by name", .path = "/api/blocks", .json = "{\"name\":\"{name}\"}"},
    /* what two parents are told of their children (member_kept) */
    {.route = "POST /api/parents/open",
     .path = "/api/parents/open",
     .json = "{\"link\":\"kept3\"}"},
    {.route = "POST /api/parents/open",
     .path = "/api/parents/open",
     .json = "{\"link\":\"kept4\"}"},
    {NULL},
};

static struct {
    char *said[2][ANSWERS_MAX];
    size_t count[2];
    bool differ;
} kept;

/* ---- an answer, without what chance and the clock put into it ---- */

static bool of_a_person(const struct world *w, const char *at, size_t len)
{
    for (int who = ANA; who < PEOPLE; who++) {
        if (strlen(w->public_ids[who]) == len && strncmp(at, w->public_ids[who], len) == 0) {
            return true;
        }
    }
    return false;
}

/* Four words by chance (GET /api/passphrase), however short. */
static bool of_words(const char *at, size_t run)
{
    size_t hyphens = 0;
    for (size_t i = 0; i < run; i++) {
        hyphens += at[i] == '-';
        if (at[i] != '-' && (at[i] < 'a' || at[i] > 'z')) {
            return false;
        }
    }
    return hyphens == 3;
}

static void put(const struct world *w, char *to, size_t *len, const char *text)
{
    static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (const char *at = text; *at && *len < TEXT_MAX - 2;) {
        size_t run = strspn(at, word), digits = strspn(at, "0123456789");
        bool chance = (run >= ID_LONG && !of_a_person(w, at, run)) ||
                      (digits >= TIME_LONG && digits == run) || of_words(at, run);
        if (chance) {
            to[(*len)++] = '#';
            at += run;
            continue;
        }
        for (run = run ? run : 1; run > 0 && *len < TEXT_MAX - 2; run--) {
            to[(*len)++] = *at++;
        }
    }
    to[*len] = '\0';
}

static void keep(struct world *w, int life, int viewer, const char *route)
{
    static char text[TEXT_MAX];
    size_t len = 0;
    uint64_t asked = statements_counted(w);
    len += (size_t)snprintf(text, sizeof(text), "%s as %d: %d, %d statements\n", route, viewer,
                            w->last.status, (int)asked);
    len += (size_t)snprintf(text + len, sizeof(text) - len, "%s, %s, again in %d s, %d cookies\n",
                            w->last.type ? w->last.type : "-", w->last.allow ? w->last.allow : "-",
                            (int)(w->last.retry_ms / 1000), (int)w->last.cookie_count);
    put(w, text, &len, w->last.body);
    for (size_t i = 0; i < w->event_count; i++) {
        if (viewer != NOBODY && w->events[i].account_id == w->account_ids[viewer]) {
            put(w, text, &len, "\n");
            put(w, text, &len, w->event_json[i]);
        }
    }
    assert_true(kept.count[life] < ANSWERS_MAX);
    kept.said[life][kept.count[life]++] = strdup(text);
}

static void ask(const struct scene_of *scene, int life, int viewer, const struct route_rule *rule)
{
    struct world *w = scene->w;
    w->event_count = 0;
    statements_count(w);
    if (rule->path) {
        rule_run(scene, rule, viewer, BEN, false);
    } else {
        world_send(w, viewer, "GET", rule->route + 4, NULL);
    }
    keep(w, life, viewer, rule->route);
}

/* What a socket is told in a room of `owner`; `counted`: the same is asked of the store, too. */
static void live_in(const struct scene_of *scene, int life, int viewer, int owner, bool counted)
{
    static char text[TEXT_MAX];
    if (viewer == NOBODY || scene->live == LIVE_NOBODY) {
        return;
    }
    statements_count(scene->w);
    const char *told = alike_live(scene, viewer, scene->rooms[owner]);
    size_t len = (size_t)snprintf(text, sizeof(text), "live as %d, %d statements\n", viewer,
                                  counted ? (int)statements_counted(scene->w) : 0);
    put(scene->w, text, &len, told);
    assert_true(kept.count[life] < ANSWERS_MAX);
    kept.said[life][kept.count[life]++] = strdup(text);
}

static void live(const struct scene_of *scene, int life, int viewer)
{
    live_in(scene, life, viewer, BEN, true);
}

static bool reads(const struct route_rule *rule)
{
    return strncmp(rule->route, "GET ", 4) == 0;
}

static bool asked_in(int pass, const struct route_rule *rule)
{
    bool plain = reads(rule) && !strchr(rule->route, '{');
    return (rule->path || plain) && pass == (reads(rule) ? 0 : rule->turn == 2 ? 2 : 1);
}

static void ask_rows(const struct scene_of *scene, int life, int viewer,
                     const struct route_rule *rule, int pass)
{
    for (; rule->route; rule++) {
        if (asked_in(pass, rule)) {
            ask(scene, life, viewer, rule);
        }
    }
}

/* First what changes nothing, at last what would hide Ben. */
static void ask_all(const struct scene_of *scene, int life, const int *viewers, size_t count)
{
    for (size_t v = 0; v < count; v++) {
        live(scene, life, viewers[v]);
    }
    for (int pass = 0; pass < 3; pass++) {
        for (size_t v = 0; v < count; v++) {
            if (pass == 1) { /* before rows that end friendships */
                ask_rows(scene, life, viewers[v], more, pass);
            }
            ask_rows(scene, life, viewers[v], route_rules(), pass);
            if (pass != 1) {
                ask_rows(scene, life, viewers[v], more, pass);
            }
        }
    }
}

/* The head of both, and what comes around the first difference. */
static void tell_apart(const char *one, const char *other)
{
    enum { AROUND = 100 };
    size_t at = 0;
    while (one[at] && one[at] == other[at]) {
        at++;
    }
    size_t from = at > AROUND ? at - AROUND : 0;
    print_message("---- %.*s\n…%.400s\n---- but\n…%.400s\n", (int)strcspn(one, "\n"), one,
                  one + from, other + from);
}

/* After the second life: how many answers differ. */
static size_t compare(bool tell)
{
    size_t differ = 0;
    assert_int_equal(kept.count[0], kept.count[1]);
    assert_true(kept.count[0] > 0);
    for (size_t i = 0; i < kept.count[0]; i++) {
        bool same = strcmp(kept.said[0][i], kept.said[1][i]) == 0;
        differ += !same;
        if (!same && tell) {
            tell_apart(kept.said[0][i], kept.said[1][i]);
        }
    }
    print_message("# %zu answers, %zu differ\n", kept.count[0], differ);
    for (int life = 0; life < 2; life++) {
        while (kept.count[life] > 0) {
            free(kept.said[life][--kept.count[life]]);
        }
    }
    return differ;
}

/* ---- the worlds ---- */

static void says_of_himself(struct world *w, const char *audience, bool values)
{
    static const char *const names[] = {"display_name", "about", "interests", "gender"};
    char json[1000];
    size_t len = (size_t)snprintf(json, sizeof(json),
                                  "{\"version\":0,\"fields\":["
                                  "{\"name\":\"age\",\"value\":\"\","
                                  "\"audience\":\"nobody\"}");
    for (size_t i = 0; i < COUNT(names); i++) {
        len += (size_t)snprintf(json + len, sizeof(json) - len,
                                ",{\"name\":\"%s\",\"value\":\"%s\",\"audience\":\"%s\"}", names[i],
                                values ? "words" : "", audience);
    }
    snprintf(json + len, sizeof(json) - len, "]}");
    assert_int_equal(world_send(w, BEN, "PUT", "/api/me/profile", json), 200);
}

static void chooses(struct world *w, const char *who, bool invisible)
{
    char json[200];
    snprintf(json, sizeof(json),
             "{\"messages\":\"%s\",\"join_me\":\"%s\",\"findable\":\"%s\",\"invisible\":%s}", who,
             who, who, invisible ? "true" : "false");
    assert_int_equal(world_send(w, BEN, "PUT", "/api/me/contact", json), 204);
}

static void decorates(struct world *w, const char *audience)
{
    char json[300];
    snprintf(json, sizeof(json),
             "{\"style\":\"dawn\",\"version\":0,\"audience\":\"%s\",\"blocks\":[{\"kind\":\"text\","
             "\"text\":\"hi\"},{\"kind\":\"friends\"},{\"kind\":\"guestbook\"}]}",
             audience);
    assert_int_equal(world_send(w, BEN, "PUT", "/api/me/home", json), 200);
}

/* Ben's friend is Dan alone; Ana and Ada are adults and strangers, Cleo is a minor and one. */
static struct scene_of begin(struct world *w)
{
    struct scene_of scene = rule_scene(w);
    scene.live = LIVE_BEN;
    world_script(w, "DELETE FROM block");
    world_script(w, "DELETE FROM friend_request");
    world_script(w, "DELETE FROM friendship WHERE (account_id = 2 AND friend_id <> 4)"
                    " OR (friend_id = 2 AND account_id <> 4)");
    for (int who = ANA; who < PEOPLE; who++) {
        member_real(w, who, who == CLEO ? "2012-01-01" : "1990-01-01", "ID");
    }
    return scene;
}

static const int everybody[] = {NOBODY, ANA, CLEO, DAN, ADA};

/* Without audiences the age itself is shown. */
#define HOLDS (AGES_HOLD && HIDDEN_HOLDS)

enum who { AMONG_MEMBERS, AMONG_BLOCKED, AMONG_KEPT };

static void of_age(struct world *w, int life, enum who who)
{
    struct scene_of scene = begin(w);
    chooses(w, "everyone", false);
    decorates(w, "everyone");
    says_of_himself(w, "everyone", true);
    if (who == AMONG_KEPT) { /* a stranger and a friend */
        member_real(w, DAN, "2012-01-01", "ID");
        member_kept(w, CLEO, true);
        member_kept(w, DAN, true);
    }
    if (who == AMONG_BLOCKED) {
        world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (2, 1, 1),"
                        " (3, 2, 1)");
        member_real(w, DAN, "2012-01-01", "ID"); /* a friend who is a minor */
    }
    if (life == 1) {
        member_real(w, BEN, "2012-01-01", "ID");
    }
    ask_all(&scene, life, everybody, COUNT(everybody));
}

void an_adult_among_strangers(struct world *w)
{
    of_age(w, 0, AMONG_MEMBERS);
}

void nobody_can_tell_an_adult_from_a_minor(struct world *w)
{
    of_age(w, 1, AMONG_MEMBERS);
    assert_int_equal(compare(HOLDS) > 0, !HOLDS);
}

void an_adult_among_the_blocked(struct world *w)
{
    of_age(w, 0, AMONG_BLOCKED);
}

void nobody_who_is_blocked_can_tell_an_adult_from_a_minor(struct world *w)
{
    of_age(w, 1, AMONG_BLOCKED);
    assert_int_equal(compare(HOLDS) > 0, !HOLDS);
}

void an_adult_among_kept_children_and_their_parents(struct world *w)
{
    of_age(w, 0, AMONG_KEPT);
}

void no_kept_child_or_parent_can_tell_an_adult_from_a_minor(struct world *w)
{
    of_age(w, 1, AMONG_KEPT);
    assert_int_equal(compare(HOLDS) > 0, !HOLDS);
}

/* What a kept child opened is for friends as it was, and for others like a room that was closed. */
static void kept_or_chosen(struct world *w, int life, bool friend)
{
    static const int strangers[] = {NOBODY, ANA, CLEO, ADA}, friends[] = {DAN};
    struct scene_of scene = begin(w);
    scene.live = LIVE_VIEWER; /* a kept child goes into no rooms */
    says_of_himself(w, life == 0 ? "friends" : "everyone", true);
    decorates(w, life == 0 ? "friends" : "everyone");
    chooses(w, life == 0 ? "nobody" : "everyone", false);
    member_real(w, BEN, "2012-01-01", "ID");
    member_kept(w, BEN, life == 1);
    if (life == 0 && !friend) {
        assert_int_equal(world_sendf(w, BEN, "PATCH", "{\"visibility\":\"closed\"}",
                                     "/api/rooms/%s", scene.rooms[BEN]),
                         200);
    }
    ask_all(&scene, life, friend ? friends : strangers, friend ? COUNT(friends) : COUNT(strangers));
}

void who_chose_to_be_left_alone(struct world *w)
{
    kept_or_chosen(w, 0, false);
}

void nobody_can_tell_whom_a_parent_keeps_from_who_chose_it(struct world *w)
{
    kept_or_chosen(w, 1, false);
    assert_int_equal(compare(true), 0);
}

void who_chose_to_be_left_alone_among_friends(struct world *w)
{
    kept_or_chosen(w, 0, true);
}

void no_friend_can_tell_whom_a_parent_keeps_from_who_chose_it(struct world *w)
{
    kept_or_chosen(w, 1, true);
    assert_int_equal(compare(true), 0);
}

/* He is in the rooms, and invisible; or is not there.  Live's part is in live's tests. */
static void invisible_or_offline(struct world *w, int life)
{
    struct scene_of scene = begin(w);
    scene.live = LIVE_NOBODY; /* who stands in the same room sees him */
    chooses(w, "everyone", life == 1);
    if (life == 0) {
        rule_ben_is_nowhere();
    }
    ask_all(&scene, life, everybody, COUNT(everybody));
}

void who_is_offline(struct world *w)
{
    invisible_or_offline(w, 0);
}

void nobody_can_tell_invisible_from_offline(struct world *w)
{
    invisible_or_offline(w, 1);
    assert_int_equal(compare(true), 0);
}

static void hidden_or_empty(struct world *w, int life)
{
    struct scene_of scene = begin(w);
    says_of_himself(w, "nobody", life == 1);
    ask_all(&scene, life, everybody, COUNT(everybody));
}

void who_says_nothing(struct world *w)
{
    hidden_or_empty(w, 0);
}

void nobody_can_tell_hidden_from_empty(struct world *w)
{
    hidden_or_empty(w, 1);
    assert_int_equal(compare(HIDDEN_HOLDS) > 0, !HIDDEN_HOLDS);
}

/* Ana alone is asked: others still see who blocked her, and are in his room. */
static void blocked_or_gone(struct world *w, int life)
{
    static const int ana[] = {ANA};
    struct scene_of scene = begin(w);
    world_script(w, life == 0 ? "UPDATE account SET state = 'ended' WHERE id = 2"
                              : "INSERT INTO block (account_id, other_id, since_ms)"
                                " SELECT 2, 1, MAX(at_ms) FROM message");
    live_in(&scene, life, ANA, BEN, false); /* what others ask there is not asked for her */
    live_in(&scene, life, ANA, DAN, true);
    scene.live = LIVE_NOBODY;
    ask_all(&scene, life, ana, COUNT(ana));
}

void who_is_gone(struct world *w)
{
    blocked_or_gone(w, 0);
}

void nobody_can_tell_a_block_from_an_absence(struct world *w)
{
    blocked_or_gone(w, 1);
    assert_int_equal(compare(BLOCKS_HOLD) > 0, !BLOCKS_HOLD);
}
