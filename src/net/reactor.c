#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"
#include "net/net_inner.h"

/* One loop, one thread: listeners, mailbox, turns, time. */

enum { TURNS_IN_A_ROW = 4, CLOCK_SLACK_MS = 1000 };

static _Thread_local const struct reactor *own; /* the reactor of this thread */

bool reactor_here(const struct reactor *reactor)
{
    return own == reactor;
}

static int64_t wall_ms(const struct reactor *reactor)
{
    return mono_ms(reactor) + reactor->wall_ahead_ms;
}

int64_t net_now_ms(struct net *net, int reactor)
{
    ASSERT_CODE(reactor >= 0 && reactor < net->reactor_count);
    const struct reactor *asked = net->reactors[reactor];
    return own == asked ? wall_ms(asked)
                        : atomic_load_explicit(&asked->wall_ms, memory_order_relaxed);
}

/* The loop's clock doesn't jump; the wall clock may (suspend, set by hand). */
static void set_wall_clock(struct reactor *reactor)
{
    int64_t real_ms = time_now_ms();
    int64_t off_ms = real_ms - wall_ms(reactor);
    if (off_ms > CLOCK_SLACK_MS || off_ms < -CLOCK_SLACK_MS) {
        reactor->wall_ahead_ms = real_ms - mono_ms(reactor);
    }
}

const char *reactor_date(struct reactor *reactor)
{
    int64_t now_s = wall_ms(reactor) / 1000;
    if (now_s != reactor->date_s) {
        time_t at = (time_t)now_s;
        struct tm parts;
        gmtime_r(&at, &parts);
        strftime(reactor->date, sizeof(reactor->date), "%a, %d %b %Y %H:%M:%S GMT", &parts);
        reactor->date_s = now_s;
    }
    return reactor->date;
}

/* ---- the mailbox ---- */

void reactor_wake(struct reactor *reactor)
{
    uv_async_send(&reactor->wake);
}

/* The wake-up stays inside the lock: after it the reactor may be gone. */
void reactor_deliver(struct reactor *reactor, struct conn *conn)
{
    ASSERT_CODE(conn->phase == PHASE_MOVING && !conn->all.next); /* on its way, and in no list */
    pthread_mutex_lock(&reactor->mail.lock);
    link_put(&reactor->mail.arrivals, &conn->all);
    reactor_wake(reactor);
    pthread_mutex_unlock(&reactor->mail.lock);
}

void reactor_answer(struct api_request *api)
{
    struct reactor *reactor = ((struct request *)api->owner)->reactor;
    api->next = NULL;
    pthread_mutex_lock(&reactor->mail.lock);
    *reactor->mail.answers_end = api;
    reactor->mail.answers_end = &api->next;
    reactor_wake(reactor);
    pthread_mutex_unlock(&reactor->mail.lock);
}

enum err net_post(struct net *net, int reactor, void (*fn)(void *arg), void *arg)
{
    ASSERT_CODE(reactor >= 0 && reactor < net->reactor_count && fn);
    struct mailbox *mail = &net->reactors[reactor]->mail;
    enum err err = ERR_BUSY;
    pthread_mutex_lock(&mail->lock);
    if (mail->post_count < MAILBOX_MAX) {
        if (mail->post_count == mail->post_cap) {
            size_t cap = MAX(mail->post_cap * 2, (size_t)64);
            struct post *more = heap_grow(mail->posts, cap * sizeof(*more));
            if (!more) {
                pthread_mutex_unlock(&mail->lock);
                return ERR_BUSY;
            }
            mail->posts = more;
            mail->post_cap = cap;
        }
        mail->posts[mail->post_count++] = (struct post){fn, arg};
        reactor_wake(net->reactors[reactor]);
        err = OK;
    }
    pthread_mutex_unlock(&mail->lock);
    return err;
}

