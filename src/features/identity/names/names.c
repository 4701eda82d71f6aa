#include "features/identity/names/names.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/text.h"

enum { UNITS_MAX = 256, RESERVED_MAX = 64 }; /* UTF-16, far above any name that is let in */

/* Words that make a name look like the people who run the place; compared as skeletons. */
static const char *const reserved[] = {
    "admin",   "administrator", "bauta",     "moderator",  "mod",      "staff",    "support",
    "system",  "root",          "official",  "help",       "helpdesk", "security", "privacy",
    "owner",   "operator",      "webmaster", "postmaster", "abuse",    "team",     "everyone",
    "nobody",  "deleted",       "petugas",   "dukungan",   "bantuan",  "resmi",    "keamanan",
    "privasi", "pengurus",      "pemilik",   "semua",      "sistem",   NULL,
};

/* A reserved word anywhere in the name, as a part of its own: "Bauta-Support". */
static bool separator(UChar32 c)
{
    return c == ' ' || c == '-' || c == '_' || c == '.';
}

const char *names_version(void)
{
    return U_UNICODE_VERSION "/" U_ICU_VERSION "/2"; /* 2: read before they are folded, too */
}

static enum err refuse(struct call *call, enum err err, const char *code)
{
    return call_fail_field(call, err, code, "avatar_name");
}

static enum err to_units(struct call *call, const char *text, UChar *ret, int32_t *ret_len)
{
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8(ret, UNITS_MAX, ret_len, text, -1, &status);
    return U_SUCCESS(status) && *ret_len < UNITS_MAX ? OK : refuse(call, ERR_INVALID, "names.long");
}

static const char *to_text(struct call *call, const UChar *units, int32_t len)
{
    char text[UNITS_MAX * 3 + 1];
    int32_t bytes = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8(text, sizeof(text), &bytes, units, len, &status);
    ASSERT_CODE(U_SUCCESS(status));
    return arena_text(call->arena, text, (size_t)bytes);
}

static int32_t normalize(const UNormalizer2 *normalizer, const UChar *units, int32_t len,
                         UChar *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t out = unorm2_normalize(normalizer, units, len, ret, UNITS_MAX, &status);
    return U_SUCCESS(status) && out < UNITS_MAX ? out : -1;
}

/* Made with the first name, never freed: ICU lets any thread ask them. */
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;
static bool made_all;
static USpoofChecker *looks, *scripts;
static const UNormalizer2 *nfc, *nfkc, *nfkd, *nfkc_folded;
static char reserved_forms[COUNT(reserved)][RESERVED_MAX];

static int32_t looks_of(const UChar *units, int32_t len, UChar *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t made = uspoof_getSkeleton(looks, 0, units, len, ret, UNITS_MAX, &status);
    return U_SUCCESS(status) && made < UNITS_MAX ? made : -1;
}

static int32_t fold_case(const UChar *units, int32_t len, UChar *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t made = u_strFoldCase(ret, UNITS_MAX, units, len, U_FOLD_CASE_DEFAULT, &status);
    return U_SUCCESS(status) && made < UNITS_MAX ? made : -1;
}

/*
 * What it looks like, made compatible and folded when asked, what that looks like, folded (what
 * letters look like may be a capital).  Compatibility comes after the first look: it makes a sigma
 * of a lunate sigma, which everybody reads as a c.
 */
static int32_t skeleton_units(const UChar *units, int32_t len, bool fold, UChar ret[UNITS_MAX])
{
    UChar a[UNITS_MAX], b[UNITS_MAX];
    if (fold) { /* a capital I looks like an l, but is none in small letters */
        len = fold_case(units, len, ret);
        units = ret;
    }
    len = len < 0 ? -1 : looks_of(units, len, a);
    len = len < 0 ? -1 : normalize(fold ? nfkc_folded : nfkc, a, len, b);
    len = len < 0 ? -1 : looks_of(b, len, a);
    return len < 0 ? -1 : fold_case(a, len, ret);
}

