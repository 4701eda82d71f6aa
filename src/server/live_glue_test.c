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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_signs_out_before_live_knows_the_network_ends_nothing_but_a_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
