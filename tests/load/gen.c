#include "tests/load/gen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/*
 * gen --protocol NAME --port N --pids A,B [--rooms R --members M --flight F --seconds S]
 *     [--rooms-file FILE --token-prefix T] [--moves | --idle FIRST | --rate LINES-A-SECOND]
 * Prints one JSON line: what was delivered, and the CPU seconds of server and generator.  With
 * --rate lines are said on the beat, whatever has arrived, and how late each came is told, too.
 */
enum {
    ROOMS_MAX = 1000,
    FLIGHT_MAX = 64,
    MEMBERS_MAX = 256,
    READ_BYTES = 256 * 1024,
    EVENTS = 512,
    HELD_MAX = 1 << 20
};

/*
 * A line has arrived when everybody who perceives its sender has it: `audience` is
 * learnt before the measurement, `due` counts deliveries up to each line in flight.
 */
struct room {
    char id[64];
    uint64_t number, sent, arrived, delivered, promised;
    uint64_t due[FLIGHT_MAX];
    uint32_t audience[MEMBERS_MAX];
    int next;
};

static struct gen_options options = {.protocol = "bauta",
                                     .rooms = 20,
                                     .members = 50,
                                     .flight = 1,
                                     .seconds = 5,
                                     .warm_seconds = 1,
                                     .token_prefix = "bench"};
static const struct gen_protocol *protocol;
static struct gen_conn *conns;
static struct room rooms[ROOMS_MAX];
static size_t conn_count, ready_count;
static uint64_t delivered, delivered_bytes;
static int epoll_fd;
static bool running, measuring;

