#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* UTF-8, calendar and number helpers that several rooms of the house need. */

/* Well-formed UTF-8 (no surrogates, no overlong forms)? */
bool text_utf8(const char *text, size_t len);

/* Is it one of the words of a list with blanks between them: "public unlisted closed"? */
bool text_among(const char *words, const char *text);

/* Code points of valid UTF-8. */
size_t text_points(const char *text);

/* No control characters but what people type: line feeds and tabs. */
bool text_typed(const char *text, size_t len);

/* So many bytes at the front stand in a text of JSON as they are: no quote, backslash or control.
 */
size_t text_unescaped(const char *text, size_t len);

/* As much of valid UTF-8 as fits into `size` bytes with its NUL, whole characters only. */
void text_put(char *ret, size_t size, const char *text);

/* "YYYY-MM-DD" of a day that exists, 1900 to 2199. */
bool text_date(const char *text, int *ret_year, int *ret_month, int *ret_day);

/* Whole years from the date to `now_ms` (UTC). */
int text_age(const char *date, int64_t now_ms);

/* Decimal, whole text, within bounds. */
bool text_i64(const char *text, int64_t min, int64_t max, int64_t *ret);

/* "2026-11-22T12:00:00Z" */
void text_time(int64_t ms, char ret[24]);

/* Of what people type only the ASCII letters and digits count, in small: "ABCDE fg" is "abcdefg".
 */
void text_code(struct buf *out, const char *typed);

#endif
