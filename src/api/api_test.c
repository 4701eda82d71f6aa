#include "tests/support/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/catalogue.h"

/* Routes, input, answers, documents. */
static void a_write_is_stored_and_answered(struct world *w)
{
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    assert_string_equal(w->last.body, "{\"name\":\"a\",\"number\":3,\"runs\":1}");
    assert_string_equal(w->last.type, "application/json");
    notes_expect(w, ANA, "GET", "/api/t/notes/a", NULL, 200, "");
    assert_string_equal(world_field(w, "number"), "3");
    assert_int_equal(w->event_count, 1);
    assert_int_equal(w->events[0].account_id, ANA);
    assert_string_equal(w->events[0].json, "{\"t\":\"note\"}");
}

static void a_refused_write_leaves_nothing(struct world *w)
{
    notes_expect(w, ANA, "POST", "/api/t/notes", "{\"name\":\"a\",\"number\":99}", 409,
                 "api.clash");
    assert_string_equal(world_field(w, "field"), "number");
    notes_expect(w, ANA, "GET", "/api/t/notes/a", NULL, 404, "api.missing");
    assert_int_equal(w->event_count, 0);
}

static void finish_runs_after_the_commit(struct world *w)
{
    notes_expect(w, ANA, "PUT", "/api/t/notes/b", "{\"number\":1}", 200, "");
    assert_string_equal(world_field(w, "runs"), "7");
}

static void what_prepare_finds_out_can_be_looked_up_before_apply(struct world *w)
{
    notes_expect(w, NOBODY, "POST", "/api/t/steps", NULL, 200, "");
    assert_string_equal(world_field(w, "name"), "lpLPa");
}

static void a_literal_goes_before_a_name(struct world *w)
{
    notes_expect(w, NOBODY, "GET", "/api/t/keys/current", NULL, 204, "");
    assert_string_equal(w->last.body, "");
    notes_expect(w, NOBODY, "GET", "/api/t/keys/12", NULL, 200, "");
    notes_expect(w, NOBODY, "HEAD", "/api/t/keys/12", NULL, 200, "");
}

static void unknown_addresses_and_methods_are_told_apart(struct world *w)
{
    static const char *const unknown[] = {"/",
                                          "/api",
                                          "/api/",
                                          "/api/t",
                                          "/api/t/",
                                          "/api/t/notes/",
                                          "/api/t/notes/a/",
                                          "//api/t/slow",
                                          "/api//t/slow",
                                          "/api/t/notes/a/b",
                                          "/a/b/c/d/e/f/g/h/i/j/k",
                                          "/API/t/slow",
                                          "/api/t/slow%2f",
                                          "/api/t%2fslow"};
    for (size_t i = 0; i < COUNT(unknown); i++) {
        notes_expect(w, ANA, "GET", unknown[i], NULL, 404, "api.no_route");
    }
    static const char *const methods[] = {"DELETE", "PATCH", "OPTIONS", "TRACE", "get", "CONNECT"};
    for (size_t i = 0; i < COUNT(methods); i++) {
        notes_expect(w, ANA, methods[i], "/api/t/notes/a", NULL, 405, "api.method");
        assert_string_equal(w->last.allow, "PUT, GET, HEAD");
    }
    notes_expect(w, ANA, "GET", "/api/t/notes", NULL, 405, "api.method");
    assert_string_equal(w->last.allow, "POST");
}

static void paths_are_decoded_strictly(struct world *w)
{
    notes_expect(w, NOBODY, "GET", "/api/t/keys/1?text=a%2Fb+c%26%c3%a9", NULL, 200, "");
    assert_string_equal(world_field(w, "name"), "a/b c&é");
    notes_expect(w, NOBODY, "GET", "/%61pi/t/keys/%31%32", NULL, 200, "");
    assert_string_equal(world_field(w, "number"), "12");
    static const char *const bad[] = {
        "/api/t/keys/%",        "/api/t/keys/%1",         "/api/t/keys/%zz",
        "/api/t/keys/%00",      "/api/t/keys/%ff",        "/api/t/keys/%c3",
        "/api/t/keys/1?text=%", "/api/t/keys/1?text=%e9", "/api/t/keys/1?text=%00",
        "/api/t/keys/1?%=a",    "/api/t/keys/%ed%a0%80",  "/api/t/keys/%c0%af"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        notes_expect(w, NOBODY, "GET", bad[i], NULL, 400, "input.path");
    }
}

