#ifndef CALL_PLACE_H
#define CALL_PLACE_H

#include <stdbool.h>

#include "base/err.h"

/*
 * Where an address probably is, from an MMDB file: a hint, never a proof, and never shown
 * where a person chose something else.  Reads MaxMind's nested schema (country.iso_code,
 * city.names.en, subdivisions, postal, location) and the flat ones (country_code, city,
 * state1, postcode, latitude …); a field that the file lacks stays empty.
 *  - Thread-safe once open.
 *  - For the list of sessions: seal "city, region" with the member's key before it is stored
 *    (session.place_ct), of minors nothing but the country is kept; coordinates, postal and
 *    metro codes are for nobody's list.
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

/* All that is known; texts are UTF-8, "" when not known, cut at whole characters. */
struct place_facts {
    char country[3];     /* ISO 3166-1 */
    char region_code[8]; /* ISO 3166-2 without the country: "CA" */
    char region[64];     /* in English */
    char city[96];
    char postal[16];
    char metro[8];     /* of the United States (Nielsen) */
    char area_code[8]; /* of telephones */
    bool located;
    double latitude, longitude; /* degrees, to a tenth; only when located */
};
/* ERR_MISSING when nothing at all is known of the address. */
MUST_USE enum err place_find(const struct place *place, const char *address,
                             struct place_facts *ret);

#endif
