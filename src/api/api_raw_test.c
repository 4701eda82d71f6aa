#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/crypto.h"
#include "tests/support/notes.h"

/* Routes whose body is a file. */
enum { FILE_MAX = 5 * 1024 * 1024 };

struct file_in {
    const char *name, *title;
};
struct file_out {
    const char *type, *hash, *title;
    int64_t size, runs;
};

JSON_SHAPE(file_in, "file_in", struct file_in, J_TEXT(struct file_in, name, 1, 20),
           J_TEXT(struct file_in, title, 0, 40, .flags = JSON_OPTIONAL));
JSON_SHAPE(file_out, "file", struct file_out, J_TEXT(struct file_out, type, 0, 40),
           J_TEXT(struct file_out, hash, 0, 64), J_TEXT(struct file_out, title, 0, 40),
           J_I64(struct file_out, size, 0, FILE_MAX), J_I64(struct file_out, runs, 0, 100));

SQL(file_put, "INSERT INTO meta (name, number, changed_ms) VALUES ($1, 1, $2)"
              " ON CONFLICT (name) DO UPDATE SET number = meta.number + 1 RETURNING number");

static enum err weigh(struct call *call, const struct file_in *in, struct file_out *out)
{
    uint8_t hash[HASH_BYTES];
    char *text = arena_alloc(call->arena, 2 * HASH_BYTES + 1);
    crypto_sha256(call->body, call->body_len, hash);
    crypto_hex(hash, sizeof(hash), text);
    const char *title = in->title;
    *out = (struct file_out){call->body_type, text, title ? title : "", (int64_t)call->body_len, 0};
    return OK;
}

STEPS(weigh, file_in, file_out, struct none, prepare);
STEP_IS(weigh, prepare, weigh(call, in, out));

STEPS(look_first, file_in, file_out, struct none, look, prepare);
STEP(look_first, look)
{
    const char *name = in->name;
    if (call->body ? call->body[0] != 'x' : call->body_len > 0) {
        return ERR_BROKEN; /* not what api.h promises */
    }
    return strcmp(name, "yes") == 0 ? OK : call_fail(call, ERR_MISSING, "api.missing");
}

STEP_IS(look_first, prepare, weigh(call, in, out));

STEPS(keep, file_in, file_out, struct none, prepare, apply);
STEP_IS(keep, prepare, weigh(call, in, out));
STEP(keep, apply)
{
    struct rows rows;
    TRY(store_run(call, &file_put, BIND(TEXT(in->name), I64(call->now_ms)), &rows));
    out->runs = row_i64(&rows, 0, 0);
    return OK;
}

static const struct api_limit one = {
    .name = "t.file", .burst = 1, .per_ms = 10000, .address = true};
static const struct api_route routes[] = {
    {"POST", "/api/t/files/{name}", API_MEMBER, API_TX_WRITE, API_RAW | API_OWN_ANSWER, 201,
     &keep_steps, .about = "Takes a file.", .body_max = FILE_MAX,
     .accept = "application/pdf image/png"},
    {"POST", "/api/t/post", API_ANYONE, API_TX_NONE, API_RAW, 200, &weigh_steps, .limits = {&one},
     .about = "Of anybody.", .body_max = 10, .accept = "image/png"},
    {"POST", "/api/t/looked", API_ANYONE, API_TX_NONE, API_RAW, 200, &look_first_steps,
     .about = "Of who is known.", .body_max = 10, .accept = "image/png"},
    {0},
};
static const struct feature test_feature = {.name = "t", .routes = routes};
static const struct feature *const test_features[] = {&test_feature, NULL};

static void expect(struct world *w, const char *path, const char *type, const char *bytes,
                   size_t len, int status, const char *code)
{
    int got = world_send_file(w, ANA, "POST", path, type, bytes, len);
    if (got != status || strcmp(world_code(w), code) != 0) {
        fail_msg("%s: %d %s, not %d %s", path, got, w->last.body, status, code);
    }
}

static void a_file_comes_as_it_is_with_its_type_and_its_parameters(struct world *w)
{
    char *bytes = malloc(FILE_MAX + 1);
    char text[2 * HASH_BYTES + 1];
    uint8_t hash[HASH_BYTES];
    for (size_t i = 0; i <= FILE_MAX; i++) {
        bytes[i] = (char)(i * 31 >> 3);
    }
    crypto_sha256(bytes, FILE_MAX, hash);
    crypto_hex(hash, sizeof(hash), text);
    expect(w, "/api/t/files/a?title=My%20form", "Application/PDF; x=y", bytes, FILE_MAX, 201, "");
    assert_string_equal(world_field(w, "hash"), text);
    assert_string_equal(world_field(w, "type"), "application/pdf");
    assert_string_equal(world_field(w, "title"), "My form");
    expect(w, "/api/t/files/a", "image/png", bytes, FILE_MAX + 1, 413, "api.file_large");
    free(bytes);
}

static void other_types_and_empty_files_are_refused(struct world *w)
{
    static const char *const wrong[] = {
        "",           "application/json",         "image/p", "image/png2", "png",
        " image/png", "application/pdf,image/png"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        expect(w, "/api/t/files/a", wrong[i], "{}", 2, 415, "api.file_type");
    }
    expect(w, "/api/t/files/a", "image/png", "", 0, 400, "api.file_empty");
    expect(w, "/api/t/files/a?other=1", "image/png", "x", 1, 400, "input.unknown");
    expect(w, "/api/t/post", "image/png", "x", 1, 400, "input.missing");
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM meta WHERE name = 'a'"), 0);
}

