#include "features/people/homepages/homepages.h"

#include <string.h>

#include "base/arena.h"
#include "features/common/contact/contact.h"
#include "features/identity/ages/ages.h"
#include "features/talk/rooms/rooms.h"
#include "store/store.h"

/* The page and its blocks: a row each, or one without. */
SQL(homepages_page,
    "SELECT " HOMEPAGES_BETWEEN "a.key_id, h.style, h.version, b.kind,"
    " b.body_ct, r.public_id, r.name, r.scene, r.language, r.view, r.light FROM account "
    "a " HOMEPAGES_BETWEEN_OF "LEFT JOIN home_block b ON b.account_id = a.id"
    " LEFT JOIN room r ON r.id = b.room_id AND r.owner_id = a.id AND r.visibility = 'public'"
    " AND r.ended_ms IS NULL"
    " WHERE a.public_id = $2 AND" CONTACT_PERCEIVES("$1", "a") "ORDER BY b.place LIMIT 50");
COLUMNS(PAGE_KEY_ID = HOMEPAGES_AUDIENCE + 1, PAGE_STYLE, PAGE_VERSION, PAGE_KIND, PAGE_BODY_CT,
        PAGE_ROOM_PUBLIC_ID, PAGE_ROOM_NAME, PAGE_SCENE, PAGE_LANGUAGE, PAGE_VIEW, PAGE_LIGHT);
/* By age of the friendship: who is a favourite is nobody's business. */
SQL(homepages_friends,
    "SELECT " FACE_OF("a") " FROM friendship fr"
                           " JOIN account a ON a.id = fr.friend_id WHERE fr.account_id = $2 "
                           "AND" CONTACT_PERCEIVES("$1", "a") "AND" CONTACT_FINDS(
                               "$1", "a") "ORDER BY fr.since_ms, a.id LIMIT 12");
COLUMNS(FRIENDS_FACE);
SQL(homepages_own_rooms, "SELECT public_id, name, scene, language, view, light FROM room"
                         " WHERE owner_id = $1 AND visibility = 'public' AND ended_ms IS NULL"
                         " ORDER BY name_fold, id LIMIT 100");
COLUMNS(ROOM_PUBLIC_ID, ROOM_NAME, ROOM_SCENE, ROOM_LANGUAGE, ROOM_VIEW, ROOM_LIGHT);
SQL(homepages_next, "UPDATE home SET version = version + 1, style = $3, changed_ms = $4,"
                    " audience = COALESCE($5, audience)"
                    " WHERE account_id = $1 AND version = $2");
SQL(homepages_first, "INSERT INTO home (account_id, style, version, changed_ms, audience)"
                     " VALUES ($1, $2, 1, $3, $4) ON CONFLICT (account_id) DO NOTHING");
SQL(homepages_reset, "UPDATE home SET version = version + 1, style = 'plain', changed_ms = $2"
                     " WHERE account_id = $1");
SQL(homepages_clear, "DELETE FROM home_block WHERE account_id = $1");
SQL(homepages_add, "INSERT INTO home_block (account_id, place, kind, body_ct)"
                   " VALUES ($1, $2, $3, $4)");
SQL(homepages_add_room,
    "INSERT INTO home_block (account_id, place, kind, room_id)"
    " SELECT $1, CAST($2 AS BIGINT), 'room', r.id FROM room r WHERE r.public_id = $3"
    " AND r.owner_id = $1 AND r.visibility = 'public' AND r.ended_ms IS NULL");

static enum err friends(struct call *call, int64_t viewer, int64_t owner_id,
                        struct homepages_block *ret)
{
    struct rows rows;
    TRY(store_run(call, &homepages_friends, BIND(I64(viewer), I64(owner_id)), &rows));
    struct face *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = face_read(&rows, i, FRIENDS_FACE);
    }
    JSON_LIST_SET(ret->people, all, rows.count);
    return OK;
}

/* The room in the columns from `at` on, in the order of ROOM_PUBLIC_ID and so on. */
static struct homepages_room read_room(struct call *call, const struct rows *rows, size_t i,
                                       size_t at)
{
    const char *id = row_text(rows, i, at + ROOM_PUBLIC_ID);
    const char *scene = row_text(rows, i, at + ROOM_SCENE);
    const struct rooms_picture picture = rooms_picture(
        call, id, scene, row_text(rows, i, at + ROOM_VIEW), row_text(rows, i, at + ROOM_LIGHT));
    return (struct homepages_room){id,           row_text(rows, i, at + ROOM_NAME),
                                   scene,        row_text(rows, i, at + ROOM_LANGUAGE),
                                   picture.view, picture.light};
}

static void room_of(struct call *call, const struct rows *rows, size_t i,
                    struct homepages_block *ret)
{
    struct homepages_room *room = arena_alloc(call->arena, sizeof(*room));
    *room = read_room(call, rows, i, PAGE_ROOM_PUBLIC_ID);
    JSON_LIST_SET(ret->rooms, room, 1);
}

bool homepages_reaches(const struct contact_viewer *viewer, const struct rows *rows,
                       const char **ret_audience)
{
    const struct contact_between between = {
        .self = row_i64(rows, 0, HOMEPAGES_ID) == viewer->id,
        .friends = viewer->friends || !row_null(rows, 0, HOMEPAGES_FRIENDS_SINCE_MS),
        .minor = ages_minor(row_text(rows, 0, HOMEPAGES_AGE_BAND)),
        .kept = row_i64(rows, 0, HOMEPAGES_KEPT) == 1,
    };
    *ret_audience = !row_null(rows, 0, HOMEPAGES_AUDIENCE) ? row_text(rows, 0, HOMEPAGES_AUDIENCE)
                    : between.minor                        ? "friends"
                                                           : "everyone";
    return contact_reaches(&between, *ret_audience, false);
}

