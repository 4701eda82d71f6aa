#include "features/identity/passkeys/passkeys.h"
#include "tests/support/browser.h"

static void an_account_begins_with_a_passkey_and_no_password(struct world *w)
{
    begin(w);
    assert_int_equal(registers(w, "Kartika"), 201);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE avatar_name = 'Kartika'"
                                    " AND password_hash IS NULL"),
                     1);
    assert_int_equal(world_count(w, "SELECT proof FROM session s JOIN account a ON a.id ="
                                    " s.account_id WHERE avatar_name = 'Kartika'"),
                     PROOF_PASSKEY);
    w->cookie = cookie;
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/passkeys", NULL), 200);
    assert_string_equal(world_field(w, "label"), "Phone");
    assert_true(world_says(w, "\"synced\":true"));
    assert_true(world_says(w, "\"verifies\":true"));
    assert_int_equal(
        world_count(w, "SELECT count(*) FROM passkey WHERE transports = 'internal usb'"), 1);
    w->cookie = NULL;
    assert_int_equal(signs_in(w), 201);
    assert_string_equal(world_field(w, "avatar_name"), "Kartika");
}

static void an_account_needs_one_of_the_two(struct world *w)
{
    char passkey[10000], challenge[64];
    begin(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts",
                                "{\"avatar_name\":\"Kartika\",\"email\":\"k@example.org\","
                                "\"birth_date\":\"1990-01-01\",\"country\":\"ID\","
                                "\"marketing\":false}"),
                     400);
    assert_string_equal(world_code(w), "input.missing");
    assert_string_equal(world_field(w, "field"), "password");
    /* A passkey that did not ask its owner cannot be the only way in. */
    device.flags = WEBAUTHN_PRESENT;
    is_refused(w, registers(w, "Kartika"));
    device.flags |= WEBAUTHN_VERIFIED;
    /* A challenge for something else will not do, and none is taken twice. */
    ask(w, "/api/sessions/passkey/options", NULL, challenge);
    device_make(&device, challenge);
    new_json("Phone", passkey, sizeof(passkey));
    is_refused(w, register_with(w, "Kartika", passkey));
    assert_int_equal(registers(w, "Kartika"), 201);
    new_json("Phone", passkey, sizeof(passkey));
    is_refused(w, register_with(w, "Larasati", passkey));
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE avatar_name = 'Larasati'"),
                     0);
}

static void the_age_is_judged_before_the_passkey(struct world *w)
{
    begin(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts",
                                "{\"birth_date\":\"2020-01-01\",\"country\":\"ID\","
                                "\"passkey\":{\"client_data\":5}}"),
                     403);
    assert_string_equal(world_code(w), "ages.refused");
}

static void each_kind_of_key_signs_in(struct world *w)
{
    static const int algorithms[] = {WEBAUTHN_ES256, WEBAUTHN_EDDSA, WEBAUTHN_RS256};
    static const char *const names[] = {"Satu Orang", "Dua Orang", "Tiga Orang"};
    for (size_t i = 0; i < COUNT(algorithms); i++) {
        begin(w);
        device_free(&device);
        device_new(&device, algorithms[i]);
        device.self = i == 1;
        device.extended = i == 2;
        char name[32];
        snprintf(name, sizeof(name), "%s", names[i]);
        *strchr(name, ' ') = '.';
        assert_int_equal(registers(w, name), 201);
        assert_int_equal(signs_in(w), 201);
        assert_int_equal(signs_in(w), 201);
    }
}

