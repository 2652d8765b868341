/*
 * cgroup v1: v2's names, translated.
 *
 * v1 grew one controller at a time, each with files of its own style in a
 * tree of its own.  A process is in one group of every tree, so joining is a
 * write per tree, and there is no file to kill a group or to wait for it.
 */
#include "05-cgroups/beyond/cgroup_v1.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/walk.h"
#include "05-cgroups/files.h"

#define V1_MEMORY    "memory.limit_in_bytes"
#define V1_WITH_SWAP "memory.memsw.limit_in_bytes"
#define V1_NO_LIMIT  (1LL << 62)

/* Limits that only have another name; "max" is -1 for v1. */
static const struct {
	const char *v2, *v1;
} v1_names[] = {
	{ "memory.low", "memory.soft_limit_in_bytes" },
	{ "cpu.max.burst", "cpu.cfs_burst_us" },
};

static const struct {
	const char *v2, *v1;
} v1_throttles[] = {
	{ "rbps", "blkio.throttle.read_bps_device" },
	{ "wbps", "blkio.throttle.write_bps_device" },
	{ "riops", "blkio.throttle.read_iops_device" },
	{ "wiops", "blkio.throttle.write_iops_device" },
};

/* Numbers to read: where v1 has them, and in which unit. */
static const struct {
	const char *v2, *v2_key, *v1, *v1_key;
	long long divisor;
} v1_numbers[] = {
	{ "memory.peak", NULL, "memory.max_usage_in_bytes", NULL, 1 },
	{ "memory.current", NULL, "memory.usage_in_bytes", NULL, 1 },
	{ "memory.max", NULL, V1_MEMORY, NULL, 1 },
	{ "memory.events", "oom_kill", "memory.oom_control", "oom_kill", 1 },
	{ "cpu.stat", "usage_usec", "cpuacct.usage", NULL, 1000 },
	{ "cpu.stat", "throttled_usec", "cpu.stat", "throttled_time", 1000 },
};

/* A v1 cpuset is born empty, and no process may join it until it is filled. */
int cgroup_v1_prepare(int parent, int group, const char *path)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };
	char text[CGROUP_TEXT];

	for (int i = 0; i < 2; i++) {
		/*
		 * A cpuset without cpus would answer ENOSPC to the first who
		 * joins.
		 */
		if (cgroup_read_text(group, files[i], text) < 0)
			continue; /* another controller's tree */
		if (text[0] != '\n' && text[0] != '\0')
			continue;
		if (cgroup_read_text(parent, files[i], text) < 0 ||
		    cgroup_write(group, files[i], text) < 0)
			return error_call(NULL, "copy %s from above to %s",
					  files[i], path);
	}
	return 0;
}

/* Anything from 4 EiB on is v1's way to say that there is no limit. */
static int cgroup_v1_write_number(int dir, const char *file, long long number)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld",
		 number >= V1_NO_LIMIT ? -1 : number);
	return cgroup_write(dir, file, text);
}

/* What v2 would take; strtoll(3) makes a 0 of any other word. */
static bool cgroup_v1_is_amount(const char *value)
{
	size_t digits = strspn(value, "0123456789");

	if (strncmp(value, "max", 3) == 0)
		return strchr(" ", value[3]) != NULL;
	if (digits == 0 || digits > 19)
		return strcmp(value, "-1") == 0;
	value += digits;
	return strchr(" kmgtKMGT", value[0]) &&
	       (value[0] == ' ' || !value[0] || !value[1]);
}

/* "max" as well as "max PERIOD"; the units are those that v2 knows. */
static long long cgroup_v1_bytes(const char *value)
{
	static const char units[] = "kmgt";
	char *end;
	long long bytes = strtoll(value, &end, 10);
	const char *unit = *end ? strchr(units, *end | ' ') : NULL;

	if (strncmp(value, "max", 3) == 0)
		return V1_NO_LIMIT;
	for (; unit && unit >= units; unit--)
		if (bytes > V1_NO_LIMIT / 1024)
			return V1_NO_LIMIT;
		else
			bytes *= 1024;
	return bytes;
}

/*
 * v2 limits memory and swap, v1 memory and the sum of both.  The sum may at
 * no time be the smaller one, so the order depends on the direction.
 */
