#include "features/looks/looks/catalogue.h"

#include <string.h>

extern const struct looks_catalogue looks_made; /* looks.gen.c */

__attribute__((weak)) const struct looks_catalogue *looks_catalogue(void)
{
    return &looks_made;
}

const struct looks_item *looks_item(const struct looks_catalogue *of, const char *id)
{
    size_t low = 0, high = of->items_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct looks_item *item = &of->items[of->by_id[middle]];
        int order = strcmp(item->id, id);
        if (order == 0) {
            return item;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return NULL;
}
