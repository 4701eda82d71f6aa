#ifndef FEATURES_MAIL_MAIL_RULES_TEST_H
#define FEATURES_MAIL_MAIL_RULES_TEST_H

#include "tests/blocks/rules.h"

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
/* clang-format on */

#endif
