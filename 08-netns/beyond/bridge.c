/*
 * The first container makes what all share, the last one removes it.
 *
 * Nobody counts: the leases that are locked are the containers that live,
 * and the bridge, the rules and the switch follow from them.  So a program
 * that was killed at any point is made good by the next one.
 */
#include "08-netns/beyond/bridge.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/whole.h"
#include "08-netns/beyond/dns.h"
#include "08-netns/beyond/forward.h"
#include "08-netns/beyond/lease.h"
#include "08-netns/beyond/netlink.h"
#include "08-netns/link.h"
#include "08-netns/nat.h"

#define BRIDGE_NAME "ten-steps0"

/* Private ones (RFC 1918) that few others use. */
static const char *const bridge_networks[] = {
	"10.88.77.0",
	"10.188.77.0",
	"172.29.77.0",
	"192.168.177.0",
};

/* "net:[4026531840]": which network namespace we are in. */
static int bridge_read_namespace(char name[LEASE_NOTE])
{
	ssize_t length = readlink("/proc/self/ns/net", name, LEASE_NOTE - 1);

	name[length < 0 ? 0 : length] = '\0';
	return length < 0 ? error_call(NULL, "read /proc/self/ns/net") : 0;
}

/*
 * Were the leases given for the network namespace that we are in?  1, 0, or -1
 * after a message.
 */
static int bridge_is_here(int dir)
{
	char noted[LEASE_NOTE], name[LEASE_NOTE];
	int is_noted = lease_read_note(dir, "netns", noted);

	if (is_noted < 0 || bridge_read_namespace(name) < 0)
		return -1;
	return is_noted == 0 || strcmp(noted, name) == 0;
}

/* All containers of the machine share what the first one chose. */
static int bridge_note_network(int dir, const char *network)
{
	char name[LEASE_NOTE];

	if (bridge_read_namespace(name) < 0 ||
	    lease_write_note(dir, "netns", name) < 0 ||
	    lease_write_note(dir, "network", network) < 0)
		return -1;
	return 0;
}

/* 1; 0: nobody has chosen yet; -1 after a message. */
static int bridge_read_network(int dir, uint32_t *network)
{
	struct in_addr address;
	char text[LEASE_NOTE];
	int is_noted = lease_read_note(dir, "network", text);

	if (is_noted <= 0 || inet_pton(AF_INET, text, &address) != 1)
		return is_noted < 0 ? -1 : 0;
	*network = ntohl(address.s_addr);
	return 1;
}

/*
 * The first of the candidates that the host itself does not reach: if a VPN
 * used 10.88.77.0/24, the container's answers would leave through it.  Host
 * order.
 */
int bridge_choose_network(int dir, uint32_t *network)
{
	size_t count = sizeof(bridge_networks) / sizeof(bridge_networks[0]);
	CLEANUP_CLOSE int netlink = -1;
	int is_here = bridge_is_here(dir), chosen;
	int in_use = is_here == 0 ? lease_count(dir) : 0;

	if (is_here < 0 || in_use < 0)
		return -1;
	if (!is_here && in_use == 0)
		lease_clear(dir); /* what that one left here is not ours */
	else if (!is_here)
		return error_input("end those containers first, or mount a "
				   "tmpfs on /run for this namespace",
				   "containers in another network namespace "
				   "use %s",
				   LEASE_DIRECTORY);
	chosen = bridge_read_network(dir, network);
	if (chosen != 0)
		return chosen < 0 ? -1 : 0;
	netlink = netlink_open();
	for (size_t i = 0; netlink >= 0 && i < count; i++) {
		*network = ntohl(inet_addr(bridge_networks[i]));
		switch (link_has_route(netlink, *network, 24)) {
		case 0:
			return bridge_note_network(dir, bridge_networks[i]);
		case 1:
			continue;
		default:
			return -1;
		}
	}
	if (netlink < 0)
		return -1;
	return error_input(
		"see ip route: one of 10.88.77.0/24, 10.188.77.0/24, "
		"172.29.77.0/24 and 192.168.177.0/24 must be free",
		"every network for the bridge is in use already");
}

/* The end of a cable on the host's side: "ts2" for 10.88.77.2. */
static void bridge_cable_name(uint32_t address, char name[IFNAMSIZ])
{
	snprintf(name, IFNAMSIZ, "ts%u", address & 0xff);
}

/* A sysctl of one link.  A kernel without IPv6 has none of ipv6's. */
static int bridge_switch_on(const char *link, const char *family,
			    const char *name)
{
	CLEANUP_CLOSE int fd = -1;
	char path[128];

	snprintf(path, sizeof(path), "/proc/sys/net/%s/conf/%s/%s", family,
		 link, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && strcmp(family, "ipv6") == 0)
		return 0;
	if (fd < 0 || whole_tell(fd, "1") < 0)
		return error_call(NULL, "write 1 to %s", path);
	return 0;
}

/*
 * With IPv6 the host would listen to routers on the bridge, and a container
 * could be one: the host's default route would lead there.  So none of it,
 * before the link is up.
 */
static int bridge_refuse_ipv6(const char *link)
{
	return bridge_switch_on(link, "ipv6", "disable_ipv6");
}

