#ifndef COURIERS_POSTMAN_H
#define COURIERS_POSTMAN_H

#include "api/api.h"

/*
 * The postman: one thread that empties the outbox (features/notify/mail/mail_outbox.h) into the
 * operator's relay (outside/relay.h), batch by batch.  It takes no worker from calls: it
 * only leases and settles through the api, in the background.  While the relay is out of
 * reach it rests, longer each time, and nothing counts as tried.
 */
struct postman;

/* ERR_INVALID with a sentence when smtp_url is none.  Without smtp_url: *ret is NULL. */
MUST_USE enum err postman_new(struct keys *keys, const struct settings *settings,
                              struct postman **ret, char ret_why[256]);
void postman_free(struct postman *postman); /* accepts NULL */
/* Both accept NULL.  Stop: mails on their way are finished, no others begun; again is no error. */
void postman_start(struct postman *postman, struct api *api);
void postman_stop(struct postman *postman);
/*
 * One turn of its thread: what waits is leased, sent, settled.  How long to rest after it.  For
 * tests, which run no thread: they attach it and take the turns themselves.
 */
void postman_attach(struct postman *postman, struct api *api);
int64_t postman_turn(struct postman *postman);
/* Something was posted.  Any thread; accepts NULL. */
void postman_wake(struct postman *postman);
/* Adds lines to /metrics; accepts NULL. */
void postman_metrics(struct postman *postman, struct buf *out);

#endif
