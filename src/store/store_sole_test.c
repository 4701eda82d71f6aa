#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "store/store.h"
#include "store/store_sole.h"
#include "tests/support/test_store.h"

/* One node a database, over a real PostgreSQL. */
enum { WATCH_MS = 20, PATIENCE = 500 };

static struct test_store test;

static int store_make(void **state UNUSED)
{
    log_threshold(LOG_ERROR);
    test_store_new(true, false, &test);
    return 0;
}

static int store_end(void **state UNUSED)
{
    test_store_free(&test);
    return 0;
}

static void note(void *ctx)
{
    atomic_fetch_add((_Atomic int *)ctx, 1);
}

static enum err node(const char *name, _Atomic int *lost, struct store_sole **ret, char *why)
{
    return store_sole_new(test.url, name, WATCH_MS, note, lost, ret, why);
}

/* Of this database alone: others are tested beside it. */
#define CUT(name_)                                                                               \
    assert_int_equal(store_script(test.store, "DO 'BEGIN PERFORM pg_terminate_backend(pid) FROM" \
                                              " pg_stat_activity WHERE application_name ="       \
                                              " ''" name_ "'' AND datname ="                     \
                                              " current_database(); END'"),                      \
                     OK)

SQL(holder, "SELECT CAST(a.pid AS BIGINT) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid"
            " WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database()");

static enum err ask_holder(struct store_tx *tx, void *arg)
{
    struct rows rows;
    struct call call;
    struct arena *arena = arena_new(1 << 20);
    store_call(&call, tx, arena, 1);
    enum err err = store_run(&call, &holder, NO_BIND, &rows);
    *(int64_t *)arg = err == OK && rows.count ? row_i64(&rows, 0, 0) : 0;
    arena_free(arena);
    return err;
}

/* The session that has the lock, as PostgreSQL counts them; 0: none. */
static int64_t holder_now(void)
{
    int64_t pid = 0;
    assert_int_equal(store_do(test.store, false, ask_holder, &pid), OK);
    return pid;
}

static void a_second_node_is_refused_and_the_first_is_named(void **state UNUSED)
{
    struct store_sole *first = NULL;
    struct store_sole *second = NULL;
    _Atomic int lost = 0;
    char why[SOLE_WHY_MAX] = "";
    assert_int_equal(node("bauta at quay, process 7", &lost, &first, why), OK);
    assert_int_equal(node("bauta at pier, process 8", &lost, &second, why), ERR_CONFLICT);
    assert_non_null(
        strstr(why, "another bauta serves this database (bauta at quay, process 7 since 20"));
    store_sole_free(first);
    enum err err = ERR_CONFLICT;
    for (int i = 0; i < PATIENCE && err == ERR_CONFLICT; i++) { /* the server ends it in its time */
        err = node("bauta at pier, process 8", &lost, &second, why);
        (void)poll(NULL, 0, err == OK ? 0 : WATCH_MS);
    }
    assert_int_equal(err, OK);
    store_sole_free(second);
    assert_int_equal(atomic_load(&lost), 0);
}

static void a_lost_connection_is_made_and_locked_anew(void **state UNUSED)
{
    struct store_sole *first = NULL;
    struct store_sole *second = NULL;
    _Atomic int lost = 0;
    char why[SOLE_WHY_MAX] = "";
    assert_int_equal(node("bauta one", &lost, &first, why), OK);
    int64_t before = holder_now();
    int64_t now = before;
    CUT("bauta one");
    for (int i = 0; i < PATIENCE && (now == 0 || now == before); i++) {
        (void)poll(NULL, 0, WATCH_MS);
        now = holder_now();
    }
    assert_true(now != 0 && now != before);
    assert_int_equal(node("bauta two", &lost, &second, why), ERR_CONFLICT);
    assert_non_null(strstr(why, "bauta one"));
    assert_int_equal(atomic_load(&lost), 0);
    store_sole_free(first);
}

/* ---- a line to the database that breaks at this end alone, as a network does ---- */

enum { LINES_MAX = 8, PIECE_BYTES = 4096 };

static struct {
    struct sockaddr_un here, there;
    char folder[32], url[512];
    int listening;
    pthread_t thread;
    atomic_int cut, hung, stop; /* how many lines are cut here, and closed there, so far */
    atomic_int pieces;          /* that the newest line took there */
    struct pollfd ends[2 * LINES_MAX];
    int count;
} relay;

static void shut(int end)
{
    if (relay.ends[end].fd >= 0) {
        close(relay.ends[end].fd);
        relay.ends[end].fd = -1;
    }
}

/* The other end of a line has its number with another last bit. */
static void carry(int end)
{
    char piece[PIECE_BYTES];
    int other = relay.ends[end ^ 1].fd;
    if (!relay.ends[end].revents) {
        return;
    }
    ssize_t len = read(relay.ends[end].fd, piece, sizeof(piece));
    bool carried = len > 0 && (other < 0 || send(other, piece, (size_t)len, MSG_NOSIGNAL) == len);
    if (!carried) {
        shut(end);
        shut(end ^ 1);
    }
    if (carried && end == 2 * (relay.count - 1)) {
        atomic_fetch_add(&relay.pieces, 1);
    }
}