static void read_mail(struct reactor *reactor)
{
    struct mailbox *mail = &reactor->mail;
    pthread_mutex_lock(&mail->lock);
    struct post *posts = mail->posts;
    size_t post_count = mail->post_count;
    size_t post_cap = mail->post_cap;
    struct link arrivals;
    link_start(&arrivals);
    link_put_all(&arrivals, &mail->arrivals);
    struct api_request *answers = mail->answers;
    mail->posts = reactor->posts;
    mail->post_cap = reactor->post_cap;
    mail->post_count = 0;
    mail->answers = NULL;
    mail->answers_end = &mail->answers;
    pthread_mutex_unlock(&mail->lock);
    reactor->posts = posts;
    reactor->post_cap = post_cap;
    while (!link_empty(&arrivals)) {
        struct conn *conn = OWNER(struct conn, all, arrivals.next);
        link_take(&conn->all);
        conn_arrive(reactor, conn);
    }
    while (answers) {
        struct api_request *next = answers->next;
        answer_request(answers->owner);
        answers = next;
    }
    for (size_t i = 0; i < post_count; i++) {
        posts[i].fn(posts[i].arg);
    }
}

/* ---- turns ---- */

static void write_dirty(struct reactor *reactor)
{
    while (!link_empty(&reactor->dirty)) {
        struct conn *conn = OWNER(struct conn, dirty, reactor->dirty.next);
        link_take(&conn->dirty);
        conn_flush(conn);
    }
}

static void submit(struct reactor *reactor)
{
    struct api_request *batch = reactor->batch;
    if (batch) {
        *reactor->batch_end = NULL;
        reactor->batch = NULL;
        reactor->batch_end = &reactor->batch;
        api_submit(reactor->net->options.api, batch);
    }
}

/* The end of a loop turn: the handler's last word, requests to the api, bytes out. */
static void end_turn(struct reactor *reactor)
{
    const struct net_sock_handler *handler = &reactor->net->handler;
    if (!reactor->busy && link_empty(&reactor->dirty) && !reactor->batch) {
        return;
    }
    reactor->busy = false;
    for (int i = 0; i < TURNS_IN_A_ROW; i++) {
        reactor->turn_again = false;
        if (handler->turn) {
            handler->turn(handler->ctx, reactor->index);
        }
        write_dirty(reactor);
        submit(reactor);
        if (!reactor->turn_again) {
            break;
        }
    }
    if (reactor->turn_again) {
        reactor_wake(reactor);
    }
    atomic_store_explicit(&reactor->wall_ms, wall_ms(reactor), memory_order_relaxed);
}

static void on_prepare(uv_prepare_t *handle)
{
    end_turn(handle->data); /* of what the timers did */
    conn_leave_all(handle->data);
}

static void on_check(uv_check_t *handle)
{
    struct reactor *reactor = handle->data;
    struct link again; /* those that come again wait for the next turn */
    link_start(&again);
    link_put_all(&again, &reactor->again);
    while (!link_empty(&again)) {
        struct conn *conn = OWNER(struct conn, again, again.next);
        link_take(&conn->again);
        reactor->busy = true;
        if (!conn->paused && (conn->phase == PHASE_OPEN || conn->phase == PHASE_LINGER)) {
            conn_read(conn);
        }
    }
    end_turn(reactor);
    conn_leave_all(reactor);
}

/* ---- accepting ---- */

