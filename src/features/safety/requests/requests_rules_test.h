#ifndef FEATURES_REQUESTS_REQUESTS_RULES_TEST_H
#define FEATURES_REQUESTS_REQUESTS_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

#define OF_STAFF "of staff and whoever asks, and of nobody else"

/* clang-format off: a table reads as a table */
static const struct route_rule requests_rules[] = {
    {"GET /api/authorities", RULE_APART, "public offices"},
    {"GET /api/me/requests", RULE_APART, RULE_OWN},
    {"POST /api/me/requests", RULE_APART, OF_STAFF},
    {"GET /api/me/requests/{id}", RULE_APART, RULE_OWN},
    {"POST /api/me/requests/{id}/withdraw", RULE_APART, RULE_OWN},
    {"POST /api/me/requests/{id}/words", RULE_APART, OF_STAFF},
    {"POST /api/requests", RULE_APART, RULE_NOBODY_YET},
    {"POST /api/requests/confirm", RULE_APART, RULE_NOBODY_YET},
    {"GET /api/requests/kinds", RULE_APART, "the site's"},
    {"POST /api/requests/open", RULE_APART, RULE_NOBODY_YET},
    {"POST /api/requests/withdraw", RULE_APART, RULE_NOBODY_YET},
    {"POST /api/requests/words", RULE_APART, RULE_NOBODY_YET},
    {NULL},
};

static const struct words_row requests_words[] = {
    {"POST /api/me/requests", "kind purpose", WORDS_NOBODY, WORDS_CHECKED},
    {"POST /api/me/requests", "text", WORDS_STAFF, "officers"},
    {"POST /api/me/requests/{id}/words", "text", WORDS_STAFF, "officers"},
    {"POST /api/requests", "kind purpose country", WORDS_NOBODY, WORDS_CHECKED},
    {"POST /api/requests", "text email", WORDS_STAFF, "officers; the address nobody but the mail"},
    {"POST /api/requests/confirm", "link", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/requests/open", "link", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/requests/withdraw", "link", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/requests/words", "link", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/requests/words", "text", WORDS_STAFF, "officers"},
    {NULL},
};
/* clang-format on */

#endif
