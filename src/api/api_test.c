#include "tests/support/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/catalogue.h"
#include "base/crypto.h"

/*
 * The way of a call, with a feature made for these tests: notes in the table `meta`.
 */
struct note_in {
    const char *name;
    int64_t number;
};
struct note {
    const char *name;
    int64_t number;
    int64_t runs;
};
struct page {
    const char *text;
};
struct key_in {
    int64_t id;
    const char *text;
};

JSON_SHAPE(note_in, "note_in", struct note_in, J_TEXT(struct note_in, name, 1, 20),
           J_I64(struct note_in, number, 0, 100));
JSON_SHAPE(note_shape, "note", struct note, J_TEXT(struct note, name, 1, 20),
           J_I64(struct note, number, 0, 100), J_I64(struct note, runs, 0, 100));
JSON_SHAPE(key_in, "key_in", struct key_in, J_ID(struct key_in, id),
           J_TEXT(struct key_in, text, 0, 30, .flags = JSON_OPTIONAL));
JSON_SHAPE(page_shape, "page", struct page, J_TEXT(struct page, text, 0, 100));
JSON_SHAPE(name_in, "name_in", struct note_in, J_TEXT(struct note_in, name, 1, 20));

SQL(note_put, "INSERT INTO meta (name, number, changed_ms) VALUES ($1, $2, $3)"
              " ON CONFLICT (name) DO UPDATE SET number = meta.number + $2,"
              " changed_ms = excluded.changed_ms RETURNING number");
SQL(note_get, "SELECT name, number FROM meta WHERE name = $1 LIMIT 1");

static enum err put_note(struct call *call, const void *in, void *out)
{
    const struct note_in *wish = in;
    struct note *note = out;
    struct rows rows;
    if (strcmp(wish->name, "many") == 0) {
        call->retry_ms = 2500;
        return call_fail(call, ERR_LIMIT, "limits.often");
    }
    TRY(store_run(call, &note_put,
                  BIND(TEXT(wish->name), I64(wish->number), I64(call->now_ms)), &rows));
    ++*(int64_t *)call->state;
    *note = (struct note){wish->name, row_i64(&rows, 0, 0), *(int64_t *)call->state};
    call_emit(call, EVENT_TELL, call->actor.id, 0, "{\"t\":\"note\"}");
    if (wish->number == 99) { /* after the write: it must be as if nothing had been */
        return call_fail_field(call, ERR_CONFLICT, "api.clash", "number");
    }
    return OK;
}