/* Expired, used, of another purpose, tampered, foreign: no difference can be seen. */
static void whatever_does_not_fit_is_one_and_the_same_refusal(struct world *w)
{
    char challenge[64], first[512], right_user[64];
    struct device known;
    begin(w);
    assert_int_equal(registers(w, "Kartika"), 201);
    snprintf(right_user, sizeof(right_user), "%s", user);
    assert_int_equal(signs_in(w), 201);
    is_refused(w, shows(w, "/api/sessions/passkey", "")); /* replayed */
    snprintf(first, sizeof(first), "%s", w->last.body);

    ask(w, "/api/sessions/passkey/options", NULL, challenge);
    device_prove(&device, challenge);
    device.signature[12] ^= 1; /* tampered */
    is_refused(w, shows(w, "/api/sessions/passkey", ""));
    assert_string_equal(w->last.body, first);

    known = device;
    device.id[0] ^= 1; /* unknown, though well signed */
    ask(w, "/api/sessions/passkey/options", NULL, challenge);
    device_prove(&device, challenge);
    is_refused(w, shows(w, "/api/sessions/passkey", ""));
    assert_string_equal(w->last.body, first);
    device = known;

    ask(w, "/api/accounts/passkey/options", NULL, challenge); /* for something else */
    device_prove(&device, challenge);
    is_refused(w, shows(w, "/api/sessions/passkey", ""));
    assert_string_equal(w->last.body, first);

    /* ... that also gave another handle: whose the passkey is must fit */
    ask(w, "/api/sessions/passkey/options", NULL, challenge);
    device_prove(&device, challenge);
    is_refused(w, shows(w, "/api/sessions/passkey", ""));
    user[0] = '\0';
    is_refused(w, shows(w, "/api/sessions/passkey", ""));
    snprintf(user, sizeof(user), "%s", right_user);

    w->now_ms += 5 * 60 * 1000; /* expired */
    is_refused(w, shows(w, "/api/sessions/passkey", ""));
    assert_string_equal(w->last.body, first);

    device.flags &= ~(unsigned)WEBAUTHN_VERIFIED; /* no PIN, no finger */
    is_refused(w, signs_in(w));
    device.flags = WEBAUTHN_PRESENT | WEBAUTHN_VERIFIED; /* said that it could be synced */
    is_refused(w, signs_in(w));
    device = known;
    device.site = "evil.example";
    is_refused(w, signs_in(w));
    device = known;
    device.client = "{\"type\":\"webauthn.get\",\"challenge\":\"\",\"origin\":\"\"}";
    is_refused(w, signs_in(w));
    device = known;
    assert_int_equal(signs_in(w), 201);

    world_script(w, "UPDATE account SET state = 'ended' WHERE avatar_name = 'Kartika'");
    is_refused(w, signs_in(w));
    assert_string_equal(w->last.body, first);
}

static void a_counter_that_went_back_is_refused_and_told(struct world *w)
{
    begin(w);
    device.count = 5;
    assert_int_equal(registers(w, "Kartika"), 201);
    int64_t mails = world_count(w, "SELECT count(*) FROM mail WHERE kind = 'passkeys.copied'");
    device.count = 6;
    assert_int_equal(signs_in(w), 201);
    is_refused(w, signs_in(w)); /* 6 again */
    device.count = 4;
    is_refused(w, signs_in(w));
    device.count = 0;
    is_refused(w, signs_in(w));
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'passkeys.copied'"),
                     mails + 3);
    is_refused(w, shows(w, "/api/sessions/passkey", "")); /* its challenge is used up */
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'passkeys.copied'"),
                     mails + 3);
    device.count = 7;
    assert_int_equal(signs_in(w), 201);
    assert_int_equal(world_count(w, "SELECT sign_count FROM passkey"), 7);
}

static void a_member_adds_renames_and_removes_passkeys(struct world *w)
{
    char path[64];
    struct device first;
    begin(w);
    registers_with_password(w, "Kartika");
    assert_int_equal(adds(w, "Laptop"), 201);
    first = device;
    is_refused(w, adds(w, "Laptop again")); /* the same passkey once */
    device.key = NULL;
    device_new(&device, WEBAUTHN_EDDSA);
    device.flags = WEBAUTHN_PRESENT; /* a stick without a PIN: beside a password it may be */
    assert_int_equal(adds(w, "Stick"), 201);
    snprintf(path, sizeof(path), "/api/passkeys/%s", world_field(w, "id"));
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'passkeys.added'"), 2);
    is_refused(w, signs_in(w));

    w->cookie = cookie;
    assert_int_equal(world_send(w, NOBODY, "PATCH", path, "{\"label\":\"Blue stick\"}"), 204);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/passkeys", NULL), 200);
    assert_true(world_says(w, "\"label\":\"Blue stick\""));
    assert_true(world_says(w, "\"label\":\"Laptop\""));
    assert_true(world_says(w, "\"verifies\":false"));
    assert_true(world_says(w, "\"synced\":false"));
    assert_int_equal(world_send(w, NOBODY, "DELETE", path, NULL), 204);
    assert_int_equal(world_send(w, NOBODY, "DELETE", path, NULL), 404);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'passkeys.removed'"),
                     1);
    w->cookie = NULL;
    device_free(&device);
    device = first;
    assert_int_equal(signs_in(w), 201);
    /* Nobody else's. */
    registers_with_password(w, "Larasati");
    w->cookie = cookie;
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/passkeys", NULL), 200);
    assert_false(world_says(w, "Laptop"));
    assert_int_equal(world_send(w, NOBODY, "PATCH", path, "{\"label\":\"mine\"}"), 404);
    w->cookie = NULL;
}

