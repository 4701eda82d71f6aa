#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "call/call.h"
#include "tests/play/play.h"
#include "tests/support/world.h"

/* The scripts of the corpus, and some made by chance (BAUTA_TEST_SEED). */
enum { BY_CHANCE = 12, ACTS_EACH = 160 };

static void scripts_that_did_harm_once_do_none(void **state UNUSED)
{
    size_t count = 0;
    DIR *folder = opendir("tests/fuzz/corpus/play");
    assert_non_null(folder);
    play_start();
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[512];
        uint8_t bytes[PLAY_SCRIPT_MAX];
        snprintf(path, sizeof(path), "tests/fuzz/corpus/play/%s", entry->d_name);
        FILE *in = entry->d_name[0] == '.' ? NULL : fopen(path, "rbe");
        if (in) {
            size_t len = fread(bytes, 1, sizeof(bytes), in);
            fclose(in);
            play_script(bytes, len);
            count++;
        }
    }
    play_end();
    closedir(folder);
    assert_true(count > 0);
}

static void whatever_several_members_do_at_once_harms_nobody(void **state UNUSED)
{
    struct rng rng = {world_seed()};
    play_start();
    for (int i = 0; i < BY_CHANCE; i++) {
        uint8_t bytes[ACTS_EACH];
        for (size_t at = 0; at < sizeof(bytes); at++) {
            bytes[at] = (uint8_t)(rng_next(&rng) >> 40);
        }
        play_script(bytes, sizeof(bytes));
    }
    play_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts_that_did_harm_once_do_none),
        cmocka_unit_test(whatever_several_members_do_at_once_harms_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
