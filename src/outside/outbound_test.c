#include "outside/outbound.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/settings.h"

static enum outbound_place place(const char *text)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        return outbound_place_of((const struct sockaddr *)&four);
    }
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return outbound_place_of((const struct sockaddr *)&six);
}

static void only_public_addresses_are_asked(void **state UNUSED)
{
    static const char *const closed[] = {"0.0.0.0",
                                         "10.1.2.3",
                                         "100.64.0.1",
                                         "169.254.169.254",
                                         "172.16.0.1",
                                         "172.31.255.255",
                                         "192.168.1.1",
                                         "198.18.0.1",
                                         "224.0.0.1",
                                         "240.0.0.1",
                                         "255.255.255.255",
                                         "192.0.2.1",
                                         "::",
                                         "fe80::1",
                                         "fc00::1",
                                         "fd12::1",
                                         "ff02::1",
                                         "::ffff:10.0.0.1",
                                         "64:ff9b::1",
                                         "2002:a00:1::",
                                         "2001:db8::1",
                                         "::ffff:169.254.169.254"};
    static const char *const open[] = {"1.1.1.1",     "172.15.0.1",      "172.32.0.1",
                                       "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"};
    static const char *const own[] = {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"};
    for (size_t i = 0; i < COUNT(closed); i++) {
        assert_int_equal(place(closed[i]), OUTBOUND_CLOSED);
    }
    for (size_t i = 0; i < COUNT(open); i++) {
        assert_int_equal(place(open[i]), OUTBOUND_PUBLIC);
    }
    for (size_t i = 0; i < COUNT(own); i++) {
        assert_int_equal(place(own[i]), OUTBOUND_LOOPBACK);
    }
}

/* ---- a peer that says what it is told, once ---- */

struct peer {
    int listener;
    int port;
    const char *answer; /* NULL: never */
    pthread_t thread;
};

static void *serve(void *arg)
{
    struct peer *peer = arg;
    char request[4096];
    int fd = accept(peer->listener, NULL, NULL);
    if (fd >= 0) {
        ssize_t got = read(fd, request, sizeof(request));
        if (got > 0 && peer->answer) {
            ssize_t put = write(fd, peer->answer, strlen(peer->answer));
            (void)put;
        } else {
            while (read(fd, request, sizeof(request)) > 0) {
            }
        }
        close(fd);
    }
    return NULL;
}

static void peer_open(struct peer *peer, const char *answer)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(at);
    *peer = (struct peer){.listener = socket(AF_INET, SOCK_STREAM, 0), .answer = answer};
    assert_int_equal(bind(peer->listener, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(peer->listener, 1), 0);
    assert_int_equal(getsockname(peer->listener, (struct sockaddr *)&at, &len), 0);
    peer->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&peer->thread, NULL, serve, peer), 0);
}

static void peer_close(struct peer *peer)
{
    shutdown(peer->listener, SHUT_RDWR);
    close(peer->listener);
    pthread_join(peer->thread, NULL);
}

static enum err ask(bool loopback, const char *url, struct outbound_answer *ret, const char **code)
{
    struct settings settings = {.outbound_loopback = loopback};
    struct outbound *outbound = NULL;
    struct arena *arena = arena_new(4 << 20);
    assert_int_equal(outbound_new(&settings, &outbound), OK);
    struct call call = {.arena = arena, .outbound = outbound};
    const struct outbound_request request = {
        .recipient = "mail", .method = "GET", .url = url, .timeout_ms = 1000, .answer_max = 100};
    enum err err = outbound_ask(&call, &request, ret);
    *code = call.fail_code ? call.fail_code : "";
    if (err == OK) {
        assert_true(strlen(ret->body) <= 100);
    }
    outbound_free(outbound);
    arena_free(arena);
    return err;
}

static void asks(bool loopback, const char *answer, enum err wanted, const char *wanted_code,
                 int wanted_status)
{
    char url[64];
    struct peer peer;
    struct outbound_answer got = {0};
    const char *code = "";
    peer_open(&peer, answer);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/", peer.port);
    assert_int_equal(ask(loopback, url, &got, &code), wanted);
    assert_string_equal(code, wanted_code);
    assert_int_equal(got.status, wanted_status);
    peer_close(&peer);
}

static void this_machine_is_asked_only_when_the_setting_says_so(void **state UNUSED)
{
    const char *answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    asks(true, answer, OK, "", 200);
    asks(false, answer, ERR_DENIED, "outbound.address", 0);
}

static void a_redirect_is_an_answer_and_not_followed(void **state UNUSED)
{
    asks(true, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
         OK, "", 302);
}

static void an_answer_that_is_too_large_is_cut_off(void **state UNUSED)
{
    asks(true, "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\nhi", ERR_LARGE, "outbound.large",
         0);
    asks(
        true,
        "HTTP/1.1 200 OK\r\n\r\n0123456789012345678901234567890123456789012345678901234567890123456"
        "78901234567890123456789012345678901234567890",
        ERR_LARGE, "outbound.large", 0);
}

static void silence_ends_in_time(void **state UNUSED)
{
    asks(true, NULL, ERR_BUSY, "outbound.away", 0);
}

static void other_protocols_are_not_spoken(void **state UNUSED)
{
    struct outbound_answer got;
    const char *code = "";
    static const char *const urls[] = {"file:///etc/passwd", "ftp://127.0.0.1/",
                                       "gopher://127.0.0.1/", "http://[::1", "dict://127.0.0.1/"};
    for (size_t i = 0; i < COUNT(urls); i++) {
        assert_int_equal(ask(true, urls[i], &got, &code), ERR_DENIED);
    }
    assert_int_equal(ask(false, "http://1.1.1.1/", &got, &code), ERR_DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_public_addresses_are_asked),
        cmocka_unit_test(this_machine_is_asked_only_when_the_setting_says_so),
        cmocka_unit_test(a_redirect_is_an_answer_and_not_followed),
        cmocka_unit_test(an_answer_that_is_too_large_is_cut_off),
        cmocka_unit_test(silence_ends_in_time),
        cmocka_unit_test(other_protocols_are_not_spoken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
