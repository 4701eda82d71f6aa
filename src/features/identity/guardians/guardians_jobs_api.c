#include <string.h>

#include "api/api.h"
#include "base/text.h"
#include "base/time.h"
#include "features/identity/guardians/birthdays.h"
#include "features/identity/guardians/guardians.h"
#include "privacy/keys.h"

/* ---- work for later ---- */

struct job_ref {
    int64_t id;
};
struct job_key {
    int64_t key;
};
struct burn_state {
    int64_t key;
    bool waits;
};
struct job_refs {
    JSON_LIST_OF(struct job_ref) of;
};
enum { REFS_MAX = 5 };
JSON_SHAPE(job_ref, "guardian_job", struct job_ref, J_ID(struct job_ref, id));
JSON_SHAPE(job_refs, "guardian_jobs", struct job_refs,
           J_LIST(struct job_refs, of, job_ref, REFS_MAX));
JSON_SHAPE(job_key, "guardian_key", struct job_key, J_ID(struct job_key, key));

static enum err read_payload(struct call *call, const struct job_in *job,
                             const struct json_shape *shape, void *ret)
{
    uint64_t seen = 0;
    TRY(json_read(call, shape, job->payload, strlen(job->payload), ret, &seen));
    return json_complete(call, shape, seen);
}

JOB_STEPS(again, struct guardians_mailing, look, prepare, apply);
STEP(again, look)
{
    struct job_ref ref = {0};
    TRY(read_payload(call, in, &job_ref, &ref));
    enum err err = guardians_mail_look(call, ref.id, state);
    return err == ERR_MISSING ? OK : err; /* erased meanwhile: guardian.id stays 0 */
}

STEP(again, prepare)
{
    return state->due && !state->later ? guardians_mail_prepare(call, state) : OK;
}

STEP(again, apply)
{
    return state->due ? guardians_mail_apply(call, state) : OK;
}

JOB_STEPS(wanted, struct none, apply);
STEP(wanted, apply)
{
    struct job_refs refs = {0};
    TRY(read_payload(call, in, &job_refs, &refs));
    const struct job_ref *all = refs.of.items;
    for (size_t i = 0; i < refs.of.count; i++) {
        TRY(guardians_again(call, all[i].id));
    }
    return OK;
}

JOB_STEPS(burn, struct burn_state, look, prepare);
STEP(burn, look)
{
    struct job_key ref = {0};
    TRY(read_payload(call, in, &job_key, &ref));
    state->key = ref.key;
    return guardians_mail_waits(call, ref.key, &state->waits);
}

/* Burning is durable and bears repeating; a mail that says no is sent first. */
STEP(burn, prepare)
{
    return state->waits ? call_fail(call, ERR_BUSY, "guardians.mail_waits")
                        : keys_burn(call->keys, state->key);
}

JOB_STEPS(sweep, struct none, apply);
STEP_IS(sweep, apply, guardians_sweep(call));

JOB_STEPS(blind, struct guardians_blinding, look, prepare, apply);
STEP(blind, look)
{
    if (!text_i64(in->payload, 1, INT64_MAX, &state->after)) {
        state->after = 0; /* its regular turn: from the beginning */
    }
    return guardians_blind_look(call, state);
}

STEP_IS(blind, prepare, guardians_blind_prepare(call, state));
STEP_IS(blind, apply, guardians_blind_apply(call, state));

JOB_STEPS(ages, struct birthdays_page, look, prepare, apply);
STEP(ages, look)
{
    /* without a payload from the beginning */
    (void)text_i64(in->payload, 1, INT64_MAX, &state->after);
    return birthdays_look(call, state);
}

STEP_IS(ages, prepare, birthdays_prepare(call, state));
STEP_IS(ages, apply, birthdays_apply(call, state));

JOB_STEPS(age, struct birthdays_page, look, prepare, apply);
STEP(age, look)
{
    int64_t id = 0;
    return text_i64(in->payload, 1, INT64_MAX, &id) ? birthdays_one_look(call, id, state) : OK;
}

STEP_IS(age, prepare, birthdays_one_prepare(call, state));
STEP_IS(age, apply, birthdays_apply(call, state));

extern const struct job_kind guardians_jobs[]; /* named in guardians_api.c */
/* clang-format off: a table reads as a table */
const struct job_kind guardians_jobs[] = {
    {"guardians.blind", 10 * TIME_MIN, 5, TIME_MIN, &blind_steps, API_TX_WRITE,
     .about = "Makes parents' addresses findable again after a restore."},
    {"guardians.blind_more", 0, 5, TIME_MIN, &blind_steps, API_TX_WRITE,
     .about = "The next piece of the same."},
    {"guardians.sweep", 10 * TIME_MIN, 5, TIME_MIN, &sweep_steps, API_TX_WRITE,
     .about = "Erases requests that nobody answered, and old pictures of forms."},
    {"guardians.again", 0, 8, TIME_MIN, &again_steps, API_TX_WRITE,
     .about = "Sends a parent a link, when the address has not got its mails of the day."},
    {"guardians.wanted", 0, 8, TIME_MIN, &wanted_steps, API_TX_WRITE,
     .about = "New links for an address, when it is a parent's."},
    {"guardians.burn", 0, 60, TIME_MIN, &burn_steps,
     .about = "Burns the key of a request that was erased, once no mail needs it."},
    /* Their names are in the job table of worlds that run. */
    {"accounts.ages", TIME_H, 5, TIME_MIN, &ages_steps, API_TX_WRITE,
     .about = "Birthdays: who is 18 today counts as grown up."},
    {"accounts.ages_more", 0, 5, TIME_MIN, &ages_steps, API_TX_WRITE,
     .about = "The next page of the same."},
    {"accounts.age", 0, 3, TIME_MIN, &age_steps, API_TX_WRITE,
     .about = "The same for one whose sealed date could not be opened: fails while that is so."},
    {0},
};
/* clang-format on */
