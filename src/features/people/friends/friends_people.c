#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "base/arena.h"
#include "features/common/contact/contact.h"
#include "features/people/friends/friends.h"
#include "privacy/cursor.h"
#include "store/queue.h"
#include "store/store.h"

enum { UNITS_MAX = 400 }; /* UTF-16, above any name that is let in */

/* Who is found by two words is shown once, where the first of them stands. */
SQL(friends_found,
    "SELECT " FACE_OF(
        "a") ", " FRIENDS_RELATION " AS relation, w.word, a.id"
             " FROM account_word w JOIN account a ON a.id = w.account_id WHERE w.word >= $2 AND "
             "w.word < $3"
             " AND (w.word, w.account_id) > ($4, $5) AND a.id <> $1 AND a.name_fold IS NOT NULL "
             "AND" CONTACT_PERCEIVES("$1", "a") "AND" CONTACT_FINDS(
                 "$1", "a") "AND NOT EXISTS (SELECT 1 FROM"
                            " account_word e WHERE e.account_id = a.id"
                            " AND e.word >= $2 AND e.word < w.word)"
                            " ORDER BY w.word, w.account_id LIMIT $6");
COLUMNS(FOUND_FACE, FOUND_RELATION = FOUND_FACE + FACE_COLUMNS, FOUND_WORD, FOUND_ID);
/* sees: server - names that are not found yet */
SQL(friends_unfolded, "SELECT id, avatar_name FROM account WHERE name_fold IS NULL"
                      " ORDER BY id LIMIT $1");
COLUMNS(UNFOLDED_ID, UNFOLDED_AVATAR_NAME);
SQL(friends_set_fold, "UPDATE account SET name_fold = $3 WHERE id = $1 AND avatar_name = $2");
SQL(friends_unword, "DELETE FROM account_word WHERE account_id = $1");
SQL(friends_word, "INSERT INTO account_word (word, account_id) VALUES ($1, $2)"
                  " ON CONFLICT DO NOTHING");

/* ---- folding ---- */

static bool parts(UChar32 c)
{
    return u_isUWhiteSpace(c) || c == '-' || c == '_' || c == '.';
}

/* What has no room is left out: names are shorter than that. */
static void append(UChar ret[UNITS_MAX], int32_t *out, UChar32 c)
{
    bool full = false;
    U16_APPEND(ret, *out, UNITS_MAX, c, full);
    (void)full;
}

/* Accents go; what parts words becomes one blank, none at the ends. */
static int32_t plain(const UChar *units, int32_t len, UChar ret[UNITS_MAX])
{
    int32_t at = 0, out = 0;
    bool apart = false;
    while (at < len) {
        UChar32 c;
        U16_NEXT(units, at, len, c);
        if (parts(c)) {
            apart = out > 0;
        } else if (u_charType(c) != U_NON_SPACING_MARK) {
            if (apart) {
                append(ret, &out, ' ');
            }
            apart = false;
            append(ret, &out, c);
        }
    }
    return out;
}

enum err friends_fold(struct call *call, const char *name, const char **ret)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar wide[UNITS_MAX], fold[UNITS_MAX], apart[UNITS_MAX];
    char text[UNITS_MAX * 3 + 1];
    int32_t len = 0;
    u_strFromUTF8(wide, UNITS_MAX, &len, name, -1, &code);
    const UNormalizer2 *small = unorm2_getNFKCCasefoldInstance(&code);
    const UNormalizer2 *accents = unorm2_getNFKDInstance(&code);
    len = U_SUCCESS(code) ? unorm2_normalize(small, wide, len, fold, UNITS_MAX, &code) : 0;
    len = U_SUCCESS(code) ? unorm2_normalize(accents, fold, len, apart, UNITS_MAX, &code) : 0;
    len = U_SUCCESS(code) ? plain(apart, len, fold) : 0;
    u_strToUTF8(text, sizeof(text), &len, fold, len, &code);
    /* Longer than any name: cut where a character ends. */
    if (len > FRIENDS_FOLD_MAX) {
        for (len = FRIENDS_FOLD_MAX; len > 0 && (text[len] & 0xc0) == 0x80; len--) {
        }
    }
    *ret = arena_text(call->arena, text, U_SUCCESS(code) ? (size_t)len : 0);
    return OK;
}

