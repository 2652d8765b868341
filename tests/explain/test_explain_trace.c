/* explain: the program must not notice that it is explained. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/explain/subject.h"
#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"
#include "tests/runner/terminal.h"

const char stage_name[] = "explain";

static const struct manner as_words = { .program = "" };
static const struct manner as_ordinary = { .ordinary_user = true };

START_TEST(its_status_is_the_commands)
{
	ck_assert_int_eq(RUN("true")->status, 0);
	ck_assert_int_eq(RUN("sh", "-c", "exit 7")->status, 7);
	ck_assert_int_eq(RUN("sh", "-c", "kill -9 $$")->status, 137);
	ck_assert_int_eq(RUN("sh", "-c", "kill -TERM $$")->status, 143);
}
END_TEST

START_TEST(a_command_that_is_not_there_is_said)
{
	struct result *r = RUN("no-such-program");

	ck_assert_int_eq(r->status, 127);
	ck_assert_msg(has(r->err, "execute no-such-program: No such file"),
		      "%s", r->err);
	r = RUN("/etc");
	ck_assert_int_eq(r->status, 126);
	ck_assert_msg(has(r->err, "execute /etc: "), "%s", r->err);
}
END_TEST

START_TEST(input_and_output_are_its_own)
{
	struct running running = start(NULL, WORDS("cat"));
	struct result *r;

	feed(&running, "a line\n");
	expect(&running, "a line");
	r = finish(&running);
	ck_assert_int_eq(r->status, 0);
}
END_TEST

START_TEST(killed_it_takes_the_program_along)
{
	struct running running =
		start(NULL, WORDS("unshare", "-pf", "sh", "-c",
				  "tail -f /dev/null & echo ready; wait"));

	expect(&running, "ready");
	kill(running.pid, SIGKILL);
	/* Its output is held by all of them: so it ends with the last. */
	ck_assert_int_eq(finish(&running)->status, 128 + SIGKILL);
}
END_TEST

START_TEST(a_signal_reaches_the_command)
{
	struct running running = start(
		NULL, WORDS("sh", "-c",
			    "trap 'echo got it; exit 5' TERM; echo ready; "
			    "while :; do read x; done"));
	struct result *r;

	expect(&running, "ready");
	kill(running.pid, SIGTERM);
	expect(&running, "got it");
	r = finish(&running);
	ck_assert_int_eq(r->status, 5);
}
END_TEST

START_TEST(a_signal_from_another_process_arrives)
{
	struct result *r =
		RUN("sh", "-c",
		    "trap 'echo usr; exit 4' USR1; sh -c \"kill -USR1 $$\"; "
		    "while :; do :; done");

	ck_assert_int_eq(r->status, 4);
	ck_assert_str_eq(r->out, "usr\n");
}
END_TEST

/* Whoever lets it go on cannot know whether it has stopped already. */
START_TEST(who_stops_goes_on)
{
	struct result *r = RUN("sh", "-c",
			       "pid=$$; (while kill -CONT $pid; do :; done "
			       "2>/dev/null) & kill -STOP $$; echo on");

	ck_assert_str_eq(r->out, "on\n");
	ck_assert_int_eq(r->status, 0);
}
END_TEST

START_TEST(ctrl_c_ends_the_program)
{
	struct running running =
		start_on_terminal(NULL, WORDS("--output", "/dev/null", "sh",
					      "-c", "echo ready; read x"));

	expect(&running, "ready");
	feed(&running, CTRL_C);
	ck_assert_int_eq(finish(&running)->status, 128 + SIGINT);
}
END_TEST

START_TEST(ctrl_z_stops_both_and_fg_goes_on)
{
	struct running running = start_on_terminal(
		&as_words, WORDS("sh", "-c",
				 text("set -m; %s --output /dev/null sh -c "
				      "'echo ready; read x; echo got $x'; "
				      "echo stopped $?; fg >/dev/null",
				      program_under_test())));

	expect(&running, "ready");
	feed(&running, CTRL_Z);
	expect(&running, "stopped 148");
	feed(&running, "word\n");
	expect(&running, "got word");
	ck_assert_int_eq(finish(&running)->status, 0);
}
END_TEST

