/*
 * From one network namespace to another: a link, with its addresses.
 *
 * The kernel moves the link, and forgets its addresses and that it was up.
 * So both are noted before and set again after.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "08-netns/beyond/netlink.h"

/* A network namespace, and a socket to the kernel that acts on it. */
struct net_side {
	int space, netlink;
};

/* A link that moves; its addresses are messages that set them again. */
struct net_link {
	int index; /* where it is now */
	bool is_up;
	struct netlink_message *addresses;
	size_t count;
};

/* Our own side, or that of a process; -1 after a message. */
int net_side_own(struct net_side *side);
int net_side_of(struct net_side *side, pid_t pid);
void net_side_close(struct net_side *side);

/* The index of the link of this name; 0: there is none.  -1: a message. */
int net_find(const struct net_side *side, const char *name);

/* Note what the link `index` has: all that is permanent and global. */
int net_note(const struct net_side *side, int index, struct net_link *link);

/*
 * Move it, with a name that may have a %d in it for the kernel to choose.
 * -1 with errno: not printed.  Linux 5.13.
 */
int net_move(struct net_link *link, const struct net_side *from,
	     const struct net_side *to, const char *name);

/* Set again what was noted, and bring it up.  -1 with errno: not printed. */
int net_restore(const struct net_link *link, const struct net_side *side);