/* ---- finding ---- */

static struct val bytes_of(const char *text)
{
    return BYTES(text, strlen(text));
}

/* A page begins behind a word and an account: sealed, for the same search. */
enum err friends_find(struct call *call, const char *fold, const char *after,
                      struct friends_found **ret, size_t *ret_count, const char **ret_next)
{
    struct rows rows;
    struct cursor from = {.text = ""};
    const char *list = arena_printf(call->arena, "friends.found:%s", fold);
    /* Of nothing everybody would be found. */
    ASSERT_CODE(call->actor.id && *fold);
    if (after) {
        TRY(cursor_open(call, list, after, &from));
    }
    /* No UTF-8 has this byte: the end of all words that begin so. */
    const char *end = arena_printf(call->arena, "%s\xff", fold);
    TRY(store_run(call, &friends_found,
                  BIND(I64(call->actor.id), bytes_of(fold), bytes_of(end),
                       bytes_of(from.text ? from.text : ""), I64(from.at[0]),
                       I64(FRIENDS_FOUND_PAGE)),
                  &rows));
    struct friends_found *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct friends_found){.face = face_read(&rows, i, FOUND_FACE),
                                        .relation = row_text(&rows, i, FOUND_RELATION)};
    }
    *ret = all;
    *ret_count = rows.count;
    *ret_next = NULL;
    if (rows.count < FRIENDS_FOUND_PAGE) {
        return OK;
    }
    size_t last = rows.count - 1, word_len = 0;
    const uint8_t *word = row_bytes(&rows, last, FOUND_WORD, &word_len);
    const struct cursor next = {.at = {row_i64(&rows, last, FOUND_ID)},
                                .text = arena_text(call->arena, (const char *)word, word_len)};
    return cursor_seal(call, list, &next, ret_next);
}

/* ---- the job ---- */

enum err friends_words_look(struct call *call, struct friends_words *ret)
{
    struct rows rows;
    TRY(store_run(call, &friends_unfolded, BIND(I64(FRIENDS_WORDS_BATCH)), &rows));
    ASSERT_CODE(rows.count <= FRIENDS_WORDS_BATCH);
    ret->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        ret->names[i].id = row_i64(&rows, i, UNFOLDED_ID);
        ret->names[i].name = row_text(&rows, i, UNFOLDED_AVATAR_NAME);
    }
    return OK;
}

enum err friends_words_prepare(struct call *call, struct friends_words *words)
{
    ASSERT_CODE(words->count <= FRIENDS_WORDS_BATCH);
    for (size_t i = 0; i < words->count; i++) {
        TRY(friends_fold(call, words->names[i].name, &words->names[i].fold));
    }
    return OK;
}

/* Whoever was renamed meanwhile has the next turn. */
enum err friends_words_apply(struct call *call, const struct friends_words *words)
{
    ASSERT_CODE(call->tx && words->count <= FRIENDS_WORDS_BATCH);
    for (size_t i = 0; i < words->count; i++) {
        const char *fold = words->names[i].fold;
        struct val id = I64(words->names[i].id);
        struct rows rows;
        TRY(store_run(call, &friends_set_fold, BIND(id, TEXT(words->names[i].name), bytes_of(fold)),
                      &rows));
        if (rows.changed == 0) {
            continue;
        }
        TRY(store_run(call, &friends_unword, BIND(id), NULL));
        for (size_t k = 0; fold && k < FRIENDS_WORDS_MAX; k++) {
            TRY(store_run(call, &friends_word, BIND(bytes_of(fold), id), NULL));
            fold = strchr(fold, ' ');
            fold = fold ? fold + 1 : NULL;
        }
    }
    return words->count < FRIENDS_WORDS_BATCH ? OK
                                              : job_queue(call, "friends.words_more", "", 0, 0);
}
