#include "base/time.h"
#include "features/friends/friends.h"
#include "store/store.h"

/* A few friendships among the people of a demo world, by their place in it, and one question. */
static const struct {
    uint8_t one, other;
} pairs[] = {{0, 1}, {0, 3}, {1, 2}, {1, 4}, {3, 5}};
static const struct {
    uint8_t from, to;
} question = {4, 5};
enum { DEMO_PEOPLE = 6 };

/* sees: server - fills an empty world */
SQL(friends_demo_people, "SELECT id FROM account WHERE state = 'active' ORDER BY id LIMIT $1");
SQL(friends_demo_pair, "INSERT INTO friendship (account_id, friend_id, since_ms)"
                       " VALUES ($1, $2, $3)");
SQL(friends_demo_ask, "INSERT INTO friend_request (from_id, to_id, at_ms) VALUES ($1, $2, $3)");

enum err friends_demo(struct call *call)
{
    struct rows rows;
    TRY(store_run(call, &friends_demo_people, BIND(I64(DEMO_PEOPLE)), &rows));
    if (rows.count < DEMO_PEOPLE) {
        return OK;
    }
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct val one = I64(row_i64(&rows, pairs[i].one, 0)),
                   other = I64(row_i64(&rows, pairs[i].other, 0)),
                   since = I64(call->now_ms - (int64_t)(i + 1) * TIME_DAY);
        TRY(store_run(call, &friends_demo_pair, BIND(one, other, since), NULL));
        TRY(store_run(call, &friends_demo_pair, BIND(other, one, since), NULL));
    }
    return store_run(call, &friends_demo_ask,
                     BIND(I64(row_i64(&rows, question.from, 0)),
                          I64(row_i64(&rows, question.to, 0)), I64(call->now_ms - TIME_H)),
                     NULL);
}
