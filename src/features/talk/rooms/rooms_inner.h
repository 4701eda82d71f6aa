#ifndef FEATURES_ROOMS_ROOMS_INNER_H
#define FEATURES_ROOMS_ROOMS_INNER_H

#include "base/settings.h"
#include "features/common/captures/captures.h"
#include "features/common/contact/contact.h"
#include "features/talk/rooms/rooms.h"
#include "store/store.h"

/*
 * Columns of a room, $1 is who looks; a room is there as long as its owner is, for whom no block
 * hides them from each other.  The owner is named to whom they may
 * be named to at all, offline or invisible alike; what a kept child made reaches friends only.
 */
/* clang-format off */
#define ROOMS_OWNER_NAMED CONTACT_PERCEIVES("$1", "o") "AND" CONTACT_FINDS("$1", "o")
#define ROOMS_REACHED CONTACT_PERCEIVES("$1", "o") "AND" CONTACT_PUBLISHES("$1", "o")
#define ROOMS_COLUMNS(reached_)                                                        \
    "SELECT r.id, r.public_id, r.name, r.scene, r.language, r.capacity, r.visibility," \
    " r.owner_id, r.keep_days, r.name_fold, r.view, r.light, r.topic, r.tags,"         \
    " CASE WHEN" ROOMS_OWNER_NAMED "THEN o.avatar_name END AS owner_name,"             \
    " CASE WHEN" reached_ "THEN 1 ELSE 0 END AS reaches,"                              \
    " CASE WHEN " CONTACT_KEPT("$1") " THEN 1 ELSE 0 END AS viewer_kept"               \
    " FROM room r JOIN account o ON o.id = r.owner_id WHERE r.ended_ms IS NULL"
COLUMNS(ROOM_ID, ROOM_PUBLIC_ID, ROOM_NAME, ROOM_SCENE, ROOM_LANGUAGE, ROOM_CAPACITY,
        ROOM_VISIBILITY, ROOM_OWNER_ID, ROOM_KEEP_DAYS, ROOM_NAME_FOLD, ROOM_VIEW, ROOM_LIGHT,
        ROOM_TOPIC, ROOM_TAGS, ROOM_OWNER_NAME, ROOM_REACHES, ROOM_VIEWER_KEPT);
#define ROOMS_ROW ROOMS_COLUMNS(ROOMS_REACHED) " AND o.state <> 'ended'"
/* clang-format on */

/* What keeps the actor out of the room of this row, of what is in it and of what was said there;
 * NULL: nothing.  Whom a parent keeps from people can still report. */
const char *rooms_row_door(const struct call *call, const struct rows *rows, size_t i,
                           bool reports);
/* ERR_INVALID input.choice about `scene`, or about a `view` that it has not. */
MUST_USE enum err rooms_picture_is(struct call *call, const char *scene,
                                   const struct rooms_edit *edit);
/* The room of this row, with those who are in. */
MUST_USE enum err rooms_row_read(struct call *call, const struct rooms_who *who,
                                 const struct rows *rows, size_t i, struct rooms_room *ret);

/* Lines l with who wrote them. */
#define LINE_COLUMNS                                                                      \
    "SELECT l.seq, l.at_ms, l.sender_id, a.key_id, a.public_id, a.avatar_name, a.avatar," \
    " a.look, l.client_id, l.body_ct FROM line l JOIN account a ON a.id = l.sender_id"
COLUMNS(LINE_SEQ, LINE_AT_MS, LINE_SENDER_ID, LINE_KEY_ID, LINE_PUBLIC_ID, LINE_AVATAR_NAME,
        LINE_AVATAR, LINE_LOOK, LINE_CLIENT_ID, LINE_BODY_CT);

/* The steps of the calls from inside (rooms_live.c, rooms_demo.c) for the rows in rooms_api.c. */
/* Rows of lines in the order of struct rooms_sealed, the oldest first; `back`: they come the other
 * way round. */
struct rooms_sealed *rooms_read_lines(struct call *call, const struct rows *rows, bool back);

/* live/ask.h */
struct live_load_in;
struct live_load_out;
struct live_admit_in;
struct live_admit_out;
struct live_save_in;
struct live_save_out;
struct live_said_in;

struct rooms_recall {
    struct rooms_sealed *lines;
    size_t count;
};
MUST_USE enum err rooms_load(struct call *call, const struct live_load_in *in,
                             struct live_load_out *load, struct rooms_recall *recall);
MUST_USE enum err rooms_load_open(struct call *call, const struct rooms_recall *recall,
                                  struct live_load_out *load);
MUST_USE enum err rooms_admit(struct call *call, const struct live_admit_in *asked,
                              struct live_admit_out *admit);

struct rooms_bodies {
    struct rooms_sealed *lines; /* as they are stored; without a body: its writer's key is burned */
};
MUST_USE enum err rooms_save_seal(struct call *call, const struct live_save_in *save,
                                  struct rooms_bodies *ret);
MUST_USE enum err rooms_save(struct call *call, const struct live_save_in *save,
                             const struct rooms_bodies *sealed, struct live_save_out *saved);
MUST_USE enum err rooms_said(struct call *call, const struct live_said_in *said, int64_t *ret_seq);

enum { ROOMS_DEMO_ROOMS = 3, ROOMS_DEMO_LINES = 18 };
struct rooms_demo {
    char ids[ROOMS_DEMO_ROOMS][PUBLIC_ID_LEN + 1];
    struct {
        const char *name, *fold;
    } names[ROOMS_DEMO_ROOMS];
    struct sealed bodies[ROOMS_DEMO_LINES];
};
MUST_USE enum err rooms_demo_seal(struct call *call, const struct rooms_demo_in *demo,
                                  struct rooms_demo *state);
MUST_USE enum err rooms_demo(struct call *call, const struct rooms_demo_in *demo,
                             const struct rooms_demo *state);

/* Who is in a room, by `who`; NULL: nobody. */
const struct presence_room *rooms_present(const struct rooms_who *who, int64_t room_id);

/*
 * What a link to a room tells whoever opens it before they are signed in: of a public one its name,
 * its scene and a rounded number, of any other the same nothing as of none, for as much work.
 */
enum { ROOMS_ROUNDED = 5 };
struct rooms_shown {
    const char *name, *scene, *view, *light;
    int64_t here; /* of those whom the asker perceives, down to whole ROOMS_ROUNDED */
};
MUST_USE enum err rooms_show(struct call *call, const struct rooms_who *who, const char *id,
                             struct rooms_shown *ret, bool *ret_there);

/* One line into the store; not new: its number or its client id is there already. */
MUST_USE enum err rooms_put(struct call *call, int64_t room_id, const struct rooms_sealed *line,
                            bool *ret_new);

extern const struct capture_kind rooms_captures[]; /* what can be reported (rooms_capture.c) */

/* What the operator says of rooms (rooms_setting_group). */
struct rooms_settings {
    int64_t room_capacity, rooms_per_member, room_lines_days;
};
extern const struct setting_group rooms_setting_group;
const struct rooms_settings *rooms_settings(const struct call *call);

#endif
