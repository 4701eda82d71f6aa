#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void err_assert_failed(const char *what, const char *file, int line)
{
    fprintf(stderr, "level=error room=base what=\"assertion failed\" why=\"%s\" file=%s:%d\n", what,
            file, line);
    abort();
}
