#include "features/notify/notices/notices_digest.h"

#include "features/notify/mail/mail_outbox.h"
#include "features/notify/notices/sample_test.h"
#include "jobs/jobs.h"

static struct jobs *clock_of(struct world *w)
{
    struct jobs *jobs = jobs_new(features);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    return jobs;
}

static void run(struct world *w)
{
    struct jobs *jobs = clock_of(w);
    jobs_run_due(jobs);
    jobs_free(jobs);
}

static enum err write_address(struct call *call, void *arg)
{
    SQL(digest_test_address, "UPDATE account SET email_ct = $2 WHERE id = $1");
    const struct sealed *sealed = arg;
    return store_run(call, &digest_test_address, BIND(I64(ANA), SEALED(*sealed)), NULL);
}

static void outside(struct world *w, struct call *call)
{
    *call = (struct call){
        .arena = w->kept, .keys = w->keys, .settings = &w->settings, .now_ms = w->now_ms};
}

/* Ana has a key and a proved address. */
static void begin(struct world *w)
{
    char sql[120];
    struct call call;
    int64_t key_id = 0;
    struct sealed sealed;
    outside(w, &call);
    assert_int_equal(keys_take(w->keys, &key_id), OK);
    assert_int_equal(sealed_row(&call, key_id, "account.email_ct", ANA, "ana@example.org", &sealed),
                     OK);
    snprintf(sql, sizeof(sql), "UPDATE account SET key_id = %lld, email_verified = 1 WHERE id = 1",
             (long long)key_id);
    world_script(w, sql);
    assert_int_equal(world_do(w, ANA, write_address, &sealed), OK);
}

static int64_t mails(struct world *w)
{
    return world_count(w, "SELECT COUNT(*) FROM mail");
}

/* ---- reading what was written ---- */

struct reading {
    struct world *w;
    char topic[32], text[4096];
};

static enum err read_one(struct call *call, void *arg)
{
    struct reading *reading = arg;
    struct lease batch = {0};
    struct mail_letter letter;
    TRY(mail_lease(call, false, &batch));
    assert_int_equal(batch.items.count, 1);
    const struct mail_leased *leased = batch.items.items;
    struct call own = {.arena = call->arena,
                       .keys = reading->w->keys,
                       .settings = &reading->w->settings,
                       .now_ms = reading->w->now_ms};
    assert_null(leased->drop);
    TRY(mail_write(&own, leased, &letter));
    snprintf(reading->topic, sizeof(reading->topic), "%s", leased->topic);
    snprintf(reading->text, sizeof(reading->text), "%s", letter.text);
    assert_non_null(strstr(letter.message, "List-Unsubscribe-Post"));
    return OK;
}

static struct reading letter(struct world *w)
{
    struct reading reading = {.w = w};
    assert_int_equal(world_do(w, ADA, read_one, &reading), OK);
    return reading;
}

static int times(const char *text, const char *part)
{
    int count = 0;
    while ((text = strstr(text, part))) {
        count++;
        text++;
    }
    return count;
}

#define LINE "There is something new." /* kinds without words in the catalogue */

/* ---- the tests ---- */

static void what_stays_unread_a_quarter_of_an_hour_is_mailed_once(struct world *w)
{
    begin(w);
    post(w, ANA, "sample.wrote", BEN, "c1");
    post(w, ANA, "sample.wrote", BEN, "c1");
    w->now_ms += 15 * TIME_MIN - 2;
    run(w);
    assert_int_equal(mails(w), 0);
    post(w, ANA, "sample.wrote", CLEO, "c2"); /* goes with it */
    w->now_ms += 1;
    run(w);
    assert_int_equal(mails(w), 1);
    struct reading mail = letter(w);
    assert_int_equal(times(mail.text, LINE), 2);
    assert_string_equal(mail.topic, "messages");
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice_digest"), 0);
    post(w, ANA, "sample.wrote", BEN, "c1"); /* again, but told of already */
    w->now_ms += TIME_DAY;
    run(w);
    assert_int_equal(mails(w), 1);
    assert_int_equal(world_send(w, ANA, "POST", "/api/notices/read", "{}"), 204);
    post(w, ANA, "sample.wrote", BEN, "c1"); /* new again */
    w->now_ms += 15 * TIME_MIN;
    run(w);
    assert_int_equal(mails(w), 2);
}

static void what_was_read_in_time_is_not_mailed(struct world *w)
{
    begin(w);
    post(w, ANA, "sample.wrote", BEN, "c1");
    assert_int_equal(world_send(w, ANA, "POST", "/api/notices/read", "{}"), 204);
    w->now_ms += TIME_H;
    run(w);
    assert_int_equal(mails(w), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice_digest"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 'notices.digest'"), 0);
}

