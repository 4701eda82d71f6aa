#include "features/talk/rooms/rooms_inner.h"

#include <string.h>

#include "base/arena.h"
#include "base/settings.h"
#include "base/time.h"
#include "call/feature.h"
#include "call/id.h"
#include "call/scene.h"
#include "features/common/contact/contact.h"
#include "store/store.h"

enum { REMOVED_MS = 24 * 60 * 60 * 1000 };

SQL(rooms_one, ROOMS_ROW " AND r.public_id = $2");
/* Neither an owner's end nor a block takes away what others saw. */
SQL(rooms_one_reported,
    ROOMS_COLUMNS(CONTACT_PUBLISHES("$1", "o")) " AND r.public_id = $2 AND" CONTACT_REPORTS(
        "$1", "o", "r.created_ms"));
SQL(rooms_people,
    "SELECT " FACE_OF(
        "a") ", COUNT(*) OVER () AS here"
             " FROM account a WHERE" CONTACT_PERCEIVES(
                 "$1",
                 "a") "AND (a.id = $1 OR NOT" CONTACT_INVISIBLE("a") ") AND a.id "
                                                                     "IN " CONTACT_LIST(
                                                                         "$2",
                                                                         "$3") " ORDER BY a.id "
                                                                               "LIMIT 6");
COLUMNS(PERSON_FACE, PERSON_HERE = PERSON_FACE + FACE_COLUMNS);
SQL(rooms_opening,
    "SELECT r.id, r.public_id, r.name FROM room r JOIN account o"
    " ON o.id = r.owner_id AND o.state <> 'ended' WHERE r.ended_ms IS NULL"
    " AND r.visibility IN ('public', 'unlisted') AND" ROOMS_REACHED "AND NOT EXISTS (SELECT 1 FROM"
    " room_removed x WHERE x.account_id = $1 AND x.room_id = r.id"
    " AND x.until_ms > $4) AND NOT " CONTACT_KEPT("$1") " AND r.id IN " CONTACT_LIST(
        "$2", "$3") " ORDER BY r.id LIMIT 920");
COLUMNS(OPENING_ID, OPENING_PUBLIC_ID, OPENING_NAME);
SQL(rooms_owned, "SELECT COUNT(*) FROM room WHERE owner_id = $1 AND ended_ms IS NULL");
SQL(rooms_add, "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity,"
               " visibility, owner_id, keep_days, created_ms, view, light, topic, tags)"
               " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");
SQL(rooms_set, "UPDATE room SET name = COALESCE($2, name), name_fold = COALESCE($3, name_fold),"
               " scene = COALESCE($4, scene), language = COALESCE($5, language),"
               " visibility = COALESCE($6, visibility), capacity = COALESCE($7, capacity),"
               " keep_days = COALESCE($8, keep_days), view = COALESCE($9, view),"
               " light = COALESCE($10, light), topic = COALESCE($11, topic),"
               " tags = COALESCE($12, tags), swept_ms = 0 WHERE id = $1");
SQL(rooms_finish, "UPDATE room SET ended_ms = $2, name = '', name_fold = '', topic = '',"
                  " tags = '', owner_id = NULL, swept_ms = 0 WHERE id = $1");
SQL(rooms_person_named,
    "SELECT a.id, a.role FROM account a WHERE a.public_id = $2 AND" CONTACT_PERCEIVES("$1", "a"));
COLUMNS(NAMED_ID, NAMED_ROLE);
SQL(rooms_keep_out, "INSERT INTO room_removed (room_id, account_id, by_id, until_ms)"
                    " VALUES ($1, $2, $3, $4) ON CONFLICT (room_id, account_id)"
                    " DO UPDATE SET by_id = excluded.by_id, until_ms = excluded.until_ms");
SQL(rooms_kept_out, "SELECT until_ms FROM room_removed WHERE room_id = $1 AND account_id = $2"
                    " AND until_ms > $3");
