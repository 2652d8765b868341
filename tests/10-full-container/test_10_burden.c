/* Stage 10 where there is too much of something, or too little. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define DESCRIPTORS 15000
#define MOUNTS      2000
#define AT_ONCE     60

/*
 * A limit that the spec sets for the container must not be set before the
 * runtime has done with descriptors above it.
 */
START_TEST(fifteen_thousand_inherited_descriptors_do_no_harm)
{
	struct rlimit limit;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct result *r;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	if (limit.rlim_max < DESCRIPTORS + 512)
		skip("not so many descriptors may be open (ulimit -Hn)");
	oci_begin(&(struct config){
		.script = "echo $(ls /proc/self/fd)",
		.process = ", \"rlimits\": [{\"type\": \"RLIMIT_NOFILE\", "
			   "\"soft\": 64, \"hard\": 64}]" });
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	for (int fd = 300; fd < 300 + DESCRIPTORS; fd++)
		ck_assert_int_eq(dup2(null, fd), fd);
	r = OCI_RUN();
	for (int fd = 300; fd < 300 + DESCRIPTORS; fd++)
		close(fd);
	close(null);
	ck_assert_msg(r->status == 0, "run: %s", r->err);
	ck_assert_str_eq(r->out, "0 1 2 3\n"); /* 3 is the listing's own */
	oci_end();
}
END_TEST

/* Who needs none can work: by every way to begin it. */
START_TEST(a_limit_of_no_open_files_stops_only_who_opens_one)
{
	struct running box;

	oci_begin(&(struct config){
		.process = ", \"rlimits\": [{\"type\": \"RLIMIT_NOFILE\", "
			   "\"soft\": 0, \"hard\": 0}]",
		.script = "echo works; exec sleep 1000" });
	box = start(NULL, WORDS("--root", OCI_STATES, "run", "--bundle",
				OCI_BUNDLE, OCI_ID));
	expect(&box, "works");
	ck_assert_str_eq(OCI("exec", OCI_ID, "echo", "inside")->out,
			 "inside\n");
	ck_assert_str_eq(OCI("exec", "-d", OCI_ID, "echo", "inside")->out,
			 "inside\n");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	finish(&box);
	box = oci_create(OCI_ID);
	ck_assert_int_eq(OCI("start", OCI_ID)->status, 0);
	expect(&box, "works");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(two_thousand_mounts_of_the_host_do_no_harm)
{
	struct result *r;

	oci_begin(&(struct config){
		.script = "grep -c /many/ /proc/self/mountinfo" });
	ck_assert_int_eq(mkdir("/run/many", 0755), 0);
	ck_assert_int_eq(mount("tmpfs", "/run/many", "tmpfs", 0, NULL), 0);
	for (int i = 0; i < MOUNTS; i++) {
		char *path = text("/run/many/%d", i);

		ck_assert_int_eq(mkdir(path, 0755), 0);
		ck_assert_int_eq(mount("tmpfs", path, "tmpfs", 0, NULL), 0);
	}
	r = OCI_RUN();
	ck_assert_int_eq(umount2("/run/many", MNT_DETACH), 0);
	ck_assert_int_eq(rmdir("/run/many"), 0);
	ck_assert_msg(has(r->out, "0\n") && !r->err[0], "%s%s", r->out, r->err);
	oci_end();
}
END_TEST

/*
 * The limit holds while the container is made, too: the child is in its group
 * from the beginning.  The first run, without a limit, pays for the pages of
 * the program's file.
 */
START_TEST(half_a_megabyte_of_memory_is_enough)
{
	struct config config = { 0 };
	struct result *r;

	if (!*shell("ls -d /sys/fs/cgroup/memory 2> /dev/null; "
		    "grep -w memory /sys/fs/cgroup/cgroup.controllers"))
		skip("there is no memory controller here");
	oci_begin(&config);
	shell("sed -i 's/\"args\": .*\\]}/\"args\": [\"echo\", "
	      "\"enough\"]}/' " OCI_BUNDLE "/config.json");
	ck_assert_str_eq(OCI_RUN()->out, "enough\n");
	config.linux_ = ", \"resources\": {\"memory\": {\"limit\": 524288}}";
	oci_write(&config);
	shell("sed -i 's/\"args\": .*\\]}/\"args\": [\"echo\", "
	      "\"enough\"]}/' " OCI_BUNDLE "/config.json");
	r = OCI_RUN();
	ck_assert_msg(r->status == 0, "%d: %s", r->status, r->err);
	ck_assert_str_eq(r->out, "enough\n");
	oci_end();
}
END_TEST

/*
 * Each looks for what killed ones left, and must see that the others are
 * being made, run and removed, and not left.
 */
START_TEST(many_at_once_do_not_take_each_other_for_dead)
{
	struct running boxes[AT_ONCE];

	oci_begin(&(struct config){ .script = "echo done" });
	for (int i = 0; i < AT_ONCE; i++)
		boxes[i] = start(NULL,
				 WORDS("--root", OCI_STATES, "run", "--bundle",
				       OCI_BUNDLE, text("box%d", i)));
	for (int i = 0; i < AT_ONCE; i++) {
		struct result *r = finish(&boxes[i]);

		ck_assert_msg(r->status == 0 && !r->err[0], "box%d: %d: %s", i,
			      r->status, r->err);
		ck_assert_str_eq(r->out, "done\n");
	}
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &fifteen_thousand_inherited_descriptors_do_no_harm },
	{ "safety", &a_limit_of_no_open_files_stops_only_who_opens_one },
	{ "safety", &two_thousand_mounts_of_the_host_do_no_harm },
	{ "safety", &half_a_megabyte_of_memory_is_enough },
	{ "safety", &many_at_once_do_not_take_each_other_for_dead },
	{ 0 },
};
