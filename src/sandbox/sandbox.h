#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include <stddef.h>
#include <stdint.h>

#include "call/call.h"

/*
 * Foreign files are decoded only in a process of its own that can do nothing else: seccomp,
 * no file, no network, bounded memory and time.  A file that takes it down takes down
 * nothing else.  Thread-safe; in `prepare` only.
 */
struct sandbox;

enum {
    SANDBOX_IN_MAX = 5 * 1024 * 1024,
    SANDBOX_PAGES_MAX = 6,
    SANDBOX_PAGE_MAX = 400 * 1024, /* bytes of one page's JPEG */
    SANDBOX_TIME_MS = 10 * 1000,   /* for one file */
};

struct sandbox_pages {
    size_t count;
    struct {
        const uint8_t *jpeg; /* in the call's arena; no metadata */
        size_t len;
    } pages[SANDBOX_PAGES_MAX];
};

/* Starts nothing yet; `program` is the worker's path, NULL: beside this program. */
MUST_USE enum err sandbox_new(const char *program, struct sandbox **ret);
void sandbox_free(struct sandbox *sandbox); /* accepts NULL */

/* Less time for a file than SANDBOX_TIME_MS, for who waits to see it run out; before the first
 * file. */
void sandbox_time(struct sandbox *sandbox, int64_t time_ms);

/* NULL when the worker is there; else its path, for whoever runs the server. */
const char *sandbox_missing(const struct sandbox *sandbox);

/* Workers that died over a file, other than by time: /metrics tells, an attack would stand out. */
uint64_t sandbox_deaths(const struct sandbox *sandbox);

/*
 * A signed form (PDF, JPEG or PNG, told by its bytes, whatever its name says) becomes
 * pictures of its pages.  ERR_INVALID sandbox.type, sandbox.pages (too many), sandbox.broken:
 * damaged, locked by a password, or such that the worker died or took too long over it;
 * ERR_LARGE sandbox.large: bytes, pixels or paper; ERR_BUSY sandbox.busy: too many at once,
 * no worker program, or call->sandbox is NULL.  Takes 0.1 to 10 s of this thread.
 */
MUST_USE enum err sandbox_form(struct call *call, const uint8_t *bytes, size_t len,
                               struct sandbox_pages *ret);

#endif
