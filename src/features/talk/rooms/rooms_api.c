#include "api/api.h"

#include <string.h>

#include "base/crypto.h"
#include "call/id.h"
#include "call/scene.h"
#include "features/identity/names/names.h"
#include "features/talk/rooms/rooms_inner.h"
#include "live/ask.h"
#include "privacy/cursor.h"

#define VISIBILITIES "public unlisted closed"
#define LANGUAGES "en id"
enum { VIEW_MAX = 32 };

struct list_in {
    const char *search, *tag, *after;
};
struct list_out {
    JSON_LIST_OF(struct rooms_room) items;
    const char *next;
};
struct messages_in {
    const char *id;
    int64_t before, after, limit;
};
struct messages_out {
    JSON_LIST_OF(struct rooms_line) items;
    const char *next;
};
struct remove_in {
    const char *id, *account;
};
struct scene_out {
    const char *id, *scene;
};

/* Steps share: what was looked up before the transaction, what is still sealed after it. */
struct state {
    struct rooms_who who;
    struct rooms_edit edit;
    const char *fold, *tag;
    char id[PUBLIC_ID_LEN + 1];
    struct rooms_sealed *lines;
    size_t count;
};

JSON_SHAPE(room, "room", struct rooms_room, J_TEXT(struct rooms_room, id, 1, 32),
           J_TEXT(struct rooms_room, name, 1, ROOMS_NAME_MAX),
           J_TEXT(struct rooms_room, scene, 1, 32), J_TEXT(struct rooms_room, language, 2, 8),
           J_I64(struct rooms_room, capacity, ROOMS_CAPACITY_MIN, ROOMS_CAPACITY_MAX),
           J_CHOICE(struct rooms_room, visibility, VISIBILITIES),
           J_I64(struct rooms_room, here, 0, 255, .about = "How many are in now."),
           J_TEXT(struct rooms_room, view, 1, VIEW_MAX, .about = "Of its scene: its picture."),
           J_CHOICE(struct rooms_room, light, ROOMS_LIGHTS, .about = "In which that is shown."),
           J_TEXT(struct rooms_room, topic, 0, ROOMS_TOPIC_MAX),
           J_TEXTS(struct rooms_room, tags, ROOMS_TAGS_MAX, ROOMS_TAG_MAX),
           J_BOOL(struct rooms_room, mine),
           J_BOOL(struct rooms_room, moderate, .about = "You may change it and remove people."),
           J_I64(struct rooms_room, keep_days, 1, ROOMS_KEEP_DAYS_MAX,
                 .about = "Lines are kept this long."),
           J_LIST(struct rooms_room, people, face_shape, ROOMS_PEOPLE_SHOWN),
           J_TEXT(struct rooms_room, owner_name, 1, 32, .flags = JSON_OPTIONAL));
