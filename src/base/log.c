#include "base/log.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/time.h"

enum { LINE_MAX_BYTES = 1024 };

static const char *const names[LOG_FIELD_COUNT_] = {
    [LOG_ROUTE] = "route",     [LOG_STATUS] = "status",
    [LOG_CODE] = "code",       [LOG_MS] = "ms",
    [LOG_COUNT] = "count",     [LOG_BYTES] = "bytes",
    [LOG_PORT] = "port",       [LOG_SETTING] = "setting",
    [LOG_TABLE] = "table",     [LOG_COLUMN] = "column",
    [LOG_JOB] = "job",         [LOG_TRIES] = "tries",
    [LOG_FILE] = "file",       [LOG_MIGRATION] = "migration",
    [LOG_VERSION] = "version", [LOG_REACTOR] = "reactor",
    [LOG_ERRNO] = "errno",     [LOG_SQL] = "sql",
    [LOG_WHY] = "why",
};

static atomic_int threshold = LOG_INFO;

void log_threshold(enum log_level level)
{
    atomic_store(&threshold, (int)level);
}

/* Quoted, with quotes and control characters taken out: one event stays one line. */
static size_t put_text(char *line, size_t at, const char *text)
{
    ASSERT_CODE(at < LINE_MAX_BYTES - 3);
    line[at++] = '"';
    for (; *text && at < LINE_MAX_BYTES - 3; text++) {
        unsigned char c = (unsigned char)*text;
        c = c < 0x20 || c == 0x7f ? ' ' : c == '"' ? '\'' : c;
        line[at++] = (char)c;
    }
    line[at++] = '"';
    return at;
}

void log_write(enum log_level level, const char *room, const char *what, const struct log_val *vals,
               size_t count)
{
    static const char *const levels[] = {"info", "warn", "error"};
    char line[LINE_MAX_BYTES];
    char time_text[24];
    ASSERT_CODE(level <= LOG_ERROR);
    if ((int)level < atomic_load(&threshold)) {
        return;
    }
    text_time(time_now_ms(), time_text);
    size_t at = (size_t)snprintf(line, sizeof(line), "time=%s level=%s room=%s what=", time_text,
                                 levels[level], room);
    at = put_text(line, at, what);
    for (size_t i = 0; i < count && at < sizeof(line) - 64; i++) {
        ASSERT_CODE(vals[i].field < LOG_FIELD_COUNT_);
        at += (size_t)snprintf(line + at, sizeof(line) - at, " %s=", names[vals[i].field]);
        if (vals[i].text) {
            at = put_text(line, at, vals[i].text);
        } else {
            at += (size_t)snprintf(line + at, sizeof(line) - at, "%" PRId64, vals[i].number);
        }
    }
    at = MIN(at, sizeof(line) - 1);
    line[at++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, at);
    (void)written; /* nowhere to complain to */
}
