#include "features/notify/mail/mail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/crypto.h"
#include "base/time.h"
#include "features/common/consents/consents.h"
#include "features/notify/mail/mail_bounces.h"
#include "features/notify/mail/mail_mime.h"
#include "features/notify/mail/mail_outbox.h"
#include "features/notify/mail/mail_topics.h"
#include "features/notify/mail/mail_unsubscribe.h"
#include "privacy/keys.h"
#include "tests/support/world.h"

extern const struct feature mail_feature, consents_feature;
static const struct feature *const list[] = {&mail_feature, &consents_feature, NULL};

/* The world's people have no key and no address: those of a test get both. */
static void address(struct world *w, int who, bool verified)
{
    char sql[400];
    int64_t key_id = 0;
    assert_int_equal(keys_take(w->keys, &key_id), OK);
    snprintf(sql, sizeof(sql),
             "UPDATE account SET key_id = %lld, email_verified = %d WHERE id = %lld",
             (long long)key_id, verified, (long long)w->account_ids[who]);
    world_script(w, sql);
}

struct posting {
    int64_t account_id;
    const char *kind, *email;
    int64_t key_id;
    struct mail_draft draft;
};

static enum err write_address(struct call *call, void *arg)
{
    SQL(mail_test_address, "UPDATE account SET email_ct = $2, email_bi = $3 WHERE id = $1");
    const struct posting *posting = arg;
    struct mail_draft draft = posting->draft;
    return store_run(
        call, &mail_test_address,
        BIND(I64(posting->account_id), SEALED(draft.to), BYTES(draft.code_hash, HASH_BYTES)), NULL);
}

static enum err find(struct call *call, void *arg)
{
    struct posting *posting = arg;
    struct mail_to to;
    TRY(mail_to_account(call, posting->account_id, &to));
    posting->key_id = to.key_id;
    return OK;
}

static void outside(struct world *w, struct call *call)
{
    *call = (struct call){.arena = w->kept,
                          .keys = w->keys,
                          .settings = &w->settings,
                          .now_ms = w->now_ms,
                          .rng = {.state = (uint64_t)rand()}};
}

static enum err post(struct call *call, void *arg)
{
    return mail_post(call, &((struct posting *)arg)->draft);
}

static void mail(struct world *w, int who, const char *kind)
{
    static const struct mail_value values[] = {{"device", "Firefox"}};
    struct posting posting = {.account_id = w->account_ids[who], .kind = kind};
    struct call call;
    assert_int_equal(world_do(w, who, find, &posting), OK);
    outside(w, &call);
    const struct mail_to to = {posting.account_id, posting.key_id, NULL, "en", "Ana"};
    assert_int_equal(mail_prepare(&call, &to, kind, "/x", values, 1, &posting.draft), OK);
    assert_int_equal(world_do(w, who, post, &posting), OK);
}

/* An address that this account's key has sealed. */
static void lives_at(struct world *w, int who, const char *email, bool verified)
{
    struct posting posting = {.account_id = w->account_ids[who]};
    struct call call;
    address(w, who, verified);
    assert_int_equal(world_do(w, who, find, &posting), OK);
    outside(w, &call);
    assert_int_equal(sealed_row(&call, posting.key_id, "account.email_ct", posting.account_id,
                                email, &posting.draft.to),
                     OK);
    assert_int_equal(keys_blind(&call, "account.email", email, posting.draft.code_hash), OK);
    assert_int_equal(world_do(w, who, write_address, &posting), OK);
}

struct batch {
    struct lease got;
    struct mail_leased first;
    char kind[64]; /* the call's memory is gone by then */
    size_t count;
    bool first_ask;
};

static enum err lease(struct call *call, void *arg)
{
    struct batch *batch = arg;
    TRY(mail_lease(call, batch->first_ask, &batch->got));
    batch->count = batch->got.items.count;
    if (batch->count) {
        batch->first = *(const struct mail_leased *)batch->got.items.items;
        snprintf(batch->kind, sizeof(batch->kind), "%s", batch->first.kind);
    }
    return OK;
}

