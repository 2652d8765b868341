/* The kernel has one errno for many causes: so the cause is looked for. */
#include "05-cgroups/beyond/why.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/look.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/trees.h"
#include "05-cgroups/files.h"

static const struct hint enable_hints[] = {
	{ EBUSY, "it has processes of its own, and the \"no internal "
		 "processes\" rule forbids it: first move them one down, mkdir "
		 "GROUP/shell; echo PID >GROUP/shell/cgroup.procs" },
	{ EOPNOTSUPP, "its groups are threaded, because cpu or pids were "
		      "enabled over processes: see cgroup.type" },
	{ EINVAL, "a real-time process outside the root group forbids the cpu "
		  "controller (CONFIG_RT_GROUP_SCHED)" },
	{ ENOENT, "the groups above do not hand this controller down" },
	{ EACCES, "only the owner of a group may do that" },
	{ 0, NULL },
};

const struct hint why_no_group[] = {
	{ EACCES, "only the owner of a group may make groups below it" },
	{ EAGAIN, "too many groups: see cgroup.max.descendants and "
		  "cgroup.max.depth in the groups above" },
	{ 0, NULL },
};

static const struct hint limit_hints[] = {
	{ EINVAL, "the kernel does not take this value" },
	{ ERANGE, "the kernel does not take a value that large" },
	{ EBUSY, "more than that is in use already" },
	{ ENODEV, "give a whole disk, not a partition: see lsblk" },
	{ EOPNOTSUPP, "weights take the disk scheduler bfq: see "
		      "/sys/block/DISK/queue/scheduler" },
	{ ENOENT, "there is no such file: only the other version of cgroups "
		  "has it, or this kernel is too old or built without it" },
	{ EACCES, "the group belongs to somebody else, or the group above "
		  "allows less" },
	{ 0, NULL },
};

const struct hint why_not_joined[] = {
	{ ESRCH, "it has ended" },
	{ EACCES, "a process is moved by the owner of both groups and of the "
		  "first group above both" },
	{ ENOSPC, "cpuset.cpus or cpuset.mems is empty in this group" },
	{ EINVAL, "with cgroup v1 a real-time process needs real time in the "
		  "group: cpu.rt_runtime_us, linux.resources.cpu."
		  "realtimeRuntime" },
	{ 0, NULL },
};

const struct hint why_no_namespace[] = {
	{ EPERM, "a new cgroup namespace needs CAP_SYS_ADMIN" },
	{ EINVAL, "this kernel was built without control groups" },
	{ 0, NULL },
};

const char *why_path(int dir, char name[PATH_MAX])
{
	char file[32];
	ssize_t length;

	snprintf(file, sizeof(file), "/proc/self/fd/%d", dir);
	length = readlink(file, name, PATH_MAX - 1);
	if (length < 0)
		return "a group";
	name[length] = '\0';
	return name;
}

/*
 * A group with controllers for its children has no processes of its own,
 * except the root, which has no cgroup.type.  For memory the kernel refuses.
 * With cpu or pids it makes the group threaded instead, and then nobody can
 * use what is below: so we refuse.  The answers are those of look.h.
 */
static int why_has_processes(int dir)
{
	char text[CGROUP_TEXT];
	int answer = look_for(dir, "cgroup.type");

	if (answer <= 0)
		return answer;
	answer = look_answer(cgroup_read_text(dir, "cgroup.procs", text));
	if (answer < 0 && errno == EOPNOTSUPP)
		return 0; /* a threaded group */
	return answer > 0 ? text[0] != '\0' : answer;
}

bool why_not_to_enable(int dir)
{
	return why_has_processes(dir) != 0;
}

int why_not_enabled(const struct cgroup *cg, int dir, const char *words)
{
	int is_refused = why_has_processes(dir);
	char *rest = strdupa(words), *word, path[PATH_MAX];

	if (is_refused < 0)
		return error_call(NULL, "look for processes in %s",
				  why_path(dir, path));
	while ((word = cgroup_next_word(&rest, " "))) {
		if (!is_refused &&
		    cgroup_write(dir, "cgroup.subtree_control", word) == 0)
			continue;
		if (is_refused)
			errno = EBUSY;
		if (settings_have(cg, word + 1))
			return error_call(enable_hints,
					  "enable the %s controller in %s",
					  word + 1, why_path(dir, path));
	}
	return 0;
}

