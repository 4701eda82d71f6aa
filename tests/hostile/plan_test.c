#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "features/identity/accounts/accounts.h"
#include "privacy/erasure.h"
#include "privacy/inventory.h"
#include "privacy/sealed.h"
#include "tests/hostile/scene.h"

/*
 * The plan of an erasure against what the inventory says must be so afterwards: the true one
 * passes, and each fault that is planted into it is seen.  All in transactions that are undone, of
 * one world in which somebody did whatever can be done.
 */
enum { LINKS_MAX = 128, TABLES_MAX = 128, COLUMNS_MAX = 64, ASKED_MAX = 4000, TURNS_MAX = 40 };

struct found {
    int64_t named[LINKS_MAX];   /* rows that name them, by table and role */
    int64_t others[TABLES_MAX]; /* rows that are nobody's or somebody else's */
    int64_t tells[COLUMNS_MAX]; /* rows of which a column that changes tells something, anybody's */
    int64_t own[COLUMNS_MAX];   /* of those, theirs */
};

static int64_t key_id;

/* A statement is known by its address, so the same text is asked at the same one. */
static int64_t ask(struct call *call, const char *format, ...)
{
    static struct asked {
        struct sql sql;
        char text[400], name[24];
    } all[ASKED_MAX];
    static size_t count;
    struct rows rows;
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    struct asked *one = all;
    while (one < all + count && strcmp(one->text, text) != 0) {
        one++;
    }
    if (one == all + count) {
        assert_true(count++ < ASKED_MAX);
        snprintf(one->text, sizeof(one->text), "%s", text);
        snprintf(one->name, sizeof(one->name), "ask_%zu", count);
        one->sql = (struct sql){.name = one->name, .text = one->text};
    }
    enum err err = store_run(call, &one->sql, NO_BIND, &rows);
    if (err != OK) { /* on the writer's thread, where no test fails by itself */
        print_error("%s: %s\n", text, store_tx_why(call->tx));
        abort();
    }
    return row_i64(&rows, 0, ONLY);
}

/* Where a column that changes still tells something; NULL: it does not change. */
static const char *tells(const struct inventory_column *one)
{
    static char text[128];
    if (strcmp(one->erase, "null") == 0) {
        snprintf(text, sizeof(text), "%s IS NOT NULL", one->name);
    } else if (strcmp(one->erase, "tombstone") == 0) {
        snprintf(text, sizeof(text), "%s <> ''", one->name);
    } else if (strcmp(one->erase, "coarsen:month") == 0) {
        snprintf(text, sizeof(text), "%s %% 86400000 <> 0", one->name);
    } else if (strncmp(one->erase, "set:", 4) == 0) {
        snprintf(text, sizeof(text), "%s <> '%s'", one->name, one->erase + 4);
    } else {
        return NULL;
    }
    return text;
}

static bool is_link(const struct inventory_table *table, const char *name)
{
    const struct inventory_pair *one = table->subjects;
    while (one->name && strcmp(one->column, name) != 0) {
        one++;
    }
    return one->name;
}

/* The column that says whose erasure changes this one. */
static const char *link_of(const struct inventory_table *table, const struct inventory_column *one)
{
    const struct inventory_pair *pair = table->subjects;
    while (pair->name && strcmp(one->subj, "none") != 0 && strcmp(pair->name, one->subj) != 0) {
        pair++;
    }
    return pair->column;
}

static void look_at(struct call *call, const struct inventory_table *table, int64_t *ret_others)
{
    char where[400] = "1 = 1";
    size_t len = strlen(where);
    for (const struct inventory_pair *one = table->subjects; one->name; one++) {
        len += (size_t)snprintf(where + len, sizeof(where) - len, " AND COALESCE(%s, 0) <> %d",
                                one->column, ANA);
    }
    for (const struct inventory_column *one = table->columns; one->name; one++) {
        if (one->key && strcmp(one->key, "borrowed") == 0) {
            len += (size_t)snprintf(where + len, sizeof(where) - len, " AND %s <> %lld", one->name,
                                    (long long)key_id);
        }
    }
    *ret_others = ask(call, "SELECT count(*) FROM %s WHERE %s", table->name, where);
}

