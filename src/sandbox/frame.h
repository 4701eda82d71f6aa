#ifndef SANDBOX_FRAME_H
#define SANDBOX_FRAME_H

#include "sandbox/sandbox.h"

/*
 * What the worker (src/worker) says: one byte of enum frame_word, and for FRAME_PAGES one
 * byte with their number, then each page as four bytes of length, big end first, and the
 * JPEG.  Nothing follows.  The file goes to it first, ended by shutting that direction.
 */
enum frame_word {
    FRAME_PAGES = 'P',
    FRAME_TYPE = 't',
    FRAME_BROKEN = 'b',
    FRAME_MANY = 'm',
    FRAME_LARGE = 'l',
};

enum {
    FRAME_HEAD = 2,
    FRAME_LENGTH = 4,
    FRAME_ALL = FRAME_HEAD + SANDBOX_PAGES_MAX * (FRAME_LENGTH + SANDBOX_PAGE_MAX),
    SANDBOX_SIDE_MAX = 1600, /* pixels of a page's longer side */
};

/*
 * Reads such an answer strictly; the pages then lie in `bytes`.  False: it is not one.  A
 * page must be a whole JPEG without any metadata, whoever wrote it.
 */
bool frame_read(const uint8_t *bytes, size_t len, enum frame_word *ret_word,
                struct sandbox_pages *ret_pages);

#endif