static enum err settle(struct call *call, void *arg)
{
    return mail_settle(call, arg);
}

static struct batch take(struct world *w)
{
    struct batch batch = {0};
    assert_int_equal(world_do(w, ADA, lease, &batch), OK);
    return batch;
}

static void end(struct world *w, const struct batch *batch, enum mail_end as)
{
    struct mail_results results = {.lease = batch->got.id, .count = 1, .last = true};
    results.items[0] = (struct mail_result){batch->first.id, as, "451 4.0.0"};
    assert_int_equal(world_do(w, ADA, settle, &results), OK);
}

static int64_t in_state(struct world *w, const char *state)
{
    char sql[100];
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM mail WHERE state = '%s'", state);
    return world_count(w, sql);
}

/* ---- the outbox ---- */

static void a_mail_is_leased_by_one_at_a_time(struct world *w)
{
    lives_at(w, ANA, "ana@example.org", true);
    mail(w, ANA, "mail.test");
    struct batch one = take(w);
    assert_int_equal(one.count, 1);
    assert_int_equal(take(w).count, 0);
    w->now_ms += MAIL_LEASE_MS + 1;
    struct batch two = take(w);
    assert_int_equal(two.count, 1);
    end(w, &one, MAIL_SENT); /* too late: it is not theirs any more */
    assert_int_equal(in_state(w, "sent"), 0);
    end(w, &two, MAIL_SENT);
    assert_int_equal(in_state(w, "sent"), 1);
}

static void what_a_server_died_with_is_taken_by_the_next_at_once(struct world *w)
{
    struct batch next = {.first_ask = true};
    lives_at(w, ANA, "ana@example.org", true);
    mail(w, ANA, "mail.test");
    take(w);
    assert_int_equal(world_do(w, ADA, lease, &next), OK);
    assert_int_equal(next.count, 1);
}

static void what_is_sent_keeps_neither_address_nor_words(struct world *w)
{
    lives_at(w, ANA, "ana@example.org", true);
    mail(w, ANA, "mail.test");
    struct batch batch = take(w);
    end(w, &batch, MAIL_SENT);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE to_ct IS NULL AND values_ct"
                                    " IS NULL AND code_hash IS NOT NULL"),
                     1);
}

static void each_try_waits_longer_until_a_human_is_asked(struct world *w)
{
    int64_t waited_ms = 0;
    lives_at(w, ANA, "ana@example.org", true);
    mail(w, ANA, "mail.test");
    world_script(w, "UPDATE mail SET ends_ms = ends_ms * 2");
    world_set(w, "mail_retry_s", "60");
    for (int i = 1; i < MAIL_TRIES; i++) {
        struct batch batch = take(w);
        assert_int_equal(batch.count, 1);
        end(w, &batch, MAIL_LATER);
        assert_int_equal(take(w).count, 0);
        waited_ms = world_count(w, "SELECT due_ms FROM mail") - w->now_ms;
        assert_in_range(waited_ms, TIME_S, 6 * TIME_H);
        w->now_ms += waited_ms;
    }
    assert_true(waited_ms >= 2 * TIME_H);
    struct batch last = take(w);
    end(w, &last, MAIL_LATER);
    assert_int_equal(in_state(w, "dead"), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE values_ct IS NOT NULL"), 1);
}

static void an_outage_counts_as_no_try(struct world *w)
{
    lives_at(w, ANA, "ana@example.org", true);
    mail(w, ANA, "mail.test");
    for (int i = 0; i < 3 * MAIL_TRIES; i++) {
        struct batch batch = take(w);
        assert_int_equal(batch.count, 1);
        end(w, &batch, MAIL_UNTRIED);
    }
    assert_int_equal(world_count(w, "SELECT tries FROM mail"), 0);
}

static void what_somebody_waits_for_goes_before_all_else(struct world *w)
{
    lives_at(w, ANA, "ana@example.org", true);
    mail(w, ANA, "mail.test");
    w->now_ms += 1000;
    mail(w, ANA, "accounts.verify");
    struct batch batch = take(w);
    assert_int_equal(batch.count, 2);
    assert_string_equal(batch.kind, "accounts.verify");
}

static void a_mail_past_its_life_is_not_sent(struct world *w)
{
    lives_at(w, ANA, "ana@example.org", true);
    mail(w, ANA, "mail.test");
    w->now_ms += TIME_DAY + 1;
    struct batch batch = take(w);
    assert_string_equal(batch.first.drop, "late");
}

/* ---- who wants what ---- */

static char ticket[200];

static void a_kind_that_is_switched_off_is_not_posted_and_necessary_mail_is(struct world *w)
{
    lives_at(w, ANA, "ana@example.org", true);
    mail(w, ANA, "mail.test");
    assert_int_equal(in_state(w, "waiting"), 1);
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/mail/notices", "{\"wanted\":false}"), 204);
    assert_int_equal(in_state(w, "waiting"), 0); /* what waited goes, too */
    mail(w, ANA, "mail.test");
    assert_int_equal(in_state(w, "waiting"), 0);
    mail(w, ANA, "accounts.verify");
    assert_int_equal(in_state(w, "waiting"), 1);
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/mail/nonsense", "{\"wanted\":true}"), 404);
}

