#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/store.h"

/*
 * Forward-only migrations, migrations/NNNN_name.sql, one file for both databases
 * (DDL tokens {i64} {bytes} {strict} {clustered} {pg} are filled in per dialect).  The
 * build embeds them with their SHA-256.  Each runs in one transaction together
 * with its row in `migration`, so a kill at any moment leaves it done or not begun.
 */
struct migration {
    int number; /* from 1, without gaps */
    const char *name;
    const char *sha256; /* hex, of the file as it is in the source tree */
    const char *text;
};

extern const struct migration migrations[]; /* made by tools/migrations.py */
extern const size_t migration_count;

/*
 * Brings the database up to date.  ERR_INVALID with a sentence in ret_why when a
 * migration that ran has changed, one is missing, or the database is newer than
 * this program.  `ret_ran` counts what ran now.
 */
MUST_USE enum err migrate_up(struct store *store, const struct migration *list, size_t count,
                             int64_t now_ms, size_t *ret_ran, char ret_why[256]);

/* How many would run. */
MUST_USE enum err migrate_pending(struct store *store, const struct migration *list, size_t count,
                                  size_t *ret_pending, char ret_why[256]);

#endif
