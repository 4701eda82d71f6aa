#include "features/notify/notices/push.h"

#include "base/settings.h"
#include "features/notify/notices/sample_test.h"
#include "outside/outbound.h"

/* ---- a push service in this program, instead of the real outbound_ask ---- */

struct outbound {
    int status;
    enum err err;
    size_t asked;
    char url[200], recipient[32], headers[OUTBOUND_HEADERS_MAX][700];
    size_t len;
};
static struct outbound service;

enum err outbound_ask(struct call *call, const struct outbound_request *request,
                      struct outbound_answer *ret)
{
    service.asked++;
    snprintf(service.url, sizeof(service.url), "%s", request->url);
    snprintf(service.recipient, sizeof(service.recipient), "%s", request->recipient);
    for (size_t i = 0; i < OUTBOUND_HEADERS_MAX; i++) {
        snprintf(service.headers[i], sizeof(service.headers[i]), "%s",
                 request->headers[i] ? request->headers[i] : "");
    }
    service.len = request->body_len;
    *ret = (struct outbound_answer){.status = service.status, .body = "", .content_type = ""};
    return service.err == OK ? OK : call_fail(call, service.err, "outbound.away");
}

static bool had(const char *header)
{
    for (size_t i = 0; i < OUTBOUND_HEADERS_MAX; i++) {
        if (strncmp(service.headers[i], header, strlen(header)) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- browsers ---- */

#define FCM "https://fcm.googleapis.com/fcm/send/"
#define POINT \
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
#define AUTH "BTBZMqHH6r4Tts7J_aSIgg"

/* Sessions as the world has them, with keys; more of them for Ana. */
static void begin(struct world *w)
{
    char sql[300];
    service = (struct outbound){.status = 201};
    for (int who = ANA; who <= CLEO; who++) {
        int64_t key_id = 0;
        assert_int_equal(keys_take(w->keys, &key_id), OK);
        snprintf(sql, sizeof(sql), "UPDATE account SET key_id = %lld WHERE id = %d",
                 (long long)key_id, who);
        world_script(w, sql);
        snprintf(sql, sizeof(sql),
                 "INSERT INTO session (id, account_id, token_hash, remember, device, country,"
                 " created_at_ms, used_at_ms, ends_at_ms, proof, proved_at_ms) VALUES (%d, %d,"
                 " CAST('%d' AS %s), 1, 'd', 'ID', 0, 0, 0, 0, 0)",
                 1000 + who, who, who, w->store.pg ? "bytea" : "blob");
        world_script(w, sql);
    }
}

static int subscribe(struct world *w, int who, const char *endpoint, const char *point,
                     const char *auth)
{
    char json[1600];
    snprintf(json, sizeof(json), "{\"endpoint\":\"%s\",\"p256dh\":\"%s\",\"auth\":\"%s\"}",
             endpoint, point, auth);
    return world_send(w, who, "POST", "/api/push", json);
}

static int64_t devices(struct world *w)
{
    return world_count(w, "SELECT COUNT(*) FROM push_device");
}

static void only_listed_services_are_taken(struct world *w)
{
    static const char *const bad[] = {
        "https://example.org/x",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com",
        "https://fcm.googleapis.com@evil.example/x",
        "https://evil.example#.notify.windows.com/x",
        "https://evil.example\\\\.notify.windows.com/x",
        "https://evilfcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://notify.windows.com/x",
        "https://fcm.googleapis.com/a b",
        "http://127.0.0.1:1/x",
        "https://127.0.0.1/x",
        "ftp://fcm.googleapis.com/x",
    };
    static const struct {
        const char *endpoint, *recipient;
    } good[] = {
        {FCM "a:b_c-d", "push_google"},
        {"https://updates.push.services.mozilla.com/wpush/v2/g", "push_mozilla"},
        {"https://web.push.apple.com/Q", "push_apple"},
        {"https://WNS2-by3p.notify.windows.com/w/?token=Bw%2f", "push_microsoft"},
    };
    const struct call call = {.settings = &w->settings};
    begin(w);
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(subscribe(w, ANA, bad[i], POINT, AUTH), 400);
        assert_string_equal(world_code(w), "push.endpoint");
    }
    assert_int_equal(devices(w), 0);
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_int_equal(subscribe(w, ANA, good[i].endpoint, POINT, AUTH), 204);
        assert_string_equal(push_recipient(&call, good[i].endpoint), good[i].recipient);
        assert_int_equal(devices(w), 1); /* one a session */
    }
    char longest[PUSH_ENDPOINT_MAX + 2];
    memset(longest, 'a', sizeof(longest));
    memcpy(longest, FCM, strlen(FCM));
    longest[PUSH_ENDPOINT_MAX] = '\0';
    assert_int_equal(subscribe(w, ANA, longest, POINT, AUTH), 204);
    longest[PUSH_ENDPOINT_MAX] = 'a';
    longest[PUSH_ENDPOINT_MAX + 1] = '\0';
    assert_int_equal(subscribe(w, ANA, longest, POINT, AUTH), 400);
}

static void keys_that_are_none_are_refused(struct world *w)
{
    begin(w);
    assert_int_equal(subscribe(w, ANA, FCM "a", "BCVx", AUTH), 400);
    assert_string_equal(world_code(w), "push.key");
    assert_int_equal(subscribe(w, ANA, FCM "a", POINT "A", AUTH), 400);
    char off[sizeof(POINT)] = POINT;
    off[40] = off[40] == 'A' ? 'B' : 'A';
    assert_int_equal(subscribe(w, ANA, FCM "a", off, AUTH), 400);
    assert_int_equal(subscribe(w, ANA, FCM "a", POINT, "BTBZMqHH6r4Tts7J_aSI"), 400);
    assert_int_equal(subscribe(w, ANA, FCM "a", POINT, AUTH "AA"), 400);
    assert_int_equal(subscribe(w, NOBODY, FCM "a", POINT, AUTH), 401);
    w->authorization = "Bearer token-of-ana";
    assert_int_equal(subscribe(w, NOBODY, FCM "a", POINT, AUTH), 403);
    assert_string_equal(world_code(w), "push.browser");
    w->authorization = NULL;
    assert_int_equal(devices(w), 0);
}

static void a_browser_is_whose_session_it_has(struct world *w)
{
    begin(w);
    assert_int_equal(subscribe(w, ANA, FCM "a", POINT, AUTH), 204);
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/notices", NULL), 200);
    assert_true(world_says(w, "\"here\":true,\"devices\":1"));
    assert_int_equal(subscribe(w, BEN, FCM "a", POINT, AUTH), 204); /* signed in there instead */
    assert_int_equal(world_count(w, "SELECT account_id FROM push_device"), BEN);
    assert_int_equal(world_send(w, ANA, "DELETE", "/api/push", NULL), 204);
    assert_int_equal(devices(w), 1);
    world_script(w, "DELETE FROM session WHERE id = 1002");
    assert_int_equal(devices(w), 0);
    assert_int_equal(subscribe(w, ANA, FCM "a", POINT, AUTH), 204);
    assert_int_equal(world_count(w, w->store.pg
                                        ? "SELECT COUNT(*) FROM push_device WHERE"
                                          " position('googleapis'::bytea in endpoint_ct) > 0"
                                        : "SELECT COUNT(*) FROM push_device WHERE"
                                          " instr(endpoint_ct, 'googleapis') > 0"),
                     0);
    assert_int_equal(world_send(w, ANA, "DELETE", "/api/push", NULL), 204);
    assert_int_equal(devices(w), 0);
}

static void ten_browsers_and_not_one_more(struct world *w)
{
    char sql[400];
    begin(w);
    for (int i = 1; i < PUSH_DEVICES_MAX; i++) {
        snprintf(sql, sizeof(sql),
                 "INSERT INTO session (id, account_id, token_hash, remember, device, country,"
                 " created_at_ms, used_at_ms, ends_at_ms, proof, proved_at_ms) VALUES (%d, 1,"
                 " CAST('s%d' AS %s), 1, 'd', 'ID', 0, 0, 0, 0, 0)",
                 i, i, w->store.pg ? "bytea" : "blob");
        world_script(w, sql);
        snprintf(sql, sizeof(sql),
                 "INSERT INTO push_device (id, account_id, session_id, endpoint_bi, endpoint_ct,"
                 " auth_ct, p256dh, created_ms) SELECT %d, 1, %d, token_hash, token_hash,"
                 " token_hash, token_hash, 0 FROM session WHERE id = %d",
                 i, i, i);
        world_script(w, sql);
    }
    assert_int_equal(subscribe(w, ANA, FCM "a", POINT, AUTH), 204);
    assert_int_equal(subscribe(w, ANA, FCM "b", POINT, AUTH), 204); /* instead of its own */
    world_script(w, "UPDATE push_device SET session_id = 1003 WHERE session_id = 1001");
    assert_int_equal(subscribe(w, ANA, FCM "c", POINT, AUTH), 429);
    assert_string_equal(world_code(w), "push.many");
    assert_int_equal(devices(w), PUSH_DEVICES_MAX);
}

/* ---- the queue ---- */

static enum err lease(struct call *call, void *arg)
{
    return push_lease(call, arg);
}

static enum err settle(struct call *call, void *arg)
{
    return push_settle(call, arg);
}

struct working {
    struct world *w;
    struct lease batch;
    struct push_result results[PUSH_BATCH];
    size_t asked; /* before: it may run twice */
};

/* Leases and sends as the pusher does; the batch's memory lives in the leasing call. */
static enum err lease_and_send(struct call *call, void *arg)
{
    struct working *work = arg;
    char away[PUSH_ORIGIN_MAX] = "";
    service.asked = work->asked;
    work->batch = (struct lease){0};
    TRY(lease(call, &work->batch));
    const struct push_leased *items = work->batch.items.items;
    for (size_t i = 0; i < work->batch.items.count; i++) {
        struct call own = {.arena = call->arena,
                           .keys = work->w->keys,
                           .settings = &work->w->settings,
                           .outbound = &service,
                           .now_ms = work->w->now_ms};
        enum push_end end = push_send(&own, &items[i], away);
        work->results[i] = (struct push_result){items[i].device_id, items[i].notice_id,
                                                items[i].tries, items[i].created_ms, end};
    }
    return OK;
}

/* How many were leased; what became of the last stands in ret_end. */
static size_t turn(struct world *w, enum push_end *ret_end)
{
    struct working work = {.w = w, .asked = service.asked};
    struct push_results results = {0};
    assert_int_equal(world_do(w, ADA, lease_and_send, &work), OK);
    results.lease = work.batch.id;
    results.count = work.batch.items.count;
    memcpy(results.items, work.results, sizeof(results.items));
    if (results.count) {
        *ret_end = results.items[results.count - 1].end;
        assert_int_equal(world_do(w, ADA, settle, &results), OK);
    }
    return results.count;
}

static int64_t waiting(struct world *w)
{
    return world_count(w, "SELECT COUNT(*) FROM push");
}

/* Ana's browser listens, and Ben wrote. */
static void wrote(struct world *w)
{
    begin(w);
    assert_int_equal(subscribe(w, ANA, FCM "a", POINT, AUTH), 204);
    post(w, ANA, "sample.wrote", BEN, "c1");
    assert_int_equal(waiting(w), 1);
    w->now_ms += PUSH_WAIT_MS;
}

static void a_notice_is_pushed_sealed_and_signed_to_the_listed_service_alone(struct world *w)
{
    enum push_end end = PUSH_LATER;
    begin(w);
    assert_int_equal(subscribe(w, ANA, FCM "a", POINT, AUTH), 204);
    post(w, ANA, "sample.wrote", BEN, "c1");
    post(w, CLEO, "sample.wrote", BEN, "c1"); /* who has no browser has no push */
    assert_int_equal(waiting(w), 1);
    assert_int_equal(turn(w, &end), 0); /* it may be read at once */
    w->now_ms += PUSH_WAIT_MS;
    assert_int_equal(turn(w, &end), 1);
    assert_int_equal(end, PUSH_SENT);
    assert_string_equal(service.url, FCM "a");
    assert_string_equal(service.recipient, "push_google");
    assert_int_equal(service.len, PUSH_BODY_MAX);
    assert_true(had("Content-Encoding: aes128gcm") && had("TTL: 86400") && had("Topic: "));
    assert_true(had("Authorization: vapid t=ey"));
    assert_int_equal(waiting(w), 0);
    assert_int_equal(turn(w, &end), 0);
    post(w, ANA, "sample.wrote", BEN, "c1"); /* again: it takes the place of the first */
    assert_int_equal(waiting(w), 1);
}

static void what_was_read_blocked_or_switched_off_meanwhile_is_not_sent(struct world *w)
{
    enum push_end end = PUSH_LATER;
    wrote(w);
    assert_int_equal(world_send(w, ANA, "POST", "/api/notices/read", "{}"), 204);
    assert_int_equal(turn(w, &end), 1);
    assert_int_equal(end, PUSH_DROPPED);
    post(w, ANA, "sample.wrote", BEN, "c2");
    w->now_ms += PUSH_WAIT_MS;
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (2, 1, 1)");
    assert_int_equal(turn(w, &end), 1);
    assert_int_equal(end, PUSH_DROPPED);
    world_script(w, "DELETE FROM block");
    post(w, ANA, "sample.wrote", BEN, "c3");
    post(w, ANA, "sample.asked", BEN, "p");
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/notices/messages", "{\"push\":false}"),
                     204);
    assert_int_equal(waiting(w), 1); /* what waited goes, too */
    post(w, ANA, "sample.wrote", BEN, "c4");
    assert_int_equal(waiting(w), 1);
    world_script(w, "UPDATE account SET state = 'ended' WHERE id = 1");
    w->now_ms += PUSH_WAIT_MS;
    assert_int_equal(turn(w, &end), 1);
    assert_int_equal(end, PUSH_DROPPED);
    assert_int_equal(service.asked, 0);
    assert_int_equal(waiting(w), 0);
}

