#ifndef FEATURES_LOOKS_LOOKS_RULES_TEST_H
#define FEATURES_LOOKS_LOOKS_RULES_TEST_H

#include "tests/blocks/rules.h"
#include "tests/blocks/words.h"

/* clang-format off: a table reads as a table */
static const struct route_rule looks_rules[] = {
    {"GET /api/me/look", RULE_APART, RULE_OWN},
    {"PUT /api/me/look", RULE_APART, RULE_OWN},
    {"GET /api/looks/{id}", RULE_REFUSED, NULL, "/api/looks/{other}"},
    {"GET /api/looks/{id}/copy", RULE_REFUSED, NULL, "/api/looks/{other}/copy"},
    {"POST /api/reports", RULE_TAKEN, NULL, "/api/reports",
     "{\"kind\":\"look\",\"id\":\"{other}\",\"reason\":\"hate\"}"},
    {"GET /api/me/look/choice", RULE_APART, RULE_OWN},
    {"PUT /api/me/look/choice", RULE_APART, RULE_OWN},
    {"GET /api/wardrobe", RULE_APART, RULE_OWN},
    {"GET /api/me/outfits", RULE_APART, RULE_OWN},
    {"PUT /api/me/outfits/{id}", RULE_APART, RULE_OWN},
    {"DELETE /api/me/outfits/{id}", RULE_APART, RULE_OWN},
    {"POST /api/me/outfits/{id}/wear", RULE_APART, RULE_OWN},
    {NULL},
};

static const struct words_row looks_words[] = {
    {"PUT /api/me/look", "from", WORDS_NOBODY, WORDS_REFERS},
    {"PUT /api/me/look", "recipe", WORDS_NOBODY, WORDS_CHECKED},
    {"PUT /api/me/look", "words", WORDS_PLACE, "one's own look", .path = "/api/me/look",
     .json = "{\"recipe\":\"{\\\"v\\\":1}\",\"words\":\"{words}\"}", .seen = "GET /api/looks/{id}"},
    {"PUT /api/me/outfits/{id}", "recipe", WORDS_NOBODY, WORDS_CHECKED},
    {"PUT /api/me/outfits/{id}", "name", WORDS_OWN, WORDS_KEPT},
    {NULL},
};
/* clang-format on */

#endif
