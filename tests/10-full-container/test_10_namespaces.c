/* Stage 10: namespaces of others, by path. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define MOST_NEW                                                            \
	"{\"type\": \"pid\"}, {\"type\": \"mount\"}, {\"type\": \"uts\"}, " \
	"{\"type\": \"ipc\"}, {\"type\": \"network\"}, {\"type\": "         \
	"\"cgroup\"}, {\"type\": \"time\"}"
#define ALL_NEW "[" MOST_NEW ", {\"type\": \"user\"}]"
#define MAPPED                                                          \
	", \"uidMappings\": [{\"containerID\": 0, \"hostID\": 100000, " \
	"\"size\": 1000}], \"gidMappings\": [{\"containerID\": 0, "     \
	"\"hostID\": 200000, \"size\": 1000}]"

/* What config.json and /proc call them. */
static const char *const kinds[][2] = {
	{ "uts", "uts" },       { "ipc", "ipc" },   { "network", "net" },
	{ "cgroup", "cgroup" }, { "time", "time" }, { "pid", "pid" },
};

static char *by_path(const char *kind, pid_t pid, const char *file)
{
	return text("{\"type\": \"%s\", \"path\": \"/proc/%d/ns/%s\"}", kind,
		    pid, file);
}

/* A container that the next one joins. */
static struct running other_box(const struct config *config, pid_t *pid)
{
	struct running box;

	oci_begin(config);
	box = oci_create("other");
	*pid = oci_pid("other");
	return box;
}

static void end_other(struct running *box)
{
	OCI("delete", "--force", "other");
	oci_close(box);
	oci_end();
}

START_TEST(every_kind_can_be_joined)
{
	pid_t pid;
	struct running box = other_box(
		&(struct config){ .namespaces = "[" MOST_NEW "]" }, &pid);

	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct result *r;

		oci_write(&(struct config){
			.script =
				text("readlink /proc/self/ns/%s", kinds[i][1]),
			.namespaces =
				text("[{\"type\": \"mount\"}, %s]",
				     by_path(kinds[i][0], pid, kinds[i][1])) });
		r = OCI_RUN();
		ck_assert_msg(
			strcmp(r->out,
			       text("%s\n", link_text("/proc/%d/ns/%s", pid,
						      kinds[i][1]))) == 0,
			"%s: %s%s", kinds[i][0], r->out, r->err);
	}
	end_other(&box);
}
END_TEST

START_TEST(a_namespace_of_another_kind_is_refused)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		oci_refuses_config(
			&(struct config){ .namespaces = text(
						  "[{\"type\": \"mount\"}, %s]",
						  by_path(kinds[i][0], getpid(),
							  "mnt")) },
			text("the %s namespace", kinds[i][0]));
	oci_refuses_config(
		&(struct config){
			.namespaces = text("[{\"type\": \"mount\"}, "
					   "%s]",
					   by_path("user", getpid(), "uts")) },
		"the user namespace");
}
END_TEST

/* All that is new belongs to it: mounts can be made, names set. */
START_TEST(a_user_namespace_can_be_joined)
{
	pid_t pid;
	struct running box = other_box(
		&(struct config){ .namespaces = ALL_NEW, .linux_ = MAPPED },
		&pid);
	struct result *r;
	char *users = link_text("/proc/%d/ns/user", pid);

	oci_write(&(struct config){
		.script = "readlink /proc/self/ns/user; id -u; id -g; hostname;"
			  " grep -c ' /tmp ' /proc/mounts; touch /tmp/x; stat "
			  "-c '%u %g' /tmp/x; echo $$; awk '{ print $1 }' "
			  "/proc/self/uid_map; cat /dev/null && "
			  "echo device",
		.mounts = ", {\"destination\": \"/tmp\", \"type\": \"tmpfs\"}",
		.top = ", \"hostname\": \"joined\"",
		.namespaces =
			text("[{\"type\": \"mount\"}, {\"type\": \"pid\"}, "
			     "{\"type\": \"uts\"}, {\"type\": \"time\"}, %s]",
			     by_path("user", pid, "user")),
		.linux_ = ", \"timeOffsets\": {\"boottime\": {\"secs\": 7}}" });
	r = OCI_RUN();
	end_other(&box);
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_str_eq(
		r->out,
		text("%s\n0\n0\njoined\n1\n0 0\n1\n0\ndevice\n", users));
}
END_TEST

