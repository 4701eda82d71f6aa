#include <string.h>

#include "base/arena.h"
#include "features/identity/guardians/guardians_inner.h"
#include "store/queue.h"

/*
 * Links to a parent's address: the mail that asks, and repeats.  Anybody can want one for any
 * address, so a mailbox gets few a day whatever was asked how often, and in every state of a
 * request; what is beyond waits, once for each.  Mails that ask and repeats leave each other room.
 */
enum { AGAIN_MINUTES = 10, AGAIN_HOURS = 4, AGAIN_MAX = 5 };

/* sees: server - counts only */
SQL(guardians_mails_to,
    "SELECT count(*) AS mailed_all, count(CASE WHEN s.what = 'mailed_again' THEN 1 END) AS again "
    "FROM guardian_step s"
    " JOIN guardian g ON g.id = s.guardian_id WHERE g.email_bi = $1 AND s.at_ms > $2"
    " AND s.what IN ('asked', 'mailed', 'mailed_again')");
COLUMNS(MAILED_ALL, MAILED_AGAIN);
/* mailed_at_ms 0: a job will; again_at_ms: that too, or it died two weeks ago. */
SQL(guardians_want, "UPDATE guardian SET again_at_ms = $2 WHERE id = $1 AND mailed_at_ms > 0"
                    " AND mailed_at_ms <= $3 AND (again_at_ms IS NULL OR again_at_ms <= $4)");
/* sees: server - who is written to again */
SQL(guardians_at, "SELECT id FROM guardian WHERE email_bi = $1"
                  " AND (ends_at_ms IS NULL OR ends_at_ms > $2 OR account_id IS NOT NULL)"
                  " ORDER BY CASE WHEN account_id IS NULL THEN 1 ELSE 0 END, id LIMIT $3");
/* sees: server - writes to the parent again */
SQL(guardians_numbered, GUARDIANS_COLS " WHERE g.id = $1"
                                       " AND (g.ends_at_ms IS NULL OR g.ends_at_ms > $2"
                                       " OR g.account_id IS NOT NULL)");
SQL(guardians_keep_link, "INSERT INTO guardian_link (hash, guardian_id, made_at_ms) SELECT"
                         " link_hash, id, $2 FROM guardian WHERE id = $1");
SQL(guardians_trim_links, "DELETE FROM guardian_link WHERE guardian_id = $1 AND hash NOT IN"
                          " (SELECT hash FROM guardian_link WHERE guardian_id = $1"
                          " ORDER BY made_at_ms DESC, hash LIMIT $2)");
SQL(guardians_relink, "UPDATE guardian SET link_hash = $2, ends_at_ms = CASE WHEN mailed_at_ms = 0"
                      " AND state = 'asked' THEN $4 ELSE ends_at_ms END, mailed_at_ms = $3,"
                      " again_at_ms = NULL WHERE id = $1");
/* sees: own - the child's name in a mail to the parent */
SQL(guardians_name_of, "SELECT avatar_name FROM account WHERE id = $1");

enum err guardians_fill_name(struct call *call, struct guardian *guardian)
{
    struct rows rows;
    if (guardian->account_id) {
        TRY(store_run(call, &guardians_name_of, BIND(I64(guardian->account_id)), &rows));
        guardian->avatar_name = rows.count ? row_text(&rows, 0, ONLY) : NULL;
    }
    return OK;
}

enum err guardians_mail_full(struct call *call, const uint8_t *email_bi, bool first, bool *ret)
{
    struct rows rows;
    TRY(store_run(call, &guardians_mails_to,
                  BIND(BYTES(email_bi, HASH_BYTES), I64(call->now_ms - TIME_DAY)), &rows));
    int64_t all = row_i64(&rows, 0, MAILED_ALL);
    int64_t repeats = row_i64(&rows, 0, MAILED_AGAIN);
    *ret = all >= GUARDIANS_MAILS_A_DAY ||
           (first ? all - repeats : repeats) >= GUARDIANS_MAILS_OF_A_KIND;
    return OK;
}

