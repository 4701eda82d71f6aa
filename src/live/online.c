#include <stdlib.h>
#include <string.h>

#include "live/live_inner.h"

/*
 * Who is online, and telling friends of it.  What lists say and what friends are told is one
 * and the same (`shown`), so that neither is ahead of the other; and nobody is shown before
 * the store has said that they may be.
 */

static struct online **find(struct live *live, int64_t account_id)
{
    struct online **at = &live->online[account_bucket(account_id)];
    while (*at && (*at)->account_id != account_id) {
        at = &(*at)->next;
    }
    return at;
}

static void look_at(struct live *live, struct online *one, int64_t due_ms)
{
    one->due_ms = due_ms;
    if (!one->due) {
        one->due = true;
        one->due_next = NULL;
        *live->due_end = one;
        live->due_end = &one->due_next;
    }
}

static bool is_there(const struct online *one, int64_t now_ms)
{
    return one->sockets > 0 || now_ms < one->until_ms;
}

void online_come(struct live_peer *peer)
{
    struct live *live = peer->reactor->live;
    int64_t now_ms = peer->reactor->steady_ms;
    pthread_mutex_lock(&live->online_lock);
    struct online **at = find(live, peer->account_id);
    if (!*at && (*at = heap_new(sizeof(**at)))) {
        (*at)->account_id = peer->account_id;
    }
    struct online *one = *at;
    peer->counted = one; /* else there is no memory, and nobody sees this socket */
    if (one && one->sockets++ == 0 && !one->shown) {
        int64_t again_ms = one->told_ms ? one->told_ms + ONLINE_AGAIN_MS : 0;
        look_at(live, one, MAX(now_ms + ONLINE_QUIET_MS, again_ms));
    }
    pthread_mutex_unlock(&live->online_lock);
}

void online_go(struct live_peer *peer)
{
    struct live *live = peer->reactor->live;
    int64_t now_ms = peer->reactor->steady_ms;
    pthread_mutex_lock(&live->online_lock);
    struct online *one = *find(live, peer->account_id);
    if (peer->counted && one && one->sockets > 0 && --one->sockets == 0) {
        one->until_ms = peer->over ? now_ms : now_ms + HOLD_MS;
        look_at(live, one, MAX(one->until_ms, now_ms + ONLINE_QUIET_MS));
    }
    pthread_mutex_unlock(&live->online_lock);
}

void online_changed(struct live *live, int64_t account_id, bool force)
{
    pthread_mutex_lock(&live->online_lock);
    struct online *one = *find(live, account_id);
    if (one && one->asked) {
        one->again = true; /* the answer under way may be older than the change */
    } else if (one && force) {
        one->force = true;
        look_at(live, one, 0);
    }
    pthread_mutex_unlock(&live->online_lock);
}

void live_online(void *ctx, const int64_t *ids, size_t count, bool *ret)
{
    struct live *live = ctx;
    pthread_mutex_lock(&live->online_lock);
    for (size_t i = 0; i < count; i++) {
        const struct online *one = *find(live, ids[i]);
        ret[i] = one && one->shown;
    }
    pthread_mutex_unlock(&live->online_lock);
}

/* Forgotten when there is nothing to remember: not even when it went. */
static void forget(struct live *live, struct online *one, int64_t now_ms)
{
    if (is_there(one, now_ms) || one->shown || one->due || one->asked) {
        return;
    }
    if (one->told_ms && now_ms < one->told_ms + ONLINE_AGAIN_MS) {
        look_at(live, one, one->told_ms + ONLINE_AGAIN_MS);
        return;
    }
    ASSERT_CODE(one->sockets == 0);
    *find(live, one->account_id) = one->next;
    free(one);
}

/* Takes from those who are due as many as one question holds; who is as shown needs none. */
static void collect(struct live *live, int64_t now_ms, struct live_know_in *in)
{
    struct online *list = live->due;
    live->due = NULL;
    live->due_end = &live->due;
    for (struct online *one = list, *next = NULL; one; one = next) {
        next = one->due_next;
        one->due = false;
        bool ask_about = one->force || is_there(one, now_ms) != one->shown;
        if (now_ms < one->due_ms || (ask_about && in->count == LIVE_KNOW_MAX)) {
            look_at(live, one, one->due_ms);
        } else if (ask_about) {
            one->asked = true;
            one->force = one->again = false;
            in->ids[in->count++] = one->account_id;
        } else {
            forget(live, one, now_ms);
        }
    }
}

static void ask_next(struct reactor *reactor)
{
    struct live *live = reactor->live;
    pthread_mutex_lock(&live->online_lock);
    bool idle = live->knowing || !live->due;
    pthread_mutex_unlock(&live->online_lock);
    if (idle || atomic_load(&live->draining)) {
        return;
    }
    struct live_ask *ask = ask_new(reactor, LIVE_KNOW);
    if (!ask) {
        return; /* the next tick tries again */
    }
    pthread_mutex_lock(&live->online_lock);
    collect(live, reactor->steady_ms, &ask->in.know);
    live->knowing = ask->in.know.count > 0;
    pthread_mutex_unlock(&live->online_lock);
    if (ask->in.know.count == 0) {
        ask_free(ask);
    } else if (live->options.ask(live->options.ask_ctx, ask) != OK) {
        ask->err = ERR_BUSY;
        online_answer(reactor, ask);
    }
}

