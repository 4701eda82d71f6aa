#ifndef FEATURES_HOMEPAGES_HOMEPAGES_H
#define FEATURES_HOMEPAGES_HOMEPAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "call/json.h"
#include "features/common/captures/captures.h"
#include "features/common/contact/contact.h"
#include "features/common/faces/faces.h"
#include "privacy/sealed.h"
#include "store/store.h"

/*
 * Homepages: a member's page in a style, made of ordered blocks, and its guest book.
 *  - Whom it reaches is its owner's choice (contact_reaches); to others it looks empty.  Blocks
 *    are text, a public room of one's own, some friends, the guest book; text is never HTML.
 *  - The guest book is open where the page has its block and reaches.  Who may write into it is
 *    CONTACT_COMMENT; an entry is taken away by its writer or the page's owner.
 *  - What a stranger writes is held: its writer sees that it waits, the owner that it does (and,
 *    who is a minor, not the words), nobody else anything, until the owner accepts it.
 *  - Of the owner's friends those are listed whom the viewer could find (CONTACT_FINDS).
 *  - Not here: what members say of themselves (profiles), pictures, what is reported (reports).
 */
enum {
    HOMEPAGES_BLOCKS_MAX = 12,
    HOMEPAGES_TEXT_MAX = 1000,
    HOMEPAGES_FRIENDS_SHOWN = 12,
    HOMEPAGES_ROOMS_MAX = 100, /* of one's own, to choose from */
    HOMEPAGES_ENTRY_MAX = 500,
    HOMEPAGES_ENTRIES_MAX = 1000, /* a guest book, as its owner sees it */
    HOMEPAGES_HELD_MAX = 100,     /* that wait in it; the oldest give way */
    HOMEPAGES_HELD_A_DAY = 50,    /* of these, that came within a day */
    HOMEPAGES_PAGE = 20,
};
#define HOMEPAGES_STYLES "plain dawn meadow sea night paper"
#define HOMEPAGES_KINDS "text room friends guestbook"
#define HOMEPAGES_AUDIENCES "everyone friends"

struct homepages_room {
    const char *id, *name, *scene, *language, *view, *light;
};
struct homepages_block {
    const char *kind, *text;
    JSON_LIST_OF(struct homepages_room)
    rooms; /* struct homepages_room: one, or none where it is not public now */
    JSON_LIST_OF(struct face) people; /* struct face */
};

/* A page on its way out: bodies are opened in `finish`. */
struct homepages_page {
    int64_t owner_id, version;
    bool own; /* the owner looks */
    const char *style, *audience;
    size_t count;
    struct {
        struct homepages_block block;
        struct sealed body;
    } blocks[HOMEPAGES_BLOCKS_MAX];
};

/* As `viewer` may see it; two statements at most.  Of a viewer who is not there, no friends are
 * listed: whom strangers find is each friend's own choice.  ERR_MISSING people.none. */
MUST_USE enum err homepages_find(struct call *call, const struct contact_viewer *viewer,
                                 const char *public_id, struct homepages_page *ret);
/* In `finish`.  Text whose key is burned and rooms that are not public are left out. */
MUST_USE enum err homepages_open(struct call *call, const struct homepages_page *page,
                                 struct homepages_block *ret, size_t *ret_count);

/* One's own public rooms, by name. */
MUST_USE enum err homepages_rooms(struct call *call, struct homepages_room **ret,
                                  size_t *ret_count);

struct homepages_new {
    const char *kind, *room; /* room: public id */
    struct sealed body;
};
/* Replaces everything; the audience stays where it is NULL.  ERR_CONFLICT homepages.changed when
 * `version` is not the kept one; ERR_INVALID homepages.room for a room that is not one's own or not
 * public. */
MUST_USE enum err homepages_put(struct call *call, int64_t version, const char *style,
                                const char *audience, const struct homepages_new *all,
                                size_t count);

/* Staff take all of it away: blocks, style, guest book.  Nothing to take is no error. */
MUST_USE enum err homepages_empty(struct call *call, int64_t owner_id);

/* Whom the page of `a` reaches, as $1 of a statement sees it: columns, and what they need. */
#define HOMEPAGES_BETWEEN                                                             \
    "a.id, a.age_band, fr.since_ms, CASE WHEN " CONTACT_KEPT("a.id") " THEN 1 ELSE 0" \
                                                                     " END AS kept, h.audience, "
COLUMNS(HOMEPAGES_ID, HOMEPAGES_AGE_BAND, HOMEPAGES_FRIENDS_SINCE_MS, HOMEPAGES_KEPT,
        HOMEPAGES_AUDIENCE);
#define HOMEPAGES_BETWEEN_OF                                                \
    "LEFT JOIN friendship fr ON fr.account_id = $1 AND fr.friend_id = a.id" \
    " LEFT JOIN home h ON h.account_id = a.id "
bool homepages_reaches(const struct contact_viewer *viewer, const struct rows *rows,
                       const char **ret_audience);

/* ---- the guest book (homepages_book.c) ---- */

struct homepages_sealed {
    int64_t id, at_ms;
    bool mine, held;
    struct face from;
    struct sealed body;
};
struct homepages_book {
    bool open, own, unseen; /* unseen: what waits is not read yet by its owner, a minor */
    struct homepages_sealed entries[HOMEPAGES_PAGE];
    size_t count;
    bool more;
};

struct homepages_entry {
    int64_t id, at;
    struct face from;
    const char *text; /* NULL: a stranger's to a minor, before accepting */
    bool mine, removable, waiting;
};

/* The newest first, those before an id.  One statement.  ERR_MISSING people.none. */
MUST_USE enum err homepages_book(struct call *call, const char *public_id, int64_t before,
                                 struct homepages_book *ret);
/* In `finish`, room for HOMEPAGES_PAGE.  Entries whose key is burned are left out. */
MUST_USE enum err homepages_book_open(struct call *call, const struct homepages_book *book,
                                      struct homepages_entry *ret, size_t *ret_count);
/* ERR_MISSING people.none, ERR_DENIED homepages.denied, ERR_LIMIT homepages.full. */
MUST_USE enum err homepages_write(struct call *call, const char *public_id, struct sealed body,
                                  struct homepages_entry *ret);
/* The owner's yes.  ERR_MISSING homepages.no_entry, ERR_LIMIT homepages.full. */
MUST_USE enum err homepages_accept(struct call *call, int64_t id);
/* ERR_MISSING homepages.no_entry, whoever it is of. */
MUST_USE enum err homepages_erase(struct call *call, int64_t id);
MUST_USE enum err homepages_book_empty(struct call *call, int64_t owner_id);

extern const struct capture_kind homepages_captures[]; /* a page, reported (homepages_capture.c) */

/* ---- `bauta demo` (homepages_demo.c): one homepage that somebody lives on ---- */
struct homepages_demo; /* what is sealed before it is written */
MUST_USE enum err homepages_demo_look(struct call *call, struct homepages_demo **ret);
MUST_USE enum err homepages_demo_prepare(struct call *call, struct homepages_demo *demo);
MUST_USE enum err homepages_demo(struct call *call, const struct homepages_demo *demo);

#endif
