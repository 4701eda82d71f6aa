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
struct list {
    struct json_list items;
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
JSON_SHAPE(faces, "provider_list", struct list, J_LIST(struct list, items, &face, PROVIDERS_MAX));
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
JSON_SHAPE(linked_list, "provider_linked_list", struct list,
           J_LIST(struct list, items, &linked, PROVIDERS_MAX));

static const char *words_in(const struct call *call, const struct provider_words *words)
{
    return strcmp(call->actor.language, "id") == 0 ? words->id : words->en;
}

static enum err get_providers(struct call *call, const void *in UNUSED, void *out)
{
    struct list *list = out;
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
    list->items = (struct json_list){all, count};
    return OK;
}

static enum err set_out(struct call *call, const void *in, void *out,
                        enum providers_purpose purpose)
{
    return providers_set_out(call, in, purpose, call->state, &((struct place *)out)->url);
}

static enum err prepare_sign_in(struct call *call, const void *in, void *out)
{
    return set_out(call, in, out, PROVIDERS_SIGN_IN);
}

static enum err prepare_link(struct call *call, const void *in, void *out)
{
    return set_out(call, in, out, PROVIDERS_LINK);
}

static enum err prepare_prove(struct call *call, const void *in, void *out)
{
    return set_out(call, in, out, PROVIDERS_PROVE);
}

static enum err apply_set_out(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return providers_set_out_apply(call, call->state);
}

static enum err look_back(struct call *call, const void *in, void *out UNUSED)
{
    return providers_back_look(call, in, call->state);
}

static enum err prepare_back(struct call *call, const void *in, void *out UNUSED)
{
    return providers_back_prepare(call, in, call->state);
}

static enum err look_back_again(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return providers_back_look_again(call, call->state);
}

static enum err prepare_back_again(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return providers_back_prepare_again(call, call->state);
}

static enum err apply_back(struct call *call, const void *in, void *out)
{
    return providers_back_apply(call, in, call->state, out);
}

static enum err finish_back(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return providers_back_finish(call, call->state);
}

static enum err get_linked(struct call *call, const void *in UNUSED, void *out)
{
    struct list *list = out;
    struct providers_linked *all = NULL;
    TRY(providers_list(call, &all, &list->items.count));
    list->items.items = all;
    return OK;
}

static enum err delete_linked(struct call *call, const void *in, void *out UNUSED)
{
    return providers_unlink(call, ((const struct providers_wish *)in)->provider);
}

/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/providers", API_ANYONE, API_TX_NONE, 0, 200, .out = &faces,
     .apply = get_providers,
     .about = "Outside accounts that one may sign in with, and who learns what; contacts nobody."},
    {"POST", "/api/providers/{provider}/sign-in", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 201,
     .in = &wish, .out = &place, .state_size = sizeof(struct providers_start),
     .prepare = prepare_sign_in, .apply = apply_set_out, .limits = {&trips},
     .about = "Set out to sign in with an outside account: where the browser goes next."},
    {"POST", "/api/providers/{provider}/link", API_MEMBER, API_TX_WRITE,
     API_NO_IDEMPOTENCY | API_STEP_UP, 201, .in = &ref, .out = &place,
     .state_size = sizeof(struct providers_start), .prepare = prepare_link, .apply = apply_set_out,
     .limits = {&trips, &changes}, .about = "Set out to link an outside account with one's own."},
    {"POST", "/api/providers/{provider}/prove", API_MEMBER, API_TX_WRITE, API_NO_IDEMPOTENCY, 201,
     .in = &ref, .out = &place, .state_size = sizeof(struct providers_start),
     .prepare = prepare_prove, .apply = apply_set_out, .limits = {&trips, &changes},
     .about = "Set out to prove by a linked outside account that it is still you."},
    {"POST", "/api/providers/back", API_ANYONE, API_TX_WRITE, API_NO_IDEMPOTENCY, 200, .in = &back,
     .out = &arrived, .state_size = sizeof(struct providers_trip), .look = look_back,
     .prepare = prepare_back, .look_again = look_back_again, .prepare_again = prepare_back_again,
     .apply = apply_back, .finish = finish_back, .limits = {&returns},
     .about = "Back from the provider, with what it gave: in, or on to a second factor, to "
              "registering, or to where one came from."},
    {"GET", "/api/me/providers", API_MEMBER, API_TX_READ, 0, 200, .out = &linked_list,
     .apply = get_linked, .about = "The outside accounts that one signs in with."},
    {"DELETE", "/api/me/providers/{provider}", API_MEMBER, API_TX_WRITE, API_STEP_UP, 204,
     .in = &ref, .apply = delete_linked, .limits = {&changes},
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
