#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "privacy/inventory.h"
#include "tests/support/test_store.h"

#define COLUMN(name_)                               \
    {                                               \
        .name = name_, .cat = (const char *const[]) \
        {                                           \
            NULL                                    \
        }                                           \
    }

static const char *const no_copies[] = {NULL};
static const char *const copies[] = {"thing_fold", "thing_seen", NULL};
static const struct inventory_column columns[] = {COLUMN("id"), COLUMN("name"), {.name = NULL}};

static void matches(const char *script, const char *const *with_copies, const char *want)
{
    const struct inventory_table tables[] = {
        {.name = "thing", .copies = with_copies, .columns = columns}, {.name = NULL}};
    for (int pg = 0; pg <= (test_store_has_pg() ? 1 : 0); pg++) {
        struct test_store test;
        char why[256] = "";
        test_store_new(pg, false, &test);
        assert_int_equal(store_script(test.store, script), OK);
        enum err err = inventory_matches(test.store, tables, why);
        if (want) {
            assert_int_equal(err, ERR_INVALID);
            assert_non_null(strstr(why, want));
        } else {
            assert_string_equal(err == OK ? "" : why, "");
        }
        test_store_free(&test);
    }
}

static void a_database_as_described_matches(void **state)
{
    (void)state;
    matches("CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT)", no_copies, NULL);
}

static void a_column_that_nobody_described_is_named(void **state)
{
    (void)state;
    matches("CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT, email TEXT)", no_copies,
            "thing.email");
    matches("CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT);"
            "CREATE TABLE diary (day BIGINT)",
            no_copies, "diary.day");
    matches("CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT,"
            " long_name TEXT GENERATED ALWAYS AS (name || 'x') STORED)",
            no_copies, "thing.long_name");
}

static void a_column_that_is_gone_is_named(void **state)
{
    (void)state;
    matches("CREATE TABLE thing (id BIGINT PRIMARY KEY)", no_copies, "thing.name");
}

static void copies_must_be_known(void **state)
{
    (void)state;
    static const char script[] = "CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT);"
                                 "CREATE INDEX thing_fold ON thing (lower(name));"
                                 "CREATE VIEW thing_seen AS SELECT name FROM thing";
    matches(script, copies, NULL);
    matches(script, no_copies, "thing_fold");
}

/* proves: RET-1a */
static void the_programs_own_tables_are_all_described(void **state)
{
    (void)state;
    for (int pg = 0; pg <= (test_store_has_pg() ? 1 : 0); pg++) {
        struct test_store test;
        char why[256] = "";
        test_store_migrated(pg, false, &test);
        enum err err = inventory_matches(test.store, inventory_tables, why);
        assert_string_equal(err == OK ? "" : why, "");
        test_store_free(&test);
    }
}

/*
 * proves: RET-1a
 * What is stored is what is described (the test before), and each description says how long.
 */
static void every_stored_field_has_a_retention_rule(void **state UNUSED)
{
    size_t fields = 0;
    for (const struct inventory_table *table = inventory_tables; table->name; table++) {
        for (const struct inventory_column *one = table->columns; one->name; one++) {
            const char *rule =
                one->retain && strcmp(one->retain, "row") == 0 ? table->row_retain : one->retain;
            const char *plus = rule ? strchr(rule, '+') : NULL;
            bool named = !plus; /* "account"; or a time after a moment that the row knows */
            for (const struct inventory_pair *at = table->anchors; plus && at->name; at++) {
                named |= strncmp(at->name, rule, (size_t)(plus - rule)) == 0 && plus[1];
            }
            if (!rule || !*rule || !named) {
                fail_msg("%s.%s: how long?", table->name, one->name);
            }
            fields++;
        }
    }
    assert_true(fields > 400);
}

static bool on_a_basis(const struct inventory_column *one)
{
    static const char *const bases[] = {"A6-1-a", "A6-1-b", "A6-1-c", "A6-1-d", "A6-1-e", "A6-1-f"};
    bool based = false;
    for (size_t i = 0; i < COUNT(bases); i++) {
        based |= strncmp(one->basis, bases[i], strlen(bases[i])) == 0;
    }
    return based;
}

/*
 * proves: RGT-10a
 * Each purpose is one of the list that people read, and rests on a basis wherever it is followed.
 */
