/*
 * Links, addresses and routes: what ip(8) does, by netlink messages.
 *
 * A veth pair is a cable: what goes in at one end comes out of the other,
 * and each end can be in another network namespace.  A bridge is a switch
 * made of software: the links attached to it hear each other, and the host
 * itself is on it with the bridge's own address.
 *
 * Each function takes a socket of netlink_open(), and needs CAP_NET_ADMIN in
 * the user namespace that owns the network namespace.  Addresses are in host
 * order: 0x0a584d01 is 10.88.77.1.  See veth(4), bridge(8), rtnetlink(7).
 */
#pragma once

#include <net/if.h>
#include <stdint.h>
#include <sys/types.h>

/* The name of the host's end of the cable to the container at `address`. */
void link_name_cable(uint32_t address, char name[IFNAMSIZ]);

/* Make a bridge.  `address` becomes part of its hardware address. */
int link_make_bridge(int netlink, const char *name, uint32_t address);

/*
 * Make a cable from the link `name` here, attached to `bridge`, to the link
 * `peer` in the network namespace of the process `pid`.
 */
int link_make_veth(int netlink, const char *name, const char *bridge,
		   const char *peer, pid_t pid, uint32_t address);

/* Bring it up: a new link is down, even lo. */
int link_up(int netlink, const char *name);

/* Remove it; no error if there is none of that name. */
int link_remove(int netlink, const char *name);

/* Give it an address; `prefix` bits of it are the network's. */
int link_add_address(int netlink, const char *name, uint32_t address,
		     uint8_t prefix);

/* What no other route is for goes to `gateway`. */
int link_add_default_route(int netlink, uint32_t gateway);
