#include <stdio.h>
#include <string.h>

#include "base/settings.h"
#include "call/scene.h"
#include "features/site/ops/ops.h"
#include "privacy/inventory.h"
#include "privacy/keys.h"
#include "privacy/sealed.h"
#include "store/store.h"
#include "tests/support/world.h"

extern const struct feature ops_feature;
static const struct feature *const test_features[] = {&ops_feature, NULL};

#define LETTER_                                                                            \
    "INSERT INTO job (id, kind, payload, state, run_at_ms, tries, why, created_ms) VALUES" \
    " (77, 'mail.send', '{}', 'dead', 1799999990000, 5, 'api.busy', 1799999000000)"

static void the_site_introduces_itself(struct world *w)
{
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/site", NULL), 200);
    assert_string_equal(world_field(w, "name"), "Bauta");
    assert_string_equal(world_field(w, "registration"), w->settings.registration);
    assert_string_equal(world_field(w, "country"), "null");
    assert_true(world_says(w, "\"languages\":[{\"tag\":\"en\"},{\"tag\":\"id\"}]"));
    assert_string_equal(world_field(w, "scene"), "null");
}

static void the_scene_to_fetch_early_is_the_operator_s_word_and_none_of_the_rooms(struct world *w)
{
    for (size_t i = 0; i < scenes_count; i++) {
        world_set(w, "first_scene", scenes[i].id);
        assert_int_equal(world_send(w, NOBODY, "GET", "/api/site", NULL), 200);
        assert_string_equal(world_field(w, "scene"), scenes[i].id);
    }
    world_set(w, "first_scene", "none");
}

static void the_checklist_follows_the_settings(struct world *w)
{
    assert_int_equal(world_send(w, ANA, "GET", "/api/admin/checklist", NULL), 403);
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/checklist", NULL), 200);
    assert_true(world_says(w, "{\"id\":\"contact\",\"state\":\"open\""));
    assert_true(world_says(w, "{\"id\":\"backup\",\"state\":\"open\""));
    assert_true(world_says(w, "{\"id\":\"proxy\",\"state\":\"na\""));
    assert_true(world_says(w, "{\"id\":\"worker\",\"state\":\"open\""));
    assert_true(world_says(w, "{\"id\":\"source\",\"state\":\"open\""));
    w->settings.contact_email = strdup("a@b.example");
    w->settings.source_url = strdup("https://world.example/source");
    world_script(w, "INSERT INTO meta (name, number, changed_ms) VALUES"
                    " ('backup.made', 1799999999000, 0), ('proxy.seen', 1, 0)");
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/checklist", NULL), 200);
    assert_true(world_says(w, "{\"id\":\"contact\",\"state\":\"done\""));
    assert_true(world_says(w, "{\"id\":\"backup\",\"state\":\"done\""));
    assert_true(world_says(w, "{\"id\":\"source\",\"state\":\"done\""));
    assert_true(world_says(w, "{\"id\":\"proxy\",\"state\":\"open\""));
}

static void a_dead_letter_can_be_tried_again(struct world *w)
{
    world_script(w, LETTER_);
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/jobs", NULL), 200);
    assert_string_equal(world_field(w, "kind"), "mail.send");
    assert_string_equal(world_field(w, "id"), "77");
    assert_int_equal(world_send(w, BEN, "POST", "/api/admin/jobs/77/retry", NULL), 403);
    assert_int_equal(world_send(w, ADA, "POST", "/api/admin/jobs/77/retry", NULL), 204);
    assert_int_equal(w->events[0].kind, EVENT_OUTBOX);
    assert_int_equal(world_send(w, ADA, "POST", "/api/admin/jobs/77/retry", NULL), 404);
    assert_string_equal(world_code(w), "ops.no_letter");
    assert_int_equal(world_count(w, "SELECT tries FROM job WHERE state = 'waiting'"), 0);
}

static void run_job(struct world *w, const char *name)
{
    for (const struct job_kind *row = ops_feature.jobs; row->name; row++) {
        if (strcmp(row->name, name) == 0) {
            const struct api_route route = {.who = API_ADMIN, .tx = row->tx, .steps = row->steps};
            const struct job_in in = {.id = 1, .payload = ""};
            const char *code = NULL;
            assert_int_equal(api_wait(w->api, &route, &in, NULL, &code), OK);
            return;
        }
    }
    fail_msg("no job %s", name);
}

static void keys_are_made_ahead_and_swept_when_nobody_uses_them(struct world *w)
{
    int64_t key = 0;
    run_job(w, "ops.keys");
    assert_int_equal(keys_take(w->keys, &key), OK);
    run_job(w, "ops.keys_sweep"); /* young: it may be on its way into a row */
    assert_true(key > 0);
}

static enum err look_at_all(struct call *call, void *arg)
{
    static int64_t ids[64];
    struct ops_keys *used = arg;
    TRY(ops_keys_look(call, COUNT(ids), used));
    memcpy(ids, used->ids, used->count * sizeof(ids[0]));
    used->ids = ids;
    return OK;
}

