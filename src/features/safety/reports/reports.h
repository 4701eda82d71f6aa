#ifndef FEATURES_REPORTS_REPORTS_H
#define FEATURES_REPORTS_REPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "call/call.h"
#include "call/json.h"
#include "features/common/captures/captures.h"
#include "features/notify/mail/mail.h"
#include "privacy/sealed.h"

/*
 * Reports: a member says that something (a page, a room, a line said in it, a message) is not as it
 * should be; an officer decides.  What can be reported are rows of the features that have it.
 *  - Evidence is what the reporter could see at that moment, and of talk up to ten lines before it,
 *    of a line in a room also what its writer said there in the minute up to it; words that wait
 *    for a minor's yes are in it.  It is sealed with a key of the report's own: no change, block or
 *    erasure takes it away before an officer has decided, and six months after that (so long one
 * may complain, DSA Art. 20) the key is burned.  What nobody decides ends after a year, and the
 *    reporter hears it.
 *  - It is about the page's owner, the writer, or the room's owner.
 *  - Nobody but officers learns that there is a report, or by whom; an officer does not meet one
 *    of their own or about themselves.
 *  - The reporter hears how it ended; whose page was emptied, or who was warned, hears why, and how
 *    to complain.
 *  - Not here: how a kind is found and captured (features/common/captures); the rules.
 */
enum {
    REPORTS_WORDS_MAX = 1000,
    REPORTS_WHY_MAX = 500, /* goes into a mail */
    REPORTS_LIST_MAX = 100,
    REPORTS_SWEEP_MAX = 50,
    REPORTS_KIND_MAX = 16,
};
#define REPORTS_REASONS "danger harassment sexual hate private scam impersonation other"
#define REPORTS_OUTCOMES "nothing emptied warned"

/* ---- a member reports (reports_new.c, reports.c) ---- */

/* The row of that name; NULL: there is none (any more).  In reports_api.c, which sees all. */
const struct capture_kind *reports_kind(const char *name);

struct reports_new {
    const char *kind, *id, *reason, *text; /* id: of whom or where, public; text: may be NULL */
    int64_t seq;                           /* which one there; 0: none */
};
struct reports_capture {
    const struct capture_kind *kind;
    struct capture it;
    char public_id[PUBLIC_ID_LEN + 1]; /* of the report */
    int64_t key_id;
    struct sealed words, seen;
};
/* ERR_INVALID input.choice, input.missing; else what the row says. */
MUST_USE enum err reports_look(struct call *call, const struct reports_new *wish,
                               struct reports_capture *ret);
/* Opens what was found, and seals it for staff. */
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
MUST_USE enum err reports_waiting(struct call *call, int64_t *ret_count, int64_t *ret_urgent);

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
    const struct capture_kind *kind; /* NULL: none of today's */
    struct mail_to to;               /* account_id 0: nobody is written to */
    struct sealed why;
    struct mail_draft mail;
};
/* ERR_INVALID input.choice: that cannot be emptied. */
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
    int64_t tell[REPORTS_SWEEP_MAX]; /* whose report nobody decided; 0: nobody is to hear */
    size_t count;
};
MUST_USE enum err reports_over_look(struct call *call, struct reports_over *ret);
MUST_USE enum err reports_over_burn(struct call *call, const struct reports_over *over);
MUST_USE enum err reports_over_apply(struct call *call, const struct reports_over *over);

#endif
