#include "features/contact/contact.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "store/store.h"

SQL(contact_one, "SELECT a.id FROM account a WHERE a.id = $2 AND" CONTACT_PERCEIVES("$1", "a"));
SQL(contact_many, "SELECT a.id FROM account a WHERE" CONTACT_PERCEIVES(
                      "0", "a") "AND a.id IN " CONTACT_LIST("$1", "$2") " ORDER BY a.id LIMIT 920");

const char *contact_list(struct call *call, const int64_t *ids, size_t count)
{
    struct buf list = {.arena = call->arena};
    ASSERT(count <= CONTACT_PEOPLE_MAX);
    buf_puts(&list, "");
    for (size_t i = 0; i < count; i++) {
        buf_printf(&list, "%020" PRId64, ids[i]);
    }
    return list.at;
}

enum err contact_may(struct call *call, int64_t viewer, int64_t subject, enum contact_act act,
                     bool *ret)
{
    struct rows rows;
    ASSERT(act == CONTACT_PERCEIVE);
    TRY(store_run(call, &contact_one, BIND(I64(viewer), I64(subject)), &rows));
    *ret = rows.count > 0;
    return OK;
}

static bool listed(const struct rows *rows, int64_t id)
{
    size_t low = 0;
    for (size_t high = rows->count; low < high;) {
        size_t mid = low + (high - low) / 2;
        if (row_i64(rows, mid, 0) < id) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < rows->count && row_i64(rows, low, 0) == id;
}

enum err contact_hidden(struct call *call, const int64_t *ids, size_t count, size_t fresh,
                        struct contact_pair **ret, size_t *ret_count)
{
    struct rows rows;
    ASSERT(fresh <= count);
    TRY(store_run(call, &contact_many,
                  BIND(TEXT(contact_list(call, ids, count)), I64((int64_t)count)), &rows));
    size_t unseen = 0;
    bool *hidden = arena_alloc(call->arena, count + 1);
    for (size_t i = 0; i < count; i++) {
        hidden[i] = !listed(&rows, ids[i]);
        unseen += hidden[i];
    }
    struct contact_pair *pairs = arena_alloc(call->arena, (unseen * count + 1) * sizeof(*pairs));
    size_t found = 0;
    for (size_t subject = 0; subject < count; subject++) {
        for (size_t viewer = 0; hidden[subject] && viewer < count; viewer++) {
            if (ids[viewer] != ids[subject] && (viewer >= fresh || subject >= fresh)) {
                pairs[found++] = (struct contact_pair){(uint16_t)viewer, (uint16_t)subject};
            }
        }
    }
    *ret = pairs;
    *ret_count = found;
    return OK;
}
