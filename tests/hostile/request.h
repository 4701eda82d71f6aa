#ifndef TESTS_HOSTILE_REQUEST_H
#define TESTS_HOSTILE_REQUEST_H

#include "api/api.h"
#include "tests/hostile/values.h"

/* A request made from a route's row, with one field of the attacker's choice. */
struct hostile_names {
    const char *room, *pair, *person; /* public ids: a room, a conversation, somebody else */
};

struct hostile_call {
    const struct hostile_names *names;
    const struct api_route *route;
    const struct json_field *field; /* NULL: everything fits */
    const struct hostile_value *value;
    bool twice;
};

struct hostile_request {
    const char *path; /* with its query */
    const char *json; /* NULL: none */
    const char *type; /* of a raw route's file; else NULL */
    uint64_t in_path; /* bits of fields that stand there */
};

struct hostile_request hostile_request(struct arena *arena, const struct hostile_call *call);

/* Words that lead deeper into a route than one made from its row; ctx is a struct hostile_call. */
const char *hostile_usual_words(void *ctx, const struct json_field *field);

#endif
