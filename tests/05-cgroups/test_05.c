/* Stage 05: a budget. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/moments.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "05-cgroups";

#define ROOT "--rootfs", rootfs()

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
		MEMORY_HOG " && echo survived");
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
	ck_assert_int_eq(
		RUN(ROOT, "--memory", "32M", "tail", "-c", "200m", "/dev/zero")
			->status,
		137);
}
END_TEST

START_TEST(processes_are_limited)
{
	struct result *r;

	need_controller("pids");
	r = RUN(ROOT, NEW, "--pids", "10", SAME, "sh", "-c",
		"echo begun; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 100 "
		"& done; echo survived");
	isolated(!has(r->out, "survived"), "12 processes were started");
	ck_assert(has(r->err, "fork"));
}
END_TEST

START_TEST(cpu_time_is_limited)
{
	struct running r;
	char *child;

	need_controller("cpu");
	r = start(NULL, WORDS(ROOT, NEW, "--cpus", "0.5", SAME, "sh", "-c",
			      "echo ready; read x"));
	expect(&r, "ready");
	child = shell("pgrep -P %d", (int)r.pid);
	isolated(has(limit_of(child, "cpu", "cpu.max", "cpu.cfs_quota_us"),
		     "50000"),
		 "there is no quota: %s",
		 limit_of(child, "cpu", "cpu.max", "cpu.cfs_quota_us"));
	finish(&r);
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
		start(NULL, WORDS(ROOT, NEW, "--pids", "20", SAME, "sh", "-c",
				  "grep pids /proc/self/cgroup || cat "
				  "/proc/self/cgroup; read x"));
	char *inside = next_line(&r);
	char *outside =
		file_text("/proc/%s/cgroup", shell("pgrep -P %d", (int)r.pid));

	isolated(!has(outside, text("%s\n", inside)),
		 "it sees the path of the host, %s", inside);
	ck_assert_str_eq(strrchr(inside, ':'), ":/");
	finish(&r);
}
END_TEST

START_TEST(the_cgroup_namespace_is_a_new_one)
{
	struct result *r = RUN(ROOT, "readlink", "/proc/self/ns/cgroup");

	isolated(strcmp(chomp(r->out), link_text("/proc/self/ns/cgroup")) != 0,
		 "it is the host's, %s", r->out);
}
END_TEST

START_TEST(outside_it_is_in_a_group_of_its_own)
{
	struct running r =
		start(NULL, WORDS(ROOT, "sh", "-c", "echo ready; read x"));
	char *child;

	expect(&r, "ready");
	child = shell("pgrep -P %d", (int)r.pid);
	isolated(strcmp(shell("cat /proc/%s/cgroup", child),
			shell("cat /proc/self/cgroup")) != 0,
		 "it is in the host's");
	finish(&r);
}
END_TEST

START_TEST(the_hosts_groups_have_no_new_limits)
{
	char *before = shell("cat /proc/self/cgroup");

	RUN(ROOT, "--pids", "10", "true");
	ck_assert_str_eq(shell("cat /proc/self/cgroup"), before);
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

START_TEST(a_fork_bomb_does_not_outlive_the_container)
{
	need_controller("pids");
	RUN(ROOT, "--pids", "30", "sh", "-c",
	    "b() { b | b & }; b; for i in 1 2 3 4 5 6 7 8 9; do "
	    "sleep 1000 & done; exit 0");
	/* The runner compares the host's groups and processes. */
}
END_TEST

START_TEST(what_kill_9_left_is_removed_by_the_next_run)
{
	struct running r = start(NULL, WORDS(ROOT, "--pids", "10", "sh", "-c",
					     "echo ready; exec sleep 1000"));
	struct result *result;

	expect(&r, "ready");
	kill(r.pid, SIGKILL);
	ck_assert_int_eq(finish(&r)->status, 128 + SIGKILL);
	result = RUN(ROOT, "true");
	ck_assert_int_eq(result->status, 0);
	if (own_program())
		ck_assert_msg(has(result->err, text("%d", (int)r.pid)),
			      "the next run does not say what it removed: %s",
			      result->err);
}
END_TEST

START_TEST(a_group_in_use_is_left_alone)
{
	struct running r = start(NULL, WORDS(ROOT, "--pids", "10", "sh", "-c",
					     "echo ready; read x; echo alive"));

	expect(&r, "ready");
	ck_assert_str_eq(RUN(ROOT, "--pids", "10", "true")->err, "");
	feed(&r, "go on\n");
	ck_assert_str_eq(finish(&r)->out, "alive\n");
}
END_TEST

