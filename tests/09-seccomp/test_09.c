/* Stage 09: a filter for system calls. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/judged.h"
#include "tests/runner/moments.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "09-seccomp";

#define ROOT MAYBE, "--layer", rootfs(), SAME

/* An attack makes a system call, and exits with 0 if it got what it wanted. */
#define ATTACK(name) text("%s/" name, attacks())

/* Says with what an attack ended, and so that it ran. */
#define TRY_ATTACK(name) \
	"sh", "-c", "\"$@\"; echo status $?", "sh", ATTACK(name)

/* Newer processors' tables, arm64's for one, have no mkdir any more. */
#ifdef SYS_mkdir
#define DENY_MKDIR "--deny", "mkdir", "--deny", "mkdirat"
#define KILL_MKDIR "--kill", "mkdir", "--kill", "mkdirat"
#else
#define DENY_MKDIR "--deny", "mkdirat"
#define KILL_MKDIR "--kill", "mkdirat"
#endif

static const char *attacks(void)
{
	const char *path = getenv("ATTACKS");

	if (!path || access(path, X_OK) < 0)
		skip("there are no attack programs: make attacks");
	return path;
}

static bool gets_past(const struct result *r)
{
	has_run(r, "status ");
	return has(r->out, "status 0\n");
}

static bool cannot_be_tried(const struct result *r)
{
	return has(r->out, "status 77\n");
}

START_TEST(the_container_is_filtered)
{
	struct result *r = RUN(ROOT, "grep", "Seccomp:", "/proc/self/status");

	isolated(has(r->out, "\t2\n"), "it is not: %s", r->out);
}
END_TEST

/* Else what is said of it below is said of no filter. */
static void must_be_filtered(void)
{
	struct result *r = RUN(ROOT, "grep", "Seccomp:", "/proc/self/status");

	ck_assert_msg(has(r->out, "\t2\n"), "there is no filter: %s%s", r->out,
		      r->err);
}

START_TEST(the_host_is_not_filtered)
{
	must_be_filtered();
	ck_assert_msg(has(file_text("/proc/self/status"), "Seccomp:\t0\n"),
		      "it is");
}
END_TEST

START_TEST(a_denied_call_answers_eperm)
{
	struct result *r = RUN(ROOT, NEW, DENY_MKDIR, SAME, "mkdir", "/tmp/x");

	isolated(has(r->err, "Operation not permitted"), "it works: %s",
		 r->err);
	ck_assert_int_eq(r->status, 1);
}
END_TEST

START_TEST(a_call_that_kills_is_159)
{
	struct result *r = RUN(ROOT, NEW, KILL_MKDIR, SAME, "mkdir", "/tmp/x");

	isolated(r->status == 128 + SIGSYS, "the exit status is %d", r->status);
}
END_TEST

START_TEST(a_user_namespace_cannot_be_made)
{
	struct result *r = RUN(TRY_ATTACK("newuserns"));

	isolated(!gets_past(r), "it can, and has all capabilities in it");
}
END_TEST

START_TEST(clone_makes_no_user_namespace_either)
{
	struct result *r = RUN(TRY_ATTACK("cloneuserns"));

	isolated(!gets_past(r), "%s", r->err);
}
END_TEST

/* A list of what is forbidden is never complete. */
START_TEST(what_is_not_on_the_list_is_denied)
{
	struct result *r = RUN(TRY_ATTACK("unlisted"));

	isolated(!gets_past(r), "%s", r->err);
}
END_TEST

START_TEST(the_whole_process_is_killed_not_one_thread)
{
	struct result *r = RUN("--kill", "mkdirat", ATTACK("otherthread"));

	ck_assert_msg(!has(r->out, "goes on"),
		      "the filter kills a thread, and the first one goes on");
	ck_assert_msg(r->status == 128 + SIGSYS,
		      "the call does not kill: the program ended with %d and "
		      "not with 159: %s",
		      r->status, r->err);
}
END_TEST

START_TEST(the_keys_of_the_kernel_cannot_be_reached)
{
	struct result *r = RUN(TRY_ATTACK("addkey"), "ten-steps-test");
	bool was_added = gets_past(r);

	if (was_added)
		RUN(ATTACK("addkey"), "ten-steps-test", "remove");
	isolated(!was_added, "they can");
}
END_TEST

START_TEST(a_32_bit_call_does_not_get_past)
{
	struct result *r = RUN(NEW, DENY_MKDIR, SAME, TRY_ATTACK("int80"));

	if (cannot_be_tried(r))
		skip("this kernel has no 32-bit calls");
	isolated(!gets_past(r), "it does");
}
END_TEST

START_TEST(io_uring_does_not_get_past)
{
	struct result *r = RUN(NEW, DENY_MKDIR, SAME, TRY_ATTACK("iouring"));

	if (cannot_be_tried(r))
		skip("this kernel has no io_uring");
	isolated(!gets_past(r), "it does");
}
END_TEST

