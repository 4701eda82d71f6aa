#include "base/settings.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/*
 * One row a setting: its bounds, its default, its reason.  The same row reads the
 * file, the environment and the flags, and prints the manual.
 */
enum kind { KIND_TEXT, KIND_NUMBER, KIND_BOOL, KIND_CHOICE };

struct row {
    const char *name;
    enum kind kind;
    size_t offset;
    int64_t min, max;
    const char *unit;     /* of a number */
    const char *choices;  /* "open invite" */
    const char *standard; /* as it would stand in the file; NULL: none */
    const char *about;
};

#define AT(member_) offsetof(struct settings, member_)
#define ROW_TEXT(name_, standard_, about_)                                   \
    {                                                                        \
#name_, KIND_TEXT, AT(name_), 0, 1000, NULL, NULL, standard_, about_ \
    }
#define ROW_NUMBER(name_, min_, max_, unit_, standard_, about_)                    \
    {                                                                              \
#name_, KIND_NUMBER, AT(name_), min_, max_, unit_, NULL, standard_, about_ \
    }
#define ROW_BOOL(name_, standard_, about_)                                    \
    {                                                                         \
#name_, KIND_BOOL, AT(name_), 0, 0, NULL, "yes no", standard_, about_ \
    }
#define ROW_CHOICE(name_, choices_, standard_, about_)                          \
    {                                                                           \
#name_, KIND_CHOICE, AT(name_), 0, 0, NULL, choices_, standard_, about_ \
    }

