/*
 * The four moments of a network: before the child is there, when it is, in
 * it, and after it.
 */
#include "08-netns/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "07-caps/caps_sets.h"
#include "08-netns/beyond/bridge.h"
#include "08-netns/beyond/dns.h"
#include "08-netns/beyond/netlink.h"
#include "08-netns/link.h"

/* With the directory locked: take all that can be taken only once. */
static int net_take(struct net *net, int dir)
{
	char text[LEASE_TEXT];

	if (bridge_choose_network(dir, &net->network) < 0)
		return -1;
	snprintf(text, sizeof(text), "process %d of %s\n", getpid(),
		 program_invocation_short_name);
	port_print(net->ports, text, sizeof(text));
	if (port_hold(net->ports, dir) < 0)
		return -1;
	if (lease_take(dir, net->network, text, &net->lease) == 0)
		return dns_write(dir, net->lease.address);
	port_release(net->ports);
	return -1;
}

/* All that the child will have to know must be known before it is born. */
int net_prepare(struct net *net, struct clone_args *args)
{
	int dir, result;

	net_sweep();
	if (net->kind == NET_HOST)
		return 0;
	args->flags |= CLONE_NEWNET;
	if (net->kind == NET_NONE)
		return 0;
	if (!caps_has(CAP_NET_ADMIN))
		return error_input(geteuid() == 0
					   ? "this root has it not, as in most "
					     "containers: use --net none"
					   : "run as root (sudo), or use --net "
					     "none",
				   "a bridge on this host needs "
				   "CAP_NET_ADMIN");
	dir = lease_lock(true);
	if (dir < 0)
		return -1;
	result = net_take(net, dir);
	lease_unlock(dir);
	if (result < 0)
		net_remove(net);
	return result;
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
	result = bridge_connect(dir, net->network, net->lease.address, pid,
				net->ports[0].outside != 0);
	lease_unlock(dir);
	return result;
}

/*
 * The same calls as on the host: but this process, and so this socket, is in
 * the new namespace, where "lo" and "eth0" are others.
 */
int net_setup(struct net *net)
{
	uint32_t address = net->lease.address;
	CLEANUP_CLOSE int netlink = -1;

	/* Copies: only the parent may hold these, so that they end with it. */
	lease_close(&net->lease);
	port_release(net->ports);
	if (net->kind == NET_HOST)
		return 0;
	netlink = netlink_open();
	if (netlink < 0 || link_up(netlink, "lo") < 0)
		return -1;
	if (net->kind == NET_NONE)
		return 0;
	if (link_add_address(netlink, "eth0", address, 24) < 0)
		return -1;
	if (link_up(netlink, "eth0") < 0)
		return -1;
	return link_add_default_route(netlink, net->network + 1);
}

/*
 * An empty table if there is nothing to mount.  The table is static: one
 * process has one container.
 */
struct mount *net_mounts(const struct net *net, bool own_root)
{
	static struct mount table[2];
	static char source[DNS_PATH];

	/* On the host's own root, a file that is missing stays missing. */
	if (net->kind == NET_BRIDGE &&
	    (own_root || look_for(AT_FDCWD, DNS_TARGET) != 0)) {
		dns_path(net->lease.address, source);
		/* The file is on the host: who writes there fills its /run. */
		table[0] = (struct mount){
			.target = DNS_TARGET,
			.source = source,
			.attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
				      MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
		};
	}
	return table;
}

/* The namespace itself is gone with its last process. */
int net_remove(struct net *net)
{
	int dir, result;

	port_release(net->ports);
	if (net->lease.address == 0)
		return 0;
	dir = lease_lock(false);
	if (dir < 0)
		return -1;
	result = bridge_disconnect(dir, net->lease.address);
	lease_close(&net->lease);
	if (bridge_settle(dir) < 0)
		result = -1;
	lease_unlock(dir);
	return result;
}

/* Others than root cannot have left anything. */
int net_sweep(void)
{
	int dir, count;

	if (access(LEASE_DIRECTORY, R_OK | W_OK) < 0)
		return errno == EACCES || errno == EROFS || look_answer(-1) == 0
			       ? 0
			       : error_call(NULL, "look at " LEASE_DIRECTORY);
	dir = lease_lock(false);
	if (dir < 0)
		return errno == ENOENT ? 0 : -1;
	count = bridge_sweep(dir);
	lease_unlock(dir);
	return count;
}
