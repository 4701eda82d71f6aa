#include "features/identity/invites/invites.h"

#include <string.h>

#include "base/arena.h"
#include "call/id.h"
#include "store/store.h"

/* sees: server - counts only */
SQL(invites_count, "SELECT count(*) FROM invite WHERE kind = 'member' AND ends_at_ms > $1");
SQL(invites_insert, "INSERT INTO invite (id, code_hash, kind, avatar_name, made_by, uses_left,"
                    " created_at_ms, ends_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
SQL(invites_take, "UPDATE invite SET uses_left = uses_left - 1 WHERE code_hash = $1 AND kind = $2"
                  " AND uses_left > 0 AND ends_at_ms > $3");
/* sees: own - whoever holds the link */
SQL(invites_good, "SELECT id FROM invite WHERE code_hash = $1 AND kind = 'member'"
                  " AND uses_left > 0 AND ends_at_ms > $2");
/* sees: own - whoever holds the link */
SQL(invites_for, "SELECT avatar_name FROM invite WHERE code_hash = $1 AND kind = $2"
                 " AND uses_left > 0 AND ends_at_ms > $3 AND avatar_name IS NOT NULL");
/* sees: staff - the list of invitations */
SQL(invites_open, "SELECT id, uses_left, created_at_ms, ends_at_ms FROM invite"
                  " WHERE kind = 'member' AND ends_at_ms > $1 AND uses_left > 0"
                  " ORDER BY id DESC LIMIT $2");
COLUMNS(INVITE_ID, INVITE_USES_LEFT, INVITE_CREATED_AT_MS, INVITE_ENDS_AT_MS);
SQL(invites_delete, "DELETE FROM invite WHERE id = $1 AND kind = 'member'");

void invites_hash(const char *code, uint8_t ret_hash[HASH_BYTES])
{
    crypto_sha256(code, strlen(code), ret_hash);
}

void invites_code(char ret_code[PUBLIC_ID_LEN + 1], uint8_t ret_hash[HASH_BYTES])
{
    uint8_t chance[16];
    crypto_random(chance, sizeof(chance));
    id_public(chance, ret_code);
    invites_hash(ret_code, ret_hash);
}

enum err invites_add(struct call *call, const char *kind, const char *avatar_name,
                     const uint8_t hash[HASH_BYTES], int64_t uses, int64_t ends_ms, int64_t *ret_id)
{
    struct rows rows;
    ASSERT_CODE(strcmp(kind, "member") == 0 || strcmp(kind, "admin") == 0);
    ASSERT_CODE(uses > 0 && uses <= INVITE_USES_MAX);
    TRY(store_run(call, &invites_count, BIND(I64(call->now_ms)), &rows));
    if (row_i64(&rows, 0, ONLY) >= INVITES_MAX) {
        return call_fail(call, ERR_LIMIT, "invites.many");
    }
    int64_t id = call->acted.on = id_new(call);
    TRY(store_run(call, &invites_insert,
                  BIND(I64(id), BYTES(hash, HASH_BYTES), TEXT(kind), TEXT(avatar_name),
                       call->actor.id ? I64(call->actor.id) : NIL, I64(uses), I64(call->now_ms),
                       I64(ends_ms)),
                  NULL));
    *ret_id = id;
    return OK;
}

enum err invites_look(struct call *call, const uint8_t hash[HASH_BYTES])
{
    struct rows rows;
    TRY(store_run(call, &invites_good, BIND(BYTES(hash, HASH_BYTES), I64(call->now_ms)), &rows));
    return rows.count ? OK : call_fail_field(call, ERR_DENIED, "invites.none", "invite");
}

enum err invites_use(struct call *call, const uint8_t hash[HASH_BYTES], const char *kind,
                     const char *avatar_name)
{
    struct rows rows;
    ASSERT_CODE(strcmp(kind, "member") == 0 || strcmp(kind, "admin") == 0);
    TRY(store_run(call, &invites_for, BIND(BYTES(hash, HASH_BYTES), TEXT(kind), I64(call->now_ms)),
                  &rows));
    if (rows.count > 0 && strcmp(row_text(&rows, 0, ONLY), avatar_name) != 0) {
        return call_fail_field(call, ERR_DENIED, "invites.other_name", "avatar_name");
    }
    TRY(store_run(call, &invites_take, BIND(BYTES(hash, HASH_BYTES), TEXT(kind), I64(call->now_ms)),
                  &rows));
    return rows.changed ? OK : call_fail_field(call, ERR_DENIED, "invites.none", "invite");
}

enum err invites_list(struct call *call, struct invites_invite **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &invites_open, BIND(I64(call->now_ms), I64(INVITES_MAX)), &rows));
    struct invites_invite *all = arena_alloc(call->arena, rows.count * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct invites_invite){
            row_i64(&rows, i, INVITE_ID), row_i64(&rows, i, INVITE_USES_LEFT),
            row_i64(&rows, i, INVITE_CREATED_AT_MS), row_i64(&rows, i, INVITE_ENDS_AT_MS)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err invites_end(struct call *call, int64_t id)
{
    struct rows rows;
    call->acted.on = id;
    TRY(store_run(call, &invites_delete, BIND(I64(id)), &rows));
    return rows.changed ? OK : call_fail(call, ERR_MISSING, "invites.gone");
}
