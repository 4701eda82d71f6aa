#ifndef FEATURES_REQUESTS_SCENE_TEST_H
#define FEATURES_REQUESTS_SCENE_TEST_H

#include "tests/support/parents.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "features/safety/requests/requests.h"
#include "tests/support/members.h"

/* ANA asks from Germany, DAN from Indonesia; BEN and CLEO are officers. */
extern const struct feature *const features[];

static char path[160];

static void begin(struct world *w)
{
    parents_begin(w);
    for (int who = ANA; who < PEOPLE; who++) {
        member_real(w, who, "1990-01-15", who == DAN ? "ID" : who == ADA ? "US" : "DE");
    }
    world_script(w, "UPDATE account SET email_verified = 1");
    world_script(w, "UPDATE session SET proof = 4 WHERE account_id = 3");
}

/* Everybody shows who they are once more, after so much time. */
UNUSED static void later(struct world *w, int64_t ms)
{
    char sql[120];
    w->now_ms += ms;
    snprintf(sql, sizeof(sql), "UPDATE session SET proved_at_ms = %lld", (long long)w->now_ms);
    world_script(w, sql);
    for (int who = ANA; who < PEOPLE; who++) {
        api_forget_session(w->api, 900 + who);
    }
}

static int ask(struct world *w, int who, const char *kind)
{
    char json[200];
    snprintf(json, sizeof(json), "{\"kind\":\"%s\",\"text\":\"Please: secret words.\"}", kind);
    return world_send(w, who, "POST", "/api/me/requests", json);
}

/* The first of the queue is what is worked on. */
UNUSED static void find(struct world *w)
{
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/requests", NULL), 200);
    snprintf(path, sizeof(path), "/api/staff/requests/%s", world_field(w, "id"));
}

UNUSED static int act(struct world *w, int who, const char *what, const char *json)
{
    return world_sendf(w, who, "POST", json, "%s/%s", path, what);
}

UNUSED static void takes(struct world *w, int who)
{
    assert_int_equal(act(w, who, "claim", "{\"take_over\":false}"), 204);
}

/* What the asker reads of their first request. */
UNUSED static int reads(struct world *w, int who)
{
    assert_int_equal(world_send(w, who, "GET", "/api/me/requests", NULL), 200);
    return world_sendf(w, who, "GET", NULL, "/api/me/requests/%s", world_field(w, "id"));
}

#define ANSWER_DONE "{\"outcome\":\"done\",\"text\":\"Here it is: the answer.\"}"
#define TOLD(kind_) \
    world_count(    \
        w, "SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) FROM notice WHERE kind = '" kind_ "'")

#endif
