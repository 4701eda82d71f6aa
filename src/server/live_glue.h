#ifndef SERVER_LIVE_GLUE_H
#define SERVER_LIVE_GLUE_H

#include "api/api.h"
#include "base/settings.h"
#include "live/live.h"
#include "net/net.h"

/*
 * Rooms, network and api know nothing of each other: here they meet.  Made first,
 * then connected, because each of the three wants the other two:
 *   glue_new -> api_new (presence, events) -> net_start (handler) -> glue_connect
 * Until glue_connect what comes in is kept waiting or refused as busy.
 */
struct glue;

struct glue *glue_new(const struct settings *settings, int reactors);
void glue_connect(struct glue *glue, struct api *api, struct net *net);
const struct net_sock_handler *glue_handler(struct glue *glue);
const struct presence *glue_presence(struct glue *glue);

/* For api_options: what happened in a call, and lines for /metrics.  `ctx` is the glue. */
void glue_event(void *ctx, const struct event *event);
void glue_metrics(void *ctx, struct buf *out);

/* Tells every socket to come back; what is open gets stored, nothing new is taken. */
void glue_drain(struct glue *glue);
void glue_end(struct glue *glue);  /* after net_stop, before net_free; accepts NULL */
void glue_free(struct glue *glue); /* after net_stop and api_stop; accepts NULL */

#endif
