#include "api/api.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/identity/emails/emails.h"
#include "features/safety/requests/requests.h"

/* What people call; officers' calls are features/safety/answers. */

static const struct api_limit asks = {"requests", 10, TIME_DAY};
static const struct api_limit says = {"requests_words", 30, TIME_H};
static const struct api_limit reads = {"requests_read", 300, 5 * TIME_MIN};
static const struct api_limit guests = {"requests_guests", 5, TIME_H, .address = true};
static const struct api_limit to_one = {"requests_to", 3, TIME_DAY, .field = "email"};
static const struct api_limit links = {"requests_links", 60, TIME_H, .address = true};

enum { TYPED_MAX = 2 * REQUESTS_TEXT_MAX, LINK_MAX = 64 };

struct ref {
    const char *id;
};
struct words {
    const char *id, *text;
};
struct link {
    const char *link;
};
struct link_words {
    const char *link, *text;
};
struct kind_view {
    const char *name, *category, *where, *purposes;
    bool releases, yearly;
};
struct view {
    struct requests_row row;
    JSON_LIST_OF(struct requests_entry) entries;
};

JSON_SHAPE_HERE(requests_entry_shape, "request_entry", J_TEXT(struct requests_entry, what, 1, 16),
                J_TEXT(struct requests_entry, code, 1, 16, .flags = JSON_OPTIONAL,
                       .about = "of an answer, an extension or a proof"),
                J_TEXT(struct requests_entry, text, 1, REQUESTS_TEXT_MAX, .flags = JSON_OPTIONAL),
                J_TEXT(struct requests_entry, officer, 1, 32, .flags = JSON_OPTIONAL,
                       .about = "whose act; told to staff alone"),
                J_TIME(struct requests_entry, at_ms), J_BOOL(struct requests_entry, staff));
JSON_SHAPE_HERE(requests_row_shape, "request", J_TEXT(struct requests_row, id, 26, 26),
                J_TEXT(struct requests_row, kind, 1, REQUESTS_KIND_MAX),
                J_CHOICE(struct requests_row, state, REQUESTS_STATES),
                J_TEXT(struct requests_row, purpose, 1, 32, .flags = JSON_OPTIONAL),
                J_TEXT(struct requests_row, outcome, 1, 16, .flags = JSON_OPTIONAL,
                       .about = "done, part, refused; withdrawn or gone without an answer"),
                J_TEXT(struct requests_row, country, 0, 2),
                J_TEXT(struct requests_row, language, 2, 8),
                J_TEXT(struct requests_row, clock, 1, 16, .flags = JSON_OPTIONAL,
                       .about = "by which it is due: the earliest that counts"),
                J_CHOICE(struct requests_row, extended_why, REQUESTS_REASONS,
                         .flags = JSON_OPTIONAL),
                J_CHOICE(struct requests_row, proof, REQUESTS_PROOFS, .flags = JSON_OPTIONAL,
                         .about = "how it was made sure who asks"),
                J_TEXT(struct requests_row, name, 1, 32, .flags = JSON_OPTIONAL,
                       .about = "of the member; null without an account, or erased"),
                J_TEXT(struct requests_row, holder, 1, 32, .flags = JSON_OPTIONAL,
                       .about = "the officer who works on it; told to staff alone"),
                J_BOOL(struct requests_row, member), J_BOOL(struct requests_row, held),
                J_BOOL(struct requests_row, mine), J_TIME(struct requests_row, made_ms),
                J_TIME(struct requests_row, from_ms), J_TIME(struct requests_row, due_ms),
                J_TIME(struct requests_row, extended_ms), J_TIME(struct requests_row, answered_ms),
                J_TIME(struct requests_row, closed_ms));
JSON_ITEMS(rows_shape, "requests", requests_row_shape, REQUESTS_LIST_MAX);
JSON_SHAPE(view_shape, "request_view", struct view, J_OBJECT(struct view, row, requests_row_shape),
           J_LIST(struct view, entries, requests_entry_shape, REQUESTS_ENTRIES_MAX));
