#include "features/identity/passkeys/signature.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <string.h>

#include "base/crypto.h"

enum { ES256_LEN = 64, EDDSA_LEN = 32, RS256_LEN = 259, MODULUS_LEN = 256 };

/* One of libfido2's three kinds of keys. */
struct fido_key {
    es256_pk_t *es256;
    eddsa_pk_t *eddsa;
    rs256_pk_t *rs256;
    const void *any; /* the one that there is; NULL: no good */
};

static bool odd_and_whole(const struct webauthn_key *key)
{
    const uint8_t *e = key->bytes + MODULUS_LEN;
    bool odd = (key->bytes[MODULUS_LEN - 1] & 1) && (e[2] & 1);
    return (key->bytes[0] & 0x80) && odd && (e[0] || e[1] || e[2] > 1);
}

static void key_load(const struct webauthn_key *key, struct fido_key *ret)
{
    const uint8_t *at = key->bytes;
    size_t len = key->len;
    *ret = (struct fido_key){0};
    switch (key->algorithm) {
    case WEBAUTHN_ES256:
        ret->es256 = es256_pk_new();
        if (len == ES256_LEN && ret->es256 && es256_pk_from_ptr(ret->es256, at, len) == FIDO_OK) {
            ret->any = ret->es256;
        }
        break;
    case WEBAUTHN_EDDSA:
        ret->eddsa = eddsa_pk_new();
        if (len == EDDSA_LEN && ret->eddsa && eddsa_pk_from_ptr(ret->eddsa, at, len) == FIDO_OK) {
            ret->any = ret->eddsa;
        }
        break;
    case WEBAUTHN_RS256:
        ret->rs256 = rs256_pk_new();
        if (len == RS256_LEN && odd_and_whole(key) && ret->rs256 &&
            rs256_pk_from_ptr(ret->rs256, at, len) == FIDO_OK) {
            ret->any = ret->rs256;
        }
        break;
    }
}

static void key_drop(struct fido_key *key)
{
    es256_pk_free(&key->es256);
    eddsa_pk_free(&key->eddsa);
    rs256_pk_free(&key->rs256);
}

bool signature_key_good(const struct webauthn_key *key)
{
    struct fido_key loaded;
    key_load(key, &loaded);
    bool good = loaded.any != NULL;
    key_drop(&loaded);
    return good;
}

bool signature_self_good(const struct webauthn_site *site, struct webauthn_bytes client,
                         const struct webauthn_attestation *attestation,
                         const struct webauthn_key *key)
{
    uint8_t hash[HASH_BYTES];
    struct webauthn_bytes data = attestation->data, signature = attestation->signature;
    crypto_sha256(client.at, client.len, hash);
    fido_cred_t *cred = fido_cred_new();
    bool good = cred && fido_cred_set_type(cred, key->algorithm) == FIDO_OK &&
                fido_cred_set_fmt(cred, "packed") == FIDO_OK &&
                fido_cred_set_rp(cred, site->id, NULL) == FIDO_OK &&
                fido_cred_set_clientdata_hash(cred, hash, sizeof(hash)) == FIDO_OK &&
                fido_cred_set_authdata_raw(cred, data.at, data.len) == FIDO_OK &&
                fido_cred_set_sig(cred, signature.at, signature.len) == FIDO_OK &&
                fido_cred_verify_self(cred) == FIDO_OK;
    fido_cred_free(&cred);
    return good;
}

bool signature_proof_good(const struct webauthn_site *site, const struct webauthn_proof *proof,
                          const struct webauthn_key *key, bool verified)
{
    uint8_t hash[HASH_BYTES];
    struct fido_key loaded;
    key_load(key, &loaded);
    crypto_sha256(proof->client.at, proof->client.len, hash);
    fido_assert_t *assert = fido_assert_new();
    bool good =
        assert &&loaded.any &&fido_assert_set_count(assert, 1) ==
        FIDO_OK &&fido_assert_set_rp(assert, site->id) ==
        FIDO_OK &&fido_assert_set_clientdata_hash(assert, hash, sizeof(hash)) ==
        FIDO_OK &&fido_assert_set_authdata_raw(assert, 0, proof->data.at, proof->data.len) ==
        FIDO_OK &&fido_assert_set_sig(assert, 0, proof->signature.at, proof->signature.len) ==
        FIDO_OK &&fido_assert_set_up(assert, FIDO_OPT_TRUE) ==
        FIDO_OK &&fido_assert_set_uv(assert, verified ? FIDO_OPT_TRUE : FIDO_OPT_OMIT) ==
        FIDO_OK &&fido_assert_verify(assert, 0, key->algorithm, loaded.any) == FIDO_OK;
    fido_assert_free(&assert);
    key_drop(&loaded);
    return good;
}
