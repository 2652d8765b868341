/*
 * Stage 10: what the specification leaves open, as runc and crun have it: see
 * docs/CONVENTIONS.md.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define NO_PIDS                                                      \
	"[{\"type\": \"mount\"}, {\"type\": \"uts\"}, {\"type\": \"" \
	"ipc\"}, {\"type\": \"network\"}]"

/* In the bundle outside, in the process's directory inside. */
START_TEST(a_hook_without_variables_has_its_runtimes_and_runs_in_the_bundle)
{
	static const char *const kinds[] = { "prestart", "createRuntime",
					     "poststart", "poststop" };

	for (size_t i = 0; i < COUNT(kinds); i++) {
		oci_begin(&(struct config){
			.script = "true",
			.top = text(", \"hooks\": {\"%s\": [{\"path\": "
				    "\"/bin/sh\", \"args\": [\"sh\", \"-c\", "
				    "\"echo $(pwd) $WHOSE >" OCI_SHARED
				    "/said\"]}]}",
				    kinds[i]) });
		shell("cd / && WHOSE=callers %s --root " OCI_STATES
		      " run --bundle " OCI_BUNDLE " " OCI_ID,
		      program_under_test());
		ck_assert_str_eq(file_text(OCI_SHARED "/said"),
				 OCI_BUNDLE " callers\n");
		oci_end();
	}
	oci_begin(&(struct config){
		.script = "true",
		.cwd = "/mnt",
		.env = ", \"WHOSE=programs\"",
		.top = ", \"hooks\": {\"startContainer\": [{\"path\": "
		       "\"/bin/sh\", \"args\": [\"sh\", \"-c\", \"echo $(pwd) "
		       "$WHOSE >/mnt/said\"]}]}" });
	shell("WHOSE=callers %s --root " OCI_STATES " run --bundle " OCI_BUNDLE
	      " " OCI_ID,
	      program_under_test());
	ck_assert_str_eq(file_text(OCI_SHARED "/said"), "/mnt programs\n");
	oci_end();
}
END_TEST

START_TEST(of_two_variables_of_one_name_the_last_counts)
{
	char *said = oci_prints(&(struct config){
		.script = "tr '\\\\0' ' ' </proc/self/environ; echo $ONE $HOME",
		.env = ", \"HOME=\", \"ONE=first\", \"ONE=last\"" });

	ck_assert_msg(!has(said, "first") && has(said, "last /root"), "%s",
		      said);
}
END_TEST

