#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "features/common/contact/contact.h"
#include "features/identity/ages/ages.h"
#include "features/people/friends/friends.h"
#include "privacy/cursor.h"
#include "store/store.h"

/* Favourites first, then by name; $2 stands for names that are not folded yet. */
#define ORDER "1 - f.favourite, COALESCE(a.name_fold, $2), a.public_id"
/* clang-format off */
SQL(friends_all,
    "SELECT a.id, " FACE_OF("a") ", f.favourite, f.since_ms,"
    " a.name_fold, CASE WHEN" CONTACT_JOINS_FRIEND("a") "THEN 1 ELSE 0 END AS joins,"
    " CASE WHEN" CONTACT_INVISIBLE("a") "THEN 1 ELSE 0 END AS invisible,"
    " CASE WHEN" CONTACT_WRITES_FRIEND("$1", "a") "THEN 1 ELSE 0 END AS writes"
    " FROM friendship f JOIN account a ON a.id = f.friend_id"
    " WHERE f.account_id = $1 AND" CONTACT_PERCEIVES("$1", "a")
    "AND (" ORDER ") > ($3, $4, $5) ORDER BY " ORDER " LIMIT $6");
/* clang-format on */
COLUMNS(FRIEND_ID, FRIEND_FACE, FRIEND_FAVOURITE = FRIEND_FACE + FACE_COLUMNS, FRIEND_SINCE_MS,
        FRIEND_NAME_FOLD, FRIEND_JOINS, FRIEND_INVISIBLE, FRIEND_WRITES);
#define REQUEST_ROW                             \
    "SELECT " FACE_OF(                          \
        "a") ", r.at_ms, a.key_id, r.note_ct, " \
             "v.age_band"                       \
             " FROM friend_request r JOIN account v ON v.id = $1 JOIN account a ON a.id = "
COLUMNS(REQUEST_FACE, REQUEST_AT_MS = REQUEST_FACE + FACE_COLUMNS, REQUEST_KEY_ID, REQUEST_NOTE_CT,
        REQUEST_AGE_BAND);
SQL(friends_asking_me, REQUEST_ROW
    "r.from_id WHERE r.to_id = $1 AND r.refused_ms IS NULL"
    " AND r.withdrawn = 0 AND a.state = 'active' AND" CONTACT_PERCEIVES(
        "$1", "a") "AND" CONTACT_HEARS("$1",
                                       "a") "AND (r.at_ms, a.public_id) < ($2, $3)"
                                            " ORDER BY r.at_ms DESC, a.public_id DESC LIMIT $4");
SQL(friends_i_asked, REQUEST_ROW "r.to_id WHERE r.from_id = $1 AND r.withdrawn = 0"
                                 " AND a.state = 'active' AND" CONTACT_PERCEIVES(
                                     "$1", "a") "ORDER BY r.at_ms DESC, a.public_id DESC LIMIT $2");
SQL(friends_whom, "SELECT a.id, CASE WHEN" CONTACT_INVISIBLE(
                      "a") "THEN 1 ELSE 0 END AS invisible FROM account a WHERE a.public_id = $2 "
                           "AND" CONTACT_PERCEIVES("$1", "a"));
COLUMNS(WHOM_ID, WHOM_INVISIBLE);

/* ---- where they are ---- */