static void die(const char *what)
{
    fprintf(stderr, "gen: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void gen_send(struct gen_conn *conn, bool binary, const void *payload, size_t len)
{
    uint8_t frame[GEN_OUT_MAX + 16];
    size_t head = 2;
    if (len > GEN_OUT_MAX) {
        die("a payload too long");
    }
    frame[0] = binary ? 0x82 : 0x81;
    if (len < 126) {
        frame[1] = (uint8_t)(0x80 | len);
    } else {
        frame[1] = 0x80 | 126;
        frame[2] = (uint8_t)(len >> 8);
        frame[3] = (uint8_t)len;
        head = 4;
    }
    memset(frame + head, 0, 4); /* a mask of zeros leaves the payload as it is */
    memcpy(frame + head + 4, payload, len);
    size_t size = head + 4 + len;
    if (send(conn->fd, frame, size, MSG_NOSIGNAL) != (ssize_t)size) {
        die("send");
    }
}

static void say(struct room *room, int index)
{
    uint8_t payload[GEN_OUT_MAX];
    struct gen_conn *conn = &conns[index * options.members + room->next];
    room->promised += room->audience[room->next];
    room->due[room->sent % FLIGHT_MAX] = room->promised;
    room->next = (room->next + 1) % options.members;
    size_t len = protocol->say(conn, room->number++, payload, sizeof(payload));
    gen_send(conn, protocol->binary, payload, len);
    room->sent++;
}

static void take(struct gen_conn *conn, const uint8_t *payload, size_t len)
{
    size_t count = 0;
    enum gen_seen seen = protocol->seen(conn, payload, len, &count);
    if (seen == GEN_READY && !conn->ready) {
        conn->ready = true;
        ready_count++;
    }
    struct room *room = &rooms[conn->room];
    if (seen == GEN_DELIVERED) {
        delivered += count;
        delivered_bytes += len;
        if (options.rate && measuring) {
            gen_late((uint64_t)(now_s() * 1e6), payload, len);
        }
        room->delivered += count;
    }
    if (!running || options.moves || options.rate ||
        (seen != GEN_DELIVERED && seen != GEN_STORED)) {
        return;
    }
    if (options.acks) {
        room->arrived += seen == GEN_STORED;
    }
    while (!options.acks && room->arrived < room->sent &&
           room->delivered >= room->due[room->arrived % FLIGHT_MAX]) {
        room->arrived++;
    }
    while (room->sent - room->arrived < (uint64_t)options.flight) {
        say(room, conn->room);
    }
}

/* Takes whole frames; answers how many bytes were used. */
static size_t frames(struct gen_conn *conn, const uint8_t *at, size_t len)
{
    size_t used = 0;
    while (len - used >= 2) {
        const uint8_t *frame = at + used;
        size_t head = 2, size = frame[1] & 0x7f;
        if (size == 126) {
            head = 4;
            size = len - used >= 4 ? (size_t)frame[2] << 8 | frame[3] : SIZE_MAX;
        } else if (size == 127) {
            head = 10;
            size = len - used >= 10 ? (size_t)frame[6] << 24 | (size_t)frame[7] << 16 |
                                          (size_t)frame[8] << 8 | frame[9]
                                    : SIZE_MAX;
        }
        if (size == SIZE_MAX || len - used < head + size) {
            break;
        }
        int opcode = frame[0] & 0x0f;
        if (opcode == 8) {
            fprintf(stderr, "gen: closed with %d %.*s\n",
                    size >= 2 ? frame[head] << 8 | frame[head + 1] : 0,
                    size > 2 ? (int)size - 2 : 0, (const char *)frame + head + 2);
            exit(1);
        }
        if (opcode == 9) {
            uint8_t pong[2 + 4] = {0x8a, 0x80};
            (void)!send(conn->fd, pong, sizeof(pong), MSG_NOSIGNAL);
        } else {
            take(conn, frame + head, size);
        }
        used += head + size;
    }
    return used;
}

static size_t upgrade(struct gen_conn *conn, const uint8_t *at, size_t len)
{
    const uint8_t *end = memmem(at, len, "\r\n\r\n", 4);
    if (!end) {
        return 0;
    }
    if (memcmp(at, "HTTP/1.1 101", 12) != 0) {
        fprintf(stderr, "gen: refused: %.*s\n", (int)(len < 400 ? len : 400), (const char *)at);
        exit(1);
    }
    conn->upgraded = true;
    if (protocol->hello) {
        protocol->hello(conn);
    } else if (protocol->ready) {
        conn->ready = true;
        ready_count++;
    }
    return (size_t)(end + 4 - at);
}

static void consume(struct gen_conn *conn, const uint8_t *at, size_t len)
{
    size_t used = conn->upgraded ? 0 : upgrade(conn, at, len);
    if (conn->upgraded) {
        used += frames(conn, at + used, len - used);
    }
    size_t left = len - used;
    if (left > HELD_MAX) {
        die("a frame too long");
    }
    if (left > conn->held_cap) {
        uint8_t *more = realloc(conn->held, left);
        if (!more) {
            die("memory");
        }
        conn->held_cap = left;
        if (at == conn->held) {
            at = more;
        }
        conn->held = more;
    }
    if (left) {
        memmove(conn->held, at + used, left);
    }
    conn->held_len = left;
}

static void readable(struct gen_conn *conn)
{
    static uint8_t bytes[READ_BYTES + HELD_MAX];
    memcpy(bytes, conn->held ? conn->held : bytes, conn->held_len);
    ssize_t got = recv(conn->fd, bytes + conn->held_len, READ_BYTES, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        die("the server closed a connection");
    }
    consume(conn, bytes, conn->held_len + (size_t)got);
}

static void turn(int wait_ms)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll_fd, events, EVENTS, wait_ms);
    for (int i = 0; i < count; i++) {
        readable(events[i].data.ptr);
    }
}

