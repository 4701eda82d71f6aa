#include "net/testing_client.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <time.h>

#define GET(path_) "GET " path_ " HTTP/1.1\r\nHost: h\r\n\r\n"

static char folder[] = "/tmp/bauta-tls-XXXXXX";
static char cert_path[64], key_path[64];

/* A self-signed certificate for `name`, new key and all, into the two files. */
static void write_certificate(const char *name)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    assert_non_null(key);
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -60);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
                               (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
    FILE *out = fopen(cert_path, "w");
    assert_int_equal(PEM_write_X509(out, cert), 1);
    fclose(out);
    out = fopen(key_path, "w");
    assert_int_equal(PEM_write_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL), 1);
    fclose(out);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static int tls_world_make(void **state)
{
    assert_non_null(mkdtemp(folder));
    snprintf(cert_path, sizeof(cert_path), "%s/cert.pem", folder);
    snprintf(key_path, sizeof(key_path), "%s/key.pem", folder);
    write_certificate("one");
    world_make(state);
    struct world *world = *state;
    world->options.tls_cert = cert_path;
    world->options.tls_key = key_path;
    return 0;
}

static int tls_world_end(void **state)
{
    world_end(state);
    unlink(cert_path);
    unlink(key_path);
    rmdir(folder);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    return 0;
}

struct secure {
    SSL_CTX *context;
    SSL *ssl;
    int fd;
};

static struct secure dial_tls(const struct world *world, int version)
{
    struct secure to = {.context = SSL_CTX_new(TLS_client_method()), .fd = dial(world)};
    if (version) {
        SSL_CTX_set_max_proto_version(to.context, version);
        SSL_CTX_set_min_proto_version(to.context, version);
        SSL_CTX_set_cipher_list(to.context, "ALL:@SECLEVEL=0");
    }
    to.ssl = SSL_new(to.context);
    SSL_set_fd(to.ssl, to.fd);
    return to;
}

static void hang_up(struct secure *to)
{
    SSL_free(to->ssl);
    SSL_CTX_free(to->context);
    close(to->fd);
}

static char text[ANSWER_MAX * 2];

/* Reads until `end` has come; what came is in `text`. */
static void read_until(struct secure *from, const char *end)
{
    size_t len = 0;
    text[0] = '\0';
    while (!memmem(text, len, end, strlen(end))) {
        int got_now = SSL_read(from->ssl, text + len, (int)(sizeof(text) - len - 1));
        assert_true(got_now > 0);
        len += (size_t)got_now;
        text[len] = '\0';
    }
}

static void tls_ask(struct secure *to, const char *request, const char *end)
{
    assert_int_equal(SSL_write(to->ssl, request, (int)strlen(request)), (int)strlen(request));
    read_until(to, end);
}

static void name_of(struct secure *to, char ret_name[32])
{
    X509 *cert = SSL_get1_peer_certificate(to->ssl);
    X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, ret_name, 32);
    X509_free(cert);
}

/* proves: SEC-1a */
static void requests_go_by_tls(void **state)
{
    static const int versions[] = {0, TLS1_2_VERSION, TLS1_3_VERSION};
    struct world *world = *state;
    world_start(world);
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct secure to = dial_tls(world, versions[i]);
        assert_int_equal(SSL_connect(to.ssl), 1);
        tls_ask(&to, GET("/api/x"), "body=0");
        assert_non_null(strstr(text, "secure=1"));
        assert_non_null(strstr(text, "\r\nStrict-Transport-Security: max-age=63072000\r\n"));
        tls_ask(&to, GET("/api/cookies"), "\r\n\r\n");
        assert_non_null(strstr(text, "__Host-a=1; Path=/; HttpOnly; SameSite=Lax; Secure\r\n"));
        hang_up(&to);
    }
}

static void old_versions_and_plain_text_are_refused(void **state)
{
    struct world *world = *state;
    struct net_stats stats;
    world_start(world);
    struct secure old = dial_tls(world, TLS1_1_VERSION);
    assert_int_not_equal(SSL_connect(old.ssl), 1);
    hang_up(&old);
    int fd = dial(world);
    put_text(fd, GET("/api/x"));
    char bytes[256];
    while (get_some(fd, bytes, sizeof(bytes)) > 0) { /* an alert, perhaps */
        assert_null(memmem(bytes, sizeof(bytes), "HTTP/1.1", 8));
    }
    close(fd);
    WAIT_FOR((net_stats(world->net, &stats), stats.tls_failures == 2));
}

static void only_http_1_1_is_agreed_on(void **state)
{
    struct world *world = *state;
    world_start(world);
    struct secure to = dial_tls(world, 0);
    static const unsigned char offer[] = "\x02h2\x08http/1.1";
    SSL_set_alpn_protos(to.ssl, offer, sizeof(offer) - 1);
    assert_int_equal(SSL_connect(to.ssl), 1);
    const unsigned char *chosen;
    unsigned len;
    SSL_get0_alpn_selected(to.ssl, &chosen, &len);
    assert_int_equal(len, 8);
    hang_up(&to);
    to = dial_tls(world, 0);
    SSL_set_alpn_protos(to.ssl, offer, 3);
    assert_int_not_equal(SSL_connect(to.ssl), 1);
    hang_up(&to);
}

static void a_ticket_resumes(void **state)
{
    struct world *world = *state;
    world_start(world);
    struct secure first = dial_tls(world, 0);
    assert_int_equal(SSL_connect(first.ssl), 1);
    tls_ask(&first, GET("/api/x"), "body=0");
    SSL_SESSION *session = SSL_get1_session(first.ssl);
    struct secure second = dial_tls(world, 0);
    SSL_set_session(second.ssl, session);
    assert_int_equal(SSL_connect(second.ssl), 1);
    assert_int_equal(SSL_session_reused(second.ssl), 1);
    SSL_SESSION_free(session);
    hang_up(&first);
    hang_up(&second);
}