static const struct row rows[] = {
    ROW_TEXT(data, "data", "The folder of everything: database, keys, lock, admin socket."),
    ROW_TEXT(
        listen, "127.0.0.1:8080",
        "HOST:PORT to serve on; [::]:443 is all addresses. Loopback by default, so that nothing "
        "is open to the world by accident."),
    ROW_TEXT(database, NULL,
             "postgres://… for PostgreSQL. Without it: SQLite in the data folder, which serves "
             "thousands of members on one machine."),
    ROW_TEXT(
        keys, NULL,
        "postgres://… of a second database for the members' keys. Without it: DIR/keys. It must "
        "not be the database itself, or its backups could not forget."),
    ROW_TEXT(key_file, NULL,
             "File with the master key (32 bytes, mode 0600), for example a systemd credential. "
             "Without it: DIR/keys/master."),
    ROW_TEXT(public_url, NULL,
             "The site's own address, https://world.example. Without it: the Host of each request; "
             "set it behind a proxy."),
    ROW_TEXT(tls_cert, NULL, "PEM file with the certificate and its chain; with tls_key."),
    ROW_TEXT(tls_key, NULL, "PEM file with the certificate's key; with tls_cert."),
    ROW_TEXT(metrics_listen, NULL,
             "HOST:PORT of a listener of its own for /metrics, for example 127.0.0.1:9090."),
    ROW_TEXT(
        metrics_token, NULL,
        "With it, /metrics on the main listener answers to Authorization: Bearer TOKEN. Without "
        "either there is no /metrics."),
    ROW_TEXT(trusted_proxies, NULL,
             "Addresses and networks (10.0.0.0/8 ::1) whose X-Forwarded-For is believed. Without a "
             "proxy leave it empty: else anybody could claim any address."),
    ROW_TEXT(place_db, NULL,
             "MMDB file that gives an address's country; a free one ships. Only a hint for the "
             "registration form."),

    ROW_NUMBER(reactors, 0, 64, "threads", "0",
               "Threads that move bytes and rooms; 0: one a core."),
    ROW_NUMBER(workers, 0, 256, "threads", "0",
               "Threads that run calls; 0: two a core, with PostgreSQL sixteen."),
    ROW_NUMBER(hashers, 0, 64, "threads", "0",
               "Threads that hash passwords, 19 MiB and 50 ms each; 0: one a core."),
    ROW_NUMBER(memory_mb, 64, 1048576, "MB", "256",
               "What the server plans with: an eighth is the database's page cache."),
    ROW_NUMBER(connections, 16, 1000000, "connections", "10000",
               "Most connections at once. The system's limit on open files must be higher."),
    ROW_NUMBER(connections_per_address, 4, 1000000, "connections", "1000",
               "Most connections from one address: high, because a school shares one."),
    ROW_NUMBER(head_ms, 100, 600000, "ms", "10000", "A request's head must be here by then."),
    ROW_NUMBER(body_ms, 100, 600000, "ms", "30000", "And its body by then."),
    ROW_NUMBER(idle_ms, 1000, 3600000, "ms", "75000",
               "A connection without requests is closed after this; longer than most proxies'."),
    ROW_NUMBER(drain_ms, 0, 600000, "ms", "10000",
               "On SIGTERM: how long open calls may take to finish."),
    ROW_NUMBER(limit_scale, 1, 1000000, "times", "1",
               "Every rate limit times this. Only load tests want more than 1."),

    ROW_TEXT(site_name, "Bauta", "The world's name, as people read it."),
    ROW_CHOICE(registration, "open invite approval closed", "invite",
               "Who may register: anybody, people with an invitation, people an administrator "
               "approves, nobody. Demo folders are open."),
    ROW_CHOICE(name_change, "off free", "off",
               "May members change their avatar name: not at all, or once in 30 days without a "
               "price. Demo folders are free."),
    ROW_CHOICE(language, "en id", "en", "For people whose browser asks for none of ours."),
    ROW_TEXT(source_url, NULL,
             "Where the source of this very server can be had (AGPL section 13). Without it the "
             "server offers its own: the tree that it was built from, with its changes."),
    ROW_TEXT(terms_file, NULL,
             "A text file with your terms, for /terms. Without it there is no such page."),
    ROW_TEXT(contact_email, NULL, "Where people reach the operator; shown on the site."),
    ROW_TEXT(officer_address, NULL, "The privacy officer's postal address; shown on the site."),
    ROW_TEXT(smtp_url, NULL,
             "smtp://user:password@host:587 or smtps://…:465: the relay for mail. With a password "
             "STARTTLS is required. Without the setting mail waits where administrators read it."),
    ROW_TEXT(smtp_ca, NULL,
             "PEM file with the authority of the relay's certificate, when it is none that the "
             "system knows."),
    ROW_TEXT(mail_from, NULL,
             "Address that mail comes from. Without it: no-reply@ the host of public_url."),
    ROW_TEXT(mail_bounces, NULL,
             "bounces@world.example: mail that cannot be delivered comes back to "
             "bounces+TOKEN@world.example. Without it: to mail_from, and nobody is told."),
    ROW_TEXT(mail_bounce_secret, NULL,
             "What whoever reports a bounce to /api/mail/bounces must know; 16 characters or "
             "more. Without it nobody may report."),
    ROW_NUMBER(smtp_timeout_s, 1, 600, "seconds", "60", "The relay takes one mail in this time."),
    ROW_NUMBER(smtp_connections, 1, 32, "connections", "8", "Most to the relay at once."),
    ROW_NUMBER(mail_retry_s, 1, 3600, "seconds", "60",
               "A mail that the relay did not take is tried again after this, then each time "
               "later, up to four hours."),
    ROW_TEXT(push_hosts,
             "fcm.googleapis.com updates.push.services.mozilla.com web.push.apple.com "
             "*.notify.windows.com",
             "Push services that members' browsers may name; nothing is sent to others. Each is a "
             "recipient of personal data: keep your privacy notice in step. Empty: no push."),
    ROW_BOOL(outbound_loopback, "no",
             "The server may ask others on this machine, by http, too. Only tests want it."),
    ROW_TEXT(parent_methods, "form",
             "How a parent may prove being an adult before a child of the age that needs consent "
             "gets an account: form (signed, uploaded, reviewed by staff), call (a video call with "
             "staff), or both. none: such children are turned away. Staff answer within 14 days."),
    ROW_TEXT(providers, NULL,
             "JSON file (mode 0600: it holds secrets) with the outside accounts that members may "
             "sign in with: docs/operating.md, \"Outside accounts\". Without it there are none."),
    ROW_CHOICE(first_scene, "none lounge cafe garden", "none", "Fetched while people register."),
    ROW_NUMBER(room_capacity, 2, 200, "people", "25", "Of a new room whose maker chose none."),
    ROW_NUMBER(rooms_per_member, 0, 1000, "rooms", "10", "Most open rooms one member may own."),
    ROW_NUMBER(room_lines_days, 1, 90, "days", "90",
               "Room lines are deleted after this; the privacy notice says 90 at most."),
    ROW_NUMBER(session_days, 1, 365, "days", "30",
               "A session that stays signed in ends this long after its last use."),
    ROW_BOOL(demo_public, "no", "A demo folder may be served beyond loopback, to anybody there!"),
    ROW_BOOL(demo_residents, "yes", "The people of a demo folder walk, sit and talk, by a script."),
    ROW_BOOL(history, "yes", "Room lines are stored. The benchmark turns it off."),
    ROW_NUMBER(
        bench_hidden, 0, 100, "percent", "0",
        "So many pairs of people do not perceive each other in rooms. Only for the benchmark."),
    ROW_CHOICE(log_level, "info warn error", "info", "Lines below this are not written."),
};

