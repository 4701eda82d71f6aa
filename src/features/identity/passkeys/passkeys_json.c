#include "features/identity/passkeys/passkeys.h"

/* base64url of so many bytes. */
#define TEXT64(bytes_) (INT64_C(4) * (((bytes_) + 2) / 3))

JSON_SHAPE(known, "passkey_known", struct passkeys_known,
           J_TEXT(struct passkeys_known, id, 1, TEXT64(WEBAUTHN_ID_MAX)),
           J_TEXT(struct passkeys_known, transports, 0, PASSKEY_TRANSPORTS_MAX));

JSON_SHAPE_HERE(
    passkeys_options_shape, "passkey_options",
    J_TEXT(struct passkeys_options, challenge, 43, 43, .flags = JSON_SECRET),
    J_TEXT(struct passkeys_options, site, 1, 255, .about = "the relying party's id"),
    J_TEXT(struct passkeys_options, site_name, 1, 100),
    J_TEXT(struct passkeys_options, user, 43, 43, .flags = JSON_OPTIONAL | JSON_OMIT,
           .about = "by this the passkey knows the account; only when one is made"),
    J_CHOICE(struct passkeys_options, verification, "required preferred"),
    J_LIST(struct passkeys_options, keys, known, PASSKEYS_MAX,
           .about = "made: none of these again; asked: one of these, or any when empty"));

JSON_SHAPE_HERE(passkeys_new_shape, "passkey_new",
                J_TEXT(struct passkeys_new, client_data, 1, TEXT64(WEBAUTHN_CLIENT_MAX)),
                J_TEXT(struct passkeys_new, attestation, 1, TEXT64(WEBAUTHN_OBJECT_MAX)),
                J_TEXT(struct passkeys_new, transports, 0, PASSKEY_TRANSPORTS_MAX,
                       .flags = JSON_OPTIONAL),
                J_TEXT(struct passkeys_new, label, 1, PASSKEY_LABEL_MAX, .about = "sealed"));

JSON_SHAPE_HERE(passkeys_proof_shape, "passkey_proof",
                J_TEXT(struct passkeys_proof, id, 1, TEXT64(WEBAUTHN_ID_MAX)),
                J_TEXT(struct passkeys_proof, client_data, 1, TEXT64(WEBAUTHN_CLIENT_MAX)),
                J_TEXT(struct passkeys_proof, auth_data, 1, TEXT64(WEBAUTHN_OBJECT_MAX)),
                J_TEXT(struct passkeys_proof, signature, 1, TEXT64(WEBAUTHN_SIGNATURE_MAX)),
                J_TEXT(struct passkeys_proof, user, 0, 96, .flags = JSON_OPTIONAL,
                       .about = "the user handle that the passkey gave"));
