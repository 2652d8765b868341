/* nsmap: the tree of namespaces. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"

const char stage_name[] = "nsmap";

static const struct manner as_words = { .program = "" };
static const struct manner as_ordinary = { .ordinary_user = true };
static const char *const none[] = { NULL };

#define STAY "sh", "-c", "echo ready; read x"

/* Start these words, and wait until they print "ready". */
static struct running start_ready(const char *const words[])
{
	struct running running = start(&as_words, words);

	expect(&running, "ready");
	return running;
}

/* The line of the map with this text, without what follows; "" if none. */
static char *line_with(const char *map, const char *piece)
{
	const char *at = strstr(map, piece), *begin = at;

	if (!at)
		return text("%s", "");
	while (begin > map && begin[-1] != '\n')
		begin--;
	return text("%.*s", (int)(at - begin + (long)strcspn(at, "\n")), begin);
}

/* How far the name of a namespace stands to the right. */
static size_t depth_of(const char *line)
{
	return strcspn(line, "abcdefghijklmnopqrstuvwxyz");
}

/* The line above that is one step to the left: what this one hangs on. */
static char *above(const char *map, const char *piece)
{
	size_t depth = depth_of(line_with(map, piece));
	const char *at = strstr(map, piece), *line;

	for (line = at; line > map; line--)
		if (line[-1] == '\n' && line < at && depth_of(line) < depth)
			return text("%.*s", (int)strcspn(line, "\n"), line);
	return text("%.*s", (int)strcspn(map, "\n"), map);
}

START_TEST(every_namespace_that_lsns_knows_is_there)
{
	char *ids = shell("lsns -n -r -o NS,TYPE"), *rest = ids, *line;
	struct result *r = run(NULL, none);
	int count = 0;

	if (!ids[0])
		skip("lsns is not installed");
	while ((line = strsep(&rest, "\n"))) {
		char *type = strchr(line, ' ');

		ck_assert_ptr_nonnull(type);
		ck_assert_msg(has(r->out, text("%s:[%.*s]", type + 1,
					       (int)(type - line), line)),
			      "%s is missing in:\n%s", line, r->out);
		count++;
	}
	ck_assert_int_ge(count, 8);
	ck_assert_int_eq(r->status, 0);
}
END_TEST

START_TEST(a_process_is_named_in_its_namespaces)
{
	struct running running = start_ready(WORDS("unshare", "-u", STAY));
	struct result *r = run(NULL, none);
	char *name = link_text("/proc/%d/ns/uts", (int)running.pid);
	char *line = line_with(r->out, name);

	finish(&running);
	ck_assert_msg(has(line, text("  1 process: %d sh", (int)running.pid)),
		      "%s: %s", name, line);
}
END_TEST

START_TEST(a_namespace_hangs_on_its_owner)
{
	struct running running = start_ready(WORDS("unshare", "-Un", STAY));
	struct result *r = run(NULL, none);
	char *user = link_text("/proc/%d/ns/user", (int)running.pid);
	char *net = link_text("/proc/%d/ns/net", (int)running.pid);

	finish(&running);
	ck_assert_msg(has(above(r->out, net), user), "%s:\n%s", net, r->out);
	ck_assert_msg(has(above(r->out, user), link_text("/proc/self/ns/user")),
		      "%s:\n%s", user, r->out);
}
END_TEST

START_TEST(a_pid_namespace_hangs_on_its_parent)
{
	struct running running =
		start_ready(WORDS("unshare", "-pf", "--kill-child", "unshare",
				  "-pf", "--kill-child", STAY));
	struct result *r = run(NULL, none);
	char *outer =
		link_text("/proc/%d/ns/pid_for_children", (int)running.pid);
	char *line;

	finish(&running);
	line = strstr(r->out, outer);
	ck_assert_msg(
		line && (line = strchr(line, '\n')) &&
			strncmp(line + depth_of(line + 1) + 1, "pid:", 4) == 0,
		"%s", r->out);
	ck_assert(has(above(r->out, outer), link_text("/proc/self/ns/pid")));
}
END_TEST

START_TEST(where_the_children_of_a_process_live_is_said)
{
	struct running running =
		start_ready(WORDS("unshare", "-pf", "--kill-child", STAY));
	struct result *r = run(NULL, none);
	char *line = line_with(
		r->out, text("children of %d unshare", (int)running.pid));

	finish(&running);
	ck_assert_msg(has(line, "pid:[") && has(line, " 2 processes: "), "%s",
		      r->out);
}
END_TEST

/* unshare does not fork here: the process leaves the first one at once. */
START_TEST(an_owner_in_which_nobody_lives_is_found)
{
	struct running running =
		start_ready(WORDS("unshare", "-Ur", "unshare", "-Ur", STAY));
	struct result *r = run(NULL, none);
	char *inner = link_text("/proc/%d/ns/user", (int)running.pid);
	char *outer = above(r->out, inner);

	finish(&running);
	ck_assert_msg(has(outer, "user:[") && has(outer, " 0 processes"), "%s",
		      r->out);
}
END_TEST

START_TEST(a_namespace_that_only_a_mount_keeps_is_found)
{
	struct result *r;

	shell("touch '/run/ke pt' && unshare '--net=/run/ke pt' true");
	r = run(NULL, none);
	shell("umount '/run/ke pt'; rm '/run/ke pt'");
	ck_assert_msg(has(r->out, "  0 processes; mounted on /run/ke pt\n"),
		      "%s", r->out);
}
END_TEST

