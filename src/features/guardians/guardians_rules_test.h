#ifndef FEATURES_GUARDIANS_GUARDIANS_RULES_TEST_H
#define FEATURES_GUARDIANS_GUARDIANS_RULES_TEST_H

#include "tests/blocks/rules.h"

/* clang-format off: a table reads as a table */
static const struct route_rule guardians_rules[] = {
    {"POST /api/guardians", RULE_APART, "a parent and their own child"},
    {"POST /api/guardians/again", RULE_APART, "a parent and their own child"},
    {"POST /api/guardians/join", RULE_APART, "a parent and their own child"},
    {"POST /api/guardians/waiting", RULE_APART, "a parent and their own child"},
    {"POST /api/parents/again", RULE_APART, "a parent and their own child"},
    {"POST /api/parents/answer", RULE_APART, "a parent and their own child"},
    {"POST /api/parents/back", RULE_APART, "a parent and their own child"},
    {"POST /api/parents/end", RULE_APART, "a parent and their own child"},
    {"POST /api/parents/form", RULE_APART, "a parent and their own child"},
    {"POST /api/parents/open", RULE_APART, "a parent and their own child"},
    {NULL},
};
/* clang-format on */

#endif
