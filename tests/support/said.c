#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "tests/support/world.h"

/* What the last answer said. */

bool world_says(const struct world *world, const char *text)
{
    return strstr(world->last.body, text) != NULL;
}

bool world_says_word(const struct world *world, const char *word)
{
    const char *body = world->last.body, *at = body;
    for (; (at = strstr(at, word)); at++) {
        if ((at == body || !isalnum((unsigned char)at[-1])) &&
            !isalnum((unsigned char)at[strlen(word)])) {
            return true;
        }
    }
    return false;
}

const char *world_field(struct world *world, const char *name)
{
    const char *mark = arena_printf(world->arena, "\"%s\":", name);
    const char *at = strstr(world->last.body, mark);
    if (!at) {
        return "";
    }
    at += strlen(mark);
    return *at == '"' ? arena_text(world->arena, at + 1, strcspn(at + 1, "\""))
                      : arena_text(world->arena, at, strcspn(at, ",}]"));
}