static void labels_and_secrets_are_not_readable_in_the_database(struct world *w)
{
    begin(w);
    assert_int_equal(registers(w, "Kartika"), 201);
    assert_int_equal(world_count(w, "SELECT count(*) FROM passkey WHERE length(label_ct) = 45"), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM passkey_user WHERE length(handle) = 32"),
                     1);
}

static void the_last_way_in_stays(struct world *w)
{
    char path[64];
    begin(w);
    assert_int_equal(registers(w, "Kartika"), 201);
    w->cookie = cookie;
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/passkeys", NULL), 200);
    snprintf(path, sizeof(path), "/api/passkeys/%s", world_field(w, "id"));
    assert_int_equal(world_send(w, NOBODY, "DELETE", path, NULL), 409);
    assert_string_equal(world_code(w), "passkeys.last");
    /* One that does not ask its owner lets nobody in: it is no other way. */
    struct device first = device;
    device_new(&device, WEBAUTHN_ES256);
    device.flags = WEBAUTHN_PRESENT;
    assert_int_equal(adds(w, "Stick"), 201);
    w->cookie = cookie;
    assert_int_equal(world_send(w, NOBODY, "DELETE", path, NULL), 409);
    device_free(&device);
    device_new(&device, WEBAUTHN_ES256);
    assert_int_equal(adds(w, "Laptop"), 201);
    w->cookie = cookie;
    assert_int_equal(world_send(w, NOBODY, "DELETE", path, NULL), 204);
    w->cookie = NULL;
    assert_int_equal(signs_in(w), 201);
    device_free(&device);
    device = first;
    is_refused(w, signs_in(w));
}

static void risky_acts_want_a_recent_proof_and_a_passkey_gives_it(struct world *w)
{
    char challenge[64];
    begin(w);
    assert_int_equal(registers(w, "Kartika"), 201);
    w->now_ms += 11 * 60 * 1000;
    w->cookie = cookie;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/passkeys/options", NULL), 403);
    assert_string_equal(world_code(w), "api.prove");
    ask(w, "/api/sessions/current/passkey/options", NULL, challenge);
    assert_true(world_says(w, "\"verification\":\"required\""));
    assert_true(world_says(w, "\"transports\":\"internal usb\""));
    device_prove(&device, challenge);
    assert_int_equal(shows(w, "/api/sessions/current/passkey", ""), 204);
    is_refused(w, shows(w, "/api/sessions/current/passkey", ""));
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/passkeys/options", NULL), 200);
    /* Somebody else's session is not proved by this passkey. */
    w->cookie = NULL;
    registers_with_password(w, "Larasati");
    w->cookie = cookie;
    ask(w, "/api/sessions/current/passkey/options", NULL, challenge);
    device_prove(&device, challenge);
    is_refused(w, shows(w, "/api/sessions/current/passkey", ""));
    w->cookie = NULL;
}

