#include "features/identity/renames/renames.h"

#include "api/api.h"

static const struct api_limit holds = {"names held", 20, TIME_H};
static const struct api_limit staff = {"staff", 300, 5 * TIME_MIN};

enum { FORMER_LIST_MAX = RENAMES_FORMER_MAX };

struct wish {
    const char *name;
};
struct wish_state {
    struct name_forms forms;
};
struct held {
    const char *name;
    int64_t ends_ms;
};
struct own {
    const char *name, *change, *held;
    int64_t ends_ms, next_ms;
    JSON_LIST_OF(struct renames_former) former;
};
struct person_ref {
    const char *id;
};

JSON_SHAPE(wish, "name_wish", struct wish, J_TEXT(struct wish, name, 1, 128));
JSON_SHAPE(held_shape, "name_held", struct held, J_TEXT(struct held, name, 1, 128),
           J_TIME(struct held, ends_ms));
JSON_SHAPE(former, "name_former", struct renames_former,
           J_TEXT(struct renames_former, name, 1, 128), J_TIME(struct renames_former, from_ms),
           J_TIME(struct renames_former, until_ms),
           J_TIME(struct renames_former, kept_until_ms,
                  .about = "nobody else may have it so long"));
JSON_SHAPE(own_shape, "name_state", struct own, J_TEXT(struct own, name, 1, 128),
           J_CHOICE(struct own, change, "off free"),
           J_TEXT(struct own, held, 1, 128, .flags = JSON_OPTIONAL),
           J_TIME(struct own, ends_ms, .about = "of what is held"),
           J_TIME(struct own, next_ms, .about = "when the name may be changed again; 0: now"),
           J_LIST(struct own, former, former, FORMER_LIST_MAX));
JSON_SHAPE(person_ref, "name_person", struct person_ref, J_TEXT(struct person_ref, id, 26, 26));
JSON_ITEMS(list_shape, "name_list", former, FORMER_LIST_MAX);

STEPS(get_own, none, own_shape, struct none, apply);
STEP(get_own, apply)
{
    struct renames_state now = {0};
    TRY(renames_state(call, &now));
    *out = (struct own){now.name,    now.change,  now.held,
                        now.ends_ms, now.next_ms, {now.former, now.former_count}};
    return OK;
}

STEPS(hold, wish, held_shape, struct wish_state, prepare, apply);
STEP_IS(hold, prepare, names_check(call, in->name, &state->forms));

STEP(hold, apply)
{
    TRY(renames_may(call));
    out->name = state->forms.name;
    return renames_hold(call, call->actor.id, &state->forms, &out->ends_ms);
}

STEPS(let_go, none, none, struct none, apply);
STEP_IS(let_go, apply, renames_let_go(call, call->actor.id));

STEPS(take, none, none, struct none, apply);
STEP_IS(take, apply, renames_take(call));

STEPS(get_person, person_ref, list_shape, struct none, apply);
STEP(get_person, apply)
{
    const struct renames_former *all = NULL;
    TRY(renames_of(call, in->id, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/me/name", API_MEMBER, API_TX_READ, 0, 200, &get_own_steps,
     .about = "Your avatar name, what you hold, what you wore before."},
    {"POST", "/api/me/name/hold", API_MEMBER, API_TX_WRITE, API_OWN_ANSWER, 200, &hold_steps,
     .limits = {&holds}, .about = "Hold a free name for half an hour; one at a time."},
    {"DELETE", "/api/me/name/hold", API_MEMBER, API_TX_WRITE, 0, 204, &let_go_steps,
     .limits = {&holds}, .about = "Let go of the held name."},
    {"POST", "/api/me/name", API_MEMBER, API_TX_WRITE, 0, 204, &take_steps, .limits = {&holds},
     .about = "Take the held name; the old one stays yours for 90 days."},
    {"GET", "/api/admin/accounts/{id}/names", API_NAMES, API_TX_WRITE, API_PASSKEY, 200,
     &get_person_steps, .look = "names", .limits = {&staff},
     .about = "The names that somebody wore before."},
    {0},
};

/* clang-format on */

extern const struct feature renames_feature; /* named in features.gen.c */
const struct feature renames_feature = {
    .name = "renames", .routes = routes, .settings = &renames_setting_group};
