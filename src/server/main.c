#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "commands/control.h"
#include "home/modes.h"
#include "server/serve.h"

/* The command line: settings first, then the command. */
enum { WORDS_MAX = 4, ADMIN_LINE_MAX = 1024 };

struct command {
    const char *name;
    int (*run)(struct home *home, const char *const *words, int count);
    const char *usage;
};

static bool keys_only; /* --keys of backup and restore */

static int failed(const char *text)
{
    fprintf(stderr, "bauta: %s\n", text);
    return 1;
}

static int finished(enum err err, const char *text)
{
    if (err != OK) {
        return failed(text);
    }
    printf("%s\n", text);
    return 0;
}

static int run_serve(struct home *home, const char *const *words UNUSED, int count UNUSED)
{
    return serve(home);
}

/* Opens the folder for one command; ends it with a sentence on failure. */
static enum err take(struct home *home, unsigned flags, char ret_why[HOME_WHY_MAX])
{
    TRY(home_lock(home, ret_why));
    TRY(home_demo_rules(home, ret_why));
    return home_open(home, flags, ret_why);
}

static int run_migrate(struct home *home, const char *const *words UNUSED, int count UNUSED)
{
    char why[HOME_WHY_MAX] = "";
    return finished(take(home, HOME_MIGRATE, why), *why ? why : "the database is up to date");
}

static void put_text(void *ctx UNUSED, const char *text)
{
    fputs(text, stdout);
}

/* Nobody serves it: all is opened here. */
static enum err check_alone(struct home *home, char ret_why[HOME_WHY_MAX])
{
    TRY(take(home, HOME_CHECK, ret_why));
    if (home_settings(home) != OK || home_settings_tell(home, put_text, NULL) != OK) {
        snprintf(ret_why, HOME_WHY_MAX,
                 "what was set in the pages cannot be read; see the log above");
        return ERR_BROKEN;
    }
    return OK;
}

/* A server has it: what it holds open it looks at itself, and the settings of the next start are
 * looked at here. */
static enum err check_beside(struct home *home, char ret_text[ADMIN_TEXT_MAX], bool *ret_served,
                             char ret_why[HOME_WHY_MAX])
{
    enum err err = control_ask(home, "check", "", ret_text);
    *ret_served = err != ERR_MISSING;
    if (!*ret_served) {
        return OK;
    }
    if (err != OK) {
        snprintf(ret_why, HOME_WHY_MAX, "%.*s", HOME_WHY_MAX - 1, ret_text);
        return err;
    }
    put_text(NULL, ret_text);
    TRY(home_demo_rules(home, ret_why));
    TRY(home_terms(&home->settings, ret_why));
    TRY(providers_open(home->settings.providers, home->settings.outbound_loopback, 1,
                       &home->providers, ret_why));
    return sandbox_new(NULL, &home->sandbox);
}

static int run_check(struct home *home, const char *const *words UNUSED, int count UNUSED)
{
    static char text[ADMIN_TEXT_MAX];
    char why[HOME_WHY_MAX] = "";
    bool served = false;
    enum err err = check_beside(home, text, &served, why);
    if (err == OK && !served) {
        err = check_alone(home, why);
    }
    const char *missing = err == OK ? sandbox_missing(home->sandbox) : NULL;
    if (missing) {
        snprintf(why, sizeof(why),
                 "the program %.300s is missing or may not be run: it belongs beside bauta, and "
                 "without it no file that people send can be looked at",
                 missing);
        err = ERR_MISSING;
    }
    return finished(err, err == OK
                             ? "settings, folder, database, inventory, keys and worker are in "
                               "order"
                             : why);
}

static int run_lost_keys(struct home *home, const char *const *words UNUSED, int count UNUSED)
{
    char why[HOME_WHY_MAX] = "";
    enum err err = take(home, HOME_MIGRATE | HOME_GIVE_UP, why);
    return finished(err, why);
}

static int run_demo(struct home *home, const char *const *words UNUSED, int count UNUSED)
{
    char text[ADMIN_TEXT_MAX] = "";
    struct api *api = NULL;
    enum err err = take(home, HOME_MIGRATE, text);
    home->settings.demo = true;
    if (err == OK) {
        err = home_api(home, &api);
    }
    if (err == OK) {
        err = demo_fill(home, api, text);
        api_drain(api);
    }
    api_free(api);
    return finished(err, text);
}

