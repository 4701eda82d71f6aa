#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "features/talk/messages/messages.h"
#include "privacy/sealed.h"

/* Bodies and the keys of their writers; what a text is made of. */

static const char *key_context(struct call *call, const char *conversation)
{
    return arena_printf(call->arena, "conversation_member.key_ct:%s", conversation);
}

static const char *body_context(struct call *call, const char *conversation, const char *row)
{
    return arena_printf(call->arena, "message.body_ct:%s:%s", conversation, row);
}

enum err messages_key_new(struct call *call, const char *conversation, int64_t key_id,
                          struct sealed *ret)
{
    uint8_t key[KEY_BYTES];
    ASSERT_CODE(!call->tx);
    crypto_random(key, sizeof(key));
    enum err err =
        sealed_bytes(call, key_id, key_context(call, conversation), key, sizeof(key), ret);
    crypto_wipe(key, sizeof(key));
    return err;
}

/* Opened in the call's arena, like every text; burned keys are ERR_MISSING. */
static enum err unwrap(struct call *call, const char *conversation, const struct sealed *key,
                       const uint8_t **ret)
{
    const char *bytes = NULL;
    if (key->len != KEY_BYTES + SEAL_EXTRA) {
        return ERR_BROKEN;
    }
    enum err err = sealed_open(call, *key, key_context(call, conversation), &bytes);
    if (err == OK) {
        *ret = (const uint8_t *)bytes;
    }
    return err;
}

enum err messages_seal(struct call *call, const char *conversation, const struct sealed *key,
                       const char *row, const char *text, struct sealed *ret)
{
    const uint8_t *opened = NULL;
    size_t len = strlen(text);
    ASSERT_CODE(!call->tx);
    TRY(unwrap(call, conversation, key, &opened));
    uint8_t *sealed = arena_alloc(call->arena, len + SEAL_EXTRA);
    crypto_seal(opened, body_context(call, conversation, row), text, len, sealed);
    *ret = (struct sealed){.at = sealed, .len = len + SEAL_EXTRA};
    return OK;
}

/* The keys of one page: at most as many as a group has ever had writers, so few. */
struct opened {
    const char *conversation;
    int64_t sender_id;
    const uint8_t *key; /* NULL: burned */
};

static enum err key_of(struct call *call, const struct messages_sealed *one, struct opened *known,
                       size_t *count, const uint8_t **ret)
{
    for (size_t i = 0; i < *count; i++) {
        if (known[i].sender_id == one->sender_id &&
            strcmp(known[i].conversation, one->conversation) == 0) {
            *ret = known[i].key;
            return OK;
        }
    }
    struct opened *mine = &known[(*count)++];
    *mine = (struct opened){one->conversation, one->sender_id, NULL};
    enum err err = unwrap(call, one->conversation, &one->key, &mine->key);
    if (err != OK && err != ERR_MISSING) {
        return err;
    }
    call->fail_code = NULL;
    *ret = mine->key;
    return OK;
}

enum err messages_open(struct call *call, struct messages_sealed *all, size_t count)
{
    size_t known_count = 0;
    struct opened *known = arena_alloc(call->arena, (count + 1) * sizeof(*known));
    ASSERT_CODE(!call->tx);
    for (size_t i = 0; i < count; i++) {
        struct messages_sealed *one = &all[i];
        const uint8_t *key = NULL;
        if (!one->body.at) {
            continue;
        }
        TRY(key_of(call, one, known, &known_count, &key));
        if (!key || one->body.len < SEAL_EXTRA) {
            continue;
        }
        uint8_t *text = arena_alloc(call->arena, one->body.len - SEAL_EXTRA + 1);
        TRY(crypto_open(key, body_context(call, one->conversation, one->client_id), one->body.at,
                        one->body.len, text));
        one->message.text = (const char *)text;
    }
    return OK;
}

/* ---- text ---- */

static bool blank(UChar32 c)
{
    return u_isUWhiteSpace(c);
}

/* Input is well-formed UTF-8 (json.c looks). */
static UChar32 next_point(const char *text, int32_t *at)
{
    const unsigned char *from = (const unsigned char *)text + *at;
    int more = *from < 0xc0 ? 0 : *from < 0xe0 ? 1 : *from < 0xf0 ? 2 : 3;
    UChar32 c = more ? *from & (0x3f >> more) : *from;
    for (int i = 1; i <= more; i++) {
        c = c << 6 | (from[i] & 0x3f);
    }
    *at += more + 1;
    return c;
}

/* Marks and formatting alone show nothing; the selectors of emoji follow what they select. */
static bool shows(UChar32 c)
{
    int8_t kind = u_charType(c);
    return !blank(c) && kind != U_CONTROL_CHAR && kind != U_FORMAT_CHAR &&
           !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

enum err messages_trim(struct call *call, const char *text, const char *field, const char **ret)
{
    int32_t len = (int32_t)strlen(text), from = 0, until = len;
    bool seen = false;
    for (int32_t at = 0, before = 0; at < len; before = at) {
        UChar32 c = next_point(text, &at);
        if (blank(c) && before == from) {
            from = at;
        }
        if (!blank(c)) {
            until = at;
        }
        seen |= shows(c);
    }
    if (!seen) {
        return call_fail_field(call, ERR_INVALID, "messages.empty", field);
    }
    *ret = arena_text(call->arena, text + from, (size_t)(until - from));
    return OK;
}

enum err messages_fold(struct call *call, const char *text, const char **ret)
{
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = (int32_t)strlen(text), wide_len = 0, fold_len = 0, out_len = 0;
    const UNormalizer2 *rule = unorm2_getNFKCCasefoldInstance(&code);
    UChar *wide = arena_alloc(call->arena, ((size_t)len + 1) * sizeof(*wide));
    u_strFromUTF8(wide, len + 1, &wide_len, text, len, &code);
    if (U_FAILURE(code)) {
        return ERR_BROKEN;
    }
    fold_len = unorm2_normalize(rule, wide, wide_len, NULL, 0, &code);
    code = U_ZERO_ERROR;
    UChar *fold = arena_alloc(call->arena, ((size_t)fold_len + 1) * sizeof(*fold));
    unorm2_normalize(rule, wide, wide_len, fold, fold_len + 1, &code);
    char *out = arena_alloc(call->arena, (size_t)fold_len * 3 + 1);
    u_strToUTF8(out, fold_len * 3 + 1, &out_len, fold, fold_len, &code);
    if (U_FAILURE(code)) {
        return ERR_BROKEN;
    }
    *ret = out;
    return OK;
}
