#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "live/live.h"

/* Writes the client's view of the api, or of the live protocol; the build puts it in web/src/gen.
 */
int main(int argc, char **argv)
{
    struct arena *arena = arena_new(API_ARENA_MAX);
    struct buf out = {.arena = arena};
    if (argc > 1 && strcmp(argv[1], "live") == 0) {
        live_typescript(&out);
    } else {
        api_openapi(features, &out); /* for its limits: what does not fit stops the build */
        out.len = 0;
        api_typescript(features, &out);
    }
    bool written = fwrite(out.at, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
    arena_free(arena);
    return written ? 0 : 1;
}