static void a_browser_that_is_gone_is_forgotten(struct world *w)
{
    static const int gone[] = {404, 410};
    for (size_t i = 0; i < COUNT(gone); i++) {
        enum push_end end = PUSH_LATER;
        if (i == 0) {
            begin(w);
        }
        service.status = gone[i];
        assert_int_equal(subscribe(w, ANA, FCM "a", POINT, AUTH), 204);
        post(w, ANA, "sample.wrote", BEN, "c1");
        w->now_ms += PUSH_WAIT_MS;
        assert_int_equal(turn(w, &end), 1);
        assert_int_equal(end, PUSH_GONE);
        assert_int_equal(devices(w) + waiting(w), 0);
    }
}

static void a_service_in_trouble_is_asked_again_later_each_time(struct world *w)
{
    static const struct {
        int status;
        enum err err;
    } troubles[] = {{429, OK}, {500, OK}, {503, OK}, {0, ERR_BUSY}};
    enum push_end end = PUSH_SENT;
    int64_t waited_ms = 0;
    wrote(w);
    for (int i = 1; i < PUSH_TRIES; i++) {
        service.status = troubles[i % 4].status;
        service.err = troubles[i % 4].err;
        assert_int_equal(turn(w, &end), 1);
        assert_int_equal(end, PUSH_LATER);
        assert_int_equal(turn(w, &end), 0);
        int64_t ms = world_count(w, "SELECT due_ms FROM push") - w->now_ms;
        assert_in_range(ms, 30 * TIME_S, 2 * TIME_H);
        assert_true(i == 1 || ms * 4 > waited_ms);
        waited_ms = ms;
        w->now_ms += ms;
    }
    assert_true(waited_ms >= 30 * TIME_MIN);
    assert_int_equal(turn(w, &end), 1); /* the last try */
    assert_int_equal(waiting(w), 0);
    assert_int_equal(devices(w), 1);
}

