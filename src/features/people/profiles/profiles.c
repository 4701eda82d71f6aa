#include "features/people/profiles/profiles.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "features/common/contact/contact.h"
#include "features/identity/ages/ages.h"
#include "features/people/friends/friends.h"
#include "store/store.h"

/* The account, what stands between the two, and every field: a row each, or one without. */
SQL(profiles_card,
    "SELECT a.id, " FACE_OF(
        "a") ", a.role, a.key_id, a.country,"
             " a.birth_ct, a.created_at_ms, a.age_band, CASE WHEN " CONTACT_KEPT(
                 "a.id") " THEN 1 ELSE 0 END AS kept,"
                         " CASE WHEN a.id = (SELECT MIN(id) FROM account) THEN 1 ELSE 0 END AS "
                         "founder, "
                         "fr.since_ms,"
                         " " FRIENDS_RELATION
                         " AS relation, p.version, f.field, f.value_ct, f.audience"
                         " FROM account a"
                         " LEFT JOIN friendship fr ON fr.account_id = $1 AND fr.friend_id = a.id"
                         " LEFT JOIN profile p ON p.account_id = a.id"
                         " LEFT JOIN profile_field f ON f.account_id = a.id"
                         " WHERE a.public_id = $2 AND" CONTACT_PERCEIVES("$1", "a") " LIMIT 50");
COLUMNS(CARD_ID, CARD_FACE, CARD_ROLE = CARD_FACE + FACE_COLUMNS, CARD_KEY_ID, CARD_COUNTRY,
        CARD_BIRTH_CT, CARD_CREATED_AT_MS, CARD_AGE_BAND, CARD_KEPT, CARD_FOUNDER,
        CARD_FRIENDS_SINCE_MS, CARD_RELATION, CARD_VERSION, CARD_FIELD, CARD_VALUE_CT,
        CARD_AUDIENCE);

SQL(profiles_next, "UPDATE profile SET version = version + 1, changed_ms = $3"
                   " WHERE account_id = $1 AND version = $2");
SQL(profiles_first, "INSERT INTO profile (account_id, version, changed_ms) VALUES ($1, 1, $2)"
                    " ON CONFLICT (account_id) DO NOTHING");
SQL(profiles_clear, "DELETE FROM profile_field WHERE account_id = $1");
SQL(profiles_reset, "UPDATE profile SET version = version + 1, changed_ms = $2"
                    " WHERE account_id = $1");
SQL(profiles_unsay, "UPDATE profile_field SET value_ct = NULL WHERE account_id = $1"
                    " AND field IN ('display_name', 'gender', 'about', 'interests', 'links')");
SQL(profiles_say, "INSERT INTO profile_field (account_id, field, value_ct, audience)"
                  " VALUES ($1, $2, $3, $4)");

/* The row of a field; a member who did not choose has none. */
static struct profiles_sealed field_of(const struct rows *rows, const struct profiles_rule *rule,
                                       bool minor)
{
    struct profiles_sealed one = {.rule = rule,
                                  .audience = minor ? rule->usual_minor : rule->usual};
    for (size_t i = 0; i < rows->count; i++) {
        if (!row_null(rows, i, CARD_FIELD) &&
            strcmp(row_text(rows, i, CARD_FIELD), rule->name) == 0) {
            one.audience = row_text(rows, i, CARD_AUDIENCE);
            one.value = sealed_read(rows, i, CARD_VALUE_CT, row_i64(rows, i, CARD_KEY_ID));
        }
    }
    return one;
}