static void a_query_is_read_by_the_shape(struct world *w)
{
    notes_expect(w, NOBODY, "GET", "/api/t/keys/1?tex=a", NULL, 400, "input.unknown");
    assert_string_equal(world_field(w, "field"), "tex");
    notes_expect(w, NOBODY, "GET", "/api/t/keys/1?text=a&text=b", NULL, 400, "input.twice");
    notes_expect(w, NOBODY, "GET", "/api/t/keys/1?id=2", NULL, 400, "input.twice");
    notes_expect(w, NOBODY, "GET", "/api/t/keys/0", NULL, 400, "input.range");
    notes_expect(w, NOBODY, "GET", "/api/t/keys/99999999999999999999", NULL, 400, "input.type");
    notes_expect(w, NOBODY, "GET", "/api/t/keys/1?text=123456789012345678901234567890", NULL, 200,
                 "");
    notes_expect(w, NOBODY, "GET", "/api/t/keys/1?text=1234567890123456789012345678901", NULL, 400,
                 "input.length");
    notes_expect(w, NOBODY, "GET", "/api/t/keys/1?&&", NULL, 200, "");
    notes_expect(w, NOBODY, "GET", "/api/t/keys/1?text", NULL, 200, "");
    notes_expect(w, ANA, "POST", "/api/t/notes?name=a", NOTE_, 400, "input.query");
}

static void malformed_bodies_are_refused(struct world *w)
{
    static const struct {
        const char *json, *code;
    } bad[] = {
        {"{", "input.json"},
        {"[]", "input.json"},
        {"null", "input.json"},
        {"\"a\"", "input.json"},
        {"{\"name\":\"a\",\"number\":3}x", "input.json"},
        {"{\"name\":\"a\",\"number\":3,}", "input.json"},
        {"{'name':'a'}", "input.json"},
        {"{\"name\":\"\xff\",\"number\":3}", "input.json"},
        {"{\"name\":\"\\ud800\",\"number\":3}", "input.json"},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "input.json"},
        {"{\"name\":\"a\\u0000\",\"number\":3}", "input.json"},
        {"{\"name\":\"a\",\"number\":3,\"more\":1}", "input.unknown"},
        {"{\"name\":\"a\",\"name\":\"b\",\"number\":3}", "input.twice"},
        {"{\"name\":\"a\"}", "input.missing"},
        {"{}", "input.missing"},
        {"{\"name\":1,\"number\":3}", "input.type"},
        {"{\"name\":\"a\",\"number\":\"3\"}", "input.type"},
        {"{\"name\":\"a\",\"number\":3.5}", "input.type"},
        {"{\"name\":\"a\",\"number\":101}", "input.range"},
        {"{\"name\":\"a\",\"number\":-1}", "input.range"},
        {"{\"name\":\"\",\"number\":3}", "input.length"},
        {"{\"name\":\"123456789012345678901\",\"number\":3}", "input.length"},
        {"{\"name\":\"a\\u0007\",\"number\":3}", "input.text"},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        notes_expect(w, ANA, "POST", "/api/t/notes", bad[i].json, 400, bad[i].code);
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM meta WHERE name = 'a'"), 0);
}

static void a_deep_body_does_not_eat_the_stack(struct world *w)
{
    char *deep = malloc(API_BODY_MAX + 1);
    memset(deep, '[', API_BODY_MAX);
    deep[API_BODY_MAX] = '\0';
    notes_expect(w, ANA, "POST", "/api/t/notes", deep, 400, "input.json");
    free(deep);
}

static void bodies_have_a_size_and_a_type(struct world *w)
{
    char *large = malloc(API_BODY_MAX + 2);
    memset(large, ' ', API_BODY_MAX + 1);
    large[API_BODY_MAX + 1] = '\0';
    memcpy(large, NOTE_, strlen(NOTE_));
    notes_expect(w, ANA, "POST", "/api/t/notes", large, 413, "api.large");
    large[API_BODY_MAX] = '\0';
    notes_expect(w, ANA, "POST", "/api/t/notes", large, 201, "");
    free(large);
    w->type = "text/plain";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 415, "api.type");
    w->type = "application/jsonp";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 415, "api.type");
    w->type = "";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 415, "api.type");
    w->type = "application/json; charset=latin1";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 415, "api.type");
    w->type = "Application/JSON; charset=UTF-8";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    w->type = NULL;
    notes_expect(w, ANA, "GET", "/api/t/notes/a", "{}", 400, "input.body");
    notes_expect(w, ADA, "POST", "/api/t/admin", "{}", 204, "");
    notes_expect(w, ADA, "POST", "/api/t/admin", "{\"a\":1}", 400, "input.unknown");
}

