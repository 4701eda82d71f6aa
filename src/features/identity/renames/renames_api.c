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
    struct json_list former;
};
struct person_ref {
    const char *id;
};
struct list {
    struct json_list items;
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
           J_LIST(struct own, former, &former, FORMER_LIST_MAX));
JSON_SHAPE(person_ref, "name_person", struct person_ref, J_TEXT(struct person_ref, id, 26, 26));
JSON_SHAPE(list_shape, "name_list", struct list,
           J_LIST(struct list, items, &former, FORMER_LIST_MAX));

static enum err get_own(struct call *call, const void *in UNUSED, void *out)
{
    struct own *own = out;
    struct renames_state state = {0};
    TRY(renames_state(call, &state));
    *own = (struct own){state.name,    state.change,  state.held,
                        state.ends_ms, state.next_ms, {state.former, state.former_count}};
    return OK;
}

static enum err prepare_hold(struct call *call, const void *in, void *out UNUSED)
{
    return names_check(call, ((const struct wish *)in)->name,
                       &((struct wish_state *)call->state)->forms);
}

static enum err apply_hold(struct call *call, const void *in UNUSED, void *out)
{
    struct held *held = out;
    const struct wish_state *state = call->state;
    TRY(renames_may(call));
    held->name = state->forms.name;
    return renames_hold(call, call->actor.id, &state->forms, &held->ends_ms);
}

static enum err apply_let_go(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return renames_let_go(call, call->actor.id);
}

static enum err apply_take(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return renames_take(call);
}

static enum err get_person(struct call *call, const void *in, void *out)
{
    struct list *list = out;
    const struct renames_former *all = NULL;
    TRY(renames_of(call, ((const struct person_ref *)in)->id, &all, &list->items.count));
    list->items.items = all;
    return OK;
}

static enum err sweep(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return renames_sweep(call);
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/me/name", API_MEMBER, API_TX_READ, 0, 200, .out = &own_shape, .apply = get_own,
     .about = "Your avatar name, what you hold, what you wore before."},
    {"POST", "/api/me/name/hold", API_MEMBER, API_TX_WRITE, API_OWN_ANSWER, 200, .in = &wish,
     .out = &held_shape, .state_size = sizeof(struct wish_state), .prepare = prepare_hold,
     .apply = apply_hold, .limits = {&holds},
     .about = "Hold a free name for half an hour; one at a time."},
    {"DELETE", "/api/me/name/hold", API_MEMBER, API_TX_WRITE, 0, 204, .apply = apply_let_go,
     .limits = {&holds}, .about = "Let go of the held name."},
    {"POST", "/api/me/name", API_MEMBER, API_TX_WRITE, 0, 204, .apply = apply_take,
     .limits = {&holds}, .about = "Take the held name; the old one stays yours for 90 days."},
    {"GET", "/api/admin/accounts/{id}/names", API_ADMIN, API_TX_READ, API_PASSKEY, 200,
     .in = &person_ref, .out = &list_shape, .apply = get_person, .limits = {&staff},
     .about = "The names that somebody wore before."},
    {0},
};

static const struct job_kind jobs[] = {
    {"renames.sweep", TIME_H, 5, TIME_MIN, .apply = sweep, .tx = API_TX_WRITE,
     .about = "Removes holds of names that are over."},
    {0},
};
/* clang-format on */

extern const struct feature renames_feature; /* named in features.gen.c */
const struct feature renames_feature = {
    .name = "renames", .routes = routes, .jobs = jobs, .settings = &renames_setting_group};
