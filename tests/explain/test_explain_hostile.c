/* explain: a program that is hostile, or has odd names, is told of, no more. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/explain/subject.h"
#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"

const char stage_name[] = "explain";

static const struct manner as_words = { .program = "" };

/* Run it in a locale of these characters. */
#define RUN_IN(locale, ...) \
	run(&as_words,      \
	    WORDS("env", "LC_ALL=" locale, program_under_test(), __VA_ARGS__))

#define HANGUL "\355\225\234\352\270\200" /* two characters, four columns */

/* Skip where the C library has no locale of UTF-8. */
static void needs_utf_8(void)
{
	if (strcmp(shell("LC_ALL=C.UTF-8 locale charmap 2>&1"), "UTF-8") != 0)
		skip("there is no locale C.UTF-8");
}

/* No character of control but the ends of lines. */
static void ck_assert_shown(const char *told)
{
	for (const char *c = told; *c; c++)
		ck_assert_msg((unsigned char)*c >= ' ' || *c == '\n',
			      "character %d in: %s", *c, told);
}

START_TEST(no_name_commands_a_terminal)
{
	struct result *r = RUN(
		"unshare", "-m", "sh", "-c",
		"mount -t tmpfs x /mnt && d=$(printf '/mnt/\\033]0;x\\007') "
		"&& mkdir \"$d\" && mount -t tmpfs x \"$d\" && cd \"$d\" && "
		"mkdir old && pivot_root . old; :");

	ck_assert_msg(has(r->err, "ROOT is /mnt/?]0;x?"), "%s", r->err);
	ck_assert_shown(r->err);
}
END_TEST

/* A message to the kernel, with a name in it that no interface can have. */
START_TEST(no_message_commands_a_terminal_or_leaves_its_place)
{
	struct result *r;

	ck_assert_str_eq(
		subject("",
			"#include <linux/rtnetlink.h>\n#include <string.h>\n"
			"#include <sys/socket.h>\n"
			"struct { struct nlmsghdr h; struct ifinfomsg i;\n"
			"struct rtattr a; char name[16]; } m;\n"
			"char big[4096];\n"
			"int main(void) {\n"
			"struct nlmsghdr *first = (void *)big;\n"
			"struct nlmsghdr *last = (void *)(big + 4080);\n"
			"int s = socket(AF_NETLINK, SOCK_RAW, 0);\n"
			"m.h.nlmsg_len = sizeof(m);\n"
			"m.h.nlmsg_type = RTM_NEWLINK;\n"
			"m.a.rta_type = 3; m.a.rta_len = 4 + 15;\n"
			"strcpy(m.name, \"\\033]0;x\\007\\\"\\377\");\n"
			"send(s, &m, sizeof(m), 0);\n"
			"first->nlmsg_len = 4093; first->nlmsg_type = 1;\n"
			"send(s, big, 4093, 0);\n"
			"first->nlmsg_len = 4080; last->nlmsg_len = 16;\n"
			"last->nlmsg_type = RTM_NEWLINK;\n"
			"return send(s, big, 4096, 0) != 4096; }"),
		"");
	r = RUN("/run/subject");
	shell("rm /run/subject*");
	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(has(r->err, "sendto  ?]0;x?\"? "), "%s", r->err);
	ck_assert_shown(r->err);
}
END_TEST

/* Who is joined has no filter: calls of any size are looked at. */
START_TEST(a_size_that_no_memory_has_does_no_harm)
{
	struct running daemon, story;
	struct result *r;

	ck_assert_str_eq(
		subject("-w",
			"#include <fcntl.h>\n#include <stdio.h>\n"
			"#include <string.h>\n#include <unistd.h>\n"
			"char text[8192];\n"
			"int main(void) {\n"
			"memset(text, 'A', sizeof(text) - 1);\n"
			"puts(\"ready\"); fflush(stdout); getchar();\n"
			"write(open(\"/proc/self/oom_score_adj\", O_WRONLY),\n"
			"text, (size_t)-1); return 4; }"),
		"");
	daemon = start(&as_words, WORDS("/run/subject"));
	story = subject_attach(&daemon);
	feed(&daemon, "\n");
	ck_assert_int_eq(finish(&daemon)->status, 4);
	r = finish(&story);
	shell("rm /run/subject*");
	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(has(r->err, "oom_score_adj AAAA"), "%s", r->err);
}
END_TEST

