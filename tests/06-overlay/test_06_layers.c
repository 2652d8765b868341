/* Stage 06: directories for layers and for the changes. */
#include <errno.h>
#include <sys/syscall.h>

#include "tests/10-full-container/image.h"
#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "06-overlay";

START_TEST(what_is_in_the_upper_directory_is_found_again)
{
	struct result *r;

	make_image();
	shell("mkdir /run/upper");
	RUN("--layer", IMAGE, "--upper", UPPER, "sh", "-c",
	    "echo new > /new; rm -r /data");
	r = RUN("--layer", IMAGE, "--upper", UPPER, "sh", "-c",
		"cat /new; ls /data");
	ck_assert_msg(strcmp(r->out, "new\n") == 0,
		      "of what the first container did the next one finds "
		      "\"%s\", and not \"new\": %s",
		      r->out, r->err);
	/* And it can be a layer itself. */
	r = RUN("--layer", IMAGE, "--layer", UPPER, "sh", "-c",
		"cat /new; ls /data");
	ck_assert_msg(strcmp(r->out, "new\n") == 0,
		      "as a layer the upper directory shows \"%s\", and not "
		      "\"new\": %s",
		      r->out, r->err);
	/* Nothing else is left beside it. */
	ck_assert_str_eq(shell("ls /run"), shell("ls /run | grep -v upper.*"
						 "; echo upper"));
	remove_image();
}
END_TEST

START_TEST(two_containers_cannot_have_the_same_upper_directory)
{
	struct running first;
	struct result *second;

	make_image();
	shell("mkdir /run/upper");
	first = start(NULL,
		      WORDS("--layer", IMAGE, "--upper", UPPER, "sh", "-c",
			    "echo ready; read x; echo alive > /alive"));
	expect(&first, "ready");
	second = RUN("--layer", IMAGE, "--upper", UPPER, "true");
	ck_assert_int_eq(second->status, 125);
	ck_assert(!own_program() || has(second->err, "another container"));
	feed(&first, "go on\n");
	ck_assert_int_eq(finish(&first)->status, 0);
	ck_assert_str_eq(file_text("/run/upper/alive"), "alive\n");
	remove_image();
}
END_TEST

START_TEST(after_kill_9_the_upper_directory_can_be_used_again)
{
	struct result *r;

	make_image();
	shell("mkdir /run/upper");
	dies_with_the_program(
		NULL, WORDS("--layer", IMAGE, "--upper", UPPER, "sh", "-c",
			    "echo kept > /kept; rm /etc/motd; "
			    "echo ready; exec tail -f /dev/null"));
	r = RUN("--layer", IMAGE, "--upper", UPPER, "cat", "/kept");
	ck_assert_str_eq(r->out, "kept\n");
	ck_assert_str_eq(shell("ls -d /run/upper*"), UPPER);
	remove_image();
}
END_TEST

/* The program with this many layers: more words than a test can write. */
static struct result *run_with_layers(int count, const char *command)
{
	static const struct manner as_words = { .program = "" };

	return run(&as_words,
		   WORDS("sh", "-c",
			 text("n=0; while [ $((n += 1)) -le %d ]; do "
			      "set -- \"$@\" --layer /run/layer/$n; done; "
			      "exec %s \"$@\" --layer " IMAGE " %s",
			      count, program_under_test(), command)));
}

START_TEST(a_hundred_layers_are_no_problem)
{
	struct result *r;

	make_image();
	shell("cd /run/layer && n=0; while [ $((n += 1)) -le 100 ]; do "
	      "mkdir $n; touch $n/file$n; done");
	r = run_with_layers(100, "ls /file1 /file100");
	remove_image();
	ck_assert_msg(strcmp(r->out, "/file1\n/file100\n") == 0, "%s%s", r->out,
		      r->err);
}
END_TEST

START_TEST(any_name_of_a_directory_will_do)
{
	const char *layer = "/run/layer/a:b,c=d \\e";
	struct result *r;

	make_image();
	shell("mkdir '%s' '%s.up' && echo odd > '%s/odd'", layer, layer, layer);
	r = RUN("--layer", IMAGE, "--layer", layer, "--upper",
		text("%s.up", layer), "cat", "/odd");
	remove_image();
	ck_assert_str_eq(r->out, "odd\n");
}
END_TEST

