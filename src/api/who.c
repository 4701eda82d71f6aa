#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/api_inner.h"
#include "base/heap.h"
#include "base/log.h"

/*
 * Who asks.  Sessions that were loaded stay in memory by the hash of their token:
 * sets of eight, the oldest of a full set goes.  Events drop them; a life of a
 * minute is the belt for an event that another node did not hear.
 */
enum { SETS = 4096, WAYS = 8, SLOTS = SETS * WAYS };

/* In a block that ends with the actor's name: names are short, and there is room for long ones. */
struct slot {
    uint8_t hash[HASH_BYTES];
    int64_t loaded_ms;
    bool bearer;
    struct actor actor;
};

struct sessions {
    pthread_mutex_t lock; /* holds everything here */
    /* beside the slots, so that dropping by id reads 16 bytes a slot and not all of it */
    int64_t account_ids[SLOTS]; /* 0: free */
    int64_t session_ids[SLOTS];
    struct slot *slots[SLOTS]; /* NULL: free */
    uint64_t drops;            /* a load that began before a drop is not kept */
    /* sessions whose use is not written down yet */
    int64_t touched[TOUCH_MAX];
    size_t touched_count;
    int64_t flushed_ms;
};

static size_t actor_size(const struct actor *actor)
{
    return offsetof(struct actor, name) + strlen(actor->name) + 1;
}

static void slot_clear(struct sessions *sessions, size_t i)
{
    struct slot *slot = sessions->slots[i];
    if (slot) {
        crypto_wipe(slot, offsetof(struct slot, actor) + actor_size(&slot->actor));
        free(slot);
    }
    sessions->slots[i] = NULL;
    sessions->account_ids[i] = sessions->session_ids[i] = 0;
}

/* Without memory for it the next call asks the store again. */
static void slot_fill(struct sessions *sessions, size_t i, const struct slot *with)
{
    size_t size = actor_size(&with->actor);
    struct slot *slot = heap_new(offsetof(struct slot, actor) + size);
    slot_clear(sessions, i);
    if (slot) {
        memcpy(slot, with, offsetof(struct slot, actor) + size);
        sessions->slots[i] = slot;
        sessions->account_ids[i] = with->actor.id;
        sessions->session_ids[i] = with->actor.session_id;
    }
}

struct sessions *sessions_new(void)
{
    /* Not touched until used, so an idle server does not pay for its size. */
    struct sessions *sessions = calloc(1, sizeof(*sessions));
    ASSERT_START(sessions);
    pthread_mutex_init(&sessions->lock, NULL);
    return sessions;
}

void sessions_free(struct sessions *sessions)
{
    if (sessions) {
        for (size_t i = 0; i < SLOTS; i++) {
            slot_clear(sessions, i);
        }
        pthread_mutex_destroy(&sessions->lock);
        free(sessions);
    }
}

static size_t set_of(const uint8_t hash[HASH_BYTES])
{
    return (size_t)(hash[0] | hash[1] << 8) % SETS * WAYS;
}

static bool cached(struct sessions *sessions, const uint8_t hash[HASH_BYTES], bool bearer,
                   int64_t now_ms, struct actor *ret, uint64_t *ret_drops)
{
    bool found = false;
    pthread_mutex_lock(&sessions->lock);
    *ret_drops = sessions->drops;
    for (size_t i = set_of(hash), end = i + WAYS; i < end && !found; i++) {
        const struct slot *slot = sessions->slots[i];
        if (slot && slot->bearer == bearer && memcmp(slot->hash, hash, HASH_BYTES) == 0 &&
            now_ms - slot->loaded_ms < SESSION_LIFE_MS && now_ms >= slot->loaded_ms) {
            memcpy(ret, &slot->actor, actor_size(&slot->actor));
            found = true;
        }
    }
    pthread_mutex_unlock(&sessions->lock);
    return found;
}

