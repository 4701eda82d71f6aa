#ifndef FEATURES_NOTICES_NOTICES_CHOICE_H
#define FEATURES_NOTICES_NOTICES_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "store/store.h"

/*
 * How a member wants to be told.  In the centre always; by push and by mail by a switch a
 * topic (those of mail: mail_topics.h).  In quiet hours no push goes and mail waits.
 */
#define NOTICES_DIGESTS "soon hourly daily"
enum { NOTICES_ZONE_MAX = 64, NOTICES_DAY_MIN = 24 * 60 };

struct notices_choice {
    const char *digest;
    bool names; /* false: pushes name nobody */
    bool quiet;
    int64_t quiet_from, quiet_to; /* minutes of the day in `zone`; the same: never quiet */
    const char *zone;
};
/* Of the row that a statement has joined as `c`. */
#define NOTICES_CHOSEN "c.digest, c.names, c.quiet, c.quiet_from, c.quiet_to, c.zone"
COLUMNS(CHOSEN_DIGEST, CHOSEN_NAMES, CHOSEN_QUIET, CHOSEN_QUIET_FROM, CHOSEN_QUIET_TO, CHOSEN_ZONE,
        CHOSEN_COLUMNS);
struct notices_choice notices_choice_of(const struct rows *rows, size_t row, size_t col);

MUST_USE enum err notices_choice_read(struct call *call, int64_t account_id,
                                      struct notices_choice *ret);
/* In `prepare`.  ERR_INVALID notices.zone: ICU knows no such zone. */
MUST_USE enum err notices_choice_check(struct call *call, const struct notices_choice *choice);
/* What waits for a mail waits by the new choice from now on. */
MUST_USE enum err notices_choice_set(struct call *call, const struct notices_choice *choice);

/* Outside a transaction: until when it is quiet now; 0: it is not. */
int64_t notices_quiet_until(const struct notices_choice *choice, int64_t now_ms);
/* How long what is new may wait for a mail. */
int64_t notices_digest_ms(const struct notices_choice *choice);

/* Those that notices are of, and whether they are pushed. */
struct mail_topics;
MUST_USE enum err notices_pushed(struct call *call, struct mail_topics *ret);
/* ERR_MISSING mail.topic for a name that is none. */
MUST_USE enum err notices_push_switch(struct call *call, const char *topic, bool wanted);

#endif
