#include "net/testing_client.h"

#include <sys/stat.h>

#include "net/pack.h"
#include "net/url.h"
#include "net/wheel.h"

#define GET(path_) "GET " path_ " HTTP/1.1\r\nHost: w.example:81\r\n\r\n"
#define GET_BY(path_, more_) "GET " path_ " HTTP/1.1\r\nHost: w.example\r\n" more_ "\r\n"

static unsigned char *pack_bytes;
static size_t pack_len;

static void write_file(const char *folder, const char *name, const char *content)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(content, out);
    fclose(out);
}

/* Makes a small client and packs it with the real tool; the tests run in the source folder. */
static int pack_make(void **state UNUSED)
{
    char folder[] = "/tmp/bauta-pack-XXXXXX";
    char command[256];
    char path[256];
    char script[4097];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/a", folder);
    assert_int_equal(mkdir(path, 0755), 0);
    memset(script, 'x', sizeof(script) - 1);
    script[sizeof(script) - 1] = '\0';
    write_file(folder, "index.html", "<!doctype html><script>let a = 1 && 2;</script><p>index</p>");
    write_file(folder, "sw.js", "self;");
    write_file(folder, "a/main.0123456789.js", script);
    write_file(folder, "a/made.0123456789.js", "made before and long enough to be worth a variant");
    write_file(folder, "a/made.0123456789.js.br", "variant");
    write_file(folder, "a/dot.png", "\x89PNG");
    write_file(folder, "empty.txt", "");
    write_file(folder, "pages.txt", "/\n/rooms\n/rooms/:id\n/terms\n");
    snprintf(command, sizeof(command), "tools/pack.py %s %s/pack", folder, folder);
    assert_int_equal(system(command), 0); /* NOLINT: our own words */
    snprintf(path, sizeof(path), "%s/pack", folder);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    pack_bytes = malloc(1 << 20);
    pack_len = fread(pack_bytes, 1, 1 << 20, in);
    fclose(in);
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command); /* NOLINT */
}

static int pack_end(void **state UNUSED)
{
    free(pack_bytes);
    return 0;
}

static void start_with_files(struct world *world)
{
    world->options.pack = pack_bytes;
    world->options.pack_len = pack_len;
    world_start(world);
}

