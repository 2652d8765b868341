/* explain --follow: each step as it is made. */
#include <signal.h>
#include <string.h>

#include "tests/explain/story.h"
#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"

const char stage_name[] = "explain";

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

const struct test tests[] = {
	{ "safety", &followed_a_step_is_told_before_the_end },
	{ "safety", &followed_it_is_the_same_story },
	{ 0 },
};
