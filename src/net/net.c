#include "net/net.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "net/net_inner.h"

/* Starting and ending: addresses, listeners, threads, numbers. */

enum { BACKLOG = 1024, REACTORS_MAX = 64 };

struct place {
    struct sockaddr_storage at;
    socklen_t len;
};

static bool place_parse(const char *text, struct place *ret)
{
    const char *colon = strrchr(text, ':');
    struct addr addr;
    int64_t port;
    if (!colon || !text_i64(colon + 1, 0, 65535, &port)) {
        return false;
    }
    size_t len = (size_t)(colon - text);
    bool bracket = len >= 2 && text[0] == '[' && colon[-1] == ']';
    bool local = len == 9 && strncasecmp(text, "localhost", 9) == 0;
    const char *host = local ? "127.0.0.1" : bracket ? text + 1 : text;
    if (!addr_parse(host, local ? strlen(host) : bracket ? len - 2 : len, &addr)) {
        return false;
    }
    if (!bracket && strcspn(text, ":") != len) {
        return false; /* an IPv6 address stands in brackets */
    }
    *ret = (struct place){.len = 0};
    if (bracket) {
        struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&ret->at;
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons((uint16_t)port);
        memcpy(&in6->sin6_addr, addr.bytes, 16);
        ret->len = sizeof(*in6);
    } else {
        struct sockaddr_in *in4 = (struct sockaddr_in *)&ret->at;
        in4->sin_family = AF_INET;
        in4->sin_port = htons((uint16_t)port);
        memcpy(&in4->sin_addr, addr.bytes + 12, 4);
        ret->len = sizeof(*in4);
    }
    return true;
}

static void why_not(const char *listen_at, int error, char ret_why[256])
{
    const char *help = error == EADDRINUSE      ? "another program listens there: stop it, or "
                                                  "choose another port with --listen"
                       : error == EACCES        ? "ports below 1024 need the right to bind them "
                                                  "(CAP_NET_BIND_SERVICE), or choose a higher one"
                       : error == EADDRNOTAVAIL ? "this machine does not have that address"
                                                : strerrordesc_np(error);
    snprintf(ret_why, 256, "cannot listen on %.60s: %s", listen_at, help);
}

/* A listening socket, or -1 with errno.  `shared`: several reactors listen on it. */
static int listener(const struct place *place, bool shared)
{
    int one = 1;
    int none = 0;
    ASSERT_START(place->len > 0);
    int fd = socket(place->at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (place->at.ss_family == AF_INET6) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &none, sizeof(none));
    }
    if ((shared && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) != 0) ||
        bind(fd, (const struct sockaddr *)&place->at, place->len) != 0 ||
        listen(fd, BACKLOG) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static int port_of(int fd)
{
    struct sockaddr_in6 at = {.sin6_port = 0}; /* an IPv4 address has its port at the same place */
    socklen_t len = sizeof(at);
    return getsockname(fd, (struct sockaddr *)&at, &len) == 0 ? ntohs(at.sin6_port) : 0;
}

static enum err listen_all(struct net *net, const char *listen_at, char ret_why[256])
{
    struct place place = {.len = 0};
    if (!place_parse(listen_at, &place)) {
        snprintf(ret_why, 256,
                 "listen: \"%.60s\" is no address and port; write 127.0.0.1:8080 "
                 "or [::]:443",
                 listen_at);
        return ERR_INVALID;
    }
    /* SO_REUSEPORT would let us share the port with another server of the same user. */
    int probe = listener(&place, false);
    if (probe < 0) {
        why_not(listen_at, errno, ret_why);
        return ERR_BUSY;
    }
    net->port = port_of(probe);
    close(probe);
    ((struct sockaddr_in *)&place.at)->sin_port = htons((uint16_t)net->port); /* same place in v6 */
    for (int i = 0; i < net->reactor_count; i++) {
        int fd = listener(&place, true);
        if (fd < 0) {
            why_not(listen_at, errno, ret_why);
            return ERR_BUSY;
        }
        net->reactors[i]->listen_fd = fd;
    }
    return OK;
}

static enum err listen_metrics(struct net *net, char ret_why[256])
{
    const char *listen_at = net->options.metrics_listen;
    struct place place = {.len = 0};
    if (!listen_at || !*listen_at) {
        return OK;
    }
    if (!place_parse(listen_at, &place)) {
        snprintf(ret_why, 256, "metrics_listen: \"%.60s\" is no address and port", listen_at);
        return ERR_INVALID;
    }
    net->reactors[0]->metrics_fd = listener(&place, false);
    if (net->reactors[0]->metrics_fd < 0) {
        why_not(listen_at, errno, ret_why);
        return ERR_BUSY;
    }
    net->metrics_port = port_of(net->reactors[0]->metrics_fd);
    return OK;
}

