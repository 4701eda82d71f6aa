#ifndef FEATURES_REPORTS_REPORTS_H
#define FEATURES_REPORTS_REPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "call/call.h"
#include "call/json.h"
#include "features/notify/mail/mail.h"
#include "features/people/homepages/homepages.h"
#include "features/people/profiles/profiles.h"
#include "features/talk/messages/messages.h"
#include "features/talk/rooms/rooms.h"
#include "privacy/sealed.h"

/*
 * Reports: a member says that a page, a room, a line said in it or a message is not as it should
 * be; an officer decides.
 *  - Evidence is what the reporter could see at that moment, and of talk up to ten lines before it,
 *    of a line in a room also what its writer said there in the minute up to it; words that wait
 *    for a minor's yes are in it.  It is sealed with a key of the report's own: no change, block or
 *    erasure takes it away before an officer has decided, and six months after that the key is
 *    burned.
 *  - It is about the page's owner, the writer, or the room's owner.
 *  - Nobody but officers learns that there is a report, or by whom; an officer does not meet one
 *    of their own or about themselves.
 *  - The reporter hears how it ended; whose page was emptied, or who was warned, hears why, and how
 *    to complain.
 *  - Not here: other things to report (a kind and a capture of their own); the rules.
 */
enum {
    REPORTS_WORDS_MAX = 1000,
    REPORTS_WHY_MAX = 500, /* goes into a mail */
    REPORTS_LIST_MAX = 100,
    REPORTS_DAYS = 183, /* after the decision: so long one may complain (DSA Art. 20) */
    REPORTS_SWEEP_MAX = 50,
    REPORTS_VALUE_MAX = 4096, /* of what is captured */
    REPORTS_TALK_MAX = 11,    /* what is reported, and ten before it */
    REPORTS_ENTRIES_MAX = REPORTS_TALK_MAX + ROOMS_MINUTE_MAX,
};
#define REPORTS_KINDS "page room line message"
#define REPORTS_REASONS "danger harassment sexual hate private scam impersonation other"
#define REPORTS_OUTCOMES "nothing emptied warned"

struct reports_field {
    const char *name, *text;
};
struct reports_entry {
    const char *name, *text;
    int64_t at;
};
/* What stood there; texts as they were, rooms and friends by their names. */
struct reports_seen {
    const char *name, *style, *room; /* room: its name, of a room or a line */
    struct json_list fields, blocks; /* struct reports_field; of a block, name is its kind */
    struct json_list entries; /* struct reports_entry; of a line or message, the last is it */
};
JSON_SHAPE_SHARED(reports_seen_shape, struct reports_seen);

/* ---- a member reports (reports_seen.c, reports_talk.c, reports.c) ---- */

struct reports_new {
    const char *id, *reason, *text; /* id: of whom or where, public; text: may be NULL */
    int64_t seq;                    /* of the line or message; 0: the room */
};
struct reports_capture {
    const char *kind, *place; /* place: which one of its kind is meant */
    int64_t subject_id;
    const char *name; /* of whom it is about */
    struct profiles_card card;
    struct homepages_page page;
    struct homepages_book book;
    bool unseen; /* hidden by a block, or ended: nothing but the name is kept */
    struct rooms_reported room;
    struct messages_sealed *said;
    size_t said_count;
    char public_id[PUBLIC_ID_LEN + 1]; /* of the report */
    int64_t key_id;                    /* of the report */
    struct sealed words, seen;
};
/* A page.  ERR_MISSING people.none; ERR_INVALID reports.own. */
MUST_USE enum err reports_look(struct call *call, const char *public_id,
                               struct reports_capture *ret);
/* ERR_MISSING reports.missing alone: not there, not to be seen, or one's own. */
MUST_USE enum err reports_look_room(struct call *call, const struct reports_new *wish,
                                    struct reports_capture *ret);
MUST_USE enum err reports_look_message(struct call *call, const struct reports_new *wish,
                                       struct reports_capture *ret);
/* In `prepare`: what was said, opened.  ERR_MISSING reports.missing when its key is burned. */
MUST_USE enum err reports_talk_open(struct call *call, const struct reports_capture *it,
                                    struct reports_seen *ret);
MUST_USE enum err reports_prepare(struct call *call, const char *text, struct reports_capture *it);
/* ERR_MISSING reports.missing; ERR_CONFLICT reports.open: theirs about this is still open. */
MUST_USE enum err reports_add(struct call *call, const struct reports_new *wish,
                              const struct reports_capture *it);

/* ---- officers (reports_staff.c) ---- */

struct reports_row {
    const char *id, *kind, *name, *reason, *outcome; /* name: whom it is about; NULL: erased */
    int64_t others;                                  /* open ones about the same person */
    int64_t at_ms, decided_ms;
};
/* Open ones, danger first, then the oldest; or the latest decisions. */
MUST_USE enum err reports_list(struct call *call, bool decided, struct reports_row **ret,
                               size_t *ret_count);

/* How many wait that this officer may decide, and how many of them speak of danger. */
struct reports_waiting {
    int64_t reports, urgent;
};
MUST_USE enum err reports_waiting(struct call *call, struct reports_waiting *ret);

struct reports_one {
    struct reports_row row;
    int64_t id, key_id, reporter_id, subject_id; /* 0: erased */
    const char *reporter, *officer;
    struct sealed words, seen, why;
};
/* ERR_MISSING reports.none: no such report, or one that is not for this officer. */
MUST_USE enum err reports_find(struct call *call, const char *public_id, struct reports_one *ret);

struct reports_decision {
    const char *id, *outcome, *why;
};
struct reports_deciding {
    struct reports_one one;
    struct mail_to to; /* account_id 0: nobody is written to */
    struct sealed why;
    struct mail_draft mail;
};
/* ERR_INVALID input.choice: only a page can be emptied. */
MUST_USE enum err reports_decide_look(struct call *call, const struct reports_decision *decision,
                                      struct reports_deciding *ret);
/* ERR_INVALID reports.why. */
MUST_USE enum err reports_decide_prepare(struct call *call, const struct reports_decision *decision,
                                         struct reports_deciding *it);
/* ERR_CONFLICT reports.decided. */
MUST_USE enum err reports_decide(struct call *call, const struct reports_decision *decision,
                                 const struct reports_deciding *it);

/* ---- the end: a job burns the keys of a bounded batch, then its rows go ---- */

struct reports_over {
    int64_t ids[REPORTS_SWEEP_MAX], keys[REPORTS_SWEEP_MAX];
    size_t count;
};
MUST_USE enum err reports_over_look(struct call *call, struct reports_over *ret);
MUST_USE enum err reports_over_burn(struct call *call, const struct reports_over *over);
MUST_USE enum err reports_over_apply(struct call *call, const struct reports_over *over);

#endif