static void a_mail_of_several_kinds_hangs_on_the_switch_of_all_such_mails(struct world *w)
{
    begin(w);
    post(w, ANA, "sample.wrote", BEN, "c1");
    post(w, ANA, "sample.asked", CLEO, "p");
    w->now_ms += 15 * TIME_MIN;
    run(w);
    assert_string_equal(letter(w).topic, "digest");
    assert_int_equal(world_send(w, ANA, "POST", "/api/notices/read", "{}"), 204);
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/mail/digest", "{\"wanted\":false}"), 204);
    post(w, ANA, "sample.wrote", BEN, "c1");
    w->now_ms += 15 * TIME_MIN;
    run(w);
    assert_int_equal(mails(w), 1);
    /* What came while it was off is not told of later. */
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/mail/digest", "{\"wanted\":true}"), 204);
    w->now_ms += TIME_DAY;
    run(w);
    assert_int_equal(mails(w), 1);
}

static void kinds_that_are_switched_off_are_no_lines(struct world *w)
{
    begin(w);
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/mail/friends", "{\"wanted\":false}"), 204);
    post(w, ANA, "sample.asked", CLEO, "p");
    post(w, ANA, "sample.letter", 0, ""); /* its own mail was sent */
    w->now_ms += 15 * TIME_MIN;
    run(w);
    assert_int_equal(mails(w), 0);
    post(w, ANA, "sample.asked", BEN, "q");
    post(w, ANA, "sample.wrote", BEN, "c1");
    w->now_ms += 15 * TIME_MIN;
    run(w);
    struct reading mail = letter(w);
    assert_int_equal(times(mail.text, LINE), 1);
    assert_string_equal(mail.topic, "messages");
}

static void whom_one_does_not_perceive_is_no_line(struct world *w)
{
    begin(w);
    post(w, ANA, "sample.wrote", BEN, "c1");
    post(w, ANA, "sample.wrote", CLEO, "c2");
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (2, 1, 1)");
    w->now_ms += 15 * TIME_MIN;
    run(w);
    assert_int_equal(times(letter(w).text, LINE), 1);
}

static void six_lines_and_how_many_more(struct world *w)
{
    char target[16];
    begin(w);
    for (int i = 0; i < DIGEST_LINES; i++) {
        snprintf(target, sizeof(target), "c%d", i);
        post(w, ANA, "sample.wrote", BEN, target);
    }
    w->now_ms += 15 * TIME_MIN;
    run(w);
    struct reading full = letter(w);
    assert_int_equal(times(full.text, LINE), DIGEST_LINES);
    assert_null(strstr(full.text, "more"));
    assert_int_equal(world_send(w, ANA, "POST", "/api/notices/read", "{}"), 204);
    world_script(w, "DELETE FROM mail");
    for (int i = 0; i < DIGEST_LINES + 1; i++) {
        snprintf(target, sizeof(target), "c%d", i);
        post(w, ANA, "sample.wrote", BEN, target);
    }
    w->now_ms += 15 * TIME_MIN;
    run(w);
    full = letter(w);
    assert_int_equal(times(full.text, LINE), DIGEST_LINES);
    assert_non_null(strstr(full.text, "… and 1 more"));
}

static void choose(struct world *w, const char *digest, bool quiet)
{
    char json[256]; /* it is 08:00 UTC, 15:00 in Jakarta */
    snprintf(json, sizeof(json),
             "{\"digest\":\"%s\",\"names\":true,\"quiet\":%s,\"quiet_from\":840,"
             "\"quiet_to\":1020,\"zone\":\"Asia/Jakarta\"}",
             digest, quiet ? "true" : "false");
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/notices", json), 204);
}

static void how_soon_is_the_members_choice_also_for_what_waits(struct world *w)
{
    begin(w);
    choose(w, "daily", false);
    post(w, ANA, "sample.wrote", BEN, "c1");
    w->now_ms += TIME_DAY - 2;
    run(w);
    assert_int_equal(mails(w), 0);
    w->now_ms += 2;
    run(w);
    assert_int_equal(mails(w), 1);
    post(w, ANA, "sample.wrote", BEN, "c2");
    w->now_ms += TIME_H;
    run(w);
    assert_int_equal(mails(w), 1);
    choose(w, "hourly", false);
    run(w);
    assert_int_equal(mails(w), 2);
    w->now_ms += TIME_DAY;
    run(w);
    assert_int_equal(mails(w), 2);
}

