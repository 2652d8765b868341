/* Stage 10: an image, its neighbours and its config.json wish us ill. */
#include <linux/keyctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define RUN_BOX \
	WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE, OCI_ID)
#define IMAGE "/run/oci/image"

static void refused(const struct config *config, const char *piece)
{
	oci_write(config);
	oci_refuses(RUN_BOX, piece);
}

/* An image of one's own, to put links in. */
static void begin_with_image(void)
{
	oci_begin(&(struct config){ 0 });
	shell("cp -a %s " IMAGE, rootfs());
}

#define IN_IMAGE     .root = "{\"path\": \"" IMAGE "\"}"
#define TMPFS(place) ", {\"destination\": \"" place "\", \"type\": \"tmpfs\"}"
#define BIND(source, place)                                        \
	", {\"destination\": \"" place "\", \"source\": \"" source \
	"\", \"options\": [\"rbind\"]}"

START_TEST(a_link_does_not_lead_a_mount_over_the_root_or_proc)
{
	begin_with_image();
	shell("ln -s / " IMAGE "/all; ln -s /proc/self " IMAGE "/own");
	refused(&(struct config){ IN_IMAGE, .mounts = TMPFS("/all") },
		"that is the root itself");
	refused(&(struct config){ IN_IMAGE, .mounts = TMPFS("/own/attr") },
		"that is a file of /proc");
	refused(&(struct config){ IN_IMAGE, .mounts = TMPFS("/proc/sys") },
		"that is a file of /proc");
	refused(&(struct config){ IN_IMAGE,
				  .mounts = BIND(OCI_SHARED, "/proc") },
		"what goes there must be a procfs");
	oci_end();
}
END_TEST

START_TEST(what_lxcfs_shows_may_be_replaced)
{
	begin_with_image();
	shell("echo 5 of 7 > " OCI_SHARED "/load");
	oci_write(&(struct config){
		IN_IMAGE, .script = "cat /proc/loadavg",
		.mounts = BIND(OCI_SHARED "/load", "/proc/loadavg") });
	ck_assert_str_eq(OCI_RUN()->out, "5 of 7\n");
	oci_end();
}
END_TEST

START_TEST(a_link_does_not_lead_devices_to_a_volume)
{
	begin_with_image();
	shell("rm -rf " IMAGE "/dev; ln -s mnt " IMAGE "/dev");
	shell("mkdir -p " IMAGE "/mnt");
	refused(&(struct config){ IN_IMAGE }, "mount on /dev");
	ck_assert_str_eq(shell("ls " OCI_SHARED), "");
	oci_end();
}
END_TEST

/* Not one that stays inside either: what looks for it would look elsewhere. */
START_TEST(proc_and_sys_are_not_moved_by_a_link)
{
	begin_with_image();
	shell("rm -r " IMAGE "/sys; ln -s mnt " IMAGE "/sys");
	refused(&(struct config){ IN_IMAGE,
				  .mounts = ", {\"destination\": \"/sys\", "
					    "\"type\": \"sysfs\"}" },
		"mount on /sys");
	shell("rm -r " IMAGE "/proc; ln -s mnt " IMAGE "/proc");
	refused(&(struct config){ IN_IMAGE }, "mount on /proc");
	oci_end();
}
END_TEST

/*
 * Each is to be made, and leads to the next by a way of 2000 directories.  The
 * kernel may give up first (ELOOP): it counts a link twice if it has to look
 * again, as when somebody mounts meanwhile.
 */
START_TEST(links_to_what_is_to_be_made_come_to_an_end)
{
	begin_with_image();
	shell("cd " IMAGE "; deep=$(printf '/a%%.0s' $(seq 2000)); "
	      "for i in $(seq 30); do ln -s /link$((i + 1))$deep link$i; done");
	refused(&(struct config){ IN_IMAGE, .mounts = TMPFS("/link1") },
		"symbolic links");
	oci_end();
}
END_TEST

/* /proc/kmsg has no end, and what is read there is gone for the host. */
START_TEST(a_file_of_proc_as_etc_passwd_is_not_read)
{
	struct running box;

	begin_with_image();
	shell("mkdir -p " IMAGE "/etc; ln -sf /proc/kmsg " IMAGE "/etc/passwd");
	oci_write(&(struct config){ IN_IMAGE, .script = "echo $HOME; read x" });
	box = start(NULL, RUN_BOX);
	ck_assert_str_eq(next_line(&box), "/");
	ck_assert_str_eq(OCI("exec", OCI_ID, "sh", "-c", "echo $HOME")->out,
			 "/\n");
	feed(&box, "\n");
	finish(&box);
	oci_end();
}
END_TEST

