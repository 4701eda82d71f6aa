#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "features/notify/mail/mail.h"
#include "features/notify/mail/mail_outbox.h"
#include "features/notify/mail/mail_topics.h"
#include "tests/support/members.h"

/* Each kind of mail of every feature against the switches of Account Settings, from their rows. */

struct posting {
    struct mail_to to;
    struct mail_draft draft;
};

static enum err find(struct call *call, void *arg)
{
    struct posting *posting = arg;
    struct mail_to to;
    TRY(mail_to_account(call, call->actor.id, &to));
    posting->to = (struct mail_to){to.account_id, to.key_id, NULL, "en", "Ben"};
    return OK;
}

static enum err post(struct call *call, void *arg)
{
    return mail_post(call, &((struct posting *)arg)->draft);
}

static void mail(struct world *w, const char *kind)
{
    struct posting posting = {.to = {0}};
    assert_int_equal(world_do(w, BEN, find, &posting), OK);
    struct call call = {.arena = w->kept,
                        .keys = w->keys,
                        .settings = &w->settings,
                        .now_ms = w->now_ms,
                        .rng = {.state = ++w->now_ms}};
    assert_int_equal(mail_prepare(&call, &posting.to, kind, "/x", NULL, 0, &posting.draft), OK);
    assert_int_equal(world_do(w, BEN, post, &posting), OK);
}

static void turn(struct world *w, bool on)
{
    struct mail_topics topics;
    mail_topics_all(&topics);
    assert_true(topics.count >= 4);
    for (size_t i = 0; i < topics.count; i++) {
        assert_int_equal(world_sendf(w, BEN, "PUT", on ? "{\"wanted\":true}" : "{\"wanted\":false}",
                                     "/api/me/mail/%s", topics.of[i].kind->name),
                         204);
    }
}

/* How many of a kind would be sent now: taken by the postman and not to be dropped. */
struct taken {
    const char *kind;
    size_t count;
};

static enum err take(struct call *call, void *arg)
{
    struct taken *taken = arg;
    struct lease lease = {0};
    TRY(mail_lease(call, true, &lease));
    const struct mail_leased *all = lease.items.items;
    taken->count = 0; /* this may run twice */
    for (size_t i = 0; i < lease.items.count; i++) {
        taken->count += strcmp(all[i].kind, taken->kind) == 0 && !all[i].drop;
    }
    return OK;
}

static size_t sent(struct world *w, const char *kind)
{
    struct taken taken = {.kind = kind};
    w->now_ms += 60 * 1000;
    assert_int_equal(world_do(w, ADA, take, &taken), OK);
    return taken.count;
}

/*
 * proves: MSG-4c
 * With all switches off what the account and the law need goes all the same, also what was posted
 * before; of all else nothing goes, and all of it with the switches on.
 */
static void mail_that_the_law_or_the_account_needs_is_always_sent(struct world *w)
{
    size_t needed = 0, switched = 0;
    member_real(w, BEN, "1980-01-01", "ID");
    member_mailed(w, BEN, "ben@example.org");
    world_script(w, "UPDATE account SET email_verified = 1 WHERE id = 2");
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct mail_kind *kind = (*feature)->mails; kind && kind->name; kind++) {
            bool always = !kind->topic;
            turn(w, true);
            mail(w, kind->name);
            assert_int_equal(sent(w, kind->name), 1);
            world_script(w, "DELETE FROM mail");
            mail(w, kind->name);
            turn(w, false);
            mail(w, kind->name);
            if (sent(w, kind->name) != (always ? 2 : 0)) {
                fail_msg("%s with all switches off", kind->name);
            }
            world_script(w, "DELETE FROM mail");
            needed += always;
            switched += !always;
        }
    }
    print_message("# %zu kinds are always sent, %zu have a switch\n", needed, switched);
    assert_true(needed > 10 && switched > 0);
}

/* ---- one click of a mail program ---- */

struct reading {
    struct world *w;
    char link[300]; /* "" without the two headers of RFC 8058 */
};

static enum err read_one(struct call *call, void *arg)
{
    struct reading *reading = arg;
    struct lease lease = {0};
    struct mail_letter letter;
    TRY(mail_lease(call, true, &lease));
    assert_int_equal(lease.items.count, 1);
    struct call own = {.arena = call->arena,
                       .keys = reading->w->keys,
                       .settings = &reading->w->settings,
                       .now_ms = reading->w->now_ms};
    TRY(mail_write(&own, lease.items.items, &letter));
    const char *link = strstr(letter.message, "\r\nList-Unsubscribe: <");
    bool click =
        strstr(letter.message, "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    assert_int_equal(link != NULL, click);
    reading->link[0] = '\0';
    if (link) {
        assert_int_equal(sscanf(link, "%*[^<]<%299[^>]", reading->link), 1);
    }
    return OK;
}

/* proves: MSG-5a */
static void one_click_unsubscribes_from_every_mail_that_is_not_needed(struct world *w)
{
    static const char click[] = "List-Unsubscribe=One-Click";
    size_t clicked = 0;
    member_real(w, BEN, "1980-01-01", "ID");
    member_mailed(w, BEN, "ben@example.org");
    world_script(w, "UPDATE account SET email_verified = 1 WHERE id = 2");
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct mail_kind *kind = (*feature)->mails; kind && kind->name; kind++) {
            struct reading reading = {.w = w};
            turn(w, true);
            mail(w, kind->name);
            assert_int_equal(world_do(w, ADA, read_one, &reading), OK);
            if ((kind->topic != NULL) != (reading.link[0] != '\0')) {
                fail_msg("%s: %s", kind->name, reading.link[0] ? reading.link : "no such header");
            }
            world_script(w, "DELETE FROM mail");
            const char *path = strstr(reading.link, "/api/");
            if (!path) {
                continue;
            }
            assert_int_equal(world_send(w, NOBODY, "GET", path, NULL), 200);
            mail(w, kind->name);
            assert_int_equal(sent(w, kind->name), 1); /* looking changes nothing */
            world_script(w, "DELETE FROM mail");
            assert_int_equal(world_send_file(w, NOBODY, "POST", path,
                                             "application/x-www-form-urlencoded", click,
                                             strlen(click)),
                             204);
            mail(w, kind->name);
            assert_int_equal(sent(w, kind->name), 0);
            world_script(w, "DELETE FROM mail");
            clicked++;
        }
    }
    assert_true(clicked > 0);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(mail_that_the_law_or_the_account_needs_is_always_sent),
        WORLD_TEST(one_click_unsubscribes_from_every_mail_that_is_not_needed),
    };
    const struct world_options options = {.features = features};
    return world_run(&options, tests, COUNT(tests));
}
