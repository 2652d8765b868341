/* Stage 03: a mount table of its own. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/moments.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "03-mount";

#define TMPFS NEW, "--tmpfs", "/mnt", SAME

START_TEST(a_mount_of_the_container_is_not_on_the_host)
{
	ck_assert_str_eq(shell("findmnt -n -o PROPAGATION /"), "shared");
	shell("mkdir /run/place && touch /run/place/file");
	has_run(RUN("sh", "-c",
		    "mount -t tmpfs leak /run/place && echo mounted"),
		"mounted\n");
	isolated(access("/run/place/file", F_OK) == 0,
		 "it appeared on a host with a shared /");
	shell("rm -r /run/place");
}
END_TEST

START_TEST(a_mount_that_the_container_loses_stays_on_the_host)
{
	shell("mkdir /run/kept && mount -t tmpfs kept /run/kept");
	has_run(RUN("sh", "-c", "umount /run/kept && echo unmounted"),
		"unmounted\n");
	isolated(has(shell("findmnt -n /run/kept"), "kept"),
		 "the host lost it too");
	shell("umount /run/kept && rmdir /run/kept");
}
END_TEST

START_TEST(the_mount_namespace_is_a_new_one)
{
	struct result *r = RUN("readlink", "/proc/self/ns/mnt");

	has_run(r, "mnt:[");
	isolated(strcmp(chomp(r->out), link_text("/proc/self/ns/mnt")) != 0,
		 "it is the host's, %s", r->out);
}
END_TEST

START_TEST(proc_lists_the_container_alone)
{
	struct result *r = RUN("sh", "-c", "echo $$; ls -d /proc/[0-9]*");

	isolated(strncmp(r->out, "1\n/proc/1\n", 10) == 0 &&
			 !has(r->out, text("/proc/%d\n", (int)getpid())),
		 "it lists %.200s", r->out);
}
END_TEST

START_TEST(proc_self_is_the_number_inside)
{
	struct result *r = RUN("readlink", "/proc/self");

	isolated(strcmp(r->out, "1\n") == 0, "it is %s", r->out);
}
END_TEST

START_TEST(the_hosts_proc_is_untouched)
{
	char *inside = RUN("readlink", "/proc/self")->out;

	ck_assert_msg(strcmp(inside, "1\n") == 0,
		      "the container has no /proc of its own: the command is "
		      "process %s in it",
		      inside);
	ck_assert_msg(strtol(link_text("/proc/self"), NULL, 10) == getpid(),
		      "the container's /proc appeared on the host, over its "
		      "own");
}
END_TEST

START_TEST(a_tmpfs_is_there_inside)
{
	struct result *r;

	shell("mkdir /run/place");
	r = RUN(NEW, "--tmpfs", "/run/place", SAME, "findmnt", "-n", "-o",
		"FSTYPE,OPTIONS", "/run/place");
	shell("rmdir /run/place");
	isolated(strncmp(r->out, "tmpfs", 5) == 0,
		 "it is not: findmnt says \"%s\"", r->out);
	if (own_program())
		ck_assert(has(r->out, "nosuid,nodev"));
}
END_TEST

START_TEST(what_is_written_to_a_tmpfs_is_not_on_the_host)
{
	has_run(RUN(TMPFS, "sh", "-c", "echo x > /mnt/written && cat /mnt/*"),
		"x\n");
	isolated(access("/mnt/written", F_OK) < 0, "the host has the file");
	unlink("/mnt/written");
}
END_TEST

START_TEST(a_tmpfs_has_the_size_asked_for)
{
	struct result *r =
		RUN("--tmpfs", "/mnt:1m", "df", "-k", "--output=size", "/mnt");

	ck_assert_msg(has(r->out, "1024\n"), "%s", r->out);
	r = RUN("--tmpfs", "/mnt:64k", "sh", "-c",
		"head -c 100000 /dev/zero > /mnt/x");
	ck_assert_int_ne(r->status, 0);
	ck_assert(has(r->err, "No space"));
}
END_TEST

/* A directory with another mount below it. */
static void make_source(void)
{
	shell("mkdir -p /run/source/sub && mount -t tmpfs sub /run/source/sub"
	      " && echo data > /run/source/file && echo deep > "
	      "/run/source/sub/file");
}

