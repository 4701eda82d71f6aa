#ifndef FEATURES_TICKETS_TICKETS_H
#define FEATURES_TICKETS_TICKETS_H

#include <stdint.h>

#include "base/crypto.h"
#include "call/call.h"

/*
 * Tickets: random secrets that open one door once, before a moment: links in mails,
 * challenges, states, the step between password and second factor.  Only the hash of
 * the secret is stored.
 *  - A ticket is of one kind ("accounts.verify") and opens no other door.
 *  - Unknown, used, expired, foreign and of another kind are one and the same: ERR_MISSING
 *    tickets.gone.
 *  - Not here: what lies behind the door.
 */
enum { TICKET_TEXT_MAX = 64, TICKET_NOTE_MAX = 1024 };

/* A ticket on its way; made in `prepare`, stored in `apply`. */
struct ticket_new {
    char text[TICKET_TEXT_MAX]; /* 43 characters of base64url: to the person, never stored */
    uint8_t hash[HASH_BYTES];
};
void tickets_prepare(struct ticket_new *ret);

struct ticket_facts {
    const char *kind;
    int64_t account_id; /* 0: nobody's yet */
    const char *note;   /* JSON of ids and numbers, at most TICKET_NOTE_MAX bytes; NULL is "" */
    int64_t life_ms;
    int64_t tries; /* how often tickets_try may fail; 0: 1 */
};
MUST_USE enum err tickets_store(struct call *call, const struct ticket_new *ticket,
                                const struct ticket_facts *facts);

struct ticket {
    int64_t account_id, created_ms, ends_ms, tries_left;
    const char *note;
};
/* Looks without using it up: in `look` or `apply`. */
MUST_USE enum err tickets_see(struct call *call, const char *kind, const char *text,
                              struct ticket *ret);
/* Uses it up.  In `apply`. */
MUST_USE enum err tickets_take(struct call *call, const char *kind, const char *text,
                               struct ticket *ret);
/*
 * A wrong answer was given at this door: one try less, at none the ticket is gone.
 * Returns OK; the caller refuses after the commit (in `finish`), or the count is lost.
 */
MUST_USE enum err tickets_miss(struct call *call, const char *kind, const char *text);

/* All of an account's tickets of a kind; NULL: of every kind. */
MUST_USE enum err tickets_drop(struct call *call, int64_t account_id, const char *kind);

#endif
