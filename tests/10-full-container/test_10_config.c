/* Stage 10: what config.json says is so inside. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/10-full-container/image.h"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "10-full-container";

/* Run a container of this kind, which has to succeed; what it prints. */
static char *printed_by(const struct config *config)
{
	struct result *r;

	oci_begin(config);
	r = OCI_RUN();
	ck_assert_msg(r->status == 0, "exit status %d: %s", r->status, r->err);
	oci_end();
	return r->out;
}

START_TEST(the_user_and_the_groups)
{
	ck_assert_str_eq(
		printed_by(&(struct config){
			.script = "id -u; id -g; id -G; umask",
			.user = "{\"uid\": 1000, \"gid\": 1001, \"umask\": 63, "
				"\"additionalGids\": [5, 6]}" }),
		"1000\n1001\n1001 5 6\n0077\n");
}
END_TEST

START_TEST(the_environment_and_the_directory)
{
	ck_assert_str_eq(
		printed_by(&(struct config){
			.script = "pwd; env | grep -e COLOR -e PATH | sort",
			.cwd = "/tmp",
			.env = ", \"COLOR=blue\"" }),
		"/tmp\nCOLOR=blue\nPATH=/bin\n");
}
END_TEST

START_TEST(the_capabilities_in_all_five_sets)
{
	char *out = printed_by(&(struct config){
		.script = "cat /proc/self/status",
		.user = "{\"uid\": 1000, \"gid\": 1000}",
		.process = ", \"capabilities\": {"
			   "\"bounding\": [\"CAP_KILL\", \"CAP_CHOWN\"],"
			   "\"permitted\": [\"CAP_KILL\", \"CAP_CHOWN\"],"
			   "\"effective\": [\"CAP_KILL\"],"
			   "\"inheritable\": [\"CAP_KILL\"],"
			   "\"ambient\": [\"CAP_KILL\"]}" });

	/* The exec leaves of what was permitted only the ambient part. */
	ck_assert_uint_eq(status_set(out, "CapBnd"), BIT(5) | BIT(0));
	ck_assert_uint_eq(status_set(out, "CapPrm"), BIT(5));
	ck_assert_uint_eq(status_set(out, "CapEff"), BIT(5));
	ck_assert_uint_eq(status_set(out, "CapInh"), BIT(5));
	ck_assert_uint_eq(status_set(out, "CapAmb"), BIT(5));
}
END_TEST

START_TEST(without_capabilities_root_has_none)
{
	char *out = printed_by(
		&(struct config){ .script = "cat /proc/self/status" });

	ck_assert_uint_eq(status_set(out, "CapBnd"), 0);
	ck_assert_uint_eq(status_set(out, "CapEff"), 0);
}
END_TEST

START_TEST(no_new_privileges_only_if_asked_for)
{
	ck_assert(has(printed_by(&(struct config){
			      .script = "cat /proc/self/status",
			      .process = ", \"noNewPrivileges\": true" }),
		      "NoNewPrivs:\t1"));
	ck_assert(has(printed_by(&(struct config){
			      .script = "cat /proc/self/status" }),
		      "NoNewPrivs:\t0"));
}
END_TEST

START_TEST(the_limits_of_a_process)
{
	ck_assert_str_eq(
		printed_by(&(struct config){
			.script = "ulimit -n; ulimit -c",
			.process = ", \"rlimits\": [{\"type\": "
				   "\"RLIMIT_NOFILE\", \"soft\": 100, "
				   "\"hard\": 200}, {\"type\": \"RLIMIT_CORE\","
				   " \"soft\": 0, \"hard\": 0}]" }),
		"100\n0\n");
}
END_TEST

START_TEST(the_out_of_memory_score)
{
	ck_assert_str_eq(printed_by(&(struct config){
				 .script = "cat /proc/self/oom_score_adj",
				 .process = ", \"oomScoreAdj\": 321" }),
			 "321\n");
}
END_TEST

