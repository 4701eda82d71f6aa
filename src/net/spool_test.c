#include "net/testing_client.h"

/* Bodies beyond the common limit: files. */
enum { FILE_MAX = 5 * 1024 * 1024, SPOOLS = 4, TOTAL = 64 * 1024 * 1024 };

static void put_head(int fd, const char *path, size_t len, const char *more)
{
    char head[256];
    snprintf(head, sizeof(head), "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n%s\r\n",
             path, len, more);
    put_text(fd, head);
}

static char *file_of(size_t len, char ret_hash[2 * HASH_BYTES + 1])
{
    char *bytes = malloc(len);
    uint8_t hash[HASH_BYTES];
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (char)(i * 7 >> 2);
    }
    crypto_sha256(bytes, len, hash);
    crypto_hex(hash, sizeof(hash), ret_hash);
    return bytes;
}

static void a_file_arrives_whole_and_the_next_request_behind_it(void **state)
{
    struct world *world = *state;
    char hash[2 * HASH_BYTES + 1];
    world_start(world);
    int fd = dial(world);
    static const size_t lengths[] = {API_BODY_MAX, API_BODY_MAX + 1, 1000003, FILE_MAX};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        char *bytes = file_of(lengths[i], hash);
        put_head(fd, "/api/files?name=x", lengths[i], "");
        put_bytes(fd, bytes, lengths[i]);
        put_text(fd, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nnext");
        assert_true(get_reply(fd, false));
        assert_int_equal(reply.status, 200);
        assert_string_equal(reply.body, hash);
        assert_true(get_reply(fd, false));
        assert_string_equal(reply.body, "next");
        free(bytes);
    }
    close(fd);
}

static void a_file_may_be_split_anywhere(void **state)
{
    struct world *world = *state;
    char hash[2 * HASH_BYTES + 1];
    size_t len = API_BODY_MAX * 2;
    char *bytes = file_of(len, hash);
    world_start(world);
    int fd = dial(world);
    put_text(fd, "POST /api/fi");
    put_text(fd, "les HTTP/1.1\r\nHost: h\r\nContent-Length: 131072\r\n\r");
    put_text(fd, "\n");
    for (size_t at = 0; at < len; at += 1024) {
        put_bytes(fd, bytes + at, 1);
        put_bytes(fd, bytes + at + 1, 1023);
    }
    assert_true(get_reply(fd, false));
    assert_string_equal(reply.body, hash);
    free(bytes);
    close(fd);
}

static void what_is_too_large_is_refused_before_it_comes(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *path;
        size_t len;
    } cases[] = {{"/api/files", FILE_MAX + 1},    {"/api/files", SIZE_MAX / 2},
                 {"/api/echo", API_BODY_MAX + 1}, {"/page", API_BODY_MAX + 1},
                 {"/healthz", API_BODY_MAX + 1},  {"/api/files/", FILE_MAX}};
    world_start(world);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int fd = dial(world);
        put_head(fd, cases[i].path, cases[i].len, "Expect: 100-continue\r\n");
        assert_true(get_reply(fd, false));
        assert_int_equal(reply.status, 413);
        assert_true(at_end(fd));
        close(fd);
    }
    assert_int_equal(atomic_load(&fake.seen), 0);
}

/* Strangers hold no room, however many they are and however slowly they send. */
static void who_may_not_send_a_file_takes_no_room(void **state)
{
    enum { MANY = 40 };
    struct world *world = *state;
    static char some[32 * 1024];
    char hash[2 * HASH_BYTES + 1];
    int fds[MANY];
    char *bytes = file_of(FILE_MAX, hash);
    world_start(world);
    for (size_t i = 0; i < MANY; i++) {
        fds[i] = dial(world);
        put_head(fds[i], "/api/files?stranger", FILE_MAX, i % 2 ? "" : "Expect: 100-continue\r\n");
        put_bytes(fds[i], some, i % 2 ? sizeof(some) : 0);
        assert_true(get_reply(fds[i], false));
        assert_int_equal(reply.status, 403);
        assert_true(has_line("Connection: close"));
    }
    int fd = dial(world);
    put_head(fd, "/api/files", FILE_MAX, "");
    put_bytes(fd, bytes, FILE_MAX);
    assert_true(get_reply(fd, false));
    assert_string_equal(reply.body, hash);
    close(fd);
    for (size_t i = 0; i < MANY; i++) {
        close(fds[i]);
    }
    free(bytes);
}

