/* explain --follow, --attach: for what runs for long. */
#include <signal.h>
#include <string.h>

#include "tests/explain/story.h"
#include "tests/explain/subject.h"
#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"

const char stage_name[] = "explain";

static const struct manner as_words = { .program = "" };

/* Nothing but the file is left of it. */
START_TEST(followed_a_step_is_told_before_the_end)
{
	struct running running =
		start(NULL, WORDS("--follow", "--output", "/run/story",
				  "unshare", "-u", "sh", "-c",
				  "(true); hostname box; hostname box; echo "
				  "ready; read x"));
	char *told;

	expect(&running, "ready");
	kill(running.pid, SIGKILL);
	ck_assert_int_eq(finish(&running)->status, 128 + SIGKILL);
	told = shell(
		"cut -c 31- /run/story | grep -v '^execve'; rm /run/story");
	ck_assert_str_eq(
		shell("cat <<'END' | tr -s ' ' | sed 's/^[a-z]* -> [0-9]*/-> "
		      "N/'\n"
		      "%s\nEND",
		      told),
		"unshare NEWUTS 01 from now on names of its own\n"
		"-> N a child\n"
		"sethostname box 01 a host name, in this namespace alone\n"
		"-> N a child\n"
		"sethostname box 01 a host name, in this namespace alone");
}
END_TEST

START_TEST(followed_it_is_the_same_story)
{
	ck_assert_str_eq(
		story_kinds(0, WORDS("--follow", "/usr/bin/unshare", "-pfm",
				     "--mount-proc", "/bin/true")),
		"exec; unshare NEWPID NEWNS; fork; mount.private; "
		"mount.proc; exec; pid.end");
}
END_TEST

START_TEST(a_process_that_runs_can_be_joined)
{
	struct running daemon =
		start(&as_words,
		      WORDS("sh", "-c",
			    "echo ready; read x; unshare -u true; exit 4"));
	struct running story;
	struct result *r;

	story = subject_attach(&daemon);
	feed(&daemon, "\n");
	ck_assert_int_eq(finish(&daemon)->status, 4);
	r = finish(&story);
	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(has(r->err, "NEWUTS"), "%s", r->err);
}
END_TEST

START_TEST(who_was_joined_goes_on_after_it)
{
	struct running daemon = start(
		&as_words, WORDS("sh", "-c", "echo ready; read x; exit 4"));
	struct running story;

	story = subject_attach(&daemon);
	kill(story.pid, SIGINT);
	ck_assert_int_eq(finish(&story)->status, 0);
	feed(&daemon, "\n");
	ck_assert_int_eq(finish(&daemon)->status, 4);
}
END_TEST

START_TEST(who_is_not_there_cannot_be_joined)
{
	struct result *r = RUN("--attach", "4194304");

	ck_assert_int_eq(r->status, 125);
	ck_assert_msg(has(r->err, "there is no process"), "%s", r->err);
}
END_TEST

const struct test tests[] = {
	{ "safety", &followed_a_step_is_told_before_the_end },
	{ "safety", &followed_it_is_the_same_story },
	{ "safety", &a_process_that_runs_can_be_joined },
	{ "safety", &who_was_joined_goes_on_after_it },
	{ "safety", &who_is_not_there_cannot_be_joined },
	{ 0 },
};
