#ifndef FEATURES_BLOCKS_BLOCKS_RULES_TEST_H
#define FEATURES_BLOCKS_BLOCKS_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule blocks_rules[] = {
    {"GET /api/blocks", RULE_APART, "whom the asker blocked; who blocked the asker stands nowhere"},
    {"POST /api/blocks", RULE_REFUSED, NULL, "/api/blocks", "{\"id\":\"{other}\"}",
     .blocked_only = true, .turn = 2},
    {"DELETE /api/blocks/{id}", RULE_REFUSED, NULL, "/api/blocks/{other}", .blocked_only = true,
     .turn = 2},
    {"GET /api/me/contact", RULE_APART, RULE_OWN},
    {"PUT /api/me/contact", RULE_APART, RULE_OWN},
    {NULL},
};

static const struct words_row blocks_words[] = {
    {"POST /api/blocks", "name id", WORDS_NOBODY, WORDS_REFERS},
    {NULL},
};
/* clang-format on */

#endif
