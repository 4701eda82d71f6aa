#include "tests/support/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"

/* Too often: per account, per address, per name; the proof of work. */
static void an_account_s_limit_is_hard(struct world *w)
{
    for (int i = 0; i < 5; i++) {
        notes_expect(w, ANA, "POST", "/api/t/five", NULL, 204, "");
    }
    notes_expect(w, ANA, "POST", "/api/t/five", NULL, 429, "limits.often");
    assert_true(w->last.retry_ms >= 1000 && w->last.retry_ms <= 2000);
    notes_expect(w, BEN, "POST", "/api/t/five", NULL, 204, "");
    atomic_fetch_add(&w->now_ms, 2000);
    notes_expect(w, ANA, "POST", "/api/t/five", NULL, 204, "");
    notes_expect(w, ANA, "POST", "/api/t/five", NULL, 429, "limits.often");
}

/* What the client's Worker does. */
static const char *solve(struct world *w)
{
    char challenge[128], text[160];
    uint8_t hash[HASH_BYTES];
    int bits = atoi(world_field(w, "bits")), len = 1;
    snprintf(challenge, sizeof(challenge), "%s", world_field(w, "challenge"));
    assert_true(bits >= 17 && bits <= 21);
    for (long n = 0;; n++) {
        if (n % 10 == 0) { /* printing is what takes long under a sanitizer */
            len = snprintf(text, sizeof(text), "%s:%ld", challenge, n);
        }
        text[len - 1] = (char)('0' + n % 10);
        crypto_sha256(text, (size_t)len, hash);
        uint32_t head = (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8;
        if (head >> (32 - bits) == 0) {
            break;
        }
    }
    return arena_printf(w->kept, "{\"work\":\"%s\"}", text);
}

static void beyond_an_address_s_limit_work_is_asked_for(struct world *w)
{
    for (int i = 0; i < 5; i++) {
        notes_expect(w, NOBODY, "POST", "/api/t/soft", NULL, 204, "");
    }
    notes_expect(w, NOBODY, "POST", "/api/t/soft", NULL, 429, "limits.work");
    const char *proof = solve(w);
    notes_expect(w, NOBODY, "POST", "/api/t/soft", "{\"work\":\"nonsense\"}", 429, "limits.work");
    w->address = "192.0.2.2";
    notes_expect(w, NOBODY, "POST", "/api/t/soft", "{\"work\":\"not needed\"}", 204, "");
    w->address = NULL;
    notes_expect(w, NOBODY, "POST", "/api/t/soft", proof, 204, "");
    notes_expect(w, NOBODY, "POST", "/api/t/soft", proof, 429, "limits.work"); /* once only */
    proof = solve(w);
    atomic_fetch_add(&w->now_ms, 5 * 60 * 1000);
    for (int i = 0; i < 5; i++) {
        notes_expect(w, NOBODY, "POST", "/api/t/soft", NULL, 204, "");
    }
    notes_expect(w, NOBODY, "POST", "/api/t/soft", proof, 429, "limits.work"); /* too old */
    w->address = "2001:db8:1:2:aaaa::1";
    for (int i = 0; i < 5; i++) {
        notes_expect(w, NOBODY, "POST", "/api/t/soft", NULL, 204, "");
    }
    w->address = "2001:db8:1:2:bbbb::2"; /* the same /64 */
    notes_expect(w, NOBODY, "POST", "/api/t/soft", NULL, 429, "limits.work");
    w->address = "2001:db8:1:3::2";
    notes_expect(w, NOBODY, "POST", "/api/t/soft", NULL, 204, "");
}

static void at_twenty_times_the_limit_is_the_end(struct world *w)
{
    int64_t now_ms = atomic_load(&w->now_ms);
    notes_expect(w, NOBODY, "POST", "/api/t/one", NULL, 204, "");
    for (int i = 1; i < 20; i++) {
        atomic_store(&w->now_ms, now_ms);
        notes_expect(w, NOBODY, "POST", "/api/t/one", NULL, 429, "limits.work");
        const char *proof = solve(w);
        atomic_store(&w->now_ms, now_ms);
        notes_expect(w, NOBODY, "POST", "/api/t/one", proof, 204, "");
    }
    atomic_store(&w->now_ms, now_ms);
    notes_expect(w, NOBODY, "POST", "/api/t/one", NULL, 429, "limits.address");
}

/* Each costs a look into the store, and comes before every other limit. */
static void tokens_that_are_nobody_s_are_counted_for_their_address(struct world *w)
{
    enum { HARD = 20 * 100 };
    notes_expect(w, ANA, "GET", "/api/t/keys/1", NULL, 200, "");
    for (int i = 0; i < HARD; i++) {
        atomic_store(&w->now_ms, WORLD_START_MS);
        w->authorization = i % 2 ? "Bearer no-such-token" : NULL;
        w->cookie = i % 2 ? NULL : "__Host-bauta_session=over";
        notes_expect(w, NOBODY, "GET", "/api/t/notes/a", NULL, 401,
                     i % 2 ? "api.token" : "api.login");
    }
    int64_t loads = atomic_load(&w->loads);
    notes_expect(w, NOBODY, "GET", "/api/t/notes/a", NULL, 429, "limits.address");
    assert_true(w->last.retry_ms >= 1000);
    assert_int_equal(atomic_load(&w->loads), loads);
    w->authorization = w->cookie = NULL;
    notes_expect(w, ANA, "GET", "/api/t/keys/1", NULL, 200, ""); /* who is known goes on */
    w->address = "192.0.2.2";
    notes_expect(w, BEN, "GET", "/api/t/keys/1", NULL, 200, "");
    w->address = NULL;
    atomic_fetch_add(&w->now_ms, 10000);
    w->authorization = "Bearer no-such-token";
    notes_expect(w, NOBODY, "GET", "/api/t/notes/a", NULL, 401, "api.token");
}

static void a_clock_that_is_set_back_locks_nobody_out(struct world *w)
{
    for (int i = 0; i < 5; i++) {
        notes_expect(w, ANA, "POST", "/api/t/five", NULL, 204, "");
    }
    atomic_fetch_sub(&w->now_ms, (int64_t)24 * 60 * 60 * 1000);
    notes_expect(w, ANA, "POST", "/api/t/five", NULL, 429, "limits.often");
    assert_in_range(w->last.retry_ms, 1000, 2000);
    atomic_fetch_add(&w->now_ms, 2000);
    notes_expect(w, ANA, "POST", "/api/t/five", NULL, 204, "");
}

static void a_name_s_limit_follows_the_name(struct world *w)
{
    notes_expect(w, NOBODY, "POST", "/api/t/named", "{\"name\":\"Ana\"}", 204, "");
    w->address = "192.0.2.9";
    notes_expect(w, NOBODY, "POST", "/api/t/named", "{\"name\":\"ana\"}", 204, "");
    notes_expect(w, NOBODY, "POST", "/api/t/named", "{\"name\":\"ana\"}", 429, "limits.work");
    notes_expect(w, NOBODY, "POST", "/api/t/named", "{\"name\":\"ben\"}", 204, "");
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(an_account_s_limit_is_hard),
        WORLD_TEST(tokens_that_are_nobody_s_are_counted_for_their_address),
        WORLD_TEST(a_clock_that_is_set_back_locks_nobody_out),
        WORLD_TEST(beyond_an_address_s_limit_work_is_asked_for),
        WORLD_TEST(at_twenty_times_the_limit_is_the_end),
        WORLD_TEST(a_name_s_limit_follows_the_name),
    };
    const struct world_options options = {
        .features = notes_features, .limit_scale = 1, .one_store = true};
    return world_run(&options, tests, COUNT(tests));
}
