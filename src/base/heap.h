#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stddef.h>
#include <stdint.h>

/*
 * Memory that outlives a call and belongs to no arena: connections, rooms, lines.  Given back by
 * free().  NULL when the machine has no more, and then it is the caller's to fail what was asked
 * for, be it a call, a socket or a job.
 */
void *heap_new(size_t size);                       /* zeroed */
void *heap_grow(void *at, size_t size);            /* what is new is not zeroed */
void *heap_aligned(size_t alignment, size_t size); /* zeroed */

/*
 * For tests: the nth piece from now, on any thread, is refused, and those behind it, `times` in
 * all; 0 turns it off.  Returns how many were refused since it was set.
 */
uint64_t heap_fail_at(uint64_t nth, uint64_t times);

#endif
