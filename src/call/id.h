#ifndef CALL_ID_H
#define CALL_ID_H

#include <stdint.h>

#include "call/call.h"

/*
 * Two kinds of ids.  Internal ones are 63 bit and time-ordered: 41 bit of
 * milliseconds since 2024, 22 bit of chance.  They never leave the server for
 * things whose existence or age is nobody's business; those have a public id:
 * 128 bits of chance as 26 characters of base32 (a-z2-7).
 */

/* From the call's clock and chance: the same again when `apply` runs again. */
int64_t id_new(struct call *call);
int64_t id_time_ms(int64_t id);

/* The smallest id of that time, for ranges by age. */
int64_t id_at(int64_t ms);

/* `bytes` are 16 bytes of chance from crypto_random(), taken in `prepare`. */
void id_public(const uint8_t bytes[16], char ret_text[PUBLIC_ID_LEN + 1]);

/* Of its letters alone and not longer than one: what else there is names nothing, and fits. */
bool id_looks_public(const char *text);

#endif
