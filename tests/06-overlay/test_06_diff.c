/* Stage 06: what changed, and the layer that can be made of it. */
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/10-full-container/image.h"
#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"

const char stage_name[] = "06-overlay";

/* What --diff says after this script. */
static char *diff_after(const char *script)
{
	struct result *r;

	make_image();
	r = RUN("--layer", IMAGE, "--diff", "sh", "-c", script);
	remove_image();
	ck_assert_msg(r->status == 0, "%s", r->err);
	return r->out;
}

START_TEST(the_changes_are_told)
{
	struct result *r;

	make_image();
	r = RUN(ON_IMAGE, NEW, "--diff", SAME, "sh", "-c",
		"touch /new; rm /etc/motd; echo x >> /data/one");
	remove_image();
	isolated(strcmp(r->out, "C /data\nC /data/one\nC /etc\nD /etc/motd\n"
				"A /new\n") == 0,
		 "it says: %s", r->out);
}
END_TEST

START_TEST(who_only_reads_changes_nothing)
{
	ck_assert_str_eq(diff_after("cat /etc/motd /data/* >/dev/null; "
				    "find / -xdev >/dev/null"),
			 "");
}
END_TEST

START_TEST(a_new_directory_is_told_with_what_is_in_it)
{
	ck_assert_str_eq(diff_after("mkdir -p /a/b; ln -s b /a/link; "
				    "mkfifo /a/b/pipe; touch /a-b"),
			 "A /a\nA /a-b\nA /a/b\nA /a/b/pipe\nA /a/link\n");
}
END_TEST

START_TEST(a_deleted_directory_is_told_without_what_was_in_it)
{
	ck_assert_str_eq(diff_after("rm -r /data"), "D /data\n");
}
END_TEST

START_TEST(what_is_made_and_removed_again_is_no_change)
{
	ck_assert_str_eq(diff_after("mkdir /a; touch /a/b; rm -r /a"), "");
}
END_TEST

/* It is opaque then: nothing of the layer's shows in it. */
START_TEST(what_a_remade_directory_lost_is_told)
{
	ck_assert_str_eq(diff_after("rm -r /data; mkdir -p /data/sub; "
				    "touch /data/new"),
			 "C /data\nA /data/new\nD /data/one\nC /data/sub\n"
			 "D /data/sub/two\n");
}
END_TEST

START_TEST(a_rename_is_a_deletion_and_an_addition)
{
	ck_assert_str_eq(diff_after("mv /data /moved"),
			 "D /data\nA /moved\nA /moved/one\nA /moved/sub\n"
			 "A /moved/sub/two\n");
}
END_TEST

START_TEST(a_new_mode_is_a_change)
{
	ck_assert_str_eq(diff_after("chmod 600 /data/one"),
			 "C /data\nC /data/one\n");
}
END_TEST

START_TEST(deletions_in_a_layer_count)
{
	struct result *r;

	make_image();
	shell("mkdir " UPPER);
	RUN("--layer", IMAGE, "--upper", UPPER, "sh", "-c",
	    "rm /etc/motd; rm -r /data; mkdir /data");
	r = RUN("--layer", IMAGE, "--layer", UPPER, "--diff", "sh", "-c",
		"touch /etc/motd /data/one");
	remove_image();
	ck_assert_str_eq(r->out, "C /data\nA /data/one\nC /etc\n"
				 "A /etc/motd\n");
}
END_TEST

/* In the image /etc/... would be the host's, if a link there were followed. */
START_TEST(a_link_of_the_image_does_not_lead_to_the_host)
{
	struct result *r;

	make_image();
	shell("ln -s /etc " IMAGE "/link");
	r = RUN("--layer", IMAGE, "--diff", "sh", "-c",
		"rm /link; mkdir /link; touch /link/passwd");
	remove_image();
	ck_assert_str_eq(r->out, "C /link\nA /link/passwd\n");
}
END_TEST

