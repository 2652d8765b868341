/*
 * The four moments of a network: before the child is there, when it is, in
 * it, and after it.
 */
#include "08-netns/net.h"

#include <errno.h>
#include <net/if.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "08-netns/beyond/dns.h"
#include "08-netns/beyond/lease.h"
#include "08-netns/beyond/netlink.h"
#include "08-netns/beyond/router.h"
#include "08-netns/link.h"
#include "08-netns/nat.h"

/* All that the child will have to know must be known before it is born. */
int net_prepare(struct net *net, struct clone_args *args)
{
	int dir, result;

	lease_sweep();
	if (net->kind == NET_HOST)
		return 0;
	args->flags |= CLONE_NEWNET;
	if (net->kind == NET_NONE)
		return 0;
	dir = lease_lock(true);
	if (dir < 0)
		return -1;
	result = lease_take(dir, net);
	lease_unlock(dir);
	if (result < 0)
		net_remove(net);
	return result;
}

/* The host is on its bridge, too: its address there is everyone's gateway. */
static int net_make_bridge(int netlink, uint32_t gateway)
{
	if (if_nametoindex(NET_BRIDGE_NAME) == 0 &&
	    link_make_bridge(netlink, NET_BRIDGE_NAME, gateway) < 0)
		return -1;
	if (router_refuse_ipv6(NET_BRIDGE_NAME) < 0)
		return -1;
	if (link_add_address(netlink, NET_BRIDGE_NAME, gateway, 24) < 0)
		return -1;
	return link_up(netlink, NET_BRIDGE_NAME);
}

/* Nothing can be sent yet: the far end, in the child's namespace, is down. */
static int net_make_cable(int netlink, const char *cable, uint32_t address,
			  pid_t pid)
{
	if (link_make_veth(netlink, cable, NET_BRIDGE_NAME, "eth0", pid,
			   address) < 0)
		return -1;
	if (router_refuse_ipv6(cable) < 0)
		return -1;
	return link_up(netlink, cable);
}

/*
 * Each step can be done again, for the second container: what is there stays.
 * Only the cable is new.
 */
static int net_connect_all(const struct net *net, int dir, pid_t pid)
{
	CLEANUP_CLOSE int netlink = netlink_open();
	char cable[IFNAMSIZ];

	link_name_cable(net->address, cable);
	/* First, since its note says that there is something to remove. */
	if (router_enable(dir) < 0)
		return -1;
	if (netlink < 0 || net_make_bridge(netlink, net->network + 1) < 0)
		return -1;
	if (net_make_cable(netlink, cable, net->address, pid) < 0)
		return -1;
	if (nat_load(dir, net->network) < 0)
		return -1;
	if (net->ports && router_publish(netlink, cable) < 0)
		return -1;
	router_warn();
	return 0;
}

/*
 * The child's network namespace is found by its process id, which cannot have
 * been used again: the child is ours and has not been waited for.
 */
int net_connect(struct net *net, pid_t pid)
{
	int dir, result;

	if (net->kind != NET_BRIDGE)
		return 0;
	dir = lease_lock(false);
	if (dir < 0 && errno == ENOENT)
		return error_input(NULL, "%s is gone", LEASE_DIRECTORY);
	if (dir < 0)
		return -1;
	result = net_connect_all(net, dir, pid);
	lease_unlock(dir);
	return result;
}

/*
 * The same calls as on the host: but this process, and so this socket, is in
 * the new namespace, where "lo" and "eth0" are others.
 */
int net_setup(struct net *net)
{
	CLEANUP_CLOSE int netlink = -1;

	if (net->kind == NET_HOST)
		return 0;
	netlink = netlink_open();
	if (netlink < 0 || link_up(netlink, "lo") < 0)
		return -1;
	if (net->kind == NET_NONE)
		return 0;
	/* A copy: only the parent may hold it, so that it ends with it. */
	lease_let_go(net);
	if (link_add_address(netlink, "eth0", net->address, 24) < 0)
		return -1;
	if (link_up(netlink, "eth0") < 0)
		return -1;
	return link_add_default_route(netlink, net->network + 1);
}

struct mount *net_mounts(const struct net *net, bool own_root)
{
	return dns_mounts(net->address, own_root);
}

/*
 * The namespace itself is gone with its last process, and the cable with it.
 * The last container takes along what all of them shared.
 */
int net_remove(struct net *net)
{
	int dir, result;

	if (net->address == 0)
		return 0;
	dir = lease_lock(false);
	if (dir < 0)
		return -1;
	result = lease_give_back(dir, net);
	lease_unlock(dir);
	return result;
}
