#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "features/identity/accounts/accounts.h"
#include "privacy/erasure.h"
#include "privacy/inventory.h"
#include "tests/hostile/scene.h"

/*
 * What is left of somebody who did whatever can be done, with whom others did what they could, and
 * who deletes their account then: every route is called with fitting input by them and by a friend,
 * and no row of any table may name them afterwards, as the inventory says whom a column names.
 */
enum { TABLES_AT_LEAST = 24, TURNS_MAX = 400, ROUTES_MAX = 400 };

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

static struct accounts_erasing erasing; /* of this turn; nothing is kept over one */

static enum err look(struct call *call, void *arg UNUSED)
{
    erasing = (struct accounts_erasing){.most_steps = 1};
    return accounts_erase_look(call, &erasing);
}

static enum err apply(struct call *call, void *arg)
{
    TRY(accounts_erase(call, &erasing));
    return *(const bool *)arg ? ERR_BUSY : OK; /* as a kill before the commit */
}

static int64_t far(struct world *w)
{
    return world_count(w, "SELECT COALESCE((SELECT step + 1 FROM erasure), 0)");
}

/* One turn of the job; each is killed before its commit first.  False: nobody is left. */
static bool turn(struct world *w, bool *ret_burned)
{
    bool killed = true, lives = false;
    int64_t before = far(w);
    w->now_ms++; /* ids of what it queues are made of the time */
    struct arena *arena = arena_new(1 << 20);
    struct call call = {.arena = arena, .keys = w->keys, .now_ms = w->now_ms};
    assert_int_equal(world_do(w, ADA, look, NULL), OK);
    assert_int_equal(accounts_erase_prepare(&call, &erasing), OK);
    arena_free(arena);
    *ret_burned = erasing.burned;
    assert_int_equal(world_do(w, ADA, apply, &killed), ERR_BUSY);
    assert_int_equal(far(w), before);
    assert_int_equal(world_do(w, ADA, apply, &lives), OK);
    return erasing.whose.account_id;
}

/* What a friend's pages answer, each as a digit. */
static void pages(struct hostile_scene *scene, char ret[ROUTES_MAX])
{
    size_t count = 0;
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *route = (*feature)->routes; route && route->path; route++) {
            if (strcmp(route->method, "GET") == 0) {
                struct arena *arena = arena_new(1 << 22);
                scene->route = route;
                int status = hostile_send(arena, scene, BEN, NULL, NULL, false);
                ret[count++] = status < 500 ? 'a' : 'b';
                if (status >= 500) {
                    print_error("%s: %d\n", route->path, status);
                }
                arena_free(arena);
                assert_true(count < ROUTES_MAX);
            }
        }
    }
    ret[count] = '\0';
}

/* proves: RGT-5a */
static void no_row_names_whom_was_erased_though_each_step_was_killed_once(struct world *w)
{
    struct hostile_scene scene;
    size_t tables = 0, turns = 0, steps = 0;
    bool burned = false, seen = false;
    char where[128] = "", shown[ROUTES_MAX];
    hostile_open(&scene, w);
    hostile_call_all(&scene, ANA);
    scene.names.person = w->public_ids[ANA];
    hostile_call_all(&scene, BEN);
    named(w, &tables, where);
    print_message("# %zu tables name them\n", tables);
    assert_true(tables >= TABLES_AT_LEAST);
    assert_int_equal(world_send(w, ANA, "DELETE", "/api/me", NULL), 200);
    w->now_ms += ACCOUNTS_REGRET_MS + 1;
    while (turn(w, &burned)) {
        if (burned && far(w) == 2) { /* nothing can be read, the rows are there: pages bear it */
            pages(&scene, shown);
            seen = true;
            assert_null(strchr(shown, 'b'));
        }
        assert_true(turns++ < TURNS_MAX);
    }
    while (erasure_plan[steps].table) {
        steps++;
    }
    assert_true(seen);
    assert_true(turns > steps / 2); /* it went step by step */
    if (named(w, &tables, where)) {
        fail_msg("who was erased still stands in %s", where);
    }
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE id = 1"), 0);
    hostile_close(&scene);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(no_row_names_whom_was_erased_though_each_step_was_killed_once),
    };
    const struct world_options options = {.features = features, .proved = true};
    return world_run(&options, tests, COUNT(tests));
}
