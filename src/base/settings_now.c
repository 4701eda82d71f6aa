#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/heap.h"
#include "base/settings_inner.h"

/*
 * The settings of a server that runs.  A lock for a few instructions a call: with references that
 * took none a reader could hold what is just being freed.
 */
struct snapshot {
    struct settings settings; /* first: what is held is this */
    size_t held;
};

struct settings_now {
    pthread_mutex_t lock;
    struct settings *base;    /* without the store */
    struct snapshot *current; /* with it */
    int64_t *versions;        /* what is known of each row of `base` */
};

typedef void *take_memory(size_t size);

/* All of them are ours, whatever a reader may do with what is held. */
static struct settings *ours(const struct settings *settings)
{
    union {
        const struct settings *theirs;
        struct settings *ours;
    } at = {settings};
    return at.ours;
}

static bool copy_texts(const struct settings *from, struct settings *to, take_memory *memory)
{
    size_t part = 0, part_to = 0;
    struct settings *source = ours(from); /* it is walked, no more */
    struct setting_at at = {0}, at_to = {0};
    while (setting_next(source, &at, &part) && setting_next(to, &at_to, &part_to)) {
        ASSERT_CODE(at.row == at_to.row);
        if (setting_holds_text(at.row)) {
            const char *text = *(const char *const *)setting_field(at);
            char *copy = text ? memory(strlen(text) + 1) : NULL;
            if (text && !copy) {
                return false;
            }
            if (text) {
                memcpy(copy, text, strlen(text) + 1);
            }
            *(const char **)setting_field(at_to) = copy;
        }
    }
    return true;
}

static void forget_texts(struct settings *settings)
{
    size_t part = 0;
    for (struct setting_at at = {0}; setting_next(settings, &at, &part);) {
        if (setting_holds_text(at.row)) {
            *(const char **)setting_field(at) = NULL;
        }
    }
}

/* All that settings_free frees is its own; false: there is no memory, and nothing is left. */
static bool copy(const struct settings *from, struct settings *ret, take_memory *memory)
{
    *ret = *from;
    ret->from = NULL; /* asked of the base alone */
    ret->parts = memory((from->parts_count + 1) * sizeof(*ret->parts));
    ret->parts_count = 0;
    bool whole = ret->parts;
    for (size_t i = 0; whole && i < from->parts_count; i++) {
        const struct setting_group *group = from->parts[i].group;
        void *own = memory(group->bytes);
        whole = own;
        if (own) {
            memcpy(own, from->parts[i].own, group->bytes);
            ret->parts[ret->parts_count++] = (struct setting_part){group, own};
        }
    }
    forget_texts(ret);
    if (!whole || !copy_texts(from, ret, memory)) {
        settings_free(ret);
        return false;
    }
    return true;
}

static struct snapshot *snapshot_new(const struct settings *from, take_memory *memory)
{
    struct snapshot *snapshot = memory(sizeof(*snapshot));
    if (snapshot && !copy(from, &snapshot->settings, memory)) {
        free(snapshot);
        return NULL;
    }
    return snapshot;
}

static void snapshot_free(struct snapshot *snapshot)
{
    if (snapshot) {
        settings_free(&snapshot->settings);
        free(snapshot);
    }
}

void settings_now_begin(struct settings *settings)
{
    struct settings_now *now = calloc(1, sizeof(*now));
    ASSERT_START(now && !settings->now);
    size_t part = 0;
    struct setting_at at = {0};
    while (setting_next(settings, &at, &part)) {
    }
    now->versions = malloc((at.number + 1) * sizeof(*now->versions));
    ASSERT_START(now->versions);
    for (size_t i = 0; i <= at.number; i++) {
        now->versions[i] = INT64_MIN;
    }
    pthread_mutex_init(&now->lock, NULL);
    now->base = settings;
    settings->now = now;
    now->current = snapshot_new(settings, heap_new);
    ASSERT_START(now->current);
}

void settings_now_end(struct settings *settings)
{
    struct settings_now *now = settings->now;
    if (now) {
        ASSERT_CODE(now->current->held == 0);
        snapshot_free(now->current);
        pthread_mutex_destroy(&now->lock);
        free(now->versions);
        free(now);
        settings->now = NULL;
    }
}

#ifdef BAUTA_CHECKED
/* Of what only this build does: no test that counts pieces counts these. */
static void *uncounted(size_t size)
{
    return calloc(1, size);
}
#endif

const struct settings *settings_hold(const struct settings *settings)
{
    struct settings_now *now = settings ? settings->now : NULL;
    if (now) {
        pthread_mutex_lock(&now->lock);
        struct snapshot *snapshot = now->current;
        snapshot->held++;
        pthread_mutex_unlock(&now->lock);
        return &snapshot->settings;
    }
#ifdef BAUTA_CHECKED
    /* Who keeps a text for longer than it is held is found, whether or not something changes. */
    struct snapshot *snapshot = settings ? snapshot_new(settings, uncounted) : NULL;
    return snapshot ? &snapshot->settings : settings;
#else
    return settings;
#endif
}

void settings_drop(const struct settings *settings, const struct settings *held)
{
    if (!held || held == settings) {
        return;
    }
    struct snapshot *snapshot = (struct snapshot *)(void *)ours(held);
    struct settings_now *now = held->now;
    ASSERT_CODE(!settings || settings->now == now); /* given back where it was taken */
    bool last = true;
    if (now) {
        pthread_mutex_lock(&now->lock);
        ASSERT_CODE(snapshot->held > 0);
        last = --snapshot->held == 0 && snapshot != now->current;
        pthread_mutex_unlock(&now->lock);
    }
    if (last) {
        snapshot_free(snapshot);
    }
}

