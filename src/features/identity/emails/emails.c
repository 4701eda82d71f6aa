#include "features/identity/emails/emails.h"

#include <ctype.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "privacy/keys.h"

/* Every character is one that is seen: no space, no control, nothing that shows nothing. */
static bool seen_whole(const char *text)
{
    UChar units[EMAIL_MAX];
    UErrorCode error = U_ZERO_ERROR;
    int32_t len = 0;
    u_strFromUTF8(units, EMAIL_MAX, &len, text, -1, &error);
    for (int32_t at = 0; U_SUCCESS(error) && at < len;) {
        UChar32 c = 0;
        U16_NEXT(units, at, len, c);
        if (!u_isgraph(c) || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
            return false;
        }
    }
    return U_SUCCESS(error);
}

/* One address: something, @, a domain with a dot. */
enum err emails_check(struct call *call, const char *email, const char *field, const char **ret)
{
    const char *at = strrchr(email, '@');
    const char *dot = at ? strrchr(at, '.') : NULL;
    if (!at || at == email || !dot || dot == at + 1 || !dot[1] || strlen(email) > EMAIL_MAX ||
        !seen_whole(email) || strpbrk(email, "<>,;:\"()[]\\") || strstr(at, "..") ||
        strchr(email, '@') != at) {
        return call_fail_field(call, ERR_INVALID, "accounts.email", field);
    }
    char *copy = arena_text(call->arena, email, strlen(email));
    for (char *c = copy + (at - email); *c; c++) {
        *c = (char)tolower((unsigned char)*c);
    }
    *ret = copy;
    return OK;
}

enum err emails_blind(struct call *call, const char *email, uint8_t ret[HASH_BYTES])
{
    char *small = arena_text(call->arena, email, strlen(email));
    for (char *c = small; *c; c++) {
        *c = (char)tolower((unsigned char)*c);
    }
    return keys_blind(call, "account.email", small, ret);
}
