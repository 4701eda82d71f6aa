#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/net_inner.h"
#include "net/url.h"

/* The client's files, from memory. */

enum { PATH_BYTES = 1024, LINES_BYTES = 512 };

static const char *const coding_names[PACK_CODINGS_] = {NULL, "br", "gzip"};

/* Does Accept-Encoding name it, and not with q=0? */
static bool takes(const struct head *head, const char *bytes, const char *coding)
{
    size_t len = strlen(coding);
    struct head_walk walk = {0};
    struct head_span span;
    while (head_element(head, bytes, "accept-encoding", &walk, &span)) {
        const char *from = bytes + span.at;
        bool named = span.len >= len && strncasecmp(from, coding, len) == 0 &&
                     (span.len == len || from[len] == ';' || from[len] == ' ');
        if (named) {
            const char *q = memmem(from, span.len, "q=", 2);
            return !q || strspn(q + 2, "0.") < (size_t)(from + span.len - q) - 2;
        }
    }
    return false;
}

static enum pack_coding choose(const struct pack_file *file, const struct head *head,
                               const char *bytes)
{
    for (enum pack_coding coding = PACK_BR; coding < PACK_CODINGS_; coding++) {
        if (file->bodies[coding].at && takes(head, bytes, coding_names[coding])) {
            return coding;
        }
    }
    return PACK_PLAIN;
}

/* If-None-Match: weak comparison, so W/ does not count. */
static bool has_it(const struct pack_file *file, const struct head *head, const char *bytes)
{
    const char *tag = strchr(file->etag, '"');
    struct head_span span;
    for (size_t at = 0; tag && head_next(head, bytes, "if-none-match", &at, &span);) {
        if ((span.len == 1 && bytes[span.at] == '*') ||
            memmem(bytes + span.at, span.len, tag, strlen(tag))) {
            return true;
        }
    }
    return false;
}

static void send_file(struct conn *conn, const char *bytes, const struct pack_file *file,
                      struct answer *answer)
{
    char more[LINES_BYTES];
    const struct head *head = &conn->http->head;
    enum pack_coding coding = choose(file, head, bytes);
    bool found = answer->status == 200; /* what leads nowhere today may be a page tomorrow */
    int len =
        snprintf(more, sizeof(more), "%s%s%sCache-Control: %s\r\nVary: Host%s\r\n%s%s%s",
                 found ? "ETag: " : "", found ? file->etag : "", found ? "\r\n" : "",
                 !found            ? "no-store"
                 : file->immutable ? "public, max-age=31536000, immutable"
                                   : "no-cache",
                 file->bodies[PACK_BR].at || file->bodies[PACK_GZIP].at ? ", Accept-Encoding" : "",
                 coding ? "Content-Encoding: " : "", coding ? coding_names[coding] : "",
                 coding ? "\r\n" : "");
    ASSERT_CODE(len > 0 && (size_t)len < sizeof(more));
    answer->more = more;
    answer->page = file;
    answer->type = file->type;
    if (found && has_it(file, head, bytes)) {
        answer->status = 304;
        answer->type = NULL;
    } else {
        answer->body = file->bodies[coding].at;
        answer->body_len = file->bodies[coding].len;
    }
    (void)answer_send(conn, answer);
    answer->more = NULL; /* it ends with this function */
}

int files_answer(struct conn *conn, const char *bytes, const char *host, bool head_only, bool keep,
                 bool secure)
{
    const struct net *net = conn->reactor->net;
    struct head_span target = conn->http->head.target;
    const char *query = memchr(bytes + target.at, '?', target.len);
    size_t len = query ? (size_t)(query - bytes) - target.at : target.len;
    char path[PATH_BYTES];
    if (len >= sizeof(path)) {
        return 404;
    }
    if (!url_path(bytes + target.at, len, path, sizeof(path))) {
        return 400;
    }
    struct answer answer = {
        .status = 200, .host = host, .head_only = head_only, .keep = keep, .secure = secure};
    const struct pack_file *file = pack_find(net->pack, path);
    bool page = !file && pack_page(net->pack, path); /* the client says what is not there, too */
    if (page || (!file && !strchr(strrchr(path, '/'), '.'))) {
        file = pack_find(net->pack, "/index.html");
        answer.status = page ? 200 : 404;
    }
    if (!file) {
        return 404;
    }
    send_file(conn, bytes, file, &answer);
    return 0;
}
