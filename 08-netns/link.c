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
#include <string.h>

#include "habits/error.h"
#include "08-netns/beyond/netlink.h"

#define MAKE_NEW (NLM_F_CREATE | NLM_F_EXCL)

static const struct hint link_hints[] = {
	{ EPERM, "this needs CAP_NET_ADMIN: run as root (sudo)" },
	{ EOPNOTSUPP, "this kernel lacks it: modprobe veth bridge" },
	{ EEXIST, "a link of this name is there: if it is none of yours, "
		  "./kit clean removes what killed containers left" },
	{ ENODEV, "no such link: somebody else removed it" },
	{ ENETUNREACH, "the gateway is in no network that a link is in" },
	{ 0, NULL },
};

/*
 * A hardware address that follows from the IP address.  With a random one,
 * whoever talked to the last owner of the address would for a while still
 * send to that one's hardware.  02 says that no manufacturer gave it.
 */
static void link_add_hardware(struct netlink_message *message, uint32_t address)
{
	uint8_t hardware[6] = { 0x02, 0x74 };
	uint32_t bytes = htonl(address);

	memcpy(hardware + 2, &bytes, sizeof(bytes));
	netlink_add(message, IFLA_ADDRESS, hardware, sizeof(hardware));
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
	link_add_hardware(&message, address);
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
	link_add_hardware(message, address);
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

/* bridge link set dev NAME hairpin on */
int link_set_hairpin(int netlink, const char *name)
{
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC };
	struct netlink_message message;
	struct rtattr *info, *data;
	uint8_t on = 1;

	netlink_begin(&message, RTM_NEWLINK, 0, &body, sizeof(body));
	netlink_add_text(&message, IFLA_IFNAME, name);
	info = netlink_open_nest(&message, IFLA_LINKINFO);
	netlink_add_text(&message, IFLA_INFO_SLAVE_KIND, "bridge");
	data = netlink_open_nest(&message, IFLA_INFO_SLAVE_DATA);
	netlink_add(&message, IFLA_BRPORT_MODE, &on, sizeof(on));
	netlink_close_nest(&message, data);
	netlink_close_nest(&message, info);
	if (netlink_call(netlink, &message) < 0)
		return error_call(link_hints, "let %s get its own packets%s",
				  name, message.reason);
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

struct link_member {
	const char *name;
	uint32_t bridge;
	bool found;
};

/* A link says in one attribute what it is called, in another who has it. */
static void link_compare_member(const struct nlmsghdr *entry, void *data)
{
	const struct ifinfomsg *link = NLMSG_DATA(entry);
	struct rtattr *attribute = IFLA_RTA(link);
	struct link_member *member = data;
	size_t left = IFLA_PAYLOAD(entry);
	bool is_named = false;
	uint32_t master = 0;

	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
		if (attribute->rta_type == IFLA_IFNAME)
			is_named =
				strcmp(RTA_DATA(attribute), member->name) == 0;
		if (attribute->rta_type == IFLA_MASTER)
			memcpy(&master, RTA_DATA(attribute), sizeof(master));
	}
	member->found |= is_named && master && master == member->bridge;
}

/* ip link show master BRIDGE */
int link_is_in(int netlink, const char *name, const char *bridge)
{
	struct link_member member = { .name = name,
				      .bridge = if_nametoindex(bridge) };
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC };
	struct netlink_message message;

	netlink_begin(&message, RTM_GETLINK, NLM_F_DUMP, &body, sizeof(body));
	if (netlink_list(netlink, &message, link_compare_member, &member) < 0)
		return error_call(link_hints, "list the links%s",
				  message.reason);
	return member.found;
}

struct link_search {
	uint32_t address;
	uint8_t prefix;
	bool found;
};

/*
 * Two networks overlap if they agree in the bits of the larger one.  A route
 * of less than 8 bits is a default route, or one of the halves that a VPN
 * makes of it.
 */
static void link_compare_route(const struct nlmsghdr *entry, void *data)
{
	const struct rtmsg *route = NLMSG_DATA(entry);
	struct rtattr *attribute = RTM_RTA(route);
	struct link_search *search = data;
	size_t left = RTM_PAYLOAD(entry);
	uint8_t bits = route->rtm_dst_len;
	uint32_t destination;

	if (bits < 8 || route->rtm_family != AF_INET)
		return;
	if (bits > search->prefix)
		bits = search->prefix;
	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
		if (attribute->rta_type != RTA_DST)
			continue;
		memcpy(&destination, RTA_DATA(attribute), sizeof(destination));
		if ((ntohl(destination) ^ search->address) >> (32 - bits) == 0)
			search->found = true;
	}
}

/* ip route show table all */
int link_has_route(int netlink, uint32_t address, uint8_t prefix)
{
	struct link_search search = { .address = address, .prefix = prefix };
	struct rtmsg body = { .rtm_family = AF_INET };
	struct netlink_message message;

	netlink_begin(&message, RTM_GETROUTE, NLM_F_DUMP, &body, sizeof(body));
	if (netlink_list(netlink, &message, link_compare_route, &search) < 0)
		return error_call(link_hints, "list the routes%s",
				  message.reason);
	return search.found;
}
