#include "commands/bundle.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/time.h"

enum { MANIFEST_MAX = 64 * 1024, HEX_LEN = 2 * HASH_BYTES + 1 };
static const char manifest_name[] = "manifest.json";

PRINTF(2, 3) static enum err bad(char ret_text[ADMIN_TEXT_MAX], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(ret_text, ADMIN_TEXT_MAX, format, args);
    va_end(args);
    return ERR_INVALID;
}

/* What an archive of each kind may hold: no other name is ever put into the folder. */
static const struct {
    const char *kind, *name;
    bool needed;
} names[] = {
    {"world", "world.db", true},
    {"world", "demo", false},
    {"keys", "keys/members", true},
    {"keys", "keys/master", false}, /* it may be kept elsewhere: --key-file */
};

static bool belongs(const char *kind, const char *name)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(names[i].kind, kind) == 0 && strcmp(names[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

void bundle_add(struct bundle *bundle, const char *name, const char *path)
{
    ASSERT_START(bundle->count < BUNDLE_FILES_MAX);
    ASSERT_CODE(belongs(bundle->kind, name)); /* no other would be read back */
    ASSERT_CODE(strlen(name) < BUNDLE_NAME_MAX && strlen(path) < HOME_PATH_MAX);
    struct bundle_file *file = &bundle->files[bundle->count++];
    snprintf(file->name, sizeof(file->name), "%s", name);
    snprintf(file->path, sizeof(file->path), "%s", path);
}

/* A whole file in memory, without being read before it is needed. */
struct view {
    void *at;
    size_t len;
    bool mapped;
};

static bool view_open(const struct bundle_file *file, struct view *ret)
{
    struct stat found;
    *ret = (struct view){file->bytes, file->len, false};
    if (file->bytes) {
        return true;
    }
    int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool opened = fd >= 0 && fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
    if (opened && found.st_size > 0) {
        ret->len = (size_t)found.st_size;
        ret->at = mmap(NULL, ret->len, PROT_READ, MAP_PRIVATE, fd, 0);
        opened = ret->mapped = ret->at != MAP_FAILED;
    }
    if (fd >= 0) {
        close(fd);
    }
    return opened;
}

static void view_close(struct view *view)
{
    if (view->mapped) {
        munmap(view->at, view->len);
    }
}

bool bundle_load(struct bundle *bundle)
{
    for (size_t i = 0; i < bundle->count; i++) {
        struct view view;
        struct bundle_file *file = &bundle->files[i];
        ASSERT_CODE(!file->bytes && file->len == 0);
        void *bytes = view_open(file, &view) ? malloc(view.len + 1) : NULL;
        if (!bytes) {
            view_close(&view);
            return false;
        }
        if (view.len > 0) {
            memcpy(bytes, view.at, view.len);
        }
        view_close(&view);
        file->bytes = bytes;
        file->len = view.len;
    }
    return true;
}

void bundle_unload(struct bundle *bundle)
{
    for (size_t i = 0; i < bundle->count; i++) {
        if (bundle->files[i].bytes) { /* the master key may be among them */
            crypto_wipe(bundle->files[i].bytes, bundle->files[i].len);
        }
        free(bundle->files[i].bytes);
        bundle->files[i].bytes = NULL;
        bundle->files[i].len = 0;
    }
}

static void hash_of(const struct view *view, char ret_hex[HEX_LEN])
{
    uint8_t hash[HASH_BYTES];
    crypto_sha256(view->at ? view->at : "", view->len, hash);
    crypto_hex(hash, sizeof(hash), ret_hex);
}

/* ---- writing ---- */

static bool add_bytes(struct archive *out, const char *name, const void *bytes, size_t len)
{
    struct archive_entry *entry = archive_entry_new();
    if (!entry) {
        return false;
    }
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)len);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    bool added = archive_write_header(out, entry) == ARCHIVE_OK &&
                 (len == 0 || archive_write_data(out, bytes, len) == (la_ssize_t)len);
    archive_entry_free(entry);
    return added;
}

