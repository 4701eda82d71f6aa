#include "tests/support/members.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "features/identity/ages/ages.h"
#include "privacy/sealed.h"
#include "store/backend.h"

struct member {
    int64_t account_id, key_id;
    const char *country, *age_band;
    struct sealed sealed;
};

static enum err write_member(struct call *call, void *arg)
{
    SQL(test_member, "UPDATE account SET birth_ct = $2, age_band = $3, country = $4 WHERE id = $1");
    const struct member *member = arg;
    return store_run(call, &test_member,
                     BIND(I64(member->account_id), SEALED(member->sealed), TEXT(member->age_band),
                          TEXT(member->country)),
                     NULL);
}

void member_real(struct world *w, int who, const char *birth, const char *country)
{
    struct call call = {.arena = w->kept, .keys = w->keys, .now_ms = w->now_ms};
    char sql[80];
    snprintf(sql, sizeof(sql), "SELECT key_id FROM account WHERE id = %d", who);
    struct member member = {.key_id = world_count(w, sql),
                            .account_id = w->account_ids[who],
                            .age_band = ages_band(birth, w->now_ms),
                            .country = country};
    assert_int_equal(sealed_row(&call, member.key_id, "account.birth_ct", member.account_id, birth,
                                &member.sealed),
                     OK);
    assert_int_equal(world_do(w, who, write_member, &member), OK);
}

static enum err write_address(struct call *call, void *arg)
{
    SQL(test_address, "UPDATE account SET email_ct = $2, email_verified = 1 WHERE id = $1");
    const struct member *member = arg;
    return store_run(call, &test_address, BIND(I64(member->account_id), SEALED(member->sealed)),
                     NULL);
}

void member_mailed(struct world *w, int who, const char *address)
{
    struct call call = {.arena = w->kept, .keys = w->keys, .now_ms = w->now_ms};
    char sql[80];
    snprintf(sql, sizeof(sql), "SELECT key_id FROM account WHERE id = %d", who);
    struct member member = {.key_id = world_count(w, sql), .account_id = w->account_ids[who]};
    assert_int_equal(sealed_text(&call, member.key_id, "account.email_ct", address, &member.sealed),
                     OK);
    assert_int_equal(world_do(w, who, write_address, &member), OK);
}

struct kept {
    int64_t account_id;
    bool kept;
};

static enum err write_kept(struct call *call, void *arg)
{
    const struct kept *one = arg;
    struct val id = I64(one->account_id);
    SQL(test_kept, "INSERT INTO guardian (id, public_id, account_id, key_id, state, country,"
                   " language, email_ct, link_hash, allow_chat, created_at_ms, mailed_at_ms)"
                   " VALUES ($1, $2, $1, $1, 'active', 'ID', 'en', $3, $5, $4, 1, 1)"
                   " ON CONFLICT (id) DO UPDATE SET allow_chat = excluded.allow_chat");
    const char *link = arena_printf(call->arena, "kept%d", (int)one->account_id);
    uint8_t hash[HASH_BYTES];
    crypto_sha256(link, strlen(link), hash);
    return store_run(call, &test_kept,
                     BIND(id, TEXT(arena_printf(call->arena, "%s-of-a-test", link)), BYTES("x", 1),
                          I64(one->kept ? 0 : 1), BYTES(hash, sizeof(hash))),
                     NULL);
}

void member_kept(struct world *w, int who, bool kept)
{
    struct kept one = {w->account_ids[who], kept};
    assert_int_equal(world_do(w, who, write_kept, &one), OK);
}

enum { COUNT_FROM = 1000000 }; /* which of them is to fail; none comes as far */

void statements_count(struct world *w)
{
    store_fail_at(w->store.store, COUNT_FROM, ERR_BROKEN);
}

uint64_t statements_counted(struct world *w)
{
    uint64_t left = atomic_load(&w->store.store->fail_at);
    store_fail_at(w->store.store, 0, OK);
    return COUNT_FROM - left;
}

uint64_t member_statements(struct world *w, int who, const char *method, const char *path)
{
    uint64_t count = 0;
    do {
        store_fail_at(w->store.store, ++count, ERR_BROKEN);
    } while (world_send(w, who, method, path, NULL) >= 500);
    store_fail_at(w->store.store, 0, OK);
    return count - 1;
}
