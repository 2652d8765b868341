/* Stage 02: the command is process 1. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/moments.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "02-pid";

#define WAIT_FOR_INPUT "echo $$; read x"

START_TEST(the_command_is_process_1)
{
	struct result *r = RUN("sh", "-c", "echo $$");

	isolated(strcmp(r->out, "1\n") == 0, "it is process %s", r->out);
}
END_TEST

START_TEST(outside_it_has_another_number)
{
	struct running r = start(NULL, WORDS("sh", "-c", WAIT_FOR_INPUT));
	char *inside = next_line(&r);
	char *outside = text("%ld", innermost(&r));

	isolated(strcmp(inside, outside) != 0, "it is %s on both sides",
		 inside);
	ck_assert(has(file_text("/proc/%s/status", outside),
		      text("NSpid:\t%s\t1\n", outside)));
	finish(&r);
}
END_TEST

START_TEST(the_pid_namespace_is_a_new_one)
{
	struct running r = start(NULL, WORDS("sh", "-c", WAIT_FOR_INPUT));

	next_line(&r);
	isolated(strcmp(link_text("/proc/%ld/ns/pid", innermost(&r)),
			link_text("/proc/self/ns/pid")) != 0,
		 "it is the host's");
	finish(&r);
}
END_TEST

START_TEST(a_process_of_the_host_cannot_be_signalled)
{
	struct result *r =
		RUN("sh", "-c",
		    text("kill -0 %d && echo done; echo tried", (int)getpid()));

	isolated(!was_done(r), "it can");
}
END_TEST

/*
 * The orphan holds a pipe of ours, whose end we see when it is dead.  If it is
 * not killed with process 1, it says so as soon as that one is gone.
 */
START_TEST(when_process_1_ends_all_others_are_killed)
{
	struct running r = start(
		NULL, WORDS("sh", "-c",
			    "sh -c 'trap \"\" HUP TERM; echo ready; "
			    "while kill -0 $PPID 2>/dev/null; do :; done; "
			    "echo alive' & read x; exit 3"));
	struct result *result;

	expect(&r, "ready");
	/* In the host's one the orphan would wait for a zombie, for ever. */
	isolated(strcmp(link_text("/proc/%ld/ns/pid", innermost(&r)),
			link_text("/proc/self/ns/pid")) != 0,
		 "the command is in the host's PID namespace, where what it "
		 "leaves behind lives on");
	feed(&r, "process 1 may end\n");
	result = finish(&r);
	isolated(!has(result->out, "alive"), "one of them is still there");
	ck_assert_int_eq(result->status, 3);
}
END_TEST

START_TEST(process_1_survives_sigkill_from_inside)
{
	struct result *r = RUN("sh", "-c", "kill -KILL $$; echo alive");

	isolated(strcmp(r->out, "alive\n") == 0, "it was killed");
	ck_assert_int_eq(r->status, 0);
}
END_TEST

START_TEST(with_init_the_command_is_process_2)
{
	struct result *r = RUN(NEW, "--init", SAME, "sh", "-c", "echo $$");

	isolated(strcmp(r->out, "2\n") == 0, "it is process %s", r->out);
}
END_TEST

/* Else what is said of it below is said of the host's. */
static void must_have_init(void)
{
	char *number = chomp(RUN("--init", "sh", "-c", "echo $$")->out);

	ck_assert_msg(strcmp(number, "2") == 0,
		      "there is no init: with --init the command is process "
		      "%s, not 2",
		      number);
}

/*
 * The subshell leaves an orphan, which ends only when that one is gone: else
 * it could be the subshell that waits for it.  As long as nobody does, kill -0
 * finds the zombie: an init has some seconds.
 */
#define ORPHAN                                                            \
	"orphan=$(sh -c 'sh -c \"exec >&2; while kill -0 $$ 2>/dev/null;" \
	" do :; done\" & echo $!');"                                      \
	"n=0; while kill -0 $orphan 2>/dev/null && "                      \
	"[ $((n += 1)) -lt 300000 ]; do :; done;"                         \
	"kill -0 $orphan 2>/dev/null && echo a zombie || echo reaped"

START_TEST(init_reaps_orphans)
{
	struct result *r;

	must_have_init();
	r = RUN("--init", "sh", "-c", ORPHAN);
	ck_assert_msg(strcmp(r->out, "reaped\n") == 0,
		      "nobody waits for an orphan that has ended, it is: %s%s",
		      r->out, r->err);
}
END_TEST

