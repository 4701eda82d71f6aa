#include "call/place.h"

#include <math.h>
#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

struct place {
    MMDB_s db;
};

enum err place_open(const char *path, struct place **ret)
{
    if (access(path, R_OK) != 0) {
        return ERR_MISSING;
    }
    struct place *place = calloc(1, sizeof(*place));
    ASSERT_START(place);
    if (MMDB_open(path, MMDB_MODE_MMAP, &place->db) != MMDB_SUCCESS) {
        free(place);
        return ERR_INVALID;
    }
    *ret = place;
    return OK;
}

void place_close(struct place *place)
{
    if (place) {
        MMDB_close(&place->db);
        free(place);
    }
}

static bool is_country(const char *text)
{
    return strlen(text) == 2 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2;
}

static bool find(const struct place *place, const char *address, MMDB_entry_s *ret)
{
    int gai_error = 0, mmdb_error = 0;
    if (!place) {
        return false;
    }
    MMDB_lookup_result_s found = MMDB_lookup_string(&place->db, address, &gai_error, &mmdb_error);
    *ret = found.entry;
    return !gai_error && mmdb_error == MMDB_SUCCESS && found.found_entry;
}

/* How much of `text` fits into `cap` bytes without cutting a character in two. */
static size_t whole(const char *text, size_t len, size_t cap)
{
    size_t fits = MIN(len, cap - 1);
    while (fits > 0 && fits < len && ((unsigned char)text[fits] & 0xc0) == 0x80) {
        fits--;
    }
    return fits;
}

/* One value as text, whichever way the file writes it: text or a number. */
static bool read_text(MMDB_entry_s *entry, const char *const *path, char *ret, size_t cap)
{
    MMDB_entry_data_s data;
    if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data) {
        return false;
    }
    if (data.type == MMDB_DATA_TYPE_UTF8_STRING) {
        if (data.data_size == 0 || !text_utf8(data.utf8_string, data.data_size) ||
            memchr(data.utf8_string, 0, data.data_size)) {
            return false;
        }
        size_t len = whole(data.utf8_string, data.data_size, cap);
        memcpy(ret, data.utf8_string, len);
        ret[len] = '\0';
        return len > 0;
    }
    if (data.type == MMDB_DATA_TYPE_UINT16 || data.type == MMDB_DATA_TYPE_UINT32) {
        unsigned number = data.type == MMDB_DATA_TYPE_UINT16 ? data.uint16 : data.uint32;
        return number > 0 && (size_t)snprintf(ret, cap, "%u", number) < cap;
    }
    return false;
}

static bool read_degrees(MMDB_entry_s *entry, const char *const *path, double most, double *ret)
{
    MMDB_entry_data_s data;
    double value = 0;
    char text[32], *end = NULL;
    if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data) {
        return false;
    }
    if (data.type == MMDB_DATA_TYPE_DOUBLE) {
        value = data.double_value;
    } else if (data.type == MMDB_DATA_TYPE_FLOAT) {
        value = (double)data.float_value;
    } else if (read_text(entry, path, text, sizeof(text))) {
        value = strtod(text, &end);
        if (*end) {
            return false;
        }
    } else {
        return false;
    }
    *ret = value;
    return value >= -most && value <= most; /* false for no number at all, too */
}

#define PATH(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The first of the ways in which files name it. */
#define FIRST_OF(entry_, field_, ...)                                   \
    do {                                                                \
        const char *const *const ways_[] = {__VA_ARGS__};               \
        for (size_t i_ = 0; i_ < COUNT(ways_); i_++) {                  \
            if (read_text(entry_, ways_[i_], field_, sizeof(field_))) { \
                break;                                                  \
            }                                                           \
        }                                                               \
    } while (0)

static void read_country(MMDB_entry_s *entry, char ret[3])
{
    char text[4] = "";
    ret[0] = '\0';
    FIRST_OF(entry, text, PATH("country", "iso_code"), PATH("country_code"), PATH("country"));
    if (is_country(text)) {
        memcpy(ret, text, 3);
    }
}

enum err place_country(const struct place *place, const char *address, char ret_country[3])
{
    MMDB_entry_s entry;
    char country[3];
    if (!find(place, address, &entry)) {
        return ERR_MISSING;
    }
    read_country(&entry, country);
    if (!country[0]) {
        return ERR_MISSING;
    }
    memcpy(ret_country, country, sizeof(country));
    return OK;
}

enum err place_find(const struct place *place, const char *address, struct place_facts *ret)
{
    MMDB_entry_s entry;
    struct place_facts facts = {0};
    if (!find(place, address, &entry)) {
        return ERR_MISSING;
    }
    read_country(&entry, facts.country);
    FIRST_OF(&entry, facts.region_code, PATH("subdivisions", "0", "iso_code"), PATH("region_code"),
             PATH("state_code"));
    FIRST_OF(&entry, facts.region, PATH("subdivisions", "0", "names", "en"), PATH("state1"),
             PATH("region"), PATH("state"));
    FIRST_OF(&entry, facts.city, PATH("city", "names", "en"), PATH("city"));
    FIRST_OF(&entry, facts.postal, PATH("postal", "code"), PATH("postcode"), PATH("postal_code"),
             PATH("zip"));
    FIRST_OF(&entry, facts.metro, PATH("location", "metro_code"), PATH("metro_code"));
    FIRST_OF(&entry, facts.area_code, PATH("location", "area_code"), PATH("area_code"));
    facts.located = (read_degrees(&entry, PATH("location", "latitude"), 90, &facts.latitude) &&
                     read_degrees(&entry, PATH("location", "longitude"), 180, &facts.longitude)) ||
                    (read_degrees(&entry, PATH("latitude"), 90, &facts.latitude) &&
                     read_degrees(&entry, PATH("longitude"), 180, &facts.longitude));
    /* Eleven kilometres: an address is not known better, and nobody needs it. */
    facts.latitude = facts.located ? round(facts.latitude * 10) / 10 : 0;
    facts.longitude = facts.located ? round(facts.longitude * 10) / 10 : 0;
    if (!facts.country[0] && !facts.region[0] && !facts.city[0] && !facts.located) {
        return ERR_MISSING;
    }
    *ret = facts;
    return OK;
}
