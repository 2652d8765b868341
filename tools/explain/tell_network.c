/*
 * The network is changed by messages: a socket of the family AF_NETLINK, and
 * what is sent on it.  The kernel's answer, an errno too, is another message,
 * which nobody looks at here.
 */
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "tools/explain/tell.h"

#define MESSAGES_MAX   4096
#define SLACK          64 /* zeros, where a message ends too early for its type */
#define LOOPBACK_INDEX 1 /* in each network */

static const char *tell_protocol(int protocol)
{
	switch (protocol) {
	case NETLINK_ROUTE:
		return "netlink.route";
	case NETLINK_NETFILTER:
		return "netlink.netfilter";
	case NETLINK_AUDIT:
		return "netlink.audit";
	case NETLINK_KOBJECT_UEVENT:
		return "netlink.uevent";
	default:
		return "netlink.other";
	}
}

void tell_socket(struct call *call)
{
	if (call->argument[0] != AF_NETLINK)
		return;
	step_is(&call->step, tell_protocol(call_fd(call, 2)));
	step_what(&call->step, "AF_NETLINK");
	if (strcmp(call->step.kind, "netlink.other") == 0)
		step_what(&call->step, "protocol %d", call_fd(call, 2));
}

/* Which protocol, or -1: not netlink.  A copy of the socket is asked. */
static int tell_netlink(const struct call *call, int fd)
{
	CLEANUP_CLOSE int process =
		(int)syscall(SYS_pidfd_open, call->process->pid, 0);
	CLEANUP_CLOSE int copy =
		process < 0 ? -1
			    : (int)syscall(SYS_pidfd_getfd, process, fd, 0);
	int family = 0, protocol = -1;
	socklen_t size = sizeof(int);

	if (copy < 0 ||
	    getsockopt(copy, SOL_SOCKET, SO_DOMAIN, &family, &size) < 0 ||
	    family != AF_NETLINK)
		return -1;
	size = sizeof(int);
	getsockopt(copy, SOL_SOCKET, SO_PROTOCOL, &protocol, &size);
	return protocol;
}

/* The attribute of this type in a row of them; NULL. */
static const struct rtattr *tell_attribute(const struct rtattr *row, int length,
					   int type)
{
	while (RTA_OK(row, length)) {
		if ((row->rta_type & NLA_TYPE_MASK) == type)
			return row;
		length -= (int)RTA_ALIGN(row->rta_len);
		row = (const void *)((const char *)row +
				     RTA_ALIGN(row->rta_len));
	}
	return NULL;
}

static void tell_name(struct step *step, const struct rtattr *name)
{
	if (name)
		step_what(step, "%.*s", (int)RTA_PAYLOAD(name),
			  (const char *)RTA_DATA(name));
}

/*
 * "veth ts0", "lo up": the kind is inside of LINKINFO.  false: of no link, as
 * a probe is.
 */
static bool tell_link(struct step *step, const struct nlmsghdr *message)
{
	const struct ifinfomsg *link = NLMSG_DATA(message);
	const struct rtattr *row = IFLA_RTA(link), *more;
	int length = (int)IFLA_PAYLOAD(message);

	more = tell_attribute(row, length, IFLA_LINKINFO);
	if (more)
		tell_name(step,
			  tell_attribute(RTA_DATA(more), (int)RTA_PAYLOAD(more),
					 IFLA_INFO_KIND));
	tell_name(step, tell_attribute(row, length, IFLA_IFNAME));
	if (!step->what[0] && link->ifi_index == LOOPBACK_INDEX)
		step_what(step, "lo");
	else if (!step->what[0] && link->ifi_index == 0)
		return false;
	else if (!step->what[0])
		step_what(step, "link %d", link->ifi_index);
	if (link->ifi_change & link->ifi_flags & 1) /* IFF_UP */
		step_what(step, "up");
	if (tell_attribute(row, length, IFLA_NET_NS_PID) ||
	    tell_attribute(row, length, IFLA_NET_NS_FD))
		step_what(step, "into a namespace");
	more = tell_attribute(row, length, IFLA_MASTER);
	if (more)
		step_what(step, "plugged into a bridge");
	return true;
}

static void tell_ip(struct step *step, int family, const struct rtattr *ip,
		    int prefix)
{
	char text[INET6_ADDRSTRLEN];

	if (ip && inet_ntop(family, RTA_DATA(ip), text, sizeof(text)))
		step_what(step, "%s/%d", text, prefix);
}

