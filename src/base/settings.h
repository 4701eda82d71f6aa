#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;

enum { SETTINGS_WHY_MAX = 256, SETTINGS_TERMS_MAX = 64 * 1024 };

/*
 * Settings: one row each with its bounds, default and reason.  The same name stands
 * in bauta.conf (`name = value`), as BAUTA_NAME and as --name (underscores as
 * dashes); flags win over variables, variables over the file.
 *
 * What one feature alone asks of the operator are rows of its own, beside their use
 * (`.settings` of its struct feature), which fill a struct of its own.
 *
 * A row with a `group` may be set in the administration's pages, too, and then holds at once
 * (settings_hold, below): what the store keeps stands above the row's default and below the
 * file.  Never one that tells a secret, a path, an address to listen on or ask, memory, threads
 * or tests; and whoever reads it reads call->settings each time and keeps nothing of it.
 */
enum setting_kind {
    SETTING_KIND_TEXT,
    SETTING_KIND_NUMBER,
    SETTING_KIND_BOOL,
    SETTING_KIND_CHOICE
};

struct setting {
    const char *name;
    enum setting_kind kind;
    size_t offset;        /* of a const char *, an int64_t or a bool in the group's struct */
    int64_t min, max;     /* of a number, and of a text's characters */
    const char *unit;     /* of a number */
    const char *choices;  /* "open invite" */
    const char *standard; /* as it would stand in the file; NULL: none */
    const char *demo;     /* of a choice: in its place in a demo folder; NULL: the same */
    const char *about;
    const char *group; /* of the page that it stands on; NULL: it may not be set there */
    bool email;        /* a text that is an address, or nothing */
    bool personal;     /* may be somebody's own: what staff did says that it changed, not how */
    bool site; /* "https://world.example:8443", or nothing: kept without a slash behind it */
};

/* Where a row's value comes from, the stronger the higher; what the store keeps is beside it. */
enum setting_from {
    SETTING_FROM_STANDARD,
    SETTING_FROM_FILE,
    SETTING_FROM_ENVIRONMENT,
    SETTING_FROM_FLAG,
};

enum { SETTING_TEXT_MAX = 1000 };
#define SETTING_LINE(type_, member_, min_, max_, standard_, about_, ...)                      \
    {                                                                                         \
        .name = #member_, .kind = SETTING_KIND_TEXT, .offset = offsetof(type_, member_),      \
        .min = (min_), .max = (max_), .standard = (standard_), .about = (about_), __VA_ARGS__ \
    }
#define SETTING_TEXT(type_, member_, standard_, about_, ...) \
    SETTING_LINE(type_, member_, 0, SETTING_TEXT_MAX, standard_, about_, __VA_ARGS__)
#define SETTING_NUMBER(type_, member_, min_, max_, unit_, standard_, about_, ...)                  \
    {                                                                                              \
        .name = #member_, .kind = SETTING_KIND_NUMBER, .offset = offsetof(type_, member_),         \
        .min = (min_), .max = (max_), .unit = (unit_), .standard = (standard_), .about = (about_), \
        __VA_ARGS__                                                                                \
    }
#define SETTING_BOOL(type_, member_, standard_, about_, ...)                             \
    {                                                                                    \
        .name = #member_, .kind = SETTING_KIND_BOOL, .offset = offsetof(type_, member_), \
        .choices = "yes no", .standard = (standard_), .about = (about_), __VA_ARGS__     \
    }
#define SETTING_CHOICE(type_, member_, choices_, standard_, demo_, about_, ...)             \
    {                                                                                       \
        .name = #member_, .kind = SETTING_KIND_CHOICE, .offset = offsetof(type_, member_),  \
        .choices = (choices_), .standard = (standard_), .demo = (demo_), .about = (about_), \
        __VA_ARGS__                                                                         \
    }

struct setting_group {
    const struct setting *rows; /* ends with an empty row */
    size_t bytes;               /* of the struct that they fill */
    /* What no row can say of itself, of that struct; ERR_INVALID with a sentence.  May be NULL. */
    enum err (*check)(const void *own, char ret_why[SETTINGS_WHY_MAX]);
};

extern const struct setting_group settings_whole; /* fills struct settings itself */

struct setting_part {
    const struct setting_group *group;
    void *own; /* group->bytes */
};

