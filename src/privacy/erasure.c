#include "privacy/erasure.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static enum err burn(struct call *call, const struct erasure *erasure, const struct rows *rows)
{
    size_t cells = erasure->burn ? rows->count * rows->cols : 0;
    for (size_t i = 0; i < cells; i++) {
        if (!row_null(rows, i / rows->cols, i % rows->cols)) {
            TRY(erasure->burn(call, row_i64(rows, i / rows->cols, i % rows->cols)));
        }
    }
    return OK;
}

static enum err run(struct call *call, struct erasure *erasure, size_t at, size_t *ret_rows)
{
    struct val in[3];
    struct rows rows;
    size_t count = 0;
    const struct erasure_step *step = &erasure->plan[at];
    if (erasure->before) {
        TRY(erasure->before(call, &erasure->whose, step->table));
    }
    in[count++] = I64(step->by_key ? erasure->whose.key_id : erasure->whose.account_id);
    if (!step->single) {
        in[count++] = I64(ENDING_BATCH);
    }
    if (step->pseudonym) { /* below zero, where no account is */
        in[count++] = I64(-1 - (int64_t)(rng_next(&call->rng) >> 1));
    }
    TRY(store_run(call, step->sql, in, count, &rows));
    if (step->keys) {
        TRY(burn(call, erasure, &rows));
    }
    erasure->counts[at] += (int64_t)rows.changed;
    *ret_rows = rows.changed;
    return OK;
}

/* Whoever wrote to them meanwhile did so before this transaction or will find no account. */
static enum err finish(struct call *call, struct erasure *erasure, bool *ret_done)
{
    for (size_t i = 0; erasure->plan[i].table; i++) {
        size_t rows = 0;
        TRY(run(call, erasure, i, &rows));
        if (rows >= ENDING_BATCH) {
            erasure->step = 0; /* there is much of it: piece by piece again */
            return OK;
        }
    }
    *ret_done = true;
    return OK;
}

enum err erasure_turn(struct call *call, struct erasure *erasure, bool *ret_done)
{
    size_t sum = 0, steps = 0;
    ASSERT_CODE(call->tx && erasure->whose.account_id && erasure->whose.key_id);
    for (;;) {
        size_t rows = 0;
        const struct erasure_step *step = &erasure->plan[erasure->step];
        ASSERT_CODE(erasure->step < ERASURE_STEPS_MAX);
        if (!step->table || step->last) {
            break;
        }
        TRY(run(call, erasure, erasure->step, &rows));
        erasure->step += rows < ENDING_BATCH;
        sum += rows;
        if (sum >= ENDING_BATCH || ++steps == erasure->most_steps) {
            return OK;
        }
    }
    return sum ? OK : finish(call, erasure, ret_done); /* in a transaction of its own */
}

const char *erasure_counts(struct call *call, const struct erasure *erasure)
{
    struct buf text = {.arena = call->arena};
    buf_puts(&text, "");
    for (size_t i = 0; erasure->plan[i].table; i++) {
        if (erasure->counts[i]) {
            buf_printf(&text, "%s.%s %lld\n", erasure->plan[i].table, erasure->plan[i].role,
                       (long long)erasure->counts[i]);
        }
    }
    return text.at;
}

void erasure_counts_read(struct erasure *erasure, const char *text)
{
    memset(erasure->counts, 0, sizeof(erasure->counts));
    for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
        for (size_t i = 0; erasure->plan[i].table; i++) {
            const struct erasure_step *step = &erasure->plan[i];
            size_t table = strlen(step->table), role = strlen(step->role);
            if (strncmp(text, step->table, table) == 0 && text[table] == '.' &&
                strncmp(text + table + 1, step->role, role) == 0 && text[table + 1 + role] == ' ') {
                erasure->counts[i] = strtoll(text + table + role + 2, NULL, 10);
            }
        }
    }
}
