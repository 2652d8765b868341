/* Stage 06: a root of layers, which nothing changes. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/10-full-container/image.h"
#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "06-overlay";

/* Names, types, modes, owners, times and contents. */
static char *image_state(void)
{
	return shell("cd " IMAGE " && find . -printf '%%p %%y %%m %%U %%G %%T@ "
		     "%%l\\n' | sort; find . -type f -exec cksum {} + | sort");
}

START_TEST(a_change_does_not_reach_the_layer)
{
	struct result *r;
	char *after;

	make_image();
	r = RUN(ON_IMAGE, "sh", "-c",
		"echo changed > /etc/motd; cat /etc/motd");
	after = file_text(IMAGE "/etc/motd");
	remove_image();
	isolated(strcmp(after, "image\n") == 0, "the layer says %s", after);
	isolated(strcmp(r->out, "changed\n") == 0,
		 "inside there is no change: %s", r->err);
}
END_TEST

START_TEST(a_deletion_does_not_reach_the_layer)
{
	struct result *r;
	int found;

	make_image();
	r = RUN(ON_IMAGE, "sh", "-c",
		"rm /etc/motd && [ ! -e /etc/motd ] && echo deleted");
	found = access(IMAGE "/etc/motd", F_OK);
	remove_image();
	isolated(found == 0, "the file is gone from the layer");
	isolated(strcmp(r->out, "deleted\n") == 0,
		 "inside nothing is deleted: %s", r->err);
}
END_TEST

START_TEST(no_byte_and_no_date_of_a_layer_changes)
{
	char *before, *after;
	struct result *r;

	make_image();
	before = image_state();
	r = RUN(ON_IMAGE, "sh", "-c",
		"chmod 700 /etc/motd; chown 7 /data; touch -d @1 /data/one; "
		"mv /data/sub/two /two; ln /data/one /hard; mkdir /new; "
		"rm -r /data; mkdir /data; echo x >> /etc/passwd; "
		"tail -n 1 /etc/passwd");
	after = image_state();
	remove_image();
	has_run(r, "x\n");
	isolated(strcmp(before, after) == 0, "something of it did");
}
END_TEST

START_TEST(the_next_container_starts_from_the_image_again)
{
	struct result *r;

	make_image();
	RUN(ON_IMAGE, "sh", "-c", "echo mine > /etc/motd");
	r = RUN(ON_IMAGE, "cat", "/etc/motd");
	remove_image();
	isolated(strcmp(r->out, "image\n") == 0, "it finds %s", r->out);
}
END_TEST

START_TEST(two_containers_do_not_see_each_others_changes)
{
	struct running first;
	struct result *second;

	make_image();
	first = start(NULL, WORDS(ON_IMAGE, "sh", "-c",
				  "echo mine > /etc/motd; echo ready; read x"));
	expect(&first, "ready");
	second = RUN(ON_IMAGE, "cat", "/etc/motd");
	finish(&first);
	remove_image();
	isolated(strcmp(second->out, "image\n") == 0, "the second finds %s",
		 second->out);
}
END_TEST

START_TEST(layers_are_seen_as_one_directory)
{
	struct result *r;

	make_image();
	r = RUN(ON_IMAGE, NEW, "--layer", LAYER, SAME, "sh", "-c",
		"cat /added /data/one");
	remove_image();
	isolated(strcmp(r->out, "added\none\n") == 0, "it sees %s", r->out);
}
END_TEST

START_TEST(a_higher_layer_hides_a_lower_one)
{
	struct result *r, *other;

	make_image();
	r = RUN(ON_IMAGE, NEW, "--layer", LAYER, SAME, "cat", "/etc/motd");
	isolated(strcmp(r->out, "layer\n") == 0, "it sees the lower: %s",
		 r->out);
	other = RUN("--layer", LAYER, "--layer", IMAGE, "cat", "/etc/motd");
	remove_image();
	ck_assert_str_eq(other->out, "image\n");
}
END_TEST

START_TEST(changes_are_in_the_upper_directory)
{
	char *upper;

	make_image();
	shell("mkdir /run/upper");
	RUN(ON_IMAGE, NEW, "--upper", UPPER, SAME, "sh", "-c",
	    "echo new > /new; rm /etc/motd");
	upper = shell("cd /run/upper && find . | sort && cat new && "
		      "stat -c '%%F %%t,%%T' etc/motd");
	remove_image();
	isolated(strcmp(upper, ".\n./etc\n./etc/motd\n./new\nnew\n"
			       "character special file 0,0") == 0,
		 "there is: %s", upper);
}
END_TEST

