#include "tests/blocks/words.h"

#include <stddef.h>

#include "tests/support/world.h"

#define CHECKED "of a list that the server has, or shaped by its kind"
#define REFERS "names what is there, or whom; nothing of it is kept"
#define SECRET "proves who asks, or that a mail came"
#define KEPT "for telling one's own things apart"
#define WITH_BEN                                                      \
    {                                                                 \
        ANA, "POST", "/api/conversations", "{\"people\":[\"{ben}\"]}" \
    }
#define WITH_BOTH                                                                \
    {                                                                            \
        ANA, "POST", "/api/conversations", "{\"people\":[\"{ben}\",\"{cleo}\"]}" \
    }
#define A_MESSAGE                                          \
    {                                                      \
        ANA, "POST", "/api/conversations/{made}/messages", \
            "{\"cid\":\"first\",\"text\":\"hello\"}"       \
    }
#define ASKED                                                      \
    {                                                              \
        ANA, "POST", "/api/friends/requests", "{\"id\":\"{ben}\"}" \
    }
#define FRIENDS                                                 \
    ASKED,                                                      \
    {                                                           \
        BEN, "POST", "/api/friends/requests/{ana}/accept", "{}" \
    }
#define NO_FRIENDS                                \
    {                                             \
        BEN, "DELETE", "/api/friends/{ana}", NULL \
    }
#define REFUSED                                          \
    {                                                    \
        BEN, "DELETE", "/api/conversations/{made}", NULL \
    }
#define BEN_LOOKS                                                     \
    {                                                                 \
        BEN, "POST", "/api/conversations", "{\"people\":[\"{ana}\"]}" \
    }
#define YES "/api/conversations/{made}/accept"
#define BOOK                                                                \
    {                                                                       \
        BEN, "PUT", "/api/me/home",                                         \
            "{\"style\":\"plain\",\"version\":0,\"audience\":\"everyone\"," \
            "\"blocks\":[{\"kind\":\"guestbook\"}]}"                        \
    }
#define A_ROOM                                                                                \
    {                                                                                         \
        ANA, "POST", "/api/rooms",                                                            \
            "{\"name\":\"Somewhere\",\"scene\":\"cafe\",\"language\":\"en\",\"capacity\":10," \
            "\"visibility\":\"public\"}"                                                      \
    }
#define PASSKEY "passkey.id passkey.client_data passkey.auth_data passkey.signature passkey.user"