static char *manifest_of(const struct bundle *bundle)
{
    char made[24], hex[HEX_LEN];
    text_time(time_now_ms(), made);
    json_t *files = json_array();
    for (size_t i = 0; i < bundle->count; i++) {
        struct view view;
        if (!view_open(&bundle->files[i], &view)) {
            json_decref(files);
            return NULL;
        }
        hash_of(&view, hex);
        json_array_append_new(files, json_pack("{s:s, s:I, s:s}", "name", bundle->files[i].name,
                                               "bytes", (json_int_t)view.len, "sha256", hex));
        view_close(&view);
    }
    json_t *all = json_pack("{s:s, s:s, s:s, s:o}", "bauta", BAUTA_VERSION, "kind", bundle->kind,
                            "made", made, "files", files);
    char *text = json_dumps(all, JSON_INDENT(1));
    json_decref(all);
    return text;
}

static bool write_to(struct archive *out, const struct bundle *bundle, int fd)
{
    char *manifest = manifest_of(bundle);
    bool written = manifest && archive_write_set_format_pax_restricted(out) == ARCHIVE_OK &&
                   archive_write_add_filter_zstd(out) == ARCHIVE_OK &&
                   archive_write_open_fd(out, fd) == ARCHIVE_OK &&
                   add_bytes(out, manifest_name, manifest, strlen(manifest));
    for (size_t i = 0; i < bundle->count && written; i++) {
        struct view view;
        written = view_open(&bundle->files[i], &view);
        if (written) {
            written = add_bytes(out, bundle->files[i].name, view.at, view.len);
            view_close(&view);
        }
    }
    free(manifest);
    return written && archive_write_close(out) == ARCHIVE_OK;
}

bool bundle_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool safe = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return safe;
}

static bool sync_folder_of(const char *path)
{
    char folder[HOME_PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) + 1 : 1,
             slash ? path : ".");
    return bundle_sync(folder);
}

enum err bundle_write(const struct bundle *bundle, const char *archive,
                      char ret_text[ADMIN_TEXT_MAX])
{
    char part[HOME_PATH_MAX];
    ASSERT_CODE(bundle->count <= BUNDLE_FILES_MAX && bundle->kind);
    if (access(archive, F_OK) == 0) {
        return bad(ret_text, "%.300s is there already: choose a new name", archive);
    }
    if (snprintf(part, sizeof(part), "%s.part", archive) >= (int)sizeof(part)) {
        return bad(ret_text, "the archive's path is too long");
    }
    unlink(part);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return bad(ret_text, "%.300s cannot be written: %s", archive, strerror(errno));
    }
    struct archive *out = archive_write_new(); /* NULL: no memory, and the server may go on */
    bool written = out && write_to(out, bundle, fd);
    const char *why = out ? archive_error_string(out) : "no memory";
    if (!written || fsync(fd) != 0 || rename(part, archive) != 0 || !sync_folder_of(archive)) {
        bad(ret_text, "%.300s could not be written whole: %.100s", archive,
            why ? why : strerror(errno));
        unlink(part);
        written = false;
    }
    archive_write_free(out);
    close(fd);
    return written ? OK : ERR_BROKEN;
}

/* ---- reading ---- */

