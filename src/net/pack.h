#ifndef NET_PACK_H
#define NET_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * The client's files as tools/pack.py wrote them, used where they lie.  The form
 * (all numbers little endian):
 *   "BAUTAPK1", u32 files, u32 pages
 *   files, sorted by path: u32 path, type, etag, script, style, flags (bit 0: the
 *     name holds the hash of the content), then for identity, br, gzip: u32 at, u32 len
 *   pages: u32 text
 * `path` and the like are offsets of NUL-terminated text; `at` 0 is no such body.
 */
enum pack_coding { PACK_PLAIN, PACK_BR, PACK_GZIP, PACK_CODINGS_ };

struct pack_body {
    const uint8_t *at; /* NULL: there is none */
    uint32_t len;
};

struct pack_file {
    const char *path, *type, *etag;
    const char *script, *style; /* hashes of what stands inline: "'sha256-…' 'sha256-…'" or "" */
    bool immutable;
    struct pack_body bodies[PACK_CODINGS_];
};

struct pack;

/* Of no bytes: a pack without files.  ERR_INVALID when it is not what pack.py makes. */
MUST_USE enum err pack_open(const unsigned char *bytes, size_t len, struct pack **ret);
void pack_close(struct pack *pack); /* accepts NULL */

const struct pack_file *pack_find(const struct pack *pack, const char *path);

/* Is there a page of the client at this path?  {name} in its list stands for one segment. */
bool pack_page(const struct pack *pack, const char *path);

#endif
