#include <gmodule.h>
#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>

#include <vips/vector.h> /* needs the one above */
/* glib has its own; these are base/err.h's. */
#undef MIN
#undef MAX

#include "worker/worker.h"

/*
 * One file of three kinds, told by its first bytes, through the loaders named here and no
 * others.  Its sizes are looked at in its head, before anything is decoded.
 */
enum {
    PIXELS_MAX = 110 * 1000 * 1000, /* the largest picture of a telephone */
    POINTS_AN_INCH = 72,
    POINTS_MAX = 14400, /* 200 inches: the longest side that a PDF's page may have */
    SHRINK_MAX = 8,     /* what libjpeg can leave out while it decodes */
    QUALITY_FIRST = 85,
    QUALITY_LEAST = 25,
    QUALITY_STEP = 15,
    SHRINKS = 8, /* of a page that is too many bytes even so */
    COLOURS = 3,
};

static VipsImage *kept; /* a PDF that stays open: poppler forgets its tables with the last one */

/* The longer side becomes at most `side`. */
static VipsImage *within(VipsImage *image, double side)
{
    VipsImage *out = NULL;
    double longer = MAX(vips_image_get_width(image), vips_image_get_height(image));
    if (longer <= side) {
        return g_object_ref(image);
    }
    return vips_resize(image, &out, side / longer, NULL) == 0 ? out : NULL;
}

/*
 * Upright, on white, red green blue of eight bits.  The pixels are copied into a new image,
 * so that nothing that the file said about itself can come along.
 */
static VipsImage *bare(VipsImage *image)
{
    VipsImage *colours = NULL, *flat = NULL, *upright = NULL, *bytes = NULL, *last = NULL;
    VipsArrayDouble *white = vips_array_double_newv(1, 255.0);
    size_t len = 0;
    VipsImage *small = within(image, SANDBOX_SIDE_MAX);
    VipsImage *held = small ? vips_image_copy_memory(small) : NULL;
    if (!held || vips_autorot(held, &upright, NULL) != 0 ||
        vips_colourspace(upright, &colours, VIPS_INTERPRETATION_sRGB, NULL) != 0 ||
        (vips_image_hasalpha(colours) ? vips_flatten(colours, &flat, "background", white, NULL)
                                      : vips_copy(colours, &flat, NULL)) != 0 ||
        vips_cast_uchar(flat, &bytes, NULL) != 0 || vips_image_get_bands(bytes) != COLOURS) {
        return NULL;
    }
    int width = vips_image_get_width(bytes), height = vips_image_get_height(bytes);
    void *pixels = vips_image_write_to_memory(bytes, &len);
    VipsImage *fresh =
        pixels ? vips_image_new_from_memory(pixels, len, width, height, COLOURS, VIPS_FORMAT_UCHAR)
               : NULL;
    return fresh && vips_copy(fresh, &last, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) == 0
               ? last
               : NULL;
}

/* As good as SANDBOX_PAGE_MAX bytes allow. */
static bool to_jpeg(VipsImage *image, struct page *ret)
{
    VipsImage *pixels = bare(image);
    for (int i = 0; pixels && i < SHRINKS; i++) {
        for (int quality = QUALITY_FIRST; quality >= QUALITY_LEAST; quality -= QUALITY_STEP) {
            if (vips_jpegsave_buffer(pixels, &ret->jpeg, &ret->len, "Q", quality, "strip", TRUE,
                                     NULL) != 0) {
                return false;
            }
            if (ret->len <= SANDBOX_PAGE_MAX) {
                return true;
            }
            g_free(ret->jpeg);
        }
        pixels =
            within(pixels, 0.75 * MAX(vips_image_get_width(pixels), vips_image_get_height(pixels)));
    }
    return false;
}

static bool too_many_pixels(const VipsImage *image)
{
    return (int64_t)vips_image_get_width(image) * vips_image_get_height(image) > PIXELS_MAX;
}

