#ifndef BASE_WEB_LINK_H
#define BASE_WEB_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A link of the web, taken apart in one way for all: "https://world.example:8443/path?query#part".
 * libcurl takes it apart; what two readers could read apart is refused before: other schemes and
 * other spellings of their beginning, a user's name, blanks, quotes, angle brackets and braces,
 * backslashes, and all that is not printable ASCII.
 */
enum { WEB_HOST_MAX = 254, WEB_ORIGIN_MAX = WEB_HOST_MAX + sizeof("https://:65535") };

struct web_link {
    bool https;                  /* else http */
    char host[WEB_HOST_MAX];     /* in small letters; IPv6 within brackets */
    int64_t port;                /* 0: none is named, or the usual one */
    char origin[WEB_ORIGIN_MAX]; /* "https://world.example:8443" */
    const char *rest;            /* in `text`: path, query and part; "" for none */
};

/* False for everything else, and for a host that does not fit. */
bool web_link_read(const char *text, struct web_link *ret);

/* The part before the rest: "world.example:8443". */
const char *web_link_site(const struct web_link *link);

#endif
