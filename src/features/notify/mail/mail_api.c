#include "features/notify/mail/mail.h"

#include <ctype.h>
#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/catalogue.h"
#include "base/settings.h"
#include "base/time.h"
#include "features/common/desks/desks.h"
#include "features/notify/mail/mail_bounces.h"
#include "features/notify/mail/mail_inner.h"
#include "features/notify/mail/mail_outbox.h"
#include "features/notify/mail/mail_read.h"
#include "features/notify/mail/mail_topics.h"
#include "features/notify/mail/mail_unsubscribe.h"

enum { TICKET_MAX = 120, FORM_MAX = 4096 };

static const struct api_limit changes = {"mail", 30, TIME_MIN};
static const struct api_limit checks = {"mail-check", 20, TIME_H};
static const struct api_limit links = {"mail-link", 60, TIME_H, .address = true};
static const struct api_limit bounces = {"mail-bounce", 6000, 5 * TIME_MIN, .address = true};
static const struct api_limit staff = {"staff", 300, 5 * TIME_MIN};
static const struct api_limit trials = {"mail-test", 10, TIME_H};

/* ---- a member's own ---- */

struct topic {
    const char *topic, *text, *words;
    bool wanted;
};
struct mine {
    JSON_LIST_OF(struct topic) topics;
    bool undeliverable;
    int64_t since_ms, failed;
};
struct topic_wish {
    const char *topic;
    bool wanted;
};
struct code_wish {
    const char *code;
};
struct link_wish {
    const char *ticket, *wanted;
};
struct link_state {
    struct mail_ticket ticket;
};
struct text {
    const char *text;
};

#define TOPIC(t_) J_TEXT(t_, topic, 1, MAIL_TOPIC_MAX)
JSON_SHAPE(topic_row, "mail_topic", struct topic, TOPIC(struct topic),
           J_TEXT(struct topic, text, 1, 200),
           J_TEXT(struct topic, words, 1, 500, .flags = JSON_OPTIONAL,
                  .about = "what one agrees to by switching it on"),
           J_BOOL(struct topic, wanted));
JSON_SHAPE(mine_shape, "mail_settings", struct mine,
           J_LIST(struct mine, topics, topic_row, MAIL_TOPICS_MAX),
           J_BOOL(struct mine, undeliverable, .about = "mail to the address came back"),
           J_TIME(struct mine, since_ms), J_I64(struct mine, failed, 0, 1000000));
JSON_SHAPE(topic_wish_shape, "mail_topic_wish", struct topic_wish, TOPIC(struct topic_wish),
           J_BOOL(struct topic_wish, wanted));
JSON_SHAPE(code_wish_shape, "mail_code", struct code_wish, J_TEXT(struct code_wish, code, 1, 60));
JSON_SHAPE(found_shape, "mail_found", struct mail_found, J_BOOL(struct mail_found, ours),
           J_TEXT(struct mail_found, subject, 0, 300), J_TIME(struct mail_found, sent_ms));
JSON_SHAPE(link_shape, "mail_link", struct link_wish,
           J_TEXT(struct link_wish, ticket, 1, TICKET_MAX),
           J_CHOICE(struct link_wish, wanted, "no", .flags = JSON_OPTIONAL,
                    .about = "absent: only asked how it stands"));
JSON_SHAPE(text_shape, "mail_text", struct text, J_TEXT(struct text, text, 0, 1000));

static struct topic topic_of(const struct call *call, const struct topic_kind *kind, bool wanted)
{
    bool news = strcmp(kind->name, MAIL_NEWS) == 0;
    return (struct topic){kind->name, catalogue_text(call->actor.language, kind->text),
                          news ? catalogue_text(call->actor.language, "consents.marketing") : NULL,
                          wanted};
}

STEPS(get_mine, none, mine_shape, struct none, apply);
STEP(get_mine, apply)
{
    struct mail_topics all;
    struct mail_address_state address;
    TRY(mail_topics(call, call->actor.id, &all));
    TRY(mail_address_read(call, call->actor.id, &address));
    struct topic *rows = arena_alloc(call->arena, all.count * sizeof(*rows));
    for (size_t i = 0; i < all.count; i++) {
        rows[i] = topic_of(call, all.of[i].kind, all.of[i].wanted);
    }
    *out = (struct mine){.topics = {rows, all.count},
                         .undeliverable = address.dead,
                         .since_ms = address.since_ms,
                         .failed = address.soft};
    return OK;
}

