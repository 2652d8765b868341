/*
 * Stage 10: what goes wrong is said once, with the right reason, and ends; and
 * nothing is left of it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define NO_PIDS                                                      \
	"[{\"type\": \"mount\"}, {\"type\": \"uts\"}, {\"type\": \"" \
	"ipc\"}, {\"type\": \"network\"}]"

/* A list of one hook, which the host's or the container's shell runs. */
static char *hooks(const char *kind, const char *script, const char *more)
{
	return text(", \"hooks\": {\"%s\": [{\"path\": \"/bin/sh\", \"args\": "
		    "[\"sh\", \"-c\", \"%s\"]%s}]}",
		    kind, script, more);
}

/* The process of which the state tells, which is a hook's input. */
#define KILL_IT                                                                \
	"kill -9 $(sed -n 's/.*pid[^0-9]*//p' | tr -dc '0-9'); while read x; " \
	"do :; done"

START_TEST(a_root_that_cannot_be_opened_is_said_by_every_verb)
{
	static const char *const verbs[][4] = {
		{ "run", "--bundle", OCI_BUNDLE, OCI_ID },
		{ "create", "--bundle", OCI_BUNDLE, OCI_ID },
		{ "start", OCI_ID },
		{ "state", OCI_ID },
		{ "kill", OCI_ID },
		{ "delete", OCI_ID },
		{ "delete", "--force", OCI_ID },
		{ "pause", OCI_ID },
		{ "resume", OCI_ID },
		{ "ps", OCI_ID },
		{ "events", "--stats", OCI_ID },
		{ "update", "--pids-limit", "9", OCI_ID },
		{ "exec", OCI_ID, "true" },
		{ "list" },
	};

	oci_begin(&(struct config){ 0 });
	for (size_t i = 0; i < COUNT(verbs); i++)
		oci_refuses(WORDS("--root", OCI_BUNDLE "/config.json",
				  verbs[i][0], verbs[i][1], verbs[i][2],
				  verbs[i][3]),
			    "open the directory of states");
	oci_end();
}
END_TEST

START_TEST(a_process_that_is_killed_on_its_way_is_explained)
{
	static const char *const kinds[] = { "createRuntime", "prestart" };

	oci_refuses_config(&(struct config){ .linux_ = ", \"resources\": "
						       "{\"memory\": "
						       "{\"limit\": 4096}}" },
			   "out of memory");
	for (int i = 0; i < 2; i++)
		oci_refuses_config(
			&(struct config){ .top = hooks(kinds[i], KILL_IT, "") },
			"its process was killed by signal 9 (Killed)");
}
END_TEST

/* Without a PID namespace, so that a hook inside can kill who runs it. */
START_TEST(a_start_whose_process_is_killed_before_its_program_fails)
{
	struct running box;
	pid_t pid;

	oci_begin(&(struct config){
		.namespaces = NO_PIDS,
		.script = "true",
		.top = hooks("startContainer", "kill -9 $PPID", "") });
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE,
			  OCI_ID),
		    "its process was killed by signal 9");
	box = oci_create(OCI_ID);
	pid = oci_pid(OCI_ID);
	oci_refuses(WORDS("--root", OCI_STATES, "start", OCI_ID),
		    "start: container " OCI_ID ": its process ");
	oci_wait(pid);
	ck_assert_str_eq(oci_status(OCI_ID), "stopped");
	oci_close(&box);
	ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	oci_end();
}
END_TEST

/* A runtime that waits for the end of a process that lives would hang. */
START_TEST(what_the_two_processes_cannot_tell_each_other_is_said_once)
{
	static const struct {
		struct manner manner;
		const char *message;
	} faults[] = {
		{ { .denied_call = SYS_sendto, .denied_error = ENOBUFS },
		  "speak to the container's other process: No buffer space "
		  "available (ENOBUFS)" },
		{ { .denied_call = SYS_prctl,
		    .denied_error = EPERM,
		    .denied_pair = { PR_SET_PDEATHSIG, SIGKILL } },
		  "ask to die with the parent: Operation not permitted "
		  "(EPERM)" },
	};

	oci_begin(&(struct config){ .script = "true" });
	for (size_t i = 0; i < COUNT(faults); i++) {
		struct result *r = run(&faults[i].manner,
				       WORDS("--root", OCI_STATES, "run",
					     "--bundle", OCI_BUNDLE, OCI_ID));

		ck_assert_int_eq(r->status, 1);
		ck_assert_str_eq(r->err, text("%s: %s\n", stage_name,
					      faults[i].message));
	}
	oci_end();
}
END_TEST

