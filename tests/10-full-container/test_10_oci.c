/* Stage 10: the life of a container, step by step, as an engine drives it. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/10-full-container/oci.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "10-full-container";

#define FOREVER "echo ready; exec tail -f /dev/null"

static const struct config usual = { 0 };

START_TEST(a_created_container_waits_for_its_start)
{
	struct running box;

	oci_begin(&(struct config){
		.script = "touch /mnt/ran; echo ready; read x" });
	box = oci_create(OCI_ID);
	ck_assert_str_eq(oci_status(OCI_ID), "created");
	ck_assert_int_eq(kill(oci_pid(OCI_ID), 0), 0);
	ck_assert_int_ne(access(OCI_SHARED "/ran", F_OK), 0);
	ck_assert_int_eq(OCI("start", OCI_ID)->status, 0);
	expect(&box, "ready");
	ck_assert_int_eq(access(OCI_SHARED "/ran", F_OK), 0);
	ck_assert_str_eq(oci_status(OCI_ID), "running");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

START_TEST(the_state_has_what_the_specification_asks_for)
{
	struct running box;
	struct result *r;

	oci_begin(&(struct config){
		.top = ", \"annotations\": {\"of.whom\": \"mine\"}" });
	box = oci_start(OCI_ID);
	r = OCI("state", OCI_ID);
	ck_assert(has(r->out, "\"ociVersion\": \"1."));
	ck_assert(has(r->out, "\"id\": \"" OCI_ID "\""));
	ck_assert(has(r->out, "\"status\": \"running\""));
	ck_assert(has(r->out, "\"bundle\": \"" OCI_BUNDLE "\""));
	ck_assert(has(r->out, "\"of.whom\": \"mine\""));
	ck_assert_str_eq(shell("readlink /proc/%d/ns/uts", oci_pid(OCI_ID)),
			 link_text("/proc/%d/ns/uts", oci_pid(OCI_ID)));
	ck_assert_str_ne(link_text("/proc/%d/ns/uts", oci_pid(OCI_ID)),
			 link_text("/proc/self/ns/uts"));
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

START_TEST(signals_reach_it)
{
	static const char *const words[] = { "TERM", "SIGTERM", "15", NULL };
	struct running box;

	oci_begin(&(struct config){ .script = "trap 'echo got; exit' TERM; "
					      "echo ready; while true; do "
					      "read x; done" });
	for (const char *const *word = words; *word; word++) {
		pid_t pid;

		box = oci_start(OCI_ID);
		pid = oci_pid(OCI_ID);
		ck_assert_int_eq(OCI("kill", OCI_ID, *word)->status, 0);
		oci_wait(pid);
		ck_assert_str_eq(oci_status(OCI_ID), "stopped");
		ck_assert_str_eq(oci_close(&box), "got\n");
		ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	}
	oci_end();
}
END_TEST

START_TEST(without_a_name_the_signal_is_term)
{
	struct running box;
	pid_t pid;

	oci_begin(&(struct config){ .script = "trap exit TERM; echo ready; "
					      "while true; do read x; done" });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	ck_assert_int_eq(OCI("kill", OCI_ID)->status, 0);
	oci_wait(pid);
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

START_TEST(a_created_container_can_be_killed_and_deleted)
{
	struct running box;
	pid_t pid;

	oci_begin(&usual);
	box = oci_create(OCI_ID);
	pid = oci_pid(OCI_ID);
	ck_assert_int_eq(OCI("kill", OCI_ID, "KILL")->status, 0);
	oci_wait(pid);
	ck_assert_str_eq(oci_status(OCI_ID), "stopped");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

START_TEST(force_deletes_what_runs_and_what_waits)
{
	struct running box;
	pid_t pid;

	oci_begin(&(struct config){ .script = FOREVER });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_wait(pid);
	oci_close(&box);
	box = oci_create(OCI_ID);
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(list_has_every_container)
{
	struct running a, b;
	struct result *r;

	oci_begin(&usual);
	ck_assert_str_eq(OCI("list", "-q")->out, "");
	a = oci_start("a");
	b = oci_create("b");
	ck_assert(has(OCI("list")->out, text("%d", oci_pid("a"))));
	r = OCI("list", "--format", "json");
	ck_assert(has(r->out, "\"id\":\"a\"") && has(r->out, "\"id\":\"b\""));
	ck_assert(has(r->out, "running") && has(r->out, "created"));
	r = OCI("list", "--quiet");
	ck_assert(strcmp(r->out, "a\nb\n") == 0 ||
		  strcmp(r->out, "b\na\n") == 0);
	oci_delete(&a, "a");
	ck_assert_int_eq(OCI("delete", "-f", "b")->status, 0);
	oci_close(&b);
	oci_end();
}
END_TEST

START_TEST(the_pid_file_has_the_process)
{
	struct running box;
	char *pid;

	oci_begin(&usual);
	box = start(NULL,
		    WORDS("--root", OCI_STATES, "create", "--bundle",
			  OCI_BUNDLE, "--pid-file", "/run/oci/pid", OCI_ID));
	waitpid(box.pid, NULL, 0);
	pid = file_text("/run/oci/pid");
	ck_assert_str_eq(pid, text("%d", oci_pid(OCI_ID)));
	OCI("delete", "--force", OCI_ID);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(run_does_it_all_and_returns_the_commands_status)
{
	struct result *r;

	oci_begin(&(struct config){ .script = "echo out; exit 3" });
	r = OCI_RUN();
	ck_assert_int_eq(r->status, 3);
	ck_assert_str_eq(r->out, "out\n");
	oci_write(&(struct config){
		.script = "kill -9 $$; tail -f /dev/null & kill -9 $!; "
			  "wait $!" });
	ck_assert_int_eq(OCI_RUN()->status, 128 + SIGKILL);
	ck_assert_int_ne(OCI("state", OCI_ID)->status, 0);
	oci_end();
}
END_TEST

START_TEST(run_passes_its_input_on)
{
	struct running r;

	oci_begin(&(struct config){ .script = "read x; echo got $x" });
	r = start(NULL, WORDS("--root", OCI_STATES, "run", "--bundle",
			      OCI_BUNDLE, OCI_ID));
	feed(&r, "this\n");
	ck_assert_str_eq(finish(&r)->out, "got this\n");
	oci_end();
}
END_TEST

START_TEST(a_second_container_of_that_name_is_refused)
{
	struct running box;

	oci_begin(&usual);
	box = oci_start(OCI_ID);
	oci_refuses(WORDS("--root", OCI_STATES, "create", "--bundle",
			  OCI_BUNDLE, OCI_ID),
		    "exists");
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE,
			  OCI_ID),
		    "exists");
	ck_assert_str_eq(oci_status(OCI_ID), "running");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* Of several at once exactly one may have the name. */
