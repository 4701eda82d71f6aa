#include "tests/play/server.h"

#include "server/live_glue.h"
#include "tests/play/wire.h"

enum { REACTORS = 2 };

static struct {
    struct world *world;
    struct settings settings;
    struct glue *glue;
    struct net *net;
} server;

static void told(void *ctx UNUSED, const struct event *event)
{
    glue_event(server.glue, event);
}

static int64_t clock_ms(void *ctx UNUSED)
{
    return atomic_load(&server.world->now_ms);
}

static void listen_to_all(void)
{
    char why[256] = "";
    const struct net_options options = {
        .listen = "127.0.0.1:0",
        .reactors = REACTORS,
        .connections_max = 1000,
        .connections_per_address = 1000,
        .head_ms = 10000,
        .body_ms = 30000,
        .idle_ms = 75000,
        .body_max = API_BODY_MAX,
        .trusted_proxies = "",
        .api = server.world->api,
        .sock = glue_handler(server.glue),
    };
    if (net_start(&options, &server.net, why) != OK) {
        fail_msg("net: %s", why);
    }
    play_port(net_port(server.net));
    glue_connect(server.glue, server.world->api, server.net);
}

struct world *play_server_new(void)
{
    char why[256] = "";
    assert_int_equal(
        settings_read(features_settings(features), NULL, NULL, 0, NULL, &server.settings, why), OK);
    server.settings.limit_scale = 1000000;
    server.glue = glue_new(&server.settings, REACTORS);
    const struct world_options options = {.features = features,
                                          .proved = true,
                                          .presence = glue_presence(server.glue),
                                          .event = told};
    world_new(&options, &server.world);
    listen_to_all();
    return server.world;
}

static void never(void *owner UNUSED, enum err err UNUSED, const struct call *call UNUSED,
                  const void *out UNUSED)
{
    fail();
}

void play_server_stop(bool gently)
{
    static const struct api_steps nothing;
    static const struct api_route nowhere = {.who = API_MEMBER, .steps = &nothing};
    static const struct api_inner late = {.route = &nowhere, .done = never};
    struct api *api = server.world->api;
    api_ready(api, false);
    if (gently) {
        glue_drain(server.glue);
        net_drain(server.net);
    }
    api_drain(api);
    net_stop(server.net);
    api_stop(api);
    assert_int_equal(api_inner(api, &late), ERR_BUSY);
    glue_end(server.glue);
    net_free(server.net);
    glue_free(server.glue);
}

/* The world's own api again, but for what looks at the rooms. */
void play_server_again(void)
{
    struct world *world = server.world;
    server.glue = glue_new(&server.settings, REACTORS);
    const struct api_options options = {
        .features = world->features,
        .store = world->store.store,
        .keys = world->keys,
        .settings = &world->settings,
        .presence = glue_presence(server.glue),
        .workers = 2,
        .hashers = 1,
        .clock_ms = clock_ms,
        .seed = world_seed(),
        .event = told,
    };
    api_free(world->api);
    assert_int_equal(api_new(&options, &world->api), OK);
    api_ready(world->api, true);
    listen_to_all();
}

void play_server_free(void)
{
    play_server_stop(true);
    world_free(server.world);
    settings_free(&server.settings);
}
