#include "base/settings_inner.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void settings_replace(const char **at, const char *text)
{
    char *copy = strdup(text), *old = NULL;
    ASSERT_START(copy);
    memcpy(&old, at, sizeof(old)); /* ours, whatever the struct's const says */
    free(old);
    *at = copy;
}

/* The whole's rows are the part before the first. */
static struct setting_part part_at(struct settings *settings, size_t n)
{
    return n == 0 ? (struct setting_part){&settings_whole, settings} : settings->parts[n - 1];
}

bool setting_next(struct settings *settings, struct setting_at *at, size_t *part)
{
    at->number += at->row != NULL;
    if (at->row && (at->row + 1)->name) {
        at->row++;
        return true;
    }
    *part += at->row != NULL;
    if (*part > settings->parts_count) {
        return false;
    }
    struct setting_part now = part_at(settings, *part);
    ASSERT_START(now.group->rows->name); /* a group has a row */
    at->row = now.group->rows;
    at->own = now.own;
    return true;
}

void *setting_field(struct setting_at place)
{
    return (char *)place.own + place.row->offset;
}

static bool same(char a, char b)
{
    return a == b || (a == '-' && b == '_');
}

struct setting_at setting_named(struct settings *settings, const char *name, size_t len)
{
    size_t part = 0;
    for (struct setting_at at = {0}; setting_next(settings, &at, &part);) {
        size_t i = 0;
        while (i < len && at.row->name[i] && same(name[i], at.row->name[i])) {
            i++;
        }
        if (i == len && !at.row->name[i]) {
            return at;
        }
    }
    return (struct setting_at){0};
}

/* Edit distance; names are short. */
static size_t distance(const char *a, size_t a_len, const char *b)
{
    enum { NAME_MAX_ = 40 };
    size_t line[NAME_MAX_ + 1], b_len = strlen(b);
    if (a_len > NAME_MAX_ || b_len > NAME_MAX_) {
        return NAME_MAX_;
    }
    for (size_t j = 0; j <= b_len; j++) {
        line[j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        size_t corner = line[0];
        line[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t next = MIN(MIN(line[j], line[j - 1]) + 1, corner + !same(a[i - 1], b[j - 1]));
            corner = line[j];
            line[j] = next;
        }
    }
    return line[b_len];
}

static const char *nearest(struct settings *settings, const char *name, size_t len)
{
    const char *best = settings_whole.rows->name;
    size_t part = 0;
    for (struct setting_at at = {0}; setting_next(settings, &at, &part);) {
        if (distance(name, len, at.row->name) < distance(name, len, best)) {
            best = at.row->name;
        }
    }
    return best;
}

/* A word of the operator's, from where it comes. */
static enum err put(struct settings *settings, struct setting_at place, enum setting_from from,
                    const char *text, const char *where, char ret_why[SETTINGS_WHY_MAX])
{
    TRY(setting_put(place, text, where, ret_why));
    settings->from[place.number] = (uint8_t)from;
    return OK;
}

static enum err unknown(struct settings *settings, const char *where, const char *name, size_t len,
                        char ret_why[SETTINGS_WHY_MAX])
{
    return settings_bad(ret_why,
                        "%s%.*s is no setting; did you mean %s? `bauta settings` lists all", where,
                        (int)MIN(len, 40), name, nearest(settings, name, len));
}

/* Without blanks around, and without the quotes around it. */
static char *trim(char *text)
{
    text += strspn(text, " \t\r\n");
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n", text[len - 1])) {
        text[--len] = '\0';
    }
    if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
        text[len - 1] = '\0';
        text++;
    }
    return text;
}

static enum err read_line(struct settings *settings, char *line, const char *where,
                          char ret_why[SETTINGS_WHY_MAX])
{
    char *text = trim(line);
    if (!*text || *text == '#') {
        return OK;
    }
    char *equals = strchr(text, '=');
    if (!equals) {
        return settings_bad(ret_why, "%sa line reads `name = value`; this one has no =", where);
    }
    *equals = '\0';
    const char *name = trim(text);
    struct setting_at place = setting_named(settings, name, strlen(name));
    if (!place.row) {
        return unknown(settings, where, name, strlen(name), ret_why);
    }
    return put(settings, place, SETTING_FROM_FILE, trim(equals + 1), where, ret_why);
}

