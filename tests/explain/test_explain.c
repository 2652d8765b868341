/* explain: the stories of the stages, and how they are told. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/explain/story.h"
#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"
#include "tests/runner/terminal.h"

const char stage_name[] = "explain";

static const struct manner as_words = { .program = "" };

#define STAGE(name) text("%s/%s", bin(), name)
#define tells(chapter, is, ...) \
	ck_assert_str_eq(story_kinds(chapter, WORDS(__VA_ARGS__)), is)

/* Steps that a machine without something does not make are not looked at. */
#define has_steps(chapter, piece, ...)                                    \
	do {                                                              \
		char *all = story_kinds(chapter, WORDS(__VA_ARGS__));     \
		ck_assert_msg(has(all, piece), "%s is not in: %s", piece, \
			      all);                                       \
	} while (0)

START_TEST(stage_01_tells_of_a_name)
{
	tells(1, "clone NEWUTS; hostname", STAGE("01-uts"), "--hostname", "box",
	      "true");
}
END_TEST

START_TEST(stage_02_tells_of_processes)
{
	tells(2, "clone NEWPID NEWUTS; pid.parent_death; pid.end",
	      STAGE("02-pid"), "true");
}
END_TEST

START_TEST(stage_03_tells_of_mounts)
{
	tells(3, "clone NEWPID NEWNS NEWUTS; mount.private; mount.proc",
	      STAGE("03-mount"), "true");
}
END_TEST

START_TEST(stage_04_tells_of_a_root)
{
	tells(4,
	      "mount.itself; pivot_root; umount.old_root; mount.devpts; "
	      "mount.device",
	      STAGE("04-chroot"), "--rootfs", rootfs(), "true");
	tells(4, "chroot; mount.devpts; mount.device", STAGE("04-chroot"),
	      "--rootfs", rootfs(), "--jail", "chroot", "true");
}
END_TEST

START_TEST(stage_05_tells_of_a_group)
{
	char *all = story_kinds(
		5, WORDS(STAGE("05-cgroups"), "--pids", "20", "true"));
	const char *in_order[] = { "cgroup.make", "cgroup.pids", "clone NEWPID",
				   "unshare NEWCGROUP", "cgroup.remove" };
	const char *at = all;

	for (size_t i = 0; i < 5 && at; i++) {
		at = strstr(at, in_order[i]);
		ck_assert_msg(at, "%s is not there, or not in its place: %s",
			      in_order[i], all);
	}
}
END_TEST

START_TEST(stage_06_tells_of_layers)
{
	tells(6, "mount.overlay", STAGE("06-overlay"), "--layer", rootfs(),
	      "true");
}
END_TEST

START_TEST(stage_07_tells_of_capabilities)
{
	has_steps(7, "setgroups; caps.keep; setgid; setuid; capset.drop; ",
		  STAGE("07-caps"), "--rootfs", rootfs(), "true");
	has_steps(7, "map.uid; map.gid; mount.idmap", STAGE("07-caps"),
		  "--userns", "--rootfs", rootfs(), "true");
}
END_TEST

START_TEST(stage_08_tells_of_a_network)
{
	char *all = story_kinds(8, WORDS(STAGE("08-netns"), "--rootfs",
					 rootfs(), "--net", "none", "true"));

	ck_assert_msg(has(all, "NEWNET") && has(all, "netlink.route; net.link"),
		      "%s", all);
}
END_TEST

START_TEST(stage_09_tells_of_a_filter_and_what_it_refuses)
{
	struct result *r =
		RUN("--since", "9", "--until", "9", STAGE("09-seccomp"),
		    "--rootfs", rootfs(), "true");
	const char *line = strstr(r->err, "seccomp ");

	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(line && has(line, " instructions") &&
			      has(line, "that refuses ") &&
			      has(line, "unshare, mount, setns"),
		      "%s", r->err);
	ck_assert_msg(has(r->err, "not seen: a filter was loaded"), "%s",
		      r->err);
}
END_TEST

START_TEST(stage_10_tells_of_all_of_them)
{
	char *all;

	if (access(STAGE("10-full-container"), X_OK) < 0)
		skip("stage 10 is not built");
	all = story_kinds(0, WORDS(STAGE("10-full-container"), "--rootfs",
				   rootfs(), "true"));
	ck_assert_msg(has(all, "pivot_root") && has(all, "mount.proc") &&
			      has(all, "capset.drop") &&
			      has(all, "no_new_privs") &&
			      has(all, "; seccomp; ") && has(all, "pid.end"),
		      "%s", all);
}
END_TEST

