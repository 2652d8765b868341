/*
 * The host's side of a network: one bridge for all containers.
 *
 * The first container makes the bridge, the rules and turns forwarding on;
 * the last one removes and restores.  All of it happens with the directory
 * of the leases locked (`dir`), and the leases say who is still there.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The network in use, or the first of some private ones that no route of the
 * host leads to.
 */
int bridge_choose_network(int dir, uint32_t *network);

/*
 * Connect the process `pid`, which waits, as `address`; make what is shared if
 * it is the first.  Addresses are in host order.  Needs CAP_NET_ADMIN.
 */
int bridge_connect(int dir, uint32_t network, uint32_t address, pid_t pid,
		   bool is_published);

/* Take away the cable and the lease of an address. */
int bridge_disconnect(int dir, uint32_t address);

/* After that: remove everything if it was the last one, else its rules. */
int bridge_settle(int dir);

/* Disconnect the dead.  Returns how many there were. */
int bridge_sweep(int dir);
