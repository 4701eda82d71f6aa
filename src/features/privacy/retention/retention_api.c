#include "api/api.h"
#include "base/time.h"
#include "privacy/sweep.h"

/* What ends by its time alone, of all tables: rows of the data inventory, none of them known here.
 */
JOB_STEPS(sweep, struct none, apply);
STEP_IS(sweep, apply, sweep_run(call));

/* clang-format off: a table reads as a table */
static const struct job_kind jobs[] = {
    {"privacy.sweep", 5 * TIME_MIN, 5, TIME_MIN, &sweep_steps, API_TX_WRITE,
     .about = "Ends what the data inventory says is over."},
    {0},
};
/* clang-format on */

extern const struct feature retention_feature; /* named in features.gen.c */
const struct feature retention_feature = {.name = "retention", .jobs = jobs};
