#include "features/notify/mail/mail_topics.h"

#include <string.h>

#include "features/common/consents/consents.h"
#include "store/store.h"

static const char marketing[] = "marketing";

SQL(mail_choices, MAIL_CHOICE " mail_choice WHERE account_id = $1 LIMIT 50");
SQL(mail_choose, "INSERT INTO mail_choice (account_id, topic, wanted, changed_ms)"
                 " VALUES ($1, $2, $3, $4) ON CONFLICT (account_id, topic) DO UPDATE SET"
                 " wanted = excluded.wanted, changed_ms = excluded.changed_ms");

SQL(mail_unwanted, "DELETE FROM mail WHERE account_id = $1 AND topic = $2 AND state = 'waiting'");

void mail_topics_all(struct mail_topics *ret)
{
    ret->count = 0;
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct topic_kind *row = (*feature)->topics; row && row->name; row++) {
            size_t at = ret->count;
            if (at == MAIL_TOPICS_MAX) {
                return;
            }
            for (; at > 0 && ret->of[at - 1].kind->place > row->place; at--) {
                ret->of[at] = ret->of[at - 1];
            }
            ret->of[at] = (struct mail_topic){row, true};
            ret->count++;
        }
    }
}

const struct topic_kind *mail_topic_of(const char *name)
{
    struct mail_topics all;
    mail_topics_all(&all);
    for (size_t i = 0; i < all.count; i++) {
        if (strcmp(all.of[i].kind->name, name) == 0) {
            return all.of[i].kind;
        }
    }
    return NULL;
}

void mail_topics_chosen(struct mail_topics *topics, const struct rows *rows)
{
    for (size_t i = 0; i < topics->count; i++) {
        for (size_t row = 0; row < rows->count; row++) {
            if (strcmp(row_text(rows, row, CHOICE_TOPIC), topics->of[i].kind->name) == 0) {
                topics->of[i].wanted = row_i64(rows, row, CHOICE_WANTED) != 0;
            }
        }
    }
}

enum err mail_topics(struct call *call, int64_t account_id, struct mail_topics *ret)
{
    struct rows rows;
    TRY(store_run(call, &mail_choices, BIND(I64(account_id)), &rows));
    mail_topics_all(ret);
    mail_topics_chosen(ret, &rows);
    for (size_t i = 0; i < ret->count; i++) {
        if (strcmp(ret->of[i].kind->name, MAIL_NEWS) == 0) {
            TRY(consents_given(call, account_id, marketing, &ret->of[i].wanted));
        }
    }
    return OK;
}

enum err mail_wants(struct call *call, int64_t account_id, const char *topic, bool *ret)
{
    struct mail_topics all;
    TRY(mail_topics(call, account_id, &all));
    for (size_t i = 0; i < all.count; i++) {
        if (strcmp(all.of[i].kind->name, topic) == 0) {
            *ret = all.of[i].wanted;
            return OK;
        }
    }
    return call_fail(call, ERR_MISSING, "mail.topic");
}

enum err mail_switch(struct call *call, int64_t account_id, const char *topic, bool wanted,
                     const char *how)
{
    bool now = false;
    TRY(mail_wants(call, account_id, topic, &now));
    if (now == wanted) {
        return OK;
    }
    if (!wanted) {
        TRY(store_run(call, &mail_unwanted, BIND(I64(account_id), TEXT(topic)), NULL));
    }
    if (strcmp(topic, MAIL_NEWS) == 0) {
        return consents_record(call, account_id, marketing, wanted, how);
    }
    return store_run(call, &mail_choose,
                     BIND(I64(account_id), TEXT(topic), I64(wanted), I64(call->now_ms)), NULL);
}
