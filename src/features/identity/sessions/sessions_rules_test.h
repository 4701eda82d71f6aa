#ifndef FEATURES_SESSIONS_SESSIONS_RULES_TEST_H
#define FEATURES_SESSIONS_SESSIONS_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule sessions_rules[] = {
    {"DELETE /api/sessions", RULE_APART, RULE_OWN},
    {"GET /api/sessions", RULE_APART, RULE_OWN},
    {"POST /api/sessions", RULE_APART, RULE_NOBODY_YET},
    {"DELETE /api/sessions/current", RULE_APART, RULE_OWN},
    {"GET /api/sessions/current/proof", RULE_APART, RULE_OWN},
    {"POST /api/sessions/current/proof", RULE_APART, RULE_OWN},
    {"DELETE /api/sessions/everywhere", RULE_APART, RULE_OWN},
    {"POST /api/sessions/second", RULE_APART, RULE_NOBODY_YET},
    {"DELETE /api/sessions/{id}", RULE_APART, RULE_OWN},
    {"GET /api/tokens", RULE_APART, RULE_OWN},
    {"POST /api/tokens", RULE_APART, RULE_OWN},
    {"DELETE /api/tokens/{id}", RULE_APART, RULE_OWN},
    {NULL},
};

static const struct words_row sessions_words[] = {
    {"POST /api/sessions", "name password", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/sessions/second", "ticket code recovery", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/sessions/current/proof", "password code recovery", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/tokens", "label", WORDS_OWN, WORDS_KEPT},
    {NULL},
};
/* clang-format on */

#endif