START_TEST(the_host_name_and_the_domain_name)
{
	ck_assert_str_eq(
		printed_by(&(struct config){
			.script = "hostname; cat /proc/sys/kernel/domainname",
			.top = ", \"hostname\": \"h\", \"domainname\": "
			       "\"d\"" }),
		"h\nd\n");
	ck_assert_str_eq(shell("hostname"), "host");
}
END_TEST

START_TEST(masked_paths_are_empty_and_readonly_paths_cannot_be_written)
{
	ck_assert_str_eq(
		printed_by(&(struct config){
			.script = "cat /proc/version; ls /proc/irq; "
				  "touch /proc/irq/x || echo masked; "
				  "echo x > /proc/sys/kernel/hostname || "
				  "echo read-only",
			.linux_ = ", \"maskedPaths\": [\"/proc/version\", "
				  "\"/proc/irq\", \"/not/there\"], "
				  "\"readonlyPaths\": [\"/proc/sys\", "
				  "\"/not/there\"]" }),
		"masked\nread-only\n");
}
END_TEST

START_TEST(the_root_can_be_read_only)
{
	ck_assert_str_eq(
		printed_by(&(struct config){
			.script = "touch /x 2> /dev/null || echo read-only; "
				  "touch /mnt/x && echo but not what is "
				  "mounted",
			.root = text("{\"path\": \"%s\", \"readonly\": true}",
				     rootfs()) }),
		"read-only\nbut not what is mounted\n");
}
END_TEST

START_TEST(a_mount_has_its_options)
{
	char *out = printed_by(&(struct config){
		.script = "grep ' /tmp ' /proc/mounts",
		.mounts = ", {\"destination\": \"/tmp\", \"type\": \"tmpfs\", "
			  "\"source\": \"mine\", \"options\": [\"noexec\", "
			  "\"nosuid\", \"ro\", \"size=64k\"]}" });

	ck_assert_msg(has(out, "mine /tmp tmpfs ro,nosuid,noexec") &&
			      has(out, "size=64k"),
		      "%s", out);
}
END_TEST

START_TEST(a_read_only_bind_is_so_with_what_is_below_it)
{
	char *out;

	shell("mkdir -p /run/tree/below; mount -n -t tmpfs none "
	      "/run/tree/below");
	out = printed_by(&(struct config){
		.script = "touch /tmp/below/x 2> /dev/null || echo read-only",
		.mounts =
			", {\"destination\": \"/tmp\", \"source\": "
			"\"/run/tree\", \"options\": [\"rbind\", \"rro\"]}" });
	shell("umount -n /run/tree/below; rm -r /run/tree");
	ck_assert_str_eq(out, "read-only\n");
}
END_TEST

/* An image is not trusted: its links are followed as if it were the root. */
START_TEST(a_link_in_the_image_does_not_lead_a_mount_out)
{
	char *outside;

	make_image();
	shell("mkdir /run/outside; ln -s ../../../../run/outside " IMAGE "/up; "
	      "ln -s /run/outside " IMAGE
	      "/absolute; ln -s /proc/self/root/run " IMAGE "/magic");
	printed_by(&(struct config){
		.script = "true",
		.root = "{\"path\": \"" IMAGE "\"}",
		.mounts = ", {\"destination\": \"/up/a\", \"type\": \"tmpfs\"},"
			  "{\"destination\": \"/absolute/b\", \"type\": "
			  "\"tmpfs\"}, {\"destination\": \"/../../run/outside/"
			  "c\", \"type\": \"tmpfs\"}" });
	outside = shell("ls /run/outside");
	shell("rmdir /run/outside");
	remove_image();
	ck_assert_str_eq(outside, "");
}
END_TEST

START_TEST(devices_are_there_and_of_the_standard_kind)
{
	ck_assert_str_eq(
		printed_by(&(struct config){
			.script =
				"cd /dev; stat -c '%n %t,%T %a' null zero "
				"full random urandom tty mine; "
				"for x in fd ptmx stdin; do readlink $x; done",
			.linux_ = ", \"devices\": [{\"path\": \"/dev/mine\", "
				  "\"type\": \"c\", \"major\": 1, \"minor\": "
				  "3, \"fileMode\": 384}]" }),
		"null 1,3 666\nzero 1,5 666\nfull 1,7 666\nrandom 1,8 666\n"
		"urandom 1,9 666\ntty 5,0 666\nmine 1,3 600\n"
		"/proc/self/fd\npts/ptmx\n/proc/self/fd/0\n");
}
END_TEST

