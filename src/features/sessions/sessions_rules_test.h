#ifndef FEATURES_SESSIONS_SESSIONS_RULES_TEST_H
#define FEATURES_SESSIONS_SESSIONS_RULES_TEST_H

#include "tests/blocks/rules.h"

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
/* clang-format on */

#endif
