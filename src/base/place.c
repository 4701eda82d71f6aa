#include "base/place.h"

#include <maxminddb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct place {
    MMDB_s db;
};

enum err place_open(const char *path, struct place **ret)
{
    if (access(path, R_OK) != 0) {
        return ERR_MISSING;
    }
    struct place *place = calloc(1, sizeof(*place));
    ASSERT(place);
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

enum err place_country(const struct place *place, const char *address, char ret_country[3])
{
    int gai_error = 0, mmdb_error = 0;
    MMDB_entry_data_s data;
    if (!place) {
        return ERR_MISSING;
    }
    MMDB_lookup_result_s found = MMDB_lookup_string(&place->db, address, &gai_error, &mmdb_error);
    if (gai_error || mmdb_error != MMDB_SUCCESS || !found.found_entry) {
        return ERR_MISSING;
    }
    bool known = MMDB_get_value(&found.entry, &data, "country", "iso_code", NULL) == MMDB_SUCCESS &&
                 data.has_data;
    known = known || (MMDB_get_value(&found.entry, &data, "country_code", NULL) == MMDB_SUCCESS &&
                      data.has_data);
    if (!known || data.type != MMDB_DATA_TYPE_UTF8_STRING || data.data_size != 2) {
        return ERR_MISSING;
    }
    memcpy(ret_country, data.utf8_string, 2);
    ret_country[2] = '\0';
    return strspn(ret_country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2 ? OK : ERR_MISSING;
}
