#include <stdio.h>
#include <string.h>

#include "features/common/contact/contact.h"
#include "store/store.h"
#include "tests/support/members.h"
#include "tests/support/world.h"

static const struct feature *const test_features[] = {NULL};

/* The rule for two people, said a second time: every act in every state that they can be in. */

struct between {
    bool friends, viewer_kept, kept, blocks, blocked, ended;
    const char *messages, *join; /* NULL: nothing chosen */
};

static bool comes(const struct between *b, const char *choice)
{
    return strcmp(choice, "everyone") == 0 || (strcmp(choice, "friends") == 0 && b->friends);
}

static unsigned wanted(const struct between *b)
{
    const unsigned seen = 1U << CONTACT_PERCEIVE | 1U << CONTACT_MENTION;
    const unsigned written = 1U << CONTACT_MESSAGE | 1U << CONTACT_INVITE | 1U << CONTACT_COMMENT;
    unsigned acts = 0;
    if (b->ended || b->blocked || b->blocks) {
        return 0;
    }
    acts |= seen;
    if (b->viewer_kept) {
        return acts;
    }
    acts |= 1U << CONTACT_REQUEST;
    if (!b->kept && comes(b, b->messages ? b->messages : "everyone")) {
        acts |= written;
    }
    return acts | (!b->kept && comes(b, b->join ? b->join : "friends") ? 1U << CONTACT_JOIN : 0);
}

static void make(struct world *w, const struct between *b)
{
    char script[800];
    int len = snprintf(script, sizeof(script),
                       "DELETE FROM friendship; DELETE FROM block; DELETE FROM people_choice;"
                       "UPDATE account SET state = '%s' WHERE id = %d;",
                       b->ended ? "ended" : "active", BEN);
    const struct {
        bool on;
        const char *table;
        int one, other;
    } rows[] = {
        {b->friends, "friendship (account_id, friend_id, since_ms)", ANA, BEN},
        {b->friends, "friendship (account_id, friend_id, since_ms)", BEN, ANA},
        {b->blocks, "block (account_id, other_id, since_ms)", ANA, BEN},
        {b->blocked, "block (account_id, other_id, since_ms)", BEN, ANA},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].on) {
            len += snprintf(script + len, sizeof(script) - (size_t)len,
                            "INSERT INTO %s VALUES (%d, %d, 1);", rows[i].table, rows[i].one,
                            rows[i].other);
        }
    }
    if (b->messages) {
        snprintf(script + len, sizeof(script) - (size_t)len,
                 "INSERT INTO people_choice (account_id, messages, join_me, invisible) VALUES"
                 " (%d, '%s', '%s', 0)",
                 BEN, b->messages, b->join);
    }
    world_script(w, script);
}

struct asked {
    int64_t viewer, subject;
    unsigned acts;
};

static enum err ask(struct call *call, void *arg)
{
    struct asked *asked = arg;
    TRY(contact_acts(call, asked->viewer, asked->subject, &asked->acts));
    for (enum contact_act act = CONTACT_PERCEIVE; act < CONTACT_ACTS; act++) {
        bool may = false;
        TRY(contact_may(call, asked->viewer, asked->subject, act, &may));
        assert_int_equal(may, asked->acts >> act & 1);
    }
    return OK;
}

/* Returns what is allowed. */
static unsigned check(struct world *w, const struct between *b)
{
    struct asked asked = {w->account_ids[ANA], w->account_ids[BEN], 0};
    make(w, b);
    assert_int_equal(world_do(w, ANA, ask, &asked), OK);
    if (asked.acts != wanted(b)) {
        print_error("friends %d, kept %d %d, blocks %d %d, ended %d, %s %s: %x, not %x\n",
                    b->friends, b->viewer_kept, b->kept, b->blocks, b->blocked, b->ended,
                    b->messages ? b->messages : "-", b->join ? b->join : "-", asked.acts,
                    wanted(b));
        fail();
    }
    return asked.acts;
}

static void every_act_in_every_state_is_as_the_rule_says(struct world *w)
{
    static const char *const choices[][2] = {
        {NULL, NULL}, {"everyone", "nobody"}, {"friends", "everyone"}, {"nobody", "friends"}};
    unsigned ever = 0;
    for (unsigned bits = 0; bits < 64; bits++) {
        member_kept(w, ANA, bits & 2);
        member_kept(w, BEN, bits & 4);
        for (size_t i = 0; i < COUNT(choices); i++) {
            struct between b = {.friends = bits & 1,
                                .viewer_kept = bits & 2,
                                .kept = bits & 4,
                                .blocks = bits & 8,
                                .blocked = bits & 16,
                                .ended = bits & 32,
                                .messages = choices[i][0],
                                .join = choices[i][1]};
            ever |= check(w, &b);
        }
    }
    assert_int_equal(ever, (1U << CONTACT_ACTS) - 1); /* none is forgotten */
}

static void nobody_acts_on_oneself_nor_on_who_is_not_there(struct world *w)
{
    struct asked self = {w->account_ids[ANA], w->account_ids[ANA], 0};
    struct asked none = {w->account_ids[ANA], 4711, 7};
    assert_int_equal(world_do(w, ANA, ask, &self), OK);
    assert_int_equal(self.acts, 1U << CONTACT_PERCEIVE);
    assert_int_equal(world_do(w, ANA, ask, &none), OK);
    assert_int_equal(none.acts, 0);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(every_act_in_every_state_is_as_the_rule_says),
        WORLD_TEST(nobody_acts_on_oneself_nor_on_who_is_not_there),
    };
    const struct world_options options = {.features = test_features};
    return world_run(&options, tests, COUNT(tests));
}
