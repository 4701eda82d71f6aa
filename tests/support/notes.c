#include "tests/support/notes.h"

#include <string.h>

#include "store/store.h"

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
    TRY(store_run(call, &note_put, BIND(TEXT(wish->name), I64(wish->number), I64(call->now_ms)),
                  &rows));
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

/* The steps in the order that they came in, each knowing whether it may use the database. */
static enum err trace(struct call *call, char step, bool reads)
{
    char *at = call->state;
    assert_int_equal(call->tx != NULL, reads);
    at += strlen(at);
    at[0] = step;
    at[1] = '\0';
    return OK;
}

static enum err trace_look(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return trace(call, 'l', true);
}

static enum err trace_prepare(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return trace(call, 'p', false);
}

static enum err trace_look_again(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return trace(call, 'L', true);
}

static enum err trace_prepare_again(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return trace(call, 'P', false);
}

static enum err trace_apply(struct call *call, const void *in UNUSED, void *out)
{
    TRY(trace(call, 'a', true));
    ((struct note *)out)->name = call->state;
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
static const struct api_limit one = {.name = "t.one", .burst = 1, .per_ms = 10000, .address = true};
static const struct api_limit by_name = {
    .name = "t.name", .burst = 2, .per_ms = 10000, .field = "name"};

const struct api_route notes_routes[] = {
    {"POST", "/api/t/notes", API_MEMBER, API_TX_WRITE, API_OWN_ANSWER, 201, .in = &note_in,
     .out = &note_shape, .state_size = sizeof(int64_t), .apply = put_note,
     .about = "Adds to a note."},
    {"POST", "/api/t/others", API_MEMBER, API_TX_WRITE, 0, 201, .in = &note_in, .out = &note_shape,
     .state_size = sizeof(int64_t), .apply = put_note, .about = "As if it spoke of others."},
    {"PUT", "/api/t/notes/{name}", API_MEMBER, API_TX_WRITE, 0, 200, .in = &note_in,
     .out = &note_shape, .state_size = sizeof(int64_t), .apply = put_note, .finish = finish_note,
     .about = "Sets it."},
    {"POST", "/api/t/secrets", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 201, .in = &note_in,
     .out = &note_shape, .state_size = sizeof(int64_t), .apply = put_note, .about = "A secret."},
    {"GET", "/api/t/notes/{name}", API_MEMBER, API_TX_READ, 0, 200, .in = &name_in,
     .out = &note_shape, .apply = get_note, .about = "One note."},
    {"GET", "/api/t/keys/{id}", API_ANYONE, API_TX_NONE, 0, 200, .in = &key_in, .out = &note_shape,
     .prepare = echo_key, .about = "Says what came."},
    {"GET", "/api/t/keys/current", API_ANYONE, API_TX_NONE, 0, 204, .prepare = nothing,
     .about = "A literal beside a name."},
    {"GET", "/api/t/slow", API_ANYONE, API_TX_NONE, API_SLOW_POOL, 200, .out = &note_shape,
     .prepare = slow, .about = "Runs in the pool."},
    {"POST", "/api/t/steps", API_ANYONE, API_TX_WRITE, 0, 200, .out = &note_shape, .state_size = 8,
     .look = trace_look, .prepare = trace_prepare, .look_again = trace_look_again,
     .prepare_again = trace_prepare_again, .apply = trace_apply, .about = "Says its steps."},
    {"GET", "/api/t/plain", API_ANYONE, API_TX_NONE, API_PLAIN, 200, .out = &page_shape,
     .prepare = say_page, .about = "As text."},
    {"POST", "/api/t/admin", API_ADMIN, API_TX_NONE, 0, 204, .prepare = nothing, .about = "Staff."},
    {"POST", "/api/t/five", API_MEMBER, API_TX_NONE, 0, 204, .prepare = nothing, .limits = {&five},
     .about = "Five in ten seconds."},
    {"POST", "/api/t/soft", API_ANYONE, API_TX_NONE, 0, 204, .prepare = nothing, .limits = {&soft},
     .about = "Five from one address, then work."},
    {"POST", "/api/t/one", API_ANYONE, API_TX_NONE, 0, 204, .prepare = nothing, .limits = {&one},
     .about = "One from one address, then work, then nothing."},
    {"POST", "/api/t/named", API_ANYONE, API_TX_NONE, 0, 204, .in = &name_in, .prepare = nothing,
     .limits = {&by_name}, .about = "Two for one name, then work."},
    {0},
};
static const struct feature test_feature = {.name = "t", .routes = notes_routes};
const struct feature *const notes_features[] = {&test_feature, NULL};

void notes_expect(struct world *w, int who, const char *method, const char *path, const char *json,
                  int status, const char *code)
{
    int got = world_send(w, who, method, path, json);
    if (got != status || strcmp(world_code(w), code) != 0) {
        fail_msg("%s %s %.60s: %d %s, not %d %s", method, path, json ? json : "", got, w->last.body,
                 status, code);
    }
}