static enum err get_note(struct call *call, const void *in, void *out)
{
    const struct note_in *wish = in;
    struct note *note = out;
    struct rows rows;
    TRY(store_run(call, &note_get, BIND(TEXT(wish->name)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "api.missing");
    }
    *note = (struct note){row_text(&rows, 0, 0), row_i64(&rows, 0, 1), 0};
    return OK;
}

static enum err finish_note(struct call *call, const void *in UNUSED, void *out)
{
    assert_null(call->tx);
    ((struct note *)out)->runs = 7;
    return OK;
}

static enum err echo_key(struct call *call, const void *in, void *out)
{
    const struct key_in *key = in;
    struct note *note = out;
    *note = (struct note){key->text ? key->text : call->actor.name, key->id % 100, 0};
    call_cookie(call, "note", "v", 60);
    return OK;
}

static enum err slow(struct call *call, const void *in UNUSED, void *out)
{
    assert_null(call->tx);
    ((struct note *)out)->name = "slept";
    return OK;
}

static enum err nothing(struct call *call UNUSED, const void *in UNUSED, void *out UNUSED)
{
    return OK;
}

static enum err say_page(struct call *call UNUSED, const void *in UNUSED, void *out)
{
    ((struct page *)out)->text = "as it is: {}";
    return OK;
}

static const struct api_limit five = {.name = "t.five", .burst = 5, .per_ms = 10000};
static const struct api_limit soft = {
    .name = "t.soft", .burst = 5, .per_ms = 10000, .address = true};
static const struct api_limit one = {
    .name = "t.one", .burst = 1, .per_ms = 10000, .address = true};
static const struct api_limit by_name = {
    .name = "t.name", .burst = 2, .per_ms = 10000, .field = "name"};

static const struct api_route routes[] = {
    {"POST", "/api/t/notes", API_MEMBER, API_TX_WRITE, 0, 201, .in = &note_in, .out = &note_shape,
     .state_size = sizeof(int64_t), .apply = put_note, .about = "Adds to a note."},
    {"PUT", "/api/t/notes/{name}", API_MEMBER, API_TX_WRITE, 0, 200, .in = &note_in, .out = &note_shape,
     .state_size = sizeof(int64_t), .apply = put_note, .finish = finish_note, .about = "Sets it."},
    {"POST", "/api/t/secrets", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 201, .in = &note_in,
     .out = &note_shape, .state_size = sizeof(int64_t), .apply = put_note, .about = "A secret."},
    {"GET", "/api/t/notes/{name}", API_MEMBER, API_TX_READ, 0, 200, .in = &name_in, .out = &note_shape,
     .apply = get_note, .about = "One note."},
    {"GET", "/api/t/keys/{id}", API_ANYONE, API_TX_NONE, 0, 200, .in = &key_in, .out = &note_shape,
     .prepare = echo_key, .about = "Says what came."},
    {"GET", "/api/t/keys/current", API_ANYONE, API_TX_NONE, 0, 204, .prepare = nothing,
     .about = "A literal beside a name."},
    {"GET", "/api/t/slow", API_ANYONE, API_TX_NONE, API_SLOW_POOL, 200, .out = &note_shape,
     .prepare = slow, .about = "Runs in the pool."},
    {"GET", "/api/t/plain", API_ANYONE, API_TX_NONE, API_PLAIN, 200, .out = &page_shape,
     .prepare = say_page, .about = "As text."},
    {"POST", "/api/t/admin", API_ADMIN, API_TX_NONE, 0, 204, .prepare = nothing, .about = "Staff."},
    {"POST", "/api/t/five", API_MEMBER, API_TX_NONE, 0, 204, .prepare = nothing,
     .limits = {&five}, .about = "Five in ten seconds."},
    {"POST", "/api/t/soft", API_ANYONE, API_TX_NONE, 0, 204, .prepare = nothing,
     .limits = {&soft}, .about = "Five from one address, then work."},
    {"POST", "/api/t/one", API_ANYONE, API_TX_NONE, 0, 204, .prepare = nothing,
     .limits = {&one}, .about = "One from one address, then work, then nothing."},
    {"POST", "/api/t/named", API_ANYONE, API_TX_NONE, 0, 204, .in = &name_in, .prepare = nothing,
     .limits = {&by_name}, .about = "Two for one name, then work."},
    {0},
};
static const struct feature test_feature = {.name = "t", .routes = routes};
static const struct feature *const test_features[] = {&test_feature, NULL};

#define NOTE_ "{\"name\":\"a\",\"number\":3}"

static void expect(struct world *w, int who, const char *method, const char *path, const char *json,
                   int status, const char *code)
{
    int got = world_send(w, who, method, path, json);
    if (got != status || strcmp(world_code(w), code) != 0) {
        fail_msg("%s %s %.60s: %d %s, not %d %s", method, path, json ? json : "", got,
                 w->last.body, status, code);
    }
}

static void a_write_is_stored_and_answered(struct world *w)
{
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    assert_string_equal(w->last.body, "{\"name\":\"a\",\"number\":3,\"runs\":1}");
    assert_string_equal(w->last.type, "application/json");
    expect(w, ANA, "GET", "/api/t/notes/a", NULL, 200, "");
    assert_string_equal(world_field(w, "number"), "3");
    assert_int_equal(w->event_count, 1);
    assert_int_equal(w->events[0].account_id, ANA);
    assert_string_equal(w->events[0].json, "{\"t\":\"note\"}");
}

static void a_refused_write_leaves_nothing(struct world *w)
{
    expect(w, ANA, "POST", "/api/t/notes", "{\"name\":\"a\",\"number\":99}", 409, "api.clash");
    assert_string_equal(world_field(w, "field"), "number");
    expect(w, ANA, "GET", "/api/t/notes/a", NULL, 404, "api.missing");
    assert_int_equal(w->event_count, 0);
}

static void finish_runs_after_the_commit(struct world *w)
{
    expect(w, ANA, "PUT", "/api/t/notes/b", "{\"number\":1}", 200, "");
    assert_string_equal(world_field(w, "runs"), "7");
}

static void a_literal_goes_before_a_name(struct world *w)
{
    expect(w, NOBODY, "GET", "/api/t/keys/current", NULL, 204, "");
    assert_string_equal(w->last.body, "");
    expect(w, NOBODY, "GET", "/api/t/keys/12", NULL, 200, "");
    expect(w, NOBODY, "HEAD", "/api/t/keys/12", NULL, 200, "");
}

static void unknown_addresses_and_methods_are_told_apart(struct world *w)
{
    static const char *const unknown[] = {
        "/", "/api", "/api/", "/api/t", "/api/t/", "/api/t/notes/", "/api/t/notes/a/", "//api/t/slow",
        "/api//t/slow", "/api/t/notes/a/b", "/a/b/c/d/e/f/g/h/i/j/k", "/API/t/slow",
        "/api/t/slow%2f", "/api/t%2fslow"};
    for (size_t i = 0; i < COUNT(unknown); i++) {
        expect(w, ANA, "GET", unknown[i], NULL, 404, "api.no_route");
    }
    static const char *const methods[] = {"DELETE", "PATCH", "OPTIONS", "TRACE", "get", "CONNECT"};
    for (size_t i = 0; i < COUNT(methods); i++) {
        expect(w, ANA, methods[i], "/api/t/notes/a", NULL, 405, "api.method");
        assert_string_equal(w->last.allow, "PUT, GET, HEAD");
    }
    expect(w, ANA, "GET", "/api/t/notes", NULL, 405, "api.method");
    assert_string_equal(w->last.allow, "POST");
}

static void paths_are_decoded_strictly(struct world *w)
{
    expect(w, NOBODY, "GET", "/api/t/keys/1?text=a%2Fb+c%26%c3%a9", NULL, 200, "");
    assert_string_equal(world_field(w, "name"), "a/b c&é");
    expect(w, NOBODY, "GET", "/%61pi/t/keys/%31%32", NULL, 200, "");
    assert_string_equal(world_field(w, "number"), "12");
    static const char *const bad[] = {"/api/t/keys/%", "/api/t/keys/%1", "/api/t/keys/%zz",
                                      "/api/t/keys/%00", "/api/t/keys/%ff", "/api/t/keys/%c3",
                                      "/api/t/keys/1?text=%", "/api/t/keys/1?text=%e9",
                                      "/api/t/keys/1?text=%00", "/api/t/keys/1?%=a",
                                      "/api/t/keys/%ed%a0%80", "/api/t/keys/%c0%af"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        expect(w, NOBODY, "GET", bad[i], NULL, 400, "input.path");
    }
}

static void a_query_is_read_by_the_shape(struct world *w)
{
    expect(w, NOBODY, "GET", "/api/t/keys/1?tex=a", NULL, 400, "input.unknown");
    assert_string_equal(world_field(w, "field"), "tex");
    expect(w, NOBODY, "GET", "/api/t/keys/1?text=a&text=b", NULL, 400, "input.twice");
    expect(w, NOBODY, "GET", "/api/t/keys/1?id=2", NULL, 400, "input.twice");
    expect(w, NOBODY, "GET", "/api/t/keys/0", NULL, 400, "input.range");
    expect(w, NOBODY, "GET", "/api/t/keys/99999999999999999999", NULL, 400, "input.type");
    expect(w, NOBODY, "GET", "/api/t/keys/1?text=123456789012345678901234567890", NULL, 200, "");
    expect(w, NOBODY, "GET", "/api/t/keys/1?text=1234567890123456789012345678901", NULL, 400,
           "input.length");
    expect(w, NOBODY, "GET", "/api/t/keys/1?&&", NULL, 200, "");
    expect(w, NOBODY, "GET", "/api/t/keys/1?text", NULL, 200, "");
    expect(w, ANA, "POST", "/api/t/notes?name=a", NOTE_, 400, "input.query");
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
        expect(w, ANA, "POST", "/api/t/notes", bad[i].json, 400, bad[i].code);
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM meta WHERE name = 'a'"), 0);
}

static void a_deep_body_does_not_eat_the_stack(struct world *w)
{
    char *deep = malloc(API_BODY_MAX + 1);
    memset(deep, '[', API_BODY_MAX);
    deep[API_BODY_MAX] = '\0';
    expect(w, ANA, "POST", "/api/t/notes", deep, 400, "input.json");
    free(deep);
}

static void bodies_have_a_size_and_a_type(struct world *w)
{
    char *large = malloc(API_BODY_MAX + 2);
    memset(large, ' ', API_BODY_MAX + 1);
    large[API_BODY_MAX + 1] = '\0';
    memcpy(large, NOTE_, strlen(NOTE_));
    expect(w, ANA, "POST", "/api/t/notes", large, 413, "api.large");
    large[API_BODY_MAX] = '\0';
    expect(w, ANA, "POST", "/api/t/notes", large, 201, "");
    free(large);
    w->type = "text/plain";
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 415, "api.type");
    w->type = "application/jsonp";
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 415, "api.type");
    w->type = "";
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 415, "api.type");
    w->type = "application/json; charset=latin1";
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 415, "api.type");
    w->type = "Application/JSON; charset=UTF-8";
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    w->type = NULL;
    expect(w, ANA, "GET", "/api/t/notes/a", "{}", 400, "input.body");
    expect(w, ADA, "POST", "/api/t/admin", "{}", 204, "");
    expect(w, ADA, "POST", "/api/t/admin", "{\"a\":1}", 400, "input.unknown");
}

