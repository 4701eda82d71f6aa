#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "worker/worker.h"

/* Reads the file from descriptor 0, answers on 1 as sandbox/frame.h says.  Exit: 0 answered. */
enum { EXIT_NO_START = 2, EXIT_NO_PIPE = 3 };

static void put(const void *bytes, size_t len)
{
    for (const uint8_t *at = bytes; len > 0;) {
        ssize_t done = write(1, at, len);
        if (done <= 0) {
            _exit(EXIT_NO_PIPE);
        }
        at += done;
        len -= (size_t)done;
    }
}

static void answer(enum frame_word word, const struct page *pages, size_t count)
{
    const uint8_t head[FRAME_HEAD] = {(uint8_t)word, (uint8_t)count};
    put(head, word == FRAME_PAGES ? 2 : 1);
    for (size_t i = 0; word == FRAME_PAGES && i < count; i++) {
        size_t len = pages[i].len;
        const uint8_t length[FRAME_LENGTH] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16),
                                              (uint8_t)(len >> 8), (uint8_t)len};
        put(length, sizeof(length));
        put(pages[i].jpeg, len);
    }
}

/* The whole file; SANDBOX_IN_MAX + 1 when it is larger. */
static size_t take(uint8_t *to)
{
    size_t len = 0;
    while (len <= SANDBOX_IN_MAX) {
        ssize_t got = read(0, to + len, SANDBOX_IN_MAX + 1 - len);
        if (got < 0) {
            _exit(EXIT_NO_PIPE);
        }
        if (got == 0) {
            break;
        }
        len += (size_t)got;
    }
    return len;
}

int main(void)
{
    struct page pages[SANDBOX_PAGES_MAX];
    size_t count = 0;
    uint8_t *bytes = malloc(SANDBOX_IN_MAX + 1);
    mallopt(M_ARENA_MAX, 1); /* a heap a thread would be 64 MB of address space each */
    fonts_start();
    if (!bytes || !decode_start() || !threads_start() || !lock()) {
        _exit(EXIT_NO_START);
    }
    fonts_only();
    size_t len = take(bytes);
#ifdef WORKER_TRICKS
    tricks(bytes, len);
#endif
    enum frame_word word = FRAME_LARGE;
    if (len <= SANDBOX_IN_MAX) {
        word = decode(bytes, len, pages, &count);
    }
    answer(word, pages, count);
    _exit(0); /* nothing is cleaned up: no code of a foreign file's making runs any more */
}
