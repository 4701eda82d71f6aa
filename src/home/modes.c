#include "home/modes.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/log.h"

enum { MODE_BITS = 07777 };

enum err modes_mend(const char *path, mode_t others, char ret_why[HOME_WHY_MAX])
{
    struct stat found;
    if (stat(path, &found) != 0 || !(found.st_mode & others)) {
        return OK; /* who opens it next says what is wrong */
    }
    mode_t mended = found.st_mode & MODE_BITS & ~others;
    if (chmod(path, mended) != 0) {
        snprintf(ret_why, HOME_WHY_MAX,
                 "other users of this machine may read or change %.200s (mode %04o), and it is not "
                 "ours to mend: chmod %04o %.200s",
                 path, found.st_mode & MODE_BITS, mended, path);
        return ERR_INVALID;
    }
    log_line(LOG_WARN, "server", "other users of this machine could read or change it: mended",
             LOG_T(LOG_FILE, path));
    return OK;
}
