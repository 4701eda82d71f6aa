#include "commands/control.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"

enum { LINE_MAX_ = 1100, PATIENCE_MS = 5000, ANSWER_MS = 15 * 60 * 1000 };

struct control {
    struct home *home;
    struct api *api;
    pthread_t thread;
    int listener, stop;
    char path[HOME_PATH_MAX];
};

/* One line without its end; false when none came in time. */
static bool read_line(int fd, char *ret, size_t cap, int patience_ms)
{
    size_t len = 0;
    while (len < cap - 1) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (poll(&wait, 1, patience_ms) != 1) {
            return false;
        }
        ssize_t got = read(fd, ret + len, cap - 1 - len);
        if (got <= 0) {
            return false;
        }
        len += (size_t)got;
        if (ret[len - 1] == '\n') {
            ret[len - 1] = '\0';
            return true;
        }
    }
    return false;
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, text, len, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        text += sent;
        len -= (size_t)sent;
    }
    return true;
}

static bool peer_may(int fd)
{
    struct ucred peer;
    socklen_t len = sizeof(peer);
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

static void add(void *ctx, const char *text)
{
    char *all = ctx;
    size_t len = strlen(all);
    ASSERT_CODE(len < ADMIN_TEXT_MAX);
    snprintf(all + len, ADMIN_TEXT_MAX - len, "%s", text);
}

/* Of what the server has open; the settings of the next start are the asker's to read. */
static enum err check(struct home *home, char ret_text[ADMIN_TEXT_MAX])
{
    char why[HOME_WHY_MAX] = "";
    if (home_settings_tell(home, add, ret_text) != OK) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "what was set in the pages cannot be read");
        return ERR_BROKEN;
    }
    enum err err = home_check(home, why);
    if (err != OK) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "%s", why);
    }
    return err;
}

static enum err run(struct control *control, const char *line, char ret_text[ADMIN_TEXT_MAX])
{
    const char *about = strchr(line, ' ');
    about = about ? about + 1 : "";
    if (strncmp(line, "admin ", 6) == 0) {
        return admin_run(control->home, control->api, about, ret_text);
    }
    if (strncmp(line, "backup ", 7) == 0) {
        return backup_make(control->home, about, ret_text);
    }
    if (strncmp(line, "backup-keys ", 12) == 0) {
        return backup_keys(control->home, about, ret_text);
    }
    if (strcmp(line, "check ") == 0) {
        return check(control->home, ret_text);
    }
    snprintf(ret_text, ADMIN_TEXT_MAX, "the server does not know this command: is it older?");
    return ERR_INVALID;
}

static void serve(struct control *control, int fd)
{
    char line[LINE_MAX_], text[ADMIN_TEXT_MAX] = "", answer[ADMIN_TEXT_MAX + 16];
    if (!peer_may(fd)) {
        log_line(LOG_WARN, "server", "a stranger at admin.sock", LOG_N(LOG_COUNT, 1));
        return;
    }
    if (read_line(fd, line, sizeof(line), PATIENCE_MS)) {
        enum err err = run(control, line, text);
        int len = snprintf(answer, sizeof(answer), "%s %s\n", err == OK ? "ok" : "error", text);
        ASSERT_CODE(len > 0 && len < (int)sizeof(answer));
        for (int i = 0; i < len - 1; i++) {
            answer[i] = (char)(answer[i] == '\n' ? '\t' : answer[i]); /* one line is one answer */
        }
        write_all(fd, answer, (size_t)len);
    }
}

static void *listen_for_ever(void *arg)
{
    struct control *control = arg;
    for (;;) {
        struct pollfd waits[2] = {{.fd = control->stop, .events = POLLIN},
                                  {.fd = control->listener, .events = POLLIN}};
        if (poll(waits, 2, -1) < 0 && errno != EINTR) {
            break;
        }
        if (waits[0].revents) {
            break;
        }
        int fd = waits[1].revents ? accept4(control->listener, NULL, NULL, SOCK_CLOEXEC) : -1;
        if (fd >= 0) {
            serve(control, fd);
            close(fd);
        }
    }
    return NULL;
}

/* false: a unix socket's path is at most 107 bytes. */
static bool address(const char *path, struct sockaddr_un *ret)
{
    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    return snprintf(ret->sun_path, sizeof(ret->sun_path), "%s", path) < (int)sizeof(ret->sun_path);
}

enum err control_start(struct home *home, struct api *api, struct control **ret,
                       char ret_why[HOME_WHY_MAX])
{
    struct sockaddr_un at;
    struct control *control = calloc(1, sizeof(*control));
    ASSERT_START(control);
    ASSERT_START(home->lock_fd >= 0 && api); /* or the socket may be another server's */
    control->home = home;
    control->api = api;
    home_path(home, "admin.sock", control->path);
    if (!address(control->path, &at)) {
        snprintf(ret_why, HOME_WHY_MAX,
                 "the data folder's path is too long for its admin.sock: "
                 "at most 90 bytes");
        free(control);
        return ERR_INVALID;
    }
    unlink(control->path); /* of a server that was killed: we hold the lock */
    mode_t mask = umask(0177);
    control->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool bound = bind(control->listener, (const struct sockaddr *)&at, sizeof(at)) == 0;
    umask(mask);
    control->stop = eventfd(0, EFD_CLOEXEC);
    if (!bound || listen(control->listener, 8) != 0 ||
        pthread_create(&control->thread, NULL, listen_for_ever, control) != 0) {
        snprintf(ret_why, HOME_WHY_MAX, "%.300s cannot be made: %s", control->path,
                 strerror(errno));
        close(control->listener);
        close(control->stop);
        free(control);
        return ERR_BROKEN;
    }
    *ret = control;
    return OK;
}

void control_stop(struct control *control)
{
    if (control) {
        if (eventfd_write(control->stop, 1) == 0) {
            pthread_join(control->thread, NULL);
        }
        unlink(control->path);
        close(control->listener);
        close(control->stop);
        free(control);
    }
}

enum err control_ask(const struct home *home, const char *what, const char *about,
                     char ret_text[ADMIN_TEXT_MAX])
{
    char path[HOME_PATH_MAX], line[LINE_MAX_], answer[ADMIN_TEXT_MAX + 16];
    struct sockaddr_un at;
    home_path(home, "admin.sock", path);
    int len = snprintf(line, sizeof(line), "%s %s\n", what, about);
    if (!address(path, &at) || len >= (int)sizeof(line) || strchr(about, '\n')) {
        return ERR_MISSING;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (const struct sockaddr *)&at, sizeof(at)) != 0) {
        close(fd);
        return ERR_MISSING;
    }
    bool answered =
        write_all(fd, line, (size_t)len) && read_line(fd, answer, sizeof(answer), ANSWER_MS);
    close(fd);
    if (!answered) {
        snprintf(ret_text, ADMIN_TEXT_MAX, "the server that has the folder did not answer");
        return ERR_BROKEN;
    }
    bool ok = strncmp(answer, "ok ", 3) == 0;
    snprintf(ret_text, ADMIN_TEXT_MAX, "%s", strchr(answer, ' ') ? strchr(answer, ' ') + 1 : "");
    for (char *tab = ret_text; (tab = strchr(tab, '\t'));) {
        *tab = '\n';
    }
    return ok ? OK : ERR_BROKEN;
}