static void on_listener(uv_poll_t *poll, int status, int events UNUSED)
{
    struct reactor *reactor = poll->data;
    bool metrics = poll == &reactor->metrics_listener;
    int listener = metrics ? reactor->metrics_fd : reactor->listen_fd;
    reactor->busy = true;
    for (int i = 0; status == 0 && i < ACCEPTS_A_TURN; i++) {
        struct sockaddr_storage from;
        socklen_t len = sizeof(from);
        int fd = accept4(listener, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            conn_accept(reactor, fd, &from, metrics);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            log_line(LOG_WARN, "net", "no descriptors left, not accepting for a moment",
                     LOG_N(LOG_ERRNO, errno), LOG_N(LOG_REACTOR, reactor->index));
            reactor->pausing = true;
            uv_poll_stop(poll);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

static void listen_on(struct reactor *reactor)
{
    if (reactor->draining || reactor->stopping) {
        return;
    }
    reactor->pausing = false;
    if (reactor->listen_fd >= 0) {
        uv_poll_start(&reactor->listener, UV_READABLE, on_listener);
    }
    if (reactor->metrics_fd >= 0) {
        uv_poll_start(&reactor->metrics_listener, UV_READABLE, on_listener);
    }
}

static void listen_no_more(struct reactor *reactor)
{
    if (reactor->listen_fd >= 0) {
        on_listener(&reactor->listener, 0, 0); /* those that wait already are let in */
        uv_close((uv_handle_t *)&reactor->listener, NULL);
        close(reactor->listen_fd);
        reactor->listen_fd = -1;
    }
    if (reactor->metrics_fd >= 0 && reactor->stopping) {
        uv_close((uv_handle_t *)&reactor->metrics_listener, NULL);
        close(reactor->metrics_fd);
        reactor->metrics_fd = -1;
    }
}

/* ---- time ---- */

static void on_tick(uv_timer_t *timer)
{
    struct reactor *reactor = timer->data;
    const struct net_sock_handler *handler = &reactor->net->handler;
    reactor->busy = true;
    handler->tick(handler->ctx, reactor->index, wall_ms(reactor));
}

static void on_house(uv_timer_t *timer)
{
    struct reactor *reactor = timer->data;
    struct wheel_node *due;
    int64_t now_ms = mono_ms(reactor);
    while ((due = wheel_due(&reactor->wheel, now_ms))) {
        reactor->busy = true;
        conn_expired(OWNER(struct conn, timer, due));
    }
    if (reactor->pausing) {
        listen_on(reactor);
    }
    if (now_ms - reactor->tls_check_ms >= reactor->net->options.tls_check_ms) {
        reactor->tls_check_ms = now_ms;
        set_wall_clock(reactor);
        if (reactor->net->tls && reactor->index == 0) {
            tls_check(reactor->net->tls);
        }
    }
    if (now_ms - reactor->window_ms >= FORWARDED_WINDOW_MS) {
        reactor->window_ms = now_ms;
        atomic_store(&reactor->counters.forwarded, 0);
        atomic_store(&reactor->counters.window, 0);
    }
    atomic_store_explicit(&reactor->wall_ms, wall_ms(reactor), memory_order_relaxed);
}

/* ---- ending ---- */

static void drain(struct reactor *reactor)
{
    reactor->draining = true;
    listen_no_more(reactor);
    for (struct link *at = reactor->conns.next, *next; at != &reactor->conns; at = next) {
        struct conn *conn = OWNER(struct conn, all, at);
        next = at->next;
        if (conn->http && !conn->http->begun && !conn->http->request && !conn->metrics) {
            conn_close(conn);
        }
    }
}

static void stop(struct reactor *reactor)
{
    reactor->stopping = true;
    reactor->draining = true;
    listen_no_more(reactor);
    uv_timer_stop(&reactor->tick);
    for (struct link *at = reactor->conns.next, *next; at != &reactor->conns; at = next) {
        struct conn *conn = OWNER(struct conn, all, at);
        next = at->next;
        if (!conn->http) {
            net_sock_close(&conn->sock, WS_CLOSE_AWAY, "");
        }
        if (conn->out.bytes && !conn->overflown) {
            (void)out_send(conn);
        }
        conn_kill(conn);
    }
}

static void on_wake(uv_async_t *async)
{
    struct reactor *reactor = async->data;
    reactor->busy = true;
    read_mail(reactor);
    if (atomic_load(&reactor->net->draining) && !reactor->draining) {
        drain(reactor);
    }
    if (atomic_load(&reactor->net->stopping) && !reactor->stopping) {
        stop(reactor);
    }
}

static void *run(void *arg)
{
    struct reactor *reactor = arg;
    own = reactor;
    uv_update_time(&reactor->loop);
    while (!reactor->stopping || atomic_load(&reactor->net->open) > 0) {
        uv_run(&reactor->loop, UV_RUN_ONCE);
    }
    read_mail(reactor);
    return NULL;
}

/* ---- making ---- */

enum err reactor_new(struct net *net, int index, struct reactor **ret)
{
    struct reactor *reactor = calloc(1, sizeof(*reactor));
    ASSERT_START(reactor);
    if (uv_loop_init(&reactor->loop) != 0) {
        free(reactor);
        return ERR_BUSY;
    }
    reactor->net = net;
    reactor->index = index;
    reactor->listen_fd = -1;
    reactor->metrics_fd = -1;
    reactor->epoll_fd = -1;
    reactor->batch_end = &reactor->batch;
    reactor->mail.answers_end = &reactor->mail.answers;
    pthread_mutex_init(&reactor->mail.lock, NULL);
    link_start(&reactor->conns);
    link_start(&reactor->dirty);
    link_start(&reactor->again);
    link_start(&reactor->leaving);
    link_start(&reactor->mail.arrivals);
    wheel_start(&reactor->wheel, mono_ms(reactor));
    reactor->tls_check_ms = mono_ms(reactor);
    reactor->window_ms = mono_ms(reactor);
    set_wall_clock(reactor);
    atomic_store(&reactor->wall_ms, wall_ms(reactor));
    int bad = uv_async_init(&reactor->loop, &reactor->wake, on_wake);
    ASSERT_START(bad == 0);
    uv_timer_init(&reactor->loop, &reactor->tick);
    uv_timer_init(&reactor->loop, &reactor->house);
    uv_prepare_init(&reactor->loop, &reactor->prepare);
    uv_check_init(&reactor->loop, &reactor->check);
    reactor->wake.data = reactor->tick.data = reactor->house.data = reactor;
    reactor->prepare.data = reactor->check.data = reactor;
    reactor->listener.data = reactor->metrics_listener.data = reactor;
    *ret = reactor;
    return poll_start(reactor);
}

enum err reactor_start(struct reactor *reactor)
{
    const struct net_sock_handler *handler = &reactor->net->handler;
    ASSERT_START(reactor->listen_fd >= 0 && reactor->epoll_fd >= 0);
    uv_prepare_start(&reactor->prepare, on_prepare);
    uv_check_start(&reactor->check, on_check);
    uv_timer_start(&reactor->house, on_house, WHEEL_STEP_MS, WHEEL_STEP_MS);
    if (handler->tick && handler->tick_ms > 0) {
        uint64_t tick_ms = (uint64_t)handler->tick_ms;
        uv_timer_start(&reactor->tick, on_tick, tick_ms, tick_ms);
    }
    uv_poll_init(&reactor->loop, &reactor->listener, reactor->listen_fd);
    if (reactor->metrics_fd >= 0) {
        uv_poll_init(&reactor->loop, &reactor->metrics_listener, reactor->metrics_fd);
    }
    listen_on(reactor);
    return pthread_create(&reactor->thread, NULL, run, reactor) == 0 ? OK : ERR_BUSY;
}

static void close_handle(uv_handle_t *handle, void *arg UNUSED)
{
    if (!uv_is_closing(handle)) {
        uv_close(handle, NULL);
    }
}

void reactor_free(struct reactor *reactor)
{
    if (!reactor) {
        return;
    }
    pthread_mutex_lock(&reactor->mail.lock); /* whoever woke us last has let go of it */
    pthread_mutex_unlock(&reactor->mail.lock);
    uv_walk(&reactor->loop, close_handle, NULL);
    uv_run(&reactor->loop, UV_RUN_DEFAULT);
    int bad = uv_loop_close(&reactor->loop);
    ASSERT_CODE(bad == 0); /* all handles are closed */
    ASSERT_CODE(link_empty(&reactor->conns) && link_empty(&reactor->leaving));
    ASSERT_CODE(link_empty(&reactor->mail.arrivals) && reactor->turned_away == 0);
    for (size_t i = 0; i < reactor->arena_count; i++) {
        arena_free(reactor->arenas[i]);
    }
    if (reactor->listen_fd >= 0) {
        close(reactor->listen_fd);
    }
    if (reactor->metrics_fd >= 0) {
        close(reactor->metrics_fd);
    }
    poll_end(reactor);
    out_blocks_free(reactor);
    free(reactor->mail.posts);
    free(reactor->posts);
    pthread_mutex_destroy(&reactor->mail.lock);
    free(reactor);
}