static void what_the_service_will_never_take_is_dropped(struct world *w)
{
    static const struct {
        int status;
        enum err err;
    } ends[] = {{400, OK}, {403, OK}, {413, OK}, {302, OK}, {0, ERR_LARGE}, {0, ERR_DENIED}};
    begin(w);
    assert_int_equal(subscribe(w, ANA, FCM "a", POINT, AUTH), 204);
    for (size_t i = 0; i < COUNT(ends); i++) {
        enum push_end end = PUSH_SENT;
        service.status = ends[i].status;
        service.err = ends[i].err;
        post(w, ANA, "sample.wrote", BEN, "c1");
        w->now_ms += PUSH_WAIT_MS;
        assert_int_equal(turn(w, &end), 1);
        assert_int_equal(end, PUSH_DROPPED);
        assert_int_equal(waiting(w), 0);
    }
    assert_int_equal(devices(w), 1);
}

static void who_does_not_answer_is_asked_once_a_batch(struct world *w)
{
    enum push_end end = PUSH_SENT;
    wrote(w);
    post(w, ANA, "sample.wrote", BEN, "c2");
    post(w, ANA, "sample.wrote", BEN, "c3");
    w->now_ms += PUSH_WAIT_MS;
    service.err = ERR_BUSY;
    assert_int_equal(turn(w, &end), 3);
    assert_int_equal(end, PUSH_LATER);
    assert_int_equal(service.asked, 1);
    assert_int_equal(waiting(w), 3);
}

