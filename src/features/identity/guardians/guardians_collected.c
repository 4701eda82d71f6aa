#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "features/identity/guardians/guardians.h"
#include "privacy/inventory.h"

/*
 * What is collected and for what, for parents: the columns of the data inventory that a
 * member gets in an export, put together by category.
 */
struct word {
    const char *beginning, *key;
};

/* The first whose beginning fits; the last fits all that is personal. */
static const struct word kinds[] = {
    {"user.account.username", "guardians.data_username"},
    {"user.name", "guardians.data_name"},
    {"user.contact", "guardians.data_contact"},
    {"user.demographic.date_of_birth", "guardians.data_birth"},
    {"user.demographic.age_range", "guardians.data_birth"},
    {"user.demographic", "guardians.data_language"},
    {"user.location", "guardians.data_location"},
    {"user.authorization", "guardians.data_sign_in"},
    {"user.content", "guardians.data_content"},
    {"user.social", "guardians.data_social"},
    {"user.account", "guardians.data_account"},
    {"user.device", "guardians.data_device"},
    {"user.behavior", "guardians.data_behavior"},
    {"user.unique_id", "guardians.data_number"},
    {"user.", "guardians.data_other"},
};
static const struct word uses[] = {
    {"essential.service.authentication", "guardians.use_sign_in"},
    {"essential.service.security", "guardians.use_security"},
    {"essential.service.notifications", "guardians.use_mail"},
    {"essential.service", "guardians.use_service"},
    {"essential.legal_obligation", "guardians.use_law"},
    {"marketing", "guardians.use_marketing"},
    {"", "guardians.use_other"},
};

static size_t which(const struct word *words, size_t count, const char *id)
{
    size_t i = 0;
    while (i < count && strncmp(id, words[i].beginning, strlen(words[i].beginning)) != 0) {
        i++;
    }
    return i;
}

/* Staff are in the tables too; a parent is told of the child. */
static bool of_member(const char *role)
{
    return strcmp(role, "none") != 0 && strcmp(role, "officer") != 0 && strcmp(role, "giver") != 0;
}

/* By kind, the uses as bits. */
static void gather(unsigned ret_uses[COUNT(kinds)])
{
    for (const struct inventory_table *table = inventory_tables; table->name; table++) {
        for (const struct inventory_column *column = table->columns; column->name; column++) {
            if (!column->export || !of_member(column->subj)) {
                continue;
            }
            for (const char *const *cat = column->cat; *cat; cat++) {
                size_t kind = which(kinds, COUNT(kinds), *cat);
                if (kind < COUNT(kinds)) {
                    ret_uses[kind] |= 1U << which(uses, COUNT(uses), column->use);
                }
            }
        }
    }
}

static const char *use_words(struct call *call, unsigned bits)
{
    struct buf text = {.arena = call->arena};
    buf_puts(&text, "");
    for (size_t i = 0; i < COUNT(uses); i++) {
        if (bits & 1U << i) {
            buf_printf(&text, "%s%s", text.len ? ", " : "",
                       catalogue_text(call->actor.language, uses[i].key));
        }
    }
    return text.at;
}

void guardians_collected(struct call *call, struct guardians_collected **ret, size_t *ret_count)
{
    unsigned found[COUNT(kinds)] = {0};
    size_t count = 0;
    struct guardians_collected *all = arena_alloc(call->arena, COUNT(kinds) * sizeof(*all));
    gather(found);
    for (size_t kind = 0; kind < COUNT(kinds); kind++) {
        size_t same = count;
        const char *data = catalogue_text(call->actor.language, kinds[kind].key);
        unsigned bits = found[kind];
        if (kind > 0 && found[kind - 1] && strcmp(kinds[kind].key, kinds[kind - 1].key) == 0) {
            same = count - 1; /* two categories with the same words */
            bits |= found[kind - 1];
        }
        if (bits) {
            all[same] = (struct guardians_collected){data, use_words(call, bits)};
            count = MAX(count, same + 1);
        }
    }
    ASSERT_CODE(count <= COUNT(kinds));
    *ret = all;
    *ret_count = count;
}
