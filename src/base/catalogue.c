#include "base/catalogue.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int by_key(const void *key, const void *entry)
{
    return strcmp(key, ((const struct catalogue_entry *)entry)->key);
}

const char *catalogue_text(const char *language, const char *key)
{
    const struct catalogue_entry *entry =
        bsearch(key, catalogue, catalogue_count, sizeof(*catalogue), by_key);
    if (!entry) {
        return key;
    }
    for (size_t i = 0; catalogue_languages[i]; i++) {
        if (strcmp(catalogue_languages[i], language) == 0) {
            return entry->texts[i];
        }
    }
    return entry->texts[0];
}

/* The weight of "id;q=0.8" in thousandths; 1000 without a q. */
static int weight(const char *from, size_t len)
{
    const char *q = memmem(from, len, "q=", 2);
    double value = q ? strtod(q + 2, NULL) : 1;
    return value >= 0 && value <= 1 ? (int)(value * 1000)
                                    : 0; /* what is no weight weighs nothing */
}

const char *catalogue_language(const char *wanted)
{
    const char *best = catalogue_languages[0];
    int best_weight = 0;
    for (const char *at = wanted; *at; at += strspn(at, ", ")) {
        size_t len = strcspn(at, ",");
        size_t tag = strcspn(at, "-;, ");
        for (size_t i = 0; catalogue_languages[i]; i++) {
            if (strlen(catalogue_languages[i]) == tag &&
                strncasecmp(at, catalogue_languages[i], tag) == 0 &&
                weight(at, len) > best_weight) {
                best = catalogue_languages[i];
                best_weight = weight(at, len);
            }
        }
        at += len;
    }
    return best;
}