#define LINE_ROW LINE_COLUMNS " WHERE l.room_id = $2 AND"
SQL(rooms_lines_before,
    LINE_ROW CONTACT_PERCEIVES("$1", "a") "AND l.seq < $3 ORDER BY l.seq DESC LIMIT $4");
SQL(rooms_lines_after,
    LINE_ROW CONTACT_PERCEIVES("$1", "a") "AND l.seq > $3 ORDER BY l.seq LIMIT $4");
#define LINE_REPORTED                                                                        \
    LINE_COLUMNS                                                                             \
    " JOIN room r ON r.id = l.room_id JOIN account o ON o.id = r.owner_id"                   \
    " WHERE l.room_id = $2 AND" CONTACT_REPORTS("$1", "a", "l.at_ms") "AND" CONTACT_REPORTS( \
        "$1", "o", "l.at_ms") "AND l.at_ms <= $5 AND"
SQL(rooms_lines_reported, LINE_REPORTED " l.seq <= $3 ORDER BY l.seq DESC LIMIT $4");
/* Found by the time, in one minute of the room: the plus keeps from reading all they ever said. */
SQL(rooms_lines_by, LINE_REPORTED " l.seq < $3 AND +l.sender_id = $6 AND l.at_ms >= $7"
                                  " ORDER BY l.at_ms DESC, l.seq DESC LIMIT $4");

static const struct setting setting_rows[] = {
    SETTING_NUMBER(struct rooms_settings, room_capacity, 2, 200, "people", "25",
                   "Of a new room whose maker chose none.", .group = "rooms"),
    SETTING_NUMBER(struct rooms_settings, rooms_per_member, 0, 1000, "rooms", "10",
                   "Most open rooms one member may own.", .group = "rooms"),
    SETTING_NUMBER(struct rooms_settings, room_lines_days, 1, 90, "days", "90",
                   "Lines of new rooms are deleted after this, and no room may keep its own for "
                   "longer from then on; the privacy notice says 90 at most.",
                   .group = "rooms"),
    {0},
};
const struct setting_group rooms_setting_group = {setting_rows, sizeof(struct rooms_settings),
                                                  NULL};

const struct rooms_settings *rooms_settings(const struct call *call)
{
    return settings_own(call->settings, &rooms_setting_group);
}

void rooms_who(struct call *call, struct rooms_who *ret)
{
    ASSERT_CODE(!call->tx);
    if (call->presence) {
        call->presence->read(call->presence->ctx, call->arena, &ret->rooms, &ret->count);
    }
    for (size_t i = 1; i < ret->count; i++) { /* rooms_present() halves */
        ASSERT_CODE(ret->rooms[i - 1].room_id <= ret->rooms[i].room_id);
    }
}

