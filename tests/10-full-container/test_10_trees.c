/*
 * Stage 10: a container is in a group of its own in every tree of groups that
 * the machine has, with limits or without.
 */
#include <stdlib.h>
#include <unistd.h>

#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define AT(path) ", \"cgroupsPath\": \"" path "\""
#define WAITS    "echo ready; read x"

/* /sys/fs/cgroup inside; Docker's and podman's containers may go anywhere. */
#define MOUNT(options)                                                 \
	", {\"destination\": \"/sys\", \"type\": \"tmpfs\"}, "         \
	"{\"destination\": \"/sys/fs/cgroup\", \"type\": \"cgroup\", " \
	"\"source\": \"cgroup\", \"options\": [\"nosuid\"" options "]}"

/* Where v1's trees are, and v2's, each on a line. */
#define TREES "findmnt -rno TARGET -t cgroup,cgroup2"

/* The groups at a path, in whichever trees have it. */
static char *groups_at(const char *path)
{
	return shell("for t in $(" TREES "); do test -d $t/%s && echo $t/%s; "
		     "done; true",
		     path, path);
}

static void remove_groups(const char *path)
{
	shell("for t in $(" TREES "); do rmdir $t/%s; done 2>/dev/null", path);
}

static int number(const char *digits)
{
	return (int)strtol(digits, NULL, 10);
}

/* In how many trees is this process, and in how many of them at a path? */
static int trees_of(pid_t pid, const char *path)
{
	return number(shell("grep -c ':/*%s$' /proc/%d/cgroup", path, pid));
}

static int trees(void)
{
	return number(shell(TREES " | wc -l"));
}

/* As systemd does it on a machine with v2, for all below. */
static void hand_down(void)
{
	if (access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0)
		shell("cd /sys/fs/cgroup; for c in memory pids; do echo +$c "
		      ">cgroup.subtree_control; done 2>/dev/null");
}

/* Does some tree give out memory limits? */
static bool counts_memory(void)
{
	hand_down();
	return access("/sys/fs/cgroup/memory", F_OK) == 0 ||
	       has(shell("cat /sys/fs/cgroup/cgroup.subtree_control"),
		   "memory");
}

static bool is_v1_there(void)
{
	return access("/sys/fs/cgroup/freezer", F_OK) == 0;
}

START_TEST(without_limits_it_is_in_every_tree_and_leaves_none)
{
	struct running box;
	struct result *r;

	oci_begin(&(struct config){ .script = WAITS,
				    .linux_ = AT("/engine/one") });
	box = oci_start(OCI_ID);
	ck_assert_int_eq(trees_of(oci_pid(OCI_ID), "engine/one"), trees());
	ck_assert_str_eq(shell("tr , '\\n' <" OCI_STATES
			       "/box/state.json | grep -c /engine/one\\\""),
			 text("%d", trees() + 1 + 1)); /* path, freezer */
	r = OCI("exec", OCI_ID, "cat", "/proc/self/cgroup");
	ck_assert_msg(!has(r->out, ".."), "exec: %s", r->out);
	oci_delete(&box, OCI_ID);
	ck_assert_str_eq(groups_at("engine/one"), "");
	remove_groups("engine");
	oci_end();
}
END_TEST

START_TEST(without_a_path_it_is_in_a_group_named_by_its_id)
{
	struct running box;

	oci_begin(&(struct config){ .script = WAITS });
	box = oci_start(OCI_ID);
	ck_assert_int_eq(trees_of(oci_pid(OCI_ID), "ten-steps/box.oci"),
			 trees());
	oci_delete(&box, OCI_ID);
	ck_assert_str_eq(groups_at("ten-steps"), "");
	oci_end();
}
END_TEST

START_TEST(the_same_with_cgroup_v1_alone)
{
	struct result *r;
	pid_t pid;

	if (!is_v1_there())
		skip("this machine has no cgroup v1");
	oci_begin(&(struct config){ .script = "tail -f /dev/null",
				    .linux_ = AT("/engine/one") });
	r = OCI_V1("run", "--detach", "--bundle", OCI_BUNDLE, OCI_ID);
	ck_assert_msg(r->status == 0, "%s", r->err);
	pid = oci_pid(OCI_ID);
	ck_assert_int_eq(trees_of(pid, "engine/one"),
			 number(shell(TREES " | grep -vc unified")));
	r = OCI_V1("exec", OCI_ID, "grep", "-v", "^0:", "/proc/self/cgroup");
	ck_assert_msg(r->status == 0 && !has(r->err, ".."), "%s", r->err);
	r = OCI_V1("delete", "--force", OCI_ID);
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_str_eq(groups_at("engine/one"), "");
	remove_groups("engine");
	oci_end();
}
END_TEST