static void refusals_speak_the_reader_s_language(struct world *w)
{
    w->language = "id;q=0.9, fr";
    notes_expect(w, NOBODY, "GET", "/api/nothing", NULL, 404, "api.no_route");
    assert_string_equal(world_field(w, "text"), catalogue_text("id", "api.no_route"));
    notes_expect(w, ANA, "POST", "/api/t/notes", "{\"name\":\"many\",\"number\":1}", 429,
                 "limits.often");
    assert_true(world_says(w, "in 3 s.")); /* Ana reads English; 2.5 s are rounded up */
}

static void slow_work_runs_in_its_pool(struct world *w)
{
    notes_expect(w, NOBODY, "GET", "/api/t/slow", NULL, 200, "");
    assert_string_equal(world_field(w, "name"), "slept");
}

static void a_plain_answer_is_text(struct world *w)
{
    notes_expect(w, NOBODY, "GET", "/api/t/plain", NULL, 200, "");
    assert_string_equal(w->last.type, "text/plain; charset=utf-8");
    assert_string_equal(w->last.body, "as it is: {}");
    notes_expect(w, NOBODY, "GET", "/healthz", NULL, 200, "");
    assert_string_equal(w->last.type, "text/plain; charset=utf-8");
    assert_string_equal(w->last.body, "ok\n");
}

static void robots_and_finders_of_weaknesses_are_told(struct world *w)
{
    notes_expect(w, NOBODY, "GET", "/robots.txt", NULL, 200, "");
    assert_true(world_says(w, "User-agent: *\nDisallow: /api/\n"));
    notes_expect(w, NOBODY, "GET", "/.well-known/security.txt", NULL, 404, "api.no_route");
    w->settings.contact_email = strdup("hello@harbour.example");
    notes_expect(w, NOBODY, "GET", "/.well-known/security.txt", NULL, 200, "");
    assert_true(world_says(w, "Contact: mailto:hello@harbour.example\nExpires: 2027-"));
}

static void probes_say_how_it_stands(struct world *w)
{
    notes_expect(w, NOBODY, "GET", "/readyz", NULL, 200, "");
    api_ready(w->api, false);
    assert_int_equal(world_send(w, NOBODY, "GET", "/readyz", NULL), 503);
    api_ready(w->api, true);
    notes_expect(w, NOBODY, "GET", "/metrics", NULL, 404, "api.no_route");
    w->settings.metrics_token = strdup("secret");
    w->authorization = "Bearer secrex";
    notes_expect(w, NOBODY, "GET", "/metrics", NULL, 404, "api.no_route");
    w->authorization = "Bearer secret";
    notes_expect(w, NOBODY, "GET", "/metrics", NULL, 200, "");
    assert_true(world_says(w, "bauta_calls_total{route=\"GET /readyz\",class=\"5xx\"} 1\n"));
}

static void the_documents_name_every_route(struct world *w)
{
    notes_expect(w, NOBODY, "GET", "/api/openapi.json", NULL, 200, "");
    struct arena *arena = arena_new(API_ARENA_MAX);
    struct buf types = {.arena = arena};
    api_typescript(notes_features, &types);
    for (const struct api_route *route = notes_routes; route->method; route++) {
        assert_true(world_says(w, arena_printf(arena, "\"%s\":{", route->path)));
        assert_true(world_says(w, route->about));
        assert_non_null(
            strstr(types.at, arena_printf(arena, "\"%s %s\": { in: ", route->method, route->path)));
    }
    assert_non_null(strstr(types.at, "{ in: { id: Id; text?: string | null; }; out: note }"));
    arena_free(arena);
}

static void while_draining_new_calls_are_turned_away(struct world *w)
{
    api_drain(w->api);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/t/slow", NULL), 503);
    assert_string_equal(world_code(w), "api.busy");
    assert_true(w->last.retry_ms > 0);
}

static int sent_inside;
static pthread_mutex_t inside_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t inside_done = PTHREAD_COND_INITIALIZER;

