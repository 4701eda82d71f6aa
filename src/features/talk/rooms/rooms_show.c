#include "features/common/contact/contact.h"
#include "features/talk/rooms/rooms_inner.h"
#include "store/store.h"

/* The rule of the list (rooms_listed), for one room; whoever is signed out is account 0. */
SQL(rooms_shown,
    "SELECT r.id, r.name, r.scene, r.view, r.light FROM room r JOIN account o ON o.id = r.owner_id"
    " WHERE r.ended_ms IS NULL AND o.state <> 'ended' AND r.visibility = 'public'"
    " AND" CONTACT_PERCEIVES("$1", "o") "AND" CONTACT_PUBLISHES("$1", "o") "AND" CONTACT_HEARS(
        "$1", "o") "AND r.public_id = $2");
COLUMNS(SHOWN_ID, SHOWN_NAME, SHOWN_SCENE, SHOWN_VIEW, SHOWN_LIGHT);
SQL(rooms_counted,
    "SELECT COUNT(*) FROM account a WHERE" CONTACT_PERCEIVES(
        "$1",
        "a") "AND (a.id = $1 OR NOT" CONTACT_INVISIBLE("a") ") AND a.id IN " CONTACT_LIST("$2",
                                                                                          "$3"));

enum err rooms_show(struct call *call, const struct rooms_who *who, const char *id,
                    struct rooms_shown *ret, bool *ret_there)
{
    static const struct presence_room nobody = {.count = 0};
    struct rows rows, count;
    TRY(store_run(call, &rooms_shown, BIND(I64(call->actor.id), TEXT(id)), &rows));
    bool there = rows.count > 0;
    const struct presence_room *in = there ? rooms_present(who, row_i64(&rows, 0, SHOWN_ID)) : NULL;
    in = in ? in : &nobody;
    /* Of a room that is not there nobody is counted, by the same statement. */
    TRY(store_run(call, &rooms_counted,
                  BIND(I64(call->actor.id), TEXT(contact_list(call, in->account_ids, in->count)),
                       I64((int64_t)in->count)),
                  &count));
    int64_t here = row_i64(&count, 0, ONLY);
    *ret_there = there;
    if (there) {
        const char *scene = row_text(&rows, 0, SHOWN_SCENE);
        const struct rooms_picture picture = rooms_picture(
            call, id, scene, row_text(&rows, 0, SHOWN_VIEW), row_text(&rows, 0, SHOWN_LIGHT));
        *ret = (struct rooms_shown){row_text(&rows, 0, SHOWN_NAME), scene, picture.view,
                                    picture.light, here - here % ROOMS_ROUNDED};
    }
    return OK;
}
