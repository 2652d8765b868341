/*
 * Where the trees are mounted, and where in them groups may be made.
 *
 * /sys/fs/cgroup is only a habit.  mountinfo says what is mounted and which
 * group is the root of the mount; /proc/self/cgroup says which group we are
 * in.  Both are told as our cgroup namespace sees them.
 */
#include "05-cgroups/beyond/top.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/trees.h"
#include "05-cgroups/beyond/why.h"
#include "05-cgroups/files.h"

static const char outside_hint[] =
	"what is mounted shows groups outside of this cgroup namespace: mount "
	"it anew, umount /sys/fs/cgroup; mount -t cgroup2 cgroup2 "
	"/sys/fs/cgroup";
static const char read_only_hint[] =
	"cgroups are mounted read-only here, as in most containers";
static const char not_yours_hint[] =
	"run as root (sudo), or in a group that was given to you: systemd-run "
	"--user --scope -p Delegate=yes COMMAND";

/* A line of mountinfo, see proc_pid_mountinfo(5). */
struct top_mount {
	unsigned int id;
	char root[PATH_MAX];  /* the group that the mount shows as its top */
	char point[PATH_MAX]; /* where it is mounted */
	char type[32];        /* "cgroup2", "cgroup" for v1 */
	char options[256];    /* with v1, the names of the controllers */
};

/*
 *     ID PARENT MAJ:MIN ROOT POINT OPTIONS [FIELD]... - TYPE SOURCE OPTIONS
 *     32 31 0:29 / /sys/fs/cgroup/cpu rw shared:9 - cgroup cgroup rw,cpu
 */
static bool top_parse_mount(const char *line, struct top_mount *mount)
{
	const char *rest = strstr(line, " - ");

	return rest &&
	       sscanf(rest, " - %31s %*s %255s", mount->type, mount->options) ==
		       2 &&
	       strncmp(mount->type, "cgroup", 6) == 0 &&
	       sscanf(line, "%u %*s %*s %4095s %4095s", &mount->id, mount->root,
		      mount->point) == 3;
}

/*
 * A mount can be hidden below a later one: does its path still lead to it?
 * Of the answers of look.h.  One that this user may not walk to is none of
 * his.
 */
static int top_is_visible(const struct top_mount *mount)
{
	struct statx status;

	if (statx(AT_FDCWD, mount->point, 0, STATX_MNT_ID, &status) == 0)
		return status.stx_mnt_id == mount->id;
	if (errno == ENOENT || errno == ENOTDIR || errno == EACCES)
		return 0;
	return error_call(NULL, "look at the mount %s", mount->point);
}

/*
 * All lines of /proc/self/cgroup, for free().  NULL also where there is none,
 * as without /proc, and then *failed stays as it is.
 */
static char *top_read_own(bool *failed)
{
	static const char path[] = "/proc/self/cgroup";
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file && errno == ENOENT)
		return NULL;
	if (file && getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = NULL;
	}
	if (!text) {
		error_call(NULL, "read %s", path);
		*failed = true;
	}
	if (file)
		fclose(file);
	return text;
}

/*
 * Our own group in the tree with these v1 controllers, or in v2's (NULL).
 * The lines are "4:cpu,cpuacct:/path", and "0::/path" for v2; a v1 tree
 * without controllers has a name, "1:name=systemd:/path".
 */
static char *top_own_path(const char *own, const char *controllers)
{
	for (; own && *own; own += strspn(own, "\n")) {
		const char *names = strchr(own, ':');
		const char *path = names ? strchr(names + 1, ':') : NULL;
		char one[64];

		own += strcspn(own, "\n");
		if (!path || path > own)
			continue;
		/* Any of them will do. */
		snprintf(one, sizeof(one), "%.*s",
			 (int)strcspn(names + 1, ",:"), names + 1);
		if (controllers ? cgroup_has(controllers, one) : !*one)
			return strndup(path + 1, (size_t)(own - path - 1));
	}
	return NULL;
}

/*
 * mkdir here, and move processes between here and the groups below?  1, 0 with
 * errno, or -1.
 */