static void inside(void *owner, enum err err, const struct call *call, const void *out)
{
    assert_int_equal(err, OK);
    assert_int_equal(call->actor.id, BEN);
    assert_true(((const struct note *)out)->number >= 5);
    pthread_mutex_lock(&inside_lock);
    ++*(int *)owner;
    pthread_cond_signal(&inside_done);
    pthread_mutex_unlock(&inside_lock);
}

static void a_call_from_inside_goes_the_same_way(struct world *w)
{
    const struct note_in in = {"c", 5};
    const struct api_inner inner = {.route = &notes_routes[0],
                                    .in = &in,
                                    .actor = {.id = BEN},
                                    .owner = &sent_inside,
                                    .done = inside};
    sent_inside = 0;
    assert_int_equal(api_inner(w->api, &inner), OK);
    pthread_mutex_lock(&inside_lock);
    while (!sent_inside) {
        pthread_cond_wait(&inside_done, &inside_lock);
    }
    pthread_mutex_unlock(&inside_lock);
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'c'"), 5);
}

static void once_stopped_calls_from_inside_are_turned_away(struct world *w)
{
    const struct note_in in = {"d", 6};
    const struct api_inner inner = {.route = &notes_routes[0],
                                    .in = &in,
                                    .actor = {.id = BEN},
                                    .owner = &sent_inside,
                                    .done = inside};
    sent_inside = 0;
    api_drain(w->api); /* who is let out last may still ask something */
    assert_int_equal(api_inner(w->api, &inner), OK);
    api_stop(w->api);
    assert_int_equal(sent_inside, 1);
    assert_int_equal(api_inner(w->api, &inner), ERR_BUSY);
    assert_int_equal(sent_inside, 1);
}

static const struct note *kept_note;

static void inside_kept(void *owner, enum err err, const struct call *call, const void *out)
{
    kept_note = out;
    inside(owner, err, call, out);
}

static void a_call_in_the_askers_memory_leaves_its_answer_there(struct world *w)
{
    struct arena *arena = arena_new(API_ARENA_MAX);
    const struct note_in in = {"e", 7};
    const struct api_inner inner = {.route = &notes_routes[0],
                                    .in = &in,
                                    .arena = arena,
                                    .actor = {.id = BEN},
                                    .owner = &sent_inside,
                                    .done = inside_kept};
    sent_inside = 0;
    assert_int_equal(api_inner(w->api, &inner), OK);
    api_drain(w->api); /* the call is over, with all that was its own */
    assert_int_equal(sent_inside, 1);
    assert_int_equal(kept_note->number, 7);
    assert_string_equal(kept_note->name, "e");
    api_stop(w->api);
    assert_int_equal(api_inner(w->api, &inner), ERR_BUSY); /* and leaves it with the asker */
    arena_free(arena);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_write_is_stored_and_answered),
        WORLD_TEST(a_refused_write_leaves_nothing),
        WORLD_TEST(finish_runs_after_the_commit),
        WORLD_TEST(what_prepare_finds_out_can_be_looked_up_before_apply),
        WORLD_TEST(a_literal_goes_before_a_name),
        WORLD_TEST(unknown_addresses_and_methods_are_told_apart),
        WORLD_TEST(paths_are_decoded_strictly),
        WORLD_TEST(a_query_is_read_by_the_shape),
        WORLD_TEST(malformed_bodies_are_refused),
        WORLD_TEST(a_deep_body_does_not_eat_the_stack),
        WORLD_TEST(bodies_have_a_size_and_a_type),
        WORLD_TEST(refusals_speak_the_reader_s_language),
        WORLD_TEST(slow_work_runs_in_its_pool),
        WORLD_TEST(a_plain_answer_is_text),
        WORLD_TEST(robots_and_finders_of_weaknesses_are_told),
        WORLD_TEST(probes_say_how_it_stands),
        WORLD_TEST(the_documents_name_every_route),
        WORLD_TEST(while_draining_new_calls_are_turned_away),
        WORLD_TEST(a_call_from_inside_goes_the_same_way),
        WORLD_TEST(once_stopped_calls_from_inside_are_turned_away),
        WORLD_TEST(a_call_in_the_askers_memory_leaves_its_answer_there),
    };
    const struct world_options options = {.features = notes_features};
    return world_run(&options, tests, COUNT(tests));
}
