#include <string.h>

#include "base/id.h"
#include "features/contact/contact.h"
#include "features/homepages/homepages.h"
#include "features/notices/notices.h"
#include "features/rooms/rooms.h"
#include "privacy/keys.h"
#include "store/store.h"

/* The owner, whether the book is open, and its entries: a row each, or one without. */
SQL(homepages_entries,
    "SELECT o.id, b.place, e.id, e.at_ms, e.body_ct, w.id, w.key_id, w.public_id, w.avatar_name,"
    " w.avatar, w.colours FROM account o"
    " LEFT JOIN home_block b ON b.account_id = o.id AND b.kind = 'guestbook'"
    " LEFT JOIN home_entry e ON e.owner_id = o.id AND b.place IS NOT NULL AND e.id < $3"
    " AND EXISTS (SELECT 1 FROM account p WHERE p.id = e.writer_id AND" CONTACT_PERCEIVES(
        "$1",
        "p") ") LEFT JOIN account w ON w.id = e.writer_id"
             " WHERE o.public_id = $2 AND" CONTACT_PERCEIVES("$1",
                                                             "o") "ORDER BY e.id DESC LIMIT 21");
enum { OWNER, OPEN, ENTRY, AT, BODY, WRITER, KEY_ID, PUBLIC_ID, NAME, AVATAR, COLOURS };
SQL(homepages_whose, "SELECT a.id, a.public_id, b.place FROM account a"
                     " LEFT JOIN home_block b ON b.account_id = a.id AND b.kind = 'guestbook'"
                     " WHERE a.public_id = $2 AND" CONTACT_PERCEIVES("$1", "a"));
SQL(homepages_counted, "SELECT COUNT(*) FROM home_entry WHERE owner_id = $1");
SQL(homepages_entry, "INSERT INTO home_entry (id, owner_id, writer_id, body_ct, at_ms)"
                     " VALUES ($1, $2, $3, $4, $5)");
/* sees: own - an entry of one's own, or in one's own book */
SQL(homepages_gone, "DELETE FROM home_entry WHERE id = $1 AND (owner_id = $2 OR writer_id = $2)"
                    " RETURNING owner_id");
SQL(homepages_book_gone, "DELETE FROM home_entry WHERE owner_id = $1");
/* sees: server - whose notice goes with the last entry */
SQL(homepages_left,
    "SELECT a.public_id, (SELECT COUNT(*) FROM home_entry e WHERE e.owner_id = a.id)"
    " FROM account a WHERE a.id = $1");

static const char notice[] = "homepages.entry";

enum err homepages_book(struct call *call, const char *public_id, int64_t before,
                        struct homepages_book *ret)
{
    struct rows rows;
    TRY(store_run(call, &homepages_entries,
                  BIND(I64(call->actor.id), TEXT(public_id), I64(before ? before : INT64_MAX)),
                  &rows));
    if (rows.count == 0) {
        return call_fail_field(call, ERR_MISSING, "people.none", "id");
    }
    struct homepages_book book = {.open = !row_null(&rows, 0, OPEN),
                                  .own = row_i64(&rows, 0, OWNER) == call->actor.id,
                                  .more = rows.count > HOMEPAGES_PAGE};
    for (size_t i = 0; i < MIN(rows.count, HOMEPAGES_PAGE) && !row_null(&rows, i, ENTRY); i++) {
        struct homepages_sealed *one = &book.entries[book.count++];
        *one = (struct homepages_sealed){
            .id = row_i64(&rows, i, ENTRY),
            .at_ms = row_i64(&rows, i, AT),
            .key_id = row_i64(&rows, i, KEY_ID),
            .mine = row_i64(&rows, i, WRITER) == call->actor.id,
            .from = {.id = row_text(&rows, i, PUBLIC_ID),
                     .name = row_text(&rows, i, NAME),
                     .avatar = row_text(&rows, i, AVATAR)},
        };
        rooms_colours(row_text(&rows, i, COLOURS), &one->from.colours);
        one->body = row_bytes(&rows, i, BODY, &one->body_len);
    }
    *ret = book;
    return OK;
}

enum err homepages_book_open(struct call *call, const struct homepages_book *book,
                             struct homepages_entry *ret, size_t *ret_count)
{
    size_t count = 0;
    for (size_t i = 0; i < book->count; i++) {
        const struct homepages_sealed *one = &book->entries[i];
        const char *text = NULL;
        enum err err = keys_open_text(call, one->key_id, "home_entry.body_ct", one->body,
                                      one->body_len, &text);
        if (err != OK && err != ERR_MISSING) {
            return err;
        }
        if (err == OK) {
            ret[count++] = (struct homepages_entry){one->id, one->at_ms, one->from,
                                                    text,    one->mine,  one->mine || book->own};
        }
    }
    call->fail_code = call->fail_field = NULL; /* of keys that are burned */
    *ret_count = count;
    return OK;
}

enum err homepages_write(struct call *call, const char *public_id, const uint8_t *body,
                         size_t body_len, int64_t *ret_id)
{
    struct rows whose, counted;
    bool may = false;
    TRY(store_run(call, &homepages_whose, BIND(I64(call->actor.id), TEXT(public_id)), &whose));
    if (whose.count == 0) {
        return call_fail_field(call, ERR_MISSING, "people.none", "id");
    }
    int64_t owner = row_i64(&whose, 0, 0), id = id_new(call);
    TRY(contact_may(call, call->actor.id, owner, CONTACT_COMMENT, &may));
    if (!may || row_null(&whose, 0, 2)) {
        return call_fail(call, ERR_DENIED, "homepages.denied");
    }
    TRY(store_run(call, &homepages_counted, BIND(I64(owner)), &counted));
    if (row_i64(&counted, 0, 0) >= HOMEPAGES_ENTRIES_MAX) {
        return call_fail(call, ERR_LIMIT, "homepages.full");
    }
    TRY(store_run(
        call, &homepages_entry,
        BIND(I64(id), I64(owner), I64(call->actor.id), BYTES(body, body_len), I64(call->now_ms)),
        NULL));
    TRY(notices_post(call, &(struct notices_new){.account_id = owner,
                                                 .kind = notice,
                                                 .about_id = call->actor.id,
                                                 .target = row_text(&whose, 0, 1)}));
    *ret_id = id;
    return OK;
}

/* The notice goes with the last entry. */
static enum err unnoticed(struct call *call, int64_t owner)
{
    struct rows left;
    TRY(store_run(call, &homepages_left, BIND(I64(owner)), &left));
    return row_i64(&left, 0, 1) == 0 ? notices_drop(call, owner, notice, row_text(&left, 0, 0))
                                     : OK;
}

enum err homepages_erase(struct call *call, int64_t id)
{
    struct rows gone;
    TRY(store_run(call, &homepages_gone, BIND(I64(id), I64(call->actor.id)), &gone));
    if (gone.count == 0) {
        return call_fail_field(call, ERR_MISSING, "homepages.no_entry", "id");
    }
    return unnoticed(call, row_i64(&gone, 0, 0));
}

enum err homepages_book_empty(struct call *call, int64_t owner_id)
{
    TRY(store_run(call, &homepages_book_gone, BIND(I64(owner_id)), NULL));
    return unnoticed(call, owner_id);
}
