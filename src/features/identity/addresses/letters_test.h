#ifndef FEATURES_ADDRESSES_LETTERS_TEST_H
#define FEATURES_ADDRESSES_LETTERS_TEST_H

#include "tests/support/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "features/identity/addresses/addresses.h"
#include "features/identity/sessions/guesses.h"
#include "jobs/jobs.h"
#include "privacy/keys.h"
#include "store/store.h"

/* People who get letters, and what the tests of addresses ask of them. */
extern const struct feature accounts_feature, sessions_feature, invites_feature, addresses_feature,
    renames_feature, mail_feature, consents_feature, retention_feature;

#define PASSWORD "grey tram over kelapa"

static const struct feature *const list[] = {
    &accounts_feature,  &sessions_feature,  &invites_feature,
    &addresses_feature, &renames_feature,   &mail_feature,
    &consents_feature,  &retention_feature, NULL};

/* Only our own jobs: what waits in the outbox shall stay there, to be read. */
static struct feature quiet[COUNT(list)];
static const struct feature *quiet_list[COUNT(list)];

UNUSED static void run_jobs(struct world *w)
{
    for (size_t i = 0; list[i]; i++) {
        quiet[i] = *list[i];
        bool ours = list[i] == &accounts_feature || list[i] == &addresses_feature ||
                    list[i] == &renames_feature || list[i] == &retention_feature;
        quiet[i].jobs = ours ? list[i]->jobs : NULL;
        quiet_list[i] = &quiet[i];
    }
    struct jobs *jobs = jobs_new(quiet_list);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    jobs_run_due(jobs);
    jobs_free(jobs);
}

/* A member with a cookie of their own. */
struct member {
    char cookie[200];
    char name[64];
};

static void take_cookie(struct world *w, struct member *who)
{
    for (size_t i = 0; i < w->last.cookie_count; i++) {
        if (strstr(w->last.cookies[i].name, SESSION_COOKIE)) {
            snprintf(who->cookie, sizeof(who->cookie), "%s=%s", w->last.cookies[i].name,
                     w->last.cookies[i].value);
            return;
        }
    }
    fail_msg("no session: %d %s", w->last.status, w->last.body);
}

UNUSED static int as(struct world *w, const struct member *who, const char *method,
                     const char *path, const char *json)
{
    w->cookie = who->cookie;
    int status = world_send(w, NOBODY, method, path, json);
    w->cookie = NULL;
    return status;
}

UNUSED static struct member joins(struct world *w, const char *name, const char *email)
{
    struct member who = {0};
    char json[512];
    snprintf(who.name, sizeof(who.name), "%s", name);
    snprintf(json, sizeof(json),
             "{\"avatar_name\":\"%s\",\"password\":\"" PASSWORD "\",\"email\":\"%s\","
             "\"birth_date\":\"1990-02-28\",\"country\":\"ID\",\"marketing\":false}",
             name, email);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts", json), 201);
    take_cookie(w, &who);
    return who;
}

UNUSED static int signs_in(struct world *w, const char *name, const char *password,
                           struct member *who)
{
    char json[512];
    snprintf(json, sizeof(json), "{\"name\":\"%s\",\"password\":\"%s\"}", name, password);
    int status = world_send(w, NOBODY, "POST", "/api/sessions", json);
    if (status == 201 && who) {
        take_cookie(w, who);
    }
    return status;
}

UNUSED static int64_t mails(struct world *w, const char *kind)
{
    char sql[200];
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM mail WHERE kind = '%s'", kind);
    return world_count(w, sql);
}

UNUSED static int64_t id_of(struct world *w, const char *name)
{
    char sql[200];
    snprintf(sql, sizeof(sql), "SELECT id FROM account WHERE avatar_name = '%s'", name);
    return world_count(w, sql);
}

/* The mails are sealed; a test plants a link of its own beside the one that was sent. */
struct planted {
    struct ticket_new ticket;
    struct ticket_facts facts;
};

static enum err plant(struct call *call, void *arg)
{
    struct planted *planted = arg;
    return tickets_store(call, &planted->ticket, &planted->facts);
}

UNUSED static const char *link_for(struct world *w, const char *kind, int64_t account_id,
                                   int64_t note)
{
    static struct planted planted;
    static char number[24];
    planted = (struct planted){.facts = {kind, account_id, NULL, TIME_H, 0}};
    if (note) {
        snprintf(number, sizeof(number), "%lld", (long long)note);
        planted.facts.note = number;
    }
    tickets_prepare(&planted.ticket);
    assert_int_equal(world_do(w, NOBODY, plant, &planted), OK);
    return planted.ticket.text;
}

UNUSED static int uses(struct world *w, const char *route, const char *ticket)
{
    char json[200], path[64];
    snprintf(json, sizeof(json), "{\"ticket\":\"%s\"}", ticket);
    snprintf(path, sizeof(path), "/api/%s", route);
    return world_send(w, NOBODY, "POST", path, json);
}

UNUSED static int sets_password(struct world *w, const char *ticket, const char *password)
{
    char json[300];
    snprintf(json, sizeof(json), "{\"ticket\":\"%s\",\"password\":\"%s\"}", ticket, password);
    return world_send(w, NOBODY, "POST", "/api/passwords", json);
}

UNUSED static struct member proved(struct world *w, const char *name, const char *email)
{
    struct member who = joins(w, name, email);
    run_jobs(w);
    assert_int_equal(uses(w, "verifications", link_for(w, ADDRESSES_VERIFY, id_of(w, name), 0)),
                     200);
    return who;
}

UNUSED static int64_t asked(struct world *w, const char *name)
{
    char sql[200];
    snprintf(sql, sizeof(sql),
             "SELECT COALESCE(max(c.id), 0) FROM address_change c JOIN account a"
             " ON a.id = c.account_id WHERE a.avatar_name = '%s' AND c.state = 'asked'",
             name);
    return world_count(w, sql);
}

UNUSED static int64_t done(struct world *w, const char *name)
{
    char sql[200];
    snprintf(sql, sizeof(sql),
             "SELECT COALESCE(max(c.id), 0) FROM address_change c JOIN account a"
             " ON a.id = c.account_id WHERE a.avatar_name = '%s' AND c.state = 'done'",
             name);
    return world_count(w, sql);
}

UNUSED static void changes(struct world *w, const struct member *who, const char *email)
{
    char json[200];
    snprintf(json, sizeof(json), "{\"email\":\"%s\"}", email);
    assert_int_equal(as(w, who, "PUT", "/api/me/email", json), 202);
    run_jobs(w);
    assert_int_equal(uses(w, "verifications",
                          link_for(w, ADDRESSES_CHANGE, id_of(w, who->name), asked(w, who->name))),
                     200);
    assert_true(world_says(w, "\"changed\":true"));
    run_jobs(w);
}

UNUSED static const char *address(struct world *w, const struct member *who)
{
    assert_int_equal(as(w, who, "GET", "/api/me/email", NULL), 200);
    return world_field(w, "email");
}

#endif