static void in_quiet_hours_mail_waits_for_their_end(struct world *w)
{
    begin(w);
    choose(w, "soon", true);
    post(w, ANA, "sample.wrote", BEN, "c1");
    w->now_ms += 15 * TIME_MIN;
    run(w);
    assert_int_equal(mails(w), 0);
    w->now_ms = WORLD_START_MS + 2 * TIME_H - 1;
    run(w);
    assert_int_equal(mails(w), 0);
    w->now_ms += 1;
    run(w);
    assert_int_equal(mails(w), 1);
}

/* ---- nothing twice, nothing lost ---- */

struct step {
    struct digest digest;
    struct world *w;
};

static enum err look(struct call *call, void *arg)
{
    return digest_look(call, "{\"account\":\"1\"}", &((struct step *)arg)->digest);
}

static enum err look_prepare_apply_late(struct call *call, void *arg)
{
    struct step *step = arg;
    step->digest = (struct digest){0};
    TRY(look(call, step));
    struct call own = {.arena = call->arena,
                       .keys = step->w->keys,
                       .settings = &step->w->settings,
                       .now_ms = step->w->now_ms,
                       .rng = {.state = 5}};
    TRY(digest_prepare(&own, &step->digest));
    assert_true(step->digest.ready);
    TRY(notices_read(call, ANA, "sample.wrote", "c1")); /* between look and apply */
    return digest_apply(call, &step->digest);
}

static void what_changed_since_it_was_looked_at_is_looked_at_again(struct world *w)
{
    struct step step = {.w = w};
    begin(w);
    post(w, ANA, "sample.wrote", BEN, "c1");
    post(w, ANA, "sample.wrote", BEN, "c2");
    w->now_ms += 15 * TIME_MIN;
    assert_int_equal(world_do(w, ANA, look_prepare_apply_late, &step), OK);
    assert_int_equal(mails(w), 0);
    run(w);
    assert_int_equal(mails(w), 1);
    assert_int_equal(times(letter(w).text, LINE), 1);
}

static void two_jobs_of_one_member_make_one_mail(struct world *w)
{
    begin(w);
    post(w, ANA, "sample.wrote", BEN, "c1");
    w->now_ms += 15 * TIME_MIN;
    choose(w, "soon", false); /* queues another */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 'notices.digest'"), 2);
    run(w);
    assert_int_equal(mails(w), 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 'notices.digest'"), 0);
}

static void a_failing_statement_leaves_all_or_nothing(struct world *w)
{
    begin(w);
    post(w, ANA, "sample.wrote", BEN, "c1");
    w->now_ms += 15 * TIME_MIN;
    struct jobs *jobs = clock_of(w);
    for (uint64_t nth = 1; nth < 60 && mails(w) == 0; nth++) {
        store_fail_at(w->store.store, nth, ERR_BUSY);
        jobs_run_due(jobs);
        store_fail_at(w->store.store, 0, OK);
        int64_t told = world_count(w, "SELECT COUNT(*) FROM notice WHERE mailed_ms IS NOT NULL");
        assert_int_equal(told, mails(w));
        assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice_digest"), 1 - mails(w));
        world_script(w, "UPDATE job SET run_at_ms = 0, tries = 0, state = 'waiting'"
                        " WHERE kind = 'notices.digest'");
    }
    jobs_run_due(jobs);
    jobs_free(jobs);
    assert_int_equal(mails(w), 1);
}

static void an_address_that_is_not_proved_gets_none(struct world *w)
{
    begin(w);
    world_script(w, "UPDATE account SET email_verified = 0");
    post(w, ANA, "sample.wrote", BEN, "c1");
    w->now_ms += 15 * TIME_MIN;
    run(w);
    assert_int_equal(mails(w), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice_digest"), 0);
}

int main(void)
{
    static const struct feature *const list[] = {&notices_feature, &mail_feature, &consents_feature,
                                                 NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(what_stays_unread_a_quarter_of_an_hour_is_mailed_once),
        WORLD_TEST(what_was_read_in_time_is_not_mailed),
        WORLD_TEST(a_mail_of_several_kinds_hangs_on_the_switch_of_all_such_mails),
        WORLD_TEST(kinds_that_are_switched_off_are_no_lines),
        WORLD_TEST(whom_one_does_not_perceive_is_no_line),
        WORLD_TEST(six_lines_and_how_many_more),
        WORLD_TEST(how_soon_is_the_members_choice_also_for_what_waits),
        WORLD_TEST(in_quiet_hours_mail_waits_for_their_end),
        WORLD_TEST(what_changed_since_it_was_looked_at_is_looked_at_again),
        WORLD_TEST(two_jobs_of_one_member_make_one_mail),
        WORLD_TEST(a_failing_statement_leaves_all_or_nothing),
        WORLD_TEST(an_address_that_is_not_proved_gets_none),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
