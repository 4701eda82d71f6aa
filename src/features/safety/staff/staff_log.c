#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/safety/staff/staff.h"
#include "store/store.h"

/* What staff did and at what they looked: one log, each line chained to the one before it. */

enum { KEPT_DAYS = 3 * 365 + 1, SWEEP_MAX = 500, SALT_BYTES = CALL_SALT_BYTES };

/* sees: server - the end of the chain */
SQL(log_last, "SELECT id, chain FROM audit ORDER BY id DESC LIMIT 1");
COLUMNS(LAST_ID, LAST_CHAIN);
SQL(log_add,
    "INSERT INTO audit (id, at_ms, by_id, machine, act, look, subject_id, on_id, what, salt,"
    " seal, chain) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
/* Whose account was approved, ended or given a role is named; whoever was looked at, reported, told
 * of something or has a parent's case is not: by that one would learn who told, and who is a child.
 */
/* sees: staff - what staff did, for administrators and privacy officers */
SQL(log_all, "SELECT l.id, b.avatar_name, l.act, s.avatar_name, CASE WHEN l.act LIKE '%/end' OR"
             " l.act LIKE '%admin end' THEN s.end_reason END AS end_reason, l.at_ms, l.machine,"
             " l.what, l.look, substr(COALESCE(r.public_id, g.public_id), 1, 8) AS about"
             " FROM audit l LEFT JOIN account b ON b.id = l.by_id"
             " LEFT JOIN account s ON s.id = l.subject_id AND l.look IS NULL"
             " AND (l.act LIKE '% /api/admin/%' OR l.act LIKE '%admin %')"
             " LEFT JOIN report r ON r.id = l.on_id"
             " LEFT JOIN guardian g ON g.id = l.on_id"
             " WHERE l.id < $1 AND l.act IS NOT NULL AND COALESCE(l.look, '') <> 'told'"
             " ORDER BY l.id DESC LIMIT $2");
COLUMNS(DONE_ID, DONE_BY_AVATAR_NAME, DONE_ACT, DONE_SUBJECT_AVATAR_NAME, DONE_END_REASON,
        DONE_AT_MS, DONE_MACHINE, DONE_WHAT, DONE_LOOK, DONE_ABOUT);
/* A report about them that is undecided, or in which nothing was found, is not to be guessed: not
 * by what else staff looks at because of it, either. */
SQL(log_own,
    "SELECT l.look, l.at_ms FROM audit l WHERE l.subject_id = $1 AND l.look IN ('report',"
    " 'told', 'case', 'request', 'names', 'room') AND NOT EXISTS (SELECT 1 FROM report r WHERE"
    " (l.look = 'report' AND r.id = l.on_id AND (r.outcome IS NULL OR r.outcome = 'nothing'))"
    " OR (l.look IN ('names', 'room') AND r.subject_id = $1 AND r.outcome IS NULL"
    " AND r.at_ms <= l.at_ms)) ORDER BY l.id DESC LIMIT $2");
COLUMNS(OWN_LOOK, OWN_AT_MS);
/* sees: server - is every line as it was written? */
SQL(log_piece, "SELECT id, at_ms, by_id, machine, act, look, subject_id, on_id, what, salt, seal,"
               " chain FROM audit WHERE id > $1 ORDER BY id LIMIT $2");
COLUMNS(PIECE_ID, PIECE_AT_MS, PIECE_BY_ID, PIECE_MACHINE, PIECE_ACT, PIECE_LOOK, PIECE_SUBJECT_ID,
        PIECE_ON_ID, PIECE_WHAT, PIECE_SALT, PIECE_SEAL, PIECE_CHAIN);
SQL(log_old,
    "UPDATE audit SET by_id = NULL, act = NULL, look = NULL, subject_id = NULL, on_id = NULL,"
    " what = NULL, salt = NULL WHERE id IN (SELECT id FROM audit WHERE act IS NOT NULL"
    " AND at_ms <= $1 ORDER BY at_ms LIMIT $2)");

struct line {
    int64_t id, at_ms, by_id, machine, subject_id, on_id;
    const char *act, *look, *what;
};

static void put_word(struct buf *to, const char *word)
{
    buf_printf(to, "%zu:%s,", word ? strlen(word) : 0, word ? word : "");
}

/* What no two lines have in common: each part says where it ends. */
static void seal_of(struct call *call, const struct line *line, const void *salt,
                    uint8_t ret[HASH_BYTES])
{
    struct buf whole = {.arena = call->arena};
    buf_put(&whole, salt, SALT_BYTES);
    buf_printf(&whole, "%lld %lld %lld %lld %lld %lld ", (long long)line->id,
               (long long)line->at_ms, (long long)line->by_id, (long long)line->machine,
               (long long)line->subject_id, (long long)line->on_id);
    put_word(&whole, line->act);
    put_word(&whole, line->look);
    put_word(&whole, line->what);
    crypto_sha256(whole.at, whole.len, ret);
}

/* The time is chained in clear: it outlives the salt. */
static void chain_of(struct call *call, const uint8_t before[HASH_BYTES], const struct line *line,
                     const void *seal, uint8_t ret[HASH_BYTES])
{
    struct buf whole = {.arena = call->arena};
    buf_put(&whole, before, HASH_BYTES);
    buf_printf(&whole, "%lld %lld ", (long long)line->id, (long long)line->at_ms);
    buf_put(&whole, seal, HASH_BYTES);
    crypto_sha256(whole.at, whole.len, ret);
}

/* Of a column that holds a hash; false: it holds something else. */
static bool read_hash(const struct rows *rows, size_t i, size_t col, uint8_t ret[HASH_BYTES])
{
    size_t len = 0;
    const uint8_t *at = row_bytes(rows, i, col, &len);
    bool fits = at && len == HASH_BYTES;
    memcpy(ret, fits ? at : (const uint8_t[HASH_BYTES]){0}, HASH_BYTES);
    return fits;
}

static enum err add(struct call *call, struct line *line)
{
    struct rows rows;
    uint8_t before[HASH_BYTES] = {0}, salt[HASH_BYTES], seal[HASH_BYTES], chain[HASH_BYTES];
    struct buf own = {.arena = call->arena};
    TRY(store_run(call, &log_last, NO_BIND, &rows));
    line->id = 1;
    if (rows.count) {
        line->id = row_i64(&rows, 0, LAST_ID) + 1;
        (void)read_hash(&rows, 0, LAST_CHAIN, before); /* before the chain there are zeros */
    }
    /* Each line of a call has another. */
    buf_put(&own, call->salt, sizeof(call->salt));
    buf_printf(&own, "%lld", (long long)line->id);
    crypto_sha256(own.at, own.len, salt);
    seal_of(call, line, salt, seal);
    chain_of(call, before, line, seal, chain);
    return store_run(call, &log_add,
                     BIND(I64(line->id), I64(line->at_ms), line->by_id ? I64(line->by_id) : NIL,
                          I64(line->machine), TEXT(line->act), TEXT(line->look),
                          line->subject_id ? I64(line->subject_id) : NIL,
                          line->on_id ? I64(line->on_id) : NIL, TEXT(line->what),
                          BYTES(salt, SALT_BYTES), BYTES(seal, sizeof(seal)),
                          BYTES(chain, sizeof(chain))),
                     NULL);
}

enum err staff_writes(struct call *call, const char *act, const char *look)
{
    ASSERT_CODE(call->tx && act);
    const struct acted *acted = &call->acted;
    struct line line = {.at_ms = call->now_ms,
                        .by_id = call->actor.id,
                        .machine = call->actor.id == 0,
                        .subject_id = acted->subject,
                        .on_id = acted->on,
                        .act = act,
                        .look = look,
                        .what = acted->what};
    TRY(add(call, &line));
    if (!acted->teller) {
        return OK;
    }
    line.look = "told";
    line.subject_id = acted->teller;
    return add(call, &line);
}

enum err staff_acts(struct call *call, int64_t before, struct staff_done **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &log_all, BIND(I64(before ? before : INT64_MAX), I64(STAFF_LINES_PAGE)),
                  &rows));
    struct staff_done *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct staff_done){.id = row_i64(&rows, i, DONE_ID),
                                     .by = row_text(&rows, i, DONE_BY_AVATAR_NAME),
                                     .act = row_text(&rows, i, DONE_ACT),
                                     .on = row_text(&rows, i, DONE_SUBJECT_AVATAR_NAME),
                                     .reason = row_text(&rows, i, DONE_END_REASON),
                                     .at_ms = row_i64(&rows, i, DONE_AT_MS),
                                     .machine = row_i64(&rows, i, DONE_MACHINE) != 0,
                                     .what = row_text(&rows, i, DONE_WHAT),
                                     .look = !row_null(&rows, i, DONE_LOOK),
                                     .about = row_text(&rows, i, DONE_ABOUT)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

/* Its first moment, by the calendar of UTC. */
static int64_t month_of(int64_t at_ms)
{
    time_t at = (time_t)(at_ms / 1000);
    struct tm day;
    if (!gmtime_r(&at, &day)) {
        return 0;
    }
    day.tm_mday = 1;
    day.tm_hour = day.tm_min = day.tm_sec = 0;
    return (int64_t)timegm(&day) * 1000;
}

enum err staff_seen_by_staff(struct call *call, struct staff_seen **ret, size_t *ret_count)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &log_own, BIND(I64(call->actor.id), I64(STAFF_LINES_PAGE)), &rows));
    struct staff_seen *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        const char *what = row_text(&rows, i, OWN_LOOK);
        int64_t at_ms = row_i64(&rows, i, OWN_AT_MS);
        all[i] = (struct staff_seen){what, strcmp(what, "report") == 0 ? month_of(at_ms) : at_ms};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err staff_head(struct call *call, struct staff_head *ret)
{
    struct rows rows;
    uint8_t chain[HASH_BYTES];
    char *hex = arena_alloc(call->arena, 2 * HASH_BYTES + 1);
    *ret = (struct staff_head){0, ""};
    TRY(store_run(call, &log_last, NO_BIND, &rows));
    if (rows.count == 0) {
        return OK;
    }
    ret->lines = row_i64(&rows, 0, LAST_ID);
    if (read_hash(&rows, 0, LAST_CHAIN, chain)) {
        crypto_hex(chain, HASH_BYTES, hex);
        ret->head = hex;
    }
    return OK;
}

