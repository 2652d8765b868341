/*
 * Stage 10: a state that is not what was written.  Every verb answers, delete
 * --force gets rid of it, and of nothing else.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define STATE OCI_STATES "/" OCI_ID "/state.json"

/* sed(1) on the state, or all of a script; and a part of what is said. */
static const struct damage {
	const char *script, *why;
} damages[] = {
	{ ": >" STATE, "end of file" },
	{ "truncate -s 60 " STATE, "line 1" },
	{ "printf '\\0\\377{{{' >" STATE, "zero byte" },
	{ "echo null >" STATE, "line 1" },
	{ "echo '[]' >" STATE, "not an object" },
	{ "sed -i 's/\"bundle\":/\"was\":/' " STATE, "bundle is missing" },
	{ "sed -i 's/\"bundle\":\"[^\"]*\"/\"bundle\":5/' " STATE,
	  "bundle is not" },
	{ "sed -i 's/\"cgroup\":/\"was\":/' " STATE, "cgroup is missing" },
	{ "sed -i 's/\"cgroup\":\"[^\"]*\"/\"cgroup\":7/' " STATE,
	  "cgroup is not" },
	{ "sed -i 's|\"cgroup\":\"[^\"]*\"|\"cgroup\":\"/../..\"|' " STATE,
	  "cgroup is not" },
	{ "sed -i 's/\"id\":\"" OCI_ID "\"/\"id\":\"other\"/' " STATE,
	  "id is not" },
	{ "sed -i 's/\"pid\":[0-9]*/\"pid\":0/' " STATE, "pid is not" },
	{ "sed -i 's/\"pid\":[0-9]*/\"pid\":-1/' " STATE, "pid is not" },
	{ "sed -i 's/\"pid\":[0-9]*/\"pid\":\"x\"/' " STATE, "pid is not" },
	{ "sed -i 's/\"pid\":[0-9]*/\"pid\":4611686018427387904/' " STATE,
	  "pid is not" },
	{ "sed -i 's/^{/{\"annotations\":[],/' " STATE, "annotations is not" },
	{ "rm " STATE "; mkdir " STATE, "not a file" },
	{ "rm " STATE "; mkfifo " STATE, "not a file" },
	{ "mv " STATE " /run/oci/moved; ln -s /run/oci/moved " STATE,
	  "not a file" },
};

#define DAMAGES COUNT(damages)

static const struct config stays = {
	.script = "echo ready; exec tail -f /dev/null",
	.linux_ = ", \"cgroupsPath\": \"/damage/box\"",
};

static void refuses_all(const char *why)
{
	static const char *const verbs[][5] = {
		{ "state", OCI_ID },
		{ "ps", OCI_ID },
		{ "events", "--stats", OCI_ID },
		{ "exec", OCI_ID, "true" },
		{ "pause", OCI_ID },
		{ "resume", OCI_ID },
		{ "update", "--pids-limit", "20", OCI_ID },
		{ "kill", OCI_ID, "0" },
		{ "start", OCI_ID },
		{ "delete", OCI_ID },
	};

	for (size_t i = 0; i < COUNT(verbs); i++)
		oci_refuses(WORDS("--root", OCI_STATES, verbs[i][0],
				  verbs[i][1], verbs[i][2], verbs[i][3]),
			    why);
}

/* One that nobody has waited for has ended all the same. */
static bool runs(pid_t pid)
{
	return strcmp(shell("sed -n 's/^State:.//p' /proc/%d/status "
			    "2>/dev/null | grep -v Z",
			    pid),
		      "") != 0;
}

static void removes_group(void)
{
	ck_assert_str_eq(
		shell("find /sys/fs/cgroup -type d -path '*/damage/box'"), "");
	shell("find /sys/fs/cgroup -depth -type d -name damage "
	      "-exec rmdir {} +");
}

START_TEST(no_verb_but_a_forced_delete_believes_a_damaged_state)
{
	for (size_t i = 0; i < DAMAGES; i++) {
		struct running box;
		pid_t pid;

		oci_begin(&stays);
		box = oci_start(OCI_ID);
		pid = oci_pid(OCI_ID);
		shell("%s", damages[i].script);
		refuses_all(damages[i].why);
		ck_assert_int_eq(kill(pid, 0), 0);
		ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
		ck_assert_msg(!runs(pid), "%s: it runs on", damages[i].script);
		oci_close(&box);
		removes_group();
		oci_end();
	}
}
END_TEST

START_TEST(a_list_names_what_it_cannot_read_and_shows_the_others)
{
	struct running box, good;
	struct result *r;

	oci_begin(&stays);
	box = oci_start(OCI_ID);
	oci_write(&(struct config){ 0 });
	good = oci_start("good");
	shell(": >" STATE);
	r = OCI("list");
	ck_assert_int_eq(r->status, 1);
	ck_assert(has(r->out, "good") && has(r->out, "running"));
	ck_assert_msg(
		has(r->err, "the state of container " OCI_ID " is damaged"),
		"it says %s", r->err);
	r = OCI("list", "--format", "json");
	ck_assert_int_eq(r->status, 1);
	ck_assert_msg(r->out[0] == '[' && has(r->out, "}]"), "%s", r->out);
	/* Nor does it hinder, or get a word from, who starts another one. */
	oci_write(&(struct config){ .script = "true" });
	r = OCI("run", "--bundle", OCI_BUNDLE, "third");
	ck_assert_msg(r->status == 0 && !r->err[0], "%s", r->err);
	oci_delete(&good, "good");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	removes_group();
	oci_end();
}
END_TEST