/* Every route, every kind of person: what is not opened is closed. */
static void each_route_is_open_to_those_it_names_only(struct world *w)
{
    for (const struct api_route *route = routes; route->method; route++) {
        char path[64];
        size_t at = 0;
        for (const char *from = route->path; *from;) {
            path[at++] = *from == '{' ? '1' : *from;
            from += *from == '{' ? strcspn(from, "}") + 1 : 1;
        }
        path[at] = '\0';
        const int people[] = {NOBODY, ANA, ADA};
        for (size_t i = 0; i < COUNT(people); i++) {
            int status = world_send(w, people[i], route->method, path, NULL);
            bool closed = status == 401 || status == 403;
            bool wanted = (route->who != API_ANYONE && people[i] == NOBODY) ||
                          (route->who == API_ADMIN && people[i] != ADA);
            if (closed != wanted || (closed && status != (people[i] == NOBODY ? 401 : 403))) {
                fail_msg("%s %s answers %d to %d", route->method, path, status, people[i]);
            }
        }
    }
}

static void a_session_comes_by_cookie_or_bearer(struct world *w)
{
    w->cookie = "";
    w->authorization = "Bearer token-of-ben";
    expect(w, NOBODY, "GET", "/api/t/keys/1", NULL, 200, "");
    assert_string_equal(world_field(w, "name"), "ben");
    w->authorization = "Bearer no-such-token";
    expect(w, NOBODY, "GET", "/api/t/keys/1", NULL, 401, "api.token");
    w->authorization = NULL;
    w->cookie = "a=b; __Host-bauta_session=token-of-cleo; c=d";
    expect(w, NOBODY, "GET", "/api/t/keys/1", NULL, 200, "");
    assert_string_equal(world_field(w, "name"), "cleo");
    w->cookie = "bauta_session=token-of-cleo"; /* the plain name does not count under TLS */
    expect(w, NOBODY, "POST", "/api/t/notes", NOTE_, 401, "api.login");
    w->cookie = "__Host-bauta_session=over";
    expect(w, NOBODY, "GET", "/api/t/slow", NULL, 200, "");
    expect(w, NOBODY, "GET", "/api/t/notes/a", NULL, 401, "api.login");
}

