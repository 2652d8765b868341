/* Stage 10: what cannot be looked at is not taken for what is not there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define FEW  4  /* descriptors: one beside the first three */
#define MANY 40 /* enough for each verb */

/* A verb that may open just so many files. */
static struct result *with_files(int count, const char *words)
{
	return run(&(struct manner){ .program = "" },
		   WORDS("sh", "-c",
			 text("ulimit -n %d; exec %s --root " OCI_STATES " %s",
			      count, program_under_test(), words)));
}

/*
 * It does what it should, or it says that it could not; the container runs, and
 * nobody may say otherwise.
 */
static void tells_the_truth(const char *words, const char *right)
{
	struct result *r;
	bool has_worked = false;

	for (int count = FEW; count < MANY; count++) {
		r = with_files(count, words);
		ck_assert_msg(!has(r->err, "not running") &&
				      !has(r->err, "stopped") &&
				      !has(r->out, "stopped") &&
				      !has(r->out, "/..") &&
				      !has(r->err, "does not exist") &&
				      !has(r->err, "no group"),
			      "%s with %d descriptors: %s%s", words, count,
			      r->out, r->err);
		if (r->status == 0) {
			ck_assert_msg(has(r->out, right),
				      "%s with %d descriptors: no error, and "
				      "\"%s\"",
				      words, count, r->out);
			has_worked = true;
		} else {
			ck_assert_msg(r->err[0],
				      "%s with %d descriptors: no word", words,
				      count);
		}
	}
	ck_assert_msg(has_worked, "%s: %s", words, r->err);
	ck_assert_str_eq(oci_status(OCI_ID), "running");
}

START_TEST(without_descriptors_nothing_is_stopped_or_gone)
{
	struct running box;
	struct result *r;

	oci_begin(&(struct config){
		.linux_ = ", \"resources\": {\"pids\": {\"limit\": 50}}" });
	box = oci_start(OCI_ID);
	tells_the_truth("state " OCI_ID, "\"status\": \"running\"");
	tells_the_truth("list", "running");
	tells_the_truth("list --format json", "running");
	tells_the_truth("kill " OCI_ID " CONT", "");
	tells_the_truth("kill --all " OCI_ID " CONT", "");
	tells_the_truth("ps --format json " OCI_ID,
			text("%d", oci_pid(OCI_ID)));
	tells_the_truth("update --pids-limit 50 " OCI_ID, "");
	/* Who is outside of its groups sees them as "/..". */
	tells_the_truth("exec " OCI_ID " cat /proc/self/cgroup", ":/\n");
	for (int count = FEW; count < MANY; count++) {
		r = with_files(count, "delete " OCI_ID);
		ck_assert_msg(r->status == 1 && r->err[0],
			      "delete with %d descriptors: %d %s", count,
			      r->status, r->err);
	}
	ck_assert_str_eq(oci_status(OCI_ID), "running");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* Its output is in files, since a container may go on and hold it. */
static char *makes_with_files(int count, const char *words)
{
	return shell(
		"(exec 2> /run/oci/words > /dev/null < /dev/null; ulimit -n "
		"%d; exec %s --root " OCI_STATES " %s) && echo made > "
		"/run/oci/words; cat /run/oci/words",
		count, program_under_test(), words);
}

static char *all_that_could_be_left(void)
{
	return shell("find /sys/fs/cgroup -type d; find /run | sort; cat "
		     "/run/oci/pid 2> /dev/null");
}

/* However far it came: one message, and a deletion removes all. */
static void leaves_nothing(const char *words)
{
	const char *said = "", *before, *end;

	shell("echo > /run/oci/words");
	before = all_that_could_be_left();
	for (int count = FEW; strcmp(said, "made") != 0; count++) {
		ck_assert_int_lt(count, MANY);
		said = makes_with_files(count, words);
		end = strchr(said, '\n');
		ck_assert_msg(
			strcmp(said, "made") == 0 ||
				(end &&
				 has(said, text("(EMFILE)\n  hint: at most %d "
						"files may be open",
						count)) &&
				 !has(end, "(EMFILE)")),
			"%s with %d descriptors: %s", words, count, said);
		ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
		unlink("/run/oci/pid");
		ck_assert_str_eq(all_that_could_be_left(), before);
	}
}

START_TEST(without_descriptors_nothing_is_left)
{
	oci_begin(&(struct config){ 0 });
	leaves_nothing("create --bundle " OCI_BUNDLE
		       " --pid-file /run/oci/pid " OCI_ID);
	leaves_nothing("run -d --bundle " OCI_BUNDLE
		       " --pid-file /run/oci/pid " OCI_ID);
	oci_end();
}
END_TEST

/* A verb in a mount namespace in which something has been done before. */
static struct result *elsewhere(const char *script, const char *words)
{
	return run(&(struct manner){ .program = "" },
		   WORDS("unshare", "--mount", "sh", "-c",
			 text("%s || exit 99; exec %s --root " OCI_STATES " %s",
			      script, program_under_test(), words)));
}

static char *groups_left(void)
{
	return shell("find /sys/fs/cgroup -type d -name " OCI_ID ".oci");
}

#define A_TREE "/sys/fs/cgroup/pids"

/* Another namespace may not show all: then it cannot be worked with there. */
START_TEST(groups_that_are_not_mounted_here_are_not_gone)
{
	static const char hide[] = "umount " A_TREE;
	static const char *const verbs[] = {
		"exec " OCI_ID " true", "delete --force " OCI_ID,
		"ps " OCI_ID,           "pause " OCI_ID,
		"kill --all " OCI_ID,   "events --stats " OCI_ID,
		"delete " OCI_ID,
	};
	struct running box;
	struct result *r;

	if (access(A_TREE "/tasks", F_OK) != 0)
		skip("this machine has no cgroup v1");
	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(char *); i++) {
		r = elsewhere(hide, verbs[i]);
		ck_assert_msg(r->status != 0 && r->err[0] && !r->out[0],
			      "%s: %d %s%s", verbs[i], r->status, r->out,
			      r->err);
		ck_assert_msg(has(groups_left(), A_TREE), "%s", verbs[i]);
	}
	ck_assert_msg(has(r->err, "its tree is not mounted here"), "%s",
		      r->err);
	oci_delete(&box, OCI_ID);
	ck_assert_str_eq(groups_left(), "");
	oci_end();
}
END_TEST

