#include "features/identity/providers/registry.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/web_link.h"
#include "call/json.h"

enum { ARENA_MAX = 1024 * 1024, LEARNT_MAX = 2 * 1024 * 1024, WORDS_MAX = 1000, URL_MAX_ = 500 };

struct learnt {
    struct arena *arena; /* of its own: replaced as a whole */
    const char *text;
    int64_t at_ms;
};

struct providers {
    struct arena *arena;
    JSON_LIST_OF(struct provider) list;
    bool plain;
    pthread_mutex_t lock; /* guards what follows */
    int asks_left;
    struct learnt learnt[PROVIDERS_MAX][LEARNT_COUNT_];
    int64_t again_at_ms[PROVIDERS_MAX];
};

#define URL(member_) J_TEXT(struct provider, member_, 8, URL_MAX_, .flags = JSON_OPTIONAL)
JSON_SHAPE(words, "provider_words", struct provider_words,
           J_TEXT(struct provider_words, en, 1, WORDS_MAX),
           J_TEXT(struct provider_words, id, 1, WORDS_MAX));
JSON_SHAPE(row, "provider_row", struct provider, J_TEXT(struct provider, id, 1, 32),
           J_TEXT(struct provider, name, 1, 40), J_TEXT(struct provider, issuer, 8, URL_MAX_),
           J_TEXT(struct provider, client_id, 1, 255),
           J_TEXT(struct provider, client_secret, 1, 500, .flags = JSON_OPTIONAL | JSON_SECRET),
           J_TEXT(struct provider, scopes, 6, 200, .flags = JSON_OPTIONAL),
           URL(authorization_endpoint), URL(token_endpoint), URL(jwks_uri),
           J_CHOICE(struct provider, token_auth, "basic post", .flags = JSON_OPTIONAL),
           J_OBJECT(struct provider, learns, words, .flags = JSON_OPTIONAL),
           J_OBJECT(struct provider, gets, words, .flags = JSON_OPTIONAL), URL(terms_url),
           URL(privacy_url));
struct file {
    JSON_LIST_OF(struct provider) providers;
};
JSON_SHAPE(file_shape, "providers_file", struct file,
           J_LIST(struct file, providers, row, PROVIDERS_MAX));

static bool local(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0 ||
           strcmp(host, "[::1]") == 0;
}

bool providers_url(const struct providers *providers, const char *url)
{
    struct web_link link;
    return url && strlen(url) <= URL_MAX_ && web_link_read(url, &link) && !strchr(url, '#') &&
           (link.https || (providers->plain && local(link.host)));
}

static enum err bad(const char *path, size_t i, const char *field, const char *text,
                    char ret_why[PROVIDERS_WHY_MAX])
{
    snprintf(ret_why, PROVIDERS_WHY_MAX, "%.100s: providers[%zu].%s: %s", path, i, field, text);
    return ERR_INVALID;
}

