#include "features/identity/addresses/letters_test.h"

static void registering_sends_a_link_that_proves_the_address(struct world *w)
{
    struct member kartika = joins(w, "Kartika", "kartika@example.org");
    run_jobs(w);
    assert_int_equal(mails(w, "accounts.verify"), 1);
    assert_int_equal(as(w, &kartika, "GET", "/api/me/email", NULL), 200);
    assert_true(world_says(w, "\"verified\":false"));
    const char *link = link_for(w, ADDRESSES_VERIFY, id_of(w, "Kartika"), 0);
    char kept[TICKET_TEXT_MAX];
    snprintf(kept, sizeof(kept), "%s", link);
    assert_int_equal(uses(w, "verifications", kept), 200);
    assert_true(world_says(w, "\"changed\":false"));
    assert_int_equal(as(w, &kartika, "GET", "/api/me", NULL), 200);
    assert_true(world_says(w, "\"email_verified\":true"));
    assert_int_equal(uses(w, "verifications", kept), 404); /* once */
    assert_int_equal(as(w, &kartika, "POST", "/api/me/email/verify", NULL), 409);
    assert_string_equal(world_code(w), "accounts.address_proved");
}

static void a_link_that_is_over_foreign_or_changed_opens_nothing(struct world *w)
{
    struct member kartika = joins(w, "Kartika", "kartika@example.org");
    int64_t id = id_of(w, kartika.name);
    char kept[TICKET_TEXT_MAX];
    snprintf(kept, sizeof(kept), "%s", link_for(w, ADDRESSES_VERIFY, id, 0));
    kept[5] = kept[5] == 'a' ? 'b' : 'a';
    assert_int_equal(uses(w, "verifications", kept), 404);
    assert_string_equal(world_code(w), "tickets.gone");
    assert_int_equal(uses(w, "verifications", ""), 400);
    assert_int_equal(uses(w, "verifications", link_for(w, ADDRESSES_RESET, id, 0)), 404);
    assert_int_equal(uses(w, "verifications", link_for(w, ADDRESSES_CHANGE, id, 12345)), 404);
    assert_int_equal(uses(w, "undos", link_for(w, ADDRESSES_VERIFY, id, 0)), 404);
    assert_int_equal(uses(w, "undos", link_for(w, ADDRESSES_UNDO, id, 99)), 404);
    assert_int_equal(sets_password(w, link_for(w, ADDRESSES_VERIFY, id, 0), PASSWORD "!"), 404);
    snprintf(kept, sizeof(kept), "%s", link_for(w, ADDRESSES_VERIFY, id, 0));
    w->now_ms += TIME_H;
    assert_int_equal(uses(w, "verifications", kept), 404);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE email_verified = 1"), 0);
}

static void a_used_address_looks_like_any_other_and_its_owner_hears_once(struct world *w)
{
    char first[2048];
    (void)proved(w, "Kartika", "kartika@example.org");
    int64_t before = mails(w, "accounts.verify");
    struct member other = joins(w, "Someone", "Kartika@Example.org");
    snprintf(first, sizeof(first), "%s", w->last.body);
    run_jobs(w);
    assert_int_equal(mails(w, "accounts.verify"), before);
    assert_int_equal(mails(w, "accounts.used_address"), 1);
    (void)joins(w, "Another", "fresh@example.org");
    /* The same answer, but for what is different by itself. */
    assert_int_equal(strlen(first), strlen(w->last.body) + strlen("Kartika@example.org") -
                                        strlen("fresh@example.org"));
    run_jobs(w);
    assert_int_equal(mails(w, "accounts.verify"), before + 1);
    (void)joins(w, "Third", "kartika@example.org");
    run_jobs(w);
    assert_int_equal(mails(w, "accounts.used_address"), 1); /* once a day */
    w->now_ms += TIME_DAY;
    (void)joins(w, "Fourth", "kartika@example.org");
    run_jobs(w);
    assert_int_equal(mails(w, "accounts.used_address"), 2);
    /* A link that came before the other proved it is refused politely. */
    assert_int_equal(
        uses(w, "verifications", link_for(w, ADDRESSES_VERIFY, id_of(w, other.name), 0)), 409);
    assert_string_equal(world_code(w), "accounts.address_used");
}

