#include "couriers/postman.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/time.h"
#include "features/notify/mail/mail_outbox.h"
#include "outside/courier.h"
#include "outside/relay.h"

enum {
    BATCH_BYTES = 64 * 1024 * 1024, /* of a hundred mails at their largest */
    MAIL_BYTES = 4 * 1024 * 1024,   /* while one is written */
    REST_MAX_MS = 5 * 60 * 1000,
};

struct postman {
    struct courier *courier;
    struct keys *keys;
    const struct settings *settings;
    struct relay *relay;
    struct relay_mail mails[MAIL_BATCH];
    int failures; /* of the relay, one after the other */
    bool down;
    bool held; /* something was leased since the start */
    atomic_uint_fast64_t sent, later, bounced, dead, dropped;
};

/* ---- leases ---- */

static void wish(void *own, void *ret_wish)
{
    const struct postman *postman = own;
    *(struct mail_wish *)ret_wish = (struct mail_wish){.first = !postman->held};
}

static void keep(struct arena *arena, const struct json_list *from, struct json_list *ret)
{
    struct mail_leased *to = arena_alloc(arena, (from->count + 1) * sizeof(*to));
    for (size_t i = 0; i < from->count; i++) {
        const struct mail_leased *one = (const struct mail_leased *)from->items + i;
        to[i] = *one;
        to[i].kind = courier_text(arena, one->kind);
        to[i].topic = courier_text(arena, one->topic);
        to[i].language = courier_text(arena, one->language);
        to[i].public_id = courier_text(arena, one->public_id);
        to[i].to = courier_sealed(arena, one->to);
        to[i].words = courier_sealed(arena, one->words);
    }
    *ret = (struct json_list){to, from->count};
}

/* At once it waits again, not when its lease ends. */
static void give_back(void *own, int64_t lease)
{
    struct postman *postman = own;
    const struct mail_results none = {.lease = lease, .last = true};
    postman->held = true;
    courier_settle(postman->courier, &mail_settle_route, "mail", &none, 0);
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
static void settle(struct postman *postman, int64_t lease, const struct mail_result *results,
                   size_t total)
{
    struct mail_results part = {.lease = lease};
    size_t others = 0;
    ASSERT_CODE(total <= COUNT(part.items));
    for (size_t i = 0; i <= total; i++) {
        bool other = i < total && results[i].end != MAIL_SENT && results[i].end != MAIL_UNTRIED;
        if (i == total || (other && others == MAIL_OTHERS)) {
            part.last = i == total;
            courier_settle(postman->courier, &mail_settle_route, "mail", &part, part.count);
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
        (struct relay_mail){.from = courier_text(arena, one->letter.from),
                            .to = courier_text(arena, one->letter.to),
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
static bool write_one(struct postman *postman, const struct courier_hand *hand,
                      const struct mail_leased *leased, struct relay_mail *ret,
                      struct mail_result *result)
{
    struct writing one = {.call = {.arena = hand->item_arena,
                                   .keys = postman->keys,
                                   .settings = hand->settings,
                                   .now_ms = time_now_ms()},
                          .batch_arena = hand->batch_arena,
                          .leased = leased,
                          .mail = ret};
    *result = (struct mail_result){.id = leased->id, .end = MAIL_DROPPED};
    arena_reset(hand->item_arena);
    if (leased->drop) {
        snprintf(result->why, sizeof(result->why), "%s", leased->drop);
        return false;
    }
    enum err err = arena_run(hand->item_arena, write_letter, &one);
    if (err == OK && arena_run(hand->batch_arena, copy_letter, &one) != OK) {
        err = ERR_BUSY;
    }
    if (err != OK) {
        result->end = err == ERR_BUSY ? MAIL_LATER : err == ERR_MISSING ? MAIL_DROPPED : MAIL_DEAD;
        snprintf(result->why, sizeof(result->why), "%s",
                 arena_ran_out(hand->item_arena) || !one.call.fail_code ? "memory"
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

/* Twelve rests make up for a retry: a short outage is over soon, a long one asks for patience. */
static int64_t rest_ms(const struct postman *postman)
{
    ASSERT_CODE(postman->failures > 0);
    int64_t ms = mail_settings(postman->settings)->mail_retry_s * TIME_S / 12
                 << (postman->failures - 1);
    return MIN(MAX(ms, 100), REST_MAX_MS);
}

static int64_t send_batch(void *own, struct courier_hand *hand)
{
    struct postman *postman = own;
    const struct mail_leased *items = hand->lease.items.items;
    struct mail_result results[MAIL_BATCH];
    size_t total = MIN(hand->lease.items.count, COUNT(results)), ready = 0;
    size_t places[MAIL_BATCH] = {0};
    char why[RELAY_WHY_MAX];
    postman->held = true;
    for (size_t i = 0; i < total; i++) {
        if (write_one(postman, hand, &items[i], &postman->mails[ready], &results[i])) {
            places[ready++] = i;
        }
    }
    bool reached =
        relay_send(postman->relay, postman->mails, ready, courier_stopping(postman->courier), why);
    for (size_t i = 0; i < ready; i++) {
        struct mail_result *result = &results[places[i]];
        result->end = end_of(postman->mails[i].end);
        snprintf(result->why, sizeof(result->why), "%s", postman->mails[i].why);
    }
    settle(postman, hand->lease.id, results, total);
    tell_relay(postman, reached, why);
    return postman->failures > 0 ? rest_ms(postman) : 0;
}

/* ---- its life ---- */

static const struct courier_kind kind = {.lease = &mail_lease_route,
                                         .hands = 1,
                                         .full = MAIL_BATCH,
                                         .batch_bytes = BATCH_BYTES,
                                         .item_bytes = MAIL_BYTES,
                                         .wish = wish,
                                         .keep = keep,
                                         .send = send_batch,
                                         .give_back = give_back};

int64_t postman_turn(struct postman *postman)
{
    return courier_turn(postman->courier);
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
    ASSERT_START(postman);
    postman->keys = keys;
    postman->settings = settings;
    postman->relay = relay;
    postman->courier = courier_new(&kind, settings, postman);
    *ret = postman;
    return OK;
}

void postman_attach(struct postman *postman, struct api *api)
{
    courier_attach(postman->courier, api);
}

void postman_start(struct postman *postman, struct api *api)
{
    if (postman) {
        courier_start(postman->courier, api);
    }
}

void postman_wake(struct postman *postman)
{
    courier_wake(postman ? postman->courier : NULL);
}

void postman_stop(struct postman *postman)
{
    courier_stop(postman ? postman->courier : NULL);
}

void postman_free(struct postman *postman)
{
    if (postman) {
        courier_free(postman->courier);
        relay_free(postman->relay);
        free(postman);
    }
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