STEPS(put_topic, topic_wish_shape, none, struct none, apply);
STEP(put_topic, apply)
{
    TRY(mail_switch(call, call->actor.id, in->topic, in->wanted, "settings"));
    call_emit(call, EVENT_ACCOUNT_CHANGED, call->actor.id, 0, NULL);
    return OK;
}

STEPS(post_check, code_wish_shape, found_shape, struct none, apply);
STEP_IS(post_check, apply, mail_check(call, in->code, out));

/* ---- links in mails ---- */

STEPS(one_click, link_shape, none, struct link_state, prepare, apply);
STEP_IS(one_click, prepare, mail_unsubscribe_read(call, in->ticket, &state->ticket));
STEP_IS(one_click, apply, mail_unsubscribe(call, &state->ticket));

STEPS(get_link, link_shape, text_shape, struct link_state, prepare);
STEP(get_link, prepare)
{
    TRY(mail_unsubscribe_read(call, in->ticket, &state->ticket));
    out->text = arena_printf(
        call->arena, "%s\n%s\n", catalogue_text(call->actor.language, "mail.open_page"),
        mail_link(call, arena_printf(call->arena, "/unsubscribe#%s", in->ticket)));
    return OK;
}

STEPS(link, link_shape, topic_row, struct link_state, prepare, apply);
STEP_IS(link, prepare, mail_unsubscribe_read(call, in->ticket, &state->ticket));
STEP(link, apply)
{
    const struct mail_ticket *ticket = &state->ticket;
    const struct topic_kind *kind = mail_topic_of(ticket->topic);
    bool wanted = false;
    if (!kind) { /* of a feature that is no more */
        return call_fail(call, ERR_MISSING, "mail.topic");
    }
    if (in->wanted) {
        TRY(mail_unsubscribe(call, ticket));
    }
    TRY(mail_unsubscribe_state(call, ticket, &wanted));
    *out = topic_of(call, kind, wanted);
    return OK;
}

/* ---- bounces ---- */

JSON_SHAPE(bounce_shape, "mail_bounce", struct mail_bounce,
           J_TEXT(struct mail_bounce, secret, 1, 200, .flags = JSON_SECRET,
                  .about = "the setting mail_bounce_secret"),
           J_TEXT(struct mail_bounce, to, 1, 320, .about = "the address that the bounce came to"),
           J_CHOICE(struct mail_bounce, kind, "hard soft"));

STEPS(bounce, bounce_shape, none, struct mail_bounce, look, prepare, apply);
STEP(bounce, look)
{
    *state = *in;
    return mail_bounce_look(call, state);
}

STEP_IS(bounce, prepare, mail_bounce_prepare(call, state));
STEP_IS(bounce, apply, mail_bounce_apply(call, state));

/* ---- administrators ---- */

struct overview {
    bool relay;
    int64_t waiting, sent, bounced, dead, dropped, oldest_ms;
    const char *why;
    JSON_LIST_OF(struct mail_dead) letters;
    JSON_LIST_OF(struct mail_kept) kept;
};
struct mail_ref {
    int64_t id;
};
struct overview_state {
    struct mail_leased *kept;
    size_t count;
};
struct test_state {
    struct mail_to to;
    struct mail_draft draft;
    bool wanted;
};

JSON_SHAPE(dead_row, "dead_mail", struct mail_dead, J_ID(struct mail_dead, id),
           J_TEXT(struct mail_dead, kind, 1, 64), J_TEXT(struct mail_dead, subject, 0, 300),
           J_TEXT(struct mail_dead, why, 0, MAIL_WHY_MAX), J_I64(struct mail_dead, tries, 0, 1000),
           J_TIME(struct mail_dead, at_ms),
           J_BOOL(struct mail_dead, again, .about = "it can still be sent"));
JSON_SHAPE(kept_row, "kept_mail", struct mail_kept, J_ID(struct mail_kept, id),
           J_TEXT(struct mail_kept, to, 0, 320), J_TEXT(struct mail_kept, subject, 0, 1000),
           J_TIME(struct mail_kept, created_ms));
