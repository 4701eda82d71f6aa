#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/time.h"
#include "base/web_link.h"
#include "features/identity/providers/providers.h"

/* A trip costs questions to the provider; 10 in 5 minutes from one address, then work. */
static const struct api_limit trips = {"providers", 10, 5 * TIME_MIN, .address = true};
static const struct api_limit returns = {"providers back", 30, 5 * TIME_MIN, .address = true};
static const struct api_limit changes = {"providers change", 30, TIME_H};

struct offered {
    const char *id, *name, *host, *learns, *gets, *terms_url, *privacy_url;
};
struct place {
    const char *url;
};

JSON_SHAPE(face, "provider", struct offered, J_TEXT(struct offered, id, 1, 32),
           J_TEXT(struct offered, name, 1, 40),
           J_TEXT(struct offered, host, 1, 255, .about = "who is contacted"),
           J_TEXT(struct offered, learns, 1, 1000, .flags = JSON_OPTIONAL | JSON_OMIT,
                  .about = "what the provider learns, in the operator's words"),
           J_TEXT(struct offered, gets, 1, 1000, .flags = JSON_OPTIONAL | JSON_OMIT,
                  .about = "what this site gets"),
           J_TEXT(struct offered, terms_url, 1, 500, .flags = JSON_OPTIONAL | JSON_OMIT),
           J_TEXT(struct offered, privacy_url, 1, 500, .flags = JSON_OPTIONAL | JSON_OMIT));
JSON_ITEMS(faces, "provider_list", face, PROVIDERS_MAX);
JSON_SHAPE(wish, "provider_wish", struct providers_wish,
           J_TEXT(struct providers_wish, provider, 1, 32),
           J_BOOL(struct providers_wish, remember, .flags = JSON_OPTIONAL),
           J_BOOL(struct providers_wish, reopen, .flags = JSON_OPTIONAL,
                  .about = "after `sessions.closed`: open my account again"));
JSON_SHAPE(ref, "provider_ref", struct providers_wish,
           J_TEXT(struct providers_wish, provider, 1, 32));
JSON_SHAPE(place, "provider_place", struct place,
           J_TEXT(struct place, url, 1, 4000, .flags = JSON_SECRET,
                  .about = "where the browser goes next"));
JSON_SHAPE(back, "provider_back", struct providers_back,
           J_TEXT(struct providers_back, state, 1, TICKET_TEXT_MAX, .flags = JSON_SECRET),
           J_TEXT(struct providers_back, code, 1, PROVIDERS_CODE_MAX,
                  .flags = JSON_OPTIONAL | JSON_SECRET),
           J_TEXT(struct providers_back, iss, 1, 500, .flags = JSON_OPTIONAL),
           J_TEXT(struct providers_back, error, 1, 100, .flags = JSON_OPTIONAL));
JSON_SHAPE(arrived, "provider_arrived", struct providers_arrived,
           J_CHOICE(struct providers_arrived, status, "in second unknown linked proved"),
           J_TEXT(struct providers_arrived, provider, 1, 32),
           J_TEXT(struct providers_arrived, name, 1, 40),
           J_TEXT(struct providers_arrived, ticket, 1, TICKET_TEXT_MAX,
                  .flags = JSON_OPTIONAL | JSON_OMIT | JSON_SECRET,
                  .about = "for the second factor, or for registering"),
           J_TEXT(struct providers_arrived, ways, 1, 64, .flags = JSON_OPTIONAL | JSON_OMIT));
JSON_SHAPE(linked, "provider_linked", struct providers_linked,
           J_TEXT(struct providers_linked, provider, 1, 32),
           J_TEXT(struct providers_linked, name, 1, 40), J_TIME(struct providers_linked, since_ms),
           J_TIME(struct providers_linked, used_ms));
JSON_ITEMS(linked_list, "provider_linked_list", linked, PROVIDERS_MAX);

static const char *words_in(const struct call *call, const struct provider_words *words)
{
    return strcmp(call->actor.language, "id") == 0 ? words->id : words->en;
}

