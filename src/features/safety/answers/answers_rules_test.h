#ifndef FEATURES_ANSWERS_ANSWERS_RULES_TEST_H
#define FEATURES_ANSWERS_ANSWERS_RULES_TEST_H

#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct words_row answers_words[] = {
    {"POST /api/staff/requests/{id}/note", "text", WORDS_OF_STAFF, "officers alone"},
    {"POST /api/staff/requests/{id}/question", "text", WORDS_OF_STAFF, "whoever asked"},
    {"POST /api/staff/requests/{id}/answer", "text", WORDS_OF_STAFF, "whoever asked"},
    {NULL},
};
/* clang-format on */

#endif
