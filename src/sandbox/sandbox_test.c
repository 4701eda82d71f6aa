#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/log.h"
#include "sandbox/files_test.h"
#include "sandbox/frame.h"

/*
 * The real worker with files made here, and the tests' own worker that tries what a file
 * that took it over would try (tests/worker/tricks.c).  Both lie beside this program.
 */
static struct sandbox *good, *tricky;
static struct arena *arena;

static struct call call_of(struct sandbox *sandbox)
{
    arena_reset(arena);
    return (struct call){.arena = arena, .sandbox = sandbox};
}

/* The code of the refusal, "" for none. */
static const char *code_of(struct sandbox *sandbox, const void *bytes, size_t len,
                           struct sandbox_pages *ret)
{
    struct call call = call_of(sandbox);
    enum err err = sandbox_form(&call, bytes, len, ret);
    assert_true((err == OK) == (ret->count > 0));
    assert_true(err == OK || call.fail_code);
    return err == OK ? "" : call.fail_code;
}

static void expect(const void *bytes, size_t len, const char *code, size_t pages)
{
    struct sandbox_pages got;
    assert_string_equal(code_of(good, bytes, len, &got), code);
    assert_int_equal(got.count, pages);
}

/* A real JPEG with a comment, an Exif block with a place and a turn: from the worker's own. */
static struct buf jpeg_of(uint32_t width, uint32_t height)
{
    static const char exif[] =
        "\xff\xe1\0\x22"
        "Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
        "\xff\xfe\0\x0b"
        "Siti 1999";
    struct buf png = png_of(width, height, height), out = {.arena = arena_new(8 << 20)};
    struct sandbox_pages pages;
    assert_string_equal(code_of(good, png.at, png.len, &pages), "");
    drop(png);
    buf_put(&out, pages.pages[0].jpeg, 2);
    buf_put(&out, exif, sizeof(exif) - 1);
    buf_put(&out, pages.pages[0].jpeg + 2, pages.pages[0].len - 2);
    return out;
}

static void size_of(const uint8_t *jpeg, size_t len, int *ret_width, int *ret_height)
{
    for (size_t at = 2; at + 9 < len; at += 2 + ((size_t)jpeg[at + 2] << 8 | jpeg[at + 3])) {
        if (jpeg[at + 1] == 0xc0 || jpeg[at + 1] == 0xc2) {
            *ret_height = jpeg[at + 5] << 8 | jpeg[at + 6];
            *ret_width = jpeg[at + 7] << 8 | jpeg[at + 8];
            return;
        }
    }
    fail_msg("no frame in the JPEG");
}

/* ---- what is good ---- */

static void each_kind_becomes_pictures(void **state UNUSED)
{
    struct buf png = png_of(700, 300, 300), jpeg = jpeg_of(600, 200);
    struct buf pdf = pdf_of(6, "0 0 595 842", "", "");
    struct sandbox_pages pages;
    int width = 0, height = 0;
    assert_string_equal(code_of(good, png.at, png.len, &pages), "");
    size_of(pages.pages[0].jpeg, pages.pages[0].len, &width, &height);
    assert_true(width == 700 && height == 300);
    assert_string_equal(code_of(good, jpeg.at, jpeg.len, &pages), "");
    size_of(pages.pages[0].jpeg, pages.pages[0].len, &width, &height);
    assert_true(width == 200 && height == 600); /* upright, as its Exif said */
    assert_string_equal(code_of(good, pdf.at, pdf.len, &pages), "");
    assert_int_equal(pages.count, 6);
    size_of(pages.pages[5].jpeg, pages.pages[5].len, &width, &height);
    assert_true(height == SANDBOX_SIDE_MAX && width > 1100 && width < 1150);
    drop(png), drop(jpeg), drop(pdf);
}

static void large_pictures_shrink_to_their_bounds(void **state UNUSED)
{
    struct buf png = png_of(4000, 1200, 1200);
    struct sandbox_pages pages;
    int width = 0, height = 0;
    assert_string_equal(code_of(good, png.at, png.len, &pages), "");
    size_of(pages.pages[0].jpeg, pages.pages[0].len, &width, &height);
    assert_true(width == SANDBOX_SIDE_MAX && height == 480);
    assert_true(pages.pages[0].len <= SANDBOX_PAGE_MAX);
    drop(png);
}

static void write_file(const char *path, const void *bytes, size_t len)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, len, out), len);
    fclose(out);
}

