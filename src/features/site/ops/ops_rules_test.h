#ifndef FEATURES_OPS_OPS_RULES_TEST_H
#define FEATURES_OPS_OPS_RULES_TEST_H

#include "tests/blocks/rules.h"

/* clang-format off: a table reads as a table */
static const struct route_rule ops_rules[] = {
    {"GET /api/site", RULE_APART, "the site, nobody in it"},
    {NULL},
};
/* clang-format on */

#endif
