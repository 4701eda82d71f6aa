#include "server/postman.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/time.h"
#include "features/mail/mail_outbox.h"
#include "privacy/relay.h"
#include "server/home.h"

enum {
    BATCH_BYTES = 64 * 1024 * 1024, /* of a hundred mails at their largest */
    MAIL_BYTES = 4 * 1024 * 1024,   /* while one is written */
    REST_MAX_MS = 5 * 60 * 1000,
    LOOK_MS = 30 * 1000, /* an event that was missed */
};

struct postman {
    struct api *api;
    struct keys *keys;
    const struct settings *settings;
    struct relay *relay;
    pthread_t thread;
    struct arena *batch_arena,
        *mail_arena; /* the thread's; the batch's also `leased`, in between */
    struct mail_batch batch;
    const struct mail_batch *leased; /* the call's, while it lasts */
    struct relay_mail mails[MAIL_BATCH];
    int failures; /* of the relay, one after the other */
    bool down, started;
    bool held; /* something was leased since the start */

    pthread_mutex_t lock; /* holds the rest */
    pthread_cond_t change;
    bool woken, answered;
    enum err err;
    atomic_bool stop;
    atomic_uint_fast64_t sent, later, bounced, dead, dropped;
};

/* ---- asking the api ---- */

static const uint8_t *copy(struct arena *arena, const uint8_t *bytes, size_t len)
{
    return bytes ? (const uint8_t *)arena_text(arena, (const char *)bytes, len) : NULL;
}

static const char *copy_text(struct arena *arena, const char *text)
{
    return text ? arena_text(arena, text, strlen(text)) : NULL;
}

/* The call's memory dies when this returns.  What does not fit is leased again, later. */
static enum err keep_batch(void *arg)
{
    struct postman *postman = arg;
    const struct mail_batch *batch = postman->leased;
    struct arena *arena = postman->batch_arena;
    const struct mail_leased *from = batch->items.items;
    struct mail_leased *to = arena_alloc(arena, (batch->items.count + 1) * sizeof(*to));
    for (size_t i = 0; i < batch->items.count; i++) {
        to[i] = from[i];
        to[i].kind = copy_text(arena, from[i].kind);
        to[i].topic = copy_text(arena, from[i].topic);
        to[i].language = copy_text(arena, from[i].language);
        to[i].public_id = copy_text(arena, from[i].public_id);
        to[i].to = copy(arena, from[i].to, from[i].to_len);
        to[i].words = copy(arena, from[i].words, from[i].words_len);
    }
    postman->batch = *batch;
    postman->batch.items.items = to;
    return OK;
}

static void answered(void *owner, enum err err, const struct call *call UNUSED, const void *out)
{
    struct postman *postman = owner;
    postman->leased = out;
    if (err == OK && out) {
        postman->batch.lease = postman->leased->lease;
        err = arena_run(postman->batch_arena, keep_batch, postman);
    }
    pthread_mutex_lock(&postman->lock);
    postman->err = err;
    postman->answered = true;
    pthread_cond_broadcast(&postman->change);
    pthread_mutex_unlock(&postman->lock);
}

static enum err lease(struct postman *postman)
{
    const struct mail_wish wish = {.first = !postman->held};
    const struct api_inner inner = {.route = &mail_lease_route,
                                    .in = &wish,
                                    .in_size = sizeof(wish),
                                    .out_size = sizeof(struct mail_batch),
                                    .owner = postman,
                                    .done = answered};
    arena_reset(postman->batch_arena);
    postman->batch = (struct mail_batch){.wait_ms = -1};
    postman->answered = false;
    TRY(api_inner(postman->api, &inner));
    pthread_mutex_lock(&postman->lock);
    while (!postman->answered) {
        pthread_cond_wait(&postman->change, &postman->lock);
    }
    pthread_mutex_unlock(&postman->lock);
    postman->held = postman->held || postman->batch.lease != 0;
    return postman->err;
}

/* It was leased, but there is no memory for it: at once it waits again, not when its lease ends. */
static void give_back(struct postman *postman, int64_t lease)
{
    const struct mail_results none = {.lease = lease, .last = true};
    const char *code = NULL;
    if (api_wait(postman->api, &mail_settle_route, &none, sizeof(none), NULL, 0, &code) != OK) {
        log_line(LOG_WARN, "mail", "a lease was not given back", LOG_N(LOG_COUNT, 1));
    }
}

static void count(struct postman *postman, enum mail_end end)
{
    switch (end) {
    case MAIL_SENT:
        atomic_fetch_add(&postman->sent, 1);
        return;
    case MAIL_LATER:
        atomic_fetch_add(&postman->later, 1);
        return;
    case MAIL_BOUNCED:
        atomic_fetch_add(&postman->bounced, 1);
        return;
    case MAIL_DEAD:
        atomic_fetch_add(&postman->dead, 1);
        return;
    case MAIL_DROPPED:
        atomic_fetch_add(&postman->dropped, 1);
        return;
    case MAIL_UNTRIED:
        return;
    }
}

