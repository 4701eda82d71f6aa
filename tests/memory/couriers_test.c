#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/time.h"
#include "couriers/postman.h"
#include "couriers/pusher.h"
#include "jobs/jobs.h"
#include "outside/outbound.h"
#include "outside/relay.h"
#include "privacy/keys.h"
#include "tests/support/world.h"

/*
 * The postman and the pusher are refused their first piece of memory, then the second, and so on:
 * those of their own, and those of the calls by which they lease and settle.  Each time the
 * program goes on, and a turn later what waited is on its way.
 */
enum { PIECES_MAX = 3000 };
enum refusal { OF_MACHINE, OF_LIMIT, OF_HEAP, REFUSALS };

/* ---- the other side, instead of the real ones ---- */

static struct {
    size_t mails, pushes;
} taken;

enum err relay_new(const struct settings *settings, struct relay **ret)
{
    *ret = (void *)&taken;
    return *settings->smtp_url ? OK : ERR_INVALID;
}

void relay_free(struct relay *relay)
{
    (void)relay;
}

bool relay_send(struct relay *relay, struct relay_mail *mails, size_t count,
                const atomic_bool *stop, char ret_why[RELAY_WHY_MAX])
{
    assert_ptr_equal(relay, &taken);
    for (size_t i = 0; i < count && !atomic_load(stop); i++) {
        assert_true(mails[i].len > 0 && strchr(mails[i].to, '@'));
        mails[i].end = RELAY_SENT;
        taken.mails++;
    }
    ret_why[0] = '\0';
    return true;
}

enum err outbound_ask(struct call *call, const struct outbound_request *request,
                      struct outbound_answer *ret)
{
    assert_true(call->arena && request->body_len > 0);
    taken.pushes++;
    *ret = (struct outbound_answer){.status = 201, .body = "", .content_type = ""};
    return OK;
}

enum err outbound_new(const struct settings *settings, struct outbound **ret)
{
    (void)settings;
    *ret = NULL;
    return ERR_BROKEN;
}

void outbound_free(struct outbound *outbound)
{
    (void)outbound;
}

/* ---- piece by piece ---- */

static void refuse(enum refusal refusal, uint64_t nth)
{
    if (refusal == OF_HEAP) {
        heap_fail_at(nth, 1);
    } else {
        arena_fail_unguarded(true);
        arena_fail_at(nth, refusal == OF_LIMIT);
    }
}

static bool struck(enum refusal refusal)
{
    arena_fail_unguarded(false);
    return refusal == OF_HEAP ? heap_fail_at(0, 0) > 0 : arena_fail_at(0, false) == 0;
}

/* `again` puts one thing into the outbox; `gone` counts those that are there no more. */
static size_t each_piece(struct world *w, enum refusal refusal, void (*turn)(void *of), void *of,
                         const char *again, const char *gone)
{
    for (uint64_t nth = 1; nth <= PIECES_MAX; nth++) {
        world_script(w, again);
        assert_int_equal(world_count(w, gone), 0);
        refuse(refusal, nth);
        turn(of);
        bool all = !struck(refusal);
        for (int more = 0; more < 3 && world_count(w, gone) == 0; more++) {
            assert_false(all);
            w->now_ms += TIME_DAY / 4; /* no lease and no rest is longer */
            turn(of);
        }
        assert_int_equal(world_count(w, gone), 1);
        if (all) {
            return nth - 1;
        }
    }
    fail_msg("it never has enough");
    return 0;
}

static void all_pieces(struct world *w, void (*turn)(void *of), void *of, const char *again,
                       const char *gone)
{
    size_t pieces[REFUSALS];
    for (enum refusal refusal = 0; refusal < REFUSALS; refusal++) {
        pieces[refusal] = each_piece(w, refusal, turn, of, again, gone);
    }
    print_message("# %d, %d and %d pieces refused\n", (int)pieces[OF_MACHINE],
                  (int)pieces[OF_LIMIT], (int)pieces[OF_HEAP]);
    assert_true(pieces[OF_MACHINE] > 20 && pieces[OF_LIMIT] > 20 && pieces[OF_HEAP] > 0);
}

