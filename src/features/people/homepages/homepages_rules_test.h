#ifndef FEATURES_HOMEPAGES_HOMEPAGES_RULES_TEST_H
#define FEATURES_HOMEPAGES_HOMEPAGES_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

#define BOOK                                                                \
    {                                                                       \
        BEN, "PUT", "/api/me/home",                                         \
            "{\"style\":\"plain\",\"version\":0,\"audience\":\"everyone\"," \
            "\"blocks\":[{\"kind\":\"guestbook\"}]}"                        \
    }

/* clang-format off: a table reads as a table */
static const struct route_rule homepages_rules[] = {
    {"POST /api/guestbook/{id}/accept", RULE_APART,
     "an entry in one's own book; of whom one does not perceive there is none (homepages_test.c)"},
    {"DELETE /api/guestbook/{id}", RULE_APART, "an entry of one's own, or in one's own book"},
    {"GET /api/me/home", RULE_APART, "one's own page, for changing it: nobody else is on it"},
    {"GET /api/me/home/preview", RULE_APART, RULE_OWN},
    {"PUT /api/me/home", RULE_APART, RULE_OWN},
    {"GET /api/people/{id}/guestbook", RULE_HIDDEN, NULL, "/api/people/{third}/guestbook"},
    {"POST /api/people/{id}/guestbook", RULE_REFUSED, NULL, "/api/people/{other}/guestbook",
     "{\"text\":\"hello\"}"},
    {"GET /api/people/{id}/home", RULE_HIDDEN, NULL, "/api/people/{third}/home"},
    {"POST /api/reports", RULE_TAKEN, NULL, "/api/reports",
     "{\"kind\":\"page\",\"id\":\"{other}\",\"reason\":\"hate\"}"},
    {NULL},
};

static const struct words_row homepages_words[] = {
    {"PUT /api/me/home", "blocks.text", WORDS_PLACE, "one's own page", .path = "/api/me/home",
     .json = "{\"style\":\"plain\",\"version\":0,\"audience\":\"everyone\","
             "\"blocks\":[{\"kind\":\"text\",\"text\":\"{words}\"}]}",
     .before = {WORDS_ASKED}, .seen = "GET /api/people/{id}/home"},
    {"PUT /api/me/home", "blocks.room", WORDS_NOBODY, WORDS_REFERS},
    {"POST /api/people/{id}/guestbook", "text", WORDS_HELD, "in whose book it is",
     .path = "/api/people/{ben}/guestbook", .json = "{\"text\":\"{words}\"}", .before = {BOOK},
     .yes = "/api/guestbook/{made}/accept"},
    {NULL},
};
/* clang-format on */

#endif
