#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/crypto.h"
#include "net/addr.h"

static struct addr parsed(const char *text)
{
    struct addr addr;
    assert_true(addr_parse(text, strlen(text), &addr));
    return addr;
}

static void addresses_are_read_and_written(void **state)
{
    static const char *const good[] = {"1.2.3.4", "::1", "2001:db8::1", "fe80::1"};
    static const char *const bad[] = {
        "",    "1.2.3",     "1.2.3.4.5", "1.2.3.4:80",
        "::g", "localhost", "01.2.3.4 ", "1111:2222:3333:4444:5555:6666:7777:8888:9999"};
    struct addr addr;
    char text[ADDR_TEXT];
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        addr = parsed(good[i]);
        addr_text(&addr, text);
        assert_string_equal(text, good[i]);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(addr_parse(bad[i], strlen(bad[i]), &addr));
    }
    struct addr mapped = parsed("::ffff:1.2.3.4");
    addr = parsed("1.2.3.4");
    assert_memory_equal(&mapped, &addr, sizeof(addr));
}

static bool among(const char *ranges, const char *text)
{
    struct addr_ranges list;
    char why[256];
    struct addr addr = parsed(text);
    assert_int_equal(addr_ranges(ranges, &list, why), OK);
    return addr_among(&list, &addr);
}

static void ranges_hold_what_lies_in_them(void **state)
{
    struct addr_ranges list;
    char why[256];
    (void)state;
    assert_true(among("10.0.0.0/8", "10.255.255.255"));
    assert_false(among("10.0.0.0/8", "11.0.0.0"));
    assert_true(among("192.168.4.0/23, ::1", "192.168.5.255"));
    assert_false(among("192.168.4.0/23, ::1", "192.168.6.0"));
    assert_true(among("192.168.4.0/23, ::1", "::1"));
    assert_true(among("0.0.0.0/0", "255.1.2.3"));
    assert_false(among("0.0.0.0/0", "2001:db8::1"));
    assert_true(among("2001:db8::/33", "2001:db8:7fff::1"));
    assert_false(among("2001:db8::/33", "2001:db8:8000::1"));
    assert_true(among("1.2.3.4", "1.2.3.4"));
    assert_false(among("", "1.2.3.4"));
    assert_int_equal(addr_ranges("10.0.0.0/33", &list, why), ERR_INVALID);
    assert_int_equal(addr_ranges("10.0.0.0/", &list, why), ERR_INVALID);
    assert_int_equal(addr_ranges("::/129", &list, why), ERR_INVALID);
    assert_int_equal(addr_ranges("proxy", &list, why), ERR_INVALID);
    assert_non_null(strstr(why, "\"proxy\""));
    assert_int_equal(addr_ranges(NULL, &list, why), OK);
}

static void private_addresses_are_known(void **state)
{
    static const char *const own[] = {"10.1.1.1",  "172.31.0.1", "192.168.1.1",
                                      "127.0.0.1", "100.64.0.1", "169.254.1.1",
                                      "::1",       "fd00::1",    "fe80::1"};
    static const char *const others[] = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:db8::1"};
    (void)state;
    for (size_t i = 0; i < COUNT(own); i++) {
        struct addr addr = parsed(own[i]);
        assert_true(addr_private(&addr));
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        struct addr addr = parsed(others[i]);
        assert_false(addr_private(&addr));
    }
}

static void connections_are_counted_by_address_and_by_64(void **state)
{
    (void)state;
    struct addr_counts *counts = addr_counts_new(2);
    struct addr one = parsed("2001:db8:0:1::1");
    struct addr same = parsed("2001:db8:0:1:ffff::2");
    struct addr other = parsed("2001:db8:0:2::1");
    struct addr four = parsed("1.2.3.4");
    struct addr five = parsed("1.2.3.5");
    assert_true(addr_counts_take(counts, &one, 1));
    assert_true(addr_counts_take(counts, &same, 1));
    assert_false(addr_counts_take(counts, &one, 1));
    assert_true(addr_counts_take(counts, &other, 1));
    assert_true(addr_counts_take(counts, &four, 1));
    assert_true(addr_counts_take(counts, &four, 1));
    assert_false(addr_counts_take(counts, &four, 1));
    assert_true(addr_counts_take(counts, &five, 1));
    addr_counts_give(counts, &same, 1);
    assert_true(addr_counts_take(counts, &one, 1));
    assert_int_equal(addr_counts_of(counts, &same), 2);
    assert_int_equal(addr_counts_holders(counts), 4);
    addr_counts_give(counts, &five, 1);
    assert_int_equal(addr_counts_of(counts, &five), 0);
    assert_int_equal(addr_counts_holders(counts), 3);
    addr_counts_free(counts);
    addr_counts_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_and_written),
        cmocka_unit_test(ranges_hold_what_lies_in_them),
        cmocka_unit_test(private_addresses_are_known),
        cmocka_unit_test(connections_are_counted_by_address_and_by_64),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
