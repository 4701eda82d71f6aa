#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "features/accounts/accounts.h"

/*
 * People to meet in a demo world.  Nobody can sign in as them: their passwords
 * are made of chance and forgotten at once.
 */
static const struct {
    const char *name, *avatar, *country, *language;
} people[] = {
    {"Budi Santoso", "budi", "ID", "id"}, {"Mia", "mia", "SE", "en"},
    {"Amara", "amara", "GH", "en"},       {"Dewi", "nia", "ID", "id"},
    {"Leo", "leo", "DE", "en"},           {"Siti", "siti", "ID", "id"},
};

struct demo_state {
    struct accounts_new wishes[COUNT(people)];
    struct accounts_draft drafts[COUNT(people)];
};

enum err accounts_demo_prepare(struct call *call)
{
    struct demo_state *state = arena_alloc(call->arena, sizeof(*state));
    call->state = state;
    for (size_t i = 0; i < COUNT(people); i++) {
        uint8_t chance[SECRET_LEN];
        char password[64];
        struct accounts_new *wish = &state->wishes[i];
        crypto_random(chance, sizeof(chance));
        crypto_base64url(chance, sizeof(chance), password);
        *wish = (struct accounts_new){
            .avatar_name = people[i].name,
            .password = arena_text(call->arena, password, strlen(password)),
            .email = arena_printf(call->arena, "person%zu@demo.invalid", i + 1),
            .birth_date = arena_printf(call->arena, "199%zu-06-15", i),
            .country = people[i].country,
            .language = people[i].language,
            .avatar = people[i].avatar,
        };
        state->drafts[i].role = "member";
        state->drafts[i].no_letter = true;
        TRY(accounts_prepare_any(call, wish, &state->drafts[i]));
        state->drafts[i].state = "active";
    }
    return OK;
}

enum err accounts_demo(struct call *call)
{
    struct demo_state *state = call->state;
    for (size_t i = 0; i < COUNT(people); i++) {
        TRY(accounts_add(call, &state->wishes[i], &state->drafts[i]));
    }
    return OK;
}
