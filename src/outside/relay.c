#include "outside/relay.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/settings.h"

enum {
    CONNECTIONS_MAX = 32,
    SOCKETS_MAX = 2 * CONNECTIONS_MAX,
    CONNECT_MS = 10 * 1000,
    POLL_MS = 500,
    LINE_MAX_ = 80
};

/* One transfer at a time; its connection goes back to the multi handle's cache. */
struct slot {
    CURL *easy;
    struct curl_slist *to;
    struct relay_mail *mail; /* NULL: free */
    size_t at;
    char error[CURL_ERROR_SIZE];
    char line[LINE_MAX_]; /* the relay's last answer */
};

struct relay {
    CURLM *multi;
    char *url, *ca;
    long ssl;
    int64_t timeout_ms;
    size_t slots_count;
    struct slot slots[CONNECTIONS_MAX];
    int sockets[SOCKETS_MAX]; /* open ones; 0: free */
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void keep_socket(struct relay *relay, int old, int new)
{
    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        if (relay->sockets[i] == old) {
            relay->sockets[i] = new;
            return;
        }
    }
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose UNUSED, struct curl_sockaddr *at)
{
    int fd = socket(at->family, at->socktype | SOCK_CLOEXEC, at->protocol);
    if (fd >= 0) {
        keep_socket(ctx, 0, fd);
    }
    return fd;
}

static int close_socket(void *ctx, curl_socket_t fd)
{
    keep_socket(ctx, fd, 0);
    return close(fd);
}

/* curl says QUIT and waits for the answer, a minute if need be: now there is one, the end. */
static void cut_off(struct relay *relay)
{
    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        if (relay->sockets[i]) {
            shutdown(relay->sockets[i], SHUT_RDWR);
        }
    }
}

/* This machine.  An address is read as one: a name may begin with "127.", too. */
static bool near(const char *host)
{
    struct in_addr at;
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (inet_pton(AF_INET, host, &at) == 1 && ntohl(at.s_addr) >> 24 == 127);
}

/* The path of an SMTP address is the name that the server gives itself. */
static enum err read_url(struct relay *relay, const struct settings *settings)
{
    char *host = NULL, *user = NULL, *scheme = NULL, *path = NULL, *own = NULL;
    CURLU *url = curl_url(), *site = curl_url();
    ASSERT_START(settings->smtp_url);
    bool good = url && site && !curl_url_set(url, CURLUPART_URL, settings->smtp_url, 0) &&
                !curl_url_get(url, CURLUPART_HOST, &host, 0) &&
                !curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) &&
                (strcmp(scheme, "smtp") == 0 || strcmp(scheme, "smtps") == 0);
    if (good && (curl_url_get(url, CURLUPART_PATH, &path, 0) || strcmp(path, "/") == 0)) {
        bool named = settings->public_url && *settings->public_url &&
                     !curl_url_set(site, CURLUPART_URL, settings->public_url, 0) &&
                     !curl_url_get(site, CURLUPART_HOST, &own, 0);
        good = !curl_url_set(url, CURLUPART_PATH, named ? own : "localhost", 0);
    }
    if (good) {
        bool login = !curl_url_get(url, CURLUPART_USER, &user, 0);
        relay->ssl = near(host) && !login ? CURLUSESSL_NONE : CURLUSESSL_ALL;
        good = !curl_url_get(url, CURLUPART_URL, &relay->url, 0);
    }
    char *const texts[] = {host, user, scheme, path, own};
    for (size_t i = 0; i < COUNT(texts); i++) {
        curl_free(texts[i]);
    }
    curl_url_cleanup(url);
    curl_url_cleanup(site);
    return good ? OK : ERR_INVALID;
}