/* clang-format off: a table reads as a table */
const struct words_row words_rows[] = {
    {"POST /api/age", "country", WORDS_NOBODY, CHECKED},
    {"POST /api/accounts", "avatar_name", WORDS_NAME, "names.h"},
    {"POST /api/accounts", "country avatar", WORDS_NOBODY, CHECKED},
    {"POST /api/accounts",
     "password passkey.client_data passkey.attestation passkey.transports"
     " provider_ticket invite",
     WORDS_NOBODY, SECRET},
    {"POST /api/accounts", "passkey.label email real_name", WORDS_OWN, KEPT},
    {"POST /api/claims", "avatar_name", WORDS_NAME, "names.h"},
    {"POST /api/claims", "country", WORDS_NOBODY, CHECKED},
    {"POST /api/claims", "password invite", WORDS_NOBODY, SECRET},
    {"POST /api/claims", "email", WORDS_OWN, KEPT},
    {"PATCH /api/me", "country", WORDS_NOBODY, CHECKED},
    {"PATCH /api/me", "real_name", WORDS_OWN, KEPT},
    {"PUT /api/me/avatar", "avatar", WORDS_NOBODY, CHECKED},
    {"PUT /api/me/password", "current password", WORDS_NOBODY, SECRET},
    {"POST /api/me/name/hold", "name", WORDS_NAME, "names.h"},
    {"POST /api/admin/accounts/{id}/end", "reason", WORDS_OF_STAFF, "why somebody's account ended"},
    {"PUT /api/me/email", "email", WORDS_OWN, KEPT},
    {"POST /api/verifications", "ticket", WORDS_NOBODY, SECRET},
    {"POST /api/undos", "ticket", WORDS_NOBODY, SECRET},
    {"POST /api/resets", "email", WORDS_NOBODY, REFERS},
    {"POST /api/passwords", "ticket password", WORDS_NOBODY, SECRET},
    {"POST /api/blocks", "name id", WORDS_NOBODY, REFERS},
    {"POST /api/factors/app/confirm", "code", WORDS_NOBODY, SECRET},
    {"POST /api/friends/requests", "id", WORDS_NOBODY, REFERS},
    {"POST /api/friends/requests", "note", WORDS_HELD, "before they are friends",
     .path = "/api/friends/requests", .json = "{\"id\":\"{ben}\",\"note\":\"{words}\"}",
     .yes = "/api/friends/requests/{ana}/accept"},
    {"POST /api/guardians", "avatar_name", WORDS_NAME, "names.h"},
    {"POST /api/guardians", "parent_email", WORDS_PARENT, "who is asked"},
    {"POST /api/guardians", "country", WORDS_NOBODY, CHECKED},
    {"POST /api/guardians", "invite", WORDS_NOBODY, SECRET},
    {"POST /api/guardians/waiting", "code", WORDS_NOBODY, SECRET},
    {"POST /api/guardians/join", "code password", WORDS_NOBODY, SECRET},
    {"POST /api/guardians/join", "email real_name", WORDS_OWN, KEPT},
    {"POST /api/guardians/join", "avatar", WORDS_NOBODY, CHECKED},
    {"POST /api/guardians/again", "code", WORDS_NOBODY, SECRET},
    {"POST /api/parents/open", "link", WORDS_NOBODY, SECRET},
    {"POST /api/parents/answer", "link when", WORDS_NOBODY, SECRET},
    {"POST /api/parents/form", "ticket", WORDS_NOBODY, SECRET},
    {"POST /api/parents/form", "(file)", WORDS_STAFF, "a signed form that an officer reads"},
    {"POST /api/parents/end", "link", WORDS_NOBODY, SECRET},
    {"POST /api/parents/back", "link", WORDS_NOBODY, SECRET},
    {"POST /api/parents/again", "email", WORDS_NOBODY, REFERS},
    {"PUT /api/me/home", "blocks.text", WORDS_PLACE, "one's own page", .path = "/api/me/home",
     .json = "{\"style\":\"plain\",\"version\":0,\"audience\":\"everyone\","
             "\"blocks\":[{\"kind\":\"text\",\"text\":\"{words}\"}]}",
     .before = {ASKED}, .seen = "GET /api/people/{id}/home"},
    {"PUT /api/me/home", "blocks.room", WORDS_NOBODY, REFERS},
    {"POST /api/people/{id}/guestbook", "text", WORDS_HELD, "in whose book it is",
     .path = "/api/people/{ben}/guestbook", .json = "{\"text\":\"{words}\"}", .before = {BOOK},
     .yes = "/api/guestbook/{made}/accept"},
    {"POST /api/me/mail/check", "code", WORDS_NOBODY, SECRET},
    {"POST /api/mail/unsubscribe/{ticket}", "(file)", WORDS_NOBODY, "is not read"},
    {"POST /api/mail/topic", "ticket", WORDS_NOBODY, SECRET},
    {"POST /api/mail/bounces", "secret to", WORDS_NOBODY, SECRET},
    {"POST /api/conversations", "people", WORDS_NOBODY, REFERS},
    {"POST /api/conversations", "name", WORDS_HELD, "of a group", .path = "/api/conversations",
     .json = "{\"people\":[\"{ben}\",\"{cleo}\"],\"name\":\"{words}\"}", .yes = YES},
    {"PATCH /api/conversations/{id}", "name", WORDS_HELD, "of a group",
     .path = "/api/conversations/{made}", .json = "{\"name\":\"{words}\"}", .before = {WITH_BOTH},
     .yes = YES},
    {"POST /api/conversations/{id}/people", "person", WORDS_NOBODY, REFERS},
    {"POST /api/conversations/{id}/messages", "mentions", WORDS_NOBODY, REFERS},
    {"POST /api/conversations/{id}/messages", "text", WORDS_HELD, "the first words",
     .path = "/api/conversations/{made}/messages", .json = "{\"cid\":\"c\",\"text\":\"{words}\"}",
     .before = {WITH_BEN}, .yes = YES},
    {"POST /api/conversations/{id}/messages", "text", WORDS_HELD, "in a group, about him",
     .path = "/api/conversations/{made}/messages",
     .json = "{\"cid\":\"c\",\"text\":\"{words}\",\"mentions\":[\"{ben}\"]}", .before = {WITH_BOTH},
     .yes = YES},
    {"POST /api/conversations/{id}/messages", "text", WORDS_REFUSED, "also where he opened it",
     .path = "/api/conversations/{made}/messages", .json = "{\"cid\":\"c\",\"text\":\"{words}\"}",
     .before = {WITH_BEN, A_MESSAGE, REFUSED, BEN_LOOKS}},
    {"POST /api/conversations/{id}/messages", "text", WORDS_HELD, "of who was a friend",
     .path = "/api/conversations/{made}/messages", .json = "{\"cid\":\"c\",\"text\":\"{words}\"}",
     .before = {WITH_BEN, FRIENDS, A_MESSAGE, NO_FRIENDS}, .yes = YES},
    {"POST /api/conversations/{id}/messages", "cid", WORDS_OWN, "finds the answer to what one sent",
     .path = "/api/conversations/{made}/messages",
     .json = "{\"cid\":\"{words}\",\"text\":\"hello\"}", .before = {WITH_BEN}},
    {"PATCH /api/conversations/{id}/messages/{seq}", "text", WORDS_HELD, "said anew",
     .path = "/api/conversations/{made}/messages/1", .json = "{\"text\":\"{words}\"}",
     .before = {WITH_BEN, A_MESSAGE}, .yes = YES},
    {"PATCH /api/conversations/{id}/messages/{seq}", "text", WORDS_HELD, "of who was a friend",
     .path = "/api/conversations/{made}/messages/1", .json = "{\"text\":\"{words}\"}",
     .before = {WITH_BEN, FRIENDS, A_MESSAGE, NO_FRIENDS}, .yes = YES},
    {"PUT /api/me/notices", "zone", WORDS_NOBODY, CHECKED},
    {"POST /api/push", "endpoint p256dh auth", WORDS_OWN, "one's own browser"},
    {"POST /api/passkeys", "passkey.client_data passkey.attestation passkey.transports",
     WORDS_NOBODY, SECRET},
    {"POST /api/passkeys", "passkey.label", WORDS_OWN, KEPT},
    {"PATCH /api/passkeys/{id}", "label", WORDS_OWN, KEPT},
    {"POST /api/sessions", "name password", WORDS_NOBODY, SECRET},
    {"POST /api/sessions/passkey", PASSKEY, WORDS_NOBODY, SECRET},
    {"POST /api/sessions/second", "ticket code recovery", WORDS_NOBODY, SECRET},
    {"POST /api/sessions/second/passkey/options", "ticket", WORDS_NOBODY, SECRET},
    {"POST /api/sessions/second/passkey", "ticket " PASSKEY, WORDS_NOBODY, SECRET},
    {"POST /api/sessions/current/passkey", PASSKEY, WORDS_NOBODY, SECRET},
    {"POST /api/sessions/current/proof", "password code recovery", WORDS_NOBODY, SECRET},
    {"PUT /api/me/profile", "fields.value", WORDS_PLACE, "one's own page",
     .path = "/api/me/profile",
     .json = "{\"version\":0,\"fields\":[{\"name\":\"display_name\","
             "\"value\":\"{words}\",\"audience\":\"everyone\"},{\"name\":\"about\",\"value\":\"{"
             "words}\","
             "\"audience\":\"everyone\"}]}",
     .before = {ASKED}, .seen = "GET /api/people/{id}"},
    {"POST /api/providers/back", "state code iss error", WORDS_NOBODY, SECRET},
    {"POST /api/people/{id}/report", "text", WORDS_STAFF, "an officer reads it",
     .path = "/api/people/{ben}/report", .json = "{\"reason\":\"hate\",\"text\":\"{words}\"}"},
    {"POST /api/rooms/{id}/report", "text", WORDS_STAFF, "an officer reads it",
     .path = "/api/rooms/{made}/report", .json = "{\"reason\":\"hate\",\"text\":\"{words}\"}",
     .before = {{BEN, "POST", "/api/rooms",
                 "{\"name\":\"Bens\",\"scene\":\"lounge\",\"language\":\"en\"}"}}},
    {"POST /api/conversations/{id}/messages/{seq}/report", "text", WORDS_STAFF,
     "an officer reads it", .path = "/api/conversations/{made}/messages/1/report",
     .json = "{\"reason\":\"hate\",\"text\":\"{words}\"}",
     .before = {{BEN, "POST", "/api/conversations", "{\"people\":[\"{ana}\"]}"},
                {BEN, "POST", "/api/conversations/{made}/messages",
                 "{\"cid\":\"b\",\"text\":\"no\"}"}}},
    {"POST /api/staff/reports/{id}/decision", "why", WORDS_OF_STAFF,
     "whose page was emptied, or who was warned"},
    {"POST /api/rooms", "scene", WORDS_NOBODY, CHECKED},
    {"POST /api/rooms", "name", WORDS_PLACE, "a room that everybody may go to",
     .path = "/api/rooms",
     .json = "{\"name\":\"{words}\",\"scene\":\"cafe\",\"language\":\"en\","
             "\"capacity\":10,\"visibility\":\"public\"}",
     .before = {ASKED}, .seen = "GET /api/rooms GET /api/rooms/{id}"},
    {"PATCH /api/rooms/{id}", "scene", WORDS_NOBODY, CHECKED},
    {"PATCH /api/rooms/{id}", "name", WORDS_PLACE, "a room that everybody may go to",
     .path = "/api/rooms/{made}", .json = "{\"name\":\"{words}\"}", .before = {A_ROOM, ASKED},
     .seen = "GET /api/rooms GET /api/rooms/{id}"},
    {"POST /api/rooms/{id}/remove", "account", WORDS_NOBODY, REFERS},
    {"POST /api/tokens", "label", WORDS_OWN, KEPT},
    {"POST /api/staff/cases/{id}/decision", "reason shown", WORDS_OF_STAFF, "the parent and child"},
    {"POST /api/admin/staff", "avatar_name", WORDS_NOBODY, REFERS},
    {"live", "t room", WORDS_NOBODY, REFERS},
    {"live", "cid", WORDS_OWN, "finds the answer to what one sent"},
    {"live", "text", WORDS_PLACE, "a room, for who is in it"},
    {NULL},
};
/* clang-format on */
