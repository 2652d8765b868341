/* Stage 05: a budget. */
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/runner/helpers.h"
#include "tests/runner/judged.h"
#include "tests/runner/moments.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "05-cgroups";

#define ROOT MAYBE, "--rootfs", rootfs(), SAME

/* Takes memory without end, in a child, so that the shell can report. */
#define MEMORY_HOG "head -c 200m /dev/zero | tail -c 200m > /dev/null"

/* The limits that a process is under, wherever this machine keeps them. */
static char *limit_of(const char *pid, const char *v1, const char *file,
		      const char *v1_file)
{
	char *path = shell("sed -n 's/^[0-9]*:[^:]*\\b%s\\b[^:]*://p' "
			   "/proc/%s/cgroup",
			   v1, pid);

	if (path[0] && v1_file)
		return shell("cat /sys/fs/cgroup/%s%s/%s", v1, path, v1_file);
	path = shell("sed -n 's/^0:://p' /proc/%s/cgroup", pid);
	return shell("cat /sys/fs/cgroup%s/%s", path, file);
}

/* The command's process, as the host numbers it. */
static char *inside(const struct running *r)
{
	return text("%ld", innermost(r));
}

/* So many cpus' time; -1 if there is no quota. */
static double quota_of(const struct running *r)
{
	double quota = -1, period = 100000;
	char *pid = inside(r);

	if (sscanf(limit_of(pid, "cpu", "cpu.max", "cpu.cfs_quota_us"),
		   "%lf %lf", &quota, &period) == 1)
		period = strtod(
			limit_of(pid, "cpu", "none", "cpu.cfs_period_us"),
			NULL);
	return quota < 0 ? -1 : quota / period;
}

static void need_controller(const char *name)
{
	if (strcmp(shell("grep -w %s /proc/cgroups | cut -f4", name), "1") != 0)
		skip("this kernel has no %s controller", name);
}

START_TEST(memory_is_limited)
{
	struct result *r;

	need_controller("memory");
	r = RUN(ROOT, NEW, "--memory", "32M", SAME, "sh", "-c",
		"echo begun; " MEMORY_HOG " && echo survived");
	has_run(r, "begun\n");
	isolated(!has(r->out, "survived"), "200 MiB were taken");
}
END_TEST

START_TEST(the_container_is_told_that_memory_ran_out)
{
	struct result *r;

	need_controller("memory");
	r = RUN(ROOT, "--memory", "32M", "sh", "-c", MEMORY_HOG);
	if (own_program())
		ck_assert_msg(has(r->err, "out of memory"), "%s", r->err);
}
END_TEST

START_TEST(a_command_that_runs_out_of_memory_is_137)
{
	need_controller("memory");
	ends_with(137, WORDS(ROOT, "--memory", "32M", "sh", "-c", MEMORY_HOG));
}
END_TEST

START_TEST(processes_are_limited)
{
	struct result *r;

	need_controller("pids");
	r = RUN(ROOT, NEW, "--pids", "10", SAME, "sh", "-c",
		"echo begun; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 100 "
		"> /dev/null & done; echo survived");
	has_run(r, "begun\n");
	isolated(!has(r->out, "survived"), "12 processes were started");
	ck_assert(has(r->err, "fork"));
}
END_TEST

START_TEST(cpu_time_is_limited)
{
	struct running r;
	double quota;

	need_controller("cpu");
	r = start(NULL, WORDS(ROOT, NEW, "--cpus", "0.5", SAME, "sh", "-c",
			      "echo ready; read x"));
	expect(&r, "ready");
	quota = quota_of(&r);
	finish(&r);
	isolated(quota > 0, "there is no quota");
}
END_TEST

/* Only the values: whether anything is limited, other tests have seen. */
START_TEST(the_limits_are_those_asked_for)
{
	static const char *const cpus[] = { "0.5", "1.5", "0.25" };
	struct running r;
	char *bytes;
	double quota;

	need_controller("memory");
	need_controller("cpu");
	for (size_t i = 0; i < sizeof(cpus) / sizeof(char *); i++) {
		r = start(NULL, WORDS(ROOT, "--cpus", cpus[i], "--memory",
				      "32M", "sh", "-c", "echo ready; read x"));
		expect(&r, "ready");
		quota = quota_of(&r);
		bytes = limit_of(inside(&r), "memory", "memory.max",
				 "memory.limit_in_bytes");
		finish(&r);
		ck_assert_msg(fabs(quota - strtod(cpus[i], NULL)) < 0.001,
			      "--cpus %s: the quota is that of %g cpus",
			      cpus[i], quota);
		ck_assert_msg(strcmp(bytes, "33554432") == 0,
			      "--memory 32M: the limit is %s bytes, not "
			      "33554432",
			      bytes);
	}
}
END_TEST

