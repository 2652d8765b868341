/*
 * What --net and --publish understand.
 *
 * Ports are only noted here, and bound before the container starts
 * (port_hold()): a port that is taken is then an error and not a container
 * without visitors.
 */
#include <stdlib.h>
#include <string.h>

#include "habits/error.h"
#include "08-netns/beyond/port.h"
#include "08-netns/net.h"

static const char net_conflict[] = "without a bridge no packet gets inside";

/*
 * Without --net the container shares the host's network: as in stages 01 to
 * 07.
 */
static int net_parse_kind(void *field, const char *name, const char *value)
{
	struct net *net = field;

	if (strcmp(value, "bridge") == 0) {
		net->kind = NET_BRIDGE;
		return 0;
	}
	if (strcmp(value, "none") != 0)
		return error_input("one of: none, bridge; without --net the "
				   "host's network is kept",
				   "option --%s: there is no network \"%s\"",
				   name, value);
	if (net->ports)
		return error_input(net_conflict,
				   "option --%s none does not go with "
				   "--publish",
				   name);
	net->kind = NET_NONE;
	return 0;
}

/* 1 to 65535, up to the character `end`.  Returns what follows, or NULL. */
static const char *net_parse_number(const char *text, uint16_t *number)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long value = strtoul(text, NULL, 10);

	if (digits == 0 || digits > 5 || value == 0 || value > UINT16_MAX)
		return NULL;
	*number = (uint16_t)value;
	return text + digits;
}

/*
 * "8080:80", "8080:80/tcp" or "53:53/udp": the host's port first, as in
 * Docker.
 */
static int net_parse_port(struct port *port, const char *name,
			  const char *value)
{
	const char *rest = net_parse_number(value, &port->outside);

	if (rest && *rest == ':')
		rest = net_parse_number(rest + 1, &port->inside);
	else
		rest = NULL;
	if (rest && strcmp(rest, "/udp") == 0)
		port->is_udp = true;
	else if (!rest || (*rest && strcmp(rest, "/tcp") != 0))
		return error_input("HOST:CONTAINER, numbers from 1 to 65535, "
				   "then /tcp or /udp: 8080:80/tcp",
				   "option --%s: \"%s\" is not a pair of ports",
				   name, value);
	return 0;
}

/* The same number for TCP and for UDP is two ports. */
static int net_parse_publish(void *field, const char *name, const char *value)
{
	static struct port ports[PORTS_MAX + 1]; /* of the one container */
	struct net *net = field;
	struct port port = { 0 };
	int i;

	if (net->kind == NET_NONE)
		return error_input(net_conflict,
				   "option --%s does not go with --net none",
				   name);
	if (net_parse_port(&port, name, value) < 0)
		return -1;
	for (i = 0; ports[i].outside; i++)
		if (ports[i].outside == port.outside &&
		    ports[i].is_udp == port.is_udp)
			return error_input("each port can lead to one only",
					   "option --%s: port %d of the host "
					   "is given twice",
					   name, port.outside);
	if (i == PORTS_MAX)
		return error_input(NULL, "option --%s: at most %d ports", name,
				   PORTS_MAX);
	ports[i] = port;
	net->ports = ports;
	net->kind = NET_BRIDGE;
	return 0;
}

const struct option_entry net_options[] = {
	{ 'n', "net", "none|bridge", "own network (default: keep the host's)",
	  net_parse_kind, 0 },
	{ 'p', "publish", "HOST:CTR[/udp]", "lead a port inside (--net bridge)",
	  net_parse_publish, 0 },
	{ 0 },
};