JSON_SHAPE(overview_shape, "mail_overview", struct overview,
           J_BOOL(struct overview, relay, .about = "smtp_url is set"),
           J_I64(struct overview, waiting, 0, INT64_C(1) << 53),
           J_I64(struct overview, sent, 0, INT64_C(1) << 53, .about = "in the last day"),
           J_I64(struct overview, bounced, 0, INT64_C(1) << 53),
           J_I64(struct overview, dead, 0, INT64_C(1) << 53),
           J_I64(struct overview, dropped, 0, INT64_C(1) << 53),
           J_TIME(struct overview, oldest_ms, .about = "since when the oldest waits; 0: none"),
           J_TEXT(struct overview, why, 0, MAIL_WHY_MAX, .about = "what the relay said to it"),
           J_LIST(struct overview, letters, dead_row, MAIL_DEAD_MAX),
           J_LIST(struct overview, kept, kept_row, MAIL_KEPT,
                  .about = "without a relay: what would have been sent"));
JSON_SHAPE(ref_shape, "mail_ref", struct mail_ref, J_ID(struct mail_ref, id));
JSON_SHAPE(letter_shape, "kept_letter", struct mail_opened, J_TEXT(struct mail_opened, to, 0, 320),
           J_TEXT(struct mail_opened, subject, 0, 1000),
           J_TEXT(struct mail_opened, text, 0, 100000),
           J_TEXT(struct mail_opened, html, 0, 200000));

STEPS(get_overview, none, overview_shape, struct overview_state, apply, finish);
STEP(get_overview, apply)
{
    struct mail_counts counts;
    struct mail_dead *dead = NULL;
    TRY(mail_count(call, &counts));
    TRY(mail_dead_letters(call, &dead, &out->letters.count));
    out->letters.items = dead;
    out->relay = call->settings->smtp_url && *call->settings->smtp_url;
    out->waiting = counts.waiting;
    out->sent = counts.sent;
    out->bounced = counts.bounced;
    out->dead = counts.dead;
    out->dropped = counts.dropped;
    out->oldest_ms = counts.oldest_ms;
    out->why = counts.why;
    return out->relay || !mail_local(call) ? OK
                                           : mail_read_kept(call, 0, &state->kept, &state->count);
}

STEP(get_overview, finish)
{
    struct mail_kept *rows = mail_kept_rows(call, state->kept, state->count);
    JSON_LIST_SET(out->kept, rows, state->count);
    return OK;
}

STEPS(get_kept, ref_shape, letter_shape, struct overview_state, apply, finish);
STEP(get_kept, apply)
{
    if (!mail_local(call)) {
        return call_fail(call, ERR_MISSING, "mail.gone");
    }
    TRY(mail_read_kept(call, in->id, &state->kept, &state->count));
    return state->count ? OK : call_fail(call, ERR_MISSING, "mail.gone");
}

STEP_IS(get_kept, finish, mail_open_kept(call, state->kept, out));

STEPS(post_again, ref_shape, none, struct none, apply);
STEP_IS(post_again, apply, mail_again(call, in->id));

STEPS(test, none, none, struct test_state, look, prepare, apply);
STEP(test, look)
{
    TRY(mail_to_account(call, call->actor.id, &state->to));
    return mail_welcome(call, call->actor.id, "notices", &state->wanted);
}

STEP(test, prepare)
{
    if (!state->wanted) {
        return call_fail(call, ERR_CONFLICT, "mail.test_unwanted");
    }
    return mail_prepare(call, &state->to, "mail.test", "/", NULL, 0, &state->draft);
}

STEP_IS(test, apply, mail_post(call, &state->draft));

/* ---- inside ---- */

INNER_STEPS(lease, struct mail_wish, struct lease, struct none, apply);
STEP_IS(lease, apply, mail_lease(call, in->first, out));

INNER_STEPS(settle, struct mail_results, struct none, struct none, apply);
STEP_IS(settle, apply, mail_settle(call, in));

JOB_STEPS(sweep, struct none, apply);
STEP_IS(sweep, apply, mail_sweep(call));

const struct api_route mail_lease_route = {.who = API_ADMIN,
                                           .tx = API_TX_WRITE,
                                           .flags = API_BACKGROUND,
                                           .status = 200,
                                           .steps = &lease_steps,
                                           .about = "A batch of mails for the postman."};
