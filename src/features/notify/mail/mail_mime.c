#include "features/notify/mail/mail_mime.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/settings.h"
#include "base/text.h"
#include "base/time.h"
#include "base/web_link.h"
#include "features/notify/mail/mail.h"
#include "features/notify/mail/mail_inner.h"
#include "features/notify/mail/mail_outbox.h"

enum {
    WORD_BYTES = 42, /* of UTF-8 in one encoded word, which has at most 75 characters */
    LINE_BYTES = 72, /* of quoted-printable; 76 with the soft break is allowed */
};

const char *mail_link(struct call *call, const char *path)
{
    const struct settings *settings = call->settings;
    const char *base = settings->public_url;
    if (!base || !*base) {
        const char *port = settings->listen ? strrchr(settings->listen, ':') : NULL;
        return arena_printf(call->arena, "http://localhost%s%s", port ? port : "", path);
    }
    return arena_printf(call->arena, "%s%s", base, path);
}

const char *mail_sender(struct call *call)
{
    const char *chosen = mail_settings(call->settings)->mail_from;
    if (chosen && mime_address(chosen)) {
        return chosen;
    }
    struct web_link own;
    const char *host = web_link_read(mail_link(call, ""), &own) ? own.host : "localhost";
    return arena_printf(call->arena, "no-reply@%s", host);
}

bool mime_address(const char *address)
{
    const char *at = strchr(address, '@');
    for (const char *c = address; *c; c++) {
        if ((unsigned char)*c <= ' ' || *c == 0x7f || strchr("<>,;:\"()[]\\", *c)) {
            return false;
        }
    }
    return at && at > address && at[1] && !strchr(at + 1, '@') &&
           strlen(address) <= MAIL_ADDRESS_MAX;
}

const char *mime_line(struct call *call, const char *text)
{
    char *line = arena_text(call->arena, text, strlen(text));
    for (char *c = line; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f) {
            *c = ' ';
        }
    }
    return line;
}

/* ---- headers ---- */

static void base64(struct buf *out, const char *bytes, size_t len)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        uint32_t three = (uint32_t)(uint8_t)bytes[i] << 16;
        three |= i + 1 < len ? (uint32_t)(uint8_t)bytes[i + 1] << 8 : 0;
        three |= i + 2 < len ? (uint8_t)bytes[i + 2] : 0;
        char four[4] = {letters[three >> 18], letters[three >> 12 & 63], letters[three >> 6 & 63],
                        letters[three & 63]};
        memset(four + 4 -
                   (i + 2 < len   ? 0
                    : i + 1 < len ? 1
                                  : 2),
               '=',
               i + 2 < len   ? 0
               : i + 1 < len ? 1
                             : 2);
        buf_put(out, four, sizeof(four));
    }
}

/* Encoded words of whole characters, each on a line of its own. */
static void words(struct buf *out, const char *text)
{
    size_t len = strlen(text);
    for (size_t at = 0; at < len || at == 0;) {
        size_t end = MIN(at + WORD_BYTES, len);
        while (end > at && end < len && ((uint8_t)text[end] & 0xc0) == 0x80) {
            end--;
        }
        buf_puts(out, at ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
        base64(out, text + at, end - at);
        buf_puts(out, "?=");
        if (end == len) {
            break;
        }
        at = end;
    }
}

/* Plain when it needs nothing else. */
static void phrase(struct buf *out, const char *text)
{
    bool plain = strlen(text) <= LINE_BYTES - 10 && *text;
    for (const char *c = text; *c; c++) {
        plain = plain && (*c == ' ' || (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') ||
                          (*c >= 'a' && *c <= 'z'));
    }
    if (plain) {
        buf_puts(out, text);
    } else {
        words(out, text);
    }
}

/* "Sun, 22 Nov 2026 16:02:05 +0000" */
static void date(struct buf *out, int64_t now_ms)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char iso[24];
    text_time(now_ms, iso);
    int month = (iso[5] - '0') * 10 + iso[6] - '0';
    buf_printf(out, "Date: %s, %.2s %s %.4s %.8s +0000\r\n", days[now_ms / TIME_DAY % 7], iso + 8,
               months[month - 1], iso, iso + 11);
}

/* ---- bodies ---- */

static void quoted_printable(struct buf *out, const char *text)
{
    size_t line = 0;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool last = text[1] == '\n' || !text[1];
        bool plain = (c > ' ' && c < 0x7f && c != '=' && c != '.') || (c == ' ' && !last) ||
                     (c == '.' && line > 0);
        if (c == '\n') {
            buf_puts(out, "\r\n");
            line = 0;
            continue;
        }
        if (line + (plain ? 1 : 3) > LINE_BYTES) {
            buf_puts(out, "=\r\n");
            line = 0;
            plain = plain && c != '.';
        }
        if (plain) {
            buf_put(out, text, 1);
            line++;
        } else {
            buf_printf(out, "=%02X", c);
            line += 3;
        }
    }
    buf_puts(out, "\r\n");
}

static void part(struct buf *out, const char *boundary, const char *type, const char *text)
{
    buf_printf(out,
               "--%s\r\nContent-Type: %s; charset=utf-8\r\n"
               "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
               boundary, type);
    quoted_printable(out, text);
}

void mime_write(struct call *call, const struct mime *mime, const char **ret, size_t *ret_len)
{
    struct buf out = {.arena = call->arena};
    ASSERT_CODE(mime_address(mime->to) && *mime->id == '<');
    /* Never within a body: quoted-printable writes = as =3D. */
    const char *boundary = arena_printf(call->arena, "=_%.32s", mime->id + 1);
    date(&out, mime->now_ms);
    buf_puts(&out, "From: ");
    phrase(&out, mime_line(call, mime->site));
    buf_printf(&out, "\r\n <%s>\r\nTo: <%s>\r\nSubject: ", mime->from, mime->to);
    phrase(&out, mime->subject);
    buf_printf(&out,
               "\r\nMessage-ID: %s\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n",
               mime->id);
    if (mime->unsubscribe) {
        buf_printf(&out,
                   "List-Unsubscribe: <%s>\r\n"
                   "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
                   mime->unsubscribe);
    }
    buf_printf(&out, "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n", boundary);
    part(&out, boundary, "text/plain", mime->text);
    part(&out, boundary, "text/html", mime->html);
    buf_printf(&out, "--%s--\r\n", boundary);
    *ret = out.at;
    *ret_len = out.len;
}