static enum err make_ticket(struct call *call, void *arg)
{
    struct world *w = arg;
    const char *made = NULL;
    struct call own = {.arena = call->arena, .keys = w->keys, .settings = &w->settings};
    TRY(mail_unsubscribe_ticket(&own, w->public_ids[ANA], "news", &made));
    snprintf(ticket, sizeof(ticket), "%s", made);
    return OK;
}

/* Whoever has an old mail, or one that was passed on, agrees to nothing for its owner. */
static void the_link_of_a_mail_only_switches_off(struct world *w)
{
    char json[300];
    lives_at(w, ANA, "ana@example.org", true);
    assert_int_equal(world_do(w, ADA, make_ticket, w), OK);
    for (int pass = 0; pass < 2; pass++) {
        snprintf(json, sizeof(json), "{\"ticket\":\"%s\",\"wanted\":\"yes\"}", ticket);
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/mail/topic", json), 400);
        snprintf(json, sizeof(json), "{\"ticket\":\"%s\"}", ticket);
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/mail/topic", json), 200);
        assert_true(world_says(w, "\"wanted\":false"));
        assert_int_equal(world_send(w, ANA, "PUT", "/api/me/mail/news", "{\"wanted\":true}"), 204);
        snprintf(json, sizeof(json), "{\"ticket\":\"%s\",\"wanted\":\"no\"}", ticket);
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/mail/topic", json), 200);
        assert_true(world_says(w, "\"wanted\":false"));
    }
}

static void an_address_that_is_not_proved_gets_necessary_mail_only(struct world *w)
{
    lives_at(w, BEN, "ben@example.org", false);
    mail(w, BEN, "mail.test");
    assert_int_equal(in_state(w, "waiting"), 0);
    mail(w, BEN, "accounts.verify");
    assert_int_equal(in_state(w, "waiting"), 1);
}

static void a_dead_address_is_left_alone_until_it_changes(struct world *w)
{
    lives_at(w, ANA, "ana@example.org", true);
    mail(w, ANA, "accounts.verify");
    struct batch batch = take(w);
    end(w, &batch, MAIL_BOUNCED);
    world_send(w, ANA, "GET", "/api/me/mail", NULL);
    assert_true(world_says(w, "\"undeliverable\":true"));
    mail(w, ANA, "accounts.verify");
    batch = take(w);
    assert_string_equal(batch.first.drop, "dead address");
    end(w, &batch, MAIL_UNTRIED);
    lives_at(w, ANA, "ana@elsewhere.example", true);
    assert_null(take(w).first.drop);
    world_send(w, ANA, "GET", "/api/me/mail", NULL);
    assert_true(world_says(w, "\"undeliverable\":false"));
}

