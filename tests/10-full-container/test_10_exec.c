/* Stage 10: the options of exec: who and where the added process is. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

START_TEST(exec_has_a_word_for_each_part_of_a_process)
{
	struct running box;
	struct result *r;

	oci_begin(&(struct config){
		.user = "{\"uid\": 0, \"gid\": 0, \"additionalGids\": [7]}" });
	box = oci_start(OCI_ID);
	r = OCI("exec", "-g", "30", "--additional-gids", "31", OCI_ID, "id",
		"-G");
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_str_eq(r->out, "0 7 30 31\n");
	r = OCI("exec", "-u", "5:6", "-e", "A=b c", "-w", "/tmp", OCI_ID, "sh",
		"-c", "id -u; id -g; echo $A; pwd");
	ck_assert_str_eq(r->out, "5\n6\nb c\n/tmp\n");
	r = OCI("exec", "--cwd", "/mnt", "--cap", "CAP_KILL", "--no-new-privs",
		OCI_ID, "sh", "-c",
		"pwd; grep -e CapBnd -e NoNewPrivs /proc/self/status");
	ck_assert_str_eq(r->out, "/mnt\nCapBnd:\t0000000000000020\n"
				 "NoNewPrivs:\t1\n");
	oci_refuses(WORDS("--root", OCI_STATES, "exec", "-g", "wheel", OCI_ID,
			  "true"),
		    "option --additional-gids: \"wheel\"");
	if (!*shell("cat /sys/module/apparmor/parameters/enabled 2> /dev/null"))
		oci_refuses(WORDS("--root", OCI_STATES, "exec", "--apparmor",
				  "some", OCI_ID, "true"),
			    "option --apparmor: this machine has no AppArmor");
	if (!*shell("ls /sys/fs/selinux 2> /dev/null"))
		oci_refuses(WORDS("--root", OCI_STATES, "exec",
				  "--process-label", "a:b:c", OCI_ID, "true"),
			    "option --process-label: this machine has no "
			    "SELinux");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/*
 * -1 means "no change" to setresuid(2), which leaves root; a number that is
 * too large would be cut to another one.
 */