enum err rooms_doors(struct call *call, const int64_t *room_ids, size_t count,
                     struct rooms_door **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &rooms_opening,
                  BIND(I64(call->actor.id), TEXT(contact_list(call, room_ids, count)),
                       I64((int64_t)count), I64(call->now_ms)),
                  &rows));
    struct rooms_door *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct rooms_door){row_i64(&rows, i, OPENING_ID),
                                     row_text(&rows, i, OPENING_PUBLIC_ID),
                                     row_text(&rows, i, OPENING_NAME)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

const struct presence_room *rooms_present(const struct rooms_who *who, int64_t room_id)
{
    for (size_t low = 0, high = who->count; low < high;) {
        size_t mid = low + (high - low) / 2;
        if (who->rooms[mid].room_id == room_id) {
            return &who->rooms[mid];
        }
        if (who->rooms[mid].room_id < room_id) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return NULL;
}

static enum err add_people(struct call *call, const struct presence_room *present,
                           struct rooms_room *room)
{
    struct rows rows;
    TRY(store_run(call, &rooms_people,
                  BIND(I64(call->actor.id),
                       TEXT(contact_list(call, present->account_ids, present->count)),
                       I64((int64_t)present->count)),
                  &rows));
    struct face *people = arena_alloc(call->arena, (rows.count + 1) * sizeof(*people));
    for (size_t i = 0; i < rows.count; i++) {
        people[i] = face_read(&rows, i, PERSON_FACE);
    }
    room->here = rows.count ? row_i64(&rows, 0, PERSON_HERE) : 0;
    JSON_LIST_SET(room->people, people, rows.count);
    return OK;
}

const char *rooms_door(const struct rooms_viewer *viewer, bool closed)
{
    bool own = viewer->mine || viewer->staff;
    if (!own && (closed || !viewer->reached)) {
        return "rooms.missing";
    }
    /* A parent who did not allow meeting people: only a room that nobody else comes into. */
    return viewer->kept && !(own && closed) ? "rooms.parent" : NULL;
}

static bool is_mine(const struct call *call, const struct rows *rows, size_t i)
{
    return row_i64(rows, i, ROOM_OWNER_ID) != 0 &&
           row_i64(rows, i, ROOM_OWNER_ID) == call->actor.id;
}

const char *rooms_row_door(const struct call *call, const struct rows *rows, size_t i, bool reports)
{
    const struct rooms_viewer viewer = {.mine = is_mine(call, rows, i),
                                        .staff = call->acted.staff,
                                        .reached = row_i64(rows, i, ROOM_REACHES) == 1,
                                        .kept =
                                            !reports && row_i64(rows, i, ROOM_VIEWER_KEPT) == 1};
    return rooms_door(&viewer, strcmp(row_text(rows, i, ROOM_VISIBILITY), "closed") == 0);
}

enum err rooms_row_read(struct call *call, const struct rooms_who *who, const struct rows *rows,
                        size_t i, struct rooms_room *ret)
{
    bool mine = is_mine(call, rows, i);
    const struct rooms_picture picture =
        rooms_picture(call, row_text(rows, i, ROOM_PUBLIC_ID), row_text(rows, i, ROOM_SCENE),
                      row_text(rows, i, ROOM_VIEW), row_text(rows, i, ROOM_LIGHT));
    *ret = (struct rooms_room){.id = row_text(rows, i, ROOM_PUBLIC_ID),
                               .name = row_text(rows, i, ROOM_NAME),
                               .scene = row_text(rows, i, ROOM_SCENE),
                               .language = row_text(rows, i, ROOM_LANGUAGE),
                               .visibility = row_text(rows, i, ROOM_VISIBILITY),
                               .view = picture.view,
                               .light = picture.light,
                               .topic = row_text(rows, i, ROOM_TOPIC),
                               .tags = rooms_tags(call, row_text(rows, i, ROOM_TAGS)),
                               .owner_name = row_text(rows, i, ROOM_OWNER_NAME),
                               .capacity = row_i64(rows, i, ROOM_CAPACITY),
                               .keep_days = row_i64(rows, i, ROOM_KEEP_DAYS),
                               .mine = mine,
                               .moderate = mine || roles_may(call->actor.roles, POWER_ROOMS)};
    const struct presence_room *present = rooms_present(who, row_i64(rows, i, ROOM_ID));
    return present && present->count && !rooms_row_door(call, rows, i, false)
               ? add_people(call, present, ret)
               : OK;
}

/* LOOK: its name and facts; READ: what is said in it; CHANGE: as its owner or staff. */
enum purpose { LOOK, READ, CHANGE };

/* The row of a room that the actor may know of; a closed one is its owner's and the staff's. */
static enum err find(struct call *call, const char *id, enum purpose purpose, struct rows *ret)
{
    ASSERT_CODE(call->actor.id || call->acted.staff);
    TRY(store_run(call, &rooms_one, BIND(I64(call->actor.id), TEXT(id)), ret));
    bool own = ret->count && row_i64(ret, 0, ROOM_OWNER_ID) == call->actor.id;
    bool machine = call->acted.staff && !call->actor.id; /* a command there */
    /* Staff for rooms change any room, and then sees it: that leaves its line. */
    if (ret->count && !own && (machine || roles_may(call->actor.roles, POWER_ROOMS)) &&
        (purpose == CHANGE || call->acted.staff)) {
        TRY(purpose == CHANGE && !machine ? call_passkey(call) : OK);
        call->acted = (struct acted){row_i64(ret, 0, ROOM_ID), true,
                                     .subject = row_i64(ret, 0, ROOM_OWNER_ID)};
        own = true;
    }
    const char *code = ret->count == 0 || (purpose == CHANGE && !own) ? "rooms.missing" : NULL;
    if (!code && purpose != CHANGE) {
        code = rooms_row_door(call, ret, 0, false);
    }
    if (code && strcmp(code, "rooms.parent") == 0) {
        return own && purpose == LOOK ? OK : call_fail(call, ERR_DENIED, "rooms.parent");
    }
    return code ? call_fail(call, ERR_MISSING, "rooms.missing") : OK;
}

enum err rooms_get(struct call *call, const struct rooms_who *who, const char *id,
                   struct rooms_room *ret)
{
    struct rows rows;
    TRY(find(call, id, LOOK, &rows));
    return rooms_row_read(call, who, &rows, 0, ret);
}

static struct val text_or_none(const char *text)
{
    return text ? TEXT(text) : TEXT("");
}

enum err rooms_make(struct call *call, const char *id, const struct rooms_edit *edit)
{
    const struct rooms_settings *said = rooms_settings(call);
    struct rows rows;
    ASSERT_CODE(call->actor.id && *id);
    ASSERT_CODE(edit->name && edit->fold);
    TRY(rooms_picture_is(call, edit->scene, edit));
    /* What a minor calls a room is listed for strangers only when they say so themselves. */
    const char *usual = call->actor.minor ? "unlisted" : "public";
    const char *visibility = edit->visibility ? edit->visibility : usual;
    TRY(store_run(call, &rooms_owned, BIND(I64(call->actor.id)), &rows));
    if (row_i64(&rows, 0, ONLY) >= said->rooms_per_member) {
        return call_fail(call, ERR_LIMIT, "rooms.many");
    }
    int64_t capacity = edit->capacity ? edit->capacity : said->room_capacity;
    return store_run(call, &rooms_add,
                     BIND(I64(id_new(call)), TEXT(id), TEXT(edit->name), TEXT(edit->fold),
                          TEXT(edit->scene), TEXT(edit->language), I64(capacity), TEXT(visibility),
                          I64(call->actor.id), I64(said->room_lines_days), I64(call->now_ms),
                          text_or_none(edit->view), text_or_none(edit->light),
                          text_or_none(edit->topic), text_or_none(edit->kept_tags)),
                     NULL);
}

static struct val number_or_same(int64_t value)
{
    return value ? I64(value) : NIL;
}

enum err rooms_change(struct call *call, const struct rooms_edit *edit)
{
    struct rows rows;
    /* One without the other would be found by what it is not called. */
    ASSERT_CODE(!edit->name == !edit->fold);
    TRY(find(call, edit->id, CHANGE, &rows));
    TRY(rooms_picture_is(call, edit->scene ? edit->scene : row_text(&rows, 0, ROOM_SCENE), edit));
    if (edit->keep_days > rooms_settings(call)->room_lines_days) {
        return call_fail_field(call, ERR_INVALID, "rooms.keep_days", "keep_days");
    }
    int64_t room_id = row_i64(&rows, 0, ROOM_ID);
    TRY(store_run(call, &rooms_set,
                  BIND(I64(room_id), TEXT(edit->name), TEXT(edit->fold), TEXT(edit->scene),
                       TEXT(edit->language), TEXT(edit->visibility), number_or_same(edit->capacity),
                       number_or_same(edit->keep_days), TEXT(edit->view), TEXT(edit->light),
                       TEXT(edit->topic), TEXT(edit->kept_tags)),
                  NULL));
    call_emit(call, EVENT_ROOM_CHANGED, 0, room_id, NULL);
    return OK;
}

enum err rooms_end(struct call *call, const char *id)
{
    struct rows rows;
    TRY(find(call, id, CHANGE, &rows));
    int64_t room_id = row_i64(&rows, 0, ROOM_ID);
    TRY(store_run(call, &rooms_finish, BIND(I64(room_id), I64(call->now_ms)), NULL));
    call_emit(call, EVENT_ROOM_CHANGED, 0, room_id, NULL);
    return OK;
}

enum err rooms_remove(struct call *call, const char *id, const char *account)
{
    struct rows room, person;
    TRY(find(call, id, CHANGE, &room));
    TRY(store_run(call, &rooms_person_named, BIND(I64(call->actor.id), TEXT(account)), &person));
    if (person.count == 0) {
        return call_fail_field(call, ERR_MISSING, "rooms.nobody", "account");
    }
    int64_t whom = row_i64(&person, 0, NAMED_ID), room_id = row_i64(&room, 0, ROOM_ID);
    if (whom == call->actor.id || whom == row_i64(&room, 0, ROOM_OWNER_ID) ||
        strcmp(row_text(&person, 0, NAMED_ROLE), "admin") == 0) {
        return call_fail_field(call, ERR_DENIED, "rooms.not_them", "account");
    }
    TRY(store_run(
        call, &rooms_keep_out,
        BIND(I64(room_id), I64(whom), I64(call->actor.id), I64(call->now_ms + REMOVED_MS)), NULL));
    call_emit(call, EVENT_ROOM_REMOVED, whom, room_id, NULL);
    return OK;
}

/* Oldest first; `back`: they come latest first. */
struct rooms_sealed *rooms_read_lines(struct call *call, const struct rows *rows, bool back)
{
    struct rooms_sealed *all = arena_alloc(call->arena, (rows->count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows->count; i++) {
        size_t row = back ? rows->count - 1 - i : i;
        all[i] = (struct rooms_sealed){
            .seq = row_i64(rows, row, LINE_SEQ),
            .at_ms = row_i64(rows, row, LINE_AT_MS),
            .sender_id = row_i64(rows, row, LINE_SENDER_ID),
            .from = row_text(rows, row, LINE_PUBLIC_ID),
            .name = row_text(rows, row, LINE_AVATAR_NAME),
            .avatar = row_text(rows, row, LINE_AVATAR),
            .look = row_text(rows, row, LINE_LOOK),
            .client_id = row_text(rows, row, LINE_CLIENT_ID),
            .body = sealed_read(rows, row, LINE_BODY_CT, row_i64(rows, row, LINE_KEY_ID))};
    }
    return all;
}

/* Since when; INT64_MAX: they are not. */
static enum err kept_out(struct call *call, int64_t room_id, int64_t *ret_ms)
{
    struct rows out;
    TRY(store_run(call, &rooms_kept_out, BIND(I64(room_id), I64(call->actor.id), I64(call->now_ms)),
                  &out));
    *ret_ms = out.count ? row_i64(&out, 0, ONLY) - REMOVED_MS : INT64_MAX;
    return OK;
}

enum err rooms_lines(struct call *call, const char *id, int64_t before, int64_t after,
                     int64_t limit, struct rooms_sealed **ret, size_t *ret_count)
{
    struct rows room, rows;
    int64_t out_ms = 0;
    bool back = before > 0;
    ASSERT_CODE(limit > 0 && limit <= ROOMS_LINES_PAGE_MAX);
    TRY(find(call, id, READ, &room));
    int64_t room_id = row_i64(&room, 0, ROOM_ID);
    TRY(kept_out(call, room_id, &out_ms));
    if (out_ms != INT64_MAX) {
        return call_fail(call, ERR_DENIED, "rooms.removed");
    }
    TRY(store_run(call, back ? &rooms_lines_before : &rooms_lines_after,
                  BIND(I64(call->actor.id), I64(room_id), I64(back ? before : after), I64(limit)),
                  &rows));
    *ret = rooms_read_lines(call, &rows, back);
    *ret_count = rows.count;
    return OK;
}

/* Before what is kept already: what the writer of the last line said in the minute up to it. */
static enum err add_minute(struct call *call, int64_t room_id, struct rooms_reported *it)
{
    ASSERT_CODE(it->count > 0);
    const struct rooms_sealed *last = &it->lines[it->count - 1];
    struct rows rows;
    TRY(store_run(call, &rooms_lines_by,
                  BIND(I64(call->actor.id), I64(room_id), I64(it->lines[0].seq),
                       I64(ROOMS_MINUTE_MAX), I64(last->at_ms), I64(last->sender_id),
                       I64(last->at_ms - TIME_MIN)),
                  &rows));
    struct rooms_sealed *all = rooms_read_lines(call, &rows, true);
    struct rooms_sealed *both = arena_alloc(call->arena, (rows.count + it->count) * sizeof(*both));
    memcpy(both, all, rows.count * sizeof(*both));
    memcpy(both + rows.count, it->lines, it->count * sizeof(*both));
    it->lines = both;
    it->count += rows.count;
    return OK;
}

enum err rooms_reported(struct call *call, const char *id, int64_t seq, int64_t limit,
                        struct rooms_reported *ret)
{
    struct rows room, rows;
    int64_t out_ms = 0;
    ASSERT_CODE(call->actor.id && seq >= 0 && limit > 0);
    TRY(store_run(call, &rooms_one_reported, BIND(I64(call->actor.id), TEXT(id)), &room));
    if (room.count == 0 || rooms_row_door(call, &room, 0, true)) {
        return call_fail(call, ERR_MISSING, "rooms.missing");
    }
    *ret = (struct rooms_reported){.name = row_text(&room, 0, ROOM_NAME),
                                   .topic = row_text(&room, 0, ROOM_TOPIC),
                                   .tags = row_text(&room, 0, ROOM_TAGS),
                                   .owner_id = row_i64(&room, 0, ROOM_OWNER_ID)};
    int64_t room_id = row_i64(&room, 0, ROOM_ID);
    TRY(kept_out(call, room_id, &out_ms));
    TRY(store_run(call, &rooms_lines_reported,
                  BIND(I64(call->actor.id), I64(room_id), I64(seq ? seq : INT64_MAX), I64(limit),
                       I64(out_ms)),
                  &rows));
    ret->lines = rooms_read_lines(call, &rows, true);
    ret->count = rows.count;
    if (seq == 0) {
        return OK;
    }
    bool there = ret->count && ret->lines[ret->count - 1].seq == seq;
    return there ? add_minute(call, room_id, ret) : call_fail(call, ERR_MISSING, "rooms.missing");
}

/* ---- when an account is erased ---- */

SQL(rooms_erase, "UPDATE room SET ended_ms = $2, swept_ms = 0 WHERE owner_id = $1"
                 " AND ended_ms IS NULL RETURNING id");

/* Whoever is in one is told; what it was called goes with the steps on the table. */
static enum err erase(struct call *call, const struct account_erased *whose)
{
    struct rows rows;
    TRY(store_run(call, &rooms_erase, BIND(I64(whose->account_id), I64(call->now_ms)), &rows));
    for (size_t i = 0; i < rows.count; i++) {
        call_emit(call, EVENT_ROOM_CHANGED, 0, row_i64(&rows, i, ONLY), NULL);
    }
    return OK;
}

static const struct account_erasing erasing[] = {{"room", erase}, {0}};
const struct account_ending rooms_ending = {.erasing = erasing};