/* With its separators; NULL for what cannot be a name. */
static const char *skeleton(struct call *call, const UChar *units, int32_t len, bool fold)
{
    UChar made[UNITS_MAX];
    int32_t made_len = skeleton_units(units, len, fold, made);
    return made_len < 0 ? NULL : to_text(call, made, made_len);
}

static const char *without_separators(struct call *call, const char *text)
{
    char *kept = arena_text(call->arena, text, strlen(text)), *to = kept;
    for (const char *at = text; *at; at++) {
        if (!separator((unsigned char)*at)) {
            *to++ = *at;
        }
    }
    *to = '\0';
    return kept;
}

/* False: there is no memory for it now. */
static bool make_all(void)
{
    UErrorCode status = U_ZERO_ERROR;
    nfc = unorm2_getNFCInstance(&status);
    nfkc = unorm2_getNFKCInstance(&status);
    nfkd = unorm2_getNFKDInstance(&status);
    nfkc_folded = unorm2_getNFKCCasefoldInstance(&status);
    looks = looks ? looks : uspoof_open(&status);
    scripts = scripts ? scripts : uspoof_open(&status);
    uspoof_setRestrictionLevel(scripts, USPOOF_HIGHLY_RESTRICTIVE);
    uspoof_setChecks(scripts, USPOOF_RESTRICTION_LEVEL | USPOOF_MIXED_NUMBERS | USPOOF_INVISIBLE,
                     &status);
    for (size_t i = 0; reserved[i] && U_SUCCESS(status); i++) {
        UChar units[UNITS_MAX], made[UNITS_MAX];
        int32_t len = 0;
        u_strFromUTF8(units, UNITS_MAX, &len, reserved[i], -1, &status);
        len = skeleton_units(units, len, true, made);
        if (len < 0) {
            return false;
        }
        u_strToUTF8(reserved_forms[i], RESERVED_MAX, &len, made, len, &status);
    }
    return U_SUCCESS(status);
}

static bool ready(void)
{
    pthread_mutex_lock(&making);
    made_all = made_all || make_all();
    bool is = made_all;
    pthread_mutex_unlock(&making);
    return is;
}

/* A name in NFC, and its two skeletons with separators; ERR_INVALID for text that is no name. */
struct read_name {
    UChar units[UNITS_MAX];
    int32_t len;
    const char *folded, *look;
};

static enum err read_name(struct call *call, const char *name, struct read_name *ret)
{
    UChar units[UNITS_MAX];
    int32_t len = 0;
    ret->len = 0;
    ret->folded = ret->look = "";
    if (!ready()) {
        return ERR_BUSY;
    }
    if (strlen(name) > (size_t)NAME_POINTS_MAX * 4) {
        return refuse(call, ERR_INVALID, "names.long");
    }
    TRY(to_units(call, name, units, &len));
    ret->len = normalize(nfc, units, len, ret->units);
    if (ret->len < 0) {
        return refuse(call, ERR_INVALID, "names.long");
    }
    ret->folded = skeleton(call, ret->units, ret->len, true);
    ret->look = skeleton(call, ret->units, ret->len, false);
    return ret->folded && ret->look ? OK : refuse(call, ERR_INVALID, "names.characters");
}

static enum err forms_of(struct call *call, const struct read_name *read, struct name_forms *ret)
{
    ret->name = to_text(call, read->units, read->len);
    ret->skeleton = without_separators(call, read->folded);
    ret->look = without_separators(call, read->look);
    return *ret->skeleton && *ret->look ? OK : refuse(call, ERR_INVALID, "names.characters");
}

enum err names_forms(struct call *call, const char *name, struct name_forms *ret)
{
    struct read_name read;
    TRY(read_name(call, name, &read));
    return forms_of(call, &read, ret);
}

/* Letters, their marks, digits and the four separators, none of them invisible. */
static bool allowed(UChar32 c)
{
    int8_t type = u_charType(c);
    bool letter = u_isalpha(c) || type == U_DECIMAL_DIGIT_NUMBER || type == U_NON_SPACING_MARK ||
                  type == U_COMBINING_SPACING_MARK;
    return (letter && !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) || separator(c);
}

