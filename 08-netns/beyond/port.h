/*
 * Published ports: a port of the host that leads to one of the container.
 *
 * The packets take the way of nat.h and no program of the host ever sees
 * them.  But a port is also something that programs of the host bind, and
 * one that is published must not be bound as well, or published twice.  So
 * we bind it ourselves and hold it: then the kernel tells everyone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PORTS_MAX 16

struct port {
	uint16_t outside, inside; /* outside 0 ends a list; so does NULL */
	bool is_udp;
	int fd; /* what holds it; 0: nothing yet */
};

/*
 * Bind them on all addresses of the host.  `dir` is lease_lock()'s, to say
 * who has one that is taken.  -1 after a message, and none is held.
 */
int port_hold(struct port *ports, int dir);

/* Let go of them.  May be called again. */
void port_release(struct port *ports);

/* As they are written in a lease: a line "tcp 8080 80" for each. */
void port_print(const struct port *ports, char *text, size_t room);
