#ifndef TESTS_SUPPORT_PARENTS_H
#define TESTS_SUPPORT_PARENTS_H

#include "tests/support/world.h"

/* A child that asks a parent, for tests of guardians and staff; with the features' own sign-in. */
#define ASK                                                                              \
    "{\"birth_date\":\"2012-06-05\",\"country\":\"DE\",\"avatar_name\":\"Rotkehlchen\"," \
    "\"parent_email\":\"mutter@example.org\"}"
#define ANSWER(method_)                                                              \
    "{\"link\":\"parents-link\",\"account\":true,\"chat\":true,\"marketing\":false," \
    "\"performance\":false,\"method\":\"" method_ "\"}"
#define LINK "{\"link\":\"parents-link\"}"
#define JOIN                                                                  \
    "{\"password\":\"grey tram over kelapa\",\"email\":\"kind@example.org\"," \
    "\"marketing\":true}"

/* Everybody is signed in as world_send says; ADA and BEN by a passkey; BEN and CLEO
 * are moderators and privacy officers, ADA an administrator and in support. */
void parents_begin(struct world *w);
/* And a child asks; the link of the mail is made "parents-link". */
void parents_ask(struct world *w);
/* The link of whoever asked becomes "parents-link". */
void parents_link(struct world *w);
/* The claim's cookie of the last answer is the child's from now on. */
void parents_keep_claim(struct world *w);
int parents_as_child(struct world *w, const char *path, const char *json);
void parents_run_jobs(struct world *w);
/* BEN decides on the case of this path, with `rest` of the input, as it stands now. */
int parents_decide(struct world *w, const char *path, const char *rest);
bool parents_key_lives(struct world *w, int64_t key_id);
void parents_nothing_is_left(struct world *w, int64_t key_id);

#endif
