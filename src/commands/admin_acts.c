#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/catalogue.h"
#include "base/settings.h"
#include "base/text.h"
#include "base/time.h"
#include "commands/admin.h"
#include "features/identity/accounts/accounts.h"
#include "features/identity/invites/invites.h"
#include "features/identity/renames/renames.h"
#include "features/notify/mail/mail_read.h"
#include "features/safety/staff/staff.h"
#include "features/site/ops/ops.h"
#include "features/site/site/site.h"
#include "features/talk/rooms/rooms.h"

/*
 * What administrators do to others in the pages only after a passkey, for whoever is at the
 * machine: each is one call of the api, as there.
 */
enum { WORDS = 2, WORD_MAX = 1024, ROOMS_MAX = 30 };

struct act_in {
    const struct act *act;
    char words[WORDS][WORD_MAX];
};
struct act_out {
    char text[ADMIN_TEXT_MAX];
};
struct act_state {
    struct name_forms forms;
    struct rooms_edit room;
    struct site_change change;
    char code[PUBLIC_ID_LEN + 1];
    uint8_t hash[HASH_BYTES];
};

/* sees: server - who is at the machine names somebody */
SQL(admin_named, "SELECT public_id FROM account WHERE name_skeleton = $1 LIMIT 1");
/* sees: server - the rooms from a name on, whatever their doors, for who is at the machine */
SQL(admin_rooms, "SELECT r.public_id, r.name, r.visibility, o.avatar_name FROM room r"
                 " JOIN account o ON o.id = r.owner_id AND o.state <> 'ended'"
                 " WHERE r.ended_ms IS NULL AND r.name_fold >= $1"
                 " ORDER BY r.name_fold, r.id LIMIT $2");
COLUMNS(ROOM_PUBLIC_ID, ROOM_NAME, ROOM_VISIBILITY, ROOM_OWNER_AVATAR_NAME);

/* What does not fit whole is left out. */
PRINTF(2, 3) static void say(struct act_out *out, const char *format, ...)
{
    char *text = out->text;
    size_t len = strlen(text), left = ADMIN_TEXT_MAX - len;
    ASSERT_CODE(len < ADMIN_TEXT_MAX);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(text + len, left, format, args);
    va_end(args);
    if (more < 0 || (size_t)more >= left) {
        text[len] = '\0';
    }
}

static const char *word(const struct act_in *in, size_t i)
{
    ASSERT_CODE(i < WORDS);
    return in->words[i];
}

/* `prepare` or `apply` of a row below. */
typedef enum err act_step(struct call *call, const struct act_in *in, struct act_out *out,
                          struct act_state *state);
#define ACT_STEP(name_)                                                             \
    static enum err name_(struct call *call UNUSED, const struct act_in *in UNUSED, \
                          struct act_out *out UNUSED, struct act_state *state UNUSED)

ACT_STEP(prepare_name)
{
    return names_forms(call, word(in, 0), &state->forms);
}

