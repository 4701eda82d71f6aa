#ifndef TESTS_PLAY_WIRE_H
#define TESTS_PLAY_WIRE_H

#include <stdbool.h>
#include <stddef.h>

/* The players' side of the wire: it sends exactly the given bytes, to one port of this machine. */
void play_port(int number);

int play_dial(void); /* a new connection */
void play_put(int fd, const void *bytes, size_t len);
void play_drain(int fd); /* throws away what has come */

/* Reads until `mark` came (NULL: never) or the other side ends; false: it ended. */
bool play_get_until(int fd, const char *mark);

/* One call on a connection of its own, which ends with the answer. */
int play_call(const char *cookie, const char *method, const char *path, const char *json);

/* One frame of a socket, masked; `first` is its whole first byte.  fd -1: nothing. */
void play_frame(int fd, int first, const void *payload, size_t len);

#endif
