#include <string.h>

#include "live/inner.h"

/* The directory: account -> its sockets, wherever they are, and who has ended a moment ago. */

static struct live_peer **bucket(struct live *live, int64_t account_id)
{
    return &live->directory[account_bucket(account_id)];
}

int directory_add(struct live_peer *peer)
{
    struct live *live = peer->live;
    struct live_peer **at = bucket(live, peer->account_id);
    pthread_mutex_lock(&live->directory_lock);
    peer->directory_next = *at;
    *at = peer;
    for (size_t i = 0; i < ENDED_KEPT; i++) {
        const struct ended *ended = &live->ended[i];
        if (ended->code && ended->id == (ended->session ? peer->session_id : peer->account_id)) {
            peer->ended = ended->code;
        }
    }
    int code = peer->ended;
    pthread_mutex_unlock(&live->directory_lock);
    return code;
}

void directory_remove(struct live_peer *peer)
{
    pthread_mutex_lock(&peer->live->directory_lock);
    struct live_peer **at = bucket(peer->live, peer->account_id);
    while (*at != peer) {
        at = &(*at)->directory_next;
    }
    *at = peer->directory_next;
    pthread_mutex_unlock(&peer->live->directory_lock);
}

void directory_move(struct live_peer *peer, struct reactor *to)
{
    pthread_mutex_lock(&peer->live->directory_lock);
    peer->reactor = to;
    peer->stage = STAGE_MOVING;
    pthread_mutex_unlock(&peer->live->directory_lock);
}

bool directory_arrived(struct live_peer *peer)
{
    pthread_mutex_lock(&peer->live->directory_lock);
    peer->stage = STAGE_LOBBY;
    int ended = peer->ended;
    bool missed = peer->missed;
    peer->missed = false;
    pthread_mutex_unlock(&peer->live->directory_lock);
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
            if (!*frame) {
                uint8_t *payload = NULL;
                *frame = link->frame(link->ctx, false, strlen(json), &payload);
                memcpy(payload, json, strlen(json)); /* NOLINT: a frame ends without NUL */
            }
            link->send(link->ctx, peer->sock, *frame);
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

enum { ENDED_BATCH = 64 };

void directory_end(struct reactor *reactor, const struct mail *mail)
{
    struct live *live = reactor->live;
    bool session = mail->kind == MAIL_ENDED;
    size_t count = 0;
    do {
        struct live_peer *found[ENDED_BATCH];
        int codes[ENDED_BATCH];
        count = 0;
        pthread_mutex_lock(&live->directory_lock);
        for (size_t i = 0; i < DIRECTORY_BUCKETS && count < ENDED_BATCH; i++) {
            for (struct live_peer *peer = live->directory[i]; peer && count < ENDED_BATCH;
                 peer = peer->directory_next) {
                if (peer->reactor == reactor && peer->ended && peer->stage != STAGE_MOVING &&
                    peer->stage != STAGE_CLOSING &&
                    (session ? peer->session_id == mail->id
                             : peer->account_id == mail->account_id)) {
                    codes[count] = peer->ended;
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
    pthread_mutex_lock(&live->directory_lock);
    live->ended[live->ended_next++ % ENDED_KEPT] = (struct ended){session, id, code};
    for (size_t i = 0; i < DIRECTORY_BUCKETS; i++) {
        for (struct live_peer *peer = live->directory[i]; peer; peer = peer->directory_next) {
            if ((session ? peer->session_id : peer->account_id) == id) {
                peer->ended = code;
            }
        }
    }
    pthread_mutex_unlock(&live->directory_lock);
}
