#include "api/api.h"
#include "base/time.h"
#include "features/looks/looks/looks_inner.h"

/* A room of a hundred strangers is looked at in one go; ids are chance, so that more finds nobody.
 */
static const struct api_limit reads = {"looks", 600, TIME_MIN};
static const struct api_limit own_reads = {"looks_own", 120, TIME_MIN};
static const struct api_limit changes = {"looks_changes", 60, 10 * TIME_MIN};

/* Longer than a recipe may be: looks.long says how long that is. */
enum { RECIPE_TAKEN_MAX = 4 * LOOKS_RECIPE_MAX, WORDS_TAKEN_MAX = 2 * LOOKS_WORDS_MAX };

struct which {
    const char *id;
};
struct wish {
    const char *from, *recipe, *words;
};
struct choice {
    const char *copies;
};
struct where {
    const char *slot;
};
struct outfit_wish {
    const char *id, *name, *recipe;
};

JSON_SHAPE(which_shape, "look_which", struct which,
           J_TEXT(struct which, id, PUBLIC_ID_LEN, PUBLIC_ID_LEN));
#define RECIPE(type_)                                                                   \
    J_TEXT(type_, recipe, 1, RECIPE_TAKEN_MAX,                                          \
           .about = "JSON as text, of the form that is told; with blanks behind it, so" \
                    " that nothing can be told by its length")
JSON_SHAPE(wish_shape, "look_wish", struct wish,
           J_TEXT(struct wish, from, PUBLIC_ID_LEN, PUBLIC_ID_LEN, .flags = JSON_OPTIONAL,
                  .about = "the look that was read and changed; else 409 looks.changed"),
           RECIPE(struct wish),
           J_TEXT(struct wish, words, 0, WORDS_TAKEN_MAX, .flags = JSON_OPTIONAL,
                  .about = "what you say of this look to whoever does not see it: one line of at"
                           " most 500 bytes as UTF-8; without it clients make it of the recipe"));
JSON_SHAPE(choice_shape, "look_choice", struct choice,
           J_CHOICE(struct choice, copies, LOOKS_COPIES,
                    .about = "who is offered to copy what you wear"));
JSON_SHAPE(shown_shape, "look", struct looks_shown,
           J_TEXT(struct looks_shown, id, PUBLIC_ID_LEN, PUBLIC_ID_LEN, .flags = JSON_OPTIONAL,
                  .about = "missing only of one's own, for some minutes after an update"),
           J_RAW(struct looks_shown, recipe, .about = "numbers by names of the catalogue"),
           J_RAW(struct looks_shown, words,
                 .about = "text that its owner wrote, null where nothing reaches you"));
