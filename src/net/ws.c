#include "net/ws.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/heap.h"
#include "base/text.h"

enum { MESSAGE_FIRST = 256 };

void ws_unmask(uint8_t *bytes, size_t len, uint8_t mask[4])
{
    uint64_t wide = 0;
    memcpy(&wide, mask, 4);
    memcpy((uint8_t *)&wide + 4, mask, 4);
    size_t at = 0;
    for (; len - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, bytes + at, 8);
        word ^= wide;
        memcpy(bytes + at, &word, 8);
    }
    for (size_t i = 0; at < len; i++, at++) {
        bytes[at] ^= mask[i & 3];
    }
    uint8_t turned[4];
    for (size_t i = 0; i < 4; i++) {
        turned[i] = mask[(i + len) & 3];
    }
    memcpy(mask, turned, 4);
}

static bool utf8_first(struct ws_utf8 *utf8, uint8_t c)
{
    if (c < 0x80) {
        return true;
    }
    if (c < 0xc2 || c > 0xf4) {
        return false;
    }
    utf8->more = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
    /* Overlong forms, surrogates and what lies above U+10FFFF show in the second byte. */
    utf8->low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    utf8->high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    return true;
}

bool ws_utf8(struct ws_utf8 *utf8, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len;) {
        if (utf8->more) {
            if (bytes[i] < utf8->low || bytes[i] > utf8->high) {
                return false;
            }
            *utf8 = (struct ws_utf8){(uint8_t)(utf8->more - 1), 0x80, 0xbf};
            i++;
            continue;
        }
        uint64_t word;
        if (len - i >= 8 && (memcpy(&word, bytes + i, 8), (word & 0x8080808080808080U) == 0)) {
            i += 8;
        } else if (!utf8_first(utf8, bytes[i++])) {
            return false;
        }
    }
    return true;
}

bool ws_code_fits(int code)
{
    return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
           (code >= 3000 && code <= 4999);
}

size_t ws_head_len(size_t len)
{
    return len < 126 ? 2 : len <= UINT16_MAX ? 4 : 10;
}

size_t ws_head(uint8_t ret_head[10], enum ws_opcode opcode, size_t len)
{
    size_t head_len = ws_head_len(len);
    ASSERT_CODE(opcode < WS_OP_CLOSE || len <= WS_CONTROL_MAX);
    ret_head[0] = (uint8_t)(0x80 | opcode);
    ret_head[1] = (uint8_t)(head_len == 2 ? len : head_len == 4 ? 126 : 127);
    for (size_t i = 2; i < head_len; i++) {
        ret_head[i] = (uint8_t)((uint64_t)len >> (8 * (head_len - 1 - i)));
    }
    return head_len;
}

static enum ws_event fail(struct ws_message *ret, int code)
{
    *ret = (struct ws_message){.code = code};
    return WS_FAIL;
}

/* How long a head is, by its second byte. */
static size_t head_size(uint8_t second)
{
    uint8_t short_len = second & 0x7f;
    return 2U + (short_len == 126 ? 2U : short_len == 127 ? 8U : 0U) + 4U;
}

static bool opcode_fits(const struct ws_in *ws, uint8_t opcode, bool last, uint64_t len)
{
    switch (opcode) {
    case WS_OP_MORE:
        return ws->kind != 0;
    case WS_OP_TEXT:
    case WS_OP_BINARY:
        return ws->kind == 0;
    case WS_OP_CLOSE:
    case WS_OP_PING:
    case WS_OP_PONG:
        return last && len <= WS_CONTROL_MAX;
    default:
        return false;
    }
}

/* The head is whole: 0, or the code to close with. */
static int frame_begins(struct ws_in *ws, const struct ws_limits *limits, const uint8_t *head,
                        size_t size)
{
    size_t extended = size - 6;
    uint64_t len = head[1] & 0x7f;
    if (extended) {
        len = 0;
        for (size_t i = 0; i < extended; i++) {
            len = len << 8 | head[2 + i];
        }
        if (len < (extended == 2 ? 126 : UINT16_MAX + 1U) || len >> 63) {
            return WS_CLOSE_PROTOCOL; /* not the shortest form */
        }
    }
    ws->opcode = head[0] & 0x0f;
    ws->last = head[0] & 0x80;
    if (!opcode_fits(ws, ws->opcode, ws->last, len)) {
        return WS_CLOSE_PROTOCOL;
    }
    if (ws->opcode < WS_OP_CLOSE) {
        if (ws->opcode != WS_OP_MORE) {
            ws->kind = ws->opcode;
            ws->utf8 = (struct ws_utf8){0};
        }
        size_t max = ws->kind == WS_OP_TEXT ? limits->text_max : limits->binary_max;
        if (len > max - MIN(max, (size_t)ws->message_len)) {
            return WS_CLOSE_LARGE;
        }
    }
    memcpy(ws->mask, head + size - 4, 4);
    ws->left = (uint32_t)len;
    ws->in_frame = true;
    return 0;
}

/* Takes a head, if all of it is here.  0, or the code to close with. */
static int read_head(struct ws_in *ws, const struct ws_limits *limits, const uint8_t *head,
                     size_t len, size_t *used)
{
    if (len > 0 && (head[0] & 0x70)) {
        return WS_CLOSE_PROTOCOL; /* reserved bits: no extension was agreed */
    }
    if (len > 1 && !(head[1] & 0x80)) {
        return WS_CLOSE_PROTOCOL; /* not masked */
    }
    if (len < 2 || len < head_size(head[1])) {
        return 0;
    }
    *used += head_size(head[1]);
    return frame_begins(ws, limits, head, head_size(head[1]));
}