STEPS(get_providers, none, faces, struct none, apply);
STEP(get_providers, apply)
{
    size_t count = providers_count(call->providers);
    struct offered *all = arena_alloc(call->arena, (count + 1) * sizeof(*all));
    for (size_t i = 0; i < count; i++) {
        const struct provider *one = providers_at(call->providers, i);
        struct web_link issuer = {0};
        (void)web_link_read(one->issuer, &issuer); /* checked at the start */
        all[i] = (struct offered){
            .id = one->id,
            .name = one->name,
            .host = arena_printf(call->arena, "%s", web_link_site(&issuer)),
            .learns = words_in(call, &one->learns),
            .gets = words_in(call, &one->gets),
            .terms_url = one->terms_url,
            .privacy_url = one->privacy_url,
        };
    }
    JSON_LIST_SET(out->items, all, count);
    return OK;
}

STEPS(sign_in, wish, place, struct providers_start, prepare, apply);
STEP_IS(sign_in, prepare, providers_set_out(call, in, PROVIDERS_SIGN_IN, state, &out->url));
STEP_IS(sign_in, apply, providers_set_out_apply(call, state));

STEPS(link, ref, place, struct providers_start, prepare, apply);
STEP_IS(link, prepare, providers_set_out(call, in, PROVIDERS_LINK, state, &out->url));
STEP_IS(link, apply, providers_set_out_apply(call, state));

STEPS(prove, ref, place, struct providers_start, prepare, apply);
STEP_IS(prove, prepare, providers_set_out(call, in, PROVIDERS_PROVE, state, &out->url));
STEP_IS(prove, apply, providers_set_out_apply(call, state));

STEPS(back, back, arrived, struct providers_trip, look, prepare, look_again, prepare_again, apply,
      finish);
STEP_IS(back, look, providers_back_look(call, in, state));
STEP_IS(back, prepare, providers_back_prepare(call, in, state));
STEP_IS(back, look_again, providers_back_look_again(call, state));
STEP_IS(back, prepare_again, providers_back_prepare_again(call, state));
STEP_IS(back, apply, providers_back_apply(call, in, state, out));
STEP_IS(back, finish, providers_back_finish(call, state));

STEPS(get_linked, none, linked_list, struct none, apply);
STEP(get_linked, apply)
{
    struct providers_linked *all = NULL;
    TRY(providers_list(call, &all, &out->items.count));
    out->items.items = all;
    return OK;
}

STEPS(delete_linked, ref, none, struct none, apply);
STEP_IS(delete_linked, apply, providers_unlink(call, in->provider));

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/providers", API_ANYONE, API_TX_NONE, 0, 200, &get_providers_steps,
     .about = "Outside accounts that one may sign in with, and who learns what; contacts nobody."},
    {"POST", "/api/providers/{provider}/sign-in", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 201,
     &sign_in_steps, .limits = {&trips},
     .about = "Set out to sign in with an outside account: where the browser goes next."},
    {"POST", "/api/providers/{provider}/link", API_MEMBER, API_TX_WRITE,
     API_NO_IDEMPOTENCY | API_STEP_UP, 201, &link_steps, .limits = {&trips, &changes},
     .about = "Set out to link an outside account with one's own."},
    {"POST", "/api/providers/{provider}/prove", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 201,
     &prove_steps, .limits = {&trips, &changes},
     .about = "Set out to prove by a linked outside account that it is still you."},
    {"POST", "/api/providers/back", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 200, &back_steps,
     .limits = {&returns},
     .about = "Back from the provider, with what it gave: in, or on to a second factor, to "
              "registering, or to where one came from."},
    {"GET", "/api/me/providers", API_MEMBER, API_TX_READ, 0, 200, &get_linked_steps,
     .about = "The outside accounts that one signs in with."},
    {"DELETE", "/api/me/providers/{provider}", API_MEMBER, API_TX_WRITE, API_STEP_UP, 204,
     &delete_linked_steps, .limits = {&changes},
     .about = "Take the link to an outside account away; not the last way in."},
    {0},
};
static const struct mail_kind mails[] = {
    {"providers.joined", NULL, 3 * TIME_DAY, "An outside account was linked."},
    {"providers.parted", NULL, 3 * TIME_DAY, "The link to an outside account was taken away."},
    {0},
};
/* clang-format on */

extern const struct feature providers_feature; /* named in features.gen.c */
const struct feature providers_feature = {.name = "providers", .routes = routes, .mails = mails};
