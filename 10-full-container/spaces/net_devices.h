/*
 * linux.netDevices: network devices of the host that become the container's.
 *
 * A network card, or one half of a cable (veth), is in one network namespace
 * at a time.  When that ends, the kernel gives a card back to the host, and
 * removes what is made of software.
 */
#pragma once

#include "10-full-container/guard/value.h"
#include "10-full-container/spaces/namespaces.h"
#include "10-full-container/spaces/net_move.h"

struct net_device {
	const char *name, *inside; /* a name of NULL ends a list */
	struct net_link link;
	bool is_moved;
};

int net_devices_read(struct net_device **devices, const struct value *object,
		     const struct namespaces *namespaces);
void net_devices_free(struct net_device *devices);

/*
 * In the parent, when the process `pid` is in its network: move them, with
 * their addresses, and bring them up.  After a failure they are the host's
 * again.  `there` is opened, for net_devices_return().
 */
int net_devices_move(struct net_device *devices, pid_t pid,
		     struct net_side *there);

/* The creation failed: what was moved is the host's again, as it was. */
void net_devices_return(struct net_device *devices, struct net_side *there);
