#ifndef SERVER_LIVE_ASKS_H
#define SERVER_LIVE_ASKS_H

#include "api/api.h"
#include "live/live.h"

/*
 * What live asks of rooms and friends, as a call from inside: in their words, and the answer back
 * in live's.  It comes by live_answer(), on a worker.  ERR_BUSY: it does not, ask again.
 */
MUST_USE enum err live_asks(struct api *api, struct live *live, struct live_ask *ask);

#endif