/* The links are for the host's root; the container has other files there. */
START_TEST(a_link_leads_masked_and_readonly_paths_to_what_is_inside)
{
	begin_with_image();
	shell("ln -s ../../../../../../etc/hosts " IMAGE "/masked");
	shell("ln -s ../../../../../../tmp " IMAGE "/readonly");
	oci_write(&(struct config){
		IN_IMAGE,
		.script = "cat /etc/hosts; touch /tmp/x || echo refused",
		.linux_ = ", \"maskedPaths\": [\"/masked\"], "
			  "\"readonlyPaths\": [\"/readonly\"]" });
	ck_assert_str_eq(OCI_RUN()->out, "refused\n");
	oci_end();
}
END_TEST

/* /dev/null is that of this host alone: where this fails, it is changed. */
START_TEST(the_file_that_masks_cannot_be_changed)
{
	oci_begin(&(struct config){
		.script = "chmod 600 /proc/keys && echo changed; "
			  "chown 7 /proc/keys && echo changed; "
			  "cat /proc/keys; echo x > /proc/keys",
		.process = ", \"capabilities\": {\"bounding\": [\"CAP_CHOWN\", "
			   "\"CAP_FOWNER\"], \"permitted\": [\"CAP_CHOWN\", "
			   "\"CAP_FOWNER\"], \"effective\": [\"CAP_CHOWN\", "
			   "\"CAP_FOWNER\"]}",
		.linux_ = ", \"maskedPaths\": [\"/proc/keys\"]" });
	shell("mknod -m 666 /run/oci/null c 1 3");
	shell("mount --bind /run/oci/null /dev/null");
	ck_assert_str_eq(OCI_RUN()->out, "");
	ck_assert_str_eq(shell("stat -c '%%a %%u' /dev/null"), "666 0");
	shell("umount /dev/null");
	oci_end();
}
END_TEST

START_TEST(a_write_to_proc_does_not_go_to_what_is_mounted_there)
{
	oci_begin(&(struct config){ 0 });
	shell("echo untouched > /run/oci/file");
	shell("mount --bind /run/oci/file /proc/sys/kernel/domainname");
	refused(&(struct config){ .linux_ = ", \"sysctl\": "
					    "{\"kernel.domainname\": \"x\"}" },
		"kernel.domainname");
	ck_assert_str_eq(shell("cat /run/oci/file"), "untouched");
	shell("umount /proc/sys/kernel/domainname");
	oci_end();
}
END_TEST

/* With a file where the kernel would be asked, nothing would be done. */
START_TEST(a_proc_that_is_not_the_kernels_is_refused)
{
	char *said;

	oci_begin(&(struct config){ 0 });
	said = shell("unshare -m sh -c 'mount -t tmpfs tmpfs /proc; ln -s $$ "
		     "/proc/self; exec %s "
		     "--root " OCI_STATES " run --bundle " OCI_BUNDLE " box' "
		     "2>&1 || true",
		     program_under_test());
	ck_assert_msg(has(said, "/proc is not the kernel's"), "%s", said);
	oci_end();
}
END_TEST

/* Of exec's process: it is the first of a session, and prints the two ids. */
START_TEST(variables_and_the_terminal_of_the_caller_are_not_inherited)
{
	struct running box;
	int pid = 0, session = 1;

	setenv("SECRET", "of the engine", true);
	oci_begin(&(struct config){
		.script = "env | grep SECRET; cut -d' ' -f 6,7 /proc/1/stat; "
			  "read x" });
	box = start(NULL, RUN_BOX);
	ck_assert_str_eq(next_line(&box), "1 0");
	ck_assert_str_eq(OCI("exec", OCI_ID, "printenv", "SECRET")->out, "");
	sscanf(OCI("exec", OCI_ID, "cut", "-d", " ", "-f", "1,6",
		   "/proc/self/stat")
		       ->out,
	       "%d %d", &pid, &session);
	ck_assert_int_eq(pid, session);
	feed(&box, "\n");
	finish(&box);
	oci_end();
}
END_TEST

START_TEST(a_path_to_the_hosts_own_namespace_makes_it_not_the_containers)
{
	oci_begin(&(struct config){ 0 });
	refused(
		&(struct config){
			.namespaces = "[{\"type\": \"mount\"}, {\"type\": "
				      "\"uts\", \"path\": \"/proc/1/ns/uts\"}]",
			.top = ", \"hostname\": \"owned\"" },
		"hostname");
	refused(
		&(struct config){
			.namespaces =
				"[{\"type\": \"mount\"}, {\"type\": "
				"\"network\", \"path\": \"/proc/1/ns/net\"}]",
			.linux_ = ", \"sysctl\": {\"net.ipv4.ip_forward\": "
				  "\"1\"}" },
		"linux.sysctl.net.ipv4.ip_forward");
	ck_assert_str_eq(shell("hostname"), "host");
	oci_end();
}
END_TEST

#define KEY "secret-of-the-engine"

static void keep_key(void)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0)
		skip("this kernel keeps no keys");
	ck_assert_int_gt(syscall(SYS_add_key, "user", KEY, "x", 1,
				 KEY_SPEC_SESSION_KEYRING),
			 0);
}