START_TEST(kernel_parameters_of_its_own)
{
	char *before = file_text("/proc/sys/kernel/shmmax");

	ck_assert_str_eq(
		printed_by(&(struct config){
			.script = "cat /proc/sys/kernel/shmmax "
				  "/proc/sys/net/ipv4/ip_forward",
			.linux_ = ", \"sysctl\": {\"kernel.shmmax\": "
				  "\"123456\", \"net.ipv4.ip_forward\": "
				  "\"1\"}" }),
		"123456\n1\n");
	ck_assert_str_eq(file_text("/proc/sys/kernel/shmmax"), before);
}
END_TEST

START_TEST(shifted_clocks)
{
	char *out = printed_by(&(struct config){
		.script = "cat /proc/self/timens_offsets",
		.namespaces = "[{\"type\": \"pid\"}, {\"type\": \"mount\"}, "
			      "{\"type\": \"time\"}]",
		.linux_ = ", \"timeOffsets\": {\"boottime\": {\"secs\": 100, "
			  "\"nanosecs\": 5}}" });

	ck_assert_msg(has(out, "boottime          100         5"), "%s", out);
}
END_TEST

START_TEST(a_system_call_can_be_denied)
{
	char *out = printed_by(&(struct config){
		.script = "mkdir /mnt/x 2>&1; true",
		.linux_ = ", \"seccomp\": {\"defaultAction\": "
			  "\"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": "
			  "[\"mkdir\", \"mkdirat\", \"no_such_call\"], "
			  "\"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": "
			  "28}]}" });

	ck_assert_msg(has(out, "No space left"), "%s", out);
}
END_TEST

START_TEST(another_containers_namespaces_can_be_joined)
{
	struct running other;
	pid_t pid;

	oci_begin(&(struct config){ 0 });
	other = oci_create("other");
	pid = oci_pid("other");
	oci_write(&(struct config){
		.script = "readlink /proc/self/ns/net; readlink "
			  "/proc/self/ns/ipc",
		.namespaces = text(
			"[{\"type\": \"mount\"}, {\"type\": \"network\", "
			"\"path\": \"/proc/%d/ns/net\"}, {\"type\": \"ipc\", "
			"\"path\": \"/proc/%d/ns/ipc\"}]",
			pid, pid) });
	ck_assert_str_eq(OCI_RUN()->out,
			 text("%s\n%s\n", link_text("/proc/%d/ns/net", pid),
			      link_text("/proc/%d/ns/ipc", pid)));
	OCI("delete", "--force", "other");
	oci_close(&other);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &the_user_and_the_groups },
	{ "safety", &the_environment_and_the_directory },
	{ "safety", &the_capabilities_in_all_five_sets },
	{ "safety", &without_capabilities_root_has_none },
	{ "safety", &no_new_privileges_only_if_asked_for },
	{ "safety", &the_limits_of_a_process },
	{ "safety", &the_out_of_memory_score },
	{ "safety", &the_host_name_and_the_domain_name },
	{ "safety",
	  &masked_paths_are_empty_and_readonly_paths_cannot_be_written },
	{ "safety", &the_root_can_be_read_only },
	{ "safety", &a_mount_has_its_options },
	{ "safety", &a_read_only_bind_is_so_with_what_is_below_it },
	{ "safety", &a_link_in_the_image_does_not_lead_a_mount_out },
	{ "safety", &devices_are_there_and_of_the_standard_kind },
	{ "safety", &kernel_parameters_of_its_own },
	{ "safety", &shifted_clocks },
	{ "safety", &a_system_call_can_be_denied },
	{ "safety", &another_containers_namespaces_can_be_joined },
	{ 0 },
};
