#include "tests/support/parents.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "features/safety/staff/staff.h"
#include "tests/support/members.h"

/*
 * Every route of staff that does something leaves a line: the rows of the routes say which there
 * are, and one that is tried nowhere here fails.  ADA is an administrator, BEN an officer.
 */

#define ROOM "rrrrrrrrrrrrrrrrrrrrrrrrrr"

static const struct trial {
    const char *route;
    int who;
    const char *sql, *id, *json; /* id: what stands for {id} */
} trials[] = {
    {"POST /api/admin/accounts/{id}/approve", ADA,
     "UPDATE account SET state = 'waiting' WHERE id = 4", "dan", NULL},
    {"POST /api/admin/accounts/{id}/end", ADA, NULL, "dan", "{\"reason\":\"sold things\"}"},
    {"POST /api/admin/staff", ADA, NULL, NULL, "{\"avatar_name\":\"cleo\",\"role\":\"payout\"}"},
    {"DELETE /api/admin/staff/{id}/{role}", ADA, NULL, "cleo", NULL},
    {"POST /api/admin/jobs/{id}/retry", ADA,
     "INSERT INTO job (id, kind, payload, state, run_at_ms, created_ms)"
     " VALUES (7, 'ops.keys', '', 'dead', 1, 1)",
     "7", NULL},
    {"POST /api/admin/mail/{id}/again", ADA,
     "UPDATE mail SET id = 7, state = 'dead', ends_ms = 3000000000000 WHERE kind = 'mail.test'",
     "7", NULL},
    {"POST /api/admin/mail/test", ADA, "UPDATE account SET email_verified = 1", NULL, NULL},
    {"POST /api/invites", ADA, NULL, NULL, "{\"uses\":1,\"days\":1}"},
    {"DELETE /api/invites/{id}", ADA,
     "UPDATE invite SET id = 7 WHERE id = (SELECT max(id) FROM invite)", "7", NULL},
    /* a member's route by which administrators do more */
    {"PATCH /api/rooms/{id}", ADA,
     "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity, visibility,"
     " owner_id, keep_days, created_ms) VALUES (77, '" ROOM "', 'Quiet', 'quiet', 'lounge', 'en',"
     " 5, 'closed', 1, 9, 1)",
     ROOM, "{\"name\":\"Loud\"}"},
    {"POST /api/rooms/{id}/remove", ADA, NULL, ROOM, "{\"account\":\"dan\"}"},
    {"DELETE /api/rooms/{id}", ADA, NULL, ROOM, NULL},
    {"PUT /api/admin/settings/{name}", ADA, NULL, NULL, "{\"value\":\"Harbour\",\"version\":0}"},
    {"PUT /api/admin/policies/{kind}/draft/{language}", ADA, NULL, NULL,
     "{\"text\":\"Be kind.\",\"changes\":\"\",\"edit\":0}"},
    {"POST /api/admin/policies/{kind}/publish", ADA,
     "INSERT INTO policy_text (policy_id, language, text, changes) SELECT policy_id, 'id', text, ''"
     " FROM policy_text",
     NULL, "{\"edit\":1,\"days\":9,\"mail\":false}"},
    {"DELETE /api/admin/policies/{kind}/{number}", ADA, NULL, NULL, NULL},
};

/* Those that have tests of their own, with all that they need: they count lines, too. */
static const char *const elsewhere[] = {
    "POST /api/staff/cases/{id}/decision",     "POST /api/staff/reports/{id}/decision",
    "POST /api/staff/requests/{id}/claim",     "POST /api/staff/requests/{id}/note",
    "POST /api/staff/requests/{id}/question",  "POST /api/staff/requests/{id}/extension",
    "POST /api/staff/requests/{id}/proof",     "POST /api/staff/requests/{id}/answer",
    "POST /api/staff/requests/{id}/closure",   "PUT /api/admin/policies/{kind}/draft/{language}",
    "POST /api/admin/policies/{kind}/publish", "DELETE /api/admin/policies/{kind}/{number}"};

/*
 * Administrators' routes that ask for no passkey: they tell numbers and names of officers, or act
 * on nobody but who asks.  A mail is read where there is no relay only: a demo, or the machine's
 * own.
 */
static const char *const open[] = {
    "GET /api/admin/checklist", "GET /api/admin/jobs",      "GET /api/admin/performance",
    "GET /api/invites",         "GET /api/admin/staff",     "GET /api/admin/log",
    "GET /api/admin/mail",      "GET /api/admin/mail/{id}", "POST /api/admin/mail/test",
    "GET /api/admin/settings",  "GET /api/admin/waiting"};

static bool is_among(const char *const *all, size_t count, const char *route)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i], route) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_tried(const char *route)
{
    for (size_t i = 0; i < COUNT(trials); i++) {
        if (strcmp(trials[i].route, route) == 0) {
            return true;
        }
    }
    return is_among(elsewhere, COUNT(elsewhere), route);
}

