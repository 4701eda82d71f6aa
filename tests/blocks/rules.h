#ifndef TESTS_BLOCKS_RULES_H
#define TESTS_BLOCKS_RULES_H

#include <stdbool.h>

#include "live/wire.h"
#include "tests/support/world.h"

/* Which of the rules this program was built with: without one, its breach has to be found. */
#ifdef CONTACT_NO_BLOCKS
enum { BLOCKS_HOLD = false };
#else
enum { BLOCKS_HOLD = true };
#endif
#ifdef CONTACT_TELLS_AGES
enum { AGES_HOLD = false };
#else
enum { AGES_HOLD = true };
#endif
#ifdef PROFILES_ALL_SHOWN
enum { HIDDEN_HOLDS = false };
#else
enum { HIDDEN_HOLDS = true };
#endif

/*
 * How a block shows at every route and every live message: one row each, or the test
 * fails.  A route's stands beside it, in <feature>_rules_test.h; staff's need none.  A new
 * route or message that concerns other people gets a row that is executed.
 */
enum block_rule {
    RULE_NONE,
    RULE_APART,   /* is not about other members; `why` says why */
    RULE_HIDDEN,  /* shows other people: who is blocked, or blocked the asker, is not there */
    RULE_REFUSED, /* acts on somebody: the answer is that for somebody who does not exist */
    RULE_TAKEN,   /* tells staff of what one was shown: taken, whoever blocked whom since */
};

struct route_rule {
    const char *route; /* method and path */
    enum block_rule how;
    const char *why;
    /*
     * Executed rows: what is sent.  {other} is the other's public id, {name} their name (or,
     * for comparison, those of nobody), {mine} a room of the asker, {theirs} one of the other,
     * {place} one of somebody else, where all were,
     * {third} the public id of somebody who has a homepage and both as friends; {pair} the
     * conversation of the two, {own} the asker's message in it, {said} the other's, {line} the
     * number of what the other said in a room, {group} a conversation with a third person,
     * {made} such a one that the asker made; {notice} a notice of the asker about the other.
     */
    const char *path, *json;
    bool blocked_only; /* what one did oneself is no secret: only the blocked one asks */
    /*
     * What the other says of themselves may appear, as far as the asker may see it.  On every
     * other executed row, and on GET routes without a place in their path, nothing of it does.
     */
    bool profile;
    /* What each of the two POSTs to the others before the block: then there is something to show.
     */
    const char *did;
    /* When it runs: 0, as most; 1: it takes away what rows of others want; 2: of those, too. */
    int turn;
};
const struct route_rule *route_rules(void); /* of all features, by turn; ends with an empty row */
extern const struct route_rule *const rules_lists[]; /* made by tools/features --rules */

#define RULE_OWN "the asker's own account, and nobody else's"
#define RULE_NOBODY_YET "the asker is nobody yet, or holds a secret that was sent to them alone"

/* People who met before one blocked the other, and the way to execute a row among them. */
struct scene_of {
    struct world *w;
    char rooms[PEOPLE][PUBLIC_ID_LEN + 1], groups[PEOPLE][PUBLIC_ID_LEN + 1];
    char pair[PUBLIC_ID_LEN + 1];
    enum { LIVE_NOBODY, LIVE_VIEWER, LIVE_BEN } live; /* of alike.c: who goes into rooms as well */
};
struct scene_of rule_scene(struct world *w);
void rule_ben_is_nowhere(void); /* until the next scene he is in none of the rooms */
int rule_run(const struct scene_of *scene, const struct route_rule *rule, int who, int other,
             bool nobody);

/* tests/blocks/hidden.c */
void a_hidden_field_is_hidden_on_every_route(struct world *w);
void no_live_message_has_a_place_for_what_one_says_of_oneself(struct world *w);

/* tests/blocks/alike_live.c: all that the viewer's socket is told while Ben comes and goes */
const char *alike_live(const struct scene_of *scene, int viewer, const char *room);

/* tests/blocks/alike.c: pairs, the first remembers what the second compares */
void an_adult_among_strangers(struct world *w);
void nobody_can_tell_an_adult_from_a_minor(struct world *w);
void an_adult_among_the_blocked(struct world *w);
void nobody_who_is_blocked_can_tell_an_adult_from_a_minor(struct world *w);
void an_adult_among_kept_children_and_their_parents(struct world *w);
void no_kept_child_or_parent_can_tell_an_adult_from_a_minor(struct world *w);
void who_chose_to_be_left_alone(struct world *w);
void nobody_can_tell_whom_a_parent_keeps_from_who_chose_it(struct world *w);
void who_chose_to_be_left_alone_among_friends(struct world *w);
void no_friend_can_tell_whom_a_parent_keeps_from_who_chose_it(struct world *w);
void who_is_offline(struct world *w);
void nobody_can_tell_invisible_from_offline(struct world *w);
void who_says_nothing(struct world *w);
void nobody_can_tell_hidden_from_empty(struct world *w);
void who_is_gone(struct world *w);
void nobody_can_tell_a_block_from_an_absence(struct world *w);

struct message_rule {
    enum block_rule how;
    const char *why;
};
extern const struct message_rule message_rules[OUT_COUNT];
/* What others notice of it, in the words of message_rules. */
extern const char *const verb_rules[VERB_COUNT];

#endif
