#ifndef RESIDENTS_RESIDENTS_H
#define RESIDENTS_RESIDENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "api/api.h"
#include "live/live.h"

/*
 * The people of a demo world who live in it: where somebody is, they walk, sit, wave and talk, by a
 * script in the room's language.  They are marked (role "resident") and say so themselves; where
 * nobody is, they keep still and silent.  To live they are sockets like all others, but nobody is
 * at the other end: the glue hands here what would go to the network.  Only in a demo folder, and
 * not with `demo_residents = no`.
 */
struct residents;

struct residents *residents_new(struct live *live);
/* Looks for them among the accounts; until then, and without them, nobody comes. */
void residents_start(struct residents *all, struct api *api);
void residents_tick(struct residents *all, int reactor); /* each accepts NULL */
void residents_end(struct residents *all);               /* after the reactors' threads */
void residents_free(struct residents *all);

/* A socket of theirs is an odd address, which no other is. */
static inline bool residents_own(const struct live_sock *sock)
{
    return ((uintptr_t)sock & 1) != 0;
}
void residents_attach(struct live_sock *sock, struct live_peer *peer);
void residents_close(struct live_sock *sock, int code);
void residents_move(struct live_sock *sock, int reactor);

#endif