START_TEST(a_limit_of_the_group_above_holds)
{
	char *out;

	if (!counts_memory())
		skip("no tree has the memory controller");
	oci_begin(&(struct config){
		.script = "head -c 100000000 /dev/zero | tail | wc -c",
		.linux_ = AT("/small/one") });
	shell("cd /sys/fs/cgroup/memory 2>/dev/null || cd /sys/fs/cgroup; "
	      "mkdir small; for f in small/memory.max "
	      "small/memory.swap.max small/memory.limit_in_bytes; do "
	      "test -e $f && echo 33554432 >$f; done");
	out = OCI_RUN()->out;
	remove_groups("small");
	ck_assert_msg(!has(out, "100000000"), "it used %s bytes", out);
	oci_end();
}
END_TEST

START_TEST(what_it_uses_is_counted_without_a_limit)
{
	struct running box;
	char *out;

	if (!counts_memory())
		skip("no tree has the memory controller");
	oci_begin(&(struct config){ .script = WAITS });
	box = oci_start(OCI_ID);
	out = OCI("events", "--stats", OCI_ID)->out;
	ck_assert_msg(has(out, "\"pids\":{\"current\":1"), "%s", out);
	ck_assert_msg(
		has(out, "\"memory\":{") &&
			has(strstr(out, "\"memory\":{"), "\"usage\":{\"") &&
			!has(out, "\"memory\":{\"usage\":{}"),
		"%s", out);
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* In its cgroup namespace; a group that it makes there is below its own. */
START_TEST(inside_its_groups_are_the_roots_and_no_others_are_seen)
{
	struct running box;

	oci_begin(&(struct config){
		.script = "grep -v ':/$' /proc/self/cgroup; cd "
			  "/sys/fs/cgroup; for t in . *; do test -e "
			  "$t/cgroup.procs && mkdir $t/inner; done; " WAITS,
		.mounts = MOUNT(""),
		.linux_ = AT("/engine/one") });
	box = oci_start(OCI_ID);
	ck_assert_str_eq(shell("find /sys/fs/cgroup -name inner | grep -v "
			       "/engine/one/inner$"),
			 "");
	ck_assert_int_eq(number(shell("find /sys/fs/cgroup -path "
				      "'*/engine/one/inner' | wc -l")),
			 trees());
	oci_delete(&box, OCI_ID);
	ck_assert_str_eq(groups_at("engine/one"), "");
	remove_groups("engine");
	oci_end();
}
END_TEST

START_TEST(a_read_only_mount_of_the_groups_is_read_only_in_every_tree)
{
	oci_begin(&(struct config){ 0 });
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "cd /sys/fs/cgroup; for t in . *; do mkdir "
				  "$t/inner 2>/dev/null && echo $t; done; "
				  "echo done",
			.mounts = MOUNT(", \"ro\"") }),
		"done\n");
	oci_end();
}
END_TEST

START_TEST(an_update_is_seen_inside)
{
	struct running box;
	struct result *r;

	if (!counts_memory())
		skip("no tree has the memory controller");
	oci_begin(&(struct config){ .script = WAITS, .mounts = MOUNT("") });
	box = oci_start(OCI_ID);
	r = OCI("update", "--memory", "33554432", OCI_ID);
	ck_assert_msg(r->status == 0, "%s", r->err);
	r = OCI("exec", OCI_ID, "sh", "-c",
		"cat /sys/fs/cgroup/memory/memory.limit_in_bytes || cat "
		"/sys/fs/cgroup/memory.max");
	ck_assert_str_eq(r->out, "33554432\n");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* What podman mounts for systemd inside, after /sys/fs/cgroup. */
START_TEST(the_tree_of_systemd_can_be_mounted_once_more)
{
	if (access("/sys/fs/cgroup/systemd", F_OK) != 0)
		skip("there is no tree of that name");
	oci_begin(&(struct config){ 0 });
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "grep -c ' /sys/fs/cgroup/systemd ' "
				  "/proc/mounts",
			.mounts =
				MOUNT(", \"ro\"") ", {\"destination\": "
						  "\"/sys/fs/cgroup/systemd\", "
						  "\"type\": "
						  "\"bind\", \"source\": "
						  "\"/sys/fs/cgroup/systemd\", "
						  "\"options\": "
						  "[\"bind\", \"nosuid\"]}" }),
		"2\n");
	oci_end();
}
END_TEST

