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
JSON_SHAPE(state, "email_state", struct addresses_state,
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

static enum err get_state(struct call *call, const void *in UNUSED, void *out)
{
    return addresses_state(call, out);
}

static enum err finish_state(struct call *call, const void *in UNUSED, void *out)
{
    return addresses_state_open(call, out);
}

static enum err look_ask(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return addresses_ask_look(call, call->state);
}

static enum err prepare_ask(struct call *call, const void *in, void *out UNUSED)
{
    return addresses_ask_prepare(call, ((const struct email *)in)->email, call->state);
}

static enum err apply_ask(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return addresses_ask_apply(call, call->state);
}

static enum err apply_unask(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return addresses_ask_drop(call);
}

static enum err apply_again(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    TRY(mail_address_works(call, call->actor.id)); /* bounced before, and may not bounce now */
    return addresses_again(call);
}

static enum err look_prove(struct call *call, const void *in, void *out UNUSED)
{
    return addresses_prove_look(call, ((const struct link *)in)->ticket, call->state);
}

static enum err prepare_prove(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return addresses_prove_prepare(call, call->state);
}

static enum err apply_prove(struct call *call, const void *in, void *out)
{
    const struct addresses_proof *proof = call->state;
    ((struct proved *)out)->changed = proof->change;
    return addresses_prove_apply(call, ((const struct link *)in)->ticket, proof);
}

static enum err look_undo(struct call *call, const void *in, void *out UNUSED)
{
    return addresses_undo_look(call, ((const struct link *)in)->ticket, call->state);
}

static enum err prepare_undo(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return addresses_undo_prepare(call, call->state);
}

static enum err apply_undo(struct call *call, const void *in, void *out)
{
    const struct addresses_undo *undo = call->state;
    ((struct undone *)out)->ticket = undo->fresh.text;
    return addresses_undo_apply(call, ((const struct link *)in)->ticket, undo);
}

static enum err prepare_reset_ask(struct call *call, const void *in, void *out UNUSED)
{
    const char *email = NULL;
    TRY(emails_check(call, ((const struct email *)in)->email, "email", &email));
    return emails_blind(call, email, ((struct reset_ask *)call->state)->email_bi);
}

static enum err apply_reset_ask(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return addresses_reset_ask(call, ((struct reset_ask *)call->state)->email_bi);
}

static enum err look_reset(struct call *call, const void *in, void *out UNUSED)
{
    return addresses_reset_look(call, ((const struct new_password *)in)->ticket, call->state);
}

static enum err prepare_reset(struct call *call, const void *in, void *out UNUSED)
{
    return addresses_reset_prepare(call, ((const struct new_password *)in)->password, call->state);
}

static enum err apply_reset(struct call *call, const void *in, void *out UNUSED)
{
    return addresses_reset_apply(call, ((const struct new_password *)in)->ticket, call->state);
}

static enum err finish_reset(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    sessions_device_cookie(call, &((struct addresses_reset *)call->state)->device);
    return OK;
}

static enum err look_letter(struct call *call, const void *in, void *out UNUSED)
{
    const char *payload = ((const struct job_in *)in)->payload;
    struct addresses_post *post = call->state;
    struct letter wish = {0};
    uint64_t seen = 0;
    TRY(json_read(call, &letter, payload, strlen(payload), &wish, &seen));
    post->what = wish.what;
    post->account_id = wish.account;
    post->change_id = wish.change;
    return wish.what ? addresses_post_look(call, post) : OK;
}

static enum err prepare_letter(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return addresses_post_prepare(call, call->state);
}

static enum err apply_letter(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return addresses_post_apply(call, call->state);
}

static enum err look_blind(struct call *call, const void *in, void *out UNUSED)
{
    struct addresses_blind *batch = call->state;
    if (!text_i64(((const struct job_in *)in)->payload, 1, INT64_MAX, &batch->after)) {
        batch->after = 0; /* its regular turn: from the beginning */
    }
    return addresses_blind_look(call, batch);
}

static enum err prepare_blind(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return addresses_blind_prepare(call, call->state);
}

static enum err apply_blind(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return addresses_blind_apply(call, call->state);
}

static enum err sweep(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return addresses_sweep(call);
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/me/email", API_MEMBER, API_TX_READ, 0, 200, .out = &state, .apply = get_state,
     .finish = finish_state, .about = "Your e-mail address, and the one that waits to be proved."},
    {"PUT", "/api/me/email", API_MEMBER, API_TX_WRITE, API_STEP_UP, 202, .in = &email_wish,
     .state_size = sizeof(struct addresses_wish), .look = look_ask, .prepare = prepare_ask,
     .apply = apply_ask, .limits = {&changes},
     .about = "Ask for another e-mail address; it counts when the link sent there was used."},
    {"DELETE", "/api/me/email/change", API_MEMBER, API_TX_WRITE, 0, 204, .apply = apply_unask,
     .limits = {&changes}, .about = "Do not change the address after all."},
    {"POST", "/api/me/email/verify", API_MEMBER, API_TX_WRITE, 0, 202, .apply = apply_again,
     .limits = {&again}, .about = "Send the link that proves your address once more."},
    {"POST", "/api/verifications", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 200,
     .in = &ticket_link, .out = &proved, .state_size = sizeof(struct addresses_proof),
     .look = look_prove, .prepare = prepare_prove, .apply = apply_prove, .limits = {&links},
     .about = "Use the link of a mail: this address is mine."},
    {"POST", "/api/undos", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 200, .in = &ticket_link,
     .out = &undone, .state_size = sizeof(struct addresses_undo), .look = look_undo,
     .prepare = prepare_undo, .apply = apply_undo, .limits = {&links},
     .about = "Take a change of address back by the link that the old address got: ends all "
              "sessions, tokens and the password."},
    {"POST", "/api/resets", API_ANYONE, API_TX_WRITE, 0, 202, .in = &email_wish,
     .state_size = sizeof(struct reset_ask), .prepare = prepare_reset_ask, .apply = apply_reset_ask,
     .limits = {&by_address, &by_email},
     .about = "Ask for a link for a new password; the answer never tells whether there is an "
              "account."},
    {"POST", "/api/passwords", API_ANYONE, API_TX_WRITE, API_SLOW_POOL | API_NO_IDEMPOTENCY, 204,
     .in = &new_password, .state_size = sizeof(struct addresses_reset), .look = look_reset,
     .prepare = prepare_reset, .apply = apply_reset, .finish = finish_reset, .limits = {&links},
     .about = "Set a new password by such a link; ends all sessions and tokens."},
    {0},
};

static const struct job_kind jobs[] = {
    {"accounts.letter", 0, 10, TIME_MIN, .look = look_letter, .prepare = prepare_letter,
     .apply = apply_letter, .tx = API_TX_WRITE, .state_size = sizeof(struct addresses_post),
     .about = "Finds out who gets which link, and writes."},
    {"accounts.blind", 5 * TIME_MIN, 5, TIME_MIN, .look = look_blind, .prepare = prepare_blind,
     .apply = apply_blind, .tx = API_TX_WRITE, .state_size = sizeof(struct addresses_blind),
     .about = "Makes look-up hashes of addresses anew after a restore."},
    {"accounts.blind_more", 0, 5, TIME_MIN, .look = look_blind, .prepare = prepare_blind,
     .apply = apply_blind, .tx = API_TX_WRITE, .state_size = sizeof(struct addresses_blind),
     .about = "The next piece of the same."},
    {"accounts.addresses", TIME_H, 5, TIME_MIN, .apply = sweep, .tx = API_TX_WRITE,
     .about = "Removes old addresses that cannot come back any more."},
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