static void every_purpose_has_a_recorded_legal_basis(void **state UNUSED)
{
    for (const struct inventory_use *use = inventory_uses; use->id; use++) {
        size_t fields = 0;
        for (const struct inventory_table *table = inventory_tables; table->name; table++) {
            for (const struct inventory_column *one = table->columns; one->name; one++) {
                bool followed = strcmp(one->use, use->id) == 0;
                fields += followed;
                if (followed && !on_a_basis(one)) {
                    fail_msg("%s.%s: %s on no basis", table->name, one->name, use->id);
                }
            }
        }
        if (!fields) {
            fail_msg("%s: a purpose of nothing", use->id);
        }
    }
}

/* Each planted mistake: a sed command on a file below privacy/, and what the build says of it. */
static const struct {
    const char *file, *edit, *want;
} mistakes[] = {
    {"inventory/job.json", "s/system.operations/system.operatons/", "is not a fideslang category"},
    {"inventory/job.json", "s/JustificationA17NonNecessity/JustificationNone/",
     "is not a DPV justification"},
    {"inventory/job.json", "s/LIA-operations/LIA-none/", "is not in assessments.json"},
    {"inventory/job.json", "s/delete_row_if:member/delete_row_if:sender/", "no such role"},
    {"inventory/job.json", "s/\"erase\"/\"eraze\"/", "eraze is not a key of the format"},
    {"inventory/job.json", "s/due+P30D/made+P30D/", "no anchor made"},
    {"inventory/token.json", "s/sessions.sweep/sessions.swep/", "no job sessions.swep repeats"},
    {"inventory/token.json", "s/sessions.sweep/accounts.burn/", "no job accounts.burn repeats"},
    {"inventory/token.json", "s/sessions.sweep/rooms.sweep/", "of rooms.sweep deletes no token"},
    {"inventory/token.json", "s/ends+P0D/account/", "swept_by without a time"},
    {"inventory/token.json", "/swept_why/d", "swept_by needs swept_why"},
    {"inventory/mail.json", "s/mail.sweep/reports.over/", "of reports.over empties no to_ct"},
    {"inventory/job.json", "s/due+P30D/account/", "only is for rows that end by a time alone"},
    {"inventory/job.json", "s/\"run_at_ms\"}/\"created_ms\"}/",
     "job.row_retain: needs an index on (state, created_ms)"},
    {"inventory/mail.json", "s/\"created\": \"created_ms\"/\"created\": \"due_ms\"/",
     "mail.to_bi: needs an index on (due_ms) WHERE to_bi IS NOT NULL"},
    {"inventory/mail.json", "/\"to_bi\": {/,/}/s/created+P1D/late+P1D/",
     "mail.to_bi: needs an index on (ends_ms)"},
    {"inventory/notice.json", "s/at+P90D/at+P90W/", "does not fit"},
    {"inventory/job.json", "s/\"why\":/\"way\":/", "job.why: is in the database"},
    {"inventory/idempotency.json", "s/\"subj\": \"member\"/\"subj\": \"none\"/",
     "needs `unlinked`"},
    {"inventory/idempotency.json", "s/created+P1D/system/", "cannot be kept as `system`"},
    {"inventory/idempotency.json", "s/A6-1-b/A6-1-c/", "A6-1-c needs law"},
    {"inventory/idempotency.json", "s/A6-1-b/A6-1-a/", "A6-1-a needs consent"},
    {"inventory/idempotency.json", "s/\"erase\": \"delete_row_if:member\"/\"erase\": \"keep\"/",
     "needs law"},
    {"inventory/account.json", "s/, \"enc\": \"subject\"//", "shred needs enc"},
    {"inventory/mail.json", "s/ \"key\": \"borrowed\",//", "mail.key_id: a column *key_id"},
    {"inventory/mail.json", "s/\"key\": \"borrowed\"/\"key\": \"mine\"/",
     "none of own, handed_on, borrowed"},
    {"inventory/account.json", "s/\"enc\": \"subject\"/\"key\": \"own\", &/",
     "and no other, says in `key`"},
    {"inventory/account.json", "s/\"other_members\"/\"post\"/", "post is not in recipients.json"},
    {"inventory/session.json",
     "s/\"cat\": \\[\"[a-z_.]*\"\\]/\"cat\": [\"user.device.ip_address\"]/;"
     "s/+P0D/+P4Y/",
     "at most 3 years"},
    {"inventory/account.json", "s/user.demographic.language/user.demographic.religious_belief/",
     "health and belief need `enc`"},
    {"browser.json", "s/\"bauta_wait\"/\"bauta_weight\"/",
     "browser.json cookies: bauta_wait is kept by the code and not listed"},
    {"browser.json", "s/\"bauta.trip\"/\"bauta.journey\"/",
     "browser.json tab: bauta.journey is listed and kept by nothing"},
    {"browser.json", "/\"bauta.later.\\*\"/d", "bauta.later.* is kept by the code and not listed"},
    {"log.json", "s/\"errno\"/\"error\"/", "log.json errno: is a field of the log and not listed"},
    {"inventory/guardian.json", "s/\"also_of\": \\[\"parent\"\\]/\"also_of\": [\"aunt\"]/",
     "also_of: aunt is neither another role"},
    {"../migrations/0046_erasure.sql", "/invite_maker/d",
     "invite.made_by: no index begins with it"},
    {"inventory/site_setting.json",
     "s/{\"staff\": \"by_id\"}/{}/;s/\"subj\": \"staff\"/\"subj\": \"none\", \"unlinked\": \"of "
     "nobody at all\"/",
     "names an account, but no role"},
    {"inventory/room.json",
     "/\"owner_id\"/,/null\"/s/\"erase\": \"null\"/\"erase\": \"delete_row_if:owner\"/",
     "its foreign key says ON DELETE SET NULL"},
    {"inventory/invite.json", "s/\"erase\": \"null\"/\"erase\": \"set:x\"/",
     "they would be changed again and again"},
    {"inventory/line.json", "s/\"erase\": \"delete_row_if:sender\"/\"erase\": \"tombstone\"/",
     "tombstone does not fit a column of INTEGER"},
    {"inventory/session.json",
     "/\"label\"\\|\"device\"/,/rcpt/s/\"erase\": \"delete_row_if:member\"/\"erase\": "
     "\"tombstone\"/",
     "but the row goes when its member is erased"},
    {"inventory/guardian_page.json", "s/parent:guardian/parent:report/",
     "goes with report, but no foreign key"},
    {"inventory/audit.json",
     "s/\"erase\": \"null\"/\"erase\": \"keep\"/;s/\"law\": \"[^\"]*\", "
     "\\(\"rcpt\\)/\\1/;s/A6-1-c/A6-1-b/;s/user.[a-z_]*/system.operations/",
     "no step of the erasure reaches a staff"},
    {"uses.json", "s/\"essential.service\":/\"essential.servce\":/", "has no text in uses.json"},
};

