#ifndef NET_WS_H
#define NET_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * WebSocket frames as a client sends them (RFC 6455, 5): masked, no extensions.
 * Pure: bytes in, messages out.  A message that lies whole in the bytes given is
 * handed out in place; only a part of one is kept (and freed again).
 */
enum { WS_CONTROL_MAX = 125 };

enum ws_opcode {
    WS_OP_MORE = 0,
    WS_OP_TEXT = 1,
    WS_OP_BINARY = 2,
    WS_OP_CLOSE = 8,
    WS_OP_PING = 9,
    WS_OP_PONG = 10,
};

enum ws_event { WS_MORE, WS_TEXT, WS_BINARY, WS_PING, WS_PONG, WS_CLOSE, WS_FAIL };

enum {
    WS_CLOSE_NORMAL = 1000,
    WS_CLOSE_AWAY = 1001,
    WS_CLOSE_PROTOCOL = 1002,
    WS_CLOSE_NONE = 1005, /* never sent: the close frame was empty */
    WS_CLOSE_TEXT = 1007,
    WS_CLOSE_LARGE = 1009,
    WS_CLOSE_LATER = 1013,
};

/* UTF-8 across pieces: how many bytes are still to come, and the bounds of the next. */
struct ws_utf8 {
    uint8_t more, low, high;
};

struct ws_limits {
    size_t text_max, binary_max; /* of a whole message */
};

struct ws_in {
    uint8_t *message; /* the part of a message that is here; NULL: none */
    uint32_t message_len, message_cap;
    uint32_t left; /* bytes of the frame's payload still to come */
    uint8_t mask[4];
    struct ws_utf8 utf8;
    bool in_frame, last;
    uint8_t opcode; /* of the frame */
    uint8_t kind;   /* opcode of the message being gathered; 0: none */
};

struct ws_message {
    const uint8_t *at;
    size_t len;
    int code; /* of WS_CLOSE; with WS_FAIL: the code to close with */
};

/*
 * Reads up to one message.  Writes to `bytes` (unmasking).  *ret_used says how far
 * it came; on WS_MORE what is not used (part of a head, or of a control frame) is to
 * come again with more behind it.  ret->at is valid until ws_next().
 */
enum ws_event ws_read(struct ws_in *ws, const struct ws_limits *limits, uint8_t *bytes, size_t len,
                      size_t *ret_used, struct ws_message *ret);

/* After a message was handled. */
void ws_next(struct ws_in *ws);
void ws_free(struct ws_in *ws);

/* A server's frame head; returns its length (2, 4 or 10). */
size_t ws_head(uint8_t ret_head[10], enum ws_opcode opcode, size_t len);
size_t ws_head_len(size_t len);

/* May this code stand in a close frame? */
bool ws_code_fits(int code);

bool ws_utf8(struct ws_utf8 *utf8, const uint8_t *bytes, size_t len);

/* `mask` is turned so that it fits the bytes after these. */
void ws_unmask(uint8_t *bytes, size_t len, uint8_t mask[4]);

#endif
