#include "api/api.h"
#include "base/arena.h"
#include "base/text.h"
#include "base/time.h"
#include "features/people/friends/friends.h"
#include "live/ask.h"
#include "privacy/cursor.h"

enum { ID_MAX = 32, NAME_MAX = 32, SEARCH_MIN = 2 };

static const struct api_limit reads = {.name = "friends.read", .burst = 120, .per_ms = TIME_MIN};
static const struct api_limit changes = {
    .name = "friends.change", .burst = 120, .per_ms = 10 * TIME_MIN};
static const struct api_limit asks = {
    .name = "friends.ask", .burst = FRIENDS_SENT_A_DAY, .per_ms = TIME_DAY};
/* So slowly that the names of a whole site cannot be read. */
static const struct api_limit searches = {
    .name = "people.search", .burst = 60, .per_ms = 10 * TIME_MIN};
static const struct api_limit searches_a_day = {
    .name = "people.search.day", .burst = 300, .per_ms = TIME_DAY};

struct list_in {
    const char *after;
};
struct list_out {
    JSON_LIST_OF(struct friends_one) items;
    const char *next;
};
struct found_out {
    JSON_LIST_OF(struct friends_found) items;
    const char *next;
};
struct requests_out {
    JSON_LIST_OF(struct friends_request) in;
    JSON_LIST_OF(struct friends_request) out;
    const char *next;
};
struct wish {
    const char *id, *note;
};
struct favour {
    const char *id;
    bool favourite;
};
struct search_in {
    const char *search, *after;
};
struct room_out {
    const char *id, *name;
};

/* Steps share: what is read before the transaction, what is still sealed or unknown after it. */
struct state {
    struct rooms_who who;
    struct friends_one *friends;
    struct friends_request *in;
    int64_t key_id;
    struct sealed note;
    size_t count;
    const char *fold;
};

