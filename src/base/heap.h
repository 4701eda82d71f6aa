#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stddef.h>
#include <stdint.h>

/*
 * Memory that outlives a call and belongs to no arena: connections, rooms, lines.  Given back by
 * free().  NULL when the machine has no more, and then it is the caller's to fail what was asked
 * for, be it a call, a socket or a job.
 */
void *heap_new(size_t size); /* zeroed */
void *heap_grow(void *at, size_t size);

/*
 * For tests: the nth piece from now, on any thread, is refused; 0 turns it off.
 * Returns what was left of the number before: 0 when it struck.
 */
uint64_t heap_fail_at(uint64_t nth);

#endif
