/* Stage 01: a host name of its own. */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/helpers.h"
#include "tests/runner.h"

const char stage_name[] = "01-uts";

#define NAMED NEW, "--hostname", "box", SAME

START_TEST(the_container_has_its_own_hostname)
{
	struct result *r = RUN(NAMED, "hostname");

	isolated(strcmp(r->out, "box\n") == 0, "inside it is %s", r->out);
	ck_assert_int_eq(r->status, 0);
}
END_TEST

START_TEST(the_host_keeps_its_hostname)
{
	RUN(NAMED, "hostname", "renamed-from-inside");
	isolated(strcmp(shell("hostname"), "host") == 0,
		 "the host is now called %s", shell("hostname"));
}
END_TEST

START_TEST(the_container_has_its_own_domain_name)
{
	struct result *r = RUN(NEW, "--domainname", "example", SAME, "cat",
			       "/proc/sys/kernel/domainname");

	isolated(strcmp(r->out, "example\n") == 0, "inside it is %s", r->out);
}
END_TEST

START_TEST(the_host_keeps_its_domain_name)
{
	char *name = shell("cat /proc/sys/kernel/domainname");

	RUN(NEW, "--domainname", "example", SAME, "sh", "-c",
	    "echo changed > /proc/sys/kernel/domainname");
	isolated(strcmp(shell("cat /proc/sys/kernel/domainname"), name) == 0,
		 "the host's domain name changed");
}
END_TEST

START_TEST(the_uts_namespace_is_a_new_one)
{
	struct result *r = RUN("readlink", "/proc/self/ns/uts");

	isolated(strcmp(chomp(r->out), link_text("/proc/self/ns/uts")) != 0,
		 "it is the host's, %s", r->out);
	ck_assert(has(r->out, "uts:["));
}
END_TEST

START_TEST(outside_the_process_shows_another_uts_namespace)
{
	struct running r =
		start(NULL, WORDS(NAMED, "sh", "-c", "echo $$; read x"));
	long pid = strtol(next_line(&r), NULL, 10);

	isolated(strcmp(link_text("/proc/%ld/ns/uts", pid),
			link_text("/proc/self/ns/uts")) != 0,
		 "it is the host's");
	finish(&r);
}
END_TEST

START_TEST(without_options_the_names_are_copies)
{
	struct result *r = RUN("hostname");

	ck_assert_str_eq(r->out, "host\n");
}
END_TEST

START_TEST(the_kernel_is_the_same)
{
	struct result *r = RUN("uname", "-r");

	ck_assert_str_eq(chomp(r->out), shell("uname -r"));
}
END_TEST

START_TEST(the_exit_status_is_the_commands)
{
	static const int statuses[] = { 0, 1, 3, 42, 125, 255 };

	for (size_t i = 0; i < sizeof(statuses) / sizeof(int); i++)
		ck_assert_int_eq(
			RUN("sh", "-c", text("exit %d", statuses[i]))->status,
			statuses[i]);
}
END_TEST

START_TEST(death_by_a_signal_is_128_and_its_number)
{
	ck_assert_int_eq(RUN("sh", "-c", "kill -TERM $$")->status, 128 + 15);
	ck_assert_int_eq(RUN("sh", "-c", "kill -KILL $$")->status, 128 + 9);
}
END_TEST

START_TEST(a_missing_command_is_127)
{
	struct result *r = RUN("no-such-program");

	ck_assert_int_eq(r->status, 127);
	if (own_program())
		ck_assert(has(r->err, "run \"no-such-program\"") &&
			  has(r->err, "(ENOENT)") && has(r->err, "hint:"));
}
END_TEST

START_TEST(a_command_that_cannot_be_executed_is_126)
{
	struct result *r = RUN("/etc/passwd");

	ck_assert_int_eq(r->status, 126);
	if (own_program())
		ck_assert(has(r->err, "(EACCES)") && has(r->err, "hint:"));
}
END_TEST

START_TEST(signals_reach_the_command)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1 };
	struct running r;

	for (size_t i = 0; i < sizeof(signals) / sizeof(int); i++) {
		r = start(NULL,
			  WORDS("sh", "-c",
				"trap 'exit 7' TERM INT HUP USR1; echo ready;"
				"while :; do read x; done"));
		expect(&r, "ready");
		ck_assert_int_eq(kill(r.pid, signals[i]), 0);
		ck_assert_int_eq(finish(&r)->status, 7);
	}
}
END_TEST

