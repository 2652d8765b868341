/*
 * Forwarding: whether this host passes on packets that are not for it.
 *
 * One switch, /proc/sys/net/ipv4/ip_forward, turns it on for the network
 * namespace; we put it back when the last container is gone.  And the packet
 * filter has its say: a packet must get past *every* chain that hooks
 * "forward", so none of our rules can undo the drop of another table.  We do
 * not touch other people's rules; we say whose they are and what to type.
 */
#pragma once

/* Turn it on; the old value is noted in the directory of the leases. */
int forward_enable(int dir);

/* Has somebody been here before?  1, 0, or -1 after a message. */
int forward_is_noted(int dir);

/* Was it off before, so that what else it lets through must be stopped? */
int forward_was_off(int dir);

/* Put the noted values back; and when all is done, forget them. */
int forward_restore(int dir);
void forward_forget(int dir);

/* Name the chains that will drop what comes from `bridge`. */
void forward_warn(const char *bridge);
