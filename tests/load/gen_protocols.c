#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/load/gen.h"

/* 64 bytes of text, as in a chat; the number makes each line another. */
static const char TEXT[] = "the quick brown fox jumps over the lazy dog and sit %012" PRIu64;

static bool begins(const uint8_t *at, size_t len, const char *with)
{
    return len >= strlen(with) && memcmp(at, with, strlen(with)) == 0;
}

static size_t text_of(uint64_t number, char *ret, size_t cap)
{
    return (size_t)snprintf(ret, cap, TEXT, number % UINT64_C(1000000000000));
}

/* ---- Bauta: docs/live.md ---- */

static bool positions; /* are what is counted */

static void bauta_path(const struct gen_options *options, const struct gen_conn *conn,
                       const char *room_id, char *ret, size_t cap)
{
    (void)conn;
    positions = options->moves;
    snprintf(ret, cap, "/api/live?room=%s", room_id);
}

static size_t bauta_say(const struct gen_conn *conn, uint64_t number, uint8_t *ret, size_t cap)
{
    char text[96];
    text_of(number, text, sizeof(text));
    return (size_t)snprintf((char *)ret, cap,
                            "{\"t\":\"say\",\"cid\":\"%d-%d-%" PRIu64 "\",\"text\":\"%s\"}",
                            (int)getpid(), conn->member, number, text);
}

static enum gen_seen bauta_seen(struct gen_conn *conn, const uint8_t *at, size_t len,
                                size_t *ret_count)
{
    (void)conn;
    if (len > 0 && (at[0] == 2 || at[0] == 3) && !positions) {
        return GEN_OTHER;
    }
    if (len > 0 && (at[0] == 2 || at[0] == 3)) { /* positions: 5 or 7 bytes an entry */
        for (size_t i = 1; i + 2 < len; i += at[i + 1] & 0x80 ? 5 : 7) {
            ++*ret_count;
        }
        return GEN_DELIVERED;
    }
    if (begins(at, len, "{\"t\":\"line\"")) {
        *ret_count = 1;
        return GEN_DELIVERED;
    }
    if (begins(at, len, "{\"t\":\"nack\"") || begins(at, len, "{\"t\":\"refused\"")) {
        fprintf(stderr, "gen: %.*s\n", (int)len, (const char *)at);
        exit(1);
    }
    if (begins(at, len, "{\"t\":\"ack\"")) {
        return GEN_STORED;
    }
    return begins(at, len, "{\"t\":\"entered\"") ? GEN_READY : GEN_OTHER;
}

/* ---- net_floor: Bauta's net alone, which is told the same and tells as many bytes ---- */

static void floor_path(const struct gen_options *options, const struct gen_conn *conn,
                       const char *room_id, char *ret, size_t cap)
{
    (void)options;
    (void)room_id;
    snprintf(ret, cap, "/api/live?room=%d", conn->room);
}

/* ---- a channel by path: nchan, and the little server on `ws` ---- */

static void channel_path(const struct gen_options *options, const struct gen_conn *conn,
                         const char *room_id, char *ret, size_t cap)
{
    (void)options;
    (void)room_id;
    snprintf(ret, cap, "/room/%d", conn->room);
}

static size_t channel_say(const struct gen_conn *conn, uint64_t number, uint8_t *ret, size_t cap)
{
    (void)conn;
    return text_of(number, (char *)ret, cap);
}

static enum gen_seen channel_seen(struct gen_conn *conn, const uint8_t *at, size_t len,
                                  size_t *ret_count)
{
    (void)conn;
    *ret_count = 1;
    return begins(at, len, "the quick") ? GEN_DELIVERED : GEN_OTHER;
}

/* ---- socket.io: Engine.IO 4 over WebSocket ---- */

static void sio_path(const struct gen_options *options, const struct gen_conn *conn,
                     const char *room_id, char *ret, size_t cap)
{
    (void)options;
    (void)conn;
    (void)room_id;
    snprintf(ret, cap, "/socket.io/?EIO=4&transport=websocket");
}

static size_t sio_say(const struct gen_conn *conn, uint64_t number, uint8_t *ret, size_t cap)
{
    char text[96];
    (void)conn;
    text_of(number, text, sizeof(text));
    return (size_t)snprintf((char *)ret, cap, "42[\"say\",\"%s\"]", text);
}