static void keep(struct sessions *sessions, const uint8_t hash[HASH_BYTES], bool bearer,
                 int64_t now_ms, const struct actor *actor, uint64_t drops)
{
    ASSERT_CODE(memchr(actor->name, '\0', sizeof(actor->name)));
    pthread_mutex_lock(&sessions->lock);
    size_t set = set_of(hash), best = set;
    for (size_t i = set; i < set + WAYS; i++) {
        const struct slot *slot = sessions->slots[i], *least = sessions->slots[best];
        if (slot && slot->bearer == bearer && memcmp(slot->hash, hash, HASH_BYTES) == 0) {
            best = i;
            break;
        }
        if (least && (!slot || slot->loaded_ms < least->loaded_ms)) {
            best = i;
        }
    }
    if (drops == sessions->drops) {
        struct slot with = {.bearer = bearer, .loaded_ms = now_ms, .actor = *actor};
        memcpy(with.hash, hash, HASH_BYTES);
        slot_fill(sessions, best, &with);
        crypto_wipe(&with, sizeof(with));
    }
    pthread_mutex_unlock(&sessions->lock);
}

/* By account or by session; 0 is neither. */
static void drop(struct sessions *sessions, int64_t account_id, int64_t session_id)
{
    pthread_mutex_lock(&sessions->lock);
    sessions->drops++;
    for (size_t i = 0; i < SLOTS; i++) {
        if (sessions->account_ids[i] && ((account_id && sessions->account_ids[i] == account_id) ||
                                         (session_id && sessions->session_ids[i] == session_id))) {
            slot_clear(sessions, i);
        }
    }
    pthread_mutex_unlock(&sessions->lock);
}

void api_forget_account(struct api *api, int64_t account_id)
{
    drop(api->sessions, account_id, 0);
}

void api_forget_session(struct api *api, int64_t session_id)
{
    drop(api->sessions, 0, session_id);
}

void who_event(struct api *api, const struct event *event)
{
    switch (event->kind) {
    case EVENT_SESSION_ENDED:
        api_forget_session(api, event->id);
        break;
    case EVENT_ACCOUNT_ENDED:
    case EVENT_ACCOUNT_CHANGED:
        api_forget_account(api, event->account_id);
        break;
    case EVENT_TELL:
    case EVENT_ROOM_CHANGED:
    case EVENT_ROOM_REMOVED:
    case EVENT_PARTED:
    case EVENT_CONTACT_CHANGED:
    case EVENT_OUTBOX:
    case EVENT_SETTING:
        break;
    }
}

/* ---- "used" is written down at most every ten minutes, many sessions at once ---- */

struct touch {
    const struct api_sign_in *sign_in;
    size_t count;
    int64_t ids[TOUCH_MAX];
};

INNER_STEPS(touch, struct touch, struct none, struct none, apply);
STEP_IS(touch, apply, in->sign_in->touch(call, in->ids, in->count));

static const struct api_route touch_route = {.who = API_MEMBER,
                                             .tx = API_TX_WRITE,
                                             .flags = API_BACKGROUND,
                                             .status = 204,
                                             .steps = &touch_steps,
                                             .about = "Writes down when sessions were used."};

static void touch_done(UNUSED void *owner, enum err err, UNUSED const struct call *call,
                       UNUSED const void *out)
{
    if (err != OK) {
        log_line(LOG_WARN, "api", "use of sessions not written down", LOG_N(LOG_CODE, err));
    }
}

void who_flush(struct api *api, bool now)
{
    struct sessions *sessions = api->sessions;
    struct touch touch = {.sign_in = api->sign_in};
    int64_t now_ms = api_steady_ms(api);
    pthread_mutex_lock(&sessions->lock);
    if (sessions->touched_count > 0 && (now || sessions->touched_count >= TOUCH_MAX / 2 ||
                                        now_ms - sessions->flushed_ms >= TOUCH_FLUSH_MS)) {
        touch.count = sessions->touched_count;
        ASSERT_CODE(touch.count <= TOUCH_MAX);
        memcpy(touch.ids, sessions->touched, touch.count * sizeof(touch.ids[0]));
        sessions->touched_count = 0;
        sessions->flushed_ms = now_ms;
    }
    pthread_mutex_unlock(&sessions->lock);
    if (touch.count == 0) {
        return;
    }
    const struct api_inner inner = {.route = &touch_route, .in = &touch, .done = touch_done};
    if (api_inner(api, &inner) != OK) {
        touch_done(NULL, ERR_BUSY, NULL, NULL);
    }
}

