#ifndef FEATURES_MAIL_MAIL_OUTBOX_H
#define FEATURES_MAIL_MAIL_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/settings.h"
#include "call/call.h"
#include "call/json.h"
#include "outside/lease.h"
#include "privacy/sealed.h"

/*
 * The outbox as the postman (src/server) works it: a batch is leased, each mail of it is
 * written out, the relay takes them, what became of each is written down.
 *  - One lease at a time: whoever settles must hold it still.  What a postman dies with is taken
 *    again by the next one at once, or when its lease ends.  So the one window in which a mail
 *    may go twice is between the relay's 250 and the commit of mail_settle; the Message-ID
 *    is the same then.
 *  - A mail that is sent or given up loses its address and its words at once.
 */
enum { MAIL_BATCH = 100, MAIL_OTHERS = 12, MAIL_WHY_MAX = 40, MAIL_TRIES = 20, MAIL_SOFT_MAX = 10 };
extern const int64_t MAIL_LEASE_MS;

enum mail_end {
    MAIL_UNTRIED, /* as if it had not been leased */
    MAIL_SENT,
    MAIL_LATER,
    MAIL_BOUNCED, /* the address is dead */
    MAIL_DEAD,    /* not taken: a human looks at it */
    MAIL_DROPPED, /* there is no reason to send it any more */
};

/* One leased row; all in the arena of the call. */
struct mail_leased {
    int64_t id, tries, created_ms, account_id;       /* account_id: 0 without one */
    const char *kind, *topic, *language, *public_id; /* public_id: NULL without an account */
    bool elsewhere;
    struct sealed to, words; /* to: the account's address when it is not elsewhere */
    const char *drop;        /* a reason not to send it, or NULL */
};
/* `first`: by a postman that holds no lease; whoever held one is gone. */
MUST_USE enum err mail_lease(struct call *call, bool first, struct lease *ret);
struct mail_wish {
    bool first;
};

/* A site without a relay: what waits, newest first, or one of it (0: all).  Else mail.gone. */
enum { MAIL_KEPT = 30 };
MUST_USE enum err mail_read_kept(struct call *call, int64_t id, struct mail_leased **ret,
                                 size_t *ret_count);

/* Ready for the relay. */
struct mail_letter {
    const char *from, *to, *message;
    size_t len;
    const char *subject, *text, *html; /* for the page of a site without a relay */
};
/* Needs keys and settings only, no transaction.  ERR_MISSING keys.burned, mail.address. */
MUST_USE enum err mail_write(struct call *call, const struct mail_leased *leased,
                             struct mail_letter *ret);

/* The subject of a kind, for lists: {values} that are not known here are dots. */
const char *mail_subject(struct call *call, const char *language, const char *kind);

struct mail_result {
    int64_t id;
    enum mail_end end;
    char why[MAIL_WHY_MAX];
};
/* At most MAIL_BATCH that were sent and MAIL_OTHERS that were not, MAIL_UNTRIED not among them. */
struct mail_results {
    int64_t lease;
    bool last; /* what is left of the lease goes back */
    size_t count;
    struct mail_result items[MAIL_BATCH];
};
MUST_USE enum err mail_settle(struct call *call, const struct mail_results *results);

/* For the sweep: what is past its life. */
MUST_USE enum err mail_sweep(struct call *call);

/* The same as inner calls (mail_api.c): out is struct lease; in is struct mail_results. */
struct api_route;
extern const struct api_route mail_lease_route, mail_settle_route;

/* What the operator says of mail (mail_setting_group); the relay is of the whole house. */
struct mail_settings {
    const char *mail_from, *mail_bounces, *mail_bounce_secret; /* NULL: not said */
    int64_t mail_retry_s;
};
const struct mail_settings *mail_settings(const struct settings *settings);
extern const struct setting_group mail_setting_group;

#endif