static void find(struct call *call, struct found *ret)
{
    size_t link = 0, column = 0, at = 0;
    for (const struct inventory_table *table = inventory_tables; table->name; table++, at++) {
        assert_true(at < TABLES_MAX);
        look_at(call, table, &ret->others[at]);
        for (const struct inventory_pair *one = table->subjects; one->name; one++) {
            assert_true(link < LINKS_MAX);
            ret->named[link++] =
                ask(call, "SELECT count(*) FROM %s WHERE %s = %d", table->name, one->column, ANA);
        }
        for (const struct inventory_column *one = table->columns; one->name; one++) {
            const char *where = is_link(table, one->name) ? NULL : tells(one);
            if (where) {
                assert_true(column < COLUMNS_MAX);
                ret->tells[column] =
                    ask(call, "SELECT count(*) FROM %s WHERE %s", table->name, where);
                ret->own[column++] = ask(call, "SELECT count(*) FROM %s WHERE %s AND %s = %d",
                                         table->name, where, link_of(table, one), ANA);
            }
        }
    }
}

static bool kept(const struct inventory_table *table, const char *name)
{
    const struct inventory_column *one = table->columns;
    while (strcmp(one->name, name) != 0) {
        one++;
    }
    return strcmp(one->erase, "keep") == 0;
}

/* What is wrong before the last steps, in which the account's own row goes; NULL: nothing. */
static const char *compare(struct arena *arena, const struct found *before,
                           const struct found *after)
{
    size_t link = 0, column = 0, at = 0;
    for (const struct inventory_table *table = inventory_tables; table->name; table++, at++) {
        bool last = strcmp(table->name, "account") == 0 || strcmp(table->name, "erasure") == 0;
        bool with_parent = strncmp(table->row_retain, "parent:", 7) == 0;
        if (after->others[at] < before->others[at] && !with_parent && table->subjects->name) {
            return arena_printf(arena, "somebody else's row of %s went", table->name);
        }
        for (const struct inventory_pair *one = table->subjects; one->name; one++, link++) {
            if (!last && !kept(table, one->column) && after->named[link]) {
                return arena_printf(arena, "%s.%s still names them", table->name, one->column);
            }
            if (last && after->named[link] != before->named[link]) {
                return arena_printf(arena, "%s went before its time", table->name);
            }
        }
        for (const struct inventory_column *one = table->columns; one->name; one++) {
            if (!is_link(table, one->name) && tells(one)) {
                if (after->tells[column] != before->tells[column] - before->own[column]) {
                    return arena_printf(arena, "%s.%s tells too much or too little", table->name,
                                        one->name);
                }
                column++;
            }
        }
    }
    return NULL;
}

/* Does a number of nobody stand in two places? */
static bool linked(struct call *call)
{
    for (const struct inventory_table *a = inventory_tables; a->name; a++) {
        for (const struct inventory_table *b = a + 1; a->subjects->name && b->name; b++) {
            for (size_t i = 0; b->subjects[i].name && !a->subjects[1].name; i++) {
                if (ask(call, "SELECT count(*) FROM %s x JOIN %s y ON x.%s = y.%s WHERE x.%s < 0",
                        a->name, b->name, a->subjects->column, b->subjects[i].column,
                        a->subjects->column)) {
                    return true;
                }
            }
        }
    }
    return false;
}

static const char *rest(struct call *call)
{
    return ask(call, "SELECT count(*) FROM mail WHERE key_id = %lld", (long long)key_id)
               ? "a mail that their key sealed waits"
           : ask(call, "SELECT count(*) FROM room WHERE owner_id IS NULL AND ended_ms IS NULL")
               ? "a room of nobody is open"
           : ask(call, "SELECT count(*) FROM conversation WHERE kind = 'pair' AND due = 0"
                       " AND (low_id IS NULL OR high_id IS NULL)")
               ? "a conversation of one is not swept"
           : linked(call) ? "two places have the same number of nobody"
                          : NULL;
}

/* ---- faults ---- */

static struct erasure_step plan[ERASURE_STEPS_MAX];

static struct erasure_step *step_of(const char *table, const char *role)
{
    struct erasure_step *step = plan;
    while (strcmp(step->table, table) != 0 || strcmp(step->role, role) != 0) {
        step++;
    }
    return step;
}

static void leave_out(const char *table, const char *role)
{
    struct erasure_step *step = step_of(table, role);
    do {
        *step = step[1];
    } while (step++->table);
}