START_TEST(init_forwards_signals)
{
	struct running r;
	int status;

	must_have_init();
	r = start(NULL, WORDS("--init", "sh", "-c",
			      "trap 'exit 7' TERM; echo ready; "
			      "while read x; do :; done"));
	expect(&r, "ready");
	kill(r.pid, SIGTERM);
	ends_soon(&r, "SIGTERM does not reach the command, which has a handler "
		      "for it");
	status = finish(&r)->status;
	ck_assert_msg(status == 7,
		      "SIGTERM was sent to the program, and the command's "
		      "handler ends with 7; the program ended with %d%s",
		      status,
		      status == 143 ? ": it died of the signal, instead of "
				      "sending it on"
				    : "");
}
END_TEST

START_TEST(with_init_a_signal_ends_a_command_without_a_handler)
{
	struct running r;

	must_have_init();
	/* Not cat: the end of its input would end it before the signal. */
	r = start(NULL,
		  WORDS("--init", "sh", "-c", "echo ready; exec sleep 1000"));
	expect(&r, "ready");
	kill(r.pid, SIGTERM);
	ends_soon(&r, "SIGTERM does not end the command, which has no handler "
		      "for it");
	ck_assert_int_eq(finish(&r)->status, 128 + SIGTERM);
}
END_TEST

START_TEST(init_passes_the_exit_status_on)
{
	must_have_init();
	ends_with(42, WORDS("--init", "sh", "-c", "exit 42"));
	ends_with(137, WORDS("--init", "sh", "-c", "kill -9 $$"));
}
END_TEST

START_TEST(with_init_too_a_missing_command_is_127)
{
	ck_assert_int_eq(RUN("--init", "no-such-program")->status, 127);
	ck_assert_int_eq(RUN("--init", "/etc/passwd")->status, 126);
}
END_TEST

START_TEST(kill_9_of_the_program_ends_the_container)
{
	dies_with_the_program(NULL,
			      WORDS("sh", "-c",
				    "sh -c 'trap \"\" HUP TERM; echo ready; "
				    "exec sleep 1000' & wait"));
	dies_with_the_program(
		NULL,
		WORDS("--init", "sh", "-c",
		      "sh -c 'trap \"\" HUP TERM; echo ready; exec sleep 1000'"
		      " & wait"));
}
END_TEST

START_TEST(kill_9_at_any_moment_ends_the_container)
{
	dies_at_every_moment(WORDS(READY_AND_STAY));
	dies_at_every_moment(WORDS("--init", READY_AND_STAY));
	dies_at_every_moment(WORDS("--init", "true"));
}
END_TEST

START_TEST(bad_options_are_refused_in_one_line)
{
	refuses(WORDS("--init=yes", "true"), "--init");
	refuses(WORDS("--init"), "no command");
	refuses(WORDS("--no-such-option", "true"), "--no-such-option");
}
END_TEST

START_TEST(a_namespace_the_kernel_lacks_is_an_error)
{
	static const struct manner manner = { .denied_call = SYS_clone3,
					      .denied_error = EINVAL };
	struct result *r = run(&manner, WORDS("true"));

	if (!own_program())
		return;
	ck_assert_int_eq(r->status, 125);
	ck_assert(has(r->err, "does not know one of the namespaces"));
}
END_TEST

const struct test tests[] = {
	{ "core isolation", &the_command_is_process_1 },
	{ "core isolation", &outside_it_has_another_number },
	{ "core isolation", &the_pid_namespace_is_a_new_one },
	{ "core isolation", &a_process_of_the_host_cannot_be_signalled },
	{ "core isolation", &when_process_1_ends_all_others_are_killed },
	{ "core isolation", &process_1_survives_sigkill_from_inside },
	{ "core isolation", &with_init_the_command_is_process_2 },
	{ "core safety", &init_reaps_orphans },
	{ "core safety", &init_forwards_signals },
	{ "core safety", &with_init_a_signal_ends_a_command_without_a_handler },
	{ "core safety", &init_passes_the_exit_status_on },
	{ "safety", &with_init_too_a_missing_command_is_127 },
	{ "core safety", &kill_9_of_the_program_ends_the_container },
	{ "safety", &kill_9_at_any_moment_ends_the_container },
	{ "input", &bad_options_are_refused_in_one_line },
	{ "input", &a_namespace_the_kernel_lacks_is_an_error },
	{ 0 },
};