static void nobody_is_flooded_with_letters_for_accounts_that_are_not_theirs(struct world *w)
{
    static const char *const names[] = {"One Kilo",  "Two Kilo", "Three Kilo", "Four Kilo",
                                        "Five Kilo", "Six Kilo", "Seven Kilo"};
    for (size_t i = 0; i < COUNT(names); i++) {
        (void)joins(w, names[i], "victim@example.org");
        run_jobs(w);
    }
    assert_int_equal(mails(w, "accounts.verify"), ADDRESSES_UNPROVED_MAX);
}

static void an_address_that_is_nobodys_gets_few_letters_a_day_whoever_asks(struct world *w)
{
    struct member one = proved(w, "Kartika", "one@example.org");
    for (int i = 0; i < 2 * ADDRESSES_UNPROVED_MAX; i++) {
        assert_int_equal(as(w, &one, "PUT", "/api/me/email", "{\"email\":\"victim@example.org\"}"),
                         202);
        run_jobs(w);
    }
    assert_int_equal(mails(w, "accounts.new_address"), ADDRESSES_UNPROVED_MAX);
    struct member other = joins(w, "Other", "victim@example.org");
    int64_t before = mails(w, "accounts.verify");
    for (int i = 0; i < 4; i++) { /* again and again, days after it registered, too */
        assert_int_equal(as(w, &other, "POST", "/api/me/email/verify", NULL), 202);
        run_jobs(w);
    }
    assert_int_equal(mails(w, "accounts.verify"), before);
    w->now_ms += TIME_DAY;
    assert_int_equal(signs_in(w, "Other", PASSWORD, &other), 201);
    assert_int_equal(as(w, &other, "POST", "/api/me/email/verify", NULL), 202);
    run_jobs(w);
    assert_int_equal(mails(w, "accounts.verify"), before + 1);
}

/* proves: REG-8b REG-8c */
static void a_new_address_is_proved_then_counts_then_the_old_one_is_told(struct world *w)
{
    struct member kartika = proved(w, "Kartika", "old@example.org");
    assert_int_equal(as(w, &kartika, "PUT", "/api/me/email", "{\"email\":\"old@example.org\"}"),
                     409);
    assert_int_equal(as(w, &kartika, "PUT", "/api/me/email", "{\"email\":\"nonsense\"}"), 400);
    assert_int_equal(as(w, &kartika, "PUT", "/api/me/email", "{\"email\":\"new@example.org\"}"),
                     202);
    run_jobs(w);
    assert_int_equal(mails(w, "accounts.new_address"), 1);
    assert_string_equal(address(w, &kartika), "old@example.org");
    assert_true(world_says(w, "\"asked\":\"new@example.org\""));
    assert_int_equal(mails(w, "accounts.address_changed"), 0);
    assert_int_equal(uses(w, "verifications",
                          link_for(w, ADDRESSES_CHANGE, id_of(w, "Kartika"), asked(w, "Kartika"))),
                     200);
    run_jobs(w);
    assert_string_equal(address(w, &kartika), "new@example.org");
    assert_true(world_says(w, "\"asked\":null"));
    assert_int_equal(mails(w, "accounts.address_changed"), 1);
    assert_int_equal(world_count(w,
                                 "SELECT count(*) FROM mail WHERE kind = 'accounts.address_changed'"
                                 " AND elsewhere = 1"),
                     1);
}

static void a_change_needs_a_fresh_proof_of_the_session(struct world *w)
{
    struct member kartika = proved(w, "Kartika", "old@example.org");
    w->now_ms += API_PROOF_MS + 1;
    assert_int_equal(as(w, &kartika, "PUT", "/api/me/email", "{\"email\":\"new@example.org\"}"),
                     403);
    assert_string_equal(world_code(w), "api.prove");
    assert_int_equal(as(w, &kartika, "DELETE", "/api/me", NULL), 403);
    assert_string_equal(world_code(w), "api.prove");
}

