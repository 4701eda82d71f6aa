#include "tests/support/parents.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "features/safety/reports/reports.h"
#include "features/talk/rooms/rooms.h"
#include "live/ask.h"
#include "store/store.h"
#include "tests/support/members.h"

extern const struct feature *const features[];

/* DAN has a room and talks, CLEO talks too, ANA reports, BEN is the officer. */

SQL(test_evidence, "SELECT seen_ct, words_ct FROM report");

static char path[160], room[PUBLIC_ID_LEN + 1], talk[PUBLIC_ID_LEN + 1];

#define WARNED "{\"outcome\":\"warned\",\"why\":\"No insults.\"}"

static void says(struct world *w, int64_t seq, int who, const char *text)
{
    char client_id[32];
    const char *code = NULL;
    atomic_fetch_add(&w->now_ms, 1);
    struct live_save_out out = {0};
    snprintf(client_id, sizeof(client_id), "c%d", (int)seq);
    struct live_say line = {.room_id = world_count(w, "SELECT MIN(id) FROM room"),
                            .seq = seq,
                            .sender_id = w->account_ids[who],
                            .key_id = who,
                            .at_ms = w->now_ms,
                            .client_id = client_id,
                            .text = text};
    struct live_save_in in = {&line, 1};
    assert_int_equal(api_wait(w->api, &rooms_save_route, &in, &out, &code), OK);
    assert_null(out.stored[0].code);
}

static void writes(struct world *w, int who, const char *cid, const char *text)
{
    char json[160];
    snprintf(json, sizeof(json), "{\"cid\":\"%s\",\"text\":\"%s\"}", cid, text);
    assert_int_equal(world_sendf(w, who, "POST", json, "/api/conversations/%s/messages", talk),
                     201);
}

static void writes_back(struct world *w)
{
    assert_int_equal(world_sendf(w, ANA, "POST", "{}", "/api/conversations/%s/accept", talk), 200);
    writes(w, ANA, "c", "leave me");
}

static void begin(struct world *w)
{
    char json[120];
    parents_begin(w);
    for (int who = ANA; who < PEOPLE; who++) {
        member_real(w, who, "1990-01-15", "ID");
    }
    world_script(w, "UPDATE account SET email_verified = 1");
    assert_int_equal(world_send(w, DAN, "POST", "/api/rooms",
                                "{\"name\":\"Bad Room\",\"scene\":\"lounge\",\"language\":\"en\","
                                "\"visibility\":\"public\"}"),
                     201);
    snprintf(room, sizeof(room), "%s", world_field(w, "id"));
    for (int seq = 1; seq <= 13; seq++) {
        snprintf(json, sizeof(json), "line %02d", seq);
        says(w, seq, seq % 2 ? CLEO : DAN, json);
    }
    snprintf(json, sizeof(json), "{\"people\":[\"%s\"]}", w->public_ids[ANA]);
    assert_int_equal(world_send(w, DAN, "POST", "/api/conversations", json), 201);
    snprintf(talk, sizeof(talk), "%s", world_field(w, "id"));
    writes(w, DAN, "a", "first words");
    writes(w, DAN, "b", "ugly words");
}

static const char *report_json(const char *kind, const char *id, int seq)
{
    static const char form[] = "{\"kind\":\"%s\",\"id\":\"%s\",\"seq\":%d,\"reason\":\"hate\","
                               "\"text\":\"Please look.\"}";
    static char json[200];
    snprintf(json, sizeof(json), form, kind, id, seq);
    return json;
}

static int report(struct world *w, int who, const char *kind, const char *id, int seq)
{
    return world_sendf(w, who, "POST", report_json(kind, id, seq), "/api/reports");
}

#define report_line(w_, who_, seq_) report(w_, who_, "line", room, seq_)
#define report_room(w_, who_) report(w_, who_, "room", room, 1)
#define report_message(w_, who_, seq_) report(w_, who_, "message", talk, seq_)

