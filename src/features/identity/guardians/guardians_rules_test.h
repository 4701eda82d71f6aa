#ifndef FEATURES_GUARDIANS_GUARDIANS_RULES_TEST_H
#define FEATURES_GUARDIANS_GUARDIANS_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule guardians_rules[] = {
    {"GET /api/me/parent", RULE_APART, "a parent and their own child"},
    {"POST /api/guardians", RULE_APART, "a parent and their own child"},
    {"POST /api/guardians/again", RULE_APART, "a parent and their own child"},
    {"POST /api/guardians/join", RULE_APART, "a parent and their own child"},
    {"POST /api/guardians/waiting", RULE_APART, "a parent and their own child"},
    {"POST /api/parents/again", RULE_APART, "a parent and their own child"},
    {"POST /api/parents/answer", RULE_APART, "a parent and their own child"},
    {"POST /api/parents/back", RULE_APART, "a parent and their own child"},
    {"POST /api/parents/end", RULE_APART, "a parent and their own child"},
    {"POST /api/parents/form", RULE_APART, "a parent and their own child"},
    {"POST /api/parents/open", RULE_APART, "a parent and their own child"},
    {NULL},
};

static const struct words_row guardians_words[] = {
    {"POST /api/guardians", "avatar_name", WORDS_NAME, "names.h"},
    {"POST /api/guardians", "parent_email", WORDS_PARENT, "who is asked"},
    {"POST /api/guardians", "country", WORDS_NOBODY, WORDS_CHECKED},
    {"POST /api/guardians", "invite", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/guardians/waiting", "code", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/guardians/join", "code password", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/guardians/join", "email real_name", WORDS_OWN, WORDS_KEPT},
    {"POST /api/guardians/join", "avatar", WORDS_NOBODY, WORDS_CHECKED},
    {"POST /api/guardians/again", "code", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/parents/open", "link", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/parents/answer", "link when", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/parents/form", "ticket", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/parents/form", "(file)", WORDS_STAFF, "a signed form that an officer reads"},
    {"POST /api/parents/end", "link", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/parents/back", "link", WORDS_NOBODY, WORDS_SECRET},
    {"POST /api/parents/again", "email", WORDS_NOBODY, WORDS_REFERS},
    {NULL},
};
/* clang-format on */

#endif