static void who_waits_for_a_go_ahead_gets_it(void **state)
{
    struct world *world = *state;
    char hash[2 * HASH_BYTES + 1];
    char *bytes = file_of(FILE_MAX, hash);
    world_start(world);
    int fd = dial(world);
    put_head(fd, "/api/files", FILE_MAX, "Expect: 100-continue\r\n");
    assert_true(get_reply(fd, true));
    assert_int_equal(reply.status, 100);
    put_bytes(fd, bytes, FILE_MAX);
    assert_true(get_reply(fd, false));
    assert_string_equal(reply.body, hash);
    free(bytes);
    close(fd);
}

/* The time that a body has grows with what came of it: 16 KB are worth a second. */
static void a_stalled_file_loses_its_place(void **state)
{
    struct world *world = *state;
    char hash[2 * HASH_BYTES + 1];
    char *bytes = file_of(FILE_MAX, hash);
    world->options.body_ms = 200;
    world_start(world);
    int fd = dial(world);
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    put_head(fd, "/api/files", FILE_MAX, "");
    put_bytes(fd, bytes, 16 * 1024);
    assert_true(get_reply(fd, false));
    clock_gettime(CLOCK_MONOTONIC, &to);
    assert_int_equal(reply.status, 408);
    int64_t ms = (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
    assert_true(ms >= 1000);
    close(fd);
    free(bytes);
}

static void one_address_has_few_places_and_gets_them_back(void **state)
{
    struct world *world = *state;
    int fds[SPOOLS];
    world_start(world);
    for (size_t i = 0; i < SPOOLS; i++) {
        fds[i] = dial(world);
        put_head(fds[i], "/api/files", API_BODY_MAX + 1, "Expect: 100-continue\r\n");
        assert_true(get_reply(fds[i], true));
        assert_int_equal(reply.status, 100);
    }
    int late = dial(world);
    put_head(late, "/api/files", API_BODY_MAX + 1, "");
    assert_true(get_reply(late, false));
    assert_int_equal(reply.status, 503);
    assert_true(has_line("Retry-After: 10"));
    close(late);
    close(fds[0]); /* given up: the place is free */
    char hash[2 * HASH_BYTES + 1];
    char *bytes = file_of(API_BODY_MAX + 1, hash);
    put_bytes(fds[1], bytes, API_BODY_MAX + 1); /* done: free, too */
    assert_true(get_reply(fds[1], false));
    assert_int_equal(reply.status, 200);
    for (int tried = 0, status = 503; status != 200; tried++) {
        assert_true(tried < PATIENCE_MS);
        int fd = dial(world);
        put_head(fd, "/api/files", API_BODY_MAX + 1, "");
        put_bytes(fd, bytes, API_BODY_MAX + 1);
        status = get_reply(fd, false) ? reply.status : 503;
        close(fd);
    }
    for (size_t i = 1; i < SPOOLS; i++) {
        close(fds[i]);
    }
    free(bytes);
}

static void all_of_them_together_have_a_limit(void **state)
{
    enum { MANY = TOTAL / FILE_MAX };
    struct world *world = *state;
    int fds[MANY];
    char from[32];
    world_start(world);
    for (size_t i = 0; i < MANY; i++) {
        snprintf(from, sizeof(from), "127.0.1.%d", (int)(i / SPOOLS + 1));
        fds[i] = dial_from(world->port, from);
        put_head(fds[i], "/api/files", FILE_MAX, "Expect: 100-continue\r\n");
        assert_true(get_reply(fds[i], true));
        assert_int_equal(reply.status, 100);
    }
    int late = dial_from(world->port, "127.0.2.1");
    put_head(late, "/api/files", FILE_MAX, "");
    assert_true(get_reply(late, false));
    assert_int_equal(reply.status, 503);
    close(late);
    assert_int_equal(ask_once(world, "GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
    for (size_t i = 0; i < MANY; i++) {
        close(fds[i]);
    }
}

int main(void)
{
#define NET_TEST(name_) cmocka_unit_test_setup_teardown(name_, world_make, world_end)
    const struct CMUnitTest tests[] = {
        NET_TEST(a_file_arrives_whole_and_the_next_request_behind_it),
        NET_TEST(a_file_may_be_split_anywhere),
        NET_TEST(what_is_too_large_is_refused_before_it_comes),
        NET_TEST(who_may_not_send_a_file_takes_no_room),
        NET_TEST(who_waits_for_a_go_ahead_gets_it),
        NET_TEST(a_stalled_file_loses_its_place),
        NET_TEST(one_address_has_few_places_and_gets_them_back),
        NET_TEST(all_of_them_together_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
