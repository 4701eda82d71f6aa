#ifndef FEATURES_FRIENDS_FRIENDS_TEST_H
#define FEATURES_FRIENDS_FRIENDS_TEST_H

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/people/friends/friends.h"
#include "store/store.h"
#include "tests/support/members.h"

extern const struct feature blocks_feature, friends_feature, notices_feature;

/* ---- what a test says ---- */

UNUSED static int ask_with(struct world *w, int who, int whom, const char *note)
{
    char json[1200];
    snprintf(json, sizeof(json), "{\"id\":\"%s\",\"note\":\"%s\"}", w->public_ids[whom], note);
    return world_send(w, who, "POST", "/api/friends/requests", json);
}

UNUSED static int ask(struct world *w, int who, int whom)
{
    return ask_with(w, who, whom, "");
}

UNUSED static int answer(struct world *w, int who, int whom, const char *how)
{
    return world_sendf(w, who, "POST", NULL, "/api/friends/requests/%s/%s", w->public_ids[whom],
                       how);
}

UNUSED static int withdraw(struct world *w, int who, int whom)
{
    return world_sendf(w, who, "DELETE", NULL, "/api/friends/requests/%s", w->public_ids[whom]);
}

UNUSED static int unfriend(struct world *w, int who, int whom)
{
    return world_sendf(w, who, "DELETE", NULL, "/api/friends/%s", w->public_ids[whom]);
}

UNUSED static int favour(struct world *w, int who, int whom, bool on)
{
    return world_sendf(w, who, "PATCH", on ? "{\"favourite\":true}" : "{\"favourite\":false}",
                       "/api/friends/%s", w->public_ids[whom]);
}

UNUSED static const char *requests(struct world *w, int who)
{
    assert_int_equal(world_send(w, who, "GET", "/api/friends/requests", NULL), 200);
    return w->last.body;
}

UNUSED static bool are_friends(struct world *w, int a, int b)
{
    bool seen[2];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(world_send(w, i ? b : a, "GET", "/api/friends", NULL), 200);
        seen[i] = world_says(w, w->public_ids[i ? a : b]);
    }
    assert_int_equal(seen[0], seen[1]);
    return seen[0];
}

/* How often somebody's sockets were told this since the last look, by the way. */
UNUSED static int told(struct world *w, int who, const char *json)
{
    int count = 0;
    for (size_t i = 0; i < w->event_count; i++) {
        count += w->events[i].kind == EVENT_TELL &&
                 w->events[i].account_id == w->account_ids[who] &&
                 strcmp(w->events[i].json, json) == 0;
    }
    return count;
}

UNUSED static const char again[] = "{\"t\":\"friends\"}", noticed[] = "{\"t\":\"notices\"}";

UNUSED static int64_t notices_of(struct world *w, int who, const char *kind)
{
    char sql[160];
    snprintf(sql, sizeof(sql),
             "SELECT COUNT(*) FROM notice WHERE account_id = %d AND kind = 'friends.%s'", who,
             kind);
    return world_count(w, sql);
}

/* A crowd with ids from `first` on. */
UNUSED static void crowd(struct world *w, int first, int count)
{
    char sql[700];
    snprintf(sql, sizeof(sql),
             "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
             " skeleton_version, key_id, country, age_band, role, state, language, avatar,"
             " colours, created_at_ms, seen_at_ms) WITH RECURSIVE n (i) AS (SELECT %d UNION ALL"
             " SELECT i + 1 FROM n WHERE i < %d) SELECT i, 'p' || i, 'n' || i, 'n' || i, 'n' || i,"
             " '1', i, 'ID', '18', 'member', 'active', 'en', 'mia', '[1,2]', 0, 0 FROM n",
             first, first + count - 1);
    world_script(w, sql);
}

#endif
