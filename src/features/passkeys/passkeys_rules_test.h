#ifndef FEATURES_PASSKEYS_PASSKEYS_RULES_TEST_H
#define FEATURES_PASSKEYS_PASSKEYS_RULES_TEST_H

#include "tests/blocks/rules.h"

/* clang-format off: a table reads as a table */
static const struct route_rule passkeys_rules[] = {
    {"POST /api/accounts/passkey/options", RULE_APART, RULE_NOBODY_YET},
    {"GET /api/passkeys", RULE_APART, RULE_OWN},
    {"POST /api/passkeys", RULE_APART, RULE_OWN},
    {"POST /api/passkeys/options", RULE_APART, RULE_OWN},
    {"DELETE /api/passkeys/{id}", RULE_APART, RULE_OWN},
    {"PATCH /api/passkeys/{id}", RULE_APART, RULE_OWN},
    {"POST /api/sessions/current/passkey", RULE_APART, RULE_OWN},
    {"POST /api/sessions/current/passkey/options", RULE_APART, RULE_OWN},
    {"POST /api/sessions/passkey", RULE_APART, RULE_NOBODY_YET},
    {"POST /api/sessions/passkey/options", RULE_APART, RULE_NOBODY_YET},
    {"POST /api/sessions/second/passkey", RULE_APART, RULE_NOBODY_YET},
    {"POST /api/sessions/second/passkey/options", RULE_APART, RULE_NOBODY_YET},
    {NULL},
};
/* clang-format on */

#endif
