#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/time.h"
#include "features/common/contact/contact.h"
#include "features/looks/looks/looks.h"
#include "features/talk/messages/messages.h"

/*
 * What others see of oneself: for every kind of viewer, what they may do and are told, by the
 * deciders that answer such viewers (contact_told).  The card and the homepage as they see them are
 * profiles' and homepages' own previews.
 *  - It depends on the asker's own choices, age and parent, and on nobody else: not on who is
 *    their friend, nor on who blocked whom.  Nobody is told that it was asked.
 *  - Not here: any rule (docs/decisions/0027-seen.md).
 */
static const struct api_limit reads = {"seen", 120, TIME_MIN};

#define NOBODY "nobody" /* not signed in: every route about members wants somebody who is */

enum {
    LINES_MAX = CONTACT_ACTS + 6,
};

struct which {
    const char *by;
};
struct line {
    const char *what;
    bool yes;
};
struct seen {
    bool minor;
    JSON_LIST_OF(struct line) lines;
};

/* Acts by their name in the answer; a new one does not compile until it has one. */
static const char *const acts[] = {
    [CONTACT_PERCEIVE] = "meet",  [CONTACT_REQUEST] = "request", [CONTACT_MESSAGE] = "message",
    [CONTACT_INVITE] = "invite",  [CONTACT_JOIN] = "room",       [CONTACT_MENTION] = "mention",
    [CONTACT_COMMENT] = "comment"};
_Static_assert(COUNT(acts) == CONTACT_ACTS, "what is it to be allowed this act?");
#define WHATS \
    "found online in_rooms rooms meet request message read invite room mention comment copies"

JSON_SHAPE(which_shape, "seen_which", struct which,
           J_CHOICE(struct which, by, NOBODY " " CONTACT_KINDS, .about = "whose eyes"));
JSON_SHAPE(line_shape, "seen_line", struct line,
           J_CHOICE(struct line, what, WHATS,
                    .about = "in_rooms: from outside a room that you are in; rooms: your public"
                             " ones; room: where you are, and the way there; read: how far you have"
                             " read what they wrote; copies: wear clothes like yours by a button"),
           J_BOOL(struct line, yes));
JSON_SHAPE(seen_shape, "seen", struct seen,
           J_BOOL(struct seen, minor, .about = "You are one: it is said in other words."),
           J_LIST(struct seen, lines, line_shape, LINES_MAX));

/* Whoever is not signed in is refused by every route but that of a link to a public room. */
static struct contact_told signed_out(const struct contact_told *told)
{
    return (struct contact_told){.published = told->published};
}

STEPS(get_seen, which_shape, seen_shape, struct none, apply);
STEP(get_seen, apply)
{
    const char *by = in->by;
    const struct contact_viewer viewer = contact_viewer_like(by);
    struct line *lines = arena_alloc(call->arena, LINES_MAX * sizeof(*lines));
    struct contact_told told;
    size_t count = 0;
    bool marks = false;
    const char *copies = NULL;
    TRY(messages_show_read(call, &marks));
    TRY(looks_copies_read(call, &copies));
    TRY(contact_told(call, &viewer, call->actor.id, &told));
    if (strcmp(by, NOBODY) == 0) {
        told = signed_out(&told);
    }
    lines[count++] = (struct line){"found", told.found};
    lines[count++] = (struct line){"online", told.online};
    lines[count++] = (struct line){"in_rooms", told.shown};
    lines[count++] = (struct line){"rooms", told.published};
    /* Marks are between two who may write to each other (messages_near). */
    lines[count++] = (struct line){"read", marks && (told.acts >> CONTACT_MESSAGE & 1) != 0};
    for (enum contact_act act = CONTACT_PERCEIVE; act < CONTACT_ACTS; act++) {
        bool may = act == CONTACT_JOIN ? told.followed : (told.acts >> act & 1) != 0;
        lines[count++] = (struct line){acts[act], may};
    }
    lines[count++] = (struct line){"copies", viewer.friends && strcmp(copies, "friends") == 0};
    ASSERT_CODE(count <= LINES_MAX);
    *out = (struct seen){call->actor.minor, {lines, count}};
    return OK;
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/me/seen", API_MEMBER, API_TX_READ, 0, 200, &get_seen_steps, .limits = {&reads},
     .about = "What one of that kind is told of you and may do; it depends on nobody but you."},
    {0},
};
/* clang-format on */

extern const struct feature seen_feature; /* named in features.gen.c */
const struct feature seen_feature = {.name = "seen", .routes = routes};
