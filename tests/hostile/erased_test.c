#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "features/identity/accounts/accounts.h"
#include "privacy/inventory.h"
#include "tests/hostile/scene.h"

/*
 * What is left of somebody who did whatever can be done, with whom others did what they could, and
 * who deletes their account then: every route is called with fitting input by them and by a friend,
 * and no row of any table may name them afterwards, as the inventory says whom a column names.
 */
enum { TABLES_AT_LEAST = 24 };

static bool kept(const struct inventory_table *table, const char *column)
{
    for (const struct inventory_column *one = table->columns; one->name; one++) {
        if (strcmp(one->name, column) == 0) {
            return strcmp(one->erase, "keep") == 0;
        }
    }
    return false;
}

/* How many rows name ANA where the erased may not stand; says the first column that does. */
static int64_t named(struct world *w, size_t *ret_tables, char ret_where[128])
{
    int64_t sum = 0;
    *ret_tables = 0;
    for (const struct inventory_table *table = inventory_tables; table->name; table++) {
        int64_t of_table = 0;
        for (const struct inventory_pair *one = table->subjects; one->name; one++) {
            char sql[200];
            snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s WHERE %s = %d", table->name,
                     one->column, ANA);
            int64_t count = kept(table, one->column) ? 0 : world_count(w, sql);
            if (count && !of_table && !sum) {
                snprintf(ret_where, 128, "%s.%s", table->name, one->column);
            }
            of_table += count;
        }
        *ret_tables += of_table > 0;
        sum += of_table;
    }
    return sum;
}

static void call_all(struct hostile_scene *scene, int who)
{
    int number = 0;
    char key[32];
    scene->w->key = key;
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *route = (*feature)->routes; route && route->path; route++) {
            if (strcmp(route->method, "DELETE") != 0 && !(route->flags & API_RAW)) {
                struct arena *arena = arena_new(1 << 22);
                snprintf(key, sizeof(key), "key-%d-%d", who, number++);
                scene->route = route;
                hostile_send(arena, scene, who, NULL, NULL, false);
                arena_free(arena);
            }
        }
    }
    scene->w->key = NULL;
}

static enum err erase(struct call *call, void *arg UNUSED)
{
    struct account_erased erased = {0};
    TRY(accounts_erase_look(call, &erased));
    return accounts_erase(call, &erased);
}

/* proves: RGT-5a */
static void no_row_names_whom_was_erased(struct world *w)
{
    struct hostile_scene scene;
    size_t tables = 0;
    char where[128] = "";
    hostile_open(&scene, w);
    call_all(&scene, ANA);
    scene.names.person = w->public_ids[ANA];
    call_all(&scene, BEN);
    named(w, &tables, where);
    print_message("# %zu tables name them\n", tables);
    assert_true(tables >= TABLES_AT_LEAST);
    assert_int_equal(world_send(w, ANA, "DELETE", "/api/me", NULL), 200);
    w->now_ms += ACCOUNTS_REGRET_MS + 1;
    for (int turn = 0; turn < 4 && world_count(w, "SELECT count(*) FROM account WHERE id = 1");
         turn++) {
        assert_int_equal(world_do(w, ADA, erase, NULL), OK);
    }
    if (named(w, &tables, where)) {
        fail_msg("who was erased still stands in %s", where);
    }
    hostile_close(&scene);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(no_row_names_whom_was_erased),
    };
    const struct world_options options = {.features = features, .proved = true};
    return world_run(&options, tests, COUNT(tests));
}
