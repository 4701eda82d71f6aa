#ifndef FEATURES_ACCOUNTS_ACCOUNTS_H
#define FEATURES_ACCOUNTS_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/crypto.h"
#include "base/time.h"
#include "call/call.h"
#include "call/feature.h"
#include "call/json.h"
#include "features/identity/names/names.h"
#include "features/identity/passkeys/passkeys.h"
#include "features/identity/providers/providers.h"
#include "features/identity/sessions/sessions.h"
#include "features/identity/tickets/tickets.h"
#include "features/looks/looks/looks.h"
#include "features/notify/mail/mail.h"
#include "privacy/sealed.h"

/*
 * Accounts: registering under an avatar name, what is known of oneself, and the
 * end of an account by an administrator.
 *  - E-mail, birth date and real name are sealed with the member's own key.
 *  - Only a verified e-mail address is unique: registering with a used one looks
 *    like any other registration.
 *  - Not here: signing in (sessions), invitations (invites), profiles, erasure.
 */
enum {
    REAL_NAME_MAX = 100,
    ACCOUNTS_PAGE = 50,
    REASON_MAX = 500,
};

struct accounts_new {
    const char *avatar_name, *password, *email, *birth_date, *country, *real_name, *language;
    const char *invite, *avatar;
    struct json_numbers colours;
    bool marketing, remember;
    struct passkeys_new passkey; /* instead of a password; nothing in it: none */
    const char *provider_ticket; /* the same: came back from a provider as somebody new */
};

/* What the three steps of registering share. */
struct accounts_draft {
    struct name_forms forms;
    int64_t id, key_id, session_id;
    char public_id[PUBLIC_ID_LEN + 1];
    struct sealed email, birth, real_name;
    uint8_t email_bi[HASH_BYTES];
    uint8_t invite_hash[HASH_BYTES];
    char password_hash[PASSWORD_HASH_MAX]; /* "" for none */
    struct passkeys_made passkey;
    struct providers_join join;
    const char *role, *state, *language;
    struct looks_change look;
    struct sessions_new session;
    bool no_letter; /* nothing is written to the address */
};

/*
 * Steps of registering.  `prepare` refuses by the rules for names, passwords and
 * e-mail (names.*, passwords.*, accounts.email, accounts.avatar), accounts.closed,
 * accounts.invite_needed; `apply` by names.taken and invites.none.  `look`: tickets.gone.
 */
MUST_USE enum err accounts_look(struct call *call, const struct accounts_new *wish,
                                struct accounts_draft *draft);
MUST_USE enum err accounts_prepare(struct call *call, const struct accounts_new *wish,
                                   struct accounts_draft *draft);
MUST_USE enum err accounts_add(struct call *call, const struct accounts_new *wish,
                               struct accounts_draft *draft);

/* The same for an administrator with a one-time link (`invite` is its code). */
MUST_USE enum err accounts_prepare_admin(struct call *call, const struct accounts_new *wish,
                                         struct accounts_draft *draft);

/*
 * What both have in common, whatever the site's registration mode.  draft->key_id: a key
 * that the person has already (a child whose parent was asked); 0: a fresh one is taken.
 */
MUST_USE enum err accounts_prepare_any(struct call *call, const struct accounts_new *wish,
                                       struct accounts_draft *draft);

/* In `apply`: a letter about an address, which addresses writes in a job of its own.
 * `account_id` 0: a letter to nobody, which costs the same.  `what` is verify,
 * ask (needs the row of the change), changed (likewise) or reset. */
MUST_USE enum err accounts_letter(struct call *call, const char *what, int64_t account_id,
                                  int64_t change_id);

/* Oneself. */
struct accounts_me {
    const char *id, *avatar_name, *role, *state, *email, *country, *birth_date, *real_name;
    const char *language, *avatar;
    const char *look; /* the id of what one looks like; NULL: none yet */
    struct json_numbers colours;
    int64_t created_ms;
    bool marketing, demo, email_verified;
    struct json_list roles, may; /* of staff */
};
struct accounts_row {
    int64_t id, key_id;
    struct sealed email, birth, real_name;
};
MUST_USE enum err accounts_read(struct call *call, int64_t id, struct accounts_row *row,
                                struct accounts_me *ret);
MUST_USE enum err accounts_open(struct call *call, const struct accounts_row *row,
                                struct accounts_me *me);

struct accounts_change {
    const char *language, *country, *real_name;
    bool marketing, marketing_set, real_name_set;
    int64_t key_id; /* found by `look` */
    struct sealed birth, sealed;
    int parent_until; /* there a parent is asked up to this age, and the member is younger; or 0 */
};
/* The country is judged like that of a registration: ERR_DENIED accounts.country_parent. */
MUST_USE enum err accounts_patch_look(struct call *call, struct accounts_change *change);
MUST_USE enum err accounts_patch_judge(struct call *call, struct accounts_change *change);
MUST_USE enum err accounts_patch(struct call *call, const struct accounts_change *change);

/* Is this one of the ready avatars, with colours that it has?  ERR_INVALID accounts.avatar.
 * No colours mean the first ones, NULL one by chance.  `ret_colours`: for looks_take_ready(). */
MUST_USE enum err accounts_avatar_check(struct call *call, const char *avatar,
                                        const struct json_numbers *colours, const char **ret_avatar,
                                        const char **ret_colours);