/* ---- words ---- */

static void fill_values(struct mail_value *values, size_t *count, const char *text)
{
    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
        size_t len = strcspn(at + 1, "}");
        char *name = malloc(len + 1);
        memcpy(name, at + 1, len);
        name[len] = '\0';
        bool own = strcmp(name, "site") == 0 || strcmp(name, "name") == 0;
        for (size_t i = 0; i < *count && !own; i++) {
            own = strcmp(values[i].name, name) == 0;
        }
        if (own) {
            free(name);
        } else {
            assert_in_range(*count, 0, MAIL_VALUES_MAX - 1);
            values[(*count)++] = (struct mail_value){name, "<b>value & more"};
        }
    }
}

static void every_kind_of_every_feature_has_all_its_words_in_both_languages(struct world *w)
{
    static const char *const parts[] = {"subject", "title", "text", "button"};
    size_t seen = 0;
    lives_at(w, ANA, "ana@example.org", true);
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct mail_kind *kind = (*feature)->mails; kind && kind->name; kind++) {
            for (size_t i = 0; catalogue_languages[i]; i++) {
                struct mail_value values[MAIL_VALUES_MAX];
                size_t count = 0;
                struct posting posting = {.account_id = w->account_ids[ANA]};
                struct call call;
                struct mail_letter letter;
                for (size_t j = 0; j < COUNT(parts); j++) {
                    char key[120];
                    snprintf(key, sizeof(key), "%s.%s", kind->name, parts[j]);
                    const char *text = catalogue_text(catalogue_languages[i], key);
                    assert_string_not_equal(text, key);
                    fill_values(values, &count, text);
                }
                assert_int_equal(world_do(w, ANA, find, &posting), OK);
                outside(w, &call);
                const struct mail_to to = {0, posting.key_id, "a@example.org",
                                           catalogue_languages[i], "Ana"};
                assert_int_equal(
                    mail_prepare(&call, &to, kind->name, "/x#y", values, count, &posting.draft),
                    OK);
                const struct mail_draft *draft = &posting.draft;
                const struct mail_leased leased = {.id = draft->id,
                                                   .kind = kind->name,
                                                   .topic = kind->topic,
                                                   .language = draft->language,
                                                   .public_id = w->public_ids[ANA],
                                                   .elsewhere = true,
                                                   .to = draft->to,
                                                   .words = draft->values};
                assert_int_equal(mail_write(&call, &leased, &letter), OK);
                assert_null(strchr(letter.text, '{'));
                assert_null(strchr(letter.subject, '{'));
                assert_null(strstr(letter.html, "<b>value"));
                assert_null(strstr(strstr(letter.html, "<body"), "{"));
                assert_true(!kind->topic == !strstr(letter.message, "List-Unsubscribe"));
                bool parent = strncmp(kind->name, "guardians.", 10) == 0; /* no account there */
                assert_true(parent == !strstr(letter.text, "/settings/mail"));
                assert_true(parent == !strstr(letter.html, "/settings/mail"));
                assert_true(!parent || !strstr(letter.text, "your account"));
                while (count > 0) {
                    char *name = NULL;
                    memcpy(&name, &values[--count].name, sizeof(name));
                    free(name);
                }
                seen++;
            }
        }
    }
    assert_in_range(seen, 4, 1000);
}