START_TEST(more_layers_than_the_kernel_takes_are_refused)
{
	struct result *r = run_with_layers(500, "true");

	ck_assert_int_eq(r->status, 2);
	ck_assert(!own_program() || has(r->err, "at most 500 layers"));
}
END_TEST

START_TEST(directories_that_will_not_do_are_named)
{
	make_image();
	cannot(NULL, WORDS("--layer", "/run/none", "true"), "/run/none");
	cannot(NULL, WORDS("--layer", "/etc/passwd", "true"), "/etc/passwd");
	cannot(NULL, WORDS("--layer", IMAGE, "--layer", IMAGE, "true"),
	       "must not be the same");
	cannot(NULL, WORDS("--layer", IMAGE, "--layer", IMAGE "/etc", "true"),
	       "inside the other");
	cannot(NULL, WORDS("--layer", IMAGE, "--upper", "/run/none", "true"),
	       "/run/none");
	cannot(NULL, WORDS("--layer", IMAGE, "--upper", "/etc/passwd", "true"),
	       "/etc/passwd");
	cannot(NULL, WORDS("--layer", IMAGE, "--upper", "/mnt", "true"),
	       "root of a mount");
	cannot(NULL, WORDS("--diff", "true"), "no layer");
	cannot(NULL, WORDS("--upper", "/run", "true"), "no layer");
	remove_image();
}
END_TEST

START_TEST(an_upper_directory_on_an_overlay_is_explained)
{
	make_image();
	shell("mkdir /run/upper && cd /run/upper && mkdir u w m && "
	      "mount -t overlay o -o lowerdir=" IMAGE
	      ",upperdir=u,workdir=w m && mkdir m/upper");
	cannot(NULL,
	       WORDS("--layer", LAYER, "--layer", IMAGE, "--upper",
		     "/run/upper/m/upper", "true"),
	       "is on an overlay itself");
	shell("umount /run/upper/m");
	remove_image();
}
END_TEST

START_TEST(a_kernel_without_overlay_is_named)
{
	static const struct manner manner = { .denied_call = SYS_mount,
					      .denied_error = ENODEV };

	make_image();
	cannot(&manner, WORDS("--layer", IMAGE, "true"), "no overlay");
	remove_image();
}
END_TEST

START_TEST(an_ordinary_user_is_told_what_it_takes)
{
	static const struct manner manner = { .ordinary_user = true };

	make_image();
	cannot(&manner, WORDS("--layer", IMAGE, "true"), "root");
	remove_image();
}
END_TEST

START_TEST(a_directory_of_the_work_directorys_name_is_left_alone)
{
	struct result *r;

	make_image();
	shell("mkdir " UPPER " " UPPER ".ten-steps && "
	      "echo mine > " UPPER ".ten-steps/file");
	r = RUN("--layer", IMAGE, "--upper", UPPER, "true");
	ck_assert_str_eq(shell("cat " UPPER ".ten-steps/file"), "mine");
	shell("rm -r " UPPER ".ten-steps");
	remove_image();
	if (!own_program())
		return;
	ck_assert_int_eq(r->status, 125);
	ck_assert_msg(has(r->err, "move it away"), "%s", r->err);
}
END_TEST

START_TEST(bad_options_are_refused_in_one_line)
{
	refuses(WORDS("--layer"), "needs a value");
	refuses(WORDS("--layer", "", "true"), "empty");
	refuses(WORDS("--upper", "", "true"), "empty");
	refuses(WORDS("--upper"), "needs a value");
	refuses(WORDS("--diff=yes", "true"), "--diff");
}
END_TEST

const struct test tests[] = {
	{ "core safety", &what_is_in_the_upper_directory_is_found_again },
	{ "safety", &two_containers_cannot_have_the_same_upper_directory },
	{ "safety", &after_kill_9_the_upper_directory_can_be_used_again },
	{ "safety", &a_hundred_layers_are_no_problem },
	{ "safety", &any_name_of_a_directory_will_do },
	{ "input", &directories_that_will_not_do_are_named },
	{ "input", &an_upper_directory_on_an_overlay_is_explained },
	{ "input", &a_kernel_without_overlay_is_named },
	{ "input", &an_ordinary_user_is_told_what_it_takes },
	{ "input", &bad_options_are_refused_in_one_line },
	{ "input", &more_layers_than_the_kernel_takes_are_refused },
	{ "safety", &a_directory_of_the_work_directorys_name_is_left_alone },
	{ 0 },
};
