#include "outside/relay.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/settings.h"
#include "call/call.h"

/* A relay that knows no STARTTLS, for one connection: what it was told is in `heard`. */
struct peer {
    int door;
    int port;
    pthread_t thread;
    char heard[4096];
};

static void answer(int line, const char *text)
{
    assert_int_equal(send(line, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void *serve(void *arg)
{
    struct peer *peer = arg;
    int line = accept(peer->door, NULL, NULL);
    size_t len = 0, seen = 0;
    bool body = false;
    answer(line, "220 plain ESMTP\r\n");
    for (;;) {
        ssize_t got = recv(line, peer->heard + len, sizeof(peer->heard) - 1 - len, 0);
        if (got <= 0) {
            break;
        }
        len += (size_t)got;
        peer->heard[len] = '\0';
        for (char *end; (end = strstr(peer->heard + seen, "\r\n"));
             seen = (size_t)(end - peer->heard) + 2) {
            const char *said = peer->heard + seen;
            if (body) {
                body = strncmp(said, ".\r\n", 3) != 0;
            } else if (strncmp(said, "DATA", 4) == 0) {
                body = true;
                answer(line, "354 go on\r\n");
                continue;
            }
            if (!body) {
                answer(line, strncmp(said, "QUIT", 4) == 0 ? "221 bye\r\n" : "250 plain\r\n");
            }
        }
    }
    close(line);
    return NULL;
}

static void open_door(struct peer *peer)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(at);
    *peer = (struct peer){.door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    assert_int_equal(bind(peer->door, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(peer->door, 1), 0);
    assert_int_equal(getsockname(peer->door, (struct sockaddr *)&at, &size), 0);
    peer->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&peer->thread, NULL, serve, peer), 0);
}

/* One mail by way of this host, which leads to this machine whatever its name is. */
static enum relay_end sends(const char *host, struct peer *peer, char ret_why[RELAY_WHY_MAX])
{
    char url[100];
    struct relay *relay = NULL;
    atomic_bool stop = false;
    open_door(peer);
    snprintf(url, sizeof(url), "smtp://%s:%d", host, peer->port);
    const struct settings settings = {.smtp_url = url, .smtp_timeout_s = 20, .smtp_connections = 1};
    struct relay_mail mail = {.from = "a@example.org",
                              .to = "b@example.org",
                              .message = "Subject: x\r\n\r\nsecret words\r\n",
                              .len = strlen("Subject: x\r\n\r\nsecret words\r\n")};
    *ret_why = '\0';
    assert_int_equal(relay_new(&settings, &relay), OK);
    relay_send(relay, &mail, 1, &stop, ret_why);
    relay_free(relay);
    pthread_join(peer->thread, NULL);
    close(peer->door);
    return mail.end;
}

/* proves: SEC-1a */
static void mail_is_spoken_in_clear_to_this_machine_alone(void **state)
{
    (void)state;
    static const char *const far[] = {"relay.localhost", "127.example.localhost"};
    struct peer peer;
    char why[RELAY_WHY_MAX];
    assert_int_equal(sends("127.0.0.1", &peer, why), RELAY_SENT);
    assert_non_null(strstr(peer.heard, "secret words"));
    assert_int_equal(sends("localhost", &peer, why), RELAY_SENT);
    for (size_t i = 0; i < COUNT(far); i++) {
        assert_int_equal(sends(far[i], &peer, why), RELAY_UNTRIED);
        assert_string_equal(why, "no starttls");
        assert_non_null(strstr(peer.heard, "EHLO"));
        assert_null(strstr(peer.heard, "example.org"));
        assert_null(strstr(peer.heard, "secret words"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mail_is_spoken_in_clear_to_this_machine_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
