#include "features/talk/messages/messages_test.h"

#include "call/call.h"

/*
 * Random lives of four friends in their pairs and one group, against a model that only knows what
 * was answered: what each of them sees is what the rules say, whatever happened in between.
 */
enum { STEPS = 150, PLACES = 7, SAID_MAX = STEPS + 8, WHO = DAN };

struct said {
    int seq, writer;
    bool gone;
    char text[24], cid[24];
};
struct place {
    char id[PUBLIC_ID_LEN + 1];
    bool in[PEOPLE]; /* was ever made for them */
    bool there[PEOPLE];
    int since[PEOPLE];
    bool group;
    struct said said[SAID_MAX];
    int count;
};
struct model {
    struct world *w;
    struct rng rng;
    struct place places[PLACES];
    bool blocks[PEOPLE][PEOPLE];
    int written;
};

static int chance(struct model *m, int below)
{
    return (int)(rng_next(&m->rng) % (uint64_t)below);
}

static bool apart(const struct model *m, int a, int b)
{
    return m->blocks[a][b] || m->blocks[b][a];
}

static int other_of(const struct place *p, int who)
{
    for (int other = ANA; other <= WHO; other++) {
        if (other != who && p->in[other]) {
            return other;
        }
    }
    return NOBODY;
}

static bool may_see(const struct model *m, const struct place *p, int who)
{
    return p->there[who] && (p->group || !apart(m, who, other_of(p, who)));
}

/* ---- what they do ---- */

static void write_one(struct model *m, struct place *p, int who)
{
    struct said *said = &p->said[p->count];
    snprintf(said->text, sizeof(said->text), "text %d", ++m->written);
    snprintf(said->cid, sizeof(said->cid), "cid-%d", m->written);
    int status = say(m->w, who, p->id, said->cid, said->text);
    assert_int_equal(status, may_see(m, p, who) ? 201 : 404);
    if (status != 201) {
        return;
    }
    said->writer = who;
    said->gone = false;
    said->seq = ++p->count;
    for (int other = ANA; other <= WHO && !p->group; other++) {
        p->there[other] |= p->in[other]; /* who forgot it has it again */
    }
}

static void write_again(struct model *m, struct place *p, int who)
{
    const struct said *said = p->count ? &p->said[chance(m, p->count)] : NULL;
    if (!said || said->writer != who) {
        return;
    }
    int status = say(m->w, who, p->id, said->cid, "other words");
    assert_true(status == (may_see(m, p, who) ? 201 : 404) || status == 404);
    if (status == 201) {
        assert_int_equal(atoi(world_field(m->w, "seq")), said->seq);
    }
}

static void take_back(struct model *m, struct place *p, int who)
{
    struct said *said = p->count ? &p->said[chance(m, p->count)] : NULL;
    if (!said) {
        return;
    }
    bool may =
        may_see(m, p, who) && said->writer == who && said->seq > p->since[who] && !said->gone;
    int status = world_sendf(m->w, who, "DELETE", NULL, "/api/conversations/%s/messages/%d", p->id,
                             said->seq);
    assert_int_equal(status, may ? 204 : 404);
    said->gone |= may;
}

static void forget(struct model *m, struct place *p, int who)
{
    int status = act(m->w, who, "DELETE", p->id, "", NULL);
    assert_int_equal(status, may_see(m, p, who) ? 204 : 404);
    if (status == 204) {
        p->there[who] = false;
        p->since[who] = p->count;
    }
}

static void open_again(struct model *m, struct place *p, int who)
{
    char id[PUBLIC_ID_LEN + 1];
    int other = other_of(p, who);
    if (p->group) {
        return;
    }
    int status = open_with(m->w, who, other, id);
    assert_int_equal(status, apart(m, who, other) ? 404 : 201);
    if (status == 201) {
        assert_string_equal(id, p->id);
        p->there[who] = true;
    }
}

