#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "features/site/site/site.h"
#include "home/home.h"

/* What the store says beside flags, variables and file: folded in before anything is served. */
enum { ROWS_BYTES = 8 << 20 };

struct wanted {
    struct arena *arena;
    struct site_stored *all;
    size_t count;
};

struct reading {
    struct call call;
    struct wanted *wanted;
};

static enum err list_rows(void *arg)
{
    struct reading *reading = arg;
    return site_stored(&reading->call, &reading->wanted->all, &reading->wanted->count);
}

/* A server that runs is asked this, too (bauta check): without memory it goes on. */
static enum err read_rows(struct store_tx *tx, void *arg)
{
    struct reading reading = {.wanted = arg};
    store_call(&reading.call, tx, reading.wanted->arena, 0);
    enum err err = arena_run(reading.wanted->arena, list_rows, &reading);
    if (arena_ran_out(reading.wanted->arena)) {
        store_tx_spoil(tx, err);
    }
    return err;
}

/* A row of another version of this program, or of somebody's hand, stops no start. */
static enum err fold(struct home *home, const struct site_stored *one)
{
    enum err err = settings_change(&home->settings, one->name, one->value, one->version);
    if (err == ERR_MISSING) {
        log_line(LOG_WARN, "server", "the store has a setting that this program does not know",
                 LOG_T(LOG_SETTING, one->name));
    } else if (err == ERR_INVALID) {
        log_line(LOG_WARN, "server", "a setting in the store does not fit: the standard holds",
                 LOG_T(LOG_SETTING, one->name));
    }
    return err == ERR_BUSY ? err : OK;
}

static enum err read_all(struct home *home, struct wanted *ret)
{
    ret->arena = arena_new(ROWS_BYTES);
    return ret->arena ? store_do(home->store, false, read_rows, ret) : ERR_BUSY;
}

enum err home_settings(struct home *home)
{
    struct wanted wanted = {0};
    settings_now_begin(&home->settings);
    enum err err = read_all(home, &wanted);
    for (size_t i = 0; err == OK && i < wanted.count; i++) {
        err = fold(home, &wanted.all[i]);
    }
    arena_free(wanted.arena);
    return err;
}

static const char *fixed(enum setting_from from)
{
    switch (from) {
    case SETTING_FROM_STANDARD:
        return "";
    case SETTING_FROM_FILE:
        return "the file";
    case SETTING_FROM_ENVIRONMENT:
        return "the environment";
    case SETTING_FROM_FLAG:
        return "a flag";
    }
    return "";
}

static void tell_one(const struct settings *held, struct arena *arena,
                     const struct site_stored *one, void (*put)(void *ctx, const char *text),
                     void *ctx)
{
    struct setting_view view;
    put(ctx, arena_printf(arena, "set in the pages: %s = %s", one->name, one->value));
    if (settings_view(held, arena, one->name, &view) != OK) {
        put(ctx, " (not used: this program does not know it)\n");
    } else if (view.from != SETTING_FROM_STANDARD) {
        put(ctx, arena_printf(arena, " (not used: %s says %s)\n", fixed(view.from), view.value));
    } else if (settings_fits(held, one->name, one->value) != OK) {
        put(ctx, arena_printf(arena, " (not used: it does not fit, so %s holds)\n", view.value));
    } else {
        put(ctx, "\n");
    }
}

struct telling {
    const struct settings *held;
    struct wanted *wanted;
    void (*put)(void *ctx, const char *text);
    void *ctx;
};

static enum err tell_all(void *arg)
{
    const struct telling *telling = arg;
    const struct wanted *wanted = telling->wanted;
    for (size_t i = 0; i < wanted->count; i++) {
        if (wanted->all[i].value) {
            tell_one(telling->held, wanted->arena, &wanted->all[i], telling->put, telling->ctx);
        }
    }
    return OK;
}

enum err home_settings_tell(struct home *home, void (*put)(void *ctx, const char *text), void *ctx)
{
    struct wanted wanted = {0};
    const struct settings *held = settings_hold(&home->settings);
    struct telling telling = {held, &wanted, put, ctx};
    enum err err = read_all(home, &wanted);
    err = err == OK ? arena_run(wanted.arena, tell_all, &telling) : err;
    arena_free(wanted.arena);
    settings_drop(&home->settings, held);
    return err;
}
