#include "features/notify/mail/mail_read.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/settings.h"
#include "base/time.h"
#include "features/notify/mail/mail_inner.h"
#include "features/notify/mail/mail_topics.h"
#include "store/store.h"

SQL(mail_by_code,
    "SELECT kind, COALESCE(settled_ms, created_ms) AS sent_ms FROM mail WHERE code_hash = $1"
    " AND account_id = $2 AND state <> 'dropped'");
COLUMNS(BY_CODE_KIND, BY_CODE_SENT_MS);
SQL(mail_has_address, "SELECT email_verified FROM account WHERE id = $1");
/* sees: staff - how many in which state */
SQL(mail_counted,
    "SELECT state, COUNT(*) AS count FROM mail WHERE state IN ('waiting', 'sending', 'dead')"
    " OR settled_ms > $1 GROUP BY state LIMIT 10");
COLUMNS(COUNTED_STATE, COUNTED_COUNT);
/* sees: staff - what holds the outbox up */
SQL(mail_oldest,
    "SELECT created_ms, why FROM mail WHERE state = 'waiting' ORDER BY due_ms LIMIT 1");
COLUMNS(OLDEST_CREATED_MS, OLDEST_WHY);
/* sees: staff - what was given up: no address, no words */
SQL(mail_letters, "SELECT id, kind, tries, why, settled_ms, values_ct IS NOT NULL AS kept FROM mail"
                  " WHERE state = 'dead' ORDER BY id DESC LIMIT 50");
COLUMNS(DEAD_ID, DEAD_KIND, DEAD_TRIES, DEAD_WHY, DEAD_SETTLED_MS, DEAD_KEPT);
/* sees: staff - how many of these can be sent once more */
SQL(mail_letters_count, "SELECT COUNT(*) FROM mail WHERE state = 'dead' AND values_ct IS NOT NULL"
                        " AND ends_ms > $1");
SQL(mail_once_more, "UPDATE mail SET state = 'waiting', tries = 0, due_ms = $2, settled_ms = NULL"
                    " WHERE id = $1 AND state = 'dead' AND values_ct IS NOT NULL AND ends_ms > $2");

/* As people type it: without dashes, in small letters, with blanks. */
static bool normal_code(const char *typed, char ret[MAIL_CODE_LEN + 1])
{
    size_t len = 0;
    for (; *typed; typed++) {
        if (*typed == ' ' || *typed == '-' || *typed == '\t' || *typed == '\n') {
            continue;
        }
        if (!isalnum((unsigned char)*typed) || len >= MAIL_CODE_LEN) {
            return false;
        }
        if (len % 5 == 4) {
            ret[len++] = '-';
        }
        ret[len++] = (char)toupper((unsigned char)*typed);
    }
    ret[len] = '\0';
    return len == MAIL_CODE_LEN;
}

enum err mail_check(struct call *call, const char *code, struct mail_found *ret)
{
    char normal[MAIL_CODE_LEN + 2];
    uint8_t hash[HASH_BYTES];
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    *ret = (struct mail_found){.subject = ""};
    if (!normal_code(code, normal)) {
        return OK;
    }
    crypto_sha256(normal, MAIL_CODE_LEN, hash);
    TRY(store_run(call, &mail_by_code, BIND(BYTES(hash, HASH_BYTES), I64(call->actor.id)), &rows));
    if (rows.count > 0) {
        ret->ours = true;
        ret->subject = mail_subject(call, call->actor.language, row_text(&rows, 0, BY_CODE_KIND));
        ret->sent_ms = row_i64(&rows, 0, BY_CODE_SENT_MS);
    }
    return OK;
}

enum err mail_welcome(struct call *call, int64_t account_id, const char *topic, bool *ret)
{
    struct rows rows;
    TRY(store_run(call, &mail_has_address, BIND(I64(account_id)), &rows));
    if (rows.count == 0 || row_i64(&rows, 0, ONLY) == 0) {
        *ret = false;
        return OK;
    }
    return mail_wants(call, account_id, topic, ret);
}

