#ifndef FEATURES_LOOKS_RECIPE_H
#define FEATURES_LOOKS_RECIPE_H

#include "base/arena.h"
#include "call/json.h"
#include "features/looks/looks/catalogue.h"

/*
 * A look as a recipe: small integers by the names of the catalogue, as JSON of at most
 * LOOKS_RECIPE_MAX bytes:
 *   {"v":1,"body":{"build":20},"face":{…},"skin":4,"eyes":2,"marks":{"freckles":30},
 *    "wear":[{"id":"tee","colours":[3,12],"pattern":7,"pattern_colour":5}]}
 * It is read in any order but for `v` and `id`, which stand first, and written in one way alone,
 * without what is 0.
 * Nothing here knows who wears it: no store, no account.
 */
enum { LOOKS_RECIPE_MAX = 2048, LOOKS_VERSION = 1 };

struct looks_worn {
    const struct looks_item *item; /* NULL: nothing */
    uint8_t colours[LOOKS_ZONES_MAX];
    int16_t pattern, pattern_colour;
};

struct looks_recipe {
    int16_t sliders[LOOKS_SLIDERS_MAX], marks[LOOKS_MARKS_MAX]; /* as the catalogue has them */
    int16_t skin, eyes;
    struct looks_worn worn[LOOKS_SLOTS_MAX]; /* by slot */
    bool lacks; /* something of what was kept is not in it (any more) */
};

/*
 * What a member sends.  NULL: it is right, and in `ret`; else why not:
 *  looks.long      more than LOOKS_RECIPE_MAX bytes
 *  looks.form      no JSON, or not of this form
 *  looks.version   of another version, or of none
 *  looks.unknown   a name that the catalogue does not have
 *  looks.twice     a name stands twice
 *  looks.range     a number beyond its limits
 *  looks.item      an item that is not there (any more)
 *  looks.slot      two items in one slot
 *  looks.excludes  two items that do not go together
 *  looks.colours   more colours than an item has zones, or one that its palette has not
 *  looks.pattern   a pattern that is not there, or on an item that takes none
 */
const char *looks_read(const struct looks_catalogue *of, const char *text, size_t len,
                       struct looks_recipe *ret);

/*
 * What was kept or made, perhaps by another catalogue: numbers are brought within their limits,
 * what is not there any more is left out, and what can't be read ends it.  Never fails.
 */
void looks_mend(const struct looks_catalogue *of, const char *text, size_t len,
                struct looks_recipe *ret);

/* The recipe of a ready avatar in its colours; of the first preset where there is no such one. */
void looks_preset(const struct looks_catalogue *of, const char *avatar,
                  const struct json_numbers *colours, struct looks_recipe *ret);

/* Covers the trunk with the usual clothes where it is not.  In their place nothing else is worn. */
void looks_cover(const struct looks_catalogue *of, struct looks_recipe *recipe);

/* Does neither exclude the other? */
bool looks_go_together(const struct looks_catalogue *of, const struct looks_item *a,
                       const struct looks_item *b);

/* Is it free, or in `owned`? */
bool looks_may_wear(const struct looks_item *item, const char *const *owned, size_t count);
/* The first item that is neither free nor in `owned`; NULL: all are. */
const struct looks_item *looks_not_owned(const struct looks_recipe *recipe,
                                         const char *const *owned, size_t count);
/* Takes off all of these. */
void looks_take_off(struct looks_recipe *recipe, const char *const *owned, size_t count);

/*
 * In its one form, and blanks up to LOOKS_RECIPE_MAX: however much or little it says, it is as
 * long. ret_len (may be NULL): without them; beyond LOOKS_RECIPE_MAX it is not padded.
 */
const char *looks_write(struct arena *arena, const struct looks_catalogue *of,
                        const struct looks_recipe *recipe, size_t *ret_len);

#endif