enum { ROUTES_MAX = 64 };

/* The rows of staff's routes, of all features. */
static size_t of_staff(const struct api_route *ret[ROUTES_MAX])
{
    size_t count = 0;
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *one = (*feature)->routes; one && one->method; one++) {
            if (api_power(one->who)) {
                assert_true(count < ROUTES_MAX);
                ret[count++] = one;
            }
        }
    }
    assert_true(count >= 20);
    return count;
}

static void
whatever_administrators_do_to_others_or_read_of_them_wants_a_passkey(struct world *w UNUSED)
{
    const struct api_route *all[ROUTES_MAX];
    for (size_t i = 0, count = of_staff(all); i < count; i++) {
        char route[128];
        snprintf(route, sizeof(route), "%s %s", all[i]->method, all[i]->path);
        bool asked = roles_passkey(api_power(all[i]->who)) || all[i]->flags & API_PASSKEY;
        if (asked == is_among(open, COUNT(open), route)) {
            fail_msg("%s asks for %s passkey", route, asked ? "a" : "no");
        }
    }
}

static void no_route_of_staff_is_forgotten_here(struct world *w UNUSED)
{
    const struct api_route *all[ROUTES_MAX];
    size_t seen = 0;
    for (size_t i = 0, count = of_staff(all); i < count; i++) {
        char route[128];
        snprintf(route, sizeof(route), "%s %s", all[i]->method, all[i]->path);
        bool acts = strcmp(all[i]->method, "GET") != 0;
        seen += acts;
        if (acts && (!is_tried(route) || all[i]->tx != API_TX_WRITE)) {
            fail_msg("%s: an act of staff whose line is proved nowhere", route);
        }
    }
    assert_true(seen >= 11);
}

/* A line of it has its sentence in the client by this: tools/typescript.c. */
static bool is_said(const char *route)
{
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *one = (*feature)->routes; one && one->method; one++) {
            char name[128];
            snprintf(name, sizeof(name), "%s %s", one->method, one->path);
            if (strcmp(name, route) == 0) {
                return one->flags & API_STAFF_LINE || one->look ||
                       (api_power(one->who) && strcmp(one->method, "GET") != 0);
            }
        }
    }
    return false;
}

enum { PATH_BYTES = 160 };

/* What stands for this name in the path, where the path has it. */
static void put_in(char path[PATH_BYTES], const char *name, const char *text)
{
    char *at = strstr(path, name), rest[PATH_BYTES];
    if (at) {
        snprintf(rest, sizeof(rest), "%s", at + strlen(name));
        snprintf(at, PATH_BYTES - (size_t)(at - path), "%s%s", text, rest);
    }
}

static int try(struct world *w, const struct trial *trial)
{
    static const char *const others[][2] = {{"{name}", "site_name"},
                                            {"{role}", "moderator"},
                                            {"{kind}", "terms"},
                                            {"{language}", "en"},
                                            {"{number}", "1"}};
    char method[8], path[PATH_BYTES];
    const char *id = trial->id;
    sscanf(trial->route, "%7s %127s", method, path);
    for (int who = ANA; id && who < PEOPLE; who++) {
        id = strncmp(w->public_ids[who], trial->id, strlen(trial->id)) == 0 ? w->public_ids[who]
                                                                            : id;
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        put_in(path, others[i][0], others[i][1]);
    }
    if (id) {
        put_in(path, "{id}", id);
    }
    char json[128] = "";
    snprintf(json, sizeof(json), "%s", trial->json ? trial->json : "");
    if (strstr(json, "\"dan\"}")) {
        snprintf(json, sizeof(json), "{\"account\":\"%s\"}", w->public_ids[DAN]);
    }
    return world_send(w, trial->who, method, path, *json ? json : NULL);
}

static int64_t lines(struct world *w, const char *route, bool on)
{
    char sql[200];
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM audit WHERE act = '%s' AND by_id = 5%s", route,
             on ? " AND on_id IS NOT NULL" : "");
    return world_count(w, sql);
}