/* A kernel without swap has no file for it. */
START_TEST(swap_is_no_way_around_the_limit)
{
	struct running r;
	char *swap, *sum, *memory;

	need_controller("memory");
	r = start(NULL, WORDS(ROOT, "--memory", "32M", "sh", "-c",
			      "echo ready; read x"));
	expect(&r, "ready");
	memory = limit_of(inside(&r), "memory", "memory.max",
			  "memory.limit_in_bytes");
	swap = limit_of(inside(&r), "none", "memory.swap.max", NULL);
	sum = limit_of(inside(&r), "memory", "none",
		       "memory.memsw.limit_in_bytes");
	finish(&r);
	ck_assert_msg(strcmp(memory, "33554432") == 0,
		      "there is no limit to get around: it is %s", memory);
	ck_assert_msg(!swap[0] || strcmp(swap, "0") == 0,
		      "the rest of the memory goes to swap: memory.swap.max is "
		      "%s",
		      swap);
	ck_assert_msg(!sum[0] || strcmp(sum, "33554432") == 0,
		      "the rest of the memory goes to swap: memory and swap "
		      "together may be %s bytes",
		      sum);
}
END_TEST

START_TEST(a_cpu_hog_is_throttled)
{
	struct result *r;

	need_controller("cpu");
	r = RUN(ROOT, "--cpus", "0.05", "--stats", "sh", "-c",
		"i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done");
	if (own_program())
		ck_assert_msg(has(r->err, "throttled") &&
				      !has(r->err, "throttled: 0.000000"),
			      "%s", r->err);
}
END_TEST

START_TEST(the_cpuset_is_what_was_asked_for)
{
	struct result *r;

	need_controller("cpuset");
	if (strcmp(shell("nproc"), "1") == 0)
		skip("there is only one cpu");
	r = RUN(ROOT, NEW, "--cpuset", "0", SAME, "grep", "Cpus_allowed_list",
		"/proc/self/status");
	isolated(has(r->out, "Cpus_allowed_list:\t0\n"), "it is %s", r->out);
}
END_TEST

START_TEST(inside_the_group_is_the_root)
{
	struct running r =
		/* grep has been waited for when its line is printed. */
		start(NULL, WORDS(ROOT, NEW, "--pids", "20", SAME, "sh", "-c",
				  "echo \"$(grep pids /proc/self/cgroup || cat "
				  "/proc/self/cgroup)\"; read x"));
	char *seen = next_line(&r);
	char *outside = file_text("/proc/%s/cgroup", inside(&r));

	isolated(!has(outside, text("%s\n", seen)),
		 "it sees the path of the host, %s", seen);
	ck_assert_str_eq(strrchr(seen, ':'), ":/");
	finish(&r);
}
END_TEST

START_TEST(the_cgroup_namespace_is_a_new_one)
{
	struct result *r = RUN(ROOT, "readlink", "/proc/self/ns/cgroup");

	has_run(r, "cgroup:[");
	isolated(strcmp(chomp(r->out), link_text("/proc/self/ns/cgroup")) != 0,
		 "it is the host's, %s", r->out);
}
END_TEST

START_TEST(outside_it_is_in_a_group_of_its_own)
{
	struct running r =
		start(NULL, WORDS(ROOT, "sh", "-c", "echo ready; read x"));

	expect(&r, "ready");
	isolated(strcmp(shell("cat /proc/%s/cgroup", inside(&r)),
			shell("cat /proc/self/cgroup")) != 0,
		 "it is in the host's");
	finish(&r);
}
END_TEST

#define PIDS_OF(pid) limit_of(pid, "pids", "pids.max", "pids.max")

START_TEST(the_hosts_groups_have_no_new_limits)
{
	char *self = text("%d", (int)getpid()), *before = PIDS_OF(self);
	char *limit;
	struct running r;

	need_controller("pids");
	r = start(NULL, WORDS(ROOT, "--pids", "10", "sh", "-c",
			      "echo ready; read x"));
	expect(&r, "ready");
	limit = PIDS_OF(inside(&r));
	finish(&r);
	ck_assert_msg(strcmp(limit, "10") == 0,
		      "the container has no limit either: pids.max is %s, and "
		      "not 10",
		      limit);
	ck_assert_str_eq(PIDS_OF(self), before);
}
END_TEST

START_TEST(usage_is_reported)
{
	struct result *r = RUN(ROOT, "--stats", "sh", "-c", "true; exit 3");

	ck_assert_int_eq(r->status, 3);
	if (own_program())
		ck_assert_msg(has(r->err, "memory peak: ") &&
				      has(r->err, "cpu time: ") &&
				      has(r->err, "OOM kills: ") &&
				      has(r->err, "pids peak: "),
			      "%s", r->err);
	if (own_program())
		ck_assert_str_eq(shell("%s --stats true 2>/dev/full; echo $?",
				       program_under_test()),
				 "125");
}
END_TEST