/* The bytes are any that are there. */
static void plant_passkey(struct world *w, int id, const char *bytes, int64_t created_ms)
{
    world_script(w, arena_printf(w->kept,
                                 "INSERT INTO passkey (id, account_id, credential_id, algorithm,"
                                 " public_key, sign_count, verifies, syncable, synced, transports,"
                                 " label_ct, created_at_ms) SELECT %d, a.id, %s, -7, a.email_ct, 0,"
                                 " 1, 0, 0, '', a.email_ct, %lld FROM account a"
                                 " WHERE a.avatar_name = 'Kartika'",
                                 id, bytes, (long long)created_ms));
}

static void the_old_address_takes_the_change_back_within_seven_days(struct world *w)
{
    struct member thief = proved(w, "Kartika", "old@example.org"), owner = {0};
    changes(w, &thief, "thief@example.org");
    int64_t id = id_of(w, "Kartika"), change = done(w, "Kartika");
    assert_int_equal(
        as(w, &thief, "POST", "/api/tokens",
           "{\"label\":\"door\",\"read\":true,\"write\":true,\"live\":true,\"days\":9}"),
        201);
    assert_int_equal(as(w, &thief, "PUT", "/api/me/email", "{\"email\":\"more@example.org\"}"),
                     202);
    run_jobs(w);
    char open_link[TICKET_TEXT_MAX], reset[TICKET_TEXT_MAX];
    snprintf(open_link, sizeof(open_link), "%s",
             link_for(w, ADDRESSES_CHANGE, id, asked(w, "Kartika")));
    snprintf(reset, sizeof(reset), "%s", link_for(w, ADDRESSES_RESET, id, 0));

    /* What the owner had stays; what was built in the thief's hours goes. */
    plant_passkey(w, 1, "a.email_ct", 5);
    plant_passkey(w, 2, "a.email_bi", w->now_ms);
    plant_passkey(w, 4, "a.birth_ct", w->now_ms - 2 * TIME_DAY); /* one who waited first */
    assert_int_equal(uses(w, "undos", link_for(w, ADDRESSES_UNDO, id, change)), 200);
    assert_int_equal(world_count(w, "SELECT CAST(sum(id) AS BIGINT) FROM passkey"), 1);
    char fresh[TICKET_TEXT_MAX];
    snprintf(fresh, sizeof(fresh), "%s", world_field(w, "ticket"));
    assert_int_equal(as(w, &thief, "GET", "/api/me", NULL), 401);
    assert_int_equal(world_count(w, "SELECT count(*) FROM token"), 0);
    assert_int_equal(uses(w, "verifications", open_link), 404);
    assert_int_equal(sets_password(w, reset, "another one of chance"), 404);
    assert_int_equal(signs_in(w, "Kartika", PASSWORD, NULL), 401); /* the thief knew it */
    assert_int_equal(sets_password(w, fresh, "quiet harbour lemon engine"), 204);
    assert_int_equal(signs_in(w, "Kartika", "quiet harbour lemon engine", &owner), 201);
    assert_string_equal(address(w, &owner), "old@example.org");
    assert_true(world_says(w, "\"verified\":true"));
}

static void taking_back_locks_nobody_out_behind_steps_that_are_gone(struct world *w)
{
    struct member thief = proved(w, "Kartika", "old@example.org");
    /* Two steps since long ago, and an app and a passkey of yesterday. */
    world_script(w, "INSERT INTO second_factor (account_id, since_ms) SELECT id, 5 FROM account"
                    " WHERE avatar_name = 'Kartika'");
    plant_passkey(w, 1, "a.email_bi", w->now_ms);
    changes(w, &thief, "thief@example.org");
    int64_t id = id_of(w, "Kartika");
    assert_int_equal(uses(w, "undos", link_for(w, ADDRESSES_UNDO, id, done(w, "Kartika"))), 200);
    assert_int_equal(sets_password(w, world_field(w, "ticket"), "quiet harbour lemon engine"), 204);
    struct member owner = {0};
    assert_int_equal(signs_in(w, "Kartika", "quiet harbour lemon engine", &owner), 201);
    assert_int_equal(as(w, &owner, "GET", "/api/me", NULL), 200);
}