START_TEST(a_pod_shares_users_network_and_processes)
{
	pid_t pid;
	struct running box = other_box(
		&(struct config){ .namespaces = ALL_NEW, .linux_ = MAPPED },
		&pid);
	struct running second;
	struct result *r;

	oci_write(&(struct config){
		.namespaces = text("[{\"type\": \"mount\"}, %s, %s, %s, %s]",
				   by_path("user", pid, "user"),
				   by_path("network", pid, "net"),
				   by_path("ipc", pid, "ipc"),
				   by_path("pid", pid, "pid")) });
	second = oci_create(OCI_ID);
	ck_assert_int_eq(OCI("start", OCI_ID)->status, 0);
	expect(&second, "ready");
	ck_assert_str_eq(link_text("/proc/%d/ns/net", oci_pid(OCI_ID)),
			 link_text("/proc/%d/ns/net", pid));
	r = OCI("exec", OCI_ID, "sh", "-c",
		"readlink /proc/self/ns/user; id -u");
	ck_assert_str_eq(r->out,
			 text("%s\n0\n", link_text("/proc/%d/ns/user", pid)));
	OCI("delete", "--force", OCI_ID);
	oci_close(&second);
	end_other(&box);
}
END_TEST

/*
 * Who comes in hides, and the files below /proc of who hides are root's: the
 * score and the clocks must be set all the same.
 */
START_TEST(an_ordinary_user_joins_users_and_processes_of_his_own)
{
	static const struct manner ordinary = { .ordinary_user = true };
	struct result *r;
	pid_t pid;

	oci_begin(&(struct config){
		.script = "sleep 1000",
		.mounts = "",
		.namespaces = "[{\"type\": \"user\"}, {\"type\": \"mount\"}, "
			      "{\"type\": \"pid\"}]",
		.linux_ = ", \"uidMappings\": [{\"containerID\": 0, "
			  "\"hostID\": 65534, \"size\": 1}], "
			  "\"gidMappings\": [{\"containerID\": 0, "
			  "\"hostID\": 65534, \"size\": 1}]" });
	shell("chown -R 65534 " OCI_STATES);
	r = run(&(struct manner){ .ordinary_user = true, .program = "" },
		WORDS("sh", "-c",
		      text("%s --root " OCI_STATES
			   " create --pid-file " OCI_STATES
			   "/pid -b " OCI_BUNDLE
			   " other < /dev/null > /dev/null",
			   program_under_test())));
	ck_assert_msg(r->status == 0, "create: %s", r->err);
	r = run(&ordinary, WORDS("--root", OCI_STATES, "start", "other"));
	ck_assert_msg(r->status == 0, "start: %s", r->err);
	pid = (pid_t)strtol(file_text(OCI_STATES "/pid"), NULL, 10);
	oci_write(&(struct config){
		.script = "cat /proc/self/oom_score_adj; "
			  "awk '{ print $2 }' /proc/self/timens_offsets",
		.process = ", \"oomScoreAdj\": 555",
		.namespaces =
			text("[{\"type\": \"mount\"}, {\"type\": \"time\"}, "
			     "%s, %s]",
			     by_path("user", pid, "user"),
			     by_path("pid", pid, "pid")),
		.linux_ = ", \"timeOffsets\": {\"boottime\": {\"secs\": 7}}" });
	r = run(&ordinary,
		WORDS("--root", OCI_STATES, "run", "-b", OCI_BUNDLE, OCI_ID));
	run(&ordinary,
	    WORDS("--root", OCI_STATES, "delete", "--force", "other"));
	unlink(OCI_STATES "/pid");
	ck_assert_msg(r->status == 0, "run: %s", r->err);
	ck_assert_str_eq(r->out, "555\n0\n7\n");
	oci_end();
}
END_TEST