void settings_replace(const char **at, const char *text)
{
    char *copy = strdup(text), *old = NULL;
    ASSERT_START(copy);
    memcpy(&old, at, sizeof(old)); /* ours, whatever the struct's const says */
    free(old);
    *at = copy;
}

static void *place_of(struct settings *settings, const struct row *row)
{
    return (char *)settings + row->offset;
}

PRINTF(2, 3) static enum err bad(char ret_why[SETTINGS_WHY_MAX], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(ret_why, SETTINGS_WHY_MAX, format, args);
    va_end(args);
    return ERR_INVALID;
}

static bool same(char a, char b)
{
    return a == b || (a == '-' && b == '_');
}

/* `len` bytes of a name; dashes stand for underscores. */
static const struct row *row_named(const char *name, size_t len)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t at = 0;
        while (at < len && rows[i].name[at] && same(name[at], rows[i].name[at])) {
            at++;
        }
        if (at == len && !rows[i].name[at]) {
            return &rows[i];
        }
    }
    return NULL;
}

/* Edit distance; names are short. */
static size_t distance(const char *a, size_t a_len, const char *b)
{
    enum { NAME_MAX_ = 40 };
    size_t line[NAME_MAX_ + 1], b_len = strlen(b);
    if (a_len > NAME_MAX_ || b_len > NAME_MAX_) {
        return NAME_MAX_;
    }
    for (size_t j = 0; j <= b_len; j++) {
        line[j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        size_t corner = line[0];
        line[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t next = MIN(MIN(line[j], line[j - 1]) + 1, corner + !same(a[i - 1], b[j - 1]));
            corner = line[j];
            line[j] = next;
        }
    }
    return line[b_len];
}

static const char *nearest(const char *name, size_t len)
{
    const char *best = rows[0].name;
    for (size_t i = 1; i < COUNT(rows); i++) {
        if (distance(name, len, rows[i].name) < distance(name, len, best)) {
            best = rows[i].name;
        }
    }
    return best;
}

static bool chosen(const char *choices, const char *text)
{
    size_t len = strlen(text);
    for (const char *at = choices; *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == len && memcmp(at, text, len) == 0) {
            return true;
        }
        at += word;
    }
    return false;
}

static enum err put_text(struct settings *settings, const struct row *row, const char *text)
{
    settings_replace(place_of(settings, row), text);
    return OK;
}

