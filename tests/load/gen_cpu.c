#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/load/gen.h"

double gen_cpu_of(const char *pids)
{
    double total = 0;
    for (const char *at = pids; at && *at; at += strcspn(at, ","), at += *at == ',') {
        char path[64];
        snprintf(path, sizeof(path), "/proc/%d/task", (int)strtol(at, NULL, 10));
        DIR *tasks = opendir(path);
        for (struct dirent *task; tasks && (task = readdir(tasks));) {
            char name[512];
            unsigned long long ran_ns = 0;
            snprintf(name, sizeof(name), "%.63s/%.255s/schedstat", path, task->d_name);
            FILE *file = task->d_name[0] == '.' ? NULL : fopen(name, "r");
            if (file) {
                total += fscanf(file, "%llu", &ran_ns) == 1 ? (double)ran_ns / 1e9 : 0;
                fclose(file);
            }
        }
        if (tasks) {
            closedir(tasks);
        }
    }
    return total;
}

double gen_cpu(void)
{
    struct timespec ran;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ran);
    return (double)ran.tv_sec + (double)ran.tv_nsec / 1e9;
}
