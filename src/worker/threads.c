#include <dlfcn.h>
#include <glib.h>
#include <pthread.h>

#undef MIN
#undef MAX
#include "worker/worker.h"

/*
 * libvips keeps its threads and uses them again, but begins another when it needs one
 * before the last has put itself back: a race, lost once in twenty files.  No thread can
 * begin behind the lock.  So some wait from the start, and g_thread_try_new, which stands
 * here before glib's, gives them out.  When none is left, libvips says that the file failed.
 */
enum { RESERVE = 8 };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER; /* over all of these */
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool only;
static size_t waiting, wanted; /* wanted: how many of them have been given out */
static struct reserved {
    GThread *thread;
    GThreadFunc run;
    void *data;
} reserve[RESERVE];

typedef GThread *begin_fn(const gchar *name, GThreadFunc run, gpointer data, GError **error);

static GThread *really_begin(const char *name, GThreadFunc run, void *data, GError **error)
{
    begin_fn *next = NULL;
    *(void **)&next = dlsym(RTLD_NEXT, "g_thread_try_new");
    return next ? next(name, run, data, error) : NULL;
}

static void *wait_for_work(void *arg)
{
    size_t own = (size_t)((struct reserved *)arg - reserve);
    pthread_mutex_lock(&turn);
    waiting++;
    pthread_cond_broadcast(&changed);
    while (wanted <= own) {
        pthread_cond_wait(&changed, &turn);
    }
    pthread_mutex_unlock(&turn);
    return reserve[own].run(reserve[own].data);
}

bool threads_start(void)
{
    for (size_t i = 0; i < RESERVE; i++) {
        reserve[i].thread = really_begin("reserve", wait_for_work, &reserve[i], NULL);
        if (!reserve[i].thread) {
            return false;
        }
    }
    pthread_mutex_lock(&turn);
    while (waiting < RESERVE) { /* each has done all that a thread does when it begins */
        pthread_cond_wait(&changed, &turn);
    }
    only = true;
    pthread_mutex_unlock(&turn);
    return true;
}

GThread *g_thread_try_new(const gchar *name, GThreadFunc run, gpointer data, GError **error)
{
    pthread_mutex_lock(&turn);
    bool left = only && wanted < RESERVE;
    GThread *thread = NULL;
    if (left) {
        reserve[wanted].run = run;
        reserve[wanted].data = data;
        thread = reserve[wanted++].thread;
        pthread_cond_broadcast(&changed);
    }
    bool real = !only;
    pthread_mutex_unlock(&turn);
    return real ? really_begin(name, run, data, error) : thread;
}