static void cookies_get_their_outer_name(struct world *w)
{
    expect(w, NOBODY, "GET", "/api/t/keys/1?text=a", NULL, 200, "");
    assert_string_equal(w->last.cookies[0].name, "__Host-note");
    w->insecure = true;
    expect(w, NOBODY, "GET", "/api/t/keys/1?text=a", NULL, 200, "");
    assert_string_equal(w->last.cookies[0].name, "note");
}

static void a_foreign_page_cannot_act(struct world *w)
{
    w->origin = "https://evil.example";
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 403, "api.csrf");
    expect(w, NOBODY, "POST", "/api/t/soft", NULL, 403, "api.csrf");
    expect(w, ANA, "PUT", "/api/t/notes/a", "{\"number\":1}", 403, "api.csrf");
    expect(w, ANA, "GET", "/api/live", NULL, 403, "api.csrf");
    expect(w, ANA, "GET", "/api/t/notes/zz", NULL, 404, "api.missing"); /* reading is harmless */
    w->origin = "http://world.example"; /* the scheme counts */
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 403, "api.csrf");
    w->origin = "null";
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 403, "api.csrf");
    w->origin = "https://world.example.evil.example";
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 403, "api.csrf");
    w->origin = "https://world.example";
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    /* What a form can send without asking first: */
    w->csrf = "";
    expect(w, ADA, "POST", "/api/t/admin", NULL, 403, "api.csrf");
    w->type = "application/x-www-form-urlencoded";
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 403, "api.csrf");
    w->type = "text/plain";
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 403, "api.csrf");
    w->type = NULL;
    w->origin = NULL;
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, ""); /* JSON needs a preflight */
    w->authorization = "Bearer token-of-ada";
    expect(w, NOBODY, "POST", "/api/t/admin", NULL, 204, ""); /* no ambient right */
}

