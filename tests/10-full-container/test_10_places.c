/* Stage 10: where a mount, a device or a terminal may be, and where not. */
#include <fcntl.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define RUN_BOX \
	WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE, OCI_ID)
#define IMAGE    "/run/oci/image"
#define IN_IMAGE .root = "{\"path\": \"" IMAGE "\"}"
#define MOUNT(type, place) \
	", {\"destination\": \"" place "\", \"type\": \"" type "\"}"
#define BIND(source, place, options)                               \
	", {\"destination\": \"" place "\", \"source\": \"" source \
	"\", \"options\": [\"bind\"" options "]}"
#define SYSFS  MOUNT("sysfs", "/sys")
#define GROUPS MOUNT("cgroup", "/sys/fs/cgroup")

static void refused(const struct config *config, const char *piece)
{
	oci_write(config);
	oci_refuses(RUN_BOX, piece);
}

static void begin_with_image(void)
{
	oci_begin(&(struct config){ 0 });
	shell("cp -a %s " IMAGE, rootfs());
}

/* The image would tell programs what the kernel says, or what a device is. */
START_TEST(a_link_to_dev_or_sys_is_no_place_for_a_volume)
{
	static const char *const places[] = {
		"/dev",  "/sys",        "/sys/fs/cgroup",
		"sys/.", "/sys/kernel", "/sys/fs/cgroup/..",
	};

	begin_with_image();
	for (size_t i = 0; i < COUNT(places); i++) {
		shell("ln -sfn %s " IMAGE "/data", places[i]);
		refused(&(struct config){ IN_IMAGE,
					  .mounts = SYSFS GROUPS BIND(
						  OCI_SHARED, "/data", "") },
			"mount on /data: that is a link to /dev, or into /sys");
	}
	shell("ln -sfn / " IMAGE "/data");
	refused(&(struct config){ IN_IMAGE,
				  .mounts = SYSFS BIND(OCI_SHARED, "/data/sys",
						       "") },
		"mount on /data/sys: that is a link");
	oci_end();
}
END_TEST

START_TEST(a_place_of_another_kind_is_named_with_a_hint)
{
	begin_with_image();
	shell("mkdir " IMAGE "/place; touch " IMAGE "/file");
	refused(&(struct config){ IN_IMAGE,
				  .mounts = BIND("/etc/passwd", "/place", "") },
		"a directory goes on a directory, a file on a file");
	refused(&(struct config){ IN_IMAGE, .mounts = MOUNT("tmpfs", "/file") },
		"a directory goes on a directory, a file on a file");
	refused(&(struct config){ IN_IMAGE,
				  .mounts = MOUNT("tmpfs", "/file/below") },
		"a part of the path is a file");
	oci_end();
}
END_TEST

START_TEST(written_as_they_are_they_may_be_places)
{
	shell("mkdir -p /run/mine; touch /run/mine/own");
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "ls /sys/fs/cgroup; ls /dev/shm",
			.mounts = SYSFS BIND("/run/mine", "/sys/fs/cgroup", "")
				BIND("/run/mine", "/dev/shm", "") }),
		"own\nown\n");
	shell("rm -r /run/mine");
}
END_TEST

START_TEST(groups_are_not_shown_where_a_link_leads)
{
	begin_with_image();
	shell("mkdir -p " IMAGE "/sys/fs " IMAGE "/elsewhere;"
	      "ln -s /elsewhere " IMAGE "/sys/fs/cgroup");
	refused(&(struct config){ IN_IMAGE, .mounts = GROUPS },
		"mount on /sys/fs/cgroup");
	oci_end();
}
END_TEST

/* The volume is read-only, and the image's link says which one it is. */
START_TEST(remount_does_not_follow_a_link)
{
	begin_with_image();
	shell("ln -s /vol " IMAGE "/data");
	refused(
		&(struct config){
			IN_IMAGE,
			.mounts = BIND(OCI_SHARED, "/vol",
				       ", \"ro\"") ", {\"destination\": "
						   "\"/data\", \"options\": "
						   "[\"remount\", \"rw\"]}" },
		"find the mount /data");
	oci_write(&(struct config){
		IN_IMAGE, .script = "touch /vol/x && echo writable",
		.mounts = BIND(OCI_SHARED, "/vol",
			       ", \"ro\"") ", {\"destination\": \"/vol\", "
					   "\"options\": "
					   "[\"remount\", \"rw\"]}" });
	ck_assert_str_eq(OCI_RUN()->out, "writable\n");
	oci_end();
}
END_TEST