static void after_seven_days_the_way_back_is_gone(struct world *w)
{
    struct member kartika = proved(w, "Kartika", "old@example.org");
    changes(w, &kartika, "new@example.org");
    int64_t id = id_of(w, "Kartika"), change = done(w, "Kartika");
    int64_t life_ms = world_count(w, "SELECT ends_at_ms - created_at_ms FROM ticket"
                                     " WHERE kind = 'accounts.undo'");
    assert_true(life_ms <= ADDRESSES_UNDO_MS && life_ms > ADDRESSES_UNDO_MS - TIME_MIN);
    w->now_ms += ADDRESSES_UNDO_MS + TIME_H;
    run_jobs(w);
    assert_int_equal(uses(w, "undos", link_for(w, ADDRESSES_UNDO, id, change)), 404);
    /* And the address is free for others. */
    (void)proved(w, "Second", "old@example.org");
}

static void an_account_whose_time_is_over_is_not_brought_back(struct world *w)
{
    struct member one = proved(w, "Kartika", "old@example.org");
    changes(w, &one, "new@example.org");
    int64_t id = id_of(w, "Kartika"), change = done(w, "Kartika");
    world_script(w, "UPDATE account SET state = 'ended', erase_at_ms = 1"
                    " WHERE avatar_name = 'Kartika'");
    assert_int_equal(uses(w, "undos", link_for(w, ADDRESSES_UNDO, id, change)), 404);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE state = 'ended'"
                                    " AND erase_at_ms = 1"),
                     1);
}

static void an_address_that_may_come_back_is_kept_for_it(struct world *w)
{
    struct member kartika = proved(w, "Kartika", "old@example.org");
    changes(w, &kartika, "new@example.org");
    struct member other = joins(w, "Other", "old@example.org");
    assert_int_equal(
        uses(w, "verifications", link_for(w, ADDRESSES_VERIFY, id_of(w, other.name), 0)), 409);
    assert_int_equal(
        uses(w, "undos", link_for(w, ADDRESSES_UNDO, id_of(w, "Kartika"), done(w, "Kartika"))),
        200);
}

static void of_two_changes_at_once_the_newer_one_counts(struct world *w)
{
    struct member kartika = proved(w, "Kartika", "old@example.org");
    int64_t id = id_of(w, "Kartika");
    assert_int_equal(as(w, &kartika, "PUT", "/api/me/email", "{\"email\":\"one@example.org\"}"),
                     202);
    int64_t first = asked(w, "Kartika");
    assert_int_equal(as(w, &kartika, "PUT", "/api/me/email", "{\"email\":\"two@example.org\"}"),
                     202);
    run_jobs(w);
    assert_int_equal(uses(w, "verifications", link_for(w, ADDRESSES_CHANGE, id, first)), 404);
    assert_int_equal(
        uses(w, "verifications", link_for(w, ADDRESSES_CHANGE, id, asked(w, "Kartika"))), 200);
    assert_string_equal(address(w, &kartika), "two@example.org");
}

static void an_address_that_was_taken_meanwhile_is_refused_and_nothing_changes(struct world *w)
{
    struct member kartika = proved(w, "Kartika", "old@example.org");
    int64_t id = id_of(w, "Kartika");
    assert_int_equal(as(w, &kartika, "PUT", "/api/me/email", "{\"email\":\"new@example.org\"}"),
                     202);
    run_jobs(w);
    (void)proved(w, "Faster", "NEW@example.org");
    assert_int_equal(
        uses(w, "verifications", link_for(w, ADDRESSES_CHANGE, id, asked(w, "Kartika"))), 409);
    assert_string_equal(world_code(w), "accounts.address_used");
    assert_string_equal(address(w, &kartika), "old@example.org");
}

