#include <string.h>

#include "features/common/prose/prose.h"
#include "features/looks/looks/looks_inner.h"

/* What somebody wrote of their look, for whoever does not see it; and how it is reported. */

struct found {
    struct looks_found look;
    bool unseen; /* hidden by a block, or ended: nothing but the name is kept */
};

void looks_pad(struct buf *out, size_t size)
{
    while (out->len < size) {
        buf_puts(out, " ");
    }
}

const char *looks_unpad(struct call *call, const char *text)
{
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ') {
        len--;
    }
    return arena_text(call->arena, text, len);
}

enum err looks_words_open(struct call *call, struct sealed words, int64_t account_id,
                          const char **ret)
{
    const char *text = NULL;
    TRY(sealed_open_row(call, words, "look.words_ct", account_id, &text));
    *ret = text ? looks_unpad(call, text) : NULL;
    return OK;
}

enum err looks_take_words(struct call *call, const char *words, struct looks_change *change)
{
    const char *clean = NULL;
    struct buf padded = {.arena = call->arena};
    change->words = NULL;
    if (!words) {
        return OK;
    }
    TRY(prose_clean(call, "words", words, LOOKS_WORDS_MAX, false, &clean));
    if (strlen(clean) > LOOKS_WORDS_MAX) {
        return call_fail_field(call, ERR_INVALID, "input.length", "words");
    }
    if (!*clean) {
        return OK;
    }
    change->words = clean;
    buf_puts(&padded, clean);
    looks_pad(&padded, LOOKS_WORDS_MAX);
    return sealed_row(call, change->key_id, "look.words_ct", change->account_id, padded.at,
                      &change->words_sealed);
}

const char *looks_words_write(struct call *call, const char *words)
{
    struct buf out = {.arena = call->arena};
    buf_puts(&out, words ? "\"" : "null");
    for (const char *at = words; at && *at; at++) { /* prose: no character below a blank */
        buf_puts(&out, *at == '"' || *at == '\\' ? "\\" : "");
        buf_put(&out, at, 1);
    }
    buf_puts(&out, words ? "\"" : "");
    looks_pad(&out, LOOKS_WORDS_SENT);
    return out.at;
}

static enum err reaching(struct call *call, const struct looks_found *found, const char **ret)
{
    *ret = NULL;
    if (!contact_reaches(&found->between, "everyone", true)) {
        return OK;
    }
    enum err err = looks_words_open(call, found->words, found->account_id, ret);
    if (err == ERR_MISSING || err == ERR_BROKEN) { /* what can't be read is not said */
        call->fail_code = NULL;
        err = OK;
    }
    return err;
}

enum err looks_words_show(struct call *call, const struct looks_found *found, const char **ret)
{
    const char *words = NULL;
    TRY(reaching(call, found, &words));
    *ret = looks_words_write(call, words);
    return OK;
}

/* ---- reported ---- */

static enum err look(struct call *call, const struct capture_wish *wish, struct capture *ret)
{
    TRY(capture_of(call, wish, ret));
    struct found *found = arena_alloc(call->arena, sizeof(*found));
    ret->found = found;
    enum err err = looks_find_person(call, wish->id, &found->look);
    if (err == ERR_MISSING) {
        call->fail_code = NULL;
        found->unseen = true;
        err = OK;
    }
    return err;
}

static enum err open_words(struct call *call, const struct capture *it, struct captured *ret)
{
    const struct found *found = it->found;
    const char *words = NULL;
    *ret = (struct captured){.name = it->name};
    if (!found->unseen) {
        TRY(reaching(call, &found->look, &words));
    }
    if (words) {
        struct capture_field *field = arena_alloc(call->arena, sizeof(*field));
        *field = (struct capture_field){"look_words", words};
        ret->fields.items = field;
        ret->fields.count = 1;
    }
    return OK;
}

const struct capture_kind looks_captures[] = {
    {.name = "look", .look = look, .open = open_words, .empty = looks_empty},
    {0},
};
