#include "features/common/contact/contact.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "store/store.h"

#define KEPT_FLAG(id_) "CASE WHEN " CONTACT_KEPT(id_) " THEN 1 ELSE 0 END"
SQL(contact_two, "SELECT " KEPT_FLAG("$1") " AS viewer_kept, " KEPT_FLAG(
                     "a.id") " AS kept, c.messages, c.join_me, f.since_ms FROM account a"
                             " LEFT JOIN people_choice c ON c.account_id = a.id"
                             " LEFT JOIN friendship f ON f.account_id = $1 AND f.friend_id = a.id"
                             " WHERE a.id = $2 AND" CONTACT_PERCEIVES("$1", "a"));
COLUMNS(TWO_VIEWER_KEPT, TWO_KEPT, TWO_MESSAGES, TWO_JOIN_ME, TWO_FRIENDS_SINCE_MS);
/* A viewer who is not there: what makes them a friend is said in $3. */
#define SAID_FRIENDS "CAST($3 AS BIGINT) = 1"
/* clang-format off */
SQL(contact_tells,
    "SELECT CASE WHEN" CONTACT_FINDS_IF(SAID_FRIENDS, "$1", "a") "THEN 1 ELSE 0 END AS found,"
    " CASE WHEN" CONTACT_PUBLISHES_IF(SAID_FRIENDS, "$1", "a") "THEN 1 ELSE 0 END AS published,"
    " CASE WHEN" CONTACT_INVISIBLE("a") "THEN 1 ELSE 0 END AS invisible"
    " FROM account a WHERE a.id = $2 AND" CONTACT_PERCEIVES("$1", "a"));
COLUMNS(TELLS_FOUND, TELLS_PUBLISHED, TELLS_INVISIBLE);
/* clang-format on */
SQL(contact_many, "SELECT a.id FROM account a WHERE" CONTACT_PERCEIVES(
                      "0", "a") "AND a.id IN " CONTACT_LIST("$1", "$2") " ORDER BY a.id LIMIT 920");
#define PLACES CONTACT_UNFOLD("i, ", "$2", "$3")
/* sees: server - only who does not perceive whom */
SQL(contact_blocked, "SELECT p.i FROM " PLACES
                     " p WHERE NOT (" CONTACT_UNBLOCKED("$1", "p.id") ") ORDER BY p.i LIMIT 920");

const char *contact_list(struct call *call, const int64_t *ids, size_t count)
{
    struct buf list = {.arena = call->arena};
    ASSERT_CODE(count <= CONTACT_PEOPLE_MAX);
    buf_puts(&list, "");
    for (size_t i = 0; i < count; i++) {
        buf_printf(&list, "%020" PRId64, ids[i]);
    }
    return list.at;
}

/* What the rule for an act asks of two people. */
struct two {
    bool viewer_kept, kept, friends;
    const char *messages, *join_me;
};

static struct two two_of(const struct contact_viewer *viewer, const struct rows *rows)
{
    return (struct two){
        .viewer_kept = row_i64(rows, 0, TWO_VIEWER_KEPT) == 1,
        .kept = row_i64(rows, 0, TWO_KEPT) == 1,
        .friends = viewer->friends || !row_null(rows, 0, TWO_FRIENDS_SINCE_MS),
        .messages = row_null(rows, 0, TWO_MESSAGES) ? CONTACT_USUAL_MESSAGES
                                                    : row_text(rows, 0, TWO_MESSAGES),
        .join_me =
            row_null(rows, 0, TWO_JOIN_ME) ? CONTACT_USUAL_JOIN : row_text(rows, 0, TWO_JOIN_ME),
    };
}

/* The stricter of the subject's choice and their parent's. */
static bool chosen(const struct two *two, const char *who)
{
    return !two->kept &&
           (strcmp(who, "everyone") == 0 || (strcmp(who, "friends") == 0 && two->friends));
}

/* The rule for an act on somebody who is perceived. */
static bool allowed(const struct two *two, enum contact_act act)
{
    bool nears = !two->viewer_kept;
    switch (act) {
    case CONTACT_PERCEIVE:
    case CONTACT_MENTION:
        return true;
    case CONTACT_REQUEST:
        return nears;
    case CONTACT_MESSAGE:
    case CONTACT_INVITE:
    case CONTACT_COMMENT:
        return nears && chosen(two, two->messages);
    case CONTACT_JOIN:
        return nears && chosen(two, two->join_me);
    case CONTACT_ACTS:
        break;
    }
    return false;
}

