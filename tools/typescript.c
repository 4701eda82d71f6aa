#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/settings.h"
#include "commands/admin.h"
#include "features/common/captures/captures.h"
#include "features/common/desks/desks.h"
#include "features/notify/mail/mail_topics.h"
#include "live/live.h"
#include "live/wire.h"

enum { ACT_MAX = 128 };

/* No two tell a member's socket something by the same name. */
static bool one_meaning(const struct live_event *event)
{
    size_t count = 0;
    for (unsigned i = 0; i < OUT_COUNT; i++) {
        count += strcmp(message_rows[i].t, event->t) == 0;
    }
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct live_event *row = (*at)->live; row && row->t; row++) {
            count += strcmp(row->t, event->t) == 0;
        }
    }
    if (count != 1) {
        fprintf(stderr, "two live events are called \"%s\"\n", event->t);
    }
    return count == 1;
}

static bool all_one_meaning(void)
{
    bool all = true;
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct live_event *row = (*at)->live; row && row->t; row++) {
            all = one_meaning(row) && all;
        }
    }
    return all;
}

/* As a switch is looked up: by its name. */
static size_t topics_called(const char *name, bool with_push)
{
    size_t count = 0;
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct topic_kind *row = (*at)->topics; row && row->name; row++) {
            count += strcmp(row->name, name) == 0 && !(with_push && row->without_push);
        }
    }
    return count;
}

/* What a row of `of` is about has one switch. */
static bool one_switch(const char *topic, bool with_push, const char *of)
{
    bool one = !topic || topics_called(topic, with_push) == 1;
    if (!one) {
        fprintf(stderr, "%s: there is not one topic called \"%s\"\n", of, topic);
    }
    return one;
}

static bool all_have_switches(void)
{
    bool all = true;
    size_t count = 0;
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct topic_kind *row = (*at)->topics; row && row->name; row++) {
            all = one_switch(row->name, false, (*at)->name) && all;
            all = all && ++count <= MAIL_TOPICS_MAX && strlen(row->name) <= MAIL_TOPIC_MAX;
        }
        for (const struct notice_kind *row = (*at)->notices; row && row->name; row++) {
            all = one_switch(row->topic, true, row->name) && all;
        }
        for (const struct mail_kind *row = (*at)->mails; row && row->name; row++) {
            all = one_switch(row->topic, false, row->name) && all;
        }
    }
    return all;
}

static size_t settings_called(const char *name, const struct setting_group *group)
{
    size_t count = 0;
    for (const struct setting *row = group->rows; row->name; row++) {
        count += strcmp(row->name, name) == 0;
    }
    return count;
}

/* Each setting has one row, and what it is without a word of the operator is one of its values. */
static bool all_settings(void)
{
    char why[SETTINGS_WHY_MAX] = "";
    struct settings settings;
    const struct setting_group *const *groups = features_settings(features);
    if (settings_read(groups, NULL, NULL, 0, NULL, &settings, why) != OK) {
        fprintf(stderr, "%s\n", why);
        return false;
    }
    bool all = true;
    for (const struct setting_group *const *of = groups; *of; of++) {
        for (const struct setting *row = (*of)->rows; row->name; row++) {
            size_t count = settings_called(row->name, &settings_whole);
            for (const struct setting_group *const *at = groups; *at; at++) {
                count += settings_called(row->name, *at);
            }
            if (count != 1 || !row->about ||
                (row->demo && settings_put(&settings, row->name, row->demo, why) != OK)) {
                fprintf(stderr, "the setting %s is there twice, or says too little\n", row->name);
                all = false;
            }
        }
    }
    settings_free(&settings);
    return all;
}

/* ---- what rows need of the client: their views, sentences and pages ---- */

static void write_kinds(struct buf *out, const char *between, const char *after)
{
    const char *before = "";
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct capture_kind *row = (*at)->captures; row && row->name; row++) {
            buf_printf(out, "%s\"%s\"", before, row->name);
            before = between;
        }
    }
    buf_puts(out, after);
}