static int top_may_write(const char *path, bool is_v2)
{
	static const char *const files[] = { "", "cgroup.procs",
					     "cgroup.subtree_control" };
	char name[PATH_MAX + 32];

	for (size_t i = 0; i < (is_v2 ? 3 : 1); i++) {
		snprintf(name, sizeof(name), "%s/%s", path, files[i]);
		if (faccessat(AT_FDCWD, name, W_OK, AT_EACCESS) == 0)
			continue;
		if (errno == EACCES || errno == EROFS || errno == EPERM ||
		    errno == ENOENT)
			return 0;
		return error_call(NULL, "look whether %s may be written to",
				  name);
	}
	return 1;
}

/*
 * The highest group that the caller may write to, on the way from the top of
 * the mount to the caller's own group.  For root that is the top itself; for
 * an ordinary user it is what was delegated to them, if anything.
 *
 * It has to be on that way: a process may be moved only by who may write to
 * the first group above both the old place and the new one.  0 also if there
 * is none: then tree->hint says why.
 */
static int top_find_one(const struct top_mount *mount, const char *own,
			struct cgroup_tree *tree)
{
	size_t end, length = strlen(mount->root);
	char path[PATH_MAX];
	int answer;

	tree->hint = outside_hint;
	if (strncmp(mount->root, "/..", 3) == 0)
		return 0;
	if (length == 1)
		length = 0; /* "/" */
	if (!own || strncmp(own, mount->root, length) != 0 ||
	    (own[length] != '/' && own[length] != '\0'))
		own = "", length = 0; /* not in what it shows */
	own += length;
	snprintf(path, sizeof(path), "%s", mount->point);
	while ((answer = top_may_write(path, tree->is_v2)) == 0) {
		tree->hint = errno == EROFS ? read_only_hint : not_yours_hint;
		own += strspn(own, "/");
		if (*own == '\0')
			return 0;
		end = strlen(path);
		snprintf(path + end, sizeof(path) - end, "/%.*s",
			 (int)strcspn(own, "/"), own);
		own += strcspn(own, "/");
	}
	if (answer < 0)
		return -1;
	tree->top = strdup(path);
	return tree->top ? 0 : error_call(NULL, "keep the name of a group");
}

/* v1 lists a tree's controllers in mountinfo, v2 in a file. */
static int top_read_controllers(struct cgroup_tree *tree,
				const struct top_mount *mount)
{
	const char *dir = tree->top ? tree->top : mount->point;
	const char *io = cgroup_has(mount->options, "blkio") ? ",io" : "";
	CLEANUP_CLOSE int fd = -1;
	char text[CGROUP_TEXT];

	if (tree->is_v2) {
		fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0 ||
		    cgroup_read_text(fd, "cgroup.controllers", text) < 0)
			return error_call(NULL, "read %s/cgroup.controllers",
					  dir);
		tree->controllers = strdup(text);
	} else if (asprintf(&tree->controllers, "%s%s", mount->options, io) <
		   0) {
		tree->controllers = NULL;
	}
	return tree->controllers ? 0 : error_call(NULL, "keep controllers");
}

/* "rw,cpu" is another tree than "rw,cpuacct"; ours may have an "io" more. */
static bool top_is_tree_of(const struct cgroup_tree *tree,
			   const struct top_mount *mount)
{
	size_t length = strlen(mount->options);

	return strncmp(tree->controllers, mount->options, length) == 0 &&
	       strchr(",", tree->controllers[length]);
}

/* The place for this mount's tree in the list: the first is for v2. */
static struct cgroup_tree *top_place(struct cgroup *cg,
				     const struct top_mount *mount, bool is_v2)
{
	int i = is_v2 ? 0 : 1;

	while (!is_v2 && i < TREES_MAX && cg->others->trees[i].controllers &&
	       !top_is_tree_of(&cg->others->trees[i], mount))
		i++;
	return i < TREES_MAX ? &cg->others->trees[i] : NULL;
}

/*
 * Note the tree of this mount.  A tree can be mounted in several places; the
 * first one that can be used is as good as any.
 */
static int top_add_mount(struct cgroup *cg, const struct top_mount *mount,
			 const char *own_groups)
{
	bool is_v2 = strcmp(mount->type, "cgroup2") == 0;
	struct cgroup_tree *tree = top_place(cg, mount, is_v2);
	CLEANUP_FREE char *own =
		top_own_path(own_groups, is_v2 ? NULL : mount->options);

	if (!tree || tree->top)
		return 0; /* there already */
	free(tree->controllers);
	free(tree->point);
	tree->controllers = NULL;
	tree->is_v2 = is_v2;
	tree->point = strdup(mount->point);
	if (!tree->point)
		return error_call(NULL, "keep the place of a tree");
	if (top_find_one(mount, own, tree) < 0)
		return -1;
	return top_read_controllers(tree, mount);
}

