#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/settings.h"
#include "base/time.h"
#include "base/web_link.h"
#include "call/json.h"
#include "features/notify/mail/mail.h"
#include "features/notify/notices/notices_inner.h"
#include "features/notify/notices/push.h"
#include "outside/outbound.h"
#include "privacy/keys.h"

enum { SEND_MS = 5000, ANSWER_MAX = 4096, TTL_S = 24 * 60 * 60, TOKEN_S = 12 * 60 * 60 };
enum { TOPIC_LEN = 32, SCALARS_MAX = 8, HOST_MAX = 100 };

/* ---- where to ---- */

static const struct {
    const char *host, *recipient;
} services[] = {
    {"fcm.googleapis.com", "push_google"},
    {"updates.push.services.mozilla.com", "push_mozilla"},
    {"web.push.apple.com", "push_apple"},
    {"*.notify.windows.com", "push_microsoft"},
};
static const char *const loopback[] = {"127.0.0.1", "localhost"};

/* "*.example.org" stands for every host below it. */
static bool fits(const char *pattern, size_t pattern_len, const char *host, size_t len)
{
    if (pattern_len > 2 && pattern[0] == '*') {
        pattern++;
        pattern_len--;
        return len > pattern_len &&
               strncasecmp(host + len - pattern_len, pattern, pattern_len) == 0;
    }
    return pattern_len == len && strncasecmp(host, pattern, len) == 0;
}

static bool listed(const char *hosts, const char *host, size_t len)
{
    for (const char *at = hosts + strspn(hosts, " "); *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (fits(at, word, host, len)) {
            return true;
        }
        at += word;
    }
    return false;
}

static bool endpoint_read(const char *endpoint, struct web_link *ret)
{
    return strlen(endpoint) <= PUSH_ENDPOINT_MAX && web_link_read(endpoint, ret) &&
           strlen(ret->host) < HOST_MAX && *ret->rest == '/' && !strchr(ret->rest, '#');
}

struct own_settings {
    const char *push_hosts;
};

static const struct setting setting_rows[] = {
    SETTING_TEXT(
        struct own_settings, push_hosts,
        "fcm.googleapis.com updates.push.services.mozilla.com web.push.apple.com "
        "*.notify.windows.com",
        "Push services that members' browsers may name; nothing is sent to others. Each is a "
        "recipient of personal data: keep your privacy notice in step. Empty: no push."),
    {0},
};
const struct setting_group push_setting_group = {setting_rows, sizeof(struct own_settings), NULL};

static const char *hosts_of(const struct call *call)
{
    const struct own_settings *own = settings_own(call->settings, &push_setting_group);
    return own->push_hosts;
}

const char *push_recipient(const struct call *call, const char *endpoint)
{
    struct web_link to;
    if (!endpoint_read(endpoint, &to)) {
        return NULL;
    }
    size_t len = strlen(to.host);
    for (size_t i = 0; call->settings->outbound_loopback && !to.https && i < COUNT(loopback); i++) {
        if (strcmp(loopback[i], to.host) == 0) {
            return "push_other";
        }
    }
    if (!to.https || to.port || !listed(hosts_of(call), to.host, len)) {
        return NULL;
    }
    for (size_t i = 0; i < COUNT(services); i++) {
        if (fits(services[i].host, strlen(services[i].host), to.host, len)) {
            return services[i].recipient;
        }
    }
    return "push_other";
}

/* ---- who we are: RFC 8292 ---- */

/* From the key store, so that it is in no database and the same in every server of the site. */
static enum err site_key(struct call *call, uint8_t ret_scalar[PUSH_SCALAR],
                         uint8_t ret_point[PUSH_POINT])
{
    for (int i = 0; i < SCALARS_MAX; i++) { /* one in 2^32 is no scalar */
        TRY(keys_blind(call, "push.vapid", arena_printf(call->arena, "%d", i), ret_scalar));
        if (push_public(ret_scalar, ret_point) == OK) {
            return OK;
        }
    }
    return ERR_BROKEN;
}

