#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * One `key=value` line an event to stderr, written whole by one write().  Fields
 * are typed and come from the list below, the log inventory: there is no field
 * for free text about a person, so no personal data can get into a log.
 * Features do not log.
 */
enum log_field {
    LOG_ROUTE, /* the route's pattern, never the path asked for */
    LOG_STATUS,
    LOG_CODE,
    LOG_MS,
    LOG_COUNT,
    LOG_BYTES,
    LOG_PORT,
    LOG_SETTING,
    LOG_TABLE,
    LOG_COLUMN,
    LOG_JOB,
    LOG_TRIES,
    LOG_FILE,
    LOG_MIGRATION,
    LOG_VERSION,
    LOG_REACTOR,
    LOG_ERRNO,
    LOG_SQL, /* the statement's name */
    LOG_WHY, /* a library's own words about a failure of ours; never with input in it */
    LOG_FIELD_COUNT_
};

struct log_val {
    enum log_field field;
    const char *text; /* NULL: the number counts */
    int64_t number;
};

enum log_level { LOG_INFO, LOG_WARN, LOG_ERROR };

#define LOG_T(field_, text_) ((struct log_val){.field = (field_), .text = (text_)})
#define LOG_N(field_, number_) ((struct log_val){.field = (field_), .number = (number_)})

/* log_line(LOG_WARN, "net", "certificate unreadable", LOG_T(LOG_FILE, path)) */
#define log_line(level_, room_, what_, ...)                                \
    log_write(level_, room_, what_, (const struct log_val[]){__VA_ARGS__}, \
              sizeof((const struct log_val[]){__VA_ARGS__}) / sizeof(struct log_val))

void log_write(enum log_level level, const char *room, const char *what, const struct log_val *vals,
               size_t count);

/* Lines below `level` are not written.  Set once at start. */
void log_threshold(enum log_level level);

#endif
