#ifndef TESTS_SUPPORT_MEMBERS_H
#define TESTS_SUPPORT_MEMBERS_H

#include "tests/support/world.h"

/* One of the world's people gets a birth date ("1990-05-01") and a country. */
void member_real(struct world *world, int who, const char *birth, const char *country);
/* They have an address that they proved. */
void member_mailed(struct world *world, int who, const char *address);
/* A parent, whose link is "kept3" of account 3, keeps one of the world's people from others, or
 * does so no longer. */
void member_kept(struct world *world, int who, bool kept);
/* Statements are counted from here on; how many there were, rehearsals included. */
void statements_count(struct world *world);
uint64_t statements_counted(struct world *world);
/* How many statements an answered call asks the store. */
uint64_t member_statements(struct world *world, int who, const char *method, const char *path);

#endif
