#ifndef PRIVACY_INVENTORY_H
#define PRIVACY_INVENTORY_H

#include "base/err.h"
#include "store/store.h"

/*
 * What is stored, about whom, why, how long, and who gets to see it: made from
 * privacy/ by tools/inventory.py.  Export, erasure, sweep, register and notice are
 * derived from these tables and from nothing else.  The words are those of
 * privacy/README.md; a NULL is a key that was left out.  Every list ends with an
 * entry whose first field is NULL.
 */
struct inventory_pair {
    const char *name, *column;
};

struct inventory_column {
    const char *name;
    const char *const *cat;
    const char *subj, *unlinked, *src, *use, *basis, *law, *lia, *consent;
    const char *retain, *export, *why_not, *export_other, *erase, *enc, *key, *backup, *file;
    const char *const *also_of; /* whom it tells of besides: roles, "parent", "others" */
    const char *const *rcpt;
};

struct inventory_table {
    const char *name, *row;
    const char *row_retain, *shorter;
    const char *const *also;               /* other times by which rows end */
    const struct inventory_pair *subjects; /* role and the column with its account.id */
    const struct inventory_pair *anchors;
    const char *const *copies;
    const struct inventory_column *columns;
};

struct inventory_recipient {
    const char *id, *name, *role, *country, *transfer;
};

struct inventory_use {
    const char *id, *text, *art30;
};

struct inventory_store {
    const char *id;
    const char *const *globs;
};

extern const struct inventory_table inventory_tables[];
extern const struct inventory_recipient inventory_recipients[];
extern const struct inventory_use inventory_uses[];
extern const struct inventory_store inventory_stores[];

/*
 * The keys that a row owns (`"key"`: not `borrowed`), each once and in order: at most $2 above $1;
 * the one with $2 before it among those above $1; and about how many there are (none is missed).
 * Then the highest of them (NULL: there is none), and one that two rows own, if there is any.
 */
extern const struct sql inventory_keys_page, inventory_keys_nth, inventory_keys_count;
extern const struct sql inventory_keys_high, inventory_keys_twice;

/*
 * Compares the live database with `tables`, in both directions.  ERR_INVALID with a
 * sentence that names table and column: the server must not start then.
 */
MUST_USE enum err inventory_matches(struct store *store, const struct inventory_table *tables,
                                    char ret_why[256]);

/*
 * The store (stores.json) that a file below the data folder belongs to, `path` relative
 * to that folder; NULL for a file that nobody described.
 */
const char *inventory_store_of(const char *path);

#endif
