#include <glob.h>

#include "features/common/contact/contact.h"
#include "live/fake_test.h"
#include "tests/blocks/rules.h"
#include "tests/support/world.h"

/*
 * One block, true everywhere: every message of the live protocol.  Who perceives whom comes
 * from the rule itself (contact_may on a real store).  Built with CONTACT_NO_BLOCKS the
 * same program wants every executed message to get through.
 */

#define MARK "marker-of-the-other"
enum { CAPACITY_FIRST = 25, WALKS_MAX = 12 };

struct pair {
    int viewer, subject;
    bool may;
};

static enum err ask(struct call *call, void *arg)
{
    struct pair *pair = arg;
    return contact_may(call, pair->viewer, pair->subject, CONTACT_PERCEIVE, &pair->may);
}

static void take_rule(struct world *w, struct fake *fake)
{
    for (int a = ANA; a <= CLEO; a++) {
        for (int b = ANA; b <= CLEO; b++) {
            struct pair pair = {a, b, false};
            assert_int_equal(world_do(w, ANA, ask, &pair), OK);
            fake->hides[a][b] = !pair.may;
        }
    }
}

static void block(struct world *w)
{
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (1, 2, 1)");
}

/* ---- what a socket was told of somebody ---- */

static int message_of(const char *t)
{
    for (int i = 0; i < OUT_COUNT; i++) {
        if (strcmp(message_rows[i].t, t) == 0) {
            return i;
        }
    }
    fail_msg("a message that docs/live.md does not know: %s", t);
    return 0;
}

static bool about(const json_t *json, const char *text, int message, int slot)
{
    const json_t *room = json_object_get(json, "room");
    const json_t *of = json_object_get(json, "slot");
    bool counted = (message == OUT_ROOM || message == OUT_ENTERED) &&
                   json_integer_value(json_object_get(room, "here")) == 3;
    return strstr(text, MARK) || counted || (json_is_integer(of) && json_integer_value(of) == slot);
}

static bool moves_of(const struct live_frame *frame, int slot)
{
    for (size_t at = 1; at < frame->len; at += frame->bytes[at + 1] & 0x80 ? 5 : 7) {
        if (frame->bytes[at] == slot) {
            return true;
        }
    }
    return false;
}

/* Bits of messages in which `account`, in `slot`, left a trace; the last bit: movement. */
static uint32_t traces(const struct fake *fake, int sock, int account, int slot)
{
    const struct live_sock *s = &fake->socks[sock];
    uint32_t found = 0;
    char id[PUBLIC_ID_LEN + 4] = "\"";
    fake_public_id(account, id + 1);
    strcat(id, "\"");
    for (size_t i = s->seen; i < s->count; i++) {
        const struct live_frame *frame = s->got[i];
        if (frame->binary) {
            found |= moves_of(frame, slot) ? UINT32_C(1) << OUT_COUNT : 0;
            continue;
        }
        json_error_t error;
        json_t *json = json_loadb((const char *)frame->bytes, frame->len, 0, &error);
        char *text = strndup((const char *)frame->bytes, frame->len);
        int message = message_of(json_string_value(json_object_get(json, "t")));
        if (strstr(text, id) || about(json, text, message, slot)) {
            found |= UINT32_C(1) << message;
        }
        free(text);
        json_decref(json);
    }
    return found;
}

/* ---- one who does all that can be done ---- */

static void sit_down(struct fake *fake, int sock)
{
    for (int i = 0; i < WALKS_MAX && !fake_heard(fake, CLEO, "seat"); i++) {
        fake_tick(fake, 1000);
        fake_at(fake, sock, -3.7, i < 4 ? 2.2 - i : 0.4, 1);
        fake_say(fake, sock, "{\"t\":\"sit\",\"seat\":8}");
        fake_run(fake);
    }
}

/* Everything but coming and going; the marks of what was seen so far are put back by the caller. */
static void act(struct fake *fake, int doer)
{
    fake_say(fake, doer, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"" MARK "\"}");
    fake_say(fake, doer, "{\"t\":\"typing\",\"on\":true}");
    fake_say(fake, doer, "{\"t\":\"emote\",\"name\":\"wave\"}");
    fake_say(fake, doer, "{\"t\":\"mood\",\"mood\":\"happy\"}");
    fake->avatar = "leo"; /* by a route: live hears that the account changed */
    live_event(fake->live, &(struct event){.kind = EVENT_ACCOUNT_CHANGED, .account_id = doer});
    fake_run(fake);
    fake_say(fake, doer, "{\"t\":\"ping\",\"n\":1}");
    fake_tick(fake, 500);
    sit_down(fake, doer);
    fake_say(fake, doer, "{\"t\":\"stand\"}");
    fake_tick(fake, 500);
}