/*
 * True: this user may not, and need not, since there is no limit for this
 * tree.  Then it is as one in which nothing can be made.
 */
bool why_do_without(const struct cgroup *cg, struct cgroup_tree *tree)
{
	int reason = errno;
	bool is_closed = reason == EACCES || reason == EPERM || reason == EROFS;

	if (!is_closed || settings_need(cg, tree)) {
		errno = reason;
		return false;
	}
	free(tree->top);
	tree->top = NULL;
	tree->hint = "only the owner of a group may make groups below it";
	return true;
}

int why_not_made(const struct cgroup *cg, int dir, const char *name)
{
	char path[PATH_MAX];

	if (why_do_without(cg, &cg->others->trees[0]))
		return -1;
	return error_call(why_no_group, "make the group %s/%s",
			  why_path(dir, path), name);
}

/*
 * The kernel would only say that a file is missing.  The causes: nothing is
 * mounted, nobody hands the controller down, or we may not write there.
 */
static int why_no_place(const struct cgroup *cg,
			const struct cgroup_limit *limit)
{
	const struct cgroup_tree *trees = cg->others->trees, *tree;
	const char *file = limit->file, *by = limit->origin;
	int length = (int)strcspn(file, ".");

	tree = trees_with(cg, file);
	by = by ? by : "";
	if (!trees[0].controllers && !trees[1].controllers)
		return error_input("mount -t cgroup2 cgroup2 /sys/fs/cgroup",
				   "%sset %s: no cgroup file system is mounted",
				   by, file);
	if (!tree)
		return error_input(
			"look for it in cgroup.controllers of this group and "
			"of those above it (systemd: Delegate=yes), and for "
			"cgroup_disable= in /proc/cmdline",
			"%sset %s: there is no %.*s controller here", by, file,
			length, file);
	if (!tree->top)
		return error_input(
			tree->hint,
			"%sset %s: no group can be made here in the tree of "
			"the %.*s controller",
			by, file, length, file);
	return error_input(NULL,
			   "%sset %s: the container has no group with the %.*s "
			   "controller",
			   by, file, length, file);
}

int why_not_set(const struct cgroup *cg, const struct cgroup_limit *limit)
{
	const struct cgroup_tree *tree = trees_with(cg, limit->file);
	bool is_there = tree && tree->group;

	if (limit->is_optional &&
	    (!is_there || errno == ENOENT || errno == EOPNOTSUPP))
		return 0;
	if (!is_there)
		return why_no_place(cg, limit);
	return error_call(limit_hints, "%sset %s to \"%s\" in %s",
			  limit->origin ? limit->origin : "", limit->file,
			  limit->value, tree->group);
}

int why_not_limited(const struct cgroup *cg, const struct cgroup_setting *s)
{
	const struct cgroup_limit limit = { .file = s->file,
					    .value = s->value,
					    .is_optional = s->is_optional };

	return why_not_set(cg, &limit);
}

int why_not_yet(const struct cgroup *cg, const char *line)
{
	return error_input("a process in it may hang in the kernel: see state "
			   "D in ps",
			   "wait for \"%s\" in %s: not within %d seconds", line,
			   cg->path, CGROUP_WAIT_MS / 1000);
}

/*
 * cpu and pids can be enabled over processes, but the groups below then take
 * single threads, not processes.  clone3 would say no more than EOPNOTSUPP.
 */
int why_not_to_start(const struct cgroup *cg)
{
	char type[CGROUP_TEXT];

	if (!cg->path || cgroup_read_text(cg->dir, "cgroup.type", type) < 0 ||
	    strcmp(type, "domain invalid\n") != 0)
		return 0;
	return error_input(
		"the group above has controllers enabled and processes of its "
		"own (the \"no internal processes\" rule): move those to a "
		"group beside this one",
		"start the child in %s: its type is \"domain invalid\"",
		cg->path);
}
