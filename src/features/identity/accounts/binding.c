#include "features/identity/accounts/binding.h"

#include "base/arena.h"
#include "privacy/sealed.h"
#include "store/queue.h"
#include "store/store.h"

#define ROW "SELECT id, key_id, email_ct, birth_ct, real_name_ct FROM account WHERE "
COLUMNS(BOUND_ID, BOUND_KEY_ID, BOUND_EMAIL_CT, BOUND_BIRTH_CT, BOUND_REAL_NAME_CT);
/* sees: server - what may be sealed without its row */
SQL(binding_page, ROW "id > COALESCE((SELECT number FROM meta WHERE name = 'accounts.bound'), 0)"
                      " ORDER BY id LIMIT $1");
/* sees: server - the same, of one */
SQL(binding_one, ROW "id = $1");
/* What was changed meanwhile is bound already. */
SQL(binding_email, "UPDATE account SET email_ct = $2 WHERE id = $1 AND email_ct = $3");
SQL(binding_birth, "UPDATE account SET birth_ct = $2 WHERE id = $1 AND birth_ct = $3");
SQL(binding_real_name, "UPDATE account SET real_name_ct = $2 WHERE id = $1 AND real_name_ct = $3");
SQL(binding_done, "INSERT INTO meta (name, number, changed_ms) VALUES ('accounts.bound', $1, $2)"
                  " ON CONFLICT (name) DO UPDATE SET number = excluded.number,"
                  " changed_ms = excluded.changed_ms");
/* sees: server - jobs that tell of accounts without a readable key */
SQL(binding_told, "SELECT account_id FROM job WHERE kind = 'accounts.bind_one' LIMIT $1");

static const struct {
    const char *context;
    const struct sql *set;
} fields[BINDING_FIELDS] = {{"account.email_ct", &binding_email},
                            {"account.birth_ct", &binding_birth},
                            {"account.real_name_ct", &binding_real_name}};

enum err binding_look(struct call *call, int64_t one, struct binding_page *page)
{
    struct rows rows;
    page->one = one;
    TRY(one ? store_run(call, &binding_one, BIND(I64(one)), &rows)
            : store_run(call, &binding_page, BIND(I64(BINDING_PAGE)), &rows));
    ASSERT_CODE(rows.count <= BINDING_PAGE);
    page->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        page->rows[i].id = row_i64(&rows, i, BOUND_ID);
        for (size_t f = 0; f < BINDING_FIELDS; f++) {
            page->rows[i].old[f] =
                sealed_read(&rows, i, BOUND_EMAIL_CT + f, row_i64(&rows, i, BOUND_KEY_ID));
        }
    }
    return OK;
}

/* A store of keys that is out of reach now stops the page; a record that is no good does not. */
enum err binding_prepare(struct call *call, struct binding_page *page)
{
    ASSERT_CODE(!call->tx && page->count <= BINDING_PAGE);
    for (size_t n = 0; n < page->count * BINDING_FIELDS; n++) {
        size_t i = n / BINDING_FIELDS, f = n % BINDING_FIELDS;
        enum err err = sealed_again(call, page->rows[i].old[f], fields[f].context, page->rows[i].id,
                                    &page->rows[i].fresh[f]);
        if (err == ERR_MISSING) { /* burned: the account is being erased */
            call->fail_code = NULL;
        } else if (err == ERR_BROKEN) {
            page->rows[i].unreadable = true;
        } else {
            TRY(err);
        }
    }
    return page->one && page->count && page->rows[0].unreadable
               ? call_fail(call, ERR_BROKEN, "accounts.unbound")
               : OK;
}

static enum err tell(struct call *call, int64_t id)
{
    struct rows told;
    TRY(store_run(call, &binding_told, BIND(I64(BINDING_UNREADABLE_MAX)), &told));
    return told.count == BINDING_UNREADABLE_MAX
               ? OK
               : job_queue(call, "accounts.bind_one",
                           arena_printf(call->arena, "%lld", (long long)id), id, 0);
}

enum err binding_apply(struct call *call, const struct binding_page *page)
{
    ASSERT_CODE(call->tx && page->count <= BINDING_PAGE);
    for (size_t n = 0; n < page->count * BINDING_FIELDS; n++) {
        size_t i = n / BINDING_FIELDS, f = n % BINDING_FIELDS;
        const struct sealed *old = &page->rows[i].old[f], *fresh = &page->rows[i].fresh[f];
        if (fresh->at) {
            TRY(store_run(call, fields[f].set,
                          BIND(I64(page->rows[i].id), SEALED(*fresh), SEALED(*old)), NULL));
        }
    }
    if (page->one || page->count == 0) {
        return OK;
    }
    for (size_t i = 0; i < page->count; i++) {
        if (page->rows[i].unreadable) {
            TRY(tell(call, page->rows[i].id));
        }
    }
    bool more = page->count == BINDING_PAGE;
    int64_t done = more ? page->rows[page->count - 1].id : INT64_MAX;
    TRY(store_run(call, &binding_done, BIND(I64(done), I64(call->now_ms)), NULL));
    return more ? job_queue(call, "accounts.bind_more", "", 0, 0) : OK;
}
