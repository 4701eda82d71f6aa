#ifndef NET_TESTING_CLIENT_H
#define NET_TESTING_CLIENT_H

/* The client of net's tests: it writes exactly the given bytes. */
#include "net/testing.h"

/* ---- a client ---- */

UNUSED static int dial_from(int port, const char *from)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in own = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(inet_pton(AF_INET, from, &own.sin_addr), 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof(own)), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    int one = 1; /* what is written in pieces goes out in pieces, and at once */
    assert_int_equal(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)), 0);
    return fd;
}

UNUSED static int dial(const struct world *world)
{
    return dial_from(world->port, "127.0.0.1");
}

UNUSED static void put_bytes(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len) {
        ssize_t put = send(fd, at, len, MSG_NOSIGNAL);
        if (put <= 0) {
            return; /* refused meanwhile: the answer tells */
        }
        at += put;
        len -= (size_t)put;
    }
}

UNUSED static void put_text(int fd, const char *text)
{
    put_bytes(fd, text, strlen(text));
}

/* What there is; 0 at the end. */
UNUSED static size_t get_some(int fd, void *to, size_t cap)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    if (poll(&wait, 1, PATIENCE_MS) != 1) {
        fail_msg("nothing came for %d ms", PATIENCE_MS);
    }
    ssize_t got = recv(fd, to, cap, 0);
    return got > 0 ? (size_t)got : 0;
}

UNUSED static bool get_exactly(int fd, void *to, size_t len)
{
    for (size_t have = 0; have < len;) {
        size_t got = get_some(fd, (char *)to + have, len - have);
        if (got == 0) {
            return false;
        }
        have += got;
    }
    return true;
}

struct reply {
    int status;
    size_t body_len;
    char head[16 * 1024];
    char body[ANSWER_MAX];
};

static _Thread_local struct reply reply; /* of the last get_reply() */

/* One answer; `head_only`: no body follows.  False when the connection ended first. */
UNUSED static bool get_reply(int fd, bool head_only)
{
    size_t len = 0;
    memset(&reply, 0, sizeof(reply.status) + sizeof(reply.body_len) + sizeof(reply.head));
    do {
        if (len + 1 >= sizeof(reply.head) || !get_exactly(fd, reply.head + len, 1)) {
            return false;
        }
        len++;
    } while (len < 4 || memcmp(reply.head + len - 4, "\r\n\r\n", 4) != 0);
    if (sscanf(reply.head, "HTTP/1.1 %d", &reply.status) != 1) {
        fail_msg("no status line: %s", reply.head);
    }
    const char *length = strcasestr(reply.head, "\r\nContent-Length: ");
    reply.body_len = length && !head_only ? (size_t)atol(length + 18) : 0;
    assert_true(reply.body_len < sizeof(reply.body));
    reply.body[reply.body_len] = '\0';
    return get_exactly(fd, reply.body, reply.body_len);
}

UNUSED static bool has_line(const char *line)
{
    char wanted[1024];
    snprintf(wanted, sizeof(wanted), "\r\n%s\r\n", line);
    return strstr(reply.head, wanted) != NULL;
}

UNUSED static bool at_end(int fd)
{
    char byte;
    return get_some(fd, &byte, 1) == 0;
}

UNUSED static int ask(int fd, const char *request)
{
    put_text(fd, request);
    assert_true(get_reply(fd, strncmp(request, "HEAD", 4) == 0));
    return reply.status;
}

/* A new connection, one request, its status; the connection is closed. */
UNUSED static int ask_once(const struct world *world, const char *request)
{
    int fd = dial(world);
    int status = ask(fd, request);
    close(fd);
    return status;
}

/* Waits for what another thread is about to do: each look is a turn of the scheduler. */
#define WAIT_FOR(true_)                          \
    for (int waited_ = 0; !(true_); waited_++) { \
        assert_true(waited_ < PATIENCE_MS);      \
        (void)poll(NULL, 0, 1);                  \
    }

/* ---- WebSocket, the client's side ---- */

#define HANDSHAKE(target_, more_)                                                          \
    "GET " target_ " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" more_ "\r\n"

UNUSED static int dial_sock(const struct world *world)
{
    int fd = dial(world);
    assert_int_equal(ask(fd, HANDSHAKE("/api/live", "")), 101);
    return fd;
}

/* A client's frame as bytes; returns its length.  `first` is the whole first byte. */
UNUSED static size_t frame_bytes(uint8_t *to, int first, const void *payload, size_t len)
{
    static const uint8_t mask[4] = {0x11, 0xa2, 0x33, 0xc4};
    size_t head = 2;
    to[0] = (uint8_t)first;
    if (len < 126) {
        to[1] = (uint8_t)(0x80 | len);
    } else if (len <= 0xffff) {
        to[1] = 0x80 | 126;
        to[head++] = (uint8_t)(len >> 8);
        to[head++] = (uint8_t)len;
    } else {
        to[1] = 0x80 | 127;
        for (int i = 7; i >= 0; i--) {
            to[head++] = (uint8_t)((uint64_t)len >> (8 * i));
        }
    }
    memcpy(to + head, mask, 4);
    head += 4;
    for (size_t i = 0; i < len; i++) {
        to[head + i] = ((const uint8_t *)payload)[i] ^ mask[i & 3];
    }
    return head + len;
}

UNUSED static void put_frame(int fd, int first, const void *payload, size_t len)
{
    uint8_t *bytes = malloc(len + 14);
    put_bytes(fd, bytes, frame_bytes(bytes, first, payload, len));
    free(bytes);
}

UNUSED static void put_order(int fd, const char *text)
{
    put_frame(fd, 0x81, text, strlen(text));
}

struct got_frame {
    int opcode; /* -1: the connection ended */
    size_t len;
    uint8_t bytes[ANSWER_MAX];
};

static _Thread_local struct got_frame got; /* of the last get_frame() */

UNUSED static int get_frame(int fd)
{
    uint8_t head[10];
    got.opcode = -1;
    if (!get_exactly(fd, head, 2)) {
        return -1;
    }
    assert_int_equal(head[0] & 0xf0, 0x80); /* whole, no reserved bits */
    assert_int_equal(head[1] & 0x80, 0);    /* not masked */
    uint64_t len = head[1] & 0x7f;
    size_t more = len == 126 ? 2 : len == 127 ? 8 : 0;
    if (more) {
        assert_true(get_exactly(fd, head + 2, more));
        len = 0;
        for (size_t i = 0; i < more; i++) {
            len = len << 8 | head[2 + i];
        }
    }
    assert_true(len < sizeof(got.bytes));
    assert_true(get_exactly(fd, got.bytes, len));
    got.bytes[len] = '\0';
    got.len = len;
    got.opcode = head[0] & 0x0f;
    return got.opcode;
}

/* The next frame is this text. */
UNUSED static bool hears(int fd, const char *text)
{
    return get_frame(fd) == WS_OP_TEXT && strcmp((char *)got.bytes, text) == 0;
}

/* The server closes with this code (0: an empty close frame) and then the connection ends. */
UNUSED static bool closes_with(int fd, int code)
{
    if (get_frame(fd) != WS_OP_CLOSE) {
        return false;
    }
    int said = got.len >= 2 ? got.bytes[0] << 8 | got.bytes[1] : 0;
    return said == code && at_end(fd);
}

#endif
