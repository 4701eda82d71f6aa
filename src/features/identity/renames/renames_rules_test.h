#ifndef FEATURES_RENAMES_RENAMES_RULES_TEST_H
#define FEATURES_RENAMES_RENAMES_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule renames_rules[] = {
    {"GET /api/me/name", RULE_APART, RULE_OWN},
    {"POST /api/me/name", RULE_APART, RULE_OWN},
    {"DELETE /api/me/name/hold", RULE_APART, RULE_OWN},
    {"POST /api/me/name/hold", RULE_APART, RULE_OWN},
    {NULL},
};

static const struct words_row renames_words[] = {
    {"POST /api/me/name/hold", "name", WORDS_NAME, "names.h"},
    {NULL},
};
/* clang-format on */

#endif
