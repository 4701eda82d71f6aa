#include "base/catalogue.h"
#include "net/testing_client.h"

#define GET(path_) "GET " path_ " HTTP/1.1\r\nHost: h\r\n\r\n"
#define MORE "\r\nHost: h\r\n\r\n"

static void a_request_goes_to_the_api_and_comes_back(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    assert_int_equal(ask(fd, "GET /api/x%20y?a=1&b HTTP/1.1\r\nHost: w.example:81\r\n"
                             "X-Bauta: 1\r\n\r\n"),
                     200);
    assert_string_equal(reply.body, "method=GET path=/api/x%20y query=a=1&b host=w.example:81 "
                                    "address=127.0.0.1 secure=0 csrf=1 body=0");
    assert_true(has_line("Content-Type: application/json"));
    assert_true(has_line("Cache-Control: no-store"));
    assert_int_equal(
        ask(fd, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"), 200);
    assert_string_equal(reply.body, "hello");
    assert_int_equal(ask(fd, GET("/healthz")), 200);
    assert_int_equal(ask(fd, "HEAD /api/x"
                             " HTTP/1.1" MORE),
                     200);
    assert_true(strstr(reply.head, "Content-Length: 7") != NULL);
    assert_int_equal(ask(fd, GET("/api/none")), 204);
    assert_null(strstr(reply.head, "Content-Length"));
    close(fd);
}

static void cookies_and_waiting_times_are_written_out(void **state)
{
    struct world *world = *state;
    world_start(world);
    assert_int_equal(ask_once(world, GET("/api/cookies")), 429);
    assert_true(has_line("Set-Cookie: __Host-a=1; Path=/; HttpOnly; SameSite=Lax"));
    assert_true(has_line("Set-Cookie: b=2; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"));
    assert_true(has_line("Retry-After: 2"));
}

static void every_answer_has_the_security_lines(void **state)
{
    static const char *const requests[] = {GET("/api/x"), GET("/nothing.png"), "BAD\r\n\r\n",
                                           "POST /x HTTP/1.1" MORE};
    struct world *world = *state;
    world_start(world);
    for (size_t i = 0; i < COUNT(requests); i++) {
        ask_once(world, requests[i]);
        assert_true(has_line("X-Content-Type-Options: nosniff"));
        assert_true(has_line("X-Frame-Options: DENY"));
        assert_true(has_line("Referrer-Policy: same-origin"));
        assert_non_null(strstr(reply.head, "\r\nPermissions-Policy: "));
        assert_non_null(strstr(reply.head, "Content-Security-Policy: default-src 'none'; "));
        assert_non_null(strstr(reply.head, "frame-ancestors 'none'"));
        assert_null(strstr(reply.head, "unsafe-inline"));
        assert_null(strstr(reply.head, "Strict-Transport-Security")); /* not by TLS */
    }
}

/* RFC 9112, 3.2.2: the target's host counts, whatever the field says. */
static void an_absolute_target_is_taken_with_its_own_host(void **state)
{
    static const struct {
        const char *target, *path;
    } cases[] = {{"http://w.example:81/api/x?a=1", "path=/api/x query=a=1 host=w.example:81"},
                 {"HTTPS://w.example/api/x", "path=/api/x query= host=w.example"}};
    struct world *world = *state;
    char request[256];
    world_start(world);
    int fd = dial(world);
    for (size_t i = 0; i < COUNT(cases); i++) {
        snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: other\r\n\r\n",
                 cases[i].target);
        assert_int_equal(ask(fd, request), 200);
        assert_non_null(strstr(reply.body, cases[i].path));
    }
    assert_int_equal(ask(fd, "GET http://h/n.png HTTP/1.1" MORE), 404);
    assert_string_equal(strchr(reply.body, ':') + 1, "{\"code\":\"net.missing\",\"text\":"
                                                     "\"There is nothing at this address.\"}}");
    close(fd);
}

static void one_empty_line_before_a_request_is_passed_over(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ask(fd, "\r\nPOST /api/echo HTTP/1.1\r\nHost: h\r\n"
                                 "Content-Length: 2\r\n\r\nok"),
                         200);
        assert_string_equal(reply.body, "ok");
    }
    close(fd);
}

static void the_server_as_a_whole_says_what_it_can(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ask(fd, "OPTIONS * HTTP/1.1" MORE), 204);
        assert_true(has_line("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
    }
    close(fd);
    assert_int_equal(atomic_load(&fake.seen), 0);
}

static void a_nul_in_the_head_is_refused(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    put_bytes(fd, "GET /api/x HTTP/1.1\r\nX: \0\r\n", 27);
    assert_true(get_reply(fd, false));
    assert_int_equal(reply.status, 400);
    close(fd);
}

static void errors_speak_the_readers_language(void **state)
{
    struct world *world = *state;
    world_start(world);
    assert_int_equal(
        ask_once(world,
                 "GET /n.png HTTP/1.1\r\nHost: h\r\nAccept-Language: id-ID,en;q=0.5\r\n\r\n"),
        404);
    assert_string_equal(reply.body, "{\"error\":{\"code\":\"net.missing\",\"text\":"
                                    "\"Tidak ada apa pun di alamat ini.\"}}");
}

