/*
 * Stage 10: groups of resctrl.  Few processors have it, so its files are
 * played by ordinary ones, and the module is compiled into this test.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "habits/count.h"
#include "10-full-container/group/rdt.c"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define TOP "/run/resctrl"

/* The top, and a group that somebody has made. */
static int make_top(void)
{
	int top;

	shell("mkdir -p " TOP "/mon_groups " TOP "/gold/mon_groups; "
	      "printf '    MB:0=100\\n    L3:0=ff\\n' > " TOP "/gold/schemata; "
	      "touch " TOP "/gold/tasks " TOP
	      "/tasks; printf 'L3:0=fff\\n' > " TOP "/schemata");
	top = open(TOP, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(top, 0);
	return top;
}

static void remove_top(int top)
{
	close(top);
	shell("rm -r " TOP);
}

START_TEST(a_group_that_is_there_is_joined_and_not_changed)
{
	char *lines[] = { (char *)"MB:0=100", NULL };
	struct rdt_group group = { .name = "gold",
				   .may_be_made = true,
				   .l3 = "L3:0=ff",
				   .schemata = lines };
	int top = make_top();

	ck_assert_int_eq(rdt_group_enter(&group, top, 77), 0);
	ck_assert_str_eq(file_text(TOP "/gold/tasks"), "77");
	ck_assert(has(file_text(TOP "/gold/schemata"), "    MB:0=100\n"));
	ck_assert_int_eq(rdt_group_remove(&group, top), 0);
	ck_assert_int_eq(access(TOP "/gold", F_OK), 0);
	remove_top(top);
}
END_TEST

START_TEST(a_group_with_other_lines_is_refused)
{
	struct rdt_group group = { .name = "gold",
				   .may_be_made = true,
				   .l3 = "L3:0=f" };
	int top = make_top();

	ck_assert_int_eq(rdt_group_enter(&group, top, 77), -1);
	ck_assert_str_eq(file_text(TOP "/gold/tasks"), "");
	remove_top(top);
}
END_TEST

START_TEST(a_group_without_lines_must_be_there)
{
	struct rdt_group group = { .name = "silver" };
	int top = make_top();

	ck_assert_int_eq(rdt_group_enter(&group, top, 77), -1);
	ck_assert_int_ne(access(TOP "/silver", F_OK), 0);
	group.name = "/";
	ck_assert_int_eq(rdt_group_enter(&group, top, 77), 0);
	ck_assert_str_eq(file_text(TOP "/tasks"), "77");
	remove_top(top);
}
END_TEST

/* The files of a new group come from the kernel, which is not there. */
START_TEST(a_new_group_that_fails_is_removed)
{
	struct rdt_group group = { .name = "box",
				   .may_be_made = true,
				   .mb = "MB:0=50" };
	int top = make_top();

	ck_assert_int_eq(rdt_group_enter(&group, top, 77), -1);
	ck_assert(group.is_made);
	ck_assert_int_ne(access(TOP "/box", F_OK), 0);
	remove_top(top);
}
END_TEST

START_TEST(the_schemata_are_written_last)
{
	char *lines[] = { (char *)"L2:0=3", NULL };
	struct rdt_group group = { .name = "gold",
				   .l3 = "L3:0=1",
				   .mb = "MB:0=2",
				   .schemata = lines };
	int top = make_top();
	int fd = open(TOP "/gold", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* Each is a write(2) of its own, from the start of an ordinary file. */
	group.is_made = true;
	ck_assert_int_eq(rdt_set_lines(&group, fd), 0);
	ck_assert(strncmp(file_text(TOP "/gold/schemata"), "L2:0=3\n", 7) == 0);
	close(fd);
	remove_top(top);
}
END_TEST

START_TEST(a_monitor_is_made_and_removed)
{
	struct rdt_group group = { .name = "gold", .monitor = "box" };
	int top = make_top();

	/* Its tasks are the kernel's file, too. */
	ck_assert_int_eq(rdt_group_enter(&group, top, 77), -1);
	ck_assert(group.is_monitored);
	ck_assert_int_ne(access(TOP "/gold/mon_groups/box", F_OK), 0);
	shell("mkdir " TOP "/gold/mon_groups/box");
	ck_assert_int_eq(rdt_group_remove(&group, top), 0);
	ck_assert_int_ne(access(TOP "/gold/mon_groups/box", F_OK), 0);
	remove_top(top);
}
END_TEST

START_TEST(what_is_no_group_is_named_and_so_is_a_machine_without)
{
	static const char *const values[][2] = {
		{ "{\"closID\": \"../x\"}", "linux.intelRdt.closID" },
		{ "{\"closID\": \"info\"}", "linux.intelRdt.closID" },
		{ "{\"closID\": \"\"}", "linux.intelRdt.closID" },
		{ "{\"memBwSchema\": \"L3:0=1\"}",
		  "linux.intelRdt.memBwSchema" },
		{ "{\"l3CacheSchema\": \"L3:0=1\\nMB:0=1\"}",
		  "linux.intelRdt.l3CacheSchema" },
		{ "{\"schemata\": [\"L2:0=1\", \"a\\nb\"]}",
		  "linux.intelRdt.schemata[1]" },
		{ "{\"enableMonitoring\": 1}",
		  "linux.intelRdt.enableMonitoring" },
	};

	for (size_t i = 0; i < COUNT(values); i++)
		oci_refuses_config(
			&(struct config){ .linux_ = text(", \"intelRdt\": %s",
							 values[i][0]) },
			values[i][1]);
	if (has(file_text("/proc/mounts"), " resctrl "))
		skip("this machine has resctrl, and a test should use it");
	oci_refuses_config(
		&(struct config){ .linux_ = ", \"intelRdt\": "
					    "{\"closID\": \"a\"}" },
		"linux.intelRdt: {\"closID\":\"a\"} is not possible: "
		"no resctrl");
}
END_TEST

const struct test tests[] = {
	{ "safety", &a_group_that_is_there_is_joined_and_not_changed },
	{ "input", &a_group_with_other_lines_is_refused },
	{ "input", &a_group_without_lines_must_be_there },
	{ "safety", &a_new_group_that_fails_is_removed },
	{ "safety", &the_schemata_are_written_last },
	{ "safety", &a_monitor_is_made_and_removed },
	{ "input", &what_is_no_group_is_named_and_so_is_a_machine_without },
	{ 0 },
};
