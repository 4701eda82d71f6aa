#include "net/wheel.h"

#include <stddef.h>

#include "base/err.h"

void wheel_start(struct wheel *wheel, int64_t now_ms)
{
    *wheel = (struct wheel){.step = now_ms / WHEEL_STEP_MS};
}

void wheel_clear(struct wheel_node *node)
{
    if (node->link) {
        *node->link = node->next;
        if (node->next) {
            node->next->link = node->link;
        }
        node->link = NULL;
    }
}

void wheel_set(struct wheel *wheel, struct wheel_node *node, int64_t at_ms)
{
    int64_t step = at_ms / WHEEL_STEP_MS + 1;
    step = MAX(step, wheel->step + 1);
    step = MIN(step, wheel->step + WHEEL_SLOTS - 1); /* looked at again then */
    node->at_ms = at_ms;
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

struct wheel_node *wheel_due(struct wheel *wheel, int64_t now_ms)
{
    int64_t last = now_ms / WHEEL_STEP_MS;
    while (wheel->step < last) {
        struct wheel_node **slot = &wheel->slots[(wheel->step + 1) % WHEEL_SLOTS];
        while (*slot) {
            struct wheel_node *node = *slot;
            wheel_clear(node);
            if (node->at_ms <= now_ms) {
                return node;
            }
            wheel->step++; /* so that it cannot land in the list being emptied */
            wheel_set(wheel, node, node->at_ms);
            wheel->step--;
        }
        wheel->step++;
    }
    return NULL;
}
