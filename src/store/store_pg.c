#include <stdio.h>

#include "store/backend.h"

enum err store_open_pg(const struct store_options *options, struct store **ret, char ret_why[256])
{
    (void)options;
    (void)ret;
    snprintf(ret_why, 256, "PostgreSQL is not built in.");
    return ERR_INVALID;
}
