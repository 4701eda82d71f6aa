#include <stdio.h>
#include <string.h>

#include "store/backend.h"

/* Chooses the back end: stands above both, so that the door knows neither. */

enum err store_open(const struct store_options *options, struct store **ret, char ret_why[256])
{
    const char *url = options->url;
    struct store *store = NULL;
    if (strncmp(url, "sqlite:", 7) == 0 && url[7]) {
        TRY(store_open_sqlite(options, url + 7, &store, ret_why));
    } else if (strncmp(url, "postgres://", 11) == 0 || strncmp(url, "postgresql://", 13) == 0 ||
               strchr(url, '=')) {
        TRY(store_open_pg(options, &store, ret_why));
    } else {
        snprintf(ret_why, 256, "The database must be sqlite:PATH or postgres://…");
        return ERR_INVALID;
    }
    store->twice = options->twice;
    store->read_only = options->read_only;
    enum err err = writer_new(store, &store->writer);
    if (err != OK) {
        snprintf(ret_why, 256, "The store's writer thread does not start.");
        store->ops->close(store);
        return err;
    }
    *ret = store;
    return OK;
}

void store_close(struct store *store)
{
    if (store) {
        writer_free(store->writer);
        ASSERT_START(atomic_load(&store->conns) == 0);
        store->ops->close(store);
    }
}

bool store_is_sqlite(const struct store *store)
{
    return !store->ops->writes_here;
}
