#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>
#undef MIN
#undef MAX

#include "base/crypto.h"
#include "net/net.h"

/*
 * What net costs by itself, without api, live and store: rooms of 50 in which each
 * message goes to all members, with a fixed number in flight a room.
 *
 *   net_floor fan SECONDS IN-FLIGHT   deliveries a CPU-second of the reactor
 *   net_floor epoll SECONDS           the same work by epoll and send() alone
 *   net_floor uv SECONDS              and by uv_poll and send() alone
 *   net_floor idle SOCKETS            bytes of user memory a silent socket
 *   net_floor serve PORT BYTES        for tests/load/gen: tells so many bytes of each line
 */
enum {
    ROOMS = 20,
    MEMBERS = 50,
    SOCKS = ROOMS * MEMBERS,
    TEXT = 60,
    FRAME = TEXT + 2,
    EVENTS = 512
};

static struct net_sock *members[ROOMS][MEMBERS];
static int member_count[ROOMS];
static _Atomic uint64_t delivered;
static _Atomic int opened;
static pthread_t reactor_thread;
static clockid_t reactor_clock;

/* ---- the server: a room is a list ---- */

static void on_open(void *ctx, struct net_sock *sock, const struct actor *actor, const char *room)
{
    (void)ctx;
    (void)actor;
    int number = *room ? atoi(room) : -1; /* NOLINT: our own words */
    if (number >= 0 && number < ROOMS && member_count[number] < MEMBERS) {
        members[number][member_count[number]++] = sock;
        net_sock_set_data(sock, &member_count[number]);
    }
    reactor_thread = pthread_self();
    atomic_fetch_add(&opened, 1);
}

static size_t tell_bytes; /* of each line, whatever was said; 0: as many as were said */

static void on_text(void *ctx, struct net_sock *sock, const char *text, size_t len)
{
    static const char line[] = "{\"t\":\"line\"";
    (void)ctx;
    uint8_t *payload;
    long room = (int *)net_sock_data(sock) - member_count;
    struct net_frame *frame = net_frame_new(NULL, false, tell_bytes ? tell_bytes : len, &payload);
    if (tell_bytes) {
        memset(payload, 'x', tell_bytes);
        memcpy(payload, line, sizeof(line) - 1);
    } else {
        memcpy(payload, text, len);
    }
    for (int i = 0; i < member_count[room]; i++) {
        net_sock_send(members[room][i], frame);
    }
    atomic_fetch_add_explicit(&delivered, (uint64_t)member_count[room], memory_order_relaxed);
    net_frame_drop(frame);
}

static void on_binary(void *ctx, struct net_sock *sock, const uint8_t *bytes, size_t len)
{
    (void)ctx, (void)sock, (void)bytes, (void)len;
}

static void on_gone(void *ctx, struct net_sock *sock)
{
    (void)ctx, (void)sock;
}

size_t api_body_max(const struct api *api, const char *method, const char *path)
{
    (void)api, (void)method, (void)path;
    return API_BODY_MAX;
}

void api_submit(struct api *api, struct api_request *batch)
{
    (void)api;
    while (batch) {
        struct api_request *next = batch->next;
        batch->status = 101;
        batch->upgrade = true;
        batch->done(batch);
        batch = next;
    }
}

static struct net *serve(const char *at)
{
    static const struct net_sock_handler handler = {.open = on_open,
                                                    .text = on_text,
                                                    .binary = on_binary,
                                                    .gone = on_gone,
                                                    .text_max = 8192,
                                                    .binary_max = 16};
    const struct net_options options = {.listen = at,
                                        .reactors = 1,
                                        .connections_max = 100000,
                                        .connections_per_address = 100000,
                                        .head_ms = 60000,
                                        .body_ms = 60000,
                                        .idle_ms = 600000,
                                        .body_max = 65536,
                                        .sock = &handler};
    struct net *net = NULL;
    char why[256];
    if (net_start(&options, &net, why) != OK) {
        fprintf(stderr, "%s\n", why);
        exit(1);
    }
    return net;
}

/* ---- the clients ---- */

static int dial(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
        perror("connect");
        exit(1);
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return fd;
}

