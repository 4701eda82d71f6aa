#ifndef FEATURES_FACTORS_FACTORS_H
#define FEATURES_FACTORS_FACTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "call/call.h"
#include "features/identity/factors/totp.h"
#include "privacy/sealed.h"

/*
 * Signing in with two steps: codes of an app, or a passkey, after the password; recovery
 * codes for the day when neither is at hand.
 *  - It is on from the first confirmed code app, or when a member with passkeys says so,
 *    until it is switched off; then a password of 8 code points will do.
 *  - A code is taken once: the last step that was used is kept.
 *  - Recovery codes are stored as keyed hashes, shown once, each is taken once.
 *  - Not here: passkeys themselves; tickets between the steps (sessions).
 */
enum {
    RECOVERY_CODES = 10,
    RECOVERY_CHARS = 10,                /* 50 bits of chance */
    RECOVERY_TEXT = RECOVERY_CHARS + 2, /* "abcde-fghij" and NUL */
    FACTORS_PASSWORD_MIN = 8,
};

/* What an account can prove itself by. */
struct factors_facts {
    bool on, short_password; /* two steps; the password is one that only two steps allow */
    bool code, password;     /* has a confirmed code app, a password */
    int64_t since_ms, passkeys, recovery_left, providers;
    int64_t key_id, last_step;
    struct sealed secret; /* of an app that is not confirmed, too */
};
/* In `look` or `apply`.  ERR_MISSING factors.none when there is no such account. */
MUST_USE enum err factors_read(struct call *call, int64_t account_id, struct factors_facts *ret);

/* "code passkey recovery": the second step's ways, the calmest first. */
const char *factors_second_ways(struct call *call, const struct factors_facts *facts);

/*
 * "passkey code password recovery provider": by what the actor may prove a session again.
 * With two steps a password alone will not do in a session that it alone began.
 */
const char *factors_proof_ways(struct call *call, const struct factors_facts *facts);

/*
 * This session was proved again, by that.  A session that a passkey began counts by the
 * newest proof, others by the strongest: a password does not prolong what wants a passkey.
 */
MUST_USE enum err factors_proved(struct call *call, enum proof proof);

/* ---- a code that somebody shows ---- */

struct factors_shown {
    int64_t account_id;
    struct factors_facts facts; /* by `look` */
    bool by_code;
    int64_t step; /* by `prepare`; 0: no code of now */
    uint8_t hash[HASH_BYTES];
};
/* In `prepare`; `code` or `recovery` is NULL. */
MUST_USE enum err factors_shown_prepare(struct call *call, const char *code, const char *recovery,
                                        struct factors_shown *shown);
/* In `apply`: uses it up when it fits.  What does not fit is refused after the commit. */
MUST_USE enum err factors_shown_use(struct call *call, const struct factors_shown *shown,
                                    bool *ret_fits);

/* ---- settings ---- */

struct factors_codes {
    char text[RECOVERY_CODES][RECOVERY_TEXT];
    uint8_t hash[RECOVERY_CODES][HASH_BYTES];
};
MUST_USE enum err factors_codes_prepare(struct call *call, int64_t account_id,
                                        struct factors_codes *ret);
/* The old ones are no longer taken. */
MUST_USE enum err factors_codes_store(struct call *call, const struct factors_codes *codes);

struct factors_app {
    struct factors_facts facts; /* by `look` */
    char secret[TOTP_SECRET_TEXT + 1];
    const char *uri; /* for the QR code */
    struct sealed sealed;
};
MUST_USE enum err factors_app_prepare(struct call *call, struct factors_app *app);
/* ERR_CONFLICT factors.on: there is one that works. */
MUST_USE enum err factors_app_store(struct call *call, const struct factors_app *app);
/* The first code fits: the app counts, two steps are on, this session has proved both. */
MUST_USE enum err factors_app_confirm(struct call *call, const struct factors_shown *shown,
                                      const struct factors_codes *codes, bool *ret_fits);

/* Two steps with passkeys alone.  ERR_CONFLICT factors.no_passkey, factors.on. */
MUST_USE enum err factors_on(struct call *call, const struct factors_codes *codes);

/*
 * Without the code app; without a passkey that ends two steps, too.  `all`: two steps end
 * in any case.  ERR_CONFLICT factors.password_short: the password is too short for one
 * step.  ERR_MISSING factors.off.
 */
MUST_USE enum err factors_off(struct call *call, bool all);

/*
 * After a passkey went: ERR_CONFLICT factors.last when it was the only second factor of an
 * account whose sign-in takes two steps.
 */
MUST_USE enum err factors_passkey_gone(struct call *call);

/* The least code points of this account's password, and what is kept when it is set. */
size_t factors_password_min(const struct factors_facts *facts);
MUST_USE enum err factors_password_set(struct call *call, int64_t account_id, bool is_short);

/* What was set up from that moment on is gone: an owner takes the account back from a thief. */
MUST_USE enum err factors_forget_since(struct call *call, int64_t account_id, int64_t since_ms);

#endif
