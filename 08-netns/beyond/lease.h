/*
 * Addresses on loan: which container has which, on the whole machine.
 *
 * /run/ten-steps/net has a file for each address in use.  Its owner holds a
 * lock on it (flock(2)) as long as it lives, and the kernel drops the lock
 * at its death, however that comes: a file that nobody has locked is a
 * leftover.  Whoever changes anything takes the directory's own lock first.
 *
 *     10.88.77.2, 10.88.77.3     who has it; which ports lead there
 *     network, netns, ip_forward  notes: what the last one needs to know
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define LEASE_DIRECTORY "/run/ten-steps/net"
#define LEASE_TEXT      1024
#define LEASE_NOTE      32

struct lease {
	uint32_t address; /* host order; 0: none */
	int fd;           /* the file, locked */
};

struct lease_entry {
	uint32_t address;
	bool is_dead; /* nobody holds the lock */
	char text[LEASE_TEXT];
};

/*
 * Open and lock the directory.  -1 after a message; but without `create`,
 * -1 and none if there is no such directory.
 */
int lease_lock(bool create);

/* Close it.  It is removed if there is no address and no note of a switch. */
void lease_unlock(int dir);
void lease_clear(int dir); /* remove all files in it */

/* Take a free address of `network`/24, and write `text` in its file. */
int lease_take(int dir, uint32_t network, const char *text,
	       struct lease *lease);

/* Remove the file of an address. */
void lease_forget(int dir, uint32_t address);

/* Close our descriptor, and with it the lock.  May be called again. */
void lease_close(struct lease *lease);

/* Visit all in use.  The sum of what the visits return; -1 after a message. */
typedef int lease_visit(int dir, const struct lease_entry *entry, void *data);
int lease_each(int dir, lease_visit *each, void *argument);
int lease_count(int dir);

/* A word under a name.  Reading: 1; 0 if there is none; -1 after a message. */
int lease_write_note(int dir, const char *name, const char *value);
int lease_read_note(int dir, const char *name, char value[LEASE_NOTE]);
