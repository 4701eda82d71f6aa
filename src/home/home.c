#include "home/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "home/keyring.h"
#include "home/modes.h"
#include "privacy/inventory.h"
#include "store/migrate.h"

enum { ROOM_LEAST = 256 * 1024 };
/* PostgreSQL sees in its own time that whoever had the database is gone. */
enum { SOLE_TRIES = 10, SOLE_PAUSE_NS = 100000000 };

void home_path(const struct home *home, const char *name, char ret[HOME_PATH_MAX])
{
    int len = snprintf(ret, HOME_PATH_MAX, "%s/%s", home->settings.data, name);
    ASSERT_START(len > 0 && len < HOME_PATH_MAX);
}

static enum err cannot_write(const struct home *home, char ret_why[HOME_WHY_MAX])
{
    if (errno == ENOSPC || errno == EDQUOT) {
        snprintf(ret_why, HOME_WHY_MAX,
                 "the disk of the data folder %.200s is full: make room on it, then start again",
                 home->settings.data);
        return ERR_INVALID;
    }
    snprintf(ret_why, HOME_WHY_MAX,
             "the data folder %.200s cannot be written (%s): check its owner, its rights and "
             "whether the disk is mounted read-only, or choose another with --data",
             home->settings.data, strerror(errno));
    return ERR_INVALID;
}

/* Takes it and gives it back: what comes next would each name another file than the disk. */
static bool has_room(int fd)
{
    static const char block[4096];
    for (off_t at = 0; at < ROOM_LEAST; at += (off_t)sizeof(block)) {
        ssize_t put = pwrite(fd, block, sizeof(block), at);
        if (put != (ssize_t)sizeof(block)) {
            int why = put < 0 ? errno : ENOSPC;
            (void)!ftruncate(fd, 0);
            errno = why;
            return false;
        }
    }
    return ftruncate(fd, 0) == 0;
}

enum err home_lock(struct home *home, char ret_why[HOME_WHY_MAX])
{
    char path[HOME_PATH_MAX], pid[32] = "";
    ASSERT_START(home->lock_fd < 0);
    if (mkdir(home->settings.data, 0700) != 0 && errno != EEXIST) {
        return cannot_write(home, ret_why);
    }
    TRY(modes_mend(home->settings.data, S_IRWXG | S_IRWXO, ret_why));
    home_path(home, "lock", path);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return cannot_write(home, ret_why);
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        ssize_t got = read(fd, pid, sizeof(pid) - 1);
        snprintf(ret_why, HOME_WHY_MAX,
                 "another bauta has the data folder %.200s (process %.*s): stop it, or use another "
                 "folder",
                 home->settings.data, got > 0 ? (int)strcspn(pid, "\n") : 1, got > 0 ? pid : "?");
        close(fd);
        return ERR_CONFLICT;
    }
    int len = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
    if (!has_room(fd) || pwrite(fd, pid, (size_t)len, 0) != len) {
        close(fd);
        return cannot_write(home, ret_why);
    }
    home->lock_fd = fd;
    return OK;
}

/* ---- the database ---- */

static enum err open_store(struct home *home, unsigned flags, char ret_why[HOME_WHY_MAX])
{
    char url[HOME_PATH_MAX + 16], path[HOME_PATH_MAX];
    home_path(home, "world.db", path);
    snprintf(url, sizeof(url), "sqlite:%s", path);
    const struct settings *settings = &home->settings;
    struct store_options options = {
        .url = settings->database && *settings->database ? settings->database : url,
        .cache_bytes = settings->memory_mb * 1024 * 1024 / 8,
        .pool = home_workers(home) + 4,
#ifdef BAUTA_CHECKED
        .twice = true,
#endif
    };
    enum err err = ERR_BUSY;
    for (int i = 0; i <= DATABASE_WAIT_S * 2; i++) {
        err = store_open(&options, &home->store, ret_why);
        if (err != ERR_BUSY || !(flags & HOME_WAIT)) {
            break;
        }
        if (i == 0) {
            log_line(LOG_WARN, "server", "database out of reach, trying for 30 s",
                     LOG_T(LOG_WHY, ret_why));
        }
        nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
    }
    if (err == ERR_BUSY && options.url != url) {
        size_t len = strlen(ret_why);
        snprintf(ret_why + len, HOME_WHY_MAX - len, "%sis it running, and is --database right?",
                 len && ret_why[len - 1] == '\n' ? "" : "; ");
    }
    return err;
}

static void no_matter(void *ctx UNUSED)
{
}

