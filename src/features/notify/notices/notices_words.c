#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/settings.h"
#include "features/notify/notices/notices_inner.h"

struct word {
    const char *mark, *text;
};

static const char *fill(struct call *call, const char *text, const struct word *words, size_t count)
{
    struct buf out = {.arena = call->arena};
    buf_puts(&out, "");
    while (*text) {
        size_t plain = strcspn(text, "{"), i = 0;
        buf_put(&out, text, plain);
        text += plain;
        while (i < count && strncmp(text, words[i].mark, strlen(words[i].mark)) != 0) {
            i++;
        }
        if (i < count) {
            buf_puts(&out, words[i].text);
            text += strlen(words[i].mark);
        } else if (*text) {
            buf_put(&out, text++, 1);
        }
    }
    return out.at;
}

/* The catalogue's text, or NULL when it has none. */
static const char *sentence(struct call *call, const char *language, const char *kind,
                            const char *part)
{
    const char *key = arena_printf(call->arena, "%s.%s", kind, part);
    const char *text = catalogue_text(language, key);
    return strcmp(text, key) == 0 ? NULL : text;
}

const char *notices_text(struct call *call, const char *language, const char *kind,
                         const char *name, int64_t count)
{
    const char *text = count > 1 ? sentence(call, language, kind, "notice_many") : NULL;
    text = text ? text : sentence(call, language, kind, "notice");
    const struct word words[] = {
        {"{name}", name ? name : catalogue_text(language, "notices.somebody")},
        {"{count}", arena_printf(call->arena, "%" PRId64, count)},
        {"{site}", call->settings->site_name},
    };
    return fill(call, text ? text : catalogue_text(language, "notices.other"), words, COUNT(words));
}

const struct notice_kind *notices_kind(const char *name)
{
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct notice_kind *row = (*feature)->notices; row && row->name; row++) {
            if (strcmp(row->name, name) == 0) {
                return row;
            }
        }
    }
    return NULL;
}

const char *notices_path(struct call *call, const char *kind, const char *target)
{
    const struct notice_kind *row = notices_kind(kind);
    const struct word words[] = {{"{target}", target}};
    return row ? fill(call, row->path, words, COUNT(words)) : "/notices";
}