enum err push_key(struct call *call, char ret[PUSH_KEY_TEXT])
{
    uint8_t scalar[PUSH_SCALAR], point[PUSH_POINT];
    ASSERT_CODE(!call->tx);
    TRY(site_key(call, scalar, point));
    crypto_wipe(scalar, sizeof(scalar));
    crypto_base64url(point, PUSH_POINT, ret);
    return OK;
}

static const char *base64(struct call *call, const void *bytes, size_t len)
{
    char *text = arena_alloc(call->arena, (len + 2) / 3 * 4 + 1);
    crypto_base64url(bytes, len, text);
    return text;
}

/* A signed note for this push service alone, good for half a day. */
static enum err authorization(struct call *call, const char *origin, const char **ret)
{
    static const char head[] = "{\"typ\":\"JWT\",\"alg\":\"ES256\"}";
    uint8_t scalar[PUSH_SCALAR], point[PUSH_POINT], signature[2 * PUSH_SCALAR];
    const char *mail = call->settings->contact_email;
    struct buf claims = {.arena = call->arena};
    buf_puts(&claims, "{\"aud\":");
    json_write_text(&claims, origin);
    buf_printf(&claims, ",\"exp\":%" PRId64 ",\"sub\":", call->now_ms / TIME_S + TOKEN_S);
    json_write_text(&claims, mail && *mail ? arena_printf(call->arena, "mailto:%s", mail)
                                           : mail_link(call, "/"));
    buf_puts(&claims, "}");
    const char *note = arena_printf(call->arena, "%s.%s", base64(call, head, sizeof(head) - 1),
                                    base64(call, claims.at, claims.len));
    TRY(site_key(call, scalar, point));
    enum err err = push_sign(scalar, note, signature);
    crypto_wipe(scalar, sizeof(scalar));
    TRY(err);
    *ret = arena_printf(call->arena, "Authorization: vapid t=%s.%s, k=%s", note,
                        base64(call, signature, sizeof(signature)),
                        base64(call, point, sizeof(point)));
    return OK;
}

/* ---- what is said ---- */

static const char *shortened(struct call *call, const char *text, size_t most)
{
    size_t points = 0, at = 0;
    for (; text[at] && points <= most; at++) {
        points += ((unsigned char)text[at] & 0xc0) != 0x80;
    }
    if (!text[at]) {
        return text;
    }
    return arena_printf(call->arena, "%.*s…", (int)at - 1, text);
}

/* The same for the same thing: a newer one takes the place of the older, there and on screen. */
static enum err tag(struct call *call, const struct push_leased *leased, char ret[TOPIC_LEN + 1])
{
    uint8_t hash[HASH_BYTES];
    char text[2 * HASH_BYTES];
    TRY(keys_blind(call, "push.topic",
                   arena_printf(call->arena, "%" PRId64 " %s %s", leased->account_id, leased->kind,
                                leased->target),
                   hash));
    crypto_base64url(hash, sizeof(hash), text);
    memcpy(ret, text, TOPIC_LEN);
    ret[TOPIC_LEN] = '\0';
    return OK;
}

static const char *payload(struct call *call, const struct push_leased *leased, const char *mark)
{
    const char *name = leased->choice.names ? leased->name : NULL;
    struct buf json = {.arena = call->arena};
    buf_puts(&json, "{\"title\":");
    json_write_text(&json, shortened(call, call->settings->site_name, PUSH_TITLE_POINTS));
    buf_puts(&json, ",\"text\":");
    const char *text = notices_text(call, leased->language, leased->kind, name, leased->count);
    json_write_text(&json, shortened(call, text, PUSH_TEXT_POINTS));
    buf_puts(&json, ",\"path\":");
    json_write_text(&json, notices_path(call, leased->kind, leased->target));
    buf_printf(&json, ",\"tag\":\"%s\",\"language\":\"%s\"%s}", mark, leased->language,
               leased->topic ? "" : ",\"always\":true");
    return json.at;
}

