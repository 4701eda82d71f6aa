#include "tests/blocks/words.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "features/notify/mail/mail_outbox.h"
#include "features/notify/notices/push.h"
#include "jobs/jobs.h"
#include "live/wire.h"
#include "privacy/keys.h"
#include "store/store.h"
#include "tests/support/members.h"

/*
 * What a stranger says reaches a minor after accepting, by whatever field it was said: the fields
 * are those of the routes and the live protocol themselves, and BEN reads all that he can: every
 * GET route with every id he might know, what his sockets are told, his waiting mails and
 * pushes.  As an adult he finds the same words at once, or the reading would prove nothing.
 */
#define WORDS "zqwords"
#define FCM "https://fcm.googleapis.com/fcm/send/a"
#define POINT \
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
#define AUTH "BTBZMqHH6r4Tts7J_aSIgg"

extern const struct feature notices_feature;

static struct {
    char made[64], where[1000];
    size_t times, asked;
    bool told; /* by an event to BEN */
} now;

static void hear(void *ctx UNUSED, const struct event *event)
{
    if (event->kind == EVENT_TELL && event->account_id == BEN && strstr(event->json, WORDS)) {
        now.told = true;
    }
}

static void found(const char *where)
{
    char mark[200];
    snprintf(mark, sizeof(mark), "%s ", where);
    now.times++;
    if (!strstr(now.where, mark)) {
        strncat(now.where, mark, sizeof(now.where) - strlen(now.where) - 1);
    }
}

/* ---- every field has a row ---- */

static bool listed(const char *fields, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = fields; (at = strstr(at, name)); at += len) {
        if ((at == fields || at[-1] == ' ') && (at[len] == '\0' || at[len] == ' ')) {
            return true;
        }
    }
    return false;
}

static void wants_row(const char *route, const char *name, size_t *count)
{
    for (const struct words_row *row = words_rows(); row->route; row++) {
        if (strcmp(row->route, route) == 0 && listed(row->fields, name)) {
            (*count)++;
            return;
        }
    }
    fail_msg("%s: \"%s\" has no row in its feature's _rules_test.h: whom do its words reach?",
             route, name);
}

/* What a route's path names is an id. */
static void walk(const char *route, const char *prefix, const struct json_shape *shape,
                 size_t *count)
{
    for (size_t i = 0; shape && i < shape->field_count; i++) {
        const struct json_field *field = &shape->fields[i];
        char name[128], place[128];
        snprintf(name, sizeof(name), "%s%s", prefix, field->name);
        snprintf(place, sizeof(place), "{%s}", name);
        if ((field->kind == JSON_TEXT || field->kind == JSON_TEXTS) && !strstr(route, place)) {
            wants_row(route, name, count);
        }
        strncat(name, ".", sizeof(name) - strlen(name) - 1);
        walk(route, name, field->shape, count);
    }
}

static void every_field_of_free_text_says_whom_it_reaches(struct world *w UNUSED)
{
    size_t fields = 0, named = 0, more = 0; /* rows: of one field there may be several */
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *route = (*feature)->routes; route && route->path; route++) {
            char name[256];
            snprintf(name, sizeof(name), "%s %s", route->method, route->path);
            if (strcmp(route->method, "GET") != 0) {
                walk(name, "", route->steps->in, &fields);
                if (route->flags & API_RAW) {
                    wants_row(name, "(file)", &fields);
                }
            }
        }
    }
    walk("live", "", &in_shape, &fields);
    for (const struct words_row *row = words_rows(); row->route; row++) {
        assert_true(row->how != WORDS_NONE && row->why);
        assert_true((row->how != WORDS_HELD || row->yes) && (!row->path || row->json));
        const struct words_row *first = words_rows();
        while (strcmp(first->route, row->route) != 0 || strcmp(first->fields, row->fields) != 0) {
            first++;
        }
        more += first != row;
        for (const char *at = row->fields; at; at = strchr(at + 1, ' ')) {
            named++;
        }
    }
    assert_int_equal(named, fields + more); /* none of a field that is gone */
}

/* ---- what BEN reads ---- */

static void fill(const struct world *w, const char *text, char *ret, size_t cap)
{
    const struct {
        const char *mark, *value;
    } all[] = {{"{ana}", w->public_ids[ANA]},
               {"{ben}", w->public_ids[BEN]},
               {"{cleo}", w->public_ids[CLEO]},
               {"{made}", now.made},
               {"{words}", WORDS}};
    size_t len = 0;
    while (*text) {
        const char *put = NULL;
        for (size_t i = 0; i < COUNT(all) && !put; i++) {
            if (strncmp(text, all[i].mark, strlen(all[i].mark)) == 0) {
                put = all[i].value;
                text += strlen(all[i].mark);
            }
        }
        len += (size_t)snprintf(ret + len, cap - len, put ? "%s" : "%.1s", put ? put : text);
        text += put ? 0 : 1;
        assert_true(len < cap);
    }
}

