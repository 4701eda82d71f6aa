#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "features/looks/looks/looks_small_test.h"
#include "features/looks/looks/recipe.h"
#include "tests/fuzz/fuzz.h"

/*
 * A recipe that is taken says the same again when it is written and read; whatever comes, mended
 * and covered it is one that would be taken, and covers the trunk.
 */
extern const struct looks_catalogue looks_made; /* instead of the one of this build */
const struct looks_catalogue looks_made = SMALL_OF(small_by_id, COUNT(small_items));

static void check(struct arena *arena, const struct looks_recipe *recipe)
{
    struct looks_recipe again;
    size_t len = 0, again_len = 0;
    const char *text = looks_write(arena, &small, recipe, &len);
    ASSERT(len <= LOOKS_RECIPE_MAX && strlen(text) == LOOKS_RECIPE_MAX);
    ASSERT(!looks_read(&small, text, len, &again));
    const char *same = looks_write(arena, &small, &again, &again_len);
    ASSERT(len == again_len && strcmp(text, same) == 0);
}

static void is_covered(const struct looks_recipe *recipe)
{
    uint32_t covered = 0;
    for (size_t slot = 0; slot < COUNT(small_slots); slot++) {
        covered |= recipe->worn[slot].item ? recipe->worn[slot].item->cover : 0;
    }
    ASSERT((small.trunk & ~covered) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
    struct arena *arena = arena_new(1 << 20);
    struct looks_recipe recipe;
    if (!looks_read(&small, (const char *)input, len, &recipe)) {
        check(arena, &recipe);
    }
    looks_mend(&small, (const char *)input, len, &recipe);
    check(arena, &recipe);
    looks_take_off(&recipe, NULL, 0);
    looks_cover(&small, &recipe);
    ASSERT(!looks_not_owned(&recipe, NULL, 0));
    is_covered(&recipe);
    check(arena, &recipe);
    arena_free(arena);
    return 0;
}