/* The copy in memory counts as written from now on. */
static void touched(struct api *api, const uint8_t hash[HASH_BYTES], const struct actor *actor,
                    int64_t now_ms)
{
    struct sessions *sessions = api->sessions;
    int64_t since_ms = now_ms - actor->used_ms; /* below 0 after the clock was set back */
    if (!actor->session_id || (since_ms >= 0 && since_ms < TOUCH_ID_EVERY_MS)) {
        return;
    }
    pthread_mutex_lock(&sessions->lock);
    bool room = sessions->touched_count < TOUCH_MAX;
    for (size_t i = set_of(hash), end = i + WAYS; i < end && room; i++) {
        struct slot *slot = sessions->slots[i];
        if (slot && memcmp(slot->hash, hash, HASH_BYTES) == 0 && slot->actor.used_ms != now_ms) {
            slot->actor.used_ms = now_ms;
            sessions->touched[sessions->touched_count++] = actor->session_id;
            break;
        }
    }
    pthread_mutex_unlock(&sessions->lock);
    who_flush(api, false);
}

/* ---- finding the actor ---- */

struct find {
    uint8_t hash[HASH_BYTES];
    bool bearer;
};

static enum err step_load(struct work *work)
{
    const struct find *find = work->call.state;
    struct actor actor = {0};
    enum err err = work->api->sign_in->load(&work->call, find->hash, find->bearer, &actor);
    if (err == OK) {
        work->call.actor = actor;
    }
    return err;
}

static enum err load(struct worker *worker, struct work *work, const struct find *find,
                     struct actor *ret)
{
    static const struct api_route route = {.tx = API_TX_READ}; /* as the sign-in sees it */
    static const struct api_steps steps;
    const struct api_route *called = work->route;
    const struct api_steps *called_steps = work->steps;
    const struct actor before = work->call.actor;
    struct find *copy = arena_alloc(work->arena, sizeof(*copy));
    *copy = *find;
    void *state = work->call.state;
    work->call.state = copy;
    work->route = &route;
    work->steps = &steps;
    enum err err = work_read(worker, work, step_load);
    work->route = called;
    work->steps = called_steps;
    *ret = work->call.actor;
    work->call.actor = before; /* whether it is them is not yet said */
    work->call.state = state;
    work->saved.set = false;
    if (err == ERR_MISSING) {
        work->call.fail_code = NULL;
    }
    return err;
}

/* The token that came: a bearer's before a cookie's; NULL for none. */
static const char *token_of(struct work *work, bool *ret_bearer)
{
    static const char scheme[] = "Bearer ";
    const char *authorization = work->request->authorization;
    *ret_bearer = strncasecmp(authorization, scheme, sizeof(scheme) - 1) == 0;
    if (*ret_bearer) {
        return authorization + sizeof(scheme) - 1;
    }
    return call_cookie_read(&work->call, SESSION_COOKIE);
}

