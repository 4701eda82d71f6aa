#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "worker/worker.h"

/*
 * The lock is turned when everything is loaded and before the first foreign byte is read.
 * The filter covers the threads that libvips began in decode_start, too, and there are no
 * others to come: clone is not on the list.
 */
enum { CPU_SECONDS = 8, MEMORY_MAX = 640 * 1024 * 1024 };

static bool limit(int what, rlim_t most)
{
    const struct rlimit both = {most, most};
    return setrlimit((__rlimit_resource_t)what, &both) == 0;
}

/* What the decoders were seen to need, and what glibc's malloc, locks and clocks are made of. */
static const int allowed[] = {
    SCMP_SYS(read),         SCMP_SYS(write),       SCMP_SYS(munmap), SCMP_SYS(mremap),
    SCMP_SYS(madvise),      SCMP_SYS(brk),         SCMP_SYS(futex),  SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday), SCMP_SYS(sched_yield), SCMP_SYS(exit),   SCMP_SYS(exit_group),
};

static bool filter(void)
{
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
    /* All threads at once; an old kernel that cannot is a kernel without a sandbox. */
    bool good = ctx && seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1) == 0;
    for (size_t i = 0; good && i < sizeof(allowed) / sizeof(allowed[0]); i++) {
        good = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    }
    /* Memory, and guard pages of malloc's heaps; never anything that can be run. */
    const struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    good = good && seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_code) == 0 &&
           seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_code) == 0 &&
           seccomp_load(ctx) == 0;
    return good;
}

bool lock(void)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 &&
           limit(RLIMIT_AS, MEMORY_MAX) && limit(RLIMIT_CPU, CPU_SECONDS) &&
           limit(RLIMIT_NPROC, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) &&
           limit(RLIMIT_NOFILE, 0) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && filter();
}
