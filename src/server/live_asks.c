#include "server/live_asks.h"

void asks_find(const struct feature *const *list, struct live_answers *ret)
{
    *ret = (struct live_answers){0};
    for (const struct feature *const *at = list; *at; at++) {
        for (size_t kind = 0; (*at)->answers && kind < LIVE_ASK_KINDS; kind++) {
            const struct api_route *route = (*at)->answers->to[kind];
            ASSERT_START(!route || !ret->to[kind]);
            ret->to[kind] = route ? route : ret->to[kind];
        }
    }
    for (size_t kind = 0; kind < LIVE_ASK_KINDS; kind++) {
        ASSERT_START(ret->to[kind]);
    }
}

static void answered(void *owner, enum err err, const struct call *call UNUSED, const void *out)
{
    struct live_ask *ask = owner;
    ask->err = err;
    ask->out = err == OK ? out : NULL;
    live_answer(ask);
}

enum err asks_hand(const struct live_answers *answers, struct api *api, struct live_ask *ask)
{
    const struct api_route *route = answers->to[ask->kind];
    const struct api_inner inner = {
        .route = route, .in = &ask->in, .arena = ask->arena, .owner = ask, .done = answered};
    return api_inner(api, &inner);
}
