#include "features/notify/notices/sample_test.h"

#include "privacy/sweep.h"

static void change(struct world *w, int whose, int what, const char *kind, const char *target)
{
    struct sample sample = {
        .account_id = w->account_ids[whose], .what = what, .kind = kind, .target = target};
    assert_int_equal(world_do(w, ADA, sample_do, &sample), OK);
}

static size_t told(const struct world *w, int whom)
{
    size_t count = 0;
    for (size_t i = 0; i < w->event_count; i++) {
        const struct event *event = &w->events[i];
        count += event->kind == EVENT_TELL && event->account_id == w->account_ids[whom] &&
                 strcmp(event->json, "{\"t\":\"notices\"}") == 0;
    }
    return count;
}

static int list(struct world *w, int who)
{
    int status = world_send(w, who, "GET", "/api/notices", NULL);
    int count = 0;
    for (const char *at = w->last.body; (at = strstr(at, "\"kind\":")); at++) {
        count++;
    }
    return status == 200 ? count : -status;
}

/* The two that must never differ. */
static void shows(struct world *w, int who, int rows, int unread_rows)
{
    int marked = 0;
    assert_int_equal(list(w, who), rows);
    for (const char *at = w->last.body; (at = strstr(at, "\"unread\":true")); at++) {
        marked++;
    }
    assert_int_equal(marked, unread_rows);
    assert_int_equal(unread(w, who), unread_rows);
}

static void what_happens_again_is_counted_until_it_was_read(struct world *w)
{
    post(w, ANA, "sample.wrote", BEN, "c1");
    assert_int_equal(sample_told, 1);
    post(w, ANA, "sample.wrote", BEN, "c1");
    assert_int_equal(sample_told, 1); /* a list that is open shows another number and time */
    post(w, ANA, "sample.wrote", BEN, "c2");
    shows(w, ANA, 2, 2);
    assert_int_equal(list(w, ANA), 2);
    assert_true(world_says(w, "\"path\":\"/messages/c1\""));
    assert_true(world_says(w, "\"count\":2"));
    assert_true(world_says(w, "\"name\":\"ben\""));
    assert_true(world_says(w, "\"avatar\":\"mia\""));
    change(w, ANA, SAMPLE_READ, "sample.wrote", "c1");
    shows(w, ANA, 2, 1);
    assert_int_equal(sample_told, 1);
    change(w, ANA, SAMPLE_READ, "sample.wrote", "c1"); /* again: nothing to tell */
    assert_int_equal(sample_told, 0);
    post(w, ANA, "sample.wrote", CLEO, "c1");
    assert_int_equal(list(w, ANA), 2);
    assert_false(world_says(w, "\"count\":2"));
    assert_true(world_says(w, "\"name\":\"cleo\""));
    change(w, ANA, SAMPLE_DROP, "sample.wrote", "c1");
    shows(w, ANA, 1, 1);
}

static void nobody_is_told_of_themselves(struct world *w)
{
    post(w, ANA, "sample.wrote", ANA, "c1");
    shows(w, ANA, 0, 0);
    assert_int_equal(sample_told, 0);
}

static void the_newest_comes_first_thirty_a_page(struct world *w)
{
    char target[16], path[64];
    for (int i = 0; i < NOTICES_PAGE; i++) {
        snprintf(target, sizeof(target), "c%d", i);
        post(w, ANA, "sample.wrote", BEN, target);
    }
    shows(w, ANA, NOTICES_PAGE, NOTICES_PAGE);
    assert_int_equal(list(w, ANA), NOTICES_PAGE);
    assert_true(world_says(w, "\"more\":false"));
    post(w, ANA, "sample.asked", CLEO, "p");
    assert_int_equal(list(w, ANA), NOTICES_PAGE);
    assert_true(world_says(w, "\"more\":true") && world_says(w, "\"path\":\"/people/p\""));
    assert_false(world_says(w, "\"path\":\"/messages/c0\""));
    assert_true(world_says(w, "\"unread\":31}"));
    const char *last = w->last.body, *at = last;
    while ((at = strstr(at + 1, "{\"id\":"))) {
        last = strncmp(at - 6, "\"who\":", 6) ? at : last;
    }
    snprintf(path, sizeof(path), "/api/notices?before=%.*s", (int)strcspn(last + 7, "\""),
             last + 7);
    assert_int_equal(world_send(w, ANA, "GET", path, NULL), 200);
    assert_true(world_says(w, "\"path\":\"/messages/c0\"") && world_says(w, "\"more\":false"));
    assert_false(world_says(w, "\"path\":\"/messages/c1\""));
}

