#ifndef FEATURES_MAIL_MAIL_BOUNCES_H
#define FEATURES_MAIL_MAIL_BOUNCES_H

#include <stdbool.h>
#include <stdint.h>

#include "call/call.h"
#include "privacy/sealed.h"

/*
 * Addresses that fail.  A hard failure stops mail to the address that the account has now,
 * until it has another or proves this one again; soft ones are counted and stop it when
 * there are MAIL_SOFT_MAX.
 */
struct mail_address_state {
    bool dead;
    int64_t since_ms, soft;
};

/* In `apply`; `why` is a code of the relay. */
MUST_USE enum err mail_address_failed(struct call *call, int64_t account_id, bool hard,
                                      const char *why);
MUST_USE enum err mail_address_read(struct call *call, int64_t account_id,
                                    struct mail_address_state *ret);

/*
 * The envelope's sender, by which a bounce finds its mail: bounces+TOKEN@host.  The token
 * holds the mail and a proof over it and the address it went to, so it cannot be made by
 * others and means nothing once the account has another address.
 */
enum { MAIL_RETURN_MAX = 64 };
MUST_USE enum err mail_return_token(struct call *call, int64_t mail_id, const char *address,
                                    char ret[MAIL_RETURN_MAX]);

struct mail_bounce {
    const char *secret, *to, *kind; /* kind: "hard", "soft" */
    int64_t mail_id, account_id;
    bool elsewhere;
    bool good; /* by `prepare`: the token is ours, made for this address */
    const char *token;
    struct sealed email;
};
/* Look, prepare and apply of the webhook.  ERR_DENIED mail.secret; ERR_MISSING mail.gone. */
MUST_USE enum err mail_bounce_look(struct call *call, struct mail_bounce *bounce);
MUST_USE enum err mail_bounce_prepare(struct call *call, struct mail_bounce *bounce);
MUST_USE enum err mail_bounce_apply(struct call *call, const struct mail_bounce *bounce);

#endif
