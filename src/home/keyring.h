#ifndef HOME_KEYRING_H
#define HOME_KEYRING_H

#include "home/home.h"

/*
 * Opens the key store of this database and compares the two: for every key that a row uses the
 * store must have a record.  One that is behind (an older backup, a shortened file), or a key that
 * two hold, stops the start, and the sentence names whose it is; HOME_GIVE_UP burns such keys
 * instead.  A record that does not open is told of in the log, and stops HOME_CHECK.
 */
MUST_USE enum err keyring_open(struct home *home, unsigned flags, char ret_why[HOME_WHY_MAX]);

/* The comparison alone, key by key as HOME_CHECK wants it, beside a server that has both open. */
MUST_USE enum err keyring_check(struct home *home, char ret_why[HOME_WHY_MAX]);

/*
 * While keys are open some ids more than were given out are written down as given out; at the end
 * just those that were.  Nobody takes keys any more.
 */
void keyring_remember(struct home *home);

#endif
