/*
 * Who else drops what containers send.
 */
#include "08-netns/beyond/router.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "08-netns/beyond/tool.h"
#include "08-netns/net.h"

#define ROUTER_NAME 64

/* A chain of another table that packets have to get past. */
struct router_chain {
	char family[ROUTER_NAME], table[ROUTER_NAME], chain[ROUTER_NAME];
	char dropping[ROUTER_NAME]; /* the chain that drops, or "" */
	bool is_forward;            /* the chain at hand has the hook */
	bool knows_us;              /* a rule of the table names the bridge */
	bool has_docker_user;
};

/*
 * Docker and ufw let iptables make the chain; its own chain for additions is
 * where Docker keeps its hands off.
 */
static void router_say(const struct router_chain *chain)
{
	bool is_iptables = strcmp(chain->table, "filter") == 0 &&
			   strcmp(chain->dropping, "FORWARD") == 0;
	char before[4 * ROUTER_NAME];
	const char *in = "-i", *out = "-o", *end = "-j ACCEPT";

	snprintf(before, sizeof(before), "iptables -I %s",
		 chain->has_docker_user ? "DOCKER-USER" : "FORWARD");
	if (!is_iptables) {
		snprintf(before, sizeof(before), "nft insert rule %s %s %s",
			 chain->family, chain->table, chain->dropping);
		in = "iifname";
		out = "oifname";
		end = "accept";
	}
	error_note("what containers send is dropped by the chain %s of table "
		   "%s %s, as Docker, ufw or firewalld set it: they reach this "
		   "host and no farther",
		   chain->dropping, chain->family, chain->table);
	error_note("to let it through: %s %s %s %s; %s %s %s %s", before, in,
		   NET_BRIDGE_NAME, end, before, out, NET_BRIDGE_NAME, end);
}

/* iptables counts in each rule: "counter packets 0 bytes 0 drop". */
static const char *router_skip_counter(const char *rule)
{
	int length = 0;

	sscanf(rule, "counter packets %*u bytes %*u %n", &length);
	return rule + length;
}

/* One line of `nft list ruleset`. */
static void router_read_line(struct router_chain *chain, const char *line)
{
	char policy[ROUTER_NAME] = "";
	const char *word = router_skip_counter(line + strspn(line, "\t "));

	if (sscanf(line, "table %63s %63s", chain->family, chain->table) == 2)
		return;
	if (sscanf(word, "chain %63s {", chain->chain) == 1) {
		chain->is_forward = false;
		if (strcmp(chain->chain, "DOCKER-USER") == 0)
			chain->has_docker_user = true;
	}
	if (strstr(word, "hook forward"))
		chain->is_forward = true;
	if (strstr(word, NET_BRIDGE_NAME))
		chain->knows_us = true;
	if (strstr(word, "policy"))
		sscanf(strstr(word, "policy"), "policy %63[a-z]", policy);
	if (chain->is_forward &&
	    (strcmp(policy, "drop") == 0 || strcmp(word, "drop") == 0 ||
	     strncmp(word, "reject", strlen("reject")) == 0))
		memcpy(chain->dropping, chain->chain, ROUTER_NAME);
}

/*
 * `nft list ruleset` is read line by line: a chain that has the forward hook
 * and drops is the one to name.
 */
static void router_warn_nft(void)
{
	static const char *const words[] = { "nft", "-t", "list", "ruleset",
					     NULL };
	struct router_chain chain = { 0 };
	CLEANUP_FREE char *text = NULL;
	char *rest, *line;

	if (tool_run(words, NULL, &text) != 0)
		return;
	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		router_read_line(&chain, line);
		if (line[0] != '}')
			continue;
		if (chain.dropping[0] && !chain.knows_us &&
		    (strcmp(chain.family, "ip") == 0 ||
		     strcmp(chain.family, "inet") == 0))
			router_say(&chain);
		chain = (struct router_chain){ 0 };
	}
}

/*
 * The iptables of old has tables of its own, which nft does not see.  To ask
 * for one would make it, so look first whether it is there.
 */
static void router_warn_legacy(void)
{
	static const char *const words[] = { "iptables-legacy", "-S", NULL };
	struct router_chain chain = { "ip",  "filter", "",   "FORWARD",
				      false, false,    false };
	CLEANUP_CLOSE int fd =
		open("/proc/net/ip_tables_names", O_RDONLY | O_CLOEXEC);
	CLEANUP_FREE char *text = NULL;
	char names[256] = "";

	if (fd < 0 || read(fd, names, sizeof(names) - 1) < 0 ||
	    !strstr(names, "filter") || tool_run(words, NULL, &text) != 0)
		return;
	chain.has_docker_user = strstr(text, "-N DOCKER-USER") != NULL;
	if (strstr(text, "-P FORWARD DROP") && !strstr(text, NET_BRIDGE_NAME))
		router_say(&chain);
}

/* Both kinds of rules can be there at once, and each can drop. */
void router_warn(void)
{
	router_warn_nft();
	router_warn_legacy();
}
