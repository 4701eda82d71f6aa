#ifndef FEATURES_NOTICES_PUSH_H
#define FEATURES_NOTICES_PUSH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/settings.h"
#include "call/call.h"
#include "call/json.h"
#include "features/notify/notices/notices_choice.h"
#include "features/notify/notices/push_crypt.h"
#include "outside/lease.h"
#include "privacy/sealed.h"

/*
 * Web Push: the browsers of a member that asked for it, and what is on its way to them.
 *  - An address is one at a push service that the operator lists (push_hosts), each a
 *    recipient of the register; it and the secret are sealed with the member's key.
 *  - A browser belongs to one session and is forgotten with it, and when its service says so.
 *  - The queue is worked by src/couriers/pusher.c: lease, send, settle.  What was read, blocked,
 *    switched off or fell into quiet hours meanwhile is not sent.
 */
enum {
    PUSH_DEVICES_MAX = 10,
    PUSH_ENDPOINT_MAX = 1000,
    PUSH_BATCH = 8,
    PUSH_TRIES = 8,
    PUSH_TITLE_POINTS = 40,
    PUSH_TEXT_POINTS = 120, /* browsers show about as much */
};
extern const int64_t PUSH_LEASE_MS, PUSH_LIFE_MS, PUSH_WAIT_MS;

/* ---- the member's browsers ---- */

struct push_wish {
    const char *endpoint, *p256dh, *auth; /* as PushSubscription.toJSON() has them */
};
struct push_draft {
    int64_t key_id; /* from `look` */
    uint8_t point[PUSH_POINT], endpoint_bi[32];
    struct sealed endpoint, auth;
};
/* ERR_DENIED push.browser: not by a token. */
MUST_USE enum err push_look(struct call *call, struct push_draft *draft);
/* ERR_INVALID push.endpoint: at no push service of the list; push.key. */
MUST_USE enum err push_prepare(struct call *call, const struct push_wish *wish,
                               struct push_draft *draft);
/* Instead of what this session had.  ERR_LIMIT push.many. */
MUST_USE enum err push_add(struct call *call, const struct push_draft *draft);
/* This session's.  None is no error. */
MUST_USE enum err push_remove(struct call *call);
MUST_USE enum err push_count(struct call *call, bool *ret_here, int64_t *ret_devices);
/* A notice to oneself.  ERR_MISSING push.none: this session has no browser that listens. */
MUST_USE enum err push_test(struct call *call);

/* The site's public key, base64url; needs the key store only. */
enum { PUSH_KEY_TEXT = 88 };
MUST_USE enum err push_key(struct call *call, char ret[PUSH_KEY_TEXT]);

/* The recipient in privacy/recipients.json for an address, or NULL: nobody to send to. */
const char *push_recipient(const struct call *call, const char *endpoint);

/* ---- the queue ---- */

/* One leased row; all in the arena of the call. */
struct push_leased {
    int64_t device_id, notice_id, tries, created_ms, account_id, count;
    const char *language, *kind, *target, *name; /* name NULL: the site */
    struct sealed endpoint, auth;
    const uint8_t *point;
    size_t point_len;
    struct notices_choice choice;
    const char *topic;
    bool drop; /* there is no reason to send it any more */
};
MUST_USE enum err push_lease(struct call *call, struct lease *ret);

enum push_end {
    PUSH_SENT,
    PUSH_LATER,
    PUSH_DROPPED,
    PUSH_GONE, /* the browser does not want any more */
};
/*
 * Needs keys, settings and outbound only, no transaction.  `away`: a service that did not
 * answer in this batch, or ""; it is not asked again in it.
 */
enum { PUSH_ORIGIN_MAX = 128 };
enum push_end push_send(struct call *call, const struct push_leased *leased,
                        char away[PUSH_ORIGIN_MAX]);

struct push_result {
    int64_t device_id, notice_id, tries, created_ms;
    enum push_end end;
};
struct push_results {
    int64_t lease;
    size_t count;
    struct push_result items[PUSH_BATCH];
};
MUST_USE enum err push_settle(struct call *call, const struct push_results *results);

/* The same as inner calls (notices_api.c): out is struct lease; in is struct push_results. */
struct api_route;
extern const struct api_route push_lease_route, push_settle_route;

extern const struct setting_group push_setting_group;

#endif
