/*
 * Network namespace: links, addresses, routes, ports and filter rules of
 * one's own.  A new one has just a lo, and that is down.
 *
 *      container             host                          world
 *     +-----------+   +--------------------------+
 *     | lo   eth0 |===| ts2 - ten-steps0 . . eth0 |------- router
 *     +-----------+   |       |   10.88.77.1  |  |
 *     +-----------+   |       |          forward, NAT
 *     | lo   eth0 |===| ts3 --+                  |
 *     +-----------+   +--------------------------+
 *      10.88.77.3   veth    bridge
 *
 * IPv4 only.  See network_namespaces(7).
 */
#pragma once

#include <linux/sched.h>
#include <stdint.h>
#include <sys/types.h>

#include "habits/options.h"
#include "03-mount/mounts.h"

#define NET_BRIDGE_NAME "ten-steps0" /* all containers share it */

enum net_kind { NET_HOST, NET_NONE, NET_BRIDGE };

/* Addresses are in host order: 0x0a584d01 is 10.88.77.1. */
struct net {
	enum net_kind kind;
	struct port *ports; /* beyond/port.h: --publish; NULL: none */

	/* From prepare to remove: */
	uint32_t network; /* of the bridge; a /24 */
	uint32_t address; /* the container's; 0: none */
	int lease;        /* beyond/lease.h: nobody else's, while we live */
};

extern const struct option_entry net_options[];

/*
 * In the parent, before there is a child: ask clone3(2) for a network
 * namespace, take an address and the ports.  What dead programs left is
 * removed first.  After success net_remove() is due, whatever follows.
 */
int net_prepare(struct net *net, struct clone_args *args);

/* In the parent, the child waits: connect `pid`, the child, to the bridge. */
int net_connect(struct net *net, pid_t pid);

/* In the child, after the gate: lo up; an address and a way out for eth0. */
int net_setup(struct net *net);

/* In the child: the mount that brings name servers it can reach. */
struct mount *net_mounts(const struct net *net, bool own_root);

/* After it: give back what was taken, and made.  May be repeated. */
int net_remove(struct net *net);
