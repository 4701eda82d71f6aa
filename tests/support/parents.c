#include "tests/support/parents.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/time.h"
#include "jobs/jobs.h"
#include "privacy/sealed.h"

extern const struct feature *const features[];

SQL(test_session, "INSERT INTO session (id, account_id, token_hash, remember, device,"
                  " created_at_ms, used_at_ms, ends_at_ms, proof, proved_at_ms)"
                  " VALUES ($1, $2, $3, 0, 'test', $4, $4, $5, $6, $4)");
SQL(test_link, "UPDATE guardian SET link_hash = $1");

/* Everybody is signed in as world_send says; ADA and BEN by a passkey; BEN and CLEO
 * are moderators and privacy officers, ADA an administrator and in support. */
static enum err sign_in_all(struct call *call, void *arg UNUSED)
{
    static const char *const names[PEOPLE] = {"", "ana", "ben", "cleo", "dan", "ada"};
    for (int who = ANA; who < PEOPLE; who++) {
        uint8_t hash[HASH_BYTES];
        const char *token = arena_printf(call->arena, "token-of-%s", names[who]);
        crypto_sha256(token, strlen(token), hash);
        TRY(store_run(call, &test_session,
                      BIND(I64(900 + who), I64(who), BYTES(hash, HASH_BYTES), I64(call->now_ms),
                           I64(call->now_ms + 1000 * TIME_DAY),
                           I64(who == BEN || who == ADA ? PROOF_PASSKEY : PROOF_PASSWORD)),
                      NULL));
    }
    return OK;
}

void parents_begin(struct world *w)
{
    assert_int_equal(world_do(w, NOBODY, sign_in_all, NULL), OK);
    world_script(w,
                 "INSERT INTO staff (account_id, role, since_ms) VALUES (2, 'moderator', 1),"
                 " (2, 'privacy', 1), (3, 'moderator', 1), (3, 'privacy', 1), (5, 'support', 1)");
}

static enum err put_link(struct call *call, void *arg)
{
    uint8_t hash[HASH_BYTES];
    crypto_sha256(arg, strlen(arg), hash);
    return store_run(call, &test_link, BIND(BYTES(hash, HASH_BYTES)), NULL);
}

static char claim[640]; /* the child's cookie */

void parents_keep_claim(struct world *w)
{
    snprintf(claim, sizeof(claim), "%s=%s", w->last.cookies[0].name, w->last.cookies[0].value);
}

/* A child asks; the link of the mail is made one that the test knows. */
void parents_ask(struct world *w)
{
    parents_begin(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", ASK), 201);
    assert_int_equal(w->last.cookie_count, 1);
    parents_keep_claim(w);
    parents_link(w);
}

void parents_link(struct world *w)
{
    assert_int_equal(world_do(w, NOBODY, put_link, (void *)(uintptr_t) "parents-link"), OK);
}

void parents_run_jobs(struct world *w)
{
    struct jobs *jobs = jobs_new(features);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    jobs_run_due(jobs);
    jobs_free(jobs);
}

int parents_as_child(struct world *w, const char *path, const char *json)
{
    w->cookie = claim;
    int status = world_send(w, NOBODY, "POST", path, json);
    w->cookie = NULL;
    return status;
}

int parents_decide(struct world *w, const char *path, const char *rest)
{
    char json[256];
    int64_t seen = world_count(w, "SELECT answered_at_ms FROM guardian");
    snprintf(json, sizeof(json), "{\"answered_ms\":%lld,%s}", (long long)seen, rest);
    return world_sendf(w, BEN, "POST", json, "%s/decision", path);
}

bool parents_key_lives(struct world *w, int64_t key_id)
{
    struct sealed sealed;
    struct call call = {.arena = w->kept, .keys = w->keys};
    return sealed_text(&call, key_id, "test", "text", &sealed) == OK;
}

void parents_nothing_is_left(struct world *w, int64_t key_id)
{
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT (SELECT count(*) FROM guardian) + (SELECT count(*)"
                                    " FROM guardian_page) + (SELECT count(*) FROM guardian_step)"
                                    " + (SELECT count(*) FROM ticket)"),
                     0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE to_ct IS NOT NULL"
                                    " AND kind = 'guardians.ask'"),
                     0);
    assert_false(parents_key_lives(w, key_id));
}