/*
 * What has been frozen ends only when it is thawed.  So of v1's trees the one
 * with the freezer comes first when a group is killed in all of them.
 */
static void top_put_freezer_first(struct cgroup *cg)
{
	struct cgroup_tree *first = &cg->others->trees[1], saved = *first;

	for (int i = 2; i < TREES_MAX; i++)
		if (cgroup_has(cg->others->trees[i].controllers, "freezer")) {
			*first = cg->others->trees[i];
			cg->others->trees[i] = saved;
		}
}

static int top_add_mounts(struct cgroup *cg, FILE *mountinfo,
			  const char *own_groups)
{
	CLEANUP_FREE char *line = NULL;
	struct top_mount mount;
	size_t size = 0;
	int answer = 0;

	while (answer >= 0 && getline(&line, &size, mountinfo) > 0) {
		if (!top_parse_mount(line, &mount))
			continue;
		answer = top_is_visible(&mount);
		if (answer > 0)
			answer = top_add_mount(cg, &mount, own_groups);
	}
	if (answer >= 0 && ferror(mountinfo))
		return error_call(NULL, "read the list of mounts");
	return answer < 0 ? -1 : 0;
}

/*
 * A machine without any tree is no error here: it is one when a limit is asked
 * for, and why_not_limited() then says why there is no group.
 */
int top_find(struct cgroup *cg)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	CLEANUP_FREE char *own = NULL;
	bool failed = false;

	if (!file && errno != ENOENT)
		return error_call(NULL, "read the list of mounts");
	own = top_read_own(&failed);
	if (trees_begin(cg) < 0)
		failed = true;
	else if (!failed && file)
		failed = top_add_mounts(cg, file, own) < 0;
	if (file)
		fclose(file);
	if (failed)
		return -1;
	top_put_freezer_first(cg);
	return 0;
}

int top_open(const struct cgroup *cg, int *top)
{
	const char *path = cg->others->trees[0].top;

	if (!path)
		return 0;
	*top = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *top < 0 ? error_call(NULL, "open the group %s", path) : 1;
}

/*
 * Above the path of a container's group only what a limit needs: that is
 * changed for all the others there, too.
 */
bool top_choose_more(const struct cgroup *cg, int dir, bool all,
		     char words[CGROUP_TEXT])
{
	char have[CGROUP_TEXT], enabled[CGROUP_TEXT];
	char *rest = have, *name;
	size_t used = 0;

	words[0] = '\0';
	if (!all && !cg->stats && !cg->others->limits->file)
		return false; /* nothing to ask for */
	cgroup_read_text(dir, "cgroup.controllers", have);
	cgroup_read_text(dir, "cgroup.subtree_control", enabled);
	while ((name = cgroup_next_word(&rest, " \n")))
		if (!cgroup_has(enabled, name) && used < CGROUP_TEXT &&
		    (all || settings_want(cg, name)))
			used += (size_t)snprintf(
				words + used, CGROUP_TEXT - used, "+%s ", name);
	return used > 0;
}

bool top_choose(const struct cgroup *cg, int dir, char words[CGROUP_TEXT])
{
	return top_choose_more(cg, dir, false, words);
}

/*
 * What is enabled in a group that the kit has not made stays enabled, since
 * somebody else may rely on it by then; so it is announced.  Of a path that a
 * caller has chosen he says whose the groups are; else only the top is not ours.
 */
int top_announce(const struct cgroup *cg, int dir, char words[CGROUP_TEXT])
{
	char enabled[CGROUP_TEXT], place[PATH_MAX], *word;
	const char *path = why_path(dir, place);

	if (!cg->others->path && strcmp(path, cg->others->trees[0].top) != 0)
		return 0;
	cgroup_read_text(dir, "cgroup.subtree_control", enabled);
	while ((word = cgroup_next_word(&words, " ")))
		if (cgroup_has(enabled, word + 1))
			error_note("enabled the %s controller in %s; it stays "
				   "enabled",
				   word + 1, path);
	return 0;
}
