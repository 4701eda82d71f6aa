#include "base/time.h"
#include "features/identity/accounts/accounts.h"
#include "features/people/friends/friends.h"
#include "store/store.h"

/* A few friendships among the people of a demo world, who all want to be found, and one
 * question; the numbers are those of accounts_demo.c. */
static const struct {
    uint8_t one, other;
} pairs[] = {{0, 1}, {0, 3}, {1, 2}, {1, 4}, {3, 5}};
static const struct {
    uint8_t from, to;
} question = {4, 5};

SQL(friends_demo_pair, "INSERT INTO friendship (account_id, friend_id, since_ms)"
                       " VALUES ($1, $2, $3)");
SQL(friends_demo_findable, "INSERT INTO people_choice (account_id, messages, join_me, findable,"
                           " invisible) VALUES ($1, 'everyone', 'friends', 'everyone', 0)");
SQL(friends_demo_ask, "INSERT INTO friend_request (from_id, to_id, at_ms) VALUES ($1, $2, $3)");

enum err friends_demo(struct call *call)
{
    struct accounts_demo_person people[ACCOUNTS_DEMO_PEOPLE];
    TRY(accounts_demo_people(call, people));
    for (size_t i = 0; i < COUNT(people); i++) {
        TRY(store_run(call, &friends_demo_findable, BIND(I64(people[i].account_id)), NULL));
    }
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct val one = I64(people[pairs[i].one].account_id),
                   other = I64(people[pairs[i].other].account_id),
                   since = I64(call->now_ms - (int64_t)(i + 1) * TIME_DAY);
        TRY(store_run(call, &friends_demo_pair, BIND(one, other, since), NULL));
        TRY(store_run(call, &friends_demo_pair, BIND(other, one, since), NULL));
    }
    return store_run(call, &friends_demo_ask,
                     BIND(I64(people[question.from].account_id),
                          I64(people[question.to].account_id), I64(call->now_ms - TIME_H)),
                     NULL);
}
