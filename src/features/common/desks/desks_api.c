#include "api/api.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/common/desks/desks.h"

static const struct api_limit staff = {"desks", 300, 5 * TIME_MIN};

struct desk_view {
    const char *name, *path;
    int64_t waiting, urgent, place;
};
struct desks {
    struct json_list items;
};

JSON_SHAPE(desk_view, "staff_desk", struct desk_view, J_TEXT(struct desk_view, name, 1, 32),
           J_TEXT(struct desk_view, path, 1, 64, .about = "its page"),
           J_I64(struct desk_view, waiting, 0, INT64_C(1) << 53),
           J_I64(struct desk_view, urgent, 0, INT64_C(1) << 53, .about = "of these, what hurries"));
JSON_ITEMS(desks, "staff_desks", desk_view, DESKS_MAX);

/* Is it below that page, of whoever asks, and theirs to see just now? */
static bool may_see(const struct call *call, const struct desk *desk, const char *below)
{
    bool passkey = desk->passkey || roles_passkey(desk->may);
    return strncmp(desk->path, below, strlen(below)) == 0 &&
           roles_may(call->actor.roles, desk->may) && (!passkey || call_has_passkey(call));
}

static enum err desks_of(struct call *call, const char *below, desks_struct *ret)
{
    struct desk_view *all = arena_alloc(call->arena, DESKS_MAX * sizeof(*all));
    size_t count = 0;
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct desk *desk = (*at)->desks; desk && desk->name; desk++) {
            if (!may_see(call, desk, below) || count == DESKS_MAX) {
                continue;
            }
            struct desk_view view = {desk->name, desk->path, 0, 0, desk->place};
            TRY(desk->waiting(call, &view.waiting, &view.urgent));
            size_t to = count++;
            for (; to > 0 && all[to - 1].place > view.place; to--) {
                all[to] = all[to - 1];
            }
            all[to] = view;
        }
    }
    JSON_LIST_SET(ret->items, all, count);
    return OK;
}

STEPS(of_officers, none, desks, struct none, apply);
STEP_IS(of_officers, apply, desks_of(call, "/staff", out));

STEPS(of_admins, none, desks, struct none, apply);
STEP_IS(of_admins, apply, desks_of(call, "/admin", out));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/staff/waiting", API_DESKS, API_TX_READ, 0, 200, &of_officers_steps,
     .limits = {&staff}, .about = "How much waits on each desk that is yours."},
    {"GET", "/api/admin/waiting", API_PAGES, API_TX_READ, 0, 200, &of_admins_steps,
     .limits = {&staff},
     .about = "How much waits in the administration, and where; of people, after a passkey only."},
    {0},
};
/* clang-format on */

extern const struct feature desks_feature; /* named in features.gen.c */
const struct feature desks_feature = {.name = "desks", .routes = routes};
