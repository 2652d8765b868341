/* Stage 10: hooks: when, where, and what their failure means. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"
#include "tests/runner/terminal.h"

const char stage_name[] = "10-full-container";

#define DEVPTS                                                     \
	", {\"destination\": \"/dev/pts\", \"type\": \"devpts\", " \
	"\"options\": "                                            \
	"[\"newinstance\", \"ptmxmode=0666\"]}"
#define HOOK_LOG OCI_SHARED "/log" /* /mnt/log inside */

/* A hook that runs this script, in which nothing needs an escape. */
static char *hook(const char *script)
{
	return text("{\"path\": \"/bin/sh\", \"args\": [\"sh\", \"-c\", "
		    "\"%s\"], \"env\": [\"PATH=/bin:/usr/bin\"]}",
		    script);
}

/* The document's member `hooks`, of one kind. */
static char *hooks(const char *kind, const char *list)
{
	return text(", \"hooks\": {\"%s\": [%s]}", kind, list);
}

/* "outside" hooks write to the shared directory by its name on the host. */
static char *note_outside(const char *word)
{
	return hook(text("echo %s >> " HOOK_LOG, word));
}

START_TEST(all_six_kinds_run_in_their_order)
{
	oci_begin(&(struct config){
		.script = "echo program >> /mnt/log; echo ready; read x",
		.top = text(", \"hooks\": {\"poststop\": [%s, %s], "
			    "\"poststart\": [%s], \"startContainer\": [%s], "
			    "\"createContainer\": [%s], \"createRuntime\": "
			    "[%s, %s], \"prestart\": [%s]}",
			    note_outside("poststop"), note_outside("last"),
			    note_outside("poststart"),
			    hook("echo startContainer >> /mnt/log"),
			    note_outside("createContainer"),
			    note_outside("createRuntime"),
			    note_outside("second"),
			    note_outside("prestart")) });
	struct running box = oci_create(OCI_ID);
	pid_t pid = oci_pid(OCI_ID);

	ck_assert_str_eq(file_text(HOOK_LOG),
			 "prestart\ncreateRuntime\nsecond\ncreateContainer\n");
	ck_assert_int_eq(OCI("start", OCI_ID)->status, 0);
	expect(&box, "ready");
	ck_assert_str_eq(shell("sed -n 5p " HOOK_LOG), "startContainer");
	/* The program runs by then, and may be quicker or slower. */
	ck_assert_str_eq(shell("sed -n 6,7p " HOOK_LOG " | sort"),
			 "poststart\nprogram");
	oci_close(&box);
	oci_wait(pid);
	ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	ck_assert_str_eq(shell("sed 1,7d " HOOK_LOG), "poststop\nlast");
	oci_end();
}
END_TEST

/* Inside it is the number that the process has there. */
START_TEST(a_hook_is_told_the_process_as_it_sees_it)
{
	static const char outside[] =
		"grep -o 'pid[^,]*' | tr -dc 0-9 > " OCI_SHARED "/outside";
	char *pid;

	oci_begin(&(struct config){
		.script = "true",
		.top = text(", \"annotations\": {\"a.b\": \"c\"}, \"hooks\": "
			    "{\"createRuntime\": [%s], \"createContainer\": "
			    "[%s], \"startContainer\": [%s]}",
			    hook(outside), hook("cat > " OCI_SHARED "/first"),
			    hook("cat > /mnt/second")) });
	struct running box = oci_create(OCI_ID);

	pid = text("%d", oci_pid(OCI_ID));
	ck_assert_str_eq(file_text(OCI_SHARED "/outside"), pid);
	ck_assert(has(file_text(OCI_SHARED "/first"), "\"pid\": 1,"));
	ck_assert(has(file_text(OCI_SHARED "/first"), "\"creating\""));
	ck_assert(has(file_text(OCI_SHARED "/first"), "\"a.b\": \"c\""));
	ck_assert(has(file_text(OCI_SHARED "/first"),
		      "\"bundle\": \"" OCI_BUNDLE "\""));
	OCI("start", OCI_ID);
	ck_assert(has(file_text(OCI_SHARED "/second"), "\"pid\": 1,"));
	ck_assert(has(file_text(OCI_SHARED "/second"), "\"created\""));
	oci_close(&box);
	OCI("delete", "--force", OCI_ID);
	oci_end();
}
END_TEST

