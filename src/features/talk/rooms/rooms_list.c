#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "features/talk/rooms/rooms_inner.h"
#include "privacy/cursor.h"

/*
 * The list of rooms (docs/decisions/0026-the-order-of-rooms.md).  It is ordered by name, in pages;
 * the first page begins with some that stand out of this order: the busiest, those in which
 * friends are, those in which the actor has spoken.  Who counts for that is counted as the
 * room shows it, so the order tells nothing more.
 */

/* clang-format off */
#define LISTED                                                                                   \
    ROOMS_ROW " AND (r.owner_id = $1 OR (r.visibility = 'public' AND" ROOMS_REACHED              \
    "AND" CONTACT_HEARS("$1", "o") ")) AND r.name_fold LIKE $2 ESCAPE '!'"        \
    " AND r.tags LIKE $3"
#define BY_NAME " ORDER BY r.name_fold, r.id LIMIT "
SQL(rooms_listed, LISTED " AND (r.name_fold, r.id) > ($4, $5)" BY_NAME "$6");
SQL(rooms_listed_of, LISTED " AND r.id IN " CONTACT_LIST("$4", "$5") BY_NAME "920");
/* The index of lines by writer is looked into once a room, however much was said there. */
SQL(rooms_spoken_in, LISTED " AND r.id IN (WITH RECURSIVE spoken (id) AS (SELECT MIN(l.room_id)"
    " FROM line l WHERE l.sender_id = $1 UNION ALL SELECT (SELECT MIN(l.room_id) FROM line l"
    " WHERE l.sender_id = $1 AND l.room_id > spoken.id) FROM spoken WHERE spoken.id IS NOT NULL)"
    " SELECT id FROM spoken)" BY_NAME "$4");
/* The rule of rooms_people, for many rooms at once; and whether where they are is told to $1 as a
 * friend. */
SQL(rooms_perceived, "SELECT a.id, CASE WHEN " CONTACT_FRIENDS("$1", "a") " AND"
    CONTACT_JOINS_FRIEND("a") "THEN 1 ELSE 0 END AS friend"
    " FROM account a WHERE" CONTACT_PERCEIVES("$1", "a") "AND (a.id = $1 OR NOT" CONTACT_INVISIBLE("a") ")"
    " AND a.id IN " CONTACT_LIST("$2", "$3")
    " ORDER BY a.id");
COLUMNS(PERCEIVED_ID, PERCEIVED_FRIEND);
/* clang-format on */

/* A room that may stand at the top. */
struct top {
    const struct rows *rows;
    size_t row;
    const struct presence_room *in;
    const char *fold;
    int64_t id, here, friends;
};
struct tops {
    struct top *at;
    size_t count;
};

