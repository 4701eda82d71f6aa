#include "features/people/blocks/blocks.h"

#include "api/api.h"
#include "base/crypto.h"
#include "base/time.h"
#include "call/id.h"
#include "features/common/contact/contact.h"
#include "features/identity/names/names.h"

/* So slowly that the names of a whole site cannot be tried. */
static const struct api_limit adding = {"blocks", 60, 10 * TIME_MIN};
static const struct api_limit changes = {"people choices", 60, 10 * TIME_MIN};

enum { TYPED_MAX = 128 };

struct wish {
    const char *name, *id;
    bool unless_friend;
};
struct wish_state {
    struct name_forms forms;
    char id[PUBLIC_ID_LEN + 1]; /* of the entry, if it becomes one */
};
struct person {
    const char *id;
};

JSON_SHAPE(one, "block", struct blocks_one,
           J_TEXT(struct blocks_one, id, PUBLIC_ID_LEN, PUBLIC_ID_LEN,
                  .about = "takes the block back"),
           J_TEXT(struct blocks_one, name, 1, TYPED_MAX, .about = "as typed, or as it was then"),
           J_TIME(struct blocks_one, since_ms),
           J_BOOL(struct blocks_one, typed, .about = "blocked by name: the id is no person's"));
JSON_ITEMS(list_shape, "block_list", one, BLOCKS_MAX);
JSON_SHAPE(wish_shape, "block_wish", struct wish,
           J_TEXT(struct wish, name, 1, TYPED_MAX, .flags = JSON_OPTIONAL,
                  .about = "the avatar name as somebody types it; or:"),
           J_TEXT(struct wish, id, 1, TYPED_MAX, .flags = JSON_OPTIONAL),
           J_BOOL(struct wish, unless_friend, .flags = JSON_OPTIONAL,
                  .about = "with an id: a friend is not blocked, the answer is blocks.friend"));
JSON_SHAPE(person_shape, "block_person", struct person, J_TEXT(struct person, id, 1, TYPED_MAX));
JSON_SHAPE(choice_shape, "people_choice", struct blocks_choice,
           J_CHOICE(struct blocks_choice, messages, CONTACT_CHOICES,
                    .about = "who may write to me"),
           J_CHOICE(struct blocks_choice, join_me, CONTACT_CHOICES,
                    .about = "who may see where I am and follow me there"),
           J_CHOICE(struct blocks_choice, findable, CONTACT_CHOICES,
                    .about = "who may find me by my name"),
           J_BOOL(struct blocks_choice, invisible, .about = "shown as offline to everybody"));

STEPS(get_all, none, list_shape, struct none, apply);
STEP(get_all, apply)
{
    struct blocks_one *all = NULL;
    TRY(blocks_list(call, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

STEPS(add, wish_shape, one, struct wish_state, prepare, apply);
/* Text that cannot be a name is nobody's name; it is looked for all the same. */
STEP(add, prepare)
{
    uint8_t chance[16];
    if (!in->name == !in->id) {
        return call_fail_field(call, ERR_INVALID, "input.missing", "name");
    }
    if (in->name && in->unless_friend) { /* its answer would tell whose name it was */
        return call_fail_field(call, ERR_INVALID, "input.unknown", "unless_friend");
    }
    crypto_random(chance, sizeof(chance));
    id_public(chance, state->id);
    if (in->name && names_forms(call, in->name, &state->forms) != OK) {
        call->fail_code = call->fail_field = NULL;
        state->forms = (struct name_forms){"", "", ""};
    }
    return OK;
}

STEP(add, apply)
{
    return in->id ? blocks_add(call, in->id, in->unless_friend, out)
                  : blocks_add_typed(call, &state->forms, state->id, out);
}

STEPS(remove, person_shape, none, struct none, apply);
STEP_IS(remove, apply, blocks_remove(call, in->id));

STEPS(get_choice, none, choice_shape, struct none, apply);
STEP_IS(get_choice, apply, blocks_choice_read(call, out));

STEPS(put_choice, choice_shape, none, struct none, apply);
STEP_IS(put_choice, apply, blocks_choice_set(call, in));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/blocks", API_MEMBER, API_TX_READ, 0, 200, &get_all_steps,
     .about = "Whom you blocked, the newest first."},
    {"POST", "/api/blocks", API_MEMBER, API_TX_WRITE, API_KNOWS_REPEATS, 201, &add_steps,
     .limits = {&adding},
     .about = "Block somebody: at once neither perceives the other; they are not told."},
    {"DELETE", "/api/blocks/{id}", API_MEMBER, API_TX_WRITE, 0, 204, &remove_steps,
     .limits = {&changes}, .about = "Take a block back."},
    {"GET", "/api/me/contact", API_MEMBER, API_TX_READ, 0, 200, &get_choice_steps,
     .about = "Who may write to you or join you."},
    {"PUT", "/api/me/contact", API_MEMBER, API_TX_WRITE, API_NO_TOKEN, 204, &put_choice_steps,
     .limits = {&changes}, .about = "Change who may come near."},
    {0},
};
/* clang-format on */

extern const struct feature blocks_feature; /* named in features.gen.c */
const struct feature blocks_feature = {.name = "blocks", .routes = routes, .live = blocks_events};