static void every_act_of_staff_leaves_a_line_of_who_what_on_whom_and_when(struct world *w)
{
    parents_begin(w);
    member_real(w, ADA, "1990-01-15", "ID");
    static const size_t order[] = {6, 5, 0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    assert_int_equal(COUNT(order), COUNT(trials));
    for (size_t i = 0; i < COUNT(order); i++) {
        const struct trial *trial = &trials[order[i]];
        if (strstr(trial->route, "/rooms/")) {
            world_script(w, "UPDATE account SET state = 'active' WHERE id = 4");
        }
        if (trial->sql) {
            world_script(w, trial->sql);
        }
        assert_true(is_said(trial->route));
        int status = try(w, trial);
        if (status / 100 != 2 || lines(w, trial->route, strstr(trial->route, "{id}")) != 1) {
            fail_msg("%s: %d %s, %d lines", trial->route, status, w->last.body,
                     (int)lines(w, trial->route, false));
        }
        if (trial->who == ADA && i > 0) { /* what is refused did not happen, and leaves none */
            (void)try(w, trial);
            assert_true(lines(w, trial->route, false) == 1 + (w->last.status / 100 == 2 ? 1 : 0));
        }
    }
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/acts", NULL), 200);
    assert_true(
        world_says(w, "\"act\":\"POST "
                      "/api/admin/accounts/{id}/end\",\"look\":false,\"about\":null,\"on\":\"dan\","
                      "\"reason\":\"sold things\""));
    assert_true(world_says(w, "\"by\":\"ada\",\"machine\":false"));
    assert_int_equal(world_send(w, ANA, "GET", "/api/admin/acts", NULL), 403);
}

/* An administrator sees no case: not by their own word. */
static void nobody_gives_themselves_a_role(struct world *w)
{
    parents_begin(w);
    assert_int_equal(world_send(w, ADA, "POST", "/api/admin/staff",
                                "{\"avatar_name\":\"Ada\",\"role\":\"moderator\"}"),
                     403);
    assert_string_equal(world_code(w), "staff.self");
    assert_int_equal(world_count(w, "SELECT count(*) FROM staff WHERE account_id = 5"
                                    " AND role <> 'support'"),
                     0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit"), 0);
    assert_int_equal(world_send(w, ADA, "POST", "/api/admin/staff",
                                "{\"avatar_name\":\"dan\",\"role\":\"payout\"}"),
                     204);
    assert_int_equal(
        world_count(w, "SELECT count(*) FROM audit WHERE by_id = 5 AND subject_id = 4"), 1);
    w->now_ms += 4000 * TIME_DAY; /* what it says goes after three years; that it was, never */
    parents_run_jobs(w);
    w->now_ms += TIME_DAY;
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit WHERE act IS NULL AND seal IS NOT"
                                    " NULL"),
                     1);
}

/* By a member's route administrators do more: with a passkey, as all that staff do to others. */
static void anothers_room_is_opened_changed_and_ended_with_a_passkey_only(struct world *w)
{
    static const struct {
        const char *method, *path, *json;
    } acts[] = {{"GET", "/api/admin/rooms/" ROOM, NULL},
                {"PATCH", "/api/rooms/" ROOM, "{\"name\":\"Loud\"}"},
                {"POST", "/api/rooms/" ROOM "/remove", "{\"account\":\"nobody\"}"},
                {"DELETE", "/api/rooms/" ROOM, NULL}};
    parents_begin(w);
    world_script(w, trials[9].sql);
    world_script(w, "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity,"
                    " visibility, owner_id, keep_days, created_ms) VALUES (78,"
                    " 'ssssssssssssssssssssssssss', 'Own', 'own', 'lounge', 'en', 5, 'closed', 5,"
                    " 9, 1)");
    world_script(w, "UPDATE session SET proof = 0");
    w->now_ms += TIME_MIN; /* what is cached is loaded anew */
    for (size_t i = 0; i < COUNT(acts); i++) {
        assert_int_equal(world_send(w, ADA, acts[i].method, acts[i].path, acts[i].json), 403);
        assert_string_equal(world_code(w), "api.passkey");
    }
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit"), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM room WHERE name = 'Quiet'"
                                    " AND ended_ms IS NULL"),
                     1);
    assert_int_equal(
        world_send(w, ADA, "PATCH", "/api/rooms/ssssssssssssssssssssssssss", "{\"name\":\"Ours\"}"),
        200); /* one's own is a member's */
}

static void a_closed_room_is_not_read_by_staff_without_a_line(struct world *w)
{
    parents_begin(w);
    world_script(w, trials[9].sql);
    assert_int_equal(world_send(w, ADA, "GET", "/api/rooms/" ROOM, NULL), 404);
    assert_int_equal(world_send(w, ANA, "GET", "/api/rooms/" ROOM, NULL), 200); /* the owner */
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit"), 0);
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/rooms/" ROOM, NULL), 200);
    assert_true(world_says(w, "\"name\":\"Quiet\""));
    assert_int_equal(lines(w, "GET /api/admin/rooms/{id}", true), 1);
    assert_true(is_said("GET /api/admin/rooms/{id}"));
    assert_int_equal(world_send(w, ANA, "PATCH", "/api/rooms/" ROOM, "{\"name\":\"Mine\"}"), 200);
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit"), 1);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(no_route_of_staff_is_forgotten_here),
        WORLD_TEST(whatever_administrators_do_to_others_or_read_of_them_wants_a_passkey),
        WORLD_TEST(every_act_of_staff_leaves_a_line_of_who_what_on_whom_and_when),
        WORLD_TEST(nobody_gives_themselves_a_role),
        WORLD_TEST(anothers_room_is_opened_changed_and_ended_with_a_passkey_only),
        WORLD_TEST(a_closed_room_is_not_read_by_staff_without_a_line),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
