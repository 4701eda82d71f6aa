#include <string.h>

#include "features/looks/looks/recipe.h"

/* What becomes of a recipe that was read: covered, without what is not one's own, written. */

static const char *const parts[LOOKS_PARTS] = {"body", "face"};

bool looks_may_wear(const struct looks_item *item, const char *const *owned, size_t count)
{
    for (size_t i = 0; !item->free && i < count; i++) {
        if (strcmp(owned[i], item->id) == 0) {
            return true;
        }
    }
    return item->free;
}

const struct looks_item *looks_not_owned(const struct looks_recipe *recipe,
                                         const char *const *owned, size_t count)
{
    for (size_t slot = 0; slot < LOOKS_SLOTS_MAX; slot++) {
        const struct looks_item *item = recipe->worn[slot].item;
        if (item && !looks_may_wear(item, owned, count)) {
            return item;
        }
    }
    return NULL;
}

void looks_take_off(struct looks_recipe *recipe, const char *const *owned, size_t count)
{
    for (size_t slot = 0; slot < LOOKS_SLOTS_MAX; slot++) {
        const struct looks_item *item = recipe->worn[slot].item;
        if (item && !looks_may_wear(item, owned, count)) {
            recipe->worn[slot] = (struct looks_worn){0};
            recipe->lacks = true;
        }
    }
}

bool looks_go_together(const struct looks_catalogue *of, const struct looks_item *a,
                       const struct looks_item *b)
{
    if ((a->barred_slots >> b->slot & 1) || (b->barred_slots >> a->slot & 1)) {
        return false;
    }
    for (size_t i = 0; i < a->barred_count; i++) {
        if (&of->items[a->barred[i]] == b) {
            return false;
        }
    }
    for (size_t i = 0; i < b->barred_count; i++) {
        if (&of->items[b->barred[i]] == a) {
            return false;
        }
    }
    return true;
}

static uint32_t bare(const struct looks_catalogue *of, const struct looks_recipe *recipe)
{
    uint32_t bare = of->trunk;
    for (size_t slot = 0; slot < of->slots_count; slot++) {
        const struct looks_item *item = recipe->worn[slot].item;
        bare &= item ? ~item->cover : bare;
    }
    return bare;
}

static void put_on(const struct looks_catalogue *of, struct looks_recipe *recipe,
                   const struct looks_item *item)
{
    for (size_t slot = 0; slot < of->slots_count; slot++) {
        const struct looks_item *other = recipe->worn[slot].item;
        if (other && !looks_go_together(of, item, other)) {
            recipe->worn[slot] = (struct looks_worn){0};
        }
    }
    recipe->worn[item->slot] = (struct looks_worn){.item = item};
}

void looks_cover(const struct looks_catalogue *of, struct looks_recipe *recipe)
{
    /* Twice: what the second did not go with may have covered what the first would. */
    for (size_t i = 0; i < 2 * COUNT(of->usual); i++) {
        const struct looks_item *item = &of->items[of->usual[i % COUNT(of->usual)]];
        if (bare(of, recipe) & item->cover) {
            put_on(of, recipe, item);
        }
    }
}

void looks_preset(const struct looks_catalogue *of, const char *avatar,
                  const struct json_numbers *colours, struct looks_recipe *ret)
{
    const struct looks_preset *preset = of->presets_count ? of->presets : NULL;
    for (size_t i = 0; i < of->presets_count; i++) {
        preset = strcmp(of->presets[i].id, avatar) == 0 ? &of->presets[i] : preset;
    }
    *ret = (struct looks_recipe){0};
    if (preset) {
        looks_mend(of, preset->recipe, strlen(preset->recipe), ret);
        for (size_t i = 0; i < MIN(preset->tints_count, colours->count); i++) {
            const struct looks_tint *tint = &preset->tints[i];
            const struct looks_item *item = &of->items[tint->item];
            int64_t colour = colours->at[i];
            if (colour >= 0 && (uint64_t)colour < tint->count &&
                ret->worn[item->slot].item == item) {
                ret->worn[item->slot].colours[0] = tint->colours[colour];
            }
        }
    }
    looks_cover(of, ret);
}

/* ---- written ---- */

/* One member of an object; the first is opened with `open`, others with a comma. */
static void put_named(struct buf *out, const char *open, size_t *count, const char *id, int value)
{
    buf_puts(out, (*count)++ ? "," : open);
    buf_printf(out, "\"%s\":%d", id, value);
}

static void put_sliders(struct buf *out, const struct looks_catalogue *of,
                        const struct looks_recipe *recipe, enum looks_part part)
{
    size_t count = 0;
    for (size_t i = 0; i < of->sliders_count; i++) {
        if (of->sliders[i].part == part && recipe->sliders[i]) {
            if (!count) {
                buf_printf(out, ",\"%s\":", parts[part]);
            }
            put_named(out, "{", &count, of->sliders[i].id, recipe->sliders[i]);
        }
    }
    buf_puts(out, count ? "}" : "");
}

static void put_marks(struct buf *out, const struct looks_catalogue *of,
                      const struct looks_recipe *recipe)
{
    size_t count = 0;
    for (size_t i = 0; i < of->marks_count; i++) {
        if (recipe->marks[i]) {
            put_named(out, ",\"marks\":{", &count, of->marks[i].id, recipe->marks[i]);
        }
    }
    buf_puts(out, count ? "}" : "");
}

static void put_worn(struct buf *out, const struct looks_worn *worn)
{
    buf_printf(out, "{\"id\":\"%s\"", worn->item->id);
    size_t zones = worn->item->zones;
    while (zones > 0 && worn->colours[zones - 1] == 0) {
        zones--;
    }
    for (size_t i = 0; i < zones; i++) {
        buf_printf(out, "%s%d", i ? "," : ",\"colours\":[", worn->colours[i]);
    }
    buf_puts(out, zones ? "]" : "");
    if (worn->pattern) {
        buf_printf(out, ",\"pattern\":%d", worn->pattern);
        if (worn->pattern_colour) {
            buf_printf(out, ",\"pattern_colour\":%d", worn->pattern_colour);
        }
    }
    buf_puts(out, "}");
}

const char *looks_write(struct arena *arena, const struct looks_catalogue *of,
                        const struct looks_recipe *recipe, size_t *ret_len)
{
    struct buf out = {.arena = arena};
    size_t count = 0;
    buf_grow(&out, LOOKS_RECIPE_MAX);
    buf_printf(&out, "{\"v\":%d", LOOKS_VERSION);
    for (int part = 0; part < LOOKS_PARTS; part++) {
        put_sliders(&out, of, recipe, (enum looks_part)part);
    }
    if (recipe->skin) {
        buf_printf(&out, ",\"skin\":%d", recipe->skin);
    }
    if (recipe->eyes) {
        buf_printf(&out, ",\"eyes\":%d", recipe->eyes);
    }
    put_marks(&out, of, recipe);
    for (size_t slot = 0; slot < of->slots_count; slot++) {
        if (recipe->worn[slot].item) {
            buf_puts(&out, count++ ? "," : ",\"wear\":[");
            put_worn(&out, &recipe->worn[slot]);
        }
    }
    buf_puts(&out, count ? "]}" : "}");
    if (ret_len) {
        *ret_len = out.len;
    }
    while (out.len < LOOKS_RECIPE_MAX) {
        buf_put(&out, "                                ", MIN(32, LOOKS_RECIPE_MAX - out.len));
    }
    return out.at;
}
