#include "features/identity/invites/invites.h"

#include "api/api.h"
#include "base/arena.h"
#include "base/time.h"

static const struct api_limit staff = {"invites", 60, TIME_MIN};

struct wish {
    int64_t uses, days;
};
struct made {
    int64_t id, uses_left, ends_ms;
    const char *code;
};
struct state {
    uint8_t hash[HASH_BYTES];
};
struct ref {
    int64_t id;
};
struct list {
    struct json_list items;
};

JSON_SHAPE(invite_new, "invite_new", struct wish, J_I64(struct wish, uses, 1, INVITE_USES_MAX),
           J_I64(struct wish, days, 1, INVITE_DAYS_MAX));
JSON_SHAPE(invite_made, "invite_made", struct made, J_ID(struct made, id),
           J_TEXT(struct made, code, 26, 26, .flags = JSON_SECRET,
                  .about = "shown once; the link is /register?invite=CODE"),
           J_I64(struct made, uses_left, 0, INVITE_USES_MAX), J_TIME(struct made, ends_ms));
JSON_SHAPE(ref, "invite_ref", struct ref, J_ID(struct ref, id));
JSON_SHAPE(invite, "invite", struct invites_invite, J_ID(struct invites_invite, id),
           J_I64(struct invites_invite, uses_left, 0, INVITE_USES_MAX),
           J_TIME(struct invites_invite, created_ms), J_TIME(struct invites_invite, ends_ms));
JSON_SHAPE(invite_list, "invite_list", struct list,
           J_LIST(struct list, items, &invite, INVITES_MAX));

static enum err prepare_invite(struct call *call, const void *in UNUSED, void *out)
{
    char code[PUBLIC_ID_LEN + 1];
    invites_code(code, ((struct state *)call->state)->hash);
    ((struct made *)out)->code = arena_text(call->arena, code, PUBLIC_ID_LEN);
    return OK;
}

static enum err post_invite(struct call *call, const void *in, void *out)
{
    const struct wish *wish = in;
    struct made *made = out;
    made->uses_left = wish->uses;
    made->ends_ms = call->now_ms + wish->days * TIME_DAY;
    return invites_add(call, "member", NULL, ((struct state *)call->state)->hash, wish->uses,
                       made->ends_ms, &made->id);
}

static enum err get_invites(struct call *call, const void *in UNUSED, void *out)
{
    struct list *list = out;
    struct invites_invite *all = NULL;
    TRY(invites_list(call, &all, &list->items.count));
    list->items.items = all;
    return OK;
}

static enum err delete_invite(struct call *call, const void *in, void *out UNUSED)
{
    return invites_end(call, ((const struct ref *)in)->id);
}

static enum err sweep(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return invites_sweep(call);
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/invites", API_ADMIN, API_TX_READ, 0, 200, .out = &invite_list,
     .apply = get_invites, .limits = {&staff}, .about = "Open invitations, newest first."},
    {"POST", "/api/invites", API_ADMIN, API_TX_WRITE, API_NO_IDEMPOTENCY | API_PASSKEY, 201,
     .in = &invite_new, .out = &invite_made, .state_size = sizeof(struct state),
     .prepare = prepare_invite, .apply = post_invite, .limits = {&staff},
     .about = "A new invitation, for so many people and days."},
    {"DELETE", "/api/invites/{id}", API_ADMIN, API_TX_WRITE, API_PASSKEY, 204, .in = &ref,
     .apply = delete_invite, .limits = {&staff}, .about = "Take an invitation back."},
    {0},
};

static const struct job_kind jobs[] = {
    {"invites.sweep", TIME_H, 5, TIME_MIN, .apply = sweep, .tx = API_TX_WRITE,
     .about = "Removes invitations that ended by time."},
    {0},
};
/* clang-format on */

extern const struct feature invites_feature; /* named in features.gen.c */
const struct feature invites_feature = {.name = "invites", .routes = routes, .jobs = jobs};
