#include "features/identity/guardians/birthdays.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "features/identity/ages/ages.h"
#include "features/identity/guardians/guardians.h"
#include "privacy/sealed.h"
#include "store/queue.h"
#include "store/store.h"

/* Birthdays: no due time stands anywhere, the sealed dates of all who are under 18 are opened. */

#define YOUNG                                                                                  \
    "SELECT a.id, a.key_id, a.birth_ct, a.age_band, g.id, g.country, g.until_age FROM account" \
    " a LEFT JOIN guardian g ON g.account_id = a.id WHERE (" AGES_MINOR(                       \
        "a") " OR EXISTS"                                                                      \
             " (SELECT 1 FROM guardian x WHERE x.account_id = a.id)) AND "
COLUMNS(YOUNG_ID, YOUNG_KEY_ID, YOUNG_BIRTH_CT, YOUNG_AGE_BAND, YOUNG_GUARDIAN_ID, YOUNG_COUNTRY,
        YOUNG_UNTIL_AGE);
/* sees: server - who may be of age by now, or of the age that needs no parent */
SQL(birthdays_young, YOUNG "a.id > $1 ORDER BY a.id LIMIT $2");
/* sees: server - the same, of one */
SQL(birthdays_young_one, YOUNG "a.id = $1");
SQL(birthdays_raise, "UPDATE account SET age_band = '" AGES_BAND_ADULT "' WHERE id = $1"
                     " AND birth_ct = $2");
/* sees: server - jobs that tell of accounts without a readable key */
SQL(birthdays_told, "SELECT account_id FROM job WHERE kind = 'accounts.age' LIMIT $1");

static void take(const struct rows *rows, struct birthdays_page *page)
{
    page->count = rows->count;
    for (size_t i = 0; i < rows->count; i++) {
        page->rows[i].id = row_i64(rows, i, YOUNG_ID);
        page->rows[i].birth = sealed_read(rows, i, YOUNG_BIRTH_CT, row_i64(rows, i, YOUNG_KEY_ID));
        page->rows[i].minor = ages_minor(row_text(rows, i, YOUNG_AGE_BAND));
        page->rows[i].guarded = !row_null(rows, i, YOUNG_GUARDIAN_ID);
        page->rows[i].country = page->rows[i].guarded ? row_text(rows, i, YOUNG_COUNTRY) : "";
        page->rows[i].until_age = row_i64(rows, i, YOUNG_UNTIL_AGE);
    }
}

enum err birthdays_look(struct call *call, struct birthdays_page *page)
{
    struct rows rows;
    TRY(store_run(call, &birthdays_young, BIND(I64(page->after), I64(BIRTHDAYS_PAGE)), &rows));
    take(&rows, page);
    return OK;
}

enum err birthdays_one_look(struct call *call, int64_t account_id, struct birthdays_page *page)
{
    struct rows rows;
    TRY(store_run(call, &birthdays_young_one, BIND(I64(account_id)), &rows));
    take(&rows, page);
    return OK;
}

/* A store of keys that is out of reach now stops the page; a record that is no good does not. */
enum err birthdays_prepare(struct call *call, struct birthdays_page *page)
{
    ASSERT_CODE(!call->tx && page->count <= BIRTHDAYS_PAGE);
    for (size_t i = 0; i < page->count; i++) {
        const char *date = NULL;
        if (!page->rows[i].birth.at) {
            continue;
        }
        enum err err =
            sealed_open_row(call, page->rows[i].birth, "account.birth_ct", page->rows[i].id, &date);
        if (err == ERR_MISSING) { /* burned: the account is being erased */
            call->fail_code = NULL;
            continue;
        }
        page->rows[i].unreadable = err == ERR_BROKEN;
        if (!page->rows[i].unreadable) {
            TRY(err);
            int age = text_age(date, call->now_ms);
            int64_t until = page->rows[i].until_age ? page->rows[i].until_age
                                                    : ages_of_country(page->rows[i].country);
            page->rows[i].grown = page->rows[i].minor && age >= AGE_ADULT;
            /* No ground that is known any more: at the latest on coming of age. */
            page->rows[i].free_now =
                page->rows[i].guarded && age >= (until ? MIN(until, AGE_ADULT) : AGE_ADULT);
        }
    }
    return OK;
}

enum err birthdays_one_prepare(struct call *call, struct birthdays_page *page)
{
    TRY(birthdays_prepare(call, page));
    return page->count && page->rows[0].unreadable ? call_fail(call, ERR_BROKEN, "ages.unreadable")
                                                   : OK;
}

static enum err tell(struct call *call, int64_t id)
{
    struct rows told;
    TRY(store_run(call, &birthdays_told, BIND(I64(BIRTHDAYS_UNREADABLE_MAX)), &told));
    for (size_t i = 0; i < told.count; i++) {
        if (row_i64(&told, i, ONLY) == id) {
            return OK;
        }
    }
    return told.count == BIRTHDAYS_UNREADABLE_MAX
               ? OK
               : job_queue(call, "accounts.age", arena_printf(call->arena, "%lld", (long long)id),
                           id, 0);
}

enum err birthdays_apply(struct call *call, const struct birthdays_page *page)
{
    ASSERT_CODE(call->tx && page->count <= BIRTHDAYS_PAGE);
    for (size_t i = 0; i < page->count; i++) {
        int64_t id = page->rows[i].id;
        if (page->rows[i].unreadable) {
            TRY(tell(call, id));
        }
        if (page->rows[i].grown) {
            TRY(store_run(call, &birthdays_raise, BIND(I64(id), SEALED(page->rows[i].birth)),
                          NULL));
        }
        if (page->rows[i].free_now) {
            TRY(guardians_grown(call, id));
        }
        if (page->rows[i].grown || page->rows[i].free_now) {
            call_emit(call, EVENT_ACCOUNT_CHANGED, id, 0, NULL);
        }
    }
    return page->count == BIRTHDAYS_PAGE
               ? job_queue(call, "accounts.ages_more",
                           arena_printf(call->arena, "%lld",
                                        (long long)page->rows[BIRTHDAYS_PAGE - 1].id),
                           0, 0)
               : OK;
}
