#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

enum { BLOCK_BYTES = 4 * 1024, BUF_BYTES = 256 };

/* Newest first; the last one is the first taken and the one a reset keeps. */
struct block {
    struct block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *blocks;
    size_t held;
    size_t limit;
};

static struct block *block_new(struct arena *arena, size_t size)
{
    ASSERT(size <= arena->limit - arena->held); /* else a bound upstream is missing */
    struct block *block = malloc(sizeof(*block) + size);
    ASSERT(block);
    block->next = arena->blocks;
    block->used = 0;
    block->size = size;
    ASAN_POISON_MEMORY_REGION(block->bytes, size);
    arena->blocks = block;
    arena->held += size;
    return block;
}

static void block_free(struct arena *arena, struct block *block)
{
    arena->held -= block->size;
    ASAN_UNPOISON_MEMORY_REGION(block->bytes, block->size);
    free(block);
}

struct arena *arena_new(size_t limit)
{
    struct arena *arena = calloc(1, sizeof(*arena));
    ASSERT(arena);
    arena->limit = limit;
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena) {
        arena_rewind(arena, (struct arena_mark){0});
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
    return (struct arena_mark){arena->blocks, arena->blocks ? arena->blocks->used : 0};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    while (arena->blocks && arena->blocks != mark.block) {
        struct block *next = arena->blocks->next;
        block_free(arena, arena->blocks);
        arena->blocks = next;
    }
    ASSERT(arena->blocks == mark.block);
    if (arena->blocks) {
        struct block *block = arena->blocks;
        ASSERT(mark.used <= block->used);
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
    return used;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    ASSERT(size <= SIZE_MAX / 2);
    size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct block *block = arena->blocks;
    if (!block || block->size - block->used < rounded) {
        block = block_new(arena, MAX(rounded, (size_t)BLOCK_BYTES));
    }
    void *at = block->bytes + block->used;
    block->used += rounded;
    ASAN_UNPOISON_MEMORY_REGION(at, size);
    memset(at, 0, size);
    return at;
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
    ASSERT(len >= 0);
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

void buf_put(struct buf *buf, const void *bytes, size_t len)
{
    if (buf->cap - buf->len <= len) {
        size_t cap = MAX(buf->cap * 2, buf->len + len + 1);
        cap = MAX(cap, (size_t)BUF_BYTES);
        char *more = arena_alloc(buf->arena, cap);
        if (buf->len) {
            memcpy(more, buf->at, buf->len);
        }
        buf->at = more;
        buf->cap = cap;
    }
    if (len) {
        memcpy(buf->at + buf->len, bytes, len);
    }
    buf->len += len;
    buf->at[buf->len] = '\0';
}

void buf_puts(struct buf *buf, const char *text)
{
    buf_put(buf, text, strlen(text));
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
