#include "features/talk/rooms/rooms_inner.h"
#include "privacy/sealed.h"
#include "store/store.h"

/* One line of a room: how it is kept, and how it is read. */

SQL(rooms_line_add, "INSERT INTO line (room_id, seq, sender_id, client_id, at_ms, body_ct)"
                    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");

enum err rooms_open(struct call *call, const struct rooms_sealed *line, const char **ret_text)
{
    ASSERT_CODE(!call->tx);
    enum err err = sealed_open(call, line->body, "line.body_ct", ret_text);
    if (err == ERR_MISSING) {
        call->fail_code = NULL;
        *ret_text = NULL;
        return OK;
    }
    return err;
}

enum err rooms_put(struct call *call, int64_t room_id, const struct rooms_sealed *line,
                   bool *ret_new)
{
    struct rows rows;
    TRY(store_run(call, &rooms_line_add,
                  BIND(I64(room_id), I64(line->seq), I64(line->sender_id), TEXT(line->client_id),
                       I64(line->at_ms), SEALED(line->body)),
                  &rows));
    *ret_new = rows.changed > 0;
    return OK;
}
