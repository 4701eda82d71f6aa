#ifndef FEATURES_LOOKS_LOOKS_SMALL_TEST_H
#define FEATURES_LOOKS_LOOKS_SMALL_TEST_H

#include "base/err.h"
#include "features/looks/looks/catalogue.h"

/* A catalogue for tests, with things that are not free; what the real one has may change. */
enum { S_HAIR, S_LEGS, S_TOP, S_DRESS, S_HEAD, S_HEARING, S_LIMB, S_HAND };
enum { COVERS_CHEST = 1, COVERS_HIP = 2, COVERS_THIGH = 4, COVERS_ARM = 8 };
enum {
    I_BOB,
    I_JEANS,
    I_KILT,
    I_TEE,
    I_GOWN,
    I_DRESS,
    I_SASH,
    I_CROWN,
    I_SCARF,
    I_AID,
    I_LIMB,
    I_CANE
};

static const struct looks_slider small_sliders[] = {{"age", LOOKS_BODY, 0, 100},
                                                    {"build", LOOKS_BODY, -100, 100},
                                                    {"jaw_width", LOOKS_FACE, -100, 100},
                                                    {"size", LOOKS_BODY, -50, 50}};
static const struct looks_mark small_marks[] = {{"freckles", 100}, {"scars", 4}};
static const char *const small_slots[] = {"hair", "legs",    "top",  "dress",
                                          "head", "hearing", "limb", "hand"};
static const uint16_t small_crown_bars[] = {I_BOB};
static const struct looks_item small_items[] = {
    {"bob", S_HAIR, 1, 10, false, true, false, 0, 0, NULL, 0},
    {"jeans", S_LEGS, 2, 16, true, true, false, COVERS_HIP | COVERS_THIGH, 0, NULL, 0},
    {"kilt", S_LEGS, 1, 16, true, false, false, COVERS_HIP | COVERS_THIGH, 0, NULL, 0},
    {"tee", S_TOP, 2, 16, true, true, false, COVERS_CHEST, 1 << S_DRESS, NULL, 0},
    {"gown", S_TOP, 1, 16, false, false, false, COVERS_CHEST | COVERS_ARM, 0, NULL, 0},
    {"dress", S_DRESS, 1, 16, true, true, false, COVERS_CHEST | COVERS_HIP | COVERS_THIGH,
     1 << S_LEGS | 1 << S_TOP, NULL, 0},
    {"sash", S_DRESS, 0, 0, false, true, false, COVERS_CHEST, 1 << S_LEGS, NULL, 0},
    {"crown", S_HEAD, 1, 4, false, false, false, 0, 0, small_crown_bars, 1},
    {"headscarf", S_HEAD, 1, 16, true, true, true, 0, 0, NULL, 0},
    {"hearing_aids", S_HEARING, 1, 16, false, true, true, 0, 0, NULL, 0},
    {"prosthesis", S_LIMB, 1, 16, false, true, true, 0, 0, NULL, 0},
    {"cane", S_HAND, 1, 16, false, true, true, 0, 0, NULL, 0},
};
static const uint16_t small_by_id[] = {I_BOB, I_CANE,  I_CROWN, I_DRESS, I_GOWN, I_SCARF,
                                       I_AID, I_JEANS, I_KILT,  I_LIMB,  I_SASH, I_TEE};
static const uint8_t small_tint[] = {3, 4, 5};
static const struct looks_tint small_tints[] = {{I_TEE, small_tint, 3}, {I_KILT, small_tint, 3}};
static const struct looks_preset small_presets[] = {
    {"mia",
     "{\"v\":1,\"skin\":1,\"wear\":[{\"id\":\"bob\",\"colours\":[2]},{\"id\":\"jeans\","
     "\"colours\":[12,0]},{\"id\":\"tee\",\"colours\":[0,7]}]}",
     small_tints, COUNT(small_tints)},
    {"budi", "{\"v\":1,\"skin\":5,\"wear\":[{\"id\":\"dress\",\"colours\":[1]}]}", NULL, 0}};
/* clang-format off: the same but for what is in it */
#define SMALL_OF(by_id_, items_count_)                                                \
    {                                                                                 \
        .sliders = small_sliders, .marks = small_marks, .slots = small_slots,         \
        .items = small_items, .by_id = by_id_, .presets = small_presets,              \
        .sliders_count = COUNT(small_sliders), .marks_count = COUNT(small_marks),     \
        .slots_count = COUNT(small_slots), .items_count = items_count_,               \
        .presets_count = COUNT(small_presets), .skins = 12, .eyes = 6, .patterns = 4, \
        .trunk = COVERS_CHEST | COVERS_HIP | COVERS_THIGH, .usual = {I_JEANS, I_TEE}, \
    }
/* clang-format on */
static const struct looks_catalogue small = SMALL_OF(small_by_id, COUNT(small_items));

#endif
