#include <stdio.h>
#include <string.h>

#include "commands/admin.h"
#include "features/safety/staff/staff.h"

/* bauta audit verify [HASH]: the log of staff, a piece at a time, so that a long one fits. */

struct piece_in {
    struct staff_check so_far;
    uint8_t head[HASH_BYTES];
    bool wanted;
};

INNER_STEPS(piece, struct piece_in, struct staff_check, struct none, apply);
STEP(piece, apply)
{
    *out = in->so_far;
    return staff_check(call, in->wanted ? in->head : NULL, out);
}

static const struct api_route piece_route = {.who = API_ADMIN,
                                             .tx = API_TX_READ,
                                             .status = 200,
                                             .steps = &piece_steps,
                                             .about = "Checks some lines of the log of staff."};

static int digit(char c)
{
    c = (char)(c | 0x20);
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_hex(const char *text, uint8_t ret[HASH_BYTES])
{
    if (strlen(text) != (size_t)2 * HASH_BYTES) {
        return false;
    }
    for (size_t i = 0; i < HASH_BYTES; i++) {
        int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        ret[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

enum err audit_run(struct api *api, const char *line, char ret_text[ADMIN_TEXT_MAX])
{
    struct piece_in in = {.wanted = false};
    const char *head = strchr(line, '\t');
    if (strncmp(line, "verify", 6) != 0 || (line[6] && line[6] != '\t') ||
        (head && !read_hex(head + 1, in.head))) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "usage: bauta audit verify [HASH]");
        return ERR_INVALID;
    }
    in.wanted = head != NULL;
    while (!in.so_far.done) {
        struct staff_check out;
        TRY(admin_ask(api, &piece_route, &in, &out, ret_text));
        in.so_far = out;
    }
    const struct staff_check *it = &in.so_far;
    if (it->why) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "the log of staff breaks at line %lld: %s",
                 (long long)it->broken, it->why);
        return ERR_CONFLICT;
    }
    if (in.wanted && !it->found) {
        snprintf(
            ret_text, ADMIN_TEXT_MAX,
            "the %lld lines of the log of staff fit together, but none has that hash: lines at "
            "its end were removed, or all from some line on was written anew",
            (long long)it->lines);
        return ERR_CONFLICT;
    }
    char hex[2 * HASH_BYTES + 1] = "(none is chained yet)";
    if (it->chained) {
        crypto_hex(it->chain, HASH_BYTES, hex);
    }
    snprintf(
        ret_text, ADMIN_TEXT_MAX,
        "the log of staff is whole: %lld lines, of which %lld say nothing any more (erased, or "
        "older than three years) and %lld are from before it was chained\nhead %s",
        (long long)it->lines, (long long)it->emptied, (long long)it->older, hex);
    return OK;
}
