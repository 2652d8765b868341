/*
 * Stage 10: groups that a container has made below its own, very many.
 */
#include <unistd.h>

#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

/* A verb with 40 descriptors, where only cgroup v1 is or as it is here. */
static struct result *frugal(bool v1, const char *verb, const char *more)
{
	static const struct manner any = { .program = "" };
	const char *script =
		text("ulimit -n 40; %s; exec \"$0\" --root " OCI_STATES
		     " %s " OCI_ID " %s",
		     v1 ? "mountpoint -q /sys/fs/cgroup/unified && umount "
			  "/sys/fs/cgroup/unified"
			: ":",
		     verb, more);

	return run(&any, WORDS("unshare", "--mount", "sh", "-c", script,
			       program_under_test()));
}

/* The process sits at the lower end of 700 groups that it could have made. */
static void find_in_the_deep(bool v1)
{
	struct result *r;
	pid_t pid;

	oci_begin(&(struct config){ .script = "tail -f /dev/null" });
	r = frugal(v1, "run --detach --bundle " OCI_BUNDLE, "</dev/null >&2");
	ck_assert_msg(r->status == 0, "run: %s", r->err);
	pid = oci_pid(OCI_ID);
	/* By one mkdir(1): in an emulated machine 700 of them take minutes. */
	shell("cd /sys/fs/cgroup; for t in %s; do cd $t/ten-steps/box.oci && "
	      "break; done 2>/dev/null; deep=$(printf 'a/%%.0s' $(seq 700)); "
	      "mkdir -p $deep && echo %d >$deep/cgroup.procs",
	      v1 ? "freezer" : ". unified freezer", pid);
	r = frugal(v1, "ps --format json", "");
	ck_assert_msg(strcmp(r->out, text("[%d]\n", pid)) == 0, "%s%s", r->out,
		      r->err);
	r = frugal(v1, "kill --all", "KILL");
	ck_assert_msg(r->status == 0, "kill: %s", r->err);
	oci_wait(pid);
	r = frugal(v1, "delete", "");
	ck_assert_msg(r->status == 0, "delete: %s", r->err);
	oci_end();
}

START_TEST(groups_700_deep_are_found_with_few_descriptors)
{
	find_in_the_deep(false);
}
END_TEST

START_TEST(groups_700_deep_are_found_with_cgroup_v1_alone)
{
	if (access("/sys/fs/cgroup/freezer", F_OK) != 0)
		skip("this machine has no cgroup v1");
	find_in_the_deep(true);
}
END_TEST

const struct test tests[] = {
	{ "safety", &groups_700_deep_are_found_with_few_descriptors },
	{ "safety", &groups_700_deep_are_found_with_cgroup_v1_alone },
	{ 0 },
};
