#ifndef HOME_HOME_H
#define HOME_HOME_H

#include <stdbool.h>

#include "api/api.h"
#include "base/settings.h"
#include "call/place.h"
#include "features/identity/providers/registry.h"
#include "privacy/keys.h"
#include "sandbox/sandbox.h"
#include "store/store.h"
#include "store/store_sole.h"

/*
 * The data folder, opened by one process: lock, database, keys, mark.
 *   DIR/lock         held while a process has the folder
 *   DIR/admin.sock   how commands reach the server that has it (control.h)
 *   DIR/world.db     the database, unless it is PostgreSQL
 *   DIR/keys/        the members' keys, never in the same backup
 *   DIR/demo         a demo folder's mark
 */
enum { HOME_WHY_MAX = 512, HOME_PATH_MAX = 1024, DATABASE_WAIT_S = 30 };

struct home {
    struct settings settings;
    int lock_fd; /* -1: not held */
    struct store *store;
    struct store_sole *sole; /* NULL on SQLite: the folder's lock says it there */
    void (*lost)(
        void *ctx); /* another node took the database over; NULL: a command's end is near */
    void *lost_ctx;
    struct keys *keys;
    struct place *place;
    struct sandbox *sandbox;
    struct providers *providers; /* NULL: none */
};

/* DIR/name.  Static limit: a data folder's path is at most 900 bytes. */
void home_path(const struct home *home, const char *name, char ret[HOME_PATH_MAX]);

/*
 * Makes the folder when it is missing and takes the lock.  ERR_CONFLICT: another
 * process has it.  ERR_INVALID, ERR_BROKEN with a sentence that says what to do.
 */
MUST_USE enum err home_lock(struct home *home, char ret_why[HOME_WHY_MAX]);

enum home_flag {
    HOME_MIGRATE = 1, /* may change the database: nobody else does then (store_sole.h) */
    HOME_WAIT = 2,    /* for a database out of reach, 30 s */
    HOME_CHECK = 4,   /* page by page and key by key, which no start has the time for */
    HOME_GIVE_UP = 8, /* keys that the key store lacks (keyring.h) */
};

/* Reads `terms_file`; what cannot be shown stops the start.  home_open calls it. */
MUST_USE enum err home_terms(struct settings *settings, char ret_why[HOME_WHY_MAX]);

/*
 * Store, migrations, inventory, keys: all that must be right before anything is served.
 * ERR_CONFLICT: another process has the database, and ret_why names it.
 */
MUST_USE enum err home_open(struct home *home, unsigned flags, char ret_why[HOME_WHY_MAX]);
/* What HOME_CHECK looks at, of a folder that a server has open and goes on serving. */
MUST_USE enum err home_check(struct home *home, char ret_why[HOME_WHY_MAX]);
void home_close(struct home *home); /* whatever is open */

/*
 * What was set in the pages holds from here on (settings_now_begin), as far as it fits and nothing
 * is said above it; what does not is logged.  The last that changes `settings`.
 */
MUST_USE enum err home_settings(struct home *home);
/* Of what was set in the pages a line each, and why one is not used.  After home_settings. */
MUST_USE enum err home_settings_tell(struct home *home, void (*put)(void *ctx, const char *text),
                                     void *ctx);

/* A demo folder is open to register, and stays on loopback unless --demo-public. */
MUST_USE enum err home_demo_rules(struct home *home, char ret_why[HOME_WHY_MAX]);

/* meta: NAME becomes `number`.  The checklist reads it (features/ops).  Best effort. */
void home_mark(struct home *home, const char *name, int64_t number);

/* Threads for what the settings left at 0. */
int home_workers(const struct home *home);
int home_hashers(const struct home *home);
int home_reactors(const struct home *home);

/* An api without network, for commands. */
MUST_USE enum err home_api(struct home *home, struct api **ret);

#endif
