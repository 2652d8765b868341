/* Stage 05: what is left of groups, and who may remove it. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/judged.h"
#include "tests/runner/moments.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "05-cgroups";

#define ROOT MAYBE, "--rootfs", rootfs(), SAME

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

START_TEST(kill_9_at_any_moment_ends_the_container)
{
	dies_at_every_moment(WORDS(ROOT, "--pids", "10", READY_AND_STAY));
	dies_at_every_moment(WORDS(ROOT, "--pids", "10", "true"));
}
END_TEST

const struct test tests[] = {
	{ "safety", &what_kill_9_left_is_removed_by_the_next_run },
	{ "safety", &a_group_in_use_is_left_alone },
	{ "safety", &no_lock_on_a_group_holds_up_a_container_or_its_removal },
	{ "safety", &what_only_has_such_a_name_is_left_alone },
	{ "safety", &kill_9_at_any_moment_ends_the_container },
	{ 0 },
};
