#ifndef FEATURES_LOOKS_LOOKS_SAY_TEST_H
#define FEATURES_LOOKS_LOOKS_SAY_TEST_H

#include <stdio.h>
#include <string.h>

#include "features/looks/looks/looks.h"
#include "features/looks/looks/looks_small_test.h"
#include "tests/support/world.h"

/* The catalogue of these tests; without its last items it is that of another version. */
static const struct looks_catalogue *used = &small;

const struct looks_catalogue *looks_catalogue(void)
{
    return used;
}

#define KILT "{'v':1,'wear':[{'id':'kilt','colours':[1]},{'id':'tee'}]}"
#define PLAIN "{\\\"v\\\":1,\\\"skin\\\":3}"

/* ---- what a test says ---- */

/* `recipe` with ' for ", in the place of the look that is worn now; `from` NULL: that one. */
UNUSED static int wear_from(struct world *w, int who, const char *from, const char *recipe)
{
    char json[4096], id[PUBLIC_ID_LEN + 1] = "";
    size_t len = 0;
    if (!from) {
        assert_int_equal(world_send(w, who, "GET", "/api/me/look", NULL), 200);
        bool has = strncmp(w->last.body, "{\"id\":\"", 7) == 0; /* things that are worn have one */
        snprintf(id, sizeof(id), "%s", has ? world_field(w, "id") : "");
    }
    len = (size_t)snprintf(json, sizeof(json), "{");
    if (from || *id) {
        len +=
            (size_t)snprintf(json + len, sizeof(json) - len, "\"from\":\"%s\",", from ? from : id);
    }
    len += (size_t)snprintf(json + len, sizeof(json) - len, "\"recipe\":\"");
    for (const char *at = recipe; *at; at++) {
        len += (size_t)snprintf(json + len, sizeof(json) - len, *at == '\'' ? "\\\"" : "%c", *at);
    }
    snprintf(json + len, sizeof(json) - len, "\"}");
    return world_send(w, who, "PUT", "/api/me/look", json);
}

UNUSED static int wear(struct world *w, int who, const char *recipe)
{
    return wear_from(w, who, NULL, recipe);
}

UNUSED static int see(struct world *w, int who, const char *id)
{
    return world_sendf(w, who, "GET", NULL, "/api/looks/%s", id);
}

/* The recipe in the last answer, ' for " and without the blanks behind it. */
UNUSED static const char *recipe_of(const struct world *w)
{
    static char text[LOOKS_RECIPE_MAX + 1];
    const char *from = strstr(w->last.body, "\"recipe\":");
    size_t len = 0;
    assert_non_null(from);
    for (const char *at = from + 9; *at && *at != ' ' && len < LOOKS_RECIPE_MAX; at++) {
        text[len++] = *at == '"' ? '\'' : *at;
    }
    text[len] = '\0';
    return text;
}

/* Its id, until the next call of this. */
UNUSED static const char *id_of(struct world *w, int who)
{
    static char id[PUBLIC_ID_LEN + 1];
    assert_int_equal(world_send(w, who, "GET", "/api/me/look", NULL), 200);
    snprintf(id, sizeof(id), "%s", world_field(w, "id"));
    return id;
}

UNUSED static size_t told(const struct world *w, int who, enum event_kind kind, const char *json)
{
    size_t count = 0;
    for (size_t i = 0; i < w->event_count; i++) {
        count += w->events[i].kind == kind && w->events[i].account_id == w->account_ids[who] &&
                 (!json || strcmp(w->event_json[i], json) == 0);
    }
    return count;
}

struct thing {
    int64_t account_id;
    const char *item;
    int rooms; /* told to ask for the face anew */
};

UNUSED static enum err give(struct call *call, void *arg)
{
    const struct thing *thing = arg;
    return looks_give(call, thing->account_id, thing->item);
}

UNUSED static enum err lose(struct call *call, void *arg)
{
    struct thing *thing = arg;
    TRY(looks_lose(call, thing->account_id, thing->item, "afreshidafreshidafreshidaf"));
    thing->rooms = 0;
    for (const struct event *event = call->events; event; event = event->next) {
        thing->rooms += event->kind == EVENT_ACCOUNT_CHANGED;
    }
    return OK;
}

UNUSED static void gives(struct world *w, int who, const char *item)
{
    struct thing thing = {w->account_ids[who], item, 0};
    assert_int_equal(world_do(w, ADA, give, &thing), OK);
}

UNUSED static void takes(struct world *w, int who, const char *item, int rooms)
{
    struct thing thing = {w->account_ids[who], item, 0};
    assert_int_equal(world_do(w, ADA, lose, &thing), OK);
    assert_int_equal(thing.rooms, rooms);
}

#endif
