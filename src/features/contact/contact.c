#include "features/contact/contact.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "store/store.h"

SQL(contact_two,
    "SELECT v.adult_at_ms, a.adult_at_ms, c.messages, c.join_me, c.invisible, f.since_ms,"
    " (SELECT COUNT(*) FROM guardian g WHERE g.account_id IN ($1, $2) AND g.allow_chat = 0) FROM "
    "account a LEFT JOIN account v ON v.id = $1"
    " LEFT JOIN people_choice c ON c.account_id = a.id"
    " LEFT JOIN friendship f ON f.account_id = $1 AND f.friend_id = a.id"
    " WHERE a.id = $2 AND" CONTACT_PERCEIVES("$1", "a"));
enum { VIEWER_ADULT, SUBJECT_ADULT, MESSAGES, JOIN_ME, INVISIBLE, FRIENDS, KEPT_APART };
SQL(contact_many, "SELECT a.id FROM account a WHERE" CONTACT_PERCEIVES(
                      "0", "a") "AND a.id IN " CONTACT_LIST("$1", "$2") " ORDER BY a.id LIMIT 920");
/* sees: server - whether, not who */
SQL(contact_apart_of,
    "SELECT a.id FROM account a WHERE a.adult_at_ms <= $3 AND a.id IN " CONTACT_LIST(
        "$1", "$2") " AND EXISTS (SELECT 1 FROM account b WHERE b.adult_at_ms > $3 AND b.id "
                    "IN " CONTACT_LIST("$1", "$2") " AND NOT EXISTS (SELECT 1 FROM friendship f "
                                                   "WHERE f.account_id = a.id"
                                                   " AND f.friend_id = b.id)) LIMIT 1");
#define PLACES CONTACT_UNFOLD("i, ", "$2", "$3")
/* sees: server - only who does not perceive whom */
SQL(contact_blocked, "SELECT p.i FROM " PLACES
                     " p WHERE NOT (" CONTACT_UNBLOCKED("$1", "p.id") ") ORDER BY p.i LIMIT 920");

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

static bool chosen(const struct rows *rows, int column, const char *usual, bool friends)
{
    const char *who = row_null(rows, 0, column) ? usual : row_text(rows, 0, column);
    return strcmp(who, "everyone") == 0 || (friends && strcmp(who, "friends") == 0);
}

/* The rule for an act, between two who perceive each other. */
static bool allowed(const struct call *call, const struct rows *rows, enum contact_act act)
{
    bool friends = !row_null(rows, 0, FRIENDS);
    bool adult = row_i64(rows, 0, VIEWER_ADULT) <= call->now_ms;
    bool other_adult = row_i64(rows, 0, SUBJECT_ADULT) <= call->now_ms;
    bool apart = !friends && adult != other_adult;
    bool kept = row_i64(rows, 0, KEPT_APART) > 0;
    bool writes = !kept && chosen(rows, MESSAGES, CONTACT_USUAL_MESSAGES, friends);
    switch (act) {
    case CONTACT_PERCEIVE:
    case CONTACT_MENTION:
        return true;
    case CONTACT_REQUEST:
        return !kept;
    case CONTACT_MESSAGE:
        return writes && !(apart && adult);
    case CONTACT_INVITE:
        return writes && !apart;
    case CONTACT_JOIN:
        return chosen(rows, JOIN_ME, CONTACT_USUAL_JOIN, friends) && !apart && !kept &&
               row_i64(rows, 0, INVISIBLE) == 0;
    case CONTACT_COMMENT:
        return !apart && !kept;
    }
    return false;
}

enum err contact_acts(struct call *call, int64_t viewer, int64_t subject, unsigned *ret)
{
    struct rows rows;
    unsigned acts = 0;
    TRY(store_run(call, &contact_two, BIND(I64(viewer), I64(subject)), &rows));
    for (enum contact_act act = CONTACT_PERCEIVE; rows.count > 0 && act <= CONTACT_COMMENT; act++) {
        bool may = viewer == subject ? act == CONTACT_PERCEIVE : allowed(call, &rows, act);
        acts |= may ? 1U << act : 0;
    }
    *ret = acts;
    return OK;
}

enum err contact_may(struct call *call, int64_t viewer, int64_t subject, enum contact_act act,
                     bool *ret)
{
    unsigned acts = 0;
    TRY(contact_acts(call, viewer, subject, &acts));
    *ret = (acts >> act & 1) != 0;
    return OK;
}

enum err contact_apart(struct call *call, const int64_t *ids, size_t count, bool *ret)
{
    struct rows rows;
    TRY(store_run(
        call, &contact_apart_of,
        BIND(TEXT(contact_list(call, ids, count)), I64((int64_t)count), I64(call->now_ms)), &rows));
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

/* Pairs of people who ended: seen by nobody but themselves. */
static size_t ended_pairs(const struct rows *there, const int64_t *ids, size_t count, size_t fresh,
                          struct contact_pair *pairs)
{
    size_t found = 0;
    for (size_t subject = 0; subject < count; subject++) {
        bool hidden = !listed(there, ids[subject]);
        for (size_t viewer = 0; hidden && viewer < count; viewer++) {
            if (ids[viewer] != ids[subject] && (viewer >= fresh || subject >= fresh)) {
                pairs[found++] = (struct contact_pair){(uint16_t)viewer, (uint16_t)subject};
            }
        }
    }
    return found;
}

enum err contact_hidden(struct call *call, const int64_t *ids, size_t count, size_t fresh,
                        struct contact_pair **ret, size_t *ret_count)
{
    struct rows there, *blocked = NULL;
    ASSERT(fresh <= count && count - fresh <= CONTACT_FRESH_MAX);
    const char *list = contact_list(call, ids, count);
    TRY(store_run(call, &contact_many, BIND(TEXT(list), I64((int64_t)count)), &there));
    size_t ended = 0, room = 1;
    for (size_t i = 0; i < count; i++) {
        ended += !listed(&there, ids[i]);
    }
    room += ended * count;
    blocked = arena_alloc(call->arena, (count - fresh + 1) * sizeof(*blocked));
    for (size_t i = fresh; i < count; i++) {
        TRY(store_run(call, &contact_blocked, BIND(I64(ids[i]), TEXT(list), I64((int64_t)count)),
                      &blocked[i - fresh]));
        room += 2 * blocked[i - fresh].count;
    }
    struct contact_pair *pairs = arena_alloc(call->arena, room * sizeof(*pairs));
    size_t found = ended_pairs(&there, ids, count, fresh, pairs);
    for (size_t i = fresh; i < count; i++) {
        for (size_t row = 0; row < blocked[i - fresh].count; row++) {
            uint16_t one = (uint16_t)i, other = (uint16_t)row_i64(&blocked[i - fresh], row, 0);
            pairs[found++] = (struct contact_pair){one, other};
            pairs[found++] = (struct contact_pair){other, one};
        }
    }
    *ret = pairs;
    *ret_count = found;
    return OK;
}