struct settings {
    /* where */
    const char *data, *listen, *database, *keys, *key_file, *public_url, *tls_cert, *tls_key;
    const char *metrics_listen, *metrics_token, *trusted_proxies, *place_db;
    /* how much */
    int64_t reactors, workers, hashers, memory_mb, connections, connections_per_address;
    int64_t head_ms, body_ms, idle_ms, drain_ms;
    int64_t limit_scale; /* every rate limit times this: 1, except in load tests */
    /* the site */
    const char *site_name, *registration, *language, *source_url, *terms_file;
    char *terms; /* what terms_file holds, read at the start; NULL: there are none */
    const char *contact_email, *officer_address, *smtp_url, *providers;
    /* mail, and asking others */
    const char *smtp_ca;
    int64_t smtp_timeout_s, smtp_connections;
    bool outbound_loopback; /* tests only: the peer is on this machine */
    bool demo, demo_public; /* demo is the data folder's mark, never set by hand */
    bool demo_residents;
    bool history;         /* the bench turns it off */
    int64_t bench_hidden; /* of all pairs of people do not perceive each other, in percent */
    const char *log_level;
    struct setting_part *parts; /* of the features */
    size_t parts_count;
    uint8_t *from;            /* of every row, in their order: enum setting_from */
    struct settings_now *now; /* what the store says beside these; NULL: nothing */
};

/*
 * Defaults, then `file` (NULL: none), then the environment, then argv (flags only;
 * what is no flag is left to the caller).  `groups` ends with NULL, and may be NULL
 * itself; they outlive the settings.  ERR_INVALID with a sentence that names file,
 * line, setting and what would be right.  The strings live until settings_free.
 */
MUST_USE enum err settings_read(const struct setting_group *const groups[], const char *file,
                                char *const environment[], int argc, char *const argv[],
                                struct settings *ret, char ret_why[SETTINGS_WHY_MAX]);
/* What a group's rows came to: its struct.  The group was among those that were read. */
const void *settings_own(const struct settings *settings, const struct setting_group *group);
/* One more, as if it stood last of all.  ERR_INVALID with a sentence. */
MUST_USE enum err settings_put(struct settings *settings, const char *name, const char *text,
                               char ret_why[SETTINGS_WHY_MAX]);
/* What stands as it would without a word of the operator, is as demo folders have it. */
void settings_be_demo(struct settings *settings);
/* The words of argv that are neither flags nor their values; returns how many, keeps `most`. */
int settings_words(struct settings *settings, int argc, char *const argv[], const char *ret_words[],
                   int most);
/* Puts another text into a field of `settings`, freeing the old one. */
void settings_replace(const char **at, const char *text);

void settings_free(struct settings *settings);

/* ---- while it runs ---- */

/*
 * From now on `settings` are what holds without the store, and do not change any more; beside
 * them stands a copy with what the store says.  Whoever reads holds a copy and gives it back:
 * a change makes another copy, and the old one goes with the last who holds it, so there are
 * never more than there are readers, and no text goes away under one.  The end: nobody holds any.
 */
void settings_now_begin(struct settings *settings);
void settings_now_end(struct settings *settings); /* accepts what never began */

/* `settings` may be NULL, and then is what comes back.  Any thread. */
const struct settings *settings_hold(const struct settings *settings);
void settings_drop(const struct settings *settings, const struct settings *held);

/*
 * What the store says of one row from its `version` on, an older one than known being nothing new;
 * `text` NULL: nothing, as it is when the text does not fit.  From any thread.  ERR_INVALID: it
 * does not fit; ERR_MISSING: no row that may be set so; ERR_BUSY: there is no memory, and nothing
 * has changed.  Without settings_now_begin it is OK and nothing.
 */
MUST_USE enum err settings_change(const struct settings *settings, const char *name,
                                  const char *text, int64_t version);

/* Of the rows that may be set in the pages. */
struct setting_view {
    const struct setting *row;
    enum setting_from from;
    const char *value, *standard; /* what holds, and what would without the store; never NULL */
};
/* All of them in the arena, in the order of their rows, of what somebody holds. */
void settings_views(const struct settings *held, struct arena *arena, struct setting_view **ret,
                    size_t *ret_count);
/* ERR_MISSING: no row that may be set in the pages. */
MUST_USE enum err settings_view(const struct settings *held, struct arena *arena, const char *name,
                                struct setting_view *ret);
/* Would it do in its place?  ERR_INVALID, ERR_MISSING, ERR_BUSY as of settings_change. */
MUST_USE enum err settings_fits(const struct settings *held, const char *name, const char *text);

/* The manual: every row with bounds, default and reason, as text. */
void settings_manual(struct settings *settings, void (*put)(void *ctx, const char *text),
                     void *ctx);

#endif
