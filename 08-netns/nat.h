/*
 * Network address translation: many containers behind the host's address.
 *
 *     container 10.88.77.2:5000 -> 192.0.2.9:80
 *       leaves as  host 192.0.2.1:61000 -> 192.0.2.9:80       (masquerade)
 *     visitor 192.0.2.9:4000 -> host 192.0.2.1:8080
 *       goes on as 192.0.2.9:4000 -> 10.88.77.2:80            (dnat)
 *
 * Only the first packet of a connection is looked up in these rules.  The
 * kernel keeps the pair in a table, conntrack, and turns answers back.
 *
 * The rules are one nftables table of our own, `ip ten-steps`.  It is never
 * edited: each change writes it anew from the leases, in one transaction.
 */
#pragma once

#include <stdint.h>

/* Load the table for all addresses in use.  `dir` is lease_lock()'s. */
int nat_load(int dir, uint32_t network);

/* Remove the table.  May be called again. */
int nat_remove(void);
