#ifndef API_STEPS_H
#define API_STEPS_H

#include <stddef.h>

#include "base/err.h"
#include "call/call.h"
#include "call/json.h"

/*
 * The steps of a call, each typed.  One line says what they take, give and share, and which there
 * are; then each is written as a function whose parameters stand there by themselves:
 *
 *     STEPS(ask, wished, asked, struct state, look, apply);
 *     STEP(ask, look)
 *     {
 *         return in->note ? sealed_own_key(call, &state->key_id) : OK;
 *     }
 *     STEP_IS(ask, apply, friends_ask(call, in->id, state->note, out));
 *
 * `wished` and `asked` are shapes: `in` points to the struct of the one (const), `out` to that of
 * the other, `state` to the struct named third; each may be none.  The row of the route says
 * &ask_steps and takes shapes, sizes and steps from there, so what is shown and what is filled are
 * the same. JOB_STEPS: of a row of jobs, `in` is a struct job_in.  INNER_STEPS: of a call from
 * inside, whose structs have no shapes.  What several calls do alike is a function that their steps
 * call.
 */

/*
 * When each runs; all but one may be missing (look_again comes with prepare_again and not with
 * API_SLOW_POOL):
 *  look     in a read transaction: what `prepare` must know first (a password's hash)
 *  prepare  no transaction: parsing, ICU, sealing, hashing, asking others
 *  look_again, prepare_again  the same once more, for what only `prepare` could find out
 *  apply    inside the transaction: rules and SQL; may run more than once
 *  finish   after the commit: opens sealed fields, shapes the answer
 * `out` and `state` are zeroed.  What `look` and `apply` change in them is put back before they run
 * again; memory that they point to is not.
 */
typedef enum err api_step(struct call *call, const void *in, void *out);

struct api_steps {
    const struct json_shape *in, *out; /* NULL: none, or a struct that only C knows */
    size_t state_size;
    api_step *look, *prepare, *look_again, *prepare_again, *apply, *finish;
    size_t in_size, out_size;
};

#define STEPS(name_, in_, out_, state_, ...)                                                  \
    STEPS_OF(name_, in_##_struct, out_##_struct, state_, STEPS_SHAPE(in_), STEPS_SHAPE(out_), \
             __VA_ARGS__)
#define JOB_STEPS(name_, state_, ...) \
    INNER_STEPS(name_, struct job_in, struct none, state_, __VA_ARGS__)
#define INNER_STEPS(name_, in_, out_, state_, ...) \
    STEPS_OF(name_, in_, out_, state_, NULL, NULL, __VA_ARGS__)

/* One step; its body follows. */
#define STEP(name_, step_)                                                                      \
    static enum err name_##_##step_##_body(struct call *call, const name_##_steps_in *in,       \
                                           name_##_steps_out *out, name_##_steps_state *state); \
    static enum err name_##_##step_##_step(struct call *call, const void *in, void *out)        \
    {                                                                                           \
        return name_##_##step_##_body(call, in, out, call->state);                              \
    }                                                                                           \
    static enum err name_##_##step_##_body(                                                     \
        struct call *call UNUSED, const name_##_steps_in *in UNUSED,                            \
        name_##_steps_out *out UNUSED, name_##_steps_state *state UNUSED)

/* A step that does nothing but call a rule. */
#define STEP_IS(name_, step_, ...) \
    STEP(name_, step_)             \
    {                              \
        return __VA_ARGS__;        \
    }                              \
    struct none

/* ---- how STEPS does it ---- */

struct none {
    char none;
};
typedef struct none none_struct;
/* NULL for none, else where the shape is: the second of what stands there then. */
#define STEPS_NO_none , NULL
#define STEPS_SHAPE(shape_) STEPS_SECOND(STEPS_NO_##shape_, &(shape_), )
#define STEPS_SECOND(...) STEPS_SECOND_OF(__VA_ARGS__)
#define STEPS_SECOND_OF(first_, second_, ...) second_
#define STEPS_SIZE(type_) _Generic((type_ *)NULL, struct none * : 0, default : sizeof(type_))
#define STEPS_OF(name_, in_, out_, state_, in_shape_, out_shape_, ...)               \
    typedef in_ name_##_steps_in;                                                    \
    typedef out_ name_##_steps_out;                                                  \
    typedef state_ name_##_steps_state;                                              \
    static api_step STEPS_EACH(STEPS_NAME, name_, __VA_ARGS__);                      \
    static const struct api_steps name_##_steps = {.in = (in_shape_),                \
                                                   .out = (out_shape_),              \
                                                   .in_size = STEPS_SIZE(in_),       \
                                                   .out_size = STEPS_SIZE(out_),     \
                                                   .state_size = STEPS_SIZE(state_), \
                                                   STEPS_EACH(STEPS_ROW, name_, __VA_ARGS__)}
#define STEPS_NAME(name_, step_) name_##_##step_##_step
#define STEPS_ROW(name_, step_) .step_ = name_##_##step_##_step
#define STEPS_EACH(do_, name_, ...)                                                 \
    STEPS_PICK(__VA_ARGS__, STEPS_6, STEPS_5, STEPS_4, STEPS_3, STEPS_2, STEPS_1, ) \
    (do_, name_, __VA_ARGS__)
#define STEPS_PICK(a_, b_, c_, d_, e_, f_, picked_, ...) picked_
#define STEPS_1(do_, name_, step_) do_(name_, step_)
#define STEPS_2(do_, name_, step_, ...) do_(name_, step_), STEPS_1(do_, name_, __VA_ARGS__)
#define STEPS_3(do_, name_, step_, ...) do_(name_, step_), STEPS_2(do_, name_, __VA_ARGS__)
#define STEPS_4(do_, name_, step_, ...) do_(name_, step_), STEPS_3(do_, name_, __VA_ARGS__)
#define STEPS_5(do_, name_, step_, ...) do_(name_, step_), STEPS_4(do_, name_, __VA_ARGS__)
#define STEPS_6(do_, name_, step_, ...) do_(name_, step_), STEPS_5(do_, name_, __VA_ARGS__)

#endif
