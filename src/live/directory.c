#include <stdlib.h>
#include <string.h>

#include "call/id.h"
#include "live/live_inner.h"
#include "live/queue.h"

/* The directory: account -> its sockets, wherever they are, and who has ended a moment ago. */

static struct live_peer **bucket(struct live *live, int64_t account_id)
{
    return &live->directory[account_bucket(account_id)];
}

static struct account *account_of(struct live *live, int64_t account_id)
{
    struct account **at = &live->accounts[account_bucket(account_id)];
    while (*at && (*at)->id != account_id) {
        at = &(*at)->next;
    }
    if (!*at && (*at = heap_new(sizeof(**at)))) {
        (*at)->id = account_id;
    }
    return *at; /* NULL: no memory */
}

/*
 * A session that is younger than the end was let in after it: the account was opened again.  This
 * alone goes by the clock on the wall, which a session's id bears and somebody may set.  An end
 * counts as late as that clock has ever shown: set back, it makes nobody young who signed in before
 * the end, and who signs in after it, with an earlier time, waits ENDED_MS at most.
 */
static bool has_ended(const struct ended *ended, const struct live_peer *peer, int64_t now_ms)
{
    return ended->code && now_ms - ended->at_ms < ENDED_MS &&
           ended->id == (ended->session ? peer->session_id : peer->account_id) &&
           (ended->session || id_time_ms(peer->session_id) <= ended->wall_ms);
}

int directory_add(struct live_peer *peer)
{
    struct live *live = peer->reactor->live;
    struct live_peer **at = bucket(live, peer->account_id);
    pthread_mutex_lock(&live->directory_lock);
    peer->directory_next = *at;
    *at = peer;
    for (size_t i = 0; i < ENDED_KEPT; i++) {
        if (has_ended(&live->ended[i], peer, peer->reactor->steady_ms)) {
            peer->ended = live->ended[i].code;
        }
    }
    struct account *account = account_of(live, peer->account_id);
    if (account && account->sockets < ACCOUNT_SOCKETS_MAX) {
        account->sockets++;
        peer->account = account;
    }
    int code = peer->ended ? peer->ended : peer->account ? 0 : CODE_CROWDED;
    pthread_mutex_unlock(&live->directory_lock);
    return code;
}

void directory_remove(struct live_peer *peer)
{
    pthread_mutex_lock(&peer->reactor->live->directory_lock);
    struct live_peer **at = bucket(peer->reactor->live, peer->account_id);
    while (*at != peer) {
        ASSERT_CODE(*at); /* in it from live_open to live_gone */
        at = &(*at)->directory_next;
    }
    *at = peer->directory_next;
    if (peer->account) {
        ASSERT_CODE(peer->account->sockets > 0);
        peer->account->sockets--;
        peer->account->gone_ms = peer->reactor->steady_ms;
    }
    pthread_mutex_unlock(&peer->reactor->live->directory_lock);
}

void directory_move(struct live_peer *peer, struct reactor *to)
{
    ASSERT_CODE(to != peer->reactor && to->live == peer->reactor->live && !peer->room);
    pthread_mutex_lock(&peer->reactor->live->directory_lock);
    peer->reactor = to;
    peer->stage = STAGE_MOVING;
    pthread_mutex_unlock(&peer->reactor->live->directory_lock);
}

bool directory_arrived(struct live_peer *peer)
{
    ASSERT_CODE(peer->stage == STAGE_MOVING);
    pthread_mutex_lock(&peer->reactor->live->directory_lock);
    peer->stage = STAGE_LOBBY;
    int ended = peer->ended;
    bool missed = peer->missed;
    peer->missed = false;
    ended = ended || !peer->lost ? ended : CODE_CROWDED;
    pthread_mutex_unlock(&peer->reactor->live->directory_lock);
    if (ended) {
        peer_close(peer, ended, "");
        return false;
    }
    if (missed) {
        peer_send(peer, OUT_AGAIN, NULL);
    }
    return true;
}

void directory_missed(struct live *live, const struct reactor *reactor, int64_t account_id)
{
    pthread_mutex_lock(&live->directory_lock);
    for (struct live_peer *peer = *bucket(live, account_id); peer; peer = peer->directory_next) {
        if (peer->account_id == account_id && peer->reactor == reactor) {
            peer->missed = true;
            atomic_store(&peer->reactor->missed, true);
        }
    }
    pthread_mutex_unlock(&live->directory_lock);
}

void directory_send(struct reactor *reactor, int64_t account_id, const char *json,
                    struct live_frame **frame)
{
    struct live *live = reactor->live;
    const struct live_link *link = &live->options.link;
    pthread_mutex_lock(&live->directory_lock);
    for (struct live_peer *peer = *bucket(live, account_id); peer; peer = peer->directory_next) {
        if (peer->account_id != account_id || peer->reactor != reactor) {
            continue;
        }
        if (peer->stage == STAGE_MOVING) {
            peer->missed = true;
        } else if (peer->stage != STAGE_CLOSING && json[0]) {
            uint8_t *payload = NULL;
            if (!*frame && (*frame = link->frame(link->ctx, NULL, false, strlen(json), &payload))) {
                memcpy(payload, json, strlen(json)); /* NOLINT: a frame ends without NUL */
            }
            if (*frame) {
                link->send(link->ctx, peer->sock, *frame);
            } else {
                peer->missed = true;
                atomic_store(&reactor->missed, true);
            }
        }
    }
    pthread_mutex_unlock(&live->directory_lock);
}

uint64_t directory_where(struct live *live, int64_t account_id)
{
    uint64_t where = 0;
    pthread_mutex_lock(&live->directory_lock);
    for (struct live_peer *peer = *bucket(live, account_id); peer; peer = peer->directory_next) {
        if (peer->account_id == account_id) {
            where |= UINT64_C(1) << (peer->reactor->number & 63);
        }
    }
    pthread_mutex_unlock(&live->directory_lock);
    return where;
}

