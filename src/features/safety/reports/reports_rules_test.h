#ifndef FEATURES_REPORTS_REPORTS_RULES_TEST_H
#define FEATURES_REPORTS_REPORTS_RULES_TEST_H

#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct words_row reports_words[] = {
    {"POST /api/reports", "kind id", WORDS_NOBODY, WORDS_REFERS},
    {"POST /api/reports", "text", WORDS_STAFF, "an officer reads it", .path = "/api/reports",
     .json = "{\"kind\":\"page\",\"id\":\"{ben}\",\"reason\":\"hate\",\"text\":\"{words}\"}"},
    {"POST /api/reports", "text", WORDS_STAFF, "an officer reads it", .path = "/api/reports",
     .json = "{\"kind\":\"room\",\"id\":\"{made}\",\"reason\":\"hate\",\"text\":\"{words}\"}",
     .before = {{BEN, "POST", "/api/rooms",
                 "{\"name\":\"Bens\",\"scene\":\"lounge\",\"language\":\"en\"}"}}},
    {"POST /api/reports", "text", WORDS_STAFF, "an officer reads it", .path = "/api/reports",
     .json = "{\"kind\":\"message\",\"id\":\"{made}\",\"seq\":1,\"reason\":\"hate\","
             "\"text\":\"{words}\"}",
     .before = {{BEN, "POST", "/api/conversations", "{\"people\":[\"{ana}\"]}"},
                {BEN, "POST", "/api/conversations/{made}/messages",
                 "{\"cid\":\"b\",\"text\":\"no\"}"}}},
    {"POST /api/staff/reports/{id}/decision", "why", WORDS_OF_STAFF,
     "whose page was emptied, or who was warned"},
    {NULL},
};
/* clang-format on */

#endif
