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
    struct json_list of;
};
enum { REFS_MAX = 5 };
JSON_SHAPE(job_ref, "guardian_job", struct job_ref, J_ID(struct job_ref, id));
JSON_SHAPE(job_refs, "guardian_jobs", struct job_refs,
           J_LIST(struct job_refs, of, &job_ref, REFS_MAX));
JSON_SHAPE(job_key, "guardian_key", struct job_key, J_ID(struct job_key, key));

static enum err read_payload(struct call *call, const void *in, const struct json_shape *shape,
                             void *ret)
{
    const struct job_in *job = in;
    uint64_t seen = 0;
    TRY(json_read(call, shape, job->payload, strlen(job->payload), ret, &seen));
    return json_complete(call, shape, seen);
}

static enum err look_again(struct call *call, const void *in, void *out UNUSED)
{
    struct guardians_mailing *state = call->state;
    struct job_ref ref = {0};
    TRY(read_payload(call, in, &job_ref, &ref));
    enum err err = guardians_mail_look(call, ref.id, state);
    return err == ERR_MISSING ? OK : err; /* erased meanwhile: guardian.id stays 0 */
}

static enum err prepare_again(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    struct guardians_mailing *state = call->state;
    return state->due && !state->later ? guardians_mail_prepare(call, state) : OK;
}

static enum err apply_again(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    const struct guardians_mailing *state = call->state;
    return state->due ? guardians_mail_apply(call, state) : OK;
}

static enum err apply_wanted(struct call *call, const void *in, void *out UNUSED)
{
    struct job_refs refs = {0};
    TRY(read_payload(call, in, &job_refs, &refs));
    const struct job_ref *all = refs.of.items;
    for (size_t i = 0; i < refs.of.count; i++) {
        TRY(guardians_again(call, all[i].id));
    }
    return OK;
}

static enum err look_burn(struct call *call, const void *in, void *out UNUSED)
{
    struct burn_state *state = call->state;
    struct job_key ref = {0};
    TRY(read_payload(call, in, &job_key, &ref));
    state->key = ref.key;
    return guardians_mail_waits(call, ref.key, &state->waits);
}

/* Burning is durable and bears repeating; a mail that says no is sent first. */
static enum err prepare_burn(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    const struct burn_state *state = call->state;
    return state->waits ? call_fail(call, ERR_BUSY, "guardians.mail_waits")
                        : keys_burn(call->keys, state->key);
}

static enum err sweep(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return guardians_sweep(call);
}

static enum err look_blind(struct call *call, const void *in, void *out UNUSED)
{
    struct guardians_blinding *batch = call->state;
    if (!text_i64(((const struct job_in *)in)->payload, 1, INT64_MAX, &batch->after)) {
        batch->after = 0; /* its regular turn: from the beginning */
    }
    return guardians_blind_look(call, batch);
}

static enum err prepare_blind(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return guardians_blind_prepare(call, call->state);
}

static enum err apply_blind(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return guardians_blind_apply(call, call->state);
}

static enum err look_ages(struct call *call, const void *in, void *out UNUSED)
{
    struct birthdays_page *page = call->state; /* without a payload from the beginning */
    (void)text_i64(((const struct job_in *)in)->payload, 1, INT64_MAX, &page->after);
    return birthdays_look(call, page);
}

static enum err prepare_ages(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return birthdays_prepare(call, call->state);
}

static enum err apply_ages(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return birthdays_apply(call, call->state);
}

static enum err look_age(struct call *call, const void *in, void *out UNUSED)
{
    int64_t id = 0;
    return text_i64(((const struct job_in *)in)->payload, 1, INT64_MAX, &id)
               ? birthdays_one_look(call, id, call->state)
               : OK;
}

static enum err prepare_age(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return birthdays_one_prepare(call, call->state);
}

extern const struct job_kind guardians_jobs[]; /* named in guardians_api.c */
/* clang-format off: a table reads as a table */
const struct job_kind guardians_jobs[] = {
    {"guardians.blind", 10 * TIME_MIN, 5, TIME_MIN, .look = look_blind, .prepare = prepare_blind,
     .apply = apply_blind, .tx = API_TX_WRITE, .state_size = sizeof(struct guardians_blinding),
     .about = "Makes parents' addresses findable again after a restore."},
    {"guardians.blind_more", 0, 5, TIME_MIN, .look = look_blind, .prepare = prepare_blind,
     .apply = apply_blind, .tx = API_TX_WRITE, .state_size = sizeof(struct guardians_blinding),
     .about = "The next piece of the same."},
    {"guardians.sweep", 10 * TIME_MIN, 5, TIME_MIN, .apply = sweep, .tx = API_TX_WRITE,
     .about = "Erases requests that nobody answered, and old pictures of forms."},
    {"guardians.again", 0, 8, TIME_MIN, .look = look_again, .prepare = prepare_again,
     .apply = apply_again, .tx = API_TX_WRITE, .state_size = sizeof(struct guardians_mailing),
     .about = "Sends a parent a link, when the address has not got its mails of the day."},
    {"guardians.wanted", 0, 8, TIME_MIN, .apply = apply_wanted, .tx = API_TX_WRITE,
     .about = "New links for an address, when it is a parent's."},
    {"guardians.burn", 0, 60, TIME_MIN, .look = look_burn, .prepare = prepare_burn,
     .state_size = sizeof(struct burn_state),
     .about = "Burns the key of a request that was erased, once no mail needs it."},
    /* Their names are in the job table of worlds that run. */
    {"accounts.ages", TIME_H, 5, TIME_MIN, .look = look_ages, .prepare = prepare_ages,
     .apply = apply_ages, .tx = API_TX_WRITE, .state_size = sizeof(struct birthdays_page),
     .about = "Birthdays: who is 18 today counts as grown up."},
    {"accounts.ages_more", 0, 5, TIME_MIN, .look = look_ages, .prepare = prepare_ages,
     .apply = apply_ages, .tx = API_TX_WRITE, .state_size = sizeof(struct birthdays_page),
     .about = "The next page of the same."},
    {"accounts.age", 0, 3, TIME_MIN, .look = look_age, .prepare = prepare_age, .apply = apply_ages,
     .tx = API_TX_WRITE, .state_size = sizeof(struct birthdays_page),
     .about = "The same for one whose sealed date could not be opened: fails while that is so."},
    {0},
};
/* clang-format on */
