#ifndef STORE_QUEUE_H
#define STORE_QUEUE_H

#include "call/call.h"

/*
 * Work for later, queued inside the transaction that wants it: it happens when that
 * commits, at least once, even over a crash.  jobs/ runs it by its kind (api.h).
 */
enum { JOB_PAYLOAD_MAX = 4096, JOB_KIND_MAX = 64 };

/*
 * `payload` is JSON or ""; ids, never words of people.  `account_id`: whom it is about,
 * 0 for nobody, so that erasing a member finds it.  `run_at_ms` 0: now.
 */
MUST_USE enum err job_queue(struct call *call, const char *kind, const char *payload,
                            int64_t account_id, int64_t run_at_ms);

#endif
