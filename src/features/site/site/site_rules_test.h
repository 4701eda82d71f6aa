#ifndef FEATURES_SITE_SITE_RULES_TEST_H
#define FEATURES_SITE_SITE_RULES_TEST_H

#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct words_row site_words[] = {
    {"PUT /api/admin/settings/{name}", "value", WORDS_OF_STAFF, "everybody: it is the site's"},
    {NULL},
};
/* clang-format on */

#endif
