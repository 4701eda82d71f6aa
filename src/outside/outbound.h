#ifndef OUTSIDE_OUTBOUND_H
#define OUTSIDE_OUTBOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"

/*
 * The one way by which the server asks other hosts.  Addresses are checked after
 * resolution (no private, loopback, link-local, multicast or metadata ones, unless the
 * setting outbound_loopback allows loopback), redirects are not followed, time and size
 * are bounded, certificates are checked, https only (http only to allowed loopback).  Every
 * recipient stands in privacy/recipients.json.  Thread-safe; in `prepare` only.
 */
struct outbound;
struct settings;

enum { OUTBOUND_ANSWER_MAX = 1024 * 1024, OUTBOUND_HEADERS_MAX = 8 };

struct outbound_request {
    const char *recipient; /* id in recipients.json: "sign_in_provider" */
    const char *method;    /* "GET", "POST" */
    const char *url;
    const char *headers[OUTBOUND_HEADERS_MAX]; /* "Accept: application/json"; NULL ends */
    const char *body;                          /* NULL: none */
    size_t body_len;
    int64_t timeout_ms; /* all of it, connecting included */
    size_t answer_max;  /* at most OUTBOUND_ANSWER_MAX */
};
struct outbound_answer {
    int status;
    const char *body; /* NUL-terminated, in the call's arena */
    size_t len;
    const char *content_type; /* "" when there is none */
};

/* ERR_BROKEN when curl cannot be had. */
MUST_USE enum err outbound_new(const struct settings *settings, struct outbound **ret);
void outbound_free(struct outbound *outbound); /* accepts NULL */

/*
 * ERR_DENIED outbound.address: an address that is not asked; ERR_BUSY outbound.away: no
 * answer in time, no connection, broken TLS; ERR_LARGE outbound.large.  Any status is OK.
 */
MUST_USE enum err outbound_ask(struct call *call, const struct outbound_request *request,
                               struct outbound_answer *ret);

/* What an address is, for the rule above and its test. */
enum outbound_place { OUTBOUND_CLOSED, OUTBOUND_LOOPBACK, OUTBOUND_PUBLIC };
struct sockaddr;
enum outbound_place outbound_place_of(const struct sockaddr *address);

#endif