static void large_answers_and_pipelines_pass_through_tls(void **state)
{
    struct world *world = *state;
    world_start(world);
    struct secure to = dial_tls(world, 0);
    int small = 64 * 1024; /* smaller ones are filled a little every 200 ms */
    setsockopt(to.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    assert_int_equal(SSL_connect(to.ssl), 1);
    tls_ask(&to, GET("/api/big?900000") GET("/api/big?70000") GET("/api/x"), "body=0");
    size_t letters = 0;
    for (const char *at = strstr(text, "bbb"); at && *at; at++) {
        letters += *at == 'b';
    }
    assert_true(letters >= 970000);
    char *body = malloc(API_BODY_MAX + 200);
    int head =
        snprintf(body, 200, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n",
                 API_BODY_MAX);
    memset(body + head, 'e', API_BODY_MAX);
    memcpy(body + head + API_BODY_MAX - 4, "fin.", 5);
    tls_ask(&to, body, "fin.");
    free(body);
    hang_up(&to);
}

static void sockets_speak_and_move_with_tls(void **state)
{
    struct world *world = *state;
    world_start(world);
    struct secure to = dial_tls(world, 0);
    assert_int_equal(SSL_connect(to.ssl), 1);
    tls_ask(&to, HANDSHAKE("/api/live", "Origin: https://h\r\n"), "\r\n\r\n");
    for (int i = 0; i < 50; i++) {
        uint8_t bytes[512];
        char last[32];
        snprintf(last, sizeof(last), "here %d.", i);
        size_t len = frame_bytes(bytes, 0x81, i % 2 ? "burst 4 20000" : "burst 97 0990", 13);
        char order[16];
        snprintf(order, sizeof(order), "move %d", i % 2);
        len += frame_bytes(bytes + len, 0x81, order, strlen(order));
        len += frame_bytes(bytes + len, 0x81, last, strlen(last));
        assert_int_equal(SSL_write(to.ssl, bytes, (int)len), (int)len);
        read_until(&to, last);
    }
    hang_up(&to);
    to = dial_tls(world, 0);
    assert_int_equal(SSL_connect(to.ssl), 1);
    tls_ask(&to, HANDSHAKE("/api/live", "Origin: http://h\r\n"), "\r\n\r\n");
    assert_non_null(strstr(text, "HTTP/1.1 403 ")); /* that page came without TLS */
    hang_up(&to);
}

static void a_new_certificate_is_taken_and_a_bad_one_is_not(void **state)
{
    struct world *world = *state;
    char name[32];
    world_start(world);
    struct secure before = dial_tls(world, 0);
    assert_int_equal(SSL_connect(before.ssl), 1);
    name_of(&before, name);
    assert_string_equal(name, "one");

    write_certificate("two");
    net_tls_reload(world->net);
    struct secure after = dial_tls(world, 0);
    assert_int_equal(SSL_connect(after.ssl), 1);
    name_of(&after, name);
    assert_string_equal(name, "two");
    hang_up(&after);

    FILE *out = fopen(cert_path, "w");
    fputs("no certificate\n", out);
    fclose(out);
    net_tls_reload(world->net);
    after = dial_tls(world, 0);
    assert_int_equal(SSL_connect(after.ssl), 1);
    name_of(&after, name);
    assert_string_equal(name, "two");
    hang_up(&after);
    tls_ask(&before, GET("/api/x"), "body=0"); /* who was there stays */
    hang_up(&before);
}

static void a_bad_certificate_at_the_start_is_said_so(void **state)
{
    struct world *world = *state;
    char why[256] = "";
    struct net *net = NULL;
    FILE *out = fopen(cert_path, "w");
    fclose(out);
    assert_int_equal(net_start(&world->options, &net, why), ERR_INVALID);
    assert_non_null(strstr(why, cert_path));
    write_certificate("other");
    world->options.tls_key = NULL;
    assert_int_equal(net_start(&world->options, &net, why), ERR_INVALID);
    world->options.tls_key = cert_path;
    assert_int_equal(net_start(&world->options, &net, why), ERR_INVALID);
    assert_non_null(strstr(why, "key"));
}

static void changed_files_are_noticed_without_being_told(void **state)
{
    struct world *world = *state;
    world->options.tls_check_ms = 200;
    world_start(world);
    write_certificate("three");
    char name[32] = "";
    time_t end = time(NULL) + 60;
    while (strcmp(name, "three") != 0 && time(NULL) < end) {
        struct secure to = dial_tls(world, 0);
        assert_int_equal(SSL_connect(to.ssl), 1);
        name_of(&to, name);
        hang_up(&to);
        (void)poll(NULL, 0, 100);
    }
    assert_string_equal(name, "three");
}

int main(void)
{
#define NET_TEST(name_) cmocka_unit_test_setup_teardown(name_, tls_world_make, tls_world_end)
    const struct CMUnitTest tests[] = {
        NET_TEST(requests_go_by_tls),
        NET_TEST(old_versions_and_plain_text_are_refused),
        NET_TEST(only_http_1_1_is_agreed_on),
        NET_TEST(a_ticket_resumes),
        NET_TEST(large_answers_and_pipelines_pass_through_tls),
        NET_TEST(sockets_speak_and_move_with_tls),
        NET_TEST(a_new_certificate_is_taken_and_a_bad_one_is_not),
        NET_TEST(a_bad_certificate_at_the_start_is_said_so),
        NET_TEST(changed_files_are_noticed_without_being_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
