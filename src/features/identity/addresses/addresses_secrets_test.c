#include "features/identity/addresses/letters_test.h"

#include "base/crypto.h"
#include "base/log.h"
#include "tests/support/kept.h"

/* What opens an account stands nowhere, and is not found by trying. */

#define CHANGED "teal kite under bulan"
#define RESET "quiet harbour lemon engine"

static const char *token_of(struct world *w, const struct member *who)
{
    return arena_printf(w->kept, "%s", strchr(who->cookie, '=') + 1);
}

/* The hash alone is there, and it is of this very secret. */
static void is_hashed(struct world *w, const char *token)
{
    char hex[2 * HASH_BYTES + 1];
    uint8_t hash[HASH_BYTES];
    crypto_sha256(token, strlen(token), hash);
    crypto_hex(hash, HASH_BYTES, hex);
    const char *of_row = w->store.pg ? "encode(token_hash, 'hex')" : "lower(hex(token_hash))";
    assert_int_equal(
        world_count(
            w, arena_printf(w->kept, "SELECT count(*) FROM session WHERE %s = '%s'", of_row, hex)),
        1);
}

static void a_password_is_argon2(struct world *w, const char *name)
{
    assert_int_equal(
        world_count(w, arena_printf(w->kept,
                                    "SELECT count(*) FROM account WHERE avatar_name = '%s' AND"
                                    " password_hash LIKE '$argon2id$v=19$m=19456,t=2,p=1$%%'",
                                    name)),
        1);
}

static void guessing_is_over_soon(struct world *w, const char *name)
{
    int status = 401;
    for (int i = 0; status == 401; i++) {
        assert_true(i <= GUESSES_FREE);
        status = signs_in(w, name, "wrong wrong wrong", NULL);
    }
    assert_int_equal(status, 429);
    assert_string_equal(world_code(w), "sessions.slow");
    assert_int_equal(signs_in(w, name, RESET, NULL), 429); /* there is no look at it */
}

/* proves: REG-7a SEC-1b */
static void no_password_and_no_secret_of_a_session_is_kept_and_none_is_guessed(struct world *w)
{
    /* Wrong tries are counted by the process: each store's world has a name of its own. */
    const char *name = w->store.pg ? "Wulan Purnama" : "Bintang Timur";
    struct kept_log log;
    struct member in = {0}, again = {0};
    kept_log_begin(&log);
    struct member first = proved(w, name, "someone@example.org");
    a_password_is_argon2(w, name);
    assert_int_equal(signs_in(w, name, PASSWORD "s", NULL), 401);
    assert_int_equal(signs_in(w, name, PASSWORD, &in), 201);
    assert_int_equal(as(w, &in, "POST", "/api/tokens",
                        "{\"label\":\"door\",\"read\":true,\"write\":true,\"live\":true,"
                        "\"days\":9}"),
                     201);
    const char *bearer = arena_printf(w->kept, "%s", world_field(w, "token"));
    assert_int_equal(as(w, &in, "PUT", "/api/me/password",
                        "{\"current\":\"" PASSWORD "\",\"password\":\"" CHANGED "\"}"),
                     204);
    a_password_is_argon2(w, name);
    is_hashed(w, token_of(w, &in));
    const char *link = arena_printf(w->kept, "%s", link_for(w, ADDRESSES_RESET, id_of(w, name), 0));
    assert_int_equal(sets_password(w, link, "password1234567890"), 400);
    assert_int_equal(sets_password(w, link, RESET), 204);
    a_password_is_argon2(w, name);
    run_jobs(w);
    assert_int_equal(signs_in(w, name, CHANGED, NULL), 401);
    assert_int_equal(signs_in(w, name, RESET, &again), 201);
    is_hashed(w, token_of(w, &again));
    guessing_is_over_soon(w, name);
    log_line(LOG_INFO, "test", "what is logged is found", LOG_T(LOG_WHY, "a marker"));
    const char *lines = kept_log_end(w, &log);
    assert_non_null(strstr(lines, "a marker"));
    assert_true(kept_anywhere(w, name)); /* so the look finds what lies in clear */
    const char *const secrets[] = {PASSWORD,
                                   CHANGED,
                                   RESET,
                                   "wrong wrong wrong",
                                   bearer,
                                   token_of(w, &first),
                                   token_of(w, &in),
                                   token_of(w, &again)};
    for (size_t i = 0; i < COUNT(secrets); i++) {
        assert_true(strlen(secrets[i]) > 15);
        assert_false(kept_anywhere(w, secrets[i]));
        assert_null(strstr(lines, secrets[i]));
    }
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(no_password_and_no_secret_of_a_session_is_kept_and_none_is_guessed),
    };
    const struct world_options options = {
        .features = list, .own_sign_in = true, .full_hashes = true};
    return world_run(&options, tests, COUNT(tests));
}