static void no_header_has_a_line_that_a_person_began(struct world *w)
{
    struct call call;
    const char *message = NULL;
    size_t len = 0;
    outside(w, &call);
    const struct mime mime = {
        .now_ms = WORLD_START_MS,
        .site = "Ba\r\nBcc: <x@example.org>",
        .from = "a@example.org",
        .to = "b@example.org",
        .subject = mime_line(&call, "Hi\r\nBcc: <y@example.org>\r\n\r\nwords"),
        .text = ".\n..\n.x\n\ttab  \n",
        .html = "<p>",
        .id = "<0123456789abcdef0123456789abcdef@example.org>",
    };
    mime_write(&call, &mime, &message, &len);
    assert_null(strstr(message, "Bcc"));
    assert_null(strstr(message, "\r\n."));
    assert_non_null(strstr(message, "Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n"));
    for (size_t i = 0; i < len; i++) {
        assert_true(message[i] != '\n' || message[i - 1] == '\r');
    }
    assert_false(mime_address("a@b@c"));
    assert_false(mime_address("a@b\r\nRCPT TO:<c@d>"));
    assert_false(mime_address("<a@b>"));
    assert_true(mime_address("a.b+c@example.org"));
}

static void a_consent_is_kept_with_its_words_and_every_change(struct world *w)
{
    const char *path = "/api/me/consents/marketing";
    assert_int_equal(world_send(w, ANA, "PUT", path, "{\"given\":true}"), 204);
    assert_int_equal(world_send(w, ANA, "PUT", path, "{\"given\":true}"), 204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM consent"), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE marketing = 1"), 1);
    assert_int_equal(world_send(w, ANA, "PUT", path, "{\"given\":false}"), 204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM consent"), 2);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE marketing = 1"), 0);
    world_send(w, ANA, "GET", "/api/me/consents", NULL);
    assert_true(world_says(w, catalogue_text("en", "consents.marketing")));
    assert_int_equal(
        world_send(w, ANA, "PUT", "/api/me/consents/parent.account", "{\"given\":true}"), 404);
}

static void the_last_change_of_a_consent_counts_however_many_there_are(struct world *w)
{
    static const char more[] =
        "INSERT INTO consent (account_id, purpose, seq, given, how, language, text_hash, at_ms)"
        " SELECT account_id, 'marketing', seq + 1, 1 - given, how, language, text_hash, at_ms - 1"
        " FROM consent WHERE purpose = 'marketing' ORDER BY seq DESC LIMIT 1";
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/consents/marketing", "{\"given\":true}"),
                     204);
    world_script(w,
                 "INSERT INTO consent (account_id, purpose, seq, given, how, language, text_hash,"
                 " at_ms) SELECT account_id, 'parent.chat', 1, 1, 'parent', language, text_hash,"
                 " 5 FROM consent");
    for (int i = 0; i < 599; i++) { /* the clock goes backwards all the while */
        world_script(w, more);
    }
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/consents", NULL), 200);
    assert_non_null(strstr(w->last.body, "{\"purpose\":\"parent.chat\",\"given\":true"));
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/consents/marketing", "{\"given\":true}"),
                     204);
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/consents", NULL), 200);
    assert_int_equal(
        strncmp(w->last.body, "{\"items\":[{\"purpose\":\"marketing\",\"given\":true", 44), 0);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_mail_is_leased_by_one_at_a_time),
        WORLD_TEST(what_a_server_died_with_is_taken_by_the_next_at_once),
        WORLD_TEST(what_is_sent_keeps_neither_address_nor_words),
        WORLD_TEST(each_try_waits_longer_until_a_human_is_asked),
        WORLD_TEST(an_outage_counts_as_no_try),
        WORLD_TEST(what_somebody_waits_for_goes_before_all_else),
        WORLD_TEST(a_mail_past_its_life_is_not_sent),
        WORLD_TEST(a_kind_that_is_switched_off_is_not_posted_and_necessary_mail_is),
        WORLD_TEST(the_link_of_a_mail_only_switches_off),
        WORLD_TEST(an_address_that_is_not_proved_gets_necessary_mail_only),
        WORLD_TEST(a_dead_address_is_left_alone_until_it_changes),
        WORLD_TEST(every_kind_of_every_feature_has_all_its_words_in_both_languages),
        WORLD_TEST(no_header_has_a_line_that_a_person_began),
        WORLD_TEST(the_last_change_of_a_consent_counts_however_many_there_are),
        WORLD_TEST(a_consent_is_kept_with_its_words_and_every_change),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
