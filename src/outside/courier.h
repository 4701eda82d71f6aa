#ifndef OUTSIDE_COURIER_H
#define OUTSIDE_COURIER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "api/api.h"
#include "outside/lease.h"
#include "privacy/sealed.h"

/*
 * A courier: threads that carry what waits in the store to others, batch by batch.  They lease and
 * settle through the api and take no worker from calls, so whoever is slow or silent outside holds
 * up nothing else.  Of several threads the first looks after what is posted, the others come when
 * it has its hands full.
 *  - Whose it is brings a row: struct courier_kind.
 *  - Not here: what is said to whom (relay.h, outbound.h), and the statements of lease and settling
 *    (the features' routes).
 */
struct courier;

/* One thread, and what it has leased. */
struct courier_hand {
    struct arena *batch_arena, *item_arena; /* the batch's, with what `keep` copied; of each item */
    const struct settings *settings;        /* as they hold, while it sends */
    struct lease lease;
};

struct courier_kind {
    const struct api_route *lease; /* its `out` is a struct lease */
    size_t hands, full;            /* threads; so many items leased: there may be more */
    size_t batch_bytes, item_bytes;
    /* All but `keep` run on the hand's thread.  What `wish` is to say; may be NULL. */
    void (*wish)(void *own, void *ret_wish);
    /* Copies an item out of the memory of the call, which ends with it; may run out of memory. */
    void (*keep)(struct arena *arena, const struct json_list *from, struct json_list *to);
    /* Sends and settles.  How long to rest, in which nothing wakes it; 0: not at all. */
    int64_t (*send)(void *own, struct courier_hand *hand);
    /* Leased, but there is no memory for it.  NULL: it waits until the lease ends. */
    void (*give_back)(void *own, int64_t lease);
};

/* `own`: passed to the kind's functions. */
struct courier *courier_new(const struct courier_kind *kind, const struct settings *settings,
                            void *own);
void courier_free(struct courier *courier); /* accepts NULL */
void courier_start(struct courier *courier, struct api *api);
/* What is on its way is finished; again is no error; accepts NULL. */
void courier_stop(struct courier *courier);
/* Set from courier_stop on. */
const atomic_bool *courier_stopping(const struct courier *courier);
/* For tests: attached, without threads, they take a turn of the first hand themselves.  How long to
 * rest after it. */
void courier_attach(struct courier *courier, struct api *api);
int64_t courier_turn(struct courier *courier);
/* Something was posted.  Any thread; accepts NULL. */
void courier_wake(struct courier *courier);
/* Settles through `route`; what could not be written down goes again when the lease ends, and the
 * log says so of `count` things of `room`. */
void courier_settle(struct courier *courier, const struct api_route *route, const char *room,
                    const void *results, size_t count);

/* For `keep`: NULL stays NULL. */
const char *courier_text(struct arena *arena, const char *text);
const uint8_t *courier_bytes(struct arena *arena, const uint8_t *bytes, size_t len);
struct sealed courier_sealed(struct arena *arena, struct sealed sealed);

#endif
