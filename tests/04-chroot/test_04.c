/* Stage 04: a root file system of its own. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/moments.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "04-chroot";

#define ROOT NEW, "--rootfs", rootfs(), SAME

START_TEST(the_root_directory_is_the_containers)
{
	struct result *r = RUN(ROOT, "sh", "-c", "cat /etc/os-release");

	isolated(strcmp(r->out, file_text("%s/etc/os-release", rootfs())) == 0,
		 "it shows %.60s", r->out);
}
END_TEST

START_TEST(files_of_the_host_cannot_be_read)
{
	struct result *r;

	shell("echo secret > /run/secret");
	r = RUN(ROOT, TRY("cat /run/secret"));
	unlink("/run/secret");
	isolated(!was_done(r), "they can");
}
END_TEST

START_TEST(the_hosts_mounts_are_not_in_the_table)
{
	struct result *r = RUN(ROOT, "sh", "-c", "cat /proc/self/mountinfo");

	has_run(r, " / ");
	isolated(!has(r->out, " /run "), "the host's /run is there");
}
END_TEST

START_TEST(outside_its_root_is_another_directory)
{
	struct running r =
		start(NULL, WORDS(ROOT, "sh", "-c", "echo ready; read x"));

	expect(&r, "ready");
	isolated(strcmp(shell("stat -c %%i /proc/%ld/root/", innermost(&r)),
			shell("stat -c %%i /")) != 0,
		 "it is the host's");
	finish(&r);
}
END_TEST

/* CVE-2024-21626: whoever has a directory outside can walk from there. */
START_TEST(a_directory_left_open_does_not_lead_out)
{
	struct manner leaking = { .left_open = "/run/outside" };
	struct result *r;

	shell("mkdir /run/outside; echo secret > /run/outside/file");
	r = run(&leaking, WORDS(ROOT, TRY("cat /proc/self/fd/20/file")));
	shell("rm -r /run/outside");
	isolated(!was_done(r), "it leads to %s", r->out);
}
END_TEST

START_TEST(the_command_gets_three_descriptors)
{
	struct manner leaking = { .left_open = "/run" };
	struct result *r = run(&leaking, WORDS(ROOT, "ls", "/proc/self/fd"));

	/* 3 is the directory that ls reads. */
	isolated(strcmp(r->out, "0\n1\n2\n3\n") == 0, "it gets\n%s", r->out);
}
END_TEST

/* execve(2) looks the program up before it closes what is close-on-exec. */
START_TEST(the_command_is_not_found_by_a_descriptor)
{
	struct manner leaking = { .left_open = "/run/outside" };
	struct result *r;

	shell("mkdir /run/outside; cp %s/bin/busybox /run/outside/echo",
	      rootfs());
	r = run(&leaking,
		WORDS("--rootfs", rootfs(), "/proc/self/fd/20/echo", "found"));
	shell("rm -r /run/outside");
	ck_assert_int_eq(r->status, 127);
}
END_TEST

/* null, zero, full, random, urandom; tty, console, ptmx; terminals */
#define HARMLESS "^(c 1 [35789]|c 5 [012]|c 88 [0-9a-f]+)$"

/* A device that is not one of them is the machine: a disk, its memory. */
START_TEST(dev_has_only_harmless_devices)
{
	struct result *r =
		RUN(ROOT, "sh", "-c",
		    "ls /dev; cd /dev; for f in * */*; do"
		    " [ -L $f ] && continue;"
		    " [ -b $f ] && echo b $(stat -c '%t %T' $f) $f;"
		    " [ -c $f ] && echo c $(stat -c '%t %T' $f) $f; done;"
		    " true");
	char *others = shell("echo '%s' | grep '^[bc] ' | sed 's| [^ ]*$||' |"
			     "grep -vE '" HARMLESS "' | head -n 1",
			     r->out);

	isolated(has(r->out, "pts") && !others[0],
		 "there is a device like this one of the machine: \"%s\" "
		 "(kind, major and minor number) in %.300s",
		 others, r->out);
	if (own_program())
		ck_assert_str_eq(chomp(RUN(ROOT, "readlink", "/dev/ptmx")->out),
				 "pts/ptmx");
}
END_TEST

START_TEST(terminals_are_the_containers_own)
{
	struct result *r =
		RUN(ROOT, "sh", "-c", "ls /dev/pts; stat -c %d /dev/pts");

	isolated(strncmp(r->out, "ptmx\n", 5) == 0 &&
			 !has(r->out, shell("stat -c %%d /dev/pts")),
		 "they are the host's: %s", r->out);
}
END_TEST

