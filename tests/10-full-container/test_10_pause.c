/* Stage 10: all processes of a container: frozen, listed, signalled. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

/* Says when it gets a signal; a shell waits for `read` to be interrupted. */
#define LISTENS                                      \
	"trap 'echo got' USR1; trap 'exit 3' TERM; " \
	"echo ready; while true; do read x; done"

static void need_freezer(void)
{
	if (!*shell("grep ' - cgroup2 ' /proc/self/mountinfo") &&
	    !*shell("ls -d /sys/fs/cgroup/freezer 2> /dev/null"))
		skip("neither cgroup v2 nor v1's freezer");
}

/* Asked of the kernel, not of the program. */
static bool is_frozen(pid_t pid)
{
	char *text = oci_group_file(pid, "cgroup.events", "freezer",
				    "freezer.state");

	return has(text, "frozen 1") || has(text, "FROZEN");
}

START_TEST(a_paused_container_stands_still_and_goes_on)
{
	struct running box;
	struct result *r;
	pid_t pid;

	need_freezer();
	oci_begin(&(struct config){ .script = LISTENS });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	ck_assert(!is_frozen(pid));
	r = OCI("pause", OCI_ID);
	ck_assert_msg(r->status == 0, "pause: %s", r->err);
	ck_assert_str_eq(r->out, "");
	ck_assert(is_frozen(pid));
	ck_assert_str_eq(oci_status(OCI_ID), "paused");
	ck_assert(has(OCI("list")->out, " paused "));
	ck_assert_int_eq(OCI("kill", OCI_ID, "USR1")->status, 0);
	ck_assert(is_frozen(pid));
	r = OCI("resume", OCI_ID);
	ck_assert_msg(r->status == 0, "resume: %s", r->err);
	ck_assert(!is_frozen(pid));
	expect(&box, "got");
	ck_assert_str_eq(oci_status(OCI_ID), "running");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(a_created_container_can_be_paused)
{
	struct running box;

	need_freezer();
	oci_begin(&(struct config){ 0 });
	box = oci_create(OCI_ID);
	ck_assert_int_eq(OCI("pause", OCI_ID)->status, 0);
	ck_assert_str_eq(oci_status(OCI_ID), "paused");
	oci_refuses(WORDS("--root", OCI_STATES, "start", OCI_ID),
		    "start: the container " OCI_ID " is paused");
	ck_assert_int_eq(OCI("resume", OCI_ID)->status, 0);
	ck_assert_str_eq(oci_status(OCI_ID), "created");
	ck_assert_int_eq(OCI("start", OCI_ID)->status, 0);
	expect(&box, "ready");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

START_TEST(pause_and_resume_want_the_other_state)
{
	struct running box;
	pid_t pid;

	need_freezer();
	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	oci_refuses(WORDS("--root", OCI_STATES, "resume", OCI_ID),
		    "container not paused: " OCI_ID " is running");
	ck_assert_int_eq(OCI("pause", OCI_ID)->status, 0);
	oci_refuses(WORDS("--root", OCI_STATES, "pause", OCI_ID),
		    "container not running: " OCI_ID " is paused");
	oci_refuses(WORDS("--root", OCI_STATES, "delete", OCI_ID),
		    "delete: the container " OCI_ID " is paused");
	ck_assert_int_eq(OCI("resume", OCI_ID)->status, 0);
	oci_close(&box);
	oci_wait(pid);
	oci_refuses(WORDS("--root", OCI_STATES, "pause", OCI_ID),
		    "container not running: " OCI_ID " is stopped");
	oci_refuses(WORDS("--root", OCI_STATES, "resume", OCI_ID),
		    "container not paused: " OCI_ID " is stopped");
	ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	oci_end();
}
END_TEST

START_TEST(exec_refuses_a_paused_container)
{
	struct running box;

	need_freezer();
	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	OCI("pause", OCI_ID);
	oci_refuses(WORDS("--root", OCI_STATES, "exec", OCI_ID, "true"),
		    "exec: the container " OCI_ID " is paused");
	OCI("resume", OCI_ID);
	ck_assert_int_eq(OCI("exec", OCI_ID, "true")->status, 0);
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* It may be sent in, and comes to life with the others. */
START_TEST(exec_with_ignore_paused_starts_at_the_resume)
{
	struct running box, added;

	need_freezer();
	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	OCI("pause", OCI_ID);
	added = start(NULL, WORDS("--root", OCI_STATES, "exec",
				  "--ignore-paused", OCI_ID, "echo", "alive"));
	while (!strchr(OCI("ps", "-f", "json", OCI_ID)->out, ','))
		continue; /* until it is in the group */
	ck_assert_str_eq(oci_status(OCI_ID), "paused");
	OCI("resume", OCI_ID);
	expect(&added, "alive");
	ck_assert_int_eq(finish(&added)->status, 0);
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

static void paused_and_killed(const char *namespaces, bool by_delete)
{
	struct running box;
	struct result *r;
	pid_t pid;

	oci_begin(&(struct config){
		.script = "tail -f /dev/null & echo ready; wait",
		.namespaces = namespaces });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	ck_assert_int_eq(OCI("pause", OCI_ID)->status, 0);
	r = by_delete ? OCI("delete", "--force", OCI_ID)
		      : OCI("kill", "--all", OCI_ID, "SIGKILL");
	ck_assert_msg(r->status == 0, "%s", r->err);
	oci_wait(pid);
	ck_assert_str_eq(oci_close(&box), ""); /* nobody holds its output */
	if (!by_delete)
		ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	oci_end();
}

START_TEST(a_paused_container_can_be_killed_and_deleted)
{
	need_freezer();
	paused_and_killed(NULL, false);
	paused_and_killed(NULL, true);
	paused_and_killed("[{\"type\": \"mount\"}]", false);
	paused_and_killed("[{\"type\": \"mount\"}]", true);
}
END_TEST

START_TEST(the_signals_name_can_be_said_in_three_ways)
{
	static const char *const names[] = { "KILL", "SIGKILL", "9", "sigkill",
					     NULL };

	need_freezer();
	for (const char *const *name = names; *name; name++) {
		struct running box;
		pid_t pid;

		oci_begin(&(struct config){ 0 });
		box = oci_start(OCI_ID);
		pid = oci_pid(OCI_ID);
		OCI("pause", OCI_ID);
		ck_assert_int_eq(OCI("kill", OCI_ID, *name)->status, 0);
		oci_wait(pid);
		ck_assert_str_eq(oci_status(OCI_ID), "stopped");
		oci_close(&box);
		ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
		oci_end();
	}
}
END_TEST

/* A machine with v1 alone: another freezer, and it keeps SIGKILL waiting. */
START_TEST(the_same_with_cgroup_v1)
{
	char *status, *frozen;
	struct result *r;
	pid_t pid;

	oci_begin(&(struct config){ .script = "echo ready > /mnt/ready; "
					      "exec tail -f /dev/null" });
	shell("mkfifo " OCI_SHARED "/ready");
	r = OCI_V1("run", "--detach", "--bundle", OCI_BUNDLE, OCI_ID);
	ck_assert_msg(r->status == 0, "run: %s", r->err);
	ck_assert_str_eq(shell("cat " OCI_SHARED "/ready"), "ready");
	pid = oci_pid(OCI_ID);
	r = OCI_V1("pause", OCI_ID);
	ck_assert_msg(r->status == 0, "pause: %s", r->err);
	status = oci_status(OCI_ID);
	frozen = shell("cat /sys/fs/cgroup/freezer$(sed -n "
		       "'s/^[0-9]*:freezer://p' /proc/%d/cgroup)/freezer.state",
		       pid);
	r = OCI_V1("resume", OCI_ID);
	ck_assert_msg(r->status == 0, "resume: %s", r->err);
	/* Not before: what is frozen in v1 would outlive a failed test. */
	ck_assert_str_eq(status, "paused");
	ck_assert_str_eq(frozen, "FROZEN");
	ck_assert_str_eq(oci_status(OCI_ID), "running");
	ck_assert_int_eq(OCI_V1("pause", OCI_ID)->status, 0);
	ck_assert_int_eq(OCI_V1("kill", OCI_ID, "9")->status, 0);
	oci_wait(pid);
	ck_assert_int_eq(OCI_V1("delete", OCI_ID)->status, 0);
	r = OCI_V1("create", "--bundle", OCI_BUNDLE, OCI_ID);
	ck_assert_msg(r->status == 0, "create: %s", r->err);
	ck_assert_int_eq(OCI_V1("pause", OCI_ID)->status, 0);
	ck_assert_int_eq(OCI_V1("delete", "--force", OCI_ID)->status, 0);
	shell("rm " OCI_SHARED "/ready");
	oci_end();
}
END_TEST

/* Numbers as the host has them, of what `exec` added, too. */
START_TEST(ps_has_every_process_and_no_other)
{
	struct running box, added;
	struct result *r;
	char *first, *second;

	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	first = text("%d", oci_pid(OCI_ID));
	ck_assert_str_eq(OCI("ps", "--format", "json", OCI_ID)->out,
			 text("[%s]\n", first));
	added = start(NULL, WORDS("--root", OCI_STATES, "exec", "--pid-file",
				  OCI_SHARED "/pid", OCI_ID, "sh", "-c",
				  "echo ready; read x"));
	expect(&added, "ready");
	second = shell("cat " OCI_SHARED "/pid");
	r = OCI("ps", "-f", "json", OCI_ID);
	ck_assert(has(r->out, first) && has(r->out, second));
	r = OCI("ps", OCI_ID, "-o", "pid,comm");
	ck_assert_msg(r->status == 0, "ps: %s", r->err);
	ck_assert_msg(has(r->out, "PID") && has(r->out, first) &&
			      has(r->out, second),
		      "%s", r->out);
	ck_assert_int_eq(shell("echo '%s' | wc -l", chomp(r->out))[0], '3');
	ck_assert(has(OCI("ps", OCI_ID)->out, "read x"));
	ck_assert_int_eq(finish(&added)->status, 1);
	shell("rm " OCI_SHARED "/pid");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

START_TEST(what_ps_cannot_do_is_said)
{
	struct running box;

	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	oci_refuses(
		WORDS("--root", OCI_STATES, "ps", "--format", "xml", OCI_ID),
		"there is no format \"xml\"");
	oci_refuses(WORDS("--root", OCI_STATES, "ps", OCI_ID, "-o", "comm"),
		    "there is no column PID");
	oci_refuses(WORDS("--root", OCI_STATES, "ps", OCI_ID, "--frob"),
		    "ps(1) failed");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* Those below its own group are the container's as well. */
START_TEST(a_signal_for_all_reaches_every_process)
{
	struct running box, added;
	pid_t pid;

	oci_begin(&(struct config){ .script = LISTENS });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	added = start(NULL, WORDS("--root", OCI_STATES, "exec", OCI_ID, "sh",
				  "-c", LISTENS));
	expect(&added, "ready");
	ck_assert_int_eq(OCI("kill", "--all", OCI_ID, "USR1")->status, 0);
	expect(&box, "got");
	expect(&added, "got");
	ck_assert_int_eq(OCI("kill", "-a", OCI_ID, "TERM")->status, 0);
	oci_wait(pid);
	oci_close(&box);
	finish(&added);
	ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	oci_end();
}
END_TEST

/* A program that may make groups can do both. */
START_TEST(groups_below_may_be_hidden_and_deep)
{
	struct running box;
	char *group;
	pid_t pid;

	oci_begin(&(struct config){
		.linux_ = ", \"cgroupsPath\": \"/engine/deep\"" });
	box = oci_create(OCI_ID);
	pid = oci_pid(OCI_ID);
	group = shell("cd /sys/fs/cgroup; for at in . unified freezer; do "
		      "test -d $at/engine/deep && break; done; "
		      "cd $at/engine/deep && pwd");
	shell("mkdir %s/.x; echo %d > %s/.x/cgroup.procs", group, pid, group);
	ck_assert_str_eq(OCI("ps", "--format", "json", OCI_ID)->out,
			 text("[%d]\n", pid));
	shell("cd %s; for i in $(seq 600); do mkdir a && cd ./a; done", group);
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	ck_assert_int_ne(access(group, F_OK), 0);
	oci_close(&box);
	shell("rmdir /sys/fs/cgroup/*/engine /sys/fs/cgroup/engine");
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &groups_below_may_be_hidden_and_deep },
	{ "safety", &a_paused_container_stands_still_and_goes_on },
	{ "safety", &a_created_container_can_be_paused },
	{ "input", &pause_and_resume_want_the_other_state },
	{ "input", &exec_refuses_a_paused_container },
	{ "safety", &exec_with_ignore_paused_starts_at_the_resume },
	{ "safety", &a_paused_container_can_be_killed_and_deleted },
	{ "safety", &the_signals_name_can_be_said_in_three_ways },
	{ "safety", &the_same_with_cgroup_v1 },
	{ "safety", &ps_has_every_process_and_no_other },
	{ "input", &what_ps_cannot_do_is_said },
	{ "safety", &a_signal_for_all_reaches_every_process },
	{ 0 },
};
