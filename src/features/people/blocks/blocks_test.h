#ifndef FEATURES_BLOCKS_BLOCKS_TEST_H
#define FEATURES_BLOCKS_BLOCKS_TEST_H

#include <stdio.h>
#include <string.h>

#include "features/identity/names/names.h"
#include "features/people/blocks/blocks.h"
#include "store/store.h"
#include "tests/support/members.h"

extern const struct feature blocks_feature;

UNUSED static enum err form_names(struct call *call, void *arg)
{
    struct world *w = arg;
    for (int who = ANA; who < PEOPLE; who++) {
        struct rows rows;
        struct name_forms forms;
        SQL(test_name, "SELECT avatar_name FROM account WHERE id = $1");
        SQL(test_forms, "UPDATE account SET name_skeleton = $2, name_look = $3 WHERE id = $1");
        TRY(store_run(call, &test_name, BIND(I64(w->account_ids[who])), &rows));
        TRY(names_forms(call, row_text(&rows, 0, 0), &forms));
        TRY(store_run(call, &test_forms,
                      BIND(I64(w->account_ids[who]), TEXT(forms.skeleton), TEXT(forms.look)),
                      NULL));
    }
    return OK;
}

/* Names as they are typed are found by what they read like. */
UNUSED static void names_are_real(struct world *w)
{
    assert_int_equal(world_do(w, ANA, form_names, w), OK);
}

UNUSED static int block(struct world *w, int who, int whom)
{
    char json[96];
    snprintf(json, sizeof(json), "{\"id\":\"%s\"}", w->public_ids[whom]);
    return world_send(w, who, "POST", "/api/blocks", json);
}

UNUSED static int block_named(struct world *w, int who, const char *name)
{
    char json[200];
    snprintf(json, sizeof(json), "{\"name\":\"%s\"}", name);
    return world_send(w, who, "POST", "/api/blocks", json);
}

/* By its id in the list. */
UNUSED static int unblock_entry(struct world *w, int who, const char *id)
{
    return world_sendf(w, who, "DELETE", NULL, "/api/blocks/%s", id);
}

UNUSED static int unblock(struct world *w, int who, int whom)
{
    return unblock_entry(w, who, w->public_ids[whom]);
}

#endif
