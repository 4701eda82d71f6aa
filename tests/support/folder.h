#pragma once

#include <stdbool.h>

enum { TEST_FOLDER_MAX = 64 };

/*
 * A new folder for a test, in memory where TMPDIR says so (tests/support/with-pg): a store or a
 * keyring waits for the disk at every commit, and a test of what they hold learns nothing by it.
 * `name` is a part of the folder's. False, and an empty path, when there is none.
 */
bool test_folder(const char *name, char ret[TEST_FOLDER_MAX]);
