#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "privacy/keys_back.h"

/*
 * Two bindings.  Without a row: nonce, text, tag; bound to place and key.  With one, a byte with
 * the version stands before that, and the row is bound in, too: values exchanged together with
 * their keys do not open.  A value from before the byte may begin with it by chance (the nonce),
 * so it is tried as both.
 */
enum { BOUND_MAX = 128, VERSION_ROW = 2 };

static void bind_key(char ret[BOUND_MAX], const char *context, int64_t key_id)
{
    int len = snprintf(ret, BOUND_MAX, "%s:%" PRId64, context, key_id);
    ASSERT_CODE(len > 0 && len < BOUND_MAX);
}

static void bind_row(char ret[BOUND_MAX], const char *context, int64_t key_id, int64_t row_id)
{
    int len = snprintf(ret, BOUND_MAX, "row:%s:%" PRId64 ":%" PRId64, context, key_id, row_id);
    ASSERT_CODE(len > 0 && len < BOUND_MAX);
}

/* `version` 0: no byte before it. */
/* NOLINTNEXTLINE(readability-function-size): what is sealed, with what, and where it goes */
static enum err seal(struct call *call, int64_t key_id, const char *bound, uint8_t version,
                     const uint8_t *bytes, size_t len, const uint8_t **ret_sealed, size_t *ret_len)
{
    uint8_t key[KEY_BYTES];
    size_t head = version ? 1 : 0;
    TRY(keys_member(call, key_id, key));
    uint8_t *sealed = arena_alloc(call->arena, head + len + SEAL_EXTRA);
    sealed[0] = version;
    crypto_seal(key, bound, bytes, len, sealed + head);
    crypto_wipe(key, sizeof(key));
    *ret_sealed = sealed;
    *ret_len = head + len + SEAL_EXTRA;
    return OK;
}

static enum err open_bound(struct call *call, int64_t key_id, const char *bound,
                           const uint8_t *sealed, size_t len, const char **ret_text)
{
    uint8_t key[KEY_BYTES];
    if (len < SEAL_EXTRA) {
        return ERR_BROKEN;
    }
    TRY(keys_member(call, key_id, key));
    uint8_t *text = arena_alloc(call->arena, len - SEAL_EXTRA + 1);
    enum err err = crypto_open(key, bound, sealed, len, text);
    crypto_wipe(key, sizeof(key));
    if (err == OK) {
        *ret_text = (const char *)text;
    }
    return err;
}

enum err keys_seal_bytes(struct call *call, int64_t key_id, const char *context,
                         const uint8_t *bytes, size_t len, const uint8_t **ret_sealed,
                         size_t *ret_len)
{
    char bound[BOUND_MAX];
    bind_key(bound, context, key_id);
    return seal(call, key_id, bound, 0, bytes, len, ret_sealed, ret_len);
}

enum err keys_seal(struct call *call, int64_t key_id, const char *context, const char *text,
                   const uint8_t **ret_sealed, size_t *ret_len)
{
    return keys_seal_bytes(call, key_id, context, (const uint8_t *)text, strlen(text), ret_sealed,
                           ret_len);
}

enum err keys_open_text(struct call *call, int64_t key_id, const char *context,
                        const uint8_t *sealed, size_t len, const char **ret_text)
{
    char bound[BOUND_MAX];
    bind_key(bound, context, key_id);
    return open_bound(call, key_id, bound, sealed, len, ret_text);
}

enum err keys_seal_row(struct call *call, int64_t key_id, const char *context, int64_t row_id,
                       const char *text, const uint8_t **ret_sealed, size_t *ret_len)
{
    char bound[BOUND_MAX];
    bind_row(bound, context, key_id, row_id);
    return seal(call, key_id, bound, VERSION_ROW, (const uint8_t *)text, strlen(text), ret_sealed,
                ret_len);
}

/* NOLINTNEXTLINE(readability-function-size): the same */
static enum err open_row(struct call *call, int64_t key_id, const char *context, int64_t row_id,
                         const uint8_t *sealed, size_t len, const char **ret_text, bool *ret_old)
{
    char bound[BOUND_MAX];
    *ret_old = false;
    if (len > SEAL_EXTRA && sealed[0] == VERSION_ROW) {
        bind_row(bound, context, key_id, row_id);
        enum err err = open_bound(call, key_id, bound, sealed + 1, len - 1, ret_text);
        if (err != ERR_BROKEN) {
            return err;
        }
    }
    *ret_old = true;
    return keys_open_text(call, key_id, context, sealed, len, ret_text);
}

enum err keys_open_row(struct call *call, int64_t key_id, const char *context, int64_t row_id,
                       const uint8_t *sealed, size_t len, const char **ret_text)
{
    bool old = false;
    return open_row(call, key_id, context, row_id, sealed, len, ret_text, &old);
}

/* NOLINTNEXTLINE(readability-function-size): the same */
enum err keys_reseal_row(struct call *call, int64_t key_id, const char *context, int64_t row_id,
                         const uint8_t *sealed, size_t len, const uint8_t **ret_sealed,
                         size_t *ret_len)
{
    const char *text = NULL;
    bool old = false;
    *ret_sealed = NULL;
    TRY(open_row(call, key_id, context, row_id, sealed, len, &text, &old));
    return old ? keys_seal_row(call, key_id, context, row_id, text, ret_sealed, ret_len) : OK;
}