/* A form on another site can send bytes with a cookie, but not our header. */
static void a_foreign_page_cannot_send_a_file(struct world *w)
{
    w->csrf = "";
    expect(w, "/api/t/files/a", "image/png", "x", 1, 403, "api.csrf");
    w->csrf = NULL;
    w->origin = "https://evil.example";
    expect(w, "/api/t/files/a", "image/png", "x", 1, 403, "api.csrf");
}

static void a_repeat_is_of_the_same_file_and_parameters(struct world *w)
{
    w->key = "file-1";
    expect(w, "/api/t/files/a?title=x", "image/png", "one", 3, 201, "");
    expect(w, "/api/t/files/a?title=x", "image/png", "one", 3, 201, "");
    assert_string_equal(world_field(w, "runs"), "1");
    expect(w, "/api/t/files/a?title=x", "image/png", "two", 3, 409, "input.idempotency");
    expect(w, "/api/t/files/a?title=y", "image/png", "one", 3, 409, "input.idempotency");
    expect(w, "/api/t/files/a?title=x", "application/pdf", "one", 3, 409, "input.idempotency");
}

static void how_much_may_come_is_known_by_the_address_alone(struct world *w)
{
    assert_int_equal(api_body_max(w->api, "POST", "/api/t/files/x%20y"), FILE_MAX);
    assert_int_equal(api_body_max(w->api, "GET", "/api/t/files/x"), API_BODY_MAX);
    assert_int_equal(api_body_max(w->api, "PUT", "/api/t/files/x"), API_BODY_MAX);
    assert_int_equal(api_body_max(w->api, "POST", "/api/t/files/%zz"), API_BODY_MAX);
    assert_int_equal(api_body_max(w->api, "POST", "/nowhere"), API_BODY_MAX);
    char *far = malloc(4097);
    memset(far, '/', 4096);
    far[4096] = '\0';
    assert_int_equal(api_body_max(w->api, "POST", far), API_BODY_MAX);
    free(far);
}

static void a_file_s_proof_of_work_stands_in_the_address(struct world *w)
{
    expect(w, "/api/t/post?name=a", "image/png", "x", 1, 200, "");
    expect(w, "/api/t/post?name=a&work=abc%3A1&title=t", "image/png", "x", 1, 429, "limits.work");
    w->address = "192.0.2.2"; /* not needed there: taken out, the rest stays */
    expect(w, "/api/t/post?name=a&work=abc%3A1&title=t", "image/png", "x", 1, 200, "");
    assert_string_equal(world_field(w, "title"), "t");
}

/* Before a large body is let in: who sends it, its type, its length, its limits; nothing runs. */
static void whether_a_file_may_come_is_known_before_it_does(struct world *w)
{
    w->asks = true;
    expect(w, "/api/t/files/a", "image/png", NULL, FILE_MAX, 100, "");
    expect(w, "/api/t/files/a", "image/png", NULL, FILE_MAX + 1, 413, "api.file_large");
    expect(w, "/api/t/files/a", "text/plain", NULL, FILE_MAX, 415, "api.file_type");
    assert_int_equal(world_send_file(w, NOBODY, "POST", "/api/t/files/a", "image/png", NULL, 9),
                     401);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM meta WHERE name = 'a'"), 0);
    expect(w, "/api/t/looked?name=no", "image/png", NULL, 9, 404, "api.missing");
    expect(w, "/api/t/looked?name=yes", "image/png", NULL, 9, 100, "");
    w->asks = false;
    expect(w, "/api/t/looked?name=yes", "image/png", "xyz", 3, 200, "");
    w->asks = true;
    expect(w, "/api/t/post?name=a", "image/png", NULL, 1, 100, "");
    w->asks = false;
    w->allowed = true; /* it was counted when it asked */
    expect(w, "/api/t/post?name=a", "image/png", "x", 1, 200, "");
    w->allowed = false;
    expect(w, "/api/t/post?name=a", "image/png", "x", 1, 429, "limits.work");
}

static void the_documents_say_what_may_be_sent(struct world *w)
{
    struct buf types = {.arena = w->kept};
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/openapi.json", NULL), 200);
    assert_true(world_says(w, "\"application/pdf\":{\"schema\":{\"type\":\"string\","
                              "\"maxLength\":5242880}}"));
    assert_true(world_says(w, "{\"name\":\"title\",\"in\":\"query\",\"required\":false"));
    api_typescript(test_features, &types);
    assert_non_null(strstr(types.at, "title?: string | null; }; file: Blob; out: file };"));
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_file_comes_as_it_is_with_its_type_and_its_parameters),
        WORLD_TEST(other_types_and_empty_files_are_refused),
        WORLD_TEST(a_foreign_page_cannot_send_a_file),
        WORLD_TEST(a_repeat_is_of_the_same_file_and_parameters),
        WORLD_TEST(how_much_may_come_is_known_by_the_address_alone),
        WORLD_TEST(a_file_s_proof_of_work_stands_in_the_address),
        WORLD_TEST(whether_a_file_may_come_is_known_before_it_does),
        WORLD_TEST(the_documents_say_what_may_be_sent),
    };
    const struct world_options options = {.features = test_features, .limit_scale = 1};
    return world_run(&options, tests, COUNT(tests));
}
