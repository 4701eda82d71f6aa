#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/time.h"
#include "features/common/prose/prose.h"
#include "features/identity/accounts/accounts.h"
#include "features/people/homepages/homepages.h"
#include "features/people/profiles/profiles.h"
#include "features/talk/rooms/rooms.h"

static const struct api_limit reads = {"homepages", 120, TIME_MIN};
static const struct api_limit changes = {"homepage changes", 60, 10 * TIME_MIN};
static const struct api_limit writes = {"guest books", 10, 10 * TIME_MIN};

enum { BODY_MAX = 2 * HOMEPAGES_TEXT_MAX };

struct which {
    const char *id;
    int64_t before;
};
struct preview {
    const char *by;
};
struct entry_which {
    int64_t id;
};
struct page_answer {
    const char *style, *audience;
    int64_t version;
    JSON_LIST_OF(struct homepages_block) blocks;
    JSON_LIST_OF(struct homepages_room) rooms;
};
struct page_state {
    struct homepages_page page;
    struct homepages_room *rooms;
    size_t rooms_count;
};
struct block_wish {
    const char *kind, *text, *room;
};
struct wish {
    const char *style, *audience;
    int64_t version;
    JSON_LIST_OF(struct block_wish) blocks;
};
struct wish_state {
    int64_t key_id;
    struct homepages_new all[HOMEPAGES_BLOCKS_MAX];
    size_t count;
};
struct book {
    bool open;
    JSON_LIST_OF(struct homepages_entry) items;
    const char *next;
};
struct entry_wish {
    const char *id, *text;
};
struct entry_state {
    int64_t key_id;
    struct sealed body;
};

JSON_SHAPE(which_shape, "home_which", struct which, J_TEXT(struct which, id, 1, 32));
JSON_SHAPE(preview_shape, "home_preview", struct preview,
           J_CHOICE(struct preview, by, CONTACT_KINDS, .about = "whose eyes"));
JSON_SHAPE(room_shape, "home_room", struct homepages_room, J_TEXT(struct homepages_room, id, 1, 32),
           J_TEXT(struct homepages_room, name, 1, 60), J_TEXT(struct homepages_room, scene, 1, 32),
           J_TEXT(struct homepages_room, language, 2, 8),
           J_TEXT(struct homepages_room, view, 1, 32),
           J_CHOICE(struct homepages_room, light, ROOMS_LIGHTS));
JSON_SHAPE(block, "home_block", struct homepages_block,
           J_CHOICE(struct homepages_block, kind, HOMEPAGES_KINDS),
           J_TEXT(struct homepages_block, text, 1, HOMEPAGES_TEXT_MAX, .flags = JSON_OPTIONAL),
           J_LIST(struct homepages_block, rooms, room_shape, 1,
                  .about = "of a room: it, while it is public"),
           J_LIST(struct homepages_block, people, face_shape, HOMEPAGES_FRIENDS_SHOWN));
JSON_SHAPE(own_block, "home_own_block", struct homepages_block,
           J_CHOICE(struct homepages_block, kind, HOMEPAGES_KINDS),
           J_TEXT(struct homepages_block, text, 1, HOMEPAGES_TEXT_MAX, .flags = JSON_OPTIONAL),
           J_LIST(struct homepages_block, rooms, room_shape, 1));
JSON_SHAPE(home_shape, "home", struct page_answer,
           J_CHOICE(struct page_answer, style, HOMEPAGES_STYLES),
           J_LIST(struct page_answer, blocks, block, HOMEPAGES_BLOCKS_MAX));
JSON_SHAPE(own_shape, "home_own", struct page_answer,
           J_CHOICE(struct page_answer, style, HOMEPAGES_STYLES),
           J_CHOICE(struct page_answer, audience, HOMEPAGES_AUDIENCES,
                    .about = "who sees it; friends at most while a parent wants it so"),
           J_I64(struct page_answer, version, 0, INT64_C(1) << 53, .about = "0: never changed"),
           J_LIST(struct page_answer, blocks, own_block, HOMEPAGES_BLOCKS_MAX),
           J_LIST(struct page_answer, rooms, room_shape, HOMEPAGES_ROOMS_MAX,
                  .about = "public rooms of one's own, to choose from"));
JSON_SHAPE(block_wish_shape, "home_block_wish", struct block_wish,
           J_CHOICE(struct block_wish, kind, HOMEPAGES_KINDS),
           J_TEXT(struct block_wish, text, 0, BODY_MAX, .flags = JSON_OPTIONAL,
                  .about = "of a text"),
           J_TEXT(struct block_wish, room, 1, 32, .flags = JSON_OPTIONAL, .about = "of a room"));
JSON_SHAPE(wish_shape, "home_wish", struct wish, J_CHOICE(struct wish, style, HOMEPAGES_STYLES),
           J_CHOICE(struct wish, audience, HOMEPAGES_AUDIENCES, .flags = JSON_OPTIONAL,
                    .about = "stays as it is when not given"),
           J_I64(struct wish, version, 0, INT64_C(1) << 53,
                 .about = "the one that was read; else 409 homepages.changed"),
           J_LIST(struct wish, blocks, block_wish_shape, HOMEPAGES_BLOCKS_MAX));
