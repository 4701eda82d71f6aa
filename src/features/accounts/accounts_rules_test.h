#ifndef FEATURES_ACCOUNTS_ACCOUNTS_RULES_TEST_H
#define FEATURES_ACCOUNTS_ACCOUNTS_RULES_TEST_H

#include "tests/blocks/rules.h"

/* clang-format off: a table reads as a table */
static const struct route_rule accounts_rules[] = {
    {"POST /api/accounts", RULE_APART, RULE_NOBODY_YET},
    {"POST /api/age", RULE_APART, "judges a date"},
    {"POST /api/claims", RULE_APART, RULE_NOBODY_YET},
    {"DELETE /api/me", RULE_APART, RULE_OWN},
    {"GET /api/me", RULE_APART, RULE_OWN},
    {"PATCH /api/me", RULE_APART, RULE_OWN},
    {"PUT /api/me/avatar", RULE_APART, RULE_OWN},
    {"PUT /api/me/password", RULE_APART, RULE_OWN},
    {"GET /api/names/{name}", RULE_APART,
     "that a name is taken, not by whom; the same for every asker"},
    {"GET /api/passphrase", RULE_APART, "words by chance"},
    {NULL},
};
/* clang-format on */

#endif