JSON_SHAPE(kind_view, "request_kind", struct kind_view,
           J_TEXT(struct kind_view, name, 1, REQUESTS_KIND_MAX),
           J_TEXT(struct kind_view, category, 1, 16),
           J_TEXT(struct kind_view, where, 2, 8, .flags = JSON_OPTIONAL,
                  .about = "where the law has it, as US-CA; null: everywhere"),
           J_TEXT(struct kind_view, purposes, 1, 256, .flags = JSON_OPTIONAL,
                  .about = "of which one is chosen, between blanks"),
           J_BOOL(struct kind_view, releases,
                  .about = "tells or changes what is kept of somebody: for them alone"),
           J_BOOL(struct kind_view, yearly, .about = "once a calendar year"));
JSON_ITEMS(kinds, "request_kinds", kind_view, REQUESTS_KINDS_MAX);
JSON_SHAPE(authority, "authority", struct clock_authority,
           J_TEXT(struct clock_authority, country, 2, 5, .about = "DE, or US-CA"),
           J_TEXT(struct clock_authority, name, 1, 128),
           J_TEXT(struct clock_authority, url, 1, 128));
JSON_ITEMS(authorities, "authorities", authority, CLOCKS_AUTHORITIES_MAX);
JSON_SHAPE(new_shape, "request_new", struct requests_new,
           J_TEXT(struct requests_new, kind, 1, REQUESTS_KIND_MAX),
           J_TEXT(struct requests_new, purpose, 1, 32, .flags = JSON_OPTIONAL,
                  .about = "of an objection: to what"),
           J_TEXT(struct requests_new, text, 1, TYPED_MAX));
JSON_SHAPE(guest_shape, "request_guest", struct requests_guest,
           J_TEXT(struct requests_guest, kind, 1, REQUESTS_KIND_MAX),
           J_TEXT(struct requests_guest, purpose, 1, 32, .flags = JSON_OPTIONAL),
           J_TEXT(struct requests_guest, text, 1, TYPED_MAX),
           J_TEXT(struct requests_guest, email, 3, EMAIL_MAX),
           J_TEXT(struct requests_guest, country, 2, 2),
           J_CHOICE(struct requests_guest, language, "en id", .flags = JSON_OPTIONAL));
JSON_SHAPE(ref_shape, "request_ref", struct ref, J_TEXT(struct ref, id, 26, 26));
JSON_SHAPE(made_shape, "request_made", struct ref, J_TEXT(struct ref, id, 26, 26));
JSON_SHAPE(words_shape, "request_words", struct words, J_TEXT(struct words, id, 26, 26),
           J_TEXT(struct words, text, 1, TYPED_MAX));
JSON_SHAPE(link_shape, "request_link", struct link,
           J_TEXT(struct link, link, 1, LINK_MAX, .flags = JSON_SECRET));
JSON_SHAPE(link_words_shape, "request_link_words", struct link_words,
           J_TEXT(struct link_words, link, 1, LINK_MAX, .flags = JSON_SECRET),
           J_TEXT(struct link_words, text, 1, TYPED_MAX));

static enum err show(struct call *call, struct requests_one *one, struct view *out)
{
    TRY(requests_open(call, one));
    out->row = one->row;
    JSON_LIST_SET(out->entries, one->entries, one->entry_count);
    return OK;
}

/* What an answer tells of somebody is shown to whom it is about: proved a moment ago. */
static enum err prove(struct call *call, const struct requests_one *one)
{
    const struct request_kind *kind = requests_kind(one->row.kind);
    bool fresh = call->now_ms - call->actor.proved_ms < API_PROOF_MS;
    if (fresh || (kind && !kind->releases)) {
        return OK;
    }
    for (size_t i = 0; i < one->entry_count; i++) {
        if (one->entries[i].staff) {
            return call_fail(call, ERR_DENIED, "api.prove");
        }
    }
    return OK;
}

