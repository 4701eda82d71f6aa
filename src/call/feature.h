#ifndef CALL_FEATURE_H
#define CALL_FEATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"

/*
 * What a folder under src/features/ brings to the house: rows, which are read by those whom they
 * are for.  Routes and jobs, which are the api's, are declared there (api/api.h), settings in
 * base/settings.h, live events in call/call.h.
 */

/* What mail and push are about, with a switch of its own (features/notify/mail/mail_topics.h). */
struct topic_kind {
    const char *name;  /* "friends": at most MAIL_TOPIC_MAX letters, and no other's */
    const char *text;  /* catalogue: what its switch says */
    const char *why;   /* catalogue: why its mails come, at their end */
    int place;         /* among the switches, the smallest first */
    bool without_push; /* no notice is of it */
};

/* A kind of mail: its words are the catalogue's <name>.subject and so on. */
struct mail_kind {
    const char *name; /* "accounts.verify" */
    /* What it is about (struct topic_kind), with a switch of its own; NULL: the law or the account
     * needs it, it is always sent and has no unsubscribe. */
    const char *topic;
    int64_t life_ms; /* not sent any more after this: a link that has ended helps nobody */
    const char *about;
};

/* A kind of notice: its words are the catalogue's <name>.notice. */
struct notice_kind {
    const char *name; /* "friends.asked" */
    /* As of mails: the switch that it belongs to, in mail and push.  NULL: the member
     * asked for it just now; it has no switch, is pushed in quiet hours, too, and never mailed. */
    const char *topic;
    const char *path; /* where it leads: "/messages/{target}" */
    const char *about;
    bool mailed; /* whoever posts it sends its mail: the one that gathers leaves it out */
};

/*
 * What a feature does when an account ends, in the transaction of it: a row of the feature (struct
 * feature).  Most need none: what happens to their rows stands in the inventory, and the plan made
 * from it does it (privacy/erasure.h).
 */
enum { ENDING_BATCH = 500 }; /* rows that go in one transaction, about */

struct account_erased {
    int64_t account_id, key_id;
};

struct account_erasing {
    const char *table;
    enum err (*before)(struct call *call, const struct account_erased *whose);
};

struct account_ending {
    /* The ways in end: closed, ended by staff, the password set anew.  May be NULL. */
    enum err (*shut)(struct call *call, int64_t account_id);
    /* When it is erased, what is more than rows: before each piece of a step on that table, so
     * more than once.  Ends with an empty row; may be NULL. */
    const struct account_erasing *erasing;
};

struct api_route;
struct api_sign_in;
struct api_steps;
struct capture_kind; /* features/common/captures/captures.h */
struct desk;         /* features/common/desks/desks.h */
struct job_kind;
struct live_answers;
struct request_kind; /* features/safety/requests/requests.h */
struct setting_group;

/* What one folder under src/features/ gives to the server.  The index of all is made by tools/. */
struct feature {
    const char *name;
    const struct api_route *routes;       /* ends with an empty row; may be NULL */
    const struct job_kind *jobs;          /* ends with an empty row; may be NULL */
    const struct mail_kind *mails;        /* ends with an empty row; may be NULL */
    const struct notice_kind *notices;    /* ends with an empty row; may be NULL */
    const struct topic_kind *topics;      /* ends with an empty row; may be NULL */
    const struct live_event *live;        /* ends with an empty row; may be NULL */
    const struct live_answers *answers;   /* live/ask.h; may be NULL */
    const struct capture_kind *captures;  /* ends with an empty row; may be NULL */
    const struct desk *desks;             /* ends with an empty row; may be NULL */
    const struct request_kind *requests;  /* ends with an empty row; may be NULL */
    const struct setting_group *settings; /* may be NULL */
    const struct account_ending *ending;  /* may be NULL */
    const struct api_sign_in *sign_in;
    /* Writes down an act of staff, or a look, in its transaction: of every route of theirs that is
     * no GET or says that it is a look, and what call->acted says.  One feature has it. */
    enum err (*acted)(struct call *call, const struct api_route *route);
    /* What `bauta demo` puts into an empty folder, in one write: nothing in, nothing out; may be
     * NULL. */
    const struct api_steps *demo;
};

extern const struct feature *const features[]; /* ends with NULL; made by tools/features */

#endif