static void read_one(struct world *w, const char *route, const char *path)
{
    world_send(w, BEN, "GET", path, NULL);
    now.asked++;
    if (world_says(w, WORDS)) {
        found(route);
    }
}

/* As a query: a text that has to be there, and each choice. */
static void read_asking(struct world *w, const struct api_route *route, const char *name,
                        const char *path)
{
    char asked[400], words[400];
    snprintf(asked, sizeof(asked), "%s", path);
    for (size_t i = 0; route->steps->in && i < route->steps->in->field_count; i++) {
        const struct json_field *field = &route->steps->in->fields[i];
        if (field->kind == JSON_TEXT && !(field->flags & JSON_OPTIONAL) &&
            !strstr(name, field->name)) {
            snprintf(asked, sizeof(asked), "%s?%s=" WORDS, path, field->name);
        }
    }
    read_one(w, name, asked);
    for (size_t i = 0; route->steps->in && i < route->steps->in->field_count; i++) {
        const struct json_field *field = &route->steps->in->fields[i];
        snprintf(words, sizeof(words), "%s",
                 field->kind == JSON_CHOICE && field->choices ? field->choices : "");
        char *save = NULL;
        for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
            snprintf(asked, sizeof(asked), "%s?%s=%s", path, field->name, word);
            read_one(w, name, asked);
        }
    }
}

static void read_route(struct world *w, const struct api_route *route)
{
    const char *const ids[] = {w->public_ids[ANA], w->public_ids[BEN], now.made};
    const char *place = strchr(route->path, '{'), *rest = place ? strchr(place, '}') + 1 : NULL;
    char name[256], path[300];
    snprintf(name, sizeof(name), "GET %s", route->path);
    if (!place) {
        read_asking(w, route, name, route->path);
    }
    for (size_t i = 0; place && i < COUNT(ids); i++) {
        int before = (int)(place - route->path);
        bool more = strchr(rest, '{'); /* a number in it */
        snprintf(path, sizeof(path), "%.*s%s%.*s%s", before, route->path, ids[i],
                 (int)strcspn(rest, "{"), rest, more ? "1" : "");
        read_asking(w, route, name, path);
    }
}

static void run_jobs(struct world *w)
{
    static const struct feature *const alone[] = {&notices_feature, NULL};
    struct jobs *jobs = jobs_new(alone);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    jobs_run_due(jobs);
    jobs_free(jobs);
}

static size_t mails, pushes; /* that were read */

static enum err read_waiting(struct call *call, void *arg)
{
    struct world *w = arg;
    struct lease letters = {0};
    struct lease signals = {0};
    struct call own = {
        .arena = call->arena, .keys = w->keys, .settings = &w->settings, .now_ms = call->now_ms};
    TRY(mail_lease(call, false, &letters));
    const struct mail_leased *leased = letters.items.items;
    for (size_t i = 0; i < letters.items.count; i++) {
        struct mail_letter letter;
        TRY(mail_write(&own, &leased[i], &letter));
        mails++;
        if (strstr(letter.subject, WORDS) || strstr(letter.text, WORDS) ||
            strstr(letter.html, WORDS)) {
            found("mail");
        }
    }
    call->settings = &w->settings;
    TRY(push_lease(call, &signals)); /* written of these by push_send */
    const struct push_leased *sent = signals.items.items;
    for (size_t i = 0; i < signals.items.count; i++) {
        pushes++;
        if (strstr(sent[i].kind, WORDS) || strstr(sent[i].target, WORDS) ||
            (sent[i].name && strstr(sent[i].name, WORDS))) {
            found("push");
        }
    }
    return OK;
}

/* What waits is read once only: reading takes it. */
static void read_all(struct world *w, bool waiting)
{
    now.times = now.asked = 0;
    now.where[0] = '\0';
    if (now.told) {
        found("event");
    }
    if (waiting) {
        w->now_ms += 20 * TIME_MIN;
        run_jobs(w);
        assert_int_equal(world_do(w, ADA, read_waiting, w), OK);
    }
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *route = (*feature)->routes; route && route->path; route++) {
            if (strcmp(route->method, "GET") == 0) {
                read_route(w, route);
            }
        }
    }
}

/* ---- a row ---- */

static void step(struct world *w, const struct words_step *step)
{
    char path[300], json[700];
    fill(w, step->path, path, sizeof(path));
    fill(w, step->json ? step->json : "", json, sizeof(json));
    int status = world_send(w, step->who, step->method, path, step->json ? json : NULL);
    if (status < 200 || status > 204) {
        fail_msg("%s %s %s: %d %s", step->method, path, json, status, w->last.body);
    }
    if (!now.made[0]) {
        snprintf(now.made, sizeof(now.made), "%s", world_field(w, "id"));
    }
}

