#include <stdlib.h>
#include <string.h>

#include "live/inner.h"

/* Out of memory stops the process: the limits of this folder are far below that. */
void *live_alloc(size_t size)
{
    void *at = calloc(1, size);
    ASSERT_MEMORY(at);
    return at;
}

char *live_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = live_alloc(size);
    memcpy(copy, text, size);
    return copy;
}
