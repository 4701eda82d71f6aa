#ifndef TESTS_BLOCKS_WORDS_H
#define TESTS_BLOCKS_WORDS_H

#include <stdbool.h>

/*
 * Whom the words of every field of free text reach: one row each, or the test fails.  It stands
 * beside the route, in <feature>_rules_test.h; where its words reach somebody who did not go to
 * them, they are held.
 */
enum words_rule {
    WORDS_NONE,
    WORDS_NOBODY, /* an id, a secret or what is looked up: kept as a word of this member nowhere */
    WORDS_OWN,    /* the writer alone */
    WORDS_STAFF,  /* the writer and staff at work */
    WORDS_PARENT, /* a parent whom the child names, or a child of the parent's */
    WORDS_NAME,   /* who somebody is, wherever they are shown; the rules of names hold */
    WORDS_OF_STAFF, /* what staff decides, to whom it is about */
    WORDS_PLACE,    /* stays in its place (a page, a room), for who goes there and may see it */
    WORDS_REFUSED,  /* of somebody who was refused lately: shown to nobody who refused */
    WORDS_HELD,     /* a stranger's wait: a minor reads them after accepting */
};

enum { WORDS_STEPS = 5 };
struct words_step {
    int who;
    const char *method, *path, *json;
};

struct words_row {
    const char *route, *fields; /* method and path, or "live"; names of fields between blanks */
    enum words_rule how;
    const char *why;
    /*
     * Executed rows: what ANA, an adult, sends, who is no friend of BEN's, a minor.  {ana}, {ben},
     * {cleo}: public ids; {made}: the id in the first answer; {words}: what is looked for.
     */
    const char *path, *json;
    struct words_step before[WORDS_STEPS];
    const char *yes;  /* HELD: where BEN accepts */
    bool adults;      /* HELD: an adult reads them after accepting, too */
    const char *seen; /* PLACE: the routes that show it */
};
const struct words_row *words_rows(void);           /* of all features; ends with an empty row */
extern const struct words_row *const words_lists[]; /* made by tools/features --rules */

#define WORDS_CHECKED "of a list that the server has, or shaped by its kind"
#define WORDS_REFERS "names what is there, or whom; nothing of it is kept"
#define WORDS_SECRET "proves who asks, or that a mail came"
#define WORDS_KEPT "for telling one's own things apart"
#define WORDS_PASSKEY \
    "passkey.id passkey.client_data passkey.auth_data passkey.signature passkey.user"
#define WORDS_ASKED                                                \
    {                                                              \
        ANA, "POST", "/api/friends/requests", "{\"id\":\"{ben}\"}" \
    }

#endif