static int ask_admin(struct home *home, const char *before, const char *const *words, int count)
{
    char text[ADMIN_TEXT_MAX] = "";
    struct api *api = NULL;
    char line[ADMIN_LINE_MAX] = "";
    size_t len = (size_t)snprintf(line, sizeof(line), "%s", before);
    for (int i = 0; i < count && len < sizeof(line); i++) {
        len += (size_t)snprintf(line + len, sizeof(line) - len, "%s%s", i ? "\t" : "", words[i]);
    }
    if (len >= sizeof(line)) {
        return failed("these words are too long");
    }
    enum err err = control_ask(home, "admin", line, text);
    if (err != ERR_MISSING) {
        return finished(err, text);
    }
    err = take(home, HOME_MIGRATE, text);
    if (err == OK) {
        err = home_api(home, &api);
    }
    if (err == OK) {
        err = admin_run(home, api, line, text);
        api_drain(api);
    }
    api_free(api);
    return finished(err, text);
}

static int run_admin(struct home *home, const char *const *words, int count)
{
    return ask_admin(home, "", words, count);
}

static int run_audit(struct home *home, const char *const *words, int count)
{
    return ask_admin(home, "audit\t", words, count);
}

/* The server may stand in another folder than the one who asks. */
static bool absolute(const char *path, char ret[HOME_PATH_MAX])
{
    char here[HOME_PATH_MAX] = "";
    if (*path != '/' && !getcwd(here, sizeof(here))) {
        return false;
    }
    return snprintf(ret, HOME_PATH_MAX, "%s%s%s", here, *path == '/' ? "" : "/", path) <
           HOME_PATH_MAX;
}

static int run_backup(struct home *home, const char *const *words, int count)
{
    char text[ADMIN_TEXT_MAX] = "", path[HOME_PATH_MAX];
    if (count != 1 || !absolute(words[0], path)) {
        return failed("usage: bauta backup [--keys] FILE");
    }
    enum err err = control_ask(home, keys_only ? "backup-keys" : "backup", path, text);
    if (err == ERR_MISSING) {
        err = take(home, HOME_MIGRATE, text);
        if (err == OK) {
            err = (keys_only ? backup_keys : backup_make)(home, path, text);
        }
    }
    return finished(err, text);
}

static int run_restore(struct home *home, const char *const *words, int count)
{
    char text[ADMIN_TEXT_MAX] = "";
    if (count != 1) {
        return failed("usage: bauta restore [--keys] FILE");
    }
    enum err err = home_lock(home, text);
    if (err == OK) {
        err = backup_restore(home, words[0], text);
    }
    return finished(err, text);
}

static int run_verify(struct home *home UNUSED, const char *const *words, int count)
{
    char text[ADMIN_TEXT_MAX] = "";
    if (count != 1) {
        return failed("usage: bauta verify FILE");
    }
    enum err err = backup_verify(words[0], text);
    return finished(err, text);
}

static int run_settings(struct home *home, const char *const *words UNUSED, int count UNUSED)
{
    printf(
        "Each stands in bauta.conf as `name = value`, as BAUTA_NAME in the environment, or as\n"
        "--name VALUE. Flags win over the environment, the environment over the file, the file\n"
        "over what was set in the pages at Administration, Settings (where the line says so).\n\n");
    settings_manual(&home->settings, put_text, NULL);
    return 0;
}

static int run_version(struct home *home UNUSED, const char *const *words UNUSED, int count UNUSED)
{
    printf("bauta " BAUTA_VERSION "\n");
    return 0;
}

static int run_help(struct home *home, const char *const *words, int count);

