#ifndef FEATURES_PASSKEYS_WEBAUTHN_H
#define FEATURES_PASSKEYS_WEBAUTHN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What browsers say about passkeys (WebAuthn level 2), read strictly and without taking
 * memory: client data (JSON), attestation objects (CBOR), authenticator data, public keys
 * (COSE).  Answers are true or false: why something did not fit is nobody's business.
 *  - The keys: ES256 on P-256, EdDSA on Ed25519, RS256 with 2048 bits.
 *  - Attestation is not asked for, so it says nothing about the maker: "none", or "packed"
 *    signed by the passkey itself.
 *  - Not here: whose passkey it is, whether its challenge is ours, counters.
 */
enum {
    WEBAUTHN_CLIENT_MAX = 2048,
    WEBAUTHN_OBJECT_MAX = 4096,
    WEBAUTHN_ID_MAX = 1023,
    WEBAUTHN_SIGNATURE_MAX = 512,
    WEBAUTHN_KEY_MAX = 259,
    WEBAUTHN_CHALLENGE_LEN = 43, /* 32 bytes in base64url */
    WEBAUTHN_ORIGIN_MAX = 300,
};

enum webauthn_algorithm {
    WEBAUTHN_ES256 = -7,   /* key: x and y, 64 bytes */
    WEBAUTHN_EDDSA = -8,   /* key: x, 32 bytes */
    WEBAUTHN_RS256 = -257, /* key: n and e, 259 bytes */
};

enum webauthn_flag {
    WEBAUTHN_PRESENT = 1 << 0,
    WEBAUTHN_VERIFIED = 1 << 2, /* PIN, finger, face */
    WEBAUTHN_SYNCABLE = 1 << 3,
    WEBAUTHN_SYNCED = 1 << 4,
    WEBAUTHN_ATTESTED = 1 << 6,
    WEBAUTHN_EXTENDED = 1 << 7,
};

struct webauthn_bytes {
    const uint8_t *at;
    size_t len;
};

/* Where passkeys are for: the host that they are bound to, and the page's origin. */
struct webauthn_site {
    char id[256];
    char origin[WEBAUTHN_ORIGIN_MAX];
};

struct webauthn_key {
    enum webauthn_algorithm algorithm;
    size_t len;
    uint8_t bytes[WEBAUTHN_KEY_MAX];
};

/* Authenticator data.  `id` and `key` only where a passkey was made (WEBAUTHN_ATTESTED). */
struct webauthn_data {
    const uint8_t *site_hash; /* SHA-256 of the site's id */
    unsigned flags;
    uint32_t count;
    struct webauthn_bytes id;
    struct webauthn_key key;
};

/*
 * The site of a public URL ("https://world.example"), or of `host` ("localhost:8080") when
 * there is none: then only localhost will do.  False: passkeys cannot be had here (an
 * address of numbers, plain http elsewhere than on localhost).
 */
bool webauthn_site(const char *public_url, const char *host, bool secure,
                   struct webauthn_site *ret);

/* Client data of this type ("webauthn.get"), from a page of ours: gives its challenge. */
bool webauthn_client(const char *json, size_t len, const char *type, const char *origin,
                     char ret_challenge[WEBAUTHN_CHALLENGE_LEN + 1]);

/* COSE_Key: exactly the fields of its kind; the point on its curve, the modulus odd. */
bool webauthn_key(struct webauthn_bytes cose, size_t *ret_used, struct webauthn_key *ret);

/* `made`: must hold a new passkey, else must hold none.  No byte may be left over. */
bool webauthn_data(struct webauthn_bytes bytes, bool made, struct webauthn_data *ret);

struct webauthn_attestation {
    bool self;
    enum webauthn_algorithm algorithm; /* only with `self` */
    struct webauthn_bytes data, signature;
};
bool webauthn_attestation(struct webauthn_bytes object, struct webauthn_attestation *ret);

/* A new passkey, as it came from a browser. */
bool webauthn_made(const struct webauthn_site *site, struct webauthn_bytes client,
                   struct webauthn_bytes object, bool verified,
                   char ret_challenge[WEBAUTHN_CHALLENGE_LEN + 1], struct webauthn_data *ret);

/* A proof by a passkey with this key. */
struct webauthn_proof {
    struct webauthn_bytes client, data, signature;
};
bool webauthn_proved(const struct webauthn_site *site, const struct webauthn_proof *proof,
                     const struct webauthn_key *key, bool verified,
                     char ret_challenge[WEBAUTHN_CHALLENGE_LEN + 1], struct webauthn_data *ret);

/* A key that nobody has: what is unknown takes as long to refuse as what is known. */
void webauthn_nobody(struct webauthn_key *ret);

#endif
