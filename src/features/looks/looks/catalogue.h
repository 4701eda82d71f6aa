#ifndef FEATURES_LOOKS_CATALOGUE_H
#define FEATURES_LOOKS_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a look can be made of: assets/looks/catalogue.json as tables, which tools/looks.py makes and
 * checks at build, so that no start can fail by it.  The limits of sliders are the same for
 * everybody, and nobody is younger than 18.
 */
enum {
    LOOKS_ID_MAX = 32,
    LOOKS_SLIDERS_MAX = 96,
    LOOKS_MARKS_MAX = 48,
    LOOKS_SLOTS_MAX = 20, /* one item in each, so nobody wears more */
    LOOKS_ITEMS_MAX = 1000,
    LOOKS_ZONES_MAX = 6,
};

/* Of the recipe, which says of a head what it says of a body. */
enum looks_part { LOOKS_BODY, LOOKS_FACE, LOOKS_PARTS };

struct looks_slider {
    const char *id;
    enum looks_part part;
    int16_t min, max; /* min <= 0 <= max */
};

struct looks_mark {
    const char *id;
    int16_t max;
};

struct looks_item {
    const char *id;
    uint8_t slot, zones, colours; /* colours: of its palette; 0 only without zones */
    bool patterns, free;          /* free: everybody's.  What tells of health or belief is. */
    bool intimate;                /* that is such a thing: never copied from somebody */
    uint32_t cover;               /* bits of the parts of a body that it covers */
    uint32_t barred_slots;        /* bits of slots: nothing in them goes with it */
    const uint16_t *barred;       /* the same of single items */
    size_t barred_count;
};

/* The colours of a ready avatar in its recipe: colour n is `colours`[n] of this item's palette. */
struct looks_tint {
    uint16_t item;
    const uint8_t *colours;
    size_t count; /* 0: nothing worn has it */
};

struct looks_preset {
    const char *id, *recipe;
    const struct looks_tint *tints; /* one a slot of the ready avatar */
    size_t tints_count;
};

struct looks_catalogue {
    const struct looks_slider *sliders;
    const struct looks_mark *marks;
    const char *const *slots;
    const struct looks_item *items;
    const uint16_t *by_id; /* places in `items`, in the order of ids */
    const struct looks_preset *presets;
    size_t sliders_count, marks_count, slots_count, items_count, presets_count;
    int skins, eyes, patterns;
    uint32_t trunk;    /* chest, hip and thigh: nobody is shown without */
    uint16_t usual[2]; /* what is put on then: a top and something for the legs */
};

/* The one of this build.  Weak: tests bring their own. */
const struct looks_catalogue *looks_catalogue(void);
/* NULL: there is none, any more or yet. */
const struct looks_item *looks_item(const struct looks_catalogue *of, const char *id);

#endif