START_TEST(many_children_are_followed)
{
	struct result *r =
		RUN("--json", "sh", "-c",
		    "i=0; while [ $i -lt 300 ]; do (unshare -u true) & "
		    "i=$((i+1)); done; wait; echo done");
	int count = 0;

	ck_assert_str_eq(r->out, "done\n");
	ck_assert_int_eq(r->status, 0);
	for (const char *at = r->err; (at = strstr(at, "unshare NEWUTS")); at++)
		count++;
	ck_assert_int_eq(count, 300);
}
END_TEST

START_TEST(threads_are_followed_and_one_may_exec)
{
	struct result *r;

	ck_assert_str_eq(
		subject("-pthread",
			"#define _GNU_SOURCE\n"
			"#include <pthread.h>\n#include <sched.h>\n"
			"#include <unistd.h>\n"
			"static void *one(void *x) {\n"
			"if (unshare(CLONE_NEWUTS)) return x;\n"
			"execl(\"/bin/sh\", \"sh\", \"-c\", \"echo sh; "
			"exit 6\", (char *)0); return x; }\n"
			"static void *wait_(void *x) { pause(); return x; }\n"
			"int main(void) { pthread_t t[9];\n"
			"for (int i = 0; i < 8; i++)\n"
			"pthread_create(&t[i], 0, wait_, 0);\n"
			"pthread_create(&t[8], 0, one, 0); pause(); }"),
		"");
	r = RUN("--json", "/run/subject");
	shell("rm /run/subject*");
	ck_assert_str_eq(r->out, "sh\n");
	ck_assert_int_eq(r->status, 6);
	ck_assert_msg(has(r->err, "unshare NEWUTS") && has(r->err, "sh -c"),
		      "%s", r->err);
}
END_TEST

/* Where a page ends the next one may be missing, or have the rest. */
START_TEST(a_text_is_read_across_pages_and_up_to_the_last_one)
{
	struct result *r;

	ck_assert_str_eq(
		subject("",
			"#define _GNU_SOURCE\n"
			"#include <sched.h>\n#include <string.h>\n"
			"#include <sys/mman.h>\n#include <unistd.h>\n"
			"int main(void) {\n"
			"char *p = mmap(0, 3 * 4096, PROT_READ | PROT_WRITE,\n"
			"MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n"
			"munmap(p + 8192, 4096); unshare(CLONE_NEWUTS);\n"
			"strcpy(p + 4094, \"border\");\n"
			"memcpy(p + 8188, \"last\", 4);\n"
			"sethostname(p + 4094, 6);\n"
			"return setdomainname(p + 8188, 4); }"),
		"");
	r = RUN("/run/subject");
	shell("rm /run/subject*");
	ck_assert_msg(has(r->err, " border ") && has(r->err, " last "), "%s",
		      r->err);
}
END_TEST

START_TEST(a_program_for_32_bits_runs_and_is_said)
{
#if defined(__x86_64__)
	struct result *r;

	if (strcmp(subject("-m32 -nostdlib -static",
			   "void _start(void) { __asm__(\"int $0x80\" :: "
			   "\"a\"(1), \"b\"(9)); for (;;); }"),
		   "") != 0) {
		shell("rm /run/subject*");
		skip("cc makes no programs for 32 bits");
	}
	r = RUN("/run/subject");
	shell("rm /run/subject*");
	ck_assert_int_eq(r->status, 9);
	ck_assert_msg(has(r->err, "not seen: a program for another"), "%s",
		      r->err);
#else
	skip("programs for 32 bits are x86-64's");
#endif
}
END_TEST

START_TEST(setuid_programs_work_for_root)
{
	struct result *r;

	shell("mount -t tmpfs x /media && cp \"$(command -v id)\" /media/id && "
	      "chmod 4755 /media/id");
	if (strcmp(shell("setpriv --reuid=65534 --regid=65534 --clear-groups "
			 "/media/id -u 2>/dev/null"),
		   "0") != 0)
		skip("setuid does nothing here"); /* the mount goes with us */
	r = RUN("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
		"/media/id", "-u");
	shell("umount /media");
	ck_assert_str_eq(r->out, "0\n");
}
END_TEST

START_TEST(an_ordinary_user_is_told_what_is_missing)
{
	struct result *r = run(&as_ordinary, WORDS("unshare", "-Ur", "true"));

	if (has(r->err, "unshare failed"))
		skip("an ordinary user may not make a user namespace here");
	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(has(r->err, "NEWUSER") && has(r->err, "uid_map") &&
			      has(r->err, "not seen: without root"),
		      "%s", r->err);
}
END_TEST

