#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/web_link.h"
#include "features/common/prose/prose.h"
#include "features/identity/names/names.h"
#include "features/people/profiles/profiles.h"

static const char everyone[] = "everyone", friends[] = "friends", nobody[] = "nobody";

#define RELATIONSHIPS "single together engaged married open complicated widowed"
#define STATES                                                                         \
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT" \
    " NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"         \
    " AS GU MP PR VI"

/* What was typed to be read is for everyone; what registering asked for, and what is nobody's
 * business, is for friends until its owner says otherwise. */
/* clang-format off: a table reads as a table */
const struct profiles_rule profiles_rules[] = {
    {"display_name", PROFILES_LINE, 40, 1, everyone, friends},
    {"age", PROFILES_COMPUTED, 0, 0, friends, friends, .held = true},
    {"gender", PROFILES_LINE, 40, 1, friends, friends},
    {"relationship", PROFILES_CHOICE, 0, 1, friends, nobody, .choices = RELATIONSHIPS},
    {"country", PROFILES_COMPUTED, 0, 0, friends, friends, .held = true},
    {"state", PROFILES_CHOICE, 0, 1, friends, friends, .held = true, .choices = STATES},
    {"languages", PROFILES_CODES, 3, 10, everyone, everyone},
    {"about", PROFILES_TEXT, 1000, 0, everyone, friends},
    {"interests", PROFILES_WORDS, 30, 12, everyone, friends},
    {"links", PROFILES_LINKS, 200, 5, everyone, friends, .held = true},
    {0},
};
/* clang-format on */

const struct profiles_rule *profiles_rule_of(const char *name)
{
    for (const struct profiles_rule *rule = profiles_rules; rule->name; rule++) {
        if (strcmp(rule->name, name) == 0) {
            return rule;
        }
    }
    return NULL;
}

/* Only the test that shows that each hidden value is found (tests/blocks) builds without it. */
#ifdef PROFILES_ALL_SHOWN
bool profiles_shows(const struct profiles_rule *rule UNUSED, const char *audience UNUSED,
                    const struct contact_between *between UNUSED)
{
    return true;
}
#else
bool profiles_shows(const struct profiles_rule *rule, const char *audience,
                    const struct contact_between *between)
{
    return contact_reaches(between, audience, rule->held);
}
#endif

/* Of a host with a name: what ends with a number is an address, of the reader's own network say. */
static bool link_good(const char *text)
{
    struct web_link link;
    const char *last = web_link_read(text, &link) ? strrchr(link.host, '.') : NULL;
    return last && last[1] && link.host[0] != '.' && last[1 + strspn(last + 1, "0123456789")];
}

static bool code_good(const char *text)
{
    size_t len = strlen(text);
    return len >= 2 && len <= 3 && strspn(text, "abcdefghijklmnopqrstuvwxyz") == len;
}

/* Lines without empty ones. */
static enum err each_line(struct call *call, const struct profiles_rule *rule, const char *value,
                          const char **ret)
{
    struct buf out = {.arena = call->arena};
    size_t count = 0;
    buf_puts(&out, "");
    for (const char *at = value; *at; at += strspn(at, "\n")) {
        size_t len = strcspn(at, "\n");
        const char *line = NULL;
        TRY(prose_clean(call, rule->name, arena_text(call->arena, at, len), rule->points, false,
                        &line));
        at += len;
        if (rule->kind == PROFILES_LINKS && *line && !link_good(line)) {
            return call_fail_field(call, ERR_INVALID, "profiles.link", rule->name);
        }
        if (rule->kind == PROFILES_CODES && *line && !code_good(line)) {
            return call_fail_field(call, ERR_INVALID, "input.choice", rule->name);
        }
        if (*line && ++count > rule->lines) {
            return call_fail_field(call, ERR_INVALID, "profiles.lines", rule->name);
        }
        buf_printf(&out, *line && count > 1 ? "\n%s" : "%s", line);
    }
    *ret = out.at;
    return OK;
}

enum err profiles_value(struct call *call, const struct profiles_rule *rule, const char *value,
                        const char **ret)
{
    bool reserved = false;
    ASSERT_CODE(!call->tx);
    switch (rule->kind) {
    case PROFILES_COMPUTED:
        *ret = "";
        return OK;
    case PROFILES_CHOICE:
        *ret = value;
        return !*value || text_among(rule->choices, value)
                   ? OK
                   : call_fail_field(call, ERR_INVALID, "input.choice", rule->name);
    case PROFILES_WORDS:
    case PROFILES_CODES:
    case PROFILES_LINKS:
        return each_line(call, rule, value, ret);
    case PROFILES_LINE:
        TRY(prose_clean(call, rule->name, value, rule->points, false, ret));
        if (strcmp(rule->name, "display_name") == 0) {
            reserved = names_reserved(call, *ret);
        }
        return reserved ? call_fail_field(call, ERR_INVALID, "profiles.reserved", rule->name) : OK;
    case PROFILES_TEXT:
        return prose_clean(call, rule->name, value, rule->points, true, ret);
    }
    return ERR_BROKEN;
}
