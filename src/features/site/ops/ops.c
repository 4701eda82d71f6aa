#include "features/site/ops/ops.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/settings.h"
#include "features/identity/policies/policies.h"
#include "privacy/inventory.h"
#include "privacy/keys.h"
#include "sandbox/sandbox.h"
#include "store/store.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
enum { BACKUP_DAYS = 8, KEYS_PAGE = 1000 };

SQL(ops_marks, "SELECT name, number FROM meta WHERE name IN ('backup.made', 'proxy.seen') LIMIT 2");
COLUMNS(MARK_NAME, MARK_NUMBER);
/* sees: staff - jobs that wait for a human */
SQL(ops_dead, "SELECT id, kind, tries, why, run_at_ms FROM job WHERE state = 'dead'"
              " ORDER BY run_at_ms DESC, id LIMIT $1");
COLUMNS(DEAD_ID, DEAD_KIND, DEAD_TRIES, DEAD_WHY, DEAD_RUN_AT_MS);
/* sees: staff - how many there are */
SQL(ops_dead_count, "SELECT COUNT(*) FROM job WHERE state = 'dead'");
SQL(ops_again, "UPDATE job SET state = 'waiting', run_at_ms = $2, tries = 0, why = NULL"
               " WHERE id = $1 AND state = 'dead'");

static bool set(const char *text)
{
    return text && *text;
}

