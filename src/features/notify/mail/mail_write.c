#include "features/notify/mail/mail_outbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/crypto.h"
#include "base/settings.h"
#include "base/text.h"
#include "base/time.h"
#include "features/notify/mail/mail_bounces.h"
#include "features/notify/mail/mail_inner.h"
#include "features/notify/mail/mail_mime.h"
#include "features/notify/mail/mail_topics.h"
#include "features/notify/mail/mail_unsubscribe.h"
#include "privacy/sealed.h"

/* What a mail says, before it becomes lines. */
struct page {
    struct call *call;
    const struct mail_leased *leased;
    struct mail_words words;
    char code[MAIL_CODE_LEN + 1];
    const char *link;        /* the button; NULL: none */
    const char *unsubscribe; /* the ticket; NULL: necessary */
};

/* ---- words ---- */

static const char *value_of(const struct page *page, const char *name, size_t len)
{
    const struct mail_value *values = page->words.values.items;
    for (size_t i = 0; i < page->words.values.count; i++) {
        if (strlen(values[i].name) == len && memcmp(values[i].name, name, len) == 0) {
            return values[i].text;
        }
    }
    const struct mail_value own[] = {
        {"site", page->call->settings->site_name},
        {"name", page->words.name},
        {"code", page->code},
    };
    for (size_t i = 0; i < COUNT(own); i++) {
        if (strlen(own[i].name) == len && memcmp(own[i].name, name, len) == 0) {
            return own[i].text;
        }
    }
    return NULL;
}

/* The catalogue's sentence with its {values} in place. */
static const char *say(const struct page *page, const char *key)
{
    struct buf out = {.arena = page->call->arena};
    buf_puts(&out, "");
    for (const char *at = catalogue_text(page->leased->language, key); *at;) {
        size_t plain = strcspn(at, "{"), len = at[plain] ? strcspn(at + plain, "}") : 0;
        buf_put(&out, at, plain);
        at += plain;
        const char *value = len > 1 ? value_of(page, at + 1, len - 1) : NULL;
        if (value) {
            buf_puts(&out, value);
            at += len + 1;
        } else if (*at) {
            buf_put(&out, at++, 1);
        }
    }
    return out.at;
}

static const char *say_own(const struct page *page, const char *part)
{
    return say(page, arena_printf(page->call->arena, "%s.%s", page->leased->kind, part));
}

/* A parent has no account: no code to look up in its settings, and none that needs the mail. */
static bool for_parent(const struct page *page)
{
    return strncmp(page->leased->kind, "guardians.", strlen("guardians.")) == 0;
}

/* Why this mail came: the account needs it, a switch is on, or a child named the address. */
static const char *why(const struct page *page)
{
    const struct topic_kind *topic =
        page->leased->topic ? mail_topic_of(page->leased->topic) : NULL;
    if (topic) {
        return say(page, topic->why);
    }
    return say(page, for_parent(page) ? "mail.why_parent" : "mail.why_necessary");
}

/* ---- the two bodies ---- */

static const char *text_body(const struct page *page)
{
    struct call *call = page->call;
    struct buf out = {.arena = call->arena};
    buf_printf(&out, "%s\n\n%s\n\n", say_own(page, "title"), say_own(page, "text"));
    if (page->link) {
        buf_printf(&out, "%s:\n%s\n\n", say_own(page, "button"), page->link);
    }
    buf_printf(&out, "-- \n%s\n", why(page));
    if (!for_parent(page)) {
        buf_printf(&out, "%s\n%s: %s\n", say(page, "mail.code_line"), say(page, "mail.check"),
                   mail_link(call, "/settings/mail"));
    }
    if (page->unsubscribe) {
        buf_printf(
            &out, "%s: %s\n", say(page, "mail.stop"),
            mail_link(call, arena_printf(call->arena, "/unsubscribe#%s", page->unsubscribe)));
    }
    return out.at;
}

static void escape(struct buf *out, const char *text)
{
    static const char signs[] = "&<>\"'";
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    while (*text) {
        size_t plain = strcspn(text, signs);
        buf_put(out, text, plain);
        text += plain;
        if (*text) {
            buf_puts(out, names[strchr(signs, *text) - signs]);
            text++;
        }
    }
}

