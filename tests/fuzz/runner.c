#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

/* runner CORPUS-FOLDER: every file, and every beginning of it, through the fuzz target. */
enum { FILE_MAX = 256 * 1024, BEGINNINGS_MAX = 2048 };

static void run_beginnings(const uint8_t *bytes, size_t len)
{
    size_t step = len / BEGINNINGS_MAX + 1;
    for (size_t part = 0; part < len; part += step) {
        uint8_t *copy = malloc(part + 1); /* of its own, so that a sanitizer sees its end */
        if (!copy) {
            abort();
        }
        memcpy(copy, bytes, part);
        (void)LLVMFuzzerTestOneInput(copy, part);
        free(copy);
    }
    (void)LLVMFuzzerTestOneInput(bytes, len);
}

static size_t run_file(const char *path)
{
    static uint8_t bytes[FILE_MAX];
    FILE *in = fopen(path, "rb");
    if (!in) {
        return 0;
    }
    size_t len = fread(bytes, 1, sizeof(bytes), in);
    fclose(in);
    run_beginnings(bytes, len);
    return 1;
}

int main(int argc, char **argv)
{
    size_t count = 0;
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (!folder) {
        fprintf(stderr, "usage: runner CORPUS-FOLDER\n");
        return 2;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
        count += entry->d_name[0] != '.' ? run_file(path) : 0;
    }
    closedir(folder);
    printf("%zu files\n", count);
    return count == 0;
}
