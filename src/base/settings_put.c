#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/settings_inner.h"
#include "base/text.h"
#include "base/web_link.h"

/* A text becomes a row's value, or there is a sentence that says what would. */

enum err settings_bad(char ret_why[SETTINGS_WHY_MAX], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(ret_why, SETTINGS_WHY_MAX, format, args);
    va_end(args);
    return ERR_INVALID;
}

static enum err replace(const char **at, const char *text, char ret_why[SETTINGS_WHY_MAX])
{
    size_t bytes = strlen(text) + 1;
    char *copy = heap_new(bytes), *old = NULL;
    if (!copy) {
        snprintf(ret_why, SETTINGS_WHY_MAX, "there is no memory for the settings");
        return ERR_BUSY;
    }
    memcpy(copy, text, bytes);
    memcpy(&old, at, sizeof(old)); /* ours, whatever the struct's const says */
    free(old);
    *at = copy;
    return OK;
}

/* What goes into a mail's header or a line of its own (security.txt) must be one line. */
static bool is_line(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f) {
            return false;
        }
    }
    return true;
}

/* As much as a mailto: needs; whether it is read only its owner knows. */
static bool is_email(const char *text)
{
    const char *at = strchr(text, '@');
    return at && at > text && at[1] && !strchr(at + 1, '@') && !strpbrk(text, " \"<>(),:;\\?&#%");
}

static enum err put_text(struct setting_at place, const char *text, const char *where,
                         char ret_why[SETTINGS_WHY_MAX])
{
    const struct setting *row = place.row;
    size_t len = text_utf8(text, strlen(text)) ? text_points(text) : SIZE_MAX;
    if (len > (size_t)row->max) {
        return settings_bad(ret_why, "%s%s: at most %lld characters of UTF-8 are possible here",
                            where, row->name, (long long)row->max);
    }
    if (len < (size_t)row->min || (row->min > 0 && strspn(text, " ") == strlen(text))) {
        return settings_bad(ret_why, "%s%s: must not be empty", where, row->name);
    }
    if (row->group && !is_line(text)) {
        return settings_bad(ret_why, "%s%s: must be one line", where, row->name);
    }
    if (row->email && *text && !is_email(text)) {
        return settings_bad(ret_why, "%s%s = %.40s: must be an address like hello@world.example",
                            where, row->name, text);
    }
    if (row->site && *text) {
        struct web_link link;
        if (!web_link_read(text, &link) || (*link.rest && strcmp(link.rest, "/") != 0)) {
            return settings_bad(ret_why, "%s%s = %.60s: must read https://world.example, no more",
                                where, row->name, text);
        }
        return replace(setting_field(place), link.origin, ret_why);
    }
    return replace(setting_field(place), text, ret_why);
}

enum err setting_put(struct setting_at place, const char *text, const char *where,
                     char ret_why[SETTINGS_WHY_MAX])
{
    const struct setting *row = place.row;
    switch (row->kind) {
    case SETTING_KIND_TEXT:
        return put_text(place, text, where, ret_why);
    case SETTING_KIND_NUMBER:
        if (!text_i64(text, row->min, row->max, setting_field(place))) {
            return settings_bad(
                ret_why, "%s%s = %.40s: must be a whole number from %lld to %lld (%s)", where,
                row->name, text, (long long)row->min, (long long)row->max, row->unit);
        }
        return OK;
    case SETTING_KIND_BOOL:
        if (!text_among("yes no true false on off 1 0", text)) {
            return settings_bad(ret_why, "%s%s = %.40s: must be yes or no", where, row->name, text);
        }
        *(bool *)setting_field(place) = text_among("yes true on 1", text);
        return OK;
    case SETTING_KIND_CHOICE:
        if (!text_among(row->choices, text)) {
            return settings_bad(ret_why, "%s%s = %.40s: must be one of: %s", where, row->name, text,
                                row->choices);
        }
        return replace(setting_field(place), text, ret_why);
    }
    return ERR_BROKEN;
}
