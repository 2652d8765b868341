/*
 * Tests that are wrong or leave something: the runner has to fail each.  The
 * tag is a piece of what it has to say about it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"

const char stage_name[] = "01-uts";

START_TEST(a_test_that_exits_early)
{
	exit(0);
}
END_TEST

START_TEST(a_test_that_is_killed)
{
	raise(SIGKILL);
}
END_TEST

START_TEST(an_isolation_that_fails)
{
	isolated(1 + 1 == 3, "one and one is %d", 2);
}
END_TEST

START_TEST(a_program_that_is_missing)
{
	static const struct manner manner = { .program = "/no/such/program" };

	run(&manner, WORDS(NULL));
}
END_TEST

START_TEST(a_program_that_crashes)
{
	static const struct manner manner = { .program = "/bin/sh" };

	run(&manner, WORDS("-c", "kill -SEGV $$"));
}
END_TEST

START_TEST(a_message_of_three_lines)
{
	refuses(WORDS("sh", "-c", "printf '01-uts: a\n  b\n  c\n' >&2; exit 2"),
		"a");
}
END_TEST

START_TEST(a_process)
{
	static const struct manner manner = { .program = "/bin/sh" };
	struct running r = start(&manner, WORDS("-c", "echo; read x"));

	next_line(&r); /* it waits for us, who end without it */
}
END_TEST

/* Its own session, and no open file: only the list of processes shows it. */
START_TEST(a_daemon)
{
	if (fork() == 0) {
		setsid();
		for (int fd = 0; fd < 256; fd++)
			close(fd);
		pause();
	}
}
END_TEST

START_TEST(a_mount)
{
	shell("mount -t tmpfs none /media");
}
END_TEST

START_TEST(a_second_mount_at_the_same_place)
{
	shell("mount -t proc proc /proc");
}
END_TEST

START_TEST(a_root_that_is_private)
{
	shell("mount --make-rprivate /");
}
END_TEST

START_TEST(a_host_name)
{
	shell("echo changed > /proc/sys/kernel/hostname");
}
END_TEST

START_TEST(a_namespace_with_a_name)
{
	shell("touch /run/ns; mount --bind /proc/self/ns/uts /run/ns");
}
END_TEST

START_TEST(a_file)
{
	shell("mkdir /run/ten-steps");
}
END_TEST

START_TEST(a_directory_full_of_files)
{
	shell("mkdir -p '/run/a b/c' '/run/a c' && touch '/run/a b/x' "
	      "'/run/a b/c/y'");
}
END_TEST

START_TEST(a_link)
{
	shell("ip link add ten-steps0 type bridge");
}
END_TEST

START_TEST(a_link_with_settings)
{
	shell("ip link add ten-steps0 type veth");
}
END_TEST

START_TEST(an_address)
{
	shell("ip address add 10.1.2.3/8 dev lo");
}
END_TEST

START_TEST(a_table_of_nftables)
{
	shell("nft add table ip ten-steps");
}
END_TEST

START_TEST(a_sysctl)
{
	shell("echo 1 > /proc/sys/net/ipv4/ip_forward");
}
END_TEST

START_TEST(a_cgroup)
{
	shell("for d in /sys/fs/cgroup /sys/fs/cgroup/*; do"
	      "  [ ! -e $d/cgroup.procs ] || mkdir -p $d/ten-steps/x; done");
}
END_TEST

START_TEST(a_file_on_the_machines_disk)
{
	ck_assert_msg(creat("/etc/ten-steps", 0644) >= 0 ||
			      creat(text("%s/ten-steps", rootfs()), 0644) >= 0,
		      "%s", strerror(errno));
}
END_TEST

/* Where version 1's trees are there is a tmpfs, which is the machine's. */
START_TEST(a_directory_beside_the_trees_of_groups)
{
	bool is_tree = access("/sys/fs/cgroup/cgroup.procs", F_OK) == 0;

	ck_assert_msg(
		mkdir(is_tree ? "/etc/ten-steps" : "/sys/fs/cgroup/ten-steps",
		      0755) == 0,
		"%s", strerror(errno));
}
END_TEST

START_TEST(shared_memory)
{
	shell("ipcmk -M 4096");
}
END_TEST

/* It waits for input, and we for its second line. */
START_TEST(a_program_that_waits)
{
	static const struct manner manner = { .program = "/bin/sh" };
	struct running r = start(&manner, WORDS("-c", "echo one; read x"));

	expect(&r, "two");
}
END_TEST

/* Not in any program: there is no step but where each process waits. */
START_TEST(a_test_that_waits)
{
	pause();
}
END_TEST

/* It wants a processor and is given none of its own: slow, and not hung. */
START_TEST(a_program_that_is_slow)
{
	shell("i=0; while [ $i -lt 400 ]; do sleep 0.01; i=$((i + 1)); done");
	ck_abort_msg("it came to its end");
}
END_TEST

const struct test tests[] = {
	{ "the test ended before its end", &a_test_that_exits_early },
	{ "signal 9", &a_test_that_is_killed },
	{ "isolation: one and one is 2", &an_isolation_that_fails },
	{ "cannot run /no/such/program", &a_program_that_is_missing },
	{ "the program crashed: Segmentation", &a_program_that_crashes },
	{ "more than one line", &a_message_of_three_lines },
	{ "new: process", &a_process },
	{ "new: process", &a_daemon },
	{ "new: mount / /media", &a_mount },
	{ "new: mount / /proc", &a_second_mount_at_the_same_place },
	{ "gone: mount", &a_root_that_is_private },
	{ "new: host name changed", &a_host_name },
	{ "new: mount uts", &a_namespace_with_a_name },
	{ "new: file /run/ten-steps", &a_file },
	{ "new: file /run/a b 40755 0, and 3 below it\n",
	  &a_directory_full_of_files },
	{ "ten-steps0: <", &a_link },
	{ "/conf/ten-steps0, and ", &a_link_with_settings },
	{ "10.1.2.3", &an_address },
	{ "table ip ten-steps", &a_table_of_nftables },
	{ "ip_forward:1", &a_sysctl },
	{ "/ten-steps 40755 0, and 1 below it", &a_cgroup },
	{ "Read-only file system", &a_file_on_the_machines_disk },
	{ "Read-only file system", &a_directory_beside_the_trees_of_groups },
	{ "new: system", &shared_memory },
	{ "to wait for the line \"two\" of /bin/sh -c", &a_program_that_waits },
	{ "before any program", &a_test_that_waits },
	{ "it came to its end", &a_program_that_is_slow },
	{ 0 },
};
