#include "features/common/captures/captures.h"

#include <string.h>

#include "base/arena.h"
#include "store/store.h"

/* sees: server - the name, for the officer */
SQL(captures_whom, "SELECT a.id, a.avatar_name FROM account a WHERE a.public_id = $1");
COLUMNS(WHOM_ID, WHOM_AVATAR_NAME);

JSON_SHAPE(field_shape, "report_field", struct capture_field,
           J_TEXT(struct capture_field, name, 1, 64),
           J_TEXT(struct capture_field, text, 0, CAPTURE_VALUE_MAX));
JSON_SHAPE(entry_shape, "report_entry", struct capture_entry,
           J_TEXT(struct capture_entry, name, 1, 32),
           J_TEXT(struct capture_entry, text, 0, CAPTURE_VALUE_MAX),
           J_TIME(struct capture_entry, at));
JSON_SHAPE_HERE(captured_shape, "report_seen", J_TEXT(struct captured, name, 1, 32),
                J_TEXT(struct captured, style, 1, 32, .flags = JSON_OPTIONAL),
                J_TEXT(struct captured, room, 1, CAPTURE_NAME_MAX, .flags = JSON_OPTIONAL),
                J_LIST(struct captured, fields, field_shape, CAPTURE_FIELDS_MAX),
                J_LIST(struct captured, blocks, field_shape, CAPTURE_BLOCKS_MAX),
                J_LIST(struct captured, entries, entry_shape, CAPTURE_ENTRIES_MAX));

enum err capture_of(struct call *call, const struct capture_wish *wish, struct capture *ret)
{
    struct rows rows;
    if (strcmp(wish->id, call->actor.public_id) == 0) {
        return call_fail_field(call, ERR_INVALID, "reports.own", "id");
    }
    TRY(store_run(call, &captures_whom, BIND(TEXT(wish->id)), &rows));
    if (rows.count == 0) {
        return call_fail_field(call, ERR_MISSING, "people.none", "id");
    }
    *ret = (struct capture){.subject_id = row_i64(&rows, 0, WHOM_ID),
                            .name = row_text(&rows, 0, WHOM_AVATAR_NAME),
                            .place = ""};
    return OK;
}

enum err capture_missing(struct call *call, enum err err)
{
    return err == OK || err == ERR_MISSING || err == ERR_DENIED
               ? call_fail(call, ERR_MISSING, "reports.missing")
               : err;
}

const char *capture_place(struct call *call, const struct capture_wish *wish)
{
    return wish->seq ? arena_printf(call->arena, "%s:%lld", wish->id, (long long)wish->seq)
                     : wish->id;
}