/* `where` begins the sentence: "bauta.conf:12: ". */
static enum err put(struct settings *settings, const struct row *row, const char *text,
                    const char *where, char ret_why[SETTINGS_WHY_MAX])
{
    switch (row->kind) {
    case KIND_TEXT:
        if (!text_utf8(text, strlen(text)) || strlen(text) > (size_t)row->max) {
            return bad(ret_why, "%s%s: at most %lld bytes of UTF-8 are possible here", where,
                       row->name, (long long)row->max);
        }
        return put_text(settings, row, text);
    case KIND_NUMBER:
        if (!text_i64(text, row->min, row->max, place_of(settings, row))) {
            return bad(ret_why, "%s%s = %.40s: must be a whole number from %lld to %lld (%s)",
                       where, row->name, text, (long long)row->min, (long long)row->max, row->unit);
        }
        return OK;
    case KIND_BOOL:
        if (!chosen("yes no true false on off 1 0", text)) {
            return bad(ret_why, "%s%s = %.40s: must be yes or no", where, row->name, text);
        }
        *(bool *)place_of(settings, row) = chosen("yes true on 1", text);
        return OK;
    case KIND_CHOICE:
        if (!chosen(row->choices, text)) {
            return bad(ret_why, "%s%s = %.40s: must be one of: %s", where, row->name, text,
                       row->choices);
        }
        return put_text(settings, row, text);
    }
    return ERR_BROKEN;
}

static enum err unknown(const char *where, const char *name, size_t len,
                        char ret_why[SETTINGS_WHY_MAX])
{
    return bad(ret_why, "%s%.*s is no setting; did you mean %s? `bauta settings` lists all", where,
               (int)MIN(len, 40), name, nearest(name, len));
}

/* Without blanks around, and without the quotes around it. */
static char *trim(char *text)
{
    text += strspn(text, " \t\r\n");
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n", text[len - 1])) {
        text[--len] = '\0';
    }
    if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
        text[len - 1] = '\0';
        text++;
    }
    return text;
}

static enum err read_line(struct settings *settings, char *line, const char *where,
                          char ret_why[SETTINGS_WHY_MAX])
{
    char *text = trim(line);
    if (!*text || *text == '#') {
        return OK;
    }
    char *equals = strchr(text, '=');
    if (!equals) {
        return bad(ret_why, "%sa line reads `name = value`; this one has no =", where);
    }
    *equals = '\0';
    const char *name = trim(text);
    const struct row *row = row_named(name, strlen(name));
    if (!row) {
        return unknown(where, name, strlen(name), ret_why);
    }
    return put(settings, row, trim(equals + 1), where, ret_why);
}

static enum err read_file(struct settings *settings, const char *path,
                          char ret_why[SETTINGS_WHY_MAX])
{
    enum { LINE_BYTES = 2048 };
    char line[LINE_BYTES], where[SETTINGS_WHY_MAX / 2];
    FILE *file = fopen(path, "re");
    if (!file) {
        return bad(ret_why, "%.150s cannot be read (%s): check --config and the file's rights",
                   path, strerror(errno));
    }
    enum err err = OK;
    for (int number = 1; err == OK && fgets(line, sizeof(line), file); number++) {
        snprintf(where, sizeof(where), "%.100s:%d: ", path, number);
        err = strlen(line) == sizeof(line) - 1 && line[sizeof(line) - 2] != '\n'
                  ? bad(ret_why, "%sthe line is longer than %d bytes", where, LINE_BYTES - 2)
                  : read_line(settings, line, where, ret_why);
    }
    if (err == OK && ferror(file)) {
        err = bad(ret_why, "%.150s cannot be read: %s", path, strerror(errno));
    }
    fclose(file);
    return err;
}

static enum err read_environment(struct settings *settings, char *const environment[],
                                 char ret_why[SETTINGS_WHY_MAX])
{
    static const char prefix[] = "BAUTA_";
    for (; environment && *environment; environment++) {
        const char *name = *environment, *equals = strchr(name, '=');
        if (strncmp(name, prefix, sizeof(prefix) - 1) != 0 || !equals) {
            continue;
        }
        /* Other variables of that beginning (BAUTA_TEST_PG) are not settings. */
        char lower[64] = "";
        name += sizeof(prefix) - 1;
        for (size_t i = 0; i < sizeof(lower) - 1 && name + i < equals; i++) {
            lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i]);
        }
        const struct row *row = row_named(lower, strlen(lower));
        if (row) {
            TRY(put(settings, row, equals + 1, "the environment: ", ret_why));
        }
    }
    return OK;
}