/* "POST /api/invites" is act.post_api_invites: as web/src/parts/staff/log.tsx makes it. */
static void write_act(struct buf *out, const struct api_route *route)
{
    char act[ACT_MAX];
    bool apart = false;
    snprintf(act, sizeof(act), "%s %s", route->method, route->path);
    buf_puts(out, "\"act.");
    for (const char *at = act; *at; at++) {
        if (!isalnum((unsigned char)*at)) {
            apart = true;
            continue;
        }
        buf_printf(out, apart ? "_%c" : "%c", tolower((unsigned char)*at));
        apart = false;
    }
    buf_puts(out, "\",");
}

/* All that leaves a line of staff. */
static void write_acts(struct buf *out)
{
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct api_route *row = (*at)->routes; row && row->method; row++) {
            bool staff = api_power(row->who) != POWER_NONE;
            if (row->flags & API_STAFF_LINE || row->look ||
                (staff && strcmp(row->method, "GET") != 0)) {
                write_act(out, row);
            }
        }
    }
    const struct api_route *row = NULL;
    for (size_t i = 0; (row = admin_route(i)); i++) {
        if (row->tx == API_TX_WRITE) {
            write_act(out, row);
        }
    }
}

static void write_texts(struct buf *out, const char *after)
{
    const char *before = "";
    write_acts(out);
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct capture_kind *row = (*at)->captures; row && row->name; row++) {
            buf_printf(out, "%s\"reports.kind_%s\",\"reports.entry_%s\"", before, row->name,
                       row->name);
            before = ",";
            if (row->last) {
                buf_printf(out, ",\"reports.it_%s\"", row->name);
            }
        }
        for (const struct desk *row = (*at)->desks; row && row->name; row++) {
            buf_printf(out,
                       strncmp(row->path, "/admin", 6) == 0 ? "%s\"desk.%s\"" : "%s\"%s.title\"",
                       before, row->name);
            before = ",";
        }
    }
    buf_puts(out, after);
}

/* The build of the client refuses what is not there (web/build.mjs). */
static void wants_typescript(struct buf *out)
{
    const char *before = "";
    buf_puts(out, "/* Made from the rows of features by tools/typescript.c; do not edit. */\n"
                  "/** What can be reported. */\nexport type ReportKind = ");
    write_kinds(out, " | ", ";\n");
    buf_puts(out, "/** What staff may (src/call/roles.h). */\nexport type Power = ");
    for (enum power power = POWER_NONE + 1; power < POWER_END; power++) {
        buf_printf(out, "%s\"%s\"", power > POWER_NONE + 1 ? " | " : "", roles_power_name(power));
    }
    buf_puts(out,
             ";\n/** Of the client, or it is not built. */\nexport const WANTS = {\"reports\":[");
    write_kinds(out, ",", "],\"texts\":[");
    write_texts(out, "],\"pages\":[");
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct desk *row = (*at)->desks; row && row->name; row++) {
            buf_printf(out, "%s\"%s\"", before, row->path);
            before = ",";
        }
    }
    buf_puts(out, "]};\n");
}

/* Writes the client's view of the api, of the live protocol, or what rows want of it; the build
 * puts it in web/src/gen. */
int main(int argc, char **argv)
{
    struct arena *arena = arena_new(API_ARENA_MAX);
    struct buf out = {.arena = arena};
    if (argc > 1 && strcmp(argv[1], "live") == 0) {
        live_typescript(&out);
    } else if (argc > 1 && strcmp(argv[1], "wants") == 0) {
        wants_typescript(&out);
    } else {
        api_openapi(features, &out); /* for its limits: what does not fit stops the build */
        out.len = 0;
        api_typescript(features, &out);
    }
    bool written = all_one_meaning() && all_have_switches() && all_settings() &&
                   fwrite(out.at, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
    arena_free(arena);
    return written ? 0 : 1;
}
