#ifndef FEATURES_MAIL_MAIL_RULES_TEST_H
#define FEATURES_MAIL_MAIL_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule mail_rules[] = {
    {"POST /api/mail/bounces", RULE_APART, RULE_NOBODY_YET},
    {"POST /api/mail/topic", RULE_APART, RULE_NOBODY_YET},
    {"GET /api/mail/unsubscribe/{ticket}", RULE_APART, RULE_NOBODY_YET},
    {"POST /api/mail/unsubscribe/{ticket}", RULE_APART, RULE_NOBODY_YET},
    {"GET /api/me/mail", RULE_APART, RULE_OWN},
    {"POST /api/me/mail/check", RULE_APART, RULE_OWN},
    {"PUT /api/me/mail/{topic}", RULE_APART, RULE_OWN},
    {NULL},
};

static const struct words_row mail_words[] = {
    {"POST /api/me/mail/check", "code", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/mail/unsubscribe/{ticket}", "(file)", WORDS_NOBODY, "is not read"},
    {"POST /api/mail/topic", "ticket", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/mail/bounces", "secret to", WORDS_NOBODY, WORDS_SECRET},
    {NULL},
};
/* clang-format on */

#endif
