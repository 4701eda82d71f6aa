#ifndef PRIVACY_SEALED_H
#define PRIVACY_SEALED_H

#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "store/store.h"

/*
 * A value sealed with a member's key, as it lies in a column: the one way it goes from a row to
 * the text and from a text into a statement.  `context` names table and column
 * ("account.email_ct"); the key's id is bound in.  Sealing and opening are work for `prepare`
 * and `finish`, never for `apply`.
 *  - Not here: which keys there are, and how one is burned (privacy/keys.h).
 */
struct sealed {
    int64_t key_id;    /* 0: sealed by a key of the feature's own (a conversation's) */
    const uint8_t *at; /* NULL: there is none, as NULL in the column */
    size_t len;
};

/* What lies in this column, sealed by that key.  Lives as long as the rows. */
struct sealed sealed_read(const struct rows *rows, size_t row, size_t col, int64_t key_id);
/* For BIND: the bytes, or SQL's NULL. */
#define SEALED(sealed_) sealed_val(sealed_)
struct val sealed_val(struct sealed sealed);

/* ERR_MISSING keys.burned when the key is gone. */
MUST_USE enum err sealed_text(struct call *call, int64_t key_id, const char *context,
                              const char *text, struct sealed *ret);
/* The same for bytes; sealed_open opens them: len - SEAL_EXTRA of them. */
MUST_USE enum err sealed_bytes(struct call *call, int64_t key_id, const char *context,
                               const uint8_t *bytes, size_t len, struct sealed *ret);
/*
 * Where there is none, ret_text stays as it is and that is no failure.  ERR_MISSING keys.burned;
 * ERR_BROKEN for what was sealed by another key, for another place, or is no sealed value.
 */
MUST_USE enum err sealed_open(struct call *call, struct sealed sealed, const char *context,
                              const char **ret_text);

/*
 * The same, bound to its row as well (`row_id`: the row's own id, which never changes), with a
 * version byte before it.  sealed_open_row reads what was sealed without the row, too;
 * sealed_again seals such a value anew (ret->at NULL: it is bound to its row already).
 */
MUST_USE enum err sealed_row(struct call *call, int64_t key_id, const char *context, int64_t row_id,
                             const char *text, struct sealed *ret);
MUST_USE enum err sealed_open_row(struct call *call, struct sealed sealed, const char *context,
                                  int64_t row_id, const char **ret_text);
MUST_USE enum err sealed_again(struct call *call, struct sealed sealed, const char *context,
                               int64_t row_id, struct sealed *ret);

/* The key of the actor's account.  ERR_LOGIN api.login: it was erased a moment ago. */
MUST_USE enum err sealed_own_key(struct call *call, int64_t *ret_key_id);
/* The key of an account; 0: there is none of that id. */
MUST_USE enum err sealed_key_of(struct call *call, int64_t account_id, int64_t *ret_key_id);

#endif
