#ifndef FEATURES_ACCOUNTS_AGES_H
#define FEATURES_ACCOUNTS_AGES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/settings.h"
#include "call/call.h"

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

/* Below which age a parent must consent: by the country, and by the one of the connection, the
 * stricter; 0: at no age.  `country` alone: ages_of_country. */
int ages_needed(struct call *call, const char *country);
int ages_of_country(const char *country);

/*
 * The birth date is sealed; in clear stands only a band (account.age_band), raised on the day
 * itself (guardians/birthdays.h).  There are no more bands than rules ask for: "13" (13 to 17),
 * "18".  `account_` is what the table is called in the statement.
 */
#define AGES_BAND_MINOR "13"
#define AGES_BAND_ADULT "18"
#define AGES_MINOR(account_) account_ ".age_band <> '" AGES_BAND_ADULT "'"
#define AGES_ADULT(account_) account_ ".age_band = '" AGES_BAND_ADULT "'"

/* Of a birth date, at that time (the day of UTC). */
const char *ages_band(const char *birth_date, int64_t now_ms);

/* Is this the band of a minor?  NULL is nobody's: no. */
bool ages_minor(const char *band);

/* How parents may prove that they are: words of "form call", or "none". */
const char *ages_parent_methods(const struct call *call);
extern const struct setting_group ages_setting_group;

#endif
