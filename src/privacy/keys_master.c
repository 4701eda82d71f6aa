#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "privacy/keys_back.h"

/* The master key and the files around it. */

static const char credential[] = "credential:";

enum err keys_folder(const struct keys_options *options, char ret_why[KEYS_WHY_MAX])
{
    struct stat info;
    if (mkdir(options->dir, 0700) != 0 && errno != EEXIST) {
        snprintf(ret_why, KEYS_WHY_MAX, "The folder %.150s cannot be made: %s.", options->dir,
                 strerror(errno));
        return ERR_INVALID;
    }
    if (stat(options->dir, &info) != 0 || !S_ISDIR(info.st_mode) || (info.st_mode & 077)) {
        snprintf(ret_why, KEYS_WHY_MAX,
                 "The folder %.150s must be readable by its owner alone: "
                 "chmod 700.",
                 options->dir);
        return ERR_INVALID;
    }
    return OK;
}

static enum err sync_folder(const char *path)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof(copy), "%s", path);
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return ERR_BUSY;
    }
    int failed = fsync(folder);
    close(folder);
    return failed ? ERR_BUSY : OK;
}

enum err keys_write_file(const char *path, const void *bytes, size_t len)
{
    char temporary[PATH_MAX + 8];
    snprintf(temporary, sizeof(temporary), "%s.new", path);
    int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) {
        return ERR_BUSY;
    }
    bool good = write(file, bytes, len) == (ssize_t)len && fsync(file) == 0;
    good = close(file) == 0 && good;
    if (!good || rename(temporary, path) != 0) {
        unlink(temporary);
        return ERR_BUSY;
    }
    return sync_folder(path);
}

static enum err master_path(const struct keys_options *options, char ret[PATH_MAX], bool *ret_given,
                            char ret_why[KEYS_WHY_MAX])
{
    const char *file = options->master_file;
    *ret_given = false;
    if (!file || !*file) {
        snprintf(ret, PATH_MAX, "%s/master", options->dir);
        return OK;
    }
    if (strncmp(file, credential, strlen(credential)) != 0) {
        size_t len = strlen(options->dir);
        bool inside = strncmp(file, options->dir, len) == 0 && file[len] == '/' &&
                      !strchr(file + len + 1, '/');
        *ret_given = !inside;
        snprintf(ret, PATH_MAX, "%s", file);
        return OK;
    }
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    if (!folder) {
        snprintf(ret_why, KEYS_WHY_MAX,
                 "%s needs systemd's LoadCredential: there is no "
                 "$CREDENTIALS_DIRECTORY.",
                 file);
        return ERR_INVALID;
    }
    *ret_given = true;
    snprintf(ret, PATH_MAX, "%s/%s", folder, file + strlen(credential));
    return OK;
}

static enum err read_master(const char *path, int file, bool from_systemd,
                            uint8_t ret_key[KEY_BYTES], char ret_why[KEYS_WHY_MAX])
{
    struct stat info;
    /* systemd shows its credentials' access list as a group right. */
    mode_t forbidden = from_systemd ? 037 : 077;
    if (fstat(file, &info) != 0 || (info.st_mode & forbidden)) {
        snprintf(ret_why, KEYS_WHY_MAX,
                 "The master key %.150s must be readable by its owner "
                 "alone: chmod 600.",
                 path);
        return ERR_INVALID;
    }
    if (info.st_size != KEY_BYTES || read(file, ret_key, KEY_BYTES) != KEY_BYTES) {
        snprintf(ret_why, KEYS_WHY_MAX, "The master key %.150s must be exactly %d bytes.", path,
                 KEY_BYTES);
        return ERR_INVALID;
    }
    return OK;
}

static enum err make_master(const char *path, uint8_t ret_key[KEY_BYTES],
                            char ret_why[KEYS_WHY_MAX])
{
    crypto_random(ret_key, KEY_BYTES);
    if (keys_write_file(path, ret_key, KEY_BYTES) != OK) {
        snprintf(ret_why, KEYS_WHY_MAX, "The master key %.150s cannot be written: %s.", path,
                 strerror(errno));
        return ERR_INVALID;
    }
    return OK;
}

enum err keys_master(const struct keys_options *options, bool may_make, uint8_t ret_key[KEY_BYTES],
                     char ret_why[KEYS_WHY_MAX])
{
    char path[PATH_MAX];
    bool given = false; /* by the operator: never made here */
    TRY(master_path(options, path, &given, ret_why));
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        bool from_systemd = options->master_file &&
                            strncmp(options->master_file, credential, strlen(credential)) == 0;
        enum err err = read_master(path, file, from_systemd, ret_key, ret_why);
        close(file);
        return err;
    }
    if (errno == ENOENT && may_make && !given) {
        return make_master(path, ret_key, ret_why);
    }
    snprintf(ret_why, KEYS_WHY_MAX, "The master key %.120s cannot be read: %s.%s", path,
             strerror(errno),
             given && errno == ENOENT ? " Make one: head -c 32 /dev/urandom, mode 600." : "");
    return ERR_INVALID;
}
