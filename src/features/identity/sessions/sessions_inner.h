#ifndef FEATURES_SESSIONS_INNER_H
#define FEATURES_SESSIONS_INNER_H

#include "base/crypto.h"
#include "base/settings.h"
#include "call/call.h"

/* What the files of this folder share; nobody else includes it. */

/* "Firefox · Android", from the User-Agent. */
const char *devices_label(struct call *call);

/* The cookie of this browser, or a new one. */
void devices_token(struct call *call, char ret_token[64]);

/* The device that asks, when this account was signed in on it; else 0. */
MUST_USE enum err devices_known(struct call *call, int64_t account_id, int64_t *ret_id);

/* The account is signed in on this device now.  `ret_new`: it was not before, on others it was. */
MUST_USE enum err devices_seen(struct call *call, int64_t account_id, const char *token,
                               const char *label, const char *country, int64_t *ret_id,
                               bool *ret_new);

/* It is a stranger again; `all_but`: all of the account's but the one of this session. */
MUST_USE enum err devices_forget(struct call *call, int64_t account_id, int64_t session_id);
MUST_USE enum err devices_forget_but(struct call *call, int64_t account_id, int64_t session_id);

extern const struct setting_group sessions_setting_group;

#endif
