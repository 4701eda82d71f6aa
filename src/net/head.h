#ifndef NET_HEAD_H
#define NET_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The head of an HTTP/1.1 request, read strictly: what two servers could read in
 * two ways is refused.  Pure: bytes in, spans out; nothing is copied.
 */
enum {
    HEAD_MAX = 16 * 1024,
    HEAD_FIELDS_MAX = 64,
    HEAD_TARGET_MAX = 4 * 1024,
    HEAD_METHOD_MAX = 16,
    HEAD_HOST_MAX = 255,
};

struct head_span {
    uint16_t at, len;
};

struct head {
    uint16_t pos;  /* bytes read; when done: the length of the head */
    uint16_t mark; /* where the part being read began */
    uint8_t state;
    uint8_t minor; /* HTTP/1.minor */
    uint8_t field_count;
    struct head_span method, target; /* target: from its path on, or "*" */
    struct head_span authority;      /* of an absolute target; else empty */
    struct {
        struct head_span name, value;
    } fields[HEAD_FIELDS_MAX];
};

/*
 * Goes on reading a head whose first byte is bytes[0]; `len` counts all bytes so
 * far.  Start with a zeroed struct.  0: more is needed; 200: done; else the
 * status to refuse it with (400, 414, 431, 501, 505).
 */
int head_read(struct head *head, const char *bytes, size_t len);

/* Whom the request is for: an absolute target says so, or the field Host. */
struct head_span head_host(const struct head *head, const char *bytes);

/* The value of the first field of that name (lower case), or {0, 0}. */
struct head_span head_value(const struct head *head, const char *bytes, const char *name);

/* One after another: *at begins at 0.  False when there is no more. */
bool head_next(const struct head *head, const char *bytes, const char *name, size_t *at,
               struct head_span *ret);

/* The comma-separated elements of all fields of a name; begins zeroed. */
struct head_walk {
    size_t at;
    struct head_span rest;
};

/* The next element that is not empty, without the space around it.  False at the end. */
bool head_element(const struct head *head, const char *bytes, const char *name,
                  struct head_walk *walk, struct head_span *ret);

/* Is `token` (lower case) one of these elements? */
bool head_lists(const struct head *head, const char *bytes, const char *name, const char *token);

struct head_facts {
    size_t body_len;
    bool keep;      /* the connection may serve another request */
    bool expect;    /* wants to hear 100 before it sends the body */
    bool websocket; /* asks to upgrade */
};

/*
 * What a whole head says about its message.  0, or the status to refuse it with:
 * 400 (Host, Content-Length, duplicates), 411 (Transfer-Encoding: chunked is not
 * taken), 413 (more than body_max), 417, 501.
 */
int head_facts(const struct head *head, const char *bytes, size_t body_max, struct head_facts *ret);

#endif