START_TEST(a_name_cannot_play_with_the_terminal)
{
	char *out = diff_after("touch \"$(printf '/a\\033[31m\\nD b')\" "
			       "\"$(printf '/c\\302\\233J')\"");

	ck_assert_msg(!has(out, "\033") && !has(out, "\nD b"), "%s", out);
	ck_assert_msg(has(out, "A /c\\302\\233J\n"), "%s", out);
}
END_TEST

/* The archive that is made of a script's changes. */
static void commit(const char *script)
{
	struct result *r;

	make_image();
	shell("mkdir " UPPER);
	r = RUN("--layer", IMAGE, "--commit", UPPER "/layer.tar", "sh", "-c",
		script);
	ck_assert_msg(r->status == 0, "%s", r->err);
}

START_TEST(the_layer_has_what_changed_and_marks_for_deletions)
{
	char *names;

	commit("echo x > /new; rm /etc/motd; rm -r /data; mkdir /data; "
	       "touch /data/new");
	names = shell("tar -tf " UPPER "/layer.tar | "
		      "sed 's|^\\./||' | sort");
	remove_image();
	ck_assert_str_eq(names, "data/\ndata/.wh..wh..opq\ndata/new\netc/\n"
				"etc/.wh.motd\nnew");
}
END_TEST

START_TEST(the_layer_keeps_kinds_modes_owners_and_links)
{
	char *list;

	commit("mkdir /d; echo x > /d/a; ln /d/a /d/b; ln -s a /d/s; "
	       "mkfifo /d/p; chown 7:8 /d/a; chmod 4711 /d/a; chmod 700 /d");
	list = shell("tar --numeric-owner -tvf " UPPER "/layer.tar | "
		     "awk '{ print $1, $2, $6, $7, $8, $9 }'");
	remove_image();
	ck_assert_str_eq(list, "drwx------ 0/0 ./d/   \n"
			       "-rws--x--x 7/8 ./d/a   \n"
			       "hrws--x--x 7/8 ./d/b link to ./d/a\n"
			       "prw-r--r-- 0/0 ./d/p   \n"
			       "lrwxrwxrwx 0/0 ./d/s -> a ");
}
END_TEST

/* tar has an option that runs a program. */
START_TEST(a_name_is_never_taken_for_an_option)
{
	char *names;

	commit("cd /; touch ./--checkpoint=1 "
	       "'./--checkpoint-action=exec=touch owned' ./-C");
	names = shell("tar -tf " UPPER "/layer.tar | wc -l; "
		      "find / -xdev -maxdepth 2 -name owned");
	remove_image();
	ck_assert_str_eq(names, "3");
}
END_TEST

START_TEST(a_file_that_would_be_read_as_a_deletion_is_refused)
{
	struct result *r;

	make_image();
	r = RUN("--layer", IMAGE, "--commit", LAYER "/layer.tar", "touch",
		"/data/.wh.one");
	remove_image();
	ck_assert_int_eq(r->status, 125);
	ck_assert(!own_program() || has(r->err, "/data/.wh.one"));
}
END_TEST

/*
 * An engine's tool puts the image and the new layer together; what comes out
 * must be what the container saw.
 */
START_TEST(umoci_understands_the_layer)
{
	char *seen;

	if (strcmp(shell("command -v umoci"), "") == 0)
		skip("umoci is not installed");
	commit("echo x > /new; rm /etc/motd; rm -r /data; mkdir /data; "
	       "ln -s new /link; chmod 4755 /new; mkdir /data/sub; "
	       "cd / && find bin data etc home link new root usr var "
	       "-exec stat -c '%n %F %a %u %g' {} + | sort > /tmp/seen; "
	       "cat /etc/passwd /new >> /tmp/seen");
	shell("cd " UPPER " && tar -cf base.tar -C " IMAGE " . && "
	      "umoci init --layout oci && umoci new --image oci:i && "
	      "umoci raw add-layer --image oci:i base.tar && "
	      "umoci raw add-layer --image oci:i layer.tar && "
	      "umoci unpack --image oci:i bundle 2>&1");
	seen = shell("cd " UPPER "/bundle/rootfs && "
		     "{ find bin data etc home link new root usr var "
		     "-exec stat -c '%%n %%F %%a %%u %%g' {} + | sort; "
		     "cat etc/passwd new; } | "
		     "diff - tmp/seen && echo same");
	remove_image();
	ck_assert_str_eq(seen, "same");
}
END_TEST

