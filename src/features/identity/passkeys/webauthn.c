#include "features/identity/passkeys/webauthn.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/crypto.h"
#include "base/web_link.h"
#include "features/identity/passkeys/cbor_read.h"
#include "features/identity/passkeys/signature.h"

enum {
    HEAD = 37,   /* hash 32, flags 1, count 4 */
    MAKER = 16,  /* aaguid: which model; not kept */
    COSE_MAX = 5 /* fields of a key */
};

/* Names of the fields of a COSE key (RFC 9052, 9053, 8230). */
enum { COSE_TYPE = 1, COSE_ALGORITHM = 3, COSE_1 = -1, COSE_2 = -2, COSE_3 = -3 };
enum { TYPE_OKP = 1, TYPE_EC2 = 2, TYPE_RSA = 3, CURVE_P256 = 1, CURVE_ED25519 = 6 };

/* "world.example" and not "127.0.0.1" or "[::1]": a passkey is bound to a name. */
static bool is_name(const char *host, size_t len)
{
    bool letter = false;
    for (size_t i = 0; i < len; i++) {
        letter = letter || isalpha((unsigned char)host[i]);
        if (!isalnum((unsigned char)host[i]) && host[i] != '-' && host[i] != '.') {
            return false;
        }
    }
    return len > 0 && letter;
}

bool webauthn_site(const char *public_url, const char *host, bool secure, struct webauthn_site *ret)
{
    char url[WEBAUTHN_ORIGIN_MAX];
    struct web_link own;
    struct webauthn_site site = {0};
    bool given = public_url && *public_url;
    int len = given ? snprintf(url, sizeof(url), "%s", public_url)
                    : snprintf(url, sizeof(url), "%s://%s", secure ? "https" : "http", host);
    if (len < 0 || (size_t)len >= sizeof(url) || !web_link_read(url, &own)) {
        return false;
    }
    bool local = strcmp(own.host, "localhost") == 0;
    size_t name_len = strlen(own.host);
    if (!is_name(own.host, name_len) || name_len >= sizeof(site.id) || (!given && !local) ||
        (!own.https && !local)) {
        return false;
    }
    memcpy(site.id, own.host, name_len);
    snprintf(site.origin, sizeof(site.origin), "%s", own.origin);
    *ret = site;
    return true;
}

/* Exactly the base64url of 32 bytes: 43 characters whose last has no bits to spare. */
static bool is_challenge(const char *text)
{
    uint8_t bytes[32];
    char again[48];
    if (strlen(text) != WEBAUTHN_CHALLENGE_LEN ||
        crypto_base64url_read(text, bytes, sizeof(bytes)) != (int)sizeof(bytes)) {
        return false;
    }
    crypto_base64url(bytes, sizeof(bytes), again);
    return strcmp(again, text) == 0;
}

static bool says(const json_t *root, const char *name, const char *wanted)
{
    const char *text = json_string_value(json_object_get(root, name));
    return text && strcmp(text, wanted) == 0;
}

bool webauthn_client(const char *json, size_t len, const char *type, const char *origin,
                     char ret_challenge[WEBAUTHN_CHALLENGE_LEN + 1])
{
    ASSERT_CODE(*origin);
    if (len > WEBAUTHN_CLIENT_MAX || memchr(json, 0, len)) {
        return false;
    }
    json_t *root = json_loadb(json, len, JSON_REJECT_DUPLICATES, NULL);
    const char *challenge = json_string_value(json_object_get(root, "challenge"));
    /* In a frame of somebody else's page, no person sees where they sign in. */
    bool framed =
        json_is_true(json_object_get(root, "crossOrigin")) || json_object_get(root, "topOrigin");
    bool good = challenge && is_challenge(challenge) && says(root, "type", type) &&
                says(root, "origin", origin) && !framed;
    if (good) {
        memcpy(ret_challenge, challenge, WEBAUTHN_CHALLENGE_LEN + 1);
    }
    json_decref(root);
    return good;
}

/* The fields of a key, in any order, each once. */
struct cose {
    int64_t names[COSE_MAX];
    struct cbor_item items[COSE_MAX];
    int64_t count;
};

static const struct cbor_item *field(const struct cose *cose, int64_t name, enum cbor_kind kind)
{
    for (int64_t i = 0; i < cose->count; i++) {
        if (cose->names[i] == name && cose->items[i].kind == kind) {
            return &cose->items[i];
        }
    }
    return NULL;
}

static bool number_is(const struct cose *cose, int64_t name, int64_t wanted)
{
    const struct cbor_item *item = field(cose, name, CBOR_NUMBER);
    return item && item->number == wanted;
}

