/*
 * Asking systemd for something, by its own tools.
 *
 * systemd is asked over D-Bus.  Its library cannot be linked into a static
 * program, and the protocol is not our subject; busctl(1) sends one call and
 * prints the answer.
 */
#pragma once

/*
 * Run a tool with these words: the manager that is asked is the system's for
 * root, and the user's own for anybody else.  `*text` becomes what it printed,
 * for free().  Returns its exit status, or -1 after a message: there is no
 * systemd, or no such tool.
 */
int systemd_run(const char *tool, const char *const words[], char **text);
