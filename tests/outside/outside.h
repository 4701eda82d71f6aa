#ifndef TESTS_OUTSIDE_OUTSIDE_H
#define TESTS_OUTSIDE_OUTSIDE_H

/*
 * What suites from outside ask, asked here; include cmocka first.  tests/outside/run makes
 * docs/outside.md of the lines that begin with "# outside".
 */

/* So many cases of a part of a suite got what they want, so many something else, and why. */
#define OUTSIDE_TOLD(suite_, part_, wanted_, otherwise_, why_)                                \
    print_message("# outside | %s | %s | %zu | %zu | %s\n", suite_, part_, (size_t)(wanted_), \
                  (size_t)(otherwise_), why_)

#endif
