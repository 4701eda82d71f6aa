#include "tests/blocks/rules.h"

#include <stdio.h>

enum { ROWS_MAX = 1000, TURNS = 3, NAME_MAX = 96 };

static struct route_rule rows[ROWS_MAX];
static size_t count;

static void add(const struct route_rule *row)
{
    assert_true(count < ROWS_MAX - 1);
    rows[count++] = *row;
}

/* Of one turn; a feature's in their order. */
static void add_turn(int turn)
{
    for (const struct route_rule *const *list = rules_lists; *list; list++) {
        for (const struct route_rule *row = *list; row->route; row++) {
            if (row->turn == turn) {
                add(row);
            }
        }
    }
}

static void add_staff(void)
{
    static char names[ROWS_MAX][NAME_MAX];
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *route = (*feature)->routes; route && route->path; route++) {
            if (api_power(route->who)) {
                char *name = names[count];
                snprintf(name, NAME_MAX, "%s %s", route->method, route->path);
                add(&(struct route_rule){name, RULE_APART,
                                         "staff at work see everybody, whoever blocked whom"});
            }
        }
    }
}

const struct route_rule *route_rules(void)
{
    if (count == 0) {
        for (int turn = 0; turn < TURNS; turn++) {
            add_turn(turn);
        }
        add_staff();
    }
    return rows;
}

/* clang-format off: a table reads as a table */
const struct message_rule message_rules[OUT_COUNT] = {
    [OUT_HELLO] = {RULE_APART, "the asker"},
    [OUT_ENTERED] = {RULE_HIDDEN, NULL},
    [OUT_QUEUED] = {RULE_APART, "a place in a queue; nobody is named"},
    [OUT_JOINED] = {RULE_HIDDEN, NULL},
    [OUT_LEFT] = {RULE_HIDDEN, NULL},
    [OUT_AWAY] = {RULE_HIDDEN, NULL},
    [OUT_LINE] = {RULE_HIDDEN, NULL},
    [OUT_ACK] = {RULE_APART, "of the asker's own line"},
    [OUT_NACK] = {RULE_APART, "of the asker's own line"},
    [OUT_TYPING] = {RULE_HIDDEN, NULL},
    [OUT_SEAT] = {RULE_HIDDEN, NULL},
    [OUT_EMOTE] = {RULE_HIDDEN, NULL},
    [OUT_MOOD] = {RULE_HIDDEN, NULL},
    [OUT_LOOK] = {RULE_HIDDEN, NULL},
    [OUT_PLACE] = {RULE_APART, "where the asker stands"},
    [OUT_ROOM] = {RULE_HIDDEN, NULL}, /* its count */
    [OUT_AGAIN] = {RULE_APART, "says nothing but: ask again"},
    [OUT_OUT] = {RULE_APART, "the asker's own leaving"},
    [OUT_REFUSED] = {RULE_APART, "that a seat is taken or a room full, not by whom"},
    [OUT_BYE] = {RULE_APART, "the server ends"},
    [OUT_PONG] = {RULE_APART, "an echo"},
    [OUT_PRESENCE] = {RULE_HIDDEN, NULL},
};

const char *const verb_rules[VERB_COUNT] = {
    [VERB_ENTER] = "joined, entered, room",
    [VERB_LEAVE] = "left",
    [VERB_SAY] = "line",
    [VERB_TYPING] = "typing",
    [VERB_SIT] = "seat",
    [VERB_STAND] = "seat",
    [VERB_EMOTE] = "emote",
    [VERB_MOOD] = "mood, joined, entered",
    [VERB_PING] = "nothing",
};
/* clang-format on */