START_TEST(an_x32_call_does_not_get_past)
{
	static const struct manner probe = { .program = "" };
	const char *x32 = ATTACK("x32");
	struct result *r;

	if (run(&probe, WORDS(x32, "probe"))->status != 0)
		skip("this kernel has no x32");
	r = RUN(NEW, "--deny", "mkdir", SAME, TRY_ATTACK("x32"));
	isolated(!gets_past(r), "it does");
}
END_TEST

START_TEST(a_filter_that_cannot_be_shown_is_an_error)
{
	char *said = shell("%s --show-filter true 2>&1 >/dev/full; echo $?",
			   program_under_test());

	if (own_program())
		ck_assert_msg(has(said, "print the filter: No space left") &&
				      has(said, "\n125"),
			      "%s", said);
}
END_TEST

START_TEST(what_is_allowed_explicitly_is_allowed)
{
	ck_assert_int_eq(RUN("--allow", "add_key", "--allow", "keyctl",
			     ATTACK("addkey"), "ten-steps-test")
				 ->status,
			 0);
	RUN("--allow", "add_key", "--allow", "keyctl", ATTACK("addkey"),
	    "ten-steps-test", "remove");
}
END_TEST

START_TEST(without_the_policy_only_what_is_denied_is)
{
	ck_assert_int_eq(RUN("--seccomp", "none", ATTACK("newuserns"))->status,
			 0);
	ck_assert(has(
		RUN(ROOT, "--seccomp", "none", DENY_MKDIR, "mkdir", "/tmp/x")
			->err,
		"not permitted"));
}
END_TEST

START_TEST(ordinary_programs_notice_nothing)
{
	struct result *r;

	must_be_filtered();
	r = RUN(ROOT, "sh", "-c",
		"mkdir /tmp/x && touch /tmp/x/y && ls /tmp/x && "
		"(sleep 0 & wait) && ps > /dev/null && "
		"chmod 600 /tmp/x/y && rm -r /tmp/x && echo fine | cat");

	ck_assert_msg(strcmp(r->out, "y\nfine\n") == 0 && !r->err[0],
		      "they print \"%s\" and not \"y\" and \"fine\": %s",
		      r->out, r->err);
}
END_TEST

START_TEST(threads_still_start_though_clone3_does_not_exist)
{
	struct result *r;

	if (access("/usr/bin/python3", X_OK) < 0)
		skip("there is no python3 to start a thread with");
	must_be_filtered();
	r = RUN("python3", "-c",
		"import threading\nt = threading.Thread(target=lambda: "
		"print('thread'))\nt.start()\nt.join()");
	ck_assert_msg(strcmp(r->out, "thread\n") == 0, "no thread starts: %s%s",
		      r->out, r->err);
}
END_TEST

START_TEST(the_filter_is_inherited)
{
	struct result *r =
		RUN(ROOT, "sh", "-c",
		    "sh -c 'grep Seccomp: /proc/self/status'; echo $?");

	ck_assert_msg(has(r->out, "\t2\n0\n"),
		      "what the command starts has no filter, or a call "
		      "that it needs is denied: %s%s",
		      r->out, r->err);
}
END_TEST

START_TEST(kill_9_at_any_moment_ends_the_container)
{
	dies_at_every_moment(WORDS(ROOT, READY_AND_STAY));
	dies_at_every_moment(WORDS(ROOT, "true"));
}
END_TEST

START_TEST(bad_options_are_refused_in_one_line)
{
	refuses(WORDS("--deny", "no_such_call", "true"), "no_such_call");
	refuses(WORDS("--allow", "", "true"), "empty");
	refuses(WORDS("--kill", "mkdir,rmdir", "true"), "mkdir,rmdir");
	refuses(WORDS("--seccomp", "strict", "true"), "strict");
	refuses(WORDS("--deny", "mkdir", "--allow", "mkdir", "true"), "mkdir");
	refuses(WORDS("--deny"), "needs a value");
}
END_TEST

const struct test tests[] = {
	{ "core isolation", &the_container_is_filtered },
	{ "core isolation", &a_denied_call_answers_eperm },
	{ "core isolation", &a_call_that_kills_is_159 },
	{ "core isolation", &a_user_namespace_cannot_be_made },
	{ "core isolation", &clone_makes_no_user_namespace_either },
	{ "core isolation", &what_is_not_on_the_list_is_denied },
	{ "core isolation", &the_keys_of_the_kernel_cannot_be_reached },
	{ "core isolation", &a_32_bit_call_does_not_get_past },
	{ "core isolation", &io_uring_does_not_get_past },
	{ "core isolation", &an_x32_call_does_not_get_past },
	{ "core safety", &the_whole_process_is_killed_not_one_thread },
	{ "core safety", &the_host_is_not_filtered },
	{ "safety", &a_filter_that_cannot_be_shown_is_an_error },
	{ "safety", &what_is_allowed_explicitly_is_allowed },
	{ "safety", &without_the_policy_only_what_is_denied_is },
	{ "core safety", &ordinary_programs_notice_nothing },
	{ "core safety", &threads_still_start_though_clone3_does_not_exist },
	{ "core safety", &the_filter_is_inherited },
	{ "safety", &kill_9_at_any_moment_ends_the_container },
	{ "input", &bad_options_are_refused_in_one_line },
	{ 0 },
};
