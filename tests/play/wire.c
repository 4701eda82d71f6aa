#include "tests/play/wire.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/world.h"

enum { REPLY_MAX = 1 << 20, PATIENCE_MS = 120000 };

static int port;

void play_port(int number)
{
    port = number;
}

int play_dial(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

void play_put(int fd, const void *bytes, size_t len)
{
    for (const char *at = bytes; len > 0;) {
        ssize_t done = send(fd, at, len, MSG_NOSIGNAL);
        if (done <= 0) {
            return; /* closed meanwhile: the server may */
        }
        at += done;
        len -= (size_t)done;
    }
}

/* Reads until `mark` came or the other side ends; false: it ended. */
bool play_get_until(int fd, const char *mark)
{
    static char reply[REPLY_MAX];
    size_t len = 0;
    for (;;) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (poll(&wait, 1, PATIENCE_MS) != 1) {
            fail_msg("nothing came for %d ms while waiting for %s", PATIENCE_MS,
                     mark ? mark : "the end");
        }
        ssize_t got = recv(fd, reply + len, sizeof(reply) - 1 - len, 0);
        if (got <= 0) {
            return false;
        }
        len += (size_t)got;
        reply[len] = '\0';
        if (mark && memmem(reply, len, mark, strlen(mark))) {
            return true;
        }
        if (len > REPLY_MAX / 2) { /* what came long ago is not waited for */
            len = 64;
            memmove(reply, reply + REPLY_MAX / 2 - len, len);
        }
    }
}

void play_drain(int fd)
{
    char some[4096];
    while (recv(fd, some, sizeof(some), MSG_DONTWAIT) > 0) {
    }
}

int play_call(const char *cookie, const char *method, const char *path, const char *json)
{
    char head[4096];
    int fd = play_dial();
    size_t len = json ? strlen(json) : 0;
    snprintf(head, sizeof(head),
             "%s %.2500s HTTP/1.1\r\nHost: h\r\nCookie: bauta_session=%s\r\nX-Bauta: 1\r\n"
             "Connection: close\r\n%s%s%zu\r\n\r\n",
             method, path, cookie, json ? "Content-Type: application/json\r\n" : "",
             "Content-Length: ", len);
    play_put(fd, head, strlen(head));
    play_put(fd, json ? json : "", len);
    return fd;
}

void play_frame(int fd, int first, const void *payload, size_t len)
{
    static const uint8_t mask[4] = {0x11, 0xa2, 0x33, 0xc4};
    uint8_t head[8] = {(uint8_t)first};
    size_t at = 2;
    if (fd < 0) {
        return;
    }
    head[1] = (uint8_t)(0x80 | (len < 126 ? len : 126));
    if (len >= 126) {
        head[at++] = (uint8_t)(len >> 8);
        head[at++] = (uint8_t)len;
    }
    memcpy(head + at, mask, 4);
    uint8_t *bytes = malloc(len + 1);
    for (size_t i = 0; i < len; i++) {
        bytes[i] = ((const uint8_t *)payload)[i] ^ mask[i & 3];
    }
    play_put(fd, head, at + 4);
    play_put(fd, bytes, len);
    free(bytes);
}
