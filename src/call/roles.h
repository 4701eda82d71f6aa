#ifndef CALL_ROLES_H
#define CALL_ROLES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Who of the staff may do what: one table, here, and asked of roles_may alone.
 *  - A role is what somebody is (several, if they do several things); a power is what a row asks
 *    for: a route (API_REPORTS), a desk, a page of the client.  Whoever has no role has no power.
 *  - `true` at a row's end: the session must be one by a passkey.
 *  - An administrator gives roles and runs the site; what members write, report or prove, and what
 *    they were called before, is not theirs to read.
 */
#define ROLES(X)            \
    X(MODERATOR, moderator) \
    X(SUPPORT, support)     \
    X(PRIVACY, privacy)     \
    X(PAYOUT, payout)       \
    X(ADMIN, admin)
enum { ROLE_MODERATOR = 1, ROLE_SUPPORT = 2, ROLE_PRIVACY = 4, ROLE_PAYOUT = 8, ROLE_ADMIN = 16 };
enum { ROLES_MAX = 5 };

/* clang-format off: a table reads as a table */
#define POWERS(X)                                                         \
    /* the way to the desks, and how much waits on each that is theirs */ \
    X(DESKS, desks, ROLE_MODERATOR | ROLE_PRIVACY, true)                  \
    /* what members reported, its evidence, and what is done about it */  \
    X(REPORTS, reports, ROLE_MODERATOR, true)                             \
    /* parents' proofs */                                                 \
    X(CONSENT, consent, ROLE_PRIVACY, true)                               \
    /* what members ask by their rights */                                \
    X(REQUESTS, requests, ROLE_PRIVACY, true)                             \
    /* the way to the administration, and how much waits there */         \
    X(PAGES, pages, ROLE_SUPPORT | ROLE_PRIVACY | ROLE_ADMIN, false)      \
    /* the list of accounts; who waits is let in */                       \
    X(PEOPLE, people, ROLE_SUPPORT | ROLE_ADMIN, true)                    \
    /* an account is ended */                                             \
    X(ENDINGS, endings, ROLE_ADMIN, true)                                 \
    /* what a member was called before, and when they were last here */   \
    X(NAMES, names, ROLE_SUPPORT | ROLE_MODERATOR, true)                  \
    X(INVITES, invites, ROLE_SUPPORT | ROLE_ADMIN, false)                 \
    /* others' rooms: look, rename, close */                              \
    X(ROOMS, rooms, ROLE_MODERATOR | ROLE_ADMIN, true)                    \
    /* the terms and the privacy notice: written and published */         \
    X(POLICIES, policies, ROLE_PRIVACY | ROLE_ADMIN, true)                \
    /* nothing asks for it yet */                                         \
    X(PAYOUTS, payouts, ROLE_PAYOUT, true)                                \
    /* who has which role; give and take them */                          \
    X(ROLES, roles, ROLE_ADMIN, false)                                    \
    /* what staff did, and at what they looked */                         \
    X(LOG, log, ROLE_PRIVACY | ROLE_ADMIN, false)                         \
    /* the site: its settings, jobs, mail, numbers */                     \
    X(ADMIN, admin, ROLE_ADMIN, false)
/* clang-format on */

enum power {
    POWER_NONE,
#define X(power_, name_, roles_, passkey_) POWER_##power_,
    POWERS(X)
#undef X
        POWER_END
};

/* Has somebody with these roles this power?  Of POWER_NONE and beyond the table: no. */
bool roles_may(unsigned roles, enum power power);
/* It is used after a passkey only. */
bool roles_passkey(enum power power);
/* "reports"; "" for none. */
const char *roles_power_name(enum power power);
/* The bit of "moderator"; 0: there is none of that name. */
unsigned roles_named(const char *name);
/* Names of the roles, in ret, ended by the count; of the powers that they bring, likewise. */
size_t roles_list(unsigned roles, const char *ret[ROLES_MAX]);
size_t roles_powers(unsigned roles, const char *ret[POWER_END]);

#endif
