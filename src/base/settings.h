#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Settings: one row each (settings.c) with its bounds, default and reason.  The
 * same name stands in bauta.conf (`name = value`), as BAUTA_NAME and as --name
 * (underscores as dashes); flags win over variables, variables over the file.
 */
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
    const char *name_change;    /* "off", "free" */
    const char *first_scene;    /* of the room that newcomers mostly enter first, or "none" */
    const char *parent_methods; /* words of "form call", or "none" */
    /* mail, and asking others */
    const char *smtp_ca, *mail_from, *mail_bounces, *mail_bounce_secret;
    int64_t smtp_timeout_s, smtp_connections, mail_retry_s;
    const char *push_hosts;
    bool outbound_loopback; /* tests only: the peer is on this machine */
    int64_t room_capacity, rooms_per_member, room_lines_days, session_days;
    bool demo, demo_public; /* demo is the data folder's mark, never set by hand */
    bool demo_residents;
    bool history;         /* the bench turns it off */
    int64_t bench_hidden; /* of all pairs of people do not perceive each other, in percent */
    const char *log_level;
};

enum { SETTINGS_WHY_MAX = 256, SETTINGS_TERMS_MAX = 64 * 1024 };

/*
 * Defaults, then `file` (NULL: none), then the environment, then argv (flags only;
 * what is no flag is left to the caller).  ERR_INVALID with a sentence that names
 * file, line, setting and what would be right.  The strings live until
 * settings_free.
 */
MUST_USE enum err settings_read(const char *file, char *const environment[], int argc,
                                char *const argv[], struct settings *ret,
                                char ret_why[SETTINGS_WHY_MAX]);
/* The words of argv that are neither flags nor their values; returns how many, keeps `most`. */
int settings_words(int argc, char *const argv[], const char *ret_words[], int most);
/* Puts another text into a field of `settings`, freeing the old one. */
void settings_replace(const char **at, const char *text);

void settings_free(struct settings *settings);

/* The manual: every row with bounds, default and reason, as text. */
void settings_manual(void (*put)(void *ctx, const char *text), void *ctx);

#endif
