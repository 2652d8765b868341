/*
 * A small world around the test's host, and sockets anywhere in it.
 *
 *     container - bridge - host 192.0.2.1 ---- 192.0.2.9 internet
 *
 * A socket belongs to the network namespace that it was made in, whoever
 * uses it.  So the test itself can be the server inside and the visitor
 * outside, one step after the other, and nobody has to wait for anybody.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "tests/runner/helpers.h"

/* A namespace "internet", at the other end of the host's link `up0`. */
struct running internet_start(void);
void internet_stop(struct running *internet);

/* The process of the container, as the host sees it. */
pid_t process_in(const struct running *container);

/* Where its default route leads, or "". */
char *gateway_of(const struct running *container);

/* A server in the network of a process; 0 is the test's own. */
int serve(pid_t network, const char *address, int port, bool is_udp);

/* From the network of a process: a connection, or -1. */
int visit(pid_t network, const char *address, int port, bool is_udp);

/*
 * A visit from there to a port of the host, which has to arrive at `server`,
 * and an answer, which has to come back.  Returns from which address the
 * visitor seemed to come, or "" if nothing arrived.
 */
char *visitor_at(int server, pid_t network, const char *address, int port,
		 bool is_udp);
