/* Stage 01: a host name of its own. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/judged.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"
#include "tests/runner/terminal.h"

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
	struct result *r = RUN(NAMED, "sh", "-c",
			       "hostname renamed-from-inside && hostname");

	has_run(r, "renamed-from-inside\n");
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
	struct result *r = RUN(NEW, "--domainname", "example", SAME, "sh", "-c",
			       "echo changed > /proc/sys/kernel/domainname && "
			       "cat /proc/sys/kernel/domainname");

	has_run(r, "changed\n");
	isolated(strcmp(shell("cat /proc/sys/kernel/domainname"), name) == 0,
		 "the host's domain name changed");
}
END_TEST

START_TEST(the_uts_namespace_is_a_new_one)
{
	struct result *r = RUN("readlink", "/proc/self/ns/uts");

	has_run(r, "uts:[");
	isolated(strcmp(chomp(r->out), link_text("/proc/self/ns/uts")) != 0,
		 "it is the host's, %s", r->out);
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

	ck_assert_msg(strcmp(r->out, "host\n") == 0,
		      "without --hostname it is %s", r->out);
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
	for (int i = 0; i <= 255; i += i % 17 + 1)
		ends_with(i, WORDS("sh", "-c", text("exit %d", i)));
	ends_with(255, WORDS("sh", "-c", "exit 255"));
}
END_TEST

START_TEST(death_by_a_signal_is_128_and_its_number)
{
	static const int signals[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGKILL,
				       SIGUSR1, SIGSEGV, SIGTERM, SIGXCPU };

	for (size_t i = 0; i < sizeof(signals) / sizeof(int); i++)
		ends_with(128 + signals[i],
			  WORDS("sh", "-c", text("kill -%d $$", signals[i])));
}
END_TEST

/* The line says what was run and why not, and the next one what to do. */
static void cannot_run(const char *command, int status, const char *error)
{
	struct result *r = RUN(command);

	ck_assert_int_eq(r->status, status);
	if (own_program())
		ck_assert_msg(has(r->err, text("run \"%s\": ", command)) &&
				      has(r->err, error) &&
				      has(r->err, "\n  hint: "),
			      "%s", r->err);
}

START_TEST(a_command_that_is_missing_is_127)
{
	cannot_run("no-such-program", 127, "(ENOENT)");
	cannot_run("/no/such/program", 127, "(ENOENT)");
}
END_TEST

START_TEST(a_command_that_cannot_be_executed_is_126)
{
	cannot_run("/etc/passwd", 126, "(EACCES)");
	cannot_run("/etc", 126, "(EACCES)");
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
	dies_with_the_program(NULL, WORDS(READY_AND_STAY));
}
END_TEST

#define READ_FOR_EVER "while :; do read x; done"

START_TEST(ctrl_c_reaches_the_command_once)
{
	struct running r = start_on_terminal(
		NULL,
		WORDS("sh", "-c",
		      "trap 'n=$((n+1)); echo $n' INT; trap 'exit $n' HUP;"
		      "echo ready;" READ_FOR_EVER));

	expect(&r, "ready");
	feed(&r, CTRL_C);
	expect(&r, "1");
	feed(&r, CTRL_C);
	expect(&r, "2");
	kill(r.pid, SIGHUP);
	ck_assert_int_eq(finish(&r)->status, 2);
}
END_TEST

START_TEST(ctrl_c_ends_a_command_without_a_handler)
{
	struct running r = start_on_terminal(
		NULL, WORDS("sh", "-c", "echo ready; exec cat"));

	expect(&r, "ready");
	feed(&r, CTRL_C);
	ck_assert_int_eq(finish(&r)->status, 128 + SIGINT);
}
END_TEST