static void a_lease_that_ended_is_taken_again_and_settles_nothing(struct world *w)
{
    struct lease one = {0};
    enum push_end end = PUSH_LATER;
    wrote(w);
    assert_int_equal(world_do(w, ADA, lease, &one), OK);
    assert_int_equal(one.items.count, 1);
    assert_int_equal(turn(w, &end), 0);
    struct push_results late = {.lease = one.id, .count = 1};
    late.items[0] = (struct push_result){
        .device_id = world_count(w, "SELECT device_id FROM push"),
        .notice_id = world_count(w, "SELECT notice_id FROM push"),
        .end = PUSH_GONE,
    };
    w->now_ms += PUSH_LEASE_MS;
    struct lease two = {0};
    assert_int_equal(world_do(w, ADA, lease, &two), OK);
    assert_int_equal(two.items.count, 1);
    assert_int_equal(world_do(w, ADA, settle, &late), OK);
    assert_int_equal(devices(w), 1);
    assert_int_equal(waiting(w), 1);
}

static void quiet(struct world *w, int64_t from, int64_t to, const char *zone)
{
    char json[256];
    snprintf(json, sizeof(json),
             "{\"digest\":\"soon\",\"names\":true,\"quiet\":true,\"quiet_from\":%d,"
             "\"quiet_to\":%d,\"zone\":\"%s\"}",
             (int)from, (int)to, zone);
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/notices", json), 204);
}