static void forget(struct world *w)
{
    static const char *const tables[] = {"message_mention",
                                         "conversation",
                                         "friend_request",
                                         "friendship",
                                         "home_entry",
                                         "home_block",
                                         "home",
                                         "notice",
                                         "mail",
                                         "push",
                                         "room",
                                         "profile_field",
                                         "look",
                                         "profile"};
    for (size_t i = 0; i < COUNT(tables); i++) {
        char sql[80];
        snprintf(sql, sizeof(sql), "DELETE FROM %s", tables[i]);
        world_script(w, sql);
    }
    memset(&now, 0, sizeof(now));
}

static void say(struct world *w, const struct words_row *row, bool minor)
{
    char method[16];
    snprintf(method, sizeof(method), "%.*s", (int)strcspn(row->route, " "), row->route);
    const struct words_step last = {ANA, method, row->path, row->json};
    forget(w);
    member_real(w, ANA, "1980-01-01", "ID");
    member_real(w, BEN, minor ? "2012-01-01" : "1980-01-01", "ID");
    for (size_t i = 0; i < WORDS_STEPS && row->before[i].path; i++) {
        step(w, &row->before[i]);
    }
    step(w, &last);
}

static void judge(const struct words_row *row, bool right, const char *what)
{
    if (!right) {
        fail_msg("%s, %s: %s; found by: %s", row->route, row->fields, what,
                 now.times ? now.where : "nothing");
    }
}

/* A browser and an address of BEN's, so that pushes and mails wait for him. */
static void reachable(struct world *w)
{
    char sql[300];
    snprintf(sql, sizeof(sql),
             "INSERT INTO session (id, account_id, token_hash, remember, device, country,"
             " created_at_ms, used_at_ms, ends_at_ms, proof, proved_at_ms) VALUES (1002, 2,"
             " CAST('2' AS %s), 1, 'd', 'ID', 0, 0, 0, 0, 0)",
             w->store.pg ? "bytea" : "blob");
    world_script(w, sql);
    assert_int_equal(world_send(w, BEN, "POST", "/api/push",
                                "{\"endpoint\":\"" FCM "\",\"p256dh\":\"" POINT
                                "\",\"auth\":\"" AUTH "\"}"),
                     204);
    member_mailed(w, BEN, "ben@example.org");
}

static void accept(struct world *w, const struct words_row *row)
{
    const struct words_step yes = {BEN, "POST", row->yes, "{}"};
    step(w, &yes);
    bool answered = world_says(w, WORDS);
    read_all(w, false);
    judge(row, answered || now.times > 0, "accepted, and not to be read");
}

static void a_strangers_words_wait_for_a_minors_yes_by_whatever_field(struct world *w)
{
    size_t executed = 0;
    mails = pushes = 0;
    reachable(w);
    for (const struct words_row *row = words_rows(); row->route; row++) {
        if (row->how != WORDS_HELD) {
            continue;
        }
        say(w, row, false);
        read_all(w, true);
        judge(row, (now.times > 0) != row->adults, "an adult who is asked, and what they find");
        if (row->adults) {
            accept(w, row);
        }
        say(w, row, true);
        read_all(w, true);
        judge(row, now.times == 0, "reaches a minor before accepting");
        assert_true(now.asked > 50);
        accept(w, row);
        executed++;
    }
    assert_true(executed > 0 && mails > 0 && pushes > 0);
    print_message("# %zu fields, %zu mails, %zu pushes\n", executed, mails, pushes);
}

/* Is each place where it was found one of these? */
static bool places_are(const char *seen)
{
    char all[400];
    snprintf(all, sizeof(all), "%s ", seen ? seen : "");
    for (const char *at = now.where; *at;) {
        char one[200];
        size_t len = strcspn(at, " ") + 1;
        len += strncmp(at, "GET ", 4) == 0 ? strcspn(at + len, " ") + 1 : 0;
        snprintf(one, sizeof(one), "%.*s", (int)len, at);
        if (!strstr(all, one)) {
            return false;
        }
        at += len;
    }
    return true;
}

static void what_is_said_in_a_place_is_brought_to_nobody(struct world *w)
{
    size_t executed = 0;
    reachable(w);
    for (const struct words_row *row = words_rows(); row->route; row++) {
        if (row->how == WORDS_HELD || !row->path) {
            continue;
        }
        say(w, row, true);
        read_all(w, true);
        judge(row, (now.times > 0) == (row->seen != NULL), "where it is to be found");
        judge(row, places_are(row->seen), "not where it is to be found");
        executed++;
    }
    assert_true(executed > 0);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(every_field_of_free_text_says_whom_it_reaches),
        WORLD_TEST(a_strangers_words_wait_for_a_minors_yes_by_whatever_field),
        WORLD_TEST(what_is_said_in_a_place_is_brought_to_nobody),
    };
    const struct world_options options = {.features = features, .event = hear};
    return world_run(&options, tests, COUNT(tests));
}
