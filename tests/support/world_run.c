#include "tests/support/world.h"

#include <stdlib.h>

/* A group of tests, each in a new world, once on each store at hand. */
static const struct world_options *run_options;
static bool run_on_pg;

static void run_one(void **state)
{
    const struct world_test *test = *state;
    struct world_options options = *run_options;
    struct world *world = NULL;
    options.pg = run_on_pg;
    world_new(&options, &world);
    test->run(world);
    world_free(world);
}

int world_run(const struct world_options *options, const struct world_test *tests, size_t count)
{
    int failed = 0;
    run_options = options;
    for (int pg = 0; pg < 2; pg++) {
        if (pg && options->one_store) {
            break;
        }
        if (pg && !test_store_has_pg()) {
            print_message("# PostgreSQL left out: BAUTA_TEST_PG is not set\n");
            break;
        }
        run_on_pg = pg;
        struct CMUnitTest *group = calloc(count, sizeof(*group));
        for (size_t i = 0; i < count; i++) {
            group[i] = (struct CMUnitTest){.name = tests[i].name,
                                           .test_func = run_one,
                                           .initial_state = (void *)(uintptr_t)&tests[i]};
        }
        failed +=
            _cmocka_run_group_tests(pg ? "on PostgreSQL" : "on SQLite", group, count, NULL, NULL);
        free(group);
    }
    return failed;
}
