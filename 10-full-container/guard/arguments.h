/*
 * The words that this program was started with, and who can read them.
 *
 * /proc/PID/cmdline is open to everybody who can see the process, and what it
 * shows is memory of that process.  The one that `exec` brings into a
 * container has a copy of ours until its own program begins: with the secrets
 * of -e NAME=VALUE, and with paths of the host.
 */
#pragma once

/* In main(): a copy to work with, so that nothing needs the original. */
char **arguments_copy(int argc, char **argv);

/*
 * Take the original away, but for the program's name, and the environment
 * behind it; and put it back, for `ps` on the host.  Who is made in between has
 * none.
 */
void arguments_hide(void);
void arguments_show(void);
