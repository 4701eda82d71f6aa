#ifndef LOAD_SPENT_H
#define LOAD_SPENT_H

#include <stdint.h>
#include <sys/resource.h>
#include <time.h>

/* What a measurement reads: the clock, and what this process has cost however busy the machine is
 * with other things. */
static inline uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static inline double cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 +
           (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
}

#endif
