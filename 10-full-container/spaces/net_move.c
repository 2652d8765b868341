/*
 * RTM_NEWLINK with a descriptor of another network namespace (IFLA_NET_NS_FD)
 * moves a link.  Its index may be taken there, so another one is chosen in the
 * same message.  An address in the dump of RTM_GETADDR has the same form as the
 * message that sets it.
 */
#include "10-full-container/spaces/net_move.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"

#ifndef IFLA_NEW_IFINDEX
#define IFLA_NEW_IFINDEX 49 /* Linux 5.13 */
#endif

/* Flags that somebody chose; the others are the state of the moment. */
#define CHOSEN_FLAGS                                              \
	(IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_MANAGETEMPADDR | \
	 IFA_F_NOPREFIXROUTE | IFA_F_MCAUTOJOIN)

static const struct hint side_hints[] = {
	{ EPERM, "moving network devices needs CAP_NET_ADMIN and CAP_SYS_ADMIN "
		 "on the host: run as root" },
	{ 0, NULL },
};

/* A side is a network namespace and a socket that speaks to it. */
int net_side_own(struct net_side *side)
{
	side->space = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (side->space < 0)
		return error_call(NULL, "open the own network namespace");
	side->netlink = netlink_open();
	return side->netlink < 0 ? -1 : 0;
}

/* A socket belongs for ever to the network that it was made in. */
int net_side_of(struct net_side *side, pid_t pid)
{
	CLEANUP_CLOSE int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	side->space = open(path, O_RDONLY | O_CLOEXEC);
	if (own < 0 || side->space < 0 || setns(side->space, CLONE_NEWNET) < 0)
		return error_call(side_hints, "enter the network namespace of "
					      "the container");
	side->netlink = netlink_open();
	if (setns(own, CLONE_NEWNET) < 0)
		return error_call(NULL, "return to the own network namespace");
	return side->netlink < 0 ? -1 : 0;
}

/* Safe to call again. */
void net_side_close(struct net_side *side)
{
	if (side->space >= 0)
		close(side->space);
	if (side->netlink >= 0)
		close(side->netlink);
	*side = (struct net_side){ -1, -1 };
}

/* For netlink_list(): keep what the kernel says of the link. */
static void net_take_index(const struct nlmsghdr *entry, void *data)
{
	const struct ifinfomsg *body = NLMSG_DATA(entry);

	*(struct ifinfomsg *)data = *body;
}

/* Ask for one link, by index or by name.  -1 with errno. */
static int net_ask(const struct net_side *side, int index, const char *name,
		   struct ifinfomsg *answer)
{
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC, .ifi_index = index };
	struct netlink_message message;

	netlink_begin(&message, RTM_GETLINK, NLM_F_ACK, &body, sizeof(body));
	if (name)
		netlink_add_text(&message, IFLA_IFNAME, name);
	return netlink_list(side->netlink, &message, net_take_index, answer);
}

/* The index, 0 if there is none of that name, or -1 after a message. */
int net_find(const struct net_side *side, const char *name)
{
	struct ifinfomsg found = { 0 };

	if (net_ask(side, 0, name, &found) == 0)
		return found.ifi_index;
	return errno == ENODEV ? 0
			       : error_call(NULL, "look for the link %s", name);
}

/* All that the kernel is told when the address is set again. */
static void net_copy_address(struct netlink_message *to,
			     const struct nlmsghdr *from)
{
	const struct ifaddrmsg *body = NLMSG_DATA(from);
	struct ifaddrmsg copy = *body;
	struct rtattr *attribute = IFA_RTA(body);
	size_t left = IFA_PAYLOAD(from);

	copy.ifa_flags = 0;
	netlink_begin(to, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, &copy,
		      sizeof(copy));
	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
		uint32_t flags = 0;

		switch (attribute->rta_type) {
		case IFA_LOCAL:
		case IFA_ADDRESS:
		case IFA_BROADCAST:
		case IFA_RT_PRIORITY:
			netlink_add(to, attribute->rta_type,
				    RTA_DATA(attribute),
				    RTA_PAYLOAD(attribute));
			break;
		case IFA_FLAGS:
			memcpy(&flags, RTA_DATA(attribute), sizeof(flags));
			netlink_add_number(to, IFA_FLAGS, flags & CHOSEN_FLAGS);
			break;
		}
	}
}