/* One reactor does it for all. */
void online_tick(struct reactor *reactor)
{
    if (reactor->number == 0 && reactor->ticks % ONLINE_TICKS == 0) {
        ask_next(reactor);
    }
}

/* ---- telling ---- */

struct telling {
    struct reactor *reactor;
    const struct live_known *known;
    bool online;
};

/* One post a reactor, with all who have a socket there. */
static enum err tell_each(void *arg)
{
    const struct telling *telling = arg;
    struct reactor *reactor = telling->reactor;
    const struct live_known *known = telling->known;
    struct live *live = reactor->live;
    struct buf json = {.arena = reactor->scratch};
    struct out_presence presence = {known->public_id, telling->online};
    uint64_t *where = arena_alloc(reactor->scratch, (known->friends_count + 1) * sizeof(*where));
    wire_write(&json, OUT_PRESENCE, &presence);
    for (size_t k = 0; k < known->friends_count; k++) {
        where[k] = directory_where(live, known->friend_ids[k]);
    }
    for (int i = 0; i < live->options.reactors; i++) {
        size_t count = 0;
        for (size_t k = 0; k < known->friends_count; k++) {
            count += where[k] >> i & 1;
        }
        if (count == 0) {
            continue;
        }
        size_t text = (json.len + sizeof(int64_t)) / sizeof(int64_t) * sizeof(int64_t);
        struct post *post = heap_new(sizeof(*post) + text + count * sizeof(int64_t));
        if (!post) {
            return ERR_BUSY;
        }
        post->kind = POST_PRESENCE;
        memcpy(post->json, json.at, json.len);
        post->ids = (int64_t *)(void *)(post->json + text);
        for (size_t k = 0; k < known->friends_count; k++) {
            if (where[k] >> i & 1) {
                post->ids[post->ids_count++] = known->friend_ids[k];
            }
        }
        post_put(&live->reactors[i], post, false);
    }
    return OK;
}

/* Where there is no memory for it they are told that they have missed something. */
static void tell_friends(struct reactor *reactor, const struct live_known *known, bool online)
{
    struct live *live = reactor->live;
    struct arena_mark mark = arena_mark(reactor->scratch);
    struct telling telling = {reactor, known, online};
    enum err err = arena_run(reactor->scratch, tell_each, &telling);
    arena_rewind(reactor->scratch, mark);
    for (int i = 0; err != OK && i < live->options.reactors; i++) {
        for (size_t k = 0; k < known->friends_count; k++) {
            directory_missed(live, &live->reactors[i], known->friend_ids[k]);
        }
    }
}

void online_told(struct reactor *reactor, const struct post *post)
{
    const struct live_link *link = &reactor->live->options.link;
    struct live_frame *frame = NULL;
    for (size_t i = 0; i < post->ids_count; i++) {
        directory_send(reactor, post->ids[i], post->json, &frame);
    }
    link->drop(link->ctx, frame);
}

static const struct live_known *known_of(const struct live_ask *ask, int64_t account_id)
{
    const struct live_know_out *out = ask->out;
    for (size_t i = 0; ask->err == OK && i < out->count; i++) {
        if (out->known[i].account_id == account_id) {
            return &out->known[i];
        }
    }
    return NULL;
}

/* True when friends are to be told: `ret_online` is what. */
static bool settle(struct live *live, const struct live_ask *ask, struct online *one,
                   const struct live_known *known, int64_t now_ms, bool *ret_online)
{
    one->asked = false;
    if (one->again || ask->err != OK) {
        one->force = true;
        look_at(live, one, one->again ? 0 : now_ms + ONLINE_QUIET_MS);
        one->again = false;
        return false;
    }
    bool online = known && known->visible && is_there(one, now_ms);
    bool changed = online != one->shown;
    one->shown = online;
    one->told_ms = changed && !online ? now_ms : one->told_ms;
    *ret_online = online;
    if (!one->due) {
        forget(live, one, now_ms);
    }
    return changed && known;
}

void online_answer(struct reactor *reactor, struct live_ask *ask)
{
    struct live *live = reactor->live;
    for (size_t i = 0; i < ask->in.know.count; i++) {
        const struct live_known *known = known_of(ask, ask->in.know.ids[i]);
        bool online = false;
        pthread_mutex_lock(&live->online_lock);
        struct online *one = *find(live, ask->in.know.ids[i]);
        bool told = one && settle(live, ask, one, known, reactor->steady_ms, &online);
        pthread_mutex_unlock(&live->online_lock);
        if (told) {
            tell_friends(reactor, known, online);
        }
    }
    bool more = ask->err == OK && ask->in.know.count == LIVE_KNOW_MAX;
    ask_free(ask);
    pthread_mutex_lock(&live->online_lock);
    live->knowing = false;
    pthread_mutex_unlock(&live->online_lock);
    if (more) {
        ask_next(reactor);
    }
}

void online_free(struct live *live)
{
    for (size_t b = 0; b < DIRECTORY_BUCKETS; b++) {
        for (struct online *one = live->online[b], *next = NULL; one; one = next) {
            next = one->next;
            free(one);
        }
    }
    pthread_mutex_destroy(&live->online_lock);
}
