#include <string.h>
#include <time.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/time.h"
#include "features/common/contact/contact.h"
#include "features/identity/accounts/accounts.h"
#include "features/people/profiles/profiles.h"

static const struct api_limit reads = {"people", 120, TIME_MIN};
static const struct api_limit changes = {"profiles", 60, 10 * TIME_MIN};

struct which {
    const char *id;
};
struct preview {
    const char *by;
};
struct acts {
    bool request, message, invite, join, comment;
};
struct person {
    struct face face;
    const char *role, *display_name, *relation;
    JSON_LIST_OF(struct profiles_field) fields;
    struct acts may;
};
struct person_state {
    struct profiles_card card;
    unsigned acts;
};
struct own {
    int64_t version;
    bool minor;
    JSON_LIST_OF(struct profiles_field) fields;
};
struct wish_state {
    int64_t key_id;
    struct profiles_new all[PROFILES_FIELDS_MAX];
    size_t count;
};

JSON_SHAPE(which_shape, "person_which", struct which, J_TEXT(struct which, id, 1, 32));
JSON_SHAPE(preview_shape, "profile_preview", struct preview,
           J_CHOICE(struct preview, by, CONTACT_KINDS, .about = "whose eyes"));
JSON_SHAPE(shown, "profile_shown", struct profiles_field,
           J_TEXT(struct profiles_field, name, 1, 20,
                  .about = "gender, languages …; member_since (2027-01) and badges, too"),
           J_TEXT(struct profiles_field, value, 1, PROFILES_VALUE_MAX,
                  .about = "several stand one a line"));
JSON_SHAPE(acts_shape, "person_may", struct acts, J_BOOL(struct acts, request),
           J_BOOL(struct acts, message), J_BOOL(struct acts, invite), J_BOOL(struct acts, join),
           J_BOOL(struct acts, comment));
JSON_SHAPE(person_shape, "person_card", struct person, J_FACE(struct person),
           J_CHOICE(struct person, role, "member admin"),
           J_TEXT(struct person, display_name, 1, 40, .flags = JSON_OPTIONAL),
           J_LIST(struct person, fields, shown, PROFILES_SHOWN_MAX,
                  .about = "Only what you may see, and only where something is said."),
           J_CHOICE(struct person, relation, "self none friend asked asking",
                    .about = "asked: you asked them; asking: they asked you"),
           J_OBJECT(struct person, may, acts_shape));
JSON_SHAPE(field, "profile_field", struct profiles_field,
           J_CHOICE(struct profiles_field, name, PROFILES_NAMES),
           J_TEXT(struct profiles_field, value, 0, PROFILES_VALUE_MAX,
                  .about = "lists have one a line; age and country are known already"),
           J_CHOICE(struct profiles_field, audience, CONTACT_CHOICES));
JSON_SHAPE(own_shape, "profile", struct own,
           J_I64(struct own, version, 0, INT64_C(1) << 53, .about = "0: never changed"),
           J_BOOL(struct own, minor,
                  .about = "Age, place and links are shown to friends only, the rest until you"
                           " choose otherwise."),
           J_LIST(struct own, fields, field, PROFILES_FIELDS_MAX));
JSON_SHAPE(wish_shape, "profile_wish", struct own,
           J_I64(struct own, version, 0, INT64_C(1) << 53,
                 .about = "the one that was read; else 409 profiles.changed"),
           J_LIST(struct own, fields, field, PROFILES_FIELDS_MAX,
                  .about = "All of them: what is not named is as if it had never been said."));
JSON_SHAPE(done_shape, "profile_done", struct own, J_I64(struct own, version, 1, INT64_C(1) << 53));

static enum err find(struct call *call, const struct contact_viewer *viewer, const char *id,
                     struct person_state *state)
{
    TRY(profiles_find(call, viewer, id, &state->card));
    return contact_acts_of(call, viewer, state->card.account_id, &state->acts);
}

STEPS(get_person, which_shape, person_shape, struct person_state, apply, finish);
STEP(get_person, apply)
{
    const struct contact_viewer me = {.id = call->actor.id};
    return find(call, &me, in->id, state);
}

STEPS(get_preview, preview_shape, person_shape, struct person_state, apply, finish);
STEP(get_preview, apply)
{
    const struct contact_viewer viewer = contact_viewer_like(in->by);
    return find(call, &viewer, call->actor.public_id, state);
}

static bool may(const struct person_state *state, enum contact_act act)
{
    return (state->acts >> act & 1) != 0;
}

/* To the day it would tell who came with whom. */
static const char *month_of(struct call *call, int64_t at_ms)
{
    char text[8] = "";
    struct tm tm;
    time_t at = (time_t)(at_ms / TIME_S);
    if (gmtime_r(&at, &tm)) {
        strftime(text, sizeof(text), "%Y-%m", &tm);
    }
    return arena_text(call->arena, text, strlen(text));
}

