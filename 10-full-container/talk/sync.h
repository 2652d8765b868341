/*
 * What the runtime and the container's first process say to each other.
 *
 *     runtime                         container
 *        |  ---- go: ids are mapped ---->  |
 *        |  <--- mounted ---------------   |   only if there are hooks
 *        |  ---- go: hooks have run ---->  |
 *        |  <--- ready, or a message ---   |   ... waits for `start`
 *
 * Messages are apart (SOCK_SEQPACKET).  An error on the container's side is
 * sent over as text and printed by the runtime, once.
 */
#pragma once

#include <stdbool.h>

enum sync_word {
	SYNC_GO = 'g',
	SYNC_MOUNTED = 'm',
	SYNC_READY = 'r',
	SYNC_MESSAGE = 'e',    /* followed by text to print */
	SYNC_CONSOLE = 'c',    /* comes with a descriptor */
	SYNC_HOOK = 'h',       /* a hook of `start` has failed */
	SYNC_EXEC = 'x',       /* nothing is left to do but the exec */
	SYNC_NOTIFY = 'y',     /* comes with a descriptor: notify.h */
	SYNC_START = 's',      /* who knocks is `start` */
	SYNC_NAMESPACES = 'n', /* who knocks is `exec`: see handout.h */
};

int sync_pair(int ends[2]);                 /* both are closed on exec */
int sync_send(int fd, enum sync_word word); /* -1: without a message */
/* ... with one, unless the other side is gone: its end has another reason. */
int sync_say(int fd, enum sync_word word);

/* A process's number, or -errno.  -1 without a message; 1, 0 (none), or -1. */
int sync_send_number(int fd, int number);
int sync_hear_number(int fd, int *number, int flags);
/* Send a descriptor along with some text. */
int sync_send_fd(int fd, const char *text, int passed);

/*
 * Wait for a word, and print messages that come before it.  A descriptor
 * that came with the word is stored in *passed (which may be NULL).
 * -1: the other side is gone.
 */
int sync_wait(int fd, enum sync_word word, int *passed);

/* Wait for the other side's end.  -1 if there was an error message. */
struct sync_end {
	int terminal;          /* to be shown meanwhile, or 0 */
	bool by_hook, is_last; /* SYNC_HOOK, SYNC_EXEC was said */
};
int sync_wait_end(int fd, struct sync_end *end);

/* Connect to an engine's socket.  `whose` says in messages who named it. */
int sync_connect(const char *whose, const char *path);
/* To the process that waits for `start`.  -1 without a message. */
int sync_knock(int directory);
/* From now on this process's messages go to the other side. */
void sync_messages_to(int fd);
