#ifndef FEATURES_ACCOUNTS_AGES_H
#define FEATURES_ACCOUNTS_AGES_H

#include "base/call.h"

/*
 * The neutral age screen.  A refusal leaves nothing here: only a signed cookie
 * with an expiry, which stops the same browser for a day.
 */
enum { AGE_REFUSED_HOURS = 24, AGE_ADULT = 18 };

/*
 * Judges a birth date before anything else is known.  `country` is the one the
 * person chose, "" when none yet; the address's country counts beside it and the
 * stricter age of the two applies.  ERR_DENIED ages.refused (and sets the cookie;
 * also while an earlier cookie lasts), ages.parent (a parent's consent is needed, and
 * POST /api/guardians asks for it), ages.parent_closed (it is needed, and this site asks no
 * parents); ERR_INVALID ages.date for a day in the
 * future or more than 125 years ago.
 */
MUST_USE enum err ages_judge(struct call *call, const char *birth_date, const char *country);

/* When that person is 18, in ms. */
int64_t ages_adult_at(const char *birth_date);

#endif