/* In as many calls as the limit on a call's statements makes of them. */
static void settle(struct postman *postman, struct mail_result *results, size_t total)
{
    struct mail_results part = {.lease = postman->batch.lease};
    size_t others = 0;
    for (size_t i = 0; i <= total; i++) {
        bool other = i < total && results[i].end != MAIL_SENT && results[i].end != MAIL_UNTRIED;
        if (i == total || (other && others == MAIL_OTHERS)) {
            const char *code = NULL;
            part.last = i == total;
            /* When even this fails the lease ends by itself; some may go twice then. */
            if (api_wait(postman->api, &mail_settle_route, &part, sizeof(part), NULL, 0, &code) !=
                OK) {
                log_line(LOG_WARN, "mail", "results not written down",
                         LOG_N(LOG_COUNT, (int64_t)part.count));
            }
            part.count = others = 0;
        }
        if (i < total && results[i].end != MAIL_UNTRIED) {
            part.items[part.count++] = results[i];
            others += other;
            count(postman, results[i].end);
        }
    }
}

/* ---- a batch ---- */

struct writing {
    struct call call;
    struct arena *batch_arena;
    const struct mail_leased *leased;
    struct mail_letter letter;
    struct relay_mail *mail;
};

static enum err copy_letter(void *arg)
{
    const struct writing *one = arg;
    struct arena *arena = one->batch_arena;
    *one->mail =
        (struct relay_mail){.from = copy_text(arena, one->letter.from),
                            .to = copy_text(arena, one->letter.to),
                            .message = arena_text(arena, one->letter.message, one->letter.len),
                            .len = one->letter.len};
    return OK;
}

static enum err write_letter(void *arg)
{
    struct writing *one = arg;
    return mail_write(&one->call, one->leased, &one->letter);
}

/*
 * Written out, or why not; its bytes are in the batch's arena.  One that is too large for the
 * memory it may take will not become smaller; where the machine has none it goes later.
 */
static bool write_one(struct postman *postman, const struct mail_leased *leased,
                      struct relay_mail *ret, struct mail_result *result)
{
    struct writing one = {.call = {.arena = postman->mail_arena,
                                   .keys = postman->keys,
                                   .settings = postman->settings,
                                   .now_ms = home_now_ms()},
                          .batch_arena = postman->batch_arena,
                          .leased = leased,
                          .mail = ret};
    *result = (struct mail_result){.id = leased->id, .end = MAIL_DROPPED};
    arena_reset(postman->mail_arena);
    if (leased->drop) {
        snprintf(result->why, sizeof(result->why), "%s", leased->drop);
        return false;
    }
    enum err err = arena_run(postman->mail_arena, write_letter, &one);
    if (err == OK && arena_run(postman->batch_arena, copy_letter, &one) != OK) {
        err = ERR_BUSY;
    }
    if (err != OK) {
        result->end = err == ERR_BUSY ? MAIL_LATER : err == ERR_MISSING ? MAIL_DROPPED : MAIL_DEAD;
        snprintf(result->why, sizeof(result->why), "%s",
                 arena_ran_out(postman->mail_arena) || !one.call.fail_code ? "memory"
                                                                           : one.call.fail_code);
        return false;
    }
    return true;
}

static enum mail_end end_of(enum relay_end end)
{
    switch (end) {
    case RELAY_SENT:
        return MAIL_SENT;
    case RELAY_LATER:
        return MAIL_LATER;
    case RELAY_REFUSED:
        return MAIL_DEAD;
    case RELAY_NOBODY:
        return MAIL_BOUNCED;
    case RELAY_UNTRIED:
        return MAIL_UNTRIED;
    }
    return MAIL_UNTRIED;
}

static void tell_relay(struct postman *postman, bool reached, const char *why)
{
    if (!reached && !postman->down) {
        log_line(LOG_WARN, "mail", "the relay is out of reach; mail waits", LOG_T(LOG_WHY, why));
    } else if (reached && postman->down) {
        log_line(LOG_INFO, "mail", "the relay takes mail again", LOG_N(LOG_COUNT, 1));
    }
    postman->down = !reached;
    postman->failures = reached ? 0 : MIN(postman->failures + 1, 16);
}

static void send_batch(struct postman *postman)
{
    const struct mail_leased *items = postman->batch.items.items;
    struct mail_result results[MAIL_BATCH];
    size_t total = MIN(postman->batch.items.count, COUNT(results)), ready = 0;
    size_t places[MAIL_BATCH] = {0};
    char why[RELAY_WHY_MAX];
    for (size_t i = 0; i < total; i++) {
        if (write_one(postman, &items[i], &postman->mails[ready], &results[i])) {
            places[ready++] = i;
        }
    }
    bool reached = relay_send(postman->relay, postman->mails, ready, &postman->stop, why);
    for (size_t i = 0; i < ready; i++) {
        struct mail_result *result = &results[places[i]];
        result->end = end_of(postman->mails[i].end);
        snprintf(result->why, sizeof(result->why), "%s", postman->mails[i].why);
    }
    settle(postman, results, total);
    tell_relay(postman, reached, why);
}