static void leaves_alone(long flags)
{
	struct running box;
	struct result *r;
	pid_t stranger;

	oci_begin(&stays);
	box = oci_start(OCI_ID);
	stranger = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
	if (stranger == 0) {
		pause();
		_exit(0);
	}
	shell("sed -i -E \"s/\\\"pid\\\":[0-9]+/\\\"pid\\\":%d/; "
	      "s/\\\"startTime\\\":[0-9]+/\\\"startTime\\\":$(sed 's/.*) //' "
	      "/proc/%d/stat | cut -d ' ' -f 20)/\" " STATE,
	      stranger, stranger);
	ck_assert_str_eq(oci_status(OCI_ID), "running");
	oci_refuses(WORDS("--root", OCI_STATES, "kill", OCI_ID, "KILL"),
		    "is in no group of container " OCI_ID);
	r = OCI("delete", "--force", OCI_ID);
	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(has(r->err, "is left alone"), "it says %s", r->err);
	ck_assert_int_eq(waitpid(stranger, NULL, WNOHANG), 0);
	kill(stranger, SIGKILL);
	waitpid(stranger, NULL, 0);
	oci_close(&box);
	removes_group();
	oci_end();
}

/* Also the first process of a PID namespace, as the container's own is. */
START_TEST(whom_a_damaged_state_names_is_left_alone)
{
	leaves_alone(0);
	leaves_alone(CLONE_NEWPID);
}
END_TEST

/* There is no group to find it in: what was kept beside the file names it. */
START_TEST(the_process_of_a_damaged_container_without_a_group_is_found)
{
	for (size_t i = 0; i < DAMAGES; i++) {
		struct running box;
		struct result *r;
		pid_t pid;

		oci_begin(&(struct config){ .script = stays.script });
		box = start(NULL,
			    WORDS("--root", OCI_STATES, "--cgroup-manager",
				  "disabled", "create", "--bundle", OCI_BUNDLE,
				  OCI_ID));
		ck_assert_int_eq(waitpid(box.pid, NULL, 0), box.pid);
		pid = oci_pid(OCI_ID);
		shell("%s", damages[i].script);
		r = OCI("delete", "--force", OCI_ID);
		ck_assert_msg(r->status == 0 && !runs(pid), "%s: %d %s",
			      damages[i].script, r->status, r->err);
		oci_close(&box);
		oci_end();
	}
}
END_TEST

START_TEST(a_state_of_a_newer_version_is_read)
{
	struct running box;

	oci_begin(&stays);
	box = oci_start(OCI_ID);
	shell("sed -i 's/^{/{\"version\":999,\"more\":[{}],/' " STATE);
	ck_assert_str_eq(oci_status(OCI_ID), "running");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	removes_group();
	oci_end();
}
END_TEST

START_TEST(without_a_readable_copy_of_its_config_it_can_be_deleted)
{
	static const char *const scripts[] = { "rm", ": >", "echo '{{' >",
					       NULL };

	for (int i = 0; scripts[i]; i++) {
		struct running box;
		struct result *r;

		oci_begin(&stays);
		box = oci_start(OCI_ID);
		shell("%s " OCI_STATES "/" OCI_ID "/config.json", scripts[i]);
		oci_refuses(WORDS("--root", OCI_STATES, "exec", OCI_ID, "true"),
			    "config.json");
		r = OCI("delete", "--force", OCI_ID);
		ck_assert_int_eq(r->status, 0);
		ck_assert(has(r->err, "deleted all the same"));
		oci_close(&box);
		removes_group();
		oci_end();
	}
}
END_TEST

/* Seen by its system calls: a machine that loses power cannot be had here. */
START_TEST(the_state_is_on_the_disk_before_it_gets_its_name)
{
	char *calls;

	oci_begin(&stays);
	if (strcmp(shell("command -v strace >/dev/null && echo yes"), "yes"))
		skip("no strace here");
	shell("strace -o /run/oci/calls -e trace=fsync,renameat %s "
	      "--root " OCI_STATES " create --bundle " OCI_BUNDLE " " OCI_ID
	      " >/dev/null 2>&1 </dev/null",
	      program_under_test());
	calls = shell("grep -oE '(fsync|renameat)\\(' /run/oci/calls | tail "
		      "-n 2 | tr -d '\\n'");
	ck_assert_str_eq(calls, "fsync(renameat(");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	removes_group();
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &no_verb_but_a_forced_delete_believes_a_damaged_state },
	{ "safety", &a_list_names_what_it_cannot_read_and_shows_the_others },
	{ "safety", &whom_a_damaged_state_names_is_left_alone },
	{ "safety",
	  &the_process_of_a_damaged_container_without_a_group_is_found },
	{ "safety", &a_state_of_a_newer_version_is_read },
	{ "safety", &without_a_readable_copy_of_its_config_it_can_be_deleted },
	{ "safety", &the_state_is_on_the_disk_before_it_gets_its_name },
	{ 0 },
};