static bool plain_id(const char *id)
{
    return id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

/* Just "openid" and what is beside it; without openid there is no ID token. */
static bool has_openid(const char *scopes)
{
    const char *at = strstr(scopes, "openid");
    return at && (at == scopes || at[-1] == ' ') && (at[6] == ' ' || !at[6]);
}

static enum err check_row(struct providers *providers, struct provider *one, size_t i,
                          const char *path, char ret_why[PROVIDERS_WHY_MAX])
{
    const struct {
        const char *name, *url;
    } urls[] = {{"issuer", one->issuer},
                {"authorization_endpoint", one->authorization_endpoint},
                {"token_endpoint", one->token_endpoint},
                {"jwks_uri", one->jwks_uri},
                {"terms_url", one->terms_url},
                {"privacy_url", one->privacy_url}};
    for (size_t k = 0; k < COUNT(urls); k++) {
        if (urls[k].url && !providers_url(providers, urls[k].url)) {
            return bad(path, i, urls[k].name, "must be an https:// address", ret_why);
        }
    }
    if (strchr(one->issuer, '?')) {
        return bad(path, i, "issuer", "must be an address without a query", ret_why);
    }
    if (!plain_id(one->id)) {
        return bad(path, i, "id", "may hold a-z, 0-9 and dashes only", ret_why);
    }
    if (providers_named(providers, one->id) != one) {
        return bad(path, i, "id", "stands twice", ret_why);
    }
    one->scopes = one->scopes ? one->scopes : "openid";
    if (strcmp(one->scopes, "openid") != 0 && !one->gets.en) {
        return bad(path, i, "gets", "must say what is got by more scopes than openid", ret_why);
    }
    return has_openid(one->scopes) ? OK : bad(path, i, "scopes", "must hold openid", ret_why);
}

/* Which row it is that json_read refused: it names the field alone. */
static enum err explain(struct call *call, const char *path, char ret_why[PROVIDERS_WHY_MAX])
{
    snprintf(ret_why, PROVIDERS_WHY_MAX, "%.100s: %s%s%s", path,
             call->fail_field ? call->fail_field : "", call->fail_field ? ": " : "",
             catalogue_text("en", call->fail_code));
    return ERR_INVALID;
}

static enum err read_all(const char *path, struct arena *arena, const char **ret, size_t *ret_len,
                         char ret_why[PROVIDERS_WHY_MAX])
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        snprintf(ret_why, PROVIDERS_WHY_MAX, "providers = %.100s cannot be read: %s", path,
                 fd < 0 ? strerror(errno) : "it is no file");
    } else if (info.st_mode & 077) {
        snprintf(ret_why, PROVIDERS_WHY_MAX,
                 "%.100s holds secrets and must be readable by its owner alone: chmod 600", path);
    } else if (info.st_size > PROVIDERS_FILE_MAX) {
        snprintf(ret_why, PROVIDERS_WHY_MAX, "%.100s is larger than %d bytes", path,
                 PROVIDERS_FILE_MAX);
    } else {
        char *text = arena_alloc(arena, PROVIDERS_FILE_MAX + 1);
        ssize_t got = read(fd, text, PROVIDERS_FILE_MAX);
        close(fd);
        *ret = text;
        *ret_len = got > 0 ? (size_t)got : 0;
        return OK;
    }
    if (fd >= 0) {
        close(fd);
    }
    return ERR_INVALID;
}

static enum err read_file(struct providers *providers, const char *path,
                          char ret_why[PROVIDERS_WHY_MAX])
{
    struct call call = {.arena = providers->arena};
    struct file *file = arena_alloc(providers->arena, sizeof(*file));
    const char *text = NULL;
    size_t len = 0;
    uint64_t seen = 0;
    TRY(read_all(path, providers->arena, &text, &len, ret_why));
    if (json_read(&call, &file_shape, text, len, file, &seen) != OK ||
        json_complete(&call, &file_shape, seen) != OK) {
        return explain(&call, path, ret_why);
    }
    struct provider *rows = arena_alloc(providers->arena, file->providers.count * sizeof(*rows));
    memcpy(rows, file->providers.items, file->providers.count * sizeof(*rows));
    JSON_LIST_SET(providers->list, rows, file->providers.count);
    for (size_t i = 0; i < providers->list.count; i++) {
        TRY(check_row(providers, &rows[i], i, path, ret_why));
    }
    return OK;
}

enum err providers_open(const char *path, bool plain, int asks, struct providers **ret,
                        char ret_why[PROVIDERS_WHY_MAX])
{
    if (!path || !*path) {
        *ret = NULL;
        return OK;
    }
    struct arena *arena = arena_new(ARENA_MAX);
    ASSERT_START(arena);
    struct providers *providers = arena_alloc(arena, sizeof(*providers));
    providers->arena = arena;
    providers->plain = plain;
    providers->asks_left = MAX(asks, 1);
    pthread_mutex_init(&providers->lock, NULL);
    enum err err = read_file(providers, path, ret_why);
    if (err != OK) {
        providers_close(providers);
        return err;
    }
    *ret = providers;
    return OK;
}

