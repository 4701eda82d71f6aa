#include <stdio.h>

#include "api/api.h"
#include "base/arena.h"

/* Writes the client's view of the api; the build puts it in web/src/gen/api.ts. */
int main(void)
{
    struct arena *arena = arena_new(API_ARENA_MAX);
    struct buf out = {.arena = arena};
    api_typescript(features, &out);
    bool written = fwrite(out.at, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
    arena_free(arena);
    return written ? 0 : 1;
}
