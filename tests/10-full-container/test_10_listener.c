/* Stage 10: SCMP_ACT_NOTIFY, where another process decides about a call. */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define RUN_BOX \
	WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE, OCI_ID)

#define NOTIFY(call)                                                  \
	", \"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", "     \
	"\"syscalls\": [{\"action\": \"SCMP_ACT_NOTIFY\", \"names\":" \
	" [\"" call "\"]}]"
#define AGENT "/run/oci/agent"

/* What mkdir(1) calls: newer processors' tables have no mkdir any more. */
#ifdef SYS_mkdir
#define MKDIR      "mkdir"
#define MKDIR_CALL SYS_mkdir
#else
#define MKDIR      "mkdirat"
#define MKDIR_CALL SYS_mkdirat
#endif

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	ck_assert_int_eq(listen(fd, 5), 0);
	return fd;
}

/* One container process state: its text, and the descriptor. */
static int receive_state(int listener, char *state, size_t size)
{
	char control[CMSG_SPACE(sizeof(int))] = "";
	struct iovec data = { state, size - 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	int peer = accept(listener, NULL, NULL), passed = -1;
	ssize_t length = recvmsg(peer, &message, MSG_CMSG_CLOEXEC);

	ck_assert_int_gt(length, 0);
	state[length] = '\0';
	ck_assert_ptr_nonnull(CMSG_FIRSTHDR(&message));
	memcpy(&passed, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	close(peer);
	return passed;
}

/* Wait for a call and answer it with this error. */
static void answer_call(int fd, int number, int error)
{
	struct seccomp_notif call = { 0 };
	struct seccomp_notif_resp answer = { .error = -error };

	ck_assert_int_eq(ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &call), 0);
	ck_assert_int_eq(call.data.nr, number);
	answer.id = call.id;
	ck_assert_int_eq(ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer), 0);
}

START_TEST(a_listener_decides_about_a_call)
{
	char state[4096], *pid;
	struct running box;
	int listener, fd;

	oci_begin(&(struct config){
		.script = "read x; sync; mkdir /mnt/new; echo done",
		.linux_ = NOTIFY(MKDIR) ", \"listenerPath\": \"" AGENT
					"\", \"listenerMetadata\": \"abc\"}" });
	listener = listen_at(AGENT);
	box = start(NULL, RUN_BOX);
	fd = receive_state(listener, state, sizeof(state));
	pid = text("\"pid\":%d,", oci_pid(OCI_ID));
	ck_assert_msg(has(state, "\"fds\":[\"seccompFd\"]"), "%s", state);
	ck_assert_msg(has(state, "\"metadata\":\"abc\""), "%s", state);
	ck_assert_msg(has(state, "\"id\":\"" OCI_ID "\""), "%s", state);
	ck_assert_msg(has(state, pid), "not %s in %s", pid, state);
	feed(&box, "\n");
	answer_call(fd, MKDIR_CALL, ENOSPC);
	ck_assert_msg(has(finish(&box)->err, "No space left"), "no answer");
	close(listener);
	oci_end();
}
END_TEST

/* The listener is told when the container was made: that is a date. */
START_TEST(exec_reads_no_time_zone_of_the_image)
{
	struct running box;
	char state[4096];
	int listener;

	oci_begin(&(struct config){
		.script = "echo ready; read x",
		.root = "{\"path\": \"/run/oci/image\"}",
		.linux_ = NOTIFY(MKDIR) ", \"listenerPath\": \"" AGENT "\"}" });
	shell("cp -a %s /run/oci/image; mkdir -p /run/oci/image/etc; "
	      "rm -f /run/oci/image/etc/localtime; "
	      "mkfifo /run/oci/image/etc/localtime",
	      rootfs());
	listener = listen_at(AGENT);
	box = start(NULL, RUN_BOX);
	close(receive_state(listener, state, sizeof(state)));
	expect(&box, "ready");
	ck_assert_str_eq(OCI("exec", OCI_ID, "echo", "inside")->out,
			 "inside\n");
	feed(&box, "\n");
	finish(&box);
	close(listener);
	oci_end();
}
END_TEST

START_TEST(a_listener_is_needed_and_cannot_be_asked_about_all)
{
	oci_refuses_config(&(struct config){ .linux_ = NOTIFY("mkdir") "}" },
			   "linux.seccomp.listenerPath");
	oci_refuses_config(
		&(struct config){ .linux_ =
					  NOTIFY("mkdir") ", \"listenerPath\""
							  ": \"/not/there\"}" },
		"connect to the socket /not/there");
	oci_refuses_config(&(struct config){ .linux_ = NOTIFY("sendmsg") "}" },
			   "linux.seccomp.syscalls[0].names[0]");
	oci_refuses_config(
		&(struct config){ .linux_ =
					  ", \"seccomp\": {\"defaultAction\": "
					  "\"SCMP_ACT_NOTIFY\"}" },
		"linux.seccomp.defaultAction");
	oci_refuses_config(
		&(struct config){
			.linux_ = ", \"seccomp\": {\"defaultAction\": "
				  "\"SCMP_ACT_ALLOW\", \"listenerMetadata\": "
				  "\"x\"}" },
		"linux.seccomp.listenerMetadata");
}
END_TEST

const struct test tests[] = {
	{ "safety", &a_listener_decides_about_a_call },
	{ "safety", &exec_reads_no_time_zone_of_the_image },
	{ "input", &a_listener_is_needed_and_cannot_be_asked_about_all },
	{ 0 },
};
