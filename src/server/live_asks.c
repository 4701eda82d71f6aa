#include "server/live_asks.h"

/* A call copies as many bytes as its steps say: of another kind they would be others' bytes. */
static const struct {
    size_t in, out;
} sizes[LIVE_ASK_KINDS] = {
    [LIVE_LOAD] = {sizeof(struct live_load_in), sizeof(struct live_load_out)},
    [LIVE_ADMIT] = {sizeof(struct live_admit_in), sizeof(struct live_admit_out)},
    [LIVE_SAVE] = {sizeof(struct live_save_in), sizeof(struct live_save_out)},
    [LIVE_SAID] = {sizeof(struct live_said_in), sizeof(struct live_said_out)},
    [LIVE_KNOW] = {sizeof(struct live_know_in), sizeof(struct live_know_out)},
};

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
        const struct api_steps *steps = ret->to[kind]->steps;
        ASSERT_START(steps->in_size == sizes[kind].in && steps->out_size == sizes[kind].out);
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
    ASSERT_CODE(ask->kind < LIVE_ASK_KINDS && answers->to[ask->kind]);
    const struct api_route *route = answers->to[ask->kind];
    const struct api_inner inner = {
        .route = route, .in = &ask->in, .arena = ask->arena, .owner = ask, .done = answered};
    return api_inner(api, &inner);
}
