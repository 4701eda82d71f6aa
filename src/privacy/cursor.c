#include "privacy/cursor.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "privacy/keys.h"

enum { NUMBERS_BYTES = CURSOR_NUMBERS * 8, SEALED_MAX = NUMBERS_BYTES + CURSOR_BYTES + SEAL_EXTRA };
_Static_assert((SEALED_MAX + 2) / 3 * 4 <= CURSOR_MAX, "a shape takes what was made");

/* One key an asker and list: what was made for another does not open. */
static enum err key_of(struct call *call, const char *list, uint8_t ret[KEY_BYTES])
{
    ASSERT_CODE(*list); /* without it one list's cursor would open in another */
    const char *whose = arena_printf(call->arena, "%lld %s", (long long)call->actor.id, list);
    return keys_blind(call, "cursor", whose, ret);
}

enum err cursor_seal(struct call *call, const char *list, const struct cursor *cursor,
                     const char **ret)
{
    uint8_t key[KEY_BYTES], plain[NUMBERS_BYTES + CURSOR_BYTES], sealed[SEALED_MAX];
    const char *text = cursor->text ? cursor->text : "";
    size_t text_len = strlen(text), len = NUMBERS_BYTES + text_len;
    if (text_len > CURSOR_BYTES) {
        return call_fail(call, ERR_LARGE, "input.length");
    }
    for (size_t i = 0; i < NUMBERS_BYTES; i++) {
        plain[i] = (uint8_t)((uint64_t)cursor->at[i / 8] >> i % 8 * 8);
    }
    memcpy(plain + NUMBERS_BYTES, text, text_len); /* NOLINT: its length is known */
    TRY(key_of(call, list, key));
    crypto_seal_same(key, "cursor", plain, len, sealed);
    crypto_wipe(key, sizeof(key));
    char *made = arena_alloc(call->arena, CURSOR_MAX + 1);
    crypto_base64url(sealed, len + SEAL_EXTRA, made);
    *ret = made;
    return OK;
}

enum err cursor_open(struct call *call, const char *list, const char *sealed, struct cursor *ret)
{
    uint8_t key[KEY_BYTES], bytes[SEALED_MAX];
    int len = crypto_base64url_read(sealed, bytes, sizeof(bytes));
    if (len < NUMBERS_BYTES + SEAL_EXTRA) {
        return call_fail(call, ERR_INVALID, "input.cursor");
    }
    TRY(key_of(call, list, key));
    uint8_t *plain = arena_alloc(call->arena, (size_t)len - SEAL_EXTRA + 1);
    enum err err = crypto_open(key, "cursor", bytes, (size_t)len, plain);
    crypto_wipe(key, sizeof(key));
    if (err != OK) {
        return call_fail(call, ERR_INVALID, "input.cursor");
    }
    *ret = (struct cursor){.text = (const char *)plain + NUMBERS_BYTES};
    for (size_t i = 0; i < NUMBERS_BYTES; i++) {
        ret->at[i / 8] = (int64_t)((uint64_t)ret->at[i / 8] | (uint64_t)plain[i] << i % 8 * 8);
    }
    return OK;
}
