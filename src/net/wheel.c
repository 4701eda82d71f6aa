#include "net/wheel.h"

#include <stddef.h>

#include "base/err.h"

/* Of a clock that begins with the machine: 34 years of them. */
static uint32_t step_of(int64_t ms)
{
    return ms > 0 ? (uint32_t)(ms / WHEEL_STEP_MS) : 0;
}

void wheel_start(struct wheel *wheel, int64_t now_ms)
{
    *wheel = (struct wheel){.step = step_of(now_ms)};
}

void wheel_clear(struct wheel_node *node)
{
    if (node->link) {
        ASSERT_CODE(*node->link == node);
        *node->link = node->next;
        if (node->next) {
            node->next->link = node->link;
        }
        node->link = NULL;
    }
}

static void put(struct wheel *wheel, struct wheel_node *node, uint32_t due)
{
    uint32_t step = MAX(due, wheel->step + 1);
    step = MIN(step, wheel->step + WHEEL_SLOTS - 1); /* looked at again then */
    node->due = due;
    if (node->link && node->step <= step) {
        return;
    }
    wheel_clear(node);
    struct wheel_node **slot = &wheel->slots[step % WHEEL_SLOTS];
    node->step = step;
    node->next = *slot;
    node->link = slot;
    if (node->next) {
        node->next->link = &node->next;
    }
    *slot = node;
}

void wheel_set(struct wheel *wheel, struct wheel_node *node, int64_t at_ms)
{
    put(wheel, node, step_of(at_ms) + 1);
}

struct wheel_node *wheel_due(struct wheel *wheel, int64_t now_ms)
{
    uint32_t last = step_of(now_ms);
    while (wheel->step < last) {
        struct wheel_node **slot = &wheel->slots[(wheel->step + 1) % WHEEL_SLOTS];
        while (*slot) {
            struct wheel_node *node = *slot;
            wheel_clear(node);
            if (node->due <= wheel->step + 1) {
                return node;
            }
            wheel->step++; /* so that it cannot land in the list being emptied */
            put(wheel, node, node->due);
            wheel->step--;
        }
        wheel->step++;
    }
    return NULL;
}
