#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

/*
 * Memory with one lifetime: taken piece by piece, given back all at once.
 * Nothing in an arena is ever freed alone.  One call (request, job, socket
 * message) owns one arena; see call/call.h.  Not for two threads at once.
 */
struct arena;

/* `limit` is the most bytes this arena may ever hold.  NULL when there is no memory. */
struct arena *arena_new(size_t limit);

/* Accepts NULL. */
void arena_free(struct arena *arena);

/* Forgets everything, keeps one block for the next call. */
void arena_reset(struct arena *arena);

/*
 * Zeroed, aligned for any type, never NULL.  Past the limit, or when the machine
 * has no more, it does not return: the innermost arena_run does, with an error.
 * Outside of any arena_run (start-up, whose sizes the build knows) the process stops.
 */
void *arena_alloc(struct arena *arena, size_t size);

/* NULL in place of all that. */
void *arena_try(struct arena *arena, size_t size);

/*
 * Runs `step`, which may take from this arena as if there were no end.  When there is
 * one, `step` is left where it stands: ERR_LARGE (the arena's limit) or ERR_BUSY (the
 * machine's).  What it must not be left with (a lock, a file, a library's object) it
 * holds by arena_hold, or has not yet when it takes memory.  They nest.
 */
MUST_USE enum err arena_run(struct arena *arena, enum err (*step)(void *arg), void *arg);

/* Whether the failure that arena_run returned last comes from that, here or further inside. */
bool arena_ran_out(const struct arena *arena);

/*
 * `release(what)` is called by arena_drop, or when the step is left for want of memory.
 * `hold` is the caller's own, on its stack; the newest is dropped first.
 */
struct arena_hold {
    struct arena_hold *outer;
    void (*release)(void *what);
    void *what;
};
void arena_hold(struct arena *arena, struct arena_hold *hold, void (*release)(void *what),
                void *what);
void arena_drop(struct arena *arena);

/*
 * For tests: the nth piece from now, in any arena_run, is refused; 0 turns it off.
 * Returns what was left of the number before: 0 when it struck.
 */
uint64_t arena_fail_at(uint64_t nth, bool large);
/* Outside of them, too: what the step forgot to guard ends the process then, and is found. */
void arena_fail_unguarded(bool on);

/* A NUL-terminated copy. */
char *arena_text(struct arena *arena, const char *text, size_t len);
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF(2, 3);

/* How much is in use, in bytes. */
size_t arena_used(const struct arena *arena);

/*
 * Where an arena stands, to go back to: all that was taken since is forgotten.
 * What was taken before stays where it is.
 */
struct arena_mark {
    void *block;
    size_t used;
    void *large;
};

struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

/* Text that grows inside an arena.  `.at` is NUL-terminated after the first put. */
struct buf {
    struct arena *arena;
    char *at;
    size_t len;
    size_t cap;
};

void buf_grow(struct buf *buf, size_t len); /* room for so many bytes more, and a NUL */

/* Here for the compiler to see: a message is written in small pieces. */
static inline char *buf_room(struct buf *buf, size_t len)
{
    if (buf->cap - buf->len <= len) {
        buf_grow(buf, len);
    }
    return buf->at + buf->len;
}

static inline void buf_put(struct buf *buf, const void *bytes, size_t len)
{
    char *at = buf_room(buf, len);
    if (len) {
        memcpy(at, bytes, len);
    }
    buf->len += len;
    buf->at[buf->len] = '\0';
}

static inline void buf_puts(struct buf *buf, const char *text)
{
    buf_put(buf, text, strlen(text));
}

void buf_printf(struct buf *buf, const char *format, ...) PRINTF(2, 3);

#endif
