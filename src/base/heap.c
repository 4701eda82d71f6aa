#include "base/heap.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

static atomic_uint_fast64_t left, fail_times; /* until the last of them */

uint64_t heap_fail_at(uint64_t nth, uint64_t times)
{
    uint64_t times_before = atomic_exchange(&fail_times, times);
    uint64_t left_before = atomic_exchange(&left, nth ? nth + times - 1 : 0);
    return times_before > left_before ? times_before - left_before : 0;
}

static bool fault_due(void)
{
    uint64_t now = atomic_load_explicit(&left, memory_order_relaxed);
    while (now > 0 && !atomic_compare_exchange_weak(&left, &now, now - 1)) {
    }
    return now > 0 && now <= atomic_load(&fail_times);
}

void *heap_new(size_t size)
{
    return fault_due() ? NULL : calloc(1, size);
}

void *heap_aligned(size_t alignment, size_t size)
{
    void *at = NULL;
    /* Any other looks like a machine without memory, for ever. */
    ASSERT_CODE(alignment >= sizeof(void *) && (alignment & (alignment - 1)) == 0);
    if (fault_due() || posix_memalign(&at, alignment, size) != 0) {
        return NULL;
    }
    return memset(at, 0, size);
}

void *heap_grow(void *at, size_t size)
{
    ASSERT_CODE(size > 0); /* realloc would free it and seem to have failed */
    return fault_due() ? NULL : realloc(at, size);
}
