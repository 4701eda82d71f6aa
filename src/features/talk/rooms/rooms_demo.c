#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/settings.h"
#include "call/id.h"
#include "features/talk/rooms/rooms_inner.h"
#include "store/store.h"

/* What a visitor of a demo finds: rooms that somebody lives in. */
static const struct {
    const char *name, *scene, *language, *view, *light, *topic, *tags;
} demo_rooms[ROOMS_DEMO_ROOMS] = {
    {"The Lounge", "lounge", "en", "fireplace", "golden", "Board games by the fire, every evening",
     " games newcomers "},
    {"Café Merpati", "cafe", "id", "counter", "morning",
     "Ngobrol santai dalam bahasa Indonesia, pemula boleh ikut", " bahasa kopi newcomers "},
    {"Garden at Dusk", "garden", "en", "long_table", "plain", "Stories at the long table on Friday",
     " books stories "},
};

static const struct {
    uint8_t room, member;
    const char *text;
} demo_lines[] = {
    {0, 0, "Good evening! The fire is on, take any seat you like."},
    {0, 1, "Is the sofa really as soft as it looks?"},
    {0, 0, "Softer. People have been known to stay until morning."},
    {0, 2, "I brought the board game from last week. Who is in?"},
    {0, 1, "Me! But this time we read the rules first :)"},
    {0, 2, "Deal. Table in the corner, in ten minutes."},
    {1, 1, "Selamat pagi semuanya! Kopinya baru diseduh."},
    {1, 3, "Pagi! Saya mau yang tubruk, gulanya sedikit saja."},
    {1, 1, "Siap. Meja dekat jendela masih kosong, lho."},
    {1, 0, "Halo, saya masih belajar bahasa Indonesia. Boleh ikut duduk?"},
    {1, 3, "Tentu boleh! Duduk di sini, nanti kita mengobrol pelan-pelan."},
    {1, 0, "Terima kasih! Kuenya enak sekali."},
    {2, 2, "The lanterns have just come on. It is my favourite time of day here."},
    {2, 3, "Listen: is that an owl behind the hedge?"},
    {2, 2, "It lives in the old oak. It never comes closer than the bench."},
    {2, 0, "We meet at the long table on Friday, everybody is welcome."},
    {2, 3, "Shall I bring something?"},
    {2, 0, "Only yourself and a good story."},
};
_Static_assert(COUNT(demo_lines) == ROOMS_DEMO_LINES, "one sealed body a line");

enum { LINE_EVERY_MS = 47 * 1000, SAID_AGO_MS = 30 * 60 * 1000 };

SQL(rooms_demo_add, "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity,"
                    " visibility, owner_id, keep_days, created_ms, view, light, topic, tags)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, 'public', $8, $9, $10, $11, $12, $13,"
                    " $14)");

enum err rooms_demo_seal(struct call *call, const struct rooms_demo_in *demo,
                         struct rooms_demo *state)
{
    ASSERT_CODE(!call->tx);
    ASSERT_START(demo->count > 0 && demo->count <= ROOMS_DEMO_MEMBERS);
    for (size_t i = 0; i < COUNT(demo_rooms); i++) {
        uint8_t chance[16];
        crypto_random(chance, sizeof(chance));
        id_public(chance, state->ids[i]);
        TRY(rooms_fold(call, demo_rooms[i].name, &state->names[i].name, &state->names[i].fold));
    }
    for (size_t i = 0; i < COUNT(demo_lines); i++) {
        int64_t key_id = demo->members[demo_lines[i].member % demo->count].key_id;
        TRY(sealed_text(call, key_id, "line.body_ct", demo_lines[i].text, &state->bodies[i]));
    }
    return OK;
}

enum err rooms_demo(struct call *call, const struct rooms_demo_in *demo,
                    const struct rooms_demo *state)
{
    int64_t ids[ROOMS_DEMO_ROOMS] = {0}, seq[ROOMS_DEMO_ROOMS] = {0};
    ASSERT_CODE(demo->count > 0 && *state->ids[0]);
    for (size_t i = 0; i < COUNT(demo_rooms); i++) {
        ids[i] = id_new(call);
        TRY(store_run(call, &rooms_demo_add,
                      BIND(I64(ids[i]), TEXT(state->ids[i]), TEXT(state->names[i].name),
                           TEXT(state->names[i].fold), TEXT(demo_rooms[i].scene),
                           TEXT(demo_rooms[i].language), I64(rooms_settings(call)->room_capacity),
                           I64(demo->members[0].account_id),
                           I64(rooms_settings(call)->room_lines_days), I64(call->now_ms),
                           TEXT(demo_rooms[i].view), TEXT(demo_rooms[i].light),
                           TEXT(demo_rooms[i].topic), TEXT(demo_rooms[i].tags)),
                      NULL));
    }
    for (size_t i = 0; i < COUNT(demo_lines); i++) {
        size_t room = demo_lines[i].room;
        bool is_new = false;
        const struct rooms_sealed line = {
            .seq = ++seq[room],
            .at_ms = call->now_ms - SAID_AGO_MS + (int64_t)i * LINE_EVERY_MS,
            .sender_id = demo->members[demo_lines[i].member % demo->count].account_id,
            .client_id = arena_printf(call->arena, "demo-%zu", i),
            .body = state->bodies[i]};
        TRY(rooms_put(call, ids[room], &line, &is_new));
        ASSERT_START(is_new);
    }
    return OK;
}
