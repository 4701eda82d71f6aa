#include "call/call.h"

#include <string.h>

#include "base/arena.h"
#include "call/id.h"
#include "call/json.h"

enum err call_fail(struct call *call, enum err err, const char *code)
{
    return call_fail_field(call, err, code, NULL);
}

enum err call_fail_field(struct call *call, enum err err, const char *code, const char *field)
{
    ASSERT_CODE(err != OK);
    ASSERT_CODE(err < ERR_COUNT_);
    call->fail_code = code;
    call->fail_field = field;
    return err;
}

bool call_has_passkey(const struct call *call)
{
    const struct actor *actor = &call->actor;
    return actor->proof == PROOF_PASSKEY && call->now_ms - actor->proved_ms < CALL_STAFF_PROOF_MS;
}

enum err call_passkey(struct call *call)
{
    return call_has_passkey(call) ? OK : call_fail(call, ERR_DENIED, "api.passkey");
}

void call_emit(struct call *call, enum event_kind kind, int64_t account_id, int64_t id,
               const char *json)
{
    ASSERT_CODE(kind <= EVENT_SETTING);
    ASSERT_CODE(json || (kind != EVENT_TELL && kind != EVENT_SETTING));
    struct event *event = arena_alloc(call->arena, sizeof(*event));
    *event = (struct event){
        .next = call->events, .kind = kind, .account_id = account_id, .id = id, .json = json};
    call->events = event;
}

void call_tell(struct call *call, const struct live_event *event, int64_t account_id,
               const void *object)
{
    ASSERT_CODE(object || !event->shape);
    struct buf json = {.arena = call->arena};
    json_write_message(&json, event->t, event->shape, object);
    call_emit(call, EVENT_TELL, account_id, 0, json.at);
}

void call_cookie(struct call *call, const char *name, const char *value, int64_t max_age_s)
{
    struct cookie *cookie = arena_alloc(call->arena, sizeof(*cookie));
    *cookie = (struct cookie){
        .next = call->cookies, .name = name, .value = value, .max_age_s = max_age_s};
    call->cookies = cookie;
}

const char *call_cookie_read(struct call *call, const char *name)
{
    const char *prefix = call->origin.secure ? "__Host-" : "";
    const char *at = call->origin.cookies;
    while (at && *at) {
        at += strspn(at, "; ");
        size_t len = strcspn(at, ";");
        size_t skip = strlen(prefix) + strlen(name);
        if (len > skip && at[skip] == '=' && strncmp(at, prefix, strlen(prefix)) == 0 &&
            strncmp(at + strlen(prefix), name, strlen(name)) == 0) {
            return arena_text(call->arena, at + skip + 1, len - skip - 1);
        }
        at += len;
    }
    return NULL;
}

void presence_online(const struct call *call, const int64_t *ids, size_t count, bool *ret)
{
    memset(ret, 0, count * sizeof(*ret));
    if (call->presence && call->presence->online) {
        call->presence->online(call->presence->ctx, ids, count, ret);
    }
}

uint64_t rng_next(struct rng *rng)
{
    uint64_t z = rng->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 2024-01-01T00:00:00Z */
static const int64_t id_epoch_ms = 1704067200000;
enum { ID_CHANCE_BITS = 22 };

int64_t id_at(int64_t ms)
{
    /* A clock that is years off makes odd ids, which are as good as others but for their order. */
    int64_t since_ms = MIN(MAX(ms, id_epoch_ms) - id_epoch_ms, ((int64_t)1 << 41) - 1);
    return since_ms << ID_CHANCE_BITS;
}

int64_t id_new(struct call *call)
{
    return id_at(call->now_ms) |
           (int64_t)(rng_next(&call->rng) & ((UINT64_C(1) << ID_CHANCE_BITS) - 1));
}

int64_t id_time_ms(int64_t id)
{
    return (id >> ID_CHANCE_BITS) + id_epoch_ms;
}

static const char public_digits[] = "abcdefghijklmnopqrstuvwxyz234567";

void id_public(const uint8_t bytes[16], char ret_text[PUBLIC_ID_LEN + 1])
{
    unsigned held = 0;
    int bits = 0;
    size_t at = 0;
    for (size_t i = 0; i < 16; i++) {
        held = (held << 8 | bytes[i]) & 0xffff;
        for (bits += 8; bits >= 5; bits -= 5) {
            ret_text[at++] = public_digits[held >> (bits - 5) & 31];
        }
    }
    ret_text[at++] = public_digits[held << (5 - bits) & 31]; /* 128 = 25 * 5 + 3 */
    ASSERT_CODE(at == PUBLIC_ID_LEN);
    ret_text[at] = '\0';
}

bool id_looks_public(const char *text)
{
    size_t len = strspn(text, public_digits);
    return len > 0 && len <= PUBLIC_ID_LEN && text[len] == '\0';
}
