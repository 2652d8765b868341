/* Stage 10: what runc and crun do where the specification is silent. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define IMAGE    "/run/oci/image"
#define IN_IMAGE .root = "{\"path\": \"" IMAGE "\"}"
#define TMPFS(place, options)                                      \
	", {\"destination\": \"" place "\", \"type\": \"tmpfs\", " \
	"\"options\": [" options "]}"
#define MAPS                                                           \
	", \"uidMappings\": [{\"containerID\": 0, \"hostID\": 100000," \
	" \"size\": 65536}], \"gidMappings\": [{\"containerID\": 0, "  \
	"\"hostID\": 100000, \"size\": 65536}]"

static void begin_with_image(const char *script)
{
	oci_begin(&(struct config){ 0 });
	shell("cp -a %s " IMAGE "; cd " IMAGE "; %s", rootfs(), script);
}

static char *prints(const struct config *config)
{
	struct result *r;

	oci_write(config);
	r = OCI_RUN();
	ck_assert_msg(r->status == 0, "exit status %d: %s", r->status, r->err);
	return r->out;
}

/* Or `docker run --tmpfs /root` would be open to everybody. */
START_TEST(a_tmpfs_has_the_mode_of_what_it_hides)
{
	begin_with_image("mkdir -m 710 there");
	ck_assert_str_eq(
		prints(&(struct config){
			IN_IMAGE,
			.script = "stat -c %a /there; touch /there/x "
				  "2>/dev/null || echo read-only",
			.mounts = TMPFS("/there", "\"ro\", \"nosuid\"") }),
		"710\nread-only\n");
	ck_assert_str_eq(
		prints(&(struct config){
			IN_IMAGE, .script = "stat -c %a /there /missing",
			.mounts = TMPFS("/there", "\"size=1m\", \"mode=701\"")
				TMPFS("/missing", "") }),
		"701\n1777\n");
	oci_end();
}
END_TEST

START_TEST(what_is_copied_up_keeps_its_mode)
{
	begin_with_image("mkdir -m 2775 there; touch there/own there/all; "
			 "mkdir -m 1777 there/sub; touch there/sub/x; "
			 "chown 7:8 there/own; chmod 6755 there/own; "
			 "chmod 666 there/all; chmod 1777 there/sub");
	umask(077);
	ck_assert_str_eq(
		prints(&(struct config){
			IN_IMAGE,
			.script = "cd /there; stat -c '%a %u:%g %n' . own all "
				  "sub; ls sub",
			.mounts = TMPFS("/there", "\"tmpcopyup\"") }),
		"2775 0:0 .\n6755 7:8 own\n666 0:0 all\n3777 0:0 sub\nx\n");
	umask(022);
	oci_end();
}
END_TEST

START_TEST(a_missing_cwd_is_made_before_the_root_is_read_only)
{
	begin_with_image("");
	umask(077);
	ck_assert_str_eq(
		prints(&(struct config){
			.root = "{\"path\": \"" IMAGE "\", \"readonly\": true}",
			.cwd = "/srv/new",
			.script = "pwd; stat -c %a .; touch x 2>/dev/null || "
				  "echo read-only" }),
		"/srv/new\n755\nread-only\n");
	umask(022);
	oci_end();
}
END_TEST

START_TEST(exec_makes_no_directory)
{
	struct running box;
	struct result *r;

	oci_begin(&(struct config){ .mounts = TMPFS("/tmp", "") });
	box = oci_start(OCI_ID);
	r = OCI("exec", "--cwd", "/tmp/new", OCI_ID, "true");
	ck_assert_int_ne(r->status, 0);
	if (own_program())
		ck_assert_msg(has(r->err, "enter the directory /tmp/new: No "
					  "such file or directory (ENOENT)"),
			      "%s", r->err);
	ck_assert_str_eq(OCI("exec", OCI_ID, "ls", "/tmp")->out, "");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

START_TEST(what_is_mounted_on_the_root_is_the_root)
{
	begin_with_image("touch MARK");
	ck_assert_str_eq(
		prints(&(struct config){
			.script = "ls /MARK; ls -d /proc/self /mnt",
			.root = text("{\"path\": \"%s\", \"readonly\": true}",
				     rootfs()),
			.mounts = ", {\"destination\": \"/\", \"source\": "
				  "\"" IMAGE "\", \"options\": [\"rbind\"]}, "
				  "{\"destination\": \"/proc\", \"type\": "
				  "\"proc\"}" }),
		"/MARK\n/mnt\n/proc/self\n");
	ck_assert_str_eq(
		prints(&(struct config){
			IN_IMAGE, .script = "echo x > /new; ls /MARK /new",
			.mounts = TMPFS("/", "\"tmpcopyup\"") }),
		"/MARK\n/new\n");
	ck_assert_int_ne(access(IMAGE "/new", F_OK), 0);
	oci_end();
}
END_TEST

START_TEST(a_slash_at_the_end_of_a_device_is_dropped)
{
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "stat -c %F /dev/more",
			.linux_ = ", \"devices\": [{\"path\": \"/dev/more//\","
				  " \"type\": \"c\", \"major\": 1, \"minor\": "
				  "3}]" }),
		"character special file\n");
}
END_TEST

