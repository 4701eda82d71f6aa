#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "privacy/keys.h"

/*
 * Keys for members that a benchmark writes into a database by itself:
 * bench_keys FOLDER/keys ID-OF-THE-STORE COUNT, one id a line.
 */
int main(int argc, char **argv)
{
    char why[KEYS_WHY_MAX];
    struct keys *keys = NULL;
    if (argc != 4) {
        return 2;
    }
    const struct keys_options options = {.dir = argv[1], .expected_id = argv[2]};
    if (keys_open(&options, &keys, why) != OK) {
        fprintf(stderr, "bench_keys: %s\n", why);
        return 1;
    }
    for (long left = strtol(argv[3], NULL, 10); left > 0; left--) {
        int64_t id = 0;
        if (keys_refill(keys) != OK || keys_take(keys, &id) != OK) {
            return 1;
        }
        printf("%" PRId64 "\n", id);
    }
    keys_close(keys);
    return 0;
}
