/*
 * Links and routes that are there; and a bridge's ports.
 */
#pragma once

#include <stdint.h>

/*
 * Let the bridge send a packet back to where it came from: a container that
 * uses its own published port needs that where the bridge asks the packet
 * filter (br_netfilter).
 */
int links_set_hairpin(int netlink, const char *name);

/* Is it plugged into the bridge?  1, 0, or -1 after a message. */
int links_is_in(int netlink, const char *name, const char *bridge);

/*
 * Does a route lead to any part of the network `address`/`prefix`?  Default
 * routes do not count.  Returns 1, 0, or -1 after a message.
 */
int links_has_route(int netlink, uint32_t address, uint8_t prefix);