static void pages_get_the_shell_and_the_policy(void **state)
{
    struct world *world = *state;
    start_with_files(world);
    int fd = dial(world);
    assert_int_equal(ask(fd, GET("/")), 200);
    assert_non_null(strstr(reply.body, "<p>index</p>"));
    assert_true(has_line("Content-Type: text/html; charset=utf-8"));
    assert_true(has_line("Cache-Control: no-cache"));
    assert_true(has_line(
        "Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval' "
        "'sha256-YDVX/YKhFRgEgXkyCM/LLbPEkdO/If8gaz8UUjXAWVk='; style-src 'self'; "
        "img-src 'self' blob:; connect-src 'self' ws://w.example:81; font-src 'self'; "
        "media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"));
    assert_int_equal(ask(fd, GET("/rooms")), 200);
    assert_int_equal(ask(fd, GET("/rooms/abc?x=.y")), 200);
    assert_non_null(strstr(reply.body, "<p>index</p>"));
    assert_int_equal(ask(fd, GET("/rooms/")), 200);
    assert_int_equal(ask(fd, GET("/rooms/a.bc/")), 200);
    assert_int_equal(ask(fd, GET("/rooms/abc/more")), 404);
    assert_non_null(strstr(reply.body, "<p>index</p>"));
    assert_true(has_line("Cache-Control: no-store"));
    assert_null(strstr(reply.head, "ETag"));
    assert_int_equal(ask(fd, GET_BY("/nowhere", "If-None-Match: *\r\n")), 404);
    assert_int_equal(ask(fd, GET("/rooms//")), 404);
    assert_int_equal(ask(fd, GET("/terms")), 200);
    assert_int_equal(ask(fd, GET("/rooms/abc//")), 404);
    assert_int_equal(ask(fd, GET("/missing.js")), 404);
    assert_non_null(strstr(reply.body, "net.missing"));
    assert_int_equal(ask(fd, "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
    assert_non_null(strstr(reply.head, "Content-Length: 59\r\n"));
    assert_int_equal(ask(fd, "POST / HTTP/1.1\r\nHost: h\r\n\r\n"), 405);
    assert_true(has_line("Allow: GET, HEAD"));
    assert_int_equal(ask(fd, GET("/empty.txt")), 200);
    assert_int_equal(reply.body_len, 0);
    assert_int_equal(ask(fd, GET("/pages.txt")), 404);
    close(fd);
}

static void hashed_names_are_kept_for_ever(void **state)
{
    struct world *world = *state;
    start_with_files(world);
    assert_int_equal(ask_once(world, GET("/a/main.0123456789.js")), 200);
    assert_true(has_line("Cache-Control: public, max-age=31536000, immutable"));
    assert_true(has_line("Content-Type: text/javascript; charset=utf-8"));
    assert_int_equal(reply.body_len, 4096);
    assert_int_equal(ask_once(world, GET("/a/dot.png")), 200);
    assert_true(has_line("Vary: Host")); /* the policy names it */
}

static void the_best_coding_that_is_taken_is_sent(void **state)
{
    static const struct {
        const char *accept, *coding;
    } cases[] = {
        {"gzip, deflate, br", "br"}, {"gzip", "gzip"},       {"br;q=0, gzip", "gzip"},
        {"br;q=0.1", "br"},          {"br;q=0.000", NULL},   {"brotli, x-gzip", NULL},
        {"identity", NULL},          {"GZIP;q=1.0", "gzip"}, {"", NULL},
    };
    struct world *world = *state;
    start_with_files(world);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char request[256];
        char line[64];
        snprintf(request, sizeof(request),
                 GET_BY("/a/main.0123456789.js", "Accept-Encoding: %s\r\n"), cases[i].accept);
        assert_int_equal(ask_once(world, request), 200);
        assert_true(has_line("Vary: Host, Accept-Encoding"));
        snprintf(line, sizeof(line), "Content-Encoding: %s",
                 cases[i].coding ? cases[i].coding : "");
        assert_int_equal(has_line(line), cases[i].coding != NULL);
        assert_int_equal(reply.body_len == 4096, cases[i].coding == NULL);
    }
    assert_int_equal(ask_once(world, GET_BY("/a/made.0123456789.js", "Accept-Encoding: br\r\n")),
                     200);
    assert_string_equal(reply.body, "variant");
}

static void what_the_browser_has_is_not_sent_again(void **state)
{
    struct world *world = *state;
    start_with_files(world);
    assert_int_equal(ask_once(world, GET("/sw.js")), 200);
    char tag[64] = "";
    assert_int_equal(sscanf(strstr(reply.head, "ETag: "), "ETag: %63s", tag), 1);
    char request[256];
    snprintf(request, sizeof(request), GET_BY("/sw.js", "If-None-Match: \"x\", %s\r\n"), tag);
    assert_int_equal(ask_once(world, request), 304);
    assert_null(strstr(reply.head, "Content-Length"));
    snprintf(request, sizeof(request), GET_BY("/sw.js", "If-None-Match: %s\r\n"), tag + 2);
    assert_int_equal(ask_once(world, request), 304);
    assert_int_equal(ask_once(world, GET_BY("/sw.js", "If-None-Match: *\r\n")), 304);
    assert_int_equal(ask_once(world, GET_BY("/sw.js", "If-None-Match: W/\"x\"\r\n")), 200);
}

static void odd_paths_lead_nowhere(void **state)
{
    struct world *world = *state;
    start_with_files(world);
    assert_int_equal(ask_once(world, GET("/../sw.js")), 404);
    assert_int_equal(ask_once(world, GET("/a%2Fdot.png")), 400);
    assert_int_equal(ask_once(world, GET("/%00")), 400);
    assert_int_equal(ask_once(world, GET("/%0a")), 400);
    assert_int_equal(ask_once(world, GET("/%4")), 400);
    assert_int_equal(ask_once(world, GET("/s%77.js")), 200);
}

static void a_broken_pack_is_refused(void **state UNUSED)
{
    struct pack *pack = NULL;
    assert_int_equal(pack_open(pack_bytes, pack_len, &pack), OK);
    pack_close(pack);
    for (size_t len = 1; len < 600; len++) {
        unsigned char *cut = malloc(len);
        memcpy(cut, pack_bytes, len);
        assert_int_equal(pack_open(cut, len, &pack), ERR_INVALID);
        free(cut);
    }
    for (size_t at = 0; at < 600; at++) { /* whatever stands in the tables: no wild reads */
        unsigned char *changed = malloc(pack_len);
        memcpy(changed, pack_bytes, pack_len);
        changed[at] ^= 0xff;
        if (pack_open(changed, pack_len, &pack) == OK) {
            (void)pack_find(pack, "/sw.js");
            pack_close(pack);
        }
        free(changed);
    }
    assert_int_equal(pack_open(NULL, 0, &pack), OK);
    assert_null(pack_find(pack, "/"));
    pack_close(pack);
}

static void queries_are_decoded(void **state UNUSED)
{
    char text[8];
    assert_true(url_query("a=1&room=x%41+b&room=2", "room", text, sizeof(text)));
    assert_string_equal(text, "xA b");
    assert_true(url_query("a=1&rooms=3", "room", text, sizeof(text)));
    assert_string_equal(text, "");
    assert_true(url_query("room=1234567", "room", text, sizeof(text)));
    assert_false(url_query("room=12345678", "room", text, sizeof(text)));
    assert_false(url_query("room=%1", "room", text, sizeof(text)));
    assert_false(url_query("room=%g0", "room", text, sizeof(text)));
}

/* Each node fires once, never early, at most a step late, however it was put off. */
static void the_wheel_turns_in_time(void **state UNUSED)
{
    enum { NODES = 1000, STEPS = 4000 };
    static struct wheel wheel;
    static struct wheel_node nodes[NODES];
    static bool fired[NODES];
    static int64_t at_ms[NODES];
    struct rng rng = {42};
    int left = NODES;
    memset(nodes, 0, sizeof(nodes));
    wheel_start(&wheel, 1000000);
    for (size_t i = 0; i < NODES; i++) {
        at_ms[i] = 1000000 + (int64_t)(rng_next(&rng) % 200000);
        wheel_set(&wheel, &nodes[i], at_ms[i]);
    }
    int64_t now_ms = 1000000;
    for (int step = 0; step < STEPS; step++) {
        now_ms += (int64_t)(rng_next(&rng) % 200);
        struct wheel_node *due;
        while ((due = wheel_due(&wheel, now_ms))) {
            assert_true(at_ms[due - nodes] <= now_ms);
            assert_true(now_ms - at_ms[due - nodes] <= 2 * WHEEL_STEP_MS);
            assert_false(fired[due - nodes]);
            fired[due - nodes] = true;
            left--;
        }
        size_t one = rng_next(&rng) % NODES;
        if (!fired[one]) {
            at_ms[one] = now_ms + (int64_t)(rng_next(&rng) % 100000);
            wheel_set(&wheel, &nodes[one], at_ms[one]);
        }
    }
    assert_int_equal(left, 0);
}

int main(void)
{
#define NET_TEST(name_) cmocka_unit_test_setup_teardown(name_, world_make, world_end)
    const struct CMUnitTest tests[] = {
        NET_TEST(pages_get_the_shell_and_the_policy),
        NET_TEST(hashed_names_are_kept_for_ever),
        NET_TEST(the_best_coding_that_is_taken_is_sent),
        NET_TEST(what_the_browser_has_is_not_sent_again),
        NET_TEST(odd_paths_lead_nowhere),
        cmocka_unit_test(a_broken_pack_is_refused),
        cmocka_unit_test(queries_are_decoded),
        cmocka_unit_test(the_wheel_turns_in_time),
    };
    return cmocka_run_group_tests(tests, pack_make, pack_end);
}
