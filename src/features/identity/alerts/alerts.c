#include "features/identity/alerts/alerts.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/time.h"
#include "call/json.h"
#include "privacy/sealed.h"
#include "store/queue.h"
#include "store/store.h"

/*
 * Mails about signing in.  The one who knows that there is something to tell is inside a
 * transaction, where nothing can be sealed; so a job does it.  Its payload has ids only.
 */
SQL(tell_session,
    "SELECT device, country, place_ct FROM session WHERE account_id = $1 AND id = $2");
COLUMNS(SESSION_DEVICE, SESSION_COUNTRY, SESSION_PLACE_CT);

SQL(tell_token, "SELECT label, ends_at_ms FROM token WHERE account_id = $1 AND id = $2");
COLUMNS(TOKEN_LABEL, TOKEN_ENDS_AT_MS);

static const char *const kinds[] = {
    "tokens.made",           "tokens.old",       "sessions.new_device",
    "sessions.guessed",      "factors.on",       "factors.off",
    "factors.recovery_used", "providers.joined", "providers.parted"};

static bool known(const char *kind)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (strcmp(kinds[i], kind) == 0) {
            return true;
        }
    }
    return false;
}

struct note {
    const char *kind;
    int64_t account, session, at_ms;
};
JSON_SHAPE(note_shape, "sessions_note", struct note, J_TEXT(struct note, kind, 1, 40),
           J_ID(struct note, account, .flags = JSON_OPTIONAL),
           J_ID(struct note, session, .flags = JSON_OPTIONAL), J_TIME(struct note, at_ms));

enum err alert_owner(struct call *call, const char *kind, int64_t account_id, int64_t session_id)
{
    struct buf json = {.arena = call->arena};
    ASSERT_CODE(known(kind));
    buf_printf(&json, "{\"kind\":\"%s\",\"at_ms\":%lld", kind, (long long)call->now_ms);
    if (account_id) {
        buf_printf(&json, ",\"account\":\"%lld\"", (long long)account_id);
    }
    if (session_id) {
        buf_printf(&json, ",\"session\":\"%lld\"", (long long)session_id);
    }
    buf_puts(&json, "}");
    return job_queue(call, "sessions.tell", json.at, account_id, 0);
}

enum err alert_look(struct call *call, const char *payload, struct alert *alert)
{
    struct note note = {0};
    struct rows rows;
    uint64_t seen = 0;
    TRY(json_read(call, &note_shape, payload, strlen(payload), &note, &seen));
    TRY(json_complete(call, &note_shape, seen));
    for (size_t i = 0; i < COUNT(kinds); i++) {
        alert->kind = strcmp(kinds[i], note.kind) == 0 ? kinds[i] : alert->kind;
    }
    alert->at_ms = note.at_ms;
    alert->ends_ms = note.at_ms + ALERT_TOKEN_DAYS * TIME_DAY;
    if (!note.account || !alert->kind) {
        return OK;
    }
    enum err err = mail_to_account(call, note.account, &alert->to);
    if (err == ERR_MISSING) { /* erased meanwhile */
        call->fail_code = NULL;
        return OK;
    }
    TRY(err);
    alert->wanted = true;
    TRY(store_run(call, &tell_session, BIND(I64(note.account), I64(note.session)), &rows));
    if (rows.count) {
        alert->device = row_text(&rows, 0, SESSION_DEVICE);
        alert->country = row_text(&rows, 0, SESSION_COUNTRY);
        alert->place = sealed_read(&rows, 0, SESSION_PLACE_CT, alert->to.key_id);
    }
    TRY(store_run(call, &tell_token, BIND(I64(note.account), I64(note.session)), &rows));
    if (rows.count) {
        alert->label = row_text(&rows, 0, TOKEN_LABEL);
        alert->ends_ms = row_i64(&rows, 0, TOKEN_ENDS_AT_MS);
    }
    return OK;
}

static const char *country_name(struct call *call, const char *country, const char *language)
{
    enum { NAME_MAX_UNITS = 100 };
    UErrorCode status = U_ZERO_ERROR;
    UChar units[NAME_MAX_UNITS];
    char text[3 * NAME_MAX_UNITS + 1];
    const char *locale = arena_printf(call->arena, "und_%s", country);
    uloc_getDisplayCountry(locale, language, units, NAME_MAX_UNITS, &status);
    u_strToUTF8(text, sizeof(text), NULL, units, -1, &status);
    return U_FAILURE(status) ? country : arena_text(call->arena, text, strlen(text));
}

/* "Bandung, West Java, Indonesia", as far as it is known. */
static enum err place_text(struct call *call, const struct alert *alert, const char **ret)
{
    const char *language = alert->to.language, *town = "";
    TRY(sealed_open(call, alert->place, "session.place_ct", &town));
    *ret = !alert->country ? catalogue_text(language, "sessions.place_unknown")
                           : arena_printf(call->arena, "%s%s%s", town, *town ? ", " : "",
                                          country_name(call, alert->country, language));
    return OK;
}

static const char *moment(struct call *call, int64_t at_ms, bool day_only)
{
    char text[64] = "";
    time_t seconds = (time_t)(at_ms / TIME_S);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    if (day_only) {
        strftime(text, sizeof(text), "%Y-%m-%d", &parts);
    } else {
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M UTC", &parts);
    }
    return arena_text(call->arena, text, strlen(text));
}

static enum err seal(struct call *call, struct alert *alert)
{
    const char *place = "";
    bool token = strncmp(alert->kind, "tokens.", 7) == 0;
    TRY(place_text(call, alert, &place));
    const struct mail_value values[] = {
        {"when", moment(call, alert->at_ms, false)},
        {"device", alert->device ? alert->device
                                 : catalogue_text(alert->to.language, "sessions.device_unknown")},
        {"place", place},
        {"program", alert->label ? alert->label : "-"},
        {"ends", moment(call, alert->ends_ms, true)},
    };
    const char *path = token ? "/settings/programs" : "/settings/sign-in";
    return mail_prepare(call, &alert->to, alert->kind, path, values, COUNT(values), &alert->draft);
}

enum err alert_prepare(struct call *call, struct alert *alert)
{
    ASSERT_CODE(!call->tx && (!alert->wanted || alert->kind));
    enum err err = alert->wanted ? seal(call, alert) : OK;
    if (err == ERR_MISSING) { /* its key is burned: nobody is left to be told */
        call->fail_code = NULL;
        alert->wanted = false;
        return OK;
    }
    return err;
}

enum err alert_apply(struct call *call, struct alert *alert)
{
    ASSERT_CODE(call->tx);
    return alert->wanted ? mail_post(call, &alert->draft) : OK;
}