START_TEST(options_of_earlier_stages_still_work)
{
	struct result *r = RUN(ROOT, "--hostname", "box", "--init", "--tmpfs",
			       "/mnt", "--pids", "20", "sh", "-c",
			       "hostname; echo $$; mount | grep -c /mnt");

	ck_assert_str_eq(r->out, "box\n2\n1\n");
}
END_TEST

/* Without a limit the bomb would take the machine, and not only the host. */
START_TEST(a_fork_bomb_does_not_outlive_the_container)
{
	struct running r;
	char *limit;

	need_controller("pids");
	r = start(NULL, WORDS(ROOT, "--pids", "30", "sh", "-c",
			      "echo ready; read x"));
	expect(&r, "ready");
	limit = limit_of(inside(&r), "pids", "pids.max", "pids.max");
	finish(&r);
	ck_assert_msg(strcmp(limit, "30") == 0,
		      "--pids 30: the limit is %s, so the bomb is not tried",
		      limit[0] ? limit : "none");
	RUN(ROOT, "--pids", "30", "sh", "-c",
	    "exec >/dev/null 2>&1; b() { b | b & }; b; for i in 1 2 3 4 5 6 7 "
	    "8 9; do "
	    "sleep 1000 & done; exit 0");
	/* The runner compares the host's groups and processes. */
}
END_TEST

START_TEST(two_containers_have_two_groups)
{
	struct running a = start(NULL, WORDS(ROOT, "--pids", "10", "sh", "-c",
					     "echo ready; read x"));
	struct running b = start(NULL, WORDS(ROOT, "--pids", "20", "sh", "-c",
					     "echo ready; read x"));
	char *of_a, *of_b;

	need_controller("pids");
	expect(&a, "ready");
	expect(&b, "ready");
	of_a = limit_of(inside(&a), "pids", "pids.max", "pids.max");
	of_b = limit_of(inside(&b), "pids", "pids.max", "pids.max");
	ck_assert_str_eq(of_a, "10");
	ck_assert_str_eq(of_b, "20");
	finish(&a);
	finish(&b);
}
END_TEST

START_TEST(without_limits_an_ordinary_user_is_stopped_only_by_namespaces)
{
	static const struct manner manner = { .ordinary_user = true };
	struct result *r = run(&manner, WORDS("true"));

	ck_assert_int_eq(r->status, 125);
	if (own_program())
		ck_assert_msg(has(r->err, "sudo"), "%s", r->err);
}
END_TEST

START_TEST(bad_options_are_refused_in_one_line)
{
	static const char *const bad[][2] = {
		{ "--memory", "lots" },     { "--memory", "0" },
		{ "--memory", "-5M" },      { "--memory", "5X" },
		{ "--memory", "5MM" },      { "--memory", "99999999999999G" },
		{ "--cpus", "0" },          { "--cpus", "-1" },
		{ "--cpus", "many" },       { "--cpus", "1.5.5" },
		{ "--cpus", "nan" },        { "--cpus", "1e99" },
		{ "--pids", "0" },          { "--pids", "-1" },
		{ "--pids", "ten" },        { "--pids", "1.5" },
		{ "--cpuset", "a" },        { "--cpuset", "3-1" },
		{ "--cpuset", "0," },       { "--cpuset", "-1" },
		{ "--io", "weight" },       { "--io", "/dev/null" },
		{ "--io", "weight=0" },     { "--io", "weight=20000" },
		{ "--io", "/none:rbps=1" }, { "--io", "/dev/null:rbps=1" },
	};

	for (size_t i = 0; i < COUNT(bad); i++)
		refuses(WORDS(bad[i][0], bad[i][1], "true"), bad[i][0]);
	refuses(WORDS("--memory"), "needs a value");
}
END_TEST

const struct test tests[] = {
	{ "core isolation", &memory_is_limited },
	{ "core isolation", &processes_are_limited },
	{ "core isolation", &cpu_time_is_limited },
	{ "isolation", &the_cpuset_is_what_was_asked_for },
	{ "core isolation", &inside_the_group_is_the_root },
	{ "core isolation", &the_cgroup_namespace_is_a_new_one },
	{ "core isolation", &outside_it_is_in_a_group_of_its_own },
	{ "safety", &the_container_is_told_that_memory_ran_out },
	{ "core safety", &a_command_that_runs_out_of_memory_is_137 },
	{ "safety", &a_cpu_hog_is_throttled },
	{ "core safety", &the_limits_are_those_asked_for },
	{ "core safety", &swap_is_no_way_around_the_limit },
	{ "core safety", &the_hosts_groups_have_no_new_limits },
	{ "safety", &usage_is_reported },
	{ "safety", &options_of_earlier_stages_still_work },
	{ "core safety", &a_fork_bomb_does_not_outlive_the_container },
	{ "core safety", &two_containers_have_two_groups },
	{ "input",
	  &without_limits_an_ordinary_user_is_stopped_only_by_namespaces },
	{ "input", &bad_options_are_refused_in_one_line },
	{ 0 },
};