/* Before anything in it is changed: the schema of a server that runs elsewhere is its own. */
static enum err be_the_only_one(struct home *home, char ret_why[HOME_WHY_MAX])
{
    enum { NAME_MAX_BYTES = 64, HOST_MAX_BYTES = 33 }; /* as much as PostgreSQL keeps */
    char host[HOST_MAX_BYTES] = "", name[NAME_MAX_BYTES];
    const char *database = home->settings.database;
    ASSERT_START(!home->sole);
    if (!database || !*database) {
        return OK;
    }
    (void)gethostname(host, sizeof(host) - 1);
    snprintf(name, sizeof(name), "bauta at %s, process %d", host, (int)getpid());
    enum err err = ERR_CONFLICT;
    for (int i = 0; i < SOLE_TRIES && err == ERR_CONFLICT; i++) {
        nanosleep(&(struct timespec){.tv_nsec = i ? SOLE_PAUSE_NS : 0}, NULL);
        err = store_sole_new(database, name, SOLE_WATCH_MS, home->lost ? home->lost : no_matter,
                             home->lost_ctx, &home->sole, ret_why);
    }
    return err;
}

static enum err migrate(struct home *home, unsigned flags, char ret_why[HOME_WHY_MAX])
{
    size_t count = 0;
    if (flags & HOME_MIGRATE) {
        TRY(migrate_up(home->store, migrations, migration_count, time_now_ms(), &count, ret_why));
        if (count > 0) {
            log_line(LOG_INFO, "server", "migrated", LOG_N(LOG_COUNT, (int64_t)count));
        }
        return OK;
    }
    TRY(migrate_pending(home->store, migrations, migration_count, &count, ret_why));
    if (count > 0) {
        snprintf(ret_why, HOME_WHY_MAX, "%zu migrations have not run: `bauta migrate` runs them",
                 count);
        return ERR_INVALID;
    }
    return OK;
}

SQL(home_mark_put, "INSERT INTO meta (name, number, changed_ms) VALUES ($1, $2, $2)"
                   " ON CONFLICT (name) DO UPDATE SET number = excluded.number,"
                   " changed_ms = excluded.changed_ms");

struct mark {
    const char *name;
    int64_t number;
};

static enum err put_mark(struct store_tx *tx, void *arg)
{
    const struct mark *mark = arg;
    struct arena *arena = arena_new(1 << 20);
    struct call call;
    if (!arena) {
        return ERR_BUSY;
    }
    store_call(&call, tx, arena, 0);
    enum err err =
        store_run(&call, &home_mark_put, BIND(TEXT(mark->name), I64(mark->number)), NULL);
    arena_free(arena);
    return err;
}

void home_mark(struct home *home, const char *name, int64_t number)
{
    struct mark mark = {name, number};
    if (store_do(home->store, true, put_mark, &mark) != OK) {
        log_line(LOG_WARN, "server", "a mark for the checklist was not written",
                 LOG_T(LOG_SETTING, name));
    }
}

/* The country file that ships lies beside the program, or where a package puts it. */
static void beside_program(char ret_path[HOME_PATH_MAX])
{
    char program[HOME_PATH_MAX - sizeof("country.mmdb")];
    ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
    program[MAX(len, 0)] = '\0';
    char *slash = strrchr(program, '/');
    if (slash) {
        slash[1] = '\0';
    }
    snprintf(ret_path, HOME_PATH_MAX, "%scountry.mmdb", program);
}

/* A hint only: without a file people choose their country themselves. */
static void open_place(struct home *home)
{
    char own[HOME_PATH_MAX], beside[HOME_PATH_MAX];
    const char *chosen =
        home->settings.place_db && *home->settings.place_db ? home->settings.place_db : NULL;
    home_path(home, "place.mmdb", own);
    beside_program(beside);
    const char *const places[] = {own, beside, "/usr/share/bauta/country.mmdb"};
    enum err err = ERR_MISSING;
    if (chosen) {
        err = place_open(chosen, &home->place);
    }
    for (size_t i = 0; i < COUNT(places) && err == ERR_MISSING && !chosen; i++) {
        err = place_open(places[i], &home->place);
    }
    if (err != OK) {
        log_line(LOG_WARN, "server", "no country file: countries are not filled in",
                 LOG_T(LOG_FILE, chosen ? chosen : own));
    }
}

/* The server runs without it, but can look at no file that somebody sends. */
static enum err open_sandbox(struct home *home)
{
    TRY(sandbox_new(NULL, &home->sandbox));
    const char *missing = sandbox_missing(home->sandbox);
    if (missing) {
        log_line(LOG_WARN, "server", "no worker program: files that people send are refused",
                 LOG_T(LOG_FILE, missing));
    }
    return OK;
}

/* Every page of world.db, which no start has the time for; PostgreSQL has checksums of its own. */
static enum err whole(struct home *home, char ret_why[HOME_WHY_MAX])
{
    if (store_sound(home->store)) {
        return OK;
    }
    snprintf(ret_why, HOME_WHY_MAX, "world.db is damaged: restore a backup");
    return ERR_BROKEN;
}

