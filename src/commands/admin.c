#include "commands/admin.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/log.h"
#include "features/identity/invites/invites.h"
#include "features/talk/rooms/rooms.h"

/* ---- bauta admin create NAME ---- */

struct link_in {
    char name[128];
};
struct link_out {
    char code[PUBLIC_ID_LEN + 1];
};
struct link_state {
    uint8_t hash[HASH_BYTES];
};

INNER_STEPS(link, struct link_in, struct link_out, struct link_state, prepare, apply);
STEP(link, prepare)
{
    invites_code(out->code, state->hash);
    return OK;
}

STEP(link, apply)
{
    int64_t id = 0;
    call->acted.staff = true;
    return invites_add(call, "admin", in->name, state->hash, 1,
                       call->now_ms + (int64_t)ADMIN_LINK_HOURS * 3600 * 1000, &id);
}

const struct api_route admin_link_route = {.method = "bauta",
                                           .path = "admin create",
                                           .who = API_ADMIN,
                                           .tx = API_TX_WRITE,
                                           .status = 201,
                                           .steps = &link_steps,
                                           .about = "A one-time link for an administrator."};

enum err admin_ask(struct api *api, const struct api_route *route, const void *in, void *ret_out,
                   char ret_text[ADMIN_TEXT_MAX])
{
    static const char *const kinds[ERR_COUNT_] = {
        [ERR_INVALID] = "invalid", [ERR_LOGIN] = "login",       [ERR_DENIED] = "denied",
        [ERR_MISSING] = "missing", [ERR_CONFLICT] = "conflict", [ERR_LARGE] = "large",
        [ERR_LIMIT] = "limit",     [ERR_BUSY] = "busy",         [ERR_BROKEN] = "broken"};
    const char *code = NULL;
    enum err err = api_wait(api, route, in, ret_out, &code);
    if (err != OK) {
        if (!code) { /* whoever is sent to the log finds there what it was */
            log_line(LOG_ERROR, "commands", "a step at the machine failed",
                     LOG_T(LOG_ROUTE, route->path ? route->path : route->about),
                     LOG_T(LOG_WHY, kinds[err]));
        }
        snprintf(ret_text, ADMIN_TEXT_MAX, "%s",
                 code ? catalogue_text("en", code) : "it did not work; see the log");
    }
    return err;
}

/* Where a browser on this machine finds the server: an address of numbers has no passkeys. */
static void put_address(struct buf *out, const struct settings *settings)
{
    static const char *const near[] = {"127.", "0.0.0.0:", "[::]:", "[::1]:"};
    const char *listen = settings->listen, *port = strrchr(listen, ':');
    if (settings->public_url && *settings->public_url) {
        buf_puts(out, settings->public_url);
        return;
    }
    bool is_near = false;
    for (size_t i = 0; i < COUNT(near) && port; i++) {
        is_near = is_near || strncmp(listen, near[i], strlen(near[i])) == 0;
    }
    buf_puts(out, settings->tls_cert ? "https://" : "http://");
    buf_puts(out, is_near ? "localhost" : listen);
    buf_puts(out, is_near ? port : "");
}

/* As it stands in an address. */
static void put_encoded(struct buf *out, const char *text)
{
    for (; *text; text++) {
        bool plain = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
                     (*text >= '0' && *text <= '9') || strchr("-._~", *text);
        if (plain) {
            buf_put(out, text, 1);
        } else {
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
        }
    }
}

struct linking {
    struct buf out;
    const struct settings *settings;
    const char *code, *name;
};

static enum err put_link(void *arg)
{
    struct linking *link = arg;
    put_address(&link->out, link->settings);
    buf_printf(&link->out, "/welcome#%s/", link->code);
    put_encoded(&link->out, link->name);
    return OK;
}

enum err admin_create(struct home *home, struct api *api, const char *name,
                      char ret_text[ADMIN_TEXT_MAX])
{
    struct link_in in = {{0}};
    struct link_out out;
    const struct settings *settings = &home->settings;
    if (!*name || strlen(name) >= sizeof(in.name)) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "usage: bauta admin create NAME (3 to 32 characters)");
        return ERR_INVALID;
    }
    memcpy(in.name, name, strlen(name));
    TRY(admin_ask(api, &admin_link_route, &in, &out, ret_text));
    /* A server that runs does this as a rule: without memory it goes on. */
    struct arena *arena = arena_new(1 << 16);
    struct linking link = {{.arena = arena}, settings, out.code, name};
    enum err err = arena ? arena_run(arena, put_link, &link) : ERR_BUSY;
    if (err == OK) {
        snprintf(ret_text, ADMIN_TEXT_MAX,
                 "Open this link once, within %d hours, to become an administrator:\n%s",
                 ADMIN_LINK_HOURS, link.out.at);
    } else {
        snprintf(ret_text, ADMIN_TEXT_MAX, "no memory for the link: ask for another");
    }
    arena_free(arena);
    return err;
}

