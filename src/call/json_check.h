#ifndef CALL_JSON_CHECK_H
#define CALL_JSON_CHECK_H

#include "call/json.h"

/*
 * At the start: stops the process for a shape whose rows do not fit its struct, are there twice or
 * lack what their kind needs; so do the shapes inside.  NULL is none.
 */
void json_check(const struct json_shape *shape);

#endif
