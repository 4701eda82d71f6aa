#include "store/queue.h"

#include <string.h>

#include "call/id.h"
#include "store/store.h"

SQL(job_add, "INSERT INTO job (id, kind, once, account_id, payload, state, run_at_ms, tries,"
             " created_ms) VALUES ($1, $2, NULL, $3, $4, 'waiting', $5, 0, $6)");

enum err job_queue(struct call *call, const char *kind, const char *payload, int64_t account_id,
                   int64_t run_at_ms)
{
    if (strlen(payload) >= JOB_PAYLOAD_MAX || strlen(kind) >= JOB_KIND_MAX) {
        return ERR_BROKEN;
    }
    int64_t id = id_new(call);
    TRY(store_run(call, &job_add,
                  BIND(I64(id), TEXT(kind), account_id ? I64(account_id) : NIL, TEXT(payload),
                       I64(MAX(run_at_ms, call->now_ms)), I64(call->now_ms)),
                  NULL));
    call_emit(call, EVENT_OUTBOX, account_id, id, NULL);
    return OK;
}