/* ---- the thread ---- */

/* Twelve rests make up for a retry: a short outage is over soon, a long one asks for patience. */
static int64_t rest_ms(const struct postman *postman)
{
    int64_t ms = mail_settings(postman->settings)->mail_retry_s * TIME_S / 12
                 << (postman->failures - 1);
    return MIN(MAX(ms, 100), REST_MAX_MS);
}

/* `wakeable`: something new ends the wait. */
static void wait_for(struct postman *postman, int64_t ms, bool wakeable)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&postman->lock);
    while (!atomic_load(&postman->stop) && !(wakeable && postman->woken) &&
           pthread_cond_timedwait(&postman->change, &postman->lock, &until) == 0) {
    }
    postman->woken = false;
    pthread_mutex_unlock(&postman->lock);
}

/* How long to rest after it; 0: there is more.  After a failure of the relay nothing wakes it. */
static int64_t turn(struct postman *postman, bool *ret_wakeable)
{
    enum err err = lease(postman);
    *ret_wakeable = true;
    if (err == OK && postman->batch.items.count > 0) {
        send_batch(postman);
        *ret_wakeable = false;
        return postman->failures > 0 ? rest_ms(postman) : 0;
    }
    if (err != OK && postman->batch.lease) {
        give_back(postman, postman->batch.lease);
    }
    int64_t next_ms = err == OK ? postman->batch.wait_ms : TIME_S;
    return next_ms < 0 ? LOOK_MS : MIN(MAX(next_ms, 10), LOOK_MS);
}

int64_t postman_turn(struct postman *postman)
{
    bool wakeable = false;
    return turn(postman, &wakeable);
}

static void *run(void *arg)
{
    struct postman *postman = arg;
    while (!atomic_load(&postman->stop)) {
        bool wakeable = false;
        int64_t ms = turn(postman, &wakeable);
        if (ms > 0) {
            wait_for(postman, ms, wakeable);
        }
    }
    return NULL;
}

enum err postman_new(struct keys *keys, const struct settings *settings, struct postman **ret,
                     char ret_why[256])
{
    *ret = NULL;
    if (!settings->smtp_url || !*settings->smtp_url) {
        return OK;
    }
    struct relay *relay = NULL;
    if (relay_new(settings, &relay) != OK) {
        snprintf(ret_why, 256, "smtp_url must read smtp://user:password@host:587 or smtps://…:465");
        return ERR_INVALID;
    }
    struct postman *postman = calloc(1, sizeof(*postman));
    pthread_condattr_t attr;
    ASSERT_START(postman);
    postman->keys = keys;
    postman->settings = settings;
    postman->relay = relay;
    postman->batch_arena = arena_new(BATCH_BYTES);
    postman->mail_arena = arena_new(MAIL_BYTES);
    ASSERT_START(postman->batch_arena && postman->mail_arena);
    pthread_mutex_init(&postman->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&postman->change, &attr);
    pthread_condattr_destroy(&attr);
    *ret = postman;
    return OK;
}

void postman_attach(struct postman *postman, struct api *api)
{
    postman->api = api;
}

void postman_start(struct postman *postman, struct api *api)
{
    if (postman) {
        postman_attach(postman, api);
        postman->started = pthread_create(&postman->thread, NULL, run, postman) == 0;
        ASSERT_START(postman->started);
    }
}

void postman_wake(struct postman *postman)
{
    if (postman) {
        pthread_mutex_lock(&postman->lock);
        postman->woken = true;
        pthread_cond_broadcast(&postman->change);
        pthread_mutex_unlock(&postman->lock);
    }
}

void postman_stop(struct postman *postman)
{
    if (postman && postman->started) {
        atomic_store(&postman->stop, true);
        postman_wake(postman);
        pthread_join(postman->thread, NULL);
        postman->started = false;
    }
}

void postman_free(struct postman *postman)
{
    if (!postman) {
        return;
    }
    postman_stop(postman);
    relay_free(postman->relay);
    arena_free(postman->batch_arena);
    arena_free(postman->mail_arena);
    pthread_cond_destroy(&postman->change);
    pthread_mutex_destroy(&postman->lock);
    free(postman);
}

void postman_metrics(struct postman *postman, struct buf *out)
{
    if (!postman) {
        return;
    }
    const struct {
        const char *end;
        atomic_uint_fast64_t *count;
    } rows[] = {{"sent", &postman->sent},
                {"later", &postman->later},
                {"bounced", &postman->bounced},
                {"dead", &postman->dead},
                {"dropped", &postman->dropped}};
    buf_puts(out, "# TYPE bauta_mail_total counter\n");
    for (size_t i = 0; i < COUNT(rows); i++) {
        buf_printf(out, "bauta_mail_total{end=\"%s\"} %llu\n", rows[i].end,
                   (unsigned long long)atomic_load(rows[i].count));
    }
}
