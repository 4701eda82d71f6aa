#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Eight bytes at once, since most text is plain. */
enum { WORD = 8 };
#define EACH UINT64_C(0x0101010101010101)
#define HIGH (EACH << 7)

static uint64_t word_at(const void *at)
{
    uint64_t word;
    memcpy(&word, at, WORD);
    return word;
}

/* Is one of the bytes less than this, which is at most 0x80? */
static bool has_below(uint64_t word, uint8_t least)
{
    return ((word - EACH * least) & ~word & HIGH) != 0;
}

static bool has(uint64_t word, uint8_t c)
{
    return has_below(word ^ (EACH * c), 1);
}

/* Bytes that follow this first byte, or -1. */
static int followers(unsigned char first)
{
    if (first < 0x80) {
        return 0;
    }
    if (first >= 0xc2 && first <= 0xdf) {
        return 1;
    }
    if (first >= 0xe0 && first <= 0xef) {
        return 2;
    }
    return first >= 0xf0 && first <= 0xf4 ? 3 : -1;
}

/* Behind the character that begins here; NULL: it is none. */
static const unsigned char *behind(const unsigned char *at, const unsigned char *end)
{
    unsigned char first = *at++;
    int more = followers(first);
    if (more < 0 || end - at < more) {
        return NULL;
    }
    /* The second byte alone decides overlong forms, surrogates and the top of the range. */
    unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    for (int i = 0; i < more; i++, low = 0x80, high = 0xbf) {
        if (*at < low || *at > high) {
            return NULL;
        }
        at++;
    }
    return at;
}

bool text_utf8(const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    const unsigned char *end = at + len;
    while (at && at < end) {
        at = end - at >= WORD && !(word_at(at) & HIGH) ? at + WORD : behind(at, end);
    }
    return at == end;
}

bool text_among(const char *words, const char *text)
{
    size_t len = strlen(text);
    for (const char *at = words; *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == len && memcmp(at, text, len) == 0) {
            return true;
        }
        at += word;
    }
    return false;
}

size_t text_points(const char *text)
{
    size_t len = strlen(text), points = len, at = 0;
    for (; len - at >= WORD; at += WORD) {
        uint64_t word = word_at(text + at), more = word >> 7 & ~(word >> 6) & EACH;
        points -= more * EACH >> 56; /* their sum */
    }
    for (; at < len; at++) {
        points -= ((unsigned char)text[at] & 0xc0) == 0x80;
    }
    return points;
}

bool text_typed(const char *text, size_t len)
{
    for (size_t at = 0; at < len; at++) {
        while (len - at >= WORD && !has_below(word_at(text + at), 0x20) &&
               !has(word_at(text + at), 0x7f)) {
            at += WORD;
        }
        unsigned char c = at < len ? (unsigned char)text[at] : ' ';
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return true;
}

size_t text_unescaped(const char *text, size_t len)
{
    size_t at = 0;
    while (len - at >= WORD) {
        uint64_t word = word_at(text + at);
        if (has_below(word, 0x20) || has(word, '"') || has(word, '\\')) {
            break;
        }
        at += WORD;
    }
    while (at < len && (unsigned char)text[at] >= 0x20 && text[at] != '"' && text[at] != '\\') {
        at++;
    }
    return at;
}

void text_put(char *ret, size_t size, const char *text)
{
    ASSERT_CODE(size > 0);
    size_t len = strnlen(text, size - 1);
    while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80) {
        len--;
    }
    memcpy(ret, text, len); /* NOLINT: the NUL follows */
    ret[len] = '\0';
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool text_date(const char *text, int *ret_year, int *ret_month, int *ret_day)
{
    if (strlen(text) != 10 || strspn(text, "0123456789") != 4 || text[4] != '-' ||
        strspn(text + 5, "0123456789") != 2 || text[7] != '-' ||
        strspn(text + 8, "0123456789") != 2) {
        return false;
    }
    int year = (int)strtol(text, NULL, 10);
    int month = (int)strtol(text + 5, NULL, 10);
    int day = (int)strtol(text + 8, NULL, 10);
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, month)) {
        return false;
    }
    *ret_year = year;
    *ret_month = month;
    *ret_day = day;
    return true;
}

int text_age(const char *date, int64_t now_ms)
{
    int year = 0, month = 0, day = 0;
    struct tm now;
    time_t seconds = (time_t)(now_ms / 1000);
    if (!text_date(date, &year, &month, &day) || !gmtime_r(&seconds, &now)) {
        return 0;
    }
    bool had_birthday = now.tm_mon + 1 > month || (now.tm_mon + 1 == month && now.tm_mday >= day);
    return now.tm_year + 1900 - year - (had_birthday ? 0 : 1);
}

bool text_i64(const char *text, int64_t min, int64_t max, int64_t *ret)
{
    char *end = NULL;
    ASSERT_CODE(min <= max);
    if (*text != '-' && (*text < '0' || *text > '9')) {
        return false; /* strtoll would take blanks and a plus sign */
    }
    errno = 0;
    int64_t value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < min || value > max) {
        return false;
    }
    *ret = value;
    return true;
}

void text_time(int64_t ms, char ret[24])
{
    struct tm tm;
    time_t seconds = (time_t)(ms / 1000);
    if (!gmtime_r(&seconds, &tm) || strftime(ret, 24, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0) {
        ret[0] = '\0';
    }
}

void text_code(struct buf *out, const char *typed)
{
    static const char large[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                      small[] = "abcdefghijklmnopqrstuvwxyz";
    buf_puts(out, "");
    for (; *typed; typed++) {
        const char *found = strchr(large, *typed);
        const char *letter = found ? &small[found - large] : typed;
        if (strchr(small, *letter) || strchr("0123456789", *letter)) {
            buf_put(out, letter, 1);
        }
    }
}
