#ifndef FEATURES_FRIENDS_FRIENDS_RULES_TEST_H
#define FEATURES_FRIENDS_FRIENDS_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule friends_rules[] = {
    {"GET /api/friends", RULE_HIDDEN, NULL, "/api/friends"},
    {"GET /api/friends/requests", RULE_HIDDEN, NULL, "/api/friends/requests"},
    {"POST /api/friends/requests/{id}/refuse", RULE_REFUSED, NULL,
     "/api/friends/requests/{other}/refuse"},
    {"DELETE /api/friends/requests/{id}", RULE_REFUSED, NULL, "/api/friends/requests/{other}",
     .blocked_only = true},
    {"POST /api/friends/requests/{id}/accept", RULE_REFUSED, NULL,
     "/api/friends/requests/{other}/accept", .blocked_only = true},
    {"POST /api/friends/requests", RULE_REFUSED, NULL, "/api/friends/requests",
     "{\"id\":\"{other}\"}"},
    {"PATCH /api/friends/{id}", RULE_REFUSED, NULL, "/api/friends/{other}", "{\"favourite\":true}"},
    {"GET /api/people/{id}/room", RULE_REFUSED, NULL, "/api/people/{other}/room"},
    {"DELETE /api/friends/{id}", RULE_REFUSED, NULL, "/api/friends/{other}", .blocked_only = true,
     .turn = 1},
    {"GET /api/people", RULE_HIDDEN, NULL, "/api/people?search={name}"},
    {NULL},
};

static const struct words_row friends_words[] = {
    {"POST /api/friends/requests", "id", WORDS_NOBODY, WORDS_REFERS},
    {"POST /api/friends/requests", "note", WORDS_HELD, "before they are friends",
     .path = "/api/friends/requests", .json = "{\"id\":\"{ben}\",\"note\":\"{words}\"}",
     .yes = "/api/friends/requests/{ana}/accept"},
    {NULL},
};
/* clang-format on */

#endif
