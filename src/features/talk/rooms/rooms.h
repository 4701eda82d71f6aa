#ifndef FEATURES_ROOMS_ROOMS_H
#define FEATURES_ROOMS_ROOMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "call/json.h"
#include "features/common/faces/faces.h"
#include "privacy/sealed.h"

/*
 * Rooms: places where people meet, and what was said there.
 *  - Public rooms are listed; unlisted ones open to who has the link; closed ones to
 *    their owner.
 *  - The owner, or an administrator, changes a room, removes people for a day, ends it.
 *  - A room is there as long as its owner: with an ended account its rooms are gone for all.  For
 *    whoever is hidden from the owner by a block, whoever made it, it is the same.
 *  - Whom a parent keeps from people comes into their own closed room only, and reads no other;
 *    what they open themselves is there for friends only.
 *  - Lines are sealed with their writer's key and kept for the room's keep_days.
 *  - Not here: who is in now and where (live/ knows, call->presence tells).
 */
enum {
    ROOMS_NAME_MAX = 60,
    ROOMS_TOPIC_MAX = 120,
    ROOMS_TAGS_MAX = 5,
    ROOMS_TAG_MAX = 20, /* letters */
    ROOMS_CAPACITY_MIN = 2,
    ROOMS_CAPACITY_MAX = 200,
    ROOMS_KEEP_DAYS_MAX = 90,
    ROOMS_PAGE = 50,
    ROOMS_TOP_BUSY = 20, /* with which the first page begins, whatever they are called */
    ROOMS_TOP_FRIENDS = 10,
    ROOMS_TOP_USED = 10,
    ROOMS_TOP = 40, /* all of these; less than a page */
    ROOMS_PEOPLE_SHOWN = 6,
    ROOMS_LINES_PAGE = 50,
    ROOMS_LINES_PAGE_MAX = 100,
    ROOMS_RECALL_MAX = 200,  /* lines that a room coming to life remembers */
    ROOMS_BACK_MAX = 1024,   /* so many lines back a resume is looked up */
    ROOMS_MINUTE_MAX = 64,   /* of one member: more than live takes in a minute */
    ROOMS_SWEEP_ROOMS = 16,  /* a run of the sweep */
    ROOMS_SWEEP_LINES = 100, /* a room and run */
};

#define ROOMS_LIGHTS "plain morning golden dusk night"

struct rooms_room {
    const char *id, *name, *scene, *language, *visibility, *owner_name;
    const char *view, *light, *topic; /* topic: "" for none */
    struct json_list tags;            /* const char * */
    int64_t capacity, here, keep_days;
    bool mine, moderate;
    JSON_LIST_OF(struct face) people; /* struct face, a few of those who are in */
};

struct rooms_line {
    int64_t id, seq, at;
    const char *from, *name, *avatar, *look, *text; /* avatar, look: as of now */
    bool mine;
};

/* ---- the rules; each ends with ERR_MISSING rooms.missing for a room one may not know ---- */

struct rooms_edit {
    const char *id, *name, *fold, *scene, *language, *visibility; /* NULL: as it is */
    const char *view, *light, *topic, *kept_tags;                 /* the same; "": none */
    struct json_list tags;       /* as they were typed; items NULL: as they are */
    int64_t capacity, keep_days; /* 0: as it is */
};

/* A name as it is kept and as it is compared.  ERR_INVALID rooms.name. */
MUST_USE enum err rooms_fold(struct call *call, const char *name, const char **ret_name,
                             const char **ret_fold);

/*
 * A topic as it is kept: one line, "" for none.  ERR_INVALID rooms.topic.
 * Tags as they are kept: " books tea ", each once, small letters a to z, digits, and a hyphen
 * between two of them, so that a pattern can look for one; "" for none.  ERR_INVALID rooms.tags.
 */
MUST_USE enum err rooms_topic(struct call *call, const char *topic, const char **ret);
MUST_USE enum err rooms_tags_keep(struct call *call, const struct json_list *tags,
                                  const char **ret);
/* One tag to look for, as it is kept.  ERR_INVALID rooms.tags. */
MUST_USE enum err rooms_tag(struct call *call, const char *typed, const char **ret);
struct json_list rooms_tags(struct call *call, const char *kept); /* const char * */

/*
 * The picture of a room: a view of its scene (words in scene->views) in a light.  Where its owner
 * chose none, or one that this scene has not, it comes of the room's id: rooms of one scene look
 * different without anybody's doing.
 */
struct rooms_picture {
    const char *view, *light;
};
struct rooms_picture rooms_picture(struct call *call, const char *public_id, const char *scene,
                                   const char *view, const char *light);

