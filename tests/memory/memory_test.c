#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/log.h"
#include "store/store.h"
#include "tests/support/world.h"

/*
 * Memory that ends: every call is refused its first piece of memory, then its second, and so on to
 * the last.  Each time it is answered, nothing of it is written, and the next call finds all as it
 * was.  What it held meanwhile the sanitizer looks for.  Nobody needs to write a row here for a
 * new route that reads.
 */
enum { TABLES_MAX = 200, PIECES_MAX = 4000 };

static struct sql tables[TABLES_MAX];

static enum err add_rows(struct call *call, const struct sql *sql, uint64_t *sum)
{
    struct rows rows;
    TRY(store_run(call, sql, NO_BIND, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        uint64_t hash = 0xcbf29ce484222325;
        for (size_t col = 0; col < rows.cols; col++) {
            const struct val *val = &rows.cells[i * rows.cols + col];
            const uint8_t *at = val->at;
            size_t len = val->kind == VAL_TEXT ? strlen(val->at) : val->len;
            hash = (hash ^ (uint64_t)val->i64 ^ (uint64_t)val->kind) * 0x100000001b3;
            for (size_t b = 0; at && b < len; b++) {
                hash = (hash ^ at[b]) * 0x100000001b3;
            }
        }
        *sum += hash; /* in whatever order they come */
    }
    return OK;
}

static enum err add_all(struct call *call, void *arg)
{
    for (size_t i = 0; i < TABLES_MAX && tables[i].name; i++) {
        struct arena_mark mark = arena_mark(call->arena);
        uint64_t sum = i;
        TRY(add_rows(call, &tables[i], &sum));
        *(uint64_t *)arg = (*(uint64_t *)arg ^ sum) * 0x100000001b3;
        arena_rewind(call->arena, mark);
    }
    return OK;
}

/* All rows of all tables in one number. */
static uint64_t everything(struct world *w)
{
    uint64_t sum = 0;
    assert_int_equal(world_do(w, NOBODY, add_all, &sum), OK);
    return sum;
}

static void find_tables(struct world *w)
{
    struct store_column *columns = NULL;
    size_t count = 0, found = 0;
    assert_int_equal(store_schema(w->store.store, w->kept, &columns, &count), OK);
    memset(tables, 0, sizeof(tables));
    for (size_t i = 0; i < count; i++) {
        bool first = i == 0 || strcmp(columns[i].table, columns[i - 1].table) != 0;
        if (first && *columns[i].column && strncmp(columns[i].table, "sqlite", 6) != 0) {
            assert_true(found < TABLES_MAX - 1);
            tables[found++] = (struct sql){
                .name = columns[i].table,
                .text = arena_printf(w->kept, "SELECT * FROM %s LIMIT 1000", columns[i].table)};
        }
    }
    assert_true(found > 20);
}

static uint64_t writes(struct world *w)
{
    struct store_stats stats;
    store_stats(w->store.store, &stats);
    return stats.writes;
}

struct row {
    int who;
    const char *method, *path;
    const char *json; /* a # is another number each time */
    const char *undo; /* what makes room for the next */
};

static int ask(struct world *w, const struct row *row)
{
    static int number;
    char json[512] = "";
    const char *mark = row->json ? strchr(row->json, '#') : NULL;
    if (mark) {
        snprintf(json, sizeof(json), "%.*s%d%s", (int)(mark - row->json), row->json, number++,
                 mark + 1);
    }
    return world_send(w, row->who, row->method, row->path, mark ? json : row->json);
}

/* `large`: the call's own limit is what ends, else the machine's memory.  How many pieces it took.
 */
static uint64_t each_piece(struct world *w, const struct row *row, bool large)
{
    int want = ask(w, row);
    assert_true(want < 500);
    for (uint64_t nth = 1; nth <= PIECES_MAX; nth++) {
        if (row->undo) {
            world_script(w, row->undo);
        }
        bool look = nth % 16 == 1; /* at all rows; between them the count of commits must do */
        uint64_t before = look ? everything(w) : 0, written = writes(w);
        arena_fail_at(nth, large);
        int status = ask(w, row);
        bool struck = arena_fail_at(0, false) == 0;
        if (!struck) {
            assert_int_equal(status, want);
            return nth - 1;
        }
        if (status == want) {
            continue; /* it was asked again, and had it then */
        }
        const char *code = world_code(w);
        if (status != (large ? 413 : 503) || strcmp(code, large ? "api.much" : "api.busy") != 0) {
            fail_msg("%s %s, piece %d: %d %s", row->method, row->path, (int)nth, status, code);
        }
        if (everything(w) != before &&
            writes(w) == written) { /* else only its answer is not there */
            fail_msg("%s %s, piece %d: half written", row->method, row->path, (int)nth);
        }
    }
    fail_msg("%s %s never has enough", row->method, row->path);
    return 0;
}

static char conversation[PUBLIC_ID_LEN + 1];

static void prepare(struct world *w)
{
    log_threshold(LOG_ERROR + 1);
    find_tables(w);
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms) VALUES (1, 2, 1),"
                    " (2, 1, 1)");
    assert_int_equal(world_send(w, ANA, "POST", "/api/conversations",
                                "{\"people\":[\"benaaaaaaaaaaaaaaaaaaaaaaa\"]}"),
                     201);
    snprintf(conversation, sizeof(conversation), "%s", world_field(w, "id"));
    for (int i = 0; i < 5; i++) {
        char json[80];
        snprintf(json, sizeof(json), "{\"cid\":\"c%d\",\"text\":\"needle %d\"}", i, i);
        assert_int_equal(
            world_sendf(w, ANA, "POST", json, "/api/conversations/%s/messages", conversation), 201);
    }
}

