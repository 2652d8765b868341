/*
 * libcap makes the calls.  Its cap_t stands for three of the sets, which
 * capset(2) changes together; bounding and ambient are changed by prctl(2),
 * one capability at a time.
 */
#include "07-caps/caps_sets.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "01-uts/child.h"
#include "07-caps/beyond/id.h"

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

int caps_check(void)
{
	cap_t own = cap_get_proc();

	if (!own)
		return error_call(NULL, "read the own capabilities");
	cap_free(own);
	return 0;
}

/*
 * "All capabilities" is never a constant: kernels know different ones, and
 * the root of a container or of a hardened host lacks some.
 */
uint64_t caps_available(void)
{
	return caps_available_of(UINT64_MAX);
}

uint64_t caps_available_of(uint64_t wanted)
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
 * In a user namespace that an ordinary user made, groups can only be kept
 * (user_namespaces(7)): giving one up could open a file that excludes it.
 */
static bool caps_groups_are_fixed(void)
{
	CLEANUP_CLOSE int fd =
		open("/proc/self/setgroups", O_RDONLY | O_CLOEXEC);
	char text[5] = "";

	return fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 &&
	       strcmp(text, "deny") == 0;
}

/* Groups before the user: a changed user may not change groups any more. */
static int caps_change_groups(const struct caps_user *user)
{
	bool denied = setgroups(user->group_count, user->groups) < 0;
	int error = errno;

	if (denied && !(user->group_count == 0 && caps_groups_are_fixed())) {
		errno = error;
		return error_call(user_hints, "set %zu further groups",
				  user->group_count);
	}
	if (setresgid(user->gid, user->gid, user->gid) < 0)
		return error_call(user_hints, "become group %u", user->gid);
	return 0;
}

/*
 * Without PR_SET_KEEPCAPS a change from uid 0 to another empties permitted.
 * Effective is emptied in any case; caps_apply() sets it anew.
 */
int caps_change_user(const struct caps_user *user)
{
	bool is_hidden = prctl(PR_GET_DUMPABLE) == 0;
	int death_signal = 0;

	if (user->uid > ID_MAX || user->gid > ID_MAX) /* "no change" */
		return error_input(NULL, "become user %u, group %u: no such id",
				   user->uid, user->gid);
	if (prctl(PR_GET_PDEATHSIG, &death_signal) < 0 ||
	    prctl(PR_SET_KEEPCAPS, 1) < 0)
		return error_call(NULL, "keep capabilities for uid %u",
				  user->uid);
	if (caps_change_groups(user) < 0)
		return -1;
	if (setresuid(user->uid, user->uid, user->uid) < 0)
		return error_call(user_hints, "become user %u", user->uid);
	/* With fs.suid_dumpable=1 a change shows who was hidden (stage 10).
	   Now, before the capabilities go: until then few may look. */
	if (is_hidden)
		prctl(PR_SET_DUMPABLE, 0);
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
static int caps_set_three(const struct caps_sets *sets)
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
 * Last, because each must be permitted and inheritable by then.  prctl(2)
 * empties the set in one call; libcap would ask about each capability first.
 */
static int caps_set_ambient(uint64_t mask)
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

/* Whatever fails here leaves less than was wanted, so the caller must end. */
int caps_apply(const struct caps_sets *sets, const struct caps_user *user)
{
	if (caps_drop_bounding(sets->bounding) < 0)
		return -1;
	if (caps_change_user(user) < 0)
		return -1;
	if (caps_set_three(sets) < 0)
		return -1;
	return caps_set_ambient(sets->ambient);
}

/*
 * Cannot be undone, and children inherit it.  Then also a filter for system
 * calls may be loaded without CAP_SYS_ADMIN (stage 09).
 */
int caps_forbid_new_privs(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_call(NULL, "set no_new_privs");
	return 0;
}
