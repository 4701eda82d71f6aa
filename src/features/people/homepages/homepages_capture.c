#include "base/arena.h"
#include "features/common/captures/captures.h"
#include "features/people/homepages/homepages.h"
#include "features/people/profiles/profiles.h"

/* Somebody's page, reported: what they say of themselves, their homepage and its guest book. */

struct found {
    struct profiles_card card;
    struct homepages_page page;
    struct homepages_book book;
    bool unseen; /* hidden by a block, or ended: nothing but the name is kept */
};

_Static_assert((int)CAPTURE_FIELDS_MAX >= (int)PROFILES_SHOWN_MAX, "all that a profile shows");
_Static_assert((int)CAPTURE_BLOCKS_MAX >= (int)HOMEPAGES_BLOCKS_MAX, "and a homepage");
_Static_assert((int)CAPTURE_ENTRIES_MAX >= (int)HOMEPAGES_PAGE, "and a guest book");

static enum err look(struct call *call, const struct capture_wish *wish, struct capture *ret)
{
    TRY(capture_of(call, wish, ret));
    struct found *found = arena_alloc(call->arena, sizeof(*found));
    ret->found = found;
    const struct contact_viewer me = {.id = call->actor.id};
    enum err err = profiles_find(call, &me, wish->id, &found->card);
    if (err == ERR_MISSING) { /* hidden or ended: nothing is seen of them, but it is reported */
        call->fail_code = NULL;
        found->unseen = true;
        return OK;
    }
    TRY(err);
    TRY(homepages_find(call, &me, wish->id, &found->page));
    return homepages_book(call, wish->id, 0, &found->book);
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

static enum err open_page(struct call *call, const struct capture *it, struct captured *ret)
{
    const struct found *found = it->found;
    struct profiles_field *fields = arena_alloc(call->arena, PROFILES_SHOWN_MAX * sizeof(*fields));
    struct homepages_block *blocks =
        arena_alloc(call->arena, HOMEPAGES_BLOCKS_MAX * sizeof(*blocks));
    struct homepages_entry *entries = arena_alloc(call->arena, HOMEPAGES_PAGE * sizeof(*entries));
    struct capture_field *values = arena_alloc(call->arena, PROFILES_SHOWN_MAX * sizeof(*values));
    struct capture_field *parts = arena_alloc(call->arena, HOMEPAGES_BLOCKS_MAX * sizeof(*parts));
    struct capture_entry *lines = arena_alloc(call->arena, HOMEPAGES_PAGE * sizeof(*lines));
    size_t fields_count = 0, blocks_count = 0, entries_count = 0;
    *ret = (struct captured){.name = it->name, .style = "plain"};
    if (found->unseen) {
        return OK;
    }
    TRY(profiles_open(call, &found->card, false, fields, &fields_count));
    TRY(homepages_open(call, &found->page, blocks, &blocks_count));
    TRY(homepages_book_open(call, &found->book, entries, &entries_count));
    for (size_t i = 0; i < fields_count; i++) {
        values[i] = (struct capture_field){fields[i].name, fields[i].value};
    }
    for (size_t i = 0; i < blocks_count; i++) {
        const char *text = blocks[i].text ? blocks[i].text : names_in(call, &blocks[i]);
        parts[i] = (struct capture_field){blocks[i].kind, text};
    }
    for (size_t i = 0; i < entries_count; i++) {
        lines[i] = (struct capture_entry){entries[i].from.name, entries[i].text, entries[i].at};
    }
    *ret = (struct captured){.name = it->name,
                             .style = found->page.style ? found->page.style : "plain",
                             .fields = {values, fields_count},
                             .blocks = {parts, blocks_count},
                             .entries = {lines, entries_count}};
    return OK;
}

static enum err empty(struct call *call, int64_t account_id)
{
    TRY(homepages_empty(call, account_id));
    return profiles_empty(call, account_id);
}

const struct capture_kind homepages_captures[] = {
    {.name = "page", .look = look, .open = open_page, .empty = empty},
    {0},
};
