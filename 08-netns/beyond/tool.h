/*
 * Running another program for a part of the work: nft(8), iptables(8).
 *
 * The kernel's packet filter speaks netlink, too, but its messages are the
 * output of a compiler.  nft is that compiler, and its language is readable.
 */
#pragma once

/*
 * Run the program with `input` (may be NULL) on its standard input.  `*text`
 * becomes what it printed, messages included; free() it.  Returns its exit
 * status, 127 if it is not installed, or -1 after a message.
 */
int tool_run(const char *const words[], const char *input, char **text);
