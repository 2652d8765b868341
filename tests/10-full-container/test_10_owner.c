/* Stage 10: whose is it?  Of others nothing is removed, believed, waited for. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

static const struct config usual = { .script = "echo ready; read x" };
static const struct config short_one = { .script = "true" };

#define NOBODY "65534:65534"
#define RUN_BOX \
	WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE, OCI_ID)
#define RUNS_BOX() ck_assert_int_eq(oci(RUN_BOX)->status, 0)

/* What others keep in the same directory, one of them another runtime. */
#define OTHERS                                                          \
	"app/config.json db/state.json runc/state.json runc/exec.fifo " \
	"empty/.keep .hidden/state.json"

START_TEST(what_bears_no_mark_is_left_alone)
{
	const char *before;

	oci_begin(&short_one);
	shell("mkdir -p " OCI_STATES "; cd " OCI_STATES "; for f in " OTHERS
	      "; do mkdir -p $(dirname $f); echo '{\"id\": \"x\"}' > $f; done; "
	      "echo file > notes; mkdir nothing");
	before = shell("cd " OCI_STATES "; find . | sort; cat */*.json");
	RUNS_BOX();
	ck_assert_str_eq(OCI("list", "-q")->out, "");
	ck_assert_str_eq(OCI("list", "--format", "json")->out, "[]\n");
	oci_refuses(WORDS("--root", OCI_STATES, "delete", "db"),
		    "the container db does not exist in");
	ck_assert_int_eq(OCI("delete", "--force", "runc")->status, 0);
	ck_assert_int_eq(OCI("delete", "--force", "notes")->status, 0);
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE,
			  "app"),
		    "the container app exists already");
	ck_assert_str_eq(
		shell("cd " OCI_STATES "; find . | sort; cat */*.json"),
		before);
	shell("rm -r " OCI_STATES);
	oci_end();
}
END_TEST

/* A directory has no id before it is locked, and none when it is emptied. */
START_TEST(what_has_no_id_yet_is_removed_by_the_next_run)
{
	oci_begin(&short_one);
	shell("mkdir -p " OCI_STATES "/.ten-steps.7.7 " OCI_STATES
	      "/.ten-steps.8.8; cd " OCI_STATES
	      "/.ten-steps.7.7; touch state.json ten-steps.container");
	RUNS_BOX();
	ck_assert_str_eq(shell("ls -A " OCI_STATES), "");
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE,
			  ".ten-steps.7.7"),
		    "cannot be the id of a container");
	oci_end();
}
END_TEST

START_TEST(what_is_to_be_kept_is_not_swept)
{
	oci_begin(&short_one);
	ck_assert_int_eq(
		OCI("run", "--keep", "--bundle", OCI_BUNDLE, "kept")->status,
		0);
	RUNS_BOX();
	ck_assert_str_eq(oci_status("kept"), "stopped");
	ck_assert_int_eq(OCI("delete", "kept")->status, 0);
	ck_assert_str_eq(OCI("list", "-q")->out, "");
	oci_end();
}
END_TEST

/* Each verb asks before it reads: the hook of a state is a way to be root. */
static void is_not_believed(const char *piece)
{
	const char *const *verbs[] = {
		WORDS("--root", OCI_STATES, "delete", "--force", OCI_ID),
		WORDS("--root", OCI_STATES, "delete", OCI_ID),
		WORDS("--root", OCI_STATES, "kill", OCI_ID, "KILL"),
		WORDS("--root", OCI_STATES, "exec", OCI_ID, "true"),
		WORDS("--root", OCI_STATES, "state", OCI_ID),
	};

	for (size_t i = 0; i < COUNT(verbs); i++)
		oci_refuses(verbs[i], piece);
	ck_assert_str_eq(shell("ls " OCI_SHARED), "");
}

