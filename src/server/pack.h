#ifndef SERVER_PACK_H
#define SERVER_PACK_H

#include "server/admin.h"

/*
 * An archive with a manifest: tar, zstd.  manifest.json names every other file with
 * its length and SHA-256; nothing that it does not name is ever unpacked, nor a name
 * that does not belong to its kind.
 */
enum { PACK_FILES_MAX = 16, PACK_NAME_MAX = 64 };

struct pack_file {
    char name[PACK_NAME_MAX]; /* inside the archive, "keys/master" */
    char path[HOME_PATH_MAX]; /* where it is, or goes */
    void *bytes;              /* as pack_load read it; else NULL */
    size_t len;
};

struct pack {
    const char *kind; /* "world", "keys" */
    size_t count;
    struct pack_file files[PACK_FILES_MAX];
};

void pack_add(struct pack *pack, const char *name, const char *path);

/*
 * Reads them now, in place of when the archive is written: for files that change meanwhile.
 * False: one cannot be read, or there is no memory.
 */
bool pack_load(struct pack *pack);
void pack_unload(struct pack *pack);

/* What a folder says is there will be there after a crash, too. */
bool pack_sync(const char *folder);

/* Into a new file, whole or not at all.  The sentence says what failed. */
MUST_USE enum err pack_write(const struct pack *pack, const char *archive,
                             char ret_text[ADMIN_TEXT_MAX]);

/*
 * Unpacks into the empty folder `into` and checks every hash; ret_pack names what came.
 * ERR_INVALID for an archive that is damaged or not ours: then `into` may hold a part.
 */
MUST_USE enum err pack_read(const char *archive, const char *into, struct pack *ret_pack,
                            char ret_kind[PACK_NAME_MAX], char ret_text[ADMIN_TEXT_MAX]);

#endif
