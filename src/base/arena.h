#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Memory with one lifetime: taken piece by piece, given back all at once.
 * Nothing in an arena is ever freed alone.  One call (request, job, socket
 * message) owns one arena; see base/call.h.  Not for two threads at once.
 */
struct arena;

/* `limit` is the most bytes this arena may ever hold.  Never returns NULL. */
struct arena *arena_new(size_t limit);

/* Accepts NULL. */
void arena_free(struct arena *arena);

/* Forgets everything, keeps one block for the next call. */
void arena_reset(struct arena *arena);

/*
 * Zeroed, aligned for any type, never NULL.  Going past the limit stops the
 * process: limits on bodies, rows and depth (api.h, store.h) make that a bug.
 */
void *arena_alloc(struct arena *arena, size_t size);

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

void buf_put(struct buf *buf, const void *bytes, size_t len);
void buf_puts(struct buf *buf, const char *text);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF(2, 3);

#endif
