#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "call/feature.h"
#include "call/id.h"
#include "features/common/prose/prose.h"
#include "features/notify/notices/notices.h"
#include "features/safety/requests/requests_inner.h"

/* A member asks, reads, says more, takes it back. */

SQL(requests_asker, "SELECT key_id, country, language FROM account WHERE id = $1");
COLUMNS(ASKER_KEY_ID, ASKER_COUNTRY, ASKER_LANGUAGE);
SQL(requests_add_row, "INSERT INTO request (id, public_id, kind, state, account_id, purpose,"
                      " country, language, made_ms, from_ms, due_ms, proof)"
                      " VALUES ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $8, $9, 'account')");
SQL(requests_open_count,
    "SELECT COUNT(*) FROM request WHERE account_id = $1 AND state IN ('open', 'person')");
SQL(requests_year_count, "SELECT COUNT(*) FROM request WHERE account_id = $1 AND kind = $2"
                         " AND made_ms >= $3 AND COALESCE(outcome, '') <> 'withdrawn'");
SQL(requests_done_at_once, "UPDATE request SET state = 'answered', outcome = 'done',"
                           " answered_ms = $2 WHERE id = $1");
SQL(requests_of, REQUESTS_ROW " WHERE r.account_id = $1 ORDER BY r.id DESC LIMIT $2");
SQL(requests_own, REQUESTS_ROW " WHERE r.account_id = $1 AND r.public_id = $2");
/* sees: own - what was said to the person; of staff their names, which only staff is given */
SQL(requests_entries,
    "SELECT e.what, e.code, e.text_ct, e.at_ms, b.avatar_name FROM request_entry e"
    " LEFT JOIN account b ON b.id = e.by_id WHERE e.request_id = $1 AND ($2 = 1 OR e.what NOT IN"
    " ('note', 'claimed', 'taken', 'looked', 'proof')) ORDER BY e.id LIMIT $3");
COLUMNS(ENTRY_WHAT, ENTRY_CODE, ENTRY_TEXT_CT, ENTRY_AT_MS, ENTRY_BY_AVATAR_NAME);
/* sees: server - counts only */
SQL(requests_entry_count, "SELECT COUNT(*) FROM request_entry WHERE request_id = $1");
SQL(requests_entry_add, "INSERT INTO request_entry (id, request_id, account_id, by_id, what, code,"
                        " text_ct, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
/* What is said after an answer asks anew: the clocks begin with it. */
SQL(requests_again, "UPDATE request SET state = 'open', from_ms = CASE WHEN state = 'answered'"
                    " THEN $2 ELSE from_ms END, due_ms = CASE WHEN state = 'answered' THEN $3"
                    " ELSE due_ms END, extended_ms = CASE WHEN state = 'answered' THEN NULL ELSE"
                    " extended_ms END, extended_why = CASE WHEN state = 'answered' THEN NULL ELSE"
                    " extended_why END, alarm = CASE WHEN state = 'answered' THEN 0 ELSE alarm END,"
                    " outcome = NULL, answered_ms = NULL WHERE id = $1 AND state <> 'closed'");
SQL(requests_end, "UPDATE request SET state = 'closed', closed_ms = $2,"
                  " outcome = COALESCE(outcome, 'withdrawn') WHERE id = $1 AND state <> 'closed'");
/* sees: server - whom to tell; the officers' desk alone says what of */
SQL(requests_officers, "SELECT account_id FROM staff WHERE role = 'privacy' ORDER BY"
                       " account_id LIMIT 100");

const struct request_kind *requests_kind(const char *name)
{
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct request_kind *row = (*at)->requests; row && row->name; row++) {
            if (strcmp(row->name, name) == 0) {
                return row;
            }
        }
    }
    return NULL;
}

size_t requests_kinds(const struct request_kind *ret[REQUESTS_KINDS_MAX])
{
    size_t count = 0;
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct request_kind *row = (*at)->requests;
             row && row->name && count < REQUESTS_KINDS_MAX; row++) {
            size_t to = count++;
            for (; to > 0 && ret[to - 1]->place > row->place; to--) {
                ret[to] = ret[to - 1];
            }
            ret[to] = row;
        }
    }
    return count;
}

/* ---- rows ---- */

