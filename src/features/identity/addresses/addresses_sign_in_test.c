#include "features/identity/addresses/letters_test.h"
#include "features/identity/emails/emails.h"
#include "tests/support/members.h"

/* Signing in by a confirmed address: as by the name, and as silent. */

enum { SAID_MAX = 1024 };

static void a_confirmed_address_signs_in_as_the_name_does(struct world *w)
{
    struct member kartika = proved(w, "Kartika", "Kartika.K@Example.org");
    static const char *const right[] = {"Kartika", "Kartika.K@Example.org", "kartika.k@example.org",
                                        "KARTIKA.K@EXAMPLE.ORG"};
    static const char *const wrong[] = {"kartika.k@example.com", "kartika.k", "@example.org",
                                        "kartika.k@example.org.", "kartikak@example.org"};
    for (size_t i = 0; i < COUNT(right); i++) {
        struct member back = {0};
        assert_int_equal(signs_in(w, right[i], PASSWORD, &back), 201);
        assert_string_equal(world_field(w, "avatar_name"), "Kartika");
        assert_int_equal(as(w, &back, "GET", "/api/me", NULL), 200);
    }
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(signs_in(w, wrong[i], PASSWORD, NULL), 401);
    }
    /* A long one is as good as a short one. */
    char longest[EMAIL_MAX + 1];
    memset(longest, 'k', EMAIL_MAX);
    snprintf(longest + EMAIL_MAX - 12, 13, "@example.org");
    assert_int_equal(signs_in(w, longest, PASSWORD, NULL), 401);
    (void)kartika;
}

static void an_address_counts_from_its_proof_and_until_another_is_proved(struct world *w)
{
    struct member other = joins(w, "Someone", "old@example.org"); /* says so, and proves nothing */
    assert_int_equal(signs_in(w, "old@example.org", PASSWORD, NULL), 401);
    struct member kartika = proved(w, "Kartika", "old@example.org");
    assert_int_equal(signs_in(w, "old@example.org", PASSWORD, &kartika), 201);
    assert_string_equal(world_field(w, "avatar_name"), "Kartika");
    assert_int_equal(as(w, &kartika, "PUT", "/api/me/email", "{\"email\":\"new@example.org\"}"),
                     202);
    assert_int_equal(signs_in(w, "new@example.org", PASSWORD, NULL), 401);
    changes(w, &kartika, "new@example.org");
    assert_int_equal(signs_in(w, "new@example.org", PASSWORD, NULL), 201);
    assert_int_equal(signs_in(w, "old@example.org", PASSWORD, NULL), 401); /* kept for an undo */
    assert_int_equal(signs_in(w, other.name, PASSWORD, NULL), 201);
}

/* ---- silence ---- */

static const struct life {
    const char *name, *sql; /* what became of the account */
    const char *code;       /* of the right password; NULL: it is let in */
    bool no_password, unproved;
} lives[] = {
    {"Aktif Biasa", NULL, NULL},
    {"Anak Belia", "age_band = '13'", NULL},
    {"Masih Menunggu", "state = 'waiting'", "sessions.waiting"},
    {"Sudah Tutup", "state = 'ended', erase_at_ms = 9000000000000", "sessions.closed"},
    {"Telah Diakhiri", "state = 'ended', end_reason = 'rules'", "sessions.ended"},
    {"Tanpa Sandi", "password_hash = NULL", "sessions.wrong", .no_password = true},
    {"Tanpa Bukti", "email_verified = 0", NULL, .unproved = true},
    {"Tanpa Sidik", "email_bi = NULL", NULL, .unproved = true}, /* after a restore */
};

static void address_of(const struct life *life, char ret[64])
{
    snprintf(ret, 64, "%s@example.org", life->name);
    for (char *at = ret; *at; at++) {
        *at = *at == ' ' ? '.' : *at;
    }
}

/* Everything that a guesser is told, and the work that was done. */
static void says(struct world *w, const char *name, const char *password, char to[SAID_MAX])
{
    statements_count(w);
    int status = signs_in(w, name, password, NULL);
    snprintf(to, SAID_MAX, "%d, %d statements, %d cookies, %d ms: %s", status,
             (int)statements_counted(w), (int)w->last.cookie_count, (int)w->last.retry_ms,
             w->last.body);
}

static void no_answer_tells_what_an_address_or_a_name_is(struct world *w)
{
    char nobody[SAID_MAX], said[SAID_MAX], email[64], sql[200];
    says(w, "Nobody Atall", "wrong wrong wrong", nobody);
    assert_non_null(strstr(nobody, "401"));
    says(w, "nobody@example.org", "wrong wrong wrong", said);
    assert_string_equal(said, nobody);
    for (size_t i = 0; i < COUNT(lives); i++) {
        const struct life *life = &lives[i];
        address_of(life, email);
        (void)proved(w, life->name, email);
        if (life->sql) {
            snprintf(sql, sizeof(sql), "UPDATE account SET %s WHERE avatar_name = '%s'", life->sql,
                     life->name);
            world_script(w, sql);
        }
        for (int by_name = 0; by_name < 2; by_name++) {
            bool unknown = life->unproved && !by_name;
            says(w, by_name ? life->name : email, "wrong wrong wrong", said);
            assert_string_equal(said, nobody);
            says(w, by_name ? life->name : email, PASSWORD, said);
            assert_true(!(unknown || life->no_password) || strcmp(said, nobody) == 0);
            assert_string_equal(world_code(w), unknown      ? "sessions.wrong"
                                               : life->code ? life->code
                                                            : "");
        }
    }
}