static enum err prepare(struct net *net, char ret_why[256])
{
    const struct net_options *options = &net->options;
    TRY(addr_ranges(options->trusted_proxies, &net->proxies, ret_why));
    if (pack_open(options->pack, options->pack_len, &net->pack) != OK) {
        snprintf(ret_why, 256, "the packed web client is broken: build it again");
        return ERR_INVALID;
    }
    bool cert = options->tls_cert && *options->tls_cert;
    bool key = options->tls_key && *options->tls_key;
    if (cert != key) {
        snprintf(ret_why, 256, "tls_cert and tls_key belong together: give both or none");
        return ERR_INVALID;
    }
    if (cert) {
        TRY(tls_new(options->tls_cert, options->tls_key, &net->tls, ret_why));
    }
    for (int i = 0; i < net->reactor_count; i++) {
        TRY(reactor_new(net, i, &net->reactors[i]));
    }
    TRY(listen_all(net, options->listen, ret_why));
    return listen_metrics(net, ret_why);
}

enum err net_start(const struct net_options *options, struct net **ret, char ret_why[256])
{
    ASSERT_START(options->reactors >= 1 && options->reactors <= REACTORS_MAX && options->sock);
    ASSERT_START(options->sock->open && options->sock->text && options->sock->binary);
    ASSERT_START(options->sock->arrived && options->sock->gone);
    ASSERT_START(options->sock->text_max < OUT_MAX && options->sock->binary_max < OUT_MAX);
    struct net *net = calloc(1, sizeof(*net));
    ASSERT_START(net);
    snprintf(ret_why, 256, "no memory or descriptors to start with");
    signal(SIGPIPE, SIG_IGN); /* OpenSSL writes without MSG_NOSIGNAL */
    net->options = *options;
    net->handler = *options->sock;
    net->reactor_count = options->reactors;
    net->reactors = calloc((size_t)options->reactors, sizeof(struct reactor *));
    ASSERT_START(net->reactors);
    net->counts = addr_counts_new(options->connections_per_address);
    net->spool_counts = addr_counts_new(SPOOLS_PER_ADDRESS);
    net->unsent_counts = addr_counts_new(UNSENT_PER_ADDRESS / UNSENT_UNIT);
    net->options.tls_check_ms = options->tls_check_ms ? options->tls_check_ms : TLS_CHECK_MS;
    net->options.stall_ms = options->stall_ms ? options->stall_ms : WRITE_STALL_MS;
    if (options->public_url && *options->public_url) {
        net->public_origin = strdup(options->public_url);
        ASSERT_START(net->public_origin);
    }
    enum err err = prepare(net, ret_why);
    for (int i = 0; err == OK && i < net->reactor_count; i++) {
        err = reactor_start(net->reactors[i]);
        net->running += err == OK;
    }
    if (err != OK) {
        net_free(net);
        return err;
    }
    ret_why[0] = '\0';
    *ret = net;
    return OK;
}

int net_port(const struct net *net)
{
    return net->port;
}

int net_metrics_port(const struct net *net)
{
    return net->metrics_port;
}

int net_reactors(const struct net *net)
{
    return net->reactor_count;
}

void net_tls_reload(struct net *net)
{
    if (net->tls) {
        tls_reload(net->tls);
    }
}

static void wake_all(struct net *net)
{
    for (int i = 0; i < net->running; i++) {
        reactor_wake(net->reactors[i]);
    }
}

void net_closed(struct net *net)
{
    int64_t before = atomic_fetch_sub(&net->open, 1);
    ASSERT_CODE(before > 0);
    if (before == 1 && atomic_load(&net->stopping)) {
        wake_all(net);
    }
}

void net_drain(struct net *net)
{
    atomic_store(&net->draining, true);
    wake_all(net);
}

void net_stop(struct net *net)
{
    if (!net) {
        return;
    }
    atomic_store(&net->stopping, true);
    wake_all(net);
    for (int i = 0; i < net->running; i++) {
        pthread_join(net->reactors[i]->thread, NULL);
    }
    net->running = 0;
}

void net_free(struct net *net)
{
    if (!net) {
        return;
    }
    net_stop(net);
    for (int i = 0; i < net->reactor_count; i++) {
        reactor_free(net->reactors[i]);
    }
    free(net->reactors);
    ASSERT_CODE(atomic_load(&net->open) == 0 && atomic_load(&net->connection_count) == 0);
    ASSERT_CODE(atomic_load(&net->spooled) == 0 && atomic_load(&net->unsent) == 0);
    tls_free(net->tls);
    pack_close(net->pack);
    addr_counts_free(net->counts);
    addr_counts_free(net->spool_counts);
    addr_counts_free(net->unsent_counts);
    free(net->public_origin);
    free(net);
}

void net_stats(struct net *net, struct net_stats *ret)
{
    struct net_stats sum = {0};
    for (int i = 0; i < net->reactor_count; i++) {
        struct counters *from = &net->reactors[i]->counters;
        sum.connections += atomic_load(&from->connections);
        sum.sockets += atomic_load(&from->sockets);
        sum.accepted += atomic_load(&from->accepted);
        sum.requests += atomic_load(&from->requests);
        sum.bytes_in += atomic_load(&from->bytes_in);
        sum.bytes_out += atomic_load(&from->bytes_out);
        sum.refused += atomic_load(&from->refused);
        sum.tls_failures += atomic_load(&from->tls_failures);
        sum.forwarded_from_private += atomic_load(&from->forwarded);
        sum.requests_total_window += atomic_load(&from->window);
    }
    *ret = sum;
}