/* What the server itself noticed: when a backup was made, whether a proxy is not trusted. */
static enum err read_marks(struct call *call, int64_t *ret_backup_ms, int64_t *ret_proxy)
{
    struct rows rows;
    *ret_backup_ms = *ret_proxy = 0;
    TRY(store_run(call, &ops_marks, NO_BIND, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        bool proxy = strcmp(row_text(&rows, i, MARK_NAME), "proxy.seen") == 0;
        *(proxy ? ret_proxy : ret_backup_ms) = row_i64(&rows, i, MARK_NUMBER);
    }
    return OK;
}

/* `otherwise`: the state of what is not done. */
static struct ops_check check(const struct call *call, const char *id, bool done,
                              const char *otherwise, const char *done_key, const char *open_key)
{
    return (struct ops_check){id, done ? "done" : otherwise,
                              catalogue_text(call->actor.language, done ? done_key : open_key)};
}

static enum err terms_hold(struct call *call, bool *ret)
{
    struct policies_version *all = NULL;
    size_t count = 0;
    TRY(policies_now(call, &all, &count));
    for (size_t i = 0; i < count; i++) {
        *ret = *ret || (strcmp(all[i].kind, "terms") == 0 && all[i].since_ms <= call->now_ms);
    }
    return OK;
}

enum err ops_checklist(struct call *call, struct ops_check ret[OPS_CHECKS])
{
    const struct settings *s = call->settings;
    const char *calm = s->demo ? "na" : "open"; /* a demo needs neither HTTPS nor backups */
    int64_t backup_ms = 0, proxy = 0;
    bool terms = false;
    TRY(read_marks(call, &backup_ms, &proxy));
    TRY(terms_hold(call, &terms));
    bool tls = set(s->tls_cert) || (set(s->public_url) && strncmp(s->public_url, "https:", 6) == 0);
    bool saved = backup_ms > call->now_ms - BACKUP_DAYS * DAY_MS;
    ret[0] = check(call, "mail", set(s->smtp_url), "open", "ops.mail_done", "ops.mail_open");
    ret[1] = check(call, "tls", tls, calm, "ops.tls_done", "ops.tls_open");
    ret[2] = check(call, "proxy", set(s->trusted_proxies), proxy ? "open" : "na", "ops.proxy_done",
                   proxy ? "ops.proxy_open" : "ops.proxy_na");
    ret[3] = check(call, "contact", set(s->contact_email), "open", "ops.contact_done",
                   "ops.contact_open");
    ret[4] = check(call, "officer", set(s->officer_address), "open", "ops.officer_done",
                   "ops.officer_open");
    ret[5] = check(call, "backup", saved, calm, "ops.backup_done", "ops.backup_open");
    bool worker = call->sandbox && !sandbox_missing(call->sandbox);
    ret[6] = check(call, "worker", worker, "open", "ops.worker_done", "ops.worker_open");
    ret[7] =
        check(call, "source", set(s->source_url), "open", "ops.source_done", "ops.source_open");
    ret[8] = check(call, "terms", terms, calm, "ops.terms_done", "ops.terms_open");
    return OK;
}

enum err ops_letters(struct call *call, struct ops_letter **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &ops_dead, BIND(I64(OPS_LETTERS_MAX)), &rows));
    struct ops_letter *all = arena_alloc(call->arena, rows.count * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        const char *why = row_text(&rows, i, DEAD_WHY);
        all[i] = (struct ops_letter){.id = row_i64(&rows, i, DEAD_ID),
                                     .kind = row_text(&rows, i, DEAD_KIND),
                                     .tries = row_i64(&rows, i, DEAD_TRIES),
                                     .error = why ? why : "",
                                     .failed_ms = row_i64(&rows, i, DEAD_RUN_AT_MS)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err ops_letters_wait(struct call *call, int64_t *ret_count, int64_t *ret_urgent)
{
    struct rows rows;
    TRY(store_run(call, &ops_dead_count, NO_BIND, &rows));
    *ret_count = row_i64(&rows, 0, ONLY);
    *ret_urgent = 0;
    return OK;
}

enum err ops_retry(struct call *call, int64_t id)
{
    struct rows rows;
    call->acted.on = id;
    TRY(store_run(call, &ops_again, BIND(I64(id), I64(call->now_ms)), &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_MISSING, "ops.no_letter");
    }
    call_emit(call, EVENT_OUTBOX, 0, id, NULL);
    return OK;
}

enum err ops_keys_look(struct call *call, size_t most, struct ops_keys *ret)
{
    struct rows rows;
    int64_t last = 0;
    ASSERT_CODE(most > 0);
    TRY(store_run(call, &inventory_keys_count, NO_BIND, &rows));
    size_t all = (size_t)row_i64(&rows, 0, ONLY), count = 0;
    if (all > most) {
        int64_t skip = (int64_t)(rng_next(&call->rng) % all);
        TRY(store_run(call, &inventory_keys_nth, BIND(I64(0), I64(skip)), &rows));
        last = rows.count ? row_i64(&rows, 0, ONLY) : 0;
    }
    *ret = (struct ops_keys){.ids = arena_alloc(call->arena, (MIN(all, most) + 1) * sizeof(last)),
                             .after = last,
                             .until = INT64_MAX};
    while (count < most) {
        struct arena_mark mark = arena_mark(call->arena);
        int64_t page = (int64_t)MIN(most - count, (size_t)KEYS_PAGE);
        TRY(store_run(call, &inventory_keys_page, BIND(I64(last), I64(page)), &rows));
        for (size_t i = 0; i < rows.count && count < MIN(all, most); i++) {
            int64_t id = row_i64(&rows, i, ONLY);
            if (id <= last) {
                return ERR_BROKEN; /* a damaged index: a key that is not found here is burned */
            }
            ret->ids[count++] = last = id;
        }
        arena_rewind(call->arena, mark);
        if (rows.count < (size_t)page) {
            ret->count = count;
            return OK; /* it goes to the end */
        }
    }
    ret->count = count;
    ret->until = last;
    return OK;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool is_used(void *ctx, int64_t key_id)
{
    const struct ops_keys *used = ctx;
    return key_id <= used->after || key_id > used->until ||
           bsearch(&key_id, used->ids, used->count, sizeof(*used->ids), by_value) != NULL;
}

enum err ops_keys_sweep(struct call *call, const struct ops_keys *used)
{
    struct ops_keys copy = *used;
    size_t burned = 0;
    ASSERT_CODE(!call->tx && used->after <= used->until);
    return keys_sweep(call->keys, is_used, &copy, call->now_ms, 2 * DAY_MS, &burned);
}