static bool holds(const struct bundle *bundle, const char *name)
{
    for (size_t i = 0; i < bundle->count; i++) {
        if (strcmp(bundle->files[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_complete(const struct bundle *bundle)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(names[i].kind, bundle->kind) == 0 && names[i].needed &&
            !holds(bundle, names[i].name)) {
            return false;
        }
    }
    return true;
}

/* libarchive has no name at all for an entry whose name no locale can say. */
static bool next_is(struct archive *in, const char *name, struct archive_entry **ret_entry)
{
    if (archive_read_next_header(in, ret_entry) != ARCHIVE_OK) {
        return false;
    }
    const char *said = archive_entry_pathname(*ret_entry);
    return said && strcmp(said, name) == 0 && archive_entry_filetype(*ret_entry) == AE_IFREG;
}

static json_t *read_manifest(struct archive *in)
{
    char text[MANIFEST_MAX];
    struct archive_entry *entry = NULL;
    if (!next_is(in, manifest_name, &entry)) {
        return NULL;
    }
    la_ssize_t len = archive_read_data(in, text, sizeof(text));
    return len > 0 && len < (la_ssize_t)sizeof(text)
               ? json_loadb(text, (size_t)len, JSON_REJECT_DUPLICATES, NULL)
               : NULL;
}

static enum err unpack(struct archive *in, const char *name, const struct bundle_file *file,
                       char ret_text[ADMIN_TEXT_MAX])
{
    char dir[HOME_PATH_MAX];
    snprintf(dir, sizeof(dir), "%s", file->path);
    *strrchr(dir, '/') = '\0';
    mkdir(dir, 0700);
    int fd = open(file->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool written = fd >= 0 && archive_read_data_into_fd(in, fd) == ARCHIVE_OK && fsync(fd) == 0;
    const char *why = archive_error_string(in);
    if (!written) {
        bad(ret_text, "%s cannot be unpacked: %.200s", name, why ? why : strerror(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    return written ? OK : ERR_INVALID;
}

static enum err check(const json_t *said, const struct bundle_file *file,
                      char ret_text[ADMIN_TEXT_MAX])
{
    char hex[HEX_LEN];
    struct view view;
    const char *sha256 = json_string_value(json_object_get(said, "sha256"));
    if (!sha256 || !view_open(file, &view)) {
        return bad(ret_text, "%s is missing in the archive", file->name);
    }
    hash_of(&view, hex);
    view_close(&view);
    return strcmp(hex, sha256) == 0
               ? OK
               : bad(ret_text, "%s is damaged: its SHA-256 is not the manifest's", file->name);
}

static enum err read_files(struct archive *in, const json_t *manifest, const char *into,
                           struct bundle *bundle, char ret_text[ADMIN_TEXT_MAX])
{
    const json_t *files = json_object_get(manifest, "files");
    if (json_array_size(files) == 0 || json_array_size(files) > BUNDLE_FILES_MAX) {
        return bad(ret_text, "the manifest names no files");
    }
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *said = json_array_get(files, i);
        const char *name = json_string_value(json_object_get(said, "name"));
        struct archive_entry *entry = NULL;
        char path[HOME_PATH_MAX];
        if (!name || !belongs(bundle->kind, name) || !next_is(in, name, &entry) ||
            archive_entry_size(entry) != json_integer_value(json_object_get(said, "bytes"))) {
            return bad(ret_text, "the archive does not hold what its manifest says");
        }
        snprintf(path, sizeof(path), "%s/%s", into, name);
        bundle_add(bundle, name, path);
        TRY(unpack(in, name, &bundle->files[i], ret_text));
        TRY(check(said, &bundle->files[i], ret_text));
    }
    return is_complete(bundle) ? OK : bad(ret_text, "the archive lacks what it is for");
}

enum err bundle_read(const char *archive, const char *into, struct bundle *ret_bundle,
                     char ret_kind[BUNDLE_NAME_MAX], char ret_text[ADMIN_TEXT_MAX])
{
    struct archive *in = archive_read_new();
    ASSERT_START(in); /* out of memory in a command of the operator's */
    *ret_bundle = (struct bundle){0};
    archive_read_support_filter_zstd(in);
    archive_read_support_format_tar(in);
    enum err err = OK;
    json_t *manifest = NULL;
    if (archive_read_open_filename(in, archive, 1 << 16) != ARCHIVE_OK) {
        const char *why = archive_error_string(in);
        err = bad(ret_text, "%.300s cannot be read: %.100s", archive, why ? why : "no memory");
    } else if (!(manifest = read_manifest(in))) {
        err = bad(ret_text, "%.300s is no backup of bauta", archive);
    } else {
        const char *kind = json_string_value(json_object_get(manifest, "kind"));
        snprintf(ret_kind, BUNDLE_NAME_MAX, "%s", kind ? kind : "");
        ret_bundle->kind = ret_kind;
        err = read_files(in, manifest, into, ret_bundle, ret_text);
    }
    json_decref(manifest);
    archive_read_free(in);
    return err;
}
