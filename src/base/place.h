#ifndef BASE_PLACE_H
#define BASE_PLACE_H

#include "base/err.h"

/*
 * Where an address probably is, from an MMDB file: a hint, never a proof.  Reads
 * MaxMind's nested schema (country.iso_code) and the flat one (country_code).
 * Thread-safe once open.
 */
struct place;

/* ERR_MISSING when the file is not there, ERR_INVALID when it is no MMDB. */
MUST_USE enum err place_open(const char *path, struct place **ret);
void place_close(struct place *place); /* accepts NULL */

/*
 * ISO 3166 two-letter code into ret_country.  ERR_MISSING when it is not known:
 * private and loopback addresses have none.  `place` may be NULL.
 */
MUST_USE enum err place_country(const struct place *place, const char *address,
                                char ret_country[3]);

#endif
