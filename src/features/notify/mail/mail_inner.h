#ifndef FEATURES_MAIL_MAIL_INNER_H
#define FEATURES_MAIL_MAIL_INNER_H

#include "call/json.h"
#include "features/notify/mail/mail.h"

/* What the files of this folder share; nobody else includes it. */
enum {
    MAIL_CODE_LEN = 14, /* "K7QM-2XHD-9RTW" */
    MAIL_ADDRESS_MAX = 254,
};

/* The words of a mail, as they are sealed: JSON by shape. */
struct mail_words {
    const char *name, *path;
    JSON_LIST_OF(struct mail_value) values; /* struct mail_value */
};
JSON_SHAPE_SHARED(mail_words_shape, struct mail_words);

/* The code in mail `id`, made of it and a key that is not in the database; and its hash. */
MUST_USE enum err mail_code(struct call *call, int64_t id, char ret_code[MAIL_CODE_LEN + 1],
                            uint8_t ret_hash[32]);

/* Proof that this server made `text`: 22 characters of base64url. */
enum { MAIL_PROOF_LEN = 22 };
MUST_USE enum err mail_proof(struct call *call, const char *context, const char *text,
                             char ret[MAIL_PROOF_LEN + 1]);

#endif
