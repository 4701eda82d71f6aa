#include "features/notify/notices/notices_digest.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/time.h"
#include "call/json.h"
#include "features/common/contact/contact.h"
#include "features/notify/mail/mail_topics.h"
#include "features/notify/notices/notices_inner.h"
#include "store/queue.h"

SQL(digest_begin, "INSERT INTO notice_digest (account_id, since_ms) VALUES ($1, $2)"
                  " ON CONFLICT (account_id) DO NOTHING");
SQL(digest_state,
    "SELECT d.since_ms, a.state, " NOTICES_CHOSEN
    " FROM notice_digest d JOIN account a ON a.id = d.account_id LEFT JOIN notice_choice c"
    " ON c.account_id = d.account_id WHERE d.account_id = $1");
COLUMNS(STATE_SINCE_MS, STATE_STATE, STATE_CHOSEN);
SQL(digest_waiting,
    "SELECT n.id, n.kind, n.count, a.avatar_name FROM notice n LEFT JOIN account a ON"
    " a.id = n.about_id WHERE n.account_id = $1 AND n.read_ms IS NULL AND n.mailed_ms IS NULL AND"
    " (n.about_id IS NULL OR (" CONTACT_PERCEIVES("$1", "a") "AND" CONTACT_HEARS(
        "$1", "a") ")) ORDER BY n.id DESC LIMIT 500");
COLUMNS(WAITING_ID, WAITING_KIND, WAITING_COUNT, WAITING_AVATAR_NAME);
SQL(digest_told, "UPDATE notice SET mailed_ms = $2 WHERE account_id = $1 AND read_ms IS NULL"
                 " AND mailed_ms IS NULL");
SQL(digest_end, "DELETE FROM notice_digest WHERE account_id = $1");

struct payload {
    int64_t account;
};
JSON_SHAPE(payload_shape, "digest_job", struct payload, J_ID(struct payload, account));

static enum err queue(struct call *call, int64_t account_id, int64_t at_ms)
{
    const char *payload = arena_printf(call->arena, "{\"account\":\"%" PRId64 "\"}", account_id);
    return job_queue(call, DIGEST_JOB, payload, account_id, at_ms);
}

enum err notices_digest_wait(struct call *call, int64_t account_id)
{
    struct rows begun;
    struct notices_choice choice;
    TRY(store_run(call, &digest_begin, BIND(I64(account_id), I64(call->now_ms)), &begun));
    if (begun.changed == 0) {
        return OK; /* goes with the mail that is on its way */
    }
    TRY(notices_choice_read(call, account_id, &choice));
    return queue(call, account_id, call->now_ms + notices_digest_ms(&choice));
}

enum err notices_digest_again(struct call *call, int64_t account_id)
{
    struct rows rows;
    TRY(store_run(call, &digest_state, BIND(I64(account_id)), &rows));
    return rows.count ? queue(call, account_id, call->now_ms) : OK;
}

/* ---- the job ---- */

static bool wanted(const struct digest *digest, const char *topic)
{
    for (size_t i = 0; i < digest->topics.count; i++) {
        if (strcmp(digest->topics.of[i].kind->name, topic) == 0) {
            return digest->topics.of[i].wanted;
        }
    }
    return false;
}

enum err digest_look(struct call *call, const char *payload, struct digest *digest)
{
    struct payload wish = {0};
    struct rows rows;
    uint64_t seen = 0;
    TRY(json_read(call, &payload_shape, payload, strlen(payload), &wish, &seen));
    TRY(json_complete(call, &payload_shape, seen));
    digest->account_id = wish.account;
    TRY(store_run(call, &digest_state, BIND(I64(wish.account)), &rows));
    digest->waits = rows.count > 0;
    if (!digest->waits) { /* sent by another job, or erased */
        return OK;
    }
    digest->since_ms = row_i64(&rows, 0, STATE_SINCE_MS);
    digest->choice = notices_choice_of(&rows, 0, STATE_CHOSEN);
    TRY(mail_topics(call, wish.account, &digest->topics));
    digest->wanted =
        wanted(digest, MAIL_DIGEST) && strcmp(row_text(&rows, 0, STATE_STATE), "active") == 0;
    TRY(mail_to_account(call, wish.account, &digest->to));
    return store_run(call, &digest_waiting, BIND(I64(wish.account)), &digest->notices);
}