enum err relay_new(const struct settings *settings, struct relay **ret)
{
    struct relay *relay = calloc(1, sizeof(*relay));
    ASSERT_START(relay);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        free(relay);
        return ERR_INVALID;
    }
    if (read_url(relay, settings) != OK) {
        relay_free(relay);
        return ERR_INVALID;
    }
    relay->timeout_ms = settings->smtp_timeout_s * 1000;
    relay->slots_count = (size_t)MIN(settings->smtp_connections, CONNECTIONS_MAX);
    ASSERT_START(relay->slots_count > 0 && relay->timeout_ms > 0);
    if (settings->smtp_ca && *settings->smtp_ca) {
        relay->ca = strdup(settings->smtp_ca);
        ASSERT_START(relay->ca);
    }
    relay->multi = curl_multi_init();
    ASSERT_START(relay->multi);
    curl_multi_setopt(relay->multi, CURLMOPT_MAXCONNECTS, (long)relay->slots_count);
    for (size_t i = 0; i < relay->slots_count; i++) {
        relay->slots[i].easy = curl_easy_init();
        ASSERT_START(relay->slots[i].easy);
    }
    *ret = relay;
    return OK;
}

void relay_free(struct relay *relay)
{
    if (!relay) {
        return;
    }
    cut_off(relay);
    for (size_t i = 0; i < relay->slots_count; i++) {
        curl_easy_cleanup(relay->slots[i].easy);
    }
    curl_multi_cleanup(relay->multi);
    curl_free(relay->url);
    free(relay->ca);
    free(relay);
    curl_global_cleanup();
}

/* ---- one mail ---- */

static size_t give(char *bytes, size_t size, size_t count, void *ctx)
{
    struct slot *slot = ctx;
    ASSERT_CODE(slot->at <= slot->mail->len);
    size_t len = MIN(size * count, slot->mail->len - slot->at);
    memcpy(bytes, slot->mail->message + slot->at, len);
    slot->at += len;
    return len;
}

/* Every line of the relay comes here. */
static size_t heard(char *bytes, size_t size, size_t count, void *ctx)
{
    struct slot *slot = ctx;
    size_t len = MIN(size * count, sizeof(slot->line) - 1);
    memcpy(slot->line, bytes, len);
    slot->line[len] = '\0';
    return size * count;
}

/* false: there is no memory. */
static bool begin(struct relay *relay, struct slot *slot, struct relay_mail *mail)
{
    CURL *easy = slot->easy;
    ASSERT_CODE(!slot->mail && mail->end == RELAY_UNTRIED);
    slot->to = curl_slist_append(NULL, mail->to);
    if (!slot->to) {
        return false;
    }
    slot->mail = mail;
    slot->at = 0;
    slot->error[0] = slot->line[0] = '\0';
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, relay->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USE_SSL, relay->ssl);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (relay->ca) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, relay->ca);
    }
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)MIN(relay->timeout_ms, CONNECT_MS));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)relay->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(relay->timeout_ms / 1000));
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, mail->from);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, slot->to);
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(easy, CURLOPT_READDATA, slot);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, heard);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, slot);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, slot->error);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, slot);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, relay);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, relay);
    if (curl_multi_add_handle(relay->multi, easy) != CURLM_OK) {
        curl_slist_free_all(slot->to);
        slot->mail = NULL;
        return false;
    }
    return true;
}

/* The length of "5.1.1" at the beginning of the text; 0: there is no such code. */
static size_t code_length(const char *text)
{
    const char *at = text;
    for (int part = 0; part < 3; part++) {
        size_t digits = strspn(at, "0123456789");
        if (digits == 0 || digits > 3 || (part < 2 && at[digits] != '.')) {
            return 0;
        }
        at += digits + (part < 2);
    }
    return (size_t)(at - text);
}

/* "550 5.1.1" of "550 5.1.1 no such user": codes only, never the relay's words. */
static void keep_code(struct slot *slot, long status)
{
    const char *more = slot->line + strspn(slot->line, "0123456789");
    more += *more == ' ' || *more == '-';
    int len = (int)code_length(more);
    snprintf(slot->mail->why, RELAY_WHY_MAX, "%ld%s%.*s", status, len ? " " : "", len, more);
}

/* What keeps every mail from being sent; NULL: it is about this one. */
static const char *trouble(const struct slot *slot, CURLcode code, long status)
{
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "resolve";
    case CURLE_COULDNT_CONNECT:
        return "connect";
    case CURLE_LOGIN_DENIED:
        return "login";
    case CURLE_USE_SSL_FAILED:
        return "no starttls";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return "tls";
    default:
        /* Nobody greeted, or "service not available". */
        return !slot->line[0] ? "silent" : status == 421 ? "421" : NULL;
    }
}