/* A group of the same name, in another part of the same tree. */
START_TEST(exec_is_in_the_groups_of_the_container_and_no_others)
{
	struct running box;
	struct result *r;

	if (access(A_TREE "/tasks", F_OK) != 0)
		skip("this machine has no cgroup v1");
	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	shell("mkdir -p " A_TREE "/else/ten-steps/" OCI_ID ".oci");
	r = elsewhere("mount --bind " A_TREE "/else " A_TREE,
		      "exec " OCI_ID " echo runs");
	ck_assert_msg(r->status != 0 && !r->out[0] &&
			      has(r->err, "it is not in it"),
		      "%d %s%s", r->status, r->out, r->err);
	ck_assert_str_eq(OCI("exec", OCI_ID, "echo", "runs")->out, "runs\n");
	shell("rmdir " A_TREE "/else/ten-steps/" OCI_ID ".oci " A_TREE
	      "/else/ten-steps " A_TREE "/else");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* Whether somebody is in it cannot be known: then it is left alone. */
START_TEST(a_group_that_cannot_be_looked_at_is_not_empty)
{
	static const char script[] =
		"mkdir " A_TREE "/used; echo $$ >" A_TREE "/used/cgroup.procs; "
		"echo ready; read x; echo alive";
	struct running other;
	struct result *r;

	if (access(A_TREE "/tasks", F_OK) != 0)
		skip("this machine has no cgroup v1");
	oci_begin(&(struct config){ .linux_ = ", \"cgroupsPath\": \"/used\"" });
	other = start(&(struct manner){ .program = "" },
		      WORDS("sh", "-c", script));
	expect(&other, "ready");
	for (int count = FEW; count < MANY; count++) {
		r = with_files(count, "run --bundle " OCI_BUNDLE " " OCI_ID);
		ck_assert_msg(r->status != 0 && r->err[0],
			      "with %d descriptors: %d", count, r->status);
	}
	ck_assert_msg(has(r->err, "there are processes in it"), "%s", r->err);
	feed(&other, "go\n");
	expect(&other, "alive");
	finish(&other);
	shell("rmdir " A_TREE "/used");
	oci_end();
}
END_TEST

/* Groups below are removed first; that they cannot be listed is no "busy". */
START_TEST(groups_below_that_cannot_be_listed_are_not_in_use)
{
	struct running box;
	struct result *r;
	int worked = 0;
	pid_t pid;

	if (access(A_TREE "/tasks", F_OK) != 0)
		skip("this machine has no cgroup v1");
	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	shell("mkdir -p " A_TREE "/ten-steps/" OCI_ID ".oci/a/b");
	for (int count = FEW; count < MANY && !worked; count++) {
		r = with_files(count, "delete --force " OCI_ID);
		ck_assert_msg(!has(r->err, "EBUSY"), "with %d descriptors: %s",
			      count, r->err);
		ck_assert_msg(r->status == 0 || r->err[0], "%d", count);
		worked = r->status == 0 && OCI("state", OCI_ID)->status != 0;
	}
	ck_assert_int_eq(worked, 1);
	ck_assert_str_eq(groups_left(), "");
	oci_close(&box);
	oci_wait(pid);
	oci_end();
}
END_TEST

/* A pidfd that cannot be had is no process that has ended. */
START_TEST(a_process_that_cannot_be_opened_has_not_ended)
{
	static const struct manner full = {
		.denied_call = SYS_pidfd_open, .denied_error = 24, /* EMFILE */
	};
	struct running box;
	struct result *r;

	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	for (int i = 0; i < 3; i++) {
		static const char *const verbs[] = { "events", "kill", "exec" };

		r = run(&full, WORDS("--root", OCI_STATES, verbs[i], OCI_ID,
				     i == 2 ? "true" : NULL));
		ck_assert_msg(r->status != 0 && has(r->err, "(EMFILE)"),
			      "%s: %d %s", verbs[i], r->status, r->err);
	}
	r = run(&full,
		WORDS("--root", OCI_STATES, "delete", "--force", OCI_ID));
	ck_assert_msg(r->status == 1 && has(r->err, "kill process"), "%s",
		      r->err);
	ck_assert_str_eq(oci_status(OCI_ID), "running");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* Who waits for it cannot be looked for: it is not left alone for that. */
START_TEST(a_run_whose_owner_cannot_be_looked_for_goes_on)
{
	struct running box;
	struct result *r;

	oci_begin(&(struct config){ .script = "echo ready; read x; true" });
	box = start(NULL, WORDS("--root", OCI_STATES, "run", "--bundle",
				OCI_BUNDLE, OCI_ID));
	expect(&box, "ready");
	shell("ln -sf ten-steps.container " OCI_STATES "/" OCI_ID
	      "/ten-steps.container");
	r = OCI("run", "--bundle", OCI_BUNDLE, "other");
	ck_assert_msg(has(r->err, "look for the owner of container " OCI_ID),
		      "%s", r->err);
	ck_assert_str_eq(oci_status(OCI_ID), "running");
	ck_assert_int_eq(finish(&box)->status, 0);
	oci_end();
}
END_TEST

/* A file in the place of a directory, and one that leads nowhere. */
START_TEST(a_root_that_cannot_be_opened_is_not_an_empty_one)
{
	static const char *const verbs[][4] = {
		{ "delete", "--force", OCI_ID },
		{ "delete", OCI_ID },
		{ "state", OCI_ID },
		{ "kill", OCI_ID },
		{ "create", OCI_ID },
		{ "run", OCI_ID },
		{ "exec", OCI_ID, "true" },
		{ "list" },
	};

	oci_begin(&(struct config){ 0 });
	for (size_t i = 0; i < COUNT(verbs); i++)
		oci_refuses(WORDS("--root", "/etc/passwd", verbs[i][0],
				  verbs[i][1],
				  verbs[i][1] ? verbs[i][2] : NULL),
			    "/etc/passwd: Not a directory");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &without_descriptors_nothing_is_stopped_or_gone },
	{ "safety", &without_descriptors_nothing_is_left },
	{ "safety", &groups_that_are_not_mounted_here_are_not_gone },
	{ "safety", &exec_is_in_the_groups_of_the_container_and_no_others },
	{ "safety", &a_group_that_cannot_be_looked_at_is_not_empty },
	{ "safety", &groups_below_that_cannot_be_listed_are_not_in_use },
	{ "safety", &a_process_that_cannot_be_opened_has_not_ended },
	{ "safety", &a_run_whose_owner_cannot_be_looked_for_goes_on },
	{ "input", &a_root_that_cannot_be_opened_is_not_an_empty_one },
	{ 0 },
};
