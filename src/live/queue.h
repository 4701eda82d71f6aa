#ifndef LIVE_QUEUE_H
#define LIVE_QUEUE_H

#include "live/live_inner.h"

/* Who waits before a full room; for the files of the way in. */
void wish_free(struct wish *wish); /* accepts NULL */
/* Whom they do not perceive, and whether others see them wait, by the answer to a question. */
void queue_know(struct live_peer *peer, const struct live_verdict *verdict,
                const struct live_admit_out *admitted);
/* The same of one who waits, and of the others before them. */
void queue_know_again(struct room *room, struct live_peer *peer, const struct live_verdict *verdict,
                      const struct live_admit_out *admitted);
bool queue_counts(const struct live_peer *viewer, const struct live_peer *other);
void queue_up(struct room *room, struct live_peer *peer);
void queue_take(struct room *room, struct live_peer *peer); /* out of it; tell the places then */
void queue_uncount(struct live_peer *peer);                 /* of the numbers of the whole server */
void queue_tell(struct live_peer *peer);
void queue_tell_places(struct room *room); /* to whom it is another one than they know */
/* Places that are kept for those whose turn came, as far as `peer` would see them there. */
unsigned queue_reserved(const struct room *room, const struct live_peer *peer);
/* It has no place in room or queue any more. */
void enter_out(struct live_peer *peer, const char *code);
void enter_append(struct live_peer **list, struct live_peer *peer);
bool enter_full(const struct room *room, const struct live_peer *peer); /* for them */

#endif
