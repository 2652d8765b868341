/*
 * Be a router for a while, and become an ordinary host again.
 *
 * The switch belongs to the network namespace, not to us: somebody else may
 * have turned it on before, or need it after us.  So the old value is noted
 * when the first container comes, and put back when the last one goes.
 */
#include "08-netns/beyond/forward.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "habits/whole.h"
#include "08-netns/beyond/lease.h"
#include "08-netns/beyond/tool.h"

#define FORWARD_SWITCH "/proc/sys/net/ipv4/ip_forward"
#define FORWARD_CONF   "/proc/sys/net/ipv4/conf"
#define FORWARD_LINK   "forwarding." /* begins the note of one link */
#define FORWARD_NAME   64

static const struct hint switch_hints[] = {
	{ EROFS, "/proc/sys is read-only here, as in most containers: use "
		 "--net none" },
	{ EACCES, "only root may change it: use sudo, or --net none" },
	{ 0, NULL },
};

/*
 * Whenever the first is written, the kernel sets the second to the opposite:
 * a router takes no advice.  Hence this order.
 */
static const struct {
	const char *note, *path;
} switches[] = {
	{ "ip_forward", FORWARD_SWITCH },
	{ "accept_redirects", "/proc/sys/net/ipv4/conf/all/accept_redirects" },
};
#define SWITCHES (sizeof(switches) / sizeof(switches[0]))

/* A chain of another table that packets have to get past. */
struct forward_chain {
	char family[FORWARD_NAME], table[FORWARD_NAME], chain[FORWARD_NAME];
	char dropping[FORWARD_NAME]; /* the chain that drops, or "" */
	bool is_forward;             /* the chain at hand has the hook */
	bool knows_us;               /* a rule of the table names the bridge */
	bool has_docker_user;
};

/* A sysctl is a file, and writing it is the whole interface: see sysctl(8). */
static int forward_write(const char *path, const char *value)
{
	CLEANUP_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || whole_tell(fd, value) < 0)
		return error_call(switch_hints, "write %s to %s", value, path);
	return 0;
}

/* One character is the value; a switch that is not there is off. */
static int forward_read(const char *path, char value[2])
{
	CLEANUP_CLOSE int fd = -1;
	int answer = look_open(AT_FDCWD, path, O_RDONLY, &fd);

	memcpy(value, "0", 2);
	if (answer < 0 || (answer > 0 && read(fd, value, 1) != 1))
		return error_call(NULL, "read %s", path);
	return 0;
}

int forward_is_noted(int dir)
{
	char noted[LEASE_NOTE];

	return lease_read_note(dir, "ip_forward", noted);
}

int forward_was_off(int dir)
{
	char noted[LEASE_NOTE];
	int answer = lease_read_note(dir, "ip_forward", noted);

	return answer > 0 ? noted[0] == '0' : answer;
}

static void forward_link_path(const char *link, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, FORWARD_CONF "/%s/forwarding", link);
}

/*
 * A host can be a router on some of its links only.  The switch is for all, and
 * when it goes off again, it takes those along.
 */
static int forward_note_links(int dir)
{
	DIR *list;
	char path[PATH_MAX], note[NAME_MAX + 16], now[2];
	int more = look_list(AT_FDCWD, FORWARD_CONF, &list), result = 0;
	struct dirent *link;

	while (result == 0 && more > 0 && (more = look_next(list, &link)) > 0) {
		if (link->d_name[0] == '.')
			continue;
		forward_link_path(link->d_name, path);
		snprintf(note, sizeof(note), FORWARD_LINK "%s", link->d_name);
		result = forward_read(path, now);
		if (result == 0 && now[0] == '1')
			result = lease_write_note(dir, note, now);
	}
	if (more < 0)
		result = error_call(NULL, "read " FORWARD_CONF);
	if (list)
		closedir(list);
	return result;
}

/* A link that has gone needs nothing. */
static int forward_restore_links(int dir)
{
	DIR *list;
	size_t begin = strlen(FORWARD_LINK);
	int more = look_list(dir, ".", &list), result = 0;
	struct dirent *note;
	char path[PATH_MAX];

	while (more > 0 && (more = look_next(list, &note)) > 0) {
		if (strncmp(note->d_name, FORWARD_LINK, begin) != 0)
			continue;
		forward_link_path(note->d_name + begin, path);
		if (look_for(AT_FDCWD, path) != 0 &&
		    forward_write(path, "1") < 0)
			result = -1;
	}
	if (more < 0)
		result = error_call(NULL, "read %s", LEASE_DIRECTORY);
	if (list)
		closedir(list);
	return result;
}

/*
 * Before anything is changed: a program that is killed in between has left a
 * note that is true.
 */
static int forward_note(int dir)
{
	int was_off;

	for (size_t i = 0; i < SWITCHES; i++) {
		char now[2];

		if (forward_read(switches[i].path, now) < 0 ||
		    lease_write_note(dir, switches[i].note, now) < 0)
			return -1;
	}
	was_off = forward_was_off(dir);
	return was_off > 0 ? forward_note_links(dir) : was_off;
}