enum err mail_count(struct call *call, struct mail_counts *ret)
{
    struct rows rows;
    *ret = (struct mail_counts){.why = ""};
    const struct {
        const char *state;
        int64_t *at;
    } places[] = {{"waiting", &ret->waiting}, {"sending", &ret->waiting},
                  {"sent", &ret->sent},       {"bounced", &ret->bounced},
                  {"dead", &ret->dead},       {"dropped", &ret->dropped}};
    TRY(store_run(call, &mail_counted, BIND(I64(call->now_ms - TIME_DAY)), &rows));
    for (size_t i = 0; i < rows.count; i++) {
        for (size_t j = 0; j < COUNT(places); j++) {
            if (strcmp(places[j].state, row_text(&rows, i, COUNTED_STATE)) == 0) {
                *places[j].at += row_i64(&rows, i, COUNTED_COUNT);
            }
        }
    }
    TRY(store_run(call, &mail_oldest, NO_BIND, &rows));
    if (rows.count > 0) {
        ret->oldest_ms = row_i64(&rows, 0, OLDEST_CREATED_MS);
        ret->why = row_null(&rows, 0, OLDEST_WHY) ? "" : row_text(&rows, 0, OLDEST_WHY);
    }
    return OK;
}

enum err mail_dead_letters(struct call *call, struct mail_dead **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &mail_letters, NO_BIND, &rows));
    struct mail_dead *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        const char *kind = row_text(&rows, i, DEAD_KIND), *why = row_text(&rows, i, DEAD_WHY);
        all[i] = (struct mail_dead){.id = row_i64(&rows, i, DEAD_ID),
                                    .tries = row_i64(&rows, i, DEAD_TRIES),
                                    .at_ms = row_i64(&rows, i, DEAD_SETTLED_MS),
                                    .kind = kind,
                                    .subject = mail_subject(call, call->actor.language, kind),
                                    .why = why ? why : "",
                                    .again = row_i64(&rows, i, DEAD_KEPT) != 0};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err mail_letters_wait(struct call *call, int64_t *ret_count, int64_t *ret_urgent)
{
    struct rows rows;
    TRY(store_run(call, &mail_letters_count, BIND(I64(call->now_ms)), &rows));
    *ret_count = row_i64(&rows, 0, ONLY);
    *ret_urgent = 0;
    return OK;
}

enum err mail_again(struct call *call, int64_t id)
{
    struct rows rows;
    call->acted.on = id;
    TRY(store_run(call, &mail_once_more, BIND(I64(id), I64(call->now_ms)), &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_MISSING, "mail.gone");
    }
    call_emit(call, EVENT_OUTBOX, 0, id, NULL);
    return OK;
}

static bool loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
           strncmp(address, "[::1]:", 6) == 0 || strncmp(address, "localhost:", 10) == 0;
}

bool mail_local(const struct call *call)
{
    const struct settings *s = call->settings;
    if (s->demo) {
        return !s->demo_public;
    }
    return !(s->public_url && *s->public_url) && loopback(s->listen) &&
           loopback(call->origin.address);
}

/* A letter with all its lines is large; of each only address and subject stay. */
struct mail_kept *mail_kept_rows(struct call *call, const struct mail_leased *kept, size_t count)
{
    ASSERT_CODE(!call->tx);
    struct shown {
        char to[MAIL_ADDRESS_MAX + 1], subject[512];
    };
    struct mail_kept *rows = arena_alloc(call->arena, (count + 1) * sizeof(*rows));
    struct shown *shown = arena_alloc(call->arena, (count + 1) * sizeof(*shown));
    for (size_t i = 0; i < count; i++) {
        struct arena_mark mark = arena_mark(call->arena);
        struct mail_opened opened = {.to = "", .subject = ""};
        if (mail_open_kept(call, &kept[i], &opened) != OK) {
            call->fail_code = NULL; /* its key is gone: it is nobody's any more */
            opened = (struct mail_opened){.to = "", .subject = ""};
        }
        size_t len = MIN(strlen(opened.subject), sizeof(shown->subject) - 1);
        while (len > 0 && ((uint8_t)opened.subject[len] & 0xc0) == 0x80) {
            len--; /* never half a character */
        }
        memcpy(shown[i].subject, opened.subject, len);
        snprintf(shown[i].to, sizeof(shown->to), "%s", opened.to);
        arena_rewind(call->arena, mark);
        rows[i] = (struct mail_kept){kept[i].id, kept[i].created_ms, shown[i].to, shown[i].subject};
    }
    return rows;
}

enum err mail_open_kept(struct call *call, const struct mail_leased *kept, struct mail_opened *ret)
{
    struct mail_letter letter;
    TRY(mail_write(call, kept, &letter));
    *ret = (struct mail_opened){letter.to, letter.subject, letter.text, letter.html};
    return OK;
}
