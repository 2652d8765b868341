/*
 * Stage 10: linux.cgroupsPath, groups that others have made, and devices.
 */
#include <stdlib.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

/* Where v2 is mounted, or "". */
static const char *v2_mount(void)
{
	if (access("/sys/fs/cgroup/cgroup.procs", F_OK) == 0)
		return "/sys/fs/cgroup";
	if (access("/sys/fs/cgroup/unified/cgroup.procs", F_OK) == 0)
		return "/sys/fs/cgroup/unified";
	return "";
}

#define PATH_CONFIG(path) \
	(&(struct config){ .linux_ = ", \"cgroupsPath\": \"" path "\"" })

/* A group of the host's, in v2's tree or else in the freezer's. */
static char *host_group(const char *path)
{
	return text("%s/%s",
		    *v2_mount() ? v2_mount() : "/sys/fs/cgroup/freezer", path);
}

START_TEST(a_path_leads_to_the_same_group_with_and_without_a_slash)
{
	static const char *const paths[] = { "/engine/one", "engine/one" };

	oci_begin(&(struct config){ 0 });
	for (int i = 0; i < 2; i++) {
		struct running box;

		oci_write(&(struct config){
			.linux_ =
				text(", \"cgroupsPath\": \"%s\"", paths[i]) });
		box = oci_create(OCI_ID);
		ck_assert_str_eq(
			shell("cat %s/cgroup.procs", host_group("engine/one")),
			text("%d", oci_pid(OCI_ID)));
		ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
		ck_assert_int_ne(access(host_group("engine/one"), F_OK), 0);
		oci_close(&box);
	}
	shell("rmdir /sys/fs/cgroup/*/engine /sys/fs/cgroup/engine");
	oci_end();
}
END_TEST

START_TEST(paths_that_lead_elsewhere_are_refused)
{
	static const char *const paths[] = { "/../x", "a/../../x",
					     "system.slice:ten:box" };
	struct running box;

	oci_begin(&(struct config){ 0 });
	for (int i = 0; i < 3; i++) {
		oci_write(&(struct config){
			.linux_ =
				text(", \"cgroupsPath\": \"%s\"", paths[i]) });
		oci_refuses(WORDS("--root", OCI_STATES, "create", "--bundle",
				  OCI_BUNDLE, OCI_ID),
			    "config.json: linux.cgroupsPath: ");
	}
	oci_write(PATH_CONFIG("/engine..old/one"));
	box = oci_create(OCI_ID);
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	shell("rmdir /sys/fs/cgroup/*/engine..old /sys/fs/cgroup/engine..old");
	oci_end();
}
END_TEST

START_TEST(a_group_with_processes_is_refused_and_they_live)
{
	char *group = host_group("busy");
	char *pid;

	oci_begin(PATH_CONFIG("/busy"));
	pid = shell("mkdir %s; tail -f /dev/null >/dev/null 2>&1 & "
		    "echo $! | tee %s/cgroup.procs",
		    group, group);
	oci_refuses(WORDS("--root", OCI_STATES, "create", "--bundle",
			  OCI_BUNDLE, OCI_ID),
		    "there are processes in it");
	ck_assert_str_eq(shell("cat %s/cgroup.procs", group), pid);
	shell("kill %s", pid);
	oci_wait((pid_t)strtol(pid, NULL, 10));
	shell("until rmdir %s; do :; done", group);
	oci_end();
}
END_TEST

START_TEST(a_frozen_group_is_refused)
{
	char *group = host_group("cold");

	oci_begin(PATH_CONFIG("/cold"));
	shell("mkdir %s; cd %s; echo 1 >cgroup.freeze || echo FROZEN "
	      ">freezer.state",
	      group, group);
	oci_refuses(WORDS("--root", OCI_STATES, "create", "--bundle",
			  OCI_BUNDLE, OCI_ID),
		    "it is frozen");
	shell("rmdir %s", group);
	oci_end();
}
END_TEST

START_TEST(a_group_that_was_there_before_stays)
{
	char *group = host_group("kept");
	struct running box;

	oci_begin(PATH_CONFIG("/kept"));
	shell("mkdir %s", group);
	box = oci_create(OCI_ID);
	ck_assert_str_ne(shell("cat %s/cgroup.procs", group), "");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	ck_assert_str_eq(shell("cat %s/cgroup.procs", group), "");
	ck_assert_int_eq(access(group, F_OK), 0);
	oci_close(&box);
	shell("rmdir %s", group);
	oci_end();
}
END_TEST

/* Deleting the first one would otherwise kill the second. */
START_TEST(the_group_of_a_stopped_container_is_not_for_another)
{
	struct running box;
	pid_t pid;

	oci_begin(PATH_CONFIG("/shared"));
	box = oci_create("first");
	pid = oci_pid("first");
	ck_assert_int_eq(OCI("start", "first")->status, 0);
	oci_close(&box);
	oci_wait(pid);
	oci_refuses(WORDS("--root", OCI_STATES, "create", "--bundle",
			  OCI_BUNDLE, "second"),
		    "it is that of the container first");
	ck_assert_int_eq(OCI("delete", "first")->status, 0);
	ck_assert_int_ne(access(host_group("shared"), F_OK), 0);
	oci_end();
}
END_TEST

