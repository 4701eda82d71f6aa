#include "features/identity/passkeys/cbor_read.h"

#include <string.h>

#include <cbor.h>

enum { DEPTH_MAX = 4, NUMBER_MAX = 1 << 30 };

/* What the decoder called back with. */
struct seen {
    struct cbor_item item;
    bool good;
};

static void keep(void *ctx, enum cbor_kind kind, int64_t number, const uint8_t *at, size_t len)
{
    *(struct seen *)ctx = (struct seen){{kind, number, at, len}, true};
}

static void on_uint8(void *ctx, uint8_t value)
{
    keep(ctx, CBOR_NUMBER, value, NULL, 0);
}

static void on_uint16(void *ctx, uint16_t value)
{
    keep(ctx, CBOR_NUMBER, value, NULL, 0);
}

static void on_uint32(void *ctx, uint32_t value)
{
    keep(ctx, CBOR_NUMBER, value, NULL, 0);
}

static void on_negative8(void *ctx, uint8_t value)
{
    keep(ctx, CBOR_NUMBER, -1 - (int64_t)value, NULL, 0);
}

static void on_negative16(void *ctx, uint16_t value)
{
    keep(ctx, CBOR_NUMBER, -1 - (int64_t)value, NULL, 0);
}

static void on_negative32(void *ctx, uint32_t value)
{
    keep(ctx, CBOR_NUMBER, -1 - (int64_t)value, NULL, 0);
}

static void on_bytes(void *ctx, cbor_data at, size_t len)
{
    keep(ctx, CBOR_BYTES, 0, at, len);
}

static void on_text(void *ctx, cbor_data at, size_t len)
{
    keep(ctx, CBOR_TEXT, 0, at, len);
}

static void on_list(void *ctx, size_t count)
{
    if (count <= NUMBER_MAX) {
        keep(ctx, CBOR_LIST, (int64_t)count, NULL, 0);
    }
}

static void on_map(void *ctx, size_t count)
{
    if (count <= NUMBER_MAX) {
        keep(ctx, CBOR_MAP, (int64_t)count, NULL, 0);
    }
}

static void on_bool(void *ctx, bool value)
{
    keep(ctx, CBOR_PLAIN, value, NULL, 0);
}

static void on_null(void *ctx)
{
    keep(ctx, CBOR_PLAIN, 0, NULL, 0);
}

bool cbor_next(struct cbor_reader *reader, struct cbor_item *ret)
{
    struct cbor_callbacks callbacks = cbor_empty_callbacks;
    struct seen seen = {0};
    callbacks.uint8 = on_uint8;
    callbacks.uint16 = on_uint16;
    callbacks.uint32 = on_uint32;
    callbacks.negint8 = on_negative8;
    callbacks.negint16 = on_negative16;
    callbacks.negint32 = on_negative32;
    callbacks.byte_string = on_bytes;
    callbacks.string = on_text;
    callbacks.array_start = on_list;
    callbacks.map_start = on_map;
    callbacks.boolean = on_bool;
    callbacks.null = on_null;
    struct cbor_decoder_result result =
        cbor_stream_decode(reader->at, reader->len, &callbacks, &seen);
    if (result.status != CBOR_DECODER_FINISHED || !seen.good || result.read > reader->len) {
        return false;
    }
    reader->at += result.read;
    reader->len -= result.read;
    *ret = seen.item;
    return true;
}

bool cbor_want(struct cbor_reader *reader, enum cbor_kind kind, struct cbor_item *ret)
{
    return cbor_next(reader, ret) && ret->kind == kind;
}

bool cbor_is(const struct cbor_item *item, const char *text)
{
    return item->kind == CBOR_TEXT && item->len == strlen(text) &&
           memcmp(item->at, text, item->len) == 0;
}

bool cbor_skip(struct cbor_reader *reader)
{
    int64_t left[DEPTH_MAX] = {1};
    size_t depth = 0;
    while (left[depth] > 0 || depth > 0) {
        struct cbor_item item;
        if (left[depth] == 0) {
            depth--;
            continue;
        }
        left[depth]--;
        if (!cbor_next(reader, &item)) {
            return false; /* every turn takes a byte or ends: claims of length cost nothing */
        }
        if (item.kind == CBOR_LIST || item.kind == CBOR_MAP) {
            if (++depth == DEPTH_MAX) {
                return false;
            }
            left[depth] = item.kind == CBOR_MAP ? 2 * item.number : item.number;
        }
    }
    return true;
}
