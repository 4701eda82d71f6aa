#ifndef TESTS_SUPPORT_NOTES_H
#define TESTS_SUPPORT_NOTES_H

#include "tests/support/world.h"

/* A feature made for the tests of the api: notes in the table `meta`, and odd routes. */
struct note_in {
    const char *name;
    int64_t number;
};
struct note {
    const char *name;
    int64_t number;
    int64_t runs;
};

extern const struct api_route notes_routes[]; /* the first one adds to a note */
extern const struct feature *const notes_features[];

#define NOTE_ "{\"name\":\"a\",\"number\":3}"

/* Sends, and stops the test when status or code are others. */
void notes_expect(struct world *world, int who, const char *method, const char *path,
                  const char *json, int status, const char *code);

#endif
