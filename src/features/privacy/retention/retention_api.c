#include "api/api.h"
#include "base/time.h"
#include "features/privacy/retention/retention.h"
#include "privacy/sweep.h"

/* What ends by its time alone, of all tables: rows of the data inventory, none of them known here.
 */
JOB_STEPS(sweep, struct none, apply);
STEP_IS(sweep, apply, sweep_run(call));

JOB_STEPS(idle, struct retention_idle, look, prepare, apply);
STEP_IS(idle, look, retention_idle_look(call, state));
STEP_IS(idle, prepare, retention_idle_prepare(call, state));
STEP_IS(idle, apply, retention_idle_apply(call, state));

JOB_STEPS(ended, struct none, apply);
STEP_IS(ended, apply, retention_ended(call));

/* clang-format off: a table reads as a table */
static const struct job_kind jobs[] = {
    {"privacy.sweep", 5 * TIME_MIN, 5, TIME_MIN, &sweep_steps, API_TX_WRITE,
     .about = "Ends what the data inventory says is over."},
    {"privacy.idle", TIME_H, 5, TIME_MIN, &idle_steps, API_TX_WRITE,
     .about = "Tells members who stay away, and ends their accounts in the end."},
    {"privacy.ended", TIME_H, 5, TIME_MIN, &ended_steps, API_TX_WRITE,
     .about = "Has accounts erased that staff ended, when the time to complain is over."},
    {0},
};

static const struct mail_kind mails[] = {
    {"retention.idle", NULL, 14 * TIME_DAY, "The account will be erased, because nobody was here."},
    {0},
};

static const struct notice_kind notices[] = {
    {"retention.idle", "notices", "/notices", "The account was about to be erased.",
     .mailed = true},
    {0},
};
/* clang-format on */

extern const struct feature retention_feature; /* named in features.gen.c */
const struct feature retention_feature = {
    .name = "retention", .jobs = jobs, .mails = mails, .notices = notices};
