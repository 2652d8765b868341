/*
 * Which network the bridge has: the first container of the machine chooses.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "habits/error.h"
#include "08-netns/beyond/lease_files.h"
#include "08-netns/beyond/links.h"
#include "08-netns/beyond/netlink.h"

/* Private ones (RFC 1918) that few others use. */
static const char *const lease_networks[] = {
	"10.88.77.0",
	"10.188.77.0",
	"172.29.77.0",
	"192.168.177.0",
};

/* "net:[4026531840]": which network namespace we are in. */
static int lease_read_namespace(char name[LEASE_NOTE])
{
	ssize_t length = readlink("/proc/self/ns/net", name, LEASE_NOTE - 1);

	name[length < 0 ? 0 : length] = '\0';
	return length < 0 ? error_call(NULL, "read /proc/self/ns/net") : 0;
}

/*
 * Were the leases given for the network namespace that we are in?  1, 0, or -1
 * after a message.
 */
int lease_is_here(int dir)
{
	char noted[LEASE_NOTE], name[LEASE_NOTE];
	int is_noted = lease_read_note(dir, "netns", noted);

	if (is_noted < 0 || lease_read_namespace(name) < 0)
		return -1;
	return is_noted == 0 || strcmp(noted, name) == 0;
}

/* All containers of the machine share what the first one chose. */
static int lease_note_network(int dir, const char *network)
{
	char name[LEASE_NOTE];

	if (lease_read_namespace(name) < 0 ||
	    lease_write_note(dir, "netns", name) < 0 ||
	    lease_write_note(dir, "network", network) < 0)
		return -1;
	return 0;
}

/* 1; 0: nobody has chosen yet; -1 after a message. */
int lease_read_network(int dir, uint32_t *network)
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
int lease_choose_network(int dir, uint32_t *network)
{
	size_t count = COUNT(lease_networks);
	CLEANUP_CLOSE int netlink = -1;
	int is_here = lease_is_here(dir), chosen;
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
	chosen = lease_read_network(dir, network);
	if (chosen != 0)
		return chosen < 0 ? -1 : 0;
	netlink = netlink_open();
	for (size_t i = 0; netlink >= 0 && i < count; i++) {
		*network = ntohl(inet_addr(lease_networks[i]));
		switch (links_has_route(netlink, *network, 24)) {
		case 0:
			return lease_note_network(dir, lease_networks[i]);
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