static int by_id(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

/* One who is in a room, which may be another on every device. */
struct spot {
    int64_t account_id, room_id;
};

/* Who of `ids` (which are put in order) is in which rooms: at most as many as one list holds. */
static size_t spots_of(const struct rooms_who *who, int64_t *ids, size_t count,
                       struct spot ret[CONTACT_PEOPLE_MAX])
{
    size_t found = 0;
    qsort(ids, count, sizeof(*ids), by_id);
    for (size_t i = 0; i < who->count; i++) {
        const struct presence_room *room = &who->rooms[i];
        for (size_t k = 0; k < room->count && found < CONTACT_PEOPLE_MAX; k++) {
            if (bsearch(&room->account_ids[k], ids, count, sizeof(*ids), by_id)) {
                ret[found++] = (struct spot){room->account_ids[k], room->room_id};
            }
        }
    }
    return found;
}

/* Leaves the spots in rooms that the actor could enter. */
static enum err open_spots(struct call *call, struct spot *spots, size_t *count,
                           struct rooms_door **ret_doors)
{
    size_t doors_count = 0, kept = 0;
    int64_t *rooms = arena_alloc(call->arena, (*count + 1) * sizeof(*rooms));
    ASSERT_CODE(*count <= CONTACT_PEOPLE_MAX);
    for (size_t i = 0; i < *count; i++) {
        rooms[i] = spots[i].room_id;
    }
    struct rooms_door *doors = NULL;
    TRY(rooms_doors(call, rooms, *count, &doors, &doors_count));
    *ret_doors = arena_alloc(call->arena, (*count + 1) * sizeof(**ret_doors));
    for (size_t i = 0; i < *count; i++) {
        for (size_t d = 0; d < doors_count; d++) {
            if (doors[d].room_id == spots[i].room_id) {
                (*ret_doors)[kept] = doors[d];
                spots[kept++] = spots[i];
                break;
            }
        }
    }
    *count = kept;
    return OK;
}

/*
 * Where those of `all` are who tell it: the one rule for a friend's row and for going there.  Who
 * is in several rooms, by several devices, is in the first.
 */
static enum err find_rooms(struct call *call, const struct rooms_who *who, struct friends_one *all,
                           size_t count)
{
    struct spot *spots = arena_alloc(call->arena, CONTACT_PEOPLE_MAX * sizeof(*spots));
    struct rooms_door *doors = NULL;
    int64_t *ids = arena_alloc(call->arena, (count + 1) * sizeof(*ids));
    for (size_t i = 0; i < count; i++) {
        ids[i] = all[i].account_id;
    }
    size_t found = spots_of(who, ids, count, spots);
    TRY(open_spots(call, spots, &found, &doors));
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < found && all[i].joins && !all[i].room_id; k++) {
            if (spots[k].account_id == all[i].account_id) {
                all[i].room_id = doors[k].public_id;
                all[i].room_name = doors[k].name;
            }
        }
    }
    return OK;
}

enum err friends_room(struct call *call, const struct rooms_who *who, const char *id,
                      const char **ret_id, const char **ret_name)
{
    struct rows whom;
    struct friends_one other = {.account_id = 0};
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &friends_whom, BIND(I64(call->actor.id), TEXT(id)), &whom));
    bool may = false;
    other.account_id = whom.count ? row_i64(&whom, 0, WHOM_ID) : 0;
    TRY(contact_may(call, call->actor.id, other.account_id, CONTACT_JOIN, &may));
    other.joins = whom.count && may && row_i64(&whom, 0, WHOM_INVISIBLE) == 0;
    TRY(find_rooms(call, who, &other, 1));
    if (!other.room_id) {
        return call_fail(call, ERR_MISSING, "friends.elsewhere");
    }
    *ret_id = other.room_id;
    *ret_name = other.room_name;
    return OK;
}

/* ---- friends ---- */

#define MINE "friends"
#define ASKING "friends.asking"

/* Where a page begins: favourite or not, a public id, the folded name. */
static enum err begin(struct call *call, const char *after, int64_t *ret_rank, const char **ret_id,
                      const char **ret_fold)
{
    struct cursor from = {.at = {-1}};
    if (after) {
        TRY(cursor_open(call, MINE, after, &from));
    }
    const char *text = from.text ? from.text : "", *dot = strchr(text, '.');
    *ret_rank = from.at[0];
    *ret_id = dot ? arena_text(call->arena, text, (size_t)(dot - text)) : "";
    *ret_fold = dot ? dot + 1 : "";
    return OK;
}

/* A name without a fold comes before all others. */
static struct val fold_of(const char *fold)
{
    return *fold ? BYTES(fold, strlen(fold)) : BYTES("", 1);
}

static const char *fold_text(struct call *call, const struct rows *rows, size_t i, size_t column)
{
    size_t len = 0;
    const uint8_t *fold = row_null(rows, i, column) ? NULL : row_bytes(rows, i, column, &len);
    return fold ? arena_text(call->arena, (const char *)fold, len) : "";
}