/* 901 to 904, in the columns that own a key beside the accounts': one more column wants one more.
 */
static void every_key_that_a_row_owns_is_in_use(struct world *w)
{
    struct ops_keys used = {0};
    size_t owners = 0, found = 0;
    for (const struct inventory_table *table = inventory_tables; table->name; table++) {
        for (const struct inventory_column *one = table->columns; one->name; one++) {
            owners += one->key && strcmp(one->key, "borrowed") != 0;
        }
    }
    const char *bytes = store_is_sqlite(w->store.store) ? "X'00'" : "''::bytea";
    char script[900];
    snprintf(
        script, sizeof(script),
        "INSERT INTO guardian (id, public_id, key_id, page_key_id, state, country, language,"
        " email_ct, link_hash, created_at_ms, mailed_at_ms) VALUES"
        " (77, 'p', 901, 902, 'asked', 'DE', 'en', %s, %s, 1, 1);"
        "INSERT INTO report (id, public_id, reason, key_id, seen_ct, at_ms) VALUES"
        " (77, 'p', 'spam', 903, %s, 1);"
        "INSERT INTO request (id, public_id, kind, state, own_key_id, country, language,"
        " made_ms, from_ms, due_ms) VALUES (77, 'p', 'access', 'open', 904, 'ID', 'en', 1, 1, 1)",
        bytes, bytes, bytes);
    world_script(w, script);
    assert_int_equal(world_do(w, ANA, look_at_all, &used), OK);
    for (size_t i = 0; i < used.count; i++) {
        found += used.ids[i] > 900 && used.ids[i] < 900 + (int64_t)owners;
    }
    assert_int_equal(found, owners - 1);
}

static uint64_t window;

static enum err look_at_two(struct call *call, void *arg)
{
    struct ops_keys *used = arg;
    static int64_t ids[2];
    call->rng.state = window;
    TRY(ops_keys_look(call, 2, used));
    memcpy(ids, used->ids, used->count * sizeof(ids[0]));
    used->ids = ids;
    return OK;
}

/* Five accounts and room for two: each window burns what nobody uses in it, and nothing else. */
static void more_keys_than_fit_are_swept_in_windows(struct world *w)
{
    int64_t key = 0;
    run_job(w, "ops.keys");
    for (int who = ANA; who < PEOPLE; who++) { /* a used one, an unused one, in turn */
        char sql[80];
        assert_int_equal(keys_take(w->keys, &key), OK);
        snprintf(sql, sizeof(sql), "UPDATE account SET key_id = %lld WHERE id = %d", (long long)key,
                 who);
        world_script(w, sql);
        assert_int_equal(keys_take(w->keys, &key), OK);
    }
    atomic_fetch_add(&w->now_ms, INT64_C(30) * 24 * 3600 * 1000);
    for (window = 1; window <= 40; window++) {
        struct ops_keys used = {0};
        struct call call = {.keys = w->keys, .now_ms = w->now_ms + (INT64_C(1) << 40)};
        assert_int_equal(world_do(w, ANA, look_at_two, &used), OK);
        assert_true(used.count <= 2);
        assert_int_equal(ops_keys_sweep(&call, &used), OK);
    }
    struct call call = {.keys = w->keys, .arena = w->kept};
    struct sealed sealed;
    for (int who = ANA; who < PEOPLE; who++) {
        char sql[64];
        snprintf(sql, sizeof(sql), "SELECT key_id FROM account WHERE id = %d", who);
        key = world_count(w, sql);
        assert_int_equal(sealed_text(&call, key, "x", "x", &sealed), OK);
        assert_int_equal(sealed_text(&call, key + 1, "x", "x", &sealed), ERR_MISSING);
    }
}

static void letters_faults(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE state = 'dead'"), 1);
}

static void each_statement_may_fail(struct world *w)
{
    world_script(w, LETTER_);
    world_faults(w, ADA, "GET", "/api/admin/jobs", NULL, letters_faults);
    world_faults(w, ADA, "GET", "/api/admin/checklist", NULL, NULL);
    world_faults(w, ADA, "POST", "/api/admin/jobs/77/retry", NULL, letters_faults);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(the_site_introduces_itself),
        WORLD_TEST(the_scene_to_fetch_early_is_the_operator_s_word_and_none_of_the_rooms),
        WORLD_TEST(the_checklist_follows_the_settings),
        WORLD_TEST(a_dead_letter_can_be_tried_again),
        WORLD_TEST(keys_are_made_ahead_and_swept_when_nobody_uses_them),
        WORLD_TEST(every_key_that_a_row_owns_is_in_use),
        WORLD_TEST(more_keys_than_fit_are_swept_in_windows),
        WORLD_TEST(each_statement_may_fail),
    };
    const struct world_options options = {.features = test_features};
    return world_run(&options, tests, COUNT(tests));
}
