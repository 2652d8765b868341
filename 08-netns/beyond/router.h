/*
 * Is this host a router, and for whom?
 *
 * One switch, /proc/sys/net/ipv4/ip_forward, makes it pass on packets that are
 * not for it, in its network namespace; we put it back when the last container
 * is gone.  And the packet filter has its say: a packet must get past *every*
 * chain that hooks "forward", so none of our rules can undo the drop of another
 * table.  We do not touch other people's rules; we say whose they are and what
 * to type.  `dir` is lease_lock()'s.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/* Turn it on; the old value is noted in the directory of the leases. */
int router_enable(int dir);

/* A link of ours, before it is up: no IPv6 on it. */
int router_refuse_ipv6(const char *link);

/* Who may pass: to be read by nft together with nat.c's rules. */
int router_write_rules(int dir, FILE *rules);

/* Have nft read rules. */
int router_load(const char *rules, bool is_removal);

/* With the rules there: published ports are reached from the host as well. */
int router_publish(int netlink, const char *cable);

/* Name the chains that will drop what comes from the bridge. */
void router_warn(void);

/* Has somebody been here before?  1, 0, or -1 after a message. */
int router_is_noted(int dir);

/* Was it off before, so that what else it lets through must be stopped? */
int router_was_off(int dir);

/* Put the noted values back; and when all is done, forget them. */
int router_restore(int dir);
void router_forget(int dir);