static void change_room(struct fake *fake)
{
    struct event event = {.kind = EVENT_ROOM_CHANGED, .id = 1};
    fake->rooms[0].capacity++;
    live_event(fake->live, &event);
    fake_run(fake);
}

static void live_through(struct world *w, int viewer, int doer, uint32_t *ret_seen,
                         uint32_t *ret_control)
{
    struct fake *fake = fake_new(1, true);
    take_rule(w, fake);
    fake->rooms[0].capacity = CAPACITY_FIRST;
    fake->friendly = true;
    fake_enter(fake, viewer, viewer, "rooma");
    fake_enter(fake, CLEO, CLEO, "rooma");
    fake_forget(fake, viewer);
    fake_forget(fake, CLEO);
    size_t from[] = {fake->socks[viewer].seen, fake->socks[CLEO].seen};
    fake_enter(fake, doer, doer, "rooma");
    json_t *entered = fake_next(fake, doer, "entered");
    int slot = (int)json_integer_value(json_object_get(entered, "you"));
    json_decref(entered);
    act(fake, doer);
    change_room(fake);
    fake_say(fake, viewer, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_say(fake, CLEO, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_run(fake);
    fake_lose(fake, doer);
    fake_run(fake);
    fake_enter(fake, doer, doer, "rooma");
    fake_say(fake, doer, "{\"t\":\"leave\"}");
    fake_run(fake);
    fake->socks[viewer].seen = from[0];
    fake->socks[CLEO].seen = from[1];
    *ret_seen = traces(fake, viewer, doer, slot);
    *ret_control = traces(fake, CLEO, doer, slot);
    fake_free(fake);
}

/* ---- the tests ---- */

static uint32_t executed(void)
{
    uint32_t bits = UINT32_C(1) << OUT_COUNT;
    for (int i = 0; i < OUT_COUNT; i++) {
        bits |= message_rules[i].how == RULE_HIDDEN ? UINT32_C(1) << i : 0;
    }
    return bits;
}

static void every_message_says_how_a_block_shows_there(struct world *w UNUSED)
{
    for (int i = 0; i < OUT_COUNT; i++) {
        const struct message_rule *rule = &message_rules[i];
        if (rule->how == RULE_NONE || (rule->how == RULE_APART) != (rule->why != NULL)) {
            fail_msg("\"%s\" has no row in tests/blocks/rules.c", message_rows[i].t);
        }
        assert_int_not_equal(rule->how, RULE_REFUSED);
    }
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct live_event *event = (*at)->live; event && event->t; event++) {
            if (!event->reaches || !*event->reaches) {
                fail_msg("\"%s\" does not say whom it reaches", event->t);
            }
        }
    }
    for (int i = 0; i < VERB_COUNT; i++) {
        if (!verb_rules[i]) {
            fail_msg("\"%s\" has no row in tests/blocks/rules.c", verb_rows[i].t);
        }
    }
}

static void neither_of_two_hears_of_the_other_by_any_message(struct world *w)
{
    block(w);
    for (int viewer = ANA; viewer <= BEN; viewer++) {
        uint32_t seen = 0, control = 0;
        live_through(w, viewer, viewer == ANA ? BEN : ANA, &seen, &control);
        assert_int_equal(control, executed()); /* a third person is told of everything */
        assert_int_equal(seen, BLOCKS_HOLD ? 0 : executed());
    }
}

static void part(struct world *w, struct fake *fake)
{
    struct event event = {.kind = EVENT_CONTACT_CHANGED, .account_id = ANA, .id = BEN};
    take_rule(w, fake);
    live_event(fake->live, &event);
    fake_run(fake);
}