struct rooms_who {
    const struct presence_room *rooms;
    size_t count;
};

/* Who is in which room now; in `prepare`. */
void rooms_who(struct call *call, struct rooms_who *ret);

/* Which of these rooms (at most CONTACT_PEOPLE_MAX, any more than once) the actor could come into
 * by following somebody: public or unlisted, and nobody has removed them from it. */
struct rooms_door {
    int64_t room_id;
    const char *public_id, *name;
};
MUST_USE enum err rooms_doors(struct call *call, const int64_t *room_ids, size_t count,
                              struct rooms_door **ret, size_t *ret_count);

/*
 * Who comes into which room, one rule for the socket and for every route: NULL, or the code of
 * why not.  `reached`: the viewer perceives its owner, and what those make reaches the viewer
 * (CONTACT_PUBLISHES).
 */
struct rooms_viewer {
    bool mine, staff, reached, kept;
};
const char *rooms_door(const struct rooms_viewer *viewer, bool closed);

/*
 * Public rooms and one's own: the busiest, those in which friends are, those in which the actor
 * has spoken, then all by name (a room of the top comes again there, when it is on a later page).
 */
struct rooms_wish {
    const char *fold;  /* part of the name, folded; "" for all */
    const char *tag;   /* one that they have; "" for all */
    const char *after; /* NULL, or the cursor that the page before gave (privacy/cursor.h) */
};
MUST_USE enum err rooms_list(struct call *call, const struct rooms_who *who,
                             const struct rooms_wish *asked, struct rooms_room **ret,
                             size_t *ret_count, const char **ret_next);
MUST_USE enum err rooms_get(struct call *call, const struct rooms_who *who, const char *id,
                            struct rooms_room *ret);
/* ERR_LIMIT rooms.many; ERR_INVALID input.choice for a scene that is not there. */
MUST_USE enum err rooms_make(struct call *call, const char *id, const struct rooms_edit *edit);
MUST_USE enum err rooms_change(struct call *call, const struct rooms_edit *edit);
MUST_USE enum err rooms_end(struct call *call, const char *id);
/* For 24 hours.  ERR_MISSING rooms.nobody, ERR_DENIED rooms.not_them (oneself, owner, staff). */
MUST_USE enum err rooms_remove(struct call *call, const char *id, const char *account);

/* Lines with their bodies still sealed; rooms_open() makes them readable in `finish`. */
struct rooms_sealed {
    int64_t seq, at_ms, sender_id;
    const char *from, *name, *avatar, *look, *client_id;
    struct sealed body;
};

/* before > 0: the last ones below it; else those above `after`.  Oldest first. */
MUST_USE enum err rooms_lines(struct call *call, const char *id, int64_t before, int64_t after,
                              int64_t limit, struct rooms_sealed **ret, size_t *ret_count);
/*
 * What a report holds: the line `seq`, those before it and what its writer said in the minute up to
 * it (at most ROOMS_MINUTE_MAX more); without one (0) the last ones of the room; such as the actor
 * may read, or could before a block, before they were removed, before a parent kept them from
 * people, or before the account of the writer or owner ended.  ERR_MISSING rooms.missing: no such
 * room or line.
 */
struct rooms_reported {
    const char *name, *topic, *tags; /* tags: as they are kept */
    int64_t owner_id;
    struct rooms_sealed *lines; /* oldest first */
    size_t count;
};
MUST_USE enum err rooms_reported(struct call *call, const char *id, int64_t seq, int64_t limit,
                                 struct rooms_reported *ret);
/* NULL text where the writer's key is gone: that line is not shown to anybody. */
MUST_USE enum err rooms_open(struct call *call, const struct rooms_sealed *line,
                             const char **ret_text);

/* ---- what live asks (live/ask.h): rows in rooms_api.c, answers in rooms_live.c ---- */

struct api_route;
extern const struct api_route rooms_load_route, rooms_admit_route, rooms_save_route,
    rooms_said_route, rooms_demo_route;

/* Deletes what is older than its room keeps it; true in ret_more: call again soon. */
MUST_USE enum err rooms_sweep(struct call *call, bool *ret_more);

/* `bauta demo`: three public rooms, owned by the first member, and what was said there. */
enum { ROOMS_DEMO_MEMBERS = 8 };
struct rooms_demo_in {
    struct {
        int64_t account_id, key_id;
    } members[ROOMS_DEMO_MEMBERS];
    size_t count; /* at least 1 */
};

struct account_ending;
extern const struct account_ending rooms_ending; /* what goes when an account ends */

#endif