static void what_came_after_one_looked_stays_unread(struct world *w)
{
    char json[64], seen[32];
    post(w, ANA, "sample.site", 0, "");
    post(w, ANA, "sample.wrote", BEN, "c1");
    assert_int_equal(list(w, ANA), 2);
    snprintf(seen, sizeof(seen), "%s", world_field(w, "id"));
    post(w, ANA, "sample.wrote", BEN, "c1");
    w->event_count = 0;
    snprintf(json, sizeof(json), "{\"up_to\":\"%s\"}", seen);
    assert_int_equal(world_send(w, ANA, "POST", "/api/notices/read", json), 204);
    shows(w, ANA, 2, 1);
    assert_int_equal(told(w, ANA), 1);
    snprintf(json, sizeof(json), "{\"id\":\"%s\"}", seen); /* it has another one now */
    assert_int_equal(world_send(w, ANA, "POST", "/api/notices/read", json), 204);
    assert_int_equal(world_sendf(w, ANA, "DELETE", NULL, "/api/notices/%s", seen), 404);
    assert_string_equal(world_code(w), "notices.none");
    shows(w, ANA, 2, 1);
    assert_int_equal(told(w, ANA), 1);
    assert_int_equal(world_send(w, ANA, "POST", "/api/notices/read", "{}"), 204);
    shows(w, ANA, 2, 0);
}

static void nobody_else_reads_marks_or_removes_them(struct world *w)
{
    char id[32], json[64];
    post(w, ANA, "sample.wrote", BEN, "c1");
    assert_int_equal(list(w, ANA), 1);
    snprintf(id, sizeof(id), "%s", world_field(w, "id"));
    snprintf(json, sizeof(json), "{\"id\":\"%s\"}", id);
    assert_int_equal(list(w, ADA), 0);
    assert_int_equal(world_send(w, BEN, "POST", "/api/notices/read", json), 204);
    assert_int_equal(world_sendf(w, ADA, "DELETE", NULL, "/api/notices/%s", id), 404);
    assert_int_equal(list(w, NOBODY), -401);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/notices/count", NULL), 401);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/notices/read", "{}"), 401);
    assert_int_equal(world_send(w, NOBODY, "DELETE", "/api/notices/1", NULL), 401);
    shows(w, ANA, 1, 1);
    assert_int_equal(world_sendf(w, ANA, "DELETE", NULL, "/api/notices/%s", id), 204);
    shows(w, ANA, 0, 0);
}

static void block(struct world *w, int who, int whom)
{
    char json[64];
    snprintf(json, sizeof(json), "{\"id\":\"%s\"}", w->public_ids[whom]);
    assert_int_equal(world_send(w, who, "POST", "/api/blocks", json), 201);
}