static enum err check_characters(struct call *call, const UChar *units, int32_t len)
{
    bool before = true; /* a separator stands before: at the start it would */
    int marks = 0;
    for (int32_t i = 0; i < len;) {
        UChar32 c = 0;
        U16_NEXT(units, i, len, c);
        int8_t type = u_charType(c);
        marks = type == U_NON_SPACING_MARK ? marks + 1 : 0;
        if (!allowed(c) || marks > 2) {
            return refuse(call, ERR_INVALID, "names.characters");
        }
        if (separator(c) && before) {
            return refuse(call, ERR_INVALID, "names.edges");
        }
        before = separator(c);
    }
    return before ? refuse(call, ERR_INVALID, "names.edges") : OK;
}

/* One script (or a usual pair such as Han with kana), digits of one system. */
static enum err check_scripts(struct call *call, const UChar *units, int32_t len)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t found = uspoof_check(scripts, units, len, NULL, &status);
    return U_SUCCESS(status) && found == 0 ? OK : refuse(call, ERR_INVALID, "names.mixed");
}

/* ---- reserved words ---- */

/* Digits that stand for letters ("adm1n"): not confusable by the tables, but read so. */
static int32_t spelled_out(const UChar *units, int32_t len, UChar ret[UNITS_MAX])
{
    static const char digits[] = "134570", letters[] = "ieasto";
    for (int32_t i = 0; i < len; i++) {
        const char *digit = units[i] < 128 && units[i] ? strchr(digits, (char)units[i]) : NULL;
        ret[i] = digit ? (UChar)letters[digit - digits] : units[i];
    }
    return len;
}

/* Letters of other alphabets as Latin ones write them, as far as reserved words go. */
static const struct {
    UChar from, to;
} latin[] = {
    {0x0430, 'a'}, {0x0431, 'b'}, {0x0432, 'v'}, {0x0433, 'g'}, {0x0434, 'd'}, {0x0435, 'e'},
    {0x0437, 'z'}, {0x0438, 'i'}, {0x0439, 'i'}, {0x0456, 'i'}, {0x043a, 'k'}, {0x043b, 'l'},
    {0x043c, 'm'}, {0x043d, 'n'}, {0x043e, 'o'}, {0x043f, 'p'}, {0x0440, 'r'}, {0x0441, 's'},
    {0x0442, 't'}, {0x0443, 'u'}, {0x0444, 'f'}, {0x0445, 'h'}, {0x0446, 'c'}, {0x044b, 'y'},
    {0x044d, 'e'}, {0x03b1, 'a'}, {0x03b2, 'b'}, {0x03b3, 'g'}, {0x03b4, 'd'}, {0x03b5, 'e'},
    {0x03b6, 'z'}, {0x03b7, 'i'}, {0x03b9, 'i'}, {0x03ba, 'k'}, {0x03bb, 'l'}, {0x03bc, 'm'},
    {0x03bd, 'n'}, {0x03bf, 'o'}, {0x03c0, 'p'}, {0x03c1, 'r'}, {0x03c3, 's'}, {0x03c4, 't'},
    {0x03c5, 'y'}, {0x03c6, 'f'}, {0x03c9, 'o'}, {0x0111, 'd'}, {0x00f8, 'o'}, {0x0142, 'l'},
    {0x0131, 'i'}, {0x0127, 'h'}, {0x0167, 't'}, {0x00f0, 'd'},
};

/* Small letters without their marks, in Latin. */
static int32_t bare(const UChar *units, int32_t len, UChar ret[UNITS_MAX])
{
    UChar folded[UNITS_MAX], apart[UNITS_MAX];
    int32_t kept = 0;
    len = fold_case(units, len, folded);
    len = len < 0 ? -1 : normalize(nfkd, folded, len, apart);
    for (int32_t i = 0; i < len; i++) {
        if (u_charType(apart[i]) == U_NON_SPACING_MARK) {
            continue;
        }
        ret[kept] = apart[i];
        for (size_t j = 0; j < COUNT(latin); j++) {
            ret[kept] = latin[j].from == apart[i] ? latin[j].to : ret[kept];
        }
        kept++;
    }
    return len < 0 ? -1 : kept;
}

