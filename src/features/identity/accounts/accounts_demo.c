#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "call/id.h"
#include "features/identity/accounts/accounts.h"
#include "store/store.h"

/*
 * People to meet in a demo world.  Nobody can sign in as them: their passwords
 * are made of chance and forgotten at once.
 */
const char *const accounts_demo_names[] = {"Budi Santoso", "Mia",       "Amara",      "Dewi",
                                           "Leo",          "Siti",      "Ada Mensah", "Lars Holm",
                                           "Priya Raman",  "Otis Bell", "Eun Seo",    "Tomas Vega"};
/* clang-format off: a table reads as a table */
static const struct {
    const char *birth_date, *country, *language;
} people[] = {{"1985-06-15", "ID", "id"}, {"1996-06-15", "SE", "en"}, {"1992-06-15", "GH", "en"},
              {"1994-06-15", "ID", "id"}, {"1990-06-15", "DE", "en"}, {"1988-06-15", "ID", "id"},
              {"1951-06-15", "GH", "en"}, {"1948-06-15", "SE", "en"}, {"1983-06-15", "IN", "en"},
              {"1991-06-15", "GB", "en"}, {"1999-06-15", "KR", "en"}, {"1979-06-15", "ES", "en"}};
/* clang-format on */
_Static_assert(COUNT(people) == ACCOUNTS_DEMO_PEOPLE && COUNT(accounts_demo_names) == COUNT(people),
               "each has a name");

struct accounts_demo {
    struct accounts_new wishes[COUNT(people)];
    struct accounts_draft drafts[COUNT(people)];
};

/* sees: server - whom a demo is filled for; nobody is shown it */
SQL(accounts_demo_members, "SELECT id, key_id FROM account WHERE avatar_name = $1");
COLUMNS(MEMBER_ID, MEMBER_KEY_ID);

enum err accounts_demo_people(struct call *call,
                              struct accounts_demo_person ret[ACCOUNTS_DEMO_PEOPLE])
{
    for (size_t i = 0; i < ACCOUNTS_DEMO_PEOPLE; i++) {
        struct rows rows;
        TRY(store_run(call, &accounts_demo_members, BIND(TEXT(accounts_demo_names[i])), &rows));
        ASSERT_START(rows.count == 1);
        ret[i] = (struct accounts_demo_person){row_i64(&rows, 0, MEMBER_ID),
                                               row_i64(&rows, 0, MEMBER_KEY_ID)};
    }
    return OK;
}

enum err accounts_demo_prepare(struct call *call, struct accounts_demo **ret)
{
    struct accounts_demo *demo = *ret = arena_alloc(call->arena, sizeof(**ret));
    for (size_t i = 0; i < COUNT(people); i++) {
        uint8_t chance[SECRET_LEN];
        char password[64];
        struct accounts_new *wish = &demo->wishes[i];
        crypto_random(chance, sizeof(chance));
        crypto_base64url(chance, sizeof(chance), password);
        *wish = (struct accounts_new){
            .avatar_name = accounts_demo_names[i],
            .password = arena_text(call->arena, password, strlen(password)),
            .email = arena_printf(call->arena, "person%zu@demo.invalid", i + 1),
            .birth_date = people[i].birth_date,
            .country = people[i].country,
            .language = people[i].language,
        };
        demo->drafts[i].role = "member";
        demo->drafts[i].no_letter = true;
        TRY(accounts_prepare_any(call, wish, &demo->drafts[i]));
        TRY(looks_take(call, accounts_demo_looks[i], &demo->drafts[i].look.recipe));
        TRY(looks_seal(call, &demo->drafts[i].look));
        demo->drafts[i].state = "active";
    }
    return OK;
}

enum err accounts_demo(struct call *call, struct accounts_demo *demo)
{
    for (size_t i = 0; i < COUNT(people); i++) {
        TRY(accounts_add(call, &demo->wishes[i], &demo->drafts[i]));
    }
    return OK;
}