/* ---- what the store says ---- */

static struct setting_at place_of(const struct settings *settings, const char *name)
{
    struct setting_at place = setting_named(ours(settings), name, strlen(name));
    /* Dashes are for flags: in the store each row has one name. */
    bool shown = place.row && place.row->group && strcmp(place.row->name, name) == 0;
    return shown ? place : (struct setting_at){0};
}

static enum setting_from from_of(const struct settings *base, struct setting_at place)
{
    return base->from ? (enum setting_from)base->from[place.number] : SETTING_FROM_STANDARD;
}

/* A row of another's as it is there. */
static enum err take(struct setting_at to, struct setting_at from)
{
    char why[SETTINGS_WHY_MAX];
    if (!to.row) {
        return ERR_BROKEN;
    }
    ASSERT_CODE(to.row == from.row);
    if (!setting_holds_text(to.row)) {
        size_t bytes = to.row->kind == SETTING_KIND_BOOL ? sizeof(bool) : sizeof(int64_t);
        memcpy(setting_field(to), setting_field(from), bytes);
        return OK;
    }
    const char *text = *(const char *const *)setting_field(from);
    if (text) {
        return setting_put(to, text, "", why);
    }
    free(*(char **)setting_field(to));
    *(char **)setting_field(to) = NULL;
    return OK;
}

static enum err put(struct snapshot *next, const char *name, const char *text)
{
    char why[SETTINGS_WHY_MAX];
    TRY(setting_put(place_of(&next->settings, name), text, "", why));
    return settings_checks(&next->settings, why);
}

/* Under the lock. */
static enum err change(struct settings_now *now, struct setting_at base, const char *text)
{
    struct snapshot *next = snapshot_new(&now->current->settings, heap_new);
    enum err fits = next && text ? put(next, base.row->name, text) : OK;
    enum err err = next ? fits : ERR_BUSY;
    if (next && (!text || fits == ERR_INVALID)) {
        enum err taken = take(place_of(&next->settings, base.row->name), base);
        err = taken == OK ? fits : taken;
    }
    if (err != OK && err != ERR_INVALID) {
        snapshot_free(next);
        return err;
    }
    struct snapshot *last = now->current;
    now->current = next;
    if (last->held == 0) {
        snapshot_free(last);
    }
    return err;
}

enum err settings_change(const struct settings *settings, const char *name, const char *text,
                         int64_t version)
{
    struct settings_now *now = settings ? settings->now : NULL;
    if (!now) {
        return OK;
    }
    struct setting_at base = place_of(now->base, name);
    if (!base.row) {
        return ERR_MISSING;
    }
    enum err err = OK;
    pthread_mutex_lock(&now->lock);
    if (version > now->versions[base.number]) {
        if (from_of(now->base, base) == SETTING_FROM_STANDARD) {
            err = change(now, base, text);
        }
        now->versions[base.number] = err == ERR_BUSY ? now->versions[base.number] : version;
    }
    pthread_mutex_unlock(&now->lock);
    return err;
}

enum err settings_fits(const struct settings *held, const char *name, const char *text)
{
    if (!place_of(held, name).row) {
        return ERR_MISSING;
    }
    struct snapshot *next = snapshot_new(held, heap_new);
    enum err err = next ? put(next, name, text) : ERR_BUSY;
    snapshot_free(next);
    return err;
}

/* ---- how they stand ---- */

static const char *value_of(struct arena *arena, struct setting_at place)
{
    if (place.row->kind == SETTING_KIND_NUMBER) {
        return arena_printf(arena, "%lld", (long long)*(const int64_t *)setting_field(place));
    }
    if (place.row->kind == SETTING_KIND_BOOL) {
        return *(const bool *)setting_field(place) ? "yes" : "no";
    }
    const char *text = *(const char *const *)setting_field(place);
    return text ? arena_text(arena, text, strlen(text)) : "";
}

static struct setting_view view_of(const struct settings *held, struct arena *arena,
                                   struct setting_at place)
{
    const struct settings *base = held->now ? held->now->base : held;
    struct setting_at there = place_of(base, place.row->name);
    ASSERT_CODE(there.row); /* what is held has the rows of what it stands on */
    return (struct setting_view){.row = place.row,
                                 .from = from_of(base, there),
                                 .value = value_of(arena, place),
                                 .standard = value_of(arena, there)};
}

void settings_views(const struct settings *held, struct arena *arena, struct setting_view **ret,
                    size_t *ret_count)
{
    struct settings *settings = ours(held);
    size_t count = 0, part = 0;
    for (struct setting_at at = {0}; setting_next(settings, &at, &part);) {
        count += at.row->group != NULL;
    }
    struct setting_view *all = arena_alloc(arena, (count + 1) * sizeof(*all));
    count = part = 0;
    for (struct setting_at at = {0}; setting_next(settings, &at, &part);) {
        if (at.row->group) {
            all[count++] = view_of(held, arena, at);
        }
    }
    *ret = all;
    *ret_count = count;
}

enum err settings_view(const struct settings *held, struct arena *arena, const char *name,
                       struct setting_view *ret)
{
    struct setting_at place = place_of(held, name);
    if (!place.row) {
        return ERR_MISSING;
    }
    *ret = view_of(held, arena, place);
    return OK;
}