static enum err find_actor(struct worker *worker, struct work *work)
{
    struct api *api = work->api;
    struct find find;
    struct actor actor;
    uint64_t drops = 0;
    const char *token = token_of(work, &find.bearer);
    if (!token || !*token || !api->sign_in) {
        return OK;
    }
    int64_t now_ms = work->call.now_ms;
    crypto_sha256(token, strlen(token), find.hash);
    bool hit = cached(api->sessions, find.hash, find.bearer, now_ms, &actor, &drops);
    if (!hit) {
        TRY(limit_check_tokens(work));
    }
    enum err err = hit ? OK : load(worker, work, &find, &actor);
    if (err == OK && actor.session_ends_ms && actor.session_ends_ms <= now_ms) {
        err = ERR_MISSING;
    }
    if (err == ERR_MISSING) {
        limit_count_token(work);
        /* A cookie that is over is nobody; a program with a bad token must hear of it. */
        return find.bearer ? call_fail(&work->call, ERR_LOGIN, "api.token") : OK;
    }
    TRY(err);
    if (!hit) {
        keep(api->sessions, find.hash, find.bearer, now_ms, &actor, drops);
    }
    actor.by_token = find.bearer;
    if (find.bearer) { /* whoever it belongs to, a program is no staff */
        actor.roles = 0;
    }
    if (!actor.language[0]) {
        memcpy(actor.language, work->call.actor.language, sizeof(actor.language));
    }
    work->call.actor = actor;
    touched(api, find.hash, &actor, now_ms);
    return OK;
}

/* "https://host" of the page that asks must be ours. */
static bool own_origin(const struct work *work)
{
    const struct api_request *request = work->request;
    const struct settings *settings = work->call.settings;
    const char *origin = request->origin;
    if (settings && settings->public_url && *settings->public_url &&
        strcasecmp(origin, settings->public_url) == 0) {
        return true;
    }
    const char *scheme = request->secure ? "https://" : "http://";
    return strncmp(origin, scheme, strlen(scheme)) == 0 &&
           strcasecmp(origin + strlen(scheme), request->host) == 0;
}

/*
 * No foreign page may make a call that acts: a strange Origin is refused, and the
 * call must be one that a browser sends across sites only after asking us (which we
 * never allow): with our header, with a JSON body, or with another method than POST.
 * Programs with a bearer token bring no ambient right and are let through.
 */
static enum err check_csrf(struct work *work)
{
    const struct api_request *request = work->request;
    bool safe = route_method(request->method) == METHOD_GET;
    if (work->call.actor.by_token || (safe && !(work->route->flags & API_UPGRADE))) {
        return OK;
    }
    bool asked_first = strcmp(request->csrf, "1") == 0 || strcmp(request->method, "POST") != 0 ||
                       strncasecmp(request->content_type, "application/json", 16) == 0;
    if ((*request->origin && !own_origin(work)) || !asked_first) {
        return call_fail(&work->call, ERR_DENIED, "api.csrf");
    }
    return OK;
}

/* A program may what its token says and the row of the route asks; nothing of staff. */
static enum err check_scope(struct work *work)
{
    const struct actor *actor = &work->call.actor;
    unsigned wanted = route_scope(work->route);
    if (!actor->by_token || (actor->scopes & wanted)) {
        return OK;
    }
    return call_fail(&work->call, ERR_DENIED, wanted ? "api.scope" : "api.no_token");
}

static enum err check_role(struct work *work)
{
    const struct actor *actor = &work->call.actor;
    struct call *call = &work->call;
    if (work->route->who == API_ANYONE) {
        return OK;
    }
    if (!actor->id) {
        return call_fail(call, ERR_LOGIN, "api.login");
    }
    enum power power = api_power(work->route->who);
    if (power == POWER_NONE) {
        return work->route->who == API_MEMBER ? OK : ERR_BROKEN;
    }
    if (!roles_may(actor->roles, power)) {
        return call_fail(call, ERR_DENIED, "api.role");
    }
    return roles_passkey(power) ? call_passkey(call) : OK;
}

enum err who_check(struct worker *worker, struct work *work)
{
    if (work->route->flags & API_NOBODY) {
        return OK;
    }
    TRY(find_actor(worker, work));
    TRY(check_csrf(work));
    const struct actor *actor = &work->call.actor;
    TRY(check_scope(work));
    TRY(check_role(work));
    if (work->route->flags & API_PASSKEY) {
        TRY(call_passkey(&work->call));
    }
    bool fresh = work->call.now_ms - actor->proved_ms < API_PROOF_MS;
    return fresh || !(work->route->flags & API_STEP_UP)
               ? OK
               : call_fail(&work->call, ERR_DENIED, "api.prove");
}