static const char *job_of(struct call *call, int64_t id)
{
    return arena_printf(call->arena, "{\"id\":\"%lld\"}", (long long)id);
}

enum err guardians_again(struct call *call, int64_t id)
{
    struct rows rows;
    TRY(store_run(call, &guardians_want,
                  BIND(I64(id), I64(call->now_ms), I64(call->now_ms - AGAIN_MINUTES * TIME_MIN),
                       I64(call->now_ms - GUARDIANS_DAYS * TIME_DAY)),
                  &rows));
    return rows.changed ? job_queue(call, "guardians.again", job_of(call, id), 0, 0) : OK;
}

enum err guardians_again_to(struct call *call, const uint8_t email_bi[HASH_BYTES])
{
    struct rows rows;
    struct buf payload = {.arena = call->arena};
    TRY(store_run(call, &guardians_at,
                  BIND(BYTES(email_bi, HASH_BYTES), I64(call->now_ms), I64(AGAIN_MAX)), &rows));
    buf_printf(&payload, "{\"of\":[");
    for (size_t i = 0; i < rows.count; i++) {
        buf_printf(&payload, "%s%s", i ? "," : "", job_of(call, row_i64(&rows, i, ONLY)));
    }
    buf_printf(&payload, "]}");
    return job_queue(call, "guardians.wanted", payload.at, 0, 0);
}

enum err guardians_mail_later(struct call *call, int64_t id)
{
    return job_queue(call, "guardians.again", job_of(call, id), 0,
                     call->now_ms + AGAIN_HOURS * TIME_H);
}

/* Without the address's hash (after a restore) nothing can be counted: it waits for that, too. */
enum err guardians_mail_look(struct call *call, int64_t id, struct guardians_mailing *ret)
{
    struct guardian *guardian = &ret->guardian;
    TRY(guardians_read(call, &guardians_numbered, BIND(I64(id), I64(call->now_ms)),
                       "guardians.link", guardian));
    bool first = guardian->mailed_ms == 0;
    ret->due = first || guardian->again_ms;
    ret->later = !guardian->email_bi;
    if (!ret->later) {
        TRY(guardians_mail_full(call, guardian->email_bi, first, &ret->later));
    }
    return guardians_fill_name(call, guardian);
}

enum err guardians_mail_prepare(struct call *call, struct guardians_mailing *state)
{
    ASSERT_CODE(state->due && !state->later);
    tickets_prepare(&state->link);
    const char *path = arena_printf(call->arena, "/parent#%s", state->link.text);
    const char *kind = state->guardian.mailed_ms ? "guardians.again" : "guardians.ask";
    return guardians_mail(call, &state->guardian, kind, path, &state->mail);
}

enum err guardians_mail_apply(struct call *call, const struct guardians_mailing *state)
{
    struct guardians_mailing now = {0};
    int64_t id = state->guardian.id;
    enum err err = guardians_mail_look(call, id, &now);
    if (err == ERR_MISSING || (err == OK && !now.due)) {
        call->fail_code = NULL;
        return OK; /* erased, or sent meanwhile */
    }
    TRY(err);
    if (now.later || state->later) {
        return guardians_mail_later(call, id);
    }
    ASSERT_CODE(*state->link.text);
    TRY(store_run(call, &guardians_keep_link, BIND(I64(id), I64(call->now_ms)), NULL));
    TRY(store_run(call, &guardians_relink,
                  BIND(I64(id), BYTES(state->link.hash, HASH_BYTES), I64(call->now_ms),
                       I64(call->now_ms + GUARDIANS_DAYS * TIME_DAY)),
                  NULL));
    TRY(store_run(call, &guardians_trim_links, BIND(I64(id), I64(GUARDIANS_LINKS_MAX)), NULL));
    TRY(guardians_note(call, id, now.guardian.mailed_ms ? "mailed_again" : "mailed", 0));
    return mail_post(call, &state->mail);
}