/* As anybody can who may read a directory, also inside. */
static void lock_all_groups(void)
{
	char *list = shell("find /sys/fs/cgroup -type d -name ten-steps; find "
			   "/sys/fs/cgroup -type d -path '*/ten-steps/*'");

	for (char *path = strtok(list, "\n"); path; path = strtok(NULL, "\n"))
		flock(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		      LOCK_EX | LOCK_NB);
}

START_TEST(no_lock_on_a_group_holds_up_a_container_or_its_removal)
{
	struct running r = start(NULL, WORDS(ROOT, "--pids", "10", "sh", "-c",
					     "echo ready; exec sleep 1000"));
	static const struct manner user = { .program = "/bin/ls",
					    .ordinary_user = true };
	struct result *result;

	expect(&r, "ready");
	lock_all_groups();
	ck_assert_str_eq(RUN(ROOT, "--pids", "10", "true")->err, "");
	kill(r.pid, SIGKILL);
	finish(&r);
	lock_all_groups(); /* of a dead one, too */
	result = RUN(ROOT, "true");
	if (own_program()) {
		ck_assert(has(result->err, "removed what"));
		shell("mkdir -p -m 711 /run/ten-steps; mkdir -m 700 "
		      "/run/ten-steps/groups");
		ck_assert_int_ne(
			run(&user, WORDS("/run/ten-steps/groups"))->status, 0);
		ck_assert_str_eq(RUN(ROOT, "true")->err, "");
	}
}
END_TEST

/* A runtime's container, say, with a cgroupsPath of its user's choice. */
START_TEST(what_only_has_such_a_name_is_left_alone)
{
	char *group = shell("g=$(find /sys/fs/cgroup -name cgroup.procs | "
			    "head -n 1); g=${g%%/*}/ten-steps/web.1.2; mkdir "
			    "-p $g; echo $g");
	pid_t pid = fork();

	if (pid == 0) {
		pause();
		_exit(0);
	}
	shell("echo %d > %s/cgroup.procs", (int)pid, group);
	ck_assert_str_eq(RUN(ROOT, "true")->err, "");
	ck_assert_int_eq(kill(pid, 0), 0);
	ck_assert(has(file_text("/proc/%d/cgroup", (int)pid), "web.1.2"));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	shell("rmdir %s; rmdir $(dirname %s)", group, group);
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
	of_a = limit_of(shell("pgrep -P %d", (int)a.pid), "pids", "pids.max",
			"pids.max");
	of_b = limit_of(shell("pgrep -P %d", (int)b.pid), "pids", "pids.max",
			"pids.max");
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

START_TEST(kill_9_at_any_moment_ends_the_container)
{
	dies_at_every_moment(WORDS(ROOT, "--pids", "10", READY_AND_STAY));
	dies_at_every_moment(WORDS(ROOT, "--pids", "10", "true"));
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

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuses(WORDS(bad[i][0], bad[i][1], "true"), bad[i][0]);
	refuses(WORDS("--memory"), "needs a value");
}
END_TEST

const struct test tests[] = {
	{ "isolation", &memory_is_limited },
	{ "isolation", &processes_are_limited },
	{ "isolation", &cpu_time_is_limited },
	{ "isolation", &the_cpuset_is_what_was_asked_for },
	{ "isolation", &inside_the_group_is_the_root },
	{ "isolation", &the_cgroup_namespace_is_a_new_one },
	{ "isolation", &outside_it_is_in_a_group_of_its_own },
	{ "safety", &the_container_is_told_that_memory_ran_out },
	{ "safety", &a_command_that_runs_out_of_memory_is_137 },
	{ "safety", &a_cpu_hog_is_throttled },
	{ "safety", &the_hosts_groups_have_no_new_limits },
	{ "safety", &usage_is_reported },
	{ "safety", &options_of_earlier_stages_still_work },
	{ "safety", &a_fork_bomb_does_not_outlive_the_container },
	{ "safety", &what_kill_9_left_is_removed_by_the_next_run },
	{ "safety", &a_group_in_use_is_left_alone },
	{ "safety", &no_lock_on_a_group_holds_up_a_container_or_its_removal },
	{ "safety", &what_only_has_such_a_name_is_left_alone },
	{ "safety", &two_containers_have_two_groups },
	{ "safety", &kill_9_at_any_moment_ends_the_container },
	{ "input",
	  &without_limits_an_ordinary_user_is_stopped_only_by_namespaces },
	{ "input", &bad_options_are_refused_in_one_line },
	{ 0 },
};