/*
 * If the switch is on already, somebody else needs it too, and it stays as it
 * is: also when the last container ends.
 */
int forward_enable(int dir)
{
	int is_noted = forward_is_noted(dir);
	char now[2];

	if (is_noted < 0 || (!is_noted && forward_note(dir) < 0) ||
	    forward_read(FORWARD_SWITCH, now) < 0)
		return -1;
	return now[0] == '1' ? 0 : forward_write(FORWARD_SWITCH, "1");
}

/* What has not changed is left alone: a write has effects of its own. */
int forward_restore(int dir)
{
	char noted[LEASE_NOTE], now[2];

	for (size_t i = 0; i < SWITCHES; i++) {
		int is_noted = lease_read_note(dir, switches[i].note, noted);

		if (is_noted < 0 || forward_read(switches[i].path, now) < 0)
			return -1;
		if (is_noted && strcmp(noted, now) != 0 &&
		    forward_write(switches[i].path, noted) < 0)
			return -1;
	}
	return forward_restore_links(dir);
}

void forward_forget(int dir)
{
	unlinkat(dir, switches[0].note, 0);
}

/*
 * Docker and ufw let iptables make the chain; its own chain for additions is
 * where Docker keeps its hands off.
 */
static void forward_say(const struct forward_chain *chain, const char *bridge)
{
	bool is_iptables = strcmp(chain->table, "filter") == 0 &&
			   strcmp(chain->dropping, "FORWARD") == 0;
	char before[4 * FORWARD_NAME];
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
		   bridge, end, before, out, bridge, end);
}

/* iptables counts in each rule: "counter packets 0 bytes 0 drop". */
static const char *forward_skip_counter(const char *rule)
{
	int length = 0;

	sscanf(rule, "counter packets %*u bytes %*u %n", &length);
	return rule + length;
}

/* One line of `nft list ruleset`. */
static void forward_read_line(struct forward_chain *chain, const char *line,
			      const char *bridge)
{
	char policy[FORWARD_NAME] = "";
	const char *word = forward_skip_counter(line + strspn(line, "\t "));

	if (sscanf(line, "table %63s %63s", chain->family, chain->table) == 2)
		return;
	if (sscanf(word, "chain %63s {", chain->chain) == 1) {
		chain->is_forward = false;
		if (strcmp(chain->chain, "DOCKER-USER") == 0)
			chain->has_docker_user = true;
	}
	if (strstr(word, "hook forward"))
		chain->is_forward = true;
	if (strstr(word, bridge))
		chain->knows_us = true;
	if (strstr(word, "policy"))
		sscanf(strstr(word, "policy"), "policy %63[a-z]", policy);
	if (chain->is_forward &&
	    (strcmp(policy, "drop") == 0 || strcmp(word, "drop") == 0 ||
	     strncmp(word, "reject", strlen("reject")) == 0))
		memcpy(chain->dropping, chain->chain, FORWARD_NAME);
}

/*
 * `nft list ruleset` is read line by line: a chain that has the forward hook
 * and drops is the one to name.
 */
static void forward_warn_nft(const char *bridge)
{
	static const char *const words[] = { "nft", "-t", "list", "ruleset",
					     NULL };
	struct forward_chain chain = { 0 };
	CLEANUP_FREE char *text = NULL;
	char *rest, *line;

	if (tool_run(words, NULL, &text) != 0)
		return;
	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		forward_read_line(&chain, line, bridge);
		if (line[0] != '}')
			continue;
		if (chain.dropping[0] && !chain.knows_us &&
		    (strcmp(chain.family, "ip") == 0 ||
		     strcmp(chain.family, "inet") == 0))
			forward_say(&chain, bridge);
		chain = (struct forward_chain){ 0 };
	}
}

/*
 * The iptables of old has tables of its own, which nft does not see.  To ask
 * for one would make it, so look first whether it is there.
 */
static void forward_warn_legacy(const char *bridge)
{
	static const char *const words[] = { "iptables-legacy", "-S", NULL };
	struct forward_chain chain = { "ip",  "filter", "",   "FORWARD",
				       false, false,    false };
	CLEANUP_CLOSE int fd =
		open("/proc/net/ip_tables_names", O_RDONLY | O_CLOEXEC);
	CLEANUP_FREE char *text = NULL;
	char names[256] = "";

	if (fd < 0 || read(fd, names, sizeof(names) - 1) < 0 ||
	    !strstr(names, "filter") || tool_run(words, NULL, &text) != 0)
		return;
	chain.has_docker_user = strstr(text, "-N DOCKER-USER") != NULL;
	if (strstr(text, "-P FORWARD DROP") && !strstr(text, bridge))
		forward_say(&chain, bridge);
}

/* Both kinds of rules can be there at once, and each can drop. */
void forward_warn(const char *bridge)
{
	forward_warn_nft(bridge);
	forward_warn_legacy(bridge);
}
