#include <string.h>

#include "base/time.h"
#include "call/id.h"
#include "features/common/contact/contact.h"
#include "features/identity/ages/ages.h"
#include "features/notify/notices/notices.h"
#include "features/people/homepages/homepages.h"
#include "features/talk/rooms/rooms.h"
#include "store/store.h"

/* Of an entry e by p: may $1 see it?  What waits is between its writer and the owner, a. */
#define THERE \
    CONTACT_PERCEIVES("$1", "p") "AND (e.held = 0 OR e.writer_id = $1 OR (a.id = $1 AND" HEARD
#define HEARD CONTACT_HEARS("$1", "p") "))"
/* The owner, whether the book is open, and its entries: a row each, or one without. */
SQL(homepages_entries,
    "SELECT " HOMEPAGES_BETWEEN "b.place, e.id, e.at_ms, e.body_ct, e.held, w.id, w.key_id,"
    " " FACE_OF(
        "w") " FROM account a " HOMEPAGES_BETWEEN_OF
             "LEFT JOIN home_block b ON b.account_id = a.id AND b.kind = 'guestbook'"
             " LEFT JOIN home_entry e ON e.owner_id = a.id AND b.place IS NOT NULL AND e.id < $3"
             " AND EXISTS (SELECT 1 FROM account p WHERE p.id = e.writer_id AND" THERE ")"
             " LEFT JOIN account w ON w.id = e.writer_id"
             " WHERE a.public_id = $2 AND" CONTACT_PERCEIVES("$1",
                                                             "a") "ORDER BY e.id DESC LIMIT 21");
COLUMNS(BOOK_PLACE = HOMEPAGES_AUDIENCE + 1, BOOK_ENTRY_ID, BOOK_AT_MS, BOOK_BODY_CT, BOOK_HELD,
        BOOK_WRITER_ID, BOOK_KEY_ID, BOOK_FACE);
SQL(homepages_whose,
    "SELECT " HOMEPAGES_BETWEEN "b.place, a.public_id FROM account a " HOMEPAGES_BETWEEN_OF
    "LEFT JOIN home_block b ON b.account_id = a.id AND b.kind = 'guestbook'"
    " WHERE a.public_id = $2 AND" CONTACT_PERCEIVES("$1", "a"));
COLUMNS(WHOSE_PLACE = HOMEPAGES_AUDIENCE + 1, WHOSE_PUBLIC_ID);
/* As the owner sees it: whom they blocked, and who left, take no room from the others. */
SQL(homepages_counted, "SELECT COUNT(*) FROM home_entry e JOIN account p ON p.id = e.writer_id"
                       " WHERE e.owner_id = $1 AND e.held = 0 AND" CONTACT_PERCEIVES("$1", "p"));
SQL(homepages_entry, "INSERT INTO home_entry (id, owner_id, writer_id, body_ct, at_ms, held)"
                     " VALUES ($1, $2, $3, $4, $5, $6)");
/* What waits: the newest ones, and not more than some that came within a day. */
#define OLDEST(which_, from_)                                                          \
    "SELECT id FROM home_entry WHERE owner_id = $1 AND held = 1" which_ " ORDER BY id" \
    " DESC LIMIT 50 OFFSET " from_
SQL(homepages_trim,
    "DELETE FROM home_entry WHERE id IN (" OLDEST("", "$2") ") OR id IN (" OLDEST(" AND at_ms > $3",
                                                                                  "$4") ")");
/* What is there to be accepted: of whom the owner perceives, and is not kept from. */
SQL(homepages_yes,
    "UPDATE home_entry SET held = 0 WHERE id = $1 AND owner_id = $2 AND held = 1 AND EXISTS"
    " (SELECT 1 FROM account p WHERE p.id = home_entry.writer_id AND" CONTACT_PERCEIVES(
        "$2", "p") "AND" CONTACT_HEARS("$2", "p") ")");
/* sees: own - an entry of one's own, or in one's own book */
SQL(homepages_gone, "DELETE FROM home_entry WHERE id = $1 AND (owner_id = $2 OR writer_id = $2)"
                    " RETURNING owner_id");
SQL(homepages_book_gone, "DELETE FROM home_entry WHERE owner_id = $1");
/* sees: server - whose notice goes with the last entry */
SQL(homepages_left,
    "SELECT a.public_id, (SELECT COUNT(*) FROM home_entry e WHERE e.owner_id = a.id) AS entries"
    " FROM account a WHERE a.id = $1");
COLUMNS(LEFT_PUBLIC_ID, LEFT_ENTRIES);

static const char notice[] = "homepages.entry";

enum err homepages_book(struct call *call, const char *public_id, int64_t before,
                        struct homepages_book *ret)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &homepages_entries,
                  BIND(I64(call->actor.id), TEXT(public_id), I64(before ? before : INT64_MAX)),
                  &rows));
    if (rows.count == 0) {
        return call_fail_field(call, ERR_MISSING, "people.none", "id");
    }
    const char *audience = NULL;
    const struct contact_viewer me = {.id = call->actor.id};
    bool shown = homepages_reaches(&me, &rows, &audience);
    struct homepages_book book = {.open = shown && !row_null(&rows, 0, BOOK_PLACE),
                                  .own = row_i64(&rows, 0, HOMEPAGES_ID) == call->actor.id,
                                  .unseen = ages_minor(row_text(&rows, 0, HOMEPAGES_AGE_BAND)),
                                  .more = shown && rows.count > HOMEPAGES_PAGE};
    for (size_t i = 0;
         shown && i < MIN(rows.count, HOMEPAGES_PAGE) && !row_null(&rows, i, BOOK_ENTRY_ID); i++) {
        struct homepages_sealed *one = &book.entries[book.count++];
        *one = (struct homepages_sealed){
            .id = row_i64(&rows, i, BOOK_ENTRY_ID),
            .at_ms = row_i64(&rows, i, BOOK_AT_MS),
            .mine = row_i64(&rows, i, BOOK_WRITER_ID) == call->actor.id,
            .held = row_i64(&rows, i, BOOK_HELD) == 1,
            .from = face_read(&rows, i, BOOK_FACE),
            .body = sealed_read(&rows, i, BOOK_BODY_CT, row_i64(&rows, i, BOOK_KEY_ID)),
        };
    }
    *ret = book;
    return OK;
}