static const char *path_of(struct world *w, const char *path)
{
    struct buf out = {.arena = w->kept};
    for (const char *at = path; *at;) {
        size_t len = strcspn(at, "{");
        buf_put(&out, at, len);
        at += len;
        if (*at) {
            buf_puts(&out, strstr(path, "/conversations/") ? conversation
                           : strstr(path, "/people/")      ? w->public_ids[BEN]
                                                           : "1");
            at += strcspn(at, "}") + 1;
        }
    }
    return out.at;
}

static void whatever_is_read_without_memory_is_refused_and_changes_nothing(struct world *w)
{
    uint64_t pieces = 0, rows = 0;
    prepare(w);
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *route = (*feature)->routes; route && route->path; route++) {
            struct row row = {api_power(route->who) ? ADA : ANA, "GET", path_of(w, route->path),
                              NULL, NULL};
            if (strcmp(route->method, "GET") == 0) {
                pieces += each_piece(w, &row, ++rows % 2);
            }
        }
    }
    const struct row more[] = {
        {ANA, "GET", "/api/messages/search?q=needle", NULL, NULL},
        {BEN, "GET", "/api/people?search=an", NULL, NULL},
        {NOBODY, "GET", "/api/openapi.json", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(more); i++) {
        pieces += each_piece(w, &more[i], true) + each_piece(w, &more[i], false);
    }
    print_message("# %d pieces refused\n", (int)pieces);
    assert_true(pieces > 500);
}

static void a_write_without_memory_is_whole_or_not_there(struct world *w)
{
    prepare(w);
    const struct row rows[] = {
        {ANA, "POST", path_of(w, "/api/conversations/{id}/messages"),
         "{\"cid\":\"n#\",\"text\":\"hello\"}", NULL},
        {ANA, "PUT", "/api/me/mail/digest", "{\"wanted\":false}", NULL},
        {ANA, "PUT", "/api/me/contact",
         "{\"messages\":\"everyone\",\"join_me\":\"friends\",\"findable\":\"friends\","
         "\"invisible\":true}",
         NULL},
        {ANA, "POST", "/api/rooms", "{\"name\":\"Cave #\",\"scene\":\"cafe\",\"language\":\"en\"}",
         "DELETE FROM room"},
        {ANA, "POST", "/api/notices/read", "{}", NULL},
        {CLEO, "POST", "/api/friends/requests",
         "{\"id\":\"danaaaaaaaaaaaaaaaaaaaaaaa\",\"note\":\"hello #\"}",
         "DELETE FROM friend_request"},
        {DAN, "POST", "/api/blocks", "{\"name\":\"ana\"}",
         "DELETE FROM block; DELETE FROM block_name"},
        {NOBODY, "POST", "/api/sessions", "{\"name\":\"ana\",\"password\":\"grey tram kelapa\"}",
         NULL},
        {NOBODY, "POST", "/api/accounts",
         "{\"avatar_name\":\"Newcomer#\",\"password\":\"grey tram over kelapa\",\"country\":\"DE\","
         "\"birth_date\":\"1990-01-01\",\"email\":\"someone@example.org\",\"marketing\":false}",
         NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint64_t pieces = each_piece(w, &rows[i], true) + each_piece(w, &rows[i], false);
        print_message("# %s %s: %d pieces\n", rows[i].method, rows[i].path, (int)pieces);
    }
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(whatever_is_read_without_memory_is_refused_and_changes_nothing),
        WORLD_TEST(a_write_without_memory_is_whole_or_not_there),
    };
    const struct world_options options = {.features = features};
    return world_run(&options, tests, COUNT(tests));
}