/* What exiftool tells of a file, apart from what pixels need. */
static size_t told_of(const char *path, const char *out)
{
    const char *const args[] = {"exiftool",        "-all",       "--System:all",
                                "--File:all",      "--JFIF:all", "--ExifTool:all",
                                "--Composite:all", path,         NULL};
    posix_spawn_file_actions_t files;
    pid_t pid = 0;
    int status = -1;
    struct stat found;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(
        posix_spawnp(&pid, args[0], &files, NULL, (char *const *)(uintptr_t)args, environ), 0);
    posix_spawn_file_actions_destroy(&files);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(stat(out, &found), 0);
    return (size_t)found.st_size;
}

static void nothing_about_the_file_s_origin_is_left(void **state UNUSED)
{
    struct buf files[] = {png_of(300, 200, 200), jpeg_of(300, 200),
                          pdf_of(1, "0 0 595 842", "", "")};
    char dir[] = "/tmp/bauta-page.XXXXXX", path[64], out[64];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/page", dir);
    snprintf(out, sizeof(out), "%s/told", dir);
    write_file(path, files[1].at, files[1].len);
    assert_true(told_of(path, out) > 0); /* the JPEG told something before */
    for (size_t i = 0; i < COUNT(files); i++) {
        struct sandbox_pages pages;
        assert_string_equal(code_of(good, files[i].at, files[i].len, &pages), "");
        write_file(path, pages.pages[0].jpeg, pages.pages[0].len);
        assert_int_equal(told_of(path, out), 0);
        drop(files[i]);
    }
    unlink(path);
    unlink(out);
    rmdir(dir);
}

/* ---- what is not ---- */

static void other_files_are_refused_whatever_their_name_says(void **state UNUSED)
{
    static const char *const others[] = {
        "",          "%PDF",   "GIF89a\1\0\1\0",   "<svg/>",      "II*\0",
        "BM",        "PK\3\4", "RIFF\4\0\0\0WEBP", "#!/bin/sh\n", " %PDF-1.4",
        "TRICK open"};
    for (size_t i = 0; i < COUNT(others); i++) {
        expect(others[i], strlen(others[i]), "sandbox.type", 0);
    }
}

static void cut_files_are_broken(void **state UNUSED)
{
    struct buf png = png_of(300, 200, 200), jpeg = jpeg_of(300, 200);
    struct buf pdf = pdf_of(1, "0 0 595 842", "", "");
    expect(png.at, png.len / 2, "sandbox.broken", 0);
    expect(png.at, 40, "sandbox.broken", 0);
    expect(jpeg.at, jpeg.len / 2, "sandbox.broken", 0);
    expect(jpeg.at, 20, "sandbox.broken", 0);
    expect(pdf.at, 60, "sandbox.broken", 0);
    drop(png), drop(jpeg), drop(pdf);
}

static void flipped_bits_do_no_harm(void **state UNUSED)
{
    struct buf files[] = {png_of(60, 40, 40), jpeg_of(60, 40), pdf_of(1, "0 0 99 99", "", "")};
    uint64_t chance = 88172645463325252u;
    for (size_t i = 0; i < 30; i++) {
        struct buf *file = &files[i % COUNT(files)];
        struct sandbox_pages pages;
        chance ^= chance << 13, chance ^= chance >> 7, chance ^= chance << 17;
        file->at[8 + chance % (file->len - 8)] ^= (char)(1 << (chance >> 40 & 7));
        const char *code = code_of(good, file->at, file->len, &pages);
        assert_true(!*code || strcmp(code, "sandbox.broken") == 0 ||
                    strcmp(code, "sandbox.large") == 0 || strcmp(code, "sandbox.pages") == 0);
    }
    for (size_t i = 0; i < COUNT(files); i++) {
        drop(files[i]);
    }
}

/* What a library grumbles about is no crime: only an attack ends the worker. */
static void a_library_s_warning_ends_no_worker(void **state UNUSED)
{
    enum { FLIPS = 60 };
    struct buf whole[] = {png_of(60, 40, 40), jpeg_of(60, 40), pdf_of(1, "0 0 99 99", "", "")};
    uint64_t chance = 88172645463325252u, before = sandbox_deaths(good);
    for (size_t i = 0; i < FLIPS; i++) {
        struct buf *file = &whole[i % COUNT(whole)];
        struct sandbox_pages pages;
        chance ^= chance << 13, chance ^= chance >> 7, chance ^= chance << 17;
        char *at = &file->at[8 + chance % (file->len - 8)], was = *at;
        *at ^= (char)(1 << (chance >> 40 & 7));
        (void)code_of(good, file->at, file->len, &pages);
        *at = was;
    }
    assert_int_equal(sandbox_deaths(good), before);
    for (size_t i = 0; i < COUNT(whole); i++) {
        drop(whole[i]);
    }
}