/* Appends a field of exactly this many bytes to the key. */
static bool take(const struct cose *cose, int64_t name, size_t len, struct webauthn_key *key)
{
    const struct cbor_item *item = field(cose, name, CBOR_BYTES);
    if (!item || item->len != len || key->len + len > sizeof(key->bytes)) {
        return false;
    }
    memcpy(key->bytes + key->len, item->at, len);
    key->len += len;
    return true;
}

static bool read_cose(struct cbor_reader *reader, struct cose *ret)
{
    struct cbor_item item;
    if (!cbor_want(reader, CBOR_MAP, &item) || item.number > COSE_MAX) {
        return false;
    }
    ret->count = item.number;
    for (int64_t i = 0; i < ret->count; i++) {
        if (!cbor_want(reader, CBOR_NUMBER, &item)) {
            return false;
        }
        for (int64_t j = 0; j < i; j++) {
            if (ret->names[j] == item.number) {
                return false;
            }
        }
        ret->names[i] = item.number;
        if (!cbor_next(reader, &ret->items[i])) {
            return false;
        }
    }
    return true;
}

bool webauthn_key(struct webauthn_bytes bytes, size_t *ret_used, struct webauthn_key *ret)
{
    struct cbor_reader reader = {bytes.at, bytes.len};
    struct cose cose = {0};
    struct webauthn_key key = {0};
    if (!read_cose(&reader, &cose)) {
        return false;
    }
    bool good = false;
    if (number_is(&cose, COSE_ALGORITHM, WEBAUTHN_ES256)) {
        key.algorithm = WEBAUTHN_ES256;
        good = cose.count == 5 && number_is(&cose, COSE_TYPE, TYPE_EC2) &&
               number_is(&cose, COSE_1, CURVE_P256) && take(&cose, COSE_2, 32, &key) &&
               take(&cose, COSE_3, 32, &key);
    } else if (number_is(&cose, COSE_ALGORITHM, WEBAUTHN_EDDSA)) {
        key.algorithm = WEBAUTHN_EDDSA;
        good = cose.count == 4 && number_is(&cose, COSE_TYPE, TYPE_OKP) &&
               number_is(&cose, COSE_1, CURVE_ED25519) && take(&cose, COSE_2, 32, &key);
    } else if (number_is(&cose, COSE_ALGORITHM, WEBAUTHN_RS256)) {
        key.algorithm = WEBAUTHN_RS256;
        good = cose.count == 4 && number_is(&cose, COSE_TYPE, TYPE_RSA) &&
               take(&cose, COSE_1, 256, &key) && take(&cose, COSE_2, 3, &key);
    }
    if (!good || !signature_key_good(&key)) {
        return false;
    }
    *ret = key;
    *ret_used = bytes.len - reader.len;
    return true;
}

bool webauthn_data(struct webauthn_bytes bytes, bool made, struct webauthn_data *ret)
{
    struct webauthn_data data = {.site_hash = bytes.at};
    if (bytes.len < HEAD || bytes.len > WEBAUTHN_OBJECT_MAX) {
        return false;
    }
    data.flags = bytes.at[32];
    data.count = (uint32_t)bytes.at[33] << 24 | (uint32_t)bytes.at[34] << 16 |
                 (uint32_t)bytes.at[35] << 8 | bytes.at[36];
    const uint8_t *at = bytes.at + HEAD;
    size_t len = bytes.len - HEAD;
    bool attested = data.flags & WEBAUTHN_ATTESTED;
    bool torn = (data.flags & WEBAUTHN_SYNCED) && !(data.flags & WEBAUTHN_SYNCABLE);
    if (attested != made || torn) {
        return false;
    }
    if (made) {
        size_t used = 0;
        if (len < MAKER + 2) {
            return false;
        }
        data.id.len = (size_t)at[MAKER] << 8 | at[MAKER + 1];
        data.id.at = at + MAKER + 2;
        len -= MAKER + 2;
        if (data.id.len == 0 || data.id.len > WEBAUTHN_ID_MAX || data.id.len > len) {
            return false;
        }
        at = data.id.at + data.id.len;
        len -= data.id.len;
        if (!webauthn_key((struct webauthn_bytes){at, len}, &used, &data.key)) {
            return false;
        }
        at += used;
        len -= used;
    }
    struct cbor_reader rest = {at, len};
    if (data.flags & WEBAUTHN_EXTENDED) { /* we asked for none; some say one all the same */
        struct cbor_reader peek = rest;
        struct cbor_item map;
        if (!cbor_want(&peek, CBOR_MAP, &map) || !cbor_skip(&rest)) {
            return false;
        }
    }
    if (rest.len != 0) {
        return false;
    }
    *ret = data;
    return true;
}

