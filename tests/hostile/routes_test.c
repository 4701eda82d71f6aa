#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "tests/hostile/scene.h"

/*
 * Every route of every feature, from its row, against somebody who means no good: each field
 * of its input in turn with all that tests/hostile/values.c makes.  Wanted: an answer of the
 * documented set, the process alive, and nothing written by what the shape refuses.  Then
 * input that fits, with every statement failing in turn, and every kind of caller.
 */
enum { ARENA_MAX = 64 << 20, STATEMENTS_MAX = 200, SLOW_EVERY = 40 };

static size_t send_all(struct arena *arena, struct hostile_scene *scene,
                       const struct json_field *field, const struct hostile_values *values,
                       bool refused)
{
    size_t sent = 0;
    bool in_path = strstr(scene->route->path, arena_printf(arena, "{%s}", field->name)) != NULL;
    for (size_t i = 0; i < values->count; i++) {
        const struct hostile_value *value = &values->at[i];
        bool can = value->plain || !(in_path || hostile_in_query(scene->route));
        bool now = value->refused == refused &&
                   (refused || !hostile_slow(scene->route) || i % SLOW_EVERY == 0);
        if (!can || !now || (in_path && value->plain_len == 0)) {
            continue;
        }
        struct arena_mark mark = arena_mark(arena);
        hostile_judge(scene, hostile_send(arena, scene, ANA, field, value, false), value,
                      field->name);
        arena_rewind(arena, mark);
        sent++;
    }
    return sent;
}

static void not_written(struct hostile_scene *scene, int64_t before, const char *what)
{
    if (hostile_written(scene) != before) {
        fail_msg("%s %s: something was written by %s", scene->route->method, scene->route->path,
                 what);
    }
}

static size_t attack(struct hostile_scene *scene)
{
    struct hostile_call call = {.names = &scene->names, .route = scene->route};
    const struct json_shape *shape = scene->route->steps->in;
    size_t sent = 0;
    for (int round = 0; round < 2; round++) { /* what the shape refuses goes first */
        for (size_t i = 0; shape && i < shape->field_count; i++) {
            struct arena *arena = arena_new(ARENA_MAX);
            const struct json_field *field = &shape->fields[i];
            struct hostile_values values = hostile_values(arena, field, hostile_usual_words, &call);
            int64_t before = hostile_written(scene);
            sent += send_all(arena, scene, field, &values, round == 0);
            if (round == 0) {
                not_written(scene, before, "what its shape refuses");
            }
            arena_free(arena);
        }
    }
    return sent;
}

/* A body that is none: the object's frame, doubled and unknown fields. */
static void attack_body(struct hostile_scene *scene)
{
    static const char *const bodies[] = {"{",
                                         "[]",
                                         "null",
                                         "{}x",
                                         "{\"unknown\":1}",
                                         "\"\"",
                                         "{\"a\":1,\"a\":1}",
                                         "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
                                         "{\"\\u0000\":1}",
                                         "{\"\xff\":1}",
                                         "-",
                                         "1e9"};
    struct arena *arena = arena_new(ARENA_MAX);
    struct hostile_call call = {.names = &scene->names, .route = scene->route};
    if (!hostile_in_query(scene->route)) {
        const struct hostile_request request = hostile_request(arena, &call);
        int64_t before = hostile_written(scene);
        for (size_t i = 0; i < COUNT(bodies); i++) {
            const struct hostile_value value = {.why = bodies[i], .refused = true};
            hostile_judge(scene,
                          world_send(scene->w, ANA, scene->route->method, request.path, bodies[i]),
                          &value, "the body");
        }
        for (size_t i = 0; scene->route->steps->in && i < scene->route->steps->in->field_count;
             i++) {
            const struct json_field *field = &scene->route->steps->in->fields[i];
            const struct hostile_value value = {
                .json = hostile_fitting(arena, field, hostile_usual_words, &call),
                .why = "twice",
                .refused = true};
            if (!(request.in_path >> i & 1)) {
                hostile_judge(scene, hostile_send(arena, scene, ANA, field, &value, true), &value,
                              field->name);
            }
        }
        not_written(scene, before, "a body that is none");
    }
    arena_free(arena);
}

