#include "features/looks/looks/recipe.h"

#include <string.h>

enum { LARGE = 1000000, WORN_ID = 1, WORN_COLOURS = 2, WORN_PATTERN = 4, WORN_PATTERN_COLOUR = 8 };

/* Where reading is.  `mends`: what is wrong is put right or left out instead of refused. */
struct reader {
    const struct looks_catalogue *of;
    struct looks_recipe *to;
    const char *at, *end, *code;
    bool mends;
    enum looks_part part;
    unsigned members, worn_members;
    bool sliders[LOOKS_SLIDERS_MAX], marks[LOOKS_MARKS_MAX];
    struct looks_worn worn; /* the item that is read */
    size_t colours;
    bool wrong_colour;
};

static bool broken(struct reader *r)
{
    r->code = r->code ? r->code : "looks.form";
    return false;
}

/* True: it goes on without what is wrong. */
static bool refuse(struct reader *r, const char *code)
{
    r->code = r->mends ? r->code : code;
    r->to->lacks = r->to->lacks || r->mends;
    return r->mends;
}

/* ---- JSON, as far as a recipe has it ---- */

static void blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t')) {
        r->at++;
    }
}

static bool take(struct reader *r, char wanted)
{
    blanks(r);
    if (r->at < r->end && *r->at == wanted) {
        r->at++;
        return true;
    }
    return false;
}

/* "" for a word that is too long to be one of ours. */
static bool word(struct reader *r, char ret[LOOKS_ID_MAX + 1])
{
    size_t len = 0;
    if (!take(r, '"')) {
        return broken(r);
    }
    for (; r->at < r->end && *r->at != '"'; r->at++) {
        char c = *r->at;
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) {
            return broken(r);
        }
        if (len < LOOKS_ID_MAX) {
            ret[len] = c;
        }
        len++;
    }
    ret[len <= LOOKS_ID_MAX ? len : 0] = '\0';
    return take(r, '"') || broken(r);
}

static bool name(struct reader *r, char ret[LOOKS_ID_MAX + 1])
{
    return word(r, ret) && (take(r, ':') || broken(r));
}

/* LARGE and more is as good as LARGE: beyond all limits. */
static bool number(struct reader *r, int *ret)
{
    bool minus = take(r, '-');
    const char *from = r->at;
    int value = 0;
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
        value = value < LARGE ? value * 10 + (*r->at - '0') : value;
    }
    if (r->at == from || (*from == '0' && r->at - from > 1)) {
        return broken(r);
    }
    *ret = minus ? -value : value;
    return true;
}

static bool each(struct reader *r, char open, char close, bool (*one)(struct reader *r))
{
    if (!take(r, open)) {
        return broken(r);
    }
    if (take(r, close)) {
        return true;
    }
    do {
        if (!one(r)) {
            return false;
        }
    } while (take(r, ','));
    return take(r, close) || broken(r);
}

/* A number from min to max; the nearer of the two where what was kept is outside. */
static bool bounded(struct reader *r, int min, int max, int16_t *ret)
{
    int value = 0;
    if (!number(r, &value)) {
        return false;
    }
    if ((value < min || value > max) && !refuse(r, "looks.range")) {
        return false;
    }
    *ret = (int16_t)(value < min ? min : value > max ? max : value);
    return true;
}

/* ---- its members ---- */

/* Of a name that is not there, or stood there already. */
static bool pass_over(struct reader *r, const char *code)
{
    int value = 0;
    return refuse(r, code) && number(r, &value);
}

static bool read_slider(struct reader *r)
{
    char id[LOOKS_ID_MAX + 1];
    if (!name(r, id)) {
        return false;
    }
    for (size_t i = 0; i < r->of->sliders_count; i++) {
        const struct looks_slider *slider = &r->of->sliders[i];
        if (slider->part == r->part && strcmp(slider->id, id) == 0) {
            if (r->sliders[i]) {
                return pass_over(r, "looks.twice");
            }
            r->sliders[i] = true;
            return bounded(r, slider->min, slider->max, &r->to->sliders[i]);
        }
    }
    return pass_over(r, "looks.unknown");
}

static bool read_mark(struct reader *r)
{
    char id[LOOKS_ID_MAX + 1];
    if (!name(r, id)) {
        return false;
    }
    for (size_t i = 0; i < r->of->marks_count; i++) {
        if (strcmp(r->of->marks[i].id, id) == 0) {
            if (r->marks[i]) {
                return pass_over(r, "looks.twice");
            }
            r->marks[i] = true;
            return bounded(r, 0, r->of->marks[i].max, &r->to->marks[i]);
        }
    }
    return pass_over(r, "looks.unknown");
}

static bool read_colour(struct reader *r)
{
    int value = 0;
    if (!number(r, &value)) {
        return false;
    }
    bool fits = r->worn.item && r->colours < r->worn.item->zones && value >= 0 &&
                value < r->worn.item->colours;
    if (fits) {
        r->worn.colours[r->colours] = (uint8_t)value;
    }
    r->wrong_colour = r->wrong_colour || !fits;
    r->colours++;
    return true;
}

