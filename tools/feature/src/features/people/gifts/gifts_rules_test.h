#ifndef FEATURES_GIFTS_GIFTS_RULES_TEST_H
#define FEATURES_GIFTS_GIFTS_RULES_TEST_H

#include "tests/blocks/rules.h"

/* clang-format off: a table reads as a table */
static const struct route_rule gifts_rules[] = {
    {"GET /api/gifts", RULE_HIDDEN, NULL, "/api/gifts", .did = "/api/people/{other}/gifts"},
    {"POST /api/people/{id}/gifts", RULE_REFUSED, NULL, "/api/people/{other}/gifts", "{}"},
    {NULL},
};
/* clang-format on */

#endif
