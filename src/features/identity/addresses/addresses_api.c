#include "features/identity/addresses/addresses.h"

#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/text.h"
#include "features/identity/emails/emails.h"
#include "features/notify/mail/mail.h"

/* Resets: 25 in 5 minutes from one address, 5 in half an hour for one mail address, before a
 * proof of work is asked for. */
static const struct api_limit by_address = {"reset", 25, 5 * TIME_MIN, .address = true};
static const struct api_limit by_email = {"reset mail", 5, 30 * TIME_MIN, .field = "email"};
static const struct api_limit links = {"links", 30, 5 * TIME_MIN, .address = true};
static const struct api_limit again = {"verify", 5, TIME_H};
static const struct api_limit changes = {"address", 10, TIME_H};

struct email {
    const char *email;
};
struct link {
    const char *ticket;
};
struct proved {
    bool changed;
};
struct undone {
    const char *ticket;
};
struct new_password {
    const char *ticket, *password;
};
struct reset_ask {
    uint8_t email_bi[HASH_BYTES];
};
struct letter {
    const char *what;
    int64_t account, change;
};

JSON_SHAPE(email_wish, "email_wish", struct email, J_TEXT(struct email, email, 3, EMAIL_MAX));
JSON_SHAPE(email_state, "email_state", struct addresses_state,
           J_TEXT(struct addresses_state, email, 3, EMAIL_MAX, .flags = JSON_OPTIONAL),
           J_BOOL(struct addresses_state, verified),
           J_TEXT(struct addresses_state, asked, 3, EMAIL_MAX, .flags = JSON_OPTIONAL,
                  .about = "the address that waits to be proved"),
           J_TIME(struct addresses_state, ends_ms, .about = "until when; 0: nothing waits"));
JSON_SHAPE(ticket_link, "ticket_link", struct link,
           J_TEXT(struct link, ticket, 1, TICKET_TEXT_MAX, .flags = JSON_SECRET));
JSON_SHAPE(proved, "address_proved", struct proved,
           J_BOOL(struct proved, changed, .about = "it takes the place of another one"));
JSON_SHAPE(undone, "address_undone", struct undone,
           J_TEXT(struct undone, ticket, 1, TICKET_TEXT_MAX, .flags = JSON_SECRET,
                  .about = "for POST /api/passwords"));
JSON_SHAPE(new_password, "password_new", struct new_password,
           J_TEXT(struct new_password, ticket, 1, TICKET_TEXT_MAX, .flags = JSON_SECRET),
           J_TEXT(struct new_password, password, 1, 1024, .flags = JSON_SECRET));
JSON_SHAPE(letter, "letter", struct letter,
           J_CHOICE(struct letter, what, "verify ask changed reset"),
           J_ID(struct letter, account, .flags = JSON_OPTIONAL),
           J_ID(struct letter, change, .flags = JSON_OPTIONAL));

STEPS(get_state, none, email_state, struct none, apply, finish);
STEP_IS(get_state, apply, addresses_state(call, out));
STEP_IS(get_state, finish, addresses_state_open(call, out));

STEPS(ask, email_wish, none, struct addresses_wish, look, prepare, apply);
STEP_IS(ask, look, addresses_ask_look(call, state));
STEP_IS(ask, prepare, addresses_ask_prepare(call, in->email, state));
STEP_IS(ask, apply, addresses_ask_apply(call, state));

STEPS(unask, none, none, struct none, apply);
STEP_IS(unask, apply, addresses_ask_drop(call));

STEPS(again, none, none, struct none, apply);
STEP(again, apply)
{
    TRY(mail_address_works(call, call->actor.id)); /* bounced before, and may not bounce now */
    return addresses_again(call);
}

STEPS(prove, ticket_link, proved, struct addresses_proof, look, prepare, apply);
STEP_IS(prove, look, addresses_prove_look(call, in->ticket, state));
STEP_IS(prove, prepare, addresses_prove_prepare(call, state));

STEP(prove, apply)
{
    out->changed = state->change;
    return addresses_prove_apply(call, in->ticket, state);
}

STEPS(undo, ticket_link, undone, struct addresses_undo, look, prepare, apply);
STEP_IS(undo, look, addresses_undo_look(call, in->ticket, state));
STEP_IS(undo, prepare, addresses_undo_prepare(call, state));

STEP(undo, apply)
{
    out->ticket = state->fresh.text;
    return addresses_undo_apply(call, in->ticket, state);
}

STEPS(reset_ask, email_wish, none, struct reset_ask, prepare, apply);
STEP(reset_ask, prepare)
{
    const char *email = NULL;
    TRY(emails_check(call, in->email, "email", &email));
    return emails_blind(call, email, state->email_bi);
}

STEP_IS(reset_ask, apply, addresses_reset_ask(call, state->email_bi));

