/*
 * nsmap: the namespaces of this machine as a tree.
 *
 * Every namespace belongs to a user namespace: the one its maker was in.  Who
 * has capabilities there has them over the namespace too.  So user namespaces
 * are the trunk; the other kinds hang on their owners.  PID namespaces have a
 * parent of their own kind as well: it sees the processes of its children.
 *
 *     sudo bin/nsmap
 *     user:[4026531837]  101 processes: 1 init, 2 kthreadd, 3 kworker ...
 *     |-- uts:[4026531838]  100 processes: 1 init, 2 kthreadd, 3 kworker ...
 *     |-- uts:[4026532177]  1 process: 812 udevd
 *     |-- net:[4026532204]  no process; mounted on /run/netns/blue
 *     `-- user:[4026532600]  of uid 1000; 1 process: 901 bash
 *         `-- mnt:[4026532601]  1 process: 901 bash
 *
 * The links in /proc/PID/ns lead to namespaces; ioctl_ns(2) leads from one to
 * its owner and its parent, also where no process lives.  A namespace that
 * only an open descriptor or a thread keeps is not found.
 */
#include <linux/sched.h>
#include <stdio.h>

#include "habits/error.h"
#include "habits/hints.h"
#include "habits/options.h"
#include "tools/nsmap/nsmap.h"

struct nsmap_options {
	bool dot;
};

static const struct option_entry nsmap_entries[] = {
	{ 'd', "dot", NULL, "for graphviz: | dot -Tsvg >map.svg", option_flag,
	  offsetof(struct nsmap_options, dot) },
	{ 0 },
};

static const struct option_group groups[] = {
	{ nsmap_entries, 0 },
	{ 0 },
};

static const struct program program = {
	.usage = "[OPTION]...",
	.summary = "Draw the namespaces of this machine: who owns whom, and "
		   "who lives in them.",
	.example = hint_try_nsmap,
	.groups = groups,
};

/* Say what this picture lacks. */
static void nsmap_print_unseen(const struct map *map)
{
	int cut = 0;

	if (map->unseen > 0)
		error_note("processes that may not be looked at: %d (root, "
			   "with sudo, sees more)",
			   map->unseen);
	for (size_t i = 0; i < map->count; i++)
		cut += !map->spaces[i]->above &&
		       !nsmap_is_kind(map->spaces[i], CLONE_NEWUSER);
	if (cut > 0)
		error_note("namespaces whose owner is outside of the user "
			   "namespace that we are in: %d",
			   cut);
}

int main(int argc, char **argv)
{
	struct nsmap_options options = { 0 };
	struct map map = { 0 };
	char **rest;
	int status = options_parse(&program, &options, argc, argv, &rest);

	if (status == 0 && *rest)
		status = error_input("--help shows the options",
				     "it takes no words: \"%s\"", *rest);
	if (status != 0)
		return status > 0 ? 0 : EXIT_USAGE;
	status = nsmap_look(&map);
	if (status == 0 && options.dot)
		nsmap_draw_dot(&map);
	else if (status == 0)
		nsmap_draw(&map);
	if (status == 0)
		nsmap_print_unseen(&map);
	nsmap_free(&map);
	if (status == 0 && (fflush(stdout) != 0 || ferror(stdout)))
		status = error_call(NULL, "print the map");
	return status < 0 ? EXIT_SETUP : 0;
}
