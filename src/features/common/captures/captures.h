#ifndef FEATURES_CAPTURES_CAPTURES_H
#define FEATURES_CAPTURES_CAPTURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "call/json.h"

/*
 * What can be reported to staff: a row of the feature that has it (struct feature).  It says how
 * the thing is found and what of it is kept as evidence: what the reporter sees, and nobody else's
 * eyes.  Sealing it and all that comes then are of safety/reports, which knows no other feature.
 */
enum {
    CAPTURE_NAME_MAX = 60, /* of whom or where */
    CAPTURE_VALUE_MAX = 4096,
    CAPTURE_FIELDS_MAX = 32,
    CAPTURE_BLOCKS_MAX = 12,
    CAPTURE_TALK_MAX = 11,    /* what was said, and ten before it */
    CAPTURE_ENTRIES_MAX = 75, /* with what else its writer said in a minute */
};

struct capture_field {
    const char *name, *text;
};
struct capture_entry {
    const char *name, *text;
    int64_t at;
};
/* What stood there; texts as they were, rooms and friends by their names. */
struct captured {
    const char *name, *style, *room; /* style: NULL, as of most; room: where it was, may be NULL */
    JSON_LIST_OF(struct capture_field) fields;
    JSON_LIST_OF(struct capture_field)
    blocks; /* struct capture_field; of a block, name is its kind */
    JSON_LIST_OF(struct capture_entry) entries; /* struct capture_entry */
};
JSON_SHAPE_SHARED(captured_shape, struct captured);

struct capture_wish {
    const char *id; /* of whom or where, public */
    int64_t seq;    /* which one there; 0: none */
};
struct capture {
    int64_t subject_id;
    const char *name;  /* of whom it is about */
    const char *place; /* which one of its kind is meant; "": there is one a person */
    void *found;       /* the row's own, from `look` to `open` */
};

struct capture_kind {
    const char *name; /* "line": as it is stored, and in the sentences about it */
    bool numbered;    /* needs a seq */
    bool last;        /* of its entries the last is what was reported */
    /*
     * In a read transaction: as the actor may see it.  Whoever it is about, a block or an end
     * since does not keep it from being reported.  Refusals are of the row (capture_missing).
     */
    enum err (*look)(struct call *call, const struct capture_wish *wish, struct capture *ret);
    /* In `prepare`: what is sealed, opened. */
    enum err (*open)(struct call *call, const struct capture *it, struct captured *ret);
    /* In `apply`: what an officer may do about it, take it all away.  May be NULL. */
    enum err (*empty)(struct call *call, int64_t account_id);
};

/* In `look`, of what somebody has one of: who it is about, also when a block hides them or they
 * have ended.  ERR_INVALID reports.own, ERR_MISSING people.none.  `found` is left NULL. */
MUST_USE enum err capture_of(struct call *call, const struct capture_wish *wish,
                             struct capture *ret);
/* The refusal for what is not there, not to be seen, or one's own: ERR_MISSING reports.missing,
 * whatever `err` was of these; why is nobody's business. */
MUST_USE enum err capture_missing(struct call *call, enum err err);
/* The place of what has a number in another: "room:7". */
const char *capture_place(struct call *call, const struct capture_wish *wish);

#endif
