#include "features/mail/mail_topics.h"

#include <string.h>

#include "features/consents/consents.h"
#include "store/store.h"

static const char news[] = "news", marketing[] = "marketing";

const char *const mail_topic_names[MAIL_TOPICS] = {"friends",  "messages",  "messages_strangers",
                                                   "comments", "purchases", "notices",
                                                   "digest",   news};

SQL(mail_choices, "SELECT topic, wanted FROM mail_choice WHERE account_id = $1 LIMIT 50");
SQL(mail_choose, "INSERT INTO mail_choice (account_id, topic, wanted, changed_ms)"
                 " VALUES ($1, $2, $3, $4) ON CONFLICT (account_id, topic) DO UPDATE SET"
                 " wanted = excluded.wanted, changed_ms = excluded.changed_ms");

SQL(mail_unwanted, "DELETE FROM mail WHERE account_id = $1 AND topic = $2 AND state = 'waiting'");

enum err mail_topics(struct call *call, int64_t account_id, struct mail_topic ret[MAIL_TOPICS])
{
    struct rows rows;
    TRY(store_run(call, &mail_choices, BIND(I64(account_id)), &rows));
    for (size_t i = 0; i < MAIL_TOPICS; i++) {
        ret[i] = (struct mail_topic){mail_topic_names[i], true};
        for (size_t row = 0; row < rows.count; row++) {
            if (strcmp(row_text(&rows, row, 0), ret[i].name) == 0) {
                ret[i].wanted = row_i64(&rows, row, 1) != 0;
            }
        }
        if (strcmp(ret[i].name, news) == 0) {
            TRY(consents_given(call, account_id, marketing, &ret[i].wanted));
        }
    }
    return OK;
}

enum err mail_wants(struct call *call, int64_t account_id, const char *topic, bool *ret)
{
    struct mail_topic all[MAIL_TOPICS];
    TRY(mail_topics(call, account_id, all));
    for (size_t i = 0; i < MAIL_TOPICS; i++) {
        if (strcmp(all[i].name, topic) == 0) {
            *ret = all[i].wanted;
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
    if (strcmp(topic, news) == 0) {
        return consents_record(call, account_id, marketing, wanted, how);
    }
    return store_run(call, &mail_choose,
                     BIND(I64(account_id), TEXT(topic), I64(wanted), I64(call->now_ms)), NULL);
}
