#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sandbox/frame.h"

/*
 * bauta-worker: turns one foreign file into pictures of its pages and ends.  Nothing of
 * the server is in it: no store, no keys, no network, no settings.  docs/decisions/0009.
 */
struct page {
    void *jpeg; /* libvips' memory; the process ends anyway */
    size_t len;
};

/* ---- decode.c ---- */
/* Loads all that decoding needs, by decoding a little of each kind.  False: libvips is not whole.
 */
bool decode_start(void);
/* FRAME_PAGES: ret holds *ret_count pages. */
enum frame_word decode(uint8_t *bytes, size_t len, struct page ret[SANDBOX_PAGES_MAX],
                       size_t *ret_count);

/* ---- lock.c ---- */
/* No files, no processes, no network, bounded memory and time: from here to the end. */
bool lock(void);

/* ---- fonts.c ---- */
/* Reads the one font that stands in for fonts that a PDF names and does not hold. */
void fonts_start(void);
/* From here on no path can be opened by way of the C library, either. */
void fonts_only(void);

/* ---- threads.c ---- */
/* Threads for libvips that wait behind the lock: no others can begin there. */
bool threads_start(void);

/* ---- tricks.c: in the tests' worker only ---- */
void tricks(const uint8_t *bytes, size_t len);

#endif
