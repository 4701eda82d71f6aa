#ifndef FEATURES_GUARDIANS_BIRTHDAYS_H
#define FEATURES_GUARDIANS_BIRTHDAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "privacy/sealed.h"

/*
 * Raises who is of age now, a page at a time (job accounts.ages, every hour and at start).  Who
 * has no readable key is left as they are, and a job of their own that fails tells staff.
 */
enum { BIRTHDAYS_PAGE = 200, BIRTHDAYS_UNREADABLE_MAX = 20 };
struct birthdays_page {
    int64_t after; /* ids up to this one were looked at */
    size_t count;
    struct {
        int64_t id;
        struct sealed birth;
        const char *country;                     /* of the parent's consent */
        int64_t until_age;                       /* likewise; 0: what the country says */
        bool guarded;                            /* there is one */
        bool minor, grown, free_now, unreadable; /* free_now: no parent is needed any more */
    } rows[BIRTHDAYS_PAGE];
};
MUST_USE enum err birthdays_look(struct call *call, struct birthdays_page *page);
MUST_USE enum err birthdays_prepare(struct call *call, struct birthdays_page *page);
MUST_USE enum err birthdays_apply(struct call *call, const struct birthdays_page *page);
/* One account alone; ERR_BROKEN ages.unreadable while its date cannot be opened. */
MUST_USE enum err birthdays_one_look(struct call *call, int64_t account_id,
                                     struct birthdays_page *page);
MUST_USE enum err birthdays_one_prepare(struct call *call, struct birthdays_page *page);

#endif