static void bombs_are_seen_in_their_heads(void **state UNUSED)
{
    struct buf bomb = png_of(60000, 60000, 1), jpeg = jpeg_of(60, 40);
    expect(bomb.at, bomb.len, "sandbox.large", 0);
    for (size_t at = 0; at + 9 < jpeg.len; at++) {
        if ((uint8_t)jpeg.at[at] == 0xff && (uint8_t)jpeg.at[at + 1] == 0xc0) {
            memset(jpeg.at + at + 5, 0xfd, 4); /* 65021 pixels each way */
        }
    }
    expect(jpeg.at, jpeg.len, "sandbox.large", 0);
    drop(bomb), drop(jpeg);
    char *heavy = malloc(SANDBOX_IN_MAX + 1);
    memset(heavy, ' ', SANDBOX_IN_MAX + 1);
    memcpy(heavy, "%PDF-1.4\n", 9);
    expect(heavy, SANDBOX_IN_MAX + 1, "sandbox.large", 0);
    expect(heavy, SANDBOX_IN_MAX, "sandbox.broken", 0);
    free(heavy);
}

static void pages_are_few_and_of_paper(void **state UNUSED)
{
    struct buf seven = pdf_of(7, "0 0 595 842", "", ""), many = pdf_of(10000, "0 0 9 9", "", "");
    struct buf huge = pdf_of(1, "0 0 999999 999999", "", ""), thin = pdf_of(1, "0 0 .01 9", "", "");
    struct sandbox_pages pages;
    expect(seven.at, seven.len, "sandbox.pages", 0);
    expect(many.at, many.len, "sandbox.pages", 0);
    expect(huge.at, huge.len, "sandbox.large", 0);
    (void)code_of(good, thin.at, thin.len, &pages); /* any answer, but an answer */
    drop(seven), drop(many), drop(huge), drop(thin);
}

/* None of it is run or fetched: the page is drawn as if it were not there. */
static void scripts_actions_and_references_do_nothing(void **state UNUSED)
{
    static const char *const catalogs[] = {
        "/OpenAction<</S/JavaScript/JS(while\\(1\\);)>>",
        "/OpenAction<</S/Launch/F(/bin/sh)>>",
        "/OpenAction<</S/URI/URI(http://127.0.0.1:1/)>>",
        "/AA<</WC<</S/JavaScript/JS(app.alert\\(1\\))>>>>",
    };
    for (size_t i = 0; i < COUNT(catalogs); i++) {
        struct buf pdf = pdf_of(1, "0 0 595 842", catalogs[i], "");
        expect(pdf.at, pdf.len, "", 1);
        drop(pdf);
    }
    struct buf outside = pdf_of(1, "0 0 595 842", "",
                                "6 0 obj<</Type/XObject/Subtype/Image/Width 1/Height 1/F"
                                "(/etc/passwd)/Length 0>>stream\n\nendstream endobj\n");
    expect(outside.at, outside.len, "", 1);
    drop(outside);
}

static void a_locked_pdf_is_not_opened(void **state UNUSED)
{
    struct buf pdf =
        pdf_of(1, "0 0 595 842", "",
               "7 0 obj<</Filter/Standard/V 2/R 3/Length 128"
               "/P -4/O<000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f>"
               "/U<ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f>>>"
               "endobj\n");
    pdf.len -= strlen(">>\n");
    buf_puts(&pdf, "/Encrypt 7 0 R/ID[<00><00>]>>\n");
    expect(pdf.at, pdf.len, "sandbox.broken", 0);
    drop(pdf);
}

/* ---- the lock ---- */

static void whoever_gets_the_worker_gets_nothing(void **state UNUSED)
{
    static const char *const wishes[] = {"open",   "socket", "exec",  "fork", "thread", "kill",
                                         "ptrace", "code",   "crash", "dig",  "flood",  "exit"};
    struct sandbox_pages pages;
    for (size_t i = 0; i < COUNT(wishes); i++) {
        char wish[32];
        int len = snprintf(wish, sizeof(wish), "TRICK %s", wishes[i]);
        const char *code = code_of(tricky, wish, (size_t)len, &pages);
        if (strcmp(code, "sandbox.broken") != 0) { /* "sandbox.type": the call came back */
            fail_msg("%s: %s", wishes[i], code);
        }
    }
    assert_string_equal(code_of(tricky, "no trick", 8, &pages), "sandbox.type");
}

/* To a reader of pictures FF FF E1 is a fill byte and Exif, however long FF FF would be. */
static void nothing_hides_behind_a_fill_byte(void **state UNUSED)
{
    enum { HIDDEN = 2 + 0xe100, JPEG = 2 + HIDDEN + 8 };
    static uint8_t said[FRAME_HEAD + FRAME_LENGTH + JPEG] = {
        FRAME_PAGES, 1, 0, 0, JPEG >> 8, JPEG & 0xff, 0xff, 0xd8, 0xff, 0xff, 0xe1, 0, 8};
    struct sandbox_pages pages;
    enum frame_word word;
    memcpy(said + sizeof(said) - 8, "\xff\xda\0\2ab\xff\xd9", 8);
    assert_false(frame_read(said, sizeof(said), &word, &pages));
    said[9] = 0xdb; /* the same length of what tells nothing */
    assert_true(frame_read(said, sizeof(said), &word, &pages));
}

