#include "features/identity/passwords/passwords.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/text.h"
#include "features/identity/passwords/passwords_inner.h"

enum { UNITS_MAX = 2048, PERIOD_MAX = 8, OWN_WORD_MIN = 3, OWN_LEFT_MIN = 8 };

static enum err refuse(struct call *call, const char *code)
{
    return call_fail_field(call, ERR_INVALID, code, "password");
}

static enum err normalize(struct call *call, const char *text, bool fold, const char **ret)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar raw[UNITS_MAX], units[UNITS_MAX];
    char out[UNITS_MAX * 3 + 1];
    int32_t len = 0, bytes = 0;
    if (text_points(text) > PASSWORD_POINTS_MAX) {
        return refuse(call, "passwords.long");
    }
    u_strFromUTF8(raw, UNITS_MAX, &len, text, -1, &status);
    const UNormalizer2 *form =
        fold ? unorm2_getNFKCCasefoldInstance(&status) : unorm2_getNFKCInstance(&status);
    len = unorm2_normalize(form, raw, len, units, UNITS_MAX, &status);
    u_strToUTF8(out, sizeof(out), &bytes, units, len, &status);
    if (U_FAILURE(status)) {
        return refuse(call, "passwords.long"); /* only NFKC can make it longer than the buffers */
    }
    *ret = arena_text(call->arena, out, (size_t)bytes);
    crypto_wipe(out, sizeof(out));
    crypto_wipe(raw, sizeof(raw));
    crypto_wipe(units, sizeof(units));
    return OK;
}

enum err passwords_normal(struct call *call, const char *password, const char **ret_normal)
{
    return normalize(call, password, false, ret_normal);
}

static int by_value(const void *key, const void *entry)
{
    uint64_t a = *(const uint64_t *)key, b = *(const uint64_t *)entry;
    return (a > b) - (a < b);
}

static bool blocked(const char *folded)
{
    uint8_t hash[HASH_BYTES];
    uint64_t head = 0;
    crypto_sha256(folded, strlen(folded), hash);
    for (size_t i = 0; i < sizeof(head); i++) {
        head = head << 8 | hash[i];
    }
    return bsearch(&head, data_blocked, data_blocked_count, sizeof(head), by_value) != NULL;
}

/* "aaaaaaaaaaaaaaa", "abcabcabcabcabc", "123456789012345", "qwertyqwertyqwerty". */
static bool repeats(const char *text)
{
    size_t len = strlen(text);
    for (size_t period = 1; period <= PERIOD_MAX && period * 2 <= len; period++) {
        size_t same = 0;
        while (same + period < len && text[same] == text[same + period]) {
            same++;
        }
        if (same + period == len) {
            return true;
        }
    }
    size_t steps = 0;
    for (size_t i = 1; i < len; i++) {
        int step = text[i] - text[i - 1];
        steps += step == 1 || step == -1 || (text[i - 1] == '9' && text[i] == '0');
    }
    return len > 1 && steps >= len - 2;
}

/* A blocked password twice or more, or with digits behind it, is still that password. */
static bool blocked_with_tail(struct call *call, const char *folded)
{
    size_t len = strlen(folded);
    size_t head = len;
    while (head > 0 && !isalpha((unsigned char)folded[head - 1])) {
        head--;
    }
    return head >= 4 && head < len && blocked(arena_text(call->arena, folded, head));
}

/* What is left of `text` when each of the words is cut out. */
static size_t left_without(struct call *call, const char *text, const char *const own[])
{
    char *rest = arena_text(call->arena, text, strlen(text));
    for (; *own; own++) {
        const char *word = "";
        /* What folds away to nothing would be found for ever. */
        if (normalize(call, *own, true, &word) != OK || strlen(word) < OWN_WORD_MIN) {
            continue;
        }
        for (char *at = strstr(rest, word); at; at = strstr(rest, word)) {
            memmove(at, at + strlen(word), strlen(at + strlen(word)) + 1);
        }
    }
    return text_points(rest);
}

enum err passwords_check(struct call *call, const char *password, const char *const own[],
                         const char **ret_normal)
{
    return passwords_check_least(call, password, PASSWORD_POINTS_MIN, own, ret_normal);
}

enum err passwords_check_least(struct call *call, const char *password, size_t least,
                               const char *const own[], const char **ret_normal)
{
    const char *normal = "", *folded = "";
    ASSERT_CODE(!call->tx && least > 0 && least <= PASSWORD_POINTS_MAX);
    TRY(normalize(call, password, false, &normal));
    TRY(normalize(call, password, true, &folded));
    if (text_points(normal) < least) {
        return refuse(call,
                      least < PASSWORD_POINTS_MIN ? "factors.password_least" : "passwords.short");
    }
    if (blocked(folded) || blocked_with_tail(call, folded)) {
        return refuse(call, "passwords.common");
    }
    if (repeats(folded)) {
        return refuse(call, "passwords.repeats");
    }
    if (left_without(call, folded, own) < MIN(OWN_LEFT_MIN, least / 2)) {
        return refuse(call, "passwords.personal");
    }
    *ret_normal = normal;
    return OK;
}

static uint32_t below(uint32_t limit)
{
    ASSERT_CODE(limit > 0);
    uint32_t value = 0;
    uint32_t fair = UINT32_MAX - UINT32_MAX % limit;
    do {
        crypto_random(&value, sizeof(value));
    } while (value >= fair);
    return value % limit;
}

const char *passwords_phrase(struct call *call, const char *language)
{
    const struct data_words *words = data_words;
    for (const struct data_words *row = data_words; row->language; row++) {
        if (strcmp(row->language, language) == 0) {
            words = row;
        }
    }
    struct buf phrase = {.arena = call->arena};
    do { /* four short words may stay below the minimum */
        phrase.len = 0;
        for (int i = 0; i < PASSPHRASE_WORDS; i++) {
            buf_puts(&phrase, i ? "-" : "");
            buf_puts(&phrase, words->words[below((uint32_t)words->count)]);
        }
    } while (phrase.len < PASSWORD_POINTS_MIN);
    return phrase.at;
}
