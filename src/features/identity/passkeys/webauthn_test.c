#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "features/identity/passkeys/cbor_read.h"
#include "tests/support/authenticator.h"

static const int algorithms[] = {WEBAUTHN_ES256, WEBAUTHN_EDDSA, WEBAUTHN_RS256};
static const struct webauthn_site site = {"world.example", "https://world.example"};
static const char challenge[] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

static struct webauthn_bytes bytes_of(const void *at, size_t len)
{
    return (struct webauthn_bytes){at, len};
}

static bool made(const struct device *device, bool verified, struct webauthn_data *ret)
{
    char said[WEBAUTHN_CHALLENGE_LEN + 1] = "";
    bool good = webauthn_made(&site, bytes_of(device->client_data, strlen(device->client_data)),
                              bytes_of(device->object, device->object_len), verified, said, ret);
    assert_true(!good || strcmp(said, challenge) == 0);
    return good;
}

static bool proved(const struct device *device, const struct webauthn_key *key, bool verified)
{
    char said[WEBAUTHN_CHALLENGE_LEN + 1] = "";
    struct webauthn_data data;
    const struct webauthn_proof proof = {bytes_of(device->client_data, strlen(device->client_data)),
                                         bytes_of(device->data, device->data_len),
                                         bytes_of(device->signature, device->signature_len)};
    return webauthn_proved(&site, &proof, key, verified, said, &data);
}

static void each_kind_of_key_is_made_and_proves(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT(algorithms); i++) {
        for (int variant = 0; variant < 4; variant++) {
            struct device device;
            struct webauthn_data data;
            device_new(&device, algorithms[i]);
            device.extended = variant & 1;
            device.self = variant == 2;
            device.count = 7;
            device_make(&device, challenge);
            assert_true(made(&device, true, &data));
            assert_int_equal(data.key.algorithm, algorithms[i]);
            assert_int_equal(data.count, 7);
            assert_int_equal(data.id.len, 32);
            assert_memory_equal(data.id.at, device.id, 32);
            struct webauthn_key key = data.key;
            device_prove(&device, challenge);
            assert_true(proved(&device, &key, true));
            device_free(&device);
        }
    }
}

/* Every single bit of what is signed, of the signature and of the key counts. */
static void a_proof_with_one_bit_changed_proves_nothing(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT(algorithms); i++) {
        struct device device;
        struct webauthn_data data;
        device_new(&device, algorithms[i]);
        device_make(&device, challenge);
        assert_true(made(&device, true, &data));
        struct webauthn_key key = data.key;
        device_prove(&device, challenge);
        for (size_t at = 0; at < device.data_len; at++) {
            device.data[at] ^= (uint8_t)(1 << at % 8);
            assert_false(proved(&device, &key, true));
            device.data[at] ^= (uint8_t)(1 << at % 8);
        }
        for (size_t at = 0; at < strlen(device.client_data); at++) {
            device.client_data[at] ^= 1;
            assert_false(proved(&device, &key, true));
            device.client_data[at] ^= 1;
        }
        for (size_t at = 0; at < device.signature_len; at += 3) {
            device.signature[at] ^= 4;
            assert_false(proved(&device, &key, true));
            device.signature[at] ^= 4;
        }
        for (size_t at = 0; at < key.len; at += 5) {
            key.bytes[at] ^= 2;
            assert_false(proved(&device, &key, true));
            key.bytes[at] ^= 2;
        }
        size_t whole = device.data_len;
        for (device.data_len = 0; device.data_len < whole; device.data_len++) {
            assert_false(proved(&device, &key, true));
        }
        assert_true(proved(&device, &key, true));
        device_free(&device);
    }
}

static void a_signature_of_another_passkey_proves_nothing(void **state UNUSED)
{
    struct webauthn_data data;
    struct device one, other;
    device_new(&one, WEBAUTHN_ES256);
    device_new(&other, WEBAUTHN_ES256);
    device_make(&one, challenge);
    assert_true(made(&one, true, &data));
    struct webauthn_key key = data.key;
    device_prove(&other, challenge);
    assert_false(proved(&other, &key, true));
    webauthn_nobody(&key);
    assert_false(proved(&other, &key, true));
    device_free(&one);
    device_free(&other);
}