START_TEST(a_hook_runs_where_it_belongs)
{
	static const char where[] =
		"readlink /proc/self/ns/mnt; readlink /proc/self/ns/uts; "
		"ls -d " OCI_BUNDLE " 2>/dev/null; true";
	struct running box;
	pid_t pid;
	char *inside, *host;

	oci_begin(&(struct config){
		.top = text(
			", \"hooks\": {\"createRuntime\": [%s], "
			"\"createContainer\": [%s], \"startContainer\": "
			"[%s], \"poststart\": [%s]}",
			hook(text("(%s) > " OCI_SHARED "/runtime", where)),
			hook(text("(%s) > " OCI_SHARED "/made", where)),
			hook(text("(%s) > /mnt/started", where)),
			hook(text("(%s) > " OCI_SHARED "/after", where))) });
	box = oci_create(OCI_ID);
	pid = oci_pid(OCI_ID);
	OCI("start", OCI_ID);
	expect(&box, "ready");
	inside = text("%s\n%s\n", link_text("/proc/%d/ns/mnt", pid),
		      link_text("/proc/%d/ns/uts", pid));
	host = text("%s\n%s\n", link_text("/proc/self/ns/mnt"),
		    link_text("/proc/self/ns/uts"));
	ck_assert(has(file_text(OCI_SHARED "/runtime"), host));
	ck_assert(has(file_text(OCI_SHARED "/after"), host));
	/* In the container's namespaces, with the host's root still. */
	ck_assert(has(file_text(OCI_SHARED "/made"), inside));
	ck_assert(has(file_text(OCI_SHARED "/made"), OCI_BUNDLE));
	ck_assert_str_eq(file_text(OCI_SHARED "/started"), inside);
	OCI("delete", "--force", OCI_ID);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(a_failure_before_the_start_undoes_the_creation)
{
	static const char *const kinds[] = { "prestart", "createRuntime",
					     "createContainer" };

	oci_begin(&(struct config){ 0 });
	for (size_t i = 0; i < 3; i++) {
		oci_write(&(struct config){
			.top = text(", \"hooks\": {\"%s\": [%s, %s], "
				    "\"poststop\": [%s]}",
				    kinds[i], hook("exit 3"),
				    note_outside("later"),
				    note_outside(kinds[i])) });
		oci_refuses(WORDS("--root", OCI_STATES, "create", "--bundle",
				  OCI_BUNDLE, OCI_ID),
			    text("the %s hook /bin/sh failed: exit status 3",
				 kinds[i]));
		ck_assert_int_ne(OCI("state", OCI_ID)->status, 0);
		ck_assert_str_eq(shell("tail -n 1 " HOOK_LOG), kinds[i]);
	}
	ck_assert(!has(file_text(HOOK_LOG), "later"));
	oci_end();
}
END_TEST

START_TEST(a_failure_at_the_start_ends_the_container)
{
	static const char *const kinds[] = { "startContainer", "poststart" };

	for (size_t i = 0; i < 2; i++) {
		struct running box;
		pid_t pid;

		oci_begin(&(struct config){
			.top = text(", \"hooks\": {\"%s\": [%s], "
				    "\"poststop\": [%s]}",
				    kinds[i], hook("exit 4"),
				    note_outside("poststop")) });
		box = oci_create(OCI_ID);
		pid = oci_pid(OCI_ID);
		oci_refuses(WORDS("--root", OCI_STATES, "start", OCI_ID),
			    text("the %s hook /bin/sh failed: exit status 4",
				 kinds[i]));
		oci_wait(pid);
		ck_assert_int_ne(OCI("state", OCI_ID)->status, 0);
		ck_assert_str_eq(file_text(HOOK_LOG), "poststop\n");
		oci_close(&box);
		oci_end();
	}
}
END_TEST

START_TEST(a_failure_at_the_end_is_a_warning)
{
	struct running box;
	struct result *r;
	pid_t pid;

	oci_begin(&(struct config){
		.top = hooks("poststop", text("%s, %s", hook("exit 5"),
					      note_outside("second"))) });
	box = oci_create(OCI_ID);
	pid = oci_pid(OCI_ID);
	OCI("kill", OCI_ID, "KILL");
	oci_wait(pid);
	r = OCI("delete", OCI_ID);
	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(has(r->err, "the poststop hook /bin/sh failed: exit "
				  "status 5"),
		      "%s", r->err);
	ck_assert_str_eq(file_text(HOOK_LOG), "second\n");
	ck_assert_int_ne(OCI("state", OCI_ID)->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(a_hook_has_its_own_words_and_variables)
{
	oci_begin(&(struct config){
		.script = "true",
		.top = hooks(
			"createRuntime",
			"{\"path\": \"/bin/sh\", \"args\": [\"other\", "
			"\"-c\", \"echo $0 $1 > " HOOK_LOG
			"; env | grep -v -e _= -e PWD -e SHLVL >> " HOOK_LOG
			"\", \"zero\", \"one\"], \"env\": [\"A=b\", "
			"\"PATH=/bin:/usr/bin\"]}") });
	ck_assert_int_eq(OCI_RUN()->status, 0);
	ck_assert_str_eq(shell("sort " HOOK_LOG),
			 "A=b\nPATH=/bin:/usr/bin\nzero one");
	oci_write(&(struct config){
		.script = "true",
		.top = hooks("createRuntime", "{\"path\": \"/bin/true\"}") });
	ck_assert_int_eq(OCI_RUN()->status, 0);
	oci_end();
}
END_TEST

/* It waits for what never comes; without the limit the test would, too. */
START_TEST(a_hook_that_takes_too_long_is_killed_and_named)
{
	oci_refuses_config(
		&(struct config){
			.top = hooks("createContainer",
				     "{\"path\": \"/usr/bin/tail\", \"args\": "
				     "[\"tail\", \"-f\", \"/dev/null\"], "
				     "\"timeout\": 1}") },
		"the createContainer hook /usr/bin/tail took longer than 1 s");
}
END_TEST

START_TEST(what_is_no_hook_is_named)
{
	static const char *const lists[][2] = {
		{ "{}", "hooks.poststop[0].path" },
		{ "{\"path\": \"sh\"}", "hooks.poststop[0].path" },
		{ "{\"path\": \"/bin/sh\", \"timeout\": 0}",
		  "hooks.poststop[0].timeout" },
		{ "{\"path\": \"/bin/sh\", \"args\": \"x\"}",
		  "hooks.poststop[0].args" },
		{ "{\"path\": \"/bin/sh\", \"env\": [1]}",
		  "hooks.poststop[0].env[0]" },
	};

	for (size_t i = 0; i < COUNT(lists); i++)
		oci_refuses_config(
			&(struct config){
				.top = hooks("poststop", lists[i][0]) },
			lists[i][1]);
	oci_refuses_config(&(struct config){ .top = ", \"annotations\": "
						    "{\"a\": 1}" },
			   "annotations.a");
	oci_refuses_config(&(struct config){ .top = ", \"annotations\": "
						    "{\"\": \"x\"}" },
			   "annotations");
}
END_TEST

/*
 * More than a terminal holds, so that somebody has to read it; and then the
 * reason, which comes last.
 */
START_TEST(what_a_failing_hook_says_is_shown_with_a_terminal)
{
	struct result *r;

	oci_begin(&(struct config){
		.process = ", \"terminal\": true",
		.mounts = DEVPTS,
		.top = hooks("startContainer",
			     hook("yes | head -n 20000; echo own words; exit "
				  "3")) });
	r = run(&(struct manner){ .program = "sh" },
		WORDS("-c",
		      "exec \"$0\" --root " OCI_STATES
		      " run --bundle " OCI_BUNDLE " " OCI_ID " 2>&1",
		      program_under_test()));
	ck_assert_int_eq(r->status, 1);
	ck_assert_msg(has(r->out, "\nown words\n"), "%.300s", r->out);
	if (own_program())
		ck_assert_msg(has(r->out, "own words\n10-full-container: the "
					  "startContainer hook /bin/sh failed: "
					  "exit status 3\n"),
			      "%s", r->out + strlen(r->out) - 200);
	oci_end();
}
END_TEST

/* For a program that reads them; on a screen as ever. */
START_TEST(lines_of_a_terminal_end_plainly_in_a_pipe)
{
	struct running shown;
	struct result *r;
	char *said;

	oci_begin(&(struct config){ .process = ", \"terminal\": true",
				    .mounts = DEVPTS,
				    .script = "echo one; echo two" });
	r = run(&(struct manner){ .program = "sh" },
		WORDS("-c",
		      "\"$0\" --root " OCI_STATES " run --bundle " OCI_BUNDLE
		      " " OCI_ID,
		      program_under_test()));
	ck_assert_msg(strcmp(r->out, "one\ntwo\n") == 0, "%s%s", r->out,
		      r->err);
	shown = start_on_terminal(NULL, WORDS("--root", OCI_STATES, "run",
					      "--bundle", OCI_BUNDLE, OCI_ID));
	said = next_line(&shown);
	ck_assert_msg(strcmp(said, "one\r") == 0, "\"%s\"", said);
	ck_assert_int_eq(finish(&shown)->status, 0);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &all_six_kinds_run_in_their_order },
	{ "safety", &a_hook_is_told_the_process_as_it_sees_it },
	{ "safety", &a_hook_runs_where_it_belongs },
	{ "safety", &a_failure_before_the_start_undoes_the_creation },
	{ "safety", &a_failure_at_the_start_ends_the_container },
	{ "safety", &a_failure_at_the_end_is_a_warning },
	{ "safety", &a_hook_has_its_own_words_and_variables },
	{ "safety", &a_hook_that_takes_too_long_is_killed_and_named },
	{ "input", &what_is_no_hook_is_named },
	{ "safety", &what_a_failing_hook_says_is_shown_with_a_terminal },
	{ "safety", &lines_of_a_terminal_end_plainly_in_a_pipe },
	{ 0 },
};
