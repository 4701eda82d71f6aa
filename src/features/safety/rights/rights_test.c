#include "tests/support/parents.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "features/safety/rights/rights.h"
#include "tests/support/members.h"

extern const struct feature *const features[];

static const char *whole(struct arena *arena, const char *path)
{
    enum { MOST = 1 << 16 };
    char *text = arena_alloc(arena, MOST);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, MOST - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void begin(struct world *w)
{
    parents_begin(w);
    for (int who = ANA; who < PEOPLE; who++) {
        member_real(w, who, who == CLEO ? "2011-01-15" : "1990-01-15", who == ADA ? "US" : "DE");
    }
}

static int asks(struct world *w, int who, const char *kind, const char *purpose)
{
    char json[200];
    snprintf(json, sizeof(json), "{\"kind\":\"%s\",\"purpose\":%s,\"text\":\"Please.\"}", kind,
             purpose);
    return world_send(w, who, "POST", "/api/me/requests", json);
}

/* proves: RGT-4a RGT-4b */
static void one_objects_by_purpose_and_marketing_stops_at_once(struct world *w)
{
    begin(w);
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/consents/marketing", "{\"given\":true}"),
                     204);
    assert_int_equal(world_count(w, "SELECT marketing FROM account WHERE id = 1"), 1);
    assert_int_equal(asks(w, ANA, "object", "null"), 400);
    assert_int_equal(asks(w, ANA, "object", "\"weather\""), 400);
    assert_true(world_says(w, "\"field\":\"purpose\""));
    assert_int_equal(asks(w, ANA, "object", "\"marketing\""), 201);
    assert_int_equal(world_count(w, "SELECT marketing FROM account WHERE id = 1"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request WHERE state = 'answered'"
                                    " AND outcome = 'done'"),
                     1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice WHERE kind = 'requests.new'"), 0);
    /* Another one is weighed by somebody. */
    static const char *const others[] = {"\"security\"", "\"mail\"", "\"operations\""};
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_int_equal(asks(w, ANA, "object", others[i]), 201);
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request WHERE state = 'open'"), 3);
}

static void a_minor_has_the_same_rights(struct world *w)
{
    begin(w);
    static const char *const all[] = {"access", "portability", "rectify",
                                      "erase",  "complaint",   "question"};
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_int_equal(asks(w, CLEO, all[i], "null"), 201);
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request"), (int)COUNT(all));
}

static void what_californias_law_has_is_asked_from_there_once_a_calendar_year(struct world *w)
{
    begin(w);
    assert_int_equal(asks(w, ANA, "shine", "null"), 400);
    assert_int_equal(asks(w, ADA, "shine", "null"), 201);
    assert_int_equal(asks(w, ADA, "shine", "null"), 409);
    assert_true(world_says(w, "requests.yearly"));
    w->now_ms += INT64_C(366) * 24 * 3600 * 1000;
    assert_int_equal(asks(w, ADA, "shine", "null"), 201);
}

/* Every balancing test is of a purpose to which one can object, and the answer that nothing was
 * given to anybody for their marketing is true: the register names nobody. */
static void what_is_said_agrees_with_the_register(struct world *w UNUSED)
{
    struct arena *arena = arena_new((size_t)1 << 20);
    size_t count = 0;
    for (const char *at = whole(arena, "privacy/assessments.json"); (at = strstr(at, "\"LIA-"));
         count++) {
        at += strlen("\"LIA-");
        const char *name = arena_text(arena, at, strcspn(at, "\""));
        assert_non_null(strstr(" " RIGHTS_PURPOSES " ", arena_printf(arena, " %s ", name)));
    }
    assert_int_equal(count, 3);
    assert_null(strstr(whole(arena, "privacy/recipients.json"), "\"marketing\""));
    arena_free(arena);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(one_objects_by_purpose_and_marketing_stops_at_once),
        WORLD_TEST(a_minor_has_the_same_rights),
        WORLD_TEST(what_californias_law_has_is_asked_from_there_once_a_calendar_year),
        WORLD_TEST(what_is_said_agrees_with_the_register),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