static void a_change_can_be_dropped_and_its_link_with_it(struct world *w)
{
    struct member kartika = proved(w, "Kartika", "old@example.org");
    assert_int_equal(as(w, &kartika, "PUT", "/api/me/email", "{\"email\":\"new@example.org\"}"),
                     202);
    int64_t change = asked(w, "Kartika");
    assert_int_equal(as(w, &kartika, "DELETE", "/api/me/email/change", NULL), 204);
    run_jobs(w);
    assert_int_equal(mails(w, "accounts.new_address"), 0);
    assert_int_equal(
        uses(w, "verifications", link_for(w, ADDRESSES_CHANGE, id_of(w, "Kartika"), change)), 404);
}

static void asking_for_a_password_tells_nothing_and_writes_only_to_proved_addresses(struct world *w)
{
    (void)proved(w, "Kartika", "kartika@example.org");
    (void)joins(w, "Unproved", "unproved@example.org");
    run_jobs(w);
    static const char *const asks[] = {"{\"email\":\"kartika@EXAMPLE.org\"}",
                                       "{\"email\":\"unproved@example.org\"}",
                                       "{\"email\":\"nobody@example.org\"}"};
    for (size_t i = 0; i < COUNT(asks); i++) {
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/resets", asks[i]), 202);
        assert_string_equal(w->last.body, "");
        assert_int_equal(w->last.cookie_count, 0);
    }
    assert_int_equal(world_count(w, "SELECT count(*) FROM job WHERE kind = 'accounts.letter'"), 3);
    run_jobs(w);
    assert_int_equal(mails(w, "accounts.reset"), 1);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/resets", asks[0]), 202);
    run_jobs(w);
    assert_int_equal(mails(w, "accounts.reset"), 1); /* one is on its way */
    w->now_ms += ADDRESSES_RESET_EVERY_MS;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/resets", asks[0]), 202);
    run_jobs(w);
    assert_int_equal(mails(w, "accounts.reset"), 2);
    /* Whoever asked again did not spoil the link that came before; using one ends the other. */
    assert_int_equal(world_count(w, "SELECT count(*) FROM ticket WHERE kind = 'accounts.reset'"),
                     2);
    char link[TICKET_TEXT_MAX];
    snprintf(link, sizeof(link), "%s", link_for(w, ADDRESSES_RESET, id_of(w, "Kartika"), 0));
    w->now_ms += ADDRESSES_RESET_EVERY_MS;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/resets", asks[0]), 202);
    run_jobs(w);
    assert_int_equal(sets_password(w, link, "another one of chance"), 204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM ticket WHERE kind = 'accounts.reset'"),
                     0);
}

static void a_new_password_by_mail_ends_everything_that_was_open(struct world *w)
{
    struct member kartika = proved(w, "Kartika", "kartika@example.org");
    int64_t id = id_of(w, "Kartika");
    char link[TICKET_TEXT_MAX];
    snprintf(link, sizeof(link), "%s", link_for(w, ADDRESSES_RESET, id, 0));
    assert_int_equal(sets_password(w, link, "short"), 400);
    assert_string_equal(world_code(w), "passwords.short");
    assert_int_equal(sets_password(w, link, "kartika kartika kartika"), 400);
    assert_int_equal(sets_password(w, link, "quiet harbour lemon engine"), 204);
    /* no session, a second factor is still asked at sign-in; but the browser is no stranger */
    assert_int_equal(w->last.cookie_count, 1);
    assert_non_null(strstr(w->last.cookies[0].name, DEVICE_COOKIE));
    assert_int_equal(sets_password(w, link, "quiet harbour lemon engines"), 404);
    assert_int_equal(as(w, &kartika, "GET", "/api/me", NULL), 401);
    assert_int_equal(signs_in(w, "Kartika", PASSWORD, NULL), 401);
    assert_int_equal(signs_in(w, "Kartika", "quiet harbour lemon engine", NULL), 201);
    assert_int_equal(mails(w, "accounts.password_set"), 1);
}