/* ---- sending ---- */

struct sending {
    const char *endpoint, *recipient, *origin, *authorization;
    char tag[TOPIC_LEN + 1];
    uint8_t body[PUSH_BODY_MAX];
    size_t len;
};

/* Always of one length: how long a name is, is not the service's business. */
static enum err encrypt(struct call *call, const struct push_leased *leased, const char *text,
                        struct sending *ret)
{
    uint8_t scalar[PUSH_SCALAR], salt[PUSH_SALT];
    const char *auth = NULL;
    size_t len = strlen(text);
    if (len > PUSH_TEXT_MAX || leased->point_len != PUSH_POINT ||
        leased->auth.len != PUSH_AUTH + SEAL_EXTRA) {
        return ERR_INVALID;
    }
    TRY(sealed_open(call, leased->auth, "push_device.auth_ct", &auth));
    TRY(push_scalar(scalar));
    crypto_random(salt, sizeof(salt));
    const struct push_browser browser = {leased->point, (const uint8_t *)auth};
    const struct push_text padded = {text, len, PUSH_TEXT_MAX - len};
    enum err err = push_encrypt(scalar, salt, &browser, &padded, ret->body, &ret->len);
    crypto_wipe(scalar, sizeof(scalar));
    return err;
}

static enum err write_one(struct call *call, const struct push_leased *leased, struct sending *ret)
{
    TRY(sealed_open(call, leased->endpoint, "push_device.endpoint_ct", &ret->endpoint));
    ret->recipient = push_recipient(call, ret->endpoint); /* the list may be another one by now */
    if (!ret->recipient) {
        return ERR_DENIED;
    }
    struct web_link to;
    if (!web_link_read(ret->endpoint, &to)) {
        return ERR_DENIED;
    }
    ret->origin = arena_printf(call->arena, "%s", to.origin);
    TRY(tag(call, leased, ret->tag));
    TRY(encrypt(call, leased, payload(call, leased, ret->tag), ret));
    return authorization(call, ret->origin, &ret->authorization);
}

static enum push_end end_of(int status)
{
    if (status >= 200 && status < 300) {
        return PUSH_SENT;
    }
    return status == 404 || status == 410   ? PUSH_GONE
           : status == 429 || status >= 500 ? PUSH_LATER
                                            : PUSH_DROPPED;
}

enum push_end push_send(struct call *call, const struct push_leased *leased,
                        char away[PUSH_ORIGIN_MAX])
{
    struct sending *sending = arena_alloc(call->arena, sizeof(*sending));
    struct outbound_answer answer = {0};
    ASSERT_CODE(!call->tx);
    if (leased->drop || (leased->topic && notices_quiet_until(&leased->choice, call->now_ms))) {
        return PUSH_DROPPED;
    }
    enum err err = write_one(call, leased, sending);
    if (err != OK) {
        return err == ERR_BUSY ? PUSH_LATER : PUSH_DROPPED;
    }
    if (strcmp(sending->origin, away) == 0) {
        return PUSH_LATER;
    }
    const struct outbound_request request = {
        .recipient = sending->recipient,
        .method = "POST",
        .url = sending->endpoint,
        .headers = {"Content-Type: application/octet-stream", "Content-Encoding: aes128gcm",
                    arena_printf(call->arena, "TTL: %d", TTL_S), "Urgency: normal",
                    arena_printf(call->arena, "Topic: %s", sending->tag), sending->authorization,
                    "Expect:"},
        .body = (const char *)sending->body,
        .body_len = sending->len,
        .timeout_ms = SEND_MS,
        .answer_max = ANSWER_MAX,
    };
    err = outbound_ask(call, &request, &answer);
    call->fail_code = NULL;
    if (err == ERR_BUSY) {
        snprintf(away, PUSH_ORIGIN_MAX, "%s", sending->origin);
        return PUSH_LATER;
    }
    return err == OK ? end_of(answer.status) : PUSH_DROPPED;
}