START_TEST(a_state_that_others_can_have_written_is_not_believed)
{
	oci_begin(&(struct config){
		.script = "true",
		.top = ", \"hooks\": {\"poststop\": [{\"path\": \"/bin/touch\""
		       ", \"args\": [\"touch\", \"" OCI_SHARED
		       "/owned\"]}]}" });
	ck_assert_int_eq(
		OCI("run", "--keep", "--bundle", OCI_BUNDLE, OCI_ID)->status,
		0);
	shell("chown " NOBODY " " OCI_STATES);
	is_not_believed(OCI_STATES " belongs to user 65534, and not to user 0");
	oci_refuses(RUN_BOX, "belongs to user 65534");
	oci_refuses(WORDS("--root", OCI_STATES, "list"), "belongs to user");
	shell("chown 0:0 " OCI_STATES "; chmod 1777 " OCI_STATES);
	is_not_believed(OCI_STATES ": others may write to it (mode 1777)");
	shell("chmod 711 " OCI_STATES "; cd " OCI_STATES "; chown " NOBODY
	      " box");
	is_not_believed("find the container box in " OCI_STATES);
	shell("cd " OCI_STATES "; chown 0:0 box; chmod 777 box");
	is_not_believed("find the container box in " OCI_STATES);
	shell("cd " OCI_STATES "; chmod 711 box; mv box /run/oci/elsewhere; "
	      "ln -s /run/oci/elsewhere box");
	oci_refuses(WORDS("--root", OCI_STATES, "delete", OCI_ID),
		    "does not exist");
	shell("cd " OCI_STATES "; rm box; mv /run/oci/elsewhere box");
	ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	ck_assert_str_eq(shell("ls " OCI_SHARED), "owned");
	oci_end();
}
END_TEST

#define WITH_PID_FILE(file)                                        \
	WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE, \
	      "--pid-file", file, OCI_ID)

START_TEST(a_pid_file_takes_the_place_of_nothing_but_a_file)
{
	oci_begin(&short_one);
	shell("cd /run/oci; echo mine > victim; mkfifo pipe; mkdir directory; "
	      "ln -s victim link; ln -s victim pid.new; echo 1 > pid");
	oci_refuses(WITH_PID_FILE("/run/oci/pipe"), "/run/oci/pipe is no "
						    "regular file");
	oci_refuses(WITH_PID_FILE("/run/oci/link"), "is no regular file");
	oci_refuses(WITH_PID_FILE("/run/oci/directory"), "is no regular file");
	ck_assert_int_eq(oci(WITH_PID_FILE("/run/oci/pid"))->status, 0);
	ck_assert_str_eq(shell("cd /run/oci; cat victim; ls"),
			 "mine\nbundle\ndirectory\nlink\npid\npid.new\npipe\n"
			 "shared\nstates\nvictim");
	ck_assert_int_gt(strtol(file_text("/run/oci/pid"), NULL, 10), 1);
	oci_end();
}
END_TEST

/* In a directory that is everybody's, without the kernel's own protection. */
START_TEST(a_log_is_not_written_through_a_link_of_others)
{
	oci_begin(&short_one);
	shell("cd /run/oci; mkdir public; chmod 777 public; echo mine > victim;"
	      " ln -s ../victim public/log; chown -h " NOBODY " public/log; "
	      "mkfifo public/pipe; ln -s ../victim public/own");
	oci_refuses(WORDS("--log", "/run/oci/public/log", "--root", OCI_STATES,
			  "list"),
		    "open the log /run/oci/public/log");
	ck_assert_str_eq(file_text("/run/oci/victim"), "mine\n");
	oci_refuses(WORDS("--log", "/run/oci/public/pipe", "--root", OCI_STATES,
			  "list"),
		    "open the log /run/oci/public/pipe");
	OCI("--log", "/run/oci/public/own", "state", "none");
	ck_assert(has(file_text("/run/oci/victim"), "does not exist"));
	oci_end();
}
END_TEST

