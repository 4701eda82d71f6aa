#include "net/pack.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_BYTES = 16, FILES_MAX = 65536, PAGES_MAX = 1024 };

struct pack {
    size_t file_count, page_count;
    struct pack_file *files;
    const char **pages;
};

struct reader {
    const unsigned char *bytes;
    size_t len;
    size_t at;
    bool broken;
};

static uint32_t number(struct reader *reader)
{
    if (reader->broken || reader->len - reader->at < 4) {
        reader->broken = true;
        return 0;
    }
    const unsigned char *p = reader->bytes + reader->at;
    reader->at += 4;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static const char *text(struct reader *reader)
{
    uint32_t at = number(reader);
    if (at >= reader->len || !memchr(reader->bytes + at, '\0', reader->len - at)) {
        reader->broken = true;
        return "";
    }
    return (const char *)reader->bytes + at;
}

static struct pack_body body(struct reader *reader)
{
    uint32_t at = number(reader);
    uint32_t len = number(reader);
    if (at > reader->len || len > reader->len - at) {
        reader->broken = true;
        return (struct pack_body){NULL, 0};
    }
    return (struct pack_body){at ? reader->bytes + at : NULL, len};
}

static void read_files(struct reader *reader, struct pack *pack)
{
    for (size_t i = 0; i < pack->file_count && !reader->broken; i++) {
        struct pack_file *file = &pack->files[i];
        file->path = text(reader);
        file->type = text(reader);
        file->etag = text(reader);
        file->script = text(reader);
        file->style = text(reader);
        file->immutable = number(reader) & 1;
        for (int coding = 0; coding < PACK_CODINGS_; coding++) {
            file->bodies[coding] = body(reader);
        }
        if (!file->bodies[PACK_PLAIN].at || (i && strcmp(file[-1].path, file->path) >= 0)) {
            reader->broken = true;
        }
    }
    for (size_t i = 0; i < pack->page_count && !reader->broken; i++) {
        pack->pages[i] = text(reader);
    }
}

enum err pack_open(const unsigned char *bytes, size_t len, struct pack **ret)
{
    struct reader reader = {.bytes = bytes, .len = len, .at = 8};
    struct pack *pack = calloc(1, sizeof(*pack));
    ASSERT_START(pack);
    if (len == 0) {
        *ret = pack;
        return OK;
    }
    if (len < HEAD_BYTES || memcmp(bytes, "BAUTAPK1", 8) != 0) {
        pack_close(pack);
        return ERR_INVALID;
    }
    pack->file_count = number(&reader);
    pack->page_count = number(&reader);
    if (pack->file_count > FILES_MAX || pack->page_count > PAGES_MAX) {
        pack_close(pack);
        return ERR_INVALID;
    }
    pack->files = calloc(pack->file_count + 1, sizeof(*pack->files));
    pack->pages = calloc(pack->page_count + 1, sizeof(*pack->pages));
    ASSERT_START(pack->files && pack->pages);
    read_files(&reader, pack);
    if (reader.broken) {
        pack_close(pack);
        return ERR_INVALID;
    }
    *ret = pack;
    return OK;
}

void pack_close(struct pack *pack)
{
    if (pack) {
        free(pack->files);
        free((void *)pack->pages);
        free(pack);
    }
}

static int by_path(const void *path, const void *file)
{
    return strcmp(path, ((const struct pack_file *)file)->path);
}

const struct pack_file *pack_find(const struct pack *pack, const char *path)
{
    return pack->files ? bsearch(path, pack->files, pack->file_count, sizeof(*pack->files), by_path)
                       : NULL;
}

/* One slash more at the end is the same page, as it is for the client. */
static bool page_fits(const char *want, const char *path)
{
    while (*want && *path) {
        if (*want == '{') {
            size_t len = strcspn(path, "/");
            if (len == 0) {
                return false;
            }
            want += strcspn(want, "}") + 1;
            path += len;
        } else if (*want++ != *path++) {
            return false;
        }
    }
    return !*want && (!*path || strcmp(path, "/") == 0);
}

bool pack_page(const struct pack *pack, const char *path)
{
    for (size_t i = 0; i < pack->page_count; i++) {
        if (page_fits(pack->pages[i], path)) {
            return true;
        }
    }
    return false;
}
