#include "privacy/keys_back.h"

/* Chooses where keys are kept: stands above both places. */
enum err keys_open(const struct keys_options *options, struct keys **ret,
                   char ret_why[KEYS_WHY_MAX])
{
    struct key_back *back = NULL;
    bool pg = options->url && *options->url;
    TRY(pg ? keys_pg_open(options, &back, ret_why) : keys_file_open(options, &back, ret_why));
    return keys_start(options, back, ret, ret_why);
}

enum err keys_compare(struct keys *keys, const int64_t *ids, size_t count, enum key_state *ret)
{
    struct key_row rows[KEYS_BATCH];
    size_t at = 0, have = KEYS_BATCH;
    for (int64_t from = count > 0 ? ids[0] : 0; at < count;
         from = have ? rows[have - 1].id + 1 : from) {
        TRY(keys_page(keys, from, ids[count - 1], rows, &have));
        for (size_t i = 0; i < have && at < count; i++) {
            for (; at < count && ids[at] < rows[i].id; at++) {
                ret[at] = KEY_GONE;
            }
            if (at < count && ids[at] == rows[i].id) {
                ret[at++] = rows[i].burned               ? KEY_BURNED
                            : keys_opens(keys, &rows[i]) ? KEY_GOOD
                                                         : KEY_DAMAGED;
            }
        }
        for (; have < KEYS_BATCH && at < count; at++) {
            ret[at] = KEY_GONE;
        }
    }
    return OK;
}