static enum err shape_person(struct call *call, struct person_state *state, struct person *out)
{
    const struct profiles_card *card = &state->card;
    bool staff = strcmp(card->role, "admin") == 0;
    struct profiles_field *all = arena_alloc(call->arena, PROFILES_SHOWN_MAX * sizeof(*all));
    size_t count = 0;
    TRY(profiles_open(call, card, false, all, &count));
    *out = (struct person){.face = card->face,
                           .role = card->role,
                           .relation = card->relation,
                           .may = {may(state, CONTACT_REQUEST), may(state, CONTACT_MESSAGE),
                                   may(state, CONTACT_INVITE), may(state, CONTACT_JOIN),
                                   may(state, CONTACT_COMMENT)}};
    if (count > 0 && strcmp(all[0].name, "display_name") == 0) {
        out->display_name = all[0].value;
        memmove(all, all + 1, --count * sizeof(*all));
    }
    all[count++] =
        (struct profiles_field){.name = "member_since", .value = month_of(call, card->created_ms)};
    if (staff || card->founder) {
        all[count++] = (struct profiles_field){.name = "badges",
                                               .value = !staff          ? "founder"
                                                        : card->founder ? "founder\nstaff"
                                                                        : "staff"};
    }
    JSON_LIST_SET(out->fields, all, count);
    return OK;
}

STEP_IS(get_person, finish, shape_person(call, state, out));

STEP_IS(get_preview, finish, shape_person(call, state, out));

STEPS(get_own, none, own_shape, struct person_state, apply, finish);
STEP(get_own, apply)
{
    const struct contact_viewer me = {.id = call->actor.id};
    return profiles_find(call, &me, call->actor.public_id, &state->card);
}

STEP(get_own, finish)
{
    const struct profiles_card *card = &state->card;
    struct profiles_field *all = arena_alloc(call->arena, PROFILES_SHOWN_MAX * sizeof(*all));
    *out = (struct own){.version = card->version, .minor = card->between.minor};
    TRY(profiles_open(call, card, true, all, &out->fields.count));
    out->fields.items = all;
    return OK;
}

STEPS(put, wish_shape, done_shape, struct wish_state, look, prepare, apply);
STEP_IS(put, look, sealed_own_key(call, &state->key_id));

STEP(put, prepare)
{
    const struct profiles_field *fields = in->fields.items;
    state->count = 0;
    for (size_t i = 0; i < in->fields.count; i++) {
        const struct profiles_rule *rule = profiles_rule_of(fields[i].name);
        struct profiles_new one = {.rule = rule, .audience = fields[i].audience};
        const char *value = NULL;
        for (size_t before = 0; before < i; before++) {
            if (strcmp(fields[before].name, fields[i].name) == 0) {
                return call_fail_field(call, ERR_INVALID, "input.twice", fields[i].name);
            }
        }
        TRY(profiles_value(call, rule, fields[i].value, &value));
        if (*value) {
            TRY(sealed_text(call, state->key_id, "profile_field.value_ct", value, &one.value));
        }
        state->all[state->count++] = one;
    }
    return OK;
}

STEP(put, apply)
{
    TRY(profiles_put(call, in->version, state->all, state->count));
    out->version = in->version + 1;
    return OK;
}

/* ---- bauta demo ---- */

struct demo_state {
    struct profiles_demo *demo;
};
INNER_STEPS(demo, struct none, struct none, struct demo_state, look, prepare, apply);
STEP_IS(demo, look, profiles_demo_look(call, &state->demo));
STEP_IS(demo, prepare, profiles_demo_prepare(call, state->demo));
STEP_IS(demo, apply, profiles_demo(call, state->demo));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/people/{id}", API_MEMBER, API_TX_READ, 0, 200, &get_person_steps,
     .limits = {&reads}, .about = "Somebody, as you may see them, and what you may do."},
    {"GET", "/api/me/profile", API_MEMBER, API_TX_READ, 0, 200, &get_own_steps, .limits = {&reads},
     .about = "What you say of yourself, and to whom."},
    {"GET", "/api/me/profile/preview", API_MEMBER, API_TX_READ, 0, 200, &get_preview_steps,
     .limits = {&reads}, .about = "You, as GET /api/people/{id} shows you to one of that kind."},
    {"PUT", "/api/me/profile", API_MEMBER, API_TX_WRITE, API_OWN_ANSWER, 200, &put_steps,
     .limits = {&changes}, .about = "Say it anew; nothing is lost when two devices do so at once."},
    {0},
};
/* clang-format on */

extern const struct feature profiles_feature; /* named in features.gen.c */
const struct feature profiles_feature = {.name = "profiles", .routes = routes, .demo = &demo_steps};
