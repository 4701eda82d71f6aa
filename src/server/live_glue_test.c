#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/settings.h"
#include "server/live_glue.h"

/*
 * Reactors serve calls from their first moment on: some come before live knows the network,
 * above all when everybody comes back after a restart.
 */
static void who_signs_out_before_live_knows_the_network_ends_nothing_but_a_session(void **state)
{
    (void)state;
    const struct settings settings = {.history = true, .limit_scale = 1};
    static const enum event_kind kinds[] = {EVENT_TELL,
                                            EVENT_ROOM_CHANGED,
                                            EVENT_ROOM_REMOVED,
                                            EVENT_SESSION_ENDED,
                                            EVENT_ACCOUNT_CHANGED,
                                            EVENT_ACCOUNT_ENDED,
                                            EVENT_CONTACT_CHANGED,
                                            EVENT_PARTED};
    struct glue *glue = glue_new(&settings, 2);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const struct event event = {.kind = kinds[i], .account_id = 1, .id = 2, .json = "{}"};
        glue_event(glue, &event);
    }
    glue_free(glue);
}

static void what_happens_before_the_network_is_known_hurts_nobody(void **state)
{
    (void)state;
    const struct settings settings = {.history = 10, .limit_scale = 1};
    struct glue *glue = glue_new(&settings, 2);
    for (int kind = 0; kind <= EVENT_OUTBOX; kind++) {
        struct event event = {
            .kind = (enum event_kind)kind, .account_id = 7, .id = 8, .json = "{\"t\":\"x\"}"};
        glue_event(glue, &event);
    }
    glue_handler(glue)->turn(glue, 0);
    glue_handler(glue)->tick(glue, 1, 0);
    glue_free(glue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_happens_before_the_network_is_known_hurts_nobody),
        cmocka_unit_test(who_signs_out_before_live_knows_the_network_ends_nothing_but_a_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
