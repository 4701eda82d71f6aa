#undef _FILE_OFFSET_BITS /* with it, fopen below would be named fopen64 */

#include <dlfcn.h>
#include <errno.h>
#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "worker/worker.h"

/*
 * A PDF may name fonts that it does not hold.  poppler then asks fontconfig for a file and
 * opens it, which the lock forbids.  The functions here stand before those of the
 * libraries (a program's own symbols come first): there is one font, read at the start,
 * and one path that means it.  No other path can be opened any more, whoever asks.
 */
enum { FONT_MAX = 4 * 1024 * 1024 };
#define FONT_PATH "/only.ttf"

static const char *const places[] = {
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
};

static uint8_t *font; /* NULL: such text stays away */
static size_t font_len;
static bool started;

static FILE *really_open(const char *path, const char *mode)
{
    FILE *(*next)(const char *, const char *) = NULL;
    *(void **)&next = dlsym(RTLD_NEXT, "fopen");
    return next ? next(path, mode) : NULL;
}

void fonts_start(void)
{
    font = malloc(FONT_MAX);
    for (size_t i = 0; font && font_len == 0 && i < sizeof(places) / sizeof(places[0]); i++) {
        FILE *file = really_open(places[i], "r");
        if (file) {
            font_len = fread(font, 1, FONT_MAX, file);
            fclose(file);
        }
    }
}

void fonts_only(void)
{
    started = true;
}

static FILE *open_font(const char *path, const char *mode)
{
    if (font_len > 0 && strcmp(path, FONT_PATH) == 0) {
        return fmemopen(font, font_len, "r");
    }
    if (!started) {
        return really_open(path, mode);
    }
    errno = ENOENT;
    return NULL;
}

/* ---- what the libraries call ---- */
FILE *fopen(const char *restrict path, const char *restrict mode) /* NOLINT: libc's names */
{
    return open_font(path, mode);
}

FILE *fopen64(const char *restrict path, const char *restrict mode) /* NOLINT: libc's names */
{
    return open_font(path, mode);
}

FT_Error FT_New_Face(FT_Library library, const char *path, FT_Long index, FT_Face *ret)
{
    if (font_len == 0 || strcmp(path, FONT_PATH) != 0) {
        return FT_Err_Cannot_Open_Resource;
    }
    return FT_New_Memory_Face(library, font, (FT_Long)font_len, index, ret);
}

FcBool FcConfigSubstitute(FcConfig *config, FcPattern *pattern, FcMatchKind kind)
{
    (void)config, (void)pattern, (void)kind;
    return FcTrue;
}

void FcDefaultSubstitute(FcPattern *pattern)
{
    (void)pattern;
}

FcFontSet *FcFontSort(FcConfig *config, FcPattern *p, FcBool trim, FcCharSet **csp,
                      FcResult *result)
{
    (void)config, (void)p, (void)trim, (void)csp;
    FcPattern *own = FcPatternCreate();
    FcFontSet *set = FcFontSetCreate();
    FcPatternAddString(own, FC_FAMILY, (const FcChar8 *)"Only");
    FcPatternAddString(own, FC_FILE, (const FcChar8 *)FONT_PATH);
    FcPatternAddInteger(own, FC_INDEX, 0);
    FcPatternAddBool(own, FC_OUTLINE, FcTrue);
    FcFontSetAdd(set, own);
    *result = FcResultMatch;
    return set;
}
