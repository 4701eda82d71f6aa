#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "net/url.h"
#include "tests/fuzz/fuzz.h"

/* What is decoded holds no control character, fits, and escapes back to something equal. */
enum { CAP = 128 };

static void check_text(const char *text)
{
    ASSERT(strlen(text) < CAP);
    for (const char *at = text; *at; at++) {
        ASSERT((unsigned char)*at >= 0x20 && *at != 0x7f);
    }
}

/* Escapes every byte but the slash, which has no other spelling in a path. */
static size_t escape(const char *text, char *to)
{
    static const char digits[] = "0123456789abcdef";
    size_t len = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (*at == '/' || *at == '\\') {
            to[len++] = (char)*at;
        } else {
            to[len++] = '%';
            to[len++] = digits[*at >> 4];
            to[len++] = digits[*at & 15];
        }
    }
    return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
    char text[CAP];
    char again[CAP];
    char escaped[CAP * 3];
    if (url_path((const char *)input, len, text, sizeof(text))) {
        check_text(text);
        ASSERT(url_path(escaped, escape(text, escaped), again, sizeof(again)));
        ASSERT(strcmp(text, again) == 0);
    }
    char *query = malloc(len + 1);
    ASSERT(query);
    memcpy(query, input, len);
    query[len] = '\0';
    if (url_query(query, "room", text, sizeof(text))) {
        check_text(text);
    }
    free(query);
    return 0;
}