/* --name=value, --name value, and --name or --no-name of a yes or no. */
static enum err read_flag(struct settings *settings, int argc, char *const argv[], int *at,
                          char ret_why[SETTINGS_WHY_MAX])
{
    const char *name = argv[*at] + 2;
    size_t len = strcspn(name, "=");
    const char *value = name[len] ? name + len + 1 : NULL;
    const struct row *row = row_named(name, len);
    if (!row && strncmp(name, "no-", 3) == 0 && !value) {
        row = row_named(name + 3, len - 3);
        value = "no";
        row = row && row->kind == KIND_BOOL ? row : NULL;
    }
    if (!row) {
        return unknown("--", name, len, ret_why);
    }
    if (!value && row->kind == KIND_BOOL) {
        value = "yes";
    }
    if (!value && *at + 1 < argc) {
        value = argv[++*at];
    }
    if (!value) {
        return bad(ret_why, "--%.*s needs a value", (int)len, name);
    }
    return put(settings, row, value, "--", ret_why);
}

int settings_words(int argc, char *const argv[], const char *ret_words[], int most)
{
    int count = 0;
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) != 0) {
            ret_words[MIN(count, most - 1)] = argv[i];
            count++;
            continue;
        }
        const struct row *row = row_named(argv[i] + 2, strlen(argv[i] + 2));
        i += row && row->kind != KIND_BOOL; /* its value */
    }
    return count;
}

static enum err read_all(const char *file, char *const environment[], int argc, char *const argv[],
                         struct settings *settings, char ret_why[SETTINGS_WHY_MAX])
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].standard) {
            TRY(put(settings, &rows[i], rows[i].standard, "default: ", ret_why));
        }
    }
    if (file) {
        TRY(read_file(settings, file, ret_why));
    }
    TRY(read_environment(settings, environment, ret_why));
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) == 0) {
            TRY(read_flag(settings, argc, argv, &i, ret_why));
        }
    }
    static const char *const methods[] = {"form", "call", "form call", "call form", "none", NULL};
    const char *const *known = methods;
    while (*known && strcmp(*known, settings->parent_methods) != 0) {
        known++;
    }
    if (!*known) {
        return bad(ret_why, "parent_methods = %.40s: must be form, call, form call, or none",
                   settings->parent_methods);
    }
    if (!settings->tls_cert != !settings->tls_key) {
        return bad(ret_why, "tls_cert and tls_key belong together: set both or none");
    }
    return OK;
}

enum err settings_read(const char *file, char *const environment[], int argc, char *const argv[],
                       struct settings *ret, char ret_why[SETTINGS_WHY_MAX])
{
    struct settings settings = {0};
    enum err err = read_all(file, environment, argc, argv, &settings, ret_why);
    if (err != OK) {
        settings_free(&settings);
        return err;
    }
    *ret = settings;
    return OK;
}

void settings_free(struct settings *settings)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].kind == KIND_TEXT || rows[i].kind == KIND_CHOICE) {
            char **at = place_of(settings, &rows[i]);
            free(*at);
            *at = NULL;
        }
    }
}

void settings_manual(void (*put_text_)(void *ctx, const char *text), void *ctx)
{
    char head[512];
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        char bounds[256] = "text";
        if (row->kind == KIND_NUMBER) {
            snprintf(bounds, sizeof(bounds), "%lld to %lld %s", (long long)row->min,
                     (long long)row->max, row->unit);
        } else if (row->kind != KIND_TEXT) {
            snprintf(bounds, sizeof(bounds), "one of: %s", row->choices);
        }
        snprintf(head, sizeof(head), "%s = %s\n    %s\n    ", row->name,
                 row->standard ? row->standard : "", bounds);
        put_text_(ctx, head);
        put_text_(ctx, row->about);
        put_text_(ctx, "\n\n");
    }
}
