#include <string.h>

#include "base/arena.h"
#include "call/feature.h"
#include "call/id.h"
#include "features/common/captures/captures.h"
#include "features/common/prose/prose.h"
#include "features/safety/reports/reports.h"
#include "privacy/keys.h"
#include "store/store.h"

/* What stood there: read by the reporter's own eyes, so that a report shows nobody more. */

const struct capture_kind *reports_kind(const char *name)
{
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct capture_kind *row = (*at)->captures; row && row->name; row++) {
            if (strcmp(row->name, name) == 0) {
                return row;
            }
        }
    }
    return NULL;
}

enum err reports_look(struct call *call, const struct reports_new *wish,
                      struct reports_capture *ret)
{
    const struct capture_kind *kind = reports_kind(wish->kind);
    ASSERT_CODE(call->actor.id);
    if (!kind) {
        return call_fail_field(call, ERR_INVALID, "input.choice", "kind");
    }
    if (kind->numbered && !wish->seq) {
        return call_fail_field(call, ERR_INVALID, "input.missing", "seq");
    }
    ret->kind = kind;
    const struct capture_wish which = {wish->id, kind->numbered ? wish->seq : 0};
    return kind->look(call, &which, &ret->it);
}

enum err reports_prepare(struct call *call, const char *text, struct reports_capture *it)
{
    struct captured seen;
    struct buf json = {.arena = call->arena};
    const char *words = NULL;
    uint8_t chance[16];
    ASSERT_CODE(!call->tx && it->kind);
    crypto_random(chance, sizeof(chance));
    id_public(chance, it->public_id);
    TRY(it->kind->open(call, &it->it, &seen));
    TRY(keys_take(call->keys, &it->key_id));
    json_write(&json, &captured_shape, &seen);
    TRY(sealed_text(call, it->key_id, "report.seen_ct", json.at, &it->seen));
    TRY(prose_clean(call, "text", text ? text : "", REPORTS_WORDS_MAX, true, &words));
    return *words ? sealed_text(call, it->key_id, "report.words_ct", words, &it->words) : OK;
}
