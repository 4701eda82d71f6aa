#include "base/heap.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

static atomic_uint_fast64_t fail_at;

uint64_t heap_fail_at(uint64_t nth)
{
    return atomic_exchange(&fail_at, nth);
}

static bool fault_due(void)
{
    uint64_t left = atomic_load_explicit(&fail_at, memory_order_relaxed);
    while (left > 0 && !atomic_compare_exchange_weak(&fail_at, &left, left - 1)) {
    }
    return left == 1;
}

void *heap_new(size_t size)
{
    return fault_due() ? NULL : calloc(1, size);
}

void *heap_grow(void *at, size_t size)
{
    return fault_due() ? NULL : realloc(at, size);
}