static void remove_source(void)
{
	shell("umount /run/source/sub && rm -r /run/source");
}

START_TEST(a_bind_mount_shows_the_hosts_directory)
{
	struct result *r;

	make_source();
	r = RUN(NEW, "--mount", "/run/source:/mnt", SAME, "cat", "/mnt/file",
		"/mnt/sub/file");
	remove_source();
	isolated(strcmp(r->out, "data\ndeep\n") == 0,
		 "it shows \"%s\" and not \"data\ndeep\": %s", chomp(r->out),
		 r->err);
}
END_TEST

START_TEST(a_bind_mount_can_be_written)
{
	make_source();
	RUN("--mount", "/run/source:/mnt", "sh", "-c", "echo new > /mnt/file");
	ck_assert_msg(strcmp(chomp(file_text("/run/source/file")), "new") == 0,
		      "the container wrote \"new\", the host's file is \"%s\" "
		      "afterwards",
		      chomp(file_text("/run/source/file")));
	remove_source();
}
END_TEST

START_TEST(a_read_only_mount_is_read_only_down_to_submounts)
{
	struct result *r;

	make_source();
	r = RUN("--mount", "/run/source:/mnt:ro", "sh", "-c",
		"for f in /mnt/file /mnt/sub/file; do"
		" touch $f && echo can be written: $f; done; cat "
		"/mnt/sub/file");
	remove_source();
	ck_assert_msg(!has(r->out, "can be written"), "it %s", r->out);
	ck_assert_msg(strcmp(r->out, "deep\n") == 0,
		      "below the mount there is not the one below the source: "
		      "\"%s\" and not \"deep\"",
		      r->out);
}
END_TEST

START_TEST(a_read_only_mount_stays_writable_on_the_host)
{
	struct result *r;

	make_source();
	r = RUN("--mount", "/run/source:/mnt:ro", "sh", "-c",
		"cat /mnt/file; touch /mnt/file || echo read-only");
	ck_assert_msg(strcmp(r->out, "data\nread-only\n") == 0,
		      "inside there is no read-only mount: %s%s", r->out,
		      r->err);
	ck_assert_msg(has(shell("touch /run/source/file /run/source/sub/file "
				"&& echo writable"),
			  "writable"),
		      "it cannot be written to any more on the host");
	remove_source();
}
END_TEST

START_TEST(a_single_file_can_be_mounted)
{
	struct result *r;

	shell("echo other > /run/other");
	r = RUN("--mount", "/run/other:/etc/hostname", "cat", "/etc/hostname");
	shell("rm /run/other");
	ck_assert_str_eq(r->out, "other\n");
}
END_TEST

START_TEST(later_mounts_go_over_earlier_ones)
{
	struct result *r;

	make_source();
	r = RUN("--mount", "/run/source:/mnt", "--tmpfs", "/mnt/sub", "ls",
		"/mnt/sub");
	remove_source();
	ck_assert_str_eq(r->out, "");
	ck_assert_int_eq(r->status, 0);
}
END_TEST

START_TEST(kill_9_of_the_program_leaves_no_mount)
{
	struct running r = start(NULL, WORDS("--tmpfs", "/mnt", "sh", "-c",
					     "echo ready; exec sleep 1000"));

	expect(&r, "ready");
	kill(r.pid, SIGKILL);
	ck_assert_int_eq(finish(&r)->status, 128 + SIGKILL);
}
END_TEST

START_TEST(a_missing_source_or_target_is_named_and_not_made)
{
	struct result *r = RUN("--mount", "/run/none:/mnt", "true");

	ck_assert_int_eq(r->status, 125);
	ck_assert(!own_program() ||
		  (has(r->err, "/run/none") && has(r->err, "(ENOENT)") &&
		   has(r->err, "hint: the source")));
	r = RUN("--tmpfs", "/run/none", "true");
	ck_assert_int_eq(r->status, 125);
	ck_assert(!own_program() ||
		  (has(r->err, "mount on /run/none") && has(r->err, "mkdir")));
	ck_assert(access("/run/none", F_OK) < 0);
}
END_TEST

