#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "privacy/keys_back.h"

/*
 * DIR/keys/members: a head of one page, then records of 128 bytes; the key's id is
 * its place.  A record is appended and made durable before its key is used, and
 * burned by overwriting it where it stands, so the file never holds a second copy.
 * A kill at any moment leaves whole records and perhaps a torn one at the end,
 * whose key nobody was given.
 */
static const int64_t file_id_max = INT64_C(1) << 48; /* its place in the file is a number, too */
enum { HEAD_BYTES = 4096, RECORD_BYTES = 128, LIVING = 'K', BURNED = 'B' };

static const char magic[16] = "bauta keys 1\n";

struct file_head {
    char magic[16];
    struct key_head head;
};

struct record {
    uint64_t id;      /* little-endian, as all numbers here */
    uint64_t made_ms; /* alone may be written again: no more than these 8 bytes change */
    uint8_t wrapped[WRAPPED_BYTES];
    uint8_t state;
    uint8_t pad[RECORD_BYTES - 17 - WRAPPED_BYTES];
};

_Static_assert(sizeof(struct record) == RECORD_BYTES, "records do not cross a disk's sector");
_Static_assert(sizeof(struct file_head) <= HEAD_BYTES, "the head is one page");

struct key_file {
    struct key_back back;
    int64_t used_max;
    char path[PATH_MAX];
    int file; /* -1: not there yet */
    int64_t next;
};

static struct key_file *self(struct key_back *back)
{
    return (struct key_file *)back;
}

static off_t place(int64_t id)
{
    ASSERT_CODE(id >= 1); /* before the first lies the head */
    return HEAD_BYTES + (off_t)(id - 1) * RECORD_BYTES;
}

static enum err write_at(const struct key_file *f, const void *bytes, size_t len, off_t at)
{
    const char *from = bytes;
    ASSERT_CODE(f->file >= 0);
    while (len > 0) {
        ssize_t wrote = pwrite(f->file, from, len, at);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            return ERR_BUSY;
        }
        from += wrote;
        at += wrote;
        len -= (size_t)wrote;
    }
    return OK;
}

static enum err durable(const struct key_file *f)
{
    return fdatasync(f->file) == 0 ? OK : ERR_BUSY;
}

static enum err open_members(struct key_file *f)
{
    struct stat info;
    ASSERT_CODE(f->file < 0);
    f->file = open(f->path, O_RDWR | O_CLOEXEC);
    if (f->file < 0) {
        return errno == ENOENT ? ERR_MISSING : ERR_BUSY;
    }
    if (flock(f->file, LOCK_EX | LOCK_NB) != 0 || fstat(f->file, &info) != 0) {
        return ERR_BUSY;
    }
    off_t records = info.st_size > HEAD_BYTES ? info.st_size - HEAD_BYTES : 0;
    f->next = (records + RECORD_BYTES - 1) / RECORD_BYTES + 1; /* beyond a torn one */
    f->next = MAX(f->next, f->used_max + 1); /* and what an older or shortened file forgot */
    return OK;
}

static enum err file_head(struct key_back *back, struct key_head *ret)
{
    struct key_file *f = self(back);
    struct file_head head;
    TRY(open_members(f));
    if (pread(f->file, &head, sizeof(head), 0) != sizeof(head) ||
        memcmp(head.magic, magic, sizeof(magic)) != 0) {
        return ERR_BROKEN;
    }
    *ret = head.head;
    return OK;
}

static enum err file_start(struct key_back *back, const struct key_head *head)
{
    struct key_file *f = self(back);
    struct file_head first = {.head = *head};
    uint8_t page[HEAD_BYTES] = {0};
    memcpy(first.magic, magic, sizeof(magic));
    memcpy(page, &first, sizeof(first));
    TRY(keys_write_file(f->path, page, sizeof(page)));
    return open_members(f);
}

static enum err file_next_ids(struct key_back *back, size_t count, int64_t *ret_ids)
{
    struct key_file *f = self(back);
    for (size_t i = 0; i < count; i++) {
        ret_ids[i] = f->next++; /* also when `add` fails: a place is used once */
    }
    return OK;
}

static enum err file_add(struct key_back *back, const struct key_row *rows, size_t count)
{
    struct key_file *f = self(back);
    for (size_t i = 0; i < count; i++) {
        ASSERT_CODE(rows[i].id < f->next); /* given out here */
        struct record record = {.id = htole64((uint64_t)rows[i].id),
                                .made_ms = htole64((uint64_t)rows[i].made_ms),
                                .state = LIVING};
        memcpy(record.wrapped, rows[i].wrapped, WRAPPED_BYTES);
        TRY(write_at(f, &record, sizeof(record), place(rows[i].id)));
    }
    return durable(f);
}

