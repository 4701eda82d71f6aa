#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/bundle.h"
#include "tests/support/folder.h"

/* Archives that somebody made to do harm: each is refused with a sentence, none is trusted. */
enum { BLOCK = 512, ARCHIVE_MAX = 256 * 1024 };

struct tar {
    char bytes[ARCHIVE_MAX];
    size_t len;
};

static char folder[TEST_FOLDER_MAX];

static int folder_make(void **state UNUSED)
{
    return test_folder("bundle", folder) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *info UNUSED, int kind UNUSED,
                      struct FTW *walk UNUSED)
{
    return remove(path);
}

static int folder_end(void **state UNUSED)
{
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* One entry of a tar file: `type` as the format has it, '0' a file, '2' a link, 'x' more about the
 * next one. */
static void entry(struct tar *tar, const char *name, char type, const char *target,
                  const void *bytes, size_t len)
{
    char *head = tar->bytes + tar->len;
    size_t room = (len + BLOCK - 1) / BLOCK * BLOCK;
    assert_true(tar->len + BLOCK + room + 2 * (size_t)BLOCK <= sizeof(tar->bytes));
    memset(head, 0, BLOCK + room);
    snprintf(head, 100, "%s", name);
    snprintf(head + 100, 8, "0000600");
    snprintf(head + 108, 8, "0000000");
    snprintf(head + 116, 8, "0000000");
    snprintf(head + 124, 12, "%011zo", len);
    snprintf(head + 136, 12, "%011o", 0U);
    memset(head + 148, ' ', 8);
    head[156] = type;
    snprintf(head + 157, 100, "%s", target);
    snprintf(head + 257, 8, "ustar");
    memcpy(head + 263, "00", 2);
    unsigned sum = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        sum += (unsigned char)head[i];
    }
    snprintf(head + 148, 8, "%06o", sum);
    memcpy(head + BLOCK, bytes, len);
    tar->len += BLOCK + room;
}

static void text_entry(struct tar *tar, const char *name, const char *text)
{
    entry(tar, name, '0', "", text, strlen(text));
}

/* Each is a name for the next entry that cannot be said, or none at all. */
static const char *const unsayable[] = {"12 path=\xc3\xa9x\n", "12 path=\xff\xfex\n", "8 path=\n",
                                        "21 hdrcharset=BINARY\n12 path=\xff\xfex\n",
                                        "21 hdrcharset=BINARY\n8 path=\n"};

static enum err read_back(const struct tar *tar, char ret_text[ADMIN_TEXT_MAX])
{
    char path[128], into[128], kind[BUNDLE_NAME_MAX];
    struct bundle bundle;
    static const char end[2 * BLOCK];
    snprintf(path, sizeof(path), "%s/archive", folder);
    snprintf(into, sizeof(into), "%s/into", folder);
    assert_int_equal(mkdir(into, 0700), 0);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(tar->bytes, 1, tar->len, file), tar->len);
    assert_int_equal(fwrite(end, 1, sizeof(end), file), sizeof(end));
    assert_int_equal(fclose(file), 0);
    *ret_text = '\0';
    return bundle_read(path, into, &bundle, kind, ret_text);
}

/* SHA-256 of "hello" */
#define HELLO "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define MANIFEST(name_, bytes_, hash_)                                         \
    "{\"kind\":\"world\",\"files\":[{\"name\":\"" name_ "\",\"bytes\":" bytes_ \
    ",\"sha256\":\"" hash_ "\"}]}"

static void empty_again(void)
{
    char into[128];
    snprintf(into, sizeof(into), "%s/into", folder);
    assert_int_equal(rmdir(into), 0);
}

static void refused(struct tar *tar, const char *why)
{
    char text[ADMIN_TEXT_MAX];
    assert_int_equal(read_back(tar, text), ERR_INVALID);
    if (!strstr(text, why)) {
        fail_msg("\"%s\" does not say \"%s\"", text, why);
    }
}

static void a_true_archive_is_read(void **state UNUSED)
{
    static struct tar tar;
    char text[ADMIN_TEXT_MAX];
    text_entry(&tar, "manifest.json", MANIFEST("world.db", "5", HELLO));
    text_entry(&tar, "world.db", "hello");
    assert_int_equal(read_back(&tar, text), OK);
}

