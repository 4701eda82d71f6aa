#include "tests/blocks/words.h"

#include "tests/support/world.h"

enum { ROWS_MAX = 1000 };

static const struct words_row live_words[] = {
    {"live", "t room", WORDS_NOBODY, WORDS_REFERS},
    {"live", "cid", WORDS_OWN, "finds the answer to what one sent"},
    {"live", "text", WORDS_PLACE, "a room, for who is in it"},
    {NULL},
};

static struct words_row rows[ROWS_MAX];
static size_t count;

static void add_all(const struct words_row *row)
{
    for (; row->route; row++) {
        assert_true(count < ROWS_MAX - 1);
        rows[count++] = *row;
    }
}

const struct words_row *words_rows(void)
{
    if (count == 0) {
        add_all(live_words);
        for (const struct words_row *const *list = words_lists; *list; list++) {
            add_all(*list);
        }
    }
    return rows;
}
