#ifndef FEATURES_PROFILES_PROFILES_RULES_TEST_H
#define FEATURES_PROFILES_PROFILES_RULES_TEST_H

#include "tests/blocks/rules.h"

/* clang-format off: a table reads as a table */
static const struct route_rule profiles_rules[] = {
    {"GET /api/me/profile", RULE_APART, RULE_OWN},
    {"PUT /api/me/profile", RULE_APART, RULE_OWN},
    {"GET /api/me/profile/preview", RULE_APART, RULE_OWN},
    {"GET /api/people/{id}", RULE_REFUSED, NULL, "/api/people/{other}", .profile = true},
    {NULL},
};
/* clang-format on */

#endif