/* By which of its clocks it is due; NULL where its kind is none of today's. */
static const char *first_clock(const struct requests_row *row)
{
    const struct request_kind *kind = requests_kind(row->kind);
    struct clock_due all[CLOCKS_MAX];
    return kind && clocks_of(kind->clocks, row->country, row->from_ms, row->extended_ms != 0, all)
               ? all[0].rule->name
               : NULL;
}

struct requests_row requests_read(const struct call *call, const struct rows *rows, size_t i)
{
    int64_t holder = row_i64(rows, i, REQUEST_HOLDER_ID);
    struct requests_row row = {.id = row_text(rows, i, REQUEST_PUBLIC_ID),
                               .kind = row_text(rows, i, REQUEST_KIND),
                               .state = row_text(rows, i, REQUEST_STATE),
                               .purpose = row_text(rows, i, REQUEST_PURPOSE),
                               .outcome = row_text(rows, i, REQUEST_OUTCOME),
                               .country = row_text(rows, i, REQUEST_COUNTRY),
                               .language = row_text(rows, i, REQUEST_LANGUAGE),
                               .extended_why = row_text(rows, i, REQUEST_EXTENDED_WHY),
                               .proof = row_text(rows, i, REQUEST_PROOF),
                               .name = row_text(rows, i, REQUEST_AVATAR_NAME),
                               .holder = row_text(rows, i, REQUEST_HOLDER_AVATAR_NAME),
                               .made_ms = row_i64(rows, i, REQUEST_MADE_MS),
                               .from_ms = row_i64(rows, i, REQUEST_FROM_MS),
                               .due_ms = row_i64(rows, i, REQUEST_DUE_MS),
                               .extended_ms = row_i64(rows, i, REQUEST_EXTENDED_MS),
                               .answered_ms = row_i64(rows, i, REQUEST_ANSWERED_MS),
                               .closed_ms = row_i64(rows, i, REQUEST_CLOSED_MS),
                               .member = row_null(rows, i, REQUEST_OWN_KEY_ID),
                               .held = holder != 0,
                               .mine = holder && holder == call->actor.id};
    row.clock = first_clock(&row);
    return row;
}

void requests_read_one(const struct call *call, const struct rows *rows, struct requests_one *ret)
{
    int64_t own = row_i64(rows, 0, REQUEST_OWN_KEY_ID);
    *ret = (struct requests_one){.row = requests_read(call, rows, 0),
                                 .id = row_i64(rows, 0, REQUEST_ID),
                                 .account_id = row_i64(rows, 0, REQUEST_ACCOUNT_ID),
                                 .key_id = own ? own : row_i64(rows, 0, REQUEST_KEY_ID),
                                 .holder_id = row_i64(rows, 0, REQUEST_HOLDER_ID),
                                 .own_key_id = own,
                                 .email = sealed_read(rows, 0, REQUEST_EMAIL_CT, own),
                                 .link = sealed_read(rows, 0, REQUEST_LINK_CT, own)};
}

bool requests_is(const struct requests_one *one, const char *state)
{
    return strcmp(one->row.state, state) == 0;
}

/* What the person said or did: all else is staff's, also when whoever wrote it is gone. */
static bool of_person(const char *what)
{
    return strcmp(what, "asked") == 0 || strcmp(what, "said") == 0 ||
           strcmp(what, "withdrawn") == 0 || strcmp(what, "confirmed") == 0;
}

enum err requests_read_entries(struct call *call, struct requests_one *one, bool staff)
{
    struct rows rows;
    TRY(store_run(call, &requests_entries,
                  BIND(I64(one->id), I64(staff), I64(REQUESTS_ENTRIES_MAX)), &rows));
    ASSERT_CODE(rows.count <= REQUESTS_ENTRIES_MAX);
    one->entries = arena_alloc(call->arena, (rows.count + 1) * sizeof(*one->entries));
    one->entry_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        one->texts[i] = sealed_read(&rows, i, ENTRY_TEXT_CT, one->key_id);
        one->entries[i] = (struct requests_entry){
            .what = row_text(&rows, i, ENTRY_WHAT),
            .code = row_text(&rows, i, ENTRY_CODE),
            .officer = staff ? row_text(&rows, i, ENTRY_BY_AVATAR_NAME) : NULL,
            .at_ms = row_i64(&rows, i, ENTRY_AT_MS),
            .staff = !of_person(row_text(&rows, i, ENTRY_WHAT))};
    }
    return OK;
}

