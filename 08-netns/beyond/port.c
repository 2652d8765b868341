/*
 * A port is held by binding it, which is also how any server gets one.
 *
 * Nobody answers at our socket: nftables sends the packets elsewhere before
 * they would reach it.  The kernel gives a bound port to nobody else, in this
 * network namespace; the socket is closed when we end, and the port is free.
 */
#include "08-netns/beyond/port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "08-netns/beyond/lease.h"

static const struct hint port_hints[] = {
	{ EADDRINUSE, "a program of this host has it: see ss -ltunp" },
	{ EACCES, "ports below 1024 need CAP_NET_BIND_SERVICE: use sudo" },
	{ 0, NULL },
};

/* As nft and a lease write it. */
static const char *port_protocol(const struct port *port)
{
	return port->is_udp ? "udp" : "tcp";
}

static void port_print_one(const struct port *port, char *text, size_t room)
{
	snprintf(text, room, "%s %d %d\n", port_protocol(port), port->outside,
		 port->inside);
}

/* Appends to `text`; what does not fit in `room` bytes is cut. */
void port_print(const struct port *ports, char *text, size_t room)
{
	size_t used = strlen(text);

	for (; ports && ports->outside && used < room; ports++) {
		port_print_one(ports, text + used, room - used);
		used = strlen(text);
	}
}

/* Is it a container's?  Then say whose: a lease begins with its owner. */
static int port_find_owner(int dir, const struct lease_entry *entry, void *data)
{
	const struct port *port = data;
	char line[32];

	(void)dir;
	snprintf(line, sizeof(line), "\n%s %d ", port_protocol(port),
		 port->outside);
	if (!strstr(entry->text, line))
		return 0;
	error_input("publish another one, or end that container",
		    "port %d/%s is published already, by %.*s", port->outside,
		    port_protocol(port), (int)strcspn(entry->text, "\n"),
		    entry->text);
	return 1;
}

/*
 * Listening, for TCP: with SO_REUSEADDR (old connections that the kernel
 * still remembers are no hindrance) only that excludes another one.
 */
static int port_bind(const struct port *port)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
				   .sin_port = htons(port->outside) };
	int type = port->is_udp ? SOCK_DGRAM : SOCK_STREAM;
	CLEANUP_CLOSE int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd < 0)
		return -1;
	if (!port->is_udp &&
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0)
		return -1;
	if (!port->is_udp && listen(fd, 1) < 0)
		return -1;
	return cleanup_keep(&fd);
}

/* All or none.  Whose the port is, is asked only after EADDRINUSE. */
int port_hold(struct port *ports, int dir)
{
	for (struct port *port = ports; port && port->outside; port++) {
		int saved;

		port->fd = port_bind(port);
		if (port->fd > 0)
			continue;
		saved = errno;
		port->fd = 0;
		port_release(ports);
		if (saved == EADDRINUSE &&
		    lease_each(dir, port_find_owner, port) != 0)
			return -1;
		errno = saved;
		return error_call(port_hints, "publish port %d/%s",
				  port->outside, port_protocol(port));
	}
	return 0;
}

/*
 * In the child as well, which got copies: the socket lives until the last is
 * closed.
 */
void port_release(struct port *ports)
{
	for (; ports && ports->outside; ports++) {
		if (ports->fd > 0)
			close(ports->fd);
		ports->fd = 0;
	}
}