/* The wait has an end, and who looks does not wait at all. */
START_TEST(who_is_waited_for_is_named)
{
	struct running box;
	int fd;

	oci_begin(&usual);
	box = oci_create(OCI_ID);
	fd = open(OCI_STATES "/" OCI_ID, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	ck_assert_str_eq(oci_status(OCI_ID), "created");
	oci_refuses(WORDS("--root", OCI_STATES, "delete", "--force", OCI_ID),
		    text("the container box: process %d (%s) has held its lock "
			 "for 10 seconds",
			 getpid(), chomp(file_text("/proc/self/comm"))));
	close(fd);
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

/* Who made it wants it back as it was. */
START_TEST(a_group_that_was_there_before_is_given_back)
{
	char *top = shell("sed -n 's/^.* \\(\\/.*\\) cgroup2 .*/\\1/p' "
			  "/proc/mounts | head -n 1");
	char *group = text("%s/lent", top);
	struct running box;

	if (!*top)
		skip("there is no cgroup v2");
	oci_begin(&(struct config){
		.user = "{\"uid\": 7, \"gid\": 7}",
		.mounts = ", {\"destination\": \"/sys\", \"type\": \"tmpfs\"}"
			  ", {\"destination\": \"/sys/fs/cgroup\", \"type\": "
			  "\"cgroup\", \"options\": [\"nosuid\"]}" });
	shell("mkdir %s; chown 9 %s/cgroup.procs", group, group);
	shell("sed -i 's|\"linux\": {|&\"cgroupsPath\": \"/lent\", "
	      "|' " OCI_BUNDLE "/config.json");
	for (int i = 0; i < 2; i++) {
		box = oci_create(OCI_ID);
		ck_assert_str_eq(shell("stat -c %%u %s", group), "7");
		ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
		oci_close(&box);
		ck_assert_str_eq(shell("cd %s && stat -c %%u . cgroup.procs "
				       "cgroup.subtree_control",
				       group),
				 "0\n9\n0");
	}
	ck_assert_str_eq(OCI_RUN()->err, "");
	ck_assert_str_eq(shell("stat -c %%u %s", group), "0");
	shell("rmdir %s", group);
	oci_end();
}
END_TEST

/* The kernel gives who has a lease 45 seconds to let go of the file. */
START_TEST(a_lease_on_a_file_of_the_image_does_not_hold_a_run_up)
{
	struct result *r;
	int fd;

	oci_begin(&(struct config){ .script = "echo $HOME",
				    .root = "{\"path\": \"/run/oci/image\"}" });
	shell("cp -a %s /run/oci/image", rootfs());
	fd = open("/run/oci/image/etc/passwd", O_RDWR | O_CLOEXEC);
	signal(SIGIO, SIG_IGN);
	ck_assert_int_eq(fcntl(fd, F_SETLEASE, F_WRLCK), 0);
	r = OCI_RUN();
	ck_assert_str_eq(r->out, "/\n");
	ck_assert(has(r->err, "has a lease on the image's /etc/passwd"));
	close(fd);
	shell("rm -r /run/oci/image");
	oci_end();
}
END_TEST

START_TEST(a_pipe_in_the_place_of_a_namespace_does_not_hold_it_up)
{
	oci_begin(&(struct config){
		.namespaces = "[{\"type\": \"mount\"}, {\"type\": \"uts\", "
			      "\"path\": \"/run/oci/pipe\"}]" });
	shell("mkfifo /run/oci/pipe");
	oci_refuses(RUN_BOX, "/run/oci/pipe");
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &what_bears_no_mark_is_left_alone },
	{ "safety", &what_has_no_id_yet_is_removed_by_the_next_run },
	{ "safety", &what_is_to_be_kept_is_not_swept },
	{ "safety", &a_state_that_others_can_have_written_is_not_believed },
	{ "safety", &a_pid_file_takes_the_place_of_nothing_but_a_file },
	{ "safety", &a_log_is_not_written_through_a_link_of_others },
	{ "safety", &who_is_waited_for_is_named },
	{ "safety", &a_group_that_was_there_before_is_given_back },
	{ "safety", &a_lease_on_a_file_of_the_image_does_not_hold_a_run_up },
	{ "safety", &a_pipe_in_the_place_of_a_namespace_does_not_hold_it_up },
	{ 0 },
};