static void part(struct model *m, int a)
{
    int b = ANA + chance(m, WHO);
    char sql[120];
    if (a == b) {
        return;
    }
    if (m->blocks[a][b]) {
        snprintf(sql, sizeof(sql), "DELETE FROM block WHERE account_id = %d AND other_id = %d", a,
                 b);
        world_script(m->w, sql);
    } else {
        block(m->w, a, b);
    }
    m->blocks[a][b] = !m->blocks[a][b];
}

/* ---- what they see ---- */

static void look(struct model *m, const struct place *p, int who)
{
    int status = act(m->w, who, "GET", p->id, "/messages?limit=100", NULL);
    assert_int_equal(status, may_see(m, p, who) ? 200 : 404);
    size_t shown = 0;
    for (int i = 0; i < p->count && status == 200; i++) {
        char want[64];
        const struct said *said = &p->said[i];
        bool seen = said->seq > p->since[who] && !apart(m, who, said->writer);
        snprintf(want, sizeof(want), "\"text\":\"%s\"", said->text);
        if (world_says(m->w, want) != (seen && !said->gone)) {
            fail_msg("%d %s message %d of %d: %s", who, seen ? "does not see" : "sees", said->seq,
                     said->writer, m->w->last.body);
        }
        shown += seen;
    }
    assert_true(status != 200 || times(m->w, "{\"seq\":") == shown);
}

static void look_at_all(struct model *m)
{
    for (int i = 0; i < PLACES; i++) {
        for (int who = ANA; who <= WHO; who++) {
            if (m->places[i].in[who]) {
                look(m, &m->places[i], who);
            }
        }
    }
}

static void begin(struct model *m)
{
    size_t at = 0;
    char json[200];
    for (int a = ANA; a <= WHO; a++) {
        for (int b = a + 1; b <= WHO; b++) {
            struct place *p = &m->places[at++];
            befriend(m->w, a, b);
            assert_int_equal(open_with(m->w, a, b, p->id), 201);
            p->in[a] = p->in[b] = p->there[a] = true;
            write_one(m, p, a);
            write_one(m, p, b); /* friends need no letting in */
        }
    }
    struct place *p = &m->places[at];
    snprintf(json, sizeof(json), "{\"people\":[\"%s\",\"%s\",\"%s\"]}", m->w->public_ids[BEN],
             m->w->public_ids[CLEO], m->w->public_ids[DAN]);
    assert_int_equal(world_send(m->w, ANA, "POST", "/api/conversations", json), 201);
    snprintf(p->id, sizeof(p->id), "%s", world_field(m->w, "id"));
    p->group = true;
    for (int who = BEN; who <= WHO; who++) { /* each for oneself */
        assert_int_equal(act(m->w, who, "POST", p->id, "/accept", "{}"), 200);
    }
    for (int who = ANA; who <= WHO; who++) {
        p->in[who] = p->there[who] = true;
    }
}

static void each_sees_what_the_rules_say_whatever_happened(struct world *w)
{
    struct model *m = calloc(1, sizeof(*m));
    *m = (struct model){.w = w, .rng = {world_seed()}};
    begin(m);
    for (int step = 0; step < STEPS; step++) {
        struct place *p = &m->places[chance(m, PLACES)];
        int who = ANA + chance(m, WHO), what = chance(m, 20);
        who = p->in[who] ? who : other_of(p, who);
        if (what == 0) {
            part(m, who);
        } else if (what < 10) {
            write_one(m, p, who);
        } else if (what < 12) {
            write_again(m, p, who);
        } else if (what < 15) {
            take_back(m, p, who);
        } else if (what < 18 && !(p->group && who == ANA)) {
            forget(m, p, who);
        } else {
            open_again(m, p, who);
        }
        look(m, p, who);
        if (step % 25 == 0) {
            look_at_all(m);
        }
    }
    look_at_all(m);
    world_script(w, "DELETE FROM block"); /* and all is there again */
    memset(m->blocks, 0, sizeof(m->blocks));
    look_at_all(m);
    free(m);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(each_sees_what_the_rules_say_whatever_happened),
    };
    static const struct feature *const list_of[] = {&messages_feature, NULL};
    const struct world_options options = {.features = list_of};
    return world_run(&options, tests, COUNT(tests));
}