/* BEN opens the only report. */
static void open_it(struct world *w)
{
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/reports", NULL), 200);
    snprintf(path, sizeof(path), "/api/staff/reports/%s", world_field(w, "id"));
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
}

static enum err is_sealed(struct call *call, void *arg UNUSED)
{
    static const char *const plain[] = {"line", "words", "look", "dan", "Bad Room"};
    struct rows rows;
    TRY(store_run(call, &test_evidence, NULL, 0, &rows));
    assert_int_equal(rows.count, 1);
    for (size_t i = 0; i < COUNT(plain); i++) {
        for (size_t column = 0; column < 2; column++) {
            size_t len = 0;
            const uint8_t *bytes = row_bytes(&rows, 0, column, &len);
            assert_true(len > 0);
            assert_null(memmem(bytes, len, plain[i], strlen(plain[i])));
        }
    }
    return OK;
}

/* proves: SAF-1b */
static void a_line_is_kept_with_the_ten_before_it(struct world *w)
{
    begin(w);
    assert_int_equal(report_line(w, ANA, 12), 204);
    assert_int_equal(world_do(w, BEN, is_sealed, NULL), OK);
    world_script(w, "DELETE FROM account WHERE id IN (1, 4)");
    open_it(w);
    assert_true(world_says(w, "\"kind\":\"line\"") && world_says(w, "\"room\":\"Bad Room\""));
    assert_true(world_says(w, "\"name\":\"dan\"") && world_says(w, "\"name\":\"cleo\""));
    assert_true(world_says(w, "line 12") && world_says(w, "line 02"));
    assert_false(world_says(w, "line 13") || world_says(w, "line 01"));
    assert_true(world_says(w, "Please look."));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM audit WHERE look = 'report'"), 1);
}

/* Where many talk, ten lines are seconds: who floods somebody is not kept with the last word alone.
 */
static void of_a_line_what_its_writer_said_in_the_minute_up_to_it_is_kept(struct world *w)
{
    int64_t minute = TIME_MIN;
    begin(w);
    atomic_fetch_add(&w->now_ms, minute);
    says(w, 14, DAN, "too old");
    atomic_fetch_add(&w->now_ms, 2);
    says(w, 15, DAN, "a minute old");
    says(w, 16, CLEO, "of another");
    for (int seq = 17; seq <= 27; seq++) {
        says(w, seq, CLEO, "between");
    }
    atomic_fetch_add(&w->now_ms, minute - 13);
    says(w, 28, DAN, "the last word");
    says(w, 29, DAN, "said later");
    assert_int_equal(world_count(w, "SELECT a.at_ms - b.at_ms FROM line a, line b"
                                    " WHERE a.seq = 28 AND b.seq = 15"),
                     minute);
    assert_int_equal(report_line(w, ANA, 28), 204);
    open_it(w);
    assert_true(world_says(w, "a minute old") && world_says(w, "the last word"));
    assert_false(world_says(w, "too old") || world_says(w, "of another"));
    assert_false(world_says(w, "said later"));
    const char *first = strstr(w->last.body, "a minute old");
    assert_true(first && first < strstr(w->last.body, "between"));
}

/* The longest lines there are, as fast as live takes them, and no more than are bounded. */
static void a_minute_full_of_the_longest_lines_is_kept(struct world *w)
{
    enum { LONGEST = 1000, LINES = 80 };
    char text[LONGEST * 4 + 1] = "";
    begin(w);
    for (size_t i = 0; i < LONGEST; i++) {
        memcpy(text + i * 4, "\xf0\x9f\x98\x80", 5);
    }
    for (int i = 0; i < LINES; i++) {
        says(w, 14 + i, DAN, text);
    }
    assert_int_equal(report_line(w, ANA, 13 + LINES), 204);
    open_it(w);
    size_t kept = 0;
    for (const char *at = w->last.body; (at = strstr(at, "\xf0\x9f\x98\x80\"")); at += 4) {
        kept++;
    }
    assert_int_equal(kept, CAPTURE_ENTRIES_MAX);
}