static int cgroup_v1_memory(int dir, long long bytes)
{
	long long memory, sum;
	bool has_sum;

	/* Without swap in this kernel there is no file for the sum. */
	if (cgroup_number(dir, V1_MEMORY, NULL, &memory) <= 0 ||
	    cgroup_number(dir, V1_WITH_SWAP, NULL, &sum) < 0)
		return -1;
	has_sum = sum >= 0 && sum < V1_NO_LIMIT;
	if (has_sum) /* else it could overflow */
		sum = bytes >= V1_NO_LIMIT ? bytes : sum - memory + bytes;
	if (has_sum && bytes > memory &&
	    cgroup_v1_write_number(dir, V1_WITH_SWAP, sum) < 0)
		return -1;
	if (cgroup_v1_write_number(dir, V1_MEMORY, bytes) < 0)
		return -1;
	if (has_sum && bytes < memory)
		return cgroup_v1_write_number(dir, V1_WITH_SWAP, sum);
	return 0;
}

/* To be set after memory.max, because it is counted from there on. */
static int cgroup_v1_swap(int dir, long long bytes)
{
	long long memory;

	if (cgroup_number(dir, V1_MEMORY, NULL, &memory) <= 0)
		return -1;
	if (bytes < V1_NO_LIMIT) /* else the sum would overflow */
		bytes += memory;
	return cgroup_v1_write_number(dir, V1_WITH_SWAP, bytes);
}

/* "MAJOR:MINOR rbps=N wbps=N riops=N wiops=N", any of them, N can be "max". */
static int cgroup_v1_io(int dir, const char *value)
{
	char *rest = strdupa(value), *disk, *word, text[64];
	size_t i, count = sizeof(v1_throttles) / sizeof(v1_throttles[0]);

	disk = cgroup_next_word(&rest, " ");
	while ((word = cgroup_next_word(&rest, " "))) {
		const char *name = strsep(&word, "=");

		for (i = 0; i < count; i++)
			if (strcmp(v1_throttles[i].v2, name) == 0)
				break;
		if (i == count || !word) {
			errno = EINVAL;
			return -1;
		}
		snprintf(text, sizeof(text), "%s %s", disk,
			 strcmp(word, "max") == 0 ? "0" : word);
		if (cgroup_write(dir, v1_throttles[i].v1, text) < 0)
			return -1;
	}
	return 0;
}

/* "default N", "N" or "MAJOR:MINOR N". */
static int cgroup_v1_io_weight(int dir, const char *value)
{
	if (strchr(value, ':'))
		return cgroup_write_bfq(dir, "blkio.bfq.weight_device", value);
	if (strncmp(value, "default ", 8) == 0)
		value += 8;
	return cgroup_write_bfq(dir, "blkio.bfq.weight", value);
}

/* "hugetlb.2MB.max" is hugetlb.2MB.limit_in_bytes. */
static int cgroup_v1_hugetlb(int dir, const char *file, const char *value)
{
	char name[64];

	snprintf(name, sizeof(name), "%.*slimit_in_bytes",
		 (int)(strrchr(file, '.') + 1 - file), file);
	return cgroup_v1_write_number(dir, name, cgroup_v1_bytes(value));
}

