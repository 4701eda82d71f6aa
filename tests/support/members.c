#include "tests/support/members.h"

#include <stdio.h>

#include "features/accounts/ages.h"
#include "privacy/keys.h"
#include "store/store.h"

struct member {
    int64_t account_id, key_id, adult_at_ms;
    const char *country;
    const uint8_t *birth;
    size_t len;
};

static enum err write_member(struct call *call, void *arg)
{
    SQL(test_member,
        "UPDATE account SET birth_ct = $2, adult_at_ms = $3, country = $4 WHERE id = $1");
    const struct member *member = arg;
    return store_run(call, &test_member,
                     BIND(I64(member->account_id), BYTES(member->birth, member->len),
                          I64(member->adult_at_ms), TEXT(member->country)),
                     NULL);
}

void member_real(struct world *w, int who, const char *birth, const char *country)
{
    struct call call = {.arena = w->kept, .keys = w->keys, .now_ms = w->now_ms};
    char sql[80];
    snprintf(sql, sizeof(sql), "SELECT key_id FROM account WHERE id = %d", who);
    struct member member = {.key_id = world_count(w, sql),
                            .account_id = w->account_ids[who],
                            .adult_at_ms = ages_adult_at(birth),
                            .country = country};
    assert_int_equal(
        keys_seal(&call, member.key_id, "account.birth_ct", birth, &member.birth, &member.len), OK);
    assert_int_equal(world_do(w, who, write_member, &member), OK);
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
