#ifndef FEATURES_ACCOUNTS_PASSWORDS_H
#define FEATURES_ACCOUNTS_PASSWORDS_H

#include <stddef.h>

#include "call/call.h"

/*
 * Passwords by NIST SP 800-63B-4: 15 code points while there is no second factor,
 * no rules of composition, a block list, the person's own names and the site's.
 * Normalising and hashing are slow: only in `prepare`.
 */
enum { PASSWORD_POINTS_MIN = 15, PASSWORD_POINTS_MAX = 256, PASSPHRASE_WORDS = 4 };

/*
 * NFKC of the password, as it is hashed.  ERR_INVALID passwords.short,
 * passwords.long, passwords.common, passwords.repeats, passwords.personal;
 * `own` are words that must not make up the password, ended by NULL.
 */
MUST_USE enum err passwords_check(struct call *call, const char *password, const char *const own[],
                                  const char **ret_normal);

/*
 * The same with another least number of code points: an account whose sign-in takes two
 * steps may have a shorter one (factors.password_least).
 */
MUST_USE enum err passwords_check_least(struct call *call, const char *password, size_t least,
                                        const char *const own[], const char **ret_normal);

/* NFKC only: for signing in.  ERR_INVALID passwords.long. */
MUST_USE enum err passwords_normal(struct call *call, const char *password,
                                   const char **ret_normal);

/* Four words of the language's list, from the system's chance. */
const char *passwords_phrase(struct call *call, const char *language);

#endif
