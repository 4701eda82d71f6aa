#ifndef FEATURES_SESSIONS_GUESSES_H
#define FEATURES_SESSIONS_GUESSES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"

/*
 * Wrong passwords in a row, by who is guessed at (a name or address from unknown devices, one known
 * device, an account's second factor from unknown devices, that from a known one).  A hundred are
 * free; then each costs a wait, 30 seconds at first, an hour at most, and whoever comes meanwhile
 * is sent away without a look at the password.  Names that nobody has are counted like others.
 *  - What is typed has a count that shows; an account has one over all that can be typed for it,
 *    and while that one waits every password is wrong: a name that were used up together with an
 *    address would tell whose it is.
 *  - Whoever has a password could keep its owner from the second step: there everybody else's
 *    network has one try at any time, and the wait is for its own wrong ones.  All networks that
 *    were wrong share one try in GUESSES_SHARED_MS, so the guesses at one account stay few.
 *  - In memory of this server, of fixed size: a restart forgets, the least guessed give way.
 *  - Shared by all threads under a lock; not for `apply`, which may run twice.
 */
enum { GUESSES_FREE = 100, GUESSES_FIRST_MS = 30 * 1000, GUESSES_MOST_MS = 60 * 60 * 1000 };
enum { GUESSES_SHARED_MS = 30 * 1000 };

/* A number for `what` ("name", "device", "second") and which one. */
uint64_t guesses_key(const char *what, const char *which);

/*
 * How long to wait before one more may be tried; 0: now, and then the next one's wait has begun.
 * A count is forgotten a day after its last guess.
 */
int64_t guesses_wait(uint64_t key, int64_t now_ms);

/* The same for one of those who guess at `key`. */
struct guesses_by {
    uint64_t key;     /* counts them all */
    uint64_t network; /* 0: there is but one */
};
/* The network of an address: one of IPv4, the /48 of IPv6, which one household may have. */
uint64_t guesses_network(uint64_t key, const char *address);
int64_t guesses_wait_by(const struct guesses_by *by, int64_t now_ms);

/* True the first time in a day: of two counts of one account its owner hears once. */
bool guesses_told(uint64_t key, int64_t now_ms);

/* One more was wrong.  True once a day from GUESSES_FREE on: the owner should hear of it. */
bool guesses_wrong(uint64_t key, int64_t now_ms);

/* The right one came. */
void guesses_right(uint64_t key);
void guesses_wrong_by(const struct guesses_by *by, int64_t now_ms);
void guesses_right_by(const struct guesses_by *by);

#endif
