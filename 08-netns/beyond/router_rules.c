/*
 * The rules that a host needs which is a router now: who may pass, and who may
 * reach what was out of reach before.  And the switches that go with them.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/whole.h"
#include "08-netns/beyond/links.h"
#include "08-netns/beyond/router.h"
#include "08-netns/beyond/tool.h"
#include "08-netns/net.h"

/*
 * The guard: a published port on 127.0.0.1 needs route_localnet, which would
 * let a container send to services of the host that listen there only.
 *
 * The second masquerade is for visitors whose own address leads the answer
 * astray: 127.0.0.1 is the container itself, and another container of the
 * bridge is a neighbour, who would get it without a way through the host.
 *
 * What passes on to the bridge from outside is for a published port, or it
 * is an answer; a router beside the host could send anything.  What a container
 * sends has its own address.
 */
static const char router_start[] =
	"table ip ten-steps {\n"
	"	chain guard {\n"
	"		type filter hook prerouting priority -300;\n"
	"		iifname $br ip daddr 127.0.0.0/8 drop\n"
	"	}\n"
	"	chain from_this_host {\n"
	"		type nat hook output priority -100;\n"
	"		fib daddr type local jump published\n"
	"	}\n"
	"	chain leaving {\n"
	"		ct status dnat oifname $br"
	" ip saddr { 127.0.0.0/8, $net } masquerade\n"
	"	}\n"
	"	chain passing {\n"
	"		type filter hook forward priority 0;\n"
	"		iifname $br ip saddr $net accept\n"
	"		iifname $br drop\n";

/* What is not ours at all: a host that was no router is none for others. */
static const char others_pass[] = "		oifname != $br accept\n";
static const char others_drop[] = "		oifname != $br drop\n";

static const char router_end[] =
	"		ct status dnat accept\n"
	"		ct state established,related accept\n"
	"		drop\n"
	"	}\n"
	"}\n";

int router_write_rules(int dir, FILE *rules)
{
	int was_off = router_was_off(dir);

	fputs(router_start, rules);
	fputs(was_off ? others_drop : others_pass, rules);
	fputs(router_end, rules);
	return was_off < 0 ? -1 : 0;
}

/* To remove rules, a missing nft is no failure: it has loaded none. */
int router_load(const char *rules, bool is_removal)
{
	static const char *const words[] = { "nft", "-f", "-", NULL };
	CLEANUP_FREE char *text = NULL;
	int status = tool_run(words, rules, &text);

	if (status == 127 && is_removal)
		return 0;
	if (status == 127)
		return error_input("install the package nftables, or use "
				   "--net none",
				   "the program nft is missing: --net bridge "
				   "needs it for NAT and published ports");
	if (status > 0)
		error_input(
			"the kernel may lack a part: modprobe nft_chain_nat "
			"nft_masq nft_fib_ipv4",
			"load the rules for NAT: nft says: %.*s",
			(int)strcspn(text, "\n"), text);
	return status == 0 ? 0 : -1;
}

/* A sysctl of one link.  A kernel without IPv6 has none of ipv6's. */
static int router_switch_on(const char *link, const char *family,
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
int router_refuse_ipv6(const char *link)
{
	return router_switch_on(link, "ipv6", "disable_ipv6");
}

/*
 * 127.0.0.1 never leaves a machine, unless this switch says so.  A published
 * port on 127.0.0.1 needs it: the packet goes on to the bridge.  The guard
 * must be there by now.
 */
int router_publish(int netlink, const char *cable)
{
	if (links_set_hairpin(netlink, cable) < 0)
		return -1;
	return router_switch_on(NET_BRIDGE_NAME, "ipv4", "route_localnet");
}