/* ---- tries are counted together, and that shows nowhere ---- */

static const char *const unknown[] = {"Nirmala Nihil", "nirmala@example.org"};

static void keep_device(const struct world *w, char ret[200])
{
    for (size_t i = 0; i < w->last.cookie_count; i++) {
        if (strstr(w->last.cookies[i].name, DEVICE_COOKIE)) {
            snprintf(ret, 200, "%s=%s", w->last.cookies[i].name, w->last.cookies[i].value);
        }
    }
}

/* What a guesser is told of this is what is said of names and addresses that nobody has. */
static void alike(struct world *w, const char *known, int way, const char *password)
{
    char a[SAID_MAX], b[SAID_MAX];
    says(w, unknown[way], password, b);
    says(w, known, password, a);
    assert_string_equal(a, b);
    assert_int_equal(w->last.status, 401);
}

static void a_guesser_who_alternates_has_no_more_tries_and_cannot_tell(struct world *w)
{
    static const char *const known[] = {"Laksmi Lintang", "laksmi@example.org"};
    char device[200] = "";
    (void)proved(w, known[0], known[1]);
    assert_int_equal(signs_in(w, known[0], PASSWORD, NULL), 201);
    keep_device(w, device);
    for (int i = 0; i < GUESSES_FREE; i++) {
        assert_int_equal(signs_in(w, known[i % 2], "wrong wrong wrong", NULL), 401);
    }
    /* Neither way was tried a hundred times: what they are told is that it is wrong. */
    alike(w, known[0], 0, PASSWORD);
    alike(w, known[1], 1, PASSWORD);
    /* Their own device is none of it. */
    w->cookie = device;
    assert_int_equal(signs_in(w, known[1], PASSWORD, NULL), 201);
    assert_int_equal(signs_in(w, known[0], PASSWORD, NULL), 201);
    w->cookie = NULL;
    w->now_ms += GUESSES_FIRST_MS;
    assert_int_equal(signs_in(w, known[1], PASSWORD, NULL), 201);
    assert_int_equal(signs_in(w, known[0], "wrong wrong wrong", NULL), 401);
    assert_int_equal(signs_in(w, known[0], PASSWORD, NULL), 201); /* the count began anew */
}

static void a_name_that_is_used_up_says_nothing_of_an_address(struct world *w)
{
    static const char *const known[] = {"Mega Mendung", "mega@example.org"};
    (void)proved(w, known[0], known[1]);
    for (int i = 0; i < GUESSES_FREE; i++) {
        assert_int_equal(signs_in(w, known[0], "wrong wrong wrong", NULL), 401);
    }
    assert_int_equal(signs_in(w, known[0], PASSWORD, NULL), 429);
    assert_string_equal(world_code(w), "sessions.slow");
    alike(w, known[1], 1, "wrong wrong wrong");
    alike(w, known[1], 1, PASSWORD);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 'sessions.tell'"
                                    " AND payload LIKE '%sessions.guessed%'"
                                    " AND payload LIKE '%\"account\":%'"),
                     1);
}

/* From many networks, so that it is what was typed that is counted. */
static void work_is_asked_for_alike_however_it_is_written(struct world *w)
{
    static const char *const ways[][4] = {
        {"Surya Senja", "surya senja", "SURYA SENJA", "surya_senja"},
        {"surya@example.org", "Surya@Example.org", "SURYA@example.ORG", "surya@EXAMPLE.org"},
        {"nobody@example.org", "Nobody@Example.org", "NOBODY@example.ORG", "nobody@EXAMPLE.org"},
    };
    char from[32];
    w->address = from;
    (void)proved(w, "Surya Senja", "surya@example.org");
    for (size_t i = 0; i < COUNT(ways); i++) {
        for (int n = 0; n <= 25; n++) {
            snprintf(from, sizeof(from), "192.0.%d.%d", (int)i + 10, n + 1);
            assert_int_equal(signs_in(w, ways[i][n % 4], "wrong wrong wrong", NULL),
                             n < 25 ? 401 : 429);
        }
        assert_string_equal(world_code(w), "limits.work");
    }
    w->address = NULL;
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_confirmed_address_signs_in_as_the_name_does),
        WORLD_TEST(an_address_counts_from_its_proof_and_until_another_is_proved),
        WORLD_TEST(no_answer_tells_what_an_address_or_a_name_is),
    };
    static const struct world_test counted[] = {
        WORLD_TEST(a_guesser_who_alternates_has_no_more_tries_and_cannot_tell),
        WORLD_TEST(a_name_that_is_used_up_says_nothing_of_an_address),
    };
    static const struct world_test limited[] = {
        WORLD_TEST(work_is_asked_for_alike_however_it_is_written),
    };
    struct world_options options = {.features = list, .own_sign_in = true};
    int failed = world_run(&options, tests, COUNT(tests));
    options.one_store = true;
    failed += world_run(&options, counted, COUNT(counted));
    options.limit_scale = 1;
    return failed + world_run(&options, limited, COUNT(limited));
}