struct contact_viewer contact_viewer_like(const char *kind)
{
    return (struct contact_viewer){.friends = strcmp(kind, "friend") == 0,
                                   .blocked = strcmp(kind, "blocked") == 0};
}

bool contact_viewer_good(const struct contact_viewer *viewer)
{
    return viewer->id ? !viewer->friends && !viewer->blocked
                      : !(viewer->friends && viewer->blocked);
}

enum err contact_acts_of(struct call *call, const struct contact_viewer *viewer, int64_t subject,
                         unsigned *ret)
{
    struct rows rows;
    unsigned acts = 0;
    ASSERT_CODE(contact_viewer_good(viewer));
    TRY(store_run(call, &contact_two, BIND(I64(viewer->id), I64(subject)), &rows));
    if (rows.count > 0 && !viewer->blocked) {
        const struct two two = two_of(viewer, &rows);
        for (enum contact_act act = CONTACT_PERCEIVE; act < CONTACT_ACTS; act++) {
            bool may = viewer->id == subject ? act == CONTACT_PERCEIVE : allowed(&two, act);
            acts |= may ? 1U << act : 0;
        }
    }
    *ret = acts;
    return OK;
}

enum err contact_acts(struct call *call, int64_t viewer, int64_t subject, unsigned *ret)
{
    return contact_acts_of(call, &(struct contact_viewer){.id = viewer}, subject, ret);
}

enum err contact_told(struct call *call, const struct contact_viewer *viewer, int64_t subject,
                      struct contact_told *ret)
{
    struct rows rows;
    struct contact_told told = {.acts = 0};
    TRY(contact_acts_of(call, viewer, subject, &told.acts));
    TRY(store_run(call, &contact_tells, BIND(I64(viewer->id), I64(subject), I64(viewer->friends)),
                  &rows));
    if (rows.count > 0 && !viewer->blocked) {
        told.found = row_i64(&rows, 0, TELLS_FOUND) == 1;
        told.published = row_i64(&rows, 0, TELLS_PUBLISHED) == 1;
        told.shown = row_i64(&rows, 0, TELLS_INVISIBLE) == 0;
        told.online = told.shown && viewer->friends;
        told.followed = told.shown && (told.acts >> CONTACT_JOIN & 1) != 0;
    }
    *ret = told;
    return OK;
}

enum err contact_may(struct call *call, int64_t viewer, int64_t subject, enum contact_act act,
                     bool *ret)
{
    unsigned acts = 0;
    ASSERT_CODE(act < CONTACT_ACTS);
    TRY(contact_acts(call, viewer, subject, &acts));
    *ret = (acts >> act & 1) != 0;
    return OK;
}

bool contact_reaches(const struct contact_between *between, const char *audience, bool held)
{
    if (between->self) {
        return true;
    }
    if (between->friends) {
        return strcmp(audience, "nobody") != 0;
    }
    return strcmp(audience, "everyone") == 0 && !between->kept && !(between->minor && held);
}

static bool listed(const struct rows *rows, int64_t id)
{
    size_t low = 0;
    for (size_t high = rows->count; low < high;) {
        size_t mid = low + (high - low) / 2;
        if (row_i64(rows, mid, ONLY) < id) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < rows->count && row_i64(rows, low, ONLY) == id;
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
    ASSERT_CODE(fresh <= count && count - fresh <= CONTACT_FRESH_MAX);
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
            uint16_t one = (uint16_t)i, other = (uint16_t)row_i64(&blocked[i - fresh], row, ONLY);
            ASSERT_CODE(other < count && found + 2 <= room);
            pairs[found++] = (struct contact_pair){one, other};
            pairs[found++] = (struct contact_pair){other, one};
        }
    }
    ASSERT_CODE(found <= room);
    *ret = pairs;
    *ret_count = found;
    return OK;
}

SQL(contact_arrive, "INSERT INTO block (account_id, other_id, since_ms, entry_id) SELECT"
                    " n.account_id, $2, n.since_ms, n.id FROM block_name n"
                    " WHERE n.guardian_id = $1 ON CONFLICT DO NOTHING");

enum err contact_arrived(struct call *call, int64_t guardian_id, int64_t account_id)
{
    return store_run(call, &contact_arrive, BIND(I64(guardian_id), I64(account_id)), NULL);
}
