#include <pthread.h>
#include <string.h>

#include "api/api_inner.h"

/* A call from inside that its thread waits for. */
struct waiting {
    pthread_mutex_t lock; /* holds the rest */
    pthread_cond_t done;
    bool is_done;
    enum err err;
    const char *code;
    void *out;
    size_t out_size;
};

static void answered(void *owner, enum err err, const struct call *call, const void *out)
{
    struct waiting *waiting = owner;
    pthread_mutex_lock(&waiting->lock);
    ASSERT_CODE(!waiting->is_done);
    waiting->err = err;
    waiting->code = err == OK ? NULL : call->fail_code;
    if (err == OK && waiting->out_size > 0) {
        memcpy(waiting->out, out, waiting->out_size);
    }
    waiting->is_done = true;
    pthread_cond_signal(&waiting->done);
    pthread_mutex_unlock(&waiting->lock);
}

enum err api_wait(struct api *api, const struct api_route *route, const void *in, void *ret_out,
                  const char **ret_code)
{
    struct waiting waiting = {.out = ret_out, .out_size = ret_out ? route->steps->out_size : 0};
    pthread_mutex_init(&waiting.lock, NULL);
    pthread_cond_init(&waiting.done, NULL);
    ASSERT_CODE(!api_own_thread(api)); /* who should answer would wait */
    const struct api_inner inner = {.route = route, .in = in, .owner = &waiting, .done = answered};
    enum err err = api_inner(api, &inner);
    if (err == OK) {
        pthread_mutex_lock(&waiting.lock);
        while (!waiting.is_done) {
            pthread_cond_wait(&waiting.done, &waiting.lock);
        }
        pthread_mutex_unlock(&waiting.lock);
        err = waiting.err;
    }
    *ret_code = waiting.code;
    pthread_cond_destroy(&waiting.done);
    pthread_mutex_destroy(&waiting.lock);
    return err;
}
