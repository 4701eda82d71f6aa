#include "base/settings.h"

#include <stdio.h>

/*
 * What more than one room of the house asks of the operator.  In the pages may be set what a
 * community turns and what is undone there; not, besides what settings.h says: public_url (a wrong
 * one takes away every passkey, and so whoever could undo it), source_url (says which program was
 * installed), terms_file, providers (paths), demo_residents and log_level (of who runs the
 * machine).
 */
static const struct setting rows[] = {
    SETTING_TEXT(struct settings, data, "data",
                 "The folder of everything: database, keys, lock, admin socket."),
    SETTING_TEXT(
        struct settings, listen, "127.0.0.1:8080",
        "HOST:PORT to serve on; [::]:443 is all addresses. Loopback by default, so that nothing "
        "is open to the world by accident."),
    SETTING_TEXT(struct settings, database, NULL,
                 "postgres://… for PostgreSQL. Without it: SQLite in the data folder, which serves "
                 "thousands of members on one machine."),
    SETTING_TEXT(
        struct settings, keys, NULL,
        "postgres://… of a second database for the members' keys. Without it: DIR/keys. It must "
        "not be the database itself, or its backups could not forget."),
    SETTING_TEXT(
        struct settings, key_file, NULL,
        "File with the master key (32 bytes, mode 0600), for example a systemd credential. "
        "Without it: DIR/keys/master."),
    SETTING_TEXT(
        struct settings, public_url, NULL,
        "The site's own address, https://world.example. Without it: the Host of each request; "
        "set it behind a proxy.",
        .site = true),
    SETTING_TEXT(struct settings, tls_cert, NULL,
                 "PEM file with the certificate and its chain; with tls_key."),
    SETTING_TEXT(struct settings, tls_key, NULL,
                 "PEM file with the certificate's key; with tls_cert."),
    SETTING_TEXT(struct settings, metrics_listen, NULL,
                 "HOST:PORT of a listener of its own for /metrics, for example 127.0.0.1:9090."),
    SETTING_TEXT(
        struct settings, metrics_token, NULL,
        "With it, /metrics on the main listener answers to Authorization: Bearer TOKEN. Without "
        "either there is no /metrics."),
    SETTING_TEXT(
        struct settings, trusted_proxies, NULL,
        "Addresses and networks (10.0.0.0/8 ::1) whose X-Forwarded-For is believed. Without a "
        "proxy leave it empty: else anybody could claim any address."),
    SETTING_TEXT(struct settings, place_db, NULL,
                 "MMDB file that gives an address's country; a free one ships. Only a hint for the "
                 "registration form."),

    SETTING_NUMBER(struct settings, reactors, 0, 64, "threads", "0",
                   "Threads that move bytes and rooms; 0: one a core."),
    SETTING_NUMBER(struct settings, workers, 0, 256, "threads", "0",
                   "Threads that run calls; 0: two a core, with PostgreSQL sixteen."),
    SETTING_NUMBER(struct settings, hashers, 0, 64, "threads", "0",
                   "Threads that hash passwords, 19 MiB and 50 ms each; 0: one a core."),
    SETTING_NUMBER(struct settings, memory_mb, 64, 1048576, "MB", "256",
                   "What the server plans with: an eighth is the database's page cache."),
    SETTING_NUMBER(struct settings, connections, 16, 1000000, "connections", "10000",
                   "Most connections at once. The system's limit on open files must be higher."),
    SETTING_NUMBER(struct settings, connections_per_address, 4, 1000000, "connections", "1000",
                   "Most connections from one address: high, because a school shares one."),
    SETTING_NUMBER(struct settings, head_ms, 100, 600000, "ms", "10000",
                   "A request's head must be here by then."),
    SETTING_NUMBER(struct settings, body_ms, 100, 600000, "ms", "30000", "And its body by then."),
    SETTING_NUMBER(
        struct settings, idle_ms, 1000, 3600000, "ms", "75000",
        "A connection without requests is closed after this; longer than most proxies'."),
    SETTING_NUMBER(struct settings, drain_ms, 0, 600000, "ms", "10000",
                   "On SIGTERM: how long open calls may take to finish."),
    SETTING_NUMBER(struct settings, limit_scale, 1, 1000000, "times", "1",
                   "Every rate limit times this. Only load tests want more than 1."),

    SETTING_LINE(struct settings, site_name, 1, 100, "Bauta",
                 "The world's name, as people read it.", .group = "site"),
    SETTING_CHOICE(struct settings, registration, "open invite approval closed", "invite", "open",
                   "Who may register: anybody, people with an invitation, people an administrator "
                   "approves, nobody. Demo folders are open.",
                   .group = "people"),
    SETTING_CHOICE(struct settings, language, "en id", "en", NULL,
                   "For people whose browser asks for none of ours.", .group = "site"),
    SETTING_TEXT(
        struct settings, source_url, NULL,
        "Where the source of this very server can be had (AGPL section 13). Without it the "
        "server offers its own: the tree that it was built from, with its changes."),
    SETTING_TEXT(struct settings, terms_file, NULL,
                 "A text file with your terms: their first version, where none was published yet."),
    SETTING_LINE(struct settings, contact_email, 0, 254, NULL,
                 "Where people reach the operator; shown on the site.", .group = "site",
                 .email = true, .personal = true),
    SETTING_TEXT(struct settings, officer_address, NULL,
                 "The privacy officer's postal address; shown on the site.", .group = "site",
                 .personal = true),
    SETTING_TEXT(
        struct settings, smtp_url, NULL,
        "smtp://user:password@host:587 or smtps://…:465: the relay for mail. STARTTLS is required, "
        "but for a relay on this machine without a password (smtp://127.0.0.1:25): to one that has "
        "none nothing is sent. Without the setting mail waits where administrators read it."),
    SETTING_TEXT(struct settings, smtp_ca, NULL,
                 "PEM file with the authority of the relay's certificate, when it is none that the "
                 "system knows."),
    SETTING_NUMBER(struct settings, smtp_timeout_s, 1, 600, "seconds", "60",
                   "The relay takes one mail in this time."),
    SETTING_NUMBER(struct settings, smtp_connections, 1, 32, "connections", "8",
                   "Most to the relay at once."),
    SETTING_BOOL(struct settings, outbound_loopback, "no",
                 "The server may ask others on this machine, by http, too. Only tests want it."),
    SETTING_TEXT(
        struct settings, providers, NULL,
        "JSON file (mode 0600: it holds secrets) with the outside accounts that members may "
        "sign in with: docs/operating.md, \"Outside accounts\". Without it there are none."),
    SETTING_BOOL(struct settings, demo_public, "no",
                 "A demo folder may be served beyond loopback, to anybody there!"),
    SETTING_BOOL(struct settings, demo_residents, "yes",
                 "The people of a demo folder walk, sit and talk, by a script."),
    SETTING_BOOL(struct settings, history, "yes",
                 "Room lines are stored. The benchmark turns it off."),
    SETTING_NUMBER(
        struct settings, bench_hidden, 0, 100, "percent", "0",
        "So many pairs of people do not perceive each other in rooms. Only for the benchmark."),
    SETTING_CHOICE(struct settings, log_level, "info warn error", "info", NULL,
                   "Lines below this are not written."),
    {0},
};

static enum err check_whole(const void *own, char ret_why[SETTINGS_WHY_MAX])
{
    const struct settings *settings = own;
    if (!settings->tls_cert != !settings->tls_key) {
        snprintf(ret_why, SETTINGS_WHY_MAX,
                 "tls_cert and tls_key belong together: set both or none");
        return ERR_INVALID;
    }
    return OK;
}

const struct setting_group settings_whole = {rows, sizeof(struct settings), check_whole};