enum err requests_open(struct call *call, struct requests_one *one)
{
    for (size_t i = 0; i < one->entry_count; i++) {
        if (one->texts[i].at && one->key_id) {
            enum err err =
                sealed_open(call, one->texts[i], "request_entry.text_ct", &one->entries[i].text);
            if (err == ERR_MISSING) { /* erased a moment ago */
                call->fail_code = NULL;
                continue;
            }
            TRY(err);
        }
    }
    return OK;
}

enum err requests_write(struct call *call, const struct requests_one *one, const char *what,
                        const char *code, struct sealed text)
{
    struct rows rows;
    TRY(store_run(call, &requests_entry_count, BIND(I64(one->id)), &rows));
    /* The last places are for how it ends. */
    bool ends = strcmp(what, "answer") == 0 || strcmp(what, "closed") == 0 ||
                strcmp(what, "withdrawn") == 0;
    if (row_i64(&rows, 0, ONLY) >= REQUESTS_ENTRIES_MAX - (ends ? 0 : 10)) {
        return call_fail(call, ERR_LIMIT, "requests.long");
    }
    return store_run(call, &requests_entry_add,
                     BIND(I64(id_new(call)), I64(one->id),
                          one->account_id ? I64(one->account_id) : NIL,
                          of_person(what) || !call->actor.id ? NIL : I64(call->actor.id),
                          TEXT(what), TEXT(code), SEALED(text), I64(call->now_ms)),
                     NULL);
}

enum err requests_seal(struct call *call, int64_t key_id, const char *text, struct sealed *ret)
{
    const char *clean = NULL;
    ASSERT_CODE(!call->tx);
    TRY(prose_clean(call, "text", text, REQUESTS_TEXT_MAX, true, &clean));
    if (!*clean) {
        return call_fail_field(call, ERR_INVALID, "requests.text", "text");
    }
    return sealed_text(call, key_id, "request_entry.text_ct", clean, ret);
}

enum err requests_tell_officers(struct call *call, const char *kind)
{
    struct rows rows;
    TRY(store_run(call, &requests_officers, NO_BIND, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        TRY(notices_post(call, &(struct notices_new){.account_id = row_i64(&rows, i, ONLY),
                                                     .kind = kind,
                                                     .target = ""}));
    }
    return OK;
}

/* ---- a member asks ---- */

/* Is this one of the words between blanks? */
static bool among(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = words; at && *at; at += strcspn(at, " "), at += strspn(at, " ")) {
        if (strcspn(at, " ") == len && strncmp(at, word, len) == 0) {
            return true;
        }
    }
    return false;
}

/* Of "US-CA" the country is all that is known of somebody. */
static bool lives_in(const char *country, const char *where)
{
    return strlen(country) == 2 && strncmp(where, country, 2) == 0;
}

/* Is there such a thing to be asked, there? */
enum err requests_check(struct call *call, const struct requests_new *wish, const char *country,
                        const struct request_kind **ret)
{
    const struct request_kind *kind = requests_kind(wish->kind);
    if (!kind || (kind->where && !lives_in(country, kind->where))) {
        return call_fail_field(call, ERR_INVALID, "input.choice", "kind");
    }
    bool purpose = wish->purpose && *wish->purpose;
    if (kind->purposes ? !purpose || !among(kind->purposes, wish->purpose) : purpose) {
        return call_fail_field(call, ERR_INVALID, "input.choice", "purpose");
    }
    *ret = kind;
    return OK;
}

enum err requests_look(struct call *call, const struct requests_new *wish,
                       struct requests_asking *ret)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &requests_asker, BIND(I64(call->actor.id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_LOGIN, "api.login");
    }
    ret->key_id = row_i64(&rows, 0, ASKER_KEY_ID);
    ret->country = row_text(&rows, 0, ASKER_COUNTRY);
    ret->language = row_text(&rows, 0, ASKER_LANGUAGE);
    return requests_check(call, wish, ret->country, &ret->kind);
}

enum err requests_prepare(struct call *call, const char *text, struct requests_asking *it)
{
    uint8_t chance[16];
    ASSERT_CODE(!call->tx && it->kind && it->key_id);
    crypto_random(chance, sizeof(chance));
    id_public(chance, it->public_id);
    return requests_seal(call, it->key_id, text, &it->text);
}