static void a_proof_for_another_site_or_without_a_person_proves_nothing(void **state UNUSED)
{
    struct webauthn_data data;
    struct device device;
    device_new(&device, WEBAUTHN_EDDSA);
    device_make(&device, challenge);
    assert_true(made(&device, true, &data));
    struct webauthn_key key = data.key;
    device.site = "world.example.evil.example";
    device_prove(&device, challenge);
    assert_false(proved(&device, &key, true));
    device_make(&device, challenge);
    assert_false(made(&device, true, &data));
    device.site = site.id;
    device.flags = WEBAUTHN_VERIFIED;
    device_prove(&device, challenge);
    assert_false(proved(&device, &key, true));
    device.flags = WEBAUTHN_PRESENT;
    device_prove(&device, challenge);
    assert_false(proved(&device, &key, true));
    assert_true(proved(&device, &key, false));
    device.flags = WEBAUTHN_PRESENT | WEBAUTHN_VERIFIED | WEBAUTHN_SYNCED; /* but not syncable */
    device_prove(&device, challenge);
    assert_false(proved(&device, &key, true));
    device.flags = WEBAUTHN_PRESENT | WEBAUTHN_VERIFIED | WEBAUTHN_ATTESTED;
    device_prove(&device, challenge);
    assert_false(proved(&device, &key, true));
    device_free(&device);
}

static bool client(const char *json)
{
    char said[WEBAUTHN_CHALLENGE_LEN + 1];
    return webauthn_client(json, strlen(json), "webauthn.get", site.origin, said);
}

#define CLIENT(type_, challenge_, origin_, more_) \
    "{\"type\":\"" type_ "\",\"challenge\":\"" challenge_ "\",\"origin\":\"" origin_ "\"" more_ "}"
#define GOOD "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

static void client_data_is_read_strictly(void **state UNUSED)
{
    char large[WEBAUTHN_CLIENT_MAX + 200];
    assert_true(client(CLIENT("webauthn.get", GOOD, "https://world.example", "")));
    assert_true(client(CLIENT("webauthn.get", GOOD, "https://world.example",
                              ",\"crossOrigin\":false,\"other_keys_can_be_added_here\":1")));
    static const char *const bad[] = {
        CLIENT("webauthn.create", GOOD, "https://world.example", ""),
        CLIENT("webauthn.get", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh",
               "https://world.example", ""), /* too short */
        CLIENT("webauthn.get", GOOD "8", "https://world.example", ""),
        CLIENT("webauthn.get", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",
               "https://world.example", ""), /* bits to spare are set */
        CLIENT("webauthn.get",
               "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh=", "https://world.example", ""),
        CLIENT("webauthn.get", GOOD, "http://world.example", ""),
        CLIENT("webauthn.get", GOOD, "https://world.example:444", ""),
        CLIENT("webauthn.get", GOOD, "https://world.example.evil.example", ""),
        CLIENT("webauthn.get", GOOD, "https://sub.world.example", ""),
        CLIENT("webauthn.get", GOOD, "https://world.example", ",\"crossOrigin\":true"),
        CLIENT("webauthn.get", GOOD, "https://world.example",
               ",\"topOrigin\":\"https://evil.example\""),
        CLIENT("webauthn.get", GOOD, "https://world.example", ",\"type\":\"webauthn.get\""),
        CLIENT("webauthn.get", GOOD, "https://world.example", "") "{}",
        "{\"type\":\"webauthn.get\",\"origin\":\"https://world.example\"}",
        "{\"challenge\":5,\"type\":\"webauthn.get\",\"origin\":\"https://world.example\"}",
        "[]",
        "null",
        "",
        "{",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (client(bad[i])) {
            fail_msg("taken: %s", bad[i]);
        }
    }
    snprintf(large, sizeof(large), CLIENT("webauthn.get", GOOD, "https://world.example", "%*s"),
             WEBAUTHN_CLIENT_MAX, "");
    assert_false(client(large));
}

/* A new passkey with one byte of its object changed is refused, or is another passkey. */
static void a_changed_attestation_gives_no_other_site_and_no_broken_key(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT(algorithms); i++) {
        struct device device;
        struct webauthn_data right, data;
        device_new(&device, algorithms[i]);
        device.self = true;
        device_make(&device, challenge);
        assert_true(made(&device, true, &right));
        for (size_t at = 0; at < device.object_len; at++) {
            device.object[at] ^= (uint8_t)(1 << at % 8);
            if (made(&device, true, &data)) {
                fail_msg("byte %zu of %zu does not count", at, device.object_len);
            }
            device.object[at] ^= (uint8_t)(1 << at % 8);
        }
        size_t whole = device.object_len;
        for (device.object_len = 0; device.object_len < whole; device.object_len++) {
            assert_false(made(&device, true, &data));
        }
        device.object[device.object_len++] = 0;
        assert_false(made(&device, true, &data));
        device_free(&device);
    }
}

static void only_attestations_that_name_no_maker_are_taken(void **state UNUSED)
{
    struct device device;
    struct webauthn_data data;
    device_new(&device, WEBAUTHN_ES256);
    device_make(&device, challenge);
    memcpy(device.object + 6, "tpmx", 4); /* in place of "none" */
    assert_false(made(&device, true, &data));
    device_make(&device, challenge);
    device.object[18] = 0xa1; /* "none" with a statement */
    assert_false(made(&device, true, &data));
    device.self = true;
    device_make(&device, challenge);
    device.signature[20] ^= 1;
    device_wrap(&device);
    assert_false(made(&device, true, &data));
    device_free(&device);
}

