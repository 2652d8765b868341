/*
 * Eight kinds of namespaces: new ones by clone3(2), others by setns(2).
 *
 * config.json lists the kinds; one with a path is joined, one without is made,
 * one that is missing stays the host's (config-linux.md, "Namespaces").  Each
 * has its moment:
 *
 *     before the child    user, joined    what is made from then on is its
 *                                         own (user_namespaces(7))
 *                         pid, joined     it is only for children
 *                         time, new       offsets first, then inhabitants
 *     with the child      all other new   one clone3(2)
 *     in the child        all other joined
 *                         time, new       if the user namespace is new, too
 *                         cgroup, new     once it is in its group
 *
 * Who changes its own namespaces for a child's sake has to change back: the
 * parent also runs hooks, which are to be on the host.
 */
#include "10-full-container/spaces/namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "10-full-container/guard/harden.h"
#include "10-full-container/spaces/namespaces_users.h"

/* In the order to enter them: the user namespace gives rights to the rest. */
const struct namespace_kind namespace_kinds[NAMESPACE_KINDS] = {
	{ "user", "user", CLONE_NEWUSER },
	{ "ipc", "ipc", CLONE_NEWIPC },
	{ "uts", "uts", CLONE_NEWUTS },
	{ "network", "net", CLONE_NEWNET },
	{ "cgroup", "cgroup", CLONE_NEWCGROUP },
	{ "time", "time", CLONE_NEWTIME },
	{ "pid", "pid", CLONE_NEWPID },
	{ "mount", "mnt", CLONE_NEWNS },
};

static const struct hint namespace_join_hints[] = {
	{ EINVAL, "the file is a namespace of another kind, or one that this "
		  "process may not enter" },
	{ EPERM, "entering a namespace needs CAP_SYS_ADMIN in the user "
		 "namespace that owns it" },
	{ EACCES, "the process is another user's, or it waits for `start` and "
		  "is hidden until then: start that container first" },
	{ ENOENT, "the process or the bind mount that kept it is gone" },
	{ 0, NULL },
};

/*
 * Two files of one namespace have the same device and inode: namespaces(7).
 * 1, 0, or -1.
 */
static int namespaces_is_ours(int kind, const struct stat *theirs)
{
	struct stat ours;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/ns/%s",
		 namespace_kinds[kind].file);
	if (stat(path, &ours) < 0)
		return error_call(NULL, "look at the own namespace %s", path);
	return theirs->st_ino == ours.st_ino && theirs->st_dev == ours.st_dev;
}

/*
 * The root is built in the mount namespace and entered there: in the host's it
 * would take the place of the host's.
 */
static int namespaces_check_mounts(const struct namespaces *namespaces,
				   int kind)
{
	struct stat theirs;
	int is_ours;

	if (namespace_kinds[kind].flag != CLONE_NEWNS)
		return 0;
	if (fstat(namespaces->files[kind], &theirs) < 0)
		return error_call(NULL, "look at the mount namespace %s",
				  namespaces->joined[kind]);
	is_ours = namespaces_is_ours(kind, &theirs);
	if (is_ours > 0)
		error_input("leave out the path, and a new one is made",
			    "config.json: linux.namespaces: the mount "
			    "namespace %s is the host's own",
			    namespaces->joined[kind]);
	return is_ours == 0 ? 0 : -1;
}

/*
 * All at once, and as whoever starts us: /proc/PID/ns of a process that hides
 * (prctl(2), PR_SET_DUMPABLE) is closed to who is in its user namespace only.
 */
static int namespaces_open(struct namespaces *namespaces)
{
	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		const char *path = namespaces->joined[i];

		if (path)
			namespaces->files[i] =
				open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY |
						   O_CLOEXEC);
		if (path && namespaces->files[i] < 0)
			return error_call(namespace_join_hints,
					  "open the %s namespace %s",
					  namespace_kinds[i].name, path);
		if (path && namespaces_check_mounts(namespaces, i) < 0)
			return -1;
	}
	return 0;
}

static void namespaces_close(struct namespaces *namespaces)
{
	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		if (namespaces->joined[i] && namespaces->files[i] >= 0)
			close(namespaces->files[i]);
		namespaces->files[i] = -1;
	}
}

/*
 * Enter the one of this kind, if there is one.  The flag makes the kernel
 * compare: a path to another kind is EINVAL.
 */