/* In the kernel's list each such byte takes four: "\012". */
START_TEST(a_mount_with_a_long_name_of_odd_bytes_is_found)
{
	struct running running = start_ready(
		WORDS("unshare", "-m", "sh", "-c",
		      "mount -t tmpfs x /run; cd /run;"
		      "name=$(printf '\\n%.0s' $(seq 250); echo x); "
		      "for i in 1 2 3 4 5; do mkdir \"$name\"; cd \"$name\"; "
		      "done; touch kept; unshare --ipc=kept true && "
		      "echo ready; read x"));
	struct result *r = run(NULL, none);

	finish(&running);
	ck_assert_msg(has(r->out, "?x/kept\n"), "%s", r->out);
}
END_TEST

START_TEST(a_mount_in_another_mount_namespace_is_found)
{
	struct running running = start_ready(
		WORDS("unshare", "-m", "sh", "-c",
		      "mount -t tmpfs x /run && touch /run/kept && "
		      "unshare --ipc=/run/kept true && echo ready; read x"));
	struct result *r = run(NULL, none);

	finish(&running);
	ck_assert_msg(has(r->out, "  0 processes; mounted on /run/kept\n"),
		      "%s", r->out);
}
END_TEST

START_TEST(whose_a_user_namespace_is_can_be_read)
{
	static const struct manner ordinary_words = { .program = "",
						      .ordinary_user = true };
	struct running running =
		start(&ordinary_words,
		      WORDS("unshare", "-U", "sh", "-c", "echo ready; read x"));
	struct result *r;
	char *user;

	if (strcmp(next_line(&running), "ready") != 0)
		skip("an ordinary user may not make a user namespace here");
	r = run(NULL, none);
	user = link_text("/proc/%d/ns/user", (int)running.pid);
	finish(&running);
	ck_assert_msg(has(line_with(r->out, user), "of uid 65534"), "%s",
		      r->out);
}
END_TEST

START_TEST(an_ordinary_user_sees_his_own_and_is_told_so)
{
	struct result *r = run(&as_ordinary, none);

	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(has(r->out, link_text("/proc/self/ns/uts")), "%s",
		      r->out);
	ck_assert(has(r->err, "may not be looked at"));
}
END_TEST

START_TEST(from_inside_a_user_namespace_the_rest_is_cut_off)
{
	struct result *r =
		run(&as_words, WORDS("unshare", "-Ur", program_under_test()));

	ck_assert_int_eq(r->status, 0);
	ck_assert(!has(r->out, link_text("/proc/self/ns/user")));
	ck_assert(has(r->err, "outside of the user namespace"));
}
END_TEST

START_TEST(a_name_cannot_play_with_the_terminal)
{
	struct running running =
		start_ready(WORDS("sh", "-c",
				  "printf 'a\\033[2J\"\\\\' > /proc/self/comm; "
				  "echo ready; read x"));
	struct result *map = run(NULL, none), *dot = RUN("--dot");

	finish(&running);
	ck_assert_msg(has(map->out, text("%d a?[2J??", (int)running.pid)), "%s",
		      map->out);
	ck_assert(!has(map->out, "\033") && !has(dot->out, "\033"));
}
END_TEST

/* Each line is a node or an arrow between two nodes. */
START_TEST(the_drawing_for_graphviz_is_complete)
{
	struct result *r = RUN("--dot");
	char *rest = r->out, *line;
	int nodes = 0, arrows = 0;

	ck_assert_str_eq(strsep(&rest, "\n"), "digraph namespaces {");
	while ((line = strsep(&rest, "\n")) && strcmp(line, "}") != 0) {
		nodes += has(line, "label=\"");
		arrows += has(line, "\" -> \"");
	}
	ck_assert_ptr_nonnull(line);
	ck_assert_int_ge(nodes, 8);
	ck_assert_int_eq(arrows, nodes - 1);
	if (strcmp(shell("command -v dot"), "") != 0)
		ck_assert_str_eq(shell("%s --dot | dot -Tcanon 2>&1 >/dev/null",
				       program_under_test()),
				 "");
}
END_TEST

START_TEST(the_help_has_the_command_to_try)
{
	struct result *r = RUN("--help");

	ck_assert_int_eq(r->status, 0);
	ck_assert(has(r->out, "sudo bin/nsmap"));
}
END_TEST

START_TEST(bad_options_are_refused_in_one_line)
{
	refuses(WORDS("--no-such-option"), "--no-such-option");
	refuses(WORDS("--dot=svg"), "--dot");
	refuses(WORDS("net"), "\"net\"");
}
END_TEST

const struct test tests[] = {
	{ "safety", &every_namespace_that_lsns_knows_is_there },
	{ "safety", &a_process_is_named_in_its_namespaces },
	{ "safety", &a_namespace_hangs_on_its_owner },
	{ "safety", &a_pid_namespace_hangs_on_its_parent },
	{ "safety", &where_the_children_of_a_process_live_is_said },
	{ "safety", &an_owner_in_which_nobody_lives_is_found },
	{ "safety", &a_namespace_that_only_a_mount_keeps_is_found },
	{ "safety", &a_mount_with_a_long_name_of_odd_bytes_is_found },
	{ "safety", &a_mount_in_another_mount_namespace_is_found },
	{ "safety", &whose_a_user_namespace_is_can_be_read },
	{ "safety", &an_ordinary_user_sees_his_own_and_is_told_so },
	{ "safety", &from_inside_a_user_namespace_the_rest_is_cut_off },
	{ "safety", &a_name_cannot_play_with_the_terminal },
	{ "safety", &the_drawing_for_graphviz_is_complete },
	{ "input", &the_help_has_the_command_to_try },
	{ "input", &bad_options_are_refused_in_one_line },
	{ 0 },
};
