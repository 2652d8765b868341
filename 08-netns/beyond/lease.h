/*
 * Which address is free, and who has the others?
 *
 * Addresses are on loan.  /run/ten-steps/net has a file for each that is in
 * use.  Its owner holds a lock on it (flock(2)) as long as it lives, and the
 * kernel drops the lock at its death, however that comes: a file that nobody
 * has locked is a leftover.  Whoever changes anything takes the directory's
 * own lock first (`dir`).
 *
 *     10.88.77.2, 10.88.77.3      who has it; which ports lead there
 *     network, netns, ip_forward  notes: what the last one needs to know
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define LEASE_DIRECTORY "/run/ten-steps/net"
#define LEASE_TEXT      1024

struct net;

/*
 * On either side: open and lock the directory.  `create`: make it, if this
 * user may have a bridge.  -1 after a message; but without `create`, -1 and
 * none if there is no such directory.
 */
int lease_lock(bool create);

/* On either side: close it, and remove it if nobody is left. */
void lease_unlock(int dir);

/*
 * In the parent, before there is a child: choose a network, take an address in
 * it and the ports, and write the file for names.
 */
int lease_take(int dir, struct net *net);

/* In the child: let go of the lock and of the ports. */
void lease_let_go(struct net *net);

/* After it: give all back; with the last one goes what all of them shared. */
int lease_give_back(int dir, struct net *net);

/* On either side: remove what dead programs left.  Returns how much. */
int lease_sweep(void);

struct lease_entry {
	uint32_t address; /* in host order */
	bool is_dead;     /* nobody holds the lock */
	char text[LEASE_TEXT];
};

/*
 * On either side: visit all in use.  The sum of what the visits return; -1
 * after a message.
 */
typedef int lease_visit(int dir, const struct lease_entry *entry, void *data);
int lease_each(int dir, lease_visit *each, void *argument);