/* A pipe is the caller's, who is root of the host; the program is nobody. */
START_TEST(output_can_be_opened_anew_in_a_user_namespace)
{
	struct config config = {
		.script = "echo ready; read x; echo again > /dev/stdout",
		.user = "{\"uid\": 101, \"gid\": 101}",
		.namespaces = "[{\"type\": \"mount\"}, {\"type\": \"pid\"}, "
			      "{\"type\": \"user\"}]",
		.linux_ = MAPS,
	};
	struct running box;
	struct result *r;

	oci_begin(&config);
	shell("mount -t tmpfs tmpfs " OCI_SHARED);
	box = oci_start(OCI_ID);
	r = OCI("exec", "--user", "102", OCI_ID, "sh", "-c",
		"echo exec > /dev/stdout");
	ck_assert_msg(strcmp(r->out, "exec\n") == 0, "%s%s", r->out, r->err);
	feed(&box, "\n");
	expect(&box, "again");
	oci_delete(&box, OCI_ID);
	shell("umount " OCI_SHARED);
	oci_end();
}
END_TEST

/* One in a directory is a file of the host, and its owner's. */
START_TEST(a_named_pipe_of_the_host_keeps_its_owner)
{
	struct result *r;
	int fifo;

	oci_begin(&(struct config){ .script = "true",
				    .user = "{\"uid\": 101, \"gid\": 0}" });
	shell("mkfifo -m 600 /run/fifo");
	fifo = open("/run/fifo", O_RDWR | O_CLOEXEC);
	r = run(&(struct manner){ .program = "sh" },
		WORDS("-c",
		      "exec \"$0\" --root " OCI_STATES
		      " run --bundle " OCI_BUNDLE " " OCI_ID " > /run/fifo",
		      program_under_test()));
	close(fifo);
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_str_eq(shell("stat -c %%u /run/fifo; rm /run/fifo"), "0");
	oci_end();
}
END_TEST

START_TEST(namespaces_of_the_host_can_be_joined_with_new_users)
{
	static const struct manner unshare = { .program = "unshare" };
	struct running other =
		start(&unshare, WORDS("-niu", "sh", "-c", "echo $$; read x"));
	char *pid = next_line(&other), *want, *own, *out;

	want = shell("readlink /proc/%s/ns/net /proc/%s/ns/ipc "
		     "/proc/%s/ns/uts",
		     pid, pid, pid);
	own = shell("readlink /proc/self/ns/net");
	out = oci_prints(&(struct config){
		.script = "cd /proc/self/ns; readlink net; readlink ipc; "
			  "readlink "
			  "uts",
		.namespaces = text(
			"[{\"type\": \"mount\"}, {\"type\": \"pid\"}, "
			"{\"type\": \"user\"}, {\"type\": \"network\", "
			"\"path\": \"/proc/%s/ns/net\"}, {\"type\": \"ipc\", "
			"\"path\": \"/proc/%s/ns/ipc\"}, {\"type\": \"uts\", "
			"\"path\": \"/proc/%s/ns/uts\"}]",
			pid, pid, pid),
		.linux_ = MAPS });
	ck_assert_str_eq(chomp(out), want);
	ck_assert_str_eq(shell("readlink /proc/self/ns/net"), own);
	finish(&other);
}
END_TEST

/* What podman writes for an image whose program is systemd. */
START_TEST(systemds_tree_can_be_bound_into_the_groups)
{
	if (access("/sys/fs/cgroup/systemd", F_OK) != 0)
		skip("this machine has no tree of systemd's name");
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "grep -c ' /sys/fs/cgroup/systemd cgroup' "
				  "/proc/self/mounts",
			.mounts = ", {\"destination\": \"/sys\", \"type\": "
				  "\"sysfs\"}, {\"destination\": "
				  "\"/sys/fs/cgroup\", \"type\": \"cgroup\", "
				  "\"options\": [\"ro\"]}, {\"destination\": "
				  "\"/sys/fs/cgroup/systemd\", \"source\": "
				  "\"/sys/fs/cgroup/systemd\", \"options\": "
				  "[\"bind\", \"nosuid\"]}" }),
		"2\n");
}
END_TEST

const struct test tests[] = {
	{ "safety", &a_tmpfs_has_the_mode_of_what_it_hides },
	{ "safety", &what_is_copied_up_keeps_its_mode },
	{ "safety", &a_missing_cwd_is_made_before_the_root_is_read_only },
	{ "safety", &exec_makes_no_directory },
	{ "safety", &what_is_mounted_on_the_root_is_the_root },
	{ "safety", &a_slash_at_the_end_of_a_device_is_dropped },
	{ "safety", &output_can_be_opened_anew_in_a_user_namespace },
	{ "safety", &a_named_pipe_of_the_host_keeps_its_owner },
	{ "safety", &namespaces_of_the_host_can_be_joined_with_new_users },
	{ "safety", &systemds_tree_can_be_bound_into_the_groups },
	{ 0 },
};
