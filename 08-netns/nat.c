/*
 * The rules are text for nft(8), in its own language.  The kernel would take
 * them by netlink, too, but as dozens of nested attributes a rule; what can
 * be read here is also what `nft list table ip ten-steps` shows.
 */
#include "08-netns/nat.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "08-netns/beyond/lease.h"
#include "08-netns/beyond/router.h"
#include "08-netns/net.h"

/* Created first, so that there is one to delete. */
static const char delete_rules[] = "table ip ten-steps\n"
				   "delete table ip ten-steps\n";

/* On the way out the source changes, on the way in the destination. */
static const char nat_rules[] =
	"table ip ten-steps {\n"
	"	chain leaving {\n"
	"		type nat hook postrouting priority 100;\n"
	"		ip saddr $net oifname != $br masquerade\n"
	"	}\n"
	"	chain from_others {\n"
	"		type nat hook prerouting priority -100;\n"
	"		fib daddr type local jump published\n"
	"	}\n"
	"	chain published {\n";
static const char nat_end[] = "	}\n"
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

/*
 * Delete and make anew, in one transaction: at no moment is there no table, or
 * half of one.  A connection that exists keeps its translation (conntrack).
 */
int nat_load(int dir, uint32_t network)
{
	struct in_addr address = { htonl(network) };
	CLEANUP_FREE char *text = NULL;
	size_t length;
	FILE *rules = open_memstream(&text, &length);
	int result;

	if (!rules)
		return error_call(NULL, "write the rules for NAT");
	fputs(delete_rules, rules);
	fprintf(rules, "define br = \"%s\"\ndefine net = %s/24\n",
		NET_BRIDGE_NAME, inet_ntoa(address));
	fputs(nat_rules, rules);
	result = lease_each(dir, nat_write_ports, rules);
	fputs(nat_end, rules);
	if (router_write_rules(dir, rules) < 0)
		result = -1;
	fclose(rules);
	return result < 0 ? -1 : router_load(text, false);
}

/* A table takes its chains and rules with it.  Nobody else's are in it. */
int nat_remove(void)
{
	return router_load(delete_rules, true);
}
