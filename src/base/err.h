#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * What can go wrong, as seen by a caller.  Every function that can fail returns
 * one of these; api/answer.c holds the one table that turns them into HTTP.
 */
enum err {
    OK = 0,
    ERR_INVALID,  /* the input makes no sense */
    ERR_LOGIN,    /* nobody is signed in */
    ERR_DENIED,   /* signed in, but not allowed */
    ERR_MISSING,  /* no such thing, or not visible to the actor */
    ERR_CONFLICT, /* clashes with what is stored */
    ERR_LARGE,    /* larger than a stated limit */
    ERR_LIMIT,    /* too often, too many: a stated limit is reached */
    ERR_BUSY,     /* lost a race or out of reach now; the whole call may be tried again */
    ERR_BROKEN,   /* our fault: logged, and the answer says nothing more */
    ERR_COUNT_
};

#define MUST_USE __attribute__((warn_unused_result))
#define UNUSED __attribute__((unused))
#define PRINTF(format_, first_) __attribute__((format(printf, format_, first_)))
#define MIN(a_, b_) ((a_) < (b_) ? (a_) : (b_))
#define MAX(a_, b_) ((a_) < (b_) ? (b_) : (a_))
#define COUNT(array_) (sizeof(array_) / sizeof((array_)[0]))

/*
 * What nobody outside can bring about, and what then stops the process, in release builds
 * too: a wrong answer about somebody's privacy is worse than none.  Who could is in the name;
 * tools/check-asserts refuses one without it.  What a client, a stored row or passing time can
 * bring about is an enum err.
 *
 * _CODE: a caller in this program, whatever it was given from outside.
 * _START: the build's tables, the operator's command, memory at the start: nobody is served yet.
 * Later no lack of memory ends it: it fails the call, the socket or the job (base/heap.h).
 */
#define ASSERT_CODE(true_) ASSERT(true_)
#define ASSERT_START(true_) ASSERT(true_)
#define ASSERT(true_) ((true_) ? (void)0 : err_assert_failed(#true_, __FILE__, __LINE__))
_Noreturn void err_assert_failed(const char *what, const char *file, int line);

/*
 * Pass a failure up.  The only macro that hides a `return`: it is always safe,
 * because memory belongs to the call's arena and the transaction to the store.
 */
#define TRY(expr_)                   \
    do {                             \
        enum err try_err_ = (expr_); \
        if (try_err_ != OK) {        \
            return try_err_;         \
        }                            \
    } while (0)

#endif
