#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/load/gen.h"

/* How long each delivery took: a line says in microseconds when it was due to be said. */
enum { KEPT_MAX = 1 << 22 };

static uint32_t *late_us;
static size_t count;

void gen_late(uint64_t now_us, const uint8_t *payload, size_t len)
{
    static const char before[] = " and sit ";
    const uint8_t *at = memmem(payload, len, before, sizeof(before) - 1);
    late_us = late_us ? late_us : malloc(KEPT_MAX * sizeof(*late_us));
    if (at && late_us && count < KEPT_MAX) {
        uint64_t due_us = strtoull((const char *)at + sizeof(before) - 1, NULL, 10);
        late_us[count++] = (uint32_t)(now_us > due_us ? now_us - due_us : 0);
    }
}

static int by_size(const void *a, const void *b)
{
    const uint32_t *one = a, *other = b;
    return (*one > *other) - (*one < *other);
}

static double part_ms(double part)
{
    return count ? late_us[(size_t)(part * (double)(count - 1))] / 1e3 : 0;
}

void gen_late_print(void)
{
    if (count) {
        qsort(late_us, count, sizeof(*late_us), by_size);
    }
    printf(",\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%.3f", part_ms(0.5),
           part_ms(0.99), part_ms(0.999), part_ms(1));
}