/* {} or {alg, sig}: no certificates. */
static bool read_statement(struct cbor_reader *reader, struct webauthn_attestation *ret,
                           int64_t *ret_fields)
{
    struct cbor_item map, name, value;
    if (!cbor_want(reader, CBOR_MAP, &map) || (map.number != 0 && map.number != 2)) {
        return false;
    }
    *ret_fields = map.number;
    for (int64_t i = 0; i < map.number; i++) {
        if (!cbor_next(reader, &name) || !cbor_next(reader, &value)) {
            return false;
        }
        if (cbor_is(&name, "alg") && value.kind == CBOR_NUMBER) {
            ret->algorithm = (enum webauthn_algorithm)value.number;
        } else if (cbor_is(&name, "sig") && value.kind == CBOR_BYTES &&
                   value.len <= WEBAUTHN_SIGNATURE_MAX) {
            ret->signature = (struct webauthn_bytes){value.at, value.len};
        } else {
            return false;
        }
    }
    return true;
}

bool webauthn_attestation(struct webauthn_bytes object, struct webauthn_attestation *ret)
{
    struct cbor_reader reader = {object.at, object.len};
    struct webauthn_attestation found = {0};
    struct cbor_item map, name, value;
    int64_t fields = -1;
    bool none = false;
    if (object.len > WEBAUTHN_OBJECT_MAX || !cbor_want(&reader, CBOR_MAP, &map) ||
        map.number != 3) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        if (!cbor_next(&reader, &name)) {
            return false;
        }
        if (cbor_is(&name, "attStmt") && fields < 0) {
            if (!read_statement(&reader, &found, &fields)) {
                return false;
            }
            continue;
        }
        if (!cbor_next(&reader, &value)) {
            return false;
        }
        if (cbor_is(&name, "fmt")) {
            none = cbor_is(&value, "none");
            found.self = cbor_is(&value, "packed");
        } else if (cbor_is(&name, "authData") && value.kind == CBOR_BYTES) {
            found.data = (struct webauthn_bytes){value.at, value.len};
        } else {
            return false;
        }
    }
    bool whole = (none && fields == 0) || (found.self && found.algorithm && found.signature.at);
    if (!whole || !found.data.at || reader.len != 0) {
        return false;
    }
    *ret = found;
    return true;
}

static bool from_here(const struct webauthn_site *site, const struct webauthn_data *data,
                      bool verified)
{
    uint8_t hash[HASH_BYTES];
    unsigned wanted = WEBAUTHN_PRESENT | (verified ? WEBAUTHN_VERIFIED : 0);
    crypto_sha256(site->id, strlen(site->id), hash);
    return memcmp(hash, data->site_hash, HASH_BYTES) == 0 && (data->flags & wanted) == wanted;
}

bool webauthn_made(const struct webauthn_site *site, struct webauthn_bytes client,
                   struct webauthn_bytes object, bool verified,
                   char ret_challenge[WEBAUTHN_CHALLENGE_LEN + 1], struct webauthn_data *ret)
{
    struct webauthn_attestation attestation;
    struct webauthn_data data;
    ASSERT_CODE(*site->id && *site->origin);
    if (!webauthn_client((const char *)client.at, client.len, "webauthn.create", site->origin,
                         ret_challenge) ||
        !webauthn_attestation(object, &attestation) ||
        !webauthn_data(attestation.data, true, &data) || !from_here(site, &data, verified)) {
        return false;
    }
    if (attestation.self && (attestation.algorithm != data.key.algorithm ||
                             !signature_self_good(site, client, &attestation, &data.key))) {
        return false;
    }
    *ret = data;
    return true;
}

bool webauthn_proved(const struct webauthn_site *site, const struct webauthn_proof *proof,
                     const struct webauthn_key *key, bool verified,
                     char ret_challenge[WEBAUTHN_CHALLENGE_LEN + 1], struct webauthn_data *ret)
{
    struct webauthn_data data;
    ASSERT_CODE(*site->id && *site->origin);
    if (!webauthn_client((const char *)proof->client.at, proof->client.len, "webauthn.get",
                         site->origin, ret_challenge) ||
        !webauthn_data(proof->data, false, &data) || !from_here(site, &data, verified) ||
        !signature_proof_good(site, proof, key, verified)) {
        return false;
    }
    *ret = data;
    return true;
}

/* The generator of P-256: its private key is 1, and no account has it. */
void webauthn_nobody(struct webauthn_key *ret)
{
    static const uint8_t generator[64] = {
        0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63,
        0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1,
        0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f,
        0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57,
        0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5};
    *ret = (struct webauthn_key){.algorithm = WEBAUTHN_ES256, .len = sizeof(generator)};
    memcpy(ret->bytes, generator, sizeof(generator));
}