SQL(nothing, "DELETE FROM message WHERE sender_id = $1 AND seq < 0 AND seq IN (SELECT seq"
             " FROM message LIMIT $2)");
SQL(column_short, "UPDATE room SET owner_id = NULL, name_fold = '', topic = '', tags = ''"
                  " WHERE owner_id = $1 AND id IN (SELECT id FROM room LIMIT $2)");
SQL(other_role, "DELETE FROM friendship WHERE account_id = $1 AND friend_id IN (SELECT friend_id"
                " FROM friendship LIMIT $2)");
SQL(everybody, "DELETE FROM job WHERE $1 > 0 AND id IN (SELECT id FROM job LIMIT $2)");
SQL(too_wide,
    "UPDATE room SET name = '', name_fold = '', topic = '', tags = '', visibility = 'closed',"
    " created_ms = 0, owner_id = NULL WHERE $1 > 0 AND id IN (SELECT id FROM room LIMIT $2)");
SQL(same_job, "UPDATE job SET account_id = -7 WHERE account_id = $1 AND id IN (SELECT id FROM job"
              " LIMIT $2)");
SQL(same_answer, "UPDATE idempotency SET actor_id = -7 WHERE actor_id = $1 AND key_hash IN"
                 " (SELECT key_hash FROM idempotency LIMIT $2)");
SQL(drawn_job, "UPDATE job SET account_id = $3 WHERE id IN (SELECT id FROM job WHERE account_id ="
               " $1 LIMIT $2)");
SQL(drawn_answer, "UPDATE idempotency SET actor_id = $3 WHERE key_hash IN (SELECT key_hash"
                  " FROM idempotency WHERE actor_id = $1 LIMIT $2)");
SQL(whole_account, "DELETE FROM account WHERE id = $1");

static void replace(const char *table, const char *role, const struct sql *sql, bool pseudonym)
{
    struct erasure_step *step = step_of(table, role);
    *step = (struct erasure_step){table, role, ERASURE_CHANGES, sql, .pseudonym = pseudonym};
}

static void whole(void)
{
}
static void drawn(void)
{
    replace("job", "member", &drawn_job, true);
    replace("idempotency", "member", &drawn_answer, true);
}
static void no_messages(void)
{
    leave_out("message", "sender");
}
static void no_answers(void)
{
    leave_out("idempotency", "member");
}
static void no_reports(void)
{
    leave_out("report", "subject");
}
static void no_keyed_mail(void)
{
    leave_out("mail", "key");
}
static void no_second_role(void)
{
    leave_out("friendship", "friend");
}
static void does_nothing(void)
{
    replace("message", "sender", &nothing, false);
}
static void forgets_a_column(void)
{
    replace("room", "owner", &column_short, false);
}
static void wrong_role(void)
{
    replace("friendship", "friend", &other_role, false);
}
static void takes_everybody(void)
{
    replace("job", "member", &everybody, false);
}
static void changes_everybody(void)
{
    replace("room", "owner", &too_wide, false);
}
static void same_number(void)
{
    replace("job", "member", &same_job, false);
    replace("idempotency", "member", &same_answer, false);
}
static void parent_first(void)
{
    *plan =
        (struct erasure_step){"account", "member", ERASURE_DELETES, &whole_account, .single = true};
}

static const struct {
    const char *name;
    void (*plant)(void);
    bool good, hookless;
} faults[] = {
    {"the plan as it is", whole, true, false},
    {"numbers of nobody, drawn for each table", drawn, true, false},
    {"a step left out", no_messages, false, false},
    {"one that no foreign key does in passing", no_answers, false, false},
    {"one of a row that stays", no_reports, false, false},
    {"mails by key left out", no_keyed_mail, false, false},
    {"the second role of a table left out", no_second_role, false, false},
    {"a step that does nothing", does_nothing, false, false},
    {"a column forgotten", forgets_a_column, false, false},
    {"the wrong role", wrong_role, false, false},
    {"everybody's rows", takes_everybody, false, false},
    {"everybody's columns", changes_everybody, false, false},
    {"one number of nobody for two tables", same_number, false, false},
    {"the account first", parent_first, false, false},
    {"without what is more than rows", whole, false, true},
};

/* ---- a try ---- */

struct trial {
    size_t fault;
    char why[128];
};

