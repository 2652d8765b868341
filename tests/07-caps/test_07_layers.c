/* Stage 07: layers in a user namespace. */
#include <stdio.h>
#include <unistd.h>

#include "tests/10-full-container/image.h"
#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"

const char stage_name[] = "07-caps";

static const struct manner as_ordinary = { .ordinary_user = true };

/* An image that belongs to the ordinary user, as one he unpacked would. */
static void make_ordinary_image(void)
{
	static const struct manner manner = { .program = "/usr/bin/unshare",
					      .ordinary_user = true };

	if (run(&manner, WORDS("--user", "--map-root-user", "--mount", "true"))
		    ->status != 0)
		skip("this machine lets no ordinary user make a user "
		     "namespace");
	make_image();
	shell("mkdir " UPPER " " UPPER "/changes && "
	      "chown -R 65534:65534 " IMAGE " " LAYER " " UPPER);
}

#define CHANGES                                                          \
	"rm /etc/motd && rm -r /data && mkdir -p /data/sub && id -u && " \
	"echo x > /new && chmod 600 /new"
#define CHANGES_TOLD                                                      \
	"0\nC /data\nD /data/one\nC /data/sub\nD /data/sub/two\nC /etc\n" \
	"D /etc/motd\nA /new\n"

START_TEST(an_ordinary_users_changes_are_told)
{
	struct result *r;
	char *motd;

	make_ordinary_image();
	r = run(&as_ordinary, WORDS("--userns", "--layer", IMAGE, "--diff",
				    "sh", "-c", CHANGES));
	motd = file_text(IMAGE "/etc/motd");
	remove_image();
	ck_assert_msg(strcmp(r->out, CHANGES_TOLD) == 0, "%s%s", r->out,
		      r->err);
	ck_assert_str_eq(motd, "image\n");
}
END_TEST

START_TEST(an_ordinary_user_can_have_an_upper_directory)
{
	const char *const words[] = {
		"--userns", "--layer", IMAGE, "--upper", UPPER "/changes",
		"--diff",   "sh",      "-c",  CHANGES,   NULL
	};
	struct result *r, *again;
	char *left;

	make_ordinary_image();
	r = run(&as_ordinary, words);
	left = shell("ls " UPPER "; ls -A " UPPER "/changes");
	again = run(&as_ordinary,
		    WORDS("--userns", "--layer", IMAGE, "--upper",
			  UPPER "/changes", "sh", "-c", "cat /new; ls /data"));
	remove_image();
	ck_assert_msg(strcmp(r->out, CHANGES_TOLD) == 0, "%s%s", r->out,
		      r->err);
	ck_assert_str_eq(left, "changes\ndata\netc\nnew");
	ck_assert_str_eq(again->out, "x\nsub\n");
}
END_TEST

/* In an image there is root, whoever made it. */
static void owners_in_the_layer_are_those_inside(const struct manner *manner)
{
	struct result *r =
		run(manner, WORDS("--userns", "--layer", IMAGE, "--commit",
				  UPPER "/layer.tar", "sh", "-c", CHANGES));
	char *list = shell("tar --numeric-owner -tvf " UPPER "/layer.tar | "
			   "awk '{ print $2, $6 }' | sort");

	remove_image();
	ck_assert_msg(strcmp(list, "0/0 ./data/\n0/0 ./data/.wh..wh..opq\n"
				   "0/0 ./data/sub/\n0/0 ./etc/\n"
				   "0/0 ./etc/.wh.motd\n0/0 ./new") == 0,
		      "%s\n%s", list, r->err);
}

START_TEST(owners_in_an_ordinary_users_layer_are_those_inside)
{
	make_ordinary_image();
	owners_in_the_layer_are_those_inside(&as_ordinary);
}
END_TEST

START_TEST(owners_in_roots_layer_are_those_inside)
{
	make_image();
	shell("mkdir " UPPER);
	if (has(RUN("--userns", "--layer", IMAGE, "true")->err, "id-mapped")) {
		remove_image();
		skip("the filesystem of /run takes no id-mapped mount here");
	}
	owners_in_the_layer_are_those_inside(NULL);
}
END_TEST

const struct test tests[] = {
	{ "safety", &an_ordinary_users_changes_are_told },
	{ "safety", &an_ordinary_user_can_have_an_upper_directory },
	{ "safety", &owners_in_an_ordinary_users_layer_are_those_inside },
	{ "safety", &owners_in_roots_layer_are_those_inside },
	{ 0 },
};
