/*
 * One writer. DATA/lock belongs to the one process that writes. A command that finds it taken hands
 * itself over through DATA/control.sock: its words, its standard streams and the files it opened go
 * to the server, which runs the same command function and sends the exit code back.
 *
 * The socket can be used only by the owner of the data directory (mode 0600).
 */
#ifndef CLI_CONTROL_H
#define CLI_CONTROL_H

#include "cli/command.h"

/* Takes DATA/lock until the descriptor is closed, and removes a socket that a killed server has left.
 * E_BUSY: another process has it. */
MUST enum err control_lock(str data, int *ret_fd);

/* Runs this process's command in the server of its data directory. E_NOTFOUND: no server answers.
 * E_CONFLICT: it is of another version of the program. E_BUSY: it runs another command, and this one does
 * not want to wait; one that does is told so after a second. Otherwise *RET_CODE is the exit code; a server
 * that ended in the middle gives 70. Ctrl-C here cancels there. */
MUST enum err control_forward(struct cli *cli, int argc, char **argv, int *ret_code);

/* The server's side: a thread that runs handed-over commands one after the other, in order. */
struct control;

/* RUN runs one parsed command and answers its exit code. TEND is called before the first one, after each, and at the
 * latest as many milliseconds later as it answered. Both on the control thread. */
MUST enum err control_start(str data, const struct command *const *table,
			    int (*run)(struct cli *cli, void *arg), int (*tend)(void *arg),
			    void *arg, struct control **ret);

/* Cancels the command that is running, ends the thread, removes the socket. */
void control_stop(struct control *c);

#endif
