#ifndef FEATURES_REPORTS_REPORTS_RULES_TEST_H
#define FEATURES_REPORTS_REPORTS_RULES_TEST_H

#include "tests/blocks/rules.h"

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
/* clang-format on */

#endif
