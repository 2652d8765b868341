/*
 * Which server does the container ask for the address of a host?
 *
 * It is a matter of one text file, /etc/resolv.conf, and of programs that
 * read it: no kernel feature.  But 127.0.0.53, which systemd writes in it, is
 * a server on the *host's* lo; a container has a lo of its own, with nobody
 * there.  So the container gets a file with those servers only that can be
 * reached from it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* In the parent: make such a file for an address, beside its lease; remove it. */
int dns_write(int dir, uint32_t address);
void dns_remove(int dir, uint32_t address);

/*
 * In the child: the mount of that file, over the image's own.  No address: an
 * empty table.
 */
struct mount *dns_mounts(uint32_t address, bool own_root);