START_TEST(an_archive_that_cannot_be_written_is_an_error)
{
	make_image();
	ck_assert_int_eq(
		RUN("--layer", IMAGE, "--commit", "/run/none/x", "true")
			->status,
		125);
	ck_assert_int_eq(
		RUN("--layer", IMAGE, "--commit", "/dev/full", "touch", "/new")
			->status,
		125);
	/* No container, no archive. */
	RUN("--layer", IMAGE, "--layer", "/run/none", "--commit",
	    LAYER "/layer.tar", "true");
	ck_assert_int_lt(access(LAYER "/layer.tar", F_OK), 0);
	remove_image();
}
END_TEST

/* fts(3) would take it for an empty one, and nothing for changed. */
START_TEST(an_upper_directory_that_cannot_be_read_is_said)
{
	static const struct manner unreadable = {
		.denied_call = SYS_getdents64,
		.denied_error = EIO,
	};

	struct result *r;

	make_image();
	r = run(&unreadable,
		WORDS("--layer", IMAGE, "--diff", "touch", "/new"));
	ck_assert_int_eq(r->status, 125);
	ck_assert_str_eq(r->out, "");
	ck_assert_str_eq(r->err, "06-overlay: read the upper directory .: "
				 "Input/output error (EIO)\n");
	remove_image();
}
END_TEST

/* Without the attribute the lost files would not be told, and come back. */
START_TEST(an_attribute_that_cannot_be_read_is_an_error)
{
	static const struct manner blind = { .denied_call = SYS_fgetxattr,
					     .denied_error = 5 }; /* EIO */
	struct result *r;

	make_image();
	r = run(&blind, WORDS("--layer", IMAGE, "--diff", "sh", "-c",
			      "rm -r /data; mkdir /data"));
	remove_image();
	ck_assert_msg(r->status == 125 &&
			      has(r->err, "see whether ./data hides the "
					  "layers: Input/output error (EIO)"),
		      "%d %s%s", r->status, r->out, r->err);
}
END_TEST

const struct test tests[] = {
	{ "isolation", &the_changes_are_told },
	{ "safety", &who_only_reads_changes_nothing },
	{ "safety", &a_new_directory_is_told_with_what_is_in_it },
	{ "safety", &a_deleted_directory_is_told_without_what_was_in_it },
	{ "safety", &what_is_made_and_removed_again_is_no_change },
	{ "safety", &what_a_remade_directory_lost_is_told },
	{ "safety", &a_rename_is_a_deletion_and_an_addition },
	{ "safety", &a_new_mode_is_a_change },
	{ "safety", &deletions_in_a_layer_count },
	{ "safety", &a_link_of_the_image_does_not_lead_to_the_host },
	{ "safety", &a_name_cannot_play_with_the_terminal },
	{ "safety", &the_layer_has_what_changed_and_marks_for_deletions },
	{ "safety", &the_layer_keeps_kinds_modes_owners_and_links },
	{ "safety", &a_name_is_never_taken_for_an_option },
	{ "safety", &a_file_that_would_be_read_as_a_deletion_is_refused },
	{ "safety", &umoci_understands_the_layer },
	{ "input", &an_archive_that_cannot_be_written_is_an_error },
	{ "safety", &an_upper_directory_that_cannot_be_read_is_said },
	{ "safety", &an_attribute_that_cannot_be_read_is_an_error },
	{ 0 },
};
