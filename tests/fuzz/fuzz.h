#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/*
 * Each fuzz_<name>.c has this one function.  With libFuzzer it gets made-up bytes;
 * with runner.c the files of corpus/<name>, as an ordinary test.
 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#endif
