#ifndef SERVER_LIVE_ASKS_H
#define SERVER_LIVE_ASKS_H

#include "api/api.h"
#include "live/live.h"

/* Who answers what live asks, as the features say; one for each kind, with its
 * structs, or nothing starts. */
void asks_find(const struct feature *const *list, struct live_answers *ret);

/* Hands a question on as a call from inside: the answer comes by live_answer(), on a worker.
 * ERR_BUSY: it does not, ask again. */
MUST_USE enum err asks_hand(const struct live_answers *answers, struct api *api,
                            struct live_ask *ask);

#endif
