/*
 * From what the user asked for to the five sets, and to the process.
 *
 * Nobody can be given more than the caller has, so the plan begins with what
 * is available and takes away.  libcap makes the calls.  Its cap_t stands for
 * three of the sets, which capset(2) changes together; bounding and ambient
 * are changed by prctl(2), one capability at a time.
 */
#include "07-caps/caps.h"

#include <errno.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "habits/error.h"
#include "01-uts/child.h"
#include "07-caps/beyond/caps_names.h"
#include "07-caps/beyond/groups.h"
#include "07-caps/caps_sets.h"

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

static const struct hint bounding_hints[] = {
	{ EPERM, "the bounding set is dropped with CAP_SETPCAP: run as root, "
		 "or with --userns" },
	{ 0, NULL },
};

static const struct hint user_hints[] = {
	{ EINVAL, "this id is not mapped in the user namespace: choose another "
		  "--user, or see --uid-map" },
	{ EPERM, "another user or group takes CAP_SETUID and CAP_SETGID" },
	{ 0, NULL },
};

static const struct hint sets_hints[] = {
	{ EPERM, "a process can keep only what it has: effective within "
		 "permitted, ambient within permitted and inheritable" },
	{ 0, NULL },
};

/*
 * In the caller's user namespace.  Whether that one owns what the capability
 * is wanted for, is another question: the call itself will answer it.
 */
bool caps_has(int capability)
{
	cap_t own = cap_get_proc();
	cap_flag_value_t set = CAP_CLEAR;

	if (own)
		cap_get_flag(own, capability, CAP_EFFECTIVE, &set);
	cap_free(own);
	return set == CAP_SET;
}

/*
 * What is both permitted and bounding.  "All capabilities" is never a
 * constant: kernels know different ones, and the root of a container or of a
 * hardened host lacks some.
 */
uint64_t caps_available(uint64_t wanted)
{
	cap_t own = cap_get_proc();
	uint64_t mask = 0;

	for (cap_value_t cap = 0; own && cap < cap_max_bits(); cap++) {
		cap_flag_value_t set = CAP_CLEAR;

		cap_get_flag(own, cap, CAP_PERMITTED, &set);
		if (wanted & CAPS_BIT(cap) && set == CAP_SET &&
		    cap_get_bound(cap) > 0)
			mask |= CAPS_BIT(cap);
	}
	cap_free(own);
	return mask;
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
 * By number, until the kernel says that it knows no more (EINVAL): libcap has
 * asked it for the last one, too, but where that question failed, what is
 * above its guess would stay.  To drop what is not there needs CAP_SETPCAP as
 * well (EPERM); that is no error.
 */
int caps_drop_bounding(uint64_t keep)
{
	char name[CAPS_NAME_SIZE];

	for (int cap = 0; cap < 64; cap++) {
		int has, error;

		if (keep & CAPS_BIT(cap) || prctl(PR_CAPBSET_DROP, cap) == 0)
			continue;
		error = errno;
		has = prctl(PR_CAPBSET_READ, cap);
		if (has == 0)
			continue;
		if (has < 0 && errno == EINVAL)
			break;
		errno = error;
		caps_to_name(cap, name);
		return error_call(bounding_hints,
				  "drop %s from the bounding set", name);
	}
	return 0;
}

/*
 * Without PR_SET_KEEPCAPS a change from uid 0 to another empties permitted.
 * Effective is emptied in any case: caps_set_three() sets it anew.  The kernel
 * also forgets the wish to die with the parent; who had it gets it back.
 */
int caps_change_user(uid_t uid, gid_t gid)
{
	int death_signal = 0;

	if (uid == (uid_t)-1 || gid == (gid_t)-1) /* "no change" */
		return error_input(NULL, "become user %u, group %u: no such id",
				   uid, gid);
	if (prctl(PR_GET_PDEATHSIG, &death_signal) < 0 ||
	    prctl(PR_SET_KEEPCAPS, 1) < 0)
		return error_call(NULL, "keep capabilities for uid %u", uid);
	if (setresgid(gid, gid, gid) < 0)
		return error_call(user_hints, "become group %u", gid);
	if (setresuid(uid, uid, uid) < 0)
		return error_call(user_hints, "become user %u", uid);
	if (prctl(PR_SET_KEEPCAPS, 0) < 0)
		return error_call(NULL, "stop keeping capabilities");
	return death_signal ? child_die_with_parent() : 0;
}

/* Raise in one of the three sets what the mask has; the rest stays clear. */
static int caps_fill(cap_t state, cap_flag_t flag, uint64_t mask)
{
	for (cap_value_t cap = 0; cap < cap_max_bits(); cap++)
		if (mask & CAPS_BIT(cap) &&
		    cap_set_flag(state, flag, 1, &cap, CAP_SET) < 0)
			return -1;
	return 0;
}

/* capset(2): three sets at once, each within what permitted allows. */
int caps_set_three(const struct caps_sets *sets)
{
	cap_t state = cap_init();
	int result = -1;

	if (state && caps_fill(state, CAP_PERMITTED, sets->permitted) == 0 &&
	    caps_fill(state, CAP_EFFECTIVE, sets->effective) == 0 &&
	    caps_fill(state, CAP_INHERITABLE, sets->inheritable) == 0)
		result = cap_set_proc(state);
	if (result < 0)
		error_call(sets_hints,
			   "set permitted %#jx, effective %#jx, "
			   "inheritable %#jx",
			   (uintmax_t)sets->permitted,
			   (uintmax_t)sets->effective,
			   (uintmax_t)sets->inheritable);
	cap_free(state);
	return result;
}

/*
 * After them, because each must be permitted and inheritable by then.
 * prctl(2) empties the set in one call; libcap would ask about each first.
 */
int caps_set_ambient(uint64_t mask)
{
	char name[CAPS_NAME_SIZE];

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return error_call(NULL, "empty the ambient set");
	for (cap_value_t cap = 0; cap < cap_max_bits(); cap++) {
		if (!(mask & CAPS_BIT(cap)))
			continue;
		if (cap_set_ambient(cap, CAP_SET) < 0) {
			caps_to_name(cap, name);
			return error_call(sets_hints, "make %s ambient", name);
		}
	}
	return 0;
}

/*
 * PR_SET_NO_NEW_PRIVS cannot be undone, and children inherit it.  Then also a
 * filter for system calls may be loaded without CAP_SYS_ADMIN (stage 09).
 */
int caps_forbid_new_privs(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_call(NULL, "set no_new_privs");
	return 0;
}

/*
 * Each step needs what a later one takes away; no_new_privs takes nothing, so
 * it can come last.  Also without it nothing above the bounding set can come
 * back.
 */
int caps_setup(const struct caps *caps)
{
	uint64_t available = caps_available(CAPS_ALL);
	struct caps_sets sets = caps_plan(caps, available);

	if (caps_check_named(caps, available) < 0)
		return -1;
	if (caps_drop_bounding(sets.bounding) < 0)
		return -1;
	if (groups_set(0, NULL) < 0 ||
	    caps_change_user(caps->uid, caps->gid) < 0)
		return -1;
	if (caps_set_three(&sets) < 0)
		return -1;
	if (caps_set_ambient(sets.ambient) < 0)
		return -1;
	return caps->allow_new_privs ? 0 : caps_forbid_new_privs();
}
