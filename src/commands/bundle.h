#ifndef COMMANDS_BUNDLE_H
#define COMMANDS_BUNDLE_H

#include "commands/admin.h"

/*
 * An archive with a manifest: tar, zstd.  manifest.json names every other file with
 * its length and SHA-256; nothing that it does not name is ever unpacked, nor a name
 * that does not belong to its kind.
 */
enum { BUNDLE_FILES_MAX = 16, BUNDLE_NAME_MAX = 64 };

struct bundle_file {
    char name[BUNDLE_NAME_MAX]; /* inside the archive, "keys/master" */
    char path[HOME_PATH_MAX];   /* where it is, or goes */
    void *bytes;                /* as bundle_load read it; else NULL */
    size_t len;
};

struct bundle {
    const char *kind; /* "world", "keys" */
    size_t count;
    struct bundle_file files[BUNDLE_FILES_MAX];
};

void bundle_add(struct bundle *bundle, const char *name, const char *path);

/*
 * Reads them now, in place of when the archive is written: for files that change meanwhile.
 * False: one cannot be read, or there is no memory.
 */
bool bundle_load(struct bundle *bundle);
void bundle_unload(struct bundle *bundle);

/* What a folder says is there will be there after a crash, too. */
bool bundle_sync(const char *folder);

/* Into a new file, whole or not at all.  The sentence says what failed. */
MUST_USE enum err bundle_write(const struct bundle *bundle, const char *archive,
                               char ret_text[ADMIN_TEXT_MAX]);

/*
 * Unpacks into the empty folder `into` and checks every hash; ret_bundle names what came.
 * ERR_INVALID for an archive that is damaged or not ours: then `into` may hold a part.
 */
MUST_USE enum err bundle_read(const char *archive, const char *into, struct bundle *ret_bundle,
                              char ret_kind[BUNDLE_NAME_MAX], char ret_text[ADMIN_TEXT_MAX]);

#endif
