#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/web_link.h"

static void a_link_is_taken_apart(void **state UNUSED)
{
    static const struct {
        const char *text, *host, *origin, *rest;
        int port;
        bool https;
    } good[] = {
        {"https://world.example", "world.example", "https://world.example", "", 0, true},
        {"https://World.Example/", "world.example", "https://world.example", "/", 0, true},
        {"http://localhost:8080/a?b=c#d", "localhost", "http://localhost:8080", "/a?b=c#d", 8080,
         false},
        {"https://world.example?x=https://other.example/@", "world.example",
         "https://world.example", "?x=https://other.example/@", 0, true},
        {"https://[::1]:443/x", "[::1]", "https://[::1]", "/x", 0, true},
        {"https://world.example/?tag[]=1", "world.example", "https://world.example", "/?tag[]=1", 0,
         true},
        {"https://[::1]:80/x", "[::1]", "https://[::1]:80", "/x", 80, true},
        {"http://127.0.0.1", "127.0.0.1", "http://127.0.0.1", "", 0, false},
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        struct web_link link;
        assert_true(web_link_read(good[i].text, &link));
        assert_string_equal(link.host, good[i].host);
        assert_string_equal(link.origin, good[i].origin);
        assert_string_equal(web_link_site(&link), strstr(good[i].origin, "//") + 2);
        assert_string_equal(link.rest, good[i].rest);
        assert_int_equal(link.port, good[i].port);
        assert_int_equal(link.https, good[i].https);
    }
}

static void what_two_readers_could_read_apart_is_no_link(void **state UNUSED)
{
    static const char *const bad[] = {
        "",
        "world.example",
        "https:",
        "https://",
        "https:///x",
        "https:/world.example",
        "HTTPS://world.example",
        "ftp://world.example",
        "javascript:alert(1)",
        "https://me@world.example",
        "https://me:pw@world.example/",
        "https://world.example\\@other",
        "https://world.example /",
        "https://world.example/\x7f",
        "https://world.example/\xc3\xa9",
        "https://w\xc3\xb6rld.example",
        "https://world.example/\"",

        "https://world%2eexample/",
        "https://world.example:",
        "https://world.example:0/",
        "https://world.example:70000/",
        "https://world.example:8a/",
        "https://:80/",
        "https://?x",
        "https://[::1",
        "https://[::1]x/",
        "https://[:::]/",
        "https://0x7f.1/",
        "https://2130706433/",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct web_link link;
        if (web_link_read(bad[i], &link)) {
            fail_msg("%s is taken for %s", bad[i], link.origin);
        }
    }
}

static void a_host_that_does_not_fit_is_none(void **state UNUSED)
{
    char text[600] = "https://";
    struct web_link link;
    for (size_t len = strlen(text); len < sizeof(text) - 1; len++) {
        memcpy(text + len, "a", 2);
        bool fits = len + 1 - strlen("https://") < WEB_HOST_MAX;
        assert_int_equal(web_link_read(text, &link), fits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_is_taken_apart),
        cmocka_unit_test(what_two_readers_could_read_apart_is_no_link),
        cmocka_unit_test(a_host_that_does_not_fit_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
