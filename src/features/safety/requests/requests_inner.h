#ifndef FEATURES_REQUESTS_INNER_H
#define FEATURES_REQUESTS_INNER_H

#include "features/safety/requests/requests.h"
#include "store/store.h"

/* What the files of this folder share; nobody else includes it. */

#define REQUESTS_ROW                                                                             \
    "SELECT r.public_id, r.kind, r.state, r.purpose, r.outcome, r.country, r.language,"          \
    " r.extended_why, r.proof, a.avatar_name, h.avatar_name, r.made_ms, r.from_ms, r.due_ms,"    \
    " r.extended_ms, r.answered_ms, r.closed_ms, r.account_id, r.holder_id, r.own_key_id, r.id," \
    " a.key_id, r.email_ct, r.link_ct FROM request r LEFT JOIN account a ON a.id = r.account_id" \
    " LEFT JOIN account h ON h.id = r.holder_id"
COLUMNS(REQUEST_PUBLIC_ID, REQUEST_KIND, REQUEST_STATE, REQUEST_PURPOSE, REQUEST_OUTCOME,
        REQUEST_COUNTRY, REQUEST_LANGUAGE, REQUEST_EXTENDED_WHY, REQUEST_PROOF, REQUEST_AVATAR_NAME,
        REQUEST_HOLDER_AVATAR_NAME, REQUEST_MADE_MS, REQUEST_FROM_MS, REQUEST_DUE_MS,
        REQUEST_EXTENDED_MS, REQUEST_ANSWERED_MS, REQUEST_CLOSED_MS, REQUEST_ACCOUNT_ID,
        REQUEST_HOLDER_ID, REQUEST_OWN_KEY_ID, REQUEST_ID, REQUEST_KEY_ID, REQUEST_EMAIL_CT,
        REQUEST_LINK_CT);

struct requests_row requests_read(const struct call *call, const struct rows *rows, size_t i);
void requests_read_one(const struct call *call, const struct rows *rows, struct requests_one *ret);
/* What was said and done about it: all, or what the person may read. */
MUST_USE enum err requests_read_entries(struct call *call, struct requests_one *one, bool staff);
/* ERR_LIMIT requests.long: so much was said that nothing more fits. */
MUST_USE enum err requests_write(struct call *call, const struct requests_one *one,
                                 const char *what, const char *code, struct sealed text);
/* Cleaned and sealed by the request's key.  ERR_INVALID requests.text; ERR_MISSING keys.burned. */
MUST_USE enum err requests_seal(struct call *call, int64_t key_id, const char *text,
                                struct sealed *ret);
/* ERR_INVALID input.choice: it cannot be asked in that country, or not with that purpose. */
MUST_USE enum err requests_check(struct call *call, const struct requests_new *wish,
                                 const char *country, const struct request_kind **ret);
bool requests_is(const struct requests_one *one, const char *state);
/* Officers hear of it: `kind` of notice. */
MUST_USE enum err requests_tell_officers(struct call *call, const char *kind);

#endif