START_TEST(sys_is_read_only)
{
	struct result *r = RUN("--rootfs", rootfs(), "sh", "-c",
			       "mkdir /sys/x; ls /sys; touch /sys/kernel/x");

	ck_assert_msg(has(r->out, "kernel"), "nothing is mounted on /sys");
	ck_assert_msg(has(r->err, "Read-only"), "/sys is not read-only: %s",
		      r->err);
}
END_TEST

START_TEST(the_standard_devices_work)
{
	static const char *const scripts[][2] = {
		{ "echo x > /dev/null; wc -c < /dev/null", "0" },
		{ "head -c 3 /dev/zero | wc -c", "3" },
		{ "head -c 4 /dev/urandom | wc -c", "4" },
		{ "echo out > /dev/stdout", "out" },
		{ "(echo err > /dev/stderr) 2>&1", "err" },
	};

	struct result *r = RUN("--rootfs", rootfs(), "cat", "/etc/os-release");

	ck_assert_msg(
		strcmp(r->out, file_text("%s/etc/os-release", rootfs())) == 0,
		"these would be the host's devices: the root is not "
		"that of --rootfs: %s",
		r->err);
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		r = RUN("--rootfs", rootfs(), "sh", "-c", scripts[i][0]);

		ck_assert_msg(strcmp(chomp(r->out), scripts[i][1]) == 0,
			      "\"%s\" prints \"%s\", not \"%s\": %s",
			      scripts[i][0], r->out, scripts[i][1], r->err);
	}
}
END_TEST

START_TEST(a_host_directory_can_be_mounted_inside)
{
	struct result *r;

	shell("mkdir /run/data && echo hello > /run/data/file");
	r = RUN("--rootfs", rootfs(), "--mount", "/run/data:/mnt:ro", "cat",
		"/mnt/file");
	shell("rm -r /run/data");
	ck_assert_str_eq(r->out, "hello\n");
}
END_TEST

/* A root file system that the tests may change: a copy in memory. */
static const char *scratch_root(void)
{
	shell("mkdir -p /run/root && cp -a %s/. /run/root", rootfs());
	return "/run/root";
}

static void remove_scratch_root(void)
{
	shell("rm -rf /run/root");
}

START_TEST(a_missing_mount_point_is_made_inside_only)
{
	struct result *r;

	scratch_root();
	r = RUN("--rootfs", "/run/root", "--tmpfs", "/run/deep/er", "ls",
		"/run/deep/er");
	ck_assert_int_eq(r->status, 0);
	ck_assert(access("/run/deep", F_OK) < 0);
	ck_assert_int_eq(access("/run/root/run/deep/er", F_OK), 0);
	remove_scratch_root();
}
END_TEST

START_TEST(a_link_in_the_image_does_not_lead_out)
{
	struct result *r;

	scratch_root();
	shell("mkdir /run/victim; ln -s /run/victim /run/root/trap; "
	      "ln -s ../../../../../run/victim /run/root/trap2");
	r = RUN("--rootfs", "/run/root", "--tmpfs", "/trap/x", "--tmpfs",
		"/trap2/y", "true");
	(void)r;
	ck_assert_str_eq(shell("ls /run/victim"), "");
	shell("rmdir /run/victim");
	remove_scratch_root();
}
END_TEST

/* The escape program in a root of its own; jail: NULL if none is chosen. */
static struct result *escape_from(const char *jail)
{
	struct result *r;

	shell("echo secret > /run/secret");
	scratch_root();
	shell("cp %s/escape /run/root/escape", bin());
	r = jail ? RUN("--rootfs", "/run/root", "--jail", jail, "/escape",
		       "cat", "/run/secret")
		 : RUN("--rootfs", "/run/root", "/escape", "cat",
		       "/run/secret");
	unlink("/run/secret");
	remove_scratch_root();
	return r;
}

START_TEST(the_escape_program_gets_out_of_a_chroot)
{
	struct result *r = escape_from("chroot");

	ck_assert_msg(strcmp(r->out, "secret\n") == 0,
		      "with --jail chroot it does not get out: %s%s", r->out,
		      r->err);
}
END_TEST

static void has_tried(const struct result *r)
{
	ck_assert_msg(has(r->err, "still inside"),
		      "the escape program has not run, which says \"still "
		      "inside\"; the program ended with %d: %s",
		      r->status, r->err);
}

