#include <sys/epoll.h>
#include <unistd.h>

#include "net/net_inner.h"

/*
 * Which connections have something to do: an epoll set of each reactor's own, which libuv
 * watches as one descriptor.  A handle of libuv for each connection would take as many bytes as
 * all else that an idle one needs (docs/decisions/0002-uv-poll.md).
 */
enum { EVENTS = 1024 };

/* Somebody who is not listened to may hang up, and the kernel says so: once, not for ever. */
static struct epoll_event event_of(struct conn *conn, uint32_t events)
{
    return (struct epoll_event){.events = events ? events : EPOLLET, .data.ptr = conn};
}

bool poll_add(struct conn *conn)
{
    struct epoll_event event = event_of(conn, EPOLLIN);
    conn->watched = EPOLLIN;
    return epoll_ctl(conn->reactor->epoll_fd, EPOLL_CTL_ADD, conn->fd, &event) == 0;
}

static void poll_change(struct conn *conn, uint32_t events)
{
    struct epoll_event event = event_of(conn, events);
    conn->watched = (uint8_t)events;
    int bad = epoll_ctl(conn->reactor->epoll_fd, EPOLL_CTL_MOD, conn->fd, &event);
    ASSERT_CODE(bad == 0); /* the descriptor is in the set, and nothing new is asked for */
}

void conn_watch(struct conn *conn)
{
    if (conn->phase == PHASE_DEAD || conn->phase == PHASE_MOVING) {
        return;
    }
    bool listens = conn->phase == PHASE_OPEN ? !conn->deaf : conn->phase == PHASE_LINGER;
    uint32_t want = (listens ? EPOLLIN : 0U) | (conn->blocked ? EPOLLOUT : 0U);
    if (want != conn->watched) {
        poll_change(conn, want);
    }
}

/* Not left to close(): a process being started may hold the descriptor for a moment longer. */
void poll_remove(const struct conn *conn)
{
    int bad = epoll_ctl(conn->reactor->epoll_fd, EPOLL_CTL_DEL, conn->fd, NULL);
    ASSERT_CODE(bad == 0); /* it is in the set until here */
}

/* What is not taken out now is still there at the next turn. */
static void on_ready(uv_poll_t *poll, int status UNUSED, int which UNUSED)
{
    struct reactor *reactor = OWNER(struct reactor, ready, poll);
    struct epoll_event events[EVENTS];
    int count = epoll_wait(reactor->epoll_fd, events, EVENTS, 0);
    for (int i = 0; i < count; i++) {
        reactor->busy = true;
        conn_ready(events[i].data.ptr, events[i].events);
    }
}

enum err poll_start(struct reactor *reactor)
{
    reactor->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (reactor->epoll_fd < 0 ||
        uv_poll_init(&reactor->loop, &reactor->ready, reactor->epoll_fd) != 0) {
        return ERR_BUSY;
    }
    int bad = uv_poll_start(&reactor->ready, UV_READABLE, on_ready);
    ASSERT_CODE(bad == 0); /* the handle is there, and not closed */
    return OK;
}

void poll_end(struct reactor *reactor)
{
    if (reactor->epoll_fd >= 0) {
        close(reactor->epoll_fd);
    }
}
