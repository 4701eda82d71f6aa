#ifndef FEATURES_HOMEPAGES_HOMEPAGES_H
#define FEATURES_HOMEPAGES_HOMEPAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/call.h"
#include "base/json.h"

/*
 * Homepages: a member's page in a style, made of ordered blocks, and its guest book.
 *  - Everybody who perceives its owner may read it.  Blocks are text, a public room of one's
 *    own, some friends, the guest book; text is text and never HTML.
 *  - The guest book is open where the page has its block.  Who may write into it is
 *    CONTACT_COMMENT; an entry is taken away by its writer or the page's owner.
 *  - Friends of a minor are not shown to adults who are no friends.
 *  - Not here: what members say of themselves (profiles), pictures, what is reported (reports).
 */
enum {
    HOMEPAGES_BLOCKS_MAX = 12,
    HOMEPAGES_TEXT_MAX = 1000,
    HOMEPAGES_FRIENDS_SHOWN = 12,
    HOMEPAGES_ROOMS_MAX = 100, /* of one's own, to choose from */
    HOMEPAGES_ENTRY_MAX = 500,
    HOMEPAGES_ENTRIES_MAX = 1000, /* a guest book */
    HOMEPAGES_PAGE = 20,
};
#define HOMEPAGES_STYLES "plain dawn meadow sea night paper"
#define HOMEPAGES_KINDS "text room friends guestbook"

struct homepages_room {
    const char *id, *name, *scene, *language;
};
struct homepages_person {
    const char *id, *name, *avatar;
    struct json_numbers colours;
};
struct homepages_block {
    const char *kind, *text;
    struct json_list rooms;  /* struct homepages_room: one, or none where it is not public now */
    struct json_list people; /* struct homepages_person */
};

/* A page on its way out: bodies are opened in `finish`. */
struct homepages_page {
    int64_t owner_id, key_id, version;
    const char *style;
    size_t count;
    bool apart; /* a minor's, before an adult who is no friend */
    struct {
        struct homepages_block block;
        const uint8_t *body;
        size_t body_len;
    } blocks[HOMEPAGES_BLOCKS_MAX];
};

/* As the actor may see it; two statements at most.  ERR_MISSING people.none. */
MUST_USE enum err homepages_find(struct call *call, const char *public_id,
                                 struct homepages_page *ret);
/* In `finish`.  Text whose key is burned and rooms that are not public are left out. */
MUST_USE enum err homepages_open(struct call *call, const struct homepages_page *page,
                                 struct homepages_block *ret, size_t *ret_count);

/* One's own public rooms, by name. */
MUST_USE enum err homepages_rooms(struct call *call, struct homepages_room **ret,
                                  size_t *ret_count);

struct homepages_new {
    const char *kind, *room; /* room: public id */
    const uint8_t *body;
    size_t body_len;
};
/* Replaces everything.  ERR_CONFLICT homepages.changed when `version` is not the kept one;
 * ERR_INVALID homepages.room for a room that is not one's own or not public. */
MUST_USE enum err homepages_put(struct call *call, int64_t version, const char *style,
                                const struct homepages_new *all, size_t count);

/* Staff take all of it away: blocks, style, guest book.  Nothing to take is no error. */
MUST_USE enum err homepages_empty(struct call *call, int64_t owner_id);

/* ---- the guest book (homepages_book.c) ---- */

struct homepages_sealed {
    int64_t id, at_ms, key_id;
    bool mine;
    struct homepages_person from;
    const uint8_t *body;
    size_t body_len;
};
struct homepages_book {
    bool open, own;
    struct homepages_sealed entries[HOMEPAGES_PAGE];
    size_t count;
    bool more;
};

struct homepages_entry {
    int64_t id, at;
    struct homepages_person from;
    const char *text;
    bool mine, removable;
};

/* The newest first, those before an id.  One statement.  ERR_MISSING people.none. */
MUST_USE enum err homepages_book(struct call *call, const char *public_id, int64_t before,
                                 struct homepages_book *ret);
/* In `finish`, room for HOMEPAGES_PAGE.  Entries whose key is burned are left out. */
MUST_USE enum err homepages_book_open(struct call *call, const struct homepages_book *book,
                                      struct homepages_entry *ret, size_t *ret_count);
/* ERR_MISSING people.none, ERR_DENIED homepages.denied, ERR_LIMIT homepages.full. */
MUST_USE enum err homepages_write(struct call *call, const char *public_id, const uint8_t *body,
                                  size_t body_len, int64_t *ret_id);
/* ERR_MISSING homepages.no_entry, whoever it is of. */
MUST_USE enum err homepages_erase(struct call *call, int64_t id);
MUST_USE enum err homepages_book_empty(struct call *call, int64_t owner_id);

/* ---- `bauta demo` (homepages_demo.c): one homepage that somebody lives on ---- */
MUST_USE enum err homepages_demo_look(struct call *call);
MUST_USE enum err homepages_demo_prepare(struct call *call);
MUST_USE enum err homepages_demo(struct call *call);

#endif
