#ifndef FEATURES_INVITES_INVITES_RULES_TEST_H
#define FEATURES_INVITES_INVITES_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule invites_rules[] = {
    {"POST /api/invites/look", RULE_APART, RULE_NOBODY_YET},
    {NULL},
};

static const struct words_row invites_words[] = {
    {"POST /api/invites/look", "invite", WORDS_NOBODY, WORDS_SECRET},
    {NULL},
};
/* clang-format on */

#endif
