#ifndef COMMANDS_ADMIN_H
#define COMMANDS_ADMIN_H

#include "home/home.h"

/*
 * What an operator does at the server itself.  Each works on an open home, whether
 * a command opened it or the server has it; `ret_text` is what is printed then.
 */
enum { ADMIN_TEXT_MAX = 16384 };

/* What `bauta admin` can do, one after the other; past the last NULL.  Those that write leave a
 * line of staff. */
const struct api_route *admin_route(size_t i);
extern const struct api_route admin_link_route; /* of `create` */

/* One call; on failure its sentence. */
MUST_USE enum err admin_ask(struct api *api, const struct api_route *route, const void *in,
                            void *ret_out, char ret_text[ADMIN_TEXT_MAX]);

/* "create\tNAME", "end\tNAME\tREASON" and so on: the words of `bauta admin`, apart by tabs. */
MUST_USE enum err admin_run(struct home *home, struct api *api, const char *line,
                            char ret_text[ADMIN_TEXT_MAX]);

/* "verify" or "verify\tHASH" of `bauta audit`: is the log of staff as it was written, and is the
 * line with that hash in it?  ERR_CONFLICT: it is not, and ret_text says where it breaks. */
MUST_USE enum err audit_run(struct api *api, const char *line, char ret_text[ADMIN_TEXT_MAX]);

/* A one-time link by which NAME becomes an administrator; ends after a day. */
MUST_USE enum err admin_create(struct home *home, struct api *api, const char *name,
                               char ret_text[ADMIN_TEXT_MAX]);

/* Demo accounts, rooms and the mark, into a folder without a world. */
MUST_USE enum err demo_fill(struct home *home, struct api *api, char ret_text[ADMIN_TEXT_MAX]);

/*
 * The database into one new archive, while serving; never the keys.  ERR_INVALID: `path` does not
 * begin with /.  Columns that the inventory keeps out of backups are empty in it.
 */
MUST_USE enum err backup_make(struct home *home, const char *path, char ret_text[ADMIN_TEXT_MAX]);
/* The keys alone, to such a path.  Keep it apart from the other, and at most 30 days: it is what
 * erasure burns. */
MUST_USE enum err backup_keys(struct home *home, const char *path, char ret_text[ADMIN_TEXT_MAX]);

/* Hashes, the database's own check, and schema against inventory; needs no home. */
MUST_USE enum err backup_verify(const char *path, char ret_text[ADMIN_TEXT_MAX]);
/* Into a data folder that has no world (keys: no keys) yet; `home` holds the lock. */
MUST_USE enum err backup_restore(struct home *home, const char *path,
                                 char ret_text[ADMIN_TEXT_MAX]);

#endif