static void a_passkey_is_the_second_step_after_a_password(struct world *w)
{
    char challenge[64], ticket[64], json[128], more[128];
    static const char right[] = "{\"name\":\"Kartika\",\"password\":\"grey tram over kelapa\","
                                "\"remember\":true}";
    begin(w);
    registers_with_password(w, "Kartika");
    device.flags = WEBAUTHN_PRESENT; /* a second factor need not ask its owner again */
    assert_int_equal(adds(w, "Stick"), 201);
    world_script(w, "INSERT INTO second_factor (account_id, since_ms) SELECT id, 1 FROM account"
                    " WHERE avatar_name = 'Kartika'");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", right), 201);
    snprintf(ticket, sizeof(ticket), "%s", world_field(w, "ticket"));
    assert_int_equal(strlen(ticket), 43);
    assert_string_equal(world_field(w, "ways"), "passkey");
    snprintf(json, sizeof(json), "{\"ticket\":\"%s\"}", ticket);
    snprintf(more, sizeof(more), ",\"ticket\":\"%s\"", ticket);
    ask(w, "/api/sessions/second/passkey/options", json, challenge);
    device_prove(&device, challenge);
    device.signature[9] ^= 1;
    is_refused(w, shows(w, "/api/sessions/second/passkey", more));
    device.signature[9] ^= 1;
    user[0] = '\0'; /* asked for by its id, it need not say whose it is */
    assert_int_equal(shows(w, "/api/sessions/second/passkey", more), 201);
    keep_cookie(w);
    assert_true(w->last.cookies[0].max_age_s > 24 * 3600);
    assert_int_equal(world_count(w, "SELECT max(proof) FROM session"), PROOF_SECOND);
    assert_int_equal(shows(w, "/api/sessions/second/passkey", more), 404);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions/second/passkey/options", json),
                     404);
    assert_string_equal(world_code(w), "tickets.gone");
    /* And it cannot go while the second step needs it. */
    w->cookie = cookie;
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/passkeys", NULL), 200);
    char path[64];
    snprintf(path, sizeof(path), "/api/passkeys/%s", world_field(w, "id"));
    assert_int_equal(world_send(w, NOBODY, "DELETE", path, NULL), 409);
    assert_string_equal(world_code(w), "factors.last");
    w->cookie = NULL;
}

static void passkeys_have_a_limit(struct world *w)
{
    begin(w);
    registers_with_password(w, "Kartika");
    for (int i = 0; i < PASSKEYS_MAX; i++) {
        device.id[0] = (uint8_t)i;
        assert_int_equal(adds(w, "One"), 201);
    }
    device.id[0] = PASSKEYS_MAX;
    assert_int_equal(adds(w, "One more"), 429);
    assert_string_equal(world_code(w), "passkeys.many");
}

static void without_a_name_of_its_own_a_site_has_no_passkeys(struct world *w)
{
    begin(w);
    free((char *)(uintptr_t)w->settings.public_url);
    w->settings.public_url = NULL;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions/passkey/options", NULL), 403);
    assert_string_equal(world_code(w), "passkeys.no_place");
}

static void nobody_new(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT count(*) FROM passkey"), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE avatar_name = 'Kartika'"),
                     0);
}

static void account_and_passkey_come_together_or_not_at_all(struct world *w)
{
    char challenge[64], passkey[10000], json[12000];
    begin(w);
    ask(w, "/api/accounts/passkey/options", NULL, challenge);
    device_make(&device, challenge);
    new_json("Phone", passkey, sizeof(passkey));
    snprintf(json, sizeof(json),
             "{\"avatar_name\":\"Kartika\",\"passkey\":%s,\"email\":\"k@example.org\","
             "\"birth_date\":\"1990-01-01\",\"country\":\"ID\",\"marketing\":false}",
             passkey);
    world_faults(w, NOBODY, "POST", "/api/accounts", json, nobody_new);
}

int main(void)
{
    extern const struct feature accounts_feature, sessions_feature, invites_feature,
        passkeys_feature, factors_feature;
    static const struct feature *const list[] = {&accounts_feature, &sessions_feature,
                                                 &invites_feature,  &passkeys_feature,
                                                 &factors_feature,  NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(an_account_begins_with_a_passkey_and_no_password),
        WORLD_TEST(an_account_needs_one_of_the_two),
        WORLD_TEST(the_age_is_judged_before_the_passkey),
        WORLD_TEST(each_kind_of_key_signs_in),
        WORLD_TEST(whatever_does_not_fit_is_one_and_the_same_refusal),
        WORLD_TEST(a_counter_that_went_back_is_refused_and_told),
        WORLD_TEST(a_member_adds_renames_and_removes_passkeys),
        WORLD_TEST(labels_and_secrets_are_not_readable_in_the_database),
        WORLD_TEST(the_last_way_in_stays),
        WORLD_TEST(risky_acts_want_a_recent_proof_and_a_passkey_gives_it),
        WORLD_TEST(a_passkey_is_the_second_step_after_a_password),
        WORLD_TEST(passkeys_have_a_limit),
        WORLD_TEST(without_a_name_of_its_own_a_site_has_no_passkeys),
        WORLD_TEST(account_and_passkey_come_together_or_not_at_all),
    };
    const struct world_options options = {.features = list, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