static void *carry_all(void *arg UNUSED)
{
    while (!atomic_load(&relay.stop)) {
        struct pollfd door = {.fd = relay.listening, .events = POLLIN};
        if (poll(&door, 1, 1) > 0 && relay.count < LINES_MAX) {
            int there = socket(AF_UNIX, SOCK_STREAM, 0);
            assert_int_equal(connect(there, (void *)&relay.there, sizeof(relay.there)), 0);
            relay.ends[2 * relay.count] =
                (struct pollfd){accept(relay.listening, NULL, NULL), POLLIN, 0};
            relay.ends[2 * relay.count + 1] = (struct pollfd){there, POLLIN, 0};
            relay.count++;
            atomic_store(&relay.pieces, 0);
        }
        for (int i = 0; i < atomic_load(&relay.cut); i++) {
            shut(2 * i);
        }
        for (int i = 0; i < atomic_load(&relay.hung); i++) {
            shut(2 * i + 1);
        }
        (void)poll(relay.ends, 2 * (nfds_t)relay.count, 1);
        for (int i = 0; i < 2 * relay.count; i++) {
            carry(i);
        }
    }
    for (int i = 0; i < 2 * relay.count; i++) {
        shut(i);
    }
    return NULL;
}

static void relay_open(void)
{
    const char *host = strstr(test.url, "?host=");
    assert_non_null(host);
    memset(&relay, 0, sizeof(relay));
    snprintf(relay.folder, sizeof(relay.folder), "/tmp/bauta-line.XXXXXX");
    assert_non_null(mkdtemp(relay.folder));
    relay.here.sun_family = relay.there.sun_family = AF_UNIX;
    snprintf(relay.here.sun_path, sizeof(relay.here.sun_path), "%s/.s.PGSQL.5432", relay.folder);
    snprintf(relay.there.sun_path, sizeof(relay.there.sun_path), "%s/.s.PGSQL.5432",
             host + strlen("?host="));
    snprintf(relay.url, sizeof(relay.url), "%.*s?host=%s", (int)(host - test.url), test.url,
             relay.folder);
    relay.listening = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(relay.listening, (void *)&relay.here, sizeof(relay.here)), 0);
    assert_int_equal(listen(relay.listening, LINES_MAX), 0);
    assert_int_equal(pthread_create(&relay.thread, NULL, carry_all, NULL), 0);
}

static void relay_close(void)
{
    atomic_store(&relay.stop, 1);
    pthread_join(relay.thread, NULL);
    close(relay.listening);
    unlink(relay.here.sun_path);
    rmdir(relay.folder);
}

static void a_lost_session_that_the_database_still_keeps_is_no_other_node(void **state UNUSED)
{
    enum { TRIES = 8 }; /* more pieces than it takes to come in and be refused */
    struct store_sole *first = NULL;
    _Atomic int lost = 0;
    char why[SOLE_WHY_MAX] = "";
    relay_open();
    assert_int_equal(store_sole_new(relay.url, "bauta one", WATCH_MS, note, &lost, &first, why),
                     OK);
    int64_t before = holder_now();
    atomic_store(&relay.cut, 1);
    atomic_store(&relay.pieces, 0);
    for (int i = 0; i < PATIENCE && atomic_load(&relay.pieces) < TRIES && !atomic_load(&lost);
         i++) {
        (void)poll(NULL, 0, WATCH_MS);
    }
    assert_int_equal(atomic_load(&lost), 0);
    assert_true(atomic_load(&relay.pieces) >= TRIES);
    assert_int_equal(holder_now(), before);
    atomic_store(&relay.hung, 1);
    int64_t now = before;
    for (int i = 0; i < PATIENCE && (now == 0 || now == before); i++) {
        (void)poll(NULL, 0, WATCH_MS);
        now = holder_now();
    }
    assert_true(now != 0 && now != before);
    assert_int_equal(atomic_load(&lost), 0);
    store_sole_free(first);
    relay_close();
}

static void who_finds_another_in_its_place_is_told_to_stop(void **state UNUSED)
{
    struct store_sole *slow = NULL;
    struct store_sole *second = NULL;
    _Atomic int lost = 0;
    _Atomic int other = 0;
    char why[SOLE_WHY_MAX] = "";
    enum { SLOW_MS = 3000 };
    log_threshold(LOG_ERROR + 1);
    assert_int_equal(store_sole_new(test.url, "bauta slow", SLOW_MS, note, &lost, &slow, why), OK);
    CUT("bauta slow");
    enum err err = ERR_CONFLICT;
    for (int i = 0; i < PATIENCE && err != OK; i++) {
        err = node("bauta two", &other, &second, why);
        (void)poll(NULL, 0, 1);
    }
    assert_int_equal(err, OK);
    for (int i = 0; i < PATIENCE && !atomic_load(&lost); i++) {
        (void)poll(NULL, 0, WATCH_MS);
    }
    assert_int_equal(atomic_load(&lost), 1);
    assert_int_equal(atomic_load(&other), 0);
    store_sole_free(slow);
    store_sole_free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_second_node_is_refused_and_the_first_is_named, store_make,
                                        store_end),
        cmocka_unit_test_setup_teardown(a_lost_connection_is_made_and_locked_anew, store_make,
                                        store_end),
        cmocka_unit_test_setup_teardown(
            a_lost_session_that_the_database_still_keeps_is_no_other_node, store_make, store_end),
        cmocka_unit_test_setup_teardown(who_finds_another_in_its_place_is_told_to_stop, store_make,
                                        store_end),
    };
    if (!test_store_has_pg()) {
        print_message("# PostgreSQL left out: BAUTA_TEST_PG is not set\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
