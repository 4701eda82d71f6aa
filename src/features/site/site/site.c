#include "features/site/site/site.h"

#include <string.h>

#include "base/arena.h"
#include "base/settings.h"
#include "store/store.h"

/* More than there will be changes, and no more than JSON tells apart: what is beyond is a hand's.
 */
static const int64_t version_max = INT64_C(1) << 52;

/* No more of a text than could fit, whoever put it there. */
/* sees: staff - who changed what, for administrators */
SQL(site_rows, "SELECT substr(s.name, 1, 65) AS name, substr(s.value, 1, 1001) AS value, "
               "substr(s.former, 1, 1001) AS former,"
               " s.version, s.changed_ms, a.avatar_name FROM site_setting s"
               " LEFT JOIN account a ON a.id = s.by_id ORDER BY s.version DESC, s.name LIMIT $1");
COLUMNS(ROW_NAME, ROW_VALUE, ROW_FORMER, ROW_VERSION, ROW_CHANGED_MS, ROW_AVATAR_NAME);
/* sees: server - the change before this one */
SQL(site_one, "SELECT substr(value, 1, 1001) AS value, version FROM site_setting WHERE name = $1");
COLUMNS(ONE_VALUE, ONE_VERSION);
/* sees: server - counts only */
SQL(site_newest, "SELECT COALESCE(max(version), 0) FROM site_setting WHERE version <= $1");
SQL(site_put, "INSERT INTO site_setting (name, value, former, version, changed_ms, by_id)"
              " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO UPDATE SET"
              " value = excluded.value, former = excluded.former, version = excluded.version,"
              " changed_ms = excluded.changed_ms, by_id = excluded.by_id");

static int64_t version_in(const struct rows *rows, size_t row, size_t col)
{
    int64_t version = row_i64(rows, row, col);
    return version >= 0 && version <= version_max ? version : 0;
}

enum err site_stored(struct call *call, struct site_stored **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &site_rows, BIND(I64(SITE_ROWS_MAX)), &rows));
    struct site_stored *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        int64_t at_ms = row_i64(&rows, i, ROW_CHANGED_MS);
        all[rows.count - 1 - i] =
            (struct site_stored){.name = row_text(&rows, i, ROW_NAME),
                                 .value = row_text(&rows, i, ROW_VALUE),
                                 .former = row_text(&rows, i, ROW_FORMER),
                                 .version = version_in(&rows, i, ROW_VERSION),
                                 .changed_ms = MIN(MAX(at_ms, 0), call->now_ms),
                                 .by = row_text(&rows, i, ROW_AVATAR_NAME)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

static enum err unfit(struct call *call, const struct setting *row)
{
    const char *code = "site.text";
    if (row->kind == SETTING_KIND_NUMBER) {
        code = "site.number";
    } else if (row->kind != SETTING_KIND_TEXT) {
        code = "site.choice";
    } else if (row->email) {
        code = "site.email";
    }
    return call_fail_field(call, ERR_INVALID, code, "value");
}

enum err site_prepare(struct call *call, struct site_change *change)
{
    struct setting_view view;
    ASSERT_CODE(!call->tx);
    if (settings_view(call->settings, call->arena, change->name, &view) != OK) {
        return call_fail(call, ERR_MISSING, "site.none");
    }
    if (view.from != SETTING_FROM_STANDARD) {
        return call_fail(call, ERR_CONFLICT, "site.fixed");
    }
    if (!change->value) {
        return OK;
    }
    const char *text = change->value + strspn(change->value, " \t\r\n");
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n", text[len - 1])) {
        len--;
    }
    change->value = arena_text(call->arena, text, len);
    enum err err = settings_fits(call->settings, change->name, change->value);
    return err == ERR_INVALID ? unfit(call, view.row) : err;
}

static const char *quoted(struct call *call, const char *value, const char *standard)
{
    return value ? arena_printf(call->arena, "\"%s\"", value)
                 : arena_printf(call->arena, "standard, \"%s\"", standard);
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

enum err site_apply(struct call *call, const struct site_change *change)
{
    struct rows rows;
    struct setting_view view;
    ASSERT_CODE(call->tx);
    TRY(settings_view(call->settings, call->arena, change->name, &view));
    TRY(store_run(call, &site_one, BIND(TEXT(change->name)), &rows));
    int64_t version = rows.count ? version_in(&rows, 0, ONE_VERSION) : 0;
    const char *was = rows.count ? row_text(&rows, 0, ONE_VALUE) : NULL;
    if (change->version != SITE_ANY_VERSION && change->version != version) {
        return call_fail(call, ERR_CONFLICT, "site.changed");
    }
    call->acted.what = view.row->personal
                           ? view.row->name
                           : arena_printf(call->arena, "%s: %s -> %s", change->name,
                                          quoted(call, was, view.standard),
                                          quoted(call, change->value, view.standard));
    if (rows.count && same(was, change->value)) {
        return OK;
    }
    TRY(store_run(call, &site_newest, BIND(I64(version_max)), &rows));
    version = MAX(version, row_i64(&rows, 0, ONLY)) + 1;
    TRY(store_run(call, &site_put,
                  BIND(TEXT(change->name), TEXT(change->value), TEXT(was), I64(version),
                       I64(call->now_ms), call->actor.id ? I64(call->actor.id) : NIL),
                  NULL));
    call_emit(call, EVENT_SETTING, 0, version,
              change->value ? arena_printf(call->arena, "%s=%s", change->name, change->value)
                            : change->name);
    return OK;
}