static bool key_good(struct put *out, struct webauthn_key *ret)
{
    size_t used = 0;
    return webauthn_key(bytes_of(out->at, out->len), &used, ret) && used == out->len;
}

static void keys_have_exactly_the_fields_of_their_kind(void **state UNUSED)
{
    struct device device;
    struct webauthn_key key;
    uint8_t bytes[512], good[512];
    struct put out = {bytes, 0};
    device_new(&device, WEBAUTHN_ES256);
    put_cose(&out, &device);
    assert_true(key_good(&out, &key));
    memcpy(good, bytes, out.len);
    struct {
        size_t at;
        uint8_t byte;
    } wrong[] = {
        {0, 0xa4},  /* a field less: one is left over */
        {0, 0xa6},  /* a field more */
        {0, 0xbf},  /* of unstated length */
        {2, 0x01},  /* kind: OKP */
        {4, 0x27},  /* algorithm: EdDSA */
        {4, 0x38},  /* a longer number */
        {6, 0x02},  /* curve: P-384 */
        {7, 0x22},  /* y before x, twice */
        {8, 0x98},  /* a list, not bytes */
        {11, 0xff}, /* a point beside the curve */
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        memcpy(bytes, good, out.len);
        bytes[wrong[i].at] = wrong[i].byte;
        if (key_good(&out, &key)) {
            fail_msg("byte %zu as %02x is taken", wrong[i].at, wrong[i].byte);
        }
    }
    device_free(&device);
    device_new(&device, WEBAUTHN_RS256);
    out.len = 0;
    put_cose(&out, &device);
    assert_true(key_good(&out, &key));
    bytes[out.len - 1] = 0x00; /* an even exponent */
    assert_false(key_good(&out, &key));
    memcpy(bytes + out.len - 3, "\0\0\1", 3); /* signs itself */
    assert_false(key_good(&out, &key));
    device_free(&device);
}

static void lengths_that_are_only_claimed_cost_nothing(void **state UNUSED)
{
    static const uint8_t deep[] = {0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x01};
    static const uint8_t huge[] = {0x9a, 0xff, 0xff, 0xff, 0xff, 0x01};
    static const uint8_t text[] = {0x7b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 'a'};
    struct cbor_item item;
    struct cbor_reader reader = {deep, sizeof(deep)};
    assert_false(cbor_skip(&reader));
    reader = (struct cbor_reader){huge, sizeof(huge)};
    assert_false(cbor_skip(&reader));
    reader = (struct cbor_reader){text, sizeof(text)};
    assert_false(cbor_next(&reader, &item));
}

static void passkeys_are_for_names_and_not_for_addresses(void **state UNUSED)
{
    struct webauthn_site found;
    assert_true(webauthn_site("https://World.example/", "other", false, &found));
    assert_string_equal(found.id, "world.example");
    assert_string_equal(found.origin, "https://world.example");
    assert_true(webauthn_site("https://world.example:8443", "", true, &found));
    assert_string_equal(found.id, "world.example");
    assert_string_equal(found.origin, "https://world.example:8443");
    assert_true(webauthn_site(NULL, "localhost:8080", false, &found));
    assert_string_equal(found.id, "localhost");
    assert_string_equal(found.origin, "http://localhost:8080");
    assert_true(webauthn_site("", "localhost", true, &found));
    assert_string_equal(found.origin, "https://localhost");
    assert_false(webauthn_site(NULL, "world.example", true, &found));
    assert_false(webauthn_site(NULL, "127.0.0.1:8080", false, &found));
    assert_false(webauthn_site(NULL, "[::1]:8080", false, &found));
    assert_false(webauthn_site(NULL, "localhost.evil.example", true, &found));
    assert_false(webauthn_site(NULL, "", true, &found));
    assert_false(webauthn_site("http://world.example", "localhost", true, &found));
    assert_false(webauthn_site("https://192.0.2.1", "", true, &found));
    assert_false(webauthn_site("world.example", "", true, &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_key_is_made_and_proves),
        cmocka_unit_test(a_proof_with_one_bit_changed_proves_nothing),
        cmocka_unit_test(a_signature_of_another_passkey_proves_nothing),
        cmocka_unit_test(a_proof_for_another_site_or_without_a_person_proves_nothing),
        cmocka_unit_test(client_data_is_read_strictly),
        cmocka_unit_test(a_changed_attestation_gives_no_other_site_and_no_broken_key),
        cmocka_unit_test(only_attestations_that_name_no_maker_are_taken),
        cmocka_unit_test(keys_have_exactly_the_fields_of_their_kind),
        cmocka_unit_test(lengths_that_are_only_claimed_cost_nothing),
        cmocka_unit_test(passkeys_are_for_names_and_not_for_addresses),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
