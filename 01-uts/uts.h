/*
 * UTS namespace: a private copy of two strings, the host name and the NIS
 * domain name.
 *
 * It is the smallest namespace there is.  A new one starts as a copy of its
 * parent's strings, and from then on a change on one side is not seen on the
 * other.  Everything else uname(2) tells stays what it was: a container
 * shares the host's kernel, it is not a virtual machine.
 */
#pragma once

#include "habits/options.h"

struct uts {
	const char *hostname;   /* NULL: keep the copy */
	const char *domainname; /* NULL: keep the copy */
};

extern const struct option_entry uts_options[];

/*
 * In the child: set the names in the caller's UTS namespace.
 * Needs CAP_SYS_ADMIN in the user namespace that owns it.
 * See sethostname(2), setdomainname(2), uts_namespaces(7).
 */
int uts_setup(const struct uts *uts);