/* The topic of a notice; NULL: it is not mailed. */
static const char *topic_of(const struct digest *digest, size_t row)
{
    const struct notice_kind *kind = notices_kind(row_text(&digest->notices, row, WAITING_KIND));
    bool mailed = kind && kind->topic && !kind->mailed && wanted(digest, kind->topic);
    return mailed ? kind->topic : NULL;
}

/* What is wanted, the newest first, a line each; what does not fit is counted. */
static const char *lines(struct call *call, const struct digest *digest, size_t *ret_count,
                         const char **ret_topic)
{
    struct buf out = {.arena = call->arena};
    const char *language = digest->to.language;
    const char *topic = NULL;
    size_t shown = 0, count = 0, points = 0;
    bool full = false, several = false;
    buf_puts(&out, "");
    for (size_t row = 0; row < digest->notices.count; row++) {
        const char *mine = topic_of(digest, row);
        if (!mine) {
            continue;
        }
        const char *text =
            notices_text(call, language, row_text(&digest->notices, row, WAITING_KIND),
                         row_text(&digest->notices, row, WAITING_AVATAR_NAME),
                         row_i64(&digest->notices, row, WAITING_COUNT));
        several = several || (topic && strcmp(mine, topic) != 0);
        topic = mine;
        count++;
        full = full || shown == DIGEST_LINES ||
               points + text_points(text) + 1 > MAIL_VALUE_MAX - 100; /* for "and … more" */
        if (!full) {
            points += text_points(text) + 1;
            buf_printf(&out, "%s%s", shown++ ? "\n" : "", text);
        }
    }
    if (count > shown) {
        buf_printf(
            &out, "%s%s", shown ? "\n" : "",
            notices_text(call, language, "notices.digest_more", NULL, (int64_t)(count - shown)));
    }
    *ret_count = count;
    *ret_topic = several ? NULL : topic;
    return out.at;
}

enum err digest_prepare(struct call *call, struct digest *digest)
{
    const char *topic = NULL;
    size_t count = 0;
    ASSERT_CODE(!call->tx);
    if (!digest->waits) {
        return OK;
    }
    int64_t due_ms = digest->since_ms + notices_digest_ms(&digest->choice);
    digest->again_ms =
        due_ms > call->now_ms ? due_ms : notices_quiet_until(&digest->choice, call->now_ms);
    const char *text = lines(call, digest, &count, &topic);
    if (digest->again_ms || !digest->wanted || count == 0) {
        return OK;
    }
    const struct mail_value values[] = {{"lines", text},
                                        {"count", arena_printf(call->arena, "%zu", count)}};
    enum err err = mail_prepare(call, &digest->to, "notices.digest", "/notices", values,
                                COUNT(values), &digest->draft);
    if (err == ERR_MISSING) { /* its key is burned: nobody is left to be told */
        call->fail_code = NULL;
        return OK;
    }
    digest->draft.topic = topic;
    digest->ready = err == OK;
    return err;
}

/* Read, done again, blocked since `look`: then the mail would not be true. */
static enum err changed(struct call *call, const struct digest *digest, bool *ret)
{
    struct rows rows;
    TRY(store_run(call, &digest_waiting, BIND(I64(digest->account_id)), &rows));
    *ret = rows.count != digest->notices.count;
    for (size_t i = 0; i < rows.count && !*ret; i++) {
        *ret = row_i64(&rows, i, WAITING_ID) != row_i64(&digest->notices, i, WAITING_ID);
    }
    return OK;
}

enum err digest_apply(struct call *call, struct digest *digest)
{
    struct rows rows;
    bool stale = false;
    ASSERT_CODE(!digest->ready || (digest->waits && digest->wanted && !digest->again_ms));
    TRY(store_run(call, &digest_state, BIND(I64(digest->account_id)), &rows));
    if (!digest->waits || rows.count == 0 ||
        row_i64(&rows, 0, STATE_SINCE_MS) != digest->since_ms) {
        return OK;
    }
    TRY(changed(call, digest, &stale));
    if (stale || digest->again_ms) {
        return queue(call, digest->account_id, stale ? call->now_ms : digest->again_ms);
    }
    if (digest->ready) {
        TRY(mail_post(call, &digest->draft));
    }
    TRY(store_run(call, &digest_told, BIND(I64(digest->account_id), I64(call->now_ms)), NULL));
    return store_run(call, &digest_end, BIND(I64(digest->account_id)), NULL);
}
