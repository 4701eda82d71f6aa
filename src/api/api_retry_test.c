#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "store/store.h"
#include "tests/support/notes.h"

/* A call whose first attempt met a busy database: what it left is neither read nor logged. */

enum { FILLING = 2000 };

struct count {
    int64_t runs;
    const char *text;
};
JSON_SHAPE(count_shape, "count", struct count, J_I64(struct count, runs, 0, 100),
           J_TEXT(struct count, text, 0, FILLING));

SQL(count_notes, "SELECT COUNT(*) FROM meta WHERE name = $1");

STEPS(count_runs, none, count_shape, int64_t, apply);
/* Its state tells how often it ran; its memory is filled where the last attempt's lay. */
STEP(count_runs, apply)
{
    struct rows rows;
    char *filling = arena_alloc(call->arena, FILLING);
    memset(filling, '#', FILLING - 1);
    filling[FILLING - 1] = '\0';
    ++*state;
    TRY(store_run(call, &count_notes, BIND(TEXT("a")), &rows));
    *out = (struct count){*state, filling};
    return OK;
}

static const struct api_route routes[] = {
    {"GET", "/api/t/runs", API_MEMBER, API_TX_READ, 0, 200, &count_runs_steps,
     .about = "How often it ran."},
    {"POST", "/api/t/runs", API_MEMBER, API_TX_WRITE, 0, 200, &count_runs_steps,
     .about = "The same, writing."},
    {0},
};
static const struct feature feature = {.name = "t", .routes = routes};
static const struct feature *const with_runs[] = {&feature, NULL};

static void a_second_attempt_begins_where_the_first_one_did(struct world *w)
{
    static const char *const methods[] = {"GET", "POST"};
    for (size_t i = 0; i < COUNT(methods); i++) {
        store_fail_at(w->store.store, 1, ERR_BUSY);
        assert_int_equal(world_send(w, ANA, methods[i], "/api/t/runs", NULL), 200);
        store_fail_at(w->store.store, 0, OK);
        assert_string_equal(world_field(w, "runs"), "1");
    }
}

static void says_why(struct world *w, const char *method)
{
    char path[] = "/tmp/bauta-log.XXXXXX", log[16384] = "";
    int file = mkstemp(path), saved = dup(STDERR_FILENO);
    assert_true(file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    log_threshold(LOG_INFO);
    store_fail_at(w->store.store, 1, ERR_BUSY);
    assert_int_equal(world_send(w, ANA, method, "/api/t/runs", NULL), 200);
    store_fail_at(w->store.store, 0, OK);
    log_threshold(LOG_ERROR);
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    assert_true(pread(file, log, sizeof(log) - 1, 0) > 0);
    close(file), close(saved), unlink(path);
    const char *line = strstr(log, "/api/t/runs");
    assert_non_null(line);
    assert_non_null(strstr(line, "why=\"count_notes: fault asked for by a test\"\n"));
    assert_null(strchr(log, '#'));
}

static void the_log_says_why_in_the_words_of_the_attempt_that_failed(struct world *w)
{
    says_why(w, "GET");
    says_why(w, "POST");
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_second_attempt_begins_where_the_first_one_did),
        WORLD_TEST(the_log_says_why_in_the_words_of_the_attempt_that_failed),
    };
    const struct world_options options = {.features = with_runs};
    return world_run(&options, tests, COUNT(tests));
}
