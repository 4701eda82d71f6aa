#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "base/arena.h"
#include "base/text.h"
#include "call/scene.h"
#include "features/talk/rooms/rooms_inner.h"

/* What an owner says of a room, as it is kept: its name, topic, tags and picture. */

enum { WORDS_MAX = 120, FOLD_UNITS = 1200, MARKS_MOST = 4 };
_Static_assert((int)ROOMS_NAME_MAX <= (int)WORDS_MAX && (int)ROOMS_TOPIC_MAX <= (int)WORDS_MAX,
               "both have room");

/* Formatting characters could turn the text around a name; the joiner of emoji may stay. */
static bool nameable(UChar32 c)
{
    int8_t kind = u_charType(c);
    return c == 0x200d || (kind != U_CONTROL_CHAR && kind != U_FORMAT_CHAR && kind != U_SURROGATE &&
                           kind != U_LINE_SEPARATOR && kind != U_PARAGRAPH_SEPARATOR);
}

/* White space becomes single blanks, none at the ends; -1 for words that cannot be. */
static int32_t squeeze(const UChar *words, int32_t len, UChar *ret, int32_t cap)
{
    int32_t at = 0, out = 0, marks = 0;
    bool space = false, full = false;
    while (at < len) {
        UChar32 c;
        U16_NEXT(words, at, len, c);
        if (u_isUWhiteSpace(c)) {
            space = out > 0;
            continue;
        }
        int8_t kind = u_charType(c);
        marks = kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK ? marks + 1 : 0;
        if (!nameable(c) || marks > MARKS_MOST) {
            return -1; /* so many marks tower over the lines above */
        }
        if (space) {
            U16_APPEND(ret, out, cap, ' ', full);
            space = false;
        }
        U16_APPEND(ret, out, cap, c, full);
    }
    return full ? -1 : out;
}

/* As squeeze(), from UTF-8; `ret` has room for WORDS_MAX code points. */
static int32_t read_words(const char *words, UChar ret[WORDS_MAX * 2])
{
    UChar wide[WORDS_MAX * 2];
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = 0;
    u_strFromUTF8(wide, COUNT(wide), &len, words, -1, &code);
    return U_FAILURE(code) ? -1 : squeeze(wide, len, ret, WORDS_MAX * 2);
}

enum err rooms_fold(struct call *call, const char *name, const char **ret_name,
                    const char **ret_fold)
{
    char kept[WORDS_MAX * 4 + 1], folded[FOLD_UNITS * 3 + 1];
    UChar clean[WORDS_MAX * 2], fold[FOLD_UNITS];
    UErrorCode code = U_ZERO_ERROR;
    int32_t kept_len = 0, folded_len = 0;
    int32_t clean_len = read_words(name, clean);
    if (clean_len <= 0) {
        return call_fail_field(call, ERR_INVALID, "rooms.name", "name");
    }
    const UNormalizer2 *rule = unorm2_getNFKCCasefoldInstance(&code);
    int32_t fold_len = unorm2_normalize(rule, clean, clean_len, fold, COUNT(fold), &code);
    u_strToUTF8(kept, sizeof(kept), &kept_len, clean, clean_len, &code);
    u_strToUTF8(folded, sizeof(folded), &folded_len, fold, fold_len, &code);
    if (U_FAILURE(code) || folded_len == 0) {
        return call_fail_field(call, ERR_INVALID, "rooms.name", "name");
    }
    *ret_name = arena_text(call->arena, kept, (size_t)kept_len);
    *ret_fold = arena_text(call->arena, folded, (size_t)folded_len);
    return OK;
}