START_TEST(outside_the_root_is_an_overlay)
{
	struct running r;
	char *type;

	make_image();
	r = start(NULL, WORDS(ON_IMAGE, "sh", "-c", "echo ready; read x"));
	expect(&r, "ready");
	type = shell("stat -f -c %%T /proc/%ld/root", innermost(&r));
	finish(&r);
	remove_image();
	isolated(strcmp(type, "overlayfs") == 0, "it is %s", type);
}
END_TEST

START_TEST(kill_9_of_the_program_leaves_nothing)
{
	make_image();
	dies_with_the_program(
		NULL, WORDS("--layer", IMAGE, "--diff", READY_AND_STAY));
	dies_with_the_program(NULL, WORDS("--layer", IMAGE, "--diff", "--init",
					  READY_AND_STAY));
	remove_image();
}
END_TEST

START_TEST(no_directory_of_the_host_stays_open)
{
	struct result *r;

	make_image();
	shell("mkdir /run/upper");
	r = RUN("--layer", IMAGE, "--upper", UPPER, "--diff", "--init", "sh",
		"-c",
		"for fd in /proc/[12]/fd/*; do"
		" if [ -d $fd ]; then echo open: $fd; fi; "
		"done");
	remove_image();
	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(!has(r->out, "open"), "%s", r->out);
}
END_TEST

/* A path that begins at a directory does not lead to what is mounted on it. */
START_TEST(the_working_directory_can_be_a_layer)
{
	static const struct manner as_words = { .program = "" };
	struct result *r;
	char *after;

	make_image();
	r = run(&as_words,
		WORDS("sh", "-c",
		      text("cd " IMAGE " && exec %s --layer . sh -c "
			   "'echo changed > /etc/motd; cat /etc/motd'",
			   program_under_test())));
	after = file_text(IMAGE "/etc/motd");
	remove_image();
	ck_assert_str_eq(r->out, "changed\n");
	ck_assert_str_eq(after, "image\n");
}
END_TEST

START_TEST(the_hosts_root_can_be_a_layer)
{
	struct result *r;
	int found;

	shell("echo secret > /run/secret");
	r = RUN("--layer", "/", "sh", "-c",
		"cat /run/secret /../run/secret; echo inside > /run/file; "
		"cat /run/file");
	found = access("/run/file", F_OK);
	shell("rm -f /run/secret /run/file");
	ck_assert_msg(strcmp(r->out, "inside\n") == 0, "%s%s", r->out, r->err);
	ck_assert_int_lt(found, 0);
}
END_TEST

START_TEST(the_exit_status_is_the_commands)
{
	make_image();
	ends_with(42, WORDS("--layer", IMAGE, "sh", "-c", "exit 42"));
	remove_image();
}
END_TEST

START_TEST(with_diff_too_the_exit_status_is_the_commands)
{
	make_image();
	ck_assert_int_eq(
		RUN("--layer", IMAGE, "--diff", "sh", "-c", "exit 42")->status,
		42);
	ck_assert_int_eq(RUN("--layer", IMAGE, "--diff", "none")->status, 127);
	remove_image();
}
END_TEST

const struct test tests[] = {
	{ "core isolation", &a_change_does_not_reach_the_layer },
	{ "core isolation", &a_deletion_does_not_reach_the_layer },
	{ "core isolation", &no_byte_and_no_date_of_a_layer_changes },
	{ "core isolation", &the_next_container_starts_from_the_image_again },
	{ "core isolation", &two_containers_do_not_see_each_others_changes },
	{ "core isolation", &layers_are_seen_as_one_directory },
	{ "core isolation", &a_higher_layer_hides_a_lower_one },
	{ "core isolation", &changes_are_in_the_upper_directory },
	{ "core isolation", &outside_the_root_is_an_overlay },
	{ "safety", &kill_9_of_the_program_leaves_nothing },
	{ "safety", &no_directory_of_the_host_stays_open },
	{ "safety", &the_working_directory_can_be_a_layer },
	{ "safety", &the_hosts_root_can_be_a_layer },
	{ "core safety", &the_exit_status_is_the_commands },
	{ "safety", &with_diff_too_the_exit_status_is_the_commands },
	{ 0 },
};