static void the_live_door_opens_for_members(struct world *w)
{
    expect(w, NOBODY, "GET", "/api/live", NULL, 401, "api.login");
    expect(w, ANA, "GET", "/api/live?room=abc", NULL, 101, "");
    assert_true(w->last.upgrade);
    expect(w, ANA, "GET", "/api/live?rooms=abc", NULL, 400, "input.unknown");
}

static void a_repeat_gets_the_first_answer(struct world *w)
{
    w->key = "key-1";
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    char first[256];
    snprintf(first, sizeof(first), "%s", w->last.body);
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    assert_string_equal(w->last.body, first);
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'a'"), 3);
    assert_int_equal(w->event_count, 1); /* told once */
    expect(w, ANA, "POST", "/api/t/notes", "{\"name\":\"a\",\"number\":4}", 409,
           "input.idempotency");
    expect(w, ANA, "POST", "/api/t/secrets", NOTE_, 409, "input.idempotency");
    expect(w, BEN, "POST", "/api/t/notes", NOTE_, 201, ""); /* another's key is another key */
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'a'"), 6);
    atomic_fetch_add(&w->now_ms, 24 * 60 * 60 * 1000);
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, ""); /* kept for a day */
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'a'"), 9);
}

static void a_refusal_is_not_kept(struct world *w)
{
    w->key = "key-2";
    expect(w, ANA, "POST", "/api/t/notes", "{\"name\":\"a\",\"number\":99}", 409, "api.clash");
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM idempotency"), 0);
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
}

static void a_secret_answer_is_not_kept_but_done_once(struct world *w)
{
    w->key = "key-3";
    expect(w, ANA, "POST", "/api/t/secrets", NOTE_, 201, "");
    expect(w, ANA, "POST", "/api/t/secrets", NOTE_, 409, "input.repeated");
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'a'"), 3);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM idempotency WHERE body IS NULL"), 1);
}

