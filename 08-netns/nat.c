/*
 * The rules are text for nft(8), in its own language.  The kernel would take
 * them by netlink, too, but as dozens of nested attributes a rule; what can
 * be read here is also what `nft list table ip ten-steps` shows.
 */
#include "08-netns/nat.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "08-netns/beyond/forward.h"
#include "08-netns/beyond/lease.h"
#include "08-netns/beyond/tool.h"

/* Created first, so that there is one to delete. */
static const char delete_rules[] = "table ip ten-steps\n"
				   "delete table ip ten-steps\n";

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
static const char start_rules[] =
	"table ip ten-steps {\n"
	"	chain guard {\n"
	"		type filter hook prerouting priority -300;\n"
	"		iifname $br ip daddr 127.0.0.0/8 drop\n"
	"	}\n"
	"	chain from_others {\n"
	"		type nat hook prerouting priority -100;\n"
	"		fib daddr type local jump published\n"
	"	}\n"
	"	chain from_this_host {\n"
	"		type nat hook output priority -100;\n"
	"		fib daddr type local jump published\n"
	"	}\n"
	"	chain leaving {\n"
	"		type nat hook postrouting priority 100;\n"
	"		ip saddr $net oifname != $br masquerade\n"
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

static const char more_rules[] =
	"		ct status dnat accept\n"
	"		ct state established,related accept\n"
	"		drop\n"
	"	}\n"
	"	chain published {\n";

static const char end_rules[] = "	}\n"
				"}\n";

/* A lease has a line for each port: "tcp 8080 80", outside and inside. */
static int nat_write_ports(int dir, const struct lease_entry *entry, void *data)
{
	struct in_addr address = { htonl(entry->address) };
	const char *line = entry->text;
	unsigned int outside, inside;
	char protocol[4];
	FILE *rules = data;

	(void)dir;
	while ((line = strchr(line, '\n')) && *++line)
		if (sscanf(line, "%3s %u %u", protocol, &outside, &inside) == 3)
			fprintf(rules, "\t\t%s dport %u dnat to %s:%u\n",
				protocol, outside, inet_ntoa(address), inside);
	return 0;
}

/* To remove rules, a missing nft is no failure: it has loaded none. */
static int nat_give_to_nft(const char *rules, bool is_removal)
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

/*
 * Delete and make anew, in one transaction: at no moment is there no table, or
 * half of one.  A connection that exists keeps its translation (conntrack).
 */
int nat_load(int dir, uint32_t network, const char *bridge)
{
	struct in_addr address = { htonl(network) };
	CLEANUP_FREE char *text = NULL;
	size_t length;
	FILE *rules = open_memstream(&text, &length);
	int was_off = forward_was_off(dir), ports;

	if (!rules)
		return error_call(NULL, "write the rules for NAT");
	fputs(delete_rules, rules);
	fprintf(rules, "define br = \"%s\"\ndefine net = %s/24\n", bridge,
		inet_ntoa(address));
	fputs(start_rules, rules);
	fputs(was_off ? others_drop : others_pass, rules);
	fputs(more_rules, rules);
	ports = lease_each(dir, nat_write_ports, rules);
	fputs(end_rules, rules);
	fclose(rules);
	if (was_off < 0 || ports < 0)
		return -1;
	return nat_give_to_nft(text, false);
}

/* A table takes its chains and rules with it.  Nobody else's are in it. */
int nat_remove(void)
{
	return nat_give_to_nft(delete_rules, true);
}