static enum err check_room(struct call *call, const struct request_kind *kind)
{
    struct rows rows;
    TRY(store_run(call, &requests_open_count, BIND(I64(call->actor.id)), &rows));
    if (row_i64(&rows, 0, ONLY) >= REQUESTS_OPEN_MAX) {
        return call_fail(call, ERR_LIMIT, "requests.many");
    }
    if (!kind->yearly) {
        return OK;
    }
    TRY(store_run(call, &requests_year_count,
                  BIND(I64(call->actor.id), TEXT(kind->name), I64(clocks_year(call->now_ms))),
                  &rows));
    return row_i64(&rows, 0, ONLY) ? call_fail(call, ERR_CONFLICT, "requests.yearly") : OK;
}

enum err requests_add(struct call *call, const struct requests_new *wish,
                      const struct requests_asking *it)
{
    bool done = false;
    ASSERT_CODE(call->actor.id && it->kind && *it->public_id && it->text.at);
    TRY(check_room(call, it->kind));
    struct requests_one one = {.id = id_new(call), .account_id = call->actor.id};
    int64_t due_ms = clocks_first(it->kind->clocks, it->country, call->now_ms, false);
    TRY(store_run(call, &requests_add_row,
                  BIND(I64(one.id), TEXT(it->public_id), TEXT(it->kind->name), I64(call->actor.id),
                       TEXT(it->kind->purposes ? wish->purpose : NULL), TEXT(it->country),
                       TEXT(it->language), I64(call->now_ms), I64(due_ms)),
                  NULL));
    TRY(requests_write(call, &one, "asked", NULL, it->text));
    if (it->kind->asked) {
        TRY(it->kind->asked(call, wish->purpose, &done));
    }
    if (!done) {
        return requests_tell_officers(call, "requests.new");
    }
    TRY(requests_write(call, &one, "answer", "at_once", (struct sealed){0}));
    return store_run(call, &requests_done_at_once, BIND(I64(one.id), I64(call->now_ms)), NULL);
}

enum err requests_mine(struct call *call, struct requests_row **ret, size_t *ret_count)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &requests_of, BIND(I64(call->actor.id), I64(REQUESTS_LIST_MAX)), &rows));
    struct requests_row *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = requests_read(call, &rows, i);
        all[i].holder = NULL;
        all[i].held = all[i].mine = false; /* whom staff is, the person is not told */
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err requests_my(struct call *call, const char *public_id, struct requests_one *ret)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &requests_own, BIND(I64(call->actor.id), TEXT(public_id)), &rows));
    if (rows.count == 0) {
        return call_fail_field(call, ERR_MISSING, "requests.none", "id");
    }
    requests_read_one(call, &rows, ret);
    ret->row.holder = NULL;
    ret->row.held = ret->row.mine = false;
    return requests_read_entries(call, ret, false);
}

enum err requests_say_prepare(struct call *call, const char *text, struct requests_saying *it)
{
    return requests_seal(call, it->one.key_id, text, &it->text);
}

enum err requests_say(struct call *call, const struct requests_saying *it)
{
    const struct request_kind *kind = requests_kind(it->one.row.kind);
    struct rows rows;
    ASSERT_CODE(it->text.at);
    int64_t due_ms = kind ? clocks_first(kind->clocks, it->one.row.country, call->now_ms, false)
                          : it->one.row.due_ms;
    TRY(store_run(call, &requests_again, BIND(I64(it->one.id), I64(call->now_ms), I64(due_ms)),
                  &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_CONFLICT, "requests.closed");
    }
    TRY(requests_write(call, &it->one, "said", NULL, it->text));
    return it->one.holder_id
               ? notices_post(call, &(struct notices_new){.account_id = it->one.holder_id,
                                                          .kind = "requests.said",
                                                          .target = it->one.row.id})
               : requests_tell_officers(call, "requests.new");
}

enum err requests_withdraw(struct call *call, const struct requests_one *one)
{
    struct rows rows;
    TRY(store_run(call, &requests_end, BIND(I64(one->id), I64(call->now_ms)), &rows));
    return rows.changed ? requests_write(call, one, "withdrawn", NULL, (struct sealed){0}) : OK;
}