static enum frame_word jpeg(uint8_t *bytes, size_t len, struct page *ret)
{
    VipsImage *head = NULL, *image = NULL;
    if (vips_jpegload_buffer(bytes, len, &head, NULL) != 0) {
        return FRAME_BROKEN;
    }
    if (too_many_pixels(head)) {
        return FRAME_LARGE;
    }
    int longer = MAX(vips_image_get_width(head), vips_image_get_height(head)), shrink = 1;
    while (shrink < SHRINK_MAX && longer / (shrink * 2) >= SANDBOX_SIDE_MAX) {
        shrink *= 2;
    }
    bool good =
        vips_jpegload_buffer(bytes, len, &image, "shrink", shrink, "access", VIPS_ACCESS_SEQUENTIAL,
                             "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL) == 0;
    return good && to_jpeg(image, ret) ? FRAME_PAGES : FRAME_BROKEN;
}

static enum frame_word png(uint8_t *bytes, size_t len, struct page *ret)
{
    VipsImage *image = NULL;
    if (vips_pngload_buffer(bytes, len, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                            VIPS_FAIL_ON_TRUNCATED, NULL) != 0) {
        return FRAME_BROKEN;
    }
    if (too_many_pixels(image)) {
        return FRAME_LARGE;
    }
    return to_jpeg(image, ret) ? FRAME_PAGES : FRAME_BROKEN;
}

static VipsImage *pdf_page(uint8_t *bytes, size_t len, int page, double dpi)
{
    VipsImage *image = NULL;
    return vips_pdfload_buffer(bytes, len, &image, "page", page, "n", 1, "dpi", dpi, NULL) == 0
               ? image
               : NULL;
}

static enum frame_word pdf(uint8_t *bytes, size_t len, struct page *ret, size_t *ret_count)
{
    VipsImage *first = pdf_page(bytes, len, 0, POINTS_AN_INCH);
    int count = 0;
    /* Not vips_image_get_n_pages(), which says 1 where there are 10,000 and more. */
    if (!first || vips_image_get_int(first, VIPS_META_N_PAGES, &count) != 0 || count < 1) {
        return FRAME_BROKEN;
    }
    if (count > SANDBOX_PAGES_MAX) {
        return FRAME_MANY;
    }
    for (int i = 0; i < count; i++) {
        VipsImage *points = pdf_page(bytes, len, i, POINTS_AN_INCH);
        int longer = points ? MAX(vips_image_get_width(points), vips_image_get_height(points)) : 0;
        if (longer > POINTS_MAX) {
            return FRAME_LARGE;
        }
        double dpi = (double)POINTS_AN_INCH * SANDBOX_SIDE_MAX / MAX(longer, 1);
        VipsImage *page = points ? pdf_page(bytes, len, i, dpi) : NULL;
        if (!page || !to_jpeg(page, &ret[i])) {
            return FRAME_BROKEN;
        }
    }
    *ret_count = (size_t)count;
    return FRAME_PAGES;
}

static bool begins(const uint8_t *bytes, size_t len, const char *magic, size_t magic_len)
{
    return len > magic_len && memcmp(bytes, magic, magic_len) == 0;
}

enum frame_word decode(uint8_t *bytes, size_t len, struct page ret[SANDBOX_PAGES_MAX],
                       size_t *ret_count)
{
    *ret_count = 1;
    if (begins(bytes, len, "\xff\xd8\xff", 3)) {
        return jpeg(bytes, len, ret);
    }
    if (begins(bytes, len, "\x89PNG\r\n\x1a\n", 8)) {
        return png(bytes, len, ret);
    }
    if (begins(bytes, len, "%PDF-", 5)) {
        return pdf(bytes, len, ret, ret_count);
    }
    return FRAME_TYPE;
}

/* ---- what must be in memory before the lock is turned ---- */

static char small_pdf[] =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]/Contents 4 0 R/Resources<</Font<</F "
    "5 0 R/G 6 0 R>>>>>>endobj\n"
    "4 0 obj<</Length 66>>stream\n"
    "BT /F 12 Tf 9 9 Td (Form) Tj /G 12 Tf 9 30 Td (Form) Tj ET 1 0 m f\n"
    "endstream endobj\n"
    "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    "6 0 obj<</Type/Font/Subtype/TrueType/BaseFont/Arial>>endobj\n"
    "trailer<</Root 1 0 R>>\n";

static bool try_all(void)
{
    struct page pages[SANDBOX_PAGES_MAX];
    size_t count = 0, len = 0;
    void *bytes = NULL;
    VipsImage *black = NULL, *clear = NULL;
    uint8_t *text = (uint8_t *)small_pdf;
    const int wide = SANDBOX_SIDE_MAX + 100, high = 40; /* so that it must shrink */
    return vips_black(&black, wide, high, "bands", COLOURS, NULL) == 0 &&
           vips_jpegsave_buffer(black, &bytes, &len, NULL) == 0 &&
           decode(bytes, len, pages, &count) == FRAME_PAGES &&
           vips_black(&clear, wide, high, "bands", COLOURS + 1, NULL) == 0 &&
           vips_pngsave_buffer(clear, &bytes, &len, "compression", 1, NULL) == 0 &&
           decode(bytes, len, pages, &count) == FRAME_PAGES &&
           (kept = pdf_page(text, sizeof(small_pdf) - 1, 0, POINTS_AN_INCH)) != NULL &&
           decode(text, sizeof(small_pdf) - 1, pages, &count) == FRAME_PAGES;
}

/*
 * What glib does with a warning asks the kernel for more than the lock allows (where does standard
 * error lead, what time is it here), so every file that a library grumbled about would look like an
 * attack.  Nobody reads them: they go nowhere.
 */
static GLogWriterOutput say_nothing(GLogLevelFlags level G_GNUC_UNUSED,
                                    const GLogField *fields G_GNUC_UNUSED,
                                    gsize count G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED)
{
    return G_LOG_WRITER_HANDLED;
}

static void drop_message(const gchar *domain G_GNUC_UNUSED, GLogLevelFlags level G_GNUC_UNUSED,
                         const gchar *text G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED)
{
}

static void drop_text(const gchar *text G_GNUC_UNUSED)
{
}

bool decode_start(void)
{
    g_log_set_writer_func(say_nothing, NULL, NULL);
    g_log_set_default_handler(drop_message, NULL);
    g_set_print_handler(drop_text);
    g_set_printerr_handler(drop_text);
    /* libvips would load a module for each of a dozen formats: 200 ms and 100 MB for nothing. */
    if (setenv("VIPSHOME", "/nonexistent", 1) != 0 || VIPS_INIT("bauta-worker") != 0 ||
        (!g_module_open(WORKER_POPPLER, G_MODULE_BIND_LAZY) &&
         !vips_type_find("VipsForeignLoad", "pdfload_buffer"))) {
        return false;
    }
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoad", TRUE); /* all of them but these */
    vips_operation_block_set("VipsForeignLoadJpeg", FALSE);
    vips_operation_block_set("VipsForeignLoadPng", FALSE);
    vips_operation_block_set("VipsForeignLoadPdf", FALSE);
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_vector_set_enabled(FALSE); /* orc writes code at run time; no memory of ours may run */
    return try_all();
}
