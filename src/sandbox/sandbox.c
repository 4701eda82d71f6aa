#include "sandbox/sandbox.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "sandbox/frame.h"

/*
 * One process a file.  It gets one end of a socket as its standard input and output,
 * nothing else, and is ended by its id whatever happens.  What it says is read up to a
 * limit and believed only as far as frame.c goes.
 */
enum {
    AT_ONCE = 2, /* each may take a core and some hundred megabytes */
    RETRY_MS = 3000,
    PATH_BYTES = 1024,
};

static const char worker_name[] = "bauta-worker";

struct sandbox {
    char program[PATH_BYTES];
    int64_t time_ms;
    atomic_int running;
    atomic_uint_fast64_t deaths;
};

struct run {
    pid_t pid;
    int pid_fd, fd;
    int64_t end_ms;
    const uint8_t *in;
    size_t in_len;
    uint8_t *out; /* FRAME_ALL + 1 bytes */
    size_t out_len;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum err sandbox_new(const char *program, struct sandbox **ret)
{
    struct sandbox *sandbox = calloc(1, sizeof(*sandbox));
    ASSERT_START(sandbox);
    sandbox->time_ms = SANDBOX_TIME_MS;
    size_t cap = sizeof(sandbox->program) - sizeof(worker_name);
    if (program && strlen(program) < cap) {
        memcpy(sandbox->program, program, strlen(program));
    } else if (!program) {
        ssize_t len = readlink("/proc/self/exe", sandbox->program, cap);
        sandbox->program[MAX(len, 0)] = '\0';
        char *slash = strrchr(sandbox->program, '/');
        memcpy(slash ? slash + 1 : sandbox->program, worker_name, sizeof(worker_name));
    }
    *ret = sandbox;
    return OK;
}

void sandbox_free(struct sandbox *sandbox)
{
    free(sandbox);
}

void sandbox_time(struct sandbox *sandbox, int64_t time_ms)
{
    ASSERT_START(time_ms > 0 && time_ms <= SANDBOX_TIME_MS);
    sandbox->time_ms = time_ms;
}

uint64_t sandbox_deaths(const struct sandbox *sandbox)
{
    return atomic_load(&sandbox->deaths);
}

const char *sandbox_missing(const struct sandbox *sandbox)
{
    return access(sandbox->program, X_OK) == 0 ? NULL : sandbox->program;
}

/* Signals as a new program expects them, whatever this thread blocks. */
static int spawn(const char *program, int fd, pid_t *ret)
{
    char name[] = "bauta-worker";
    char *const args[] = {name, NULL}, *const environment[] = {NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, fd, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, STDIN_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", 1, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    int bad = posix_spawn(ret, program, &files, &how, args, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    return bad;
}

static bool begin(struct sandbox *sandbox, struct run *run)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        return false;
    }
    int bad = spawn(sandbox->program, pair[1], &run->pid);
    close(pair[1]);
    if (bad != 0) {
        log_line(LOG_ERROR, "sandbox", "the worker cannot be started: foreign files are refused",
                 LOG_T(LOG_FILE, sandbox->program), LOG_T(LOG_WHY, strerrordesc_np(bad)));
        close(pair[0]);
        return false;
    }
    run->fd = pair[0];
    run->pid_fd = pidfd_open(run->pid, 0);
    return true;
}

/* Waits for `what` on the worker's socket; false when the time is over. */
static bool ready(const struct run *run, short what)
{
    int64_t left_ms = run->end_ms - now_ms();
    struct pollfd wait = {.fd = run->fd, .events = what};
    return left_ms > 0 && (poll(&wait, 1, (int)left_ms) == 1 || errno == EINTR);
}

/* It reads all before it says a word; one that dies meanwhile has said all it will. */
static void give(const struct run *run)
{
    for (size_t sent = 0; sent < run->in_len;) {
        ssize_t put =
            send(run->fd, run->in + sent, run->in_len - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put > 0) {
            sent += (size_t)put;
        } else if ((errno != EAGAIN && errno != EINTR) || !ready(run, POLLOUT)) {
            return;
        }
    }
    shutdown(run->fd, SHUT_WR);
}

/* True when it ended by itself, and within the limits. */
static bool take(struct run *run)
{
    ASSERT_CODE(run->out && run->out_len == 0);
    while (run->out_len <= FRAME_ALL && ready(run, POLLIN)) {
        ssize_t got =
            recv(run->fd, run->out + run->out_len, FRAME_ALL + 1 - run->out_len, MSG_DONTWAIT);
        if (got > 0) {
            run->out_len += (size_t)got;
        } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            return got == 0;
        }
    }
    return false;
}

