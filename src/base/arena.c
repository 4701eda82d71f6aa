#include "base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1 /* what gcc calls it */
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at_, len_) ((void)(at_), (void)(len_))
#define ASAN_UNPOISON_MEMORY_REGION(at_, len_) ((void)(at_), (void)(len_))
#endif

/* What is larger than LARGE_BYTES and does not fit has a block of its own; the current one stays.
 */
enum { BLOCK_BYTES = 4 * 1024, LARGE_BYTES = 1024, BUF_BYTES = 256 };

/* Newest first; the last of the small ones is the first taken and the one a reset keeps. */
struct block {
    struct block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char bytes[];
};

/* Where to go on when there is no more: the innermost arena_run. */
struct guard {
    jmp_buf back;
    enum err err;
    struct arena_hold *holds; /* those that were there before it */
};

struct arena {
    struct block *blocks;
    struct block *large;
    struct guard *guard;
    struct arena_hold *holds; /* newest first */
    size_t held;
    size_t limit;
    bool ran_out;
};

static atomic_uint_fast64_t fail_at;
static atomic_bool fail_large, fail_unguarded;

uint64_t arena_fail_at(uint64_t nth, bool large)
{
    atomic_store(&fail_large, large);
    return atomic_exchange(&fail_at, nth);
}

void arena_fail_unguarded(bool on)
{
    atomic_store(&fail_unguarded, on);
}

/* For tests: what nothing guards belongs to the test itself, unless it says otherwise. */
static bool fault_due(const struct arena *arena)
{
    bool mine = arena->guard || atomic_load_explicit(&fail_unguarded, memory_order_relaxed);
    uint64_t left = mine ? atomic_load_explicit(&fail_at, memory_order_relaxed) : 0;
    while (left > 0 && !atomic_compare_exchange_weak(&fail_at, &left, left - 1)) {
    }
    return left == 1;
}

/* ERR_LARGE: past the limit; ERR_BUSY: the machine has no more. */
static enum err block_new(struct arena *arena, size_t size, struct block **list)
{
    ASSERT_CODE(arena->held <= arena->limit);
    if (size > arena->limit - arena->held) {
        return ERR_LARGE;
    }
    struct block *block = malloc(sizeof(*block) + size);
    if (!block) {
        return ERR_BUSY;
    }
    block->next = *list;
    block->used = 0;
    block->size = size;
    ASAN_POISON_MEMORY_REGION(block->bytes, size);
    *list = block;
    arena->held += size;
    return OK;
}

static void drop_until(struct arena *arena, struct block **list, const struct block *keep)
{
    while (*list && *list != keep) {
        struct block *block = *list;
        ASSERT_CODE(arena->held >= block->size);
        *list = block->next;
        arena->held -= block->size;
        ASAN_UNPOISON_MEMORY_REGION(block->bytes, block->size);
        free(block);
    }
    ASSERT_CODE(*list == keep);
}

struct arena *arena_new(size_t limit)
{
    struct arena *arena = heap_new(sizeof(*arena));
    if (arena) {
        arena->limit = limit;
    }
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena) {
        ASSERT_CODE(!arena->guard && !arena->holds); /* not inside of its own arena_run */
        arena_rewind(arena, (struct arena_mark){0});
        ASSERT_CODE(arena->held == 0);
        free(arena);
    }
}

void arena_reset(struct arena *arena)
{
    struct block *keep = arena->blocks;
    while (keep && keep->next) {
        keep = keep->next;
    }
    arena_rewind(arena, (struct arena_mark){.block = keep});
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->blocks, arena->blocks ? arena->blocks->used : 0,
                               arena->large};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    drop_until(arena, &arena->large, mark.large);
    drop_until(arena, &arena->blocks, mark.block);
    if (arena->blocks) {
        struct block *block = arena->blocks;
        ASSERT_CODE(mark.used <= block->used);
        ASAN_POISON_MEMORY_REGION(block->bytes + mark.used, block->size - mark.used);
        block->used = mark.used;
    }
}