/* The host is on its bridge, too: its address there is everyone's gateway. */
static int bridge_make(int netlink, uint32_t gateway)
{
	if (if_nametoindex(BRIDGE_NAME) == 0 &&
	    link_make_bridge(netlink, BRIDGE_NAME, gateway) < 0)
		return -1;
	if (bridge_refuse_ipv6(BRIDGE_NAME) < 0)
		return -1;
	if (link_add_address(netlink, BRIDGE_NAME, gateway, 24) < 0)
		return -1;
	return link_up(netlink, BRIDGE_NAME);
}

/*
 * 127.0.0.1 never leaves a machine, unless this switch says so.  A published
 * port on 127.0.0.1 needs it: the packet goes on to the bridge.
 */
static int bridge_allow_localnet(void)
{
	return bridge_switch_on(BRIDGE_NAME, "ipv4", "route_localnet");
}

/*
 * Each step can be done again, for the second container: what is there stays.
 * Only the cable is new.  Until the end nothing can be sent: the far end of
 * it is down.
 */
int bridge_connect(int dir, uint32_t network, uint32_t address, pid_t pid,
		   bool is_published)
{
	CLEANUP_CLOSE int netlink = netlink_open();
	char cable[IFNAMSIZ];

	bridge_cable_name(address, cable);
	/* First, since its note tells bridge_settle() that there is work. */
	if (forward_enable(dir) < 0)
		return -1;
	if (netlink < 0 || bridge_make(netlink, network + 1) < 0)
		return -1;
	if (link_make_veth(netlink, cable, BRIDGE_NAME, "eth0", pid, address) <
	    0)
		return -1;
	if (bridge_refuse_ipv6(cable) < 0)
		return -1;
	if (is_published && link_set_hairpin(netlink, cable) < 0)
		return -1;
	if (link_up(netlink, cable) < 0)
		return -1;
	if (nat_load(dir, network, BRIDGE_NAME) < 0)
		return -1;
	if (is_published && bridge_allow_localnet() < 0)
		return -1;
	forward_warn(BRIDGE_NAME);
	return 0;
}

/*
 * The kernel does this, too, some time after the container's end.  "ts2" can be
 * the name of somebody else's link: ours is plugged into the bridge.
 */
static int bridge_remove_cable(uint32_t address)
{
	CLEANUP_CLOSE int netlink = netlink_open();
	char cable[IFNAMSIZ];

	bridge_cable_name(address, cable);
	switch (netlink < 0 ? -1 : link_is_in(netlink, cable, BRIDGE_NAME)) {
	case 0:
		return 0;
	case 1:
		return link_remove(netlink, cable);
	default:
		return -1;
	}
}

/* The files in the directory of leases; the interface has gone by now. */
static void bridge_forget(int dir, uint32_t address)
{
	lease_forget(dir, address);
	dns_remove(dir, address);
}

/*
 * The address is free even if the cable could not be removed: the kernel
 * removes that with the network namespace.
 */
int bridge_disconnect(int dir, uint32_t address)
{
	int result = bridge_remove_cable(address);

	bridge_forget(dir, address);
	return result;
}

/*
 * Called after every change, with the lock held.  From what is in the
 * directory it follows what there should be on the host, so it does not matter
 * who was killed at which point.
 */
int bridge_settle(int dir)
{
	CLEANUP_CLOSE int netlink = -1;
	uint32_t network;
	int result = bridge_is_here(dir);

	if (result > 0)
		result = bridge_read_network(dir, &network);
	if (result > 0)
		result = forward_is_noted(dir);
	if (result <= 0)
		return result;
	result = lease_count(dir);
	if (result < 0)
		return -1;
	if (result > 0)
		return nat_load(dir, network, BRIDGE_NAME);
	netlink = netlink_open();
	result = netlink < 0 ? -1 : link_remove(netlink, BRIDGE_NAME);
	if (forward_restore(dir) < 0 || nat_remove() < 0)
		result = -1;
	if (result == 0)
		forward_forget(dir); /* or the next one tries again */
	return result;
}

/*
 * In another network namespace an interface of the same name is somebody
 * else's: there only the files are removed.
 */
static int bridge_sweep_one(int dir, const struct lease_entry *entry,
			    void *data)
{
	struct in_addr address = { htonl(entry->address) };
	const int *is_here = data;

	if (!entry->is_dead)
		return 0;
	if (*is_here)
		bridge_remove_cable(entry->address);
	bridge_forget(dir, entry->address);
	error_note("removed what %.*s left: address %s",
		   (int)strcspn(entry->text, "\n"), entry->text,
		   inet_ntoa(address));
	return 1;
}

/*
 * Nobody left, and yet a note: the last one was killed between its two steps,
 * or could not do the second.
 */
int bridge_sweep(int dir)
{
	int is_here = bridge_is_here(dir), is_noted = forward_is_noted(dir);
	int count = -1, in_use = -1;
	bool is_left;

	if (is_here >= 0 && is_noted >= 0)
		count = lease_each(dir, bridge_sweep_one, &is_here);
	if (count >= 0)
		in_use = lease_count(dir);
	if (in_use < 0)
		return -1;
	is_left = is_here && is_noted && in_use == 0;
	if (count > 0 || is_left)
		is_left &= bridge_settle(dir) == 0;
	if (count > 0 || !is_left)
		return count;
	error_note(
		"removed what the last container left: the bridge " BRIDGE_NAME
		", forwarding");
	return 1;
}
