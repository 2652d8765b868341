/* Stage 10: --no-pivot, where the host's mounts stay below the container's. */
#include <unistd.h>

#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

/* A procfs of one's own would be one without masks. */
#define MOUNT_PROC                                                        \
	"unshare -mrpf sh -c 'mount -t proc -o nosuid,nodev,noexec none " \
	"/proc && echo bare; "                                            \
	"mount -t sysfs none /sys && echo bare' 2>/dev/null; echo done"

#define CAPS                                                     \
	", \"capabilities\": {\"bounding\": [\"CAP_SETFCAP\"], " \
	"\"permitted\": [\"CAP_SETFCAP\"], \"effective\": "      \
	"[\"CAP_SETFCAP\"]}"
#define MASKS ", \"maskedPaths\": [\"/proc/keys\", \"/sys/firmware\"]"
#define SYSFS                                                             \
	", {\"destination\": \"/sys\", \"type\": \"sysfs\", \"source\": " \
	"\"sysfs\"}, {\"destination\": \"/sys/kernel\", \"type\": "       \
	"\"tmpfs\", \"source\": \"tmpfs\"}"
#define USERS                                                   \
	", \"uidMappings\": [{\"containerID\": 0, \"hostID\": " \
	"100000, \"size\": 10}], \"gidMappings\": [{"           \
	"\"containerID\": 0, \"hostID\": 100000, \"size\": 10}]"

static char *without_pivot(const struct config *config)
{
	struct result *r;

	oci_begin(config);
	r = OCI("run", "--no-pivot", "--bundle", OCI_BUNDLE, OCI_ID);
	ck_assert_msg(r->status == 0, "exit status %d: %s", r->status, r->err);
	oci_end();
	return r->out;
}

START_TEST(no_bare_proc_or_sys_can_be_mounted)
{
	ck_assert_str_eq(without_pivot(&(struct config){ .script = MOUNT_PROC,
							 .process = CAPS,
							 .mounts = SYSFS,
							 .linux_ = MASKS }),
			 "done\n");
}
END_TEST

/* There the host's mounts cannot be removed, only covered. */
START_TEST(nor_in_a_user_namespace)
{
	ck_assert_str_eq(
		without_pivot(&(struct config){
			.script = MOUNT_PROC,
			.process = CAPS,
			.namespaces = "[{\"type\": \"pid\"}, {\"type\": "
				      "\"mount\"}, {\"type\": \"network\"}, "
				      "{\"type\": \"user\"}]",
			.mounts = SYSFS,
			.linux_ = USERS MASKS }),
		"done\n");
}
END_TEST

/* Wherever the host has one, and also if it has two on top of each other. */
START_TEST(nor_by_another_proc_of_the_host)
{
	char *out;

	shell("mkdir -p '/run/an other/proc'\n"
	      "mount -t proc proc '/run/an other/proc'\n"
	      "mount -t proc proc '/run/an other/proc'");
	out = without_pivot(&(struct config){ .script = MOUNT_PROC,
					      .process = CAPS,
					      .mounts = SYSFS,
					      .linux_ = MASKS });
	ck_assert_str_eq(
		shell("mountpoint -q '/run/an other/proc' && echo there"),
		"there");
	shell("umount '/run/an other/proc' '/run/an other/proc'\n"
	      "rm -r '/run/an other'");
	ck_assert_str_eq(out, "done\n");
}
END_TEST

/* It would still count for the kernel, and nobody could take it away. */
START_TEST(one_that_no_path_leads_to_is_an_error)
{
	struct result *r;

	shell("mkdir -p /run/lost/proc; mount -t proc proc /run/lost/proc\n"
	      "mount -t tmpfs tmpfs /run/lost");
	oci_begin(&(struct config){ .script = "true" });
	r = OCI("run", "--no-pivot", "--bundle", OCI_BUNDLE, OCI_ID);
	shell("umount /run/lost; umount /run/lost/proc; rm -r /run/lost");
	ck_assert_int_eq(r->status, 1);
	if (own_program())
		ck_assert_msg(has(r->err, "hide the host's /run/lost/proc"),
			      "%s", r->err);
	oci_end();
}
END_TEST

START_TEST(the_containers_own_are_there)
{
	ck_assert_str_eq(
		without_pivot(&(struct config){
			.script = "cat /proc/1/comm; ls -d /sys/class/net",
			.mounts = ", {\"destination\": \"/sys\", \"type\": "
				  "\"sysfs\", \"source\": \"sysfs\"}" }),
		"sh\n/sys/class/net\n");
}
END_TEST

#define ADMIN ", \"capabilities\": {\"bounding\": [\"CAP_SYS_ADMIN\"]}"
#define NAMESPACES                                      \
	"[{\"type\": \"pid\"}, {\"type\": \"mount\"}, " \
	"{\"type\": \"network\"}, {\"type\": \"user\"}]"

/* It would umount its root, and enter its mount namespace anew. */
START_TEST(nobody_inside_can_uncover_the_hosts_root)
{
	struct running box;

	oci_begin(&(struct config){
		.process = ADMIN, .namespaces = NAMESPACES, .linux_ = USERS });
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--no-pivot", "--bundle",
			  OCI_BUNDLE, OCI_ID),
		    "--no-pivot and CAP_SYS_ADMIN in a user namespace");
	oci_write(&(struct config){ .script = "echo ready; read x; true",
				    .namespaces = NAMESPACES,
				    .linux_ = USERS });
	box = start(&(struct manner){ 0 },
		    WORDS("--root", OCI_STATES, "run", "--no-pivot", "--bundle",
			  OCI_BUNDLE, OCI_ID));
	expect(&box, "ready");
	oci_refuses(WORDS("--root", OCI_STATES, "exec", "--cap",
			  "CAP_SYS_ADMIN", OCI_ID, "true"),
		    "--no-pivot and CAP_SYS_ADMIN in a user namespace");
	ck_assert_int_eq(OCI("exec", OCI_ID, "true")->status, 0);
	ck_assert_int_eq(finish(&box)->status, 0);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &no_bare_proc_or_sys_can_be_mounted },
	{ "safety", &nor_in_a_user_namespace },
	{ "safety", &nor_by_another_proc_of_the_host },
	{ "safety", &one_that_no_path_leads_to_is_an_error },
	{ "safety", &nobody_inside_can_uncover_the_hosts_root },
	{ "safety", &the_containers_own_are_there },
	{ 0 },
};
