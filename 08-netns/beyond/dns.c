/*
 * The host's resolv.conf(5), without the servers that a container cannot
 * reach.
 *
 * Written before the child exists, and bound over /etc/resolv.conf inside: a
 * bind mount of a single file, so that the image stays as it is.
 */
#include "08-netns/beyond/dns.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "habits/error.h"
#include "habits/look.h"
#include "03-mount/mounts.h"
#include "08-netns/beyond/lease.h"

#define DNS_TARGET "/etc/resolv.conf"
#define DNS_PATH   64

/* The first is what systemd-resolved itself asks. */
static const char *const dns_sources[] = {
	"/run/systemd/resolve/resolv.conf",
	"/etc/resolv.conf",
};

/*
 * Is it a line for the container?  Loopback servers are not, nor those of
 * IPv6, which it does not have.  1: it names a server.
 */
static int dns_judge(const char *line)
{
	char server[64];

	if (sscanf(line, "nameserver %63s", server) != 1)
		return line[0] == '#' || line[0] == ';' ? -1 : 0;
	if (strncmp(server, "127.", 4) == 0 || strchr(server, ':') ||
	    strcmp(server, "0.0.0.0") == 0)
		return -1;
	return 1;
}

/* Copy what is of use.  Returns the number of servers; -1 after a message. */
static int dns_copy(const char *path, FILE *out)
{
	FILE *in = fopen(path, "re");
	int servers = 0, verdict;
	char line[512];

	if (!in)
		return look_answer(-1) < 0 ? error_call(NULL, "read %s", path)
					   : 0;
	while (fgets(line, sizeof(line), in)) {
		verdict = dns_judge(line);
		if (verdict >= 0)
			fputs(line, out);
		servers += verdict == 1;
	}
	fclose(in);
	return servers;
}

/*
 * The first source that names a server is taken; a file that names none is as
 * good as none.  Without a server the container still starts: addresses work.
 */
static int dns_fill(FILE *out)
{
	size_t count = COUNT(dns_sources);
	int servers;

	for (size_t i = 0; i < count; i++) {
		rewind(out);
		if (ftruncate(fileno(out), 0) < 0)
			return error_call(NULL, "empty a file for the DNS");
		servers = dns_copy(dns_sources[i], out);
		if (servers != 0)
			return servers < 0 ? -1 : 0;
	}
	error_note("no names inside: %s has no server that a container can "
		   "reach; put one (nameserver 192.0.2.1) in its own file",
		   dns_sources[count - 1]);
	return 0;
}

/* "resolv.10.88.77.2" */
static void dns_name(uint32_t address, char name[DNS_PATH])
{
	struct in_addr bytes = { htonl(address) };

	snprintf(name, DNS_PATH, "resolv.%s", inet_ntoa(bytes));
}

/*
 * The absolute path, for the mount; in the directory itself the name is
 * enough.
 */
static void dns_path(uint32_t address, char path[DNS_PATH])
{
	char name[DNS_PATH];

	dns_name(address, name);
	snprintf(path, DNS_PATH, LEASE_DIRECTORY "/%.32s", name);
}

/* The table is static: one process has one container. */
struct mount *dns_mounts(uint32_t address, bool own_root)
{
	static struct mount table[2];
	static char source[DNS_PATH];

	/* On the host's own root, a file that is missing stays missing. */
	if (address && (own_root || look_for(AT_FDCWD, DNS_TARGET) != 0)) {
		dns_path(address, source);
		/* The file is on the host: who writes there fills its /run. */
		table[0] = (struct mount){
			.target = DNS_TARGET,
			.source = source,
			.attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
				      MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
		};
	}
	return table;
}

/*
 * 0644: who reads it inside is not always root, and with --userns never the
 * host's.
 */
int dns_write(int dir, uint32_t address)
{
	char name[DNS_PATH];
	FILE *out;
	int fd, result;

	dns_name(address, name);
	fd = openat(dir, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out)
		return error_call(NULL, "make %s/%s", LEASE_DIRECTORY, name);
	fchmod(fd, 0644); /* whatever the umask */
	result = dns_fill(out);
	if (fclose(out) != 0)
		return error_call(NULL, "write %s/%s", LEASE_DIRECTORY, name);
	return result;
}

/* A mount of it keeps the file's content until the mount has gone. */
void dns_remove(int dir, uint32_t address)
{
	char name[DNS_PATH];

	dns_name(address, name);
	unlinkat(dir, name, 0);
}