JSON_SHAPE(one, "friend", struct friends_one, J_FACE(struct friends_one),
           J_BOOL(struct friends_one, favourite), J_TIME(struct friends_one, since_ms),
           J_BOOL(struct friends_one, online), J_BOOL(struct friends_one, may_write),
           J_TEXT(struct friends_one, room_id, 1, ID_MAX, .flags = JSON_OPTIONAL,
                  .about = "The room they are in, if you may follow them there."),
           J_TEXT(struct friends_one, room_name, 1, ROOMS_NAME_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(page, "friends_page", struct list_out, J_LIST(struct list_out, items, one, FRIENDS_PAGE),
           J_TEXT(struct list_out, next, 1, CURSOR_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(which_page, "friends_which", struct list_in,
           J_TEXT(struct list_in, after, 1, CURSOR_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(asking, "friend_request", struct friends_request, J_FACE(struct friends_request),
           J_TIME(struct friends_request, at_ms),
           J_TEXT(struct friends_request, note, 1, FRIENDS_NOTE_MAX,
                  .flags = JSON_OPTIONAL | JSON_OMIT),
           J_BOOL(struct friends_request, waits, .about = "You read their words after accepting."));
JSON_SHAPE(sent, "friend_sent", struct friends_request, J_FACE(struct friends_request),
           J_TIME(struct friends_request, at_ms));
JSON_SHAPE(requests, "friend_requests", struct requests_out,
           J_LIST(struct requests_out, in, asking, FRIENDS_ASKED_PAGE),
           J_LIST(struct requests_out, out, sent, FRIENDS_SENT_MAX,
                  .about = "With the first page only."),
           J_TEXT(struct requests_out, next, 1, CURSOR_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(wished, "friend_wish", struct wish, J_TEXT(struct wish, id, 1, ID_MAX),
           J_TEXT(struct wish, note, 0, FRIENDS_NOTE_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(asked, "friend_asked", struct friends_asked, J_TEXT(struct friends_asked, id, 1, ID_MAX),
           J_TEXT(struct friends_asked, name, 1, NAME_MAX),
           J_CHOICE(struct friends_asked, relation, "asked friend",
                    .about = "friend: both of you had asked."),
           J_TIME(struct friends_asked, at_ms));
JSON_SHAPE(accepted, "friend_accepted", struct friends_accepted,
           J_TEXT(struct friends_accepted, name, 1, NAME_MAX),
           J_TEXT(struct friends_accepted, note, 1, FRIENDS_NOTE_MAX,
                  .flags = JSON_OPTIONAL | JSON_OMIT, .about = "what they wrote when they asked"));
JSON_SHAPE(person, "friend_person", struct wish, J_TEXT(struct wish, id, 1, ID_MAX));
JSON_SHAPE(favoured, "friend_change", struct favour, J_TEXT(struct favour, id, 1, ID_MAX),
           J_BOOL(struct favour, favourite));
JSON_SHAPE(search, "people_search", struct search_in,
           J_TEXT(struct search_in, search, SEARCH_MIN, FRIENDS_SEARCH_MAX,
                  .about = "the beginning of an avatar name or of a word in it"),
           J_TEXT(struct search_in, after, 1, CURSOR_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(found, "found_person", struct friends_found, J_FACE(struct friends_found),
           J_CHOICE(struct friends_found, relation, FRIENDS_RELATIONS));
JSON_SHAPE(found_page, "found_people", struct found_out,
           J_LIST(struct found_out, items, found, FRIENDS_FOUND_PAGE),
           J_TEXT(struct found_out, next, 1, CURSOR_MAX, .flags = JSON_OPTIONAL));
JSON_SHAPE(room, "friend_room", struct room_out, J_TEXT(struct room_out, id, 1, ID_MAX),
           J_TEXT(struct room_out, name, 1, ROOMS_NAME_MAX));

/* ---- lists ---- */

static enum err who_prepare(struct call *call, struct state *state)
{
    rooms_who(call, &state->who);
    return OK;
}

STEPS(list, which_page, page, struct state, prepare, apply, finish);
STEP_IS(list, prepare, who_prepare(call, state));
STEP_IS(list, apply,
        friends_list(call, &state->who, in->after, &state->friends, &state->count, &out->next));

STEP(list, finish)
{
    friends_online(call, state->friends, state->count);
    JSON_LIST_SET(out->items, state->friends, state->count);
    return OK;
}

STEPS(requests, which_page, requests, struct state, apply, finish);
STEP(requests, apply)
{
    struct friends_request *mine = NULL;
    const char *after = in->after;
    TRY(friends_asking(call, after, &state->in, &state->count, &out->next));
    if (!after) {
        TRY(friends_asks(call, &mine, &out->out.count));
        out->out.items = mine;
    }
    return OK;
}

STEP(requests, finish)
{
    TRY(friends_open(call, state->in, state->count));
    JSON_LIST_SET(out->in, state->in, state->count);
    return OK;
}

/* ---- requests ---- */

STEPS(ask, wished, asked, struct state, look, prepare, apply);
STEP(ask, look)
{
    return in->note && *in->note ? sealed_own_key(call, &state->key_id) : OK;
}

STEP(ask, prepare)
{
    return state->key_id
               ? sealed_text(call, state->key_id, "friend_request.note_ct", in->note, &state->note)
               : OK;
}

STEP_IS(ask, apply, friends_ask(call, in->id, state->note, out));

STEPS(accept, person, accepted, struct none, apply, finish);
STEP_IS(accept, apply, friends_accept(call, in->id, out));
STEP_IS(accept, finish, friends_accept_open(call, out));

STEPS(refuse, person, none, struct none, apply);
STEP_IS(refuse, apply, friends_refuse(call, in->id));

STEPS(withdraw, person, none, struct none, apply);
STEP_IS(withdraw, apply, friends_withdraw(call, in->id));

STEPS(remove, person, none, struct none, apply);
STEP_IS(remove, apply, friends_remove(call, in->id));

STEPS(favour, favoured, none, struct none, apply);
STEP_IS(favour, apply, friends_favour(call, in->id, in->favourite));

/* ---- people ---- */

STEPS(find, search, found_page, struct state, prepare, apply);
STEP_IS(find, prepare, friends_fold(call, in->search, &state->fold));

/* Of one character there would be too many. */
STEP(find, apply)
{
    struct friends_found *all = NULL;
    if (text_points(state->fold) < SEARCH_MIN) {
        return OK;
    }
    TRY(friends_find(call, state->fold, in->after, &all, &out->items.count, &out->next));
    out->items.items = all;
    return OK;
}

STEPS(room, person, room, struct state, prepare, apply);
STEP_IS(room, prepare, who_prepare(call, state));
STEP_IS(room, apply, friends_room(call, &state->who, in->id, &out->id, &out->name));

/* ---- inside ---- */

JOB_STEPS(words, struct friends_words, look, prepare, apply);
STEP_IS(words, look, friends_words_look(call, state));
STEP_IS(words, prepare, friends_words_prepare(call, state));
STEP_IS(words, apply, friends_words_apply(call, state));

INNER_STEPS(known, struct live_know_in, struct live_know_out, struct none, apply);
STEP_IS(known, apply, friends_know(call, in, out));

INNER_STEPS(demo, struct none, struct none, struct none, apply);
STEP_IS(demo, apply, friends_demo(call));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/friends", API_MEMBER, API_TX_READ, 0, 200, &list_steps, .limits = {&reads},
     .about = "Your friends, favourites first, then by name, with where they are."},
    {"GET", "/api/friends/requests", API_MEMBER, API_TX_READ, 0, 200, &requests_steps,
     .limits = {&reads},
     .about = "Who asks you to be friends, and whom you asked, the newest first."},
    {"POST", "/api/friends/requests", API_MEMBER, API_TX_WRITE, API_KNOWS_REPEATS, 201, &ask_steps,
     .limits = {&asks}, .about = "Ask somebody to be friends, with a few words if you like."},
    {"POST", "/api/friends/requests/{id}/accept", API_MEMBER, API_TX_WRITE, 0, 200, &accept_steps,
     .limits = {&changes}, .about = "You are friends now; what they wrote when they asked."},
    {"POST", "/api/friends/requests/{id}/refuse", API_MEMBER, API_TX_WRITE, 0, 204, &refuse_steps,
     .limits = {&changes}, .about = "The request goes; whoever asked is not told and cannot tell."},
    {"DELETE", "/api/friends/requests/{id}", API_MEMBER, API_TX_WRITE, 0, 204, &withdraw_steps,
     .limits = {&changes}, .about = "Take back what you asked."},
    {"DELETE", "/api/friends/{id}", API_MEMBER, API_TX_WRITE, 0, 204, &remove_steps,
     .limits = {&changes}, .about = "No friends any more; nobody is told."},
    {"PATCH", "/api/friends/{id}", API_MEMBER, API_TX_WRITE, 0, 204, &favour_steps,
     .limits = {&changes}, .about = "A favourite friend stands first."},
    {"GET", "/api/people", API_MEMBER, API_TX_READ, 0, 200, &find_steps,
     .limits = {&searches, &searches_a_day},
     .about = "People by the beginning of their name or of a word in it, as far as they want it."},
    {"GET", "/api/people/{id}/room", API_MEMBER, API_TX_READ, 0, 200, &room_steps,
     .limits = {&reads}, .about = "The room somebody is in, if you may follow them there."},
    {0},
};

static const struct job_kind jobs[] = {
    {"friends.words", 5 * TIME_S, 5, TIME_MIN, &words_steps, API_TX_WRITE,
     .about = "Puts new and changed names where people find them."},
    {"friends.words_more", 0, 5, TIME_MIN, &words_steps, API_TX_WRITE,
     .about = "The next names of the same."},
    {0},
};

static const struct topic_kind topics[] = {
    {"friends", "friends.topic", "friends.why", 10},
    {0},
};

static const struct notice_kind notices[] = {
    {"friends.asked", "friends", "/friends#requests", "Somebody asks to be friends."},
    {"friends.added", "friends", "/people/{target}", "Somebody is a friend now."},
    {0},
};

const struct api_route friends_known_route = {
    .who = API_ANYONE,
    .tx = API_TX_READ,
    .status = 200,
    .steps = &known_steps,
    .about = "Which friends are told when somebody comes or goes."};
/* clang-format on */

static const struct live_answers answers = {.to = {[LIVE_KNOW] = &friends_known_route}};

extern const struct feature friends_feature; /* named in features.gen.c */
const struct feature friends_feature = {.name = "friends",
                                        .routes = routes,
                                        .jobs = jobs,
                                        .notices = notices,
                                        .topics = topics,
                                        .live = friends_events,
                                        .answers = &answers,
                                        .demo = &demo_steps};