STEPS(get_kinds, none, kinds, struct none, prepare);
STEP(get_kinds, prepare)
{
    const struct request_kind *all[REQUESTS_KINDS_MAX];
    size_t count = requests_kinds(all);
    struct kind_view *items = arena_alloc(call->arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct kind_view){all[i]->name,     all[i]->category, all[i]->where,
                                      all[i]->purposes, all[i]->releases, all[i]->yearly};
    }
    JSON_LIST_SET(out->items, items, count);
    return OK;
}

STEPS(get_authorities, none, authorities, struct none, prepare);
STEP(get_authorities, prepare)
{
    size_t count = 0;
    while (count < CLOCKS_AUTHORITIES_MAX && data_authorities[count].country) {
        count++;
    }
    out->items.items = data_authorities;
    out->items.count = count;
    return OK;
}

STEPS(get_mine, none, rows_shape, struct none, apply);
STEP(get_mine, apply)
{
    struct requests_row *all = NULL;
    TRY(requests_mine(call, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

STEPS(ask, new_shape, made_shape, struct requests_asking, look, prepare, apply);
STEP_IS(ask, look, requests_look(call, in, state));
STEP_IS(ask, prepare, requests_prepare(call, in->text, state));
STEP(ask, apply)
{
    out->id = state->public_id;
    return requests_add(call, in, state);
}

STEPS(get_my, ref_shape, view_shape, struct requests_one, apply, finish);
STEP(get_my, apply)
{
    TRY(requests_my(call, in->id, state));
    return prove(call, state);
}
STEP_IS(get_my, finish, show(call, state, out));

STEPS(say, words_shape, none, struct requests_saying, look, prepare, apply);
STEP_IS(say, look, requests_my(call, in->id, &state->one));
STEP_IS(say, prepare, requests_say_prepare(call, in->text, state));
STEP(say, apply)
{
    TRY(requests_my(call, in->id, &state->one));
    return requests_say(call, state);
}

STEPS(withdraw, ref_shape, none, struct requests_one, apply);
STEP(withdraw, apply)
{
    TRY(requests_my(call, in->id, state));
    return requests_withdraw(call, state);
}

/* ---- without an account ---- */

STEPS(guest, guest_shape, none, struct requests_guest_asking, prepare, apply);
STEP_IS(guest, prepare, requests_guest_prepare(call, in, state));
STEP_IS(guest, apply, requests_guest_add(call, in, state));

STEPS(open, link_shape, view_shape, struct requests_one, apply, finish);
STEP_IS(open, apply, requests_linked(call, in->link, state));
STEP_IS(open, finish, show(call, state, out));

STEPS(confirm, link_shape, none, struct requests_confirming, look, prepare, apply);
STEP_IS(confirm, look, requests_linked(call, in->link, &state->one));
STEP_IS(confirm, prepare, requests_confirm_prepare(call, in->link, state));
STEP_IS(confirm, apply, requests_confirm(call, state));

STEPS(link_say, link_words_shape, none, struct requests_saying, look, prepare, apply);
STEP_IS(link_say, look, requests_linked(call, in->link, &state->one));
STEP_IS(link_say, prepare, requests_say_prepare(call, in->text, state));
STEP(link_say, apply)
{
    TRY(requests_linked(call, in->link, &state->one));
    return strcmp(state->one.row.state, "proving") == 0
               ? call_fail(call, ERR_CONFLICT, "requests.unconfirmed")
               : requests_say(call, state);
}

STEPS(link_withdraw, link_shape, none, struct requests_one, apply);
STEP(link_withdraw, apply)
{
    TRY(requests_linked(call, in->link, state));
    return requests_withdraw(call, state);
}

JOB_STEPS(alarm, struct none, apply);
STEP_IS(alarm, apply, requests_alarm(call));

JOB_STEPS(over, struct requests_over, look, prepare, apply);
STEP_IS(over, look, requests_over_look(call, state));
STEP_IS(over, prepare, requests_over_burn(call, state));
STEP_IS(over, apply, requests_over_apply(call, state));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/requests/kinds", API_ANYONE, API_TX_NONE, 0, 200, &get_kinds_steps,
     .limits = {&reads}, .about = "What can be asked of staff that has to answer in time."},
    {"GET", "/api/authorities", API_ANYONE, API_TX_NONE, 0, 200, &get_authorities_steps,
     .limits = {&reads},
     .about = "Where one can complain about what is done with one's data, by country."},
    {"GET", "/api/me/requests", API_MEMBER, API_TX_READ, API_NO_TOKEN, 200, &get_mine_steps,
     .limits = {&reads}, .about = "Your requests, the latest first, and when each is due."},
    {"POST", "/api/me/requests", API_MEMBER, API_TX_WRITE, API_NO_TOKEN | API_OWN_ANSWER, 201,
     &ask_steps, .limits = {&asks}, .about = "Ask for what you have a right to; its clock starts."},
    {"GET", "/api/me/requests/{id}", API_MEMBER, API_TX_READ, API_NO_TOKEN, 200, &get_my_steps,
     .limits = {&reads},
     .about = "One request with what was said; what tells of you wants a proof that it is you."},
    {"POST", "/api/me/requests/{id}/words", API_MEMBER, API_TX_WRITE, API_NO_TOKEN, 204, &say_steps,
     .limits = {&says}, .about = "Say more, or that the answer is none: then it is open again."},
    {"POST", "/api/me/requests/{id}/withdraw", API_MEMBER, API_TX_WRITE, API_NO_TOKEN, 204,
     &withdraw_steps, .limits = {&says}, .about = "You want it no more, or are content."},
    {"POST", "/api/requests", API_ANYONE, API_TX_WRITE, 0, 202, &guest_steps,
     .limits = {&guests, &to_one},
     .about = "The same without an account: a link goes to the address, and it counts when that "
              "was opened."},
    {"POST", "/api/requests/open", API_ANYONE, API_TX_READ, API_NO_IDEMPOTENCY, 200, &open_steps,
     .limits = {&links}, .about = "What the link of the mail leads to."},
    {"POST", "/api/requests/confirm", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 204,
     &confirm_steps, .limits = {&links}, .about = "The address is yours: the request counts."},
    {"POST", "/api/requests/words", API_ANYONE, API_TX_WRITE, 0, 204, &link_say_steps,
     .limits = {&links}, .about = "Say more, by the link."},
    {"POST", "/api/requests/withdraw", API_ANYONE, API_TX_WRITE, 0, 204, &link_withdraw_steps,
     .limits = {&links}, .about = "You want it no more, by the link."},
    {0},
};

static const struct job_kind jobs[] = {
    {"requests.alarm", TIME_H, 5, TIME_MIN, &alarm_steps, API_TX_WRITE,
     .about = "Tells officers which requests have to be answered soon, and which are late."},
    {"requests.over", TIME_DAY, 5, TIME_MIN, &over_steps, API_TX_WRITE,
     .about = "Closes what was answered a month ago, ends what was closed two years ago."},
    {0},
};

static const struct mail_kind mails[] = {
    {"requests.confirm", NULL, 7 * TIME_DAY,
     "Proves the address of somebody without an account who asks."},
    {"requests.received", NULL, 30 * TIME_DAY, "Their request came in, and where it stands."},
    {"requests.news", NULL, 30 * TIME_DAY, "Staff answered a request, asks back or needs longer."},
    {0},
};

static const struct notice_kind notices[] = {
    {"requests.news", "notices", "/privacy/requests",
     "Staff answered a request, asks back or needs longer.", .mailed = true},
    {"requests.new", "notices", "/staff/requests",
     "Somebody asked what has to be answered in time."},
    {"requests.said", "notices", "/staff/requests/{target}",
     "Somebody wrote in a request of the officer's."},
    {"requests.taken", "notices", "/staff/requests/{target}",
     "Another officer took a request over."},
    {"requests.soon", "notices", "/staff/requests", "A request has to be answered soon."},
    {"requests.late", "notices", "/staff/requests", "A request should have been answered."},
    {0},
};
/* clang-format on */

extern const struct feature requests_feature; /* named in features.gen.c */
const struct feature requests_feature = {
    .name = "requests", .routes = routes, .jobs = jobs, .mails = mails, .notices = notices};
