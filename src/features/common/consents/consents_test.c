#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/crypto.h"
#include "features/common/consents/consents_inner.h"
#include "features/notify/mail/mail_unsubscribe.h"
#include "store/store.h"
#include "tests/support/parents.h"

extern const struct feature *const features[];

enum { STEP_MS = 1000 };

static uint64_t met; /* of consent_purposes */

/* What the newest row of a purpose must say. */
struct wanted {
    const char *account, *purpose, *how, *language;
    int given;
};

static void is_recorded(struct world *w, const struct wanted *row)
{
    const struct consent_purpose *purpose = consents_purpose(row->purpose);
    uint8_t hash[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1], sql[1000];
    const char *text = catalogue_text(row->language, purpose->key);
    crypto_sha256(text, strlen(text), hash);
    crypto_hex(hash, sizeof(hash), hex);
    snprintf(sql, sizeof(sql),
             "SELECT COUNT(*) FROM consent c JOIN account a ON a.id = c.account_id"
             " WHERE a.avatar_name = '%s' AND c.purpose = '%s' AND c.given = %d AND c.how = '%s'"
             " AND c.language = '%s' AND lower(%s) = '%s' AND c.at_ms BETWEEN %lld AND %lld"
             " AND c.seq = (SELECT MAX(seq) FROM consent l WHERE l.account_id = a.id"
             " AND l.purpose = c.purpose)",
             row->account, row->purpose, row->given, row->how, row->language,
             w->store.pg ? "encode(c.text_hash, 'hex')" : "hex(c.text_hash)", hex,
             (long long)(w->now_ms - STEP_MS / 2), (long long)w->now_ms);
    if (world_count(w, sql) != 1) {
        fail_msg("%s of %s by %s is not recorded as it was", row->purpose, row->account, row->how);
    }
    met |= UINT64_C(1) << (purpose - consent_purposes);
}

static const char *session_of(struct world *w)
{
    const struct world_cookie *cookie = &w->last.cookies[0];
    for (size_t i = 0; i < w->last.cookie_count; i++) {
        cookie = strstr(w->last.cookies[i].name, "session") ? &w->last.cookies[i] : cookie;
    }
    return arena_printf(w->kept, "%s=%s", cookie->name, cookie->value);
}

/* As the link in a mail does. */
static enum err unsubscribe(struct call *call, void *arg)
{
    const struct mail_ticket ticket = {arg, "news"};
    return mail_unsubscribe(call, &ticket);
}

static void wish(struct world *w, const char *purpose, bool given)
{
    assert_int_equal(world_sendf(w, NOBODY, "PUT", given ? "{\"given\":true}" : "{\"given\":false}",
                                 "/api/me/consents/%s", purpose),
                     204);
    is_recorded(w, &(struct wanted){"Kartika", purpose, "settings", "id", given});
    w->now_ms += STEP_MS;
}

static void a_member_consents(struct world *w)
{
    w->language = "id";
    assert_int_equal(
        world_send(w, NOBODY, "POST", "/api/accounts",
                   "{\"avatar_name\":\"Kartika\",\"password\":\"grey tram over kelapa\","
                   "\"email\":\"someone@example.org\",\"birth_date\":\"1990-02-28\","
                   "\"country\":\"ID\",\"marketing\":true}"),
        201);
    char id[PUBLIC_ID_LEN + 1];
    snprintf(id, sizeof(id), "%s", world_field(w, "id"));
    is_recorded(w, &(struct wanted){"Kartika", "marketing", "registration", "id", 1});
    w->now_ms += STEP_MS;
    w->cookie = session_of(w);
    wish(w, "performance", true);
    wish(w, "performance", false);
    wish(w, "marketing", false);
    wish(w, "marketing", true);
    assert_int_equal(world_do(w, NOBODY, unsubscribe, id), OK);
    is_recorded(w, &(struct wanted){"Kartika", "marketing", "unsubscribe", "en", 0});
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me/consents", NULL), 200);
    assert_true(world_says(w, catalogue_text("id", "consents.performance")));
    w->cookie = w->language = NULL;
}

static void a_parent_consents(struct world *w)
{
    static const char *const parts[] = {"parent.account", "parent.chat", "parent.marketing",
                                        "parent.performance"};
    w->settings.demo = true;
    w->now_ms += STEP_MS;
    parents_ask(w);
    w->language = "id"; /* the parent reads it so, and the child that comes in does not */
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer", ANSWER("sandbox")), 200);
    w->language = NULL;
    assert_int_equal(parents_as_child(w, "/api/guardians/join", JOIN), 201);
    for (int i = 0; i < 4; i++) {
        is_recorded(w, &(struct wanted){"Rotkehlchen", parts[i], "parent", "id", i < 2});
    }
    w->now_ms += STEP_MS;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer",
                                "{\"link\":\"parents-link\",\"account\":true,\"chat\":false,"
                                "\"marketing\":false,\"performance\":false}"),
                     200);
    is_recorded(w, &(struct wanted){"Rotkehlchen", "parent.chat", "parent", "en", 0});
}

/* proves: RGT-6a */
static void each_consent_is_recorded_with_its_time_its_words_and_how(struct world *w)
{
    met = 0;
    a_member_consents(w);
    a_parent_consents(w);
    assert_int_equal(met, (1 << CONSENT_PURPOSES) - 1); /* a new purpose is asked for here, too */
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(each_consent_is_recorded_with_its_time_its_words_and_how),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