START_TEST(names_in_utf_8_are_shown_where_the_locale_has_them)
{
	const char *script = "mount -t tmpfs x /mnt && mkdir /mnt/" HANGUL
			     " && mount -t tmpfs x /mnt/" HANGUL;
	struct result *r = RUN_IN("C", "unshare", "-m", "sh", "-c", script);

	ck_assert_msg(has(r->err, "tmpfs on /mnt/?????? "), "%s", r->err);
	needs_utf_8();
	r = RUN_IN("C.UTF-8", "unshare", "-m", "sh", "-c", script);
	ck_assert_msg(has(r->err, "tmpfs on /mnt/" HANGUL " "), "%s", r->err);
}
END_TEST

/* Four columns, like those four: so what follows begins where it does there. */
START_TEST(columns_count_and_not_bytes)
{
	struct result *r =
		RUN_IN("C.UTF-8", "--since", "3", "unshare", "-m", "sh", "-c",
		       "mount -t tmpfs x /mnt; mkdir /mnt/" HANGUL
		       " /mnt/abcd; mount -t tmpfs x /mnt/abcd; "
		       "mount -t tmpfs x /mnt/" HANGUL);

	needs_utf_8();
	ck_assert_msg(has(r->err, "on /mnt/abcd  03  an") &&
			      has(r->err, "on /mnt/" HANGUL "  03  an"),
		      "%s", r->err);
}
END_TEST

/* What turns the direction of writing, and what is no character at all. */
START_TEST(what_hides_in_a_text_is_not_shown)
{
	struct result *r =
		RUN_IN("C.UTF-8", "unshare", "-m", "sh", "-c",
		       "mount -t tmpfs x /mnt && mkdir \"$0\" && mount -t "
		       "tmpfs x \"$0\"",
		       "/mnt/a\342\200\256b\377c");

	needs_utf_8();
	ck_assert_msg(has(r->err, "on /mnt/a?b?c "), "%s", r->err);
}
END_TEST

START_TEST(a_cut_is_between_characters_and_json_is_utf_8)
{
	const char *check =
		"import json\n"
		"for line in open('/run/story', 'rb'):\n"
		"    t = line.decode()\n"
		"    json.loads(t)\n"
		"    assert '\\ufffd' not in t and '?' not in t, t\n"
		"print('good')";
	struct result *r;
	char *name = text("%s", "");

	needs_utf_8();
	if (strcmp(shell("command -v python3"), "") == 0)
		skip("python3 is not installed");
	for (int i = 0; i < 60; i++)
		name = text("%s" HANGUL, name);
	/* Each time a byte further: somewhere it is inside of a character. */
	for (int i = 0; i < 3; i++) {
		name = text("x%s", name);
		r = RUN_IN("C.UTF-8", "--json", "--output", "/run/story",
			   "unshare", "-m", "sh", "-c",
			   "mount -t tmpfs \"$0\" /mnt; mount -t tmpfs -o "
			   "\"x=$0\" x /mnt; mount --bind \"/$0\" /mnt; :",
			   name);
		ck_assert_int_eq(r->status, 0);
		ck_assert_str_eq(shell("python3 -c \"%s\" 2>&1", check),
				 "good");
	}
	shell("rm /run/story");
}
END_TEST

/* The kernel's list of them comes before what is looked for. */
START_TEST(who_has_many_groups_is_followed)
{
	struct result *r = RUN("sh", "-c",
			       "exec setpriv --groups $(seq -s, 1 3000) sh -c "
			       "'for i in 1 2 3; do unshare -u true; done'");
	const char *last = strstr(r->err, "NEWUTS");

	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(last && has(last + 1, "NEWUTS"), "%s", r->err);
}
END_TEST

/*
 * A child is there, and stopped, before its parent can tell of it; one that is
 * killed between the two does not.
 */