static void the_link_lets_the_owner_in_while_others_guess(struct world *w)
{
    char link[TICKET_TEXT_MAX], device[640];
    (void)proved(w, "Kartika", "kartika@example.org");
    snprintf(link, sizeof(link), "%s", link_for(w, ADDRESSES_RESET, id_of(w, "Kartika"), 0));
    for (int i = 0; i < GUESSES_FREE; i++) {
        assert_int_equal(signs_in(w, "Kartika", "a guess like any other", NULL), 401);
    }
    assert_int_equal(signs_in(w, "Kartika", PASSWORD, NULL), 429);
    assert_int_equal(sets_password(w, link, "quiet harbour lemon engine"), 204);
    snprintf(device, sizeof(device), "%s=%s", w->last.cookies[0].name, w->last.cookies[0].value);
    assert_int_equal(signs_in(w, "Kartika", "quiet harbour lemon engine", NULL), 429);
    w->cookie = device;
    assert_int_equal(signs_in(w, "Kartika", "quiet harbour lemon engine", NULL), 201);
    w->cookie = NULL;
    w->now_ms += 2 * GUESSES_FIRST_MS;
    assert_int_equal(signs_in(w, "Kartika", "quiet harbour lemon engine", NULL), 201);
}

static void a_restore_loses_no_way_to_a_new_password(struct world *w)
{
    (void)proved(w, "Kartika", "kartika@example.org");
    world_script(w, "UPDATE account SET email_bi = NULL");
    assert_int_equal(
        world_send(w, NOBODY, "POST", "/api/resets", "{\"email\":\"kartika@example.org\"}"), 202);
    run_jobs(w);
    assert_int_equal(mails(w, "accounts.reset"), 0);
    world_script(w, "INSERT INTO job (id, kind, payload, state, run_at_ms, tries, created_ms)"
                    " VALUES (1, 'accounts.blind_more', '', 'waiting', 1, 0, 1)");
    run_jobs(w);
    assert_int_equal(
        world_send(w, NOBODY, "POST", "/api/resets", "{\"email\":\"kartika@example.org\"}"), 202);
    run_jobs(w);
    assert_int_equal(mails(w, "accounts.reset"), 1);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(registering_sends_a_link_that_proves_the_address),
        WORLD_TEST(a_link_that_is_over_foreign_or_changed_opens_nothing),
        WORLD_TEST(a_used_address_looks_like_any_other_and_its_owner_hears_once),
        WORLD_TEST(nobody_is_flooded_with_letters_for_accounts_that_are_not_theirs),
        WORLD_TEST(a_new_address_is_proved_then_counts_then_the_old_one_is_told),
        WORLD_TEST(a_change_needs_a_fresh_proof_of_the_session),
        WORLD_TEST(the_old_address_takes_the_change_back_within_seven_days),
        WORLD_TEST(taking_back_locks_nobody_out_behind_steps_that_are_gone),
        WORLD_TEST(an_address_that_is_nobodys_gets_few_letters_a_day_whoever_asks),
        WORLD_TEST(after_seven_days_the_way_back_is_gone),
        WORLD_TEST(an_account_whose_time_is_over_is_not_brought_back),
        WORLD_TEST(an_address_that_may_come_back_is_kept_for_it),
        WORLD_TEST(of_two_changes_at_once_the_newer_one_counts),
        WORLD_TEST(an_address_that_was_taken_meanwhile_is_refused_and_nothing_changes),
        WORLD_TEST(a_change_can_be_dropped_and_its_link_with_it),
        WORLD_TEST(asking_for_a_password_tells_nothing_and_writes_only_to_proved_addresses),
        WORLD_TEST(a_new_password_by_mail_ends_everything_that_was_open),
        WORLD_TEST(the_link_lets_the_owner_in_while_others_guess),
        WORLD_TEST(a_restore_loses_no_way_to_a_new_password),
    };
    const struct world_options options = {.features = list, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