START_TEST(the_escape_program_stays_in_after_pivot_root)
{
	struct result *r = escape_from("pivot");

	ck_assert_msg(r->out[0] == '\0', "it gets out");
	has_tried(r);
}
END_TEST

START_TEST(without_a_word_about_it_the_jail_is_pivot_root)
{
	struct result *r = escape_from(NULL);

	ck_assert_msg(r->out[0] == '\0',
		      "without --jail the escape program gets out");
	has_tried(r);
}
END_TEST

START_TEST(the_working_directory_is_the_new_root)
{
	struct result *r = RUN("--rootfs", rootfs(), "pwd");

	ck_assert_msg(strcmp(r->out, "/\n") == 0, "it is %s", r->out);
	r = RUN("--rootfs", rootfs(), "--jail", "chroot", "pwd");
	ck_assert_msg(strcmp(r->out, "/\n") == 0, "with --jail chroot it is %s",
		      r->out);
}
END_TEST

START_TEST(kill_9_of_the_program_leaves_nothing_mounted)
{
	struct running r = start(NULL, WORDS("--rootfs", rootfs(), "sh", "-c",
					     "echo ready; exec sleep 1000"));

	expect(&r, "ready");
	kill(r.pid, SIGKILL);
	ck_assert_int_eq(finish(&r)->status, 128 + SIGKILL);
}
END_TEST

START_TEST(a_missing_root_file_system_is_named)
{
	struct result *r = RUN("--rootfs", "/run/none", "true");

	ck_assert_int_eq(r->status, 125);
	ck_assert(!own_program() ||
		  (has(r->err, "/run/none") && has(r->err, "make rootfs")));
	r = RUN("--rootfs", "/etc/passwd", "true");
	ck_assert_int_eq(r->status, 125);
	ck_assert(!own_program() || has(r->err, "is a directory"));
}
END_TEST

START_TEST(a_program_without_its_loader_is_explained)
{
	struct result *r;

	scratch_root();
	shell("cp /usr/bin/env /run/root/bin/dynamic");
	r = RUN("--rootfs", "/run/root", "/bin/dynamic");
	remove_scratch_root();
	ck_assert_int_eq(r->status, 127);
	ck_assert(!own_program() || has(r->err, "loader"));
}
END_TEST

START_TEST(kill_9_at_any_moment_ends_the_container)
{
	dies_at_every_moment(WORDS("--rootfs", rootfs(), READY_AND_STAY));
	dies_at_every_moment(WORDS("--rootfs", rootfs(), "true"));
}
END_TEST

START_TEST(bad_options_are_refused_in_one_line)
{
	refuses(WORDS("--jail", "prison", "true"), "no jail \"prison\"");
	refuses(WORDS("--jail", "", "true"), "empty");
	refuses(WORDS("--rootfs", "", "true"), "empty");
	refuses(WORDS("--rootfs"), "needs a value");
	cannot(NULL, WORDS("--jail", "chroot", "true"),
	       "no directory to enter");
}
END_TEST

const struct test tests[] = {
	{ "core isolation", &the_root_directory_is_the_containers },
	{ "core isolation", &files_of_the_host_cannot_be_read },
	{ "core isolation", &the_hosts_mounts_are_not_in_the_table },
	{ "core isolation", &outside_its_root_is_another_directory },
	{ "core isolation", &dev_has_only_harmless_devices },
	{ "core isolation", &terminals_are_the_containers_own },
	{ "core isolation", &a_directory_left_open_does_not_lead_out },
	{ "core isolation", &the_command_gets_three_descriptors },
	{ "core safety", &sys_is_read_only },
	{ "core safety", &the_standard_devices_work },
	{ "safety", &a_host_directory_can_be_mounted_inside },
	{ "safety", &a_missing_mount_point_is_made_inside_only },
	{ "safety", &a_link_in_the_image_does_not_lead_out },
	{ "core safety", &the_escape_program_gets_out_of_a_chroot },
	{ "core safety", &the_escape_program_stays_in_after_pivot_root },
	{ "core safety", &without_a_word_about_it_the_jail_is_pivot_root },
	{ "core safety", &the_working_directory_is_the_new_root },
	{ "safety", &the_command_is_not_found_by_a_descriptor },
	{ "safety", &kill_9_of_the_program_leaves_nothing_mounted },
	{ "safety", &kill_9_at_any_moment_ends_the_container },
	{ "input", &a_missing_root_file_system_is_named },
	{ "input", &a_program_without_its_loader_is_explained },
	{ "input", &bad_options_are_refused_in_one_line },
	{ 0 },
};
