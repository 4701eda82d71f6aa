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

static enum err put_note(struct call *call, const struct note_in *in, struct note *out,
                         int64_t *state)
{
    struct rows rows;
    if (strcmp(in->name, "many") == 0) {
        call->retry_ms = 2500;
        return call_fail(call, ERR_LIMIT, "limits.often");
    }
    TRY(store_run(call, &note_put, BIND(TEXT(in->name), I64(in->number), I64(call->now_ms)),
                  &rows));
    ++*state;
    *out = (struct note){in->name, row_i64(&rows, 0, 0), *state};
    call_emit(call, EVENT_TELL, call->actor.id, 0, "{\"t\":\"note\"}");
    if (in->number == 99) { /* after the write: it must be as if nothing had been */
        return call_fail_field(call, ERR_CONFLICT, "api.clash", "number");
    }
    return OK;
}

STEPS(put_note, note_in, note_shape, int64_t, apply);
STEP_IS(put_note, apply, put_note(call, in, out, state));

STEPS(get_note, name_in, note_shape, struct none, apply);
STEP(get_note, apply)
{
    struct rows rows;
    TRY(store_run(call, &note_get, BIND(TEXT(in->name)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "api.missing");
    }
    *out = (struct note){row_text(&rows, 0, 0), row_i64(&rows, 0, 1), 0};
    return OK;
}

STEPS(set_note, note_in, note_shape, int64_t, apply, finish);
STEP_IS(set_note, apply, put_note(call, in, out, state));
STEP(set_note, finish)
{
    assert_null(call->tx);
    out->runs = 7;
    return OK;
}

STEPS(echo_key, key_in, note_shape, struct none, prepare);
STEP(echo_key, prepare)
{
    *out = (struct note){in->text ? in->text : call->actor.name, in->id % 100, 0};
    call_cookie(call, "note", "v", 60);
    return OK;
}

STEPS(slow, none, note_shape, struct none, prepare);
STEP(slow, prepare)
{
    assert_null(call->tx);
    out->name = "slept";
    return OK;
}

/* The steps in the order that they came in, each knowing whether it may use the database. */
struct traced {
    char steps[8];
};

static enum err trace(struct call *call, struct traced *traced, char step, bool reads)
{
    char *at = traced->steps;
    assert_int_equal(call->tx != NULL, reads);
    at += strlen(at);
    at[0] = step;
    at[1] = '\0';
    return OK;
}

STEPS(trace, none, note_shape, struct traced, look, prepare, look_again, prepare_again, apply);
STEP_IS(trace, look, trace(call, state, 'l', true));
STEP_IS(trace, prepare, trace(call, state, 'p', false));
STEP_IS(trace, look_again, trace(call, state, 'L', true));
STEP_IS(trace, prepare_again, trace(call, state, 'P', false));

STEP(trace, apply)
{
    TRY(trace(call, state, 'a', true));
    out->name = state->steps;
    return OK;
}

STEPS(nothing, none, none, struct none, prepare);
STEP(nothing, prepare)
{
    return OK;
}

STEPS(named, name_in, none, struct none, prepare);
STEP(named, prepare)
{
    return OK;
}

STEPS(say_page, none, page_shape, struct none, prepare);
STEP(say_page, prepare)
{
    out->text = "as it is: {}";
    return OK;
}

static const struct api_limit five = {.name = "t.five", .burst = 5, .per_ms = 10000};
static const struct api_limit soft = {
    .name = "t.soft", .burst = 5, .per_ms = 10000, .address = true};
static const struct api_limit one = {.name = "t.one", .burst = 1, .per_ms = 10000, .address = true};
static const struct api_limit by_name = {
    .name = "t.name", .burst = 2, .per_ms = 10000, .field = "name"};

const struct api_route notes_routes[] = {
    {"POST", "/api/t/notes", API_MEMBER, API_TX_WRITE, API_OWN_ANSWER, 201, &put_note_steps,
     .about = "Adds to a note."},
    {"POST", "/api/t/others", API_MEMBER, API_TX_WRITE, 0, 201, &put_note_steps,
     .about = "As if it spoke of others."},
    {"PUT", "/api/t/notes/{name}", API_MEMBER, API_TX_WRITE, 0, 200, &set_note_steps,
     .about = "Sets it."},
    {"POST", "/api/t/secrets", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 201, &put_note_steps,
     .about = "A secret."},
    {"GET", "/api/t/notes/{name}", API_MEMBER, API_TX_READ, 0, 200, &get_note_steps,
     .about = "One note."},
    {"GET", "/api/t/keys/{id}", API_ANYONE, API_TX_NONE, 0, 200, &echo_key_steps,
     .about = "Says what came."},
    {"GET", "/api/t/keys/current", API_ANYONE, API_TX_NONE, 0, 204, &nothing_steps,
     .about = "A literal beside a name."},
    {"GET", "/api/t/slow", API_ANYONE, API_TX_NONE, API_SLOW_POOL, 200, &slow_steps,
     .about = "Runs in the pool."},
    {"POST", "/api/t/steps", API_ANYONE, API_TX_WRITE, 0, 200, &trace_steps,
     .about = "Says its steps."},
    {"GET", "/api/t/plain", API_ANYONE, API_TX_NONE, API_PLAIN, 200, &say_page_steps,
     .about = "As text."},
    {"POST", "/api/t/admin", API_ADMIN, API_TX_NONE, 0, 204, &nothing_steps, .about = "Staff."},
    {"POST", "/api/t/five", API_MEMBER, API_TX_NONE, 0, 204, &nothing_steps, .limits = {&five},
     .about = "Five in ten seconds."},
    {"POST", "/api/t/soft", API_ANYONE, API_TX_NONE, 0, 204, &nothing_steps, .limits = {&soft},
     .about = "Five from one address, then work."},
    {"POST", "/api/t/one", API_ANYONE, API_TX_NONE, 0, 204, &nothing_steps, .limits = {&one},
     .about = "One from one address, then work, then nothing."},
    {"POST", "/api/t/named", API_ANYONE, API_TX_NONE, 0, 204, &named_steps, .limits = {&by_name},
     .about = "Two for one name, then work."},
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
