#ifndef COMMANDS_CONTROL_H
#define COMMANDS_CONTROL_H

#include "commands/admin.h"

/*
 * DIR/admin.sock: commands reach the server that has the folder.  One line each
 * way: "admin WORDS" (apart by tabs), "backup PATH", "backup-keys PATH", "check"; "ok …" or
 * "error …".  Mode 0600, and the peer's uid is checked: ours or root's.
 */
struct control;

MUST_USE enum err control_start(struct home *home, struct api *api, struct control **ret,
                                char ret_why[HOME_WHY_MAX]);
void control_stop(struct control *control); /* accepts NULL */

/*
 * Asks the server that has the folder.  ERR_MISSING: nobody listens there.
 * Otherwise what it answered, its sentence in ret_text.
 */
MUST_USE enum err control_ask(const struct home *home, const char *what, const char *about,
                              char ret_text[ADMIN_TEXT_MAX]);

#endif
