#ifndef OUTSIDE_RELAY_H
#define OUTSIDE_RELAY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * The operator's mail relay: SMTP over a few connections that stay open.  STARTTLS is
 * required, but for a relay on this machine without a password, which is spoken to
 * plainly; smtps:// is TLS from the start; certificates are checked.
 *  - Not the outbound() rule of addresses: the operator chose this host, and it is often near.
 *  - For one thread.
 */
struct relay;
struct settings;

enum { RELAY_WHY_MAX = 40, RELAY_START_MS = 5 * 60 * 1000 };

enum relay_end {
    RELAY_UNTRIED, /* no connection, or no time: as if nothing had happened */
    RELAY_SENT,
    RELAY_LATER,   /* 4xx, or the connection broke: may be tried again */
    RELAY_REFUSED, /* 5xx about this mail */
    RELAY_NOBODY,  /* 5xx about the recipient: the address is dead */
};

struct relay_mail {
    const char *from, *to; /* envelope */
    const char *message;   /* lines end with CRLF */
    size_t len;
    enum relay_end end;
    char why[RELAY_WHY_MAX]; /* "550 5.1.1", "timeout" */
};

/* ERR_INVALID for an smtp_url that is none (settings->smtp_url is set). */
MUST_USE enum err relay_new(const struct settings *settings, struct relay **ret);
void relay_free(struct relay *relay); /* accepts NULL */

/*
 * Sends all; returns when each has its end.  No new one is begun after RELAY_START_MS, or
 * once *stop.  false: the relay is out of reach, ret_why says how ("connect", "login",
 * "no starttls": then nothing of the mail was said).
 */
bool relay_send(struct relay *relay, struct relay_mail *mails, size_t count,
                const atomic_bool *stop, char ret_why[RELAY_WHY_MAX]);

#endif