static enum err read_file(struct settings *settings, const char *path,
                          char ret_why[SETTINGS_WHY_MAX])
{
    enum { LINE_BYTES = 2048 };
    char line[LINE_BYTES], where[SETTINGS_WHY_MAX / 2];
    FILE *file = fopen(path, "re");
    if (!file) {
        return settings_bad(ret_why,
                            "%.150s cannot be read (%s): check --config and the file's rights",
                            path, strerror(errno));
    }
    enum err err = OK;
    for (int number = 1; err == OK && fgets(line, sizeof(line), file); number++) {
        snprintf(where, sizeof(where), "%.100s:%d: ", path, number);
        err =
            strlen(line) == sizeof(line) - 1 && line[sizeof(line) - 2] != '\n'
                ? settings_bad(ret_why, "%sthe line is longer than %d bytes", where, LINE_BYTES - 2)
                : read_line(settings, line, where, ret_why);
    }
    if (err == OK && ferror(file)) {
        err = settings_bad(ret_why, "%.150s cannot be read: %s", path, strerror(errno));
    }
    fclose(file);
    return err;
}

static enum err read_environment(struct settings *settings, char *const environment[],
                                 char ret_why[SETTINGS_WHY_MAX])
{
    static const char prefix[] = "BAUTA_";
    for (; environment && *environment; environment++) {
        const char *name = *environment, *equals = strchr(name, '=');
        if (strncmp(name, prefix, sizeof(prefix) - 1) != 0 || !equals) {
            continue;
        }
        /* Other variables of that beginning (BAUTA_TEST_PG) are not settings. */
        char lower[64] = "";
        name += sizeof(prefix) - 1;
        for (size_t i = 0; i < sizeof(lower) - 1 && name + i < equals; i++) {
            lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i]);
        }
        struct setting_at place = setting_named(settings, lower, strlen(lower));
        if (place.row) {
            TRY(put(settings, place, SETTING_FROM_ENVIRONMENT, equals + 1,
                    "the environment: ", ret_why));
        }
    }
    return OK;
}

/* --name=value, --name value, and --name or --no-name of a yes or no. */
static enum err read_flag(struct settings *settings, int argc, char *const argv[], int *at,
                          char ret_why[SETTINGS_WHY_MAX])
{
    const char *name = argv[*at] + 2;
    size_t len = strcspn(name, "=");
    const char *value = name[len] ? name + len + 1 : NULL;
    struct setting_at place = setting_named(settings, name, len);
    if (!place.row && strncmp(name, "no-", 3) == 0 && !value) {
        place = setting_named(settings, name + 3, len - 3);
        value = "no";
        place.row = place.row && place.row->kind == SETTING_KIND_BOOL ? place.row : NULL;
    }
    if (!place.row) {
        return unknown(settings, "--", name, len, ret_why);
    }
    if (!value && place.row->kind == SETTING_KIND_BOOL) {
        value = "yes";
    }
    if (!value && *at + 1 < argc) {
        value = argv[++*at];
    }
    if (!value) {
        return settings_bad(ret_why, "--%.*s needs a value", (int)len, name);
    }
    return put(settings, place, SETTING_FROM_FLAG, value, "--", ret_why);
}

int settings_words(struct settings *settings, int argc, char *const argv[], const char *ret_words[],
                   int most)
{
    int count = 0;
    ASSERT_START(most > 0);
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) != 0) {
            ret_words[MIN(count, most - 1)] = argv[i];
            count++;
            continue;
        }
        const struct setting *row = setting_named(settings, argv[i] + 2, strlen(argv[i] + 2)).row;
        i += row && row->kind != SETTING_KIND_BOOL; /* its value */
    }
    return count;
}

enum err settings_checks(struct settings *settings, char ret_why[SETTINGS_WHY_MAX])
{
    for (size_t i = 0; i <= settings->parts_count; i++) {
        struct setting_part now = part_at(settings, i);
        if (now.group->check) {
            TRY(now.group->check(now.own, ret_why));
        }
    }
    return OK;
}

/* A row that lay elsewhere would write there; of two of one name the second could never be set. */
static void check_row(struct settings *settings, const struct setting *row, size_t bytes)
{
    bool chosen = row->kind == SETTING_KIND_BOOL || row->kind == SETTING_KIND_CHOICE;
    ASSERT_START(row->offset < bytes);
    ASSERT_START(row->min <= row->max);
    ASSERT_START(row->choices || !chosen);
    ASSERT_START(setting_named(settings, row->name, strlen(row->name)).row == row);
}

/* Room for where each row's value comes from. */
static void make_from(struct settings *settings)
{
    size_t part = 0;
    struct setting_at at = {0};
    while (setting_next(settings, &at, &part)) {
        check_row(settings, at.row, part_at(settings, part).group->bytes);
    }
    settings->from = calloc(at.number + 1, 1);
    ASSERT_START(settings->from);
}