START_TEST(exec_runs_as_nobody_whose_number_is_none)
{
	static const char *const users[] = {
		"-1",         "4294967295",
		"4294967296", "18446744073709551616",
		" 5",         "+5",
		"5 ",         "root",
		"1000:-1",    "1000:4294967295",
		":5",         "1000:4294967296",
		"5:",         "5: 6",
	};
	static const char *const groups[] = {
		"-1", " -1", " 7", "7 ", "4294967295", "4294967296", "7:8",
	};
	struct running box;

	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	for (size_t i = 0; i < sizeof(users) / sizeof(char *); i++)
		oci_refuses(WORDS("--root", OCI_STATES, "exec", "--user",
				  users[i], OCI_ID, "id"),
			    text("option --user: \"%s\" is not a user; ids go "
				 "from 0 to 4294967294",
				 users[i]));
	for (size_t i = 0; i < sizeof(groups) / sizeof(char *); i++)
		oci_refuses(WORDS("--root", OCI_STATES, "exec",
				  "--additional-gids", groups[i], OCI_ID, "id"),
			    text("option --additional-gids: \"%s\" is not a "
				 "group; ids go from 0 to 4294967294",
				 groups[i]));
	ck_assert_str_eq(OCI("exec", "--user", "4294967294:4294967294",
			     "--additional-gids", "4294967294", OCI_ID, "sh",
			     "-c", "id -u; id -g")
				 ->out,
			 "4294967294\n4294967294\n");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* They are entered apart from all other namespaces: see join_inside.c. */
START_TEST(exec_has_the_clocks_of_the_container)
{
	struct running box;
	char *clocks;

	oci_begin(&(struct config){
		.namespaces = "[{\"type\": \"pid\"}, {\"type\": \"mount\"}, "
			      "{\"type\": \"time\"}]",
		.linux_ = ", \"timeOffsets\": {\"boottime\": "
			  "{\"secs\": 864000000}}" });
	box = oci_start(OCI_ID);
	clocks = link_text("/proc/%d/ns/time", oci_pid(OCI_ID));
	ck_assert_str_ne(clocks, link_text("/proc/self/ns/time"));
	ck_assert_str_eq(chomp(OCI("exec", OCI_ID, "sh", "-c",
				   "readlink /proc/self/ns/time; "
				   "cut -c 1-2 /proc/uptime")
				       ->out),
			 text("%s\n86", clocks));
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

START_TEST(exec_goes_to_a_group_below_the_containers)
{
	struct running box, added;
	char *groups;
	pid_t pid;

	oci_begin(&(struct config){
		.linux_ = ", \"resources\": {\"pids\": {\"limit\": 50}}" });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	shell("find /sys/fs/cgroup -type d -name %s.oci | "
	      "while read d; do mkdir $d/below; done",
	      OCI_ID);
	added = start(NULL, WORDS("--root", OCI_STATES, "exec", "--pid-file",
				  OCI_SHARED "/pid", "--cgroup", "below",
				  OCI_ID, "sh", "-c", "echo ready; read x"));
	expect(&added, "ready");
	groups = shell("cat /proc/$(cat " OCI_SHARED "/pid)/cgroup");
	ck_assert_msg(has(groups, OCI_ID ".oci/below"), "%s", groups);
	ck_assert(!has(file_text("/proc/%d/cgroup", pid), "/below"));
	ck_assert(strchr(OCI("ps", "-f", "json", OCI_ID)->out, ','));
	finish(&added);
	oci_refuses(WORDS("--root", OCI_STATES, "exec", "--cgroup", "none",
			  OCI_ID, "true"),
		    "option --cgroup: there is no group");
	oci_refuses(WORDS("--root", OCI_STATES, "exec", "--cgroup", "below/..",
			  OCI_ID, "true"),
		    "is not below the container's group");
	oci_refuses(WORDS("--root", OCI_STATES, "exec", "--cgroup",
			  "frobs:below", OCI_ID, "true"),
		    "option --cgroup: there is no group");
	shell("rm " OCI_SHARED "/pid; find /sys/fs/cgroup -type d -name below "
	      "-exec rmdir {} +");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* What the runtime opens first would be its input: a directory of states. */
START_TEST(exec_fills_an_input_that_is_closed)
{
	struct running box;

	oci_begin(&(struct config){ .script = "echo ready; read x" });
	box = oci_start(OCI_ID);
	ck_assert_str_eq(shell("%s --root " OCI_STATES " exec " OCI_ID
			       " readlink /proc/self/fd/0 <&-",
			       program_under_test()),
			 "/dev/null");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* It waits for its number: nobody may wait for its end, and nothing stays. */
START_TEST(exec_ends_a_process_that_it_cannot_tell_to_go_on)
{
	static const struct manner mute = { .denied_call = SYS_sendto,
					    .denied_error = ENOBUFS };
	struct running box;
	struct result *r;

	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	r = run(&mute, WORDS("--root", OCI_STATES, "exec", OCI_ID, "true"));
	ck_assert_int_eq(r->status, 255);
	ck_assert_str_eq(r->err,
			 text("%s: let the process go on in container " OCI_ID
			      ": No buffer space available (ENOBUFS)\n",
			      stage_name));
	ck_assert_str_eq(OCI("ps", "--format", "json", OCI_ID)->out,
			 text("[%d]\n", oci_pid(OCI_ID)));
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &exec_has_a_word_for_each_part_of_a_process },
	{ "input", &exec_runs_as_nobody_whose_number_is_none },
	{ "safety", &exec_has_the_clocks_of_the_container },
	{ "safety", &exec_goes_to_a_group_below_the_containers },
	{ "safety", &exec_fills_an_input_that_is_closed },
	{ "safety", &exec_ends_a_process_that_it_cannot_tell_to_go_on },
	{ 0 },
};