START_TEST(keys_of_the_caller_are_not_inherited)
{
	struct running box;

	keep_key();
	oci_begin(&(struct config){ .script = "/mnt/sessionkey " KEY
					      "; echo $?; read x" });
	shell("cp %s/oci/sessionkey " OCI_SHARED, getenv("ATTACKS"));
	ck_assert_str_eq(shell(OCI_SHARED "/sessionkey " KEY "; echo $?"), "0");
	box = start(NULL, RUN_BOX);
	expect(&box, "1");
	ck_assert_int_eq(OCI("exec", OCI_ID, "/mnt/sessionkey", KEY)->status,
			 1);
	feed(&box, "\n");
	finish(&box);
	oci_end();
}
END_TEST

/* ---- config.json ---- */

START_TEST(what_is_wrong_in_the_text_is_named_by_its_path)
{
	static const char *const texts[][2] = {
		{ "{\"a\": {\"b\": [1, {\"c\": \"x\\u0000\"}]}}",
		  "a.b[1].c: has a zero byte" },
		{ "{\"linux\": {\"resources\": {\"memory\": {\"limit\": 1, "
		  "\"limit\": 2}}}}",
		  "linux.resources.memory.limit: line 1" },
		{ "{\"process\": {\"rlimits\": [{\"soft\": "
		  "99999999999999999999}]}}",
		  "process.rlimits[0].soft: line 1" },
		{ "{\"process\": {\"args\": [\"sh\", 1e999]}}",
		  "process.args[1]: line 1" },
		{ "{\"ociVersion\": \"1.0.2\", \"annotations\": {\"a\": 1}}",
		  "annotations.a: 1 is not a string" },
		{ "{\"ociVersion\": \"1.0.2\", \"root\": {\"path\": "
		  "18446744073709551615}}",
		  "root.path: 18446744073709551615 is not a string" },
	};

	oci_begin(&(struct config){ 0 });
	for (size_t i = 0; i < COUNT(texts); i++) {
		FILE *file = fopen(OCI_BUNDLE "/config.json", "w");

		fputs(texts[i][0], file);
		fclose(file);
		oci_refuses(RUN_BOX, texts[i][1]);
	}
	oci_end();
}
END_TEST

START_TEST(a_config_that_is_no_file_is_refused)
{
	oci_begin(&(struct config){ 0 });
	shell("rm " OCI_BUNDLE "/config.json; mkfifo " OCI_BUNDLE
	      "/config.json");
	oci_refuses(RUN_BOX, "is not a file");
	oci_end();
}
END_TEST

START_TEST(only_the_owner_may_start_a_container_whatever_the_umask)
{
	struct running box;
	mode_t before;

	oci_begin(&(struct config){ .script = "true" });
	before = umask(0);
	box = oci_create(OCI_ID);
	umask(before);
	ck_assert_str_eq(shell("stat -c %%a " OCI_STATES "/" OCI_ID "/start"),
			 "600");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

/* As an exec or a start that is killed before it has said what it wants. */
START_TEST(who_knocks_and_says_nothing_changes_nothing)
{
	struct sockaddr_un address = { AF_UNIX,
				       OCI_STATES "/" OCI_ID "/start" };
	struct running box;

	oci_begin(&(struct config){ .script = "echo ran" });
	box = oci_create(OCI_ID);
	for (int i = 0; i < 3; i++) {
		int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

		ck_assert_int_eq(connect(fd, (struct sockaddr *)&address,
					 sizeof(address)),
				 0);
		close(fd);
	}
	ck_assert_int_eq(OCI("start", OCI_ID)->status, 0);
	ck_assert_str_eq(next_line(&box), "ran");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &a_link_does_not_lead_a_mount_over_the_root_or_proc },
	{ "safety", &what_lxcfs_shows_may_be_replaced },
	{ "safety", &a_link_does_not_lead_devices_to_a_volume },
	{ "safety", &links_to_what_is_to_be_made_come_to_an_end },
	{ "safety", &a_file_of_proc_as_etc_passwd_is_not_read },
	{ "safety", &proc_and_sys_are_not_moved_by_a_link },
	{ "safety", &a_link_leads_masked_and_readonly_paths_to_what_is_inside },
	{ "safety", &the_file_that_masks_cannot_be_changed },
	{ "safety", &a_proc_that_is_not_the_kernels_is_refused },
	{ "safety",
	  &variables_and_the_terminal_of_the_caller_are_not_inherited },
	{ "safety", &a_write_to_proc_does_not_go_to_what_is_mounted_there },
	{ "safety",
	  &a_path_to_the_hosts_own_namespace_makes_it_not_the_containers },
	{ "safety", &keys_of_the_caller_are_not_inherited },
	{ "safety", &only_the_owner_may_start_a_container_whatever_the_umask },
	{ "safety", &who_knocks_and_says_nothing_changes_nothing },
	{ "input", &what_is_wrong_in_the_text_is_named_by_its_path },
	{ "input", &a_config_that_is_no_file_is_refused },
	{ 0 },
};