static int namespaces_enter(const struct namespaces *namespaces, uint64_t flag)
{
	for (int i = 0; i < NAMESPACE_KINDS; i++)
		if (namespace_kinds[i].flag == flag && namespaces->joined[i] &&
		    setns(namespaces->files[i], (int)flag) < 0)
			return error_call(namespace_join_hints,
					  "enter the %s namespace %s",
					  namespace_kinds[i].name,
					  namespaces->joined[i]);
	return 0;
}

int namespaces_flags(const struct namespaces *namespaces)
{
	uint64_t flags = namespaces->own;

	for (int i = 0; i < NAMESPACE_KINDS; i++)
		if (namespaces->joined[i])
			flags |= namespace_kinds[i].flag;
	return (int)flags;
}

/*
 * Who is root of a user namespace only may not enter the namespaces that the
 * host owns, not even those that it is in.
 */
static bool namespaces_can_return(int flag, const char *name)
{
	CLEANUP_CLOSE int fd = -1;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && setns(fd, flag) == 0;
}

const char *namespaces_joined(const struct namespaces *namespaces,
			      uint64_t flag)
{
	for (int i = 0; i < NAMESPACE_KINDS; i++)
		if (namespace_kinds[i].flag == flag)
			return namespaces->joined[i];
	return NULL;
}

bool namespaces_joins(const struct namespaces *namespaces, uint64_t flag)
{
	return namespaces_joined(namespaces, flag) != NULL;
}

int namespaces_has(const struct namespaces *namespaces, uint64_t flag)
{
	struct stat theirs;
	int answer;

	if (namespaces->own & flag)
		return 1;
	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		const char *path = namespaces->joined[i];

		if (!(namespace_kinds[i].flag & flag) || !path)
			continue;
		answer = look_answer(stat(path, &theirs));
		if (answer < 0)
			return error_call(namespace_join_hints,
					  "look at the %s namespace %s",
					  namespace_kinds[i].name, path);
		/* One that is gone is nobody's: to open it will fail. */
		answer = answer ? namespaces_is_ours(i, &theirs) : 0;
		return answer < 0 ? -1 : !answer;
	}
	return 0;
}

/* What namespaces_start() is told, for one that takes a single pointer. */
struct namespaces_launch {
	struct namespaces *namespaces;
	const struct clocks *clocks; /* NULL: the child makes them */
	struct child *child;
	struct clone_args *args;
	int (*inside)(void *);
	void *argument;
};

/*
 * In the parent, or in its helper in the user namespace to join.  Who has
 * rights in that one has them over all who are in it: so the helper hides
 * before, and what it starts is hidden from the beginning.
 */
static int namespaces_launch(void *data)
{
	const struct namespaces_launch *l = data;
	int offsets = l->clocks ? clocks_open(l->clocks) : -1;

	if (namespaces_joins(l->namespaces, CLONE_NEWUSER))
		harden_hide();
	if (namespaces_enter(l->namespaces, CLONE_NEWUSER) < 0)
		return -1;
	/* Once more: with fs.suid_dumpable=1 the kernel may undo it. */
	if (namespaces_joins(l->namespaces, CLONE_NEWUSER))
		harden_hide();
	/* setns(2) with a PID namespace is for children, as unshare(2) is. */
	if (namespaces_enter(l->namespaces, CLONE_NEWPID) < 0)
		return -1;
	if (l->clocks && clocks_setup(l->clocks, offsets) < 0)
		return -1;
	if (l->args->flags & CLONE_PARENT)
		return namespaces_users_start(l->child, l->args, l->inside,
					      l->argument);
	return child_start(l->child, l->args, l->inside, l->argument);
}

/*
 * Root of a new user namespace is nobody in a network of the host, and could
 * not join it.  So we do, if we may, and the child is born in it.
 */
static void namespaces_enter_early(struct namespaces *namespaces)
{
	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		uint64_t flag = namespace_kinds[i].flag;

		if (namespaces->own & CLONE_NEWUSER && namespaces->joined[i] &&
		    flag & (CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) &&
		    setns(namespaces->files[i], (int)flag) == 0)
			namespaces->entered |= flag;
	}
}

