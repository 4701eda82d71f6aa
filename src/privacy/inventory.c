#include "privacy/inventory.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

enum { ARENA_BYTES = 4 * 1024 * 1024 };

static bool is_copy(const struct inventory_table *tables, const char *name)
{
    for (; tables->name; tables++) {
        for (size_t i = 0; tables->copies[i]; i++) {
            if (strcmp(tables->copies[i], name) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool described(const struct inventory_table *tables, const struct store_column *live)
{
    for (const struct inventory_table *table = tables; table->name; table++) {
        for (size_t i = 0; strcmp(table->name, live->table) == 0 && table->columns[i].name; i++) {
            if (strcmp(table->columns[i].name, live->column) == 0) {
                return true;
            }
        }
    }
    return is_copy(tables, live->table);
}

static bool lives(const struct store_column *live, size_t count, const char *table,
                  const char *column)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(live[i].table, table) == 0 && strcmp(live[i].column, column) == 0) {
            return true;
        }
    }
    return false;
}

static enum err compare(const struct inventory_table *tables, const struct store_column *live,
                        size_t count, char ret_why[256])
{
    for (size_t i = 0; i < count; i++) {
        if (!described(tables, &live[i])) {
            snprintf(ret_why, 256,
                     live[i].column[0]
                         ? "The database has %.90s.%.90s, which the data inventory does not know."
                         : "The index %.90s%.90s copies data, and the data inventory does not "
                           "know it: name it in `copies`.",
                     live[i].table, live[i].column);
            return ERR_INVALID;
        }
    }
    for (; tables->name; tables++) {
        for (size_t i = 0; tables->columns[i].name; i++) {
            if (!lives(live, count, tables->name, tables->columns[i].name)) {
                snprintf(ret_why, 256,
                         "The data inventory describes %.90s.%.90s, which the "
                         "database does not have.",
                         tables->name, tables->columns[i].name);
                return ERR_INVALID;
            }
        }
    }
    return OK;
}

enum err inventory_matches(struct store *store, const struct inventory_table *tables,
                           char ret_why[256])
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct store_column *live = NULL;
    size_t count = 0;
    ASSERT_START(tables->name);
    snprintf(ret_why, 256, "The database's tables cannot be read.");
    enum err err = arena ? store_schema(store, arena, &live, &count) : ERR_BUSY;
    if (err == OK) {
        err = compare(tables, live, count, ret_why);
    }
    arena_free(arena);
    return err;
}

const char *inventory_store_of(const char *path)
{
    ASSERT_CODE(*path != '/'); /* below the data folder */
    for (const struct inventory_store *store = inventory_stores; store->id; store++) {
        for (size_t i = 0; store->globs[i]; i++) {
            if (fnmatch(store->globs[i], path, FNM_PATHNAME) == 0) {
                return store->id;
            }
        }
    }
    return NULL;
}
