#ifndef TESTS_SUPPORT_BROWSER_H
#define TESTS_SUPPORT_BROWSER_H

#include "tests/support/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/authenticator.h"

/* A browser with one authenticator: what it asks the server, and sends it. */
static struct device device;
static char cookie[640];
static char user[64]; /* the handle that the device was given */

static inline void text64(const void *bytes, size_t len, char *ret)
{
    crypto_base64url(bytes, len, ret);
}

static inline void begin(struct world *w)
{
    free((char *)(uintptr_t)w->settings.public_url);
    w->settings.public_url = strdup("https://world.example");
    free((char *)(uintptr_t)w->settings.registration);
    w->settings.registration = strdup("open");
    w->cookie = NULL;
    device_free(&device);
    device_new(&device, WEBAUTHN_ES256);
}

static inline void keep_cookie(struct world *w)
{
    for (size_t i = 0; i < w->last.cookie_count; i++) {
        if (strstr(w->last.cookies[i].name, SESSION_COOKIE)) {
            snprintf(cookie, sizeof(cookie), "%s=%s", w->last.cookies[i].name,
                     w->last.cookies[i].value);
            return;
        }
    }
    fail_msg("no session cookie: %d %s", w->last.status, w->last.body);
}

static inline void ask(struct world *w, const char *path, const char *json, char ret_challenge[64])
{
    int status = world_send(w, NOBODY, "POST", path, json);
    if (status != 200) {
        fail_msg("%s: %d %s", path, status, w->last.body);
    }
    snprintf(ret_challenge, 64, "%s", world_field(w, "challenge"));
    if (*world_field(w, "user")) {
        snprintf(user, sizeof(user), "%s", world_field(w, "user"));
    }
}

/* What a browser sends of a new passkey. */
static inline void new_json(const char *label, char *ret, size_t cap)
{
    char client[4096], object[4096];
    text64(device.client_data, strlen(device.client_data), client);
    text64(device.object, device.object_len, object);
    snprintf(ret, cap,
             "{\"client_data\":\"%s\",\"attestation\":\"%s\",\"transports\":\"usb evil internal\","
             "\"label\":\"%s\"}",
             client, object, label);
}

static inline void proof_json(char *ret, size_t cap)
{
    char id[64], client[4096], data[2048], signature[1024];
    text64(device.id, device.id_len, id);
    text64(device.client_data, strlen(device.client_data), client);
    text64(device.data, device.data_len, data);
    text64(device.signature, device.signature_len, signature);
    snprintf(ret, cap,
             "{\"id\":\"%s\",\"client_data\":\"%s\",\"auth_data\":\"%s\",\"signature\":\"%s\","
             "\"user\":\"%s\"}",
             id, client, data, signature, user);
}

static inline int register_with(struct world *w, const char *name, const char *passkey)
{
    char json[12000];
    snprintf(json, sizeof(json),
             "{\"avatar_name\":\"%s\",\"passkey\":%s,\"email\":\"%s@example.org\","
             "\"birth_date\":\"1990-01-01\",\"country\":\"ID\",\"marketing\":false}",
             name, passkey, name);
    return world_send(w, NOBODY, "POST", "/api/accounts", json);
}

static inline int registers(struct world *w, const char *name)
{
    char challenge[64], passkey[10000];
    ask(w, "/api/accounts/passkey/options", NULL, challenge);
    device_make(&device, challenge);
    new_json("Phone", passkey, sizeof(passkey));
    int status = register_with(w, name, passkey);
    if (status == 201) {
        keep_cookie(w);
    }
    return status;
}

static inline void registers_with_password(struct world *w, const char *name)
{
    char json[512];
    snprintf(json, sizeof(json),
             "{\"avatar_name\":\"%s\",\"password\":\"grey tram over kelapa\","
             "\"email\":\"%s@example.org\",\"birth_date\":\"1990-01-01\",\"country\":\"ID\","
             "\"marketing\":false}",
             name, name);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts", json), 201);
    keep_cookie(w);
}

static inline int adds(struct world *w, const char *label)
{
    char challenge[64], passkey[10000], json[11000];
    w->cookie = cookie;
    ask(w, "/api/passkeys/options", NULL, challenge);
    device_make(&device, challenge);
    new_json(label, passkey, sizeof(passkey));
    snprintf(json, sizeof(json), "{\"passkey\":%s}", passkey);
    int status = world_send(w, NOBODY, "POST", "/api/passkeys", json);
    w->cookie = NULL;
    return status;
}

static inline int shows(struct world *w, const char *path, const char *more)
{
    char passkey[9000], json[10000];
    proof_json(passkey, sizeof(passkey));
    snprintf(json, sizeof(json), "{\"passkey\":%s%s}", passkey, more);
    return world_send(w, NOBODY, "POST", path, json);
}

static inline int signs_in(struct world *w)
{
    char challenge[64];
    ask(w, "/api/sessions/passkey/options", NULL, challenge);
    device_prove(&device, challenge);
    int status = shows(w, "/api/sessions/passkey", "");
    if (status == 201) {
        keep_cookie(w);
    }
    return status;
}

static inline void is_refused(struct world *w, int status)
{
    assert_int_equal(status, 403);
    assert_string_equal(world_code(w), "passkeys.refused");
}

#endif