/* In one tree it was there before: it stays, and the others go. */
START_TEST(what_was_there_before_stays_in_its_tree_only)
{
	struct running box;

	if (!is_v1_there())
		skip("there is only one tree");
	oci_begin(&(struct config){ .script = WAITS, .linux_ = AT("/kept") });
	shell("mkdir /sys/fs/cgroup/pids/kept");
	box = oci_start(OCI_ID);
	ck_assert_int_eq(trees_of(oci_pid(OCI_ID), "kept"), trees());
	oci_delete(&box, OCI_ID);
	ck_assert_str_eq(groups_at("kept"), "/sys/fs/cgroup/pids/kept");
	remove_groups("kept");
	oci_end();
}
END_TEST

/* v2: what nobody needs is not switched on for others. */
START_TEST(only_groups_of_its_path_hand_more_down)
{
	const char *top = "/sys/fs/cgroup";
	char *before;
	struct running box;

	hand_down();
	before = shell("cat %s/cgroup.subtree_control", top);
	if (!has(before, "pids"))
		skip("cgroup v2 has no pids controller here");
	oci_begin(&(struct config){ .script = WAITS,
				    .linux_ = AT("/engine/one") });
	shell("mkdir %s/engine", top);
	box = oci_start(OCI_ID);
	ck_assert_str_eq(shell("cat %s/cgroup.subtree_control", top), before);
	ck_assert_str_eq(shell("cat %s/engine/cgroup.subtree_control", top),
			 before);
	ck_assert_str_eq(shell("cat %s/engine/one/cgroup.controllers", top),
			 before);
	oci_delete(&box, OCI_ID);
	remove_groups("engine");
	oci_end();
}
END_TEST

/* A tree that is mounted read-only is left out, unless a limit needs it. */
START_TEST(a_tree_that_cannot_be_written_is_left_out)
{
	static const struct manner any = { .program = "" };
	static const char script[] =
		"mount -o remount,bind,ro /sys/fs/cgroup/pids; exec \"$0\" "
		"--root " OCI_STATES " run --bundle " OCI_BUNDLE " " OCI_ID;
	const char *const words[] = { "unshare", "--mount",
				      "sh",      "-c",
				      script,    program_under_test(),
				      NULL };
	struct result *r;

	if (access("/sys/fs/cgroup/pids", F_OK) != 0)
		skip("this machine has no cgroup v1");
	oci_begin(&(struct config){
		.script = "ls /sys/fs/cgroup | grep -e pids -e memory",
		.mounts = MOUNT("") });
	r = run(&any, words);
	ck_assert_msg(strcmp(r->out, "memory\n") == 0, "%s%s", r->out, r->err);
	oci_write(&(struct config){
		.linux_ = ", \"resources\": {\"pids\": {\"limit\": 9}}" });
	r = run(&any, words);
	ck_assert_msg(r->status == 1 &&
			      has(r->err, "linux.resources.pids.limit: ") &&
			      has(r->err, "mounted read-only"),
		      "%s", r->err);
	oci_end();
}
END_TEST

/* Who does not see a group of the container must not start beside it. */
START_TEST(exec_without_one_of_the_groups_is_refused)
{
	static const struct manner any = { .program = "" };
	struct running box;
	struct result *r;

	if (!is_v1_there())
		skip("there is only one tree");
	oci_begin(&(struct config){ .script = WAITS });
	box = oci_start(OCI_ID);
	r = run(&any, WORDS("unshare", "--mount", "sh", "-c",
			    "umount /sys/fs/cgroup/pids; exec \"$0\" "
			    "--root " OCI_STATES " exec " OCI_ID " true",
			    program_under_test()));
	ck_assert_msg(r->status != 0 && has(r->err, "/sys/fs/cgroup/pids/"),
		      "%d: %s", r->status, r->err);
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &without_limits_it_is_in_every_tree_and_leaves_none },
	{ "safety", &without_a_path_it_is_in_a_group_named_by_its_id },
	{ "safety", &the_same_with_cgroup_v1_alone },
	{ "safety", &a_limit_of_the_group_above_holds },
	{ "safety", &what_it_uses_is_counted_without_a_limit },
	{ "safety", &inside_its_groups_are_the_roots_and_no_others_are_seen },
	{ "safety",
	  &a_read_only_mount_of_the_groups_is_read_only_in_every_tree },
	{ "safety", &an_update_is_seen_inside },
	{ "safety", &the_tree_of_systemd_can_be_mounted_once_more },
	{ "safety", &what_was_there_before_stays_in_its_tree_only },
	{ "safety", &only_groups_of_its_path_hand_more_down },
	{ "input", &a_tree_that_cannot_be_written_is_left_out },
	{ "safety", &exec_without_one_of_the_groups_is_refused },
	{ 0 },
};
