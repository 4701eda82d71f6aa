#ifndef FEATURES_PROFILES_PROFILES_H
#define FEATURES_PROFILES_PROFILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "call/json.h"
#include "features/common/contact/contact.h"
#include "features/common/faces/faces.h"
#include "privacy/sealed.h"

/*
 * Profiles: what members say of themselves, and whom they show it to.
 *  - Every field has an audience: everyone, friends, nobody.  What may be shown to whom is
 *    decided in profiles_shows() and nowhere else.
 *  - Age comes from the sealed birth date, the country from the account: they have an audience
 *    and no value of their own.  A state is shown with the country US only.
 *  - Of a minor, age, place and links go to friends only, and what they typed does until they
 * choose otherwise; of whom a parent keeps from people everything does (contact_reaches).
 *  - Values are sealed with their member's key.
 *  - Not here: homepage and guest book (homepages), avatar names (renames), pictures.
 */
enum {
    PROFILES_VALUE_MAX = 1010, /* five links of 200 and what stands between them */
    PROFILES_FIELDS_MAX = 16,
    PROFILES_SHOWN_MAX = PROFILES_FIELDS_MAX + 2, /* and since when, and badges */
};

/* ---- the fields (profiles_fields.c) ---- */

enum profiles_kind {
    PROFILES_LINE,     /* one line of text */
    PROFILES_TEXT,     /* several */
    PROFILES_CHOICE,   /* one of `choices` */
    PROFILES_WORDS,    /* lines, each a short text */
    PROFILES_CODES,    /* lines, each a language's code */
    PROFILES_LINKS,    /* lines, each an address of http or https */
    PROFILES_COMPUTED, /* no value of its own */
};

struct profiles_rule {
    const char *name;
    enum profiles_kind kind;
    size_t points, lines;            /* the most; `points` is of one line where there are several */
    const char *usual, *usual_minor; /* audience until the member chooses one */
    bool held;                       /* of a minor: to friends only, whatever they chose */
    const char *choices;
};
#define PROFILES_NAMES \
    "display_name age gender relationship country state languages about interests links"
extern const struct profiles_rule profiles_rules[];             /* ends with an empty row */
const struct profiles_rule *profiles_rule_of(const char *name); /* NULL: there is no such field */

bool profiles_shows(const struct profiles_rule *rule, const char *audience,
                    const struct contact_between *between);

/* A value as it is kept; in `prepare`.  ERR_INVALID profiles.<what> about the field. */
MUST_USE enum err profiles_value(struct call *call, const struct profiles_rule *rule,
                                 const char *value, const char **ret);

/* ---- somebody's card ---- */

struct profiles_sealed {
    const struct profiles_rule *rule;
    const char *audience;
    struct sealed value;
};

struct profiles_card {
    int64_t account_id, created_ms, version;
    struct face face;
    const char *role, *country, *relation;
    struct sealed birth;
    bool founder;
    struct contact_between between;
    struct profiles_sealed fields[PROFILES_FIELDS_MAX]; /* those that the viewer may see */
    size_t count;
};

struct profiles_field {
    const char *name, *value, *audience;
};

/* As `viewer` sees them.  One statement, whatever the answer.  ERR_MISSING people.none. */
MUST_USE enum err profiles_find(struct call *call, const struct contact_viewer *viewer,
                                const char *public_id, struct profiles_card *ret);

/* In `finish`: what the fields say, in the order of profiles_rules; room for
 * PROFILES_SHOWN_MAX.  `all`: fields without a value, too. */
MUST_USE enum err profiles_open(struct call *call, const struct profiles_card *card, bool all,
                                struct profiles_field *ret, size_t *ret_count);

/* ---- one's own ---- */

struct profiles_new {
    const struct profiles_rule *rule;
    const char *audience;
    struct sealed value; /* none: nothing said */
};

/* Replaces everything.  ERR_CONFLICT profiles.changed when `version` is not the kept one. */
MUST_USE enum err profiles_put(struct call *call, int64_t version, const struct profiles_new *all,
                               size_t count);

/* Staff take away what its owner typed: name, gender, about, interests, links; audiences stay. */
MUST_USE enum err profiles_empty(struct call *call, int64_t account_id);

/* ---- `bauta demo` (profiles_demo.c) ---- */

struct profiles_demo; /* what is sealed before it is written */
MUST_USE enum err profiles_demo_look(struct call *call, struct profiles_demo **ret);
MUST_USE enum err profiles_demo_prepare(struct call *call, struct profiles_demo *demo);
MUST_USE enum err profiles_demo(struct call *call, const struct profiles_demo *demo);

#endif
