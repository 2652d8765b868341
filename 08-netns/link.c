/*
 * One function for one ip(8) command, which stands above it.
 *
 * Each makes a message of the same three parts: what to do (RTM_NEWLINK), to
 * which link (struct ifinfomsg, or a name), and attributes.  The kernel does
 * all of it or nothing, and answers with an errno.
 */
#include "08-netns/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdio.h>

#include "habits/error.h"
#include "habits/hints.h"
#include "08-netns/beyond/netlink.h"

#define MAKE_NEW (NLM_F_CREATE | NLM_F_EXCL)

static const struct hint link_hints[] = {
	{ EPERM, "this needs CAP_NET_ADMIN: run as root (sudo)" },
	{ EOPNOTSUPP, "this kernel lacks it: modprobe veth bridge" },
	{ EEXIST, hint_left },
	{ ENODEV, "no such link: somebody else removed it" },
	{ ENETUNREACH, "the gateway is in no network that a link is in" },
	{ 0, NULL },
};

/* "ts2" for 10.88.77.2. */
void link_name_cable(uint32_t address, char name[IFNAMSIZ])
{
	snprintf(name, IFNAMSIZ, "ts%u", address & 0xff);
}

/*
 * ip link add NAME address HARDWARE type bridge
 *
 * The kind of a link is a word in an attribute of an attribute; the module
 * that knows this word gets the rest.
 */
int link_make_bridge(int netlink, const char *name, uint32_t address)
{
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC };
	struct netlink_message message;
	struct rtattr *info;

	netlink_begin(&message, RTM_NEWLINK, MAKE_NEW, &body, sizeof(body));
	netlink_add_text(&message, IFLA_IFNAME, name);
	netlink_add_hardware(&message, address);
	info = netlink_open_nest(&message, IFLA_LINKINFO);
	netlink_add_text(&message, IFLA_INFO_KIND, "bridge");
	netlink_close_nest(&message, info);
	if (netlink_call(netlink, &message) < 0)
		return error_call(link_hints, "make the bridge %s%s", name,
				  message.reason);
	return 0;
}

/* The far end, as a message within the message: a body, then attributes. */
static void link_add_peer(struct netlink_message *message, const char *peer,
			  pid_t pid, uint32_t address)
{
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC };
	struct rtattr *end = netlink_open_nest(message, VETH_INFO_PEER);

	netlink_add_body(message, &body, sizeof(body));
	netlink_add_text(message, IFLA_IFNAME, peer);
	netlink_add_number(message, IFLA_NET_NS_PID, (uint32_t)pid);
	netlink_add_hardware(message, address);
	netlink_close_nest(message, end);
}

/*
 * ip link add NAME master BRIDGE type veth peer name PEER netns PID
 *
 * The far end is made where it belongs: it is never a link of the host.
 */
int link_make_veth(int netlink, const char *name, const char *bridge,
		   const char *peer, pid_t pid, uint32_t address)
{
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC };
	struct netlink_message message;
	struct rtattr *info, *data;

	netlink_begin(&message, RTM_NEWLINK, MAKE_NEW, &body, sizeof(body));
	netlink_add_text(&message, IFLA_IFNAME, name);
	netlink_add_number(&message, IFLA_MASTER, if_nametoindex(bridge));
	info = netlink_open_nest(&message, IFLA_LINKINFO);
	netlink_add_text(&message, IFLA_INFO_KIND, "veth");
	data = netlink_open_nest(&message, IFLA_INFO_DATA);
	link_add_peer(&message, peer, pid, address);
	netlink_close_nest(&message, data);
	netlink_close_nest(&message, info);
	if (netlink_call(netlink, &message) < 0)
		return error_call(link_hints,
				  "make a veth pair from %s to process %d%s",
				  name, pid, message.reason);
	return 0;
}

/*
 * ip link set NAME up
 *
 * `change` says which of the flags are meant; the others stay.
 */
int link_up(int netlink, const char *name)
{
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC,
				  .ifi_flags = IFF_UP,
				  .ifi_change = IFF_UP };
	struct netlink_message message;

	netlink_begin(&message, RTM_NEWLINK, 0, &body, sizeof(body));
	netlink_add_text(&message, IFLA_IFNAME, name);
	if (netlink_call(netlink, &message) < 0)
		return error_call(link_hints, "bring the link %s up%s", name,
				  message.reason);
	return 0;
}

/* ip link delete NAME: a veth's other end goes with it. */
int link_remove(int netlink, const char *name)
{
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC };
	struct netlink_message message;

	netlink_begin(&message, RTM_DELLINK, 0, &body, sizeof(body));
	netlink_add_text(&message, IFLA_IFNAME, name);
	if (netlink_call(netlink, &message) < 0 && errno != ENODEV)
		return error_call(link_hints, "remove the link %s%s", name,
				  message.reason);
	return 0;
}

/*
 * ip address replace ADDRESS/PREFIX brd + dev NAME
 *
 * The kernel adds the route to the network that the address is in.
 */
int link_add_address(int netlink, const char *name, uint32_t address,
		     uint8_t prefix)
{
	struct ifaddrmsg body = { .ifa_family = AF_INET,
				  .ifa_prefixlen = prefix,
				  .ifa_index = if_nametoindex(name) };
	uint32_t bytes = htonl(address);
	uint32_t broadcast = htonl(address | (UINT32_MAX >> prefix));
	struct netlink_message message;

	netlink_begin(&message, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE,
		      &body, sizeof(body));
	netlink_add(&message, IFA_LOCAL, &bytes, sizeof(bytes));
	netlink_add(&message, IFA_ADDRESS, &bytes, sizeof(bytes));
	netlink_add(&message, IFA_BROADCAST, &broadcast, sizeof(broadcast));
	if (netlink_call(netlink, &message) < 0)
		return error_call(link_hints, "give %s its address%s", name,
				  message.reason);
	return 0;
}

/*
 * ip route add default via GATEWAY
 *
 * A default route is one without a destination, RTA_DST: all addresses
 * agree with it in the 0 bits that it asks for.
 */
int link_add_default_route(int netlink, uint32_t gateway)
{
	struct rtmsg body = { .rtm_family = AF_INET,
			      .rtm_table = RT_TABLE_MAIN,
			      .rtm_protocol = RTPROT_BOOT,
			      .rtm_scope = RT_SCOPE_UNIVERSE,
			      .rtm_type = RTN_UNICAST };
	uint32_t bytes = htonl(gateway);
	struct netlink_message message;

	netlink_begin(&message, RTM_NEWROUTE, MAKE_NEW, &body, sizeof(body));
	netlink_add(&message, RTA_GATEWAY, &bytes, sizeof(bytes));
	if (netlink_call(netlink, &message) < 0)
		return error_call(link_hints, "set the default route%s",
				  message.reason);
	return 0;
}
