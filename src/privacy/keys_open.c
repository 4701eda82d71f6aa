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

struct compared {
    const int64_t *ids;
    enum key_state *ret;
    size_t at, count; /* `at`: the first that is not judged yet */
};

/* Those of the list that this row tells of: what comes before it is gone. */
static void judge(const struct keys *keys, const struct key_row *row, struct compared *list)
{
    for (; list->at < list->count && list->ids[list->at] < row->id; list->at++) {
        list->ret[list->at] = KEY_GONE;
    }
    if (list->at < list->count && list->ids[list->at] == row->id) {
        list->ret[list->at++] = row->burned             ? KEY_BURNED
                                : keys_opens(keys, row) ? KEY_GOOD
                                                        : KEY_DAMAGED;
    }
}

enum err keys_compare(struct keys *keys, const int64_t *ids, size_t count, enum key_state *ret)
{
    struct key_row rows[KEYS_BATCH];
    struct compared list = {ids, ret, 0, count};
    size_t have = KEYS_BATCH;
    ASSERT_CODE(count <= KEYS_COMPARE_MAX);
    for (int64_t from = count > 0 ? ids[0] : 0; list.at < count && have == KEYS_BATCH;
         from = have ? rows[have - 1].id + 1 : from) {
        TRY(keys_page(keys, from, ids[count - 1], rows, &have));
        ASSERT_CODE(have <= KEYS_BATCH);
        for (size_t i = 0; i < have && list.at < count; i++) {
            judge(keys, &rows[i], &list);
        }
    }
    for (; list.at < count; list.at++) {
        ret[list.at] = KEY_GONE;
    }
    return OK;
}