/* What net_take_address() looks for, and where it puts it. */
struct net_search {
	int index;
	struct net_link *link;
	bool failed;
};

/*
 * Only what somebody has set: not link-local addresses, which the kernel makes
 * again, and not those with an end, which somebody renews here.
 */
static void net_take_address(const struct nlmsghdr *entry, void *data)
{
	const struct ifaddrmsg *body = NLMSG_DATA(entry);
	struct net_search *search = data;
	struct net_link *link = search->link;
	struct netlink_message *longer;

	if ((int)body->ifa_index != search->index ||
	    body->ifa_scope != RT_SCOPE_UNIVERSE ||
	    !(body->ifa_flags & IFA_F_PERMANENT))
		return;
	longer = realloc(link->addresses,
			 (link->count + 1) * sizeof(*link->addresses));
	if (!longer) {
		search->failed = true;
		return;
	}
	link->addresses = longer;
	net_copy_address(&link->addresses[link->count++], entry);
}

/* Before the move: what has to be set again after it. */
int net_note(const struct net_side *side, int index, struct net_link *link)
{
	struct net_search search = { .index = index, .link = link };
	struct ifaddrmsg all = { .ifa_family = AF_UNSPEC };
	struct ifinfomsg now = { 0 };
	struct netlink_message message;

	link->index = index;
	netlink_begin(&message, RTM_GETADDR, NLM_F_DUMP, &all, sizeof(all));
	if (net_ask(side, index, NULL, &now) < 0 ||
	    netlink_list(side->netlink, &message, net_take_address, &search) <
		    0 ||
	    search.failed)
		return error_call(NULL, "list the addresses of a link");
	link->is_up = now.ifi_flags & IFF_UP;
	return 0;
}

/* Its own index, or the next one that nobody has on the other side. */
static int net_free_index(const struct net_side *side, int index)
{
	struct ifinfomsg taken;

	while (net_ask(side, index, NULL, &taken) == 0)
		index++;
	return errno == ENODEV ? index : -1;
}

/* -1 with errno and no message: the caller knows whose device it is. */
int net_move(struct net_link *link, const struct net_side *from,
	     const struct net_side *to, const char *name)
{
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC,
				  .ifi_index = link->index };
	int index = net_free_index(to, link->index);
	struct netlink_message message;

	if (index < 0)
		return -1;
	netlink_begin(&message, RTM_NEWLINK, 0, &body, sizeof(body));
	netlink_add_number(&message, IFLA_NET_NS_FD, (uint32_t)to->space);
	netlink_add_number(&message, IFLA_NEW_IFINDEX, (uint32_t)index);
	netlink_add_text(&message, IFLA_IFNAME, name);
	if (netlink_call(from->netlink, &message) < 0)
		return -1;
	link->index = index;
	return 0;
}

/* Addresses first: whoever sees the link up can use it. */
int net_restore(const struct net_link *link, const struct net_side *side)
{
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC,
				  .ifi_index = link->index,
				  .ifi_flags = IFF_UP,
				  .ifi_change = IFF_UP };
	struct netlink_message up;

	for (size_t i = 0; i < link->count; i++) {
		struct netlink_message address = link->addresses[i];
		struct ifaddrmsg *place = NLMSG_DATA(&address.header);

		place->ifa_index = (uint32_t)link->index;
		if (netlink_call(side->netlink, &address) < 0)
			return -1;
	}
	netlink_begin(&up, RTM_NEWLINK, 0, &body, sizeof(body));
	return link->is_up ? netlink_call(side->netlink, &up) : 0;
}
