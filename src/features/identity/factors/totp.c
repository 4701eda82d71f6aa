#include "features/identity/factors/totp.h"

#include <liboath/oath.h>
#include <stddef.h>
#include <string.h>

#include "base/crypto.h"
#include "base/time.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void totp_secret(char ret_text[TOTP_SECRET_TEXT + 1])
{
    uint8_t chance[TOTP_SECRET_TEXT]; /* five bits of each */
    crypto_random(chance, sizeof(chance));
    for (size_t i = 0; i < TOTP_SECRET_TEXT; i++) {
        ret_text[i] = digits[chance[i] & 31];
    }
    ret_text[TOTP_SECRET_TEXT] = '\0';
    crypto_wipe(chance, sizeof(chance));
}

static bool bytes_of(const char *text, char ret[TOTP_SECRET_LEN])
{
    unsigned held = 0;
    int bits = 0;
    size_t at = 0;
    if (strlen(text) != TOTP_SECRET_TEXT || strspn(text, digits) != TOTP_SECRET_TEXT) {
        return false;
    }
    for (; *text; text++) {
        held = (held << 5 | (unsigned)(strchr(digits, *text) - digits)) & 0xfff;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            ret[at++] = (char)(held >> bits & 0xff);
        }
    }
    return true;
}

static bool code_at(const char secret[TOTP_SECRET_LEN], int64_t step, char ret[TOTP_DIGITS + 1])
{
    return step >= 0 && oath_hotp_generate(secret, TOTP_SECRET_LEN, (uint64_t)step, TOTP_DIGITS,
                                           false, OATH_HOTP_DYNAMIC_TRUNCATION, ret) == OATH_OK;
}

int64_t totp_step(const char *secret, const char *code, int64_t now_ms)
{
    char bytes[TOTP_SECRET_LEN], shown[TOTP_DIGITS + 1] = "", right[TOTP_DIGITS + 1];
    size_t len = 0;
    for (; *code; code++) {
        if (*code == ' ') {
            continue;
        }
        if (len == TOTP_DIGITS) {
            return 0;
        }
        shown[len++] = *code;
    }
    if (len != TOTP_DIGITS || !bytes_of(secret, bytes)) {
        return 0;
    }
    int64_t now = now_ms / TIME_S / TOTP_STEP_S, found = 0;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        bool made = code_at(bytes, step, right);
        found = made && crypto_equal(shown, right, TOTP_DIGITS) ? step : found;
    }
    crypto_wipe(bytes, sizeof(bytes));
    return found;
}

bool totp_code(const char *secret, int64_t at_ms, char ret_code[TOTP_DIGITS + 1])
{
    char bytes[TOTP_SECRET_LEN];
    return bytes_of(secret, bytes) && code_at(bytes, at_ms / TIME_S / TOTP_STEP_S, ret_code);
}
