#ifndef TESTS_SUPPORT_KEPT_H
#define TESTS_SUPPORT_KEPT_H

#include "tests/support/world.h"

/*
 * All that a world keeps, whatever tables and files there are: the tables come from the
 * database's own catalogue, so that one made tomorrow is looked into, too.
 */

/* Stands it in any row of any table, or in any file of the data folder? */
bool kept_anywhere(struct world *w, const char *text);
/* In rows alone: SQLite's journal has the page of a deleted one until it is written over. */
bool kept_in_rows(struct world *w, const char *text);

/* How many rows each table has. */
enum { KEPT_TABLES_MAX = 300 };
struct kept_counts {
    size_t count;
    const char *table[KEPT_TABLES_MAX];
    int64_t rows[KEPT_TABLES_MAX];
};
struct kept_counts kept_count(struct world *w);
/* Every table has as many rows as before but those named here, with a space between. */
void kept_same_but(struct world *w, const struct kept_counts *before, const char *changed);

/* All that this process logs from here on, of whatever level; kept as long as the world. */
struct kept_log {
    int saved;
    char path[64];
};
void kept_log_begin(struct kept_log *log);
const char *kept_log_end(struct world *w, struct kept_log *log);

#endif