static void element(struct buf *out, const char *before, const char *text, const char *after)
{
    buf_puts(out, before);
    escape(out, text);
    buf_puts(out, after);
}

/* Blank lines part paragraphs; single ones break. */
static void paragraphs(struct buf *out, const char *text)
{
    buf_puts(out, "<p>");
    for (; *text; text++) {
        if (text[0] == '\n' && text[1] == '\n') {
            buf_puts(out, "</p>\n<p>");
            text += strspn(text, "\n") - 1;
        } else if (*text == '\n') {
            buf_puts(out, "<br>\n");
        } else {
            size_t len = strcspn(text, "\n");
            escape(out, arena_text(out->arena, text, len));
            text += len - 1;
        }
    }
    buf_puts(out, "</p>\n");
}

/* Readable without any style, with none of the reader's data in an address, without pictures. */
static const char head[] =
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<meta name=\"supported-color-schemes\" content=\"light dark\">\n"
    "<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{margin:0;padding:24px 12px;background:#f6f2ea;color:#241f31;"
    "font:16px/1.55 'Plus Jakarta Sans',system-ui,-apple-system,'Segoe UI',sans-serif}\n"
    ".card{max-width:520px;margin:0 auto;background:#fff;border-radius:16px;padding:28px}\n"
    ".site{font-weight:700;color:#5b3fc4;margin:0 0 20px}\n"
    "h1{font-size:22px;line-height:1.3;margin:0 0 12px}\n"
    "p{margin:0 0 16px;overflow-wrap:anywhere}\n"
    ".go{display:inline-block;background:#5b3fc4;color:#fff;text-decoration:none;"
    "font-weight:700;padding:14px 22px;border-radius:12px}\n"
    ".small{max-width:520px;margin:20px auto 0;padding:0 28px;font-size:13px;color:#5d5768}\n"
    ".small a{color:inherit}\n"
    "code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:15px;"
    "letter-spacing:.06em}\n"
    "@media (prefers-color-scheme:dark){body{background:#15121c;color:#ece8f4}"
    ".card{background:#221e2c}.site{color:#b9a6ff}.go{background:#b9a6ff;color:#1b1430}"
    ".small{color:#aaa3b8}}\n"
    "</style>\n";

static void foot(const struct page *page, struct buf *out)
{
    struct call *call = page->call;
    element(out, "<div class=\"small\"><p>", why(page), "</p>\n");
    if (!for_parent(page)) {
        element(out, "<p>", say(page, "mail.code_before"), " <code>");
        element(out, "", page->code, "</code> ");
        element(out, "<a href=\"", mail_link(call, "/settings/mail"), "\">");
        element(out, "", say(page, "mail.check"), "</a></p>\n");
    }
    if (page->unsubscribe) {
        const char *path = arena_printf(call->arena, "/unsubscribe#%s", page->unsubscribe);
        element(out, "<p><a href=\"", mail_link(call, path), "\">");
        element(out, "", say(page, "mail.stop"), "</a></p>\n");
    }
    buf_puts(out, "</div>\n</body>\n</html>\n");
}

static const char *html_body(const struct page *page, const char *subject)
{
    struct buf out = {.arena = page->call->arena};
    buf_puts(&out, "<!doctype html>\n");
    element(&out, "<html lang=\"", page->leased->language, "\">\n<head>\n");
    element(&out, "<meta charset=\"utf-8\">\n<title>", subject, "</title>\n");
    buf_puts(&out, head);
    element(&out, "</head>\n<body>\n<div class=\"card\">\n<p class=\"site\">",
            page->call->settings->site_name, "</p>\n");
    element(&out, "<h1>", say_own(page, "title"), "</h1>\n");
    paragraphs(&out, say_own(page, "text"));
    if (page->link) {
        element(&out, "<p><a class=\"go\" href=\"", page->link, "\">");
        element(&out, "", say_own(page, "button"), "</a></p>\n");
        element(&out, "<p class=\"link\">", page->link, "</p>\n");
    }
    buf_puts(&out, "</div>\n");
    foot(page, &out);
    return out.at;
}

