#include "features/notify/notices/push_crypt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "base/crypto.h"

static size_t bytes(const char *text, uint8_t *ret, size_t cap)
{
    int len = crypto_base64url_read(text, ret, cap);
    assert_true(len > 0);
    return (size_t)len;
}

static void same(const uint8_t *at, size_t len, const char *text)
{
    uint8_t wanted[PUSH_BODY_MAX];
    assert_int_equal(bytes(text, wanted, sizeof(wanted)), len);
    assert_memory_equal(at, wanted, len);
}

/* RFC 8188, 3.1 */
static void a_record_is_the_one_of_the_rfc(void **state UNUSED)
{
    static const char walrus[] = "I am the walrus";
    const struct push_text text = {walrus, strlen(walrus), 0};
    uint8_t ikm[16], salt[PUSH_SALT], out[64];
    size_t len = 0;
    bytes("yqdlZ-tYemfogSmv7Ws5PQ", ikm, sizeof(ikm));
    bytes("I1BsxtFttlv3u_Oo94xnmw", salt, sizeof(salt));
    assert_int_equal(push_record(ikm, sizeof(ikm), salt, NULL, &text, out, &len), OK);
    same(out, len, "I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg");
}

/* RFC 8291, appendix A */
static void a_message_is_the_one_of_the_rfc(void **state UNUSED)
{
    static const char melon[] = "When I grow up, I want to be a watermelon";
    uint8_t scalar[PUSH_SCALAR], salt[PUSH_SALT], auth[PUSH_AUTH];
    uint8_t point[PUSH_POINT], own[PUSH_POINT], out[PUSH_BODY_MAX];
    size_t len = 0;
    bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", scalar, sizeof(scalar));
    bytes("DGv6ra1nlYgDCS1FRnbzlw", salt, sizeof(salt));
    bytes("BTBZMqHH6r4Tts7J_aSIgg", auth, sizeof(auth));
    bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
          point, sizeof(point));
    assert_int_equal(push_public(scalar, own), OK);
    same(own, sizeof(own),
         "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
    const struct push_browser browser = {point, auth};
    const struct push_text text = {melon, strlen(melon), 0};
    assert_int_equal(push_encrypt(scalar, salt, &browser, &text, out, &len), OK);
    same(out, len,
         "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
         "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
         "gSxsj_Qulcy4a-fN");
}

static void how_long_a_text_is_does_not_show(void **state UNUSED)
{
    uint8_t scalar[PUSH_SCALAR], other[PUSH_SCALAR], point[PUSH_POINT], out[PUSH_BODY_MAX];
    uint8_t salt[PUSH_SALT] = {1}, auth[PUSH_AUTH] = {2};
    size_t one = 0, two = 0;
    assert_int_equal(push_scalar(scalar), OK);
    assert_int_equal(push_scalar(other), OK);
    assert_memory_not_equal(scalar, other, sizeof(scalar));
    assert_int_equal(push_public(other, point), OK);
    const struct push_browser browser = {point, auth};
    const struct push_text a = {"a", 1, PUSH_TEXT_MAX - 1}, abc = {"abc", 3, PUSH_TEXT_MAX - 3};
    assert_int_equal(push_encrypt(scalar, salt, &browser, &a, out, &one), OK);
    assert_int_equal(push_encrypt(scalar, salt, &browser, &abc, out, &two), OK);
    assert_int_equal(one, two);
    assert_int_equal(one, PUSH_BODY_MAX);
}

static void no_point_of_the_curve_is_no_key(void **state UNUSED)
{
    uint8_t scalar[PUSH_SCALAR], point[PUSH_POINT], out[PUSH_BODY_MAX];
    uint8_t salt[PUSH_SALT] = {1}, auth[PUSH_AUTH] = {2}, none[PUSH_SCALAR] = {0};
    size_t len = 0;
    assert_int_equal(push_scalar(scalar), OK);
    assert_int_equal(push_public(scalar, point), OK);
    assert_true(push_point_good(point));
    point[64] ^= 1;
    assert_false(push_point_good(point));
    const struct push_browser browser = {point, auth};
    const struct push_text a = {"a", 1, 0};
    assert_int_equal(push_encrypt(scalar, salt, &browser, &a, out, &len), ERR_INVALID);
    point[64] ^= 1;
    point[0] = 6; /* a hybrid form, which RFC 8291 does not know */
    assert_false(push_point_good(point));
    assert_int_equal(push_public(none, point), ERR_INVALID);
    memset(none, 0xff, sizeof(none));
    assert_int_equal(push_public(none, point), ERR_INVALID);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_the_one_of_the_rfc),
        cmocka_unit_test(a_message_is_the_one_of_the_rfc),
        cmocka_unit_test(how_long_a_text_is_does_not_show),
        cmocka_unit_test(no_point_of_the_curve_is_no_key),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