static bool output_has(const char *command, const char *want)
{
    char text[16384];
    FILE *out = popen(command, "r");
    assert_non_null(out);
    size_t len = fread(text, 1, sizeof(text) - 1, out);
    text[len] = '\0';
    bool failed = pclose(out) != 0;
    bool found = failed && strstr(text, want);
    if (!found) {
        print_error("wanted: %s\ngot: %s\n", want, text);
    }
    return found;
}

static void the_build_finds_each_planted_mistake(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        char command[1024];
        snprintf(command, sizeof(command),
                 "T=$(mktemp -d) && cp -r privacy migrations $T && sed -i '%s' $T/privacy/%s;"
                 "tools/inventory.py --check --root $T 2>&1; R=$?; rm -r $T; exit $R",
                 mistakes[i].edit, mistakes[i].file);
        assert_true(output_has(command, mistakes[i].want));
    }
}

static void the_path_of_a_file_tells_its_store(void **state)
{
    (void)state;
    assert_string_equal(inventory_store_of("world.db-wal"), "database");
    assert_string_equal(inventory_store_of("keys/members"), "keys");
    assert_null(inventory_store_of("cache.db"));
    assert_null(inventory_store_of("keys/old/members"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_database_as_described_matches),
        cmocka_unit_test(a_column_that_nobody_described_is_named),
        cmocka_unit_test(a_column_that_is_gone_is_named),
        cmocka_unit_test(copies_must_be_known),
        cmocka_unit_test(the_build_finds_each_planted_mistake),
        cmocka_unit_test(the_path_of_a_file_tells_its_store),
        cmocka_unit_test(the_programs_own_tables_are_all_described),
        cmocka_unit_test(every_stored_field_has_a_retention_rule),
        cmocka_unit_test(every_purpose_has_a_recorded_legal_basis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