START_TEST(one_of_many_creates_wins)
{
	enum { MANY = 8 };
	struct running boxes[MANY];
	int won = 0, status;

	oci_begin(&usual);
	for (int i = 0; i < MANY; i++)
		boxes[i] = start(NULL, WORDS("--root", OCI_STATES, "create",
					     "--bundle", OCI_BUNDLE, OCI_ID));
	for (int i = 0; i < MANY; i++) {
		waitpid(boxes[i].pid, &status, 0);
		won += status == 0;
	}
	ck_assert_int_eq(won, 1);
	ck_assert_str_eq(oci_status(OCI_ID), "created");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	for (int i = 0; i < MANY; i++)
		oci_close(&boxes[i]);
	oci_end();
}
END_TEST

START_TEST(one_of_many_starts_wins)
{
	enum { MANY = 8 };
	struct running starts[MANY], box;
	int won = 0;

	oci_begin(&usual);
	box = oci_create(OCI_ID);
	for (int i = 0; i < MANY; i++)
		starts[i] = start(NULL,
				  WORDS("--root", OCI_STATES, "start", OCI_ID));
	for (int i = 0; i < MANY; i++)
		won += finish(&starts[i])->status == 0;
	ck_assert_int_eq(won, 1);
	ck_assert_str_eq(oci_close(&box), "ready\n");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_end();
}
END_TEST

