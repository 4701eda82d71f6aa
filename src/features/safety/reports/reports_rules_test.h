#ifndef FEATURES_REPORTS_REPORTS_RULES_TEST_H
#define FEATURES_REPORTS_REPORTS_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule reports_rules[] = {
    {"POST /api/people/{id}/report", RULE_TAKEN, NULL, "/api/people/{other}/report",
     "{\"reason\":\"hate\"}"},
    {"POST /api/conversations/{id}/messages/{seq}/report", RULE_TAKEN, NULL,
     "/api/conversations/{pair}/messages/{said}/report", "{\"reason\":\"hate\"}"},
    {"POST /api/rooms/{id}/report", RULE_TAKEN, NULL, "/api/rooms/{mine}/report",
     "{\"reason\":\"hate\",\"seq\":{line}}"},
    {NULL},
};

static const struct words_row reports_words[] = {
    {"POST /api/people/{id}/report", "text", WORDS_STAFF, "an officer reads it",
     .path = "/api/people/{ben}/report", .json = "{\"reason\":\"hate\",\"text\":\"{words}\"}"},
    {"POST /api/rooms/{id}/report", "text", WORDS_STAFF, "an officer reads it",
     .path = "/api/rooms/{made}/report", .json = "{\"reason\":\"hate\",\"text\":\"{words}\"}",
     .before = {{BEN, "POST", "/api/rooms",
                 "{\"name\":\"Bens\",\"scene\":\"lounge\",\"language\":\"en\"}"}}},
    {"POST /api/conversations/{id}/messages/{seq}/report", "text", WORDS_STAFF,
     "an officer reads it", .path = "/api/conversations/{made}/messages/1/report",
     .json = "{\"reason\":\"hate\",\"text\":\"{words}\"}",
     .before = {{BEN, "POST", "/api/conversations", "{\"people\":[\"{ana}\"]}"},
                {BEN, "POST", "/api/conversations/{made}/messages",
                 "{\"cid\":\"b\",\"text\":\"no\"}"}}},
    {"POST /api/staff/reports/{id}/decision", "why", WORDS_OF_STAFF,
     "whose page was emptied, or who was warned"},
    {NULL},
};
/* clang-format on */

#endif
