#include "api/api.h"
#include "base/text.h"
#include "base/time.h"
#include "features/identity/accounts/accounts.h"
#include "features/identity/accounts/binding.h"
#include "privacy/keys.h"

JOB_STEPS(erase, struct accounts_erasing, look, prepare, apply);
STEP_IS(erase, look, accounts_erase_look(call, state));
STEP_IS(erase, prepare, accounts_erase_prepare(call, state));
STEP_IS(erase, apply, accounts_erase(call, state));

JOB_STEPS(burn, struct none, prepare);
/* Durable when it returns, and again is no error: so a crash before it only repeats it. */
STEP(burn, prepare)
{
    int64_t key_id = 0;
    return text_i64(in->payload, 1, INT64_MAX, &key_id) ? keys_burn(call->keys, key_id) : OK;
}

JOB_STEPS(stale, struct accounts_stale, look, apply);
STEP_IS(stale, look, accounts_stale_look(call, state));
STEP_IS(stale, apply, accounts_stale_apply(call, state));

JOB_STEPS(bind, struct binding_page, look, prepare, apply);
STEP_IS(bind, look, binding_look(call, 0, state));
STEP_IS(bind, prepare, binding_prepare(call, state));
STEP_IS(bind, apply, binding_apply(call, state));

JOB_STEPS(bind_one, struct binding_page, look, prepare, apply);
STEP(bind_one, look)
{
    int64_t id = 0;
    return text_i64(in->payload, 1, INT64_MAX, &id) ? binding_look(call, id, state) : OK;
}

STEP_IS(bind_one, prepare, binding_prepare(call, state));
STEP_IS(bind_one, apply, binding_apply(call, state));

/* clang-format off: a table reads as a table */
extern const struct job_kind accounts_jobs[]; /* named in accounts_api.c */
const struct job_kind accounts_jobs[] = {
    {"accounts.erase", 10 * TIME_MIN, 10, TIME_MIN, &erase_steps, API_TX_WRITE,
     .about = "Erases accounts whose time has come."},
    {"accounts.erase_now", 0, 10, TIME_MIN, &erase_steps, API_TX_WRITE,
     .about = "The same at once: the next piece, or the next account."},
    {"accounts.burn", 0, 100, TIME_MIN, &burn_steps, API_TX_NONE,
     .about = "Burns a key whose row was erased, so that backups forget it too."},
    {"accounts.skeletons", TIME_H, 5, TIME_MIN, &stale_steps, API_TX_WRITE,
     .about = "Makes look-alike forms of names anew after an update of the Unicode tables."},
    {"accounts.skeletons_more", 0, 5, TIME_MIN, &stale_steps, API_TX_WRITE,
     .about = "The next hundred of the same."},
    {"accounts.bind", TIME_H, 5, TIME_MIN, &bind_steps, API_TX_WRITE,
     .about = "Seals anew what is not bound to its row yet."},
    {"accounts.bind_more", 0, 5, TIME_MIN, &bind_steps, API_TX_WRITE,
     .about = "The next page of the same."},
    {"accounts.bind_one", 0, 3, TIME_MIN, &bind_one_steps, API_TX_WRITE,
     .about = "The same for one that could not be opened: fails while that is so."},
    {0},
};
/* clang-format on */