enum err friends_list(struct call *call, const struct rooms_who *who, const char *after,
                      struct friends_one **ret, size_t *ret_count, const char **ret_next)
{
    struct rows rows;
    int64_t rank = 0;
    const char *fold = NULL, *id = NULL;
    ASSERT_CODE(call->actor.id);
    TRY(begin(call, after, &rank, &id, &fold));
    TRY(store_run(call, &friends_all,
                  BIND(I64(call->actor.id), BYTES("", 1), I64(rank), fold_of(fold), TEXT(id),
                       I64(FRIENDS_PAGE)),
                  &rows));
    struct friends_one *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct friends_one){.account_id = row_i64(&rows, i, FRIEND_ID),
                                      .face = face_read(&rows, i, FRIEND_FACE),
                                      .favourite = row_i64(&rows, i, FRIEND_FAVOURITE) == 1,
                                      .online = row_i64(&rows, i, FRIEND_INVISIBLE) == 0,
                                      .joins = row_i64(&rows, i, FRIEND_JOINS) == 1,
                                      .may_write = row_i64(&rows, i, FRIEND_WRITES) == 1,
                                      .since_ms = row_i64(&rows, i, FRIEND_SINCE_MS)};
    }
    TRY(find_rooms(call, who, all, rows.count));
    *ret = all;
    *ret_count = rows.count;
    *ret_next = NULL;
    if (rows.count == FRIENDS_PAGE) {
        const struct friends_one *last = &all[rows.count - 1];
        const struct cursor next = {
            .at = {last->favourite ? 0 : 1},
            .text = arena_printf(call->arena, "%s.%s", last->face.id,
                                 fold_text(call, &rows, rows.count - 1, FRIEND_NAME_FOLD))};
        return cursor_seal(call, MINE, &next, ret_next);
    }
    return OK;
}

void friends_online(struct call *call, struct friends_one *all, size_t count)
{
    ASSERT_CODE(!call->tx);
    bool *online = arena_alloc(call->arena, (count + 1) * sizeof(*online));
    int64_t *ids = arena_alloc(call->arena, (count + 1) * sizeof(*ids));
    for (size_t i = 0; i < count; i++) {
        ids[i] = all[i].account_id;
    }
    presence_online(call, ids, count, online);
    for (size_t i = 0; i < count; i++) {
        all[i].online &= online[i]; /* the row has said whether they are invisible */
    }
}

/* ---- requests ---- */

/* What a stranger wrote to a minor waits for their yes. */
static struct friends_request read_request(const struct rows *rows, size_t i)
{
    struct friends_request one = {
        .face = face_read(rows, i, REQUEST_FACE),
        .at_ms = row_i64(rows, i, REQUEST_AT_MS),
        .sealed = sealed_read(rows, i, REQUEST_NOTE_CT, row_i64(rows, i, REQUEST_KEY_ID))};
    one.waits = one.sealed.at && ages_minor(row_text(rows, i, REQUEST_AGE_BAND));
    return one;
}

static void read_requests(struct call *call, const struct rows *rows, struct friends_request **ret,
                          size_t *ret_count)
{
    struct friends_request *all = arena_alloc(call->arena, (rows->count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows->count; i++) {
        all[i] = read_request(rows, i);
    }
    *ret = all;
    *ret_count = rows->count;
}

enum err friends_asking(struct call *call, const char *after, struct friends_request **ret,
                        size_t *ret_count, const char **ret_next)
{
    struct rows rows;
    struct cursor from = {.at = {INT64_MAX}};
    ASSERT_CODE(call->actor.id);
    if (after) {
        TRY(cursor_open(call, ASKING, after, &from));
    }
    TRY(store_run(call, &friends_asking_me,
                  BIND(I64(call->actor.id), I64(from.at[0]), TEXT(from.text ? from.text : ""),
                       I64(FRIENDS_ASKED_PAGE)),
                  &rows));
    read_requests(call, &rows, ret, ret_count);
    *ret_next = NULL;
    if (rows.count == FRIENDS_ASKED_PAGE) {
        const struct friends_request *last = &(*ret)[rows.count - 1];
        const struct cursor next = {.at = {last->at_ms}, .text = last->face.id};
        return cursor_seal(call, ASKING, &next, ret_next);
    }
    return OK;
}

/* Whoever is being erased has no key any more, and no words. */
static enum err open_note(struct call *call, struct sealed note, const char **ret)
{
    enum err err = sealed_open(call, note, "friend_request.note_ct", ret);
    if (err == ERR_MISSING) {
        call->fail_code = NULL;
        *ret = NULL;
        return OK;
    }
    return err;
}

enum err friends_open(struct call *call, struct friends_request *all, size_t count)
{
    ASSERT_CODE(!call->tx);
    for (size_t i = 0; i < count; i++) {
        struct friends_request *one = &all[i];
        if (!one->waits) {
            TRY(open_note(call, one->sealed, &one->note));
        }
    }
    return OK;
}

enum err friends_accept_open(struct call *call, struct friends_accepted *one)
{
    ASSERT_CODE(!call->tx);
    return open_note(call, one->sealed, &one->note);
}

enum err friends_asks(struct call *call, struct friends_request **ret, size_t *ret_count)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &friends_i_asked, BIND(I64(call->actor.id), I64(FRIENDS_SENT_MAX)), &rows));
    read_requests(call, &rows, ret, ret_count);
    return OK;
}