static void open_conn(struct gen_conn *conn, size_t number)
{
    char path[128], head[512], subprotocol[64] = "";
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    /* Many thousands of connections want more than one source address. */
    struct sockaddr_in from = {.sin_family = AF_INET};
    int one = 1;
    from.sin_addr.s_addr = htonl(0x7f000001u + (uint32_t)(number / 20000));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    conn->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (conn->fd < 0 || bind(conn->fd, (struct sockaddr *)&from, sizeof(from)) != 0 ||
        connect(conn->fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        die("connect");
    }
    setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    protocol->path(&options, conn, rooms[conn->room].id, path, sizeof(path));
    if (protocol->subprotocol) {
        snprintf(subprotocol, sizeof(subprotocol), "Sec-WebSocket-Protocol: %s\r\n",
                 protocol->subprotocol);
    }
    int len = snprintf(head, sizeof(head),
                       "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n%s"
                       "Authorization: Bearer %s-%zu\r\n\r\n",
                       path, options.port, subprotocol, options.token_prefix, number);
    if (send(conn->fd, head, (size_t)len, MSG_NOSIGNAL) != len) {
        die("send");
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = conn};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, conn->fd, &event);
}

static void connect_until(size_t to)
{
    double patience = now_s() + 120;
    for (size_t i = ready_count; ready_count < to;) {
        bool knock = i < to && i < 64 + ready_count; /* no more than so many at once */
        if (knock) {
            conns[i].room = (int)(i / (size_t)options.members);
            conns[i].member = (int)(i % (size_t)options.members);
            open_conn(&conns[i], i);
            i++;
        }
        turn(knock ? 0 : 100);
        if (now_s() > patience) {
            die("not everybody got in");
        }
    }
}

/* Everybody says a line, one after the other, and who gets it is counted. */
static void learn(void)
{
    for (int member = 0; member < options.members; member++) {
        for (int i = 0; i < options.rooms; i++) {
            rooms[i].delivered = 0;
            say(&rooms[i], i);
        }
        uint64_t before = 0;
        for (int quiet = 0; quiet < 3; before = delivered) {
            turn(20);
            quiet = delivered == before ? quiet + 1 : 0;
        }
        for (int i = 0; i < options.rooms; i++) {
            rooms[i].audience[member] = (uint32_t)rooms[i].delivered;
        }
    }
    for (int i = 0; i < options.rooms; i++) {
        rooms[i].sent = rooms[i].delivered = rooms[i].promised = 0;
    }
}

/* Everybody walks up and down, ten steps a second, spread over the tenth. */
static void walk(void)
{
    static uint64_t done;
    static double begun;
    begun = begun > 0 ? begun : now_s();
    uint64_t due = (uint64_t)((now_s() - begun) * 10 * (double)conn_count);
    for (; done < due; done++) {
        struct gen_conn *conn = &conns[done % conn_count];
        uint64_t step = done / conn_count;
        /* The free floor at the front of the lounge. */
        int16_t x = (int16_t)((conn->member % 10 - 5) * 90 + (int)(step % 8) * 24);
        int16_t z = (int16_t)(256 + conn->member / 10 * 100);
        uint8_t move[7] = {1};
        memcpy(move + 1, &x, 2);
        memcpy(move + 3, &z, 2);
        move[5] = (uint8_t)(step * 8);
        move[6] = 1;
        gen_send(conn, true, move, sizeof(move));
    }
}

/* A line each time one is due, room by room. */
static void talk(void)
{
    static uint64_t done;
    static double begun;
    begun = begun > 0 ? begun : now_s();
    for (; (double)done < (now_s() - begun) * options.rate; done++) {
        int room = (int)(done % (uint64_t)options.rooms);
        rooms[room].number = (uint64_t)((begun + (double)done / options.rate) * 1e6);
        say(&rooms[room], room);
    }
}

static void work(double seconds)
{
    for (double begun = now_s(); now_s() - begun < seconds;) {
        if (options.moves) {
            walk();
        } else if (options.rate) {
            talk();
        }
        turn(options.rate ? 1 : options.moves ? 5 : 100);
    }
}

static void read_rooms(void)
{
    FILE *file = options.rooms_file ? fopen(options.rooms_file, "r") : NULL;
    for (int i = 0; i < options.rooms; i++) {
        snprintf(rooms[i].id, sizeof(rooms[i].id), "%d", i);
        if (file && fscanf(file, "%63s", rooms[i].id) != 1) {
            die("rooms-file");
        }
    }
    if (file) {
        fclose(file);
    }
}