static int dial_sock(int port, int room)
{
    char request[256];
    char answer[1024];
    int fd = dial(port);
    int len = snprintf(request, sizeof(request),
                       "GET /api/live?room=%d HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                       room);
    if (write(fd, request, (size_t)len) != len || read(fd, answer, sizeof(answer)) <= 0) {
        perror("handshake");
        exit(1);
    }
    return fd;
}

struct load {
    int fds[SOCKS];
    size_t frame_len; /* of what a client gets a message */
    int in_flight;
    uint8_t message[FRAME + 4];
    size_t message_len;
    _Atomic bool stop;
};

static void say(struct load *load, int sock)
{
    (void)!write(load->fds[sock], load->message, load->message_len);
}

/* Closed loop: when a room has heard a whole message, its next member speaks. */
static void *clients(void *arg)
{
    struct load *load = arg;
    static char bytes[1 << 20];
    uint64_t heard[ROOMS] = {0};
    uint64_t wanted[ROOMS];
    int next[ROOMS];
    struct epoll_event events[EVENTS];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < SOCKS; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        fcntl(load->fds[i], F_SETFL, O_NONBLOCK);
        epoll_ctl(epoll, EPOLL_CTL_ADD, load->fds[i], &event);
    }
    for (int room = 0; room < ROOMS; room++) {
        wanted[room] = MEMBERS * load->frame_len;
        next[room] = load->in_flight % MEMBERS;
        for (int i = 0; i < load->in_flight; i++) {
            say(load, room * MEMBERS + i % MEMBERS);
        }
    }
    while (!atomic_load(&load->stop)) {
        int count = epoll_wait(epoll, events, EVENTS, 100);
        for (int i = 0; i < count; i++) {
            int sock = (int)events[i].data.u32;
            int room = sock / MEMBERS;
            ssize_t got = read(load->fds[sock], bytes, sizeof(bytes));
            heard[room] += got > 0 ? (uint64_t)got : 0;
            for (; heard[room] >= wanted[room]; wanted[room] += MEMBERS * load->frame_len) {
                say(load, room * MEMBERS + next[room]);
                next[room] = (next[room] + 1) % MEMBERS;
            }
        }
    }
    close(epoll);
    return NULL;
}

static double seconds_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void measure(const char *what, struct load *load, int seconds)
{
    const struct timespec warm = {0, 500000000};
    const struct timespec span = {seconds, 0};
    pthread_t thread;
    pthread_create(&thread, NULL, clients, load);
    nanosleep(&warm, NULL);
    uint64_t before = atomic_load(&delivered);
    double cpu = seconds_of(reactor_clock);
    double wall = seconds_of(CLOCK_MONOTONIC);
    nanosleep(&span, NULL);
    uint64_t count = atomic_load(&delivered) - before;
    cpu = seconds_of(reactor_clock) - cpu;
    wall = seconds_of(CLOCK_MONOTONIC) - wall;
    atomic_store(&load->stop, true);
    pthread_join(thread, NULL);
    printf("%s: %.0f deliveries/s, %.0f a CPU-second, %.2f cores\n", what, (double)count / wall,
           (double)count / cpu, cpu / wall);
}

static void fan(int seconds, int in_flight)
{
    static struct load load = {.frame_len = FRAME, .message_len = FRAME + 4};
    struct net *net = serve("127.0.0.1:0");
    load.in_flight = in_flight;
    load.message[0] = 0x81;
    load.message[1] = 0x80 | TEXT; /* a mask of zeros: the text as it is */
    memset(load.message + 6, 'x', TEXT);
    for (int i = 0; i < SOCKS; i++) {
        load.fds[i] = dial_sock(net_port(net), i / MEMBERS);
    }
    while (atomic_load(&opened) < SOCKS) {
        sched_yield();
    }
    pthread_getcpuclockid(reactor_thread, &reactor_clock);
    measure("net", &load, seconds);
    net_free(net);
}

/* ---- the floor: nothing but the poller and send() ---- */

static int floor_fds[SOCKS];
static uv_poll_t polls[SOCKS];
static _Atomic bool floor_stop;

static void floor_fan(int sock)
{
    char bytes[4096];
    ssize_t len = recv(floor_fds[sock], bytes, sizeof(bytes), 0);
    for (int i = 0; len > 0 && i < MEMBERS; i++) {
        (void)!send(floor_fds[sock / MEMBERS * MEMBERS + i], bytes, (size_t)len, MSG_NOSIGNAL);
    }
    atomic_fetch_add_explicit(&delivered, len > 0 ? MEMBERS : 0, memory_order_relaxed);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    (void)status, (void)events;
    floor_fan((int)(poll - polls));
}

