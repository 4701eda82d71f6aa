#include "api/api.h"
#include "base/text.h"
#include "base/time.h"
#include "features/identity/accounts/accounts.h"
#include "features/identity/accounts/binding.h"
#include "privacy/keys.h"

static enum err look_erase(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return accounts_erase_look(call, call->state);
}

static enum err apply_erase(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return accounts_erase(call, call->state);
}

/* Durable when it returns, and again is no error: so a crash before it only repeats it. */
static enum err burn(struct call *call, const void *in, void *out UNUSED)
{
    int64_t key_id = 0;
    return text_i64(((const struct job_in *)in)->payload, 1, INT64_MAX, &key_id)
               ? keys_burn(call->keys, key_id)
               : OK;
}

static enum err look_stale(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return accounts_stale_look(call, call->state);
}

static enum err apply_stale(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return accounts_stale_apply(call, call->state);
}

static enum err look_bind(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return binding_look(call, 0, call->state);
}

static enum err look_bind_one(struct call *call, const void *in, void *out UNUSED)
{
    int64_t id = 0;
    return text_i64(((const struct job_in *)in)->payload, 1, INT64_MAX, &id)
               ? binding_look(call, id, call->state)
               : OK;
}

static enum err prepare_bind(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return binding_prepare(call, call->state);
}

static enum err apply_bind(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return binding_apply(call, call->state);
}

/* clang-format off: a table reads as a table */
extern const struct job_kind accounts_jobs[]; /* named in accounts_api.c */
const struct job_kind accounts_jobs[] = {
    {"accounts.erase", 10 * TIME_MIN, 10, TIME_MIN, .look = look_erase, .apply = apply_erase,
     .tx = API_TX_WRITE, .state_size = sizeof(struct account_erased),
     .about = "Erases accounts whose time has come."},
    {"accounts.erase_now", 0, 10, TIME_MIN, .look = look_erase, .apply = apply_erase,
     .tx = API_TX_WRITE, .state_size = sizeof(struct account_erased),
     .about = "The same at once: the next piece, or the next account."},
    {"accounts.burn", 0, 100, TIME_MIN, .prepare = burn, .tx = API_TX_NONE,
     .about = "Burns the key of an erased account, so that backups forget it too."},
    {"accounts.skeletons", TIME_H, 5, TIME_MIN, .look = look_stale, .apply = apply_stale,
     .tx = API_TX_WRITE, .state_size = sizeof(struct accounts_stale),
     .about = "Makes look-alike forms of names anew after an update of the Unicode tables."},
    {"accounts.skeletons_more", 0, 5, TIME_MIN, .look = look_stale, .apply = apply_stale,
     .tx = API_TX_WRITE, .state_size = sizeof(struct accounts_stale),
     .about = "The next hundred of the same."},
    {"accounts.bind", TIME_H, 5, TIME_MIN, .look = look_bind, .prepare = prepare_bind,
     .apply = apply_bind, .tx = API_TX_WRITE, .state_size = sizeof(struct binding_page),
     .about = "Seals anew what is not bound to its row yet."},
    {"accounts.bind_more", 0, 5, TIME_MIN, .look = look_bind, .prepare = prepare_bind,
     .apply = apply_bind, .tx = API_TX_WRITE, .state_size = sizeof(struct binding_page),
     .about = "The next page of the same."},
    {"accounts.bind_one", 0, 3, TIME_MIN, .look = look_bind_one, .prepare = prepare_bind,
     .apply = apply_bind, .tx = API_TX_WRITE, .state_size = sizeof(struct binding_page),
     .about = "The same for one that could not be opened: fails while that is so."},
    {0},
};
/* clang-format on */
