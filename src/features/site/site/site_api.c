#include "api/api.h"

#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/time.h"
#include "features/site/site/site.h"

enum { NAME_MAX_ = 64, CHOICES = 40 };

static const struct api_limit looks = {"site settings", 120, TIME_MIN};
static const struct api_limit changes = {"site changes", 60, TIME_MIN};

struct choice {
    const char *value, *title;
};
struct view {
    const char *name, *group, *group_title, *title, *about, *kind, *unit, *value, *standard;
    const char *former, *fixed, *by;
    int64_t min, max, version, changed_ms;
    bool stored, unfit, undo;
    JSON_LIST_OF(struct choice) choices;
};
struct kept {
    struct site_stored *all;
    size_t count;
};

JSON_SHAPE(choice, "setting_choice", struct choice, J_TEXT(struct choice, value, 1, NAME_MAX_),
           J_TEXT(struct choice, title, 1, 100));
JSON_SHAPE(view, "setting", struct view, J_TEXT(struct view, name, 1, NAME_MAX_),
           J_TEXT(struct view, group, 1, NAME_MAX_), J_TEXT(struct view, group_title, 1, 100),
           J_TEXT(struct view, title, 1, 100), J_TEXT(struct view, about, 1, 500),
           J_CHOICE(struct view, kind, "text email number choice"),
           J_TEXT(struct view, unit, 1, 40, .flags = JSON_OPTIONAL),
           J_I64(struct view, min, 0, INT32_MAX, .about = "of a number, or of a text's characters"),
           J_I64(struct view, max, 0, INT32_MAX), J_LIST(struct view, choices, choice, CHOICES),
           J_TEXT(struct view, value, 0, SETTING_TEXT_MAX, .about = "what holds"),
           J_TEXT(struct view, standard, 0, SETTING_TEXT_MAX,
                  .about = "what would hold if nothing was set here"),
           J_CHOICE(struct view, fixed, "file environment flag", .flags = JSON_OPTIONAL,
                    .about = "who runs the machine has set it there: it cannot be changed here"),
           J_BOOL(struct view, stored, .about = "it was set here, and fits"),
           J_BOOL(struct view, unfit, .about = "what was set here does not fit: standard holds"),
           J_BOOL(struct view, undo, .about = "there is a former value that fits"),
           J_TEXT(struct view, former, 0, SETTING_TEXT_MAX, .flags = JSON_OPTIONAL,
                  .about = "with undo: null is the standard"),
           J_I64(struct view, version, 0, INT64_C(1) << 52, .about = "0: never set here"),
           J_TIME(struct view, changed_ms),
           J_TEXT(struct view, by, 3, 32, .flags = JSON_OPTIONAL,
                  .about = "who changed it; null at the machine, or when erased"));
JSON_ITEMS(views, "settings", view, SITE_ROWS_MAX);
JSON_SHAPE(wish, "setting_wish", struct site_change, J_TEXT(struct site_change, name, 1, NAME_MAX_),
           J_TEXT(struct site_change, value, 0, SETTING_TEXT_MAX, .flags = JSON_OPTIONAL,
                  .about = "null: as standard"),
           J_I64(struct site_change, version, 0, INT64_C(1) << 52,
                 .about = "as it was seen: another one is refused"));

/* A sentence of the row's own, in the reader's language: "setting.room_capacity_why". */
static const char *say(const struct call *call, const char *name, const char *more,
                       const char *last)
{
    return catalogue_text(call->actor.language,
                          arena_printf(call->arena, "setting.%s%s%s", name, more, last));
}

static void add_choices(const struct call *call, const struct setting *row, struct view *ret)
{
    size_t count = 0;
    if (row->kind != SETTING_KIND_CHOICE && row->kind != SETTING_KIND_BOOL) {
        return;
    }
    struct choice *all = arena_alloc(call->arena, CHOICES * sizeof(*all));
    for (const char *at = row->choices; *at && count < CHOICES; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        const char *value = arena_text(call->arena, at, len);
        bool own = row->kind == SETTING_KIND_CHOICE;
        all[count++] = (struct choice){value, own ? say(call, row->name, "_is_", value)
                                                  : say(call, "bool", "_is_", value)};
        at += len;
    }
    JSON_LIST_SET(ret->choices, all, count);
}