static void deliver(void *of)
{
    (void)postman_turn(of);
}

static void a_postman_without_memory_delivers_later(struct world *w)
{
    char why[256];
    struct postman *postman = NULL;
    log_threshold(LOG_ERROR + 1);
    assert_int_equal(
        world_send(w, NOBODY, "POST", "/api/accounts",
                   "{\"avatar_name\":\"Newcomer\",\"password\":\"grey tram over kelapa\","
                   "\"country\":\"DE\",\"birth_date\":\"1990-01-01\","
                   "\"email\":\"someone@example.org\",\"marketing\":false}"),
        201);
    struct jobs *jobs = jobs_new(features);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    jobs_run_due(jobs);
    jobs_free(jobs);
    assert_true(world_count(w, "SELECT COUNT(*) FROM mail") > 0);
    world_script(w, "DELETE FROM mail WHERE id <> (SELECT MAX(id) FROM mail);"
                    "CREATE TABLE kept AS SELECT * FROM mail");
    w->settings.smtp_url = "smtp://localhost";
    world_set(w, "mail_retry_s", "60");
    assert_int_equal(postman_new(w->keys, &w->settings, &postman, why), OK);
    postman_attach(postman, w->api);
    taken.mails = 0;
    all_pieces(w, deliver, postman,
               "DELETE FROM mail; INSERT INTO mail SELECT * FROM kept;"
               "UPDATE mail SET due_ms = 1, ends_ms = ends_ms + 8000000000000",
               "SELECT COUNT(*) FROM mail WHERE state IN ('sent', 'dead')");
    assert_true(taken.mails > 20);
    postman_free(postman);
    w->settings.smtp_url = NULL;
}

static void push(void *of)
{
    (void)pusher_turn(of);
}

#define SUBSCRIPTION                                                       \
    "{\"endpoint\":\"https://fcm.googleapis.com/fcm/send/a\",\"p256dh\":"  \
    "\"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs" \
    "7Vd8pZGH6SRpkNtoIAiw4\",\"auth\":\"BTBZMqHH6r4Tts7J_aSIgg\"}"

static void a_pusher_without_memory_pushes_later(struct world *w)
{
    char sql[400];
    int64_t key_id = 0;
    log_threshold(LOG_ERROR + 1);
    assert_int_equal(keys_take(w->keys, &key_id), OK);
    snprintf(sql, sizeof(sql),
             "UPDATE account SET key_id = %lld WHERE id = %d;"
             "INSERT INTO session (id, account_id, token_hash, remember, device, country,"
             " created_at_ms, used_at_ms, ends_at_ms, proof, proved_at_ms) VALUES (%d, %d,"
             " CAST('%d' AS %s), 1, 'd', 'ID', 0, 0, 0, 0, 0)",
             (long long)key_id, DAN, 1000 + DAN, DAN, DAN, w->store.pg ? "bytea" : "blob");
    world_script(w, sql);
    assert_int_equal(world_send(w, DAN, "POST", "/api/push", SUBSCRIPTION), 204);
    assert_int_equal(world_send(w, CLEO, "POST", "/api/friends/requests",
                                "{\"id\":\"danaaaaaaaaaaaaaaaaaaaaaaa\",\"note\":\"hello\"}"),
                     201);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM push"), 1);
    world_script(w, "CREATE TABLE kept AS SELECT * FROM push");
    struct pusher *pusher = pusher_new(w->keys, &w->settings, NULL);
    pusher_attach(pusher, w->api);
    taken.pushes = 0;
    all_pieces(w, push, pusher,
               "DELETE FROM push; INSERT INTO push SELECT * FROM kept;"
               "UPDATE push SET due_ms = 1, created_ms = created_ms + 8000000000000",
               "SELECT 1 - COUNT(*) FROM push");
    assert_true(taken.pushes > 20);
    pusher_free(pusher);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_postman_without_memory_delivers_later),
        WORLD_TEST(a_pusher_without_memory_pushes_later),
    };
    const struct world_options options = {.features = features};
    return world_run(&options, tests, COUNT(tests));
}