STEPS(reset, new_password, none, struct addresses_reset, look, prepare, apply, finish);
STEP_IS(reset, look, addresses_reset_look(call, in->ticket, state));
STEP_IS(reset, prepare, addresses_reset_prepare(call, in->password, state));
STEP_IS(reset, apply, addresses_reset_apply(call, in->ticket, state));

STEP(reset, finish)
{
    sessions_device_cookie(call, &state->device);
    return OK;
}

JOB_STEPS(letter, struct addresses_post, look, prepare, apply);
STEP(letter, look)
{
    const char *payload = in->payload;
    struct letter wish = {0};
    uint64_t seen = 0;
    TRY(json_read(call, &letter, payload, strlen(payload), &wish, &seen));
    state->what = wish.what;
    state->account_id = wish.account;
    state->change_id = wish.change;
    return wish.what ? addresses_post_look(call, state) : OK;
}

STEP_IS(letter, prepare, addresses_post_prepare(call, state));
STEP_IS(letter, apply, addresses_post_apply(call, state));

JOB_STEPS(blind, struct addresses_blind, look, prepare, apply);
STEP(blind, look)
{
    if (!text_i64(in->payload, 1, INT64_MAX, &state->after)) {
        state->after = 0; /* its regular turn: from the beginning */
    }
    return addresses_blind_look(call, state);
}

STEP_IS(blind, prepare, addresses_blind_prepare(call, state));
STEP_IS(blind, apply, addresses_blind_apply(call, state));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/me/email", API_MEMBER, API_TX_READ, 0, 200, &get_state_steps,
     .about = "Your e-mail address, and the one that waits to be proved."},
    {"PUT", "/api/me/email", API_MEMBER, API_TX_WRITE, API_STEP_UP, 202, &ask_steps,
     .limits = {&changes},
     .about = "Ask for another e-mail address; it counts when the link sent there was used."},
    {"DELETE", "/api/me/email/change", API_MEMBER, API_TX_WRITE, 0, 204, &unask_steps,
     .limits = {&changes}, .about = "Do not change the address after all."},
    {"POST", "/api/me/email/verify", API_MEMBER, API_TX_WRITE, 0, 202, &again_steps,
     .limits = {&again}, .about = "Send the link that proves your address once more."},
    {"POST", "/api/verifications", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 200, &prove_steps,
     .limits = {&links}, .about = "Use the link of a mail: this address is mine."},
    {"POST", "/api/undos", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 200, &undo_steps,
     .limits = {&links},
     .about = "Take a change of address back by the link that the old address got: ends all "
              "sessions, tokens and the password."},
    {"POST", "/api/resets", API_ANYONE, API_TX_WRITE, 0, 202, &reset_ask_steps,
     .limits = {&by_address, &by_email},
     .about = "Ask for a link for a new password; the answer never tells whether there is an "
              "account."},
    {"POST", "/api/passwords", API_ANYONE, API_TX_WRITE, API_SLOW_POOL | API_NO_IDEMPOTENCY, 204,
     &reset_steps, .limits = {&links},
     .about = "Set a new password by such a link; ends all sessions and tokens."},
    {0},
};

static const struct job_kind jobs[] = {
    {"accounts.letter", 0, 10, TIME_MIN, &letter_steps, API_TX_WRITE,
     .about = "Finds out who gets which link, and writes."},
    {"accounts.blind", 5 * TIME_MIN, 5, TIME_MIN, &blind_steps, API_TX_WRITE,
     .about = "Makes look-up hashes of addresses anew after a restore."},
    {"accounts.blind_more", 0, 5, TIME_MIN, &blind_steps, API_TX_WRITE,
     .about = "The next piece of the same."},
    {0},
};

static const struct mail_kind mails[] = {
    {"accounts.verify", NULL, ADDRESSES_VERIFY_MS, "The link that proves an address."},
    {"accounts.used_address", NULL, ADDRESSES_USED_EVERY_MS,
     "Somebody named an address that a member has proved: told to its owner alone."},
    {"accounts.new_address", NULL, ADDRESSES_CHANGE_MS, "The link that proves a new address."},
    {"accounts.address_changed", NULL, ADDRESSES_UNDO_MS,
     "To the old address: it was changed, and the way back."},
    {"accounts.reset", NULL, ADDRESSES_RESET_MS, "The link for a new password."},
    {"accounts.password_set", NULL, 3 * TIME_DAY, "A new password was set by mail."},
    {0},
};
/* clang-format on */

extern const struct feature addresses_feature; /* named in features.gen.c */
const struct feature addresses_feature = {.name = "addresses",
                                          .routes = routes,
                                          .jobs = jobs,
                                          .mails = mails,
                                          .ending = &addresses_ending};