/* ---- is it as it was written? ---- */

static const char *fault_of(struct call *call, const struct rows *rows, size_t i,
                            struct staff_check *it)
{
    uint8_t seal[HASH_BYTES], kept[HASH_BYTES], chain[HASH_BYTES];
    const struct line line = {.id = row_i64(rows, i, PIECE_ID),
                              .at_ms = row_i64(rows, i, PIECE_AT_MS),
                              .by_id = row_i64(rows, i, PIECE_BY_ID),
                              .machine = row_i64(rows, i, PIECE_MACHINE),
                              .subject_id = row_i64(rows, i, PIECE_SUBJECT_ID),
                              .on_id = row_i64(rows, i, PIECE_ON_ID),
                              .act = row_text(rows, i, PIECE_ACT),
                              .look = row_text(rows, i, PIECE_LOOK),
                              .what = row_text(rows, i, PIECE_WHAT)};
    if (line.id != it->lines + 1) {
        return "a line before it was removed";
    }
    if (row_null(rows, i, PIECE_SEAL)) {
        it->older++;
        return it->chained ? "its seal was removed" : NULL;
    }
    it->chained = true;
    if (!read_hash(rows, i, PIECE_SEAL, kept) || !read_hash(rows, i, PIECE_CHAIN, chain)) {
        return "its seal was changed";
    }
    /* An erasure takes the salt with whose data it is, and with who looked their name. */
    bool nameless = row_null(rows, i, PIECE_BY_ID) && !line.machine;
    if (row_null(rows, i, PIECE_SALT) || nameless) {
        it->emptied++;
    } else {
        size_t len = 0;
        const uint8_t *salt = row_bytes(rows, i, PIECE_SALT, &len);
        if (!salt || len != SALT_BYTES) {
            return "what it says was changed";
        }
        seal_of(call, &line, salt, seal);
        if (!crypto_equal(seal, kept, HASH_BYTES)) {
            return "what it says was changed";
        }
    }
    chain_of(call, it->chain, &line, kept, seal);
    if (!crypto_equal(seal, chain, HASH_BYTES)) {
        return "it does not fit the line before it: one of the two was changed, or others stood "
               "between them";
    }
    memcpy(it->chain, chain, HASH_BYTES);
    return NULL;
}

enum err staff_check(struct call *call, const uint8_t *head, struct staff_check *it)
{
    struct rows rows;
    TRY(store_run(call, &log_piece, BIND(I64(it->lines), I64(STAFF_CHECK_PIECE)), &rows));
    for (size_t i = 0; i < rows.count; i++) {
        it->why = fault_of(call, &rows, i, it);
        if (it->why) {
            it->broken = row_i64(&rows, i, PIECE_ID);
            break;
        }
        it->lines++;
        it->found = it->found || (head && it->chained && crypto_equal(head, it->chain, HASH_BYTES));
    }
    it->done = it->why || rows.count < STAFF_CHECK_PIECE;
    return OK;
}

/* ---- the end ---- */

enum err staff_sweep(struct call *call)
{
    return store_sweep(call, &log_old,
                       BIND(I64(call->now_ms - KEPT_DAYS * TIME_DAY), I64(SWEEP_MAX)), SWEEP_MAX);
}