enum err homepages_find(struct call *call, const struct contact_viewer *viewer,
                        const char *public_id, struct homepages_page *ret)
{
    struct rows rows;
    ASSERT_CODE(contact_viewer_good(viewer));
    TRY(store_run(call, &homepages_page, BIND(I64(viewer->id), TEXT(public_id)), &rows));
    if (rows.count == 0 || viewer->blocked) {
        return call_fail_field(call, ERR_MISSING, "people.none", "id");
    }
    struct homepages_page page = {.owner_id = row_i64(&rows, 0, HOMEPAGES_ID),
                                  .version = row_i64(&rows, 0, PAGE_VERSION),
                                  .style = row_text(&rows, 0, PAGE_STYLE)};
    bool shown = homepages_reaches(viewer, &rows, &page.audience);
    page.own = page.owner_id == viewer->id;
    page.style = page.style && shown ? page.style : "plain";
    size_t most = MIN(rows.count, (size_t)HOMEPAGES_BLOCKS_MAX);
    for (size_t i = 0; shown && i < most && !row_null(&rows, i, PAGE_KIND); i++) {
        struct homepages_block block = {.kind = row_text(&rows, i, PAGE_KIND)};
        if (!row_null(&rows, i, PAGE_ROOM_PUBLIC_ID)) {
            room_of(call, &rows, i, &block);
        }
        if (strcmp(block.kind, "friends") == 0 && viewer->id) {
            TRY(friends(call, viewer->id, page.owner_id, &block));
        }
        page.blocks[page.count].block = block;
        page.blocks[page.count].body =
            sealed_read(&rows, i, PAGE_BODY_CT, row_i64(&rows, i, PAGE_KEY_ID));
        page.count++;
    }
    *ret = page;
    return OK;
}

enum err homepages_open(struct call *call, const struct homepages_page *page,
                        struct homepages_block *ret, size_t *ret_count)
{
    size_t count = 0;
    ASSERT_CODE(!call->tx && page->count <= HOMEPAGES_BLOCKS_MAX);
    for (size_t i = 0; i < page->count; i++) {
        struct homepages_block block = page->blocks[i].block;
        enum err err = sealed_open(call, page->blocks[i].body, "home_block.body_ct", &block.text);
        if (err != OK && err != ERR_MISSING) {
            return err;
        }
        bool empty = (strcmp(block.kind, "text") == 0 && !block.text) ||
                     (strcmp(block.kind, "room") == 0 && block.rooms.count == 0);
        if (page->own || !empty) {
            ret[count++] = block;
        }
    }
    call->fail_code = call->fail_field = NULL; /* of keys that are burned */
    *ret_count = count;
    return OK;
}

enum err homepages_rooms(struct call *call, struct homepages_room **ret, size_t *ret_count)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &homepages_own_rooms, BIND(I64(call->actor.id)), &rows));
    struct homepages_room *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = read_room(call, &rows, i, ROOM_PUBLIC_ID);
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

static enum err add(struct call *call, size_t place, const struct homepages_new *one)
{
    struct rows added;
    struct val me = I64(call->actor.id), at = I64((int64_t)place);
    /* Of each kind what it needs, and nothing else. */
    ASSERT_CODE((strcmp(one->kind, "text") == 0) == (one->body.at != NULL));
    ASSERT_CODE((strcmp(one->kind, "room") == 0) == (one->room != NULL));
    if (strcmp(one->kind, "room") != 0) {
        return store_run(call, &homepages_add, BIND(me, at, TEXT(one->kind), SEALED(one->body)),
                         NULL);
    }
    TRY(store_run(call, &homepages_add_room, BIND(me, at, TEXT(one->room)), &added));
    return added.changed ? OK : call_fail_field(call, ERR_INVALID, "homepages.room", "blocks");
}

enum err homepages_put(struct call *call, int64_t version, const char *style, const char *audience,
                       const struct homepages_new *all, size_t count)
{
    struct rows moved;
    struct val me = I64(call->actor.id), now = I64(call->now_ms), to = TEXT(audience);
    ASSERT_CODE(call->actor.id && style && count <= HOMEPAGES_BLOCKS_MAX);
    TRY(version == 0 ? store_run(call, &homepages_first, BIND(me, TEXT(style), now, to), &moved)
                     : store_run(call, &homepages_next,
                                 BIND(me, I64(version), TEXT(style), now, to), &moved));
    if (moved.changed == 0) {
        return call_fail(call, ERR_CONFLICT, "homepages.changed");
    }
    TRY(store_run(call, &homepages_clear, BIND(me), NULL));
    for (size_t i = 0; i < count; i++) {
        TRY(add(call, i, &all[i]));
    }
    return OK;
}

enum err homepages_empty(struct call *call, int64_t owner_id)
{
    TRY(store_run(call, &homepages_reset, BIND(I64(owner_id), I64(call->now_ms)), NULL));
    TRY(store_run(call, &homepages_clear, BIND(I64(owner_id)), NULL));
    return homepages_book_empty(call, owner_id);
}
