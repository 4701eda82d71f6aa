#include "net/testing_client.h"
#include "tests/outside/outside.h"

/*
 * What a suite for HTTP/1.1 servers asks, after RFC 9110 and 9112: each request whole and byte by
 * byte, then one that asks for the way to a second one inside the first.  A refusal comes from net
 * itself, and nothing behind a refused request is ever read as a request.
 */

#define FROM(method_target_) method_target_ " HTTP/1.1\r\nHost: h\r\n"
#define WITH(fields_) FROM("GET /api/x") fields_ "\r\n\r\n"
#define LINE(line_) line_ "\r\nHost: h\r\n\r\n"
#define BODY(fields_, body_) FROM("POST /api/echo") fields_ "\r\n\r\n" body_
#define INNER "GET /api/inner HTTP/1.1\r\nHost: h\r\n\r\n"

struct http_case {
    int status;
    const char *request;
    int calls;  /* that reach the api */
    bool stays; /* the connection, though refused */
};

static const struct http_case lines[] = {
    {200, LINE("GET /api/x HTTP/1.1"), 1},
    {200, LINE("GET /api/x?a=b&c=%20?/ HTTP/1.1"), 1},
    {200, LINE("OPTIONS /api/x HTTP/1.1"), 1},
    {200, LINE("DELETE /api/x HTTP/1.1"), 1},
    {200, LINE("PATCH /api/x HTTP/1.1"), 1},
    {200, "GET /api/x HTTP/1.0\r\n\r\n", 1},
    {200, "GET http://h/api/x HTTP/1.1\r\nHost: h\r\n\r\n", 1},
    {204, LINE("OPTIONS * HTTP/1.1"), 0, true},
    {400, LINE("GET  /api/x HTTP/1.1")},
    {400, LINE("GET /api/x  HTTP/1.1")},
    {400, LINE("GET /api/x HTTP/1.1 ")},
    {400, LINE(" GET /api/x HTTP/1.1")},
    {400, LINE("GET\t/api/x HTTP/1.1")},
    {400, LINE("GET /api/x\tHTTP/1.1")},
    {400, LINE("GET /api/x")}, /* HTTP/0.9 */
    {400, LINE("GET")},
    {400, LINE("/api/x HTTP/1.1")},
    {400, LINE("GET api HTTP/1.1")},
    {400, LINE("GET http:/h/api/x HTTP/1.1")},
    {400, LINE("GET http:///api/x HTTP/1.1")},
    {400, LINE("GET ftp://h/api/x HTTP/1.1")},
    {400, LINE("GET http://a@h/api/x HTTP/1.1")},
    {400, LINE("GET http://h:8 0/api/x HTTP/1.1")},
    {400, "GET http://h/api/x HTTP/1.1\r\n\r\n"}, /* no Host all the same */
    {400, LINE("GET * HTTP/1.1")},
    {400, LINE("OPTIONS *x HTTP/1.1")},
    {400, LINE("CONNECT h:80 HTTP/1.1")},
    {400, LINE("GET /api/#x HTTP/1.1")},
    {400, LINE("GET /api/\xc3\xa9 HTTP/1.1")},
    {400, LINE("GET /api/\x7f HTTP/1.1")},
    {400, LINE("GET /api/x http/1.1")},
    {400, LINE("GET /api/x HTTP/1.x")},
    {400, LINE("GET /api/x HTTP/1,1")},
    {400, LINE("GET /api/x HTTP /1.1")},
    {400, LINE("GET /api/x HTTP/1.11")},
    {400, LINE("GET /api/x HTTP/11.1")},
    {400, LINE("GET /api/x HTTP/1.")},
    {400, LINE("GET /api/x HTTPS/1.1")},
    {400, LINE("GE(T /api/x HTTP/1.1")},
    {400, LINE("GE\x80T /api/x HTTP/1.1")},
    {400, "\r\n\r\n" LINE("GET /api/x HTTP/1.1")},
    {400, "\n" LINE("GET /api/x HTTP/1.1")},
    {400, "\r" LINE("GET /api/x HTTP/1.1")},
    {400, "\x16\x03\x01\x02\x01\x01"}, /* TLS where none is spoken */
    {400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {505, LINE("GET /api/x HTTP/2.0")},
    {505, LINE("GET /api/x HTTP/1.2")},
    {505, LINE("GET /api/x HTTP/0.9")},
    {501, LINE("BREW /api/x HTTP/1.1"), 0, true},
    {501, LINE("get /api/x HTTP/1.1"), 0, true},
    {501, LINE("ABCDEFGHIJKLMNOPQ /api/x HTTP/1.1")},
};

static const struct http_case fields[] = {
    {200, WITH("X:y"), 1},
    {200, WITH("X: \t y \t "), 1},
    {200, WITH("X:"), 1},
    {200, WITH("X: \xc3\xa9\xff"), 1}, /* obs-text */
    {200, WITH("!#$%&'*+-.^_`|~09azAZ: y"), 1},
    {200, WITH("X: a\r\nX: b"), 1},
    {200, "GET /api/x HTTP/1.1\r\nHOST:h\r\n\r\n", 1},
    {200, "GET /api/x HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 1},
    {400, "GET /api/x HTTP/1.1\nHost: h\n\n"},
    {400, "GET /api/x HTTP/1.1\r\nHost: h\nX: y\r\n\r\n"},
    {400, "GET /api/x HTTP/1.1\r\nHost: h\r\n\nX: y\r\n\r\n"},
    {400, "GET /api/x HTTP/1.1\r\nHost: h\r\rX: y\r\n\r\n"},
    {400, "GET /api/x HTTP/1.1\r\n Host: h\r\n\r\n"}, /* a fold at once */
    {400, WITH("X: a\r\n b")},
    {400, WITH("X: a\r\n\tb")},
    {400, WITH("X : y")},
    {400, WITH("X\t: y")},
    {400, WITH(": y")},
    {400, WITH("X")},
    {400, WITH("X Y: z")},
    {400, WITH("X(: y")},
    {400, WITH("X\xc3\xa9: y")},
    {400, WITH("\"X\": y")},
    {400, WITH("X: a\rb")},
    {400, WITH("X: \x01")},
    {400, WITH("X: \x0b")},
    {400, WITH("X: \x7f")},
    {400, "GET /api/x HTTP/1.1\r\n\r\n"},
    {400, "GET /api/x HTTP/1.1\r\nHost:\r\n\r\n"},
    {400, "GET /api/x HTTP/1.1\r\nHost: a/b\r\n\r\n"},
    {400, "GET /api/x HTTP/1.1\r\nHost: a b\r\n\r\n"},
    {400, "GET /api/x HTTP/1.1\r\nHost: a,b\r\n\r\n"},
    {400, "GET /api/x HTTP/1.1\r\nHost: u@h\r\n\r\n"},
    {400, WITH("Host: h")},
    {400, WITH("Host: other")},
    {400, WITH("host:")},
    {400, WITH("Cookie: a\r\nCookie: b")},
    {400, WITH("Authorization: a\r\nAuthorization: b")},
    {417, WITH("Expect: tea")},
    {417, WITH("Expect: 100-continue, tea")},
};

/* Where two readers could disagree about where a body ends. */
static const struct http_case framing[] = {
    {200, BODY("Content-Length: 5", "hello"), 1},
    {200, BODY("content-length:\t5 ", "hello"), 1},
    {200, BODY("Content-Length: 00005", "hello"), 1},
    {200, BODY("X: y", ""), 1},                                      /* no length: no body */
    {200, FROM("GET /api/x") "Content-Length: 36\r\n\r\n" INNER, 1}, /* a GET may have a body */
    {400, BODY("Content-Length: 1\r\nContent-Length: 1", "x")},
    {400, BODY("Content-Length: 0\r\nContent-Length: 36", INNER)},
    {400, BODY("Content-Length: 36\r\nContent-Length: 0", INNER)},
    {400, BODY("Content-Length: 1, 1", "x")},
    {400, BODY("Content-Length: 0 36", INNER)},
    {400, BODY("Content-Length: +1", "x")},
    {400, BODY("Content-Length: -1", "x")},
    {400, BODY("Content-Length: 0x24", INNER)},
    {400, BODY("Content-Length: 1e1", INNER)},
    {400, BODY("Content-Length: 1.0", "x")},
    {400, BODY("Content-Length: \"1\"", "x")},
    {400, BODY("Content-Length: \xef\xbc\x91", "x")}, /* a wide 1 */
    {400, BODY("Content-Length:", "x")},
    {400, BODY("Content-Length: x", "x")},
    {400, BODY("Content-Length : 36", INNER)},
    {400, BODY("Content-Length\x0b: 36", INNER)},
    {400, BODY("Content\r\n-Length: 36", INNER)},
    {413, BODY("Content-Length: 99999999999999999999999999", "")},
    {413, BODY("Content-Length: 18446744073709551617", "x")}, /* 1, were it to overflow */
    {413, BODY("Content-Length: 4294967297", "x")},
    {400, BODY("Content-Length: 1\r\nTransfer-Encoding: chunked", "0\r\n\r\n" INNER)},
    {400, BODY("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n" INNER)},
    {400, BODY("Transfer-Encoding: identity\r\nContent-Length: 0", INNER)},
    {400, BODY("Transfer-Encoding: xchunked\r\nContent-Length: 0", INNER)},
    {400, BODY("Transfer-Encoding : chunked", "0\r\n\r\n" INNER)},
    {400, BODY("Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "0\r\n\r\n" INNER)},
    {400, BODY("Transfer-Encoding: x\r\nTransfer-Encoding: chunked", "0\r\n\r\n" INNER)},
    {400, BODY("X: y\nTransfer-Encoding: chunked", "0\r\n\r\n" INNER)},
    {400, BODY("X: y\rTransfer-Encoding: chunked", "0\r\n\r\n" INNER)},
    {400, BODY("Transfer-Encoding\r\n : chunked", "0\r\n\r\n" INNER)},
    {400, BODY("Transfer-Encoding:\r\n chunked", "0\r\n\r\n" INNER)},
    {400, BODY("Transfer-Encoding: \x0b"
               "chunked",
               "0\r\n\r\n" INNER)},
    {400, "POST /api/echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" INNER},
    {411, BODY("Transfer-Encoding: chunked", "0\r\n\r\n" INNER)},
    {411, BODY("Transfer-Encoding: CHUNKED", "24;x=y\r\n" INNER "\r\n0\r\n\r\n")},
    {411, BODY("Transfer-Encoding:\t chunked", "zz\r\n")},
    {501, BODY("Transfer-Encoding: gzip, chunked", "0\r\n\r\n" INNER)},
    {501, BODY("Transfer-Encoding: chunked, chunked", "0\r\n\r\n" INNER)},
    {501, BODY("Transfer-Encoding: chunked, identity", "0\r\n\r\n" INNER)},
    {501, BODY("Transfer-Encoding: \"chunked\"", "0\r\n\r\n" INNER)},
    {501, BODY("Transfer-Encoding: chunke\x64x", "0\r\n\r\n" INNER)},
    {501, BODY("Transfer-Encoding:", "0\r\n\r\n" INNER)},
};

static void put_chopped(int fd, const char *bytes, size_t len, size_t chop)
{
    for (size_t at = 0; at < len; at += chop) {
        put_bytes(fd, bytes + at, MIN(chop, len - at));
    }
}

/* Is the connection at an end after a refusal, and else in step with its client? */
static bool ends_as_wanted(int fd, const struct http_case *one)
{
    if (one->status >= 400 && !one->stays) {
        return has_line("Connection: close") && at_end(fd);
    }
    return strncmp(one->request, "GET /api/x HTTP/1.0", 19) == 0
               ? at_end(fd)
               : ask(fd, "GET /api/next HTTP/1.1\r\nHost: h\r\n\r\n") == 200 &&
                     strstr(reply.body, "path=/api/next ");
}

static void judge(const struct world *world, const struct http_case *one, size_t chop)
{
    int seen = atomic_load(&fake.seen);
    int fd = dial(world);
    put_chopped(fd, one->request, strlen(one->request), chop);
    bool answered = get_reply(fd, false);
    bool wanted = answered && reply.status == one->status &&
                  (reply.status < 400 || strstr(reply.body, "{\"error\":{\"code\":\"net.")) &&
                  strcasestr(reply.head, "\r\nDate: ") &&
                  atomic_load(&fake.seen) == seen + one->calls;
    int status = reply.status;
    int calls = atomic_load(&fake.seen) - seen;
    if (!wanted || !ends_as_wanted(fd, one)) {
        fail_msg("%d and %d calls, not %d and %d, in pieces of %zu:\n%s", status, calls,
                 one->status, one->calls, chop, one->request);
    }
    close(fd);
}

static void run_cases(struct world *world, const char *part, const struct http_case *cases,
                      size_t count, const char *why)
{
    size_t otherwise = 0;
    world_start(world);
    for (size_t i = 0; i < count; i++) {
        judge(world, &cases[i], SIZE_MAX / 2);
        judge(world, &cases[i], 1);
        otherwise += cases[i].status == 411 ? 2 : 0;
    }
    OUTSIDE_TOLD("HTTP/1.1", part, 2 * count - otherwise, otherwise, why);
}

static void request_lines_are_read_strictly(void **state)
{
    run_cases(*state, "request line and target", lines, COUNT(lines), "");
}

static void fields_are_read_strictly(void **state)
{
    run_cases(*state, "fields, Host, Expect", fields, COUNT(fields), "");
}

static void where_a_body_ends_is_never_in_doubt(void **state)
{
    run_cases(*state, "length of a body, smuggling", framing, COUNT(framing),
              "chunked requests are answered 411: no client of ours sends them, and what is not "
              "read can't be read in two ways");
}

/* ---- several on one connection ---- */

static void what_is_behind_a_refusal_is_not_read(void **state)
{
    struct world *world = *state;
    world_start(world);
    size_t done = 0;
    static const struct {
        const struct http_case *cases;
        size_t count;
    } all[] = {{lines, COUNT(lines)}, {fields, COUNT(fields)}, {framing, COUNT(framing)}};
    for (size_t table = 0; table < COUNT(all); table++) {
        for (size_t i = 0; i < all[table].count; i++) {
            const struct http_case *one = &all[table].cases[i];
            if (one->status < 400 || one->stays) {
                continue;
            }
            int fd = dial(world);
            int seen = atomic_load(&fake.seen);
            put_text(fd, "GET /api/first HTTP/1.1\r\nHost: h\r\n\r\n");
            put_text(fd, one->request);
            put_text(fd, "\r\n\r\n" INNER INNER);
            assert_true(get_reply(fd, false));
            assert_int_equal(reply.status, 200);
            bool last = get_reply(fd, false) && reply.status >= 400 && at_end(fd);
            if (!last || atomic_load(&fake.seen) != seen + 1) {
                fail_msg("something was read behind\n%s", one->request);
            }
            close(fd);
            done++;
        }
    }
    OUTSIDE_TOLD("HTTP/1.1", "nothing is read behind a refusal", done, 0, "");
}

static void pipelined_requests_of_every_kind_are_answered_in_order(void **state)
{
    static const struct http_case row[] = {
        {200, INNER, 1},
        {404, FROM("GET /n.png") "\r\n", 0, true},
        {200, BODY("Content-Length: 3", "one"), 1},
        {200, FROM("HEAD /api/x") "\r\n", 1},
        {204, FROM("GET /api/none") "\r\n", 1},
        {204, FROM("OPTIONS *") "\r\n", 0},
        {501, FROM("BREW /api/x") "Content-Length: 36\r\n\r\n" INNER, 0, true},
        {405, FROM("POST /n.png") "Content-Length: 36\r\n\r\n" INNER, 0, true},
        {200, BODY("Content-Length: 0", ""), 1},
        {200, "\r\n" BODY("Content-Length: 3", "two"), 1},
    };
    struct world *world = *state;
    char all[2048] = "";
    world_start(world);
    for (size_t i = 0; i < COUNT(row); i++) {
        strncat(all, row[i].request, sizeof(all) - strlen(all) - 1);
    }
    for (size_t chop = 1; chop < strlen(all); chop = chop * 3 + 1) {
        int fd = dial(world);
        put_chopped(fd, all, strlen(all), chop);
        for (size_t i = 0; i < COUNT(row); i++) {
            assert_true(get_reply(fd, strncmp(row[i].request, "HEAD", 4) == 0));
            if (reply.status != row[i].status) {
                fail_msg("%d, not %d, pieces of %zu:\n%s", reply.status, row[i].status, chop,
                         row[i].request);
            }
        }
        assert_string_equal(reply.body, "two");
        close(fd);
    }
    OUTSIDE_TOLD("HTTP/1.1", "pipelining", COUNT(row), 0, "");
}

static void a_body_is_asked_for_only_where_it_is_wanted(void **state)
{
#define EXPECTS(version_, fields_) \
    "POST /api/echo HTTP/" version_ "\r\nHost: h\r\nExpect: 100-Continue\r\n" fields_ "\r\n\r\n"
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    put_text(fd, EXPECTS("1.1", "Content-Length: 3"));
    assert_true(get_reply(fd, true));
    assert_int_equal(reply.status, 100);
    assert_int_equal(ask(fd, "yes"), 200);
    assert_string_equal(reply.body, "yes");
    /* Whoever did not wait is not told to go on. */
    assert_int_equal(ask(fd, EXPECTS("1.1", "Content-Length: 3") "yes"), 200);
    assert_int_equal(ask(fd, EXPECTS("1.1", "Content-Length: 0")), 200); /* there is none */
    close(fd);
    fd = dial(world); /* an older client knows no 100 */
    assert_int_equal(ask(fd, EXPECTS("1.0", "Content-Length: 3") "yes"), 200);
    close(fd);
    assert_int_equal(ask_once(world, EXPECTS("1.1", "Content-Length: 99999999999")), 413);
    assert_int_equal(ask_once(world, EXPECTS("1.1", "Content-Length: x")), 400);
    OUTSIDE_TOLD("HTTP/1.1", "Expect: 100-continue", 6, 0, "");
}

/* RFC 9112, 9.3 and 9.6; RFC 9110, 7.6.1: tokens in any letters, in lists. */
static void a_connection_stays_or_ends_as_its_client_says(void **state)
{
    static const struct {
        const char *request;
        bool ends;
    } cases[] = {
        {WITH("X: y"), false},
        {WITH("Connection: keep-alive"), false},
        {WITH("Connection: close"), true},
        {WITH("Connection: CLOSE"), true},
        {WITH("Connection: foo , close"), true},
        {WITH("Connection: foo\r\nConnection: close"), true},
        {WITH("Connection: closed"), false},
        {"GET /api/x HTTP/1.0\r\n\r\n", true},
        {"GET /api/x HTTP/1.0\r\nConnection: close\r\n\r\n", true},
    };
    struct world *world = *state;
    world_start(world);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int fd = dial(world);
        int seen = atomic_load(&fake.seen);
        put_text(fd, cases[i].request);
        assert_int_equal(ask(fd, INNER), 200);
        assert_int_equal(has_line("Connection: close"), cases[i].ends);
        assert_true(cases[i].ends ? at_end(fd) : get_reply(fd, false));
        assert_int_equal(atomic_load(&fake.seen), seen + (cases[i].ends ? 1 : 2));
        close(fd);
    }
    OUTSIDE_TOLD("HTTP/1.1", "Connection", COUNT(cases), 0, "");
}

static void a_head_has_the_fields_of_its_body_and_no_body(void **state)
{
    static const char *const paths[] = {"/api/x", "/n.png", "/healthz"};
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    for (size_t i = 0; i < COUNT(paths); i++) {
        char request[128];
        snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", paths[i]);
        int status = ask(fd, request);
        snprintf(request, sizeof(request), "HEAD %s HTTP/1.1\r\nHost: h\r\n\r\n", paths[i]);
        assert_int_equal(ask(fd, request), status); /* and the next one is in step */
        assert_non_null(strcasestr(reply.head, "\r\nContent-Length: "));
    }
    close(fd);
    OUTSIDE_TOLD("HTTP/1.1", "HEAD", COUNT(paths), 0, "");
}

int main(void)
{
#define NET_TEST(name_) cmocka_unit_test_setup_teardown(name_, world_make, world_end)
    const struct CMUnitTest tests[] = {
        NET_TEST(request_lines_are_read_strictly),
        NET_TEST(fields_are_read_strictly),
        NET_TEST(where_a_body_ends_is_never_in_doubt),
        NET_TEST(what_is_behind_a_refusal_is_not_read),
        NET_TEST(pipelined_requests_of_every_kind_are_answered_in_order),
        NET_TEST(a_body_is_asked_for_only_where_it_is_wanted),
        NET_TEST(a_connection_stays_or_ends_as_its_client_says),
        NET_TEST(a_head_has_the_fields_of_its_body_and_no_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