/* ---- the tests ---- */

static void run_attack(struct hostile_scene *scene, size_t *done)
{
    attack_body(scene);
    *done += attack(scene);
}

static void every_route_answers_whatever_is_sent(struct world *w)
{
    size_t sent = hostile_each_feature(w, run_attack);
    print_message("# %zu requests\n", sent);
    assert_true(sent > 1000);
}

static void run_callers(struct hostile_scene *scene, size_t *done)
{
    static const char *const tokens[] = {NULL, "Bearer token-of-ben", "Bearer nobody's",
                                         "Basic YTph"};
    const struct hostile_value value = {.why = "fitting input"};
    for (int who = NOBODY; who < PEOPLE; who++) {
        for (size_t i = 0; i < (who == NOBODY ? COUNT(tokens) : 1); i++) {
            struct arena *arena = arena_new(ARENA_MAX);
            scene->w->authorization = tokens[i];
            int status = hostile_send(arena, scene, who, NULL, &value, false);
            hostile_judge(scene, status, &value, "caller");
            enum api_who may = scene->route->who;
            if (status < 300 && may != API_ANYONE &&
                (who == NOBODY ? i != 1 : who != ADA && may != API_MEMBER)) {
                fail_msg("%s %s answers %d to somebody who may not call it", scene->route->method,
                         scene->route->path, status);
            }
            *done += status < 300;
            scene->w->authorization = NULL;
            arena_free(arena);
        }
    }
}

static void every_kind_of_caller_gets_a_documented_answer(struct world *w)
{
    size_t taken = hostile_each_feature(w, run_callers);
    print_message("# %zu calls went through\n", taken);
    assert_true(taken > 100);
}

static void run_faults(struct hostile_scene *scene, size_t *done)
{
    const struct hostile_value value = {.why = "fitting input, a statement failing"};
    for (uint64_t nth = 1; nth <= STATEMENTS_MAX; nth++) {
        struct arena *arena = arena_new(ARENA_MAX);
        int64_t before = hostile_written(scene);
        store_fail_at(scene->w->store.store, nth, ERR_BROKEN);
        int status = hostile_send(arena, scene, scene->route->who == API_MEMBER ? ANA : ADA, NULL,
                                  &value, false);
        store_fail_at(scene->w->store.store, 0, OK);
        arena_free(arena);
        if (status != 500) {
            hostile_judge(scene, status, &value, "caller");
            return;
        }
        assert_string_equal(world_code(scene->w), "api.broken");
        not_written(scene, before, "a call with a failing statement");
        (*done)++;
    }
    fail_msg("%s %s never ends", scene->route->method, scene->route->path);
}

/* Their call began before the erasure was committed, and goes on behind it. */
static void run_erased(struct hostile_scene *scene, size_t *done)
{
    static const int askers[] = {ANA, ADA};
    const struct hostile_value value = {.why = "fitting input, the caller erased meanwhile"};
    world_script(scene->w, "DELETE FROM account WHERE avatar_name IN ('ana', 'ada')");
    for (size_t i = 0; i < COUNT(askers); i++) {
        struct arena *arena = arena_new(ARENA_MAX);
        hostile_judge(scene, hostile_send(arena, scene, askers[i], NULL, &value, false), &value,
                      "caller");
        arena_free(arena);
        (*done)++;
    }
}

static void who_was_erased_while_calling_gets_a_documented_answer(struct world *w)
{
    assert_true(hostile_each_feature(w, run_erased) > 200);
}

static void a_statement_that_fails_leaves_nothing_half_written(struct world *w)
{
    size_t failed = hostile_each_feature(w, run_faults);
    print_message("# %zu statements failed\n", failed);
    assert_true(failed > 200);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(who_was_erased_while_calling_gets_a_documented_answer),
        WORLD_TEST(every_route_answers_whatever_is_sent),
        WORLD_TEST(every_kind_of_caller_gets_a_documented_answer),
        WORLD_TEST(a_statement_that_fails_leaves_nothing_half_written),
    };
    const struct world_options options = {.features = NULL};
    return world_run(&options, tests, COUNT(tests));
}