START_TEST(the_root_can_be_a_read_only_path)
{
	char *said = oci_prints(&(struct config){
		.script = "touch /x /x/../y 2>&1; touch /mnt/z && echo z",
		.linux_ = ", \"readonlyPaths\": [\"/\"]" });

	ck_assert_msg(has(said, "Read-only file system") && has(said, "z\n"),
		      "it says %s", said);
}
END_TEST

/* Longer than what a socket keeps for who does not read yet. */
START_TEST(a_hook_gets_all_of_a_long_state)
{
	struct running box;

	oci_begin(&(struct config){
		.top = text(", \"annotations\": {\"long\": \"%s\"}%s",
			    shell("head -c 3000000 /dev/zero | tr '\\0' x"),
			    hooks("createRuntime",
				  "wc -c >" OCI_SHARED "/count", "")) });
	box = oci_create(OCI_ID);
	ck_assert_int_gt(strtol(file_text(OCI_SHARED "/count"), NULL, 10),
			 3000000);
	/* One that does not want to know, or not to the end, is no error. */
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	shell("sed -i 's|wc -c >" OCI_SHARED
	      "/count|head -c 9 >/dev/null|' " OCI_BUNDLE "/config.json");
	box = oci_create(OCI_ID);
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(what_is_no_number_is_no_limit)
{
	static const char *const wrong[] = {
		"\"memory.max\": \"much\"",  "\"memory.max\": \"9Q\"",
		"\"memory.max\": \"\\t5\"",  "\"pids.max\": \"x\"",
		"\"cpu.max\": \"x 100000\"", "\"cpu.weight\": \"heavy\"",
	};

	for (size_t i = 0; i < COUNT(wrong); i++)
		oci_refuses_config(
			&(struct config){
				.linux_ = text(", \"resources\": {\"unified\": "
					       "{%s}}",
					       wrong[i]) },
			"linux.resources.unified");
}
END_TEST

START_TEST(a_hook_that_cannot_be_run_is_said_once)
{
	static const char *const kinds[] = { "prestart", "createRuntime",
					     "createContainer",
					     "startContainer", "poststart" };

	for (size_t i = 0; i < COUNT(kinds); i++) {
		oci_refuses_config(
			&(struct config){
				.script = "sleep 100",
				.top = text(", \"hooks\": {\"%s\": [{\"path\": "
					    "\"/no/hook\"}]}",
					    kinds[i]) },
			text("run the %s hook /no/hook: No such file or "
			     "directory (ENOENT)",
			     kinds[i]));
		oci_refuses_config(
			&(struct config){
				.script = "sleep 100",
				.top = hooks(kinds[i], "kill -9 $$", "") },
			text("the %s hook /bin/sh failed: signal 9 (Killed)",
			     kinds[i]));
	}
}
END_TEST

/* `create` holds signals back; but whoever asks it to end is heard. */
START_TEST(a_create_whose_hook_hangs_can_be_ended)
{
	static const char *const kinds[] = { "createRuntime",
					     "createContainer" };

	for (int i = 0; i < 2; i++) {
		struct running create;
		struct result *r;

		oci_begin(&(struct config){
			.top = hooks(kinds[i],
				     "echo hangs >&2; exec tail -f /dev/null",
				     "") });
		shell("mkfifo /run/oci/said");
		create = start(&(struct manner){ .program = "" },
			       WORDS("sh", "-c", "exec \"$@\" 2>/run/oci/said",
				     "sh", program_under_test(), "--root",
				     OCI_STATES, "create", "--bundle",
				     OCI_BUNDLE, OCI_ID));
		r = run(&(struct manner){ .program = "" },
			WORDS("sh", "-c",
			      "exec </run/oci/said; read x; kill -TERM \"$0\"; "
			      "cat",
			      text("%d", create.pid)));
		ck_assert_msg(has(r->out, "given up, for signal 15 "
					  "(Terminated)"),
			      "it says %s", r->out);
		ck_assert_int_eq(finish(&create)->status, 1);
		oci_end();
	}
}
END_TEST

START_TEST(a_detached_exec_that_fails_leaves_no_process)
{
	struct running box;
	struct result *r;

	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	r = OCI("exec", "-d", "--pid-file", "/no/such/directory/pid", OCI_ID,
		"tail", "-f", "/dev/null");
	ck_assert_int_eq(r->status, 255);
	ck_assert(has(r->err, "/no/such/directory/pid"));
	ck_assert_str_eq(shell("%s --root " OCI_STATES " ps " OCI_ID
			       " | grep -c tail",
			       program_under_test()),
			 "0");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

START_TEST(a_pid_file_that_cannot_be_had_leaves_no_other)
{
	oci_begin(&(struct config){ 0 });
	shell("mkdir -p /run/oci/pid/x");
	oci_refuses(WORDS("--root", OCI_STATES, "create", "--pid-file",
			  "/run/oci/pid", "--bundle", OCI_BUNDLE, OCI_ID),
		    "/run/oci/pid");
	ck_assert_str_eq(shell("ls /run/oci"), "bundle\npid\nshared\nstates");
	oci_end();
}
END_TEST

/* A full disk takes a part of what is written to it. */
START_TEST(what_a_full_disk_takes_in_part_is_no_success)
{
	struct result *r;

	oci_begin(&(struct config){ 0 });
	shell("mkdir /run/oci/small; mount -t tmpfs -o size=4k small "
	      "/run/oci/small; head -c 3500 /dev/zero >/run/oci/small/most; "
	      "head -c 9000 /dev/zero >/run/oci/small/all 2>/dev/null");
	r = OCI("spec", "--bundle", "/run/oci/small", "--rootfs", rootfs(),
		"true");
	ck_assert_int_eq(r->status, 1);
	ck_assert_msg(has(r->err, "No space left on device (ENOSPC)"),
		      "it says %s", r->err);
	ck_assert_int_ne(access("/run/oci/small/config.json", F_OK), 0);
	shell("umount /run/oci/small");
	oci_end();
}
END_TEST

START_TEST(a_namespace_that_is_a_pipe_keeps_nobody_waiting)
{
	oci_begin(&(struct config){
		.namespaces = "[{\"type\": \"mount\"}, {\"type\": \"uts\", "
			      "\"path\": \"/run/oci/pipe\"}]" });
	shell("mkfifo /run/oci/pipe");
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE,
			  OCI_ID),
		    "the uts namespace /run/oci/pipe");
	oci_end();
}
END_TEST

