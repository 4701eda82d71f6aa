#ifndef TESTS_BLOCKS_RULES_H
#define TESTS_BLOCKS_RULES_H

#include <stdbool.h>

#include "live/wire.h"

/*
 * How a block shows at every route and every live message: one row each, or the test
 * fails.  A new route or message that concerns other people gets a row that is executed.
 */
enum block_rule {
    RULE_NONE,
    RULE_APART,   /* is not about other members; `why` says why */
    RULE_HIDDEN,  /* shows other people: who is blocked, or blocked the asker, is not there */
    RULE_REFUSED, /* acts on somebody: the answer is that for somebody who does not exist */
};

struct route_rule {
    const char *route; /* method and path */
    enum block_rule how;
    const char *why;
    /*
     * Executed rows: what is sent.  {other} is the other's public id, {name} their name (or,
     * for comparison, those of nobody), {mine} a room of the asker, {theirs} one of the other;
     * {pair} the conversation of the two, {own} the asker's message in it, {group} one with a third
     * person, {made} such a one that the asker made.
     */
    const char *path, *json;
    bool blocked_only; /* what one did oneself is no secret: only the blocked one asks */
};
extern const struct route_rule route_rules[]; /* ends with an empty row */

struct message_rule {
    enum block_rule how;
    const char *why;
};
extern const struct message_rule message_rules[OUT_COUNT];
/* What others notice of it, in the words of message_rules. */
extern const char *const verb_rules[VERB_COUNT];

#endif
