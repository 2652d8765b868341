/* explain --beside: two stories, and what is the same in both. */
#include <string.h>

#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"
#include "tests/runner/terminal.h"

const char stage_name[] = "explain";

#define STAGE(name)       text("%s/%s", bin(), name)
#define MOUNT             "mount -t tmpfs x "
#define IN_MOUNTS(script) "unshare -m sh -c '" script "; :'"

#define says(r, piece) ck_assert_msg(has((r)->err, piece), "%s", (r)->err)

START_TEST(two_stories_stand_beside_each_other)
{
	struct result *r = RUN(
		"--beside", text("%s --hostname 'a b' true", STAGE("02-pid")),
		text("%s true", STAGE("03-mount")));

	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(has(r->err, " =  ") && has(r->err, " >  mount_setattr") &&
			      has(r->err, "; < only the left: 1; "),
		      "%s", r->err);
}
END_TEST

/* Of several rows of pairs as long, the one whose pairs are the most alike. */
START_TEST(what_is_alike_is_a_pair)
{
	struct result *r =
		RUN("--beside", IN_MOUNTS(MOUNT "/mnt"),
		    IN_MOUNTS(MOUNT "/media; " MOUNT "/mnt; " MOUNT "/srv"));

	ck_assert_int_eq(r->status, 0);
	says(r, "=  mount tmpfs on /mnt\n");
}
END_TEST

START_TEST(no_pair_is_lost_for_one_that_is_more_alike)
{
	struct result *r = RUN("--since", "3", "--beside",
			       IN_MOUNTS(MOUNT "/mnt; " MOUNT "/srv"),
			       IN_MOUNTS(MOUNT "/srv; " MOUNT "/media"));

	says(r, "= both: 4; ~ both, in another order: 0 and 0; "
		"< only the left: 0; > only the right: 0\n");
}
END_TEST

/* Done twice on one side, once on the other: the second time is its own. */
START_TEST(what_has_its_pair_is_not_elsewhere)
{
	struct result *r =
		RUN("--since", "3", "--beside", IN_MOUNTS(MOUNT "/mnt"),
		    IN_MOUNTS(MOUNT "/media; " MOUNT "/mnt"));

	says(r, "= both: 3; ~ both, in another order: 0 and 0; "
		"< only the left: 0; > only the right: 1\n");
}
END_TEST

static void ck_assert_beside_fits(unsigned int columns)
{
	struct running running = start_on_terminal(
		NULL,
		WORDS("--beside",
		      text("sh -c 'stty cols %u rows 24 <&1; exec unshare -pf "
			   "true'",
			   columns),
		      "unshare -pfm --mount-proc hostname"));
	struct result *r = finish(&running);

	ck_assert_int_eq(r->status, 0);
	ck_assert_ptr_nonnull(strstr(r->out, "= both: "));
	for (const char *line = r->out; *line; line += strspn(line, "\r\n")) {
		ck_assert_msg(strcspn(line, "\r\n") <= columns, "%s", r->out);
		line += strcspn(line, "\r\n");
	}
}

START_TEST(on_a_narrow_terminal_no_line_is_broken)
{
	ck_assert_beside_fits(80);
	ck_assert_beside_fits(60);
	ck_assert_beside_fits(30);
}
END_TEST

const struct test tests[] = {
	{ "safety", &two_stories_stand_beside_each_other },
	{ "safety", &what_is_alike_is_a_pair },
	{ "safety", &no_pair_is_lost_for_one_that_is_more_alike },
	{ "safety", &what_has_its_pair_is_not_elsewhere },
	{ "safety", &on_a_narrow_terminal_no_line_is_broken },
	{ 0 },
};