/* ---- bauta demo ---- */

enum { DEMO_TRIES = 50, DEMO_PAUSE_NS = 100000000 };

SQL(demo_count, "SELECT COUNT(*) FROM account");
SQL(demo_members, "SELECT id, key_id FROM account WHERE state = 'active' ORDER BY id LIMIT $1");
COLUMNS(MEMBER_ID, MEMBER_KEY_ID);

struct count {
    int64_t people;
};
INNER_STEPS(count, struct none, struct count, struct none, apply);
STEP(count, apply)
{
    struct rows rows;
    TRY(store_run(call, &demo_count, NO_BIND, &rows));
    out->people = row_i64(&rows, 0, ONLY);
    return OK;
}

INNER_STEPS(members, struct none, struct rooms_demo_in, struct none, apply);
STEP(members, apply)
{
    struct rows rows;
    TRY(store_run(call, &demo_members, BIND(I64(ROOMS_DEMO_MEMBERS)), &rows));
    ASSERT_CODE(rows.count <= COUNT(out->members));
    for (size_t i = 0; i < rows.count; i++) {
        out->members[i].account_id = row_i64(&rows, i, MEMBER_ID);
        out->members[i].key_id = row_i64(&rows, i, MEMBER_KEY_ID);
    }
    out->count = rows.count;
    return OK;
}

static const struct api_route count_route = {
    .who = API_ADMIN, .tx = API_TX_READ, .status = 200, .steps = &count_steps, .about = "Anybody?"};
static const struct api_route members_route = {
    .who = API_ADMIN, .tx = API_TX_READ, .status = 200, .steps = &members_steps, .about = "Who?"};

/*
 * A machine with much else to do lacks for a moment what a call needs, memory most of all (a
 * password's hash takes much), and nobody is there to ask again. A disk that stays full has its
 * sentence then.
 */
static enum err demo_ask(struct api *api, const struct api_route *route, const void *in,
                         void *ret_out, char ret_text[ADMIN_TEXT_MAX])
{
    enum err err = ERR_BUSY;
    for (int tries = 0; tries < DEMO_TRIES && err == ERR_BUSY; tries++) {
        nanosleep(&(struct timespec){.tv_nsec = tries ? DEMO_PAUSE_NS : 0}, NULL);
        err = admin_ask(api, route, in, ret_out, ret_text);
    }
    return err;
}

static enum err put_mark(struct home *home, char ret_text[ADMIN_TEXT_MAX])
{
    char path[HOME_PATH_MAX];
    home_path(home, "demo", path);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || fsync(fd) != 0 || close(fd) != 0) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "the mark %.300s cannot be written", path);
        return ERR_BROKEN;
    }
    return OK;
}

enum err demo_fill(struct home *home, struct api *api, char ret_text[ADMIN_TEXT_MAX])
{
    struct count count = {0};
    struct rooms_demo_in members;
    ASSERT_START(home->lock_fd >= 0);
    TRY(demo_ask(api, &count_route, NULL, &count, ret_text));
    if (count.people > 0) {
        snprintf(ret_text, ADMIN_TEXT_MAX,
                 "%.200s has a world already (%lld accounts): demo fills an empty folder only",
                 home->settings.data, (long long)count.people);
        return ERR_CONFLICT;
    }
    TRY(put_mark(home, ret_text)); /* first: a half-filled folder is a demo, too */
    for (const struct feature *const *at = features; *at; at++) {
        const struct api_route demo_route = {.who = API_ADMIN,
                                             .tx = API_TX_WRITE,
                                             .status = 204,
                                             .steps = (*at)->demo,
                                             .about = (*at)->name};
        if (demo_route.steps) {
            TRY(demo_ask(api, &demo_route, NULL, NULL, ret_text));
        }
    }
    TRY(demo_ask(api, &members_route, NULL, &members, ret_text));
    TRY(demo_ask(api, &rooms_demo_route, &members, NULL, ret_text));
    snprintf(ret_text, ADMIN_TEXT_MAX,
             "%.200s is a demo world now. Serve it: bauta serve --data %.200s", home->settings.data,
             home->settings.data);
    return OK;
}
