#ifndef SERVER_SERVE_H
#define SERVER_SERVE_H

#include "home/home.h"

/*
 * Runs the server until SIGTERM or SIGINT has drained it; a second one stops at
 * once.  SIGHUP, or a changed file, reads the certificate again.  Call it before any
 * other thread is made: it blocks the signals for all of them.  Returns the exit code.
 */
int serve(struct home *home);

#endif
