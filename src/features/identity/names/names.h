#ifndef FEATURES_ACCOUNTS_NAMES_H
#define FEATURES_ACCOUNTS_NAMES_H

#include <stdbool.h>

#include "call/call.h"

/*
 * Avatar names: 3 to 32 characters of one writing system, visible ones only, and
 * none that looks like another's or like staff's (UTS 39).  ICU works here, so
 * only in `prepare`.
 */
enum { NAME_POINTS_MIN = 3, NAME_POINTS_MAX = 32 };

struct name_forms {
    const char *name;     /* NFC, as it is shown */
    const char *skeleton; /* of the folded name: what it reads like in small letters */
    const char *look;     /* of the name as written: what it looks like */
};

/*
 * ERR_INVALID names.short, names.long, names.characters, names.mixed (scripts),
 * names.edges (starts or ends with a separator, or two in a row);
 * ERR_CONFLICT names.reserved.
 */
MUST_USE enum err names_check(struct call *call, const char *name, struct name_forms *ret);

/* Only the forms, for look-ups of names that exist; ERR_INVALID for text that is no name. */
MUST_USE enum err names_forms(struct call *call, const char *name, struct name_forms *ret);

/* Does this text, of whatever length, read like those who run the place, or hold such a word? */
bool names_reserved(struct call *call, const char *text);
/* Is each of its words such a one?  Of places: "Bauta Support" is, "Homework help" is not. */
bool names_staffs(struct call *call, const char *text);

/* Skeletons of another version are made anew at start. */
const char *names_version(void);

#endif