static const char *kind_of(const struct setting *row)
{
    if (row->kind == SETTING_KIND_NUMBER) {
        return "number";
    }
    if (row->kind != SETTING_KIND_TEXT) {
        return "choice";
    }
    return row->email ? "email" : "text";
}

static const char *fixed(enum setting_from from)
{
    switch (from) {
    case SETTING_FROM_STANDARD:
        return NULL;
    case SETTING_FROM_FILE:
        return "file";
    case SETTING_FROM_ENVIRONMENT:
        return "environment";
    case SETTING_FROM_FLAG:
        return "flag";
    }
    return NULL;
}

/* What the store says of it, if anything. */
static void add_stored(const struct call *call, const struct site_stored *stored, struct view *ret)
{
    enum err fits =
        stored->value ? settings_fits(call->settings, ret->name, stored->value) : ERR_MISSING;
    ret->stored = fits == OK;
    ret->unfit = fits == ERR_INVALID;
    ret->undo = !stored->former || settings_fits(call->settings, ret->name, stored->former) == OK;
    ret->former = ret->undo ? stored->former : NULL;
    ret->version = stored->version;
    ret->changed_ms = stored->changed_ms;
    ret->by = stored->by;
}

STEPS(get_settings, none, views, struct none, apply);
STEP(get_settings, apply)
{
    struct setting_view *rows = NULL;
    struct kept kept;
    size_t count = 0;
    TRY(site_stored(call, &kept.all, &kept.count));
    settings_views(call->settings, call->arena, &rows, &count);
    struct view *all = arena_alloc(call->arena, (count + 1) * sizeof(*all));
    for (size_t i = 0; i < count; i++) {
        const struct setting *row = rows[i].row;
        all[i] = (struct view){.name = row->name,
                               .group = row->group,
                               .group_title = say(call, "group_", row->group, ""),
                               .title = say(call, row->name, "", ""),
                               .about = say(call, row->name, "_why", ""),
                               .kind = kind_of(row),
                               .unit = row->unit ? say(call, "unit_", row->unit, "") : NULL,
                               .min = row->min,
                               .max = row->max,
                               .value = rows[i].value,
                               .standard = rows[i].standard,
                               .fixed = fixed(rows[i].from)};
        add_choices(call, row, &all[i]);
        for (size_t j = 0; j < kept.count; j++) {
            if (strcmp(kept.all[j].name, row->name) == 0) {
                add_stored(call, &kept.all[j], &all[i]);
            }
        }
    }
    JSON_LIST_SET(out->items, all, count);
    return OK;
}

STEPS(change, wish, none, struct site_change, prepare, apply);
STEP(change, prepare)
{
    *state = *in;
    return site_prepare(call, state);
}

STEP_IS(change, apply, site_apply(call, state));

/* ---- what an answer of the database that was lost left behind ---- */

JOB_STEPS(hold, struct kept, look, prepare);
STEP_IS(hold, look, site_stored(call, &state->all, &state->count));

STEP(hold, prepare)
{
    for (size_t i = 0; i < state->count; i++) {
        const struct site_stored *one = &state->all[i];
        if (settings_change(call->settings, one->name, one->value, one->version) == ERR_BUSY) {
            return ERR_BUSY;
        }
    }
    return OK;
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/admin/settings", API_ADMIN, API_TX_READ, 0, 200, &get_settings_steps,
     .limits = {&looks},
     .about = "What of the site may be set in the pages, how it stands, and what fixes it."},
    {"PUT", "/api/admin/settings/{name}", API_ADMIN, API_TX_WRITE, API_STEP_UP | API_PASSKEY, 204,
     &change_steps, .limits = {&changes},
     .about = "Set one; it holds at once. 409 where the operator fixed it, or it was changed."},
    {0},
};

static const struct job_kind jobs[] = {
    {"site.settings", 60000, 5, 60000, &hold_steps,
     .about = "What was stored although the answer was lost holds within a minute, too."},
    {0},
};
/* clang-format on */

extern const struct feature site_feature; /* named in features.gen.c */
const struct feature site_feature = {.name = "site", .routes = routes, .jobs = jobs};