void providers_close(struct providers *providers)
{
    if (!providers) {
        return;
    }
    for (size_t i = 0; i < PROVIDERS_MAX; i++) {
        for (size_t what = 0; what < LEARNT_COUNT_; what++) {
            arena_free(providers->learnt[i][what].arena);
        }
    }
    pthread_mutex_destroy(&providers->lock);
    arena_free(providers->arena);
}

size_t providers_count(const struct providers *providers)
{
    return providers ? providers->list.count : 0;
}

const struct provider *providers_at(const struct providers *providers, size_t i)
{
    ASSERT_CODE(providers && i < providers->list.count);
    return (const struct provider *)providers->list.items + i;
}

const struct provider *providers_named(const struct providers *providers, const char *id)
{
    for (size_t i = 0; i < providers_count(providers); i++) {
        if (strcmp(providers_at(providers, i)->id, id) == 0) {
            return providers_at(providers, i);
        }
    }
    return NULL;
}

static size_t number_of(struct call *call, const struct provider *provider)
{
    size_t i = (size_t)(provider - providers_at(call->providers, 0));
    ASSERT_CODE(i < providers_count(call->providers));
    return i;
}

bool providers_again(struct call *call, const struct provider *provider)
{
    int64_t *at_ms = &call->providers->again_at_ms[number_of(call, provider)];
    pthread_mutex_lock(&call->providers->lock);
    bool may = *at_ms + PROVIDERS_AGAIN_MS <= call->now_ms ||
               *at_ms > call->now_ms; /* the clock was set back */
    *at_ms = may ? call->now_ms : *at_ms;
    pthread_mutex_unlock(&call->providers->lock);
    return may;
}

static void unlock(void *lock)
{
    pthread_mutex_unlock(lock);
}

const char *providers_recall(struct call *call, const struct provider *provider,
                             enum provider_learnt what)
{
    ASSERT_CODE(what < LEARNT_COUNT_);
    const char *text = NULL;
    const struct learnt *place = &call->providers->learnt[number_of(call, provider)][what];
    struct arena_hold hold;
    pthread_mutex_lock(&call->providers->lock);
    arena_hold(call->arena, &hold, unlock, &call->providers->lock);
    if (place->text && place->at_ms <= call->now_ms &&
        place->at_ms + PROVIDERS_LEARNT_MS > call->now_ms) {
        text = arena_text(call->arena, place->text, strlen(place->text));
    }
    arena_drop(call->arena);
    return text;
}

void providers_learn(struct call *call, const struct provider *provider, enum provider_learnt what,
                     const char *text)
{
    ASSERT_CODE(what < LEARNT_COUNT_);
    struct arena *arena = arena_new(LEARNT_MAX);
    struct learnt *place = &call->providers->learnt[number_of(call, provider)][what];
    char *copy = arena ? arena_try(arena, strlen(text) + 1) : NULL;
    if (!copy) {
        arena_free(arena);
        return; /* asked again next time */
    }
    memcpy(copy, text, strlen(text) + 1);
    pthread_mutex_lock(&call->providers->lock);
    struct arena *old = place->arena;
    *place = (struct learnt){.arena = arena, .text = copy, .at_ms = call->now_ms};
    pthread_mutex_unlock(&call->providers->lock);
    arena_free(old);
}

enum err providers_begin(struct call *call)
{
    pthread_mutex_lock(&call->providers->lock);
    bool room = call->providers->asks_left > 0;
    call->providers->asks_left -= room;
    pthread_mutex_unlock(&call->providers->lock);
    return room ? OK : call_fail(call, ERR_BUSY, "providers.busy");
}

void providers_end(void *what)
{
    struct providers *providers = what;
    pthread_mutex_lock(&providers->lock);
    providers->asks_left++;
    pthread_mutex_unlock(&providers->lock);
}
