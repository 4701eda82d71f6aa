#include "features/accounts/names.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/text.h"

enum { UNITS_MAX = 256 }; /* UTF-16, far above any name that is let in */

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
    return U_UNICODE_VERSION "/" U_ICU_VERSION;
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
    ASSERT(U_SUCCESS(status));
    return arena_text(call->arena, text, (size_t)bytes);
}

static int32_t normalize(const UNormalizer2 *normalizer, const UChar *units, int32_t len,
                         UChar *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t out = unorm2_normalize(normalizer, units, len, ret, UNITS_MAX, &status);
    return U_SUCCESS(status) && out < UNITS_MAX ? out : -1;
}

static int32_t without_separators(UChar *units, int32_t len)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < len; i++) {
        if (!separator(units[i])) {
            units[kept++] = units[i];
        }
    }
    return kept;
}

/* NFKC, folded when asked, skeleton, folded again (skeletons have capitals), no separators. */
static const char *skeleton(struct call *call, const UChar *units, int32_t len, bool fold)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar a[UNITS_MAX], b[UNITS_MAX];
    int32_t at =
        normalize(fold ? unorm2_getNFKCCasefoldInstance(&status) : unorm2_getNFKCInstance(&status),
                  units, len, a);
    USpoofChecker *checker = uspoof_open(&status);
    int32_t made = at < 0 ? -1 : uspoof_getSkeleton(checker, 0, a, at, b, UNITS_MAX, &status);
    uspoof_close(checker);
    if (U_FAILURE(status) || made < 0 || made >= UNITS_MAX) {
        return NULL;
    }
    made = u_strFoldCase(a, UNITS_MAX, b, made, U_FOLD_CASE_DEFAULT, &status);
    if (U_FAILURE(status) || made >= UNITS_MAX) {
        return NULL;
    }
    return to_text(call, a, without_separators(a, made));
}

enum err names_forms(struct call *call, const char *name, struct name_forms *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar units[UNITS_MAX], normal[UNITS_MAX];
    int32_t len = 0;
    if (strlen(name) > (size_t)NAME_POINTS_MAX * 4) {
        return refuse(call, ERR_INVALID, "names.long");
    }
    TRY(to_units(call, name, units, &len));
    len = normalize(unorm2_getNFCInstance(&status), units, len, normal);
    if (len < 0) {
        return refuse(call, ERR_INVALID, "names.long");
    }
    ret->name = to_text(call, normal, len);
    ret->skeleton = skeleton(call, normal, len, true);
    ret->look = skeleton(call, normal, len, false);
    if (!ret->skeleton || !ret->look || !*ret->skeleton || !*ret->look) {
        return refuse(call, ERR_INVALID, "names.characters");
    }
    return OK;
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
    USpoofChecker *checker = uspoof_open(&status);
    uspoof_setRestrictionLevel(checker, USPOOF_HIGHLY_RESTRICTIVE);
    uspoof_setChecks(checker, USPOOF_RESTRICTION_LEVEL | USPOOF_MIXED_NUMBERS | USPOOF_INVISIBLE,
                     &status);
    int32_t found = uspoof_check(checker, units, len, NULL, &status);
    uspoof_close(checker);
    return U_SUCCESS(status) && found == 0 ? OK : refuse(call, ERR_INVALID, "names.mixed");
}

/* Digits that stand for letters ("adm1n"): not confusable by the tables, but read so. */
static enum err spelled_out(struct call *call, const char *name, struct name_forms *ret)
{
    static const char digits[] = "134570", letters[] = "ieasto";
    ASSERT(name);
    char *text = arena_text(call->arena, name, strlen(name));
    for (char *at = text; *at; at++) {
        const char *digit = strchr(digits, *at);
        if (digit) {
            *at = letters[digit - digits];
        }
    }
    return names_forms(call, text, ret);
}

static enum err check_reserved(struct call *call, const struct name_forms *forms)
{
    struct name_forms spelled = {0};
    TRY(spelled_out(call, forms->name, &spelled));
    for (const char *const *word = reserved; *word; word++) {
        struct name_forms own = {0};
        TRY(names_forms(call, *word, &own));
        ASSERT(own.skeleton);
        if (strcmp(own.skeleton, forms->skeleton) == 0 || strcmp(own.skeleton, forms->look) == 0 ||
            strcmp(own.skeleton, spelled.skeleton) == 0) {
            return refuse(call, ERR_CONFLICT, "names.reserved");
        }
    }
    return OK;
}

/* Each part between separators too, so that "Bauta Support" is as reserved as "Support". */
static enum err check_parts(struct call *call, const char *name)
{
    static const char separators[] = " -_.";
    for (const char *at = name; *at; at += strspn(at, separators)) {
        size_t len = strcspn(at, separators);
        struct name_forms part = {0};
        TRY(names_forms(call, arena_text(call->arena, at, len), &part));
        TRY(check_reserved(call, &part));
        at += len;
    }
    return OK;
}

bool names_reserved(struct call *call, const char *text)
{
    struct name_forms forms = {0};
    bool whole =
        names_forms(call, text, &forms) == OK && check_reserved(call, &forms) == ERR_CONFLICT;
    bool part = !whole && check_parts(call, text) == ERR_CONFLICT;
    call->fail_code = call->fail_field = NULL;
    return whole || part;
}

enum err names_check(struct call *call, const char *name, struct name_forms *ret)
{
    UChar units[UNITS_MAX];
    int32_t len = 0;
    struct name_forms forms = {0};
    size_t points = text_points(name);
    if (points < NAME_POINTS_MIN) {
        return refuse(call, ERR_INVALID, "names.short");
    }
    if (points > NAME_POINTS_MAX) {
        return refuse(call, ERR_INVALID, "names.long");
    }
    TRY(names_forms(call, name, &forms));
    if (text_points(forms.name) < NAME_POINTS_MIN) {
        return refuse(call, ERR_INVALID, "names.short");
    }
    TRY(to_units(call, forms.name, units, &len));
    TRY(check_characters(call, units, len));
    TRY(check_scripts(call, units, len));
    TRY(check_reserved(call, &forms));
    TRY(check_parts(call, forms.name));
    *ret = forms;
    return OK;
}