static bool is_reserved(const char *text, size_t len)
{
    for (size_t i = 0; reserved[i]; i++) {
        if (strlen(reserved_forms[i]) == len && memcmp(reserved_forms[i], text, len) == 0) {
            return true;
        }
    }
    return false;
}

/* As a whole, and each part between separators: "Bauta Support" is as reserved as "Support". */
static bool holds_reserved(struct call *call, const char *form)
{
    static const char separators[] = " -_.";
    const char *whole = form ? without_separators(call, form) : "";
    if (is_reserved(whole, strlen(whole))) {
        return true;
    }
    for (const char *at = form ? form : ""; *at; at += strspn(at, separators)) {
        size_t len = strcspn(at, separators);
        if (is_reserved(at, len)) {
            return true;
        }
        at += len;
    }
    return false;
}

/* Four skeletons, however long the name and the list are. */
static bool reads_reserved(struct call *call, const struct read_name *read)
{
    UChar other[UNITS_MAX];
    if (holds_reserved(call, read->folded) || holds_reserved(call, read->look)) {
        return true;
    }
    int32_t len = spelled_out(read->units, read->len, other);
    if (holds_reserved(call, skeleton(call, other, len, true))) {
        return true;
    }
    len = bare(read->units, read->len, other);
    return len >= 0 && holds_reserved(call, skeleton(call, other, len, true));
}

bool names_reserved(struct call *call, const char *text)
{
    static const char separators[] = " -_.";
    enum { WHOLE_MAX = NAME_POINTS_MAX * 4 };
    struct read_name read;
    bool found = false;
    if (strlen(text) <= WHOLE_MAX && read_name(call, text, &read) == OK) {
        found = reads_reserved(call, &read);
    } else { /* it is no name, as one with a star in it; its words are what can be read so */
        for (const char *at = text; *at && !found; at += strspn(at, separators)) {
            size_t len = strcspn(at, separators);
            found = len <= WHOLE_MAX &&
                    read_name(call, arena_text(call->arena, at, len), &read) == OK &&
                    reads_reserved(call, &read);
            at += len;
        }
    }
    call->fail_code = call->fail_field = NULL;
    return found;
}

/* A star is no word. */
static bool is_word(struct call *call, const char *text)
{
    struct read_name read;
    bool found = strlen(text) > (size_t)NAME_POINTS_MAX * 4 || read_name(call, text, &read) != OK;
    for (int32_t i = 0; !found && i < read.len;) {
        UChar32 c = 0;
        U16_NEXT(read.units, i, read.len, c);
        found = u_isalnum(c);
    }
    call->fail_code = call->fail_field = NULL;
    return found;
}

bool names_staffs(struct call *call, const char *text)
{
    static const char separators[] = " -_.";
    bool all = false;
    for (const char *at = text + strspn(text, separators); *at; at += strspn(at, separators)) {
        size_t len = strcspn(at, separators);
        const char *word = arena_text(call->arena, at, len);
        at += len;
        if (!is_word(call, word)) {
            continue;
        }
        all = names_reserved(call, word);
        if (!all) {
            return false;
        }
    }
    return all;
}

enum err names_check(struct call *call, const char *name, struct name_forms *ret)
{
    struct read_name read;
    struct name_forms forms = {0};
    size_t points = text_points(name);
    if (points < NAME_POINTS_MIN) {
        return refuse(call, ERR_INVALID, "names.short");
    }
    if (points > NAME_POINTS_MAX) {
        return refuse(call, ERR_INVALID, "names.long");
    }
    TRY(read_name(call, name, &read));
    TRY(forms_of(call, &read, &forms));
    if (text_points(forms.name) < NAME_POINTS_MIN) {
        return refuse(call, ERR_INVALID, "names.short");
    }
    TRY(check_characters(call, read.units, read.len));
    TRY(check_scripts(call, read.units, read.len));
    if (reads_reserved(call, &read)) {
        return refuse(call, ERR_CONFLICT, "names.reserved");
    }
    *ret = forms;
    return OK;
}
