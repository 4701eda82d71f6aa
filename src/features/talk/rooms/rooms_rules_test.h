#ifndef FEATURES_ROOMS_ROOMS_RULES_TEST_H
#define FEATURES_ROOMS_ROOMS_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

#define A_ROOM                                                                                \
    {                                                                                         \
        ANA, "POST", "/api/rooms",                                                            \
            "{\"name\":\"Somewhere\",\"scene\":\"cafe\",\"language\":\"en\",\"capacity\":10," \
            "\"visibility\":\"public\"}"                                                      \
    }

/* clang-format off: a table reads as a table */
static const struct route_rule rooms_rules[] = {
    {"GET /api/rooms", RULE_HIDDEN, NULL, "/api/rooms"},
    {"POST /api/rooms", RULE_APART, "makes a room of the asker's own"},
    {"DELETE /api/rooms/{id}", RULE_APART, "ends a room of the asker's own"},
    {"GET /api/rooms/{id}", RULE_HIDDEN, NULL, "/api/rooms/{place}"},
    {"GET /api/visitors/rooms/{id}", RULE_HIDDEN, NULL, "/api/visitors/rooms/{theirs}"},
    {"PATCH /api/rooms/{id}", RULE_APART, "changes a room of the asker's own"},
    {"GET /api/rooms/{id}/messages", RULE_HIDDEN, NULL, "/api/rooms/{place}/messages"},
    {"POST /api/rooms/{id}/remove", RULE_REFUSED, NULL, "/api/rooms/{mine}/remove",
     "{\"account\":\"{other}\"}"},
    {"GET /api/scenes", RULE_APART, "the ready scenes"},
    {"POST /api/reports", RULE_TAKEN, NULL, "/api/reports",
     "{\"kind\":\"line\",\"id\":\"{mine}\",\"seq\":{line},\"reason\":\"hate\"}"},
    {NULL},
};

static const struct words_row rooms_words[] = {
    {"POST /api/rooms", "scene", WORDS_NOBODY, WORDS_CHECKED},
    {"POST /api/rooms", "name", WORDS_PLACE, "a room that everybody may go to",
     .path = "/api/rooms",
     .json = "{\"name\":\"{words}\",\"scene\":\"cafe\",\"language\":\"en\","
             "\"capacity\":10,\"visibility\":\"public\"}",
     .before = {WORDS_ASKED},
     .seen = "GET /api/rooms GET /api/rooms/{id} GET /api/visitors/rooms/{id}"},
    {"POST /api/rooms", "view", WORDS_NOBODY, WORDS_CHECKED},
    {"POST /api/rooms", "topic", WORDS_PLACE, "a room that everybody may go to",
     .path = "/api/rooms",
     .json = "{\"name\":\"Here\",\"scene\":\"cafe\",\"language\":\"en\",\"topic\":\"{words}\","
             "\"capacity\":10,\"visibility\":\"public\"}",
     .before = {WORDS_ASKED}, .seen = "GET /api/rooms GET /api/rooms/{id}"},
    {"POST /api/rooms", "tags", WORDS_PLACE, "a room that everybody may go to",
     .path = "/api/rooms",
     .json = "{\"name\":\"Here\",\"scene\":\"cafe\",\"language\":\"en\",\"tags\":[\"{words}\"],"
             "\"capacity\":10,\"visibility\":\"public\"}",
     .before = {WORDS_ASKED}, .seen = "GET /api/rooms GET /api/rooms/{id}"},
    {"PATCH /api/rooms/{id}", "scene", WORDS_NOBODY, WORDS_CHECKED},
    {"PATCH /api/rooms/{id}", "name", WORDS_PLACE, "a room that everybody may go to",
     .path = "/api/rooms/{made}", .json = "{\"name\":\"{words}\"}", .before = {A_ROOM, WORDS_ASKED},
     .seen = "GET /api/rooms GET /api/rooms/{id} GET /api/visitors/rooms/{id}"},
    {"PATCH /api/rooms/{id}", "view", WORDS_NOBODY, WORDS_CHECKED},
    {"PATCH /api/rooms/{id}", "topic", WORDS_PLACE, "a room that everybody may go to",
     .path = "/api/rooms/{made}", .json = "{\"topic\":\"{words}\"}",
     .before = {A_ROOM, WORDS_ASKED}, .seen = "GET /api/rooms GET /api/rooms/{id}"},
    {"PATCH /api/rooms/{id}", "tags", WORDS_PLACE, "a room that everybody may go to",
     .path = "/api/rooms/{made}", .json = "{\"tags\":[\"{words}\"]}",
     .before = {A_ROOM, WORDS_ASKED}, .seen = "GET /api/rooms GET /api/rooms/{id}"},
    {"POST /api/rooms/{id}/remove", "account", WORDS_NOBODY, WORDS_REFERS},
    {NULL},
};
/* clang-format on */

#endif
