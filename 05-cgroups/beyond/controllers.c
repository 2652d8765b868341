/*
 * Controllers: who has the memory files, the cpu files, and who may not.
 *
 * On v2 a group has the files of a controller only if the group above it
 * lists that controller in cgroup.subtree_control.  So controllers are handed
 * down from the root, level by level, and each level may keep them back.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/make.h"
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

const struct cgroup_setting *cgroup_list(const struct cgroup *cg)
{
	return cg->list ? cg->list : cg->settings;
}

/* Is there a limit for this controller?  Then it has to work. */
static bool cgroup_is_limited(const struct cgroup *cg, const char *controller)
{
	size_t length = strlen(controller);

	for (const struct cgroup_setting *s = cgroup_list(cg); s->file; s++)
		if (!s->is_optional &&
		    strncmp(s->file, controller, length) == 0 &&
		    s->file[length] == '.')
			return true;
	return false;
}

bool cgroup_limits_tree(const struct cgroup *cg, const struct cgroup_tree *tree)
{
	for (const struct cgroup_setting *s = cgroup_list(cg); s->file; s++)
		if (!s->is_optional && cgroup_tree_for(cg, s->file) == tree)
			return true;
	return false;
}

/* Is it of use?  A report is content with what there is. */
static bool cgroup_is_wanted(const struct cgroup *cg, const char *controller)
{
	return cgroup_is_limited(cg, controller) ||
	       (cg->stats && cgroup_has("memory pids cpuacct", controller));
}

/*
 * The "no internal processes" rule: a group with controllers for its children
 * has no processes of its own, except the root, which has no cgroup.type.
 * For memory the kernel refuses.  With cpu or pids it makes the group
 * threaded instead, and then nobody can use what is below: so we refuse.
 */
static int cgroup_has_processes(int dir)
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

/*
 * The words "+NAME +NAME ..." for what is wanted and not enabled yet.  Above
 * the path of the container's group only what a limit needs: that is changed
 * for all the others there, too.
 */
static void cgroup_choose(const struct cgroup *cg, int dir, bool is_above,
			  char words[CGROUP_TEXT])
{
	char have[CGROUP_TEXT], enabled[CGROUP_TEXT];
	char *rest = have, *name;
	size_t used = 0;

	words[0] = '\0';
	cgroup_read_text(dir, "cgroup.controllers", have);
	cgroup_read_text(dir, "cgroup.subtree_control", enabled);
	while ((name = cgroup_next_word(&rest, " \n")))
		if (!cgroup_has(enabled, name) && used < CGROUP_TEXT &&
		    ((cg->every_tree && !is_above) ||
		     cgroup_is_wanted(cg, name)))
			used += (size_t)snprintf(
				words + used, CGROUP_TEXT - used, "+%s ", name);
}

/* Each alone: one that no limit needs may be refused. */
static int cgroup_hand_down_each(const struct cgroup *cg, int dir,
				 const char *path, char *words)
{
	int is_refused = cgroup_has_processes(dir);
	char *word;

	if (is_refused < 0)
		return error_call(NULL, "look for processes in %s", path);
	while ((word = cgroup_next_word(&words, " "))) {
		if (!is_refused &&
		    cgroup_write(dir, "cgroup.subtree_control", word) == 0)
			continue;
		if (is_refused)
			errno = EBUSY;
		if (cgroup_is_limited(cg, word + 1))
			return error_call(enable_hints,
					  "enable the %s controller in %s",
					  word + 1, path);
	}
	return 0;
}

/*
 * `is_ours`: the kit made this group.  What is enabled in another one stays
 * enabled, since somebody else may rely on it by then; so it is announced.
 */
static void cgroup_announce(int dir, const char *path, char *words)
{
	char enabled[CGROUP_TEXT], *word;

	cgroup_read_text(dir, "cgroup.subtree_control", enabled);
	while ((word = cgroup_next_word(&words, " ")))
		if (cgroup_has(enabled, word + 1))
			error_note("enabled the %s controller in %s; it stays "
				   "enabled",
				   word + 1, path);
}

int cgroup_enable(const struct cgroup *cg, int dir, const char *path,
		  bool is_ours)
{
	bool is_above = strcmp(path, cg->trees[0].top) == 0;
	char words[CGROUP_TEXT];

	if ((!cg->every_tree || is_above) && !cg->stats &&
	    !cgroup_list(cg)->file)
		return 0; /* nothing to ask for */
	cgroup_choose(cg, dir, is_above, words);
	if (!words[0])
		return 0;
	/* In one write(2), if it is taken: each takes the kernel its time. */
	if ((cgroup_has_processes(dir) ||
	     cgroup_write(dir, "cgroup.subtree_control", words) < 0) &&
	    cgroup_hand_down_each(cg, dir, path, strdupa(words)) < 0)
		return -1;
	if (!is_ours)
		cgroup_announce(dir, path, words);
	return 0;
}

/*
 * v2 always: to start in, to freeze, to kill, and to count the time it used.
 * v1, if not every tree is asked for, only for a controller that is needed,
 * because a process has to be moved to each of its trees: the first time after
 * a while that takes the kernel about 10 ms.  Without v2 two controllers stand
 * for what it always can.
 */
bool cgroup_needs_tree(const struct cgroup *cg, const struct cgroup_tree *tree)
{
	CLEANUP_FREE char *names =
		strdup(tree->controllers ? tree->controllers : "");
	char *rest = names, *name;

	if (!tree->top || tree->is_v2 || cg->every_tree)
		return tree->top != NULL;
	if (!cg->trees[0].top && (cgroup_has(tree->controllers, "freezer") ||
				  cgroup_has(tree->controllers, "cpuacct")))
		return true;
	if (!cg->trees[0].top && cgroup_has(tree->controllers, "devices"))
		return cg->rules;
	while ((name = cgroup_next_word(&rest, ",")))
		if (cgroup_is_wanted(cg, name) &&
		    cgroup_tree_for(cg, name) == tree)
			return true;
	return false;
}

/*
 * cpu and pids can be enabled over processes, but the groups below then take
 * single threads, not processes.  clone3 would say no more than EOPNOTSUPP.
 */
int cgroup_check_type(const struct cgroup *cg)
{
	const struct cgroup_tree *tree = cgroup_v2(cg);
	char type[CGROUP_TEXT];

	if (!tree || cgroup_read_text(tree->fd, "cgroup.type", type) < 0 ||
	    strcmp(type, "domain invalid\n") != 0)
		return 0;
	return error_input(
		"the group above has controllers enabled and processes of its "
		"own (the \"no internal processes\" rule): move those to a "
		"group beside this one",
		"start the child in %s: its type is \"domain invalid\"",
		tree->group);
}

/*
 * The kernel would only say that a file is missing.  The causes: nothing is
 * mounted, nobody hands the controller down, or we may not write there.
 */
int cgroup_complain(const struct cgroup *cg,
		    const struct cgroup_setting *setting)
{
	const char *file = setting->file;
	const struct cgroup_tree *tree = cgroup_tree_for(cg, file);
	const char *by = setting->origin ? setting->origin : "";
	int length = (int)strcspn(file, ".");

	if (!cg->trees[0].controllers && !cg->trees[1].controllers)
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
