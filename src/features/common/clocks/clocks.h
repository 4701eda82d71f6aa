#ifndef FEATURES_CLOCKS_CLOCKS_H
#define FEATURES_CLOCKS_CLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How long an answer may take: the clocks of laws and of our own notice, which are dated data
 * (privacy/laws/clocks.json), and the authorities that watch over them (authorities.json).
 *  - All is counted in UTC.  What counts by hours is exact.  What counts by days, working days or
 *    months begins on the earliest day that it is anywhere on Earth, and ends at noon of its last
 *    day, so that this is the day everywhere but at the edge of the calendar: never later than the
 *    law's midnight.
 *  - Pure: no store, no clock of its own.
 *  - Not here: what is asked, and by whom (features/safety/requests).
 */
enum clock_unit { CLOCK_HOURS, CLOCK_DAYS, CLOCK_WORKING_DAYS, CLOCK_MONTHS };
enum { CLOCKS_MAX = 8, CLOCKS_WHERE_MAX = 256 };

struct clock_rule {
    const char *name;  /* "gdpr": clocks.name_gdpr says it to people */
    const char *where; /* "AT BE ...", "*": everywhere */
    enum clock_unit unit;
    int count, extend; /* extend: as many again of the unit, once; 0: it cannot be extended */
    bool rolls;        /* not over on a weekend */
    bool receipt;      /* for saying that it came, not for the answer */
};

/* The row of that name; NULL: there is none. */
const struct clock_rule *clocks_rule(const char *name);
/* Does it count for whoever lives in this country ("DE"; "" or NULL: unknown)? */
bool clocks_apply(const struct clock_rule *rule, const char *country);
/* When it is over.  `extended` changes nothing for a rule that cannot be. */
int64_t clocks_due(const struct clock_rule *rule, int64_t from_ms, bool extended);

struct clock_due {
    const struct clock_rule *rule;
    int64_t due_ms;
};
/*
 * Of these names ("notice gdpr") the clocks for an answer that count in this country, the earliest
 * first; how many, at most CLOCKS_MAX.  A name that no row has counts nowhere.
 */
size_t clocks_of(const char *names, const char *country, int64_t from_ms, bool extended,
                 struct clock_due ret[CLOCKS_MAX]);
/* The earliest of them; INT64_MAX: none counts. */
int64_t clocks_first(const char *names, const char *country, int64_t from_ms, bool extended);
/* May it be extended now: there is something to extend, and each such clock still runs. */
bool clocks_extendable(const char *names, const char *country, int64_t from_ms, int64_t now_ms);
/* When the calendar year began, where it begins last. */
int64_t clocks_year(int64_t ms);

struct clock_authority {
    const char *country, *name, *url;
};
extern const struct clock_authority data_authorities[]; /* by country; ends with an empty row */
extern const struct clock_rule data_clocks[];           /* ends with an empty row */
enum { CLOCKS_AUTHORITIES_MAX = 100 };

#endif