struct accounts_password {
    const char *current, *password;
    bool end_tokens; /* programs sign out, too */
};
struct accounts_password_state {
    const char *hash, *name, *email;
    int64_t version;
    size_t least; /* code points; 0: as many as without a second step */
    bool end_tokens;
    bool is_short; /* the new one has fewer than that */
    struct accounts_row row;
    char fresh[PASSWORD_HASH_MAX];
};
/* The session was proved lately (API_STEP_UP), so `current` may be NULL. */
MUST_USE enum err accounts_password_look(struct call *call, struct accounts_password_state *state);
MUST_USE enum err accounts_password_prepare(struct call *call, const struct accounts_password *wish,
                                            struct accounts_password_state *state);
/* Only the new one: `row` up to `email` and `name` are known.  As passwords_check. */
MUST_USE enum err accounts_password_make(struct call *call, const char *password,
                                         struct accounts_password_state *state);
/* Ends all other sessions.  ERR_CONFLICT accounts.changed when it changed meanwhile. */
MUST_USE enum err accounts_password_apply(struct call *call,
                                          const struct accounts_password_state *state);

/* OK when the actor could have the name; else ERR_CONFLICT names.taken. */
MUST_USE enum err accounts_name_free(struct call *call, const struct name_forms *forms);

/* ---- the end of an account (accounts_close.c) ---- */

/*
 * Closing by oneself: gone for everybody at once; for ACCOUNTS_REGRET_MS signing in offers
 * to open it again, then it is erased.  An end by an administrator is never opened so.
 */
#define ACCOUNTS_REGRET_MS (7 * TIME_DAY)
struct accounts_closing {
    struct mail_to to;
    struct mail_draft mail;
    int64_t erase_ms;
};
/* ERR_CONFLICT accounts.last_admin. */
/* ERR_CONFLICT accounts.no_admin: without this account there would be none. */
MUST_USE enum err accounts_leaves_an_admin(struct call *call, const char *public_id);

MUST_USE enum err accounts_close_look(struct call *call, struct accounts_closing *closing);
MUST_USE enum err accounts_close_prepare(struct call *call, struct accounts_closing *closing);
MUST_USE enum err accounts_close_apply(struct call *call, const struct accounts_closing *closing);

/* All sessions, tokens and open links end (struct account_ending), only the ways back of changed
 * addresses stay. */
MUST_USE enum err accounts_shut(struct call *call, int64_t account_id);

/*
 * The steps of the job that erases (accounts_erase.c): one account a turn, in small pieces, each in
 * a transaction of its own that knows how far it is.
 *  1. `apply` begins it: from then on nothing opens the account again.
 *  2. `prepare` burns its key, so that nothing it sealed can be read, in backups neither.
 *  3. `apply` goes through the plan that is made from the inventory (privacy/erasure.h).
 * Nothing of the account stays, its own row neither; what law keeps of others' rows, without a
 * name, stands in the inventory (`keep` with `law`).
 */
struct accounts_erasing {
    struct account_erased whose; /* account_id 0: nobody's time has come */
    int64_t began;               /* erasure.id; 0: to begin */
    bool burned;
    const struct erasure_step *plan; /* NULL: erasure_plan; another one in tests */
    size_t most_steps;               /* in one transaction; 0: as many as rows allow */
};
MUST_USE enum err accounts_erase_look(struct call *call, struct accounts_erasing *erasing);
MUST_USE enum err accounts_erase_prepare(struct call *call, struct accounts_erasing *erasing);
MUST_USE enum err accounts_erase(struct call *call, const struct accounts_erasing *erasing);

/* ---- for staff (accounts_staff.c) ---- */

struct accounts_person {
    const char *id, *avatar_name, *state, *reason;
    const char *former; /* the name before this one, or NULL */
    int64_t created_ms, seen_ms;
    struct json_list roles; /* of staff */
};
/* Former names, in answers and for the search, and when they were last here: for POWER_NAMES. */
MUST_USE enum err accounts_people(struct call *call, const char *search, const char *state,
                                  struct accounts_person **ret, size_t *ret_count);
/* How many wait to be let in; none hurries. */
MUST_USE enum err accounts_wait(struct call *call, int64_t *ret_count, int64_t *ret_urgent);
/* ERR_MISSING accounts.none. */
MUST_USE enum err accounts_approve(struct call *call, const char *public_id);
/* ERR_MISSING accounts.none, ERR_CONFLICT accounts.self, accounts.no_admin. */
MUST_USE enum err accounts_end(struct call *call, const char *public_id, const char *reason);

/* Makes the skeletons of names anew after an update of ICU; in batches. */
struct accounts_stale {
    size_t count;
    int64_t ids[100];
    struct name_forms forms[100];
};
MUST_USE enum err accounts_stale_look(struct call *call, struct accounts_stale *ret);
MUST_USE enum err accounts_stale_apply(struct call *call, const struct accounts_stale *stale);

/* Fills an empty folder with people to meet (demo only): its first accounts, in this order. */
enum { ACCOUNTS_DEMO_PEOPLE = 12 };
extern const char *const accounts_demo_names[ACCOUNTS_DEMO_PEOPLE];
extern const char *const accounts_demo_looks[ACCOUNTS_DEMO_PEOPLE]; /* recipes */
struct accounts_demo_person {
    int64_t account_id, key_id;
};
/* The members of a demo, in this order. */
MUST_USE enum err accounts_demo_people(struct call *call,
                                       struct accounts_demo_person ret[ACCOUNTS_DEMO_PEOPLE]);
struct accounts_demo; /* who they are to be */
MUST_USE enum err accounts_demo_prepare(struct call *call, struct accounts_demo **ret);
MUST_USE enum err accounts_demo(struct call *call, struct accounts_demo *demo);

#endif
