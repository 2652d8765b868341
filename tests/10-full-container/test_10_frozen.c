/* Stage 10: who has frozen itself with cgroup v1 can be ended all the same. */
#include <unistd.h>

#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

/*
 * Root inside, who may write to /sys/fs/cgroup, is in a group that it has made
 * and frozen: v1 lets nobody in there die.
 */
#define FREEZES_ITSELF                                      \
	"cd /sys/fs/cgroup/freezer; mkdir below; echo 1 > " \
	"below/cgroup.procs; echo FROZEN > below/freezer.state; echo here"
#define MOUNTS_GROUPS                                                  \
	", {\"destination\": \"/sys\", \"type\": \"tmpfs\"}, "         \
	"{\"destination\": \"/sys/fs/cgroup\", \"type\": \"cgroup\", " \
	"\"source\": \"cgroup\", \"options\": [\"nosuid\"]}"

/* What stays has no pipe of ours. */
static struct result *oci_here(const char *const words[])
{
	static const struct manner any = { .program = "" };
	const char *all[32] = { "sh", "-c",
				"exec \"$0\" \"$@\" < /dev/null >&2",
				program_under_test() };
	size_t count = 4;

	while ((all[count] = *words++) != NULL)
		count++;
	return run(&any, all);
}

static void end_what_froze_itself(struct result *(*verbs)(const char *const[]),
				  const char *const words[])
{
	const char *below = "/sys/fs/cgroup/freezer/engine/one/below";
	struct result *r;
	pid_t pid;

	if (access("/sys/fs/cgroup/freezer", F_OK) < 0)
		skip("this machine has no freezer of cgroup v1");
	oci_begin(&(struct config){
		.script = FREEZES_ITSELF,
		.mounts = MOUNTS_GROUPS,
		.linux_ = ", \"cgroupsPath\": \"/engine/one\"" });
	r = verbs(WORDS("--root", OCI_STATES, "run", "--detach", "--bundle",
			OCI_BUNDLE, OCI_ID));
	ck_assert_msg(r->status == 0, "%s", r->err);
	shell("until grep -q FROZEN %s/freezer.state; do :; done", below);
	pid = oci_pid(OCI_ID);
	r = verbs(words);
	if (r->status != 0) /* or it would outlive the test */
		shell("echo THAWED > %s/freezer.state", below);
	ck_assert_msg(r->status == 0, "%s", r->err);
	oci_wait(pid);
	r = verbs(WORDS("--root", OCI_STATES, "delete", "--force", OCI_ID));
	ck_assert_msg(r->status == 0, "%s", r->err);
	shell("rmdir /sys/fs/cgroup/*/engine");
	oci_end();
}

/*
 * Nothing may be thawed that is not the container's.  So the process cannot
 * end: the wait for it does, which takes its 10 seconds.
 */
START_TEST(delete_gives_up_on_who_is_in_a_frozen_group_of_others)
{
	struct running box;
	struct result *r;
	pid_t pid;

	if (access("/sys/fs/cgroup/freezer", F_OK) < 0)
		skip("this machine has no freezer of cgroup v1");
	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	shell("cd /sys/fs/cgroup/freezer; mkdir others; echo %d > "
	      "others/cgroup.procs; echo FROZEN > others/freezer.state; until "
	      "grep -q FROZEN others/freezer.state; do :; done",
	      pid);
	r = OCI("delete", "--force", OCI_ID);
	shell("echo THAWED > /sys/fs/cgroup/freezer/others/freezer.state");
	ck_assert_msg(r->status == 1 &&
			      has(r->err, text("kill process %d: it has not "
					       "ended within 10 seconds",
					       pid)) &&
			      has(r->err, "is it in a group of somebody else's "
					  "that is frozen"),
		      "%d %s", r->status, r->err);
	oci_wait(pid);
	/* Once it has ended, it is as any other. */
	oci_delete(&box, OCI_ID);
	shell("rmdir /sys/fs/cgroup/freezer/others");
	oci_end();
}
END_TEST

#define ENDS_IT(name, verbs, ...)                                         \
	START_TEST(name)                                                  \
	{                                                                 \
		end_what_froze_itself(                                    \
			verbs, WORDS("--root", OCI_STATES, __VA_ARGS__)); \
	}                                                                 \
	END_TEST

ENDS_IT(kill_ends_who_has_frozen_itself, oci_here, "kill", OCI_ID, "KILL")
ENDS_IT(kill_all_ends_it, oci_here, "kill", "--all", OCI_ID, "KILL")
ENDS_IT(delete_ends_it, oci_here, "delete", "--force", OCI_ID)
ENDS_IT(kill_ends_it_with_v1_alone, oci_v1, "kill", OCI_ID, "KILL")
ENDS_IT(kill_all_ends_it_with_v1_alone, oci_v1, "kill", "--all", OCI_ID, "KILL")
ENDS_IT(delete_ends_it_with_v1_alone, oci_v1, "delete", "--force", OCI_ID)

const struct test tests[] = {
	{ "safety", &kill_ends_who_has_frozen_itself },
	{ "safety", &kill_all_ends_it },
	{ "safety", &delete_ends_it },
	{ "safety", &kill_ends_it_with_v1_alone },
	{ "safety", &kill_all_ends_it_with_v1_alone },
	{ "safety", &delete_ends_it_with_v1_alone },
	{ "safety", &delete_gives_up_on_who_is_in_a_frozen_group_of_others },
	{ 0 },
};