JSON_SHAPE(where_shape, "wardrobe_where", struct where,
           J_TEXT(struct where, slot, 1, LOOKS_ID_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(thing_shape, "wardrobe_item", struct looks_thing,
           J_TEXT(struct looks_thing, id, 1, LOOKS_ID_MAX),
           J_TEXT(struct looks_thing, slot, 1, LOOKS_ID_MAX),
           J_BOOL(struct looks_thing, owned, .about = "else it is everybody's"));
JSON_ITEMS(things_shape, "wardrobe", thing_shape, LOOKS_ITEMS_MAX);
JSON_SHAPE(outfit_shape, "outfit", struct looks_outfit,
           J_TEXT(struct looks_outfit, id, PUBLIC_ID_LEN, PUBLIC_ID_LEN),
           J_TEXT(struct looks_outfit, name, 1, LOOKS_OUTFIT_NAME_MAX),
           J_RAW(struct looks_outfit, recipe));
JSON_ITEMS(outfits_shape, "outfits", outfit_shape, LOOKS_OUTFITS_MAX);
JSON_SHAPE(outfit_wish_shape, "outfit_wish", struct outfit_wish,
           J_TEXT(struct outfit_wish, id, PUBLIC_ID_LEN, PUBLIC_ID_LEN,
                  .about = "chosen by chance by whoever keeps it: a-z and 2-7"),
           J_TEXT(struct outfit_wish, name, 1, LOOKS_OUTFIT_NAME_MAX), RECIPE(struct outfit_wish));

STEPS(get_own, none, shown_shape, struct looks_found, apply, finish);
STEP_IS(get_own, apply, looks_own(call, state));
STEP_IS(get_own, finish, looks_show(call, state, out));

STEPS(get_one, which_shape, shown_shape, struct looks_found, apply, finish);
STEP_IS(get_one, apply, looks_find(call, in->id, state));
STEP_IS(get_one, finish, looks_show(call, state, out));

STEPS(copy, which_shape, shown_shape, struct looks_found, apply, finish);
STEP_IS(copy, apply, looks_copy_find(call, in->id, state));
STEP_IS(copy, finish, looks_copy_show(call, state, out));

STEPS(get_choice, none, choice_shape, struct none, apply);
STEP_IS(get_choice, apply, looks_copies_read(call, &out->copies));

STEPS(put_choice, choice_shape, none, struct none, apply);
STEP_IS(put_choice, apply, looks_copies_set(call, in->copies));

STEPS(wear, wish_shape, shown_shape, struct looks_change, look, prepare, apply);
STEP_IS(wear, look, looks_change_look(call, state));
STEP(wear, prepare)
{
    TRY(looks_take(call, in->recipe, &state->recipe));
    TRY(looks_seal(call, state));
    TRY(looks_take_words(call, in->words, state));
    return looks_compare(call, state);
}

STEP(wear, apply)
{
    *out = (struct looks_shown){state->same ? state->worn_id : state->id, state->text,
                                looks_words_write(call, state->words)};
    return looks_wear(call, in->from, state);
}

STEPS(wardrobe, where_shape, things_shape, struct none, apply);
STEP(wardrobe, apply)
{
    struct looks_thing *all = NULL;
    TRY(looks_wardrobe(call, in->slot, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

STEPS(outfits, none, outfits_shape, struct looks_outfits, apply, finish);
STEP_IS(outfits, apply, looks_outfits(call, state));
STEP(outfits, finish)
{
    struct looks_outfit *all = arena_alloc(call->arena, (state->count + 1) * sizeof(*all));
    TRY(looks_outfits_open(call, state, all));
    JSON_LIST_SET(out->items, all, state->count);
    return OK;
}

STEPS(keep, outfit_wish_shape, none, struct looks_outfit_new, look, prepare, apply);
STEP_IS(keep, look, looks_outfit_look(call, in->id, state));
STEP_IS(keep, prepare, looks_outfit_prepare(call, in->name, in->recipe, state));
STEP_IS(keep, apply, looks_outfit_put(call, state));

STEPS(end, which_shape, none, struct none, apply);
STEP_IS(end, apply, looks_outfit_end(call, in->id));

STEPS(change, which_shape, shown_shape, struct looks_outfit_worn, look, prepare, apply);
STEP_IS(change, look, looks_outfit_find(call, in->id, state));
STEP_IS(change, prepare, looks_outfit_take(call, state));
STEP(change, apply)
{
    *out = (struct looks_shown){state->look.id, state->look.text, looks_words_write(call, NULL)};
    return looks_wear_any(call, &state->look);
}

JOB_STEPS(ids, struct looks_before, look, prepare, apply);
STEP_IS(ids, look, looks_before_look(call, state));
STEP_IS(ids, prepare, looks_before_prepare(call, state));
STEP_IS(ids, apply, looks_before_apply(call, state));

/*
 * No answer or hash of a recipe is kept for a repeat (API_NO_IDEMPOTENCY, and no POST has one): it
 * would stand in clear.
 */
/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/me/look", API_MEMBER, API_TX_READ, 0, 200, &get_own_steps, .limits = {&own_reads},
     .about = "What you look like."},
    {"PUT", "/api/me/look", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 200, &wear_steps,
     .limits = {&changes},
     .about = "Look like this; where the trunk is not covered, the usual clothes are added."},
    {"GET", "/api/looks/{id}", API_MEMBER, API_TX_READ, 0, 200, &get_one_steps, .limits = {&reads},
     .about =
         "What somebody looks like: of the id in their face. Its recipe never changes: who looks"
         " otherwise has another id, and this one is gone."},
    {"GET", "/api/looks/{id}/copy", API_MEMBER, API_TX_READ, 0, 200, &copy_steps,
     .limits = {&own_reads},
     .about = "What a friend wears who lets friends copy it: nothing of their body, nothing that is"
              " not everybody's, and nothing that tells of health or belief."},
    {"GET", "/api/me/look/choice", API_MEMBER, API_TX_READ, 0, 200, &get_choice_steps,
     .limits = {&own_reads}, .about = "Who may copy what you wear."},
    {"PUT", "/api/me/look/choice", API_MEMBER, API_TX_WRITE, API_NO_TOKEN, 204, &put_choice_steps,
     .limits = {&changes},
     .about = "Choose that. What you wear is seen by whoever sees you, either"
              " way: this is about the offer to copy it."},
    {"GET", "/api/wardrobe", API_MEMBER, API_TX_READ, 0, 200, &wardrobe_steps,
     .limits = {&own_reads}, .about = "What you may wear, in one slot or in all."},
    {"GET", "/api/me/outfits", API_MEMBER, API_TX_READ, 0, 200, &outfits_steps,
     .limits = {&own_reads}, .about = "Looks that you put aside, the oldest first."},
    {"PUT", "/api/me/outfits/{id}", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 204, &keep_steps,
     .limits = {&changes}, .about = "Put a look aside under a name, or another in its place."},
    {"DELETE", "/api/me/outfits/{id}", API_MEMBER, API_TX_WRITE, 0, 204, &end_steps,
     .limits = {&changes}, .about = "Forget one."},
    {"POST", "/api/me/outfits/{id}/wear", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 200,
     &change_steps, .limits = {&changes}, .about = "Wear one, whatever you wear now."},
    {0},
};

static const struct job_kind jobs[] = {
    {"looks.ids", TIME_H, 5, TIME_MIN, &ids_steps, API_TX_WRITE,
     .about = "Seals which ready avatar somebody chose, as the recipe of it."},
    {0},
};
/* clang-format on */

extern const struct feature looks_feature; /* named in features.gen.c */
const struct feature looks_feature = {.name = "looks",
                                      .routes = routes,
                                      .jobs = jobs,
                                      .live = looks_events,
                                      .captures = looks_captures};
