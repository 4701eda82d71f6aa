#ifndef SANDBOX_FILES_TEST_H
#define SANDBOX_FILES_TEST_H

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"

/* PNG and PDF files made here, byte by byte; each has an arena of its own. */

static uint32_t crc_of(const uint8_t *at, size_t len)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < len; i++) {
        crc ^= at[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
        }
    }
    return ~crc;
}

static void put32(struct buf *out, uint32_t number)
{
    const uint8_t bytes[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
                              (uint8_t)(number >> 8), (uint8_t)number};
    buf_put(out, bytes, 4);
}

static void put_chunk(struct buf *out, const char *type, const void *bytes, size_t len)
{
    put32(out, (uint32_t)len);
    size_t from = out->len;
    buf_puts(out, type);
    buf_put(out, bytes, len);
    put32(out, crc_of((uint8_t *)out->at + from, out->len - from));
}

/* Grey, eight bits, the rows stored without compression; `said` rows in the head, `rows` there. */
static struct buf png_of(uint32_t width, uint32_t said, uint32_t rows)
{
    struct buf out = {.arena = arena_new(64 << 20)}, head = {.arena = out.arena},
               data = {.arena = out.arena};
    put32(&head, width);
    put32(&head, said);
    buf_put(&head, "\x08\0\0\0\0", 5);
    buf_put(&data, "\x78\x01", 2);
    uint32_t a = 1, b = 0;
    for (uint32_t row = 0; row < rows; row++) {
        uint16_t len = (uint16_t)(width + 1);
        const uint8_t block[5] = {row + 1 == said, (uint8_t)len, (uint8_t)(len >> 8), (uint8_t)~len,
                                  (uint8_t)(~len >> 8)};
        buf_put(&data, block, 5);
        for (uint32_t x = 0; x <= width; x++) {
            uint8_t byte = x == 0 ? 0 : (uint8_t)(x * 3 + row * 5);
            buf_put(&data, &byte, 1);
            a = (a + byte) % 65521;
            b = (b + a) % 65521;
        }
    }
    put32(&data, b << 16 | a);
    buf_put(&out, "\x89PNG\r\n\x1a\n", 8);
    put_chunk(&out, "IHDR", head.at, head.len);
    put_chunk(&out, "tEXt", "Author\0Siti", 11);
    put_chunk(&out, "IDAT", data.at, data.len);
    put_chunk(&out, "IEND", "", 0);
    return out;
}

static struct buf pdf_of(int pages, const char *box, const char *catalog, const char *more)
{
    static const char text[] = "BT /F 32 Tf 60 700 Td (I consent) Tj ET 9 9 90 90 re f";
    struct buf out = {.arena = arena_new(32 << 20)};
    buf_printf(&out,
               "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R%s>>endobj\n"
               "2 0 obj<</Type/Pages/Count %d/Kids[",
               catalog, pages);
    for (int i = 0; i < pages; i++) {
        buf_printf(&out, "%d 0 R ", 10 + i);
    }
    buf_puts(&out, "]>>endobj\n");
    for (int i = 0; i < pages; i++) {
        buf_printf(&out,
                   "%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources"
                   "<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>endobj\n",
                   10 + i, box);
    }
    buf_printf(&out,
               "4 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n"
               "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n%s"
               "trailer<</Root 1 0 R>>\n",
               sizeof(text) - 1, text, more);
    return out;
}

static void drop(struct buf file)
{
    arena_free(file.arena);
}

#endif
