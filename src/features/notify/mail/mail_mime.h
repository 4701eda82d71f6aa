#ifndef FEATURES_MAIL_MAIL_MIME_H
#define FEATURES_MAIL_MAIL_MIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"

/*
 * A mail as bytes: RFC 5322 and MIME, text and HTML, lines end with CRLF and are short.
 * Nothing that a person wrote can begin a header: subjects and names are encoded words,
 * addresses are checked.
 */
struct mime {
    int64_t now_ms;
    const char *site, *from, *to, *subject, *text, *html, *id; /* id: with its <> */
    const char *unsubscribe; /* an address for RFC 8058; NULL: necessary mail */
};
void mime_write(struct call *call, const struct mime *mime, const char **ret, size_t *ret_len);

/* One address as it may stand between < and >. */
bool mime_address(const char *address);
/* The text as one line: control characters are spaces. */
const char *mime_line(struct call *call, const char *text);
/* Where mail comes from: mail_from, or no-reply@ the site's host. */
const char *mail_sender(struct call *call);

#endif