static void in_quiet_hours_nothing_is_pushed_but_what_one_asks_for(struct world *w)
{
    enum push_end end = PUSH_SENT;
    wrote(w); /* 15 January 2027, 08:00 UTC; 15:00 in Jakarta */
    quiet(w, 15 * 60, 16 * 60, "Asia/Jakarta");
    assert_int_equal(turn(w, &end), 1);
    assert_int_equal(end, PUSH_DROPPED);
    assert_int_equal(world_send(w, ANA, "POST", "/api/push/test", NULL), 202);
    assert_int_equal(turn(w, &end), 1);
    assert_int_equal(end, PUSH_SENT);
    assert_int_equal(world_send(w, BEN, "POST", "/api/push/test", NULL), 404);
    assert_string_equal(world_code(w), "push.none");
}

static void the_sites_key_stays_the_same(struct world *w)
{
    char first[PUSH_KEY_TEXT];
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/push/key", NULL), 401);
    assert_int_equal(world_send(w, ANA, "GET", "/api/push/key", NULL), 200);
    snprintf(first, sizeof(first), "%s", world_field(w, "key"));
    assert_int_equal(strlen(first), PUSH_KEY_TEXT - 1);
    assert_int_equal(world_send(w, BEN, "GET", "/api/push/key", NULL), 200);
    assert_string_equal(world_field(w, "key"), first);
}

int main(void)
{
    static const struct feature *const list[] = {&notices_feature, &mail_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(only_listed_services_are_taken),
        WORLD_TEST(keys_that_are_none_are_refused),
        WORLD_TEST(a_browser_is_whose_session_it_has),
        WORLD_TEST(ten_browsers_and_not_one_more),
        WORLD_TEST(a_notice_is_pushed_sealed_and_signed_to_the_listed_service_alone),
        WORLD_TEST(what_was_read_blocked_or_switched_off_meanwhile_is_not_sent),
        WORLD_TEST(a_browser_that_is_gone_is_forgotten),
        WORLD_TEST(a_service_in_trouble_is_asked_again_later_each_time),
        WORLD_TEST(what_the_service_will_never_take_is_dropped),
        WORLD_TEST(who_does_not_answer_is_asked_once_a_batch),
        WORLD_TEST(a_lease_that_ended_is_taken_again_and_settles_nothing),
        WORLD_TEST(in_quiet_hours_nothing_is_pushed_but_what_one_asks_for),
        WORLD_TEST(the_sites_key_stays_the_same),
    };
    const struct world_options options = {.features = list, .outbound = &service};
    return world_run(&options, tests, COUNT(tests));
}