static void *floor_uv(void *arg)
{
    (void)arg;
    uv_loop_t loop;
    uv_loop_init(&loop);
    for (int i = 0; i < SOCKS; i++) {
        uv_poll_init(&loop, &polls[i], floor_fds[i]);
        uv_poll_start(&polls[i], UV_READABLE, on_poll);
    }
    while (!atomic_load(&floor_stop)) {
        uv_run(&loop, UV_RUN_ONCE);
    }
    return NULL;
}

static void *floor_epoll(void *arg)
{
    (void)arg;
    struct epoll_event events[EVENTS];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < SOCKS; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        epoll_ctl(epoll, EPOLL_CTL_ADD, floor_fds[i], &event);
    }
    while (!atomic_load(&floor_stop)) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            floor_fan((int)events[i].data.u32);
        }
    }
    return NULL;
}

static void bare(const char *what, int seconds)
{
    static struct load load = {.frame_len = FRAME, .message_len = FRAME, .in_flight = 1};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    int one = 1;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&at, len) != 0 || listen(listener, 128) != 0 ||
        getsockname(listener, (struct sockaddr *)&at, &len) != 0) {
        perror("listen");
        exit(1);
    }
    memset(load.message, 'x', FRAME);
    for (int i = 0; i < SOCKS; i++) {
        load.fds[i] = dial(ntohs(at.sin_port));
        floor_fds[i] = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        setsockopt(floor_fds[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    }
    pthread_create(&reactor_thread, NULL, strcmp(what, "uv") == 0 ? floor_uv : floor_epoll, NULL);
    pthread_getcpuclockid(reactor_thread, &reactor_clock);
    measure(what, &load, seconds);
    exit(0);
}

/* Resident bytes of this process; its clients have only descriptors. */
static double resident(void)
{
    unsigned long all = 0;
    unsigned long here = 0;
    FILE *in = fopen("/proc/self/statm", "r");
    if (!in || fscanf(in, "%lu %lu", &all, &here) != 2) {
        exit(1);
    }
    fclose(in);
    return (double)here * (double)sysconf(_SC_PAGESIZE);
}

static void idle(int count)
{
    struct net *net = serve("127.0.0.1:0");
    int *fds = calloc((size_t)count, sizeof(*fds));
    for (int i = 0; i < 1000; i++) { /* what is there once, is there now */
        fds[i] = dial_sock(net_port(net), -1);
    }
    while (atomic_load(&opened) < 1000) {
        sched_yield();
    }
    double before = resident();
    for (int i = 1000; i < count; i++) {
        fds[i] = dial_sock(net_port(net), -1);
    }
    while (atomic_load(&opened) < count) {
        sched_yield();
    }
    double after = resident();
    printf("idle: %.0f resident bytes a socket (%d sockets)\n", (after - before) / (count - 1000),
           count);
    net_free(net);
}

static void serve_on(int port, int bytes)
{
    char at[32];
    snprintf(at, sizeof(at), "127.0.0.1:%d", port);
    tell_bytes = (size_t)bytes;
    (void)serve(at);
    pause(); /* until it is ended */
}

int main(int argc, char **argv)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    crypto_start();
    int number = argc > 2 ? atoi(argv[2]) : 0;                                         /* NOLINT */
    if (argc == 4 && strcmp(argv[1], "fan") == 0 && number > 0 && atoi(argv[3]) > 0) { /* NOLINT */
        fan(number, atoi(argv[3]));                                                    /* NOLINT */
    } else if (argc == 4 && strcmp(argv[1], "serve") == 0 && atoi(argv[3]) > 16) {     /* NOLINT */
        serve_on(number, atoi(argv[3]));                                               /* NOLINT */
    } else if (argc == 3 && number > 0 &&
               (strcmp(argv[1], "uv") == 0 || strcmp(argv[1], "epoll") == 0)) {
        bare(argv[1], number);
    } else if (argc == 3 && number > 1000 && strcmp(argv[1], "idle") == 0) {
        idle(number);
    } else {
        fprintf(stderr, "usage: net_floor fan SECONDS IN-FLIGHT | epoll SECONDS | uv SECONDS | "
                        "idle SOCKETS | serve PORT BYTES\n");
        return 2;
    }
    return 0;
}
