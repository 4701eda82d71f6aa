#include "features/common/prose/prose.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "base/arena.h"
#include "base/text.h"

enum { POINTS_MOST = 4000, MARKS_MOST = 4, NEWLINES_MOST = 2 };

/* What is on its way out of the text: blanks wait for what comes after them. */
struct squeeze {
    UChar *at;
    int32_t len, cap, newlines, marks;
    bool space, full;
    UChar32 joiner; /* waits, too: it joins two characters or nothing */
};

static bool joins(UChar32 c)
{
    return c == 0x200c || c == 0x200d;
}

/* Variation selectors say how an emoji looks; the others of their kind are only not seen. */
static bool selects(UChar32 c)
{
    return c >= 0xfe00 && c <= 0xfe0f;
}

static bool unseen(UChar32 c)
{
    int8_t kind = u_charType(c);
    return kind == U_CONTROL_CHAR || kind == U_FORMAT_CHAR || kind == U_SURROGATE ||
           (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) && !selects(c));
}

static void append(struct squeeze *out, UChar32 c)
{
    UBool full = false;
    U16_APPEND(out->at, out->len, out->cap, c, full);
    out->full = out->full || full;
}

static void put(struct squeeze *out, UChar32 c)
{
    int8_t kind = u_charType(c);
    bool mark = kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK;
    bool blank = out->space || out->newlines > 0;
    out->marks = mark ? out->marks + 1 : 0;
    if (out->marks > MARKS_MOST) {
        return; /* towers over the lines above */
    }
    for (int32_t i = 0; out->len > 0 && i < MIN(out->newlines, NEWLINES_MOST); i++) {
        append(out, '\n');
    }
    if (out->len > 0 && out->space && out->newlines == 0) {
        append(out, ' ');
    }
    if (out->joiner && out->len > 0 && !blank) {
        append(out, out->joiner);
    }
    append(out, c);
    out->space = false;
    out->newlines = out->joiner = 0;
}

enum err prose_clean(struct call *call, const char *field, const char *text, size_t points,
                     bool lines, const char **ret)
{
    UChar wide[POINTS_MOST * 2], clean[POINTS_MOST * 2], normal[POINTS_MOST * 2];
    char kept[POINTS_MOST * 4 + 1];
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = 0, kept_len = 0;
    struct squeeze out = {.at = clean, .cap = COUNT(clean)};
    ASSERT_CODE(!call->tx && points <= POINTS_MOST);
    u_strFromUTF8(wide, COUNT(wide), &len, text, -1, &code);
    if (U_FAILURE(code)) {
        return call_fail_field(call, ERR_INVALID, "input.length", field);
    }
    for (int32_t at = 0; at < len;) {
        UChar32 c = 0;
        U16_NEXT(wide, at, len, c);
        if (lines && c == '\n') {
            out.newlines++;
        } else if (u_isUWhiteSpace(c)) {
            out.space = true;
        } else if (joins(c)) {
            out.joiner = c;
        } else if (!unseen(c)) {
            put(&out, c);
        }
    }
    const UNormalizer2 *rule = unorm2_getNFCInstance(&code);
    int32_t normal_len = unorm2_normalize(rule, clean, out.len, normal, COUNT(normal), &code);
    u_strToUTF8(kept, sizeof(kept), &kept_len, normal, normal_len, &code);
    if (out.full || U_FAILURE(code) || kept_len >= (int32_t)sizeof(kept)) {
        return call_fail_field(call, ERR_INVALID, "input.length", field);
    }
    const char *done = arena_text(call->arena, kept, (size_t)kept_len);
    if (text_points(done) > points) {
        return call_fail_field(call, ERR_INVALID, "input.length", field);
    }
    *ret = done;
    return OK;
}