START_TEST(options_may_follow_the_id)
{
	struct running box;
	pid_t pid;

	oci_begin(&(struct config){ 0 });
	ck_assert(has(OCI("-v")->err, "") && RUN("-v")->status == 0);
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	ck_assert_int_eq(OCI("update", OCI_ID, "--pids-limit", "77")->status,
			 0);
	ck_assert_str_eq(oci_group_file(pid, "pids.max", "pids", "pids.max"),
			 "77");
	oci_refuses(WORDS("--root", OCI_STATES, "kill", OCI_ID, "--no-such"),
		    "no-such");
	ck_assert_str_eq(
		shell("echo '{\"cwd\": \"/\", \"args\": [\"echo\", "
		      "\"hi\"], \"env\": [\"PATH=/bin\"], \"user\": "
		      "{\"uid\": 0, \"gid\": 0}}' | %s --root " OCI_STATES
		      " exec --process /dev/stdin " OCI_ID,
		      program_under_test()),
		"hi");
	ck_assert_int_eq(OCI("kill", OCI_ID, "KILL")->status, 0);
	oci_wait(pid);
	ck_assert_int_eq(OCI("delete", OCI_ID, "--force")->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(it_runs_where_its_group_may_and_not_only_its_caller)
{
	char *before = shell("sed -n 's/^Cpus_allowed_list:.//p' "
			     "/proc/self/status");

	if (strcmp(shell("nproc"), "1") == 0)
		skip("there is one processor here");
	oci_begin(&(struct config){
		.script = "sed -n 's/^Cpus_allowed_list:.//p' "
			  "/proc/self/status" });
	ck_assert_str_eq(shell("taskset -c 0 %s --root " OCI_STATES
			       " run --bundle " OCI_BUNDLE " " OCI_ID,
			       program_under_test()),
			 before);
	oci_end();
}
END_TEST

START_TEST(a_created_container_ends_when_it_is_told_to)
{
	struct running box;
	pid_t pid;

	oci_begin(&(struct config){ 0 });
	box = oci_create(OCI_ID);
	pid = oci_pid(OCI_ID);
	ck_assert_int_eq(OCI("kill", OCI_ID, "TERM")->status, 0);
	oci_wait(pid);
	ck_assert_str_eq(oci_status(OCI_ID), "stopped");
	ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

/* Its group is the one list of all that run; its end ends nobody else. */
START_TEST(without_a_pid_namespace_kill_ends_all_of_it)
{
	struct running box;
	pid_t other;

	oci_begin(&(struct config){
		.namespaces = NO_PIDS,
		.script = "tail -f /dev/null & echo $!; exec tail -f "
			  "/dev/null" });
	box = oci_create(OCI_ID);
	ck_assert_int_eq(OCI("start", OCI_ID)->status, 0);
	other = (pid_t)strtol(next_line(&box), NULL, 10);
	ck_assert_int_eq(OCI("kill", OCI_ID, "KILL")->status, 0);
	oci_wait(other);
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(an_update_to_no_processes_is_a_limit)
{
	struct running box;
	pid_t pid;

	oci_begin(&(struct config){
		.linux_ = ", \"resources\": {\"pids\": {\"limit\": 20}}" });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	ck_assert_int_eq(OCI("update", "--pids-limit", "0", OCI_ID)->status, 0);
	ck_assert_str_eq(oci_group_file(pid, "pids.max", "pids", "pids.max"),
			 "0");
	shell("echo '{\"pids\": {\"limit\": 30}, \"cpu\": {\"shares\": 0}}' "
	      ">/run/oci/new");
	ck_assert_int_eq(OCI("update", "-r", "/run/oci/new", OCI_ID)->status,
			 0);
	ck_assert_str_eq(oci_group_file(pid, "pids.max", "pids", "pids.max"),
			 "30");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* What config.json lets it inherit; the caller's word adds nothing to that. */
START_TEST(exec_gives_a_user_what_may_be_inherited)
{
	struct running box;
	struct result *r;

	oci_begin(&(struct config){
		.process = ", \"capabilities\": {\"inheritable\": "
			   "[\"CAP_KILL\"], \"bounding\": "
			   "[\"CAP_KILL\"]}" });
	box = oci_start(OCI_ID);
	r = OCI("exec", "--user", "7", "--cap", "CAP_KILL", "--cap",
		"CAP_CHOWN", OCI_ID, "grep", "^Cap", "/proc/self/status");
	ck_assert_msg(strcmp(r->out, "CapInh:\t0000000000000020\n"
				     "CapPrm:\t0000000000000020\n"
				     "CapEff:\t0000000000000020\n"
				     "CapBnd:\t0000000000000021\n"
				     "CapAmb:\t0000000000000020\n") == 0,
		      "%s%s", r->out, r->err);
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* What podman asks for with --cgroups=disabled. */
START_TEST(without_a_manager_it_stays_in_its_callers_groups)
{
	static const char *const words[] = {
		"--root",   OCI_STATES, "--cgroup-manager",
		"disabled", "run",      "--bundle",
		OCI_BUNDLE, OCI_ID,     NULL
	};
	struct config config = {
		.script = "cat /proc/self/cgroup; grep CapBnd "
			  "/proc/self/status; read x",
		.process = ", \"capabilities\": {\"bounding\": "
			   "[\"CAP_KILL\", \"CAP_MKNOD\"]}",
		.namespaces = NO_PIDS,
		.linux_ = ", \"resources\": {\"devices\": [{\"allow\": "
			  "false, \"access\": \"rwm\"}]}"
	};
	char *own = shell("cat /proc/self/cgroup");
	struct running box;
	struct result *r;

	oci_begin(&config);
	box = start(NULL, words);
	for (char *line; (line = strsep(&own, "\n"));)
		expect(&box, line);
	expect(&box, "CapBnd:\t0000000000000020");
	ck_assert_str_eq(OCI("exec", OCI_ID, "echo", "hi")->out, "hi\n");
	oci_refuses(WORDS("--root", OCI_STATES, "pause", OCI_ID),
		    "the container box has no group");
	feed(&box, "\n");
	r = finish(&box);
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_msg(has(r->err, "CAP_MKNOD is taken away"), "%s", r->err);
	config.linux_ = ", \"resources\": {\"pids\": {\"limit\": 9}}";
	oci_write(&config);
	oci_refuses(words, "linux.resources.pids.limit: set pids.max: the "
			   "container has no group");
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "input",
	  &a_hook_without_variables_has_its_runtimes_and_runs_in_the_bundle },
	{ "input", &of_two_variables_of_one_name_the_last_counts },
	{ "input", &options_may_follow_the_id },
	{ "safety", &it_runs_where_its_group_may_and_not_only_its_caller },
	{ "safety", &a_created_container_ends_when_it_is_told_to },
	{ "safety", &without_a_pid_namespace_kill_ends_all_of_it },
	{ "input", &an_update_to_no_processes_is_a_limit },
	{ "safety", &exec_gives_a_user_what_may_be_inherited },
	{ "safety", &without_a_manager_it_stays_in_its_callers_groups },
	{ 0 },
};
