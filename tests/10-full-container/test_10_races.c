/* Stage 10: several verbs at once on one container, and those that die. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/moments.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define STEP 7 /* every so many system calls: all would take a minute */

static const struct config usual = { 0 };

#define AT_ONCE(...) start(NULL, WORDS("--root", OCI_STATES, __VA_ARGS__))

/* To the end, whatever came of it; a crash is a status above 1. */
static int over(struct running *verb)
{
	struct result *r = finish(verb);

	ck_assert_msg(r->status == 0 || r->status == 1, "status %d: %s",
		      r->status, r->err);
	return r->status;
}

/* Only the verb: the container that it may have made holds its output. */
static int over_create(struct running *verb)
{
	int status;

	ck_assert_int_eq(waitpid(verb->pid, &status, 0), verb->pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) <= 1,
		      "create: %x", status);
	return WEXITSTATUS(status);
}

static void delete_by_force(void)
{
	struct result *r = OCI("delete", "--force", OCI_ID);

	ck_assert_msg(r->status == 0, "delete --force: %s", r->err);
	ck_assert_str_eq(OCI("list", "-q")->out, "");
}

/* Nobody is left in it who holds the output, and the id is free again. */
static void again(void)
{
	struct running box;

	box = oci_create(OCI_ID);
	ck_assert_str_eq(oci_status(OCI_ID), "created");
	ck_assert_int_eq(OCI("start", OCI_ID)->status, 0);
	expect(&box, "ready");
	delete_by_force();
	ck_assert_str_eq(oci_close(&box), "");
}

START_TEST(create_can_be_killed_at_any_moment)
{
	const char *const *words = WORDS("--root", OCI_STATES, "create",
					 "--bundle", OCI_BUNDLE, OCI_ID);
	int moment = 1, moments = 0;

	oci_begin(&usual);
	for (; killed_at(words, moment); moment += STEP, moments++) {
		delete_by_force();
		again();
	}
	ck_assert_int_gt(moments, 10);
	delete_by_force();
	oci_end();
}
END_TEST