static enum err hooks(struct call *call, const struct account_erased *whose, const char *table)
{
    for (size_t i = 0; features[i]; i++) {
        const struct account_ending *ending = features[i]->ending;
        for (const struct account_erasing *row = ending ? ending->erasing : NULL; row && row->table;
             row++) {
            if (strcmp(row->table, table) == 0) {
                TRY(row->before(call, whose));
            }
        }
    }
    return OK;
}

static enum err attempt(struct call *call, void *arg)
{
    struct trial *trial = arg;
    static struct found before, after;
    struct erasure erasure = {.plan = plan,
                              .whose = {.account_id = ANA, .key_id = key_id},
                              .before = faults[trial->fault].hookless ? NULL : hooks};
    bool done = false;
    memset(&before, 0, sizeof(before));
    memset(&after, 0, sizeof(after));
    find(call, &before);
    for (int turn = 0; !done && turn < TURNS_MAX; turn++) {
        TRY(erasure_turn(call, &erasure, &done));
    }
    find(call, &after);
    const char *why = compare(call->arena, &before, &after);
    why = why ? why : rest(call);
    why = done ? why : "it never ends";
    snprintf(trial->why, sizeof(trial->why), "%s", why ? why : "");
    return ERR_BUSY; /* undone */
}

static void plant(size_t fault)
{
    size_t count = 0;
    memset(plan, 0, sizeof(plan));
    for (const struct erasure_step *step = erasure_plan; step->table && !step->last; step++) {
        plan[count++] = *step;
    }
    faults[fault].plant();
}

/* Some rows that no route leaves. */
static void add_rows(struct world *w)
{
    char sql[3000];
    key_id = world_count(w, "SELECT key_id FROM account WHERE id = 1");
    const char *bytes = store_is_sqlite(w->store.store) ? "X'00'" : "'\\x00'::bytea";
    snprintf(
        sql, sizeof(sql),
        "INSERT INTO mail (id, key_id, kind, language, elsewhere, to_ct, values_ct, state,"
        " rank, lease, tries, due_ms, ends_ms, created_ms, code_hash) SELECT 900001, %lld, "
        "'x', 'en', 1,"
        " %s, %s, 'waiting', 0, 0, 0, 1, 2, 1, %s;"
        "INSERT INTO job (id, kind, account_id, payload, state, run_at_ms, tries, created_ms)"
        " VALUES (900001, 'x', 1, '', 'waiting', 9000000000000, 0, 1),"
        " (900002, 'x', 2, '', 'waiting', 9000000000000, 0, 1);"
        "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity,"
        " visibility, owner_id, keep_days, created_ms) VALUES (900001, 'room900001', 'Another',"
        " 'another', 'cafe', 'en', 5, 'public', 2, 90, 1);"
        "INSERT INTO report (id, public_id, reporter_id, subject_id, reason, key_id, seen_ct,"
        " at_ms, kind, place) VALUES (900001, 'r', 2, 1, 'spam', 900001, %s, 1, 'x', 'y')",
        (long long)key_id, bytes, bytes, bytes, bytes);
    world_script(w, sql);
}

static void each_fault_of_the_plan_is_seen_and_the_plan_has_none(struct world *w)
{
    struct hostile_scene scene;
    hostile_open(&scene, w);
    hostile_call_all(&scene, ANA);
    scene.names.person = w->public_ids[ANA];
    hostile_call_all(&scene, BEN);
    add_rows(w);
    assert_int_equal(world_send(w, ANA, "DELETE", "/api/me", NULL), 200);
    for (size_t i = 0; i < COUNT(faults); i++) {
        struct trial trial = {.fault = i};
        plant(i);
        w->now_ms++;
        assert_int_equal(world_do(w, ADA, attempt, &trial), ERR_BUSY);
        print_message("# %s: %s\n", faults[i].name, *trial.why ? trial.why : "nothing wrong");
        if (faults[i].good == (*trial.why != '\0')) {
            fail_msg("%s: %s", faults[i].name, *trial.why ? trial.why : "not seen");
        }
    }
    hostile_close(&scene);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(each_fault_of_the_plan_is_seen_and_the_plan_has_none),
    };
    const struct world_options options = {.features = features, .proved = true};
    return world_run(&options, tests, COUNT(tests));
}