JSON_SHAPE(rooms, "rooms", struct list_out, J_LIST(struct list_out, items, room, ROOMS_PAGE),
           J_TEXT(struct list_out, next, 1, CURSOR_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(shown, "room_shown", struct rooms_shown,
           J_TEXT(struct rooms_shown, name, 1, ROOMS_NAME_MAX),
           J_TEXT(struct rooms_shown, scene, 1, 32), J_TEXT(struct rooms_shown, view, 1, VIEW_MAX),
           J_CHOICE(struct rooms_shown, light, ROOMS_LIGHTS),
           J_I64(struct rooms_shown, here, 0, 255, .about = "Rounded down to whole fives."));
JSON_ITEMS(shown_list, "rooms_shown", shown, 1);
JSON_SHAPE(search, "rooms_search", struct list_in,
           J_TEXT(struct list_in, search, 0, ROOMS_NAME_MAX, .flags = JSON_OPTIONAL),
           J_TEXT(struct list_in, tag, 1, ROOMS_TAG_MAX, .flags = JSON_OPTIONAL),
           J_TEXT(struct list_in, after, 1, CURSOR_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(which, "room_which", struct rooms_edit, J_TEXT(struct rooms_edit, id, 1, 32));
/* What an owner says of a room beside its name, when it is made as when it is changed. */
#define ABOUT                                                                                   \
    J_TEXT(struct rooms_edit, view, 1, VIEW_MAX, .flags = JSON_OPTIONAL,                        \
           .about = "One of its scene's views; else one comes of the room's id."),              \
        J_CHOICE(struct rooms_edit, light, ROOMS_LIGHTS, .flags = JSON_OPTIONAL),               \
        J_TEXT(struct rooms_edit, topic, 0, ROOMS_TOPIC_MAX, .flags = JSON_OPTIONAL),           \
        J_TEXTS(struct rooms_edit, tags, ROOMS_TAGS_MAX, ROOMS_TAG_MAX, .flags = JSON_OPTIONAL, \
                .about = "Each of letters a to z, digits, and hyphens between them.")
JSON_SHAPE(made, "room_new", struct rooms_edit, J_TEXT(struct rooms_edit, name, 1, ROOMS_NAME_MAX),
           J_TEXT(struct rooms_edit, scene, 1, 32),
           J_CHOICE(struct rooms_edit, language, LANGUAGES),
           J_I64(struct rooms_edit, capacity, ROOMS_CAPACITY_MIN, ROOMS_CAPACITY_MAX,
                 .flags = JSON_OPTIONAL),
           J_CHOICE(struct rooms_edit, visibility, VISIBILITIES, .flags = JSON_OPTIONAL), ABOUT);
JSON_SHAPE(changed, "room_change", struct rooms_edit, J_TEXT(struct rooms_edit, id, 1, 32),
           J_TEXT(struct rooms_edit, name, 1, ROOMS_NAME_MAX, .flags = JSON_OPTIONAL),
           J_TEXT(struct rooms_edit, scene, 1, 32, .flags = JSON_OPTIONAL),
           J_CHOICE(struct rooms_edit, language, LANGUAGES, .flags = JSON_OPTIONAL),
           J_I64(struct rooms_edit, capacity, ROOMS_CAPACITY_MIN, ROOMS_CAPACITY_MAX,
                 .flags = JSON_OPTIONAL),
           J_CHOICE(struct rooms_edit, visibility, VISIBILITIES, .flags = JSON_OPTIONAL),
           J_I64(struct rooms_edit, keep_days, 1, ROOMS_KEEP_DAYS_MAX, .flags = JSON_OPTIONAL),
           ABOUT);
JSON_SHAPE(line, "line", struct rooms_line, J_ID(struct rooms_line, id),
           J_I64(struct rooms_line, seq, 1, INT64_MAX), J_TEXT(struct rooms_line, from, 1, 32),
           J_TEXT(struct rooms_line, name, 1, 32), J_TEXT(struct rooms_line, avatar, 1, 32),
           J_TEXT(struct rooms_line, look, 1, 32, .flags = JSON_OPTIONAL | JSON_OMIT),
           J_TEXT(struct rooms_line, text, 1, 1000), J_TIME(struct rooms_line, at),
           J_BOOL(struct rooms_line, mine));
JSON_SHAPE(messages, "messages", struct messages_out,
           J_LIST(struct messages_out, items, line, ROOMS_LINES_PAGE_MAX),
           J_TEXT(struct messages_out, next, 1, 20, .flags = JSON_OPTIONAL,
                  .about = "Pass it as before (or after) to go on; null at the end."));
JSON_SHAPE(messages_asked, "messages_which", struct messages_in,
           J_TEXT(struct messages_in, id, 1, 32),
           J_ID(struct messages_in, before, .flags = JSON_OPTIONAL),
           J_I64(struct messages_in, after, 0, INT64_MAX, .flags = JSON_OPTIONAL),
           J_I64(struct messages_in, limit, 1, ROOMS_LINES_PAGE_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(removed, "room_remove", struct remove_in, J_TEXT(struct remove_in, id, 1, 32),
           J_TEXT(struct remove_in, account, 1, 32));
JSON_SHAPE(scene, "scene", struct scene_out, J_TEXT(struct scene_out, id, 1, 32),
           J_RAW(struct scene_out, scene));
JSON_ITEMS(scene_list, "scenes", scene, 64);

STEPS(list, search, rooms, struct state, prepare, apply);
STEP(list, prepare)
{
    const char *name = NULL;
    state->fold = state->tag = "";
    rooms_who(call, &state->who);
    TRY(in->tag ? rooms_tag(call, in->tag, &state->tag) : OK);
    return in->search && *in->search ? rooms_fold(call, in->search, &name, &state->fold) : OK;
}

STEP(list, apply)
{
    struct rooms_room *all = NULL;
    const struct rooms_wish wish = {state->fold, state->tag, in->after};
    TRY(rooms_list(call, &state->who, &wish, &all, &out->items.count, &out->next));
    out->items.items = all;
    return OK;
}

static enum err who_prepare(struct call *call, struct state *state)
{
    rooms_who(call, &state->who);
    return OK;
}

STEPS(get, which, room, struct state, prepare, apply);
STEP_IS(get, prepare, who_prepare(call, state));
STEP_IS(get, apply, rooms_get(call, &state->who, in->id, out));

STEPS(show, which, shown_list, struct state, prepare, apply);
STEP_IS(show, prepare, who_prepare(call, state));
STEP(show, apply)
{
    struct rooms_shown *one = arena_alloc(call->arena, sizeof(*one));
    bool there = false;
    TRY(rooms_show(call, &state->who, in->id, one, &there));
    JSON_LIST_SET(out->items, one, there);
    return OK;
}

/* What an owner says of a room beside its name, as it is kept. */
static enum err read_about(struct call *call, struct rooms_edit *edit)
{
    TRY(edit->topic ? rooms_topic(call, edit->topic, &edit->topic) : OK);
    return edit->tags.items ? rooms_tags_keep(call, &edit->tags, &edit->kept_tags) : OK;
}

/* A room is called as those who run this place are by themselves alone. */
static enum err read_name(struct call *call, struct rooms_edit *edit)
{
    TRY(rooms_fold(call, edit->name, &edit->name, &edit->fold));
    return !roles_may(call->actor.roles, POWER_ROOMS) && names_staffs(call, edit->name)
               ? call_fail_field(call, ERR_INVALID, "rooms.reserved", "name")
               : OK;
}

STEPS(make, made, room, struct state, prepare, apply);
STEP(make, prepare)
{
    uint8_t chance[16];
    state->edit = *in;
    crypto_random(chance, sizeof(chance));
    id_public(chance, state->id);
    TRY(read_about(call, &state->edit));
    return read_name(call, &state->edit);
}

STEP(make, apply)
{
    TRY(rooms_make(call, state->id, &state->edit));
    return rooms_get(call, &state->who, state->id, out);
}

STEPS(staff, which, room, struct state, prepare, apply);
STEP_IS(staff, prepare, who_prepare(call, state));
STEP(staff, apply)
{
    call->acted.staff = true;
    return rooms_get(call, &state->who, in->id, out);
}

STEPS(change, changed, room, struct state, prepare, apply);
STEP(change, prepare)
{
    state->edit = *in;
    rooms_who(call, &state->who);
    TRY(read_about(call, &state->edit));
    return state->edit.name ? read_name(call, &state->edit) : OK;
}

STEP(change, apply)
{
    TRY(rooms_change(call, &state->edit));
    return rooms_get(call, &state->who, state->edit.id, out);
}

STEPS(end, which, none, struct none, apply);
STEP_IS(end, apply, rooms_end(call, in->id));

STEPS(messages, messages_asked, messages, struct state, apply, finish);
STEP(messages, apply)
{
    int64_t limit = in->limit ? in->limit : ROOMS_LINES_PAGE;
    int64_t before = in->before || in->after ? in->before : INT64_MAX;
    return rooms_lines(call, in->id, before, in->after, limit, &state->lines, &state->count);
}

STEP(messages, finish)
{
    size_t count = state->count;
    struct rooms_line *all = arena_alloc(call->arena, (count + 1) * sizeof(*all));
    for (size_t i = 0; i < count; i++) {
        const struct rooms_sealed *one = &state->lines[i];
        const char *text = NULL;
        TRY(rooms_open(call, one, &text));
        if (text) {
            all[out->items.count++] =
                (struct rooms_line){one->seq,  one->seq,  one->at_ms,
                                    one->from, one->name, one->avatar,
                                    one->look, text,      one->sender_id == call->actor.id};
        }
    }
    out->items.items = all;
    if (count == (size_t)(in->limit ? in->limit : ROOMS_LINES_PAGE)) {
        bool back = in->before || !in->after;
        out->next =
            arena_printf(call->arena, "%lld", (long long)state->lines[back ? 0 : count - 1].seq);
    }
    return OK;
}

STEPS(remove, removed, none, struct none, apply);
STEP_IS(remove, apply, rooms_remove(call, in->id, in->account));

STEPS(scenes, none, scene_list, struct none, prepare);
STEP(scenes, prepare)
{
    struct scene_out *all = arena_alloc(call->arena, scenes_count * sizeof(*all));
    for (size_t i = 0; i < scenes_count; i++) {
        all[i] = (struct scene_out){scenes[i].id, scenes[i].json};
    }
    JSON_LIST_SET(out->items, all, scenes_count);
    return OK;
}

JOB_STEPS(sweep, struct none, apply);
STEP(sweep, apply)
{
    bool more = false; /* the rest comes with the next run */
    return rooms_sweep(call, &more);
}

/* ---- inside ---- */

INNER_STEPS(load, struct live_load_in, struct live_load_out, struct rooms_recall, apply, finish);
STEP_IS(load, apply, rooms_load(call, in, out, state));
STEP_IS(load, finish, rooms_load_open(call, state, out));

INNER_STEPS(admit, struct live_admit_in, struct live_admit_out, struct none, apply);
STEP_IS(admit, apply, rooms_admit(call, in, out));

INNER_STEPS(save, struct live_save_in, struct live_save_out, struct rooms_bodies, prepare, apply);
STEP_IS(save, prepare, rooms_save_seal(call, in, state));
STEP_IS(save, apply, rooms_save(call, in, state, out));

INNER_STEPS(said, struct live_said_in, struct live_said_out, struct none, apply);
STEP_IS(said, apply, rooms_said(call, in, &out->seq));

INNER_STEPS(demo, struct rooms_demo_in, struct none, struct rooms_demo, prepare, apply);
STEP_IS(demo, prepare, rooms_demo_seal(call, in, state));
STEP_IS(demo, apply, rooms_demo(call, in, state));

static const struct api_limit reads = {.name = "rooms.read", .burst = 60, .per_ms = 30000};
static const struct api_limit visits = {
    .name = "rooms.visit", .burst = 60, .per_ms = 60000, .address = true};
static const struct api_limit changes = {.name = "rooms.change", .burst = 20, .per_ms = 60000};
static const struct api_limit makes = {.name = "rooms.make", .burst = 5, .per_ms = 600000};

/* clang-format off */
static const struct api_route routes[] = {
    {"GET", "/api/rooms", API_MEMBER, API_TX_READ, 0, 200, &list_steps, .limits = {&reads},
     .about = "Public rooms and your own, with who is in: first the busiest, those with friends of"
              " yours and those you have spoken in, then all by name; search looks in the names, tag in what"
              " their owners say they are about."},
    {"POST", "/api/rooms", API_MEMBER, API_TX_WRITE, API_OWN_ANSWER, 201, &make_steps,
     .limits = {&makes}, .about = "Open a room of your own."},
    {"GET", "/api/rooms/{id}", API_MEMBER, API_TX_READ, 0, 200, &get_steps,
     .limits = {&reads}, .about = "One room."},
    {"GET", "/api/visitors/rooms/{id}", API_ANYONE, API_TX_READ, 0, 200, &show_steps,
     .limits = {&visits},
     .about = "What a link to a public room tells whoever is not signed in; of others, nothing."},
    {"GET", "/api/admin/rooms/{id}", API_ROOMS, API_TX_WRITE, API_PASSKEY, 200,
     &staff_steps, .look = "room", .limits = {&reads},
     .about = "Any room, closed ones, too; the look is written down."},
    {"PATCH", "/api/rooms/{id}", API_MEMBER, API_TX_WRITE, API_STAFF_LINE, 200, &change_steps,
     .limits = {&changes}, .about = "Change a room of yours; administrators, any room."},
    {"DELETE", "/api/rooms/{id}", API_MEMBER, API_TX_WRITE, API_STAFF_LINE, 204, &end_steps,
     .limits = {&changes},
     .about = "End a room for good: everybody is out, and what was said is deleted."},
    {"GET", "/api/rooms/{id}/messages", API_MEMBER, API_TX_READ, 0, 200, &messages_steps,
     .limits = {&reads},
     .about = "What was said, oldest first: the last lines, those before an id or after a number."},
    {"POST", "/api/rooms/{id}/remove", API_MEMBER, API_TX_WRITE, API_STAFF_LINE, 204,
     &remove_steps,
     .limits = {&changes},
     .about = "Somebody leaves your room and may not come back for 24 hours."},
    {"GET", "/api/scenes", API_ANYONE, API_TX_NONE, API_NOBODY, 200, &scenes_steps,
     .about = "The furnished scenes a room can have."},
    {0},
};

static const struct job_kind jobs[] = {
    {"rooms.sweep", 10000, 5, 30000, &sweep_steps, API_TX_WRITE,
     .about = "Deletes lines that are older than their room keeps them, and ended rooms."},
    {0},
};

const struct api_route rooms_load_route = {
    .who = API_ANYONE, .tx = API_TX_READ, .status = 200, .steps = &load_steps,
    .about = "A room comes to life."};
const struct api_route rooms_admit_route = {
    .who = API_ANYONE, .tx = API_TX_READ, .status = 200, .steps = &admit_steps,
    .about = "Who may come in, and who perceives whom."};
const struct api_route rooms_save_route = {
    .who = API_ANYONE, .tx = API_TX_WRITE, .flags = API_BATCH, .status = 200,
    .steps = &save_steps, .about = "Stores lines."};
const struct api_route rooms_said_route = {
    .who = API_ANYONE, .tx = API_TX_READ, .status = 200, .steps = &said_steps,
    .about = "Was this line stored before?"};
static const struct live_answers answers = {.to = {[LIVE_LOAD] = &rooms_load_route,
                                                   [LIVE_ADMIT] = &rooms_admit_route,
                                                   [LIVE_SAVE] = &rooms_save_route,
                                                   [LIVE_SAID] = &rooms_said_route}};
const struct api_route rooms_demo_route = {
    .who = API_ANYONE, .tx = API_TX_WRITE, .status = 200, .steps = &demo_steps,
    .about = "The rooms of a demo world."};
/* clang-format on */

extern const struct feature rooms_feature; /* named in features.gen.c */
const struct feature rooms_feature = {.name = "rooms",
                                      .routes = routes,
                                      .jobs = jobs,
                                      .answers = &answers,
                                      .captures = rooms_captures,
                                      .settings = &rooms_setting_group,
                                      .ending = &rooms_ending};