static enum err file_redate(struct key_back *back, const int64_t *ids, size_t count,
                            int64_t made_ms)
{
    const struct key_file *f = self(back);
    uint64_t value = htole64((uint64_t)made_ms);
    for (size_t i = 0; i < count; i++) {
        ASSERT_CODE(ids[i] < f->next);
        TRY(write_at(f, &value, sizeof(value),
                     place(ids[i]) + (off_t)offsetof(struct record, made_ms)));
    }
    return durable(f);
}

static enum err file_read(struct key_back *back, int64_t id, struct key_row *ret)
{
    const struct key_file *f = self(back);
    struct record record;
    if (id < 1 || id > INT64_MAX / RECORD_BYTES - HEAD_BYTES) {
        return ERR_MISSING;
    }
    ssize_t got = pread(f->file, &record, sizeof(record), place(id));
    if (got < 0) {
        return ERR_BUSY;
    }
    if (got != sizeof(record) || record.state != LIVING || le64toh(record.id) != (uint64_t)id) {
        return ERR_MISSING;
    }
    ret->id = id;
    ret->made_ms = (int64_t)le64toh(record.made_ms);
    memcpy(ret->wrapped, record.wrapped, WRAPPED_BYTES);
    return OK;
}

static enum err file_burn(struct key_back *back, const int64_t *ids, size_t count)
{
    const struct key_file *f = self(back);
    for (size_t i = 0; i < count; i++) {
        struct record record = {.id = htole64((uint64_t)ids[i]), .state = BURNED};
        if (ids[i] >= 1 && ids[i] < f->next) {
            TRY(write_at(f, &record, sizeof(record), place(ids[i])));
        }
    }
    return durable(f);
}

static enum err file_list(struct key_back *back, int64_t after, int64_t before_ms,
                          int64_t ret_ids[KEYS_BATCH], size_t *ret_count)
{
    size_t count = 0;
    for (int64_t id = after + 1; id < self(back)->next && count < KEYS_BATCH; id++) {
        struct key_row row;
        enum err err = file_read(back, id, &row);
        if (err == OK && row.made_ms < before_ms) {
            ret_ids[count++] = id;
        } else if (err != OK && err != ERR_MISSING) {
            return err;
        }
    }
    *ret_count = count;
    return OK;
}

/* False: no record of it, or a torn one. */
static bool whole(const struct key_file *f, int64_t id, struct key_row *ret)
{
    struct record record;
    if (pread(f->file, &record, sizeof(record), place(id)) != sizeof(record) ||
        le64toh(record.id) != (uint64_t)id || (record.state != LIVING && record.state != BURNED)) {
        return false;
    }
    *ret = (struct key_row){.id = id, .burned = record.state == BURNED};
    memcpy(ret->wrapped, record.wrapped, WRAPPED_BYTES);
    return true;
}

static enum err file_page(struct key_back *back, int64_t from, int64_t to,
                          struct key_row ret_rows[KEYS_BATCH], size_t *ret_count)
{
    const struct key_file *f = self(back);
    size_t count = 0;
    for (int64_t id = MAX(from, INT64_C(1)); id <= to && id < f->next && count < KEYS_BATCH; id++) {
        count += whole(f, id, &ret_rows[count]);
    }
    *ret_count = count;
    return OK;
}

static int64_t file_high(struct key_back *back)
{
    return self(back)->next - 1;
}

static void file_close(struct key_back *back)
{
    struct key_file *f = self(back);
    if (f->file >= 0) {
        close(f->file); /* gives the lock back */
    }
    free(f);
}

static const struct key_back_ops file_ops = {
    .head = file_head,
    .start = file_start,
    .next_ids = file_next_ids,
    .add = file_add,
    .redate = file_redate,
    .read = file_read,
    .burn = file_burn,
    .list = file_list,
    .page = file_page,
    .high = file_high,
    .close = file_close,
};

enum err keys_file_open(const struct keys_options *options, struct key_back **ret,
                        char ret_why[KEYS_WHY_MAX])
{
    TRY(keys_folder(options, ret_why));
    struct key_file *f = calloc(1, sizeof(*f));
    if (!f) {
        snprintf(ret_why, KEYS_WHY_MAX, "There is no memory for the key store.");
        return ERR_BUSY;
    }
    f->back.ops = &file_ops;
    f->file = -1;
    f->used_max = MIN(options->used_max, file_id_max);
    snprintf(f->path, sizeof(f->path), "%s/members", options->dir);
    *ret = &f->back;
    return OK;
}
