#include "features/mail/mail.h"

#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/time.h"
#include "features/mail/mail_inner.h"

const struct mail_rule *mail_rule_of(struct call *call, const char *kind)
{
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct mail_kind *row = (*feature)->mails; row && row->name; row++) {
            if (strcmp(row->name, kind) == 0) {
                struct mail_rule *rule = arena_alloc(call->arena, sizeof(*rule));
                *rule = (struct mail_rule){row->group, row->life_ms};
                return rule;
            }
        }
    }
    return NULL;
}

static const struct mail_kind kinds[] = {
    {"mail.test", "notices", TIME_DAY, "An administrator tries whether mail arrives."},
    {0},
};

extern const struct feature mail_feature; /* named in features.gen.c */
const struct feature mail_feature = {.name = "mail", .mails = kinds};
