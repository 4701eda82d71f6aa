#ifndef HOME_ALONE_H
#define HOME_ALONE_H

#include "call/call.h"

/* Steps on an open SQLite database that nobody else works on meanwhile; the caller waits. */
struct store;
MUST_USE enum err alone_run(struct store *store, enum err (*step)(struct call *call, void *ctx),
                            void *ctx);

#endif
