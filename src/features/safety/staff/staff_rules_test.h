#ifndef FEATURES_STAFF_STAFF_RULES_TEST_H
#define FEATURES_STAFF_STAFF_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule staff_rules[] = {
    {"GET /api/me/looks", RULE_APART, "when staff looked at one's own; it names nobody"},
    {NULL},
};

static const struct words_row staff_words[] = {
    {"POST /api/staff/cases/{id}/decision", "reason shown", WORDS_OF_STAFF, "the parent and child"},
    {"POST /api/admin/staff", "avatar_name", WORDS_NOBODY, WORDS_REFERS},
    {NULL},
};
/* clang-format on */

#endif
