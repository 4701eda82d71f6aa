#ifndef TESTS_PLAY_SERVER_H
#define TESTS_PLAY_SERVER_H

#include "tests/support/world.h"

/* The real thing behind the wire: network, rooms, api and store, in the server's own order. */
struct world *play_server_new(void);
/*
 * Ends while whoever wants to goes on; `gently`: as on a first signal.  No call from inside runs
 * any more, and none begins.  Then it begins again on the same database, at another port.
 */
void play_server_stop(bool gently);
void play_server_again(void);
void play_server_free(void);

#endif
