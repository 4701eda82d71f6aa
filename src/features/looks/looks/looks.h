#ifndef FEATURES_LOOKS_LOOKS_H
#define FEATURES_LOOKS_LOOKS_H

#include "call/call.h"
#include "call/json.h"
#include "features/common/captures/captures.h"
#include "features/common/contact/contact.h"
#include "features/looks/looks/recipe.h"
#include "privacy/sealed.h"

/*
 * Looks: what a member is drawn as, for whoever may perceive them.
 *  - account.look is the id of it, chance, in every face (common/faces).  Another recipe has
 * another id, and the old one is nobody's from then on.
 *  - A recipe may say something of health and belief.  All of it is sealed with its owner's key,
 * and each is as long as any other; it is never logged, searched, counted or shown to staff by
 *    another way than to everybody.
 *  - Everybody has a row of `look`: who took a ready avatar has its recipe there, sealed as any
 *    other is, and account.avatar says FACE_AVATAR_SEALED.  Who registered before that has their
 *    choice in clear until the job looks.ids has come to them, or they save a look.
 *  - What is shown has a covered trunk and nothing in it that is not the owner's, whatever was
 * kept: it is seen to each time that one is read.  So an item that leaves its owner, or the
 * catalogue, is worn by nobody from the same transaction on.
 *  - Words of one's own belong to the look that they were written for (words.c): another look has
 *    none until some are written.  They are sealed as it is, and may change under its id.  Of a
 * minor, and of whom a parent keeps from people, they reach friends only, as what they typed in
 * their profile does.
 *  - Who lets friends copy their clothes says so (copies.c); a body, a face, what is not free, and
 *    what tells of health or belief is never copied.
 *  - Not here: the ready avatars (accounts), drawing (the client), who may perceive whom (contact).
 */
enum {
    LOOKS_OWNED_MAX = 1000, /* items that somebody owns */
    LOOKS_OUTFITS_MAX = 40,
    LOOKS_OUTFIT_NAME_MAX = 40,
    LOOKS_WORDS_MAX = 500, /* bytes */
    LOOKS_WORDS_SENT =
        1024, /* bytes of an answer: each a backslash before it, in quotes, rounded */
    LOOKS_BEFORE_MAX = 50,
};

/* Chance, in `prepare`. */
void looks_new_id(char ret[PUBLIC_ID_LEN + 1]);

/* ---- what is shown ---- */

struct looks_found {
    int64_t account_id;
    const char *id; /* NULL: it has none yet */
    const char *avatar;
    struct json_numbers colours;
    struct sealed recipe, words;
    struct contact_between between;
    bool copied;              /* friends may copy what they wear */
    const char *const *owned; /* of what is not free */
    size_t owned_count;
};
struct looks_shown {
    const char *id, *recipe, *words; /* both as JSON, and blanks behind it */
};

/* In a transaction.  ERR_LOGIN api.login: the account was erased a moment ago. */
MUST_USE enum err looks_own(struct call *call, struct looks_found *ret);
/* ERR_MISSING looks.none: there is none of that id (any more), or the actor does not perceive whose
 * it is. */
MUST_USE enum err looks_find(struct call *call, const char *id, struct looks_found *ret);
/* In `finish`.  ERR_MISSING looks.none: its owner was erased a moment ago. */
MUST_USE enum err looks_show(struct call *call, const struct looks_found *found,
                             struct looks_shown *ret);

/* ---- changing ---- */

struct looks_change {
    int64_t key_id, account_id;
    const char *worn_id; /* what is worn when it begins; NULL: no id yet */
    struct sealed worn;
    bool same; /* the recipe is the one that is worn */
    struct looks_recipe recipe;
    struct sealed sealed, words_sealed;
    const char *text, *words; /* words: NULL for none */
    char id[PUBLIC_ID_LEN + 1];
};
/* In `look`.  ERR_LOGIN api.login. */
MUST_USE enum err looks_change_look(struct call *call, struct looks_change *change);
/* In `prepare`: reads what a member wrote.  ERR_INVALID with a code of looks_read(). */
MUST_USE enum err looks_take(struct call *call, const char *text, struct looks_recipe *ret);
/* In `prepare`: the recipe of a ready avatar, `colours` as accounts write them. */
void looks_take_ready(const char *avatar, const char *colours, struct looks_recipe *ret);
/* In `prepare`, with whose it is and the recipe: covers, writes, seals.  ERR_INVALID looks.long. */
MUST_USE enum err looks_seal(struct call *call, struct looks_change *change);
/* In `prepare`, before looks_compare: `words` may be NULL.  ERR_INVALID input.length. */
MUST_USE enum err looks_take_words(struct call *call, const char *words,
                                   struct looks_change *change);
/* In `prepare`, then: is it what is worn already? */
MUST_USE enum err looks_compare(struct call *call, struct looks_change *change);
/*
 * In `apply`: the actor wears it.  `from`: the id that they saw when they began, NULL where there
 * was none; ERR_CONFLICT looks.changed when it is another by now.  ERR_DENIED looks.owned.  What is
 * worn already stays, with its id, whatever `from` is: so a call whose answer was lost can be sent
 * again.
 */
MUST_USE enum err looks_wear(struct call *call, const char *from,
                             const struct looks_change *change);
