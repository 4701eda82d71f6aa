#include "tests/support/folder.h"

#include <stdio.h>
#include <stdlib.h>

bool test_folder(const char *name, char ret[TEST_FOLDER_MAX])
{
    const char *within = getenv("TMPDIR");
    int len = snprintf(ret, TEST_FOLDER_MAX, "%s/bauta-%s.XXXXXX",
                       within && *within ? within : "/tmp", name);
    if (len >= TEST_FOLDER_MAX || !mkdtemp(ret)) {
        ret[0] = '\0';
        return false;
    }
    return true;
}
