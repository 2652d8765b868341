/*
 * Questions to the kernel about links and routes.  The answer is a list, of
 * the same messages that would make them.
 */
#include "08-netns/beyond/links.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdbool.h>
#include <string.h>

#include "habits/error.h"
#include "08-netns/beyond/netlink.h"

static const struct hint links_hints[] = {
	{ EPERM, "this needs CAP_NET_ADMIN: run as root (sudo)" },
	{ ENODEV, "no such link: somebody else removed it" },
	{ 0, NULL },
};

/* bridge link set dev NAME hairpin on */
int links_set_hairpin(int netlink, const char *name)
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
		return error_call(links_hints, "let %s get its own packets%s",
				  name, message.reason);
	return 0;
}

struct links_member {
	const char *name;
	uint32_t bridge;
	bool found;
};

/* A link says in one attribute what it is called, in another who has it. */
static void links_compare_member(const struct nlmsghdr *entry, void *data)
{
	const struct ifinfomsg *link = NLMSG_DATA(entry);
	struct rtattr *attribute = IFLA_RTA(link);
	struct links_member *member = data;
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
int links_is_in(int netlink, const char *name, const char *bridge)
{
	struct links_member member = { .name = name,
				       .bridge = if_nametoindex(bridge) };
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC };
	struct netlink_message message;

	netlink_begin(&message, RTM_GETLINK, NLM_F_DUMP, &body, sizeof(body));
	if (netlink_list(netlink, &message, links_compare_member, &member) < 0)
		return error_call(links_hints, "list the links%s",
				  message.reason);
	return member.found;
}

struct links_search {
	uint32_t address;
	uint8_t prefix;
	bool found;
};

/*
 * Two networks overlap if they agree in the bits of the larger one.  A route
 * of less than 8 bits is a default route, or one of the halves that a VPN
 * makes of it.
 */
static void links_compare_route(const struct nlmsghdr *entry, void *data)
{
	const struct rtmsg *route = NLMSG_DATA(entry);
	struct rtattr *attribute = RTM_RTA(route);
	struct links_search *search = data;
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
int links_has_route(int netlink, uint32_t address, uint8_t prefix)
{
	struct links_search search = { .address = address, .prefix = prefix };
	struct rtmsg body = { .rtm_family = AF_INET };
	struct netlink_message message;

	netlink_begin(&message, RTM_GETROUTE, NLM_F_DUMP, &body, sizeof(body));
	if (netlink_list(netlink, &message, links_compare_route, &search) < 0)
		return error_call(links_hints, "list the routes%s",
				  message.reason);
	return search.found;
}