/* ---- the whole ---- */

static enum err address_of(struct call *call, const struct mail_leased *leased, const char **ret)
{
    if (!leased->to.at) {
        return call_fail(call, ERR_MISSING, "mail.address");
    }
    TRY(leased->elsewhere
            ? sealed_open(call, leased->to, "mail.to_ct", ret)
            : sealed_open_row(call, leased->to, "account.email_ct", leased->account_id, ret));
    return mime_address(*ret) ? OK : call_fail(call, ERR_MISSING, "mail.address");
}

static enum err open_words(struct call *call, const struct mail_leased *leased,
                           struct mail_words *ret)
{
    const char *json = NULL;
    uint64_t seen = 0;
    if (!leased->words.at) {
        *ret = (struct mail_words){.name = ""};
        return OK;
    }
    TRY(sealed_open(call, leased->words, "mail.values_ct", &json));
    return json_read(call, &mail_words_shape, json, strlen(json), ret, &seen);
}

/* The same each time the mail is tried, and nothing about whom it is to. */
static const char *message_id(struct call *call, const struct page *page, const char *host)
{
    uint8_t hash[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];
    crypto_sha256(page->code, strlen(page->code), hash);
    crypto_hex(hash, sizeof(hash), hex);
    return arena_printf(call->arena, "<%.32s@%s>", hex, host);
}

static enum err envelope(struct call *call, const struct mail_leased *leased, const char *to,
                         const char *from, const char **ret)
{
    const char *bounces = mail_settings(call->settings)->mail_bounces;
    const char *at = bounces ? strchr(bounces, '@') : NULL;
    char token[MAIL_RETURN_MAX];
    *ret = from;
    if (!at) {
        return OK;
    }
    TRY(mail_return_token(call, leased->id, leased->elsewhere ? "" : to, token));
    *ret = arena_printf(call->arena, "%.*s+%s%s", (int)(at - bounces), bounces, token, at);
    return OK;
}

enum err mail_write(struct call *call, const struct mail_leased *leased, struct mail_letter *ret)
{
    struct page page = {.call = call, .leased = leased};
    struct mime mime = {.now_ms = call->now_ms, .site = call->settings->site_name};
    uint8_t hash[HASH_BYTES];
    ASSERT_CODE(!call->tx);
    TRY(address_of(call, leased, &ret->to));
    TRY(open_words(call, leased, &page.words));
    TRY(mail_code(call, leased->id, page.code, hash));
    if (page.words.path) {
        page.link = mail_link(call, page.words.path);
    }
    if (leased->topic && leased->public_id) {
        TRY(mail_unsubscribe_ticket(call, leased->public_id, leased->topic, &page.unsubscribe));
        mime.unsubscribe = mail_link(
            call, arena_printf(call->arena, "/api/mail/unsubscribe/%s", page.unsubscribe));
    }
    mime.from = mail_sender(call);
    TRY(envelope(call, leased, ret->to, mime.from, &ret->from));
    ret->subject = mime_line(call, say_own(&page, "subject"));
    ret->text = text_body(&page);
    ret->html = html_body(&page, ret->subject);
    mime.to = ret->to;
    mime.subject = ret->subject;
    mime.text = ret->text;
    mime.html = ret->html;
    mime.id = message_id(call, &page, strchr(mime.from, '@') + 1);
    mime_write(call, &mime, &ret->message, &ret->len);
    return OK;
}

const char *mail_subject(struct call *call, const char *language, const char *kind)
{
    const struct mail_leased leased = {.kind = kind, .language = language};
    const struct page page = {.call = call, .leased = &leased, .words = {.name = "…"}};
    char *subject = arena_text(call->arena, "", 0);
    const char *text = say_own(&page, "subject");
    for (size_t open = strcspn(text, "{"); text[open]; open = strcspn(text, "{")) {
        subject = arena_printf(call->arena, "%s%.*s…", subject, (int)open, text);
        text += open + strcspn(text + open, "}");
        text += *text == '}';
    }
    return arena_printf(call->arena, "%s%s", subject, text);
}
