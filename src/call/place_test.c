#include "call/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* libmaxminddb 1.7 forgets some memory when a broken file does not open. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libmaxminddb";
}

enum { PATH_MAX_HERE = 64, FILE_MAX = 8192 };

static void write_mmdb(const char *path, const char *json)
{
    pid_t child = fork();
    if (child == 0) {
        execl("tests/support/mmdb.py", "mmdb.py", path, json, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static struct place *open_json(const char *json)
{
    char path[PATH_MAX_HERE] = "/tmp/bauta-place-XXXXXX";
    struct place *place = NULL;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    write_mmdb(path, json);
    assert_int_equal(place_open(path, &place), OK);
    unlink(path);
    return place;
}

static void the_nested_schema_tells_all_eight(void **state)
{
    (void)state;
    struct place_facts facts;
    struct place *place = open_json(
        "{\"203.0.113.0/24\":{\"country\":{\"iso_code\":\"US\",\"names\":{\"en\":\"United "
        "States\"}},"
        "\"subdivisions\":[{\"iso_code\":\"CA\",\"names\":{\"en\":\"California\"}}],"
        "\"city\":{\"names\":{\"de\":\"Bergblick\",\"en\":\"Mountain View\"}},"
        "\"postal\":{\"code\":\"94043\"},\"location\":{\"latitude\":37.419,\"longitude\":-122.057,"
        "\"metro_code\":807,\"area_code\":650}},"
        "\"2001:db8::/32\":{\"country\":{\"iso_code\":\"ID\"}}}");
    assert_int_equal(place_find(place, "203.0.113.9", &facts), OK);
    assert_string_equal(facts.country, "US");
    assert_string_equal(facts.region_code, "CA");
    assert_string_equal(facts.region, "California");
    assert_string_equal(facts.city, "Mountain View");
    assert_string_equal(facts.postal, "94043");
    assert_string_equal(facts.metro, "807");
    assert_string_equal(facts.area_code, "650");
    assert_true(facts.located);
    assert_true(facts.latitude == 37.4 && facts.longitude == -122.1); /* to a tenth of a degree */
    assert_int_equal(place_find(place, "2001:db8::1", &facts), OK);
    assert_string_equal(facts.country, "ID");
    assert_string_equal(facts.city, "");
    assert_false(facts.located);
    place_close(place);
}

static void the_flat_schema_tells_the_same(void **state)
{
    (void)state;
    struct place_facts facts;
    char country[3];
    struct place *place = open_json(
        "{\"198.51.100.0/24\":{\"country_code\":\"ID\",\"state1\":\"Jawa Barat\","
        "\"city\":\"Bandung\",\"postcode\":\"40111\",\"metro_code\":\"7\",\"area_code\":\"022\","
        "\"latitude\":\"-6.914\",\"longitude\":\"107.609\"},"
        "\"192.0.2.0/24\":{\"country\":\"SE\"}}");
    assert_int_equal(place_find(place, "198.51.100.200", &facts), OK);
    assert_string_equal(facts.country, "ID");
    assert_string_equal(facts.region, "Jawa Barat");
    assert_string_equal(facts.region_code, "");
    assert_string_equal(facts.city, "Bandung");
    assert_string_equal(facts.postal, "40111");
    assert_string_equal(facts.metro, "7");
    assert_string_equal(facts.area_code, "022");
    assert_true(facts.latitude == -6.9 && facts.longitude == 107.6);
    assert_int_equal(place_country(place, "192.0.2.1", country), OK);
    assert_string_equal(country, "SE");
    place_close(place);
}

static void what_is_not_known_stays_empty(void **state)
{
    (void)state;
    struct place_facts facts = {.city = "before"};
    struct place *place = open_json("{\"203.0.113.0/24\":{\"country\":{\"iso_code\":\"US\"}},"
                                    "\"198.51.100.0/24\":{\"as_number\":64496}}");
    assert_int_equal(place_find(place, "192.0.2.1", &facts), ERR_MISSING);
    assert_int_equal(place_find(place, "198.51.100.1", &facts), ERR_MISSING);
    assert_int_equal(place_find(place, "no address", &facts), ERR_MISSING);
    assert_int_equal(place_find(NULL, "203.0.113.1", &facts), ERR_MISSING);
    assert_string_equal(facts.city, "before"); /* untouched on failure */
    assert_int_equal(place_find(place, "203.0.113.1", &facts), OK);
    assert_string_equal(facts.city, "");
    place_close(place);
}

static void nonsense_in_a_file_is_no_fact(void **state)
{
    (void)state;
    struct place_facts facts;
    struct place *place = open_json(
        "{\"203.0.113.0/24\":{\"country_code\":\"usa\",\"city\":[1,2],\"latitude\":123.0,"
        "\"longitude\":\"12 East\",\"state1\":{\"names\":1}},"
        "\"198.51.100.0/24\":{\"country_code\":\"DE\",\"city\":\"\\ud83c\\udf0d\\ud83c\\udf0d"
        "\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d"
        "\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d"
        "\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d"
        "\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d\\ud83c\\udf0d\"}}");
    assert_int_equal(place_find(place, "203.0.113.1", &facts), ERR_MISSING);
    assert_int_equal(place_find(place, "198.51.100.1", &facts), OK);
    assert_int_equal(strlen(facts.city), 92); /* 23 whole characters of the 25 */
    assert_string_equal(facts.country, "DE");
    place_close(place);
}

/* Every cut and every flipped byte: an error or no answer, never a crash. */
static void a_broken_file_breaks_nothing(void **state)
{
    (void)state;
    char path[PATH_MAX_HERE] = "/tmp/bauta-place-XXXXXX";
    unsigned char bytes[FILE_MAX];
    struct place *place = NULL;
    struct place_facts facts;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    write_mmdb(path, "{\"203.0.113.0/24\":{\"country\":{\"iso_code\":\"US\"},\"city\":{\"names\":"
                     "{\"en\":\"Here\"}},\"location\":{\"latitude\":1.5,\"longitude\":2.5}}}");
    ssize_t len = pread(fd, bytes, sizeof(bytes), 0);
    assert_true(len > 100 && len < FILE_MAX);
    for (ssize_t at = 0; at < len; at += 3) {
        assert_int_equal(ftruncate(fd, at), 0);
        assert_int_equal(pwrite(fd, bytes, (size_t)at, 0), at);
        if (place_open(path, &place) == OK) {
            (void)!place_find(place, "203.0.113.1", &facts);
            place_close(place);
        }
    }
    for (ssize_t at = 0; at < len; at++) {
        bytes[at] ^= 0xff;
        assert_int_equal(pwrite(fd, bytes, (size_t)len, 0), len);
        bytes[at] ^= 0xff;
        if (place_open(path, &place) == OK) {
            (void)!place_find(place, "203.0.113.1", &facts);
            place_close(place);
        }
    }
    close(fd);
    unlink(path);
    assert_int_equal(place_open(path, &place), ERR_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nested_schema_tells_all_eight),
        cmocka_unit_test(the_flat_schema_tells_the_same),
        cmocka_unit_test(what_is_not_known_stays_empty),
        cmocka_unit_test(nonsense_in_a_file_is_no_fact),
        cmocka_unit_test(a_broken_file_breaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
