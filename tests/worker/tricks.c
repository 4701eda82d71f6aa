#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker/worker.h"

/*
 * What a file that took over the worker would try, after the lock is turned: "TRICK open".
 * Only the tests' own worker knows these; each that comes back says so with "t".
 */
static void *idle(void *arg)
{
    return arg;
}

static void dig(void)
{
    for (;;) {
        char *more = malloc(1 << 20);
        if (!more) {
            abort();
        }
        memset(more, 1, 1 << 20);
    }
}

static void say(const void *bytes, size_t len)
{
    if (write(1, bytes, len) < 0) {
        _exit(9);
    }
}

static void flood(void)
{
    static char zeros[1 << 16];
    for (;;) {
        say(zeros, sizeof(zeros));
    }
}

static void call(const char *what)
{
    char *const none[] = {NULL};
    pthread_t thread;
    if (strcmp(what, "open") == 0) {
        (void)open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    } else if (strcmp(what, "socket") == 0) {
        (void)socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    } else if (strcmp(what, "exec") == 0) {
        (void)execve("/bin/true", none, none);
    } else if (strcmp(what, "fork") == 0) {
        (void)fork();
    } else if (strcmp(what, "thread") == 0) {
        (void)pthread_create(&thread, NULL, idle, NULL);
    } else if (strcmp(what, "kill") == 0) {
        (void)kill(getppid(), SIGTERM);
    } else if (strcmp(what, "ptrace") == 0) {
        (void)syscall(SYS_ptrace, 16, 1, 0, 0);
    } else if (strcmp(what, "code") == 0) {
        (void)mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                   0);
    }
}

static void end(const char *what)
{
    if (strcmp(what, "crash") == 0) {
        __builtin_trap();
    } else if (strcmp(what, "spin") == 0) {
        for (volatile int i = 0;; i = i + 1) {
        }
    } else if (strcmp(what, "wait") == 0) {
        int word = 0;
        for (;;) {
            (void)syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
        }
    } else if (strcmp(what, "dig") == 0) {
        dig();
    } else if (strcmp(what, "flood") == 0) {
        flood();
    } else if (strcmp(what, "exit") == 0) {
        _exit(0);
    }
}

void tricks(const uint8_t *bytes, size_t len)
{
    static const char mark[] = "TRICK ", say_mark[] = "SAY ";
    char what[32] = "";
    if (len > sizeof(mark) && len < sizeof(what) && memcmp(bytes, mark, sizeof(mark) - 1) == 0) {
        memcpy(what, bytes + sizeof(mark) - 1, len - sizeof(mark) + 1);
        call(what);
        end(what);
    } else if (len >= sizeof(say_mark) && memcmp(bytes, say_mark, sizeof(say_mark) - 1) == 0) {
        say(bytes + sizeof(say_mark) - 1, len - sizeof(say_mark) + 1);
        _exit(0);
    }
}