static enum err read_all(const char *file, char *const environment[], int argc, char *const argv[],
                         struct settings *settings, char ret_why[SETTINGS_WHY_MAX])
{
    size_t part = 0;
    for (struct setting_at at = {0}; setting_next(settings, &at, &part);) {
        if (at.row->standard) {
            TRY(setting_put(at, at.row->standard, "default: ", ret_why));
        }
    }
    if (file) {
        TRY(read_file(settings, file, ret_why));
    }
    TRY(read_environment(settings, environment, ret_why));
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) == 0) {
            TRY(read_flag(settings, argc, argv, &i, ret_why));
        }
    }
    return settings_checks(settings, ret_why);
}

enum err settings_read(const struct setting_group *const groups[], const char *file,
                       char *const environment[], int argc, char *const argv[],
                       struct settings *ret, char ret_why[SETTINGS_WHY_MAX])
{
    struct settings settings = {0};
    size_t count = 0;
    while (groups && groups[count]) {
        count++;
    }
    settings.parts = calloc(count + 1, sizeof(*settings.parts));
    ASSERT_START(settings.parts);
    for (; settings.parts_count < count; settings.parts_count++) {
        const struct setting_group *group = groups[settings.parts_count];
        void *own = calloc(1, group->bytes);
        ASSERT_START(own);
        settings.parts[settings.parts_count] = (struct setting_part){group, own};
    }
    make_from(&settings);
    enum err err = read_all(file, environment, argc, argv, &settings, ret_why);
    if (err != OK) {
        settings_free(&settings);
        return err;
    }
    *ret = settings;
    return OK;
}

const void *settings_own(const struct settings *settings, const struct setting_group *group)
{
    const void *own = NULL;
    for (size_t i = 0; i < settings->parts_count && !own; i++) {
        own = settings->parts[i].group == group ? settings->parts[i].own : NULL;
    }
    ASSERT_CODE(own);
    return own;
}

enum err settings_put(struct settings *settings, const char *name, const char *text,
                      char ret_why[SETTINGS_WHY_MAX])
{
    ASSERT_CODE(!settings->now);
    struct setting_at place = setting_named(settings, name, strlen(name));
    return place.row ? put(settings, place, SETTING_FROM_FLAG, text, "", ret_why)
                     : unknown(settings, "", name, strlen(name), ret_why);
}

bool setting_holds_text(const struct setting *row)
{
    return row->kind == SETTING_KIND_TEXT || row->kind == SETTING_KIND_CHOICE;
}

void settings_be_demo(struct settings *settings)
{
    size_t part = 0;
    ASSERT_CODE(!settings->now);
    for (struct setting_at at = {0}; setting_next(settings, &at, &part);) {
        if (at.row->demo && settings->from[at.number] == SETTING_FROM_STANDARD) {
            settings_replace(setting_field(at), at.row->demo);
        }
    }
}

void settings_free(struct settings *settings)
{
    size_t part = 0;
    for (struct setting_at at = {0}; setting_next(settings, &at, &part);) {
        if (setting_holds_text(at.row)) {
            char **text = setting_field(at);
            free(*text);
            *text = NULL;
        }
    }
    for (size_t i = 0; i < settings->parts_count; i++) {
        free(settings->parts[i].own);
    }
    free(settings->parts);
    free(settings->from);
    settings->from = NULL;
    settings->parts = NULL;
    settings->parts_count = 0;
}

static void describe(const struct setting *row, void (*put_)(void *ctx, const char *text),
                     void *ctx)
{
    char head[512], bounds[256] = "text";
    if (row->kind == SETTING_KIND_NUMBER) {
        snprintf(bounds, sizeof(bounds), "%lld to %lld %s", (long long)row->min,
                 (long long)row->max, row->unit);
    } else if (row->kind != SETTING_KIND_TEXT) {
        snprintf(bounds, sizeof(bounds), "one of: %s", row->choices);
    }
    snprintf(head, sizeof(head), "%s = %s\n    %s\n    ", row->name,
             row->standard ? row->standard : "", bounds);
    put_(ctx, head);
    put_(ctx, row->about);
    put_(ctx, row->group ? "\n    May be set at Administration, Settings.\n\n" : "\n\n");
}

void settings_manual(struct settings *settings, void (*put_)(void *ctx, const char *text),
                     void *ctx)
{
    size_t part = 0;
    for (struct setting_at at = {0}; setting_next(settings, &at, &part);) {
        describe(at.row, put_, ctx);
    }
}
