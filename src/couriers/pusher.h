#ifndef COURIERS_PUSHER_H
#define COURIERS_PUSHER_H

#include "api/api.h"

/*
 * The pusher: a few threads that take what waits for push services (features/notify/notices/push.h)
 * and send it.  They take no worker from calls, as the postman does not: a service that is
 * slow or silent holds up other pushes for some seconds, and nothing else.
 */
struct pusher;
struct outbound;

struct pusher *pusher_new(struct keys *keys, const struct settings *settings,
                          struct outbound *outbound);
void pusher_free(struct pusher *pusher); /* accepts NULL */
void pusher_start(struct pusher *pusher, struct api *api);
/* What is on its way is finished; again is no error; accepts NULL. */
void pusher_stop(struct pusher *pusher);
/* For tests: attached, without threads, they take a turn of the first of them themselves. */
void pusher_attach(struct pusher *pusher, struct api *api);
int64_t pusher_turn(struct pusher *pusher);
/* Something was posted.  Any thread. */
void pusher_wake(struct pusher *pusher);
void pusher_metrics(struct pusher *pusher, struct buf *out);

#endif