/* proves: SAF-1b */
static void a_room_is_about_its_owner_and_kept_with_what_was_said_last(struct world *w)
{
    begin(w);
    world_script(w, "UPDATE room SET topic = 'Bad topic', tags = ' bad '");
    assert_int_equal(report_room(w, ANA), 204);
    const char *nice = "{\"name\":\"Nice\",\"topic\":\"\"}";
    assert_int_equal(world_sendf(w, DAN, "PATCH", nice, "/api/rooms/%s", room), 200);
    open_it(w);
    assert_true(world_says(w, "\"kind\":\"room\"") && world_says(w, "\"room\":\"Bad Room\""));
    assert_true(world_says(w, "topic\",\"text\":\"Bad topic\"},{\"name\":\"room_tags\""));
    assert_true(world_says(w, "line 13") && world_says(w, "line 04") && !world_says(w, "line 03"));
    assert_int_equal(world_count(w, "SELECT subject_id FROM report"), 4);
    assert_int_equal(report_room(w, ANA), 409);
    assert_string_equal(world_code(w), "reports.open");
}

static void block(struct world *w, int who, int other, int64_t since_ms)
{
    char sql[160];
    snprintf(sql, sizeof(sql),
             "DELETE FROM block; INSERT INTO block (account_id, other_id, since_ms)"
             " VALUES (%d, %d, %lld)",
             who, other, (long long)since_ms);
    world_script(w, sql);
}

/* The room is not there for them any more, and is reported as they knew it. */
static void whom_the_owner_blocked_reports_the_room(struct world *w)
{
    begin(w);
    block(w, DAN, ANA, world_count(w, "SELECT at_ms FROM line WHERE seq = 12"));
    assert_int_equal(world_sendf(w, ANA, "GET", NULL, "/api/rooms/%s", room), 404);
    assert_int_equal(report_room(w, ANA), 204);
    open_it(w);
    assert_true(world_says(w, "line 12") && world_says(w, "line 03"));
    assert_false(world_says(w, "line 13")); /* came later */
}

/* proves: SAF-1b */
static void a_message_is_kept_with_those_before_it(struct world *w)
{
    begin(w);
    assert_int_equal(report_message(w, ANA, 2), 204);
    for (int seq = 1; seq <= 2; seq++) {
        assert_int_equal(world_sendf(w, DAN, "PATCH", "{\"text\":\"kind\"}",
                                     "/api/conversations/%s/messages/%d", talk, seq),
                         200);
    }
    assert_int_equal(world_do(w, BEN, is_sealed, NULL), OK);
    open_it(w);
    assert_true(world_says(w, "\"kind\":\"message\"") && world_says(w, "\"room\":null"));
    assert_true(world_says(w, "first words") && world_says(w, "ugly words"));
    assert_int_equal(world_count(w, "SELECT subject_id FROM report"), 4);
    assert_int_equal(report_message(w, ANA, 2), 409);
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/waiting", NULL), 200);
    assert_true(world_says(w, "\"path\":\"/staff/reports\",\"waiting\":1"));
}

static void an_officer_reads_the_words_that_a_minor_does_not(struct world *w)
{
    begin(w);
    world_script(w, "UPDATE account SET age_band = '13' WHERE id = 1");
    assert_int_equal(world_sendf(w, ANA, "GET", NULL, "/api/conversations/%s/messages", talk), 200);
    assert_false(world_says(w, "words"));
    assert_int_equal(report_message(w, ANA, 2), 204);
    assert_false(world_says(w, "words"));
    open_it(w);
    assert_true(world_says(w, "first words") && world_says(w, "ugly words"));
}