START_TEST(the_command_dies_with_the_program)
{
	struct running r =
		start(NULL, WORDS("sh", "-c", "echo ready; exec cat"));

	expect(&r, "ready");
	kill(r.pid, SIGKILL);
	/* finish() reads up to the end, which comes when cat is gone. */
	close(r.in);
	r.in = -1;
	ck_assert_int_eq(finish(&r)->status, 128 + 9);
}
END_TEST

START_TEST(standard_input_reaches_the_command)
{
	struct running r = start(NULL, WORDS("cat"));

	feed(&r, "through\n");
	ck_assert_str_eq(finish(&r)->out, "through\n");
}
END_TEST

START_TEST(help_fits_a_screen_and_has_an_example)
{
	struct result *r = RUN("--help");
	int lines = 0;

	ck_assert_int_eq(r->status, 0);
	if (!own_program())
		return;
	for (const char *c = r->out; *c; c++)
		lines += *c == '\n';
	ck_assert_int_le(lines, 24);
	ck_assert(has(r->out, "Try:\n  sudo bin/01-uts"));
}
END_TEST

START_TEST(bad_options_are_refused_in_one_line)
{
	char name[66];

	memset(name, 'x', 65);
	name[65] = '\0';
	refuses(WORDS("--hostname", name, "true"), "at most 64");
	refuses(WORDS("--domainname", name, "true"), "at most 64");
	refuses(WORDS("--hostname", "", "true"), "empty");
	refuses(WORDS("--hostname"), "needs a value");
	refuses(WORDS("--no-such-option", "true"), "--no-such-option");
	refuses(WORDS("-Z", "true"), "-Z");
	refuses(WORDS(NULL), "no command");
}
END_TEST

START_TEST(a_name_of_64_bytes_is_not_too_long)
{
	char name[65];

	memset(name, 'x', 64);
	name[64] = '\0';
	ck_assert_str_eq(chomp(RUN("--hostname", name, "hostname")->out), name);
}
END_TEST

START_TEST(an_ordinary_user_is_told_to_use_sudo)
{
	static const struct manner manner = { .ordinary_user = true };
	struct result *r = run(&manner, WORDS("true"));

	ck_assert_int_eq(r->status, 125);
	if (own_program())
		ck_assert(has(r->err, "(EPERM)") && has(r->err, "sudo"));
}
END_TEST

START_TEST(a_kernel_without_clone3_is_an_error_not_a_container)
{
	static const struct manner manner = { .denied_call = SYS_clone3,
					      .denied_error = ENOSYS };
	struct result *r = run(&manner, WORDS("true"));

	if (!own_program())
		return;
	ck_assert_int_eq(r->status, 125);
	ck_assert(has(r->err, "(ENOSYS)") && has(r->err, "hint:"));
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
	{ "isolation", &the_container_has_its_own_hostname },
	{ "isolation", &the_host_keeps_its_hostname },
	{ "isolation", &the_container_has_its_own_domain_name },
	{ "isolation", &the_host_keeps_its_domain_name },
	{ "isolation", &the_uts_namespace_is_a_new_one },
	{ "isolation", &outside_the_process_shows_another_uts_namespace },
	{ "safety", &without_options_the_names_are_copies },
	{ "safety", &the_kernel_is_the_same },
	{ "safety", &the_exit_status_is_the_commands },
	{ "safety", &death_by_a_signal_is_128_and_its_number },
	{ "safety", &a_missing_command_is_127 },
	{ "safety", &a_command_that_cannot_be_executed_is_126 },
	{ "safety", &signals_reach_the_command },
	{ "safety", &the_command_dies_with_the_program },
	{ "safety", &standard_input_reaches_the_command },
	{ "input", &help_fits_a_screen_and_has_an_example },
	{ "input", &bad_options_are_refused_in_one_line },
	{ "input", &a_name_of_64_bytes_is_not_too_long },
	{ "input", &an_ordinary_user_is_told_to_use_sudo },
	{ "input", &a_kernel_without_clone3_is_an_error_not_a_container },
	{ "input", &a_namespace_the_kernel_lacks_is_an_error },
	{ 0 },
};
