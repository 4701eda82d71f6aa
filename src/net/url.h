#ifndef NET_URL_H
#define NET_URL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Percent-decoding, strict: false for a broken escape, a control character, or
 * more than cap - 1 bytes; in a path also for an escaped slash or backslash, which
 * others might read as a separator.  ret_text is NUL-terminated.
 */
bool url_path(const char *path, size_t len, char *ret_text, size_t cap);

/* The first value of `name` in a query; "" when it is absent.  False as above. */
bool url_query(const char *query, const char *name, char *ret_text, size_t cap);

#endif