static enum err named(struct call *call, const struct act_state *state, const char **ret_id)
{
    struct rows rows;
    TRY(store_run(call, &admin_named, BIND(TEXT(state->forms.skeleton)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "accounts.none");
    }
    *ret_id = row_text(&rows, 0, ONLY);
    return OK;
}

ACT_STEP(approve)
{
    call->acted.staff = true;
    const char *id = NULL;
    TRY(named(call, state, &id));
    TRY(accounts_approve(call, id));
    say(out, "%s may come in", word(in, 0));
    return OK;
}

ACT_STEP(end)
{
    call->acted.staff = true;
    const char *id = NULL;
    if (!*word(in, 1) || text_points(word(in, 1)) > REASON_MAX) {
        return call_fail(call, ERR_INVALID, "api.invalid");
    }
    TRY(named(call, state, &id));
    TRY(accounts_end(call, id, word(in, 1)));
    say(out, "the account of %s is ended", word(in, 0));
    return OK;
}

ACT_STEP(people)
{
    struct accounts_person *all = NULL;
    size_t count = 0;
    TRY(accounts_people(call, word(in, 0), NULL, &all, &count));
    say(out, "%zu people whose name begins so, newest first", count);
    for (size_t i = 0; i < count; i++) {
        say(out, "\n%s: %s%s%s", all[i].avatar_name, all[i].state,
            all[i].former ? ", before that " : "", all[i].former ? all[i].former : "");
    }
    return OK;
}

ACT_STEP(names)
{
    const struct renames_former *all = NULL;
    const char *id = NULL;
    size_t count = 0;
    TRY(named(call, state, &id));
    TRY(renames_of(call, id, &all, &count));
    say(out, "%s wore %zu other names", word(in, 0), count);
    for (size_t i = 0; i < count; i++) {
        say(out, "\n%s, until %lld days ago", all[i].name,
            (long long)((call->now_ms - all[i].until_ms) / TIME_DAY));
    }
    return OK;
}

ACT_STEP(staff)
{
    struct staff_person *all = NULL;
    size_t count = 0;
    TRY(staff_list(call, &all, &count));
    say(out, "%zu people of the staff", count);
    for (size_t i = 0; i < count; i++) {
        const char *const *roles = all[i].roles.items;
        say(out, "\n%s:", all[i].avatar_name);
        for (size_t k = 0; k < all[i].roles.count; k++) {
            say(out, " %s", roles[k]);
        }
    }
    return OK;
}

ACT_STEP(give)
{
    call->acted.staff = true;
    TRY(staff_add(call, &state->forms, word(in, 1)));
    say(out, "%s has the role %s", word(in, 0), word(in, 1));
    return OK;
}

ACT_STEP(take)
{
    call->acted.staff = true;
    const char *id = NULL;
    TRY(named(call, state, &id));
    TRY(staff_end(call, id, word(in, 1)));
    say(out, "%s has the role %s no more", word(in, 0), word(in, 1));
    return OK;
}

ACT_STEP(staff_did)
{
    struct staff_done *all = NULL;
    size_t count = 0;
    TRY(staff_acts(call, 0, &all, &count));
    say(out, "%zu acts of staff, the latest first", count);
    for (size_t i = 0; i < count; i++) {
        const char *by = all[i].machine ? "at the machine" : all[i].by ? all[i].by : "erased";
        say(out, "\n%lld hours ago, %s: %s%s%s%s%s%s%s",
            (long long)((call->now_ms - all[i].at_ms) / TIME_H), by, all[i].act,
            all[i].on ? ", " : "", all[i].on ? all[i].on : "", all[i].reason ? ": " : "",
            all[i].reason ? all[i].reason : "", all[i].what ? ", " : "",
            all[i].what ? all[i].what : "");
    }
    return OK;
}

/* A look, too: closed rooms are among them. */
ACT_STEP(prepare_rooms)
{
    struct rooms_edit *room = &state->room;
    room->fold = "";
    return *word(in, 0) ? rooms_fold(call, word(in, 0), &room->name, &room->fold) : OK;
}

ACT_STEP(rooms)
{
    call->acted.staff = true;
    struct rows rows;
    TRY(store_run(call, &admin_rooms, BIND(TEXT(state->room.fold), I64(ROOMS_MAX)), &rows));
    say(out, "%zu rooms from that name on, %d at most", rows.count, ROOMS_MAX);
    for (size_t i = 0; i < rows.count; i++) {
        say(out, "\n%s: %s, %s, of %s", row_text(&rows, i, ROOM_PUBLIC_ID),
            row_text(&rows, i, ROOM_NAME), row_text(&rows, i, ROOM_VISIBILITY),
            row_text(&rows, i, ROOM_OWNER_AVATAR_NAME));
    }
    return OK;
}

ACT_STEP(prepare_rename)
{
    struct rooms_edit *room = &state->room;
    room->id = word(in, 0);
    return text_points(word(in, 1)) <= ROOMS_NAME_MAX
               ? rooms_fold(call, word(in, 1), &room->name, &room->fold)
               : call_fail(call, ERR_INVALID, "rooms.name");
}

ACT_STEP(rename_room)
{
    call->acted.staff = true;
    TRY(rooms_change(call, &state->room));
    say(out, "the room is called %s", state->room.name);
    return OK;
}

ACT_STEP(close_room)
{
    call->acted.staff = true;
    TRY(rooms_end(call, word(in, 0)));
    say(out, "the room is closed for good");
    return OK;
}

ACT_STEP(prepare_code)
{
    invites_code(state->code, state->hash);
    return OK;
}

static enum err number(struct call *call, const char *text, int64_t most, int64_t *ret)
{
    return text_i64(text, 1, most, ret) ? OK : call_fail(call, ERR_INVALID, "api.invalid");
}

ACT_STEP(invite)
{
    call->acted.staff = true;
    const char *url = call->settings->public_url;
    int64_t uses = 0, days = 0, id = 0;
    TRY(number(call, word(in, 0), INVITE_USES_MAX, &uses));
    TRY(number(call, word(in, 1), INVITE_DAYS_MAX, &days));
    TRY(invites_add(call, "member", NULL, state->hash, uses, call->now_ms + days * TIME_DAY, &id));
    say(out, "Invitation %lld, for %lld people within %lld days:\n%s/join/%s", (long long)id,
        (long long)uses, (long long)days, url && *url ? url : "", state->code);
    return OK;
}

ACT_STEP(invites)
{
    struct invites_invite *all = NULL;
    size_t count = 0;
    TRY(invites_list(call, &all, &count));
    say(out, "%zu open invitations", count);
    for (size_t i = 0; i < count; i++) {
        say(out, "\n%lld: %lld left, ends in %lld hours", (long long)all[i].id,
            (long long)all[i].uses_left, (long long)((all[i].ends_ms - call->now_ms) / TIME_H));
    }
    return OK;
}

ACT_STEP(uninvite)
{
    call->acted.staff = true;
    int64_t id = 0;
    TRY(number(call, word(in, 0), INT64_MAX, &id));
    TRY(invites_end(call, id));
    say(out, "invitation %lld is taken back", (long long)id);
    return OK;
}

ACT_STEP(mails)
{
    struct mail_dead *all = NULL;
    size_t count = 0;
    TRY(mail_dead_letters(call, &all, &count));
    say(out, "%zu mails were given up", count);
    for (size_t i = 0; i < count; i++) {
        say(out, "\n%lld: %s, %s", (long long)all[i].id, all[i].kind, all[i].why);
    }
    return OK;
}

ACT_STEP(mail)
{
    call->acted.staff = true;
    int64_t id = 0;
    TRY(number(call, word(in, 0), INT64_MAX, &id));
    TRY(mail_again(call, id));
    say(out, "mail %lld is sent once more", (long long)id);
    return OK;
}

ACT_STEP(jobs)
{
    struct ops_letter *all = NULL;
    size_t count = 0;
    TRY(ops_letters(call, &all, &count));
    say(out, "%zu jobs were given up", count);
    for (size_t i = 0; i < count; i++) {
        say(out, "\n%lld: %s, %s", (long long)all[i].id, all[i].kind, all[i].error);
    }
    return OK;
}

ACT_STEP(job)
{
    call->acted.staff = true;
    int64_t id = 0;
    TRY(number(call, word(in, 0), INT64_MAX, &id));
    TRY(ops_retry(call, id));
    say(out, "job %lld is tried once more", (long long)id);
    return OK;
}

ACT_STEP(settings)
{
    struct setting_view *all = NULL;
    size_t count = 0;
    settings_views(call->settings, call->arena, &all, &count);
    say(out, "%zu settings can be set here and in the pages", count);
    for (size_t i = 0; i < count; i++) {
        bool fixed = all[i].from != SETTING_FROM_STANDARD;
        say(out, "\n%s = %s%s", all[i].row->name, all[i].value,
            fixed ? " (fixed by the file, the environment or a flag)" : "");
    }
    return OK;
}

ACT_STEP(prepare_set)
{
    struct site_change *change = &state->change;
    *change = (struct site_change){word(in, 0), word(in, 1), SITE_ANY_VERSION};
    return site_prepare(call, change);
}

ACT_STEP(prepare_unset)
{
    struct site_change *change = &state->change;
    *change = (struct site_change){word(in, 0), NULL, SITE_ANY_VERSION};
    return site_prepare(call, change);
}

ACT_STEP(set)
{
    call->acted.staff = true;
    TRY(site_apply(call, &state->change));
    say(out, "%s", call->acted.what);
    return OK;
}

struct act {
    const char *name;
    size_t words;
    const char *usage;
    act_step *prepare, *apply;
    struct api_route route;
};

INNER_STEPS(act, struct act_in, struct act_out, struct act_state, prepare, apply);
STEP(act, prepare)
{
    return in->act->prepare ? in->act->prepare(call, in, out, state) : OK;
}

STEP_IS(act, apply, in->act->apply(call, in, out, state));

static const struct act acts[] = {
#define ACT(name_, words_, usage_, tx_, prepare_, apply_)                                \
    {                                                                                    \
        name_, words_, usage_, prepare_, apply_,                                         \
        {                                                                                \
            "bauta", "admin " name_, API_ADMIN, tx_, .status = 200, .steps = &act_steps, \
                                                     .about = "At the machine."          \
        }                                                                                \
    }
    ACT("approve", 1, "approve NAME", API_TX_WRITE, prepare_name, approve),
    ACT("end", 2, "end NAME REASON", API_TX_WRITE, prepare_name, end),
    ACT("people", 1, "people BEGINNING", API_TX_READ, NULL, people),
    ACT("names", 1, "names NAME", API_TX_READ, prepare_name, names),
    ACT("staff", 0, "staff", API_TX_READ, NULL, staff),
    ACT("give", 2, "give NAME ROLE (moderator, support, privacy, payout, admin)", API_TX_WRITE,
        prepare_name, give),
    ACT("take", 2, "take NAME ROLE", API_TX_WRITE, prepare_name, take),
    ACT("acts", 0, "acts", API_TX_READ, NULL, staff_did),
    ACT("rooms", 1, "rooms BEGINNING", API_TX_WRITE, prepare_rooms, rooms),
    ACT("rename", 2, "rename ROOM NAME", API_TX_WRITE, prepare_rename, rename_room),
    ACT("close", 1, "close ROOM", API_TX_WRITE, NULL, close_room),
    ACT("invite", 2, "invite PEOPLE DAYS", API_TX_WRITE, prepare_code, invite),
    ACT("invites", 0, "invites", API_TX_READ, NULL, invites),
    ACT("uninvite", 1, "uninvite NUMBER", API_TX_WRITE, NULL, uninvite),
    ACT("mails", 0, "mails", API_TX_READ, NULL, mails),
    ACT("mail", 1, "mail NUMBER", API_TX_WRITE, NULL, mail),
    ACT("jobs", 0, "jobs", API_TX_READ, NULL, jobs),
    ACT("job", 1, "job NUMBER", API_TX_WRITE, NULL, job),
    ACT("settings", 0, "settings", API_TX_READ, NULL, settings),
    ACT("set", 2, "set SETTING VALUE", API_TX_WRITE, prepare_set, set),
    ACT("unset", 1, "unset SETTING", API_TX_WRITE, prepare_unset, set),
#undef ACT
};

const struct api_route *admin_route(size_t i)
{
    return i == 0 ? &admin_link_route : i <= COUNT(acts) ? &acts[i - 1].route : NULL;
}

static enum err usage(char ret_text[ADMIN_TEXT_MAX])
{
    size_t len = (size_t)snprintf(ret_text, ADMIN_TEXT_MAX, "usage: bauta admin create NAME");
    for (size_t i = 0; i < COUNT(acts); i++) {
        ASSERT_CODE(len < ADMIN_TEXT_MAX);
        len += (size_t)snprintf(ret_text + len, ADMIN_TEXT_MAX - len, "\n       bauta admin %s",
                                acts[i].usage);
    }
    return ERR_INVALID;
}

/* The words of a line, apart by tabs; more than there is room for are counted as one more. */
static size_t split(const char *line, char ret[1 + WORDS][WORD_MAX])
{
    size_t count = 0;
    for (const char *at = line; count <= WORDS; at++) {
        size_t len = strcspn(at, "\t");
        if (len >= WORD_MAX || !text_utf8(at, len)) {
            return WORDS + 2;
        }
        memcpy(ret[count], at, len);
        ret[count++][len] = '\0';
        at += len;
        if (!*at) {
            return count;
        }
    }
    return WORDS + 2;
}

enum err admin_run(struct home *home, struct api *api, const char *line,
                   char ret_text[ADMIN_TEXT_MAX])
{
    char words[1 + WORDS][WORD_MAX] = {{0}};
    if (strncmp(line, "audit\t", 6) == 0) {
        return audit_run(api, line + 6, ret_text);
    }
    size_t count = split(line, words);
    if (strcmp(words[0], "create") == 0 && count == 2) {
        return admin_create(home, api, words[1], ret_text);
    }
    for (size_t i = 0; i < COUNT(acts); i++) {
        if (strcmp(words[0], acts[i].name) != 0 || count != acts[i].words + 1) {
            continue;
        }
        struct act_in in = {.act = &acts[i]};
        struct act_out *out = calloc(1, sizeof(*out));
        memcpy(in.words, words[1], sizeof(in.words));
        enum err err = out ? admin_ask(api, &acts[i].route, &in, out, ret_text) : ERR_BUSY;
        if (err == OK) {
            memcpy(ret_text, out->text, sizeof(out->text));
        }
        free(out);
        return err;
    }
    return usage(ret_text);
}
