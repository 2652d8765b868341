/*
 * One limit in one tree, by the name of its file in v2: most of v1's have
 * another name, or another unit, or say the same in other words.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct cgroup;
struct cgroup_tree;

/* What v1 and v2 are given in different words is in a list twice. */
enum cgroup_layout { CGROUP_ANY, CGROUP_V1_ONLY, CGROUP_V2_ONLY };

/* What is asked for: the settings of options, or any number from elsewhere. */
struct cgroup_limit {
	const char *file; /* NULL ends a list */
	const char *value;
	bool is_optional; /* skip it where the kernel has no such limit */
	enum cgroup_layout layout;
	const char *origin; /* who asked for it, for messages; may be NULL */
};

/* Is there a limit for this controller, or in this tree; is it of any use? */
bool settings_have(const struct cgroup *cg, const char *controller);
bool settings_need(const struct cgroup *cg, const struct cgroup_tree *tree);
bool settings_want(const struct cgroup *cg, const char *controller);

/*
 * A name of v1's own ("cpu.shares") is written as it is where v1 has the
 * controller.  0, or -1 with errno and no message.
 */
int settings_write(const struct cgroup_tree *tree, const char *file,
		   const char *value);

/* Which files that is in a tree, to put back what was there: how many. */
#define SETTINGS_FILES 4
#define SETTINGS_NAME  64
size_t settings_files(bool is_v2, const char *file,
		      char names[SETTINGS_FILES][SETTINGS_NAME]);

/*
 * v1_cpu.c: a pair of files for a quota, or for real time, which the groups
 * above must have first.  What they have is given back when a group goes.
 */
int v1_quota(int dir, const char *value);
int v1_real_time(const struct cgroup_tree *tree, const char *file,
		 const char *value);
int v1_give_back(const struct cgroup_tree *tree);

/* Shares of the cpu are 2 to 262144, weights 1 to 10000; 1024 is 100. */
long long v1_weight(long long shares);
long long v1_shares(long long weight); /* the most that have this weight */
