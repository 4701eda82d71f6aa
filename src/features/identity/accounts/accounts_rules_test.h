#ifndef FEATURES_ACCOUNTS_ACCOUNTS_RULES_TEST_H
#define FEATURES_ACCOUNTS_ACCOUNTS_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

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

static const struct words_row accounts_words[] = {
    {"POST /api/age", "country", WORDS_NOBODY, WORDS_CHECKED},
    {"POST /api/accounts", "avatar_name", WORDS_NAME, "names.h"},
    {"POST /api/accounts", "country avatar", WORDS_NOBODY, WORDS_CHECKED},
    {"POST /api/accounts",
     "password passkey.client_data passkey.attestation passkey.transports"
     " provider_ticket invite",
     WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/accounts", "passkey.label email real_name", WORDS_OWN, WORDS_KEPT},
    {"POST /api/claims", "avatar_name", WORDS_NAME, "names.h"},
    {"POST /api/claims", "country", WORDS_NOBODY, WORDS_CHECKED},
    {"POST /api/claims", "password invite", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/claims", "email", WORDS_OWN, WORDS_KEPT},
    {"PATCH /api/me", "country", WORDS_NOBODY, WORDS_CHECKED},
    {"PATCH /api/me", "real_name", WORDS_OWN, WORDS_KEPT},
    {"PUT /api/me/avatar", "avatar", WORDS_NOBODY, WORDS_CHECKED},
    {"PUT /api/me/password", "current password", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/admin/accounts/{id}/end", "reason", WORDS_OF_STAFF, "why somebody's account ended"},
    {NULL},
};
/* clang-format on */

#endif
