#include "features/identity/tickets/tickets.h"

#include "api/api.h"
#include "base/time.h"

JOB_STEPS(sweep, struct none, apply);
STEP_IS(sweep, apply, tickets_sweep(call));

/* clang-format off: a table reads as a table */
static const struct job_kind jobs[] = {
    {"tickets.sweep", 10 * TIME_MIN, 5, TIME_MIN, &sweep_steps, API_TX_WRITE,
     .about = "Removes one-time secrets that are over."},
    {0},
};
/* clang-format on */

extern const struct feature tickets_feature; /* named in features.gen.c */
const struct feature tickets_feature = {.name = "tickets", .jobs = jobs};