static void a_block_hides_what_there_is_and_lets_nothing_new_in(struct world *w)
{
    char id[32];
    post(w, ANA, "sample.wrote", BEN, "c1");
    post(w, BEN, "sample.wrote", ANA, "c1");
    post(w, ANA, "sample.site", 0, "");
    assert_int_equal(list(w, BEN), 1);
    snprintf(id, sizeof(id), "%s", world_field(w, "id"));
    w->event_count = 0;
    block(w, ANA, BEN);
    shows(w, ANA, 1, 1);
    shows(w, BEN, 0, 0);
    assert_int_equal(world_sendf(w, BEN, "DELETE", NULL, "/api/notices/%s", id), 404);
    assert_int_equal(told(w, BEN), 0);
    post(w, ANA, "sample.asked", BEN, "p");
    assert_int_equal(sample_told, 0);
    post(w, BEN, "sample.asked", ANA, "p");
    assert_int_equal(sample_told, 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice WHERE kind = 'sample.asked'"), 0);
    assert_int_equal(world_sendf(w, ANA, "DELETE", NULL, "/api/blocks/%s", w->public_ids[BEN]),
                     204);
    shows(w, ANA, 2, 2);
    shows(w, BEN, 1, 1);
}

static void who_ended_looks_like_who_blocked(struct world *w)
{
    post(w, ANA, "sample.wrote", BEN, "c1");
    world_script(w, "UPDATE account SET state = 'ended' WHERE id = 2");
    shows(w, ANA, 0, 0);
    post(w, ANA, "sample.wrote", BEN, "c1");
    assert_int_equal(sample_told, 0);
}

static void fill(struct world *w, const char *kind, int from, int count)
{
    char sql[300];
    snprintf(sql, sizeof(sql),
             "INSERT INTO notice (id, account_id, kind, target, count, at_ms) WITH RECURSIVE n (i)"
             " AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT %d + i, 1, '%s',"
             " 't' || i, 1, i FROM n",
             count, from, kind);
    world_script(w, sql);
}

static void a_flood_of_one_kind_pushes_out_no_other(struct world *w)
{
    fill(w, "sample.letter", 0, NOTICES_KIND_MAX + 20); /* older than all else */
    fill(w, "sample.site", 1000, 40);
    fill(w, "sample.wrote", 2000, NOTICES_KIND_MAX);
    int64_t all = unread(w, ANA);
    assert_int_equal(all, 2 * NOTICES_KIND_MAX + 60);
    for (int i = 0; i < 3; i++) {
        char target[8];
        snprintf(target, sizeof(target), "c%d", i);
        post(w, ANA, "sample.wrote", BEN, target);
        assert_int_equal(unread(w, ANA), all);
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice WHERE kind = 'sample.wrote'"
                                    " AND target IN ('t1', 't2', 't3')"),
                     0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice WHERE target = 't4'"), 3);
    post(w, ANA, "sample.letter", 0, "new"); /* what is about safety goes by age alone */
    assert_int_equal(unread(w, ANA), all + 1);
}

static enum err sweep(struct call *call, void *arg UNUSED)
{
    return sweep_run(call);
}

static void they_go_after_ninety_days(struct world *w)
{
    post(w, ANA, "sample.wrote", BEN, "c1");
    w->now_ms += 90 * TIME_DAY - TIME_H;
    assert_int_equal(world_do(w, ADA, sweep, NULL), OK);
    assert_int_equal(unread(w, ANA), 1);
    w->now_ms += 2 * TIME_H;
    assert_int_equal(world_do(w, ADA, sweep, NULL), OK);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice"), 0);
}

static void one_is_unread(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice WHERE read_ms IS NULL"), 1);
}

static void one_is_unread_after_a_failing_statement(struct world *w)
{
    post(w, ANA, "sample.wrote", BEN, "c1");
    world_faults(w, ANA, "POST", "/api/notices/read", "{}", one_is_unread);
    shows(w, ANA, 1, 0);
}

/* ---- how one wants to be told ---- */

#define CHOICE                                                                                  \
    "{\"digest\":\"daily\",\"names\":false,\"quiet\":true,\"quiet_from\":1320,\"quiet_to\":%s," \
    "\"zone\":\"%s\"}"

static int choose(struct world *w, const char *to, const char *zone)
{
    char json[256];
    snprintf(json, sizeof(json), CHOICE, to, zone);
    return world_send(w, ANA, "PUT", "/api/me/notices", json);
}

static void each_kind_of_push_is_switched_and_the_rest_chosen(struct world *w)
{
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/notices", NULL), 200);
    assert_false(world_says(w, "\"push\":false"));
    assert_true(world_says(w, "\"digest\":\"soon\",\"names\":true,\"quiet\":false"));
    assert_true(world_says(w, "\"here\":false,\"devices\":0"));
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/notices/friends", "{\"push\":false}"), 204);
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/notices/news", "{\"push\":true}"), 404);
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/notices/digest", "{\"push\":true}"), 404);
    assert_int_equal(choose(w, "419", "Asia/Jakarta"), 204);
    world_send(w, ANA, "GET", "/api/me/notices", NULL);
    assert_true(world_says(w, "\"topic\":\"friends\",\"text\":"));
    assert_true(world_says(w, "\"push\":false},{\"topic\":\"messages\""));
    assert_true(world_says(w, "\"choice\":{\"digest\":\"daily\",\"names\":false,\"quiet\":true,"
                              "\"quiet_from\":1320,\"quiet_to\":419,\"zone\":\"Asia/Jakarta\"}"));
    assert_int_equal(choose(w, "0", "Asia/Jakarta"), 204);
    assert_int_equal(choose(w, "1439", "America/New_York"), 204);
    assert_int_equal(choose(w, "1440", "Asia/Jakarta"), 400);
    assert_int_equal(choose(w, "-1", "Asia/Jakarta"), 400);
    assert_int_equal(choose(w, "0", "Mars/Olympus"), 400);
    assert_string_equal(world_code(w), "notices.zone");
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me/notices", NULL), 401);
    assert_int_equal(world_send(w, BEN, "GET", "/api/me/notices", NULL), 200);
    assert_true(world_says(w, "\"digest\":\"soon\""));
}

int main(void)
{
    static const struct feature *const list_[] = {&notices_feature, &blocks_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(what_happens_again_is_counted_until_it_was_read),
        WORLD_TEST(nobody_is_told_of_themselves),
        WORLD_TEST(the_newest_comes_first_thirty_a_page),
        WORLD_TEST(what_came_after_one_looked_stays_unread),
        WORLD_TEST(nobody_else_reads_marks_or_removes_them),
        WORLD_TEST(a_block_hides_what_there_is_and_lets_nothing_new_in),
        WORLD_TEST(who_ended_looks_like_who_blocked),
        WORLD_TEST(a_flood_of_one_kind_pushes_out_no_other),
        WORLD_TEST(they_go_after_ninety_days),
        WORLD_TEST(one_is_unread_after_a_failing_statement),
        WORLD_TEST(each_kind_of_push_is_switched_and_the_rest_chosen),
    };
    const struct world_options options = {.features = list_};
    return world_run(&options, tests, COUNT(tests));
}