/* /bin/sh would take it for a script, and say something about its quotes. */
START_TEST(what_is_no_program_is_not_handed_to_a_shell)
{
	struct result *r;

	oci_begin(&(struct config){ .script = "/mnt/program; echo $?" });
	shell("echo \"it's no program\" >" OCI_SHARED
	      "/program; chmod 755 " OCI_SHARED
	      "/program; sed -i 's|\"sh\", \"-c\", .*\\]\\},|"
	      "\"/mnt/program\"]},|' " OCI_BUNDLE "/config.json");
	r = OCI_RUN();
	ck_assert_msg(has(r->err, "exec format error"), "it says %s", r->err);
	oci_end();
}
END_TEST

START_TEST(a_line_of_the_log_is_json_whatever_was_said)
{
	struct result *r;

	oci_begin(&(struct config){
		.linux_ = text(", \"rootfsPropagation\": \"%s\"",
			       shell("yes \303\251 | head -n 2000 | tr -d "
				     "'\\n'")) });
	r = OCI("--log", "/run/oci/log", "--log-format", "json", "run",
		"--bundle", OCI_BUNDLE, OCI_ID);
	ck_assert_int_eq(r->status, 1);
	ck_assert_str_eq(shell("grep -vc '^{\"level\":.*\"}$' /run/oci/log"),
			 "0");
	oci_end();
}
END_TEST

/* head(1) has read its line, and what is printed next is a SIGPIPE. */
START_TEST(who_stops_reading_leaves_no_group)
{
	shell("%s/05-cgroups --pids 20 --stats seq 100000 2>&1 | head -n 1",
	      bin());
	ck_assert_str_eq(shell("find /sys/fs/cgroup -type d -path "
			       "'*ten-steps/05-cgroups.*'"),
			 "");
}
END_TEST

const struct test tests[] = {
	{ "safety", &a_root_that_cannot_be_opened_is_said_by_every_verb },
	{ "safety", &a_process_that_is_killed_on_its_way_is_explained },
	{ "safety", &a_start_whose_process_is_killed_before_its_program_fails },
	{ "safety",
	  &what_the_two_processes_cannot_tell_each_other_is_said_once },
	{ "safety", &the_root_can_be_a_read_only_path },
	{ "safety", &a_hook_gets_all_of_a_long_state },
	{ "input", &what_is_no_number_is_no_limit },
	{ "input", &a_hook_that_cannot_be_run_is_said_once },
	{ "safety", &a_create_whose_hook_hangs_can_be_ended },
	{ "safety", &a_detached_exec_that_fails_leaves_no_process },
	{ "safety", &a_pid_file_that_cannot_be_had_leaves_no_other },
	{ "safety", &what_a_full_disk_takes_in_part_is_no_success },
	{ "safety", &a_namespace_that_is_a_pipe_keeps_nobody_waiting },
	{ "input", &what_is_no_program_is_not_handed_to_a_shell },
	{ "input", &a_line_of_the_log_is_json_whatever_was_said },
	{ "safety", &who_stops_reading_leaves_no_group },
	{ 0 },
};
