#ifndef FEATURES_PASSKEYS_CBOR_READ_H
#define FEATURES_PASSKEYS_CBOR_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * CBOR item by item over libcbor's streaming decoder, which takes no memory: what a sender
 * claims to be long costs nothing.  Lengths must be stated beforehand.
 */
enum cbor_kind { CBOR_NUMBER, CBOR_BYTES, CBOR_TEXT, CBOR_LIST, CBOR_MAP, CBOR_PLAIN };

struct cbor_item {
    enum cbor_kind kind;
    int64_t number; /* of a number; how many items (pairs) a list (map) has */
    const uint8_t *at;
    size_t len;
};

struct cbor_reader {
    const uint8_t *at;
    size_t len;
};

/* The next item; false at the end and for what is no item of these kinds. */
bool cbor_next(struct cbor_reader *reader, struct cbor_item *ret);
/* The next item, which must be of this kind. */
bool cbor_want(struct cbor_reader *reader, enum cbor_kind kind, struct cbor_item *ret);
bool cbor_is(const struct cbor_item *item, const char *text);
/* Passes over one item with all that is in it, four levels deep at most. */
bool cbor_skip(struct cbor_reader *reader);

#endif