START_TEST(a_step_in_the_wrong_state_is_refused)
{
	static const char *const unstarted[] = { "exec", "start", "kill" };
	struct running box;
	pid_t pid;

	oci_begin(&usual);
	box = oci_create(OCI_ID);
	oci_refuses(WORDS("--root", OCI_STATES, "delete", OCI_ID),
		    OCI_ID " is created");
	OCI("start", OCI_ID);
	expect(&box, "ready");
	oci_refuses(WORDS("--root", OCI_STATES, "start", OCI_ID),
		    OCI_ID " is running");
	oci_refuses(WORDS("--root", OCI_STATES, "delete", OCI_ID),
		    OCI_ID " is running");
	ck_assert_str_eq(oci_status(OCI_ID), "running");
	pid = oci_pid(OCI_ID);
	oci_close(&box);
	oci_wait(pid);
	for (size_t i = 1; i < sizeof(unstarted) / sizeof(char *); i++)
		oci_refuses(WORDS("--root", OCI_STATES, unstarted[i], OCI_ID),
			    OCI_ID " is stopped");
	ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	oci_end();
}
END_TEST

START_TEST(a_container_that_is_not_there_is_named)
{
	static const char *const verbs[] = { "start", "state", "kill",
					     "delete" };

	oci_begin(&usual);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(char *); i++)
		oci_refuses(WORDS("--root", OCI_STATES, verbs[i], "nobody"),
			    "nobody");
	ck_assert_int_eq(OCI("delete", "--force", "nobody")->status, 0);
	oci_end();
}
END_TEST

START_TEST(a_bad_id_is_refused)
{
	static const char *const ids[] = { "",     ".",   "..",  "a/b",
					   "../b", "a b", "a\n", "/tmp/x",
					   "a:b",  "\xff" };
	static const char *const verbs[] = { "create", "run",  "start",
					     "state",  "kill", "delete" };
	char long_id[300];

	oci_begin(&usual);
	memset(long_id, 'a', sizeof(long_id) - 1);
	long_id[sizeof(long_id) - 1] = '\0';
	shell("cd /run/oci && cp bundle/config.json .");
	for (size_t v = 0; v < sizeof(verbs) / sizeof(char *); v++) {
		for (size_t i = 0; i < sizeof(ids) / sizeof(char *); i++)
			oci_refuses(
				WORDS("--root", OCI_STATES, verbs[v], ids[i]),
				"id");
		oci_refuses(WORDS("--root", OCI_STATES, verbs[v], long_id),
			    "id");
		oci_refuses(WORDS("--root", OCI_STATES, verbs[v]), verbs[v]);
	}
	oci_end();
}
END_TEST

START_TEST(bad_words_are_refused)
{
	oci_begin(&usual);
	oci_refuses(WORDS("--root", OCI_STATES, "frobnicate"), "frobnicate");
	oci_refuses(WORDS("--root", OCI_STATES), "verb");
	oci_refuses(WORDS("--root"), "--root");
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--frob", OCI_ID),
		    "--frob");
	oci_refuses(WORDS("--root", OCI_STATES, "kill", OCI_ID, "FROB"),
		    "FROB");
	oci_refuses(WORDS("--root", OCI_STATES, "kill", OCI_ID, "99"), "99");
	oci_refuses(WORDS("--root", OCI_STATES, "kill", OCI_ID, "-1"), "-1");
	oci_refuses(
		WORDS("--root", OCI_STATES, "run", "--bundle", "/none", OCI_ID),
		"/none");
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--bundle",
			  "/run/oci/states", OCI_ID),
		    "config.json");
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &a_created_container_waits_for_its_start },
	{ "safety", &the_state_has_what_the_specification_asks_for },
	{ "safety", &signals_reach_it },
	{ "safety", &without_a_name_the_signal_is_term },
	{ "safety", &a_created_container_can_be_killed_and_deleted },
	{ "safety", &force_deletes_what_runs_and_what_waits },
	{ "safety", &list_has_every_container },
	{ "safety", &the_pid_file_has_the_process },
	{ "safety", &run_does_it_all_and_returns_the_commands_status },
	{ "safety", &run_passes_its_input_on },
	{ "safety", &a_second_container_of_that_name_is_refused },
	{ "safety", &one_of_many_creates_wins },
	{ "safety", &one_of_many_starts_wins },
	{ "input", &a_step_in_the_wrong_state_is_refused },
	{ "input", &a_container_that_is_not_there_is_named },
	{ "input", &a_bad_id_is_refused },
	{ "input", &bad_words_are_refused },
	{ 0 },
};