/* Returns what is the matter with the relay itself, or NULL. */
static const char *end(struct slot *slot, CURLcode code)
{
    struct relay_mail *mail = slot->mail;
    long status = 0;
    curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK) {
        mail->end = RELAY_SENT;
        return NULL;
    }
    const char *why = trouble(slot, code, status);
    bool final = status >= 500 && status < 600;
    if (why) {
        mail->end = RELAY_UNTRIED;
    } else if (final || (status >= 400 && status < 500)) {
        keep_code(slot, status);
        bool recipient = strncmp(slot->error, "RCPT", 4) == 0;
        /* 5.7.x is about us (policy, reputation), not about whether somebody is there. */
        bool policy = strstr(mail->why, " 5.7.") != NULL;
        mail->end = !final ? RELAY_LATER : recipient && !policy ? RELAY_NOBODY : RELAY_REFUSED;
    } else {
        mail->end = RELAY_LATER;
        snprintf(mail->why, RELAY_WHY_MAX, "%s",
                 code == CURLE_OPERATION_TIMEDOUT ? "timeout" : "lost");
    }
    return why;
}

/* ---- all of them ---- */

static struct slot *free_slot(struct relay *relay)
{
    for (size_t i = 0; i < relay->slots_count; i++) {
        if (!relay->slots[i].mail) {
            return &relay->slots[i];
        }
    }
    return NULL;
}

static void release(struct relay *relay, struct slot *slot)
{
    ASSERT_CODE(slot->mail);
    curl_multi_remove_handle(relay->multi, slot->easy);
    curl_slist_free_all(slot->to);
    slot->mail = NULL;
}

static size_t collect(struct relay *relay, const char **why)
{
    CURLMsg *message = NULL;
    size_t ended = 0;
    for (int left = 0; (message = curl_multi_info_read(relay->multi, &left));) {
        struct slot *slot = NULL;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&slot);
        const char *trouble_now = end(slot, code);
        *why = trouble_now ? trouble_now : *why;
        release(relay, slot);
        ended++;
    }
    return ended;
}

/* A mail whose last line was not given yet was not taken: such are taken back, once all are. */
static size_t withdraw(struct relay *relay)
{
    size_t count = 0;
    for (size_t i = 0; i < relay->slots_count; i++) {
        const struct slot *slot = &relay->slots[i];
        if (slot->mail && slot->at >= slot->mail->len) {
            return 0; /* its answer is on the way */
        }
    }
    cut_off(relay);
    for (size_t i = 0; i < relay->slots_count; i++) {
        if (relay->slots[i].mail) {
            release(relay, &relay->slots[i]);
            count++;
        }
    }
    return count;
}

bool relay_send(struct relay *relay, struct relay_mail *mails, size_t count,
                const atomic_bool *stop, char ret_why[RELAY_WHY_MAX])
{
    const char *why = NULL;
    int64_t until_ms = now_ms() + RELAY_START_MS;
    size_t next = 0, open = 0;
    for (size_t i = 0; i < count; i++) {
        mails[i].end = RELAY_UNTRIED;
        mails[i].why[0] = '\0';
    }
    while (open > 0 || next < count) {
        bool go_on = !why && !atomic_load(stop) && now_ms() < until_ms;
        for (struct slot *slot = NULL; go_on && next < count && (slot = free_slot(relay)); open++) {
            if (!begin(relay, slot, &mails[next])) {
                why = "memory"; /* this one and those behind it are as if nothing had happened */
                break;
            }
            next++;
        }
        open -= atomic_load(stop) ? withdraw(relay) : 0;
        if (!go_on && open == 0) {
            break;
        }
        int running = 0;
        curl_multi_perform(relay->multi, &running);
        size_t ended = collect(relay, &why);
        ASSERT_CODE(ended <= open);
        open -= ended;
        if (ended == 0) {
            curl_multi_poll(relay->multi, NULL, 0, POLL_MS, NULL);
        }
    }
    snprintf(ret_why, RELAY_WHY_MAX, "%s", why ? why : "");
    return !why;
}