static void repeats_at_the_same_time_act_once(struct world *w)
{
    enum { COUNT_ = 40 };
    const char *jsons[COUNT_];
    int statuses[COUNT_];
    for (size_t i = 0; i < COUNT_; i++) {
        jsons[i] = NOTE_;
    }
    w->key = "key-4";
    world_send_many(w, ANA, "POST", "/api/t/notes", jsons, COUNT_, statuses);
    for (size_t i = 0; i < COUNT_; i++) {
        assert_int_equal(statuses[i], 201);
    }
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'a'"), 3);
}

static void a_key_is_short_and_visible(struct world *w)
{
    char key[202];
    memset(key, 'k', sizeof(key));
    key[200] = '\0';
    w->key = key;
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    key[200] = 'k';
    key[201] = '\0';
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 400, "input.idempotency_key");
    w->key = "a b";
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 400, "input.idempotency_key");
}

static void nothing_changed(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM meta WHERE name = 'a'"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM idempotency"), 0);
    assert_int_equal(w->event_count, 0);
}

static void each_statement_may_fail(struct world *w)
{
    w->key = "key-5";
    world_faults(w, ANA, "POST", "/api/t/notes", NOTE_, nothing_changed);
    world_faults(w, ANA, "GET", "/api/t/notes/a", NULL, NULL);
}

static void a_lost_race_is_run_again(struct world *w)
{
    store_fail_at(w->store.store, 1, ERR_BUSY);
    expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    store_fail_at(w->store.store, 0, OK);
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'a'"), 3);
    assert_string_equal(world_field(w, "runs"), "1");
}

static void an_account_s_limit_is_hard(struct world *w)
{
    for (int i = 0; i < 5; i++) {
        expect(w, ANA, "POST", "/api/t/five", NULL, 204, "");
    }
    expect(w, ANA, "POST", "/api/t/five", NULL, 429, "limits.often");
    assert_true(w->last.retry_ms >= 1000 && w->last.retry_ms <= 2000);
    expect(w, BEN, "POST", "/api/t/five", NULL, 204, "");
    atomic_fetch_add(&w->now_ms, 2000);
    expect(w, ANA, "POST", "/api/t/five", NULL, 204, "");
    expect(w, ANA, "POST", "/api/t/five", NULL, 429, "limits.often");
}

