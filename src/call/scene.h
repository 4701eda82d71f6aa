#ifndef CALL_SCENE_H
#define CALL_SCENE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * What the server knows of a scene: where feet may be and where people sit.  Made
 * from assets/scenes/<id>.json by tools/scenes.py.  Lengths are 1/256 m, angles
 * 1/256 turn: the units of movement frames (docs/live.md).
 */
enum { SCENE_UNIT = 256, SCENE_SEATS_MAX = 32 };

struct scene_box {
    int16_t x0, z0, x1, z1;
};

struct scene_spot {
    int16_t x, z;
    uint8_t yaw;
};

struct scene_seat {
    struct scene_spot at;    /* who sits is here */
    struct scene_spot stand; /* and gets up here; outside all `blocked` */
};

struct scene {
    const char *id;
    struct scene_box walk;
    const struct scene_box *blocked;
    size_t blocked_count;
    const struct scene_spot *spawns;
    size_t spawns_count;
    const struct scene_seat *seats; /* seat n is seats[n - 1] */
    size_t seats_count;
    const char *views; /* what pictures of it there are: "whole counter …", words between blanks */
    const char *json;  /* the file itself, without white space */
};

extern const struct scene scenes[];
extern const size_t scenes_count;
extern const char scenes_or_none[]; /* "none" and the names of all, for a setting */

/* NULL when there is none. */
static inline const struct scene *scene_named(const char *id)
{
    for (size_t i = 0; i < scenes_count; i++) {
        if (strcmp(scenes[i].id, id) == 0) {
            return &scenes[i];
        }
    }
    return NULL;
}

#endif
