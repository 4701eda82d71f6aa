#ifndef FEATURES_FACTORS_TOTP_H
#define FEATURES_FACTORS_TOTP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * One-time codes of an app (RFC 6238: SHA-1, 6 digits, 30 seconds), by liboath.  It has no
 * memory: that a step is used once only is the caller's to keep.
 */
enum { TOTP_SECRET_LEN = 20, TOTP_SECRET_TEXT = 32, TOTP_DIGITS = 6, TOTP_STEP_S = 30 };

/* A new secret in base32, as it is typed into an app. */
void totp_secret(char ret_text[TOTP_SECRET_TEXT + 1]);

/*
 * The step whose code this is: now's, the one before or the one after; 0 for none.  Spaces
 * in the code do not count.  Takes the same time for every code.
 */
int64_t totp_step(const char *secret, const char *code, int64_t now_ms);

/* For tests: the code of a moment. */
bool totp_code(const char *secret, int64_t at_ms, char ret_code[TOTP_DIGITS + 1]);

#endif
