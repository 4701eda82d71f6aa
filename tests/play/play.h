#ifndef TESTS_PLAY_H
#define TESTS_PLAY_H

#include <stddef.h>
#include <stdint.h>

/*
 * Several members at once on the real thing: sockets, reactors, rooms, api and store of one
 * process; only the clock is the test's.  A script is bytes: each tells who does what next,
 * from good messages over bad ones to connections cut off, calls that are tried again and a
 * server that ends in the middle of it all.  After each the witness, who does
 * nothing but talk, must still be heard; a sanitizer tells the rest.
 */
enum { PLAY_SCRIPT_MAX = 4096 };

void play_start(void);
void play_script(const uint8_t *bytes, size_t len);
void play_end(void);

#endif
