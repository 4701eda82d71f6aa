#ifndef TESTS_HOSTILE_SCENE_H
#define TESTS_HOSTILE_SCENE_H

#include "tests/hostile/request.h"
#include "tests/support/world.h"

/* A world with something in it, and one route of it that is called. */
struct hostile_scene {
    struct world *w;
    char room[PUBLIC_ID_LEN + 1], pair[PUBLIC_ID_LEN + 1];
    struct hostile_names names;
    struct sqlite3 *file;
    struct pg_conn *pg;
    const struct api_route *route;
};

void hostile_open(struct hostile_scene *scene, struct world *w);
void hostile_close(struct hostile_scene *scene);

/*
 * Runs every route of every feature, in a world for each feature, so that what one ends another
 * has; what ends things goes last.  Returns what `done` came to.
 */
size_t hostile_each_feature(const struct world *like,
                            void (*run)(struct hostile_scene *scene, size_t *done));

/* Grows or changes with every commit that wrote something. */
int64_t hostile_written(struct hostile_scene *scene);

/* Do the fields of this row's input stand in its query? */
bool hostile_in_query(const struct api_route *route);
/* Does its call reach code that takes its time? */
bool hostile_slow(const struct api_route *route);

/* Sends the row's call as `who`; `field` (may be NULL) gets `value`, twice if wished. */
int hostile_send(struct arena *arena, struct hostile_scene *scene, int who,
                 const struct json_field *field, const struct hostile_value *value, bool twice);

/* Calls all that is in the world as `who`, with input that fits; what ends things is left out. */
void hostile_call_all(struct hostile_scene *scene, int who);

bool hostile_documented(int status);
/* Fails the test unless the answer is of the documented set, and no taking of what is refused. */
void hostile_judge(const struct hostile_scene *scene, int status, const struct hostile_value *value,
                   const char *field);

#endif