/* The command holds a pipe of ours as well, whose end is the command's. */
START_TEST(a_terminal_that_hangs_up_ends_the_command)
{
	static const struct manner manner = { .keep_fd = 9 };
	struct running r;
	int ends[2];
	char byte;

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	ck_assert_int_eq(dup2(ends[1], 9), 9);
	close(ends[1]);
	r = start_on_terminal(&manner, WORDS(READY_AND_STAY));
	close(9);
	expect(&r, "ready");
	close(r.in);
	close(r.out);
	ck_assert_int_eq(read(ends[0], &byte, 1), 0);
	r.in = -1;
	r.out = open("/dev/null", O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(finish(&r)->status, 128 + SIGHUP);
}
END_TEST

/* A shell runs the program as a job, stops it and brings it back. */
START_TEST(ctrl_z_stops_and_fg_continues)
{
	static const struct manner sh = { .program = "/bin/sh" };
	struct running r = start_on_terminal(
		&sh, WORDS("-c", text("set -m; %s sh -c 'echo ready; exec cat';"
				      "echo stopped; fg; echo ended with $?",
				      program_under_test())));

	expect(&r, "ready");
	feed(&r, CTRL_Z);
	expect(&r, "stopped");
	feed(&r, "awake\n");
	expect(&r, "awake");
	feed(&r, CTRL_D);
	expect(&r, "ended with 0");
	ck_assert_int_eq(finish(&r)->status, 0);
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

	cannot(&manner, WORDS("true"), "(EPERM)");
	if (own_program())
		cannot(&manner, WORDS("true"), "sudo");
}
END_TEST

/* sudo is no help to who is root already, in a container. */
START_TEST(a_root_without_rights_is_not_told_to_use_sudo)
{
	static const struct manner manner = { .denied_call = SYS_clone3,
					      .denied_error = EPERM };

	if (judged() && run(&manner, WORDS("true"))->status == 0)
		not_judged("it makes its namespace without clone3");
	cannot(&manner, WORDS("true"), "(EPERM)");
	if (own_program())
		cannot(&manner, WORDS("true"), "a filter of system calls");
}
END_TEST

START_TEST(a_kernel_without_clone3_is_an_error)
{
	static const struct manner manner = { .denied_call = SYS_clone3,
					      .denied_error = ENOSYS };

	if (own_program())
		cannot(&manner, WORDS("true"), "(ENOSYS)");
}
END_TEST

/* No program may go on without the namespace, with clone3 or otherwise. */
START_TEST(a_namespace_the_kernel_lacks_is_an_error)
{
	static const int calls[] = { SYS_clone3, SYS_clone, SYS_unshare };
	struct manner manner = { .denied_error = EINVAL,
				 .denied_flags = CLONE_NEWUTS };
	char *hosts = link_text("/proc/self/ns/uts");
	struct result *r = RUN("readlink", "/proc/self/ns/uts");

	has_run(r, "uts:[");
	ck_assert_msg(strcmp(chomp(r->out), hosts) != 0,
		      "there is no new namespace that a kernel could refuse");
	for (size_t i = 0; i < sizeof(calls) / sizeof(int); i++) {
		manner.denied_call = calls[i];
		r = run(&manner, WORDS("readlink", "/proc/self/ns/uts"));
		ck_assert_msg(strcmp(chomp(r->out), hosts) != 0,
			      "where the kernel refuses the namespace, the "
			      "command runs without");
		ck_assert_msg(r->status != 0 || r->out[0],
			      "where the kernel refuses the namespace, the "
			      "program ends with 0");
	}
	manner.denied_call = SYS_clone3;
	if (own_program())
		cannot(&manner, WORDS("true"),
		       "does not know one of the namespaces");
}
END_TEST

const struct test tests[] = {
	{ "core isolation", &the_container_has_its_own_hostname },
	{ "core isolation", &the_host_keeps_its_hostname },
	{ "core isolation", &the_container_has_its_own_domain_name },
	{ "core isolation", &the_host_keeps_its_domain_name },
	{ "core isolation", &the_uts_namespace_is_a_new_one },
	{ "core isolation", &outside_the_process_shows_another_uts_namespace },
	{ "core safety", &without_options_the_names_are_copies },
	{ "safety", &the_kernel_is_the_same },
	{ "core safety", &the_exit_status_is_the_commands },
	{ "core safety", &death_by_a_signal_is_128_and_its_number },
	{ "safety", &a_command_that_is_missing_is_127 },
	{ "safety", &a_command_that_cannot_be_executed_is_126 },
	{ "safety", &signals_reach_the_command },
	{ "safety", &the_command_dies_with_the_program },
	{ "safety", &ctrl_c_reaches_the_command_once },
	{ "safety", &ctrl_c_ends_a_command_without_a_handler },
	{ "safety", &a_terminal_that_hangs_up_ends_the_command },
	{ "safety", &ctrl_z_stops_and_fg_continues },
	{ "safety", &standard_input_reaches_the_command },
	{ "input", &help_fits_a_screen_and_has_an_example },
	{ "input", &bad_options_are_refused_in_one_line },
	{ "input", &a_name_of_64_bytes_is_not_too_long },
	{ "input", &an_ordinary_user_is_told_to_use_sudo },
	{ "input", &a_root_without_rights_is_not_told_to_use_sudo },
	{ "input", &a_kernel_without_clone3_is_an_error },
	{ "core input", &a_namespace_the_kernel_lacks_is_an_error },
	{ 0 },
};
