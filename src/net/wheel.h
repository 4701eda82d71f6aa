#ifndef NET_WHEEL_H
#define NET_WHEEL_H

#include <stdint.h>

/*
 * Time-outs of many connections: one list a quarter of a second.  Putting a
 * time-out off (the usual case: every byte does it) only writes a number.
 */
enum { WHEEL_STEP_MS = 256, WHEEL_SLOTS = 256 };

struct wheel_node {
    struct wheel_node *next, **link; /* link NULL: in no list */
    uint32_t due;                    /* the step of its time */
    uint32_t step;                   /* of the list it is in */
};

struct wheel {
    struct wheel_node *slots[WHEEL_SLOTS];
    uint32_t step; /* all lists up to this one are done */
};

void wheel_start(struct wheel *wheel, int64_t now_ms);
void wheel_set(struct wheel *wheel, struct wheel_node *node, int64_t at_ms);
void wheel_clear(struct wheel_node *node);

/* Takes out one node that is due, or NULL.  At most WHEEL_STEP_MS late. */
struct wheel_node *wheel_due(struct wheel *wheel, int64_t now_ms);

#endif
