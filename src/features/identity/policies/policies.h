#ifndef FEATURES_POLICIES_POLICIES_H
#define FEATURES_POLICIES_POLICIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "features/notify/mail/mail.h"

/*
 * Policies: the operator's terms ("terms") and privacy notice ("notice"), in versions.
 *  - A version is written as a draft in each language, published from a day on, and never changed
 *    after; one whose day has not come can be withdrawn.  Which was in force when is told to
 * everybody.
 *  - Who registers answers what is in force by that; all others are told of a new version and
 * asked. An answer is kept with the language it was read in, and is final but for a no.
 *  - No answer to a version gives a consent: those are asked one by one (features/common/consents).
 */
enum {
    POLICIES_TEXT_MAX = 40000, /* characters */
    POLICIES_CHANGES_MAX = 400,
    POLICIES_MAX = 200, /* versions of both kinds in a list */
    POLICIES_DAYS_MAX = 90,
    POLICIES_LANGUAGES_MAX = 8,
    POLICIES_TOLD_PAGE = 50,
};

struct policies_version {
    int64_t id;
    const char *kind;
    int64_t number, since_ms; /* since_ms 0: being written */
    const char *changes;      /* in the actor's language, or in one that there is */
};
struct policies_text {
    const char *language, *text, *changes;
};

/* In force and coming, by kind; at most POLICIES_MAX. */
MUST_USE enum err policies_now(struct call *call, struct policies_version **ret, size_t *ret_count);
/*
 * One that was published, and its words in the actor's language or in one that there is; `number`
 * 0: the one in force.  ERR_MISSING policies.none.
 */
MUST_USE enum err policies_read(struct call *call, const char *kind, int64_t number,
                                struct policies_version *ret, struct policies_text *ret_text);
/* All that were published of a kind, newest first. */
MUST_USE enum err policies_past(struct call *call, const char *kind, struct policies_version **ret,
                                size_t *ret_count);

/* ---- what members say to them ---- */

struct policies_asked {
    struct policies_version version;
    const char *answer, *language, *how; /* answer NULL: asked and not answered yet */
    int64_t at_ms;
};
/* What waits for the actor's answer, and each answer they gave, newest version first. */
MUST_USE enum err policies_mine(struct call *call, struct policies_asked **ret, size_t *ret_count);
/*
 * Terms are "agreed" or "declined", a notice is "seen"; the same again is no error.  ERR_MISSING
 * policies.none, ERR_INVALID policies.answer, ERR_CONFLICT policies.answered: agreed before.
 */
MUST_USE enum err policies_answer(struct call *call, const char *kind, int64_t number,
                                  const char *answer);
/* In the transaction that makes an account: by it all that is in force is answered. */
MUST_USE enum err policies_joined(struct call *call, int64_t account_id, const char *language);

/* ---- the operator's ---- */

struct policies_draft {
    int64_t id, number, edit; /* edit 0: there is none */
    struct policies_text texts[POLICIES_LANGUAGES_MAX];
    size_t count;
};
MUST_USE enum err policies_draft(struct call *call, const char *kind, struct policies_draft *ret);
struct policies_wish {
    const char *kind, *language, *text, *changes;
    int64_t edit; /* that was seen */
};
/* Outside of the transaction: as it is kept.  ERR_INVALID policies.empty, input.length. */
MUST_USE enum err policies_write_prepare(struct call *call, struct policies_wish *wish);
/* ERR_CONFLICT policies.changed: somebody else wrote meanwhile; ret_edit is what it is now. */
MUST_USE enum err policies_write(struct call *call, const struct policies_wish *wish,
                                 int64_t *ret_edit);
/*
 * In force after `days` (0: at once), never before the one before it; everybody is told, by mail,
 * too, where `mail` is set.  ERR_CONFLICT policies.changed, policies.before, ERR_INVALID
 * policies.languages: words in one language are missing.
 */
MUST_USE enum err policies_publish(struct call *call, const char *kind, int64_t edit, int64_t days,
                                   bool mail);
/* A draft or one that is coming, with all answers to it.  ERR_MISSING policies.none. */
MUST_USE enum err policies_withdraw(struct call *call, const char *kind, int64_t number);
/* What terms_file says becomes the first version of the terms, where nobody has written one. */
MUST_USE enum err policies_first(struct call *call);

/* ---- the job that tells members, a page at a time ---- */

struct policies_page {
    struct policies_version version;
    bool mailed;
    size_t count, letters;
    int64_t ids[POLICIES_TOLD_PAGE];
    struct mail_to to[POLICIES_TOLD_PAGE];
    struct mail_draft drafts[POLICIES_TOLD_PAGE];
};
/* `payload`: the version's id and the last account that was told.  Withdrawn: nobody is told. */
MUST_USE enum err policies_tell_look(struct call *call, const char *payload,
                                     struct policies_page *page);
MUST_USE enum err policies_tell_prepare(struct call *call, struct policies_page *page);
MUST_USE enum err policies_tell_apply(struct call *call, const struct policies_page *page);

#endif