START_TEST(a_mount_can_have_the_map_of_a_joined_user_namespace)
{
	pid_t pid;
	struct running box = other_box(
		&(struct config){ .namespaces = ALL_NEW, .linux_ = MAPPED },
		&pid);
	struct result *r;

	shell("touch " OCI_SHARED "/file; chown 7:8 " OCI_SHARED "/file");
	oci_write(&(struct config){
		.script = "stat -c '%u %g' /tmp/file",
		.mounts = ", {\"destination\": \"/tmp\", \"source\": "
			  "\"" OCI_SHARED "\", \"options\": [\"rbind\", "
			  "\"idmap\"]}",
		.namespaces = text("[{\"type\": \"mount\"}, {\"type\": "
				   "\"pid\"}, %s]",
				   by_path("user", pid, "user")) });
	r = OCI_RUN();
	end_other(&box);
	if (r->status && has(r->err, "map the owners"))
		skip("tmpfs cannot have its owners mapped (Linux 6.3)");
	ck_assert_msg(strcmp(r->out, "7 8\n") == 0, "%s%s", r->out, r->err);
}
END_TEST

/* The container's root would take the place of the host's. */
START_TEST(the_hosts_own_mount_namespace_is_not_joined)
{
	oci_refuses_config(
		&(struct config){
			.namespaces = text("[%s]",
					   by_path("mount", getpid(), "mnt")) },
		"is the host's own");
}
END_TEST

START_TEST(maps_without_a_user_namespace_are_refused)
{
	oci_refuses_config(&(struct config){ .linux_ = MAPPED },
			   "linux.uidMappings");
	oci_refuses_config(&(struct config){ .namespaces = ALL_NEW },
			   "linux.uidMappings");
}
END_TEST

/* What is for other systems is not for us, whatever is in it. */
START_TEST(members_for_other_systems_are_passed_over)
{
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "echo runs",
			.process = ", \"commandLine\": \"cmd.exe\"",
			.top = ", \"windows\": {\"layerFolders\": 7}, "
			       "\"solaris\": {\"limitpriv\": \"basic\"}, "
			       "\"vm\": {\"kernel\": {\"path\": \"/x\"}}, "
			       "\"zos\": {\"namespaces\": []}, \"freebsd\": "
			       "{}" }),
		"runs\n");
}
END_TEST

/* The helper in the namespace has to tell which process it has made. */
START_TEST(an_exec_whose_process_nobody_hears_of_says_so)
{
	static const struct manner mute = { .denied_call = SYS_sendto,
					    .denied_error = ENOBUFS };
	struct running box;
	struct result *r;
	pid_t pid;

	oci_begin(&(struct config){ .script = "echo ready; sleep 1000",
				    .namespaces = ALL_NEW,
				    .linux_ = MAPPED });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	r = run(&mute, WORDS("--root", OCI_STATES, "exec", OCI_ID, "true"));
	ck_assert_int_eq(r->status, 255);
	ck_assert_str_eq(r->err,
			 "10-full-container: tell of the process in the "
			 "container: No buffer space available (ENOBUFS)\n");
	OCI("delete", "--force", OCI_ID);
	oci_close(&box);
	oci_wait(pid);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &every_kind_can_be_joined },
	{ "input", &a_namespace_of_another_kind_is_refused },
	{ "safety", &a_user_namespace_can_be_joined },
	{ "safety", &a_pod_shares_users_network_and_processes },
	{ "safety", &an_ordinary_user_joins_users_and_processes_of_his_own },
	{ "safety", &a_mount_can_have_the_map_of_a_joined_user_namespace },
	{ "input", &the_hosts_own_mount_namespace_is_not_joined },
	{ "input", &maps_without_a_user_namespace_are_refused },
	{ "safety", &members_for_other_systems_are_passed_over },
	{ "safety", &an_exec_whose_process_nobody_hears_of_says_so },
	{ 0 },
};
