#ifndef FEATURES_ROOMS_ROOMS_RULES_TEST_H
#define FEATURES_ROOMS_ROOMS_RULES_TEST_H

#include "tests/blocks/rules.h"

/* clang-format off: a table reads as a table */
static const struct route_rule rooms_rules[] = {
    {"GET /api/rooms", RULE_HIDDEN, NULL, "/api/rooms"},
    {"POST /api/rooms", RULE_APART, "makes a room of the asker's own"},
    {"DELETE /api/rooms/{id}", RULE_APART, "ends a room of the asker's own"},
    {"GET /api/rooms/{id}", RULE_HIDDEN, NULL, "/api/rooms/{place}"},
    {"PATCH /api/rooms/{id}", RULE_APART, "changes a room of the asker's own"},
    {"GET /api/rooms/{id}/messages", RULE_HIDDEN, NULL, "/api/rooms/{place}/messages"},
    {"POST /api/rooms/{id}/remove", RULE_REFUSED, NULL, "/api/rooms/{mine}/remove",
     "{\"account\":\"{other}\"}"},
    {"GET /api/scenes", RULE_APART, "the ready scenes"},
    {NULL},
};
/* clang-format on */

#endif
