#include "features/safety/reports/reports.h"

#include <string.h>

#include "base/arena.h"
#include "call/id.h"
#include "privacy/keys.h"
#include "store/store.h"

/* Whoever blocked whom since, and also when they have ended. */
/* sees: server - the name, for the officer */
SQL(reports_name, "SELECT a.id, a.avatar_name FROM account a WHERE a.public_id = $1");
COLUMNS(NAME_ID, NAME_AVATAR_NAME);

/* What stood there: read by the reporter's own eyes, so that a report shows nobody more. */

JSON_SHAPE(field_shape, "report_field", struct reports_field,
           J_TEXT(struct reports_field, name, 1, 64),
           J_TEXT(struct reports_field, text, 0, REPORTS_VALUE_MAX));
JSON_SHAPE(entry_shape, "report_entry", struct reports_entry,
           J_TEXT(struct reports_entry, name, 1, 32),
           J_TEXT(struct reports_entry, text, 0, REPORTS_VALUE_MAX),
           J_TIME(struct reports_entry, at));
_Static_assert((int)REPORTS_ENTRIES_MAX >= (int)HOMEPAGES_PAGE, "both are entries");
JSON_SHAPE_HERE(reports_seen_shape, "report_seen", J_TEXT(struct reports_seen, name, 1, 32),
                J_TEXT(struct reports_seen, style, 1, 32),
                J_TEXT(struct reports_seen, room, 1, ROOMS_NAME_MAX, .flags = JSON_OPTIONAL),
                J_LIST(struct reports_seen, fields, &field_shape, PROFILES_SHOWN_MAX),
                J_LIST(struct reports_seen, blocks, &field_shape, HOMEPAGES_BLOCKS_MAX),
                J_LIST(struct reports_seen, entries, &entry_shape, REPORTS_ENTRIES_MAX));

enum err reports_look(struct call *call, const char *public_id, struct reports_capture *ret)
{
    if (strcmp(public_id, call->actor.public_id) == 0) {
        return call_fail_field(call, ERR_INVALID, "reports.own", "id");
    }
    struct rows rows;
    TRY(store_run(call, &reports_name, BIND(TEXT(public_id)), &rows));
    if (rows.count == 0) {
        return call_fail_field(call, ERR_MISSING, "people.none", "id");
    }
    ret->kind = "page";
    ret->place = "";
    ret->subject_id = row_i64(&rows, 0, NAME_ID);
    ret->name = row_text(&rows, 0, NAME_AVATAR_NAME);
    const struct contact_viewer me = {.id = call->actor.id};
    enum err err = profiles_find(call, &me, public_id, &ret->card);
    if (err == ERR_MISSING) { /* hidden or ended: nothing is seen of them, but it is reported */
        call->fail_code = NULL;
        ret->unseen = true;
        return OK;
    }
    TRY(err);
    TRY(homepages_find(call, &me, public_id, &ret->page));
    return homepages_book(call, public_id, 0, &ret->book);
}

/* The names of what a block shows, one a line. */
static const char *names_in(struct call *call, const struct homepages_block *block)
{
    const struct homepages_room *rooms = block->rooms.items;
    const struct face *people = block->people.items;
    struct buf names = {.arena = call->arena};
    for (size_t i = 0; i < block->rooms.count; i++) {
        buf_printf(&names, "%s\n", rooms[i].name);
    }
    for (size_t i = 0; i < block->people.count; i++) {
        buf_printf(&names, "%s\n", people[i].name);
    }
    return names.len ? names.at : "";
}

static enum err gather(struct call *call, const struct reports_capture *it,
                       struct reports_seen *ret)
{
    struct profiles_field *fields = arena_alloc(call->arena, PROFILES_SHOWN_MAX * sizeof(*fields));
    struct homepages_block *blocks =
        arena_alloc(call->arena, HOMEPAGES_BLOCKS_MAX * sizeof(*blocks));
    struct homepages_entry *entries = arena_alloc(call->arena, HOMEPAGES_PAGE * sizeof(*entries));
    struct reports_field *values = arena_alloc(call->arena, PROFILES_SHOWN_MAX * sizeof(*values));
    struct reports_field *parts = arena_alloc(call->arena, HOMEPAGES_BLOCKS_MAX * sizeof(*parts));
    struct reports_entry *lines = arena_alloc(call->arena, HOMEPAGES_PAGE * sizeof(*lines));
    size_t fields_count = 0, blocks_count = 0, entries_count = 0;
    if (it->unseen) {
        *ret = (struct reports_seen){.name = it->name, .style = "plain"};
        return OK;
    }
    TRY(profiles_open(call, &it->card, false, fields, &fields_count));
    TRY(homepages_open(call, &it->page, blocks, &blocks_count));
    TRY(homepages_book_open(call, &it->book, entries, &entries_count));
    for (size_t i = 0; i < fields_count; i++) {
        values[i] = (struct reports_field){fields[i].name, fields[i].value};
    }
    for (size_t i = 0; i < blocks_count; i++) {
        const char *text = blocks[i].text ? blocks[i].text : names_in(call, &blocks[i]);
        parts[i] = (struct reports_field){blocks[i].kind, text};
    }
    for (size_t i = 0; i < entries_count; i++) {
        lines[i] = (struct reports_entry){entries[i].from.name, entries[i].text, entries[i].at};
    }
    *ret = (struct reports_seen){.name = it->name,
                                 .style = it->page.style ? it->page.style : "plain",
                                 .fields = {values, fields_count},
                                 .blocks = {parts, blocks_count},
                                 .entries = {lines, entries_count}};
    return OK;
}

enum err reports_prepare(struct call *call, const char *text, struct reports_capture *it)
{
    struct reports_seen seen;
    struct buf json = {.arena = call->arena};
    const char *words = NULL;
    uint8_t chance[16];
    crypto_random(chance, sizeof(chance));
    id_public(chance, it->public_id);
    TRY(strcmp(it->kind, "page") == 0 ? gather(call, it, &seen)
                                      : reports_talk_open(call, it, &seen));
    TRY(keys_take(call->keys, &it->key_id));
    json_write(&json, &reports_seen_shape, &seen);
    TRY(sealed_text(call, it->key_id, "report.seen_ct", json.at, &it->seen));
    TRY(profiles_text(call, "text", text ? text : "", REPORTS_WORDS_MAX, true, &words));
    return *words ? sealed_text(call, it->key_id, "report.words_ct", words, &it->words) : OK;
}
