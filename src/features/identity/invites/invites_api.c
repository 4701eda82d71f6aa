#include "features/identity/invites/invites.h"

#include "api/api.h"
#include "base/arena.h"
#include "base/time.h"

static const struct api_limit staff = {"invites", 60, TIME_MIN};
static const struct api_limit looks = {"invites.look", 20, 30 * TIME_MIN, .address = true};

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
struct given {
    const char *invite;
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
JSON_ITEMS(invite_list, "invite_list", invite, INVITES_MAX);

JSON_SHAPE(invite_given, "invite_given", struct given,
           J_TEXT(struct given, invite, 1, 64, .flags = JSON_SECRET));

/* A bad one is told before the form is filled in, in the words that would refuse the form. */
STEPS(look, invite_given, none, struct state, prepare, apply);
STEP(look, prepare)
{
    invites_hash(in->invite, state->hash);
    return OK;
}
STEP_IS(look, apply, invites_look(call, state->hash));

STEPS(post_invite, invite_new, invite_made, struct state, prepare, apply);
STEP(post_invite, prepare)
{
    char code[PUBLIC_ID_LEN + 1];
    invites_code(code, state->hash);
    out->code = arena_text(call->arena, code, PUBLIC_ID_LEN);
    return OK;
}

STEP(post_invite, apply)
{
    out->uses_left = in->uses;
    out->ends_ms = call->now_ms + in->days * TIME_DAY;
    return invites_add(call, "member", NULL, state->hash, in->uses, out->ends_ms, &out->id);
}

STEPS(get_invites, none, invite_list, struct none, apply);
STEP(get_invites, apply)
{
    struct invites_invite *all = NULL;
    TRY(invites_list(call, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

STEPS(delete_invite, ref, none, struct none, apply);
STEP_IS(delete_invite, apply, invites_end(call, in->id));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/invites", API_INVITES, API_TX_READ, 0, 200, &get_invites_steps,
     .limits = {&staff}, .about = "Open invitations, newest first."},
    {"POST", "/api/invites", API_INVITES, API_TX_WRITE, API_NO_IDEMPOTENCY | API_PASSKEY, 201,
     &post_invite_steps, .limits = {&staff},
     .about = "A new invitation, for so many people and days."},
    {"POST", "/api/invites/look", API_ANYONE, API_TX_READ, 0, 204, &look_steps, .limits = {&looks},
     .about = "Is this invitation good, as of now?  403 invites.none: it is not."},
    {"DELETE", "/api/invites/{id}", API_INVITES, API_TX_WRITE, API_PASSKEY, 204,
     &delete_invite_steps, .limits = {&staff}, .about = "Take an invitation back."},
    {0},
};

/* clang-format on */

extern const struct feature invites_feature; /* named in features.gen.c */
const struct feature invites_feature = {.name = "invites", .routes = routes};