enum err profiles_find(struct call *call, const struct contact_viewer *viewer,
                       const char *public_id, struct profiles_card *ret)
{
    struct rows rows;
    ASSERT_CODE(contact_viewer_good(viewer));
    TRY(store_run(call, &profiles_card, BIND(I64(viewer->id), TEXT(public_id)), &rows));
    if (rows.count == 0 || viewer->blocked) {
        return call_fail_field(call, ERR_MISSING, "people.none", "id");
    }
    bool self = row_i64(&rows, 0, CARD_ID) == viewer->id;
    struct profiles_card card = {
        .account_id = row_i64(&rows, 0, CARD_ID),
        .created_ms = row_i64(&rows, 0, CARD_CREATED_AT_MS),
        .version = row_i64(&rows, 0, CARD_VERSION),
        .face = face_read(&rows, 0, CARD_FACE),
        .role = row_text(&rows, 0, CARD_ROLE),
        .country = row_text(&rows, 0, CARD_COUNTRY),
        .birth = sealed_read(&rows, 0, CARD_BIRTH_CT, row_i64(&rows, 0, CARD_KEY_ID)),
        .relation = self              ? "self"
                    : viewer->friends ? "friend"
                                      : row_text(&rows, 0, CARD_RELATION),
        .founder = row_i64(&rows, 0, CARD_FOUNDER) == 1,
        .between = {.self = self,
                    .friends = viewer->friends || !row_null(&rows, 0, CARD_FRIENDS_SINCE_MS),
                    .minor = ages_minor(row_text(&rows, 0, CARD_AGE_BAND)),
                    .kept = row_i64(&rows, 0, CARD_KEPT) == 1},
    };
    for (const struct profiles_rule *rule = profiles_rules; rule->name; rule++) {
        struct profiles_sealed one = field_of(&rows, rule, card.between.minor);
        if (profiles_shows(rule, one.audience, &card.between)) {
            ASSERT_CODE(card.count < PROFILES_FIELDS_MAX);
            card.fields[card.count++] = one;
        }
    }
    *ret = card;
    return OK;
}

/* "" for nothing: no value, not there for this country, its key is burned. */
static enum err value_of(struct call *call, const struct profiles_card *card,
                         const struct profiles_sealed *one, const char **ret)
{
    const char *birth = NULL;
    *ret = "";
    if (strcmp(one->rule->name, "country") == 0) {
        *ret = card->country ? card->country : "";
        return OK;
    }
    if (strcmp(one->rule->name, "age") == 0) {
        enum err err =
            sealed_open_row(call, card->birth, "account.birth_ct", card->account_id, &birth);
        if (err == OK && birth) {
            *ret = arena_printf(call->arena, "%d", text_age(birth, call->now_ms));
        }
        return err == ERR_MISSING ? OK : err;
    }
    enum err err = sealed_open(call, one->value, "profile_field.value_ct", ret);
    return err == ERR_MISSING ? OK : err;
}

static bool there(const struct profiles_card *card, const struct profiles_rule *rule)
{
    return strcmp(rule->name, "state") != 0 || (card->country && strcmp(card->country, "US") == 0);
}

enum err profiles_open(struct call *call, const struct profiles_card *card, bool all,
                       struct profiles_field *ret, size_t *ret_count)
{
    size_t count = 0;
    ASSERT_CODE(!call->tx && card->count <= PROFILES_FIELDS_MAX);
    for (size_t i = 0; i < card->count; i++) {
        struct profiles_field one = {card->fields[i].rule->name, "", card->fields[i].audience};
        TRY(value_of(call, card, &card->fields[i], &one.value));
        if (all || (*one.value && there(card, card->fields[i].rule))) {
            ret[count++] = one;
        }
    }
    *ret_count = count;
    call->fail_code = call->fail_field = NULL; /* of keys that are burned */
    return OK;
}

enum err profiles_put(struct call *call, int64_t version, const struct profiles_new *all,
                      size_t count)
{
    struct rows moved;
    struct val me = I64(call->actor.id), now = I64(call->now_ms);
    ASSERT_CODE(call->actor.id && count <= PROFILES_FIELDS_MAX);
    TRY(version == 0 ? store_run(call, &profiles_first, BIND(me, now), &moved)
                     : store_run(call, &profiles_next, BIND(me, I64(version), now), &moved));
    if (moved.changed == 0) {
        return call_fail(call, ERR_CONFLICT, "profiles.changed");
    }
    TRY(store_run(call, &profiles_clear, BIND(me), NULL));
    for (size_t i = 0; i < count; i++) {
        ASSERT_CODE(all[i].rule->kind != PROFILES_COMPUTED || !all[i].value.at);
        TRY(store_run(
            call, &profiles_say,
            BIND(me, TEXT(all[i].rule->name), SEALED(all[i].value), TEXT(all[i].audience)), NULL));
    }
    return OK;
}

enum err profiles_empty(struct call *call, int64_t account_id)
{
    TRY(store_run(call, &profiles_reset, BIND(I64(account_id), I64(call->now_ms)), NULL));
    return store_run(call, &profiles_unsay, BIND(I64(account_id)), NULL);
}