/* A socket at which whoever connects waits: its queue is full. */
static int listen_in_vain(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	ck_assert_int_eq(listen(fd, 0), 0);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(
		connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* Its process waits by then, and would for ever, for nobody knows it. */
START_TEST(what_a_create_has_started_ends_when_it_is_killed)
{
	struct running box;
	pid_t pid;
	int fd;

	oci_begin(&usual);
	fd = listen_in_vain("/run/oci/full");
	box = start(NULL, WORDS("--root", OCI_STATES, "create", "--bundle",
				OCI_BUNDLE, "--pid-file", "/run/oci/pid",
				"--pidfd-socket", "/run/oci/full", OCI_ID));
	while (access("/run/oci/pid", F_OK) != 0)
		ck_assert_int_eq(kill(box.pid, 0), 0);
	pid = (pid_t)strtol(shell("cat /run/oci/pid"), NULL, 10);
	ck_assert_int_gt(pid, 1);
	kill(box.pid, SIGKILL);
	waitpid(box.pid, NULL, 0);
	oci_wait(pid);
	ck_assert_str_eq(oci_status(OCI_ID), "creating");
	delete_by_force();
	ck_assert_str_eq(oci_close(&box), "");
	close(fd);
	oci_end();
}
END_TEST

START_TEST(what_a_killed_create_left_is_named_and_not_deleted_without_force)
{
	const char *const *words = WORDS("--root", OCI_STATES, "create",
					 "--bundle", OCI_BUNDLE, OCI_ID);
	int moment = 1;

	oci_begin(&usual);
	while (killed_at(words, moment) && !*OCI("list", "-q")->out)
		moment += STEP;
	ck_assert_str_eq(OCI("list", "-q")->out, OCI_ID "\n");
	ck_assert_str_eq(oci_status(OCI_ID), "creating");
	oci_refuses(WORDS("--root", OCI_STATES, "delete", OCI_ID),
		    "delete: the container " OCI_ID " is creating");
	oci_refuses(WORDS("--root", OCI_STATES, "start", OCI_ID),
		    "start: the container " OCI_ID " is creating");
	oci_refuses(WORDS("--root", OCI_STATES, "exec", OCI_ID, "true"),
		    "exec: the container " OCI_ID " is creating");
	oci_refuses(WORDS("--root", OCI_STATES, "kill", OCI_ID),
		    "container not running: " OCI_ID " is creating");
	delete_by_force();
	again();
	oci_end();
}
END_TEST

START_TEST(start_can_be_killed_at_any_moment)
{
	const char *const *words = WORDS("--root", OCI_STATES, "start", OCI_ID);
	bool is_alive = true;

	oci_begin(&usual);
	for (int moment = 1; is_alive; moment += STEP) {
		struct running box = oci_create(OCI_ID);

		is_alive = killed_at(words, moment);
		delete_by_force();
		oci_close(&box);
	}
	again();
	oci_end();
}
END_TEST

/* It waits for the end of a create that is on its way, which notices nothing. */
START_TEST(a_delete_during_a_create_comes_after_it)
{
	oci_begin(&usual);
	for (int i = 0; i < 20; i++) {
		struct running box =
			AT_ONCE("create", "--bundle", OCI_BUNDLE, OCI_ID);
		struct running delete;

		while (access(OCI_STATES "/" OCI_ID "/state.json", F_OK) != 0)
			ck_assert_int_eq(kill(box.pid, 0), 0);
		delete = AT_ONCE("delete", "--force", OCI_ID);
		ck_assert_int_eq(over(&delete), 0);
		ck_assert_int_eq(over_create(&box), 0);
		ck_assert_str_eq(OCI("list", "-q")->out, "");
		ck_assert_str_eq(oci_close(&box), "");
	}
	again();
	oci_end();
}
END_TEST

START_TEST(all_verbs_at_once_leave_a_container_that_can_be_deleted)
{
	oci_begin(&usual);
	for (int i = 0; i < 6; i++) {
		struct running box = oci_create(OCI_ID);
		struct running verbs[] = {
			AT_ONCE("start", OCI_ID),
			AT_ONCE("pause", OCI_ID),
			AT_ONCE("state", OCI_ID),
			AT_ONCE("kill", OCI_ID, "KILL"),
			AT_ONCE("resume", OCI_ID),
			AT_ONCE("list"),
			AT_ONCE("delete", OCI_ID),
			AT_ONCE("ps", "-f", "json", OCI_ID),
			AT_ONCE("start", OCI_ID),
		};

		for (size_t j = 0; j < COUNT(verbs); j++)
			over(&verbs[j]);
		delete_by_force();
		oci_close(&box);
	}
	again();
	oci_end();
}
END_TEST

START_TEST(of_many_deletes_all_find_it_gone)
{
	struct running box, verbs[6];

	oci_begin(&usual);
	box = oci_start(OCI_ID);
	for (int i = 0; i < 6; i++)
		verbs[i] = AT_ONCE("delete", "--force", OCI_ID);
	for (int i = 0; i < 6; i++)
		over(&verbs[i]);
	ck_assert_str_eq(OCI("list", "-q")->out, "");
	ck_assert_str_eq(oci_close(&box), "");
	oci_end();
}
END_TEST

/* Each keeps what the others have written; who reads sees a whole state. */
START_TEST(of_many_updates_none_is_lost)
{
	struct running box, verbs[3];
	pid_t pid;

	oci_begin(&(struct config){
		.linux_ = ", \"resources\": {\"pids\": {\"limit\": 50}, "
			  "\"cpu\": {\"quota\": 20000, \"period\": 50000}}" });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	verbs[0] = AT_ONCE("update", "--pids-limit", "60", OCI_ID);
	verbs[1] = AT_ONCE("update", "--cpu-quota", "30000", OCI_ID);
	verbs[2] = AT_ONCE("update", "--cpu-period", "70000", OCI_ID);
	for (int i = 0; i < 10; i++)
		ck_assert_str_eq(oci_status(OCI_ID), "running");
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(over(&verbs[i]), 0);
	ck_assert_str_eq(oci_group_file(pid, "pids.max", "pids", "pids.max"),
			 "60");
	ck_assert(has(oci_group_file(pid, "cpu.max", "cpu", "cpu.cfs_quota_us"),
		      "30000"));
	ck_assert(
		has(oci_group_file(pid, "cpu.max", "cpu", "cpu.cfs_period_us"),
		    "70000"));
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* It waited for the end of a process that waited to be started. */
START_TEST(a_process_that_cannot_hear_who_knocks_says_so)
{
	struct manner deaf = { .denied_call = SYS_recvfrom,
			       .denied_error = ENOBUFS };
	struct result *r;

	/* lo of a new network would not be heard of, either. */
	oci_begin(&(struct config){ .script = "true",
				    .namespaces =
					    "[{\"type\": \"pid\"}, {\"type\": "
					    "\"mount\"}]" });
	r = run(&deaf, WORDS("--root", OCI_STATES, "run", "--detach",
			     "--bundle", OCI_BUNDLE, OCI_ID));
	ck_assert_int_eq(r->status, 1);
	ck_assert_str_eq(r->err, text("%s: hear who knocks at the container: "
				      "No buffer space available (ENOBUFS)\n",
				      stage_name));
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &a_process_that_cannot_hear_who_knocks_says_so },
	{ "safety", &create_can_be_killed_at_any_moment },
	{ "safety", &what_a_create_has_started_ends_when_it_is_killed },
	{ "safety",
	  &what_a_killed_create_left_is_named_and_not_deleted_without_force },
	{ "safety", &start_can_be_killed_at_any_moment },
	{ "safety", &a_delete_during_a_create_comes_after_it },
	{ "safety", &all_verbs_at_once_leave_a_container_that_can_be_deleted },
	{ "safety", &of_many_deletes_all_find_it_gone },
	{ "safety", &of_many_updates_none_is_lost },
	{ 0 },
};