/* They are written into JSON as they are. */
static void our_own_sentences_need_no_escaping(void **state)
{
    size_t ours = 0;
    (void)state;
    for (size_t i = 0; i < catalogue_count; i++) {
        for (size_t language = 0; strncmp(catalogue[i].key, "net.", 4) == 0 && language < 2;
             language++, ours++) {
            for (const char *at = catalogue[i].texts[language]; *at; at++) {
                assert_true((unsigned char)*at >= ' ' && *at != '"' && *at != '\\');
            }
        }
    }
    assert_true(ours >= 28);
}

/* `len` bytes of 'a' between two texts. */
static char *padded(const char *before, size_t len, const char *after)
{
    char *text = malloc(strlen(before) + len + strlen(after) + 1);
    char *at = stpcpy(text, before);
    memset(at, 'a', len);
    strcpy(at + len, after); /* NOLINT: sized above */
    return text;
}

static int ask_padded(struct world *world, const char *before, size_t len, const char *after)
{
    char *text = padded(before, len, after);
    int status = ask_once(world, text);
    free(text);
    return status;
}

static void limits_hold_at_and_one_past(void **state)
{
    struct world *world = *state;
    world_start(world);
    static const char get[] = "GET /api/";
    size_t target = HEAD_TARGET_MAX - strlen("/api/");
    assert_int_equal(ask_padded(world, get, target, " HTTP/1.1" MORE), 200);
    assert_int_equal(ask_padded(world, get, target + 1, " HTTP/1.1" MORE), 414);

    static const char before[] = "GET /api/x HTTP/1.1\r\nHost: h\r\nX: ";
    size_t rest = HEAD_MAX - strlen(before) - strlen("\r\n\r\n");
    assert_int_equal(ask_padded(world, before, rest, "\r\n\r\n"), 200);
    assert_int_equal(ask_padded(world, before, rest + 1, "\r\n\r\n"), 431);

    char fields[16 * 65 + 1] = "";
    for (int i = 0; i < 63; i++) {
        snprintf(fields + strlen(fields), 16, "X-%d: y\r\n", i);
    }
    char request[2048];
    snprintf(request, sizeof(request), "GET /api/x HTTP/1.1\r\nHost: h\r\n%s\r\n", fields);
    assert_int_equal(ask_once(world, request), 200);
    snprintf(request, sizeof(request), "GET /api/x HTTP/1.1\r\nHost: h\r\nZ: z\r\n%s\r\n", fields);
    assert_int_equal(ask_once(world, request), 431);

    char head[128];
    snprintf(head, sizeof(head), "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n",
             API_BODY_MAX);
    assert_int_equal(ask_padded(world, head, API_BODY_MAX, ""), 200);
    assert_int_equal(reply.body_len, API_BODY_MAX);
    snprintf(head, sizeof(head), "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n",
             API_BODY_MAX + 1);
    assert_int_equal(ask_padded(world, head, API_BODY_MAX + 1, ""), 413);
}

static void a_request_may_be_split_at_every_byte(void **state)
{
    static const char request[] = "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n"
                                  "X: \t y \r\n\r\nbody";
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    for (size_t at = 0; at <= sizeof(request) - 1; at++) {
        put_bytes(fd, request, at);
        put_bytes(fd, request + at, sizeof(request) - 1 - at);
        assert_true(get_reply(fd, false));
        assert_int_equal(reply.status, 200);
        assert_string_equal(reply.body, "body");
    }
    for (size_t at = 0; at < sizeof(request) - 1; at++) {
        put_bytes(fd, request + at, 1);
    }
    assert_true(get_reply(fd, false));
    assert_string_equal(reply.body, "body");
    close(fd);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    enum { MANY = 200 };
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    char *all = calloc(MANY, 128);
    for (int i = 0; i < MANY; i++) {
        snprintf(all + strlen(all), 128,
                 i % 2 ? "GET /n%d.png HTTP/1.1\r\nHost: h\r\n\r\n"
                       : "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n%04d",
                 i);
    }
    put_text(fd, all);
    for (int i = 0; i < MANY; i++) {
        assert_true(get_reply(fd, false));
        assert_int_equal(reply.status, i % 2 ? 404 : 200);
        assert_true(i % 2 || atoi(reply.body) == i);
    }
    free(all);
    close(fd);
}

int main(void)
{
#define NET_TEST(name_) cmocka_unit_test_setup_teardown(name_, world_make, world_end)
    const struct CMUnitTest tests[] = {
        NET_TEST(a_request_goes_to_the_api_and_comes_back),
        NET_TEST(cookies_and_waiting_times_are_written_out),
        NET_TEST(every_answer_has_the_security_lines),
        NET_TEST(an_absolute_target_is_taken_with_its_own_host),
        NET_TEST(one_empty_line_before_a_request_is_passed_over),
        NET_TEST(the_server_as_a_whole_says_what_it_can),
        NET_TEST(a_nul_in_the_head_is_refused),
        NET_TEST(errors_speak_the_readers_language),
        cmocka_unit_test(our_own_sentences_need_no_escaping),
        NET_TEST(limits_hold_at_and_one_past),
        NET_TEST(a_request_may_be_split_at_every_byte),
        NET_TEST(pipelined_requests_are_answered_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
