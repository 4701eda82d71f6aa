#include "features/people/seen/seen_test.h"

/*
 * The preview of Ben says what is so: for each kind of viewer a real one is made and asks the real
 * routes, whatever Ben chose.
 */

/* Without the lists of people: whom a page names is not the preview's to tell. */
static void keep(char ret[TEXT_MAX], const char *body)
{
    static const char people[] = "\"people\":[";
    size_t len = 0;
    assert_true(strlen(body) < TEXT_MAX);
    while (*body) {
        bool list = strncmp(body, people, sizeof(people) - 1) == 0;
        size_t many = list ? sizeof(people) - 1 : 1;
        memcpy(ret + len, body, many);
        len += many;
        body += many;
        for (int depth = 1; list && depth > 0; body += depth > 0) {
            depth += *body == '[' ? 1 : *body == ']' ? -1 : 0;
        }
    }
    ret[len] = '\0';
}

static void same(struct world *w, const struct viewer *viewer, const char *previewed,
                 const char *real)
{
    static char said[TEXT_MAX], shown[TEXT_MAX];
    int status = preview(w, previewed, viewer->kind);
    keep(said, w->last.body);
    int real_status =
        world_sendf(w, viewer->who, "GET", NULL, "/api/people/%s%s", w->public_ids[BEN], real);
    keep(shown, w->last.body);
    if (status != real_status || strcmp(said, shown) != 0) {
        fail_msg("%s of a %s: the preview says %d %s\n%s is shown %d %s", previewed, viewer->kind,
                 status, said, viewer->kind, real_status, shown);
    }
}

static char lines[TEXT_MAX]; /* what the preview says of the kind that is looked at */

static void read_lines(struct world *w, const char *kind)
{
    assert_int_equal(preview(w, "/api/me/seen", kind), 200);
    snprintf(lines, sizeof(lines), "%s", w->last.body);
}

static bool line(const char *what)
{
    char yes[80], no[80];
    snprintf(yes, sizeof(yes), "{\"what\":\"%s\",\"yes\":true}", what);
    snprintf(no, sizeof(no), "{\"what\":\"%s\",\"yes\":false}", what);
    assert_true(strstr(lines, yes) || strstr(lines, no));
    return strstr(lines, yes) != NULL;
}

static bool answers(struct world *w, int who, const char *path)
{
    int status = world_send(w, who, "GET", path, NULL);
    assert_true(status == 200 || status == 404 || (who == NOBODY && status == 401));
    return status == 200;
}

/* Ben's public id, in this answer. */
static bool names(struct world *w, int who, const char *path)
{
    return answers(w, who, path) && world_says(w, w->public_ids[BEN]);
}

static bool lists_room(struct world *w, int who)
{
    char path[80];
    if (who != NOBODY) {
        return answers(w, who, "/api/rooms") && world_says(w, room);
    }
    snprintf(path, sizeof(path), "/api/visitors/rooms/%s", room);
    return answers(w, who, path) && world_says(w, "Room 2");
}

/* Who opened a room is named to whom they are found by. */
static bool names_owner(struct world *w, int who)
{
    char path[80];
    snprintf(path, sizeof(path), "/api/rooms/%s", room);
    return answers(w, who, path) && !world_says(w, "\"owner_name\":null");
}

static bool says_online(struct world *w, int who)
{
    return names(w, who, "/api/friends") && world_says(w, "\"online\":true");
}

static bool says_room(struct world *w, int who)
{
    return names(w, who, "/api/friends") && world_says(w, place);
}

static bool may_write(struct world *w, int who)
{
    return names(w, who, "/api/friends") && world_says(w, "\"may_write\":true");
}

static bool leads_there(struct world *w, int who)
{
    char path[80];
    snprintf(path, sizeof(path), "/api/people/%s/room", w->public_ids[BEN]);
    return answers(w, who, path) && world_says(w, place);
}

static bool shows_inside(struct world *w, int who)
{
    char path[80];
    snprintf(path, sizeof(path), "/api/rooms/%s", place);
    return names(w, who, path);
}

static bool reads_card(struct world *w, int who)
{
    char path[80];
    snprintf(path, sizeof(path), "/api/people/%s", w->public_ids[BEN]);
    return names(w, who, path);
}

static bool reads_mark(struct world *w, int who)
{
    char mark[64];
    snprintf(mark, sizeof(mark), "\"reads\":[{\"id\":\"%s\"", w->public_ids[BEN]);
    return answers(w, who, "/api/conversations") && world_says(w, mark);
}

static bool finds(struct world *w, int who)
{
    return names(w, who, "/api/people?search=ben");
}

static bool copies_clothes(struct world *w, int who)
{
    char path[80];
    world_script(w, "UPDATE account SET look = public_id WHERE id = 2");
    snprintf(path, sizeof(path), "/api/looks/%s/copy", w->public_ids[BEN]);
    int status = world_send(w, who, "GET", path, NULL);
    assert_true(status == 200 || status == 403 || status == 404 || who == NOBODY);
    return status == 200;
}

/* ---- acts, by the decider of all routes ---- */