enum err homepages_book_open(struct call *call, const struct homepages_book *book,
                             struct homepages_entry *ret, size_t *ret_count)
{
    size_t count = 0;
    ASSERT_CODE(!call->tx && book->count <= HOMEPAGES_PAGE);
    for (size_t i = 0; i < book->count; i++) {
        const struct homepages_sealed *one = &book->entries[i];
        const char *text = NULL;
        bool unseen = one->held && book->own && book->unseen;
        enum err err = unseen ? OK : sealed_open(call, one->body, "home_entry.body_ct", &text);
        if (err != OK && err != ERR_MISSING) {
            return err;
        }
        if (err == OK) {
            ret[count++] = (struct homepages_entry){
                one->id, one->at_ms, one->from, text, one->mine, one->mine || book->own, one->held};
        }
    }
    call->fail_code = call->fail_field = NULL; /* of keys that are burned */
    *ret_count = count;
    return OK;
}

static enum err has_room(struct call *call, int64_t owner)
{
    struct rows counted;
    TRY(store_run(call, &homepages_counted, BIND(I64(owner)), &counted));
    return row_i64(&counted, 0, ONLY) < HOMEPAGES_ENTRIES_MAX
               ? OK
               : call_fail(call, ERR_LIMIT, "homepages.full");
}

enum err homepages_write(struct call *call, const char *public_id, struct sealed body,
                         struct homepages_entry *ret)
{
    struct rows whose;
    bool may = false;
    const char *audience = NULL;
    ASSERT_CODE(call->actor.id && body.at);
    TRY(store_run(call, &homepages_whose, BIND(I64(call->actor.id), TEXT(public_id)), &whose));
    if (whose.count == 0) {
        return call_fail_field(call, ERR_MISSING, "people.none", "id");
    }
    int64_t owner = row_i64(&whose, 0, HOMEPAGES_ID), id = id_new(call);
    bool stranger = row_null(&whose, 0, HOMEPAGES_FRIENDS_SINCE_MS);
    TRY(contact_may(call, call->actor.id, owner, CONTACT_COMMENT, &may));
    const struct contact_viewer me = {.id = call->actor.id};
    if (!may || row_null(&whose, 0, WHOSE_PLACE) || !homepages_reaches(&me, &whose, &audience)) {
        return call_fail(call, ERR_DENIED, "homepages.denied");
    }
    TRY(has_room(call, owner));
    TRY(store_run(call, &homepages_entry,
                  BIND(I64(id), I64(owner), I64(call->actor.id), SEALED(body), I64(call->now_ms),
                       I64(stranger)),
                  NULL));
    TRY(store_run(call, &homepages_trim,
                  BIND(I64(owner), I64(HOMEPAGES_HELD_MAX), I64(call->now_ms - TIME_DAY),
                       I64(HOMEPAGES_HELD_A_DAY)),
                  NULL));
    TRY(notices_post(call, &(struct notices_new){.account_id = owner,
                                                 .kind = notice,
                                                 .about_id = call->actor.id,
                                                 .target = row_text(&whose, 0, WHOSE_PUBLIC_ID)}));
    *ret = (struct homepages_entry){.id = id, .waiting = stranger};
    return OK;
}

enum err homepages_accept(struct call *call, int64_t id)
{
    struct rows changed;
    ASSERT_CODE(call->actor.id);
    TRY(has_room(call, call->actor.id));
    TRY(store_run(call, &homepages_yes, BIND(I64(id), I64(call->actor.id)), &changed));
    return changed.changed ? OK : call_fail_field(call, ERR_MISSING, "homepages.no_entry", "id");
}

/* The notice goes with the last entry. */
static enum err unnoticed(struct call *call, int64_t owner)
{
    struct rows left;
    TRY(store_run(call, &homepages_left, BIND(I64(owner)), &left));
    return row_i64(&left, 0, LEFT_ENTRIES) == 0
               ? notices_drop(call, owner, notice, row_text(&left, 0, LEFT_PUBLIC_ID))
               : OK;
}

enum err homepages_erase(struct call *call, int64_t id)
{
    struct rows gone;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &homepages_gone, BIND(I64(id), I64(call->actor.id)), &gone));
    if (gone.count == 0) {
        return call_fail_field(call, ERR_MISSING, "homepages.no_entry", "id");
    }
    return unnoticed(call, row_i64(&gone, 0, ONLY));
}

enum err homepages_book_empty(struct call *call, int64_t owner_id)
{
    TRY(store_run(call, &homepages_book_gone, BIND(I64(owner_id)), NULL));
    return unnoticed(call, owner_id);
}
