#ifndef FEATURES_ADDRESSES_ADDRESSES_RULES_TEST_H
#define FEATURES_ADDRESSES_ADDRESSES_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule addresses_rules[] = {
    {"GET /api/me/email", RULE_APART, RULE_OWN},
    {"PUT /api/me/email", RULE_APART, RULE_OWN},
    {"DELETE /api/me/email/change", RULE_APART, RULE_OWN},
    {"POST /api/me/email/verify", RULE_APART, RULE_OWN},
    {"POST /api/passwords", RULE_APART, "judges a password"},
    {"POST /api/resets", RULE_APART, RULE_NOBODY_YET},
    {"POST /api/undos", RULE_APART, RULE_NOBODY_YET},
    {"POST /api/verifications", RULE_APART, RULE_NOBODY_YET},
    {NULL},
};

static const struct words_row addresses_words[] = {
    {"PUT /api/me/email", "email", WORDS_OWN, WORDS_KEPT},
    {"POST /api/verifications", "ticket", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/undos", "ticket", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/resets", "email", WORDS_NOBODY, WORDS_REFERS},
    {"POST /api/passwords", "ticket password", WORDS_NOBODY, WORDS_SECRET},
    {NULL},
};
/* clang-format on */

#endif
