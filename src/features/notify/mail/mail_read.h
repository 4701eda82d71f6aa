#ifndef FEATURES_MAIL_MAIL_READ_H
#define FEATURES_MAIL_MAIL_READ_H

#include "features/notify/mail/mail_outbox.h"

/* What people see of the outbox: a member a code, administrators what was given up. */
struct mail_found {
    bool ours;
    const char *subject;
    int64_t sent_ms;
};
/* Of the actor's own mails; a code that does not fit is no failure. */
MUST_USE enum err mail_check(struct call *call, const char *code, struct mail_found *ret);

/* Would the member get mail of this topic now? */
MUST_USE enum err mail_welcome(struct call *call, int64_t account_id, const char *topic, bool *ret);

enum { MAIL_DEAD_MAX = 50 };
struct mail_counts {
    int64_t waiting, sent, bounced, dead, dropped, oldest_ms;
    const char *why;
};
struct mail_dead {
    int64_t id, tries, at_ms;
    const char *kind, *subject, *why;
    bool again;
};
struct mail_kept {
    int64_t id, created_ms;
    const char *to, *subject;
};
struct mail_opened {
    const char *to, *subject, *text, *html;
};
MUST_USE enum err mail_count(struct call *call, struct mail_counts *ret);
MUST_USE enum err mail_dead_letters(struct call *call, struct mail_dead **ret, size_t *ret_count);
/* Those that can be sent once more, the others are only told of; none hurries. */
MUST_USE enum err mail_letters_wait(struct call *call, int64_t *ret_count, int64_t *ret_urgent);
/* ERR_MISSING mail.gone: not dead, or past its time. */
MUST_USE enum err mail_again(struct call *call, int64_t id);

/*
 * May waiting mails of others be read, with the secret links in them?  Only in a demo folder, or
 * by who asks from the machine itself while it serves nobody else: whoever sits there has the
 * folder anyway.
 */
bool mail_local(const struct call *call);

/* In `finish`: opens.  One that cannot be opened any more is listed without words. */
struct mail_kept *mail_kept_rows(struct call *call, const struct mail_leased *kept, size_t count);
MUST_USE enum err mail_open_kept(struct call *call, const struct mail_leased *kept,
                                 struct mail_opened *ret);

#endif
