#ifndef FEATURES_MESSAGES_MESSAGES_RULES_TEST_H
#define FEATURES_MESSAGES_MESSAGES_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

#define WITH_BEN                                                      \
    {                                                                 \
        ANA, "POST", "/api/conversations", "{\"people\":[\"{ben}\"]}" \
    }
#define WITH_BOTH                                                                \
    {                                                                            \
        ANA, "POST", "/api/conversations", "{\"people\":[\"{ben}\",\"{cleo}\"]}" \
    }
#define A_MESSAGE                                          \
    {                                                      \
        ANA, "POST", "/api/conversations/{made}/messages", \
            "{\"cid\":\"first\",\"text\":\"hello\"}"       \
    }
#define FRIENDS                                                 \
    WORDS_ASKED,                                                \
    {                                                           \
        BEN, "POST", "/api/friends/requests/{ana}/accept", "{}" \
    }
#define NO_FRIENDS                                \
    {                                             \
        BEN, "DELETE", "/api/friends/{ana}", NULL \
    }
#define REFUSED                                          \
    {                                                    \
        BEN, "DELETE", "/api/conversations/{made}", NULL \
    }
#define BEN_LOOKS                                                     \
    {                                                                 \
        BEN, "POST", "/api/conversations", "{\"people\":[\"{ana}\"]}" \
    }
#define YES "/api/conversations/{made}/accept"

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
     "/api/conversations/{pair}/messages/{own}", .turn = 1},
    {"DELETE /api/conversations/{id}", RULE_REFUSED, NULL, "/api/conversations/{pair}", .turn = 1},
    {"GET /api/me/messages", RULE_APART, RULE_OWN},
    {"PUT /api/me/messages", RULE_APART, RULE_OWN},
    {"GET /api/messages/search", RULE_HIDDEN, NULL, "/api/messages/search?q=marker"},
    {"POST /api/reports", RULE_TAKEN, NULL, "/api/reports",
     "{\"kind\":\"message\",\"id\":\"{pair}\",\"seq\":{said},\"reason\":\"hate\"}"},
    {NULL},
};

static const struct words_row messages_words[] = {
    {"POST /api/conversations", "people", WORDS_NOBODY, WORDS_REFERS},
    {"POST /api/conversations", "name", WORDS_HELD, "of a group", .path = "/api/conversations",
     .json = "{\"people\":[\"{ben}\",\"{cleo}\"],\"name\":\"{words}\"}", .yes = YES,
     .adults = true},
    {"PATCH /api/conversations/{id}", "name", WORDS_HELD, "of a group",
     .path = "/api/conversations/{made}", .json = "{\"name\":\"{words}\"}", .before = {WITH_BOTH},
     .yes = YES, .adults = true},
    {"POST /api/conversations/{id}/people", "person", WORDS_NOBODY, WORDS_REFERS},
    {"POST /api/conversations/{id}/messages", "mentions", WORDS_NOBODY, WORDS_REFERS},
    {"POST /api/conversations/{id}/messages", "text", WORDS_HELD, "the first words",
     .path = "/api/conversations/{made}/messages", .json = "{\"cid\":\"c\",\"text\":\"{words}\"}",
     .before = {WITH_BEN}, .yes = YES},
    {"POST /api/conversations/{id}/messages", "text", WORDS_HELD, "in a group, about him",
     .path = "/api/conversations/{made}/messages",
     .json = "{\"cid\":\"c\",\"text\":\"{words}\",\"mentions\":[\"{ben}\"]}", .before = {WITH_BOTH},
     .yes = YES},
    {"POST /api/conversations/{id}/messages", "text", WORDS_REFUSED, "also where he opened it",
     .path = "/api/conversations/{made}/messages", .json = "{\"cid\":\"c\",\"text\":\"{words}\"}",
     .before = {WITH_BEN, A_MESSAGE, REFUSED, BEN_LOOKS}},
    {"POST /api/conversations/{id}/messages", "text", WORDS_HELD, "of who was a friend",
     .path = "/api/conversations/{made}/messages", .json = "{\"cid\":\"c\",\"text\":\"{words}\"}",
     .before = {WITH_BEN, FRIENDS, A_MESSAGE, NO_FRIENDS}, .yes = YES},
    {"POST /api/conversations/{id}/messages", "cid", WORDS_OWN, "finds the answer to what one sent",
     .path = "/api/conversations/{made}/messages",
     .json = "{\"cid\":\"{words}\",\"text\":\"hello\"}", .before = {WITH_BEN}},
    {"PATCH /api/conversations/{id}/messages/{seq}", "text", WORDS_HELD, "said anew",
     .path = "/api/conversations/{made}/messages/1", .json = "{\"text\":\"{words}\"}",
     .before = {WITH_BEN, A_MESSAGE}, .yes = YES},
    {"PATCH /api/conversations/{id}/messages/{seq}", "text", WORDS_HELD, "of who was a friend",
     .path = "/api/conversations/{made}/messages/1", .json = "{\"text\":\"{words}\"}",
     .before = {WITH_BEN, FRIENDS, A_MESSAGE, NO_FRIENDS}, .yes = YES},
    {NULL},
};
/* clang-format on */

#endif
