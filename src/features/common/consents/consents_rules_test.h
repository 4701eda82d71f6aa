#ifndef FEATURES_CONSENTS_CONSENTS_RULES_TEST_H
#define FEATURES_CONSENTS_CONSENTS_RULES_TEST_H

#include "tests/blocks/rules.h"

/* clang-format off: a table reads as a table */
static const struct route_rule consents_rules[] = {
    {"GET /api/me/consents", RULE_APART, RULE_OWN},
    {"PUT /api/me/consents/{purpose}", RULE_APART, RULE_OWN},
    {"POST /api/performance", RULE_APART, "sums without anybody"},
    {NULL},
};
/* clang-format on */

#endif
