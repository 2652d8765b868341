/*
 * From what the user asked for to the five sets.
 *
 * Nobody can be given more than the caller has, so the plan begins with what
 * is available and takes away.
 */
#include "07-caps/caps.h"

#include <sys/capability.h>

#include "habits/error.h"

/*
 * Docker's list.  It names what is allowed, not what is forbidden: a list of
 * the forbidden is out of date with the next kernel.
 */
static const uint64_t caps_default =
	CAPS_BIT(CAP_AUDIT_WRITE) | CAPS_BIT(CAP_CHOWN) |
	CAPS_BIT(CAP_DAC_OVERRIDE) | CAPS_BIT(CAP_FOWNER) |
	CAPS_BIT(CAP_FSETID) | CAPS_BIT(CAP_KILL) | CAPS_BIT(CAP_MKNOD) |
	CAPS_BIT(CAP_NET_BIND_SERVICE) | CAPS_BIT(CAP_NET_RAW) |
	CAPS_BIT(CAP_SETFCAP) | CAPS_BIT(CAP_SETGID) | CAPS_BIT(CAP_SETPCAP) |
	CAPS_BIT(CAP_SETUID) | CAPS_BIT(CAP_SYS_CHROOT);

/* What was added by name must be there; a default or ALL means "if so". */
static int caps_check_named(const struct caps *caps, uint64_t available)
{
	uint64_t missing = caps->named & ~available;
	char name[CAPS_NAME_SIZE];
	int cap = 0;

	if (!missing)
		return 0;
	while (!(missing & CAPS_BIT(cap)))
		cap++;
	caps_to_name(cap, name);
	return error_input("a process can only pass on what it has: see CapPrm "
			   "and CapBnd in /proc/self/status",
			   "option --cap-add: the caller itself does not have "
			   "%s",
			   name);
}

/*
 * Docker gives a program that does not run as uid 0 no capability, whatever
 * was added.  Here one that was added reaches it, as an ambient one:
 * `--user 65534 --cap-add NET_BIND_SERVICE` is a web server without root.
 * Inheritable is what ambient needs and else empty, as in Docker since
 * CVE-2022-24769.
 */
struct caps_sets caps_plan(const struct caps *caps, uint64_t available)
{
	uint64_t bounding =
		((caps_default & ~caps->dropped) | caps->added) & available;
	uint64_t ambient = caps->uid == 0 ? 0 : bounding & caps->added;
	uint64_t permitted = caps->uid == 0 ? bounding : ambient;

	return (struct caps_sets){
		.bounding = bounding,
		.permitted = permitted,
		.effective = permitted,
		.inheritable = ambient,
		.ambient = ambient,
	};
}

/*
 * no_new_privs takes no capability, so it can come last.  Also without it
 * nothing above the bounding set can come back.
 */
int caps_setup(const struct caps *caps)
{
	uint64_t available = caps_available();
	struct caps_sets sets = caps_plan(caps, available);
	struct caps_user user = { .uid = caps->uid, .gid = caps->gid };

	if (caps_check_named(caps, available) < 0)
		return -1;
	if (caps_apply(&sets, &user) < 0)
		return -1;
	return caps->allow_new_privs ? 0 : caps_forbid_new_privs();
}