START_TEST(a_file_on_a_directory_is_explained)
{
	struct result *r = RUN("--mount", "/etc/passwd:/mnt", "true");

	ck_assert_int_eq(r->status, 125);
	ck_assert(!own_program() || has(r->err, "a file on a file"));
}
END_TEST

START_TEST(kill_9_at_any_moment_ends_the_container)
{
	dies_at_every_moment(WORDS("--tmpfs", "/mnt", READY_AND_STAY));
	dies_at_every_moment(WORDS("--tmpfs", "/mnt", "true"));
}
END_TEST

START_TEST(bad_options_are_refused_in_one_line)
{
	refuses(WORDS("--mount", "/only-one", "true"),
		"\"/only-one\" has no second path");
	refuses(WORDS("--mount", ":/mnt", "true"), "source is empty");
	refuses(WORDS("--mount", "/a:mnt", "true"), "not an absolute path");
	refuses(WORDS("--mount", "/a:/", "true"), "not an absolute path");
	refuses(WORDS("--mount", "/a:/mnt:rx", "true"), "not a kind of access");
	refuses(WORDS("--mount"), "needs a value");
	refuses(WORDS("--tmpfs", "mnt", "true"), "not an absolute path");
	refuses(WORDS("--tmpfs", "/mnt:", "true"), "not a size");
	refuses(WORDS("--tmpfs", "/mnt:0", "true"), "not a size");
	refuses(WORDS("--tmpfs", "/mnt:-1", "true"), "not a size");
	refuses(WORDS("--tmpfs", "/mnt:1x", "true"), "not a size");
	refuses(WORDS("--tmpfs", "/mnt:1mm", "true"), "not a size");
	refuses(WORDS("--tmpfs", "/mnt:99999999999999999999", "true"),
		"not a size");
}
END_TEST

START_TEST(too_many_mounts_are_refused)
{
	const char *words[2 * 40 + 2];
	int count = 0;

	while (count < 2 * 40) {
		words[count++] = "--tmpfs";
		words[count++] = "/mnt";
	}
	words[count++] = "true";
	words[count] = NULL;
	refuses(words, "at most");
}
END_TEST

START_TEST(a_kernel_without_the_new_mount_calls_is_named)
{
	static const struct manner manner = { .denied_call = SYS_fsopen,
					      .denied_error = ENOSYS };
	struct result *r = run(&manner, WORDS("true"));

	if (!own_program())
		return;
	ck_assert_int_eq(r->status, 125);
	ck_assert(has(r->err, "(ENOSYS)") && has(r->err, "Linux 5."));
}
END_TEST

const struct test tests[] = {
	{ "core isolation", &a_mount_of_the_container_is_not_on_the_host },
	{ "core isolation",
	  &a_mount_that_the_container_loses_stays_on_the_host },
	{ "core isolation", &the_mount_namespace_is_a_new_one },
	{ "core isolation", &proc_lists_the_container_alone },
	{ "core isolation", &proc_self_is_the_number_inside },
	{ "core isolation", &a_tmpfs_is_there_inside },
	{ "core isolation", &what_is_written_to_a_tmpfs_is_not_on_the_host },
	{ "core isolation", &a_bind_mount_shows_the_hosts_directory },
	{ "core safety", &the_hosts_proc_is_untouched },
	{ "safety", &a_tmpfs_has_the_size_asked_for },
	{ "core safety", &a_bind_mount_can_be_written },
	{ "core safety", &a_read_only_mount_is_read_only_down_to_submounts },
	{ "core safety", &a_read_only_mount_stays_writable_on_the_host },
	{ "safety", &a_single_file_can_be_mounted },
	{ "safety", &later_mounts_go_over_earlier_ones },
	{ "safety", &kill_9_of_the_program_leaves_no_mount },
	{ "safety", &kill_9_at_any_moment_ends_the_container },
	{ "input", &a_missing_source_or_target_is_named_and_not_made },
	{ "input", &a_file_on_a_directory_is_explained },
	{ "input", &bad_options_are_refused_in_one_line },
	{ "input", &too_many_mounts_are_refused },
	{ "input", &a_kernel_without_the_new_mount_calls_is_named },
	{ 0 },
};