static const char *const act_lines[CONTACT_ACTS] = {
    [CONTACT_PERCEIVE] = "meet",  [CONTACT_REQUEST] = "request", [CONTACT_MESSAGE] = "message",
    [CONTACT_INVITE] = "invite",  [CONTACT_JOIN] = NULL,         [CONTACT_MENTION] = "mention",
    [CONTACT_COMMENT] = "comment"};

struct asked {
    int64_t viewer;
    unsigned acts;
};

static enum err ask_acts(struct call *call, void *arg)
{
    struct asked *asked = arg;
    return contact_acts(call, asked->viewer, BEN, &asked->acts);
}

static void same_acts(struct world *w, const struct viewer *viewer)
{
    struct asked asked = {.viewer = viewer->who};
    if (viewer->who != NOBODY) {
        assert_int_equal(world_do(w, BEN, ask_acts, &asked), OK);
    }
    for (enum contact_act act = CONTACT_PERCEIVE; act < CONTACT_ACTS; act++) {
        if (act_lines[act] && line(act_lines[act]) != ((asked.acts >> act & 1) != 0)) {
            fail_msg("%s: %s", viewer->kind, act_lines[act]);
        }
    }
}

static unsigned ever[2]; /* bit i: fact i was so, was not so */

static void same_lines(struct world *w, const struct viewer *viewer)
{
    static const struct {
        const char *what;
        bool (*is)(struct world *w, int who);
        bool friends; /* what else only lists of friends say */
    } facts[] = {
        {"meet", reads_card},         {"found", finds},           {"found", names_owner},
        {"rooms", lists_room},        {"in_rooms", shows_inside}, {"online", says_online},
        {"room", leads_there},        {"read", reads_mark},       {"room", says_room, true},
        {"message", may_write, true}, {"copies", copies_clothes}};
    for (size_t i = 0; i < COUNT(facts); i++) {
        if (facts[i].friends && strcmp(viewer->kind, "friend") != 0) {
            continue;
        }
        bool said = line(facts[i].what);
        bool is = facts[i].is(w, viewer->who);
        ever[is] |= 1U << i;
        /* The owner of a room that is not listed is named to nobody. */
        if (facts[i].is == names_owner && !lists_room(w, viewer->who)) {
            continue;
        }
        if (said != is) {
            fail_msg("%s of a %s: the preview says %d, but %zu is %d: %d %s", facts[i].what,
                     viewer->kind, said, i, is, w->last.status, w->last.body);
        }
    }
}

static void check(struct world *w)
{
    for (size_t i = 0; i < COUNT(viewers); i++) {
        if (viewers[i].who != NOBODY) {
            same(w, &viewers[i], "/api/me/profile/preview", "");
            same(w, &viewers[i], "/api/me/home/preview", "/home");
        } else {
            assert_false(reads_card(w, NOBODY));
        }
        read_lines(w, viewers[i].kind);
        same_lines(w, &viewers[i]);
        same_acts(w, &viewers[i]);
    }
}
/* ---- the tests ---- */

/* Every value of every choice, beside others that are as open and as closed as can be. */
static void each_kind_of_viewer_is_shown_what_the_preview_says(struct world *w)
{
    size_t lives = 0;
    meet(w);
    for (size_t base = 0; base < 2 * AGES; base++) {
        for (size_t choice = 0; choice_at(choice); choice++) {
            char value[32];
            for (size_t n = 0; value_at(choice_at(choice), n, value); n++) {
                struct life life = {.turn = lives++, .age = base / 2};
                for (size_t i = 0; base % 2 && choice_at(i); i++) {
                    life.choices[i] = 1; /* friends; and invisible */
                }
                life.choices[choice] = n;
                live(w, &life);
                check(w);
            }
        }
    }
    assert_true(lives > 0 && ever[0] > 0 && (ever[0] & (ever[0] + 1)) == 0); /* all of them */
    assert_int_equal(ever[0], ever[1]);
    printf("# %zu lives\n", lives);
}
static bool holds(struct world *w, const char *text)
{
    return strstr(w->last.body, text) != NULL;
}

static void a_parent_is_shown_what_the_preview_says(struct world *w)
{
    static char child[TEXT_MAX];
    meet(w);
    assert_int_equal(world_send(w, BEN, "GET", "/api/me/parent", NULL), 200);
    assert_true(holds(w, "\"child\":[]"));
    for (int kept = 0; kept < 2; kept++) {
        live(w, &(struct life){.age = kept ? KEPT : MINOR});
        assert_int_equal(world_send(w, BEN, "GET", "/api/me/parent", NULL), 200);
        const char *at = strstr(w->last.body, "\"child\":[{");
        assert_non_null(at);
        snprintf(child, sizeof(child), "%.*s", (int)(strcspn(at, "}") + 2), at);
        assert_true(holds(w, kept ? "\"chat\":false" : "\"chat\":true"));
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", "{\"link\":\"kept2\"}"),
                         200);
        if (!holds(w, child)) {
            fail_msg("the parent is shown %s\nthe child is told %s", w->last.body, child);
        }
        assert_true(holds(w, kept ? "\"chat\":false" : "\"chat\":true"));
    }
}
int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(each_kind_of_viewer_is_shown_what_the_preview_says),
        WORLD_TEST(a_parent_is_shown_what_the_preview_says),
    };
    const struct world_options options = {.features = features, .presence = &seen_presence};
    return world_run(&options, tests, COUNT(tests));
}
