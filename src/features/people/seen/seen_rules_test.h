#ifndef FEATURES_SEEN_SEEN_RULES_TEST_H
#define FEATURES_SEEN_SEEN_RULES_TEST_H

#include "tests/blocks/rules.h"

static const struct route_rule seen_rules[] = {
    {"GET /api/me/seen", RULE_APART, RULE_OWN},
    {NULL},
};

#endif
