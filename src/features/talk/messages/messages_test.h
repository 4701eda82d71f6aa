#ifndef FEATURES_MESSAGES_MESSAGES_TEST_H
#define FEATURES_MESSAGES_MESSAGES_TEST_H

/* What the tests of messages say, each in one word. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "features/talk/messages/messages.h"
#include "tests/support/world.h"

extern const struct feature messages_feature, notices_feature;

static inline void befriend(struct world *w, int a, int b)
{
    char sql[200];
    snprintf(sql, sizeof(sql),
             "INSERT INTO friendship (account_id, friend_id, since_ms) VALUES (%d, %d, 1),"
             " (%d, %d, 1)",
             a, b, b, a);
    world_script(w, sql);
}

static inline void block(struct world *w, int a, int b)
{
    char sql[120];
    snprintf(sql, sizeof(sql),
             "INSERT INTO block (account_id, other_id, since_ms) VALUES (%d, %d, 1)", a, b);
    world_script(w, sql);
}

static inline int open_with(struct world *w, int who, int whom, char ret_id[PUBLIC_ID_LEN + 1])
{
    char json[96];
    snprintf(json, sizeof(json), "{\"people\":[\"%s\"]}", w->public_ids[whom]);
    int status = world_send(w, who, "POST", "/api/conversations", json);
    snprintf(ret_id, PUBLIC_ID_LEN + 1, "%s", status == 201 ? world_field(w, "id") : "");
    return status;
}

static inline int group(struct world *w, int who, const char *name, int a, int b,
                        char ret_id[PUBLIC_ID_LEN + 1])
{
    char json[200];
    snprintf(json, sizeof(json), "{\"people\":[\"%s\",\"%s\"],\"name\":\"%s\"}", w->public_ids[a],
             w->public_ids[b], name);
    int status = world_send(w, who, "POST", "/api/conversations", json);
    snprintf(ret_id, PUBLIC_ID_LEN + 1, "%s", status == 201 ? world_field(w, "id") : "");
    return status;
}

static inline int say(struct world *w, int who, const char *id, const char *cid, const char *text)
{
    char json[256];
    snprintf(json, sizeof(json), "{\"cid\":\"%s\",\"text\":\"%s\"}", cid, text);
    return world_sendf(w, who, "POST", json, "/api/conversations/%s/messages", id);
}

static inline int page(struct world *w, int who, const char *id)
{
    return world_sendf(w, who, "GET", NULL, "/api/conversations/%s/messages", id);
}

static inline int one(struct world *w, int who, const char *id)
{
    return world_sendf(w, who, "GET", NULL, "/api/conversations/%s", id);
}

static inline int list(struct world *w, int who, const char *box)
{
    return world_sendf(w, who, "GET", NULL, "/api/conversations?box=%s", box);
}

static inline int act(struct world *w, int who, const char *method, const char *id,
                      const char *what, const char *json)
{
    return world_sendf(w, who, method, json, "/api/conversations/%s%s", id, what);
}

/* Was an event with this text told to them? */
static inline bool told(struct world *w, int who, const char *text)
{
    for (size_t i = 0; i < w->event_count; i++) {
        if (w->events[i].kind == EVENT_TELL && w->events[i].account_id == w->account_ids[who] &&
            strstr(w->event_json[i], text)) {
            return true;
        }
    }
    return false;
}

static inline size_t notices(struct world *w, int who, const char *kind)
{
    char sql[160];
    snprintf(sql, sizeof(sql),
             "SELECT COUNT(*) FROM notice WHERE account_id = %d AND kind = '%s'"
             " AND read_ms IS NULL",
             who, kind);
    return (size_t)world_count(w, sql);
}

static inline size_t times(const struct world *w, const char *text)
{
    size_t count = 0;
    for (const char *at = w->last.body; (at = strstr(at, text)); at += strlen(text)) {
        count++;
    }
    return count;
}

#endif