/* The script tries to open devices, and says which it could. */
#define TRY_DEVICES                                       \
	"mknod /dev/zero c 1 5; mknod /dev/kmsg c 1 11; " \
	"head -c 1 /dev/zero >/dev/null && echo zero; "   \
	"(: </dev/kmsg) 2>/dev/null && echo kmsg"

static char *usable_devices(const char *rules)
{
	oci_write(&(struct config){
		.script = TRY_DEVICES,
		.process = ", \"capabilities\": {\"bounding\": "
			   "[\"CAP_MKNOD\", \"CAP_SYSLOG\"], \"permitted\": "
			   "[\"CAP_MKNOD\", \"CAP_SYSLOG\"], \"effective\": "
			   "[\"CAP_MKNOD\", \"CAP_SYSLOG\"]}",
		.linux_ =
			text(", \"resources\": {\"devices\": [%s]}", rules) });
	return OCI_RUN()->out;
}

START_TEST(only_allowed_devices_can_be_used)
{
	oci_begin(&(struct config){ 0 });
	ck_assert_str_eq(usable_devices("{\"allow\": false}"), "zero\n");
	ck_assert_str_eq(usable_devices("{\"allow\": false}, {\"allow\": true, "
					"\"type\": \"c\", \"major\": 1, "
					"\"minor\": 11, \"access\": \"r\"}"),
			 "zero\nkmsg\n");
	ck_assert_str_eq(usable_devices("{\"allow\": false}, {\"allow\": true, "
					"\"type\": \"c\", \"major\": 1, "
					"\"minor\": 11, \"access\": \"w\"}"),
			 "zero\n");
	ck_assert_str_eq(usable_devices("{\"allow\": true, \"access\": "
					"\"rwm\"}"),
			 "zero\nkmsg\n");
	/* "a" with a number is not "a" for all. */
	ck_assert_str_eq(usable_devices("{\"allow\": false}, {\"allow\": true, "
					"\"type\": \"a\", \"major\": 1, "
					"\"minor\": 3, \"access\": \"rwm\"}"),
			 "zero\n");
	oci_end();
}
END_TEST

/* The last rule decides; v1 cannot say this one, and has to say so. */
START_TEST(a_ban_within_what_is_allowed_holds)
{
	static const char rules[] =
		"{\"allow\": false}, {\"allow\": true, \"type\": \"c\", "
		"\"major\": 1, \"access\": \"rwm\"}, {\"allow\": false, "
		"\"type\": \"c\", \"major\": 1, \"minor\": 11}";

	oci_begin(&(struct config){ 0 });
	if (*v2_mount()) {
		ck_assert_str_eq(usable_devices(rules), "zero\n");
	} else {
		oci_write(&(struct config){
			.linux_ = text(", \"resources\": {\"devices\": [%s]}",
				       rules) });
		oci_refuses(WORDS("--root", OCI_STATES, "create", "--bundle",
				  OCI_BUNDLE, OCI_ID),
			    "devices[2]: cgroup v1 cannot except");
	}
	oci_end();
}
END_TEST

START_TEST(an_update_can_need_a_controller_more)
{
	struct running box;
	char *at;

	oci_begin(&(struct config){
		.script = "tail -f /dev/null & echo ready; read x" });
	box = oci_create(OCI_ID);
	ck_assert_int_eq(OCI("start", OCI_ID)->status, 0);
	expect(&box, "ready");
	ck_assert_int_eq(OCI("update", "--pids-limit", "30", OCI_ID)->status,
			 0);
	at = shell("find /sys/fs/cgroup/ -path '*/box.oci/pids.max'");
	ck_assert_str_eq(shell("cat %s", at), "30");
	ck_assert_str_eq(shell("wc -l <$(dirname %s)/cgroup.procs", at), "2");
	ck_assert_str_eq(oci_status(OCI_ID), "running");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	ck_assert_int_ne(access(at, F_OK), 0);
	oci_close(&box);
	oci_end();
}
END_TEST

/* The group of a container that may make groups of its own. */
#define OWNER_CONFIG(options)                                          \
	(&(struct config){                                             \
		.user = "{\"uid\": 7, \"gid\": 7}",                    \
		.mounts = ", {\"destination\": \"/sys\", \"type\": "   \
			  "\"tmpfs\"}, {\"destination\": "             \
			  "\"/sys/fs/cgroup\", \"type\": \"cgroup\", " \
			  "\"source\": \"cgroup\", \"options\": "      \
			  "[\"nosuid\"" options "]}" })

static char *owners_in(pid_t pid)
{
	return shell("cd %s$(sed -n 's/^0:://p' /proc/%d/cgroup) && stat -c "
		     "%%u . cgroup.procs cgroup.subtree_control cgroup.freeze",
		     v2_mount(), pid);
}