static void an_entry_without_a_name_that_can_be_said_is_refused(void **state UNUSED)
{
    static struct tar tar;
    for (size_t i = 0; i <= COUNT(unsayable); i++) {
        for (int good = 0; good < 2; good++) {
            const char *record = i < COUNT(unsayable) ? unsayable[i] : "";
            tar.len = 0;
            if (good) {
                text_entry(&tar, "manifest.json", MANIFEST("world.db", "5", HELLO));
            }
            if (*record) {
                entry(&tar, "pax", 'x', "", record, strlen(record));
            }
            text_entry(&tar, "", good ? "hello" : MANIFEST("world.db", "5", HELLO));
            refused(&tar, good ? "does not hold what its manifest says" : "no backup of bauta");
            empty_again();
        }
    }
}

static void a_link_is_no_file(void **state UNUSED)
{
    static struct tar tar;
    text_entry(&tar, "manifest.json", MANIFEST("world.db", "5", HELLO));
    entry(&tar, "world.db", '2', "/etc/passwd", "", 0);
    refused(&tar, "does not hold what its manifest says");
}

static void nothing_leaves_the_folder(void **state UNUSED)
{
    static struct tar tar;
    char path[128];
    text_entry(&tar, "manifest.json", MANIFEST("../out", "5", HELLO));
    text_entry(&tar, "../out", "hello");
    refused(&tar, "does not hold what its manifest says");
    snprintf(path, sizeof(path), "%s/out", folder);
    assert_int_equal(access(path, F_OK), -1);
}

static void another_size_than_the_manifest_s_is_refused_unwritten(void **state UNUSED)
{
    static struct tar tar;
    char path[128];
    text_entry(&tar, "manifest.json", MANIFEST("world.db", "4", HELLO));
    text_entry(&tar, "world.db", "hello");
    refused(&tar, "does not hold what its manifest says");
    snprintf(path, sizeof(path), "%s/into/world.db", folder);
    assert_int_equal(access(path, F_OK), -1);
}

static void other_bytes_are_refused(void **state UNUSED)
{
    static struct tar tar;
    text_entry(&tar, "manifest.json", MANIFEST("world.db", "5", HELLO));
    text_entry(&tar, "world.db", "hullo");
    refused(&tar, "is damaged");
}

static void a_manifest_that_is_none_is_refused(void **state UNUSED)
{
    static const char *const manifests[] = {
        "", "[]", "{}", "null", "{\"files\":[]}", "{\"files\":1}"};
    static struct tar tar;
    for (size_t i = 0; i < COUNT(manifests); i++) {
        char text[ADMIN_TEXT_MAX];
        tar.len = 0;
        text_entry(&tar, "manifest.json", manifests[i]);
        assert_int_equal(read_back(&tar, text), ERR_INVALID);
        assert_true(*text);
        empty_again();
    }
    static char large[100 * 1024];
    memset(large, ' ', sizeof(large) - 1);
    tar.len = 0;
    text_entry(&tar, "manifest.json", large);
    refused(&tar, "no backup of bauta");
}

/* Nothing that a restore would put over settings, keys or marks that it is not about. */
static void a_name_of_another_kind_is_refused(void **state UNUSED)
{
    static const struct {
        const char *kind, *name, *why;
    } cases[] = {
        {"keys", "world.db", "does not hold"},
        {"world", "keys/master", "does not hold"},
        {"world", "keys/members", "does not hold"},
        {"world", "bauta.conf", "does not hold"},
        {"world", "lock", "does not hold"},
        {"keys", "keys/other", "does not hold"},
        {"other", "world.db", "does not hold"},
        {"", "demo", "does not hold"},
        {"world", "demo", "lacks"},
        {"keys", "keys/master", "lacks"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        static struct tar tar;
        char manifest[256];
        snprintf(manifest, sizeof(manifest),
                 "{\"kind\":\"%s\",\"files\":[{\"name\":\"%s\",\"bytes\":5,\"sha256\":\"" HELLO
                 "\"}]}",
                 cases[i].kind, cases[i].name);
        tar.len = 0;
        text_entry(&tar, "manifest.json", manifest);
        text_entry(&tar, cases[i].name, "hello");
        refused(&tar, cases[i].why);
        assert_int_equal(folder_end(NULL), 0);
        assert_int_equal(folder_make(NULL), 0);
    }
}

int main(void)
{
#define PACK_TEST(name_) cmocka_unit_test_setup_teardown(name_, folder_make, folder_end)
    const struct CMUnitTest tests[] = {
        PACK_TEST(a_true_archive_is_read),
        PACK_TEST(an_entry_without_a_name_that_can_be_said_is_refused),
        PACK_TEST(a_link_is_no_file),
        PACK_TEST(nothing_leaves_the_folder),
        PACK_TEST(another_size_than_the_manifest_s_is_refused_unwritten),
        PACK_TEST(other_bytes_are_refused),
        PACK_TEST(a_manifest_that_is_none_is_refused),
        PACK_TEST(a_name_of_another_kind_is_refused),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