void directory_again(struct reactor *reactor)
{
    struct live *live = reactor->live;
    pthread_mutex_lock(&live->directory_lock);
    for (size_t i = 0; i < DIRECTORY_BUCKETS; i++) {
        for (struct live_peer *peer = live->directory[i]; peer; peer = peer->directory_next) {
            if (peer->reactor == reactor && peer->missed && peer->stage != STAGE_MOVING &&
                peer->stage != STAGE_CLOSING) {
                peer->missed = false;
                peer_send(peer, OUT_AGAIN, NULL);
            }
        }
    }
    pthread_mutex_unlock(&live->directory_lock);
}

enum { ENDED_BATCH = 64 };

/* Whether this socket of the reactor's own is to be closed, and is not yet. */
static bool is_due(const struct live_peer *peer, const struct post *post)
{
    if (peer->stage == STAGE_MOVING || peer->stage == STAGE_CLOSING) {
        return false;
    }
    if (!post) {
        return peer->ended || peer->lost;
    }
    return peer->ended && (post->kind == POST_ENDED ? peer->session_id == post->id
                                                    : peer->account_id == post->account_id);
}

void directory_end(struct reactor *reactor, const struct post *post)
{
    struct live *live = reactor->live;
    size_t count = 0;
    do {
        struct live_peer *found[ENDED_BATCH];
        int codes[ENDED_BATCH];
        count = 0;
        pthread_mutex_lock(&live->directory_lock);
        for (size_t i = 0; i < DIRECTORY_BUCKETS && count < ENDED_BATCH; i++) {
            for (struct live_peer *peer = live->directory[i]; peer && count < ENDED_BATCH;
                 peer = peer->directory_next) {
                if (peer->reactor == reactor && is_due(peer, post)) {
                    codes[count] = peer->ended ? peer->ended : CODE_CROWDED;
                    found[count++] = peer;
                }
            }
        }
        pthread_mutex_unlock(&live->directory_lock);
        for (size_t i = 0; i < count; i++) {
            peer_close(found[i], codes[i], "");
        }
    } while (count == ENDED_BATCH);
}

void directory_mark_ended(struct live *live, bool session, int64_t id, int code)
{
    ASSERT_CODE(id > 0 && code > 0);
    const struct live_link *link = &live->options.link;
    int64_t now_ms = link->steady_ms(link->ctx), wall_ms = link->wall_ms(link->ctx);
    pthread_mutex_lock(&live->directory_lock);
    live->latest_ms = MAX(live->latest_ms, wall_ms);
    live->ended[live->ended_next++ % ENDED_KEPT] =
        (struct ended){session, id, now_ms, live->latest_ms, code};
    for (size_t i = 0; i < DIRECTORY_BUCKETS; i++) {
        for (struct live_peer *peer = live->directory[i]; peer; peer = peer->directory_next) {
            if ((session ? peer->session_id : peer->account_id) == id) {
                peer->ended = code;
            }
        }
    }
    pthread_mutex_unlock(&live->directory_lock);
}

enum { OVER_BATCH = 64 };

/* Those whose sign-in is over by time, in one bucket; they come again and are asked anew. */
static size_t mark_over(const struct live *live, size_t b, int64_t now_ms, struct post *ret[],
                        struct reactor *ret_where[], size_t most)
{
    size_t count = 0;
    for (struct live_peer *peer = live->directory[b]; peer && count < most;
         peer = peer->directory_next) {
        if (peer->ends_ms && peer->ends_ms <= now_ms && !peer->ended) {
            peer->ended = CODE_AGAIN;
            ret[count] = post_new(POST_ENDED, 0, peer->session_id, NULL);
            ret_where[count++] = peer->reactor;
        }
    }
    return count;
}

static void forget_gone(struct live *live, size_t b, const struct reactor *now)
{
    for (struct account **at = &live->accounts[b]; *at;) {
        struct account *account = *at;
        if (account->sockets == 0 && now->steady_ms - account->gone_ms > ACCOUNT_MS &&
            atomic_load(&account->day) != now->now_ms / DAY_MS) {
            *at = account->next;
            free(account);
        } else {
            at = &account->next;
        }
    }
}

void directory_sweep(struct reactor *reactor)
{
    struct live *live = reactor->live;
    struct post *posts[OVER_BATCH];
    struct reactor *where[OVER_BATCH];
    size_t count = 0;
    if (reactor->number != 0) { /* one does it for all */
        return;
    }
    pthread_mutex_lock(&live->directory_lock);
    live->latest_ms = MAX(live->latest_ms, reactor->now_ms);
    for (int i = 0; i < SWEEP_BUCKETS; i++) {
        size_t b = live->swept++ % DIRECTORY_BUCKETS;
        count +=
            mark_over(live, b, reactor->now_ms, posts + count, where + count, OVER_BATCH - count);
        forget_gone(live, b, reactor);
    }
    pthread_mutex_unlock(&live->directory_lock);
    for (size_t i = 0; i < count; i++) {
        post_put(where[i], posts[i], true);
    }
}

void directory_free(struct live *live)
{
    for (size_t b = 0; b < DIRECTORY_BUCKETS; b++) {
        for (struct live_peer *peer = live->directory[b], *next = NULL; peer; peer = next) {
            next = peer->directory_next;
            wish_free(peer->wish);
            free(peer);
        }
        for (struct account *account = live->accounts[b], *next = NULL; account; account = next) {
            next = account->next;
            free(account);
        }
    }
    pthread_mutex_destroy(&live->directory_lock);
}
