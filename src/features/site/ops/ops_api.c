#include "api/api.h"

#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/settings.h"
#include "call/place.h"
#include "call/scene.h"
#include "features/common/desks/desks.h"
#include "features/identity/policies/policies.h"
#include "features/site/ops/ops.h"
#include "privacy/keys.h"

struct contact {
    const char *email, *officer_postal;
};
struct site {
    const char *name, *version, *registration, *source_url, *country, *scene;
    bool demo;
    struct contact contact;
    JSON_LIST_OF(struct policy) policies;
    JSON_LIST_OF(struct language) languages;
};
struct language {
    const char *tag;
};
struct letter_ref {
    int64_t id;
};
struct policy {
    const char *kind;
    int64_t number, since_ms;
};

JSON_SHAPE(contact, "contact", struct contact,
           J_TEXT(struct contact, email, 0, 254, .flags = JSON_OPTIONAL),
           J_TEXT(struct contact, officer_postal, 0, 1000, .flags = JSON_OPTIONAL));
JSON_SHAPE(language, "language", struct language, J_TEXT(struct language, tag, 2, 8));
JSON_SHAPE(policy, "site_policy", struct policy, J_TEXT(struct policy, kind, 1, 20),
           J_I64(struct policy, number, 1, INT64_C(1) << 31), J_TIME(struct policy, since_ms));
JSON_SHAPE(site, "site", struct site, J_TEXT(struct site, name, 1, 100),
           J_TEXT(struct site, version, 1, 20),
           J_CHOICE(struct site, registration, "open invite approval closed"),
           J_TEXT(struct site, source_url, 0, 1000, .flags = JSON_OPTIONAL),
           J_BOOL(struct site, demo),
           J_LIST(struct site, policies, policy, POLICIES_MAX,
                  .about = "Terms and notice that are in force or will be: GET /api/policies."),
           J_TEXT(struct site, country, 2, 2, .flags = JSON_OPTIONAL,
                  .about = "A guess from the address, to fill in a form."),
           J_TEXT(struct site, scene, 1, 32, .flags = JSON_OPTIONAL,
                  .about = "What a newcomer will mostly need first, as the operator says."),
           J_LIST(struct site, languages, language, 8), J_OBJECT(struct site, contact, contact));
JSON_SHAPE(check, "check", struct ops_check, J_TEXT(struct ops_check, id, 1, 20),
           J_CHOICE(struct ops_check, state, "done open na"),
           J_TEXT(struct ops_check, detail, 0, 300));
JSON_ITEMS(checks, "checks", check, OPS_CHECKS);
JSON_SHAPE(letter, "job", struct ops_letter, J_ID(struct ops_letter, id),
           J_TEXT(struct ops_letter, kind, 1, 64), J_I64(struct ops_letter, tries, 0, 1000),
           J_TEXT(struct ops_letter, error, 0, 64), J_TIME(struct ops_letter, failed_ms));
JSON_ITEMS(letters, "job_list", letter, OPS_LETTERS_MAX);
JSON_SHAPE(letter_ref, "letter_ref", struct letter_ref, J_ID(struct letter_ref, id));

struct own_settings {
    const char *first_scene; /* of the room that newcomers mostly enter first, or "none" */
};

static const struct setting setting_rows[] = {
    SETTING_CHOICE(struct own_settings, first_scene, scenes_or_none, "none", "cafe",
                   "Fetched while people register.", .group = "people"),
    {0},
};
static const struct setting_group setting_group = {setting_rows, sizeof(struct own_settings), NULL};

static enum err policies_in(struct call *call, struct site *out)
{
    struct policies_version *all = NULL;
    size_t count = 0;
    TRY(policies_now(call, &all, &count));
    struct policy *items = arena_alloc(call->arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct policy){all[i].kind, all[i].number, all[i].since_ms};
    }
    JSON_LIST_SET(out->policies, items, count);
    return OK;
}

STEPS(get_site, none, site, struct none, apply);
STEP(get_site, apply)
{
    const struct settings *s = call->settings;
    char country[3] = "";
    size_t count = 0;
    while (catalogue_languages[count]) {
        count++;
    }
    struct language *languages = arena_alloc(call->arena, count * sizeof(*languages));
    for (size_t i = 0; i < count; i++) {
        languages[i].tag = catalogue_languages[i];
    }
    const struct own_settings *own = settings_own(s, &setting_group);
    const char *scene = own->first_scene;
    bool known = place_country(call->place, call->origin.address, country) == OK;
    *out = (struct site){
        .name = s->site_name,
        .version = BAUTA_VERSION,
        .registration = s->registration,
        .source_url = s->source_url,
        .demo = s->demo,
        .scene = strcmp(scene, "none") == 0 ? NULL : scene,
        .country = known ? arena_text(call->arena, country, 2) : NULL,
        .languages = {languages, count},
        .contact = {s->contact_email, s->officer_address},
    };
    return policies_in(call, out);
}

STEPS(get_checklist, none, checks, struct none, apply);
STEP(get_checklist, apply)
{
    struct ops_check *all = arena_alloc(call->arena, OPS_CHECKS * sizeof(*all));
    TRY(ops_checklist(call, all));
    JSON_LIST_SET(out->items, all, OPS_CHECKS);
    return OK;
}

STEPS(get_letters, none, letters, struct none, apply);
STEP(get_letters, apply)
{
    struct ops_letter *all = NULL;
    TRY(ops_letters(call, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

STEPS(post_retry, letter_ref, none, struct none, apply);
STEP_IS(post_retry, apply, ops_retry(call, in->id));

JOB_STEPS(refill_keys, struct none, prepare);
STEP_IS(refill_keys, prepare, keys_refill(call->keys));

JOB_STEPS(sweep_keys, struct ops_keys, look, prepare);
STEP_IS(sweep_keys, look, ops_keys_look(call, OPS_KEYS_MAX, state));
STEP_IS(sweep_keys, prepare, ops_keys_sweep(call, state));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/site", API_ANYONE, API_TX_READ, 0, 200, &get_site_steps,
     .about = "What everybody may know of this site."},
    {"GET", "/api/admin/checklist", API_ADMIN, API_TX_READ, 0, 200, &get_checklist_steps,
     .about = "What an operator should see to."},
    {"GET", "/api/admin/jobs", API_ADMIN, API_TX_READ, 0, 200, &get_letters_steps,
     .about = "Jobs that were given up, the latest first."},
    {"POST", "/api/admin/jobs/{id}/retry", API_ADMIN, API_TX_WRITE, API_PASSKEY, 204,
     &post_retry_steps, .about = "Try such a job again, now."},
    {0},
};

static const struct job_kind jobs[] = {
    {"ops.keys", 60000, 5, 60000, &refill_keys_steps,
     .about = "Keeps durable keys ready, so that registering does not wait for the disk."},
    {"ops.keys_sweep", 86400000, 5, 600000, &sweep_keys_steps,
     .about = "Burns keys that no account came to use."},
    {0},
};
/* clang-format on */

static const struct desk desks[] = {
    {"jobs", "/admin/jobs", POWER_ADMIN, .place = 30, .waiting = ops_letters_wait}, {0}};

extern const struct feature ops_feature; /* named in features.gen.c */
const struct feature ops_feature = {
    .name = "ops", .routes = routes, .jobs = jobs, .desks = desks, .settings = &setting_group};
