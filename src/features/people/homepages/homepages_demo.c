#include "base/arena.h"
#include "base/time.h"
#include "call/id.h"
#include "features/identity/accounts/accounts.h"
#include "features/people/homepages/homepages.h"
#include "store/store.h"

/* Mia's page and who wrote into her guest book; the numbers are places in profiles_demo.c. */
enum { MIA = 1, BETWEEN_HOURS = 7 };
static const struct {
    const char *kind, *text;
} blocks[] = {
    {"text", "Welcome! I am the one who lights the lanterns.\n\n"
             "Sit down wherever you like. The bench under the oak is the best place, if the owl"
             " has not taken it."},
    {"text", "This week: a reading on Thursday, a long table on Friday, and on Sunday we plant"
             " whatever you bring."},
    {"friends", NULL},
    {"guestbook", NULL},
};
static const struct {
    int person;
    const char *text;
} entries[] = {
    {4, "I have never seen a garden with so many lanterns. I will be back with my bass."},
    {3, "Terima kasih untuk sore yang tenang. Bangku di bawah pohon itu juara!"},
    {0, "Sampai jumpa di meja panjang hari Jumat."},
    {2, "The owl says hello."},
};

struct homepages_demo {
    struct accounts_demo_person people[ACCOUNTS_DEMO_PEOPLE];
    struct sealed texts[COUNT(blocks)], bodies[COUNT(entries)];
};

SQL(homepages_demo_page, "INSERT INTO home (account_id, style, version, changed_ms)"
                         " VALUES ($1, 'dawn', 1, $2)");
SQL(homepages_demo_block, "INSERT INTO home_block (account_id, place, kind, body_ct)"
                          " VALUES ($1, $2, $3, $4)");
SQL(homepages_demo_entry, "INSERT INTO home_entry (id, owner_id, writer_id, body_ct, at_ms)"
                          " VALUES ($1, $2, $3, $4, $5)");

enum err homepages_demo_look(struct call *call, struct homepages_demo **ret)
{
    *ret = arena_alloc(call->arena, sizeof(**ret));
    return accounts_demo_people(call, (*ret)->people);
}

enum err homepages_demo_prepare(struct call *call, struct homepages_demo *demo)
{
    ASSERT_CODE(!call->tx);
    for (size_t i = 0; i < COUNT(blocks); i++) {
        if (blocks[i].text) {
            TRY(sealed_text(call, demo->people[MIA].key_id, "home_block.body_ct", blocks[i].text,
                            &demo->texts[i]));
        }
    }
    for (size_t i = 0; i < COUNT(entries); i++) {
        TRY(sealed_text(call, demo->people[entries[i].person].key_id, "home_entry.body_ct",
                        entries[i].text, &demo->bodies[i]));
    }
    return OK;
}

enum err homepages_demo(struct call *call, const struct homepages_demo *demo)
{
    struct val mia = I64(demo->people[MIA].account_id);
    TRY(store_run(call, &homepages_demo_page, BIND(mia, I64(call->now_ms)), NULL));
    for (size_t i = 0; i < COUNT(blocks); i++) {
        TRY(store_run(call, &homepages_demo_block,
                      BIND(mia, I64((int64_t)i), TEXT(blocks[i].kind), SEALED(demo->texts[i])),
                      NULL));
    }
    for (size_t i = 0; i < COUNT(entries); i++) {
        int64_t ago_ms = (int64_t)(COUNT(entries) - i) * BETWEEN_HOURS * TIME_H;
        TRY(store_run(call, &homepages_demo_entry,
                      BIND(I64(id_at(call->now_ms - ago_ms) + 1), mia,
                           I64(demo->people[entries[i].person].account_id), SEALED(demo->bodies[i]),
                           I64(call->now_ms - ago_ms)),
                      NULL));
    }
    return OK;
}