enum err rooms_topic(struct call *call, const char *topic, const char **ret)
{
    char kept[WORDS_MAX * 4 + 1];
    UChar clean[WORDS_MAX * 2];
    UErrorCode code = U_ZERO_ERROR;
    int32_t kept_len = 0, clean_len = read_words(topic, clean);
    if (clean_len < 0) {
        return call_fail_field(call, ERR_INVALID, "rooms.topic", "topic");
    }
    u_strToUTF8(kept, sizeof(kept), &kept_len, clean, clean_len, &code);
    if (U_FAILURE(code)) {
        return call_fail_field(call, ERR_INVALID, "rooms.topic", "topic");
    }
    *ret = arena_text(call->arena, kept, (size_t)kept_len);
    return OK;
}

/* ---- tags ---- */

/* Into `ret` in small letters; false: it is no tag. */
static bool read_tag(const char *typed, char ret[ROOMS_TAG_MAX + 1])
{
    size_t len = strlen(typed);
    if (len == 0 || len > ROOMS_TAG_MAX) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        char c = typed[i];
        ret[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        bool letter = (ret[i] >= 'a' && ret[i] <= 'z') || (c >= '0' && c <= '9');
        bool between = c == '-' && i > 0 && i + 1 < len && typed[i - 1] != '-';
        if (!letter && !between) {
            return false;
        }
    }
    ret[len] = '\0';
    return true;
}

enum err rooms_tag(struct call *call, const char *typed, const char **ret)
{
    char tag[ROOMS_TAG_MAX + 1];
    if (!read_tag(typed, tag)) {
        return call_fail_field(call, ERR_INVALID, "rooms.tags", "tag");
    }
    *ret = arena_text(call->arena, tag, strlen(tag));
    return OK;
}

enum err rooms_tags_keep(struct call *call, const struct json_list *tags, const char **ret)
{
    const char *const *all = tags->items;
    struct buf out = {.arena = call->arena};
    char tag[ROOMS_TAG_MAX + 1];
    for (size_t i = 0; i < tags->count; i++) {
        if (!read_tag(all[i], tag)) {
            return call_fail_field(call, ERR_INVALID, "rooms.tags", "tags");
        }
        if (!out.len || !text_among(out.at, tag)) {
            buf_printf(&out, out.len ? "%s " : " %s ", tag);
        }
    }
    *ret = out.len ? out.at : "";
    return OK;
}

struct json_list rooms_tags(struct call *call, const char *kept)
{
    const char **all = arena_alloc(call->arena, ROOMS_TAGS_MAX * sizeof(*all));
    size_t count = 0;
    for (const char *at = kept + strspn(kept, " "); *at && count < ROOMS_TAGS_MAX;
         at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        all[count++] = arena_text(call->arena, at, len);
        at += len;
    }
    return (struct json_list){all, count};
}

/* ---- the picture ---- */

/* The word with this number, round and round. */
static const char *word_at(struct call *call, const char *words, unsigned number)
{
    size_t count = 0;
    const char *at = words;
    for (; *at; at += strcspn(at, " "), at += strspn(at, " ")) {
        count++;
    }
    at = words;
    for (size_t left = count ? number % count : 0; left > 0; left--) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    return arena_text(call->arena, at, strcspn(at, " "));
}

struct rooms_picture rooms_picture(struct call *call, const char *public_id, const char *scene_id,
                                   const char *view, const char *light)
{
    const struct scene *scene = scene_named(scene_id);
    const char *views = scene ? scene->views : "whole";
    unsigned number = 0;
    for (const char *at = public_id; *at; at++) {
        number = number * 31 + (unsigned char)*at;
    }
    return (struct rooms_picture){text_among(views, view) ? view : word_at(call, views, number),
                                  *light ? light : word_at(call, ROOMS_LIGHTS, number / 31)};
}

enum err rooms_picture_is(struct call *call, const char *scene_id, const struct rooms_edit *edit)
{
    const struct scene *scene = scene_named(scene_id);
    if (!scene) {
        return call_fail_field(call, ERR_INVALID, "input.choice", "scene");
    }
    return edit->view && !text_among(scene->views, edit->view)
               ? call_fail_field(call, ERR_INVALID, "input.choice", "view")
               : OK;
}