JSON_SHAPE(done_shape, "home_done", struct wish, J_I64(struct wish, version, 1, INT64_C(1) << 53));
JSON_SHAPE(book_which, "guestbook_which", struct which, J_TEXT(struct which, id, 1, 32),
           J_ID(struct which, before, .flags = JSON_OPTIONAL));
JSON_SHAPE(entry_shape, "guestbook_entry", struct homepages_entry, J_ID(struct homepages_entry, id),
           J_OBJECT(struct homepages_entry, from, face_shape),
           J_TEXT(struct homepages_entry, text, 1, HOMEPAGES_ENTRY_MAX,
                  .flags = JSON_OPTIONAL | JSON_OMIT, .about = "not before you accept it"),
           J_TIME(struct homepages_entry, at), J_BOOL(struct homepages_entry, mine),
           J_BOOL(struct homepages_entry, removable, .about = "by you"),
           J_BOOL(struct homepages_entry, waiting, .about = "for the owner's yes"));
JSON_SHAPE(book_shape, "guestbook", struct book,
           J_BOOL(struct book, open, .about = "The page has one."),
           J_LIST(struct book, items, entry_shape, HOMEPAGES_PAGE),
           J_TEXT(struct book, next, 1, 20, .flags = JSON_OPTIONAL,
                  .about = "Pass it as before to go on; null at the end."));
JSON_SHAPE(entry_wish_shape, "guestbook_wish", struct entry_wish,
           J_TEXT(struct entry_wish, id, 1, 32),
           J_TEXT(struct entry_wish, text, 1, HOMEPAGES_ENTRY_MAX));
JSON_SHAPE(entry_made, "guestbook_made", struct homepages_entry, J_ID(struct homepages_entry, id),
           J_BOOL(struct homepages_entry, waiting,
                  .about = "You are no friends: it waits for the owner's yes."));
JSON_SHAPE(entry_one, "guestbook_one", struct entry_which, J_ID(struct entry_which, id));

STEPS(get_home, which_shape, home_shape, struct page_state, apply, finish);
STEP(get_home, apply)
{
    const struct contact_viewer me = {.id = call->actor.id};
    return homepages_find(call, &me, in->id, &state->page);
}

STEPS(get_preview, preview_shape, home_shape, struct page_state, apply, finish);
STEP(get_preview, apply)
{
    const struct contact_viewer viewer = contact_viewer_like(in->by);
    return homepages_find(call, &viewer, call->actor.public_id, &state->page);
}

STEPS(get_own, none, own_shape, struct page_state, apply, finish);
STEP(get_own, apply)
{
    const struct contact_viewer me = {.id = call->actor.id};
    TRY(homepages_find(call, &me, call->actor.public_id, &state->page));
    return homepages_rooms(call, &state->rooms, &state->rooms_count);
}

static enum err shape_home(struct call *call, struct page_state *state, struct page_answer *out)
{
    struct homepages_block *all = arena_alloc(call->arena, HOMEPAGES_BLOCKS_MAX * sizeof(*all));
    TRY(homepages_open(call, &state->page, all, &out->blocks.count));
    out->blocks.items = all;
    out->style = state->page.style;
    out->audience = state->page.audience;
    out->version = state->page.version;
    JSON_LIST_SET(out->rooms, state->rooms, state->rooms_count);
    return OK;
}

STEP_IS(get_home, finish, shape_home(call, state, out));

STEP_IS(get_own, finish, shape_home(call, state, out));

STEP_IS(get_preview, finish, shape_home(call, state, out));

STEPS(put, wish_shape, done_shape, struct wish_state, look, prepare, apply);
STEP_IS(put, look, sealed_own_key(call, &state->key_id));

/* One block of a wish: what its kind needs is there, and text is sealed. */
static enum err take(struct call *call, int64_t key_id, const struct block_wish *wish,
                     struct homepages_new *ret)
{
    const char *text = NULL;
    *ret = (struct homepages_new){.kind = wish->kind};
    if (strcmp(wish->kind, "room") == 0) {
        ret->room = wish->room;
        return wish->room ? OK : call_fail_field(call, ERR_INVALID, "homepages.room", "blocks");
    }
    if (strcmp(wish->kind, "text") != 0) {
        return OK;
    }
    TRY(prose_clean(call, "blocks", wish->text ? wish->text : "", HOMEPAGES_TEXT_MAX, true, &text));
    if (!*text) {
        return call_fail_field(call, ERR_INVALID, "homepages.empty", "blocks");
    }
    return sealed_text(call, key_id, "home_block.body_ct", text, &ret->body);
}