const struct api_route mail_settle_route = {.who = API_ADMIN,
                                            .tx = API_TX_WRITE,
                                            .flags = API_BACKGROUND,
                                            .status = 204,
                                            .steps = &settle_steps,
                                            .about = "What became of them."};

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/me/mail", API_MEMBER, API_TX_READ, 0, 200, &get_mine_steps,
     .about = "Which e-mails you want, and whether they arrive."},
    {"PUT", "/api/me/mail/{topic}", API_MEMBER, API_TX_WRITE, API_NO_TOKEN, 204, &put_topic_steps,
     .limits = {&changes}, .about = "Switch a kind of e-mail on or off."},
    {"POST", "/api/me/mail/check", API_MEMBER, API_TX_READ, API_NO_IDEMPOTENCY, 200,
     &post_check_steps, .limits = {&checks},
     .about = "Was this mail really from us? By the code in it."},
    {"GET", "/api/mail/unsubscribe/{ticket}", API_ANYONE, API_TX_NONE, API_PLAIN | API_NOBODY, 200,
     &get_link_steps, .limits = {&links},
     .about = "Where a person unsubscribes; looking changes nothing."},
    {"POST", "/api/mail/unsubscribe/{ticket}", API_ANYONE, API_TX_WRITE,
     API_RAW | API_NOBODY | API_NO_IDEMPOTENCY, 204, &one_click_steps, .body_max = FORM_MAX,
     .accept = "application/x-www-form-urlencoded multipart/form-data",
     .about = "One-click unsubscribe of RFC 8058, sent by mail programs."},
    {"POST", "/api/mail/topic", API_ANYONE, API_TX_WRITE, API_NOBODY | API_NO_IDEMPOTENCY, 200,
     &link_steps, .limits = {&links},
     .about = "The kind of e-mail that a mail's link is about: asked, or switched off."},
    {"POST", "/api/mail/bounces", API_ANYONE, API_TX_WRITE, API_NOBODY | API_NO_IDEMPOTENCY, 204,
     &bounce_steps, .limits = {&bounces},
     .about = "The relay reports a mail that could not be delivered."},
    {"GET", "/api/admin/mail", API_ADMIN, API_TX_WRITE, 0, 200, &get_overview_steps,
     .look = "mails", .limits = {&staff}, .about = "How the outbox stands, and what was given up."},
    {"GET", "/api/admin/mail/{id}", API_ADMIN, API_TX_WRITE, 0, 200, &get_kept_steps,
     .look = "mail", .limits = {&staff},
     .about = "A mail that waits without a relay: for a demo, or the operator at the machine."},
    {"POST", "/api/admin/mail/{id}/again", API_ADMIN, API_TX_WRITE, API_PASSKEY, 204,
     &post_again_steps, .limits = {&staff}, .about = "Send a dead letter once more."},
    {"POST", "/api/admin/mail/test", API_ADMIN, API_TX_WRITE, 0, 202, &test_steps,
     .limits = {&trials}, .about = "A test mail to yourself."},
    {0},
};

static const struct job_kind jobs[] = {
    {"mail.sweep", TIME_H, 5, TIME_MIN, &sweep_steps, API_TX_WRITE,
     .about = "Gives up mails that are past their time."},
    {0},
};

static const struct topic_kind topics[] = {
    {MAIL_DIGEST, "mail.topic_digest", "mail.why_digest", 80, .without_push = true},
    {MAIL_NEWS, "mail.topic_news", "mail.why_news", 90, .without_push = true},
    {0},
};

static const struct mail_kind kinds[] = {
    {"mail.test", "notices", TIME_DAY, "An administrator tries whether mail arrives."},
    {0},
};
/* clang-format on */

static const struct desk desks[] = {
    {"mail", "/admin/mail", POWER_ADMIN, .place = 20, .waiting = mail_letters_wait}, {0}};

extern const struct feature mail_feature; /* named in features.gen.c */
const struct feature mail_feature = {.name = "mail",
                                     .routes = routes,
                                     .jobs = jobs,
                                     .mails = kinds,
                                     .topics = topics,
                                     .desks = desks,
                                     .settings = &mail_setting_group};