/* The end of the process: how it ended, for the log.  It was killed by us when `late`. */
static void finish(struct sandbox *sandbox, struct run *run, bool late)
{
    int status = 0;
    ASSERT_CODE(run->pid > 0); /* any other number is of more than one process */
    int64_t left_ms = late ? 0 : run->end_ms - now_ms();
    struct pollfd wait = {.fd = run->pid_fd, .events = POLLIN};
    if (left_ms <= 0 || run->pid_fd < 0 || poll(&wait, 1, (int)left_ms) != 1) {
        kill(run->pid, SIGKILL); /* not waited for yet, so the id is still its own */
    }
    while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        atomic_fetch_add(&sandbox->deaths, !late);
        log_line(LOG_WARN, "sandbox", "a worker died over a file",
                 LOG_T(LOG_WHY, late                  ? "too slow or too talkative"
                                : WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status))
                                                      : "it could not start"),
                 LOG_N(LOG_STATUS, WIFSIGNALED(status) ? 0 : WEXITSTATUS(status)));
    }
    close(run->fd);
    if (run->pid_fd >= 0) {
        close(run->pid_fd);
    }
}

/* False: it could not even begin. */
static bool ask(struct sandbox *sandbox, struct run *run, bool *ret_whole)
{
    if (!begin(sandbox, run)) {
        return false;
    }
    give(run);
    *ret_whole = take(run);
    finish(sandbox, run, !*ret_whole);
    return true;
}

static enum err busy(struct call *call)
{
    call->retry_ms = RETRY_MS;
    return call_fail(call, ERR_BUSY, "sandbox.busy");
}

/* The pages go into the arena; what the worker said is given back. */
static enum err understood(struct call *call, const struct run *run, struct sandbox_pages *ret)
{
    enum frame_word word = FRAME_BROKEN;
    if (!frame_read(run->out, run->out_len, &word, ret)) {
        return call_fail(call, ERR_INVALID, "sandbox.broken");
    }
    switch (word) {
    case FRAME_TYPE:
        return call_fail(call, ERR_INVALID, "sandbox.type");
    case FRAME_BROKEN:
        return call_fail(call, ERR_INVALID, "sandbox.broken");
    case FRAME_MANY:
        return call_fail(call, ERR_INVALID, "sandbox.pages");
    case FRAME_LARGE:
        return call_fail(call, ERR_LARGE, "sandbox.large");
    case FRAME_PAGES:
        break;
    }
    for (size_t i = 0; i < ret->count; i++) {
        ASSERT_CODE(ret->pages[i].len <= SANDBOX_PAGE_MAX);
        uint8_t *copy = arena_alloc(call->arena, ret->pages[i].len);
        memcpy(copy, ret->pages[i].jpeg, ret->pages[i].len);
        ret->pages[i].jpeg = copy;
    }
    return OK;
}

enum err sandbox_form(struct call *call, const uint8_t *bytes, size_t len,
                      struct sandbox_pages *ret)
{
    struct sandbox *sandbox = call->sandbox;
    bool whole = false;
    ASSERT_CODE(!call->tx); /* it takes seconds, in which nobody else could write */
    *ret = (struct sandbox_pages){0};
    if (len > SANDBOX_IN_MAX) {
        return call_fail(call, ERR_LARGE, "sandbox.large");
    }
    if (!sandbox) {
        return busy(call);
    }
    struct arena_hold hold;
    struct run run = {.end_ms = now_ms() + sandbox->time_ms, .in = bytes, .in_len = len};
    bool room = atomic_fetch_add(&sandbox->running, 1) < AT_ONCE;
    run.out = room ? malloc(FRAME_ALL + 1) : NULL;
    bool ran = run.out && ask(sandbox, &run, &whole);
    int before = atomic_fetch_sub(&sandbox->running, 1);
    ASSERT_CODE(before > 0);
    arena_hold(call->arena, &hold, free, run.out);
    enum err err = !ran    ? busy(call)
                   : whole ? understood(call, &run, ret)
                           : call_fail(call, ERR_INVALID, "sandbox.broken");
    if (err != OK) {
        *ret = (struct sandbox_pages){0};
    }
    arena_drop(call->arena);
    return err;
}
