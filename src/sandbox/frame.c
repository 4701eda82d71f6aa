#include "sandbox/frame.h"

/* The worker has read foreign bytes: its answer is as foreign as they were. */
enum {
    MARK = 0xff,
    SOI = 0xd8,
    EOI = 0xd9,
    SOS = 0xda,
    APP0 = 0xe0, /* JFIF: the density, and nothing about the picture's origin */
    APP1 = 0xe1,
    APP15 = 0xef,
    COM = 0xfe,
    JFIF_LEN = 16, /* without a thumbnail */
};

/* From marker to marker up to the first scan; behind it only scans and tables may come. */
static bool plain_jpeg(const uint8_t *at, size_t len)
{
    if (len < 4 || at[0] != MARK || at[1] != SOI || at[len - 2] != MARK || at[len - 1] != EOI) {
        return false;
    }
    size_t pos = 2, end = len - 2;
    bool scan = false;
    while (pos < end) {
        if (scan && (at[pos] != MARK || at[pos + 1] == 0 || (at[pos + 1] & 0xf8) == 0xd0)) {
            pos += at[pos] == MARK ? 2 : 1; /* the scan's own bytes, restart marks */
            continue;
        }
        if (end - pos < 4 || at[pos] != MARK) {
            return false;
        }
        uint8_t mark = at[pos + 1];
        size_t size = (size_t)at[pos + 2] << 8 | at[pos + 3];
        bool tells = mark == COM || (mark >= APP1 && mark <= APP15) ||
                     (mark == APP0 && size != JFIF_LEN) || mark < 0xc0 || mark == SOI ||
                     mark == EOI || mark == MARK; /* a fill byte: the true marker hides behind it */
        if (tells || size < 2 || size > end - pos - 2) {
            return false;
        }
        pos += 2 + size;
        scan = scan || mark == SOS;
    }
    return scan;
}

static bool read_pages(const uint8_t *at, size_t len, size_t count, struct sandbox_pages *ret)
{
    if (count < 1 || count > SANDBOX_PAGES_MAX) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (len < FRAME_LENGTH) {
            return false;
        }
        size_t size = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
        at += FRAME_LENGTH;
        len -= FRAME_LENGTH;
        if (size > SANDBOX_PAGE_MAX || size > len || !plain_jpeg(at, size)) {
            return false;
        }
        ret->pages[i].jpeg = at;
        ret->pages[i].len = size;
        at += size;
        len -= size;
    }
    ret->count = count;
    return len == 0;
}

bool frame_read(const uint8_t *bytes, size_t len, enum frame_word *ret_word,
                struct sandbox_pages *ret_pages)
{
    *ret_pages = (struct sandbox_pages){0};
    *ret_word = len > 0 ? (enum frame_word)bytes[0] : FRAME_BROKEN;
    if (len == 0) {
        return false;
    }
    switch ((enum frame_word)bytes[0]) {
    case FRAME_PAGES:
        return len > FRAME_HEAD &&
               read_pages(bytes + FRAME_HEAD, len - FRAME_HEAD, bytes[1], ret_pages);
    case FRAME_TYPE:
    case FRAME_BROKEN:
    case FRAME_MANY:
    case FRAME_LARGE:
        return len == 1;
    }
    return false;
}