static void tell_address(struct step *step, const struct nlmsghdr *message)
{
	const struct ifaddrmsg *address = NLMSG_DATA(message);
	const struct rtattr *row = IFA_RTA(address), *ip;
	int length = (int)IFA_PAYLOAD(message);

	ip = tell_attribute(row, length, IFA_LOCAL);
	if (!ip)
		ip = tell_attribute(row, length, IFA_ADDRESS);
	tell_ip(step, address->ifa_family, ip, address->ifa_prefixlen);
}

static void tell_route(struct step *step, const struct nlmsghdr *message)
{
	const struct rtmsg *route = NLMSG_DATA(message);
	const struct rtattr *row = RTM_RTA(route), *way;
	int length = (int)RTM_PAYLOAD(message);
	char text[INET6_ADDRSTRLEN];

	if (route->rtm_dst_len == 0)
		step_what(step, "default");
	tell_ip(step, route->rtm_family, tell_attribute(row, length, RTA_DST),
		route->rtm_dst_len);
	way = tell_attribute(row, length, RTA_GATEWAY);
	if (way &&
	    inet_ntop(route->rtm_family, RTA_DATA(way), text, sizeof(text)))
		step_what(step, "by %s", text);
}

static const char *tell_route_kind(int type)
{
	switch (type) {
	case RTM_NEWLINK:
	case RTM_SETLINK:
		return "net.link";
	case RTM_DELLINK:
		return "net.link.remove";
	case RTM_NEWADDR:
		return "net.address";
	case RTM_NEWROUTE:
		return "net.route";
	default:
		return NULL; /* it only asks */
	}
}

/* false: it changes nothing. */
static bool tell_route_message(struct step *step,
			       const struct nlmsghdr *message)
{
	const char *kind = tell_route_kind(message->nlmsg_type);

	if (!kind)
		return false;
	if (message->nlmsg_type == RTM_NEWADDR)
		tell_address(step, message);
	else if (message->nlmsg_type == RTM_NEWROUTE)
		tell_route(step, message);
	else if (!tell_link(step, message))
		return false;
	step_is(step, kind);
	return true;
}

/* The first message that changes something. */
static void tell_messages(struct call *call, int fd, uint64_t address,
			  uint64_t size)
{
	union {
		struct nlmsghdr first;
		char bytes[MESSAGES_MAX + SLACK];
	} messages = { 0 };
	const struct nlmsghdr *message = &messages.first;
	int protocol = tell_netlink(call, fd);
	unsigned int length = MESSAGES_MAX;

	if (protocol == NETLINK_NETFILTER)
		step_is(&call->step, "net.rules");
	if (protocol != NETLINK_ROUTE)
		return;
	if (size < length)
		length = (unsigned int)size;
	if (call_read(call, address, messages.bytes, length) < 0)
		return;
	length = NLMSG_ALIGN(length); /* or the next one begins beyond it */
	for (; NLMSG_OK(message, length); message = NLMSG_NEXT(message, length))
		if (tell_route_message(&call->step, message))
			return;
}

void tell_send(struct call *call)
{
	tell_messages(call, call_fd(call, 0), call->argument[1],
		      call->argument[2]);
}

void tell_sendmsg(struct call *call)
{
	struct msghdr message;
	struct iovec part;

	if (call_read(call, call->argument[1], &message, sizeof(message)) ==
		    0 &&
	    message.msg_iovlen > 0 &&
	    call_read(call, (uintptr_t)message.msg_iov, &part, sizeof(part)) ==
		    0)
		tell_messages(call, call_fd(call, 0), (uintptr_t)part.iov_base,
			      part.iov_len);
}

/* On i386 all calls of sockets are one, whose words are in memory. */
void tell_socketcall(struct call *call)
{
	uint64_t which = call->argument[0];
	struct call inner = *call;
	uint32_t words[6] = { 0 };
	size_t count = which == SYS_SENDTO ? 6 : 3;

	if (call_read(call, call->argument[1], words,
		      count * sizeof(words[0])) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		inner.argument[i] = words[i];
	if (which == SYS_SOCKET)
		tell_socket(&inner);
	else if (which == SYS_SEND || which == SYS_SENDTO)
		tell_send(&inner);
	else if (which == SYS_SENDMSG)
		tell_sendmsg(&inner);
	call->step = inner.step;
}