static void what_the_worker_says_is_not_believed(void **state UNUSED)
{
    static const struct {
        const char *bytes;
        size_t len;
    } lies[] = {{"", 0},
                {"P", 1},
                {"P\0", 2},
                {"P\1", 2},
                {"P\7", 2},
                {"Q", 1},
                {"tt", 2},
                {"P\1\0\0\0\4\xff\xd8\xff\xd9", 10}, /* no picture in it */
                {"P\1\xff\xff\xff\xff\xff\xd8", 8},  /* a length beyond all */
                {"P\1\0\0\0\2\xff\xd8", 8},
                {"P\1\0\0\0\0", 6},
                {"P\1\0\0\0\x10\xff\xd8\xff\xe1\0\4ab\xff\xda\0\2ab\xff\xd9", 22}, /* Exif */
                {"P\1\0\0\0\x10\xff\xd8\xff\xfe\0\4ab\xff\xda\0\2ab\xff\xd9", 22}, /* a comment */
                {"P\1\0\0\0\xa\xff\xd8\xff\xda\0\2ab\xff\xd9z", 17}}; /* a byte too much */
    struct sandbox_pages pages;
    enum frame_word word;
    for (size_t i = 0; i < COUNT(lies); i++) {
        char said[64] = "SAY ";
        memcpy(said + 4, lies[i].bytes, lies[i].len);
        assert_false(frame_read((const uint8_t *)lies[i].bytes, lies[i].len, &word, &pages));
        if (lies[i].len > 0) {
            assert_string_equal(code_of(tricky, said, lies[i].len + 4, &pages), "sandbox.broken");
        }
    }
    static const char true_one[] = "SAY P\1\0\0\0\xa\xff\xd8\xff\xda\0\2ab\xff\xd9";
    assert_string_equal(code_of(tricky, true_one, sizeof(true_one) - 1, &pages), "");
    assert_int_equal(pages.pages[0].len, 10);
}

static void a_missing_worker_is_said_so(void **state UNUSED)
{
    struct sandbox *none = NULL;
    struct sandbox_pages pages;
    assert_int_equal(sandbox_new("/nonexistent/bauta-worker", &none), OK);
    assert_string_equal(sandbox_missing(none), "/nonexistent/bauta-worker");
    assert_null(sandbox_missing(good));
    log_threshold((enum log_level)(LOG_ERROR + 1));
    assert_string_equal(code_of(none, "%PDF-1.4\n", 9, &pages), "sandbox.busy");
    log_threshold(LOG_ERROR);
    assert_string_equal(code_of(NULL, "%PDF-1.4\n", 9, &pages), "sandbox.busy");
    sandbox_free(none);
}

static int start(void **state UNUSED)
{
    char path[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 64);
    path[len > 0 ? len : 0] = '\0';
    snprintf(strrchr(path, '/'), 32, "/bauta-worker-tricks");
    crypto_start();
    log_threshold(LOG_ERROR);
    arena = arena_new(8 << 20);
    return sandbox_new(NULL, &good) == OK && sandbox_new(path, &tricky) == OK ? 0 : -1;
}

static int end(void **state UNUSED)
{
    sandbox_free(good);
    sandbox_free(tricky);
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_becomes_pictures),
        cmocka_unit_test(large_pictures_shrink_to_their_bounds),
        cmocka_unit_test(nothing_about_the_file_s_origin_is_left),
        cmocka_unit_test(other_files_are_refused_whatever_their_name_says),
        cmocka_unit_test(cut_files_are_broken),
        cmocka_unit_test(flipped_bits_do_no_harm),
        cmocka_unit_test(a_library_s_warning_ends_no_worker),
        cmocka_unit_test(bombs_are_seen_in_their_heads),
        cmocka_unit_test(pages_are_few_and_of_paper),
        cmocka_unit_test(scripts_actions_and_references_do_nothing),
        cmocka_unit_test(a_locked_pdf_is_not_opened),
        cmocka_unit_test(whoever_gets_the_worker_gets_nothing),
        cmocka_unit_test(what_the_worker_says_is_not_believed),
        cmocka_unit_test(nothing_hides_behind_a_fill_byte),
        cmocka_unit_test(a_missing_worker_is_said_so),
    };
    return cmocka_run_group_tests(tests, start, end);
}