/* The mount goes with its directory, and the masks would cover nothing. */
START_TEST(who_renames_the_place_of_proc_does_not_uncover_it)
{
	begin_with_image();
	refused(
		&(struct config){
			IN_IMAGE, .script = "cat /elsewhere/version",
			.linux_ = ", \"maskedPaths\": [\"/proc/version\"]",
			.top = ", \"hooks\": {\"createRuntime\": [{\"path\": "
			       "\"/bin/sh\", \"args\": [\"sh\", \"-c\", "
			       "\"cd " IMAGE
			       "; mv proc elsewhere; mkdir proc\"]}]}" },
		"find the mount on /proc: its path leads to something else");
	oci_end();
}
END_TEST

/* Then what is below is looked for in what covers it. */
START_TEST(proc_can_be_read_only_as_a_whole_and_masked)
{
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "cat /proc/version /proc/1/comm; "
				  "echo x 2>/dev/null >/proc/self/comm || "
				  "echo read-only; ls /sys",
			.mounts = SYSFS,
			.linux_ = ", \"readonlyPaths\": [\"/proc\"], "
				  "\"maskedPaths\": [\"/proc/version\", "
				  "\"/sys/\", \"/sys/kernel\"]" }),
		"sh\nread-only\n");
}
END_TEST

/* Some devices do something as soon as they are opened. */
START_TEST(what_is_no_terminal_is_not_opened)
{
	int seen = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	char event[4096];

	begin_with_image();
	shell("mkdir -p " IMAGE "/dev/pts; mknod " IMAGE "/dev/pts/ptmx c 1 3");
	shell("mkdir -p /run/pts; mknod /run/pts/ptmx c 1 3");
	ck_assert_int_ge(inotify_add_watch(seen, "/run/pts/ptmx", IN_OPEN), 0);
	refused(&(struct config){ IN_IMAGE, .process = ", \"terminal\": true",
				  .mounts = BIND("/run/pts", "/dev/pts", "") },
		"/dev/pts/ptmx is something else");
	ck_assert_int_lt(read(seen, event, sizeof(event)), 0);
	close(seen);
	shell("rm -r /run/pts");
	oci_end();
}
END_TEST

/* The console is one more file that has to be made there before. */
START_TEST(dev_can_be_read_only_with_a_terminal)
{
	char *out = oci_prints(&(struct config){
		.script = "test -c /dev/console && echo console; "
			  "touch /dev/x 2>/dev/null || echo read-only",
		.process = ", \"terminal\": true",
		.mounts =
			", {\"destination\": \"/dev\", \"type\": \"tmpfs\", "
			"\"options\": [\"ro\"]}" MOUNT("devpts", "/dev/pts") });

	ck_assert_msg(has(out, "console\nread-only"), "%s", out);
}
END_TEST

/* The end of this process, or that it was stopped. */
static int stopped_or_ended(const struct running *r)
{
	int status;

	ck_assert_int_eq(waitpid(r->pid, &status, WUNTRACED), r->pid);
	return status;
}

/* Whoever is inside must not hold up who is outside. */
START_TEST(a_process_that_stops_itself_stops_nobody_outside)
{
	struct running box, stopped;
	char *pid;
	int status;

	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	stopped = start(NULL, WORDS("--root", OCI_STATES, "exec", OCI_ID, "sh",
				    "-c", "echo $$; kill -STOP $$; exit 7"));
	pid = next_line(&stopped);
	OCI("exec", OCI_ID, "sh", "-c",
	    text("until grep -q 'State:.T' /proc/%s/status; do :; done; "
		 "kill -CONT %s",
		 pid, pid));
	status = stopped_or_ended(&stopped);
	if (WIFSTOPPED(status))
		kill(stopped.pid, SIGKILL);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 7,
		      "exec was stopped, too");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &a_link_to_dev_or_sys_is_no_place_for_a_volume },
	{ "input", &a_place_of_another_kind_is_named_with_a_hint },
	{ "safety", &written_as_they_are_they_may_be_places },
	{ "safety", &groups_are_not_shown_where_a_link_leads },
	{ "safety", &remount_does_not_follow_a_link },
	{ "safety", &who_renames_the_place_of_proc_does_not_uncover_it },
	{ "safety", &proc_can_be_read_only_as_a_whole_and_masked },
	{ "safety", &what_is_no_terminal_is_not_opened },
	{ "safety", &dev_can_be_read_only_with_a_terminal },
	{ "safety", &a_process_that_stops_itself_stops_nobody_outside },
	{ 0 },
};
