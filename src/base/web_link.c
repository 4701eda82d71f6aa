#include "base/web_link.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

enum { PORT_MAX = 65535 };

static const char *const schemes[] = {"http://", "https://"};

/* Where the host begins; NULL: it is no such link. */
static const char *host_of(const char *text, bool *ret_https)
{
    for (size_t i = 0; i < COUNT(schemes); i++) {
        size_t len = strlen(schemes[i]);
        if (strncmp(text, schemes[i], len) == 0) {
            *ret_https = i == 1;
            return text + len;
        }
    }
    return NULL;
}

static bool plain(const char *host, size_t len)
{
    for (const char *at = host; *at; at++) {
        if (*at <= ' ' || *at > '~' || strchr("\"<>\\^`{|}", *at) ||
            (at < host + len && strchr("@%", *at))) {
            return false;
        }
    }
    return len > 0;
}

/* Does libcurl find the same host there, and which port? */
static bool agreed(const char *text, struct web_link *link)
{
    char *host = NULL, *port = NULL;
    CURLU *url = curl_url();
    bool good = url && !curl_url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) &&
                !curl_url_get(url, CURLUPART_HOST, &host, 0) && strcasecmp(host, link->host) == 0;
    CURLUcode named =
        good ? curl_url_get(url, CURLUPART_PORT, &port, CURLU_NO_DEFAULT_PORT) : CURLUE_NO_PORT;
    if (!named) {
        good = text_i64(port, 1, PORT_MAX, &link->port);
    }
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(url);
    return good && (!named || named == CURLUE_NO_PORT);
}

bool web_link_read(const char *text, struct web_link *ret)
{
    struct web_link link = {0};
    const char *host = host_of(text, &link.https);
    size_t site = host ? strcspn(host, "/?#") : 0;
    if (!host || !plain(host, site)) {
        return false;
    }
    size_t len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#");
    if (len > site || len + 1 == site || len >= sizeof(link.host)) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        link.host[i] = (char)tolower((unsigned char)host[i]);
    }
    if (!agreed(text, &link)) {
        return false;
    }
    link.rest = host + site;
    const char *scheme = schemes[link.https];
    if (link.port) {
        snprintf(link.origin, sizeof(link.origin), "%s%s:%lld", scheme, link.host,
                 (long long)link.port);
    } else {
        snprintf(link.origin, sizeof(link.origin), "%s%s", scheme, link.host);
    }
    *ret = link;
    return true;
}

const char *web_link_site(const struct web_link *link)
{
    return link->origin + strlen(schemes[link->https]);
}
