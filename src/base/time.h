#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdint.h>

/* Spans in milliseconds, 64 bit from the start: TIME_DAY * 30. */
#define TIME_S INT64_C(1000)
#define TIME_MIN (60 * TIME_S)
#define TIME_H (60 * TIME_MIN)
#define TIME_DAY (24 * TIME_H)

/* The system's clock.  Not for features: they have their call's. */
int64_t time_now_ms(void);

#endif
