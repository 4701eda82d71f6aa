#ifndef FEATURES_PASSKEYS_PASSKEYS_RULES_TEST_H
#define FEATURES_PASSKEYS_PASSKEYS_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

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

static const struct words_row passkeys_words[] = {
    {"POST /api/passkeys", "passkey.client_data passkey.attestation passkey.transports",
     WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/passkeys", "passkey.label", WORDS_OWN, WORDS_KEPT},
    {"PATCH /api/passkeys/{id}", "label", WORDS_OWN, WORDS_KEPT},
    {"POST /api/sessions/passkey", WORDS_PASSKEY, WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/sessions/second/passkey/options", "ticket", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/sessions/second/passkey", "ticket " WORDS_PASSKEY, WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/sessions/current/passkey", WORDS_PASSKEY, WORDS_NOBODY, WORDS_SECRET},
    {NULL},
};
/* clang-format on */

#endif