STEP(put, prepare)
{
    const struct block_wish *blocks = in->blocks.items;
    int friends = 0, books = 0;
    state->count = 0;
    for (size_t i = 0; i < in->blocks.count; i++) {
        friends += strcmp(blocks[i].kind, "friends") == 0;
        books += strcmp(blocks[i].kind, "guestbook") == 0;
        if (friends > 1 || books > 1) {
            return call_fail_field(call, ERR_INVALID, "input.twice", "blocks");
        }
        TRY(take(call, state->key_id, &blocks[i], &state->all[state->count++]));
    }
    return OK;
}

STEP(put, apply)
{
    TRY(homepages_put(call, in->version, in->style, in->audience, state->all, state->count));
    out->version = in->version + 1;
    return OK;
}

STEPS(get_book, book_which, book_shape, struct homepages_book, apply, finish);
STEP_IS(get_book, apply, homepages_book(call, in->id, in->before, state));

STEP(get_book, finish)
{
    struct homepages_entry *all = arena_alloc(call->arena, HOMEPAGES_PAGE * sizeof(*all));
    *out = (struct book){.open = state->open, .items = {all, 0}, .next = NULL};
    TRY(homepages_book_open(call, state, all, &out->items.count));
    if (state->more) {
        out->next =
            arena_printf(call->arena, "%lld", (long long)state->entries[state->count - 1].id);
    }
    return OK;
}

STEPS(entry, entry_wish_shape, entry_made, struct entry_state, look, prepare, apply);
STEP_IS(entry, look, sealed_own_key(call, &state->key_id));

STEP(entry, prepare)
{
    const char *text = NULL;
    TRY(prose_clean(call, "text", in->text, HOMEPAGES_ENTRY_MAX, true, &text));
    if (!*text) {
        return call_fail_field(call, ERR_INVALID, "homepages.empty", "text");
    }
    return sealed_text(call, state->key_id, "home_entry.body_ct", text, &state->body);
}

STEP_IS(entry, apply, homepages_write(call, in->id, state->body, out));

STEPS(accept, entry_one, none, struct none, apply);
STEP_IS(accept, apply, homepages_accept(call, in->id));

STEPS(erase, entry_one, none, struct none, apply);
STEP_IS(erase, apply, homepages_erase(call, in->id));

/* ---- bauta demo ---- */

struct demo_state {
    struct homepages_demo *demo;
};
INNER_STEPS(demo, struct none, struct none, struct demo_state, look, prepare, apply);
STEP_IS(demo, look, homepages_demo_look(call, &state->demo));
STEP_IS(demo, prepare, homepages_demo_prepare(call, state->demo));
STEP_IS(demo, apply, homepages_demo(call, state->demo));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/people/{id}/home", API_MEMBER, API_TX_READ, 0, 200, &get_home_steps,
     .limits = {&reads}, .about = "Somebody's homepage."},
    {"GET", "/api/me/home", API_MEMBER, API_TX_READ, 0, 200, &get_own_steps, .limits = {&reads},
     .about = "Your homepage, to change it."},
    {"GET", "/api/me/home/preview", API_MEMBER, API_TX_READ, 0, 200, &get_preview_steps,
     .limits = {&reads},
     .about = "Your homepage, as one of that kind sees it; friends are not listed."},
    {"PUT", "/api/me/home", API_MEMBER, API_TX_WRITE, API_OWN_ANSWER, 200, &put_steps,
     .limits = {&changes}, .about = "Your homepage anew; nothing is lost when two devices do so."},
    {"GET", "/api/people/{id}/guestbook", API_MEMBER, API_TX_READ, 0, 200, &get_book_steps,
     .limits = {&reads},
     .about = "What others wrote into somebody's guest book, the newest first."},
    {"POST", "/api/people/{id}/guestbook", API_MEMBER, API_TX_WRITE, API_OWN_ANSWER, 201,
     &entry_steps, .limits = {&writes},
     .about = "Write into it: everybody who sees the page may read that, a stranger's words once"
              " the owner accepts them."},
    {"POST", "/api/guestbook/{id}/accept", API_MEMBER, API_TX_WRITE, 0, 204, &accept_steps,
     .limits = {&changes},
     .about = "Say yes to an entry that waits in your guest book: now others read it."},
    {"DELETE", "/api/guestbook/{id}", API_MEMBER, API_TX_WRITE, 0, 204, &erase_steps,
     .limits = {&changes}, .about = "Take away an entry of yours, or one in your own guest book."},
    {0},
};

static const struct topic_kind topics[] = {
    {"comments", "homepages.topic", "homepages.why", 40},
    {0},
};

static const struct notice_kind notices[] = {
    {"homepages.entry", "comments", "/people/{target}", "Somebody wrote into your guest book."},
    {0},
};
/* clang-format on */

extern const struct feature homepages_feature; /* named in features.gen.c */
const struct feature homepages_feature = {.name = "homepages",
                                          .routes = routes,
                                          .notices = notices,
                                          .topics = topics,
                                          .captures = homepages_captures,
                                          .demo = &demo_steps};
