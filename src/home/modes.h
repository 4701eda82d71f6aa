#ifndef HOME_MODES_H
#define HOME_MODES_H

#include <sys/types.h>

#include "home/home.h"

/*
 * What stands at `path` is none of `others`' business (bits of a mode).  Where it is ours the mode
 * is mended and the log says so; else ERR_INVALID with the command that mends it.  Nothing at
 * `path` is OK.
 */
MUST_USE enum err modes_mend(const char *path, mode_t others, char ret_why[HOME_WHY_MAX]);

#endif