START_TEST(a_full_disk_is_noticed)
{
	struct result *r = RUN("--output", "/dev/full", "true");

	ck_assert_int_eq(r->status, 125);
	ck_assert_msg(has(r->err, "write the story"), "%s", r->err);
	r = RUN("--output", "/no/such/file", "true");
	ck_assert_int_eq(r->status, 125);
}
END_TEST

START_TEST(a_reader_who_leaves_does_not_matter)
{
	struct result *r = run(
		&as_words, WORDS("sh", "-c",
				 text("{ %s sh -c 'exit 3' 2>&1 >/dev/null; "
				      "echo $? >/run/status; } | true",
				      program_under_test())));

	ck_assert_int_eq(r->status, 0);
	ck_assert_str_eq(shell("cat /run/status; rm /run/status"), "3");
}
END_TEST

/* The command ends first: what it leaves has to be ended by somebody. */
START_TEST(what_the_command_leaves_ends_with_us)
{
	struct running running =
		start(NULL, WORDS("sh", "-c",
				  "(while kill -0 $$; do :; done 2>/dev/null; "
				  "echo ready; exec tail -f /dev/null) & "
				  "exit 3"));

	expect(&running, "ready");
	kill(running.pid, SIGTERM);
	ck_assert_int_eq(finish(&running)->status, 3);
}
END_TEST

/* With one, such as we are, the call could be made. */
START_TEST(a_filter_that_asks_a_tracer_finds_none)
{
	struct result *r;

	ck_assert_str_eq(
		subject("-w",
			"#include <errno.h>\n#include <linux/filter.h>\n"
			"#include <linux/seccomp.h>\n#include <sys/prctl.h>\n"
			"#include <sys/syscall.h>\n#include <unistd.h>\n"
			"struct sock_filter f[] = { { 0x20, 0, 0, 0 },\n"
			"{ 0x15, 0, 1, SYS_getppid },\n"
			"{ 6, 0, 0, SECCOMP_RET_TRACE },\n"
			"{ 6, 0, 0, SECCOMP_RET_ALLOW } };\n"
			"struct sock_fprog p = { 4, f };\n"
			"int main(void) { prctl(38, 1, 0, 0, 0);\n"
			"prctl(PR_SET_SECCOMP, 2, &p);\n"
			"return syscall(SYS_getppid) < 0 ? errno : 0; }"),
		"");
	r = RUN("/run/subject");
	shell("rm /run/subject*");
	ck_assert_int_eq(r->status, ENOSYS);
}
END_TEST

START_TEST(who_traces_is_told_that_it_is_traced)
{
	struct result *r;

	ck_assert_str_eq(subject("-w",
				 "#include <sched.h>\n#include <sys/ptrace.h>\n"
				 "int main(void) { unshare(0x4000000);\n"
				 "return ptrace(0, 0, 0, 0) < 0; }"),
			 "");
	r = RUN("/run/subject");
	shell("rm /run/subject*");
	ck_assert_int_eq(r->status, 1);
	ck_assert_msg(has(r->err, "EPERM: explain traces it already") &&
			      has(r->err, "not seen: it would have traced"),
		      "%s", r->err);
}
END_TEST

const struct test tests[] = {
	{ "safety", &its_status_is_the_commands },
	{ "safety", &a_command_that_is_not_there_is_said },
	{ "safety", &input_and_output_are_its_own },
	{ "safety", &killed_it_takes_the_program_along },
	{ "safety", &a_signal_reaches_the_command },
	{ "safety", &a_signal_from_another_process_arrives },
	{ "safety", &who_stops_goes_on },
	{ "safety", &ctrl_c_ends_the_program },
	{ "safety", &ctrl_z_stops_both_and_fg_goes_on },
	{ "safety", &many_children_are_followed },
	{ "safety", &threads_are_followed_and_one_may_exec },
	{ "safety", &a_text_is_read_across_pages_and_up_to_the_last_one },
	{ "safety", &a_program_for_32_bits_runs_and_is_said },
	{ "safety", &setuid_programs_work_for_root },
	{ "safety", &an_ordinary_user_is_told_what_is_missing },
	{ "safety", &a_full_disk_is_noticed },
	{ "safety", &a_reader_who_leaves_does_not_matter },
	{ "safety", &what_the_command_leaves_ends_with_us },
	{ "safety", &a_filter_that_asks_a_tracer_finds_none },
	{ "safety", &who_traces_is_told_that_it_is_traced },
	{ 0 },
};