/* What stood before them: the block, or the end of the account, takes no report away. */
static void who_was_shown_it_reports_it_whoever_blocked_whom_or_ended_since(struct world *w)
{
    static const int pairs[][2] = {{ANA, DAN}, {DAN, ANA}};
    begin(w);
    writes_back(w);
    for (size_t i = 0; i < COUNT(pairs); i++) {
        world_script(w, "DELETE FROM report");
        block(w, pairs[i][0], pairs[i][1], w->now_ms);
        assert_int_equal(report_message(w, ANA, 2), 204);
        assert_int_equal(report_line(w, ANA, 12), 204);
        assert_int_equal(report_message(w, DAN, 3), 204);
        assert_int_equal(report_message(w, ANA, 9), 404);
        assert_int_equal(report_line(w, ANA, 99), 404);
    }
    world_script(w, "DELETE FROM report; DELETE FROM block;"
                    " UPDATE account SET state = 'ended' WHERE id = 4");
    assert_int_equal(report_message(w, ANA, 2), 204);
    assert_int_equal(report_line(w, ANA, 12), 204);
    assert_int_equal(report_room(w, ANA), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM report WHERE subject_id = 4"), 3);
    assert_int_equal(report_message(w, CLEO, 2), 404); /* between others, as ever */
}

/* The numbers of what was said behind a block answer like numbers that nobody used. */
static void what_came_after_a_block_was_shown_to_nobody_it_hides_and_is_not_there(struct world *w)
{
    static const int pairs[][2] = {{ANA, DAN}, {DAN, ANA}};
    char unused[400];
    begin(w);
    assert_int_equal(report_line(w, ANA, 99), 404);
    snprintf(unused, sizeof(unused), "%s", w->last.body);
    world_script(w, "UPDATE room SET created_ms = 2");
    for (size_t i = 0; i < COUNT(pairs); i++) {
        block(w, pairs[i][0], pairs[i][1], 2);
        assert_int_equal(report_line(w, ANA, 12), 404);
        assert_string_equal(w->last.body, unused);
        assert_int_equal(report_message(w, ANA, 2), 404);
        assert_string_equal(w->last.body, unused);
    }
    assert_int_equal(report_line(w, ANA, 13), 404); /* of somebody else, in Dan's room */
    assert_string_equal(w->last.body, unused);
    block(w, CLEO, ANA, 2);
    assert_int_equal(report_line(w, ANA, 12), 204);
    open_it(w);
    assert_true(world_says(w, "line 10") && !world_says(w, "line 11"));
    world_script(w, "DELETE FROM report");
    block(w, DAN, ANA, 1); /* the room was opened later: they never knew of it */
    assert_int_equal(report_room(w, ANA), 404);
    assert_string_equal(w->last.body, unused);
}

static void whom_a_parent_keeps_from_people_reports_what_was_said_in_a_room(struct world *w)
{
    begin(w);
    member_kept(w, ANA, true);
    assert_int_equal(world_sendf(w, ANA, "GET", NULL, "/api/rooms/%s/messages", room), 403);
    assert_int_equal(report_line(w, ANA, 12), 204);
    assert_int_equal(report_room(w, ANA), 204);
}

static void who_was_removed_reports_what_was_said_before(struct world *w)
{
    char sql[200];
    begin(w);
    for (int later = 0; later < 2; later++) {
        snprintf(sql, sizeof(sql),
                 "DELETE FROM room_removed; INSERT INTO room_removed (room_id, account_id,"
                 " until_ms) SELECT room_id, 1, at_ms + %d FROM line WHERE seq = 12",
                 (int)TIME_DAY - 1 + later);
        world_script(w, sql);
        assert_int_equal(report_line(w, ANA, 12), later ? 204 : 404);
    }
}

/* The offender made the group: putting whoever complains out of it ends no report. */
static void who_was_put_out_of_a_group_reports_what_they_had_read(struct world *w)
{
    char json[120];
    begin(w);
    snprintf(json, sizeof(json), "{\"people\":[\"%s\",\"%s\"]}", w->public_ids[ANA],
             w->public_ids[CLEO]);
    assert_int_equal(world_send(w, DAN, "POST", "/api/conversations", json), 201);
    snprintf(talk, sizeof(talk), "%s", world_field(w, "id"));
    writes(w, DAN, "a", "first words");
    writes(w, DAN, "b", "ugly words");
    assert_int_equal(world_sendf(w, ANA, "POST", "{\"seq\":2}", "/api/conversations/%s/read", talk),
                     204);
    writes(w, DAN, "c", "unread words");
    assert_int_equal(world_sendf(w, DAN, "DELETE", NULL, "/api/conversations/%s/people/%s", talk,
                                 w->public_ids[ANA]),
                     204);
    writes(w, DAN, "d", "later words");
    assert_int_equal(report_message(w, ANA, 3), 404);
    assert_int_equal(report_message(w, ANA, 4), 404);
    assert_int_equal(report_message(w, ANA, 2), 204);
    open_it(w);
    assert_true(world_says(w, "ugly words") && !world_says(w, "unread words"));
}

static void whatever_cannot_be_reported_is_not_there(struct world *w)
{
    static const char *const lines[] = {
        "UPDATE room SET visibility = 'closed'",
        "UPDATE room SET visibility = 'public', ended_ms = 1",
        "UPDATE room SET ended_ms = NULL",
        "INSERT INTO room_removed (room_id, account_id, until_ms) SELECT id, 1, created_ms +"
        " 86399999 FROM room",
    };
    begin(w);
    assert_int_equal(report_line(w, NOBODY, 12), 401);
    assert_int_equal(report_room(w, DAN), 404); /* one's own */
    assert_string_equal(world_code(w), "reports.missing");
    assert_int_equal(report_line(w, DAN, 12), 404);
    assert_int_equal(report_message(w, DAN, 2), 404);
    assert_string_equal(world_code(w), "reports.missing");
    assert_int_equal(report_message(w, CLEO, 2), 404); /* between others */
    assert_string_equal(world_code(w), "reports.missing");
    assert_int_equal(report_message(w, ANA, 3), 404);
    assert_int_equal(world_sendf(w, DAN, "DELETE", NULL, "/api/conversations/%s/messages/2", talk),
                     204);
    assert_int_equal(report_message(w, ANA, 2), 404); /* taken back */
    assert_string_equal(world_code(w), "reports.missing");
    assert_int_equal(report_line(w, ANA, 14), 404);
    world_script(w, "DELETE FROM line WHERE seq = 11");
    assert_int_equal(report_line(w, ANA, 11), 404);
    for (size_t i = 0; i < COUNT(lines); i++) {
        world_script(w, lines[i]);
        if (i != 2) {
            assert_int_equal(report_line(w, ANA, 12), 404);
            assert_string_equal(world_code(w), "reports.missing");
        }
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM report"), 0);
    assert_int_equal(report_room(w, ANA), 204); /* removed, but they know the room */
    open_it(w);
    assert_true(world_says(w, "\"entries\":[]"));
}

static void who_is_warned_hears_why_and_not_by_whom(struct world *w)
{
    begin(w);
    assert_int_equal(report_line(w, ANA, 12), 204);
    open_it(w);
    world_script(w, "DELETE FROM notice");
    assert_int_equal(
        world_sendf(w, BEN, "POST", "{\"outcome\":\"emptied\",\"why\":\"x\"}", "%s/decision", path),
        400);
    assert_string_equal(world_code(w), "input.choice");
    assert_int_equal(world_sendf(w, BEN, "POST", WARNED, "%s/decision", path), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mail WHERE account_id = 4"
                                    " AND kind = 'reports.warned'"),
                     1);
    assert_int_equal(world_send(w, DAN, "GET", "/api/notices", NULL), 200);
    assert_true(world_says(w, "The staff warned you.") && !world_says_word(w, "ana"));
    assert_int_equal(world_send(w, ANA, "GET", "/api/notices", NULL), 200);
    assert_true(world_says(w, "warned whoever it was about") && !world_says_word(w, "dan"));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM line"), 13);
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/reports?decided=yes", NULL), 200);
    assert_true(world_says(w, "\"outcome\":\"warned\""));
    assert_int_equal(report_line(w, ANA, 12), 204); /* anew, after the decision */
}

static void each_line_is_reported_by_itself(struct world *w)
{
    begin(w);
    assert_int_equal(report_line(w, ANA, 12), 204);
    assert_int_equal(report_line(w, ANA, 12), 409);
    assert_int_equal(report_line(w, ANA, 10), 204);
    assert_int_equal(report_room(w, ANA), 204);
    assert_int_equal(report_line(w, CLEO, 12), 204);
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/reports", NULL), 200);
    assert_true(world_says(w, "\"others\":3"));
}

static void nothing_is_reported(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM report"), 0);
}

static void a_failing_statement_changes_nothing(struct world *w)
{
    begin(w);
    world_faults(w, ANA, "POST", "/api/reports", report_json("message", talk, 2),
                 nothing_is_reported);
    world_script(w, "DELETE FROM report");
    world_faults(w, ANA, "POST", "/api/reports", report_json("line", room, 12),
                 nothing_is_reported);
}

/* proves: SAF-1d */
static void the_reporter_hears_the_outcome_whatever_it_is_and_of_whatever(struct world *w)
{
    static const char *const outcomes[][2] = {{"nothing", "found nothing against the rules"},
                                              {"warned", "warned"},
                                              {"emptied", "emptied it"}};
    char json[80];
    begin(w);
    for (size_t i = 0; i < 9; i++) { /* only a page, which is the first kind, can be emptied */
        const char *const *how = outcomes[i / 4];
        int kind = i % 4, status = kind == 0   ? report(w, ANA, "page", w->public_ids[DAN], 1)
                                   : kind == 1 ? report_room(w, ANA)
                                   : kind == 2 ? report_line(w, ANA, 12)
                                               : report_message(w, ANA, 2);
        assert_int_equal(status, 204);
        world_script(w, "DELETE FROM notice");
        open_it(w);
        snprintf(json, sizeof(json), "{\"outcome\":\"%s\",\"why\":\"So it is.\"}", how[0]);
        assert_int_equal(world_sendf(w, BEN, "POST", json, "%s/decision", path), 204);
        assert_int_equal(world_send(w, ANA, "GET", "/api/notices", NULL), 200);
        assert_true(world_says(w, how[1]) && world_says(w, "\"unread\":1}"));
    }
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_line_is_kept_with_the_ten_before_it),
        WORLD_TEST(the_reporter_hears_the_outcome_whatever_it_is_and_of_whatever),
        WORLD_TEST(of_a_line_what_its_writer_said_in_the_minute_up_to_it_is_kept),
        WORLD_TEST(a_minute_full_of_the_longest_lines_is_kept),
        WORLD_TEST(a_room_is_about_its_owner_and_kept_with_what_was_said_last),
        WORLD_TEST(whom_the_owner_blocked_reports_the_room),
        WORLD_TEST(a_message_is_kept_with_those_before_it),
        WORLD_TEST(an_officer_reads_the_words_that_a_minor_does_not),
        WORLD_TEST(who_was_shown_it_reports_it_whoever_blocked_whom_or_ended_since),
        WORLD_TEST(what_came_after_a_block_was_shown_to_nobody_it_hides_and_is_not_there),
        WORLD_TEST(whom_a_parent_keeps_from_people_reports_what_was_said_in_a_room),
        WORLD_TEST(who_was_removed_reports_what_was_said_before),
        WORLD_TEST(who_was_put_out_of_a_group_reports_what_they_had_read),
        WORLD_TEST(whatever_cannot_be_reported_is_not_there),
        WORLD_TEST(who_is_warned_hears_why_and_not_by_whom),
        WORLD_TEST(each_line_is_reported_by_itself),
        WORLD_TEST(a_failing_statement_changes_nothing),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