static const struct command commands[] = {
    {"serve", run_serve, "serve                 run the server"},
    {"demo", run_demo, "demo                  fill an empty data folder with a demo world"},
    {"admin", run_admin,
     "admin create NAME     print a one-time link for an administrator\n"
     "  bauta admin …               people, roles, rooms, invitations, mails, jobs, settings: "
     "see `bauta admin`"},
    {"audit", run_audit,
     "audit verify [--head HASH]\n"
     "                              is the log of staff whole, and is that line in it?"},
    {"check", run_check,
     "check                 say whether the server would start; while serving, too"},
    {"migrate", run_migrate, "migrate               bring the database up to date"},
    {"backup", run_backup,
     "backup [--keys] FILE  save the database, or the keys; while serving, too"},
    {"restore", run_restore, "restore FILE          into a data folder without a world (or keys)"},
    {"lost-keys", run_lost_keys,
     "lost-keys             give up what was sealed with keys that no backup has"},
    {"verify", run_verify, "verify FILE           is this backup whole?"},
    {"settings", run_settings,
     "settings              every setting with bounds, default and reason"},
    {"version", run_version, "version"},
    {"help", run_help, "help"},
};

static int run_help(struct home *home UNUSED, const char *const *words UNUSED, int count UNUSED)
{
    printf("bauta COMMAND [--config FILE] [--data DIR] [--setting VALUE …]\n\n");
    for (size_t i = 0; i < COUNT(commands); i++) {
        printf("  bauta %s\n", commands[i].usage);
    }
    return 0;
}

static const struct command *command_named(const char *name)
{
    for (size_t i = 0; i < COUNT(commands); i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

/* Takes --config FILE and, for backup and restore, --keys out of the flags. */
static const char *take_own_flags(int *argc, char **argv, const char *command)
{
    const char *config = NULL;
    bool has_keys = strcmp(command, "backup") == 0 || strcmp(command, "restore") == 0;
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        if (strcmp(argv[i], "--config") == 0 && i + 1 < *argc) {
            config = argv[++i];
        } else if (strncmp(argv[i], "--config=", 9) == 0) {
            config = argv[i] + 9;
        } else if (has_keys && strcmp(argv[i], "--keys") == 0) {
            keys_only = true;
        } else if (strcmp(command, "audit") != 0 || strcmp(argv[i], "--head") != 0) {
            argv[kept++] = argv[i]; /* the hash after --head is a word */
        }
    }
    *argc = kept;
    return config;
}

/* --config FILE, or bauta.conf in the data folder when there is one. */
static enum err read_settings(int *argc, char **argv, const char *command, struct home *home,
                              char ret_why[HOME_WHY_MAX])
{
    char path[HOME_PATH_MAX];
    const char *config = take_own_flags(argc, argv, command);
    if (config) {
        TRY(modes_mend(config, S_IWGRP | S_IRWXO, ret_why)); /* it may hold a relay's password */
    }
    TRY(settings_read(features_settings(features), config, environ, *argc, argv, &home->settings,
                      ret_why));
    if (config) {
        return OK;
    }
    home_path(home, "bauta.conf", path);
    if (access(path, F_OK) != 0) {
        return OK;
    }
    TRY(modes_mend(path, S_IWGRP | S_IRWXO, ret_why));
    settings_free(&home->settings);
    return settings_read(features_settings(features), path, environ, *argc, argv, &home->settings,
                         ret_why);
}

int main(int argc, char **argv)
{
    struct home home = {.lock_fd = -1};
    char why[MAX((int)SETTINGS_WHY_MAX, (int)HOME_WHY_MAX)] = "";
    const char *words[WORDS_MAX];
    const char *name = argc > 1 ? argv[1] : "help";
    const struct command *command =
        command_named(strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 ? "help"
                      : strcmp(name, "--version") == 0                       ? "version"
                                                                             : name);
    if (!command) {
        fprintf(stderr, "bauta: there is no command %.40s; `bauta help` lists them\n", name);
        return 2;
    }
    int left = argc > 2 ? argc - 2 : 0;
    char **flags = argv + MIN(argc, 2);
    umask(0077);
    crypto_start();
    if (read_settings(&left, flags, command->name, &home, why) != OK) {
        fprintf(stderr, "bauta: %s\n", why);
        return 2;
    }
    const char *level = home.settings.log_level;
    log_threshold(*level == 'e' ? LOG_ERROR : *level == 'w' ? LOG_WARN : LOG_INFO);
    int count = settings_words(&home.settings, left, flags, words, WORDS_MAX);
    if (count > WORDS_MAX) {
        fprintf(stderr, "bauta: too many words; `bauta help` shows how it is meant\n");
        return 2;
    }
    int code = command->run(&home, words, count);
    if (command->run != run_serve) {
        home_close(&home);
    }
    return code;
}
