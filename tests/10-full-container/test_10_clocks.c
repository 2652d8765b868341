/* Stage 10: clocks of its own. */
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "10-full-container";

#define ROOT "--layer", rootfs()
#define DAY  86400

START_TEST(the_time_namespace_is_a_new_one_even_without_offsets)
{
	struct result *r = RUN("readlink", "/proc/self/ns/time");

	isolated(strcmp(chomp(r->out), link_text("/proc/self/ns/time")) != 0,
		 "it is the host's, %s", r->out);
	ck_assert(has(r->out, "time:["));
}
END_TEST

static long clock_now(clockid_t clock)
{
	struct timespec now;

	ck_assert_int_eq(clock_gettime(clock, &now), 0);
	return (long)now.tv_sec;
}

START_TEST(the_time_since_boot_is_shifted)
{
	struct result *r = RUN(ROOT, NEW, "--boottime", text("%d", DAY), SAME,
			       "cat", "/proc/uptime");
	long shift = strtol(r->out, NULL, 10) - clock_now(CLOCK_BOOTTIME);

	isolated(shift > DAY - 60 && shift <= DAY, "it is by %ld s", shift);
}
END_TEST

/* A clock of the host, read by a process that enters a time namespace. */
static long clock_in(long pid, clockid_t clock)
{
	int fd = open(text("/proc/%ld/ns/time", pid), O_RDONLY | O_CLOEXEC);
	struct timespec now = { 0 };
	int answer[2], status;
	pid_t visitor;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pipe2(answer, O_CLOEXEC), 0);
	visitor = fork();
	if (visitor == 0) {
		if (setns(fd, CLONE_NEWTIME) < 0 ||
		    clock_gettime(clock, &now) < 0 ||
		    write(answer[1], &now, sizeof(now)) < 0)
			_exit(1);
		_exit(0);
	}
	waitpid(visitor, &status, 0);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(read(answer[0], &now, sizeof(now)), sizeof(now));
	close(fd);
	close(answer[0]);
	close(answer[1]);
	return (long)now.tv_sec;
}

START_TEST(the_monotonic_clock_is_shifted_and_only_that)
{
	struct running r =
		start(NULL, WORDS(ROOT, NEW, "--monotonic", text("%d", DAY),
				  SAME, "sh", "-c", "echo ready; read x"));
	long pid, shift;

	expect(&r, "ready");
	pid = first_inside(&r);
	shift = clock_in(pid, CLOCK_MONOTONIC) - clock_now(CLOCK_MONOTONIC);
	isolated(shift >= DAY - 1 && shift <= DAY + 60, "it is by %ld s",
		 shift);
	shift = clock_in(pid, CLOCK_BOOTTIME) - clock_now(CLOCK_BOOTTIME);
	ck_assert_msg(shift >= -1 && shift <= 60, "boottime by %ld", shift);
	shift = clock_in(pid, CLOCK_REALTIME) - clock_now(CLOCK_REALTIME);
	ck_assert_msg(shift >= -1 && shift <= 60, "the date by %ld", shift);
	finish(&r);
}
END_TEST

START_TEST(a_clock_can_be_shifted_back)
{
	long before = clock_now(CLOCK_BOOTTIME);
	struct result *r =
		RUN(ROOT, NEW, "--boottime=-10", SAME, "cat", "/proc/uptime");
	long shift = strtol(r->out, NULL, 10) - before;

	isolated(shift >= -10 && shift < 0, "it is by %ld s", shift);
}
END_TEST

START_TEST(the_clocks_of_the_host_are_not_shifted)
{
	long monotonic = clock_now(CLOCK_MONOTONIC);
	long boottime = clock_now(CLOCK_BOOTTIME);
	char *namespace = link_text("/proc/self/ns/time");

	RUN(ROOT, "--boottime", "864000", "--monotonic", "864000", "true");
	ck_assert_int_lt(clock_now(CLOCK_MONOTONIC), monotonic + DAY);
	ck_assert_int_lt(clock_now(CLOCK_BOOTTIME), boottime + DAY);
	ck_assert_str_eq(link_text("/proc/self/ns/time"), namespace);
	ck_assert_str_eq(link_text("/proc/self/ns/time_for_children"),
			 namespace);
}
END_TEST

START_TEST(another_user_in_a_user_namespace_with_shifted_clocks)
{
	struct result *r =
		RUN(ROOT, "--userns", "--user", "1000:1001", "--monotonic", "7",
		    "sh", "-c", "id -u; id -g; cat /proc/self/timens_offsets");

	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_str_eq(r->out, "1000\n1001\n"
				 "monotonic           7         0\n"
				 "boottime            0         0\n");
}
END_TEST

/*
 * Root of a user namespace may make a time namespace, and not enter the host's
 * again: so its child makes it, and a parent that waits for it hangs.
 */
START_TEST(a_time_namespace_of_who_cannot_return_to_the_hosts)
{
	static const struct manner any = { .program = "" };
	struct result *r;

	oci_begin(&(struct config){
		.script = "readlink /proc/self/ns/time",
		.namespaces = "[{\"type\": \"pid\"}, {\"type\": \"mount\"}, "
			      "{\"type\": \"time\"}]" });
	r = run(&any, WORDS("unshare", "--map-root-user", program_under_test(),
			    "--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE,
			    OCI_ID));
	ck_assert_msg(r->status == 0 && has(r->out, "time:["), "%d %s%s",
		      r->status, r->out, r->err);
	ck_assert_str_ne(chomp(r->out), link_text("/proc/self/ns/time"));
	oci_end();
}
END_TEST

START_TEST(bad_clocks_are_refused)
{
	static const char *const numbers[] = {
		"ten", "1.5", "5s",  "0x10", "1e3", "99999999999999999999",
		"5 5", "--5", "+ 5",
	};
	static const char *const names[] = { "--boottime", "--monotonic" };

	for (size_t n = 0; n < 2; n++) {
		for (size_t i = 0; i < sizeof(numbers) / sizeof(char *); i++)
			refuses(WORDS(names[n], numbers[i], "true"), names[n]);
		refuses(WORDS(names[n], "", "true"), names[n]);
		refuses(WORDS(names[n]), "needs a value");
	}
}
END_TEST

/* What the kernel does not accept: before boot, or past 146 years. */
START_TEST(clocks_beyond_what_the_kernel_has_are_explained)
{
	cannot(NULL, WORDS("--boottime=-999999999", "true"), "clock");
	cannot(NULL, WORDS("--monotonic", "9223372036854775807", "true"),
	       "clock");
}
END_TEST

const struct test tests[] = {
	{ "isolation", &the_time_namespace_is_a_new_one_even_without_offsets },
	{ "isolation", &the_time_since_boot_is_shifted },
	{ "isolation", &the_monotonic_clock_is_shifted_and_only_that },
	{ "isolation", &a_clock_can_be_shifted_back },
	{ "safety", &the_clocks_of_the_host_are_not_shifted },
	{ "safety", &another_user_in_a_user_namespace_with_shifted_clocks },
	{ "safety", &a_time_namespace_of_who_cannot_return_to_the_hosts },
	{ "input", &bad_clocks_are_refused },
	{ "input", &clocks_beyond_what_the_kernel_has_are_explained },
	{ 0 },
};