START_TEST(a_writable_mount_makes_its_user_the_owner_of_the_group)
{
	struct running box;

	if (!*v2_mount())
		skip("there is no cgroup v2");
	oci_begin(OWNER_CONFIG(""));
	box = oci_create(OCI_ID);
	ck_assert_str_eq(owners_in(oci_pid(OCI_ID)), "7\n7\n7\n0");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	oci_write(OWNER_CONFIG(", \"ro\""));
	box = oci_create(OCI_ID);
	ck_assert_str_eq(owners_in(oci_pid(OCI_ID)), "0\n0\n0\n0");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

/* A bundle and a place for states that are an ordinary user's. */
static void write_for_user(const char *linux_)
{
	oci_write(&(struct config){
		.script = "id -u",
		.mounts = "",
		.namespaces = "[{\"type\": \"user\"}, {\"type\": \"mount\"}, "
			      "{\"type\": \"pid\"}]",
		.linux_ = text(", \"uidMappings\": [{\"containerID\": 0, "
			       "\"hostID\": 65534, \"size\": 1}], "
			       "\"gidMappings\": [{\"containerID\": 0, "
			       "\"hostID\": 65534, \"size\": 1}]%s",
			       linux_) });
	shell("mkdir -p " OCI_STATES "/user; chown 65534 " OCI_STATES "/user; "
	      "chmod 755 /run/oci " OCI_STATES "; chmod 644 " OCI_BUNDLE
	      "/config.json");
}

static struct result *run_as_user(void)
{
	return run(&(struct manner){ .ordinary_user = true },
		   WORDS("--root", OCI_STATES "/user", "run", "--bundle",
			 OCI_BUNDLE, OCI_ID));
}

static const struct {
	const char *json, *refused; /* NULL: it runs */
} for_users[] = {
	{ "", NULL },
	{ ", \"cgroupsPath\": \"/engine/one\"", NULL },
	{ ", \"resources\": {\"devices\": [{\"allow\": false}]}", NULL },
	{ ", \"resources\": {\"pids\": {\"limit\": -1}}", NULL },
	{ ", \"resources\": {\"memory\": {\"limit\": 33554432}}",
	  "config.json: linux.resources.memory.limit: " },
	{ ", \"cgroupsPath\": \"/engine/one\", \"resources\": {\"pids\": "
	  "{\"limit\": 12}}",
	  "config.json: linux.resources.pids.limit: " },
};

START_TEST(a_user_without_a_group_runs_only_without_limits)
{
	oci_begin(&(struct config){ 0 });
	for (size_t i = 0; i < COUNT(for_users); i++) {
		const char *refused = for_users[i].refused;
		struct result *r;

		write_for_user(for_users[i].json);
		r = run_as_user();
		if (refused)
			ck_assert_msg(r->status == 1 && has(r->err, refused),
				      "%s: %s", for_users[i].json, r->err);
		else
			ck_assert_msg(strcmp(r->out, "0\n") == 0, "%s: %s",
				      for_users[i].json, r->err);
	}
	shell("rm -r " OCI_STATES "/user");
	oci_end();
}
END_TEST

/* v2: a group of the user's own, with this test's process in it. */
START_TEST(a_user_with_a_group_has_limits_there)
{
	char *group = host_group("given"), *home;
	struct result *r;

	if (!*v2_mount() ||
	    !has(shell("cat %s/cgroup.controllers", v2_mount()), "pids"))
		skip("cgroup v2 has no pids controller here");
	oci_begin(&(struct config){ 0 });
	write_for_user(", \"resources\": {\"pids\": {\"limit\": 12}}");
	home = shell("sed -n 's/^0:://p' /proc/$PPID/cgroup");
	shell("cd %s && echo +pids >cgroup.subtree_control; mkdir -p "
	      "given/here; chown 65534 given given/cgroup.procs "
	      "given/cgroup.subtree_control given/here "
	      "given/here/cgroup.procs; echo $PPID >given/here/cgroup.procs",
	      v2_mount());
	r = run_as_user();
	shell("echo $PPID >%s%s/cgroup.procs", v2_mount(), home);
	shell("rmdir %s/here %s/ten-steps %s", group, group, group);
	ck_assert_msg(strcmp(r->out, "0\n") == 0, "%s", r->err);
	shell("rm -r " OCI_STATES "/user");
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &a_path_leads_to_the_same_group_with_and_without_a_slash },
	{ "input", &paths_that_lead_elsewhere_are_refused },
	{ "safety", &a_group_with_processes_is_refused_and_they_live },
	{ "safety", &a_frozen_group_is_refused },
	{ "safety", &a_group_that_was_there_before_stays },
	{ "safety", &the_group_of_a_stopped_container_is_not_for_another },
	{ "safety", &only_allowed_devices_can_be_used },
	{ "safety", &a_ban_within_what_is_allowed_holds },
	{ "safety", &an_update_can_need_a_controller_more },
	{ "safety", &a_writable_mount_makes_its_user_the_owner_of_the_group },
	{ "safety", &a_user_without_a_group_runs_only_without_limits },
	{ "safety", &a_user_with_a_group_has_limits_there },
	{ 0 },
};
