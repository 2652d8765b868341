/*
 * Two system calls, one for each of the two strings.
 *
 * They act on the caller's namespace, so the same line of code that renames a
 * container would, one step too early, rename the host.
 */
#include "01-uts/uts.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "habits/error.h"

#define UTS_NAME_MAX (sizeof(((struct utsname *)0)->nodename) - 1)

static const struct hint uts_hints[] = {
	{ EPERM, "changing the name needs CAP_SYS_ADMIN: run as root (sudo)" },
	{ 0, NULL },
};

/* The kernel keeps 64 bytes; see uname(2). */
static int uts_parse_name(void *field, const char *name, const char *value)
{
	if (strlen(value) > UTS_NAME_MAX)
		return error_input("choose a shorter name",
				   "option --%s: %zu bytes are too long, the "
				   "kernel keeps at most %zu",
				   name, strlen(value), UTS_NAME_MAX);
	return option_string(field, name, value);
}

const struct option_entry uts_options[] = {
	{ 'H', "hostname", "NAME", "host name inside", uts_parse_name,
	  offsetof(struct uts, hostname) },
	{ 0, "domainname", "NAME", "NIS domain name inside", uts_parse_name,
	  offsetof(struct uts, domainname) },
	{ 0 },
};

int uts_setup(const struct uts *uts)
{
	if (uts->hostname &&
	    sethostname(uts->hostname, strlen(uts->hostname)) < 0)
		return error_call(uts_hints, "set the host name to \"%s\"",
				  uts->hostname);
	if (uts->domainname &&
	    setdomainname(uts->domainname, strlen(uts->domainname)) < 0)
		return error_call(uts_hints,
				  "set the NIS domain name to \"%s\"",
				  uts->domainname);
	return 0;
}
