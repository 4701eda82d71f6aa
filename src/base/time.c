#include "base/time.h"

#include <time.h>

int64_t time_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * TIME_S + now.tv_nsec / 1000000;
}