/* Those below for which another number is made of the value. */
static bool cgroup_v1_is_computed(const char *file)
{
	static const char *const others[] = { "memory.max", "memory.swap.max",
					      "cpu.max", "cpu.weight" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(file, others[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof(v1_names) / sizeof(v1_names[0]); i++)
		if (strcmp(file, v1_names[i].v2) == 0)
			return true;
	return strncmp(file, "hugetlb.", 8) == 0;
}

/*
 * What is not known here goes to the file of that name: pids.max and cpuset
 * have kept theirs, and whoever knows v1 can ask for "cpu.shares".
 */
int cgroup_v1_limit(const struct cgroup_tree *tree, const char *file,
		    const char *value)
{
	int dir = tree->fd;

	if (cgroup_v1_is_computed(file) && !cgroup_v1_is_amount(value)) {
		errno = EINVAL;
		return -1;
	}
	if (strcmp(file, "memory.max") == 0)
		return cgroup_v1_memory(dir, cgroup_v1_bytes(value));
	if (strcmp(file, "memory.swap.max") == 0)
		return cgroup_v1_swap(dir, cgroup_v1_bytes(value));
	if (strcmp(file, "cpu.max") == 0)
		return cgroup_v1_quota(dir, value);
	if (strcmp(file, "cpu.weight") == 0)
		return cgroup_v1_weight(dir, value);
	if (strncmp(file, "cpu.rt_", 7) == 0)
		return cgroup_v1_real_time(tree, file, value);
	if (strcmp(file, "io.max") == 0)
		return cgroup_v1_io(dir, value);
	if (strcmp(file, "io.weight") == 0)
		return cgroup_v1_io_weight(dir, value);
	if (strncmp(file, "hugetlb.", 8) == 0)
		return cgroup_v1_hugetlb(dir, file, value);
	for (size_t i = 0; i < sizeof(v1_names) / sizeof(v1_names[0]); i++)
		if (strcmp(file, v1_names[i].v2) == 0)
			return cgroup_v1_write_number(dir, v1_names[i].v1,
						      cgroup_v1_bytes(value));
	return cgroup_write(dir, file, value);
}

/*
 * Kill one process.  1, and `*last` becomes a descriptor that tells when it
 * has ended; 0: it is gone; -1 with errno.
 */
static int cgroup_v1_kill_one(pid_t pid, int *last)
{
	int pidfd, answer = look_process(pid, &pidfd);

	if (answer <= 0)
		return answer;
	syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
	cleanup_close(last);
	*last = pidfd;
	return 1;
}

/* All in one group.  Returns how many there were, or -1 with errno. */
static int cgroup_v1_kill_in(int dir, int *last)
{
	char text[CGROUP_TEXT], *rest = text, *word;
	int killed, count = 0;

	if (cgroup_read_text(dir, "cgroup.procs", text) < 0)
		return look_answer(-1);
	/* Of a long list the last number may be cut: another process's. */
	if (strrchr(text, '\n'))
		strrchr(text, '\n')[0] = '\0';
	while ((word = cgroup_next_word(&rest, "\n"))) {
		pid_t pid = (pid_t)strtol(word, NULL, 10);

		/* 0: in no PID namespace of ours */
		killed = pid > 0 ? cgroup_v1_kill_one(pid, last) : 0;
		if (killed < 0)
			return -1;
		count += killed;
	}
	return count;
}

/* And in the groups below it. */
static int cgroup_v1_kill_all(const struct cgroup_tree *tree, int *last)
{
	struct cgroup_walk walk = cgroup_walk_begin(tree->fd);
	int found, killed = 0, count = 0;

	while (killed >= 0 && (found = cgroup_walk_next(&walk)) > 0) {
		killed = cgroup_v1_kill_in(walk.dir, last);
		count += killed;
	}
	cgroup_walk_end(&walk);
	if (killed < 0 || found < 0)
		return error_call(NULL, "kill all in %s and below",
				  tree->group);
	return count;
}

/*
 * v1 can only read the list of processes and kill them one by one.  Frozen
 * ones cannot fork away from the list meanwhile; without a freezer it is done
 * again until nobody is left.
 */
int cgroup_v1_empty(const struct cgroup_tree *tree)
{
	bool can_freeze = cgroup_has(tree->controllers, "freezer");
	int count;

	do {
		CLEANUP_CLOSE int last = -1;

		if (can_freeze && cgroup_v1_try_freeze(tree, true) < 0)
			return -1;
		count = cgroup_v1_kill_all(tree, &last);
		/*
		 * SIGKILL waits for a frozen process to go on: v1's freezer
		 * holds it.  By now nobody is left to freeze it again.
		 */
		if (can_freeze && (cgroup_v1_thaw_below(tree->fd) < 0 ||
				   cgroup_v1_try_freeze(tree, false) < 0))
			return -1;
		if (count < 0)
			return -1;
		struct pollfd end = { .fd = last, .events = POLLIN };
		if (count > 0 && poll(&end, 1, CGROUP_WAIT_MS) == 0)
			return error_input(
				"it may hang in the kernel: see state D in ps",
				"kill a process in %s: it lives after %d "
				"seconds",
				tree->group, CGROUP_WAIT_MS / 1000);
	} while (count > 0);
	return 0;
}

/* Either translated, or a file that v1 calls the same: pids.current. */
int cgroup_v1_read(const struct cgroup *cg, const char *file, const char *key,
		   long long *number)
{
	const struct cgroup_tree *tree;
	int answer;

	*number = -1;

	for (size_t i = 0; i < sizeof(v1_numbers) / sizeof(v1_numbers[0]);
	     i++) {
		if (strcmp(file, v1_numbers[i].v2) != 0 ||
		    strcmp(key ? key : "",
			   v1_numbers[i].v2_key ? v1_numbers[i].v2_key : "") !=
			    0)
			continue;
		tree = cgroup_tree_for(cg, v1_numbers[i].v1);
		if (!tree || !tree->group)
			return 0;
		answer = cgroup_number(tree->fd, v1_numbers[i].v1,
				       v1_numbers[i].v1_key, number);
		if (answer > 0)
			*number /= v1_numbers[i].divisor;
		return answer;
	}
	tree = cgroup_tree_for(cg, file);
	return tree && tree->group ? cgroup_number(tree->fd, file, key, number)
				   : 0;
}