enum err home_terms(struct settings *settings, char ret_why[HOME_WHY_MAX])
{
    const char *path = settings->terms_file;
    if (!path || !*path) {
        return OK;
    }
    char *text = malloc(SETTINGS_TERMS_MAX + 2);
    ASSERT_START(text);
    FILE *in = fopen(path, "re");
    size_t len = in ? fread(text, 1, SETTINGS_TERMS_MAX + 1, in) : 0;
    bool bad = !in || ferror(in);
    int why = errno;
    if (in) {
        fclose(in);
    }
    text[len] = '\0';
    if (bad) {
        snprintf(ret_why, HOME_WHY_MAX, "terms_file = %.200s cannot be read: %s", path,
                 strerror(why));
    } else if (len > SETTINGS_TERMS_MAX) {
        snprintf(ret_why, HOME_WHY_MAX, "terms_file = %.200s is larger than %d bytes", path,
                 SETTINGS_TERMS_MAX);
    } else if (strspn(text, " \t\r\n") == len) {
        snprintf(ret_why, HOME_WHY_MAX, "terms_file = %.200s says nothing", path);
    } else if (!text_utf8(text, len) || strlen(text) != len) {
        snprintf(ret_why, HOME_WHY_MAX, "terms_file = %.200s is no text in UTF-8", path);
    } else {
        settings->terms = text;
        return OK;
    }
    free(text);
    return ERR_INVALID;
}

enum err home_open(struct home *home, unsigned flags, char ret_why[HOME_WHY_MAX])
{
    ASSERT_START(!home->store && !home->keys && !home->sole);
    TRY(home_terms(&home->settings, ret_why));
    TRY(providers_open(home->settings.providers, home->settings.outbound_loopback,
                       home_workers(home) / 2, &home->providers, ret_why));
    snprintf(ret_why, HOME_WHY_MAX, "the database did not answer as it should; see the log above");
    TRY(open_store(home, flags, ret_why));
    if (flags & HOME_MIGRATE) {
        TRY(be_the_only_one(home, ret_why));
    }
    TRY(migrate(home, flags, ret_why));
    if (flags & HOME_CHECK) {
        TRY(whole(home, ret_why));
    }
    TRY(inventory_matches(home->store, inventory_tables, ret_why));
    snprintf(ret_why, HOME_WHY_MAX, "the database did not answer as it should; see the log above");
    TRY(keyring_open(home, flags, ret_why));
    open_place(home);
    return open_sandbox(home);
}

enum err home_check(struct home *home, char ret_why[HOME_WHY_MAX])
{
    snprintf(ret_why, HOME_WHY_MAX, "the database did not answer as it should; see the log above");
    TRY(whole(home, ret_why));
    TRY(inventory_matches(home->store, inventory_tables, ret_why));
    return keyring_check(home, ret_why);
}

void home_close(struct home *home)
{
    free(home->settings.terms);
    home->settings.terms = NULL;
    providers_close(home->providers);
    sandbox_free(home->sandbox);
    place_close(home->place);
    keyring_remember(home); /* nothing gives keys out any more */
    keys_close(home->keys);
    store_close(home->store);
    store_sole_free(home->sole);
    if (home->lock_fd >= 0) {
        close(home->lock_fd);
    }
    settings_now_end(&home->settings);
    settings_free(&home->settings);
    *home = (struct home){.lock_fd = -1};
}

/* ---- demo folders ---- */

static bool on_loopback(const char *listen)
{
    return strncmp(listen, "127.", 4) == 0 || strncmp(listen, "[::1]:", 6) == 0 ||
           strncmp(listen, "localhost:", 10) == 0;
}

enum err home_demo_rules(struct home *home, char ret_why[HOME_WHY_MAX])
{
    char path[HOME_PATH_MAX];
    struct settings *settings = &home->settings;
    home_path(home, "demo", path);
    settings->demo = access(path, F_OK) == 0;
    if (!settings->demo) {
        return OK;
    }
    if (!on_loopback(settings->listen) && !settings->demo_public) {
        snprintf(ret_why, HOME_WHY_MAX,
                 "%.200s is a demo folder: it is served on 127.0.0.1 only, because anybody may "
                 "register in it. --demo-public serves it on %.60s all the same",
                 settings->data, settings->listen);
        return ERR_INVALID;
    }
    settings_be_demo(settings);
    return OK;
}

/* ---- threads ---- */

static int cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 && count < 256 ? (int)count : 1;
}

int home_workers(const struct home *home)
{
    bool pg = home->settings.database && *home->settings.database;
    int standard = pg ? 16 : MIN(cores() * 2, 64);
    return home->settings.workers ? (int)home->settings.workers : standard;
}

int home_hashers(const struct home *home)
{
    return home->settings.hashers ? (int)home->settings.hashers : MIN(cores(), 16);
}

int home_reactors(const struct home *home)
{
    return home->settings.reactors ? (int)home->settings.reactors : MIN(cores(), 64);
}

/* ---- calls of commands ---- */

enum err home_api(struct home *home, struct api **ret)
{
    ASSERT_START(home->store && home->keys);
    TRY(home_settings(home));
    const struct api_options options = {
        .features = features,
        .store = home->store,
        .keys = home->keys,
        .settings = &home->settings,
        .place = home->place,
        .sandbox = home->sandbox,
        .workers = 1,
        .hashers = 1,
    };
    return api_new(&options, ret);
}
