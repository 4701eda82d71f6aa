#ifndef FEATURES_MESSAGES_MESSAGES_RULES_TEST_H
#define FEATURES_MESSAGES_MESSAGES_RULES_TEST_H

#include "tests/blocks/rules.h"

/* clang-format off: a table reads as a table */
static const struct route_rule messages_rules[] = {
    {"GET /api/conversations", RULE_HIDDEN, NULL, "/api/conversations"},
    {"POST /api/conversations", RULE_REFUSED, NULL, "/api/conversations",
     "{\"people\":[\"{other}\"]}"},
    {"GET /api/conversations/{id}", RULE_HIDDEN, NULL, "/api/conversations/{group}"},
    {"PATCH /api/conversations/{id}", RULE_REFUSED, NULL, "/api/conversations/{pair}",
     "{\"muted\":true}"},
    {"POST /api/conversations/{id}/accept", RULE_REFUSED, NULL, "/api/conversations/{pair}/accept",
     "{}"},
    {"GET /api/conversations/{id}/messages", RULE_HIDDEN, NULL,
     "/api/conversations/{group}/messages"},
    {"POST /api/conversations/{id}/messages", RULE_REFUSED, NULL,
     "/api/conversations/{pair}/messages", "{\"cid\":\"rule\",\"text\":\"x\"}"},
    {"PATCH /api/conversations/{id}/messages/{seq}", RULE_REFUSED, NULL,
     "/api/conversations/{pair}/messages/{own}", "{\"text\":\"y\"}"},
    {"POST /api/conversations/{id}/messages/{seq}/reactions", RULE_REFUSED, NULL,
     "/api/conversations/{pair}/messages/{own}/reactions", "{\"emoji\":\"👍\",\"on\":true}"},
    {"POST /api/conversations/{id}/people", RULE_REFUSED, NULL, "/api/conversations/{made}/people",
     "{\"person\":\"{other}\"}"},
    {"DELETE /api/conversations/{id}/people/{person}", RULE_REFUSED, NULL,
     "/api/conversations/{made}/people/{other}"},
    {"POST /api/conversations/{id}/read", RULE_REFUSED, NULL, "/api/conversations/{pair}/read",
     "{\"seq\":1}"},
    {"POST /api/conversations/{id}/typing", RULE_REFUSED, NULL, "/api/conversations/{pair}/typing",
     "{}"},
    {"DELETE /api/conversations/{id}/messages/{seq}", RULE_REFUSED, NULL,
     "/api/conversations/{pair}/messages/{own}",
     .turn = 1},
    {"DELETE /api/conversations/{id}", RULE_REFUSED, NULL, "/api/conversations/{pair}",
     .turn = 1},
    {"GET /api/me/messages", RULE_APART, RULE_OWN},
    {"PUT /api/me/messages", RULE_APART, RULE_OWN},
    {"GET /api/messages/search", RULE_HIDDEN, NULL, "/api/messages/search?q=marker"},
    {NULL},
};
/* clang-format on */

#endif