START_TEST(unshare_and_bubblewrap_have_a_story_too)
{
	tells(0,
	      "exec; unshare NEWPID NEWNS; fork; mount.private; mount.proc; "
	      "exec; pid.end",
	      "/usr/bin/unshare", "-pfm", "--mount-proc", "/bin/true");
	if (strcmp(shell("bwrap --unshare-all --ro-bind / / true && echo yes"),
		   "yes") != 0)
		skip("bwrap is not installed (package bubblewrap), or does "
		     "not run here");
	has_steps(0, "pivot_root; mount.bind; ", "bwrap", "--unshare-all",
		  "--ro-bind", "/", "/", "true");
}
END_TEST

START_TEST(a_group_made_by_hand_is_told)
{
	char *group = shell("find /sys/fs/cgroup -name cgroup.procs | "
			    "grep -v unified | head -n 1");

	group[strlen(group) - strlen("cgroup.procs")] = '\0';
	has_steps(5, "cgroup.make; cgroup.enter; cgroup.enter; cgroup.remove",
		  "sh", "-c",
		  text("mkdir %sexplained && "
		       "sh -c 'echo $$ >%sexplained/cgroup.procs' && "
		       "echo $$ >%scgroup.procs && rmdir %sexplained",
		       group, group, group, group));
}
END_TEST

START_TEST(who_is_told_of_has_both_numbers)
{
	struct result *r = RUN(STAGE("02-pid"), "true");

	ck_assert_msg(has(r->err, " (1)  prctl "), "%s", r->err);
	ck_assert_msg(has(r->err, "number 1 ends"), "%s", r->err);
}
END_TEST

/* What is made again and again is one line. */
START_TEST(repeated_steps_are_counted)
{
	struct result *r =
		RUN("unshare", "-m", "sh", "-c",
		    "for i in 1 2 3; do mount -t tmpfs x /mnt; done");
	const char *line = strstr(r->err, "tmpfs on /mnt");

	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(line, "%s", r->err);
	r = RUN(STAGE("04-chroot"), "--rootfs", rootfs(), "true");
	ck_assert_msg(has(r->err, "6 mounts of devices"), "%s", r->err);
}
END_TEST

START_TEST(a_failure_that_does_not_matter_has_its_reason)
{
	struct result *r =
		run(&as_words, WORDS("env", "PATH=/x:/y:/bin:/usr/bin",
				     program_under_test(), "env", "true"));

	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(has(r->err, "ENOENT: not there: the next directory"),
		      "%s", r->err);
}
END_TEST

START_TEST(an_unknown_failure_is_told_as_it_is)
{
	struct result *r = RUN("unshare", "-m", "sh", "-c",
			       "mount -t tmpfs x /no/such/place; true");

	ck_assert_msg(has(r->err, "tmpfs on /no/such/place") &&
			      has(r->err, " ENOENT\n"),
		      "%s", r->err);
}
END_TEST

START_TEST(a_filter_by_chapter_leaves_out_the_others)
{
	/* Not a stage: a sanitizer in it would set a limit, of chapter 10. */
	struct result *r = RUN("--since", "cgroups", "unshare", "-m", "true");

	ck_assert_int_eq(r->status, 0);
	ck_assert_str_eq(r->err, "");
	r = RUN("--until", "02-pid", STAGE("03-mount"), "true");
	ck_assert_msg(has(r->err, "NEWPID") && !has(r->err, "proc on /proc"),
		      "%s", r->err);
}
END_TEST

START_TEST(json_is_json)
{
	struct result *r;
	const char *check =
		"import json,sys\n"
		"a=[json.loads(line) for line in open('/run/story')]\n"
		"assert set(a[0])>={'pid','inside','name','call','kind',"
		"'chapters','what','words','count','error'}, a[0]\n"
		"assert a[-1]['status']==3 and a[-1]['unseen']==[], a[-1]\n"
		"print('good')";

	if (strcmp(shell("command -v python3"), "") == 0)
		skip("python3 is not installed");
	r = RUN("--json", "--output", "/run/story", "unshare", "-m", "sh", "-c",
		"mount -t tmpfs '\"\\\\\a' /mnt; exit 3");
	ck_assert_int_eq(r->status, 3);
	ck_assert_str_eq(shell("python3 -c \"%s\" 2>&1; rm /run/story", check),
			 "good");
}
END_TEST

