/* Stage 10: somebody inside does something while the runtime looks. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define IMAGE    "/run/oci/image"
#define IN_IMAGE .root = "{\"path\": \"" IMAGE "\"}"
#define PASSWD   IMAGE "/etc/passwd"
#define LOG      "/run/log"

static void begin_with_image(void)
{
	oci_begin(&(struct config){ 0 });
	shell("cp -a %s " IMAGE, rootfs());
}

/* Whoever opens it waits until there is a line more. */
static pid_t lengthen_when_opened(const char *path, const char *line)
{
	int seen = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY);
	int file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	struct fanotify_event_metadata event;
	pid_t pid;

	ck_assert_int_ge(file, 0);
	if (seen < 0 || fanotify_mark(seen, FAN_MARK_ADD, FAN_OPEN_PERM,
				      AT_FDCWD, path) < 0)
		skip("this kernel does not ask before a file is opened");
	pid = fork();
	if (pid == 0)
		_exit(read(seen, &event, sizeof(event)) < 0 ||
		      write(file, line, strlen(line)) < 0);
	close(seen);
	close(file);
	return pid;
}

/* Who writes to it without end would be read without end. */
START_TEST(of_etc_passwd_no_more_is_read_than_there_was)
{
	struct running box;
	pid_t writer;
	int status;

	begin_with_image();
	shell("echo x:x:5:5::/five: > " PASSWD);
	oci_write(&(struct config){ IN_IMAGE, .script = "echo ready; read x" });
	box = oci_start(OCI_ID);
	writer = lengthen_when_opened(PASSWD, "x:x:0:0::/later:\n");
	ck_assert_str_eq(OCI("exec", OCI_ID, "sh", "-c", "echo $HOME")->out,
			 "/\n");
	ck_assert_int_eq(waitpid(writer, &status, 0), writer);
	ck_assert_int_eq(status, 0);
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* A line of its own in the log, or what a terminal obeys: also U+009B. */
START_TEST(a_name_is_no_line_of_the_log_and_commands_no_terminal)
{
	struct result *r;
	char *log;

	oci_begin(&(struct config){
		.script = "echo never",
		.top = ", \"hooks\": {\"startContainer\": [{\"path\": "
		       "\"/x\\n2026-01-01T00:00:00Z error: forged \\u001b[2J "
		       "\\u009b2J \\u007f \\uc548\"}]}" });
	r = OCI("--debug", "--log", LOG, "run", "--bundle", OCI_BUNDLE, OCI_ID);
	log = file_text(LOG);
	shell("rm " LOG);
	ck_assert_int_ne(r->status, 0);
	for (const char *said = r->err; said; said = said == log ? NULL : log) {
		ck_assert_msg(has(said, "hook /x?2026"), "%s", said);
		ck_assert_msg(!has(said, "\n2026-01-01"), "%s", said);
		ck_assert_msg(has(said, "forged ?[2J ??2J ? \354\225\210"),
			      "%s", said);
	}
	oci_end();
}
END_TEST

/* Its process could not be buried, and so not its PID namespace. */
START_TEST(who_does_not_read_what_is_typed_can_be_deleted)
{
	static const struct manner as_words = { .program = "" };
	struct running box, typing;
	struct result *r;

	oci_begin(&(struct config){
		.script = "echo ready; read x",
		.mounts = ", {\"destination\": \"/dev/pts\", \"type\": "
			  "\"devpts\"}" });
	shell("mkfifo " OCI_SHARED "/ready");
	box = oci_start(OCI_ID);
	typing =
		start(&as_words,
		      WORDS("sh", "-c",
			    text("yes | head -c 1000000 | %s --root " OCI_STATES
				 " exec -t " OCI_ID
				 " sh -c 'echo >/mnt/ready; exec sleep 1000'",
				 program_under_test())));
	shell("cat " OCI_SHARED "/ready");
	r = OCI("delete", "--force", OCI_ID);
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_int_eq(finish(&typing)->status, 128 + SIGKILL);
	oci_close(&box);
	oci_end();
}
END_TEST

#define BIND(source, place)                                        \
	", {\"destination\": \"" place "\", \"source\": \"" source \
	"\", \"options\": [\"rbind\"]}"

/* It would be one more, without the masks. */
START_TEST(a_link_in_a_volume_does_not_bind_proc)
{
	begin_with_image();
	shell("ln -s /proc " OCI_SHARED "/link");
	oci_write(&(struct config){
		IN_IMAGE, .script = "cat /data/version",
		.mounts = BIND(OCI_SHARED, "/vol")
			BIND(IMAGE "/vol/link", "/data"),
		.namespaces = "[{\"type\": \"mount\"}, {\"type\": \"pid\"}, "
			      "{\"type\": \"user\"}]",
		.linux_ = ", \"maskedPaths\": [\"/proc/version\"], "
			  "\"uidMappings\": [{\"containerID\": 0, \"hostID\": "
			  "0, \"size\": 65536}], \"gidMappings\": "
			  "[{\"containerID\": 0, \"hostID\": 0, \"size\": "
			  "65536}]" });
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE,
			  OCI_ID),
		    "a link leads it to the kernel's files");
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &of_etc_passwd_no_more_is_read_than_there_was },
	{ "safety", &a_name_is_no_line_of_the_log_and_commands_no_terminal },
	{ "safety", &who_does_not_read_what_is_typed_can_be_deleted },
	{ "safety", &a_link_in_a_volume_does_not_bind_proc },
	{ 0 },
};