/* So many, then all; after each until the bench has read the server's memory. */
static void stand_idle(void)
{
    const size_t stops[] = {(size_t)options.idle, conn_count};
    for (int i = 0; i < 2; i++) {
        connect_until(stops[i]);
        printf("{\"connections\":%zu}\n", ready_count);
        fflush(stdout);
        (void)!getchar();
    }
}

static void read_options(int argc, char **argv)
{
    static const struct option names[] = {
        {"protocol", 1, 0, 'p'},     {"port", 1, 0, 'P'},
        {"pids", 1, 0, 'i'},         {"rooms", 1, 0, 'r'},
        {"members", 1, 0, 'm'},      {"flight", 1, 0, 'f'},
        {"seconds", 1, 0, 's'},      {"rooms-file", 1, 0, 'F'},
        {"token-prefix", 1, 0, 't'}, {"moves", 0, &options.moves, 1},
        {"idle", 1, 0, 'I'},         {"acks", 0, &options.acks, 1},
        {"rate", 1, 0, 'R'},         {0}};
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        switch (c) {
        case 'p':
            options.protocol = optarg;
            break;
        case 'P':
            options.port = (int)strtol(optarg, NULL, 10);
            break;
        case 'i':
            options.pids = optarg;
            break;
        case 'r':
            options.rooms = (int)strtol(optarg, NULL, 10);
            break;
        case 'm':
            options.members = (int)strtol(optarg, NULL, 10);
            break;
        case 'f':
            options.flight = (int)strtol(optarg, NULL, 10);
            break;
        case 's':
            options.seconds = strtod(optarg, NULL);
            break;
        case 'F':
            options.rooms_file = optarg;
            break;
        case 't':
            options.token_prefix = optarg;
            break;
        case 'I':
            options.idle = (int)strtol(optarg, NULL, 10);
            break;
        case 'R':
            options.rate = (int)strtol(optarg, NULL, 10);
            break;
        case 0:
            break;
        default:
            exit(2);
        }
    }
    protocol = gen_protocol(options.protocol);
    if (!protocol || options.rooms > ROOMS_MAX || options.rooms < 1 || options.members < 1 ||
        options.members > MEMBERS_MAX || options.flight > FLIGHT_MAX || options.flight < 1 ||
        options.idle > options.rooms * options.members) {
        fprintf(stderr, "gen: unknown protocol, or too many rooms, members or lines in flight\n");
        exit(2);
    }
}

int main(int argc, char **argv)
{
    struct rlimit files;
    read_options(argc, argv);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    conn_count = (size_t)options.rooms * (size_t)options.members;
    conns = calloc(conn_count, sizeof(*conns));
    epoll_fd = epoll_create1(0);
    if (!conns || epoll_fd < 0) {
        die("memory");
    }
    read_rooms();
    if (options.idle) {
        stand_idle();
        return 0;
    }
    connect_until(conn_count);
    bool closed = !options.moves && !options.rate; /* as many lines in flight as are wanted */
    if (closed) {
        learn();
    }
    running = true;
    for (int i = 0; i < options.rooms && closed; i++) {
        for (int k = 0; k < options.flight; k++) {
            say(&rooms[i], i);
        }
    }
    work(options.warm_seconds);
    measuring = true;
    uint64_t from = delivered, bytes = delivered_bytes;
    double begun = now_s(), server = gen_cpu_of(options.pids), own = gen_cpu();
    work(options.seconds);
    double took = now_s() - begun;
    server = gen_cpu_of(options.pids) - server;
    own = gen_cpu() - own;
    printf("{\"protocol\":\"%s\",\"delivered\":%llu,\"seconds\":%.3f,\"server_cpu\":%.3f,"
           "\"generator_cpu\":%.3f,\"bytes\":%llu",
           protocol->name, (unsigned long long)(delivered - from), took, server, own,
           (unsigned long long)(delivered_bytes - bytes));
    if (options.rate) {
        gen_late_print();
    }
    printf("}\n");
    return 0;
}