static enum gen_seen sio_seen(struct gen_conn *conn, const uint8_t *at, size_t len,
                              size_t *ret_count)
{
    char join[64];
    if (begins(at, len, "42[\"line\"")) {
        *ret_count = 1;
        return GEN_DELIVERED;
    }
    if (begins(at, len, "42[\"joined\"")) {
        return GEN_READY;
    }
    if (begins(at, len, "40")) {
        int count = snprintf(join, sizeof(join), "42[\"join\",\"%d\"]", conn->room);
        gen_send(conn, false, join, (size_t)count);
    } else if (begins(at, len, "0{")) {
        gen_send(conn, false, "40", 2);
    } else if (begins(at, len, "2")) {
        gen_send(conn, false, "3", 1);
    }
    return GEN_OTHER;
}

/* ---- mosquitto: MQTT 3.1.1 over WebSocket, QoS 0 ---- */

static void mqtt_path(const struct gen_options *options, const struct gen_conn *conn,
                      const char *room_id, char *ret, size_t cap)
{
    (void)options;
    (void)conn;
    (void)room_id;
    snprintf(ret, cap, "/mqtt");
}

static void mqtt_hello(struct gen_conn *conn)
{
    uint8_t packet[64] = {0x10, 0, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0};
    int id = snprintf((char *)packet + 14, sizeof(packet) - 14, "g%d-%d", conn->room, conn->member);
    packet[1] = (uint8_t)(12 + id);
    packet[13] = (uint8_t)id;
    gen_send(conn, true, packet, (size_t)id + 14);
}

static size_t mqtt_say(const struct gen_conn *conn, uint64_t number, uint8_t *ret, size_t cap)
{
    char topic[24], text[96];
    size_t topic_len = (size_t)snprintf(topic, sizeof(topic), "room/%d", conn->room);
    size_t text_len = text_of(number, text, sizeof(text));
    if (cap < topic_len + text_len + 4) {
        return 0;
    }
    ret[0] = 0x30;
    ret[1] = (uint8_t)(2 + topic_len + text_len);
    ret[2] = 0;
    ret[3] = (uint8_t)topic_len;
    memcpy(ret + 4, topic, topic_len);
    memcpy(ret + 4 + topic_len, text, text_len);
    return 4 + topic_len + text_len;
}

static void mqtt_subscribe(struct gen_conn *conn)
{
    uint8_t packet[64] = {0x82, 0, 0, 1, 0};
    int topic = snprintf((char *)packet + 6, sizeof(packet) - 7, "room/%d", conn->room);
    packet[1] = (uint8_t)(5 + topic);
    packet[5] = (uint8_t)topic;
    gen_send(conn, true, packet, (size_t)topic + 7);
}

static enum gen_seen mqtt_seen(struct gen_conn *conn, const uint8_t *at, size_t len,
                               size_t *ret_count)
{
    enum gen_seen seen = GEN_OTHER;
    while (len >= 2) { /* one frame may hold several packets; all here are shorter than 128 */
        size_t size = (size_t)at[1] + 2;
        if ((at[0] & 0xf0) == 0x30) {
            ++*ret_count;
            seen = GEN_DELIVERED;
        } else if (at[0] == 0x20) {
            mqtt_subscribe(conn);
        } else if (at[0] == 0x90) {
            seen = GEN_READY;
        }
        at += size;
        len = len > size ? len - size : 0;
    }
    return seen;
}

static const struct gen_protocol protocols[] = {
    {"bauta", NULL, false, false, bauta_path, NULL, bauta_say, bauta_seen},
    {"floor", NULL, false, true, floor_path, NULL, bauta_say, bauta_seen},
    {"nchan", NULL, false, true, channel_path, NULL, channel_say, channel_seen},
    {"ws", NULL, false, true, channel_path, NULL, channel_say, channel_seen},
    {"socket.io", NULL, false, false, sio_path, NULL, sio_say, sio_seen},
    {"mosquitto", "mqtt", true, false, mqtt_path, mqtt_hello, mqtt_say, mqtt_seen},
};

const struct gen_protocol *gen_protocol(const char *name)
{
    for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
        if (strcmp(protocols[i].name, name) == 0) {
            return &protocols[i];
        }
    }
    return NULL;
}
