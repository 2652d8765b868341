/*
 * The first container makes what all share, the last one removes it.
 *
 * Nobody counts: the leases that are locked are the containers that live,
 * and the bridge, the rules and the switch follow from them.  So a program
 * that was killed at any point is made good by the next one.
 */
#include "08-netns/beyond/lease.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "08-netns/beyond/dns.h"
#include "08-netns/beyond/lease_files.h"
#include "08-netns/beyond/links.h"
#include "08-netns/beyond/netlink.h"
#include "08-netns/beyond/port.h"
#include "08-netns/beyond/router.h"
#include "08-netns/link.h"
#include "08-netns/nat.h"
#include "08-netns/net.h"

/* All that can be taken only once. */
int lease_take(int dir, struct net *net)
{
	char text[LEASE_TEXT];

	if (lease_choose_network(dir, &net->network) < 0)
		return -1;
	snprintf(text, sizeof(text), "process %d of %s\n", getpid(),
		 program_invocation_short_name);
	port_print(net->ports, text, sizeof(text));
	if (port_hold(net->ports, dir) < 0)
		return -1;
	net->lease = lease_make(dir, net->network, text, &net->address);
	if (net->lease >= 0)
		return dns_write(dir, net->address);
	net->address = 0;
	port_release(net->ports);
	return -1;
}

/* The lock would live as long as the child, and so would the ports. */
void lease_let_go(struct net *net)
{
	close(net->lease);
	port_release(net->ports);
}

/*
 * The kernel does this, too, some time after the container's end.  "ts2" can be
 * the name of somebody else's link: ours is plugged into the bridge.
 */
static int lease_remove_cable(uint32_t address)
{
	CLEANUP_CLOSE int netlink = netlink_open();
	char cable[IFNAMSIZ];

	link_name_cable(address, cable);
	switch (netlink < 0 ? -1
			    : links_is_in(netlink, cable, NET_BRIDGE_NAME)) {
	case 0:
		return 0;
	case 1:
		return link_remove(netlink, cable);
	default:
		return -1;
	}
}

/* The files in the directory of leases; the interface has gone by now. */
static void lease_forget_all(int dir, uint32_t address)
{
	lease_forget(dir, address);
	dns_remove(dir, address);
}

/*
 * Called after every change, with the lock held.  From what is in the
 * directory it follows what there should be on the host, so it does not matter
 * who was killed at which point.
 */
static int lease_settle(int dir)
{
	CLEANUP_CLOSE int netlink = -1;
	uint32_t network;
	int result = lease_is_here(dir);

	if (result > 0)
		result = lease_read_network(dir, &network);
	if (result > 0)
		result = router_is_noted(dir);
	if (result <= 0)
		return result;
	result = lease_count(dir);
	if (result < 0)
		return -1;
	if (result > 0)
		return nat_load(dir, network);
	netlink = netlink_open();
	result = netlink < 0 ? -1 : link_remove(netlink, NET_BRIDGE_NAME);
	if (router_restore(dir) < 0 || nat_remove() < 0)
		result = -1;
	if (result == 0)
		router_forget(dir); /* or the next one tries again */
	return result;
}

/*
 * The address is free even if the cable could not be removed: the kernel
 * removes that with the network namespace.
 */
int lease_give_back(int dir, struct net *net)
{
	int result = lease_remove_cable(net->address);

	lease_forget_all(dir, net->address);
	lease_let_go(net);
	net->address = 0;
	return lease_settle(dir) < 0 ? -1 : result;
}

/*
 * In another network namespace an interface of the same name is somebody
 * else's: there only the files are removed.
 */
static int lease_sweep_one(int dir, const struct lease_entry *entry, void *data)
{
	struct in_addr address = { htonl(entry->address) };
	const int *is_here = data;

	if (!entry->is_dead)
		return 0;
	if (*is_here)
		lease_remove_cable(entry->address);
	lease_forget_all(dir, entry->address);
	error_note("removed what %.*s left: address %s",
		   (int)strcspn(entry->text, "\n"), entry->text,
		   inet_ntoa(address));
	return 1;
}

/*
 * Nobody left, and yet a note: the last one was killed between its two steps,
 * or could not do the second.
 */
static int lease_sweep_all(int dir)
{
	int is_here = lease_is_here(dir), is_noted = router_is_noted(dir);
	int count = -1, in_use = -1;
	bool is_left;

	if (is_here >= 0 && is_noted >= 0)
		count = lease_each(dir, lease_sweep_one, &is_here);
	if (count >= 0)
		in_use = lease_count(dir);
	if (in_use < 0)
		return -1;
	is_left = is_here && is_noted && in_use == 0;
	if (count > 0 || is_left)
		is_left &= lease_settle(dir) == 0;
	if (count > 0 || !is_left)
		return count;
	error_note("removed what the last container left: the "
		   "bridge " NET_BRIDGE_NAME ", forwarding");
	return 1;
}

/* Others than root cannot have left anything. */
int lease_sweep(void)
{
	int dir, count;

	if (access(LEASE_DIRECTORY, R_OK | W_OK) < 0)
		return errno == EACCES || errno == EROFS || look_answer(-1) == 0
			       ? 0
			       : error_call(NULL, "look at " LEASE_DIRECTORY);
	dir = lease_lock(false);
	if (dir < 0)
		return errno == ENOENT ? 0 : -1;
	count = lease_sweep_all(dir);
	lease_unlock(dir);
	return count;
}