/* False: no memory. */
static bool keep(struct ws_in *ws, const struct ws_limits *limits, const uint8_t *bytes, size_t len)
{
    size_t wanted = ws->message_len + len;
    ASSERT_CODE(ws->message_len <= ws->message_cap);
    if (wanted > ws->message_cap) {
        size_t max = ws->kind == WS_OP_TEXT ? limits->text_max : limits->binary_max;
        ASSERT_CODE(wanted <= max); /* as frame_begins has seen to */
        size_t cap = MAX((size_t)ws->message_cap * 2, (size_t)MESSAGE_FIRST);
        cap = MAX(wanted, MIN(cap, max));
        uint8_t *more = heap_grow(ws->message, cap);
        if (!more) {
            return false;
        }
        ws->message = more;
        ws->message_cap = (uint32_t)cap;
    }
    if (len) {
        memcpy(ws->message + ws->message_len, bytes, len);
    }
    ws->message_len += (uint32_t)len;
    return true;
}

/* All of a control frame is here, unmasked. */
static enum ws_event control_ends(struct ws_in *ws, const uint8_t *bytes, size_t len,
                                  struct ws_message *ret)
{
    *ret = (struct ws_message){bytes, len, WS_CLOSE_NONE};
    if (ws->opcode != WS_OP_CLOSE) {
        return ws->opcode == WS_OP_PING ? WS_PING : WS_PONG;
    }
    if (len == 0) {
        return WS_CLOSE;
    }
    int code = len < 2 ? 0 : bytes[0] << 8 | bytes[1];
    if (!ws_code_fits(code)) {
        return fail(ret, WS_CLOSE_PROTOCOL);
    }
    if (!text_utf8((const char *)bytes + 2, len - 2)) {
        return fail(ret, WS_CLOSE_TEXT);
    }
    ret->code = code;
    return WS_CLOSE;
}

/* All of a data frame is here; `bytes` is its last piece, unmasked. */
static enum ws_event data_ends(struct ws_in *ws, const struct ws_limits *limits,
                               const uint8_t *bytes, size_t len, struct ws_message *ret)
{
    if (!ws->last) {
        return keep(ws, limits, bytes, len) ? WS_MORE : fail(ret, WS_CLOSE_LATER);
    }
    if (ws->utf8.more) {
        return fail(ret, WS_CLOSE_TEXT);
    }
    *ret = (struct ws_message){.at = bytes, .len = len};
    if (ws->message_len) {
        if (!keep(ws, limits, bytes, len)) {
            return fail(ret, WS_CLOSE_LATER);
        }
        *ret = (struct ws_message){.at = ws->message, .len = ws->message_len};
    }
    return ws->kind == WS_OP_TEXT ? WS_TEXT : WS_BINARY;
}

static enum ws_event read_payload(struct ws_in *ws, const struct ws_limits *limits, uint8_t *bytes,
                                  size_t len, size_t *used, struct ws_message *ret)
{
    uint8_t *piece = bytes + *used;
    size_t piece_len = MIN(len - *used, (size_t)ws->left);
    if (ws->opcode >= WS_OP_CLOSE && piece_len < ws->left) {
        return WS_MORE; /* it is short, and taken as a whole */
    }
    *used += piece_len;
    ws->left -= (uint32_t)piece_len;
    ws_unmask(piece, piece_len, ws->mask);
    ws->in_frame = ws->left > 0;
    if (ws->opcode >= WS_OP_CLOSE) {
        return control_ends(ws, piece, piece_len, ret);
    }
    if (ws->kind == WS_OP_TEXT && !ws_utf8(&ws->utf8, piece, piece_len)) {
        return fail(ret, WS_CLOSE_TEXT);
    }
    if (ws->in_frame) {
        return keep(ws, limits, piece, piece_len) ? WS_MORE : fail(ret, WS_CLOSE_LATER);
    }
    return data_ends(ws, limits, piece, piece_len, ret);
}

enum ws_event ws_read(struct ws_in *ws, const struct ws_limits *limits, uint8_t *bytes, size_t len,
                      size_t *ret_used, struct ws_message *ret)
{
    *ret_used = 0;
    for (;;) {
        if (!ws->in_frame) {
            int code = read_head(ws, limits, bytes + *ret_used, len - *ret_used, ret_used);
            if (code != 0) {
                return fail(ret, code);
            }
            if (!ws->in_frame) {
                return WS_MORE;
            }
        }
        if (*ret_used == len && ws->left) {
            return WS_MORE;
        }
        enum ws_event event = read_payload(ws, limits, bytes, len, ret_used, ret);
        if (event != WS_MORE || ws->in_frame) {
            return event;
        }
    }
}

void ws_next(struct ws_in *ws)
{
    if (ws->opcode < WS_OP_CLOSE) {
        ws_free(ws);
        ws->kind = 0;
    }
}

void ws_free(struct ws_in *ws)
{
    free(ws->message);
    ws->message = NULL;
    ws->message_len = 0;
    ws->message_cap = 0;
}