static int by_id(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

static int by_here(const void *a, const void *b)
{
    const struct top *one = a, *other = b;
    if (one->here != other->here) {
        return one->here > other->here ? -1 : 1;
    }
    if (one->friends != other->friends) {
        return one->friends > other->friends ? -1 : 1;
    }
    int names = strcmp(one->fold, other->fold);
    return names ? names : by_id(&one->id, &other->id);
}

/* Which rooms are asked for: patterns of the name and of the tags. */
struct wish {
    const char *name, *tags;
};

static const char *pattern(struct call *call, const char *fold)
{
    struct buf out = {.arena = call->arena};
    buf_puts(&out, "%");
    for (const char *at = fold; *at; at++) {
        buf_puts(&out, *at == '%' || *at == '_' || *at == '!' ? "!" : "");
        buf_put(&out, at, 1);
    }
    buf_puts(&out, *fold ? "%" : "");
    return out.at;
}

/* Rooms of the list in which anybody is, whom the actor perceives or not. */
static enum err occupied(struct call *call, const struct rooms_who *who, const struct wish *wish,
                         struct tops *ret)
{
    int64_t *ids = arena_alloc(call->arena, (who->count + 1) * sizeof(*ids));
    size_t count = 0;
    for (size_t i = 0; i < who->count; i++) {
        if (who->rooms[i].count) {
            ids[count++] = who->rooms[i].room_id;
        }
    }
    *ret = (struct tops){arena_alloc(call->arena, (count + 1) * sizeof(*ret->at)), 0};
    /* Also where nobody is in: how long it takes is no answer. */
    for (size_t at = 0; at == 0 || at < count; at += CONTACT_PEOPLE_MAX) {
        size_t some = MIN(count - at, (size_t)CONTACT_PEOPLE_MAX);
        struct rows *rows = arena_alloc(call->arena, sizeof(*rows));
        TRY(store_run(call, &rooms_listed_of,
                      BIND(I64(call->actor.id), TEXT(wish->name), TEXT(wish->tags),
                           TEXT(contact_list(call, ids + at, some)), I64((int64_t)some)),
                      rows));
        for (size_t i = 0; i < rows->count; i++) {
            int64_t id = row_i64(rows, i, ROOM_ID);
            if (!rooms_row_door(call, rows, i, false)) {
                ret->at[ret->count++] = (struct top){.rows = rows,
                                                     .row = i,
                                                     .id = id,
                                                     .in = rooms_present(who, id),
                                                     .fold = row_text(rows, i, ROOM_NAME_FOLD)};
            }
        }
    }
    return OK;
}

/* Everybody who is in these rooms, each once, in order. */
static int64_t *people_in(struct call *call, const struct tops *tops, size_t *ret_count)
{
    size_t all = 0, count = 0;
    for (size_t i = 0; i < tops->count; i++) {
        all += tops->at[i].in->count;
    }
    int64_t *ids = arena_alloc(call->arena, (all + 1) * sizeof(*ids));
    for (size_t i = 0, at = 0; i < tops->count; at += tops->at[i].in->count, i++) {
        memcpy(ids + at, tops->at[i].in->account_ids,
               tops->at[i].in->count * sizeof(*ids)); /* NOLINT: `all` is their sum */
    }
    qsort(ids, all, sizeof(*ids), by_id);
    for (size_t i = 0; i < all; i++) {
        if (count == 0 || ids[count - 1] != ids[i]) {
            ids[count++] = ids[i];
        }
    }
    *ret_count = count;
    return ids;
}

/* Adds those of `rows` (who is perceived, by id) to the rooms in which they are. */
static void add(const struct rows *rows, const int64_t *ids, struct tops *tops)
{
    for (size_t i = 0; i < tops->count; i++) {
        struct top *top = &tops->at[i];
        for (size_t k = 0; k < top->in->count; k++) {
            const int64_t *found =
                bsearch(&top->in->account_ids[k], ids, rows->count, sizeof(*ids), by_id);
            if (found) {
                top->here++;
                top->friends += row_i64(rows, (size_t)(found - ids), PERCEIVED_FRIEND);
            }
        }
    }
}

static enum err count_people(struct call *call, struct tops *tops)
{
    size_t count = 0;
    const int64_t *ids = people_in(call, tops, &count);
    int64_t *seen = arena_alloc(call->arena, CONTACT_PEOPLE_MAX * sizeof(*seen));
    for (size_t at = 0; at == 0 || at < count; at += CONTACT_PEOPLE_MAX) {
        struct rows rows;
        size_t some = MIN(count - at, (size_t)CONTACT_PEOPLE_MAX);
        TRY(store_run(
            call, &rooms_perceived,
            BIND(I64(call->actor.id), TEXT(contact_list(call, ids + at, some)), I64((int64_t)some)),
            &rows));
        for (size_t i = 0; i < rows.count; i++) {
            seen[i] = row_i64(&rows, i, PERCEIVED_ID);
        }
        add(&rows, seen, tops);
    }
    return OK;
}

static bool is_there(const struct tops *tops, int64_t room_id)
{
    for (size_t i = 0; i < tops->count; i++) {
        if (tops->at[i].id == room_id) {
            return true;
        }
    }
    return false;
}

/* Which rooms the first page begins with: at most ROOMS_TOP. */
static enum err choose(struct call *call, const struct rooms_who *who, const struct wish *wish,
                       struct tops *ret)
{
    struct tops all;
    struct rows *spoken = arena_alloc(call->arena, sizeof(*spoken));
    TRY(occupied(call, who, wish, &all));
    TRY(count_people(call, &all));
    qsort(all.at, all.count, sizeof(*all.at), by_here);
    *ret = (struct tops){arena_alloc(call->arena, ROOMS_TOP * sizeof(*ret->at)), 0};
    size_t with_friends = 0;
    for (size_t i = 0; i < all.count && all.at[i].here; i++) {
        bool busy = i < ROOMS_TOP_BUSY;
        if (busy || (all.at[i].friends && with_friends++ < ROOMS_TOP_FRIENDS)) {
            ret->at[ret->count++] = all.at[i];
        }
    }
    TRY(store_run(call, &rooms_spoken_in,
                  BIND(I64(call->actor.id), TEXT(wish->name), TEXT(wish->tags), I64(ROOMS_TOP)),
                  spoken));
    size_t used = 0;
    for (size_t i = 0; i < spoken->count && used < ROOMS_TOP_USED; i++) {
        int64_t id = row_i64(spoken, i, ROOM_ID);
        if (!is_there(ret, id)) {
            ret->at[ret->count++] = (struct top){.rows = spoken, .row = i, .id = id};
            used++;
        }
    }
    ASSERT_CODE(ret->count <= ROOMS_TOP);
    return OK;
}

enum err rooms_list(struct call *call, const struct rooms_who *who, const struct rooms_wish *asked,
                    struct rooms_room **ret, size_t *ret_count, const char **ret_next)
{
    struct rows rows;
    struct tops tops = {.count = 0};
    struct cursor place = {.text = ""};
    const struct wish wish = {pattern(call, asked->fold),
                              *asked->tag ? arena_printf(call->arena, "%% %s %%", asked->tag)
                                          : "%"};
    ASSERT_CODE(call->actor.id);
    TRY(asked->after ? cursor_open(call, "rooms", asked->after, &place)
                     : choose(call, who, &wish, &tops));
    ASSERT_CODE(tops.count < ROOMS_PAGE);
    size_t limit = ROOMS_PAGE - tops.count, count = 0;
    TRY(store_run(call, &rooms_listed,
                  BIND(I64(call->actor.id), TEXT(wish.name), TEXT(wish.tags), TEXT(place.text),
                       I64(place.at[0]), I64((int64_t)limit)),
                  &rows));
    struct rooms_room *all = arena_alloc(call->arena, ROOMS_PAGE * sizeof(*all));
    for (size_t i = 0; i < tops.count; i++) {
        TRY(rooms_row_read(call, who, tops.at[i].rows, tops.at[i].row, &all[count++]));
    }
    for (size_t i = 0; i < rows.count; i++) {
        if (!is_there(&tops, row_i64(&rows, i, ROOM_ID))) {
            TRY(rooms_row_read(call, who, &rows, i, &all[count++]));
        }
    }
    ASSERT_CODE(count <= ROOMS_PAGE);
    *ret = all;
    *ret_count = count;
    *ret_next = NULL;
    if (rows.count < limit) {
        return OK;
    }
    place = (struct cursor){{row_i64(&rows, limit - 1, ROOM_ID)},
                            row_text(&rows, limit - 1, ROOM_NAME_FOLD)};
    return cursor_seal(call, "rooms", &place, ret_next);
}