static bool read_of_worn(struct reader *r)
{
    static const struct {
        const char *id;
        unsigned bit;
    } members[] = {{"id", WORN_ID},
                   {"colours", WORN_COLOURS},
                   {"pattern", WORN_PATTERN},
                   {"pattern_colour", WORN_PATTERN_COLOUR}};
    char id[LOOKS_ID_MAX + 1];
    unsigned bit = 0;
    if (!name(r, id)) {
        return false;
    }
    for (size_t i = 0; i < COUNT(members); i++) {
        bit = strcmp(members[i].id, id) == 0 ? members[i].bit : bit;
    }
    if (!bit || (r->worn_members & bit)) {
        r->code = bit ? "looks.twice" : "looks.unknown";
        return false;
    }
    if (!(r->worn_members & WORN_ID) && bit != WORN_ID) {
        return broken(r);
    }
    r->worn_members |= bit;
    if (bit == WORN_ID) {
        if (!word(r, id)) {
            return false;
        }
        r->worn.item = looks_item(r->of, id);
        return r->worn.item || refuse(r, "looks.item");
    }
    if (bit == WORN_COLOURS) {
        return each(r, '[', ']', read_colour);
    }
    return bounded(r, 0, INT16_MAX,
                   bit == WORN_PATTERN ? &r->worn.pattern : &r->worn.pattern_colour);
}

static bool goes_with_all(const struct reader *r)
{
    for (size_t slot = 0; slot < r->of->slots_count; slot++) {
        const struct looks_item *other = r->to->worn[slot].item;
        if (other && !looks_go_together(r->of, r->worn.item, other)) {
            return false;
        }
    }
    return true;
}

/* Its colours and pattern; false: refused. */
static bool judge_paint(struct reader *r)
{
    const struct looks_item *item = r->worn.item;
    if (r->wrong_colour && !refuse(r, "looks.colours")) {
        return false;
    }
    bool can = item->patterns && r->worn.pattern < r->of->patterns &&
               r->worn.pattern_colour < MAX(item->colours, 1);
    bool has = (r->worn_members & (WORN_PATTERN | WORN_PATTERN_COLOUR)) != 0;
    if (has && !can && !refuse(r, "looks.pattern")) {
        return false;
    }
    if (!can || r->worn.pattern == 0) {
        r->worn.pattern = r->worn.pattern_colour = 0;
    }
    return true;
}

static bool read_worn(struct reader *r)
{
    r->worn = (struct looks_worn){0};
    r->worn_members = 0;
    r->colours = 0;
    r->wrong_colour = false;
    if (!each(r, '{', '}', read_of_worn)) {
        return false;
    }
    if (!r->worn.item) {
        return r->worn_members & WORN_ID ? refuse(r, "looks.item") : broken(r);
    }
    if (!judge_paint(r)) {
        return false;
    }
    struct looks_worn *place = &r->to->worn[r->worn.item->slot];
    if (place->item) {
        return refuse(r, "looks.slot");
    }
    if (!goes_with_all(r)) {
        return refuse(r, "looks.excludes");
    }
    *place = r->worn;
    return true;
}

static bool read_version(struct reader *r)
{
    int version = 0;
    if (!number(r, &version)) {
        return false;
    }
    if (version != LOOKS_VERSION) { /* nothing is known of what follows */
        r->code = "looks.version";
        return false;
    }
    return true;
}

static bool read_body(struct reader *r)
{
    r->part = LOOKS_BODY;
    return each(r, '{', '}', read_slider);
}

static bool read_face(struct reader *r)
{
    r->part = LOOKS_FACE;
    return each(r, '{', '}', read_slider);
}

static bool read_skin(struct reader *r)
{
    return bounded(r, 0, r->of->skins - 1, &r->to->skin);
}

static bool read_eyes(struct reader *r)
{
    return bounded(r, 0, r->of->eyes - 1, &r->to->eyes);
}

static bool read_marks(struct reader *r)
{
    return each(r, '{', '}', read_mark);
}

static bool read_wear(struct reader *r)
{
    return each(r, '[', ']', read_worn);
}

static bool read_member(struct reader *r)
{
    static const struct {
        const char *id;
        bool (*read)(struct reader *r);
    } members[] = {{"v", read_version}, {"body", read_body}, {"face", read_face},
                   {"skin", read_skin}, {"eyes", read_eyes}, {"marks", read_marks},
                   {"wear", read_wear}};
    char id[LOOKS_ID_MAX + 1];
    if (!name(r, id)) {
        return false;
    }
    for (size_t i = 0; i < COUNT(members); i++) {
        if (strcmp(members[i].id, id) != 0) {
            continue;
        }
        if (r->members >> i & 1) {
            r->code = "looks.twice";
            return false;
        }
        if (i > 0 && !(r->members & 1)) {
            r->code = "looks.version"; /* it stands first: what follows goes by it */
            return false;
        }
        r->members |= 1U << i;
        return members[i].read(r);
    }
    r->code = r->members & 1 ? "looks.unknown" : "looks.version";
    return false;
}

static void read_all(struct reader *r)
{
    if (!each(r, '{', '}', read_member)) {
        return;
    }
    blanks(r);
    if (r->at != r->end) {
        broken(r);
    } else if (!(r->members & 1)) {
        r->code = "looks.version";
    }
}

const char *looks_read(const struct looks_catalogue *of, const char *text, size_t len,
                       struct looks_recipe *ret)
{
    struct looks_recipe recipe = {0};
    struct reader r = {.of = of, .to = &recipe, .at = text, .end = text + len};
    if (len > LOOKS_RECIPE_MAX) {
        return "looks.long";
    }
    read_all(&r);
    if (!r.code) {
        *ret = recipe;
    }
    return r.code;
}

void looks_mend(const struct looks_catalogue *of, const char *text, size_t len,
                struct looks_recipe *ret)
{
    struct reader r = {.of = of, .to = ret, .at = text, .end = text + len, .mends = true};
    *ret = (struct looks_recipe){0};
    read_all(&r);
    ret->lacks = ret->lacks || r.code;
}
