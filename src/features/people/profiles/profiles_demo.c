#include "base/arena.h"
#include "features/identity/accounts/accounts.h"
#include "features/people/profiles/profiles.h"
#include "store/store.h"

/* What the people of a demo say of themselves, by their place in accounts_demo_names. */
static const struct {
    int person;
    const char *field, *value, *audience;
} said[] = {
    {0, "languages", "id\njv\nen", "everyone"},
    {0, "about",
     "Penghuni demo ini, menurut naskah. Guru musik di Yogyakarta, malam hari biasanya di kafe.",
     "everyone"},
    {0, "interests", "gamelan\nkopi tubruk\nsepeda", "everyone"},
    {0, "country", NULL, "everyone"},
    {1, "display_name", "Mia of the lanterns", "everyone"},
    {1, "age", NULL, "everyone"},
    {1, "gender", "female", "everyone"},
    {1, "relationship", "together", "friends"},
    {1, "country", NULL, "everyone"},
    {1, "languages", "sv\nen\nid", "everyone"},
    {1, "about",
     "Resident of this demo, by a script. I build small gardens and tall stories.\n\n"
     "Most evenings I am in the garden at dusk; come and sit down.",
     "everyone"},
    {1, "interests", "gardening\nboard games\nnight walks\nsinging", "everyone"},
    {1, "links", "https://example.org/mia", "everyone"},
    {2, "languages", "en\ntw", "everyone"},
    {2, "about",
     "Resident of this demo, by a script. Here for the quiet corners and long conversations.",
     "everyone"},
    {2, "interests", "astronomy\nhighlife\ncooking", "everyone"},
    {3, "display_name", "Dewi si pembaca", "everyone"},
    {3, "languages", "id\nsu", "everyone"},
    {3, "about", "Penghuni demo ini, menurut naskah. Membaca sampai kopinya dingin.", "everyone"},
    {3, "interests", "novel\nhujan\nteh melati", "everyone"},
    {3, "relationship", "single", "friends"},
    {4, "languages", "de\nen", "everyone"},
    {4, "about", "Resident of this demo, by a script. Plays the bass, badly, with great joy.",
     "everyone"},
    {4, "gender", "male", "everyone"},
    {5, "languages", "id\nms", "everyone"},
    {5, "about", "Penghuni demo ini, menurut naskah. Suka anggrek dan teka-teki silang.",
     "everyone"},
    {6, "about", "Resident of this demo, by a script. Knows every proverb, and when to use it.",
     "everyone"},
    {7, "about", "Resident of this demo, by a script. Builds model boats that mostly float.",
     "everyone"},
    {8, "about", "Resident of this demo, by a script. Dresses for the feast, whichever it is.",
     "everyone"},
    {9, "about", "Resident of this demo, by a script. Collects sounds of cities.", "everyone"},
    {10, "about", "Resident of this demo, by a script. Draws comics about very small dragons.",
     "everyone"},
    {11, "about", "Resident of this demo, by a script. Tells a film so that you see it.",
     "everyone"},
};

struct profiles_demo {
    struct accounts_demo_person people[ACCOUNTS_DEMO_PEOPLE];
    struct sealed sealed[COUNT(said)];
};

SQL(profiles_demo_first, "INSERT INTO profile (account_id, version, changed_ms)"
                         " VALUES ($1, 1, $2) ON CONFLICT (account_id) DO NOTHING");
SQL(profiles_demo_say, "INSERT INTO profile_field (account_id, field, value_ct, audience)"
                       " VALUES ($1, $2, $3, $4)");

enum err profiles_demo_look(struct call *call, struct profiles_demo **ret)
{
    *ret = arena_alloc(call->arena, sizeof(**ret));
    return accounts_demo_people(call, (*ret)->people);
}

enum err profiles_demo_prepare(struct call *call, struct profiles_demo *demo)
{
    ASSERT_CODE(!call->tx);
    for (size_t i = 0; i < COUNT(said); i++) {
        if (said[i].value) {
            TRY(sealed_text(call, demo->people[said[i].person].key_id, "profile_field.value_ct",
                            said[i].value, &demo->sealed[i]));
        }
    }
    return OK;
}

enum err profiles_demo(struct call *call, const struct profiles_demo *demo)
{
    for (size_t i = 0; i < COUNT(said); i++) {
        struct val who = I64(demo->people[said[i].person].account_id);
        TRY(store_run(call, &profiles_demo_first, BIND(who, I64(call->now_ms)), NULL));
        TRY(store_run(
            call, &profiles_demo_say,
            BIND(who, TEXT(said[i].field), SEALED(demo->sealed[i]), TEXT(said[i].audience)), NULL));
    }
    return OK;
}