START_TEST(a_child_whose_parent_is_killed_at_that_moment_goes_on)
{
	struct result *r;

	ck_assert_str_eq(
		subject("-w",
			"#include <signal.h>\n#include <stdio.h>\n"
			"#include <sys/wait.h>\n#include <unistd.h>\n"
			"int main(void) {\n"
			"for (int i = 0; i < 300; i++) {\n"
			"int parent = fork(), child;\n"
			"if (!parent) for (;; waitpid(child, 0, 0))\n"
			"if (!(child = fork())) _exit(0);\n"
			"for (volatile int j = 0; j < i % 100 * 10000; j++);\n"
			"kill(parent, SIGKILL);\n"
			"waitpid(parent, 0, 0); }\n"
			"return 0; }"),
		"");
	r = RUN("--output", "/dev/null", "/run/subject");
	shell("rm /run/subject*");
	ck_assert_int_eq(r->status, 0);
}
END_TEST

/* The kernel then makes the call again, and the program never knows. */
START_TEST(a_call_that_a_signal_delays_is_told_once)
{
	struct result *r;

	ck_assert_str_eq(
		subject("-w",
			"#define _GNU_SOURCE\n#include <sched.h>\n"
			"#include <signal.h>\n#include <sys/time.h>\n"
			"#include <sys/wait.h>\n#include <unistd.h>\n"
			"struct itimerval t = { { 0, 300 }, { 0, 300 } }, no;\n"
			"int count;\n"
			"void on(int s) {\n"
			"if (++count == 100) setitimer(ITIMER_REAL, &no, 0); "
			"}\n"
			"int main(void) {\n"
			"signal(SIGALRM, on); setitimer(ITIMER_REAL, &t, 0);\n"
			"for (int i = 0; i < 20; i++) if (!fork()) _exit(0);\n"
			"while (wait(0) > 0); return 0; }"),
		"");
	r = RUN("--all", "/run/subject");
	shell("rm /run/subject*");
	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(!has(r->err, "(null)") && !has(r->err, " = -1"), "%s",
		      r->err);
}
END_TEST

START_TEST(a_story_has_an_end)
{
	struct result *r;

	ck_assert_str_eq(
		subject("-w", "#define _GNU_SOURCE\n#include <sched.h>\n"
			      "#include <unistd.h>\n"
			      "int main(int n) {\n"
			      "for (int i = 0; i < n * 1001; i++) {\n"
			      "unshare(CLONE_NEWUTS); sethostname(\"a\", 1);\n"
			      "setdomainname(\"b\", 1); chroot(\"/\"); }\n"
			      "return 0; }"),
		"");
	r = RUN("--since", "10", "/run/subject", "2", "3", "4", "5", "6", "7",
		"8");
	ck_assert_int_eq(r->status, 0);
	ck_assert_str_eq(r->err,
			 "not seen: after 30000 steps no more are told\n");
	r = RUN("--beside", "/run/subject", "/run/subject");
	shell("rm /run/subject*");
	ck_assert_msg(has(r->err, "too many to set them side by side"), "%s",
		      r->err);
}
END_TEST

START_TEST(who_is_explained_already_cannot_be_once_more)
{
	struct result *r =
		RUN("--output", "/dev/null", program_under_test(), "true");

	ck_assert_int_eq(r->status, 125);
	ck_assert_msg(has(r->err, "trace the command: Operation not permitted"),
		      "%s", r->err);
}
END_TEST

const struct test tests[] = {
	{ "safety", &no_name_commands_a_terminal },
	{ "safety", &no_message_commands_a_terminal_or_leaves_its_place },
	{ "safety", &a_size_that_no_memory_has_does_no_harm },
	{ "safety", &names_in_utf_8_are_shown_where_the_locale_has_them },
	{ "safety", &columns_count_and_not_bytes },
	{ "safety", &what_hides_in_a_text_is_not_shown },
	{ "safety", &a_cut_is_between_characters_and_json_is_utf_8 },
	{ "safety", &who_has_many_groups_is_followed },
	{ "safety", &a_child_whose_parent_is_killed_at_that_moment_goes_on },
	{ "safety", &a_call_that_a_signal_delays_is_told_once },
	{ "safety", &a_story_has_an_end },
	{ "safety", &who_is_explained_already_cannot_be_once_more },
	{ 0 },
};
