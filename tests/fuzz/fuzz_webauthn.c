#include <string.h>

#include "base/err.h"
#include "features/identity/passkeys/webauthn.h"
#include "tests/fuzz/fuzz.h"

/*
 * What a browser sends of a passkey, chosen by the first byte.  What is read lies inside
 * what came, and reading it again says the same.
 */
static void check_inside(struct webauthn_bytes whole, struct webauthn_bytes part)
{
    ASSERT(part.at >= whole.at && part.at + part.len <= whole.at + whole.len);
}

static void read_data(struct webauthn_bytes bytes, bool made)
{
    struct webauthn_data data, again;
    if (!webauthn_data(bytes, made, &data)) {
        return;
    }
    ASSERT(webauthn_data(bytes, made, &again));
    ASSERT(data.flags == again.flags && data.count == again.count);
    ASSERT(made == ((data.flags & WEBAUTHN_ATTESTED) != 0));
    if (made) {
        check_inside(bytes, data.id);
        ASSERT(data.id.len > 0 && data.id.len <= WEBAUTHN_ID_MAX);
        ASSERT(memcmp(data.key.bytes, again.key.bytes, data.key.len) == 0);
    }
}

static void prove(struct webauthn_bytes bytes)
{
    static const struct webauthn_site site = {"world.example", "https://world.example"};
    static const char client[] =
        "{\"type\":\"webauthn.get\",\"challenge\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\","
        "\"origin\":\"https://world.example\"}";
    char challenge[WEBAUTHN_CHALLENGE_LEN + 1];
    struct webauthn_data data;
    struct webauthn_key key;
    size_t cut = bytes.len ? bytes.at[0] : 0;
    struct webauthn_proof proof = {.client = {(const uint8_t *)client, sizeof(client) - 1}};
    if (cut == 0 || cut > bytes.len) {
        return;
    }
    proof.data = (struct webauthn_bytes){bytes.at + 1, cut - 1};
    proof.signature = (struct webauthn_bytes){bytes.at + cut, bytes.len - cut};
    /* Its private key is known: a fuzzer that finds a signature would still be a wonder. */
    webauthn_nobody(&key);
    ASSERT(!webauthn_proved(&site, &proof, &key, true, challenge, &data));
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
    struct webauthn_bytes bytes = {input + 1, len ? len - 1 : 0};
    struct webauthn_attestation attestation;
    struct webauthn_key key;
    char challenge[WEBAUTHN_CHALLENGE_LEN + 1];
    size_t used = 0;
    if (len == 0) {
        return 0;
    }
    switch (input[0] % 6) {
    case 0:
        if (webauthn_client((const char *)bytes.at, bytes.len, "webauthn.get",
                            "https://world.example", challenge)) {
            ASSERT(strlen(challenge) == WEBAUTHN_CHALLENGE_LEN);
        }
        break;
    case 1:
        if (webauthn_attestation(bytes, &attestation)) {
            check_inside(bytes, attestation.data);
            read_data(attestation.data, true);
        }
        break;
    case 2:
        read_data(bytes, true);
        break;
    case 3:
        read_data(bytes, false);
        break;
    case 4:
        if (webauthn_key(bytes, &used, &key)) {
            ASSERT(used <= bytes.len && key.len <= WEBAUTHN_KEY_MAX);
        }
        break;
    default:
        prove(bytes);
    }
    return 0;
}