START_TEST(each_call_is_shown_raw)
{
	struct result *r = RUN("--all", "unshare", "-u", "hostname", "box");

	ck_assert_msg(has(r->err, "execve(\"/") &&
			      has(r->err, "unshare(0x4000000) = 0\n") &&
			      has(r->err, "sethostname(\"box\", 3) = 0\n"),
		      "%s", r->err);
}
END_TEST

/* Each kind that a function gives has its row, and so its chapter. */
START_TEST(each_kind_has_a_row)
{
	char *missing;

	if (access("tools/explain/kinds.c", R_OK) < 0)
		skip("the source is not here");
	missing = shell("cat tools/explain/*.c | tr -d '\\n\\t' | "
			"grep -oE 'step_is\\([^;\"]*\"[a-z_.]+\"\\)' | "
			"grep -oE '\"[a-z_.]+\"' | sort -u | while read k; do "
			"grep -qF \"{ $k, \" tools/explain/kinds.c || "
			"echo $k; done");
	ck_assert_str_eq(missing, "");
}
END_TEST

START_TEST(bad_options_are_refused_in_one_line)
{
	refuses(WORDS("--no-such-option"), "--no-such-option");
	refuses(WORDS("--since", "11", "true"), "there is no chapter 11");
	refuses(WORDS("--attach", "none"), "\"none\" is no process");
	refuses(WORDS("--attach", "1", "true"), "there is no command");
	refuses(WORDS("--beside", "true"), "two commands");
	refuses(WORDS("--follow", "--beside", "true", "true"),
		"--follow and --beside exclude each other");
	refuses(WORDS("--json"), "no command given");
}
END_TEST

START_TEST(the_help_has_the_command_to_try)
{
	struct result *r = RUN("--help");

	ck_assert_int_eq(r->status, 0);
	ck_assert(has(r->out, "sudo bin/explain bin/03-mount true"));
}
END_TEST

START_TEST(on_a_narrow_terminal_no_line_is_broken)
{
	struct running running = start_on_terminal(
		NULL,
		WORDS("sh", "-c",
		      "stty cols 60 rows 24 <&1; exec unshare -u sh -c "
		      "'hostname a-name-that-is-as-long-as-a-name-can-be'"));
	struct result *r = finish(&running);

	ck_assert_int_eq(r->status, 0);
	ck_assert_ptr_nonnull(strstr(r->out, "\n  unshare"));
	for (const char *line = r->out; *line; line += strspn(line, "\n")) {
		ck_assert_uint_le(strcspn(line, "\n"), 60);
		line += strcspn(line, "\n");
	}
}
END_TEST

const struct test tests[] = {
	{ "safety", &stage_01_tells_of_a_name },
	{ "safety", &stage_02_tells_of_processes },
	{ "safety", &stage_03_tells_of_mounts },
	{ "safety", &stage_04_tells_of_a_root },
	{ "safety", &stage_05_tells_of_a_group },
	{ "safety", &stage_06_tells_of_layers },
	{ "safety", &stage_07_tells_of_capabilities },
	{ "safety", &stage_08_tells_of_a_network },
	{ "safety", &stage_09_tells_of_a_filter_and_what_it_refuses },
	{ "safety", &stage_10_tells_of_all_of_them },
	{ "safety", &unshare_and_bubblewrap_have_a_story_too },
	{ "safety", &a_group_made_by_hand_is_told },
	{ "safety", &who_is_told_of_has_both_numbers },
	{ "safety", &repeated_steps_are_counted },
	{ "safety", &a_failure_that_does_not_matter_has_its_reason },
	{ "safety", &an_unknown_failure_is_told_as_it_is },
	{ "safety", &a_filter_by_chapter_leaves_out_the_others },
	{ "safety", &json_is_json },
	{ "safety", &each_call_is_shown_raw },
	{ "safety", &each_kind_has_a_row },
	{ "input", &bad_options_are_refused_in_one_line },
	{ "input", &the_help_has_the_command_to_try },
	{ "safety", &on_a_narrow_terminal_no_line_is_broken },
	{ 0 },
};
