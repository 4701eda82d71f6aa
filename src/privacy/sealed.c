#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "privacy/keys_back.h"
#include "privacy/sealed.h"

/*
 * Two bindings.  Without a row: nonce, text, tag; bound to place and key.  With one, a byte with
 * the version stands before that, and the row is bound in, too: values exchanged together with
 * their keys do not open.  A value from before the byte may begin with it by chance (the nonce),
 * so it is tried as both.
 */
enum { BOUND_MAX = 128, VERSION_ROW = 2 };

SQL(sealed_key, "SELECT key_id FROM account WHERE id = $1");

struct sealed sealed_read(const struct rows *rows, size_t row, size_t col, int64_t key_id)
{
    struct sealed sealed = {.key_id = key_id};
    sealed.at = row_bytes(rows, row, col, &sealed.len);
    return sealed;
}

struct val sealed_val(struct sealed sealed)
{
    return sealed.at ? BYTES(sealed.at, sealed.len) : NIL;
}

enum err sealed_key_of(struct call *call, int64_t account_id, int64_t *ret_key_id)
{
    struct rows rows;
    TRY(store_run(call, &sealed_key, BIND(I64(account_id)), &rows));
    *ret_key_id = rows.count ? row_i64(&rows, 0, ONLY) : 0;
    return OK;
}

enum err sealed_own_key(struct call *call, int64_t *ret_key_id)
{
    int64_t key_id = 0;
    TRY(sealed_key_of(call, call->actor.id, &key_id));
    if (key_id == 0) {
        return call_fail(call, ERR_LOGIN, "api.login");
    }
    *ret_key_id = key_id;
    return OK;
}

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
static enum err seal(struct call *call, const char *bound, uint8_t version, const uint8_t *bytes,
                     size_t len, struct sealed *sealed)
{
    uint8_t key[KEY_BYTES];
    size_t head = version ? 1 : 0;
    TRY(keys_member(call, sealed->key_id, key));
    uint8_t *at = arena_alloc(call->arena, head + len + SEAL_EXTRA);
    at[0] = version;
    crypto_seal(key, bound, bytes, len, at + head);
    crypto_wipe(key, sizeof(key));
    sealed->at = at;
    sealed->len = head + len + SEAL_EXTRA;
    return OK;
}

static enum err open_bound(struct call *call, struct sealed sealed, const char *bound,
                           const char **ret_text)
{
    uint8_t key[KEY_BYTES];
    if (sealed.len < SEAL_EXTRA) {
        return ERR_BROKEN;
    }
    TRY(keys_member(call, sealed.key_id, key));
    uint8_t *text = arena_alloc(call->arena, sealed.len - SEAL_EXTRA + 1);
    enum err err = crypto_open(key, bound, sealed.at, sealed.len, text);
    crypto_wipe(key, sizeof(key));
    if (err == OK) {
        *ret_text = (const char *)text;
    }
    return err;
}

enum err sealed_bytes(struct call *call, int64_t key_id, const char *context, const uint8_t *bytes,
                      size_t len, struct sealed *ret)
{
    char bound[BOUND_MAX];
    struct sealed sealed = {.key_id = key_id};
    bind_key(bound, context, key_id);
    TRY(seal(call, bound, 0, bytes, len, &sealed));
    *ret = sealed;
    return OK;
}

enum err sealed_text(struct call *call, int64_t key_id, const char *context, const char *text,
                     struct sealed *ret)
{
    return sealed_bytes(call, key_id, context, (const uint8_t *)text, strlen(text), ret);
}

enum err sealed_open(struct call *call, struct sealed sealed, const char *context,
                     const char **ret_text)
{
    char bound[BOUND_MAX];
    bind_key(bound, context, sealed.key_id);
    return sealed.at ? open_bound(call, sealed, bound, ret_text) : OK;
}

enum err sealed_row(struct call *call, int64_t key_id, const char *context, int64_t row_id,
                    const char *text, struct sealed *ret)
{
    char bound[BOUND_MAX];
    struct sealed sealed = {.key_id = key_id};
    bind_row(bound, context, key_id, row_id);
    TRY(seal(call, bound, VERSION_ROW, (const uint8_t *)text, strlen(text), &sealed));
    *ret = sealed;
    return OK;
}

static enum err open_row(struct call *call, struct sealed sealed, const char *context,
                         int64_t row_id, const char **ret_text, bool *ret_old)
{
    char bound[BOUND_MAX];
    *ret_old = false;
    if (sealed.len > SEAL_EXTRA && sealed.at[0] == VERSION_ROW) {
        struct sealed inner = {sealed.key_id, sealed.at + 1, sealed.len - 1};
        bind_row(bound, context, sealed.key_id, row_id);
        enum err err = open_bound(call, inner, bound, ret_text);
        if (err != ERR_BROKEN) {
            return err;
        }
    }
    *ret_old = true;
    return sealed_open(call, sealed, context, ret_text);
}

enum err sealed_open_row(struct call *call, struct sealed sealed, const char *context,
                         int64_t row_id, const char **ret_text)
{
    bool old = false;
    return open_row(call, sealed, context, row_id, ret_text, &old);
}

enum err sealed_again(struct call *call, struct sealed sealed, const char *context, int64_t row_id,
                      struct sealed *ret)
{
    const char *text = NULL;
    bool old = false;
    TRY(open_row(call, sealed, context, row_id, &text, &old));
    *ret = (struct sealed){.key_id = sealed.key_id};
    return old && text ? sealed_row(call, sealed.key_id, context, row_id, text, ret) : OK;
}