/* The same, whatever is worn. */
MUST_USE enum err looks_wear_any(struct call *call, const struct looks_change *change);
/* In `apply`: what somebody wears who registers in this transaction; the id is in their row. */
MUST_USE enum err looks_first(struct call *call, const struct looks_change *change);

/* ERR_DENIED looks.owned: it wears what is neither free nor the actor's. */
MUST_USE enum err looks_owns(struct call *call, const struct looks_recipe *recipe);

/* In `finish`: as JSON, LOOKS_WORDS_SENT bytes whatever they say; null where there are none, or
 * they do not reach the actor. */
MUST_USE enum err looks_words_show(struct call *call, const struct looks_found *found,
                                   const char **ret);

extern const struct capture_kind looks_captures[];

/* ---- copying what a friend wears (copies.c) ---- */

/* "nobody" or "friends". */
#define LOOKS_COPIES "nobody friends"
MUST_USE enum err looks_copies_read(struct call *call, const char **ret);
MUST_USE enum err looks_copies_set(struct call *call, const char *copies);
/* ERR_MISSING looks.none as looks_find; ERR_DENIED looks.no_copy: no friend, or it is not their
 * choice, which is one answer. */
MUST_USE enum err looks_copy_find(struct call *call, const char *id, struct looks_found *ret);
/* In `finish`: what of it may be copied, as a recipe of a body without anything of its own. */
MUST_USE enum err looks_copy_show(struct call *call, const struct looks_found *found,
                                  struct looks_shown *ret);

/* ---- the wardrobe: who owns what is not free ---- */

struct looks_thing {
    const char *id, *slot;
    bool owned; /* else it is free */
};
/* What the actor may wear, in the order of the catalogue; of one slot, or of all (NULL). */
MUST_USE enum err looks_wardrobe(struct call *call, const char *slot, struct looks_thing **ret,
                                 size_t *ret_count);
/* In `apply`.  Of what is free no row is written: nothing stands there that tells of health or
 * belief.  ERR_INVALID looks.item, ERR_CONFLICT looks.wardrobe_full. */
MUST_USE enum err looks_give(struct call *call, int64_t account_id, const char *item);
/* In `apply`: from now on they neither own nor wear it, and whoever sees them is told that their
 * look is another.  `fresh`: looks_new_id().  That it was not theirs is no failure. */
MUST_USE enum err looks_lose(struct call *call, int64_t account_id, const char *item,
                             const char *fresh);

/* ---- outfits: looks that are put aside under a name (outfits.c) ---- */

struct looks_outfit {
    const char *id, *name, *recipe;
};
struct looks_outfit_row {
    int64_t id;
    const char *public_id;
    struct sealed name, recipe;
};
struct looks_outfits {
    struct looks_found own; /* whose: for what they own */
    struct looks_outfit_row *rows;
    size_t count;
};
MUST_USE enum err looks_outfits(struct call *call, struct looks_outfits *ret);
MUST_USE enum err looks_outfits_open(struct call *call, const struct looks_outfits *outfits,
                                     struct looks_outfit *ret);

struct looks_outfit_new {
    const char *public_id;
    int64_t id; /* of the row: a new one, or that which is there */
    bool fresh;
    struct sealed name;
    struct looks_change look;
};
/* Steps of keeping one, new or instead of that of the same id.  ERR_INVALID looks.outfit_id,
 * looks.outfit_name and what looks_take and looks_seal say; ERR_CONFLICT looks.outfits_many,
 * looks.changed. */
MUST_USE enum err looks_outfit_look(struct call *call, const char *public_id,
                                    struct looks_outfit_new *ret);
MUST_USE enum err looks_outfit_prepare(struct call *call, const char *name, const char *recipe,
                                       struct looks_outfit_new *outfit);
MUST_USE enum err looks_outfit_put(struct call *call, const struct looks_outfit_new *outfit);

/* Steps of wearing one: without what is not the actor's any more.  ERR_MISSING looks.no_outfit. */
struct looks_outfit_worn {
    struct looks_found own;
    struct looks_outfit_row row;
    struct looks_change look;
};
MUST_USE enum err looks_outfit_find(struct call *call, const char *public_id,
                                    struct looks_outfit_worn *ret);
MUST_USE enum err looks_outfit_take(struct call *call, struct looks_outfit_worn *worn);
/* ERR_MISSING looks.no_outfit. */
MUST_USE enum err looks_outfit_end(struct call *call, const char *public_id);

/* ---- accounts whose choice of a ready avatar stands in clear: a job seals it, and gives those
 * who have no look yet the id of theirs (before.c) ---- */

struct looks_before_row {
    int64_t account_id, key_id;
    const char *avatar, *colours;
    struct sealed sealed; /* none: the key is burned */
    bool waits;           /* the key does not open: until it does, their choice stays */
    char fresh[PUBLIC_ID_LEN + 1];
};
struct looks_before {
    size_t count;
    struct looks_before_row rows[LOOKS_BEFORE_MAX];
};
MUST_USE enum err looks_before_look(struct call *call, struct looks_before *ret);
MUST_USE enum err looks_before_prepare(struct call *call, struct looks_before *before);
MUST_USE enum err looks_before_apply(struct call *call, const struct looks_before *before);

extern const struct live_event looks_events[];

#endif