static void a_block_parts_two_in_an_open_room_and_its_end_brings_them_back(struct world *w)
{
    struct fake *fake = fake_new(1, true);
    for (int who = ANA; who <= CLEO; who++) {
        fake_enter(fake, who, who, "rooma");
    }
    fake_say(fake, ANA, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"before\"}");
    fake_say(fake, BEN, "{\"t\":\"say\",\"cid\":\"b\",\"text\":\"before\"}");
    fake_tick(fake, 500);
    for (int who = ANA; who <= CLEO; who++) {
        fake_forget(fake, who);
    }
    block(w);
    part(w, fake);
    assert_int_equal(fake_heard(fake, ANA, "left"), BLOCKS_HOLD);
    assert_int_equal(fake_heard(fake, BEN, "left"), BLOCKS_HOLD);
    assert_int_equal(fake->socks[CLEO].count, fake->socks[CLEO].seen); /* others hear nothing */
    act(fake, BEN);
    fake_say(fake, ANA, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_run(fake);
    json_t *entered = fake_next(fake, ANA, "entered");
    assert_int_equal(json_array_size(json_object_get(entered, "lines")), BLOCKS_HOLD ? 1 : 3);
    assert_int_equal(json_array_size(json_object_get(entered, "people")), BLOCKS_HOLD ? 2 : 3);
    json_decref(entered);
    fake_forget(fake, ANA);
    fake_forget(fake, BEN);
    world_script(w, "DELETE FROM block");
    part(w, fake);
    assert_int_equal(fake_heard(fake, ANA, "joined"), BLOCKS_HOLD);
    assert_int_equal(fake_heard(fake, BEN, "joined"), BLOCKS_HOLD);
    fake_say(fake, BEN, "{\"t\":\"say\",\"cid\":\"c\",\"text\":\"after\"}");
    assert_true(fake_heard_with(fake, ANA, "line", "text", "after"));
    fake_free(fake);
}

/* The other left, or the blocker is elsewhere: what they said is gone all the same. */
static void a_block_hides_what_somebody_who_is_gone_has_said(struct world *w)
{
    struct fake *fake = fake_new(1, true);
    fake_enter(fake, ANA, ANA, "rooma");
    fake_enter(fake, BEN, BEN, "rooma");
    fake_say(fake, ANA, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"" MARK "\"}");
    fake_tick(fake, 500);
    fake_say(fake, ANA, "{\"t\":\"leave\"}");
    fake_run(fake);
    block(w);
    part(w, fake);
    fake_say(fake, BEN, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_run(fake);
    json_t *entered = fake_next(fake, BEN, "entered"); /* of coming in */
    json_decref(entered);
    entered = fake_next(fake, BEN, "entered");
    assert_int_equal(json_array_size(json_object_get(entered, "lines")), BLOCKS_HOLD ? 0 : 1);
    json_decref(entered);
    fake_free(fake);
}

/* One comes in while the other blocks them: the answer that is under way is old. */
static void a_block_while_somebody_comes_in_holds(struct world *w)
{
    struct event event = {.kind = EVENT_CONTACT_CHANGED, .account_id = ANA, .id = BEN};
    struct fake *fake = fake_new(1, true);
    take_rule(w, fake);
    fake_enter(fake, CLEO, CLEO, "rooma");
    fake_open(fake, ANA, ANA, "rooma");
    fake_open(fake, BEN, BEN, "rooma");
    fake_turn(fake);
    while (fake_post_one(fake)) {
    }
    struct live_ask *asked = fake->asks; /* is answered by the rule as it was */
    assert_non_null(asked);
    fake->asks = NULL;
    fake_admit(fake, asked);
    block(w);
    take_rule(w, fake);
    live_event(fake->live, &event);
    live_answer(asked);
    fake_run(fake);
    fake_tick(fake, 200);
    fake_say(fake, ANA, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"" MARK "\"}");
    fake_run(fake);
    assert_int_equal(fake_heard(fake, BEN, "line"), !BLOCKS_HOLD);
    assert_true(fake_heard(fake, CLEO, "line"));
    fake_free(fake);
}

static void check_source(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    ssize_t len = getdelim(&text, &size, '\0', file);
    for (const char *at = len > 0 ? text : ""; (at = strstr(at, "{\\\"t\\\":\\\"")); at++) {
        char t[32] = "";
        const char *word = at + strlen("{\\\"t\\\":\\\"");
        snprintf(t, sizeof(t), "%.*s", (int)strspn(word, "abcdefghijklmnopqrstuvwxyz_"), word);
        message_of(t);
    }
    free(text);
    fclose(file);
}

/* What a feature tells a socket by itself (EVENT_TELL) is a message like the others. */
static void features_tell_nothing_that_the_protocol_does_not_know(struct world *w UNUSED)
{
    size_t files = 0;
    glob_t all;
    assert_int_equal(glob("src/features/*/*/*.c", 0, NULL, &all), 0);
    for (size_t i = 0; i < all.gl_pathc; i++) {
        if (!strstr(all.gl_pathv[i], "_test.c")) {
            check_source(all.gl_pathv[i]);
            files++;
        }
    }
    globfree(&all);
    assert_true(files > 20);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(every_message_says_how_a_block_shows_there),
        WORLD_TEST(neither_of_two_hears_of_the_other_by_any_message),
        WORLD_TEST(a_block_parts_two_in_an_open_room_and_its_end_brings_them_back),
        WORLD_TEST(a_block_hides_what_somebody_who_is_gone_has_said),
        WORLD_TEST(a_block_while_somebody_comes_in_holds),
        WORLD_TEST(features_tell_nothing_that_the_protocol_does_not_know),
    };
    const struct world_options options = {.features = NULL};
    return world_run(&options, tests, COUNT(tests));
}
