#include "net/url.h"

#include <string.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that an escape stands for, or -1. */
static int escaped(const char *from, size_t len)
{
    int high = len > 2 ? hex(from[1]) : -1;
    int low = len > 2 ? hex(from[2]) : -1;
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool decode(const char *from, size_t len, bool query, char *ret_text, size_t cap)
{
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        int c = (unsigned char)from[i];
        if (c == '%') {
            c = escaped(from + i, len - i);
            i += 2;
            if (!query && (c == '/' || c == '\\')) {
                return false;
            }
        } else if (query && c == '+') {
            c = ' ';
        }
        if (c < 0x20 || c == 0x7f || used + 1 >= cap) {
            return false;
        }
        ret_text[used++] = (char)c;
    }
    ret_text[used] = '\0';
    return true;
}

bool url_path(const char *path, size_t len, char *ret_text, size_t cap)
{
    return decode(path, len, false, ret_text, cap);
}

bool url_query(const char *query, const char *name, char *ret_text, size_t cap)
{
    size_t name_len = strlen(name);
    for (const char *at = query; *at; at += *at == '&') {
        size_t len = strcspn(at, "&");
        if (len > name_len && at[name_len] == '=' && strncmp(at, name, name_len) == 0) {
            return decode(at + name_len + 1, len - name_len - 1, true, ret_text, cap);
        }
        at += len;
    }
    ret_text[0] = '\0';
    return true;
}