/* A way back, for each kind that may be left here for the child's sake. */
static int namespaces_remember(const struct namespaces_launch *l,
			       int back[NAMESPACE_KINDS])
{
	const struct namespaces *namespaces = l->namespaces;
	char path[64];

	for (int i = 0; i < NAMESPACE_KINDS; i++)
		back[i] = -1;
	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		uint64_t flag = namespace_kinds[i].flag;
		bool is_left = (flag == CLONE_NEWTIME && l->clocks) ||
			       (namespaces->joined[i] &&
				(flag == CLONE_NEWPID ||
				 namespaces->own & CLONE_NEWUSER));

		snprintf(path, sizeof(path), "/proc/self/ns/%s",
			 namespace_kinds[i].file);
		if (is_left)
			back[i] = open(path, O_RDONLY | O_CLOEXEC);
		if (is_left && back[i] < 0)
			return error_call(NULL, "open %s", path);
	}
	return 0;
}

/* What was changed for the child is changed back: hooks are children too. */
static int namespaces_return(const struct namespaces *namespaces,
			     const int back[NAMESPACE_KINDS])
{
	int result = 0;

	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		uint64_t flag = namespace_kinds[i].flag;
		bool is_left = flag & (CLONE_NEWPID | CLONE_NEWTIME) ||
			       flag & namespaces->entered;

		if (back[i] < 0)
			continue;
		if (is_left && setns(back[i], (int)flag) < 0)
			result = error_call(NULL,
					    "return to the own %s namespace",
					    namespace_kinds[i].name);
		close(back[i]);
	}
	return result;
}

/*
 * In the parent, which is in the host's namespaces before and after it, but
 * not in between.
 */
static int namespaces_launch_here(struct namespaces_launch *l)
{
	int back[NAMESPACE_KINDS], result;

	if (namespaces_remember(l, back) < 0)
		return -1;
	namespaces_enter_early(l->namespaces);
	result = namespaces_launch(l);
	if (namespaces_return(l->namespaces, back) == 0)
		return result;
	if (result < 0)
		return -1;
	kill(l->child->pid, SIGKILL); /* it waits for us, not at the gate */
	child_abandon(l->child);
	return -1;
}

/*
 * Who is in the user namespace cannot come back: so a helper goes there.  With
 * CLONE_PARENT what it starts is our child, and not an orphan when it ends.
 */
static int namespaces_choose_launch(struct namespaces_launch *l)
{
	if (!namespaces_joins(l->namespaces, CLONE_NEWUSER))
		return namespaces_launch_here(l);
	l->args->flags |= CLONE_PARENT;
	return namespaces_users_run(namespaces_launch, l, l->child);
}

int namespaces_start(struct namespaces *namespaces, const struct clocks *clocks,
		     struct child *child, struct clone_args *args,
		     int (*inside)(void *), void *argument)
{
	/* With a new user namespace only the child has the right: init.c. */
	bool has_clocks = namespaces->own & CLONE_NEWTIME &&
			  !(namespaces->own & CLONE_NEWUSER) &&
			  (namespaces_joins(namespaces, CLONE_NEWUSER) ||
			   namespaces_can_return(CLONE_NEWTIME, "time"));
	struct namespaces_launch launch = {
		namespaces, has_clocks ? clocks : NULL, child, args, inside,
		argument
	};
	int result = -1;

	namespaces->has_clocks_inside =
		namespaces->own & CLONE_NEWTIME && !has_clocks;
	args->flags |=
		namespaces->own & ~(uint64_t)(CLONE_NEWTIME | CLONE_NEWCGROUP);
	/* Who is there already may not look into this process.  (A user who
	   is not root can write the map only of a process that is open.) */
	if (namespaces_joins(namespaces, CLONE_NEWPID) &&
	    !namespaces_joins(namespaces, CLONE_NEWUSER) &&
	    (geteuid() == 0 || !(namespaces->own & CLONE_NEWUSER)))
		harden_hide();
	if (namespaces_open(namespaces) == 0)
		result = namespaces_choose_launch(&launch);
	namespaces_close(namespaces);
	return result;
}

/*
 * In the child, one by one.  It was born in the PID and the user namespace.
 */
int namespaces_join(const struct namespaces *namespaces)
{
	for (int i = 0; i < NAMESPACE_KINDS; i++)
		if (!(namespace_kinds[i].flag & namespaces->entered) &&
		    namespace_kinds[i].flag != CLONE_NEWPID &&
		    namespace_kinds[i].flag != CLONE_NEWUSER &&
		    namespaces_enter(namespaces, namespace_kinds[i].flag) < 0)
			return -1;
	return 0;
}