/* What the client's Worker does. */
static const char *solve(struct world *w)
{
    char challenge[128], text[160];
    uint8_t hash[HASH_BYTES];
    int bits = atoi(world_field(w, "bits"));
    snprintf(challenge, sizeof(challenge), "%s", world_field(w, "challenge"));
    assert_true(bits >= 17 && bits <= 21);
    for (long n = 0;; n++) {
        int len = snprintf(text, sizeof(text), "%s:%ld", challenge, n);
        crypto_sha256(text, (size_t)len, hash);
        uint32_t head = (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8;
        if (head >> (32 - bits) == 0) {
            break;
        }
    }
    return arena_printf(w->kept, "{\"work\":\"%s\"}", text);
}

static void beyond_an_address_s_limit_work_is_asked_for(struct world *w)
{
    for (int i = 0; i < 5; i++) {
        expect(w, NOBODY, "POST", "/api/t/soft", NULL, 204, "");
    }
    expect(w, NOBODY, "POST", "/api/t/soft", NULL, 429, "limits.work");
    const char *proof = solve(w);
    expect(w, NOBODY, "POST", "/api/t/soft", "{\"work\":\"nonsense\"}", 429, "limits.work");
    w->address = "192.0.2.2";
    expect(w, NOBODY, "POST", "/api/t/soft", "{\"work\":\"not needed\"}", 204, "");
    w->address = NULL;
    expect(w, NOBODY, "POST", "/api/t/soft", proof, 204, "");
    expect(w, NOBODY, "POST", "/api/t/soft", proof, 429, "limits.work"); /* once only */
    proof = solve(w);
    atomic_fetch_add(&w->now_ms, 5 * 60 * 1000);
    for (int i = 0; i < 5; i++) {
        expect(w, NOBODY, "POST", "/api/t/soft", NULL, 204, "");
    }
    expect(w, NOBODY, "POST", "/api/t/soft", proof, 429, "limits.work"); /* too old */
    w->address = "2001:db8:1:2:aaaa::1";
    for (int i = 0; i < 5; i++) {
        expect(w, NOBODY, "POST", "/api/t/soft", NULL, 204, "");
    }
    w->address = "2001:db8:1:2:bbbb::2"; /* the same /64 */
    expect(w, NOBODY, "POST", "/api/t/soft", NULL, 429, "limits.work");
    w->address = "2001:db8:1:3::2";
    expect(w, NOBODY, "POST", "/api/t/soft", NULL, 204, "");
}

static void at_twenty_times_the_limit_is_the_end(struct world *w)
{
    int64_t now_ms = atomic_load(&w->now_ms);
    expect(w, NOBODY, "POST", "/api/t/one", NULL, 204, "");
    for (int i = 1; i < 20; i++) {
        atomic_store(&w->now_ms, now_ms);
        expect(w, NOBODY, "POST", "/api/t/one", NULL, 429, "limits.work");
        const char *proof = solve(w);
        atomic_store(&w->now_ms, now_ms);
        expect(w, NOBODY, "POST", "/api/t/one", proof, 204, "");
    }
    atomic_store(&w->now_ms, now_ms);
    expect(w, NOBODY, "POST", "/api/t/one", NULL, 429, "limits.address");
}

static void a_name_s_limit_follows_the_name(struct world *w)
{
    expect(w, NOBODY, "POST", "/api/t/named", "{\"name\":\"Ana\"}", 204, "");
    w->address = "192.0.2.9";
    expect(w, NOBODY, "POST", "/api/t/named", "{\"name\":\"ana\"}", 204, "");
    expect(w, NOBODY, "POST", "/api/t/named", "{\"name\":\"ana\"}", 429, "limits.work");
    expect(w, NOBODY, "POST", "/api/t/named", "{\"name\":\"ben\"}", 204, "");
}

static void refusals_speak_the_reader_s_language(struct world *w)
{
    w->language = "id;q=0.9, fr";
    expect(w, NOBODY, "GET", "/api/nothing", NULL, 404, "api.no_route");
    assert_string_equal(world_field(w, "text"), catalogue_text("id", "api.no_route"));
    expect(w, ANA, "POST", "/api/t/notes", "{\"name\":\"many\",\"number\":1}", 429, "limits.often");
    assert_true(world_says(w, "in 3 s.")); /* Ana reads English; 2.5 s are rounded up */
}

static void slow_work_runs_in_its_pool(struct world *w)
{
    expect(w, NOBODY, "GET", "/api/t/slow", NULL, 200, "");
    assert_string_equal(world_field(w, "name"), "slept");
}

static void a_plain_answer_is_text(struct world *w)
{
    expect(w, NOBODY, "GET", "/api/t/plain", NULL, 200, "");
    assert_string_equal(w->last.type, "text/plain; charset=utf-8");
    assert_string_equal(w->last.body, "as it is: {}");
    expect(w, NOBODY, "GET", "/healthz", NULL, 200, "");
    assert_string_equal(w->last.type, "text/plain; charset=utf-8");
    assert_string_equal(w->last.body, "ok\n");
}

static void probes_say_how_it_stands(struct world *w)
{
    expect(w, NOBODY, "GET", "/readyz", NULL, 200, "");
    api_ready(w->api, false);
    assert_int_equal(world_send(w, NOBODY, "GET", "/readyz", NULL), 503);
    api_ready(w->api, true);
    expect(w, NOBODY, "GET", "/metrics", NULL, 404, "api.no_route");
    w->settings.metrics_token = strdup("secret");
    w->authorization = "Bearer secrex";
    expect(w, NOBODY, "GET", "/metrics", NULL, 404, "api.no_route");
    w->authorization = "Bearer secret";
    expect(w, NOBODY, "GET", "/metrics", NULL, 200, "");
    assert_true(world_says(w, "bauta_calls_total{route=\"GET /readyz\",class=\"5xx\"} 1\n"));
}

static void the_documents_name_every_route(struct world *w)
{
    expect(w, NOBODY, "GET", "/api/openapi.json", NULL, 200, "");
    struct arena *arena = arena_new(API_ARENA_MAX);
    struct buf types = {.arena = arena};
    api_typescript(test_features, &types);
    for (const struct api_route *route = routes; route->method; route++) {
        assert_true(world_says(w, arena_printf(arena, "\"%s\":{", route->path)));
        assert_true(world_says(w, route->about));
        assert_non_null(strstr(types.at, arena_printf(arena, "\"%s %s\": { in: ", route->method,
                                                      route->path)));
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
    assert_int_equal(((const struct note *)out)->number, 5);
    pthread_mutex_lock(&inside_lock);
    ++*(int *)owner;
    pthread_cond_signal(&inside_done);
    pthread_mutex_unlock(&inside_lock);
}

static void a_call_from_inside_goes_the_same_way(struct world *w)
{
    const struct note_in in = {"c", 5};
    const struct api_inner inner = {.route = &routes[0],
                                    .in = &in,
                                    .in_size = sizeof(in),
                                    .out_size = sizeof(struct note),
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

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_write_is_stored_and_answered),
        WORLD_TEST(a_refused_write_leaves_nothing),
        WORLD_TEST(finish_runs_after_the_commit),
        WORLD_TEST(a_literal_goes_before_a_name),
        WORLD_TEST(unknown_addresses_and_methods_are_told_apart),
        WORLD_TEST(paths_are_decoded_strictly),
        WORLD_TEST(a_query_is_read_by_the_shape),
        WORLD_TEST(malformed_bodies_are_refused),
        WORLD_TEST(a_deep_body_does_not_eat_the_stack),
        WORLD_TEST(bodies_have_a_size_and_a_type),
        WORLD_TEST(each_route_is_open_to_those_it_names_only),
        WORLD_TEST(a_session_comes_by_cookie_or_bearer),
        WORLD_TEST(cookies_get_their_outer_name),
        WORLD_TEST(a_foreign_page_cannot_act),
        WORLD_TEST(the_live_door_opens_for_members),
        WORLD_TEST(a_repeat_gets_the_first_answer),
        WORLD_TEST(a_refusal_is_not_kept),
        WORLD_TEST(a_secret_answer_is_not_kept_but_done_once),
        WORLD_TEST(repeats_at_the_same_time_act_once),
        WORLD_TEST(a_key_is_short_and_visible),
        WORLD_TEST(each_statement_may_fail),
        WORLD_TEST(a_lost_race_is_run_again),
        WORLD_TEST(refusals_speak_the_reader_s_language),
        WORLD_TEST(slow_work_runs_in_its_pool),
        WORLD_TEST(a_plain_answer_is_text),
        WORLD_TEST(probes_say_how_it_stands),
        WORLD_TEST(the_documents_name_every_route),
        WORLD_TEST(while_draining_new_calls_are_turned_away),
        WORLD_TEST(a_call_from_inside_goes_the_same_way),
    };
    static const struct world_test limit_tests[] = {
        WORLD_TEST(an_account_s_limit_is_hard),
        WORLD_TEST(beyond_an_address_s_limit_work_is_asked_for),
        WORLD_TEST(at_twenty_times_the_limit_is_the_end),
        WORLD_TEST(a_name_s_limit_follows_the_name),
    };
    const struct world_options options = {.features = test_features};
    const struct world_options strict = {.features = test_features, .limit_scale = 1};
    return world_run(&options, tests, COUNT(tests)) +
           world_run(&strict, limit_tests, COUNT(limit_tests));
}
