/* Stage 10: NOTIFY_SOCKET, by which a program says that it is ready. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define HOSTS_SOCKET "/run/hosts.sock"
#define INSIDE       "/run/notify/notify.sock"
#define IMAGE        "/run/oci/image"
#define RUN_IS_EMPTY ", {\"destination\": \"/run\", \"type\": \"tmpfs\"}"
#define MAPS                                                           \
	", \"uidMappings\": [{\"containerID\": 0, \"hostID\": 100000," \
	" \"size\": 65536}], \"gidMappings\": [{\"containerID\": 0, "  \
	"\"hostID\": 100000, \"size\": 65536}]"

/* busybox speaks to such a socket as to syslog(3)'s: lines behind a first. */
#define SAY(words)                                                     \
	"ln -sf $NOTIFY_SOCKET /dev/log; IFS=; logger $(printf 'x\\\\" \
	"n" words "'); "

/* As systemd has one, and tells its services. */
static int listen_outside(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX,
				       .sun_path = HOSTS_SOCKET };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	setenv("NOTIFY_SOCKET", HOSTS_SOCKET, 1);
	return fd;
}

static void close_outside(int fd)
{
	close(fd);
	unlink(HOSTS_SOCKET);
	unsetenv("NOTIFY_SOCKET");
}

static void hears(int fd, const char *text)
{
	struct pollfd come = { .fd = fd, .events = POLLIN };
	char message[4096];
	ssize_t length;

	ck_assert_msg(poll(&come, 1, 60000) == 1, "nothing came in a minute");
	length = recv(fd, message, sizeof(message) - 1, 0);
	ck_assert_int_gt(length, 0);
	message[length] = '\0';
	ck_assert_str_eq(message, text);
}

static void hears_nothing(int fd)
{
	char byte;

	ck_assert_int_eq(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
}

/* Words about other things are no word of the container's to systemd. */
START_TEST(run_passes_on_that_the_program_is_ready)
{
	int fd = listen_outside();
	struct running box;
	pid_t pid;

	oci_begin(&(struct config){
		.mounts = RUN_IS_EMPTY,
		.env = ", \"NOTIFY_SOCKET=/else\"",
		.script = SAY("MAINPID=1") "echo said; read x; " SAY(
			"STATUS=all\\\\nREADY=1\\\\nMAINPID=1") "read x" });
	box = start(NULL, WORDS("--root", OCI_STATES, "run", "--bundle",
				OCI_BUNDLE, OCI_ID));
	expect(&box, "said");
	hears_nothing(fd);
	pid = oci_pid(OCI_ID);
	feed(&box, "\n");
	hears(fd, text("READY=1\nMAINPID=%d", pid));
	hears(fd, "BARRIER=1");
	feed(&box, "\n");
	ck_assert_int_eq(finish(&box)->status, 0);
	hears_nothing(fd);
	close_outside(fd);
	oci_end();
}
END_TEST

/* Others can look and enter meanwhile. */
START_TEST(start_waits_until_the_program_is_ready)
{
	int fd = listen_outside();
	struct running box, starts;

	oci_begin(&(struct config){
		.mounts = RUN_IS_EMPTY,
		.script = "echo begun; read x; " SAY("READY=1") "read x" });
	box = oci_create(OCI_ID);
	starts = start(NULL, WORDS("--root", OCI_STATES, "start", OCI_ID));
	expect(&box, "begun");
	ck_assert_str_eq(oci_status(OCI_ID), "running");
	ck_assert_str_eq(
		OCI("exec", OCI_ID, "sh", "-c", "echo $NOTIFY_SOCKET hi")->out,
		"hi\n");
	hears_nothing(fd);
	feed(&box, "\n");
	hears(fd, text("READY=1\nMAINPID=%d", oci_pid(OCI_ID)));
	hears(fd, "BARRIER=1");
	ck_assert_int_eq(finish(&starts)->status, 0);
	oci_delete(&box, OCI_ID);
	close_outside(fd);
	oci_end();
}
END_TEST

START_TEST(a_program_that_ends_is_waited_for_no_longer)
{
	int fd = listen_outside();
	struct running box;
	struct result *r;

	oci_begin(
		&(struct config){ .mounts = RUN_IS_EMPTY, .script = "exit 3" });
	box = oci_create(OCI_ID);
	r = OCI("start", OCI_ID);
	ck_assert_msg(r->status == 0, "%s", r->err);
	oci_delete(&box, OCI_ID);
	hears_nothing(fd);
	close_outside(fd);
	oci_end();
}
END_TEST

/* Nothing of the host is seen; who the program runs as may write to it. */
START_TEST(the_socket_inside_is_one_of_its_own)
{
	int fd = listen_outside();
	struct running box;
	char *line;

	oci_begin(&(struct config){
		.mounts = RUN_IS_EMPTY,
		.user = "{\"uid\": 101, \"gid\": 101}",
		.namespaces = "[{\"type\": \"mount\"}, {\"type\": \"pid\"}, "
			      "{\"type\": \"user\"}]",
		.linux_ = MAPS,
		.script = "echo $NOTIFY_SOCKET; grep /notify "
			  "/proc/self/mountinfo; touch /run/notify/x "
			  "2>/dev/null || echo read-only; ls /run/notify; "
			  "read x; echo $NOTIFY_SOCKET" });
	box = start(NULL, WORDS("--root", OCI_STATES, "run", "--bundle",
				OCI_BUNDLE, OCI_ID));
	expect(&box, INSIDE);
	line = next_line(&box);
	ck_assert_msg(has(line, " / /run/notify ro,nosuid,nodev,noexec") &&
			      has(line, " - tmpfs tmpfs ") &&
			      !has(line, "hosts"),
		      "%s", line);
	expect(&box, "read-only");
	expect(&box, "notify.sock");
	feed(&box, "\n");
	expect(&box, INSIDE);
	finish(&box);
	close_outside(fd);
	oci_end();
}
END_TEST

START_TEST(a_link_of_the_image_is_no_place_for_the_socket)
{
	int fd = listen_outside();

	oci_begin(&(struct config){ 0 });
	shell("cp -a %s " IMAGE "; rm -rf " IMAGE "/run; ln -s /mnt " IMAGE
	      "/run; mkdir " OCI_SHARED "/notify",
	      rootfs());
	oci_write(&(struct config){ .root = "{\"path\": \"" IMAGE "\"}" });
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE,
			  OCI_ID),
		    "mount on /run/notify: ");
	ck_assert_str_eq(shell("ls " OCI_SHARED "/notify"), "");
	close_outside(fd);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &run_passes_on_that_the_program_is_ready },
	{ "safety", &start_waits_until_the_program_is_ready },
	{ "safety", &a_program_that_ends_is_waited_for_no_longer },
	{ "safety", &the_socket_inside_is_one_of_its_own },
	{ "safety", &a_link_of_the_image_is_no_place_for_the_socket },
	{ 0 },
};
