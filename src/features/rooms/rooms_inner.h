#ifndef FEATURES_ROOMS_ROOMS_INNER_H
#define FEATURES_ROOMS_ROOMS_INNER_H

#include "features/rooms/rooms.h"

/* The steps of the calls from inside (rooms_live.c, rooms_demo.c) for the rows in rooms_api.c. */
struct rooms_recall {
    struct rooms_sealed *lines;
    size_t count;
};
enum err rooms_load(struct call *call, const void *in, void *out);
enum err rooms_load_open(struct call *call, const void *in, void *out);
enum err rooms_admit(struct call *call, const void *in, void *out);

struct rooms_bodies {
    struct {
        const uint8_t *at;
        size_t len;
    } bodies[ROOMS_SAVE_MAX];
};
enum err rooms_save_seal(struct call *call, const void *in, void *out);
enum err rooms_save(struct call *call, const void *in, void *out);
enum err rooms_said(struct call *call, const void *in, void *out);

enum { ROOMS_DEMO_ROOMS = 3, ROOMS_DEMO_LINES = 18 };
struct rooms_demo {
    char ids[ROOMS_DEMO_ROOMS][PUBLIC_ID_LEN + 1];
    struct {
        const char *name, *fold;
    } names[ROOMS_DEMO_ROOMS];
    struct {
        const uint8_t *at;
        size_t len;
    } bodies[ROOMS_DEMO_LINES];
};
enum err rooms_demo_seal(struct call *call, const void *in, void *out);
enum err rooms_demo(struct call *call, const void *in, void *out);

/* Who is in a room, by `who`; NULL: nobody. */
const struct presence_room *rooms_present(const struct rooms_who *who, int64_t room_id);

/*
 * What a link to a room tells whoever opens it before they are signed in: of a public one its name,
 * its scene and a rounded number, of any other the same nothing as of none, for as much work.
 */
enum { ROOMS_ROUNDED = 5 };
struct rooms_shown {
    const char *name, *scene;
    int64_t here; /* of those whom the asker perceives, down to whole ROOMS_ROUNDED */
};
MUST_USE enum err rooms_show(struct call *call, const struct rooms_who *who, const char *id,
                             struct rooms_shown *ret, bool *ret_there);

/* One line into the store; changed 0: its number or its client id is there already. */
MUST_USE enum err rooms_put(struct call *call, const struct rooms_say *say, const uint8_t *body,
                            size_t body_len, bool *ret_new);

#endif
