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
#include <sys/types.h>

#include "habits/options.h"
#include "03-mount/mounts.h"
#include "08-netns/beyond/lease.h"
#include "08-netns/beyond/port.h"

enum net_kind { NET_HOST, NET_NONE, NET_BRIDGE };

struct net {
	enum net_kind kind;
	struct port ports[PORTS_MAX + 1];
	uint32_t network; /* of the bridge, in host order; a /24 */
	struct lease lease;
};

extern const struct option_entry net_options[];

/*
 * In the parent, before there is a child: ask clone3(2) for a network
 * namespace, take an address and the ports.  What dead programs left is
 * removed first.  After success net_remove() is due, whatever follows.
 */
int net_prepare(struct net *net, struct clone_args *args);

/* In the parent: connect the child `pid`, which waits, to the bridge. */
int net_connect(struct net *net, pid_t pid);

/* In the child, after the gate: lo up; an address and a way out for eth0. */
int net_setup(struct net *net);

/* In the child: the mount that brings name servers it can reach. */
struct mount *net_mounts(const struct net *net, bool own_root);

/* Give back what net_prepare() and net_connect() took.  May be repeated. */
int net_remove(struct net *net);

/* Remove what dead programs left; say what, and return how many. */
int net_sweep(void);