size_t arena_used(const struct arena *arena)
{
    size_t used = 0;
    for (const struct block *block = arena->blocks; block; block = block->next) {
        used += block->used;
    }
    for (const struct block *block = arena->large; block; block = block->next) {
        used += block->used;
    }
    return used;
}

static void *take(struct block *block, size_t size, size_t rounded)
{
    void *at = block->bytes + block->used;
    block->used += rounded;
    ASAN_UNPOISON_MEMORY_REGION(at, size);
    memset(at, 0, size);
    return at;
}

static enum err try_alloc(struct arena *arena, size_t size, void **ret)
{
    size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct block *block = arena->blocks;
    if (fault_due(arena)) {
        return atomic_load(&fail_large) ? ERR_LARGE : ERR_BUSY;
    }
    if (size > SIZE_MAX / 2) {
        return ERR_LARGE;
    }
    if (!block || block->size - block->used < rounded) {
        bool large = rounded > LARGE_BYTES;
        struct block **list = large ? &arena->large : &arena->blocks;
        TRY(block_new(arena, large ? rounded : (size_t)BLOCK_BYTES, list));
        block = *list;
    }
    *ret = take(block, size, rounded);
    return OK;
}

void *arena_try(struct arena *arena, size_t size)
{
    void *at = NULL;
    return try_alloc(arena, size, &at) == OK ? at : NULL;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *at = NULL;
    enum err err = try_alloc(arena, size, &at);
    if (err != OK) {
        struct guard *guard = arena->guard;
        ASSERT_START(guard); /* nobody said what is to become of it: arena_run */
        guard->err = err;
        arena->ran_out = true;
        while (arena->holds != guard->holds) {
            arena_drop(arena); /* their frames are still there */
        }
        longjmp(guard->back, 1);
    }
    return at;
}

enum err arena_run(struct arena *arena, enum err (*step)(void *arg), void *arg)
{
    struct guard guard = {.holds = arena->holds};
    struct guard *outer = arena->guard;
    enum err err;
    arena->ran_out = arena->ran_out && outer;
    arena->guard = &guard;
    if (setjmp(guard.back) == 0) {
        err = step(arg);
        arena->ran_out = arena->ran_out && err != OK; /* what failed inside was tried again */
    } else {
        err = guard.err;
    }
    arena->guard = outer;
    ASSERT_CODE(arena->holds == guard.holds); /* else one of them is of a frame that is gone */
    return err;
}

bool arena_ran_out(const struct arena *arena)
{
    return arena->ran_out;
}

void arena_hold(struct arena *arena, struct arena_hold *hold, void (*release)(void *what),
                void *what)
{
    ASSERT_CODE(hold != arena->holds && release); /* twice it would be its own outer one */
    *hold = (struct arena_hold){arena->holds, release, what};
    arena->holds = hold;
}

void arena_drop(struct arena *arena)
{
    struct arena_hold *hold = arena->holds;
    arena->holds = hold->outer;
    hold->release(hold->what);
}

char *arena_text(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);
    memcpy(copy, text, len);
    return copy;
}

PRINTF(3, 0)
static char *arena_vprintf(struct arena *arena, size_t *ret_len, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    ASSERT_CODE(len >= 0);
    char *text = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, args);
    *ret_len = (size_t)len;
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    size_t len = 0;
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, &len, format, args);
    va_end(args);
    return text;
}

void buf_grow(struct buf *buf, size_t len)
{
    ASSERT_CODE(buf->arena && buf->len <= buf->cap);
    size_t cap = MAX(buf->cap * 2, buf->len + len + 1);
    cap = MAX(cap, (size_t)BUF_BYTES);
    char *more = arena_alloc(buf->arena, cap);
    if (buf->len) {
        memcpy(more, buf->at, buf->len);
    }
    buf->at = more;
    buf->cap = cap;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    size_t len = 0;
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(buf->arena, &len, format, args);
    va_end(args);
    buf_put(buf, text, len);
}
