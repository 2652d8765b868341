/* Stage 10: what each option does that an engine or a person gives a verb. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define LOG    "/run/oci/log"
#define SOCKET "/run/oci/socket"

static const struct config usual = { 0 };

START_TEST(debug_says_the_steps_and_they_are_not_there_without_it)
{
	static const char *const steps[] = {
		"debug: run, with the states in " OCI_STATES,
		"debug: read config.json in " OCI_BUNDLE,
		"debug: process ",
		"debug: its group is ",
		"debug: inside: ids are mapped",
		"debug: inside: host name",
		"is ready: mounts, root, names",
		"runs its program",
		"debug: no process of container " OCI_ID " is left",
		"debug: its groups are removed",
	};
	struct result *r;
	const char *at;

	oci_begin(&(struct config){ .script = "true" });
	r = OCI("--debug", "run", "--bundle", OCI_BUNDLE, OCI_ID);
	ck_assert_msg(r->status == 0, "run: %s", r->err);
	at = r->err;
	for (size_t i = 0; i < COUNT(steps); i++) {
		at = strstr(at, steps[i]);
		ck_assert_msg(at, "no \"%s\" in its place: %s", steps[i],
			      r->err);
	}
	ck_assert_str_eq(OCI_RUN()->err, "");
	oci_end();
}
END_TEST

/* A line of the log, cut down to what engines look at. */
static char *logged(const char *level)
{
	return shell("grep -c '^{\"level\":\"%s\",\"msg\":\"[^\"].*\",\"time\":"
		     "\"2[0-9-]*T[0-9:]*Z\"}$' " LOG,
		     level);
}

START_TEST(the_log_tells_an_error_from_a_step)
{
	struct result *r;

	oci_begin(&usual);
	r = OCI("--log", LOG, "--log-format", "json", "--debug", "start",
		"nobody");
	ck_assert_int_eq(r->status, 1);
	ck_assert_str_eq(logged("error"), "1");
	ck_assert_str_eq(logged("debug"), "1");
	ck_assert_str_eq(shell("wc -l < " LOG), "2");
	ck_assert(has(file_text(LOG), "the container nobody does not exist"));
	shell("rm " LOG);
	OCI("--log", LOG, "start", "nobody");
	ck_assert_str_eq(shell("grep -c 'Z error: the container nobody' " LOG),
			 "1");
	oci_refuses(WORDS("--root", OCI_STATES, "--log-format", "xml", "list"),
		    "there is no format \"xml\"");
	oci_refuses(WORDS("--root", OCI_STATES, "--log", "/none/log", "list"),
		    "open the log /none/log");
	oci_end();
}
END_TEST

/* What is opened first would be it: the message would be there twice. */
START_TEST(a_closed_standard_error_does_not_become_the_log)
{
	oci_begin(&(struct config){ 0 });
	shell("%s --root " OCI_STATES " --log " LOG
	      " --log-format json state none 2>&-",
	      program_under_test());
	ck_assert_str_eq(shell("grep -c . " LOG), "1");
	ck_assert_msg(has(file_text(LOG), "{\"level\":\"error\","), "%s",
		      file_text(LOG));
	oci_end();
}
END_TEST

/* The name is none in UTF-8, and the line is JSON all the same, to its end. */
START_TEST(a_line_of_the_log_is_json_whatever_the_name)
{
	oci_begin(&(struct config){ 0 });
	shell("%s --root \"$(printf '/none\\377')\" --log " LOG
	      " --log-format json state none",
	      program_under_test());
	ck_assert_msg(has(file_text(LOG), "{\"level\":\"error\",\"msg\":") &&
			      has(file_text(LOG), "/none?"),
		      "%s", file_text(LOG));
	oci_end();
}
END_TEST

/* An engine shows what it finds there: the child's words, too. */
START_TEST(why_a_program_did_not_start_is_in_the_log)
{
	oci_begin(&usual);
	shell("sed -i 's/\"sh\", \"-c\"/\"no-such-program\"/' " OCI_BUNDLE
	      "/config.json");
	ck_assert_int_eq(OCI("--log", LOG, "--log-format", "json", "create",
			     "--bundle", OCI_BUNDLE, OCI_ID)
				 ->status,
			 1);
	ck_assert_str_eq(logged("error"), "1");
	ck_assert(has(file_text(LOG), "no-such-program\\\": executable file "
				      "not found in $PATH"));
	oci_end();
}
END_TEST

START_TEST(another_file_can_be_in_the_place_of_config_json)
{
	struct result *r;

	oci_begin(&(struct config){ .script = "echo from the other" });
	shell("mv " OCI_BUNDLE "/config.json /run/oci/other.json");
	r = OCI("run", "--config", "/run/oci/other.json", "--bundle",
		OCI_BUNDLE, OCI_ID);
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_str_eq(r->out, "from the other\n");
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--config", "/run/none",
			  "--bundle", OCI_BUNDLE, OCI_ID),
		    "open /run/none");
	oci_end();
}
END_TEST

/* As on an initramfs, where the kernel refuses pivot_root(2). */
START_TEST(without_pivot_root_the_root_is_entered_all_the_same)
{
	static const struct manner no_pivot = { .denied_call = SYS_pivot_root,
						.denied_error = EINVAL };
	const char *words[] = { "--root",   OCI_STATES, "run", "--bundle",
				OCI_BUNDLE, OCI_ID,     NULL,  NULL };
	struct result *r;

	oci_begin(&(struct config){
		.script = "ls -d /run/oci 2> /dev/null; ls -d /bin; "
			  "ls -d /../run/oci 2> /dev/null; cat /etc/hostname "
			  "2> /dev/null; echo end" });
	r = run(&no_pivot, words);
	ck_assert_int_eq(r->status, 1);
	ck_assert_msg(has(r->err, "(pivot_root)"), "%s", r->err);
	words[5] = "--no-pivot";
	words[6] = OCI_ID;
	r = run(&no_pivot, words);
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_str_eq(r->out, "/bin\nend\n");
	oci_end();
}
END_TEST

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	return fd;
}

/* The descriptor that somebody sends, or -1. */
static int received_by(int listener)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	char text[64];
	struct iovec data = { text, sizeof(text) };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control.space,
				  .msg_controllen = sizeof(control.space) };
	int peer = accept(listener, NULL, NULL), fd = -1;

	if (recvmsg(peer, &message, MSG_CMSG_CLOEXEC) > 0 &&
	    CMSG_FIRSTHDR(&message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	close(peer);
	close(listener);
	return fd;
}

/* What the kernel says of a pidfd: "Pid:	123". */
static long pid_of(int fd)
{
	const char *line =
		strstr(file_text("/proc/self/fdinfo/%d", fd), "Pid:");

	return line ? strtol(line + 4, NULL, 10) : -1;
}

START_TEST(the_process_itself_is_sent_to_a_socket)
{
	struct running box;
	struct result *r;
	int listener, fd;
	pid_t pid;

	oci_begin(&usual);
	listener = listen_at(SOCKET);
	box = start(NULL,
		    WORDS("--root", OCI_STATES, "create", "--pidfd-socket",
			  SOCKET, "--bundle", OCI_BUNDLE, OCI_ID));
	fd = received_by(listener);
	oci_wait(box.pid);
	pid = oci_pid(OCI_ID);
	ck_assert_int_eq(pid_of(fd), pid);
	close(fd);
	OCI("start", OCI_ID);
	expect(&box, "ready");
	listener = listen_at(SOCKET);
	r = OCI("exec", "--pidfd-socket", SOCKET, OCI_ID, "true");
	ck_assert_msg(r->status == 0, "%s", r->err);
	fd = received_by(listener);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_ne(pid_of(fd), pid);
	close(fd);
	oci_refuses(WORDS("--root", OCI_STATES, "create", "--pidfd-socket",
			  "/none", "--bundle", OCI_BUNDLE, "second"),
		    "--pidfd-socket");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

START_TEST(list_says_when_each_was_made)
{
	struct running box;
	char *out;

	oci_begin(&usual);
	box = oci_start(OCI_ID);
	out = OCI("list", "-f", "json")->out;
	ck_assert_msg(
		has(out, text("\"created\":\"%s", shell("date -u +%%Y-%%m-"))),
		"%s", out);
	ck_assert(has(OCI("list")->out, shell("date -u +%%Y-%%m-")));
	oci_refuses(WORDS("--root", OCI_STATES, "list", "--format", "xml"),
		    "there is no format \"xml\"");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

START_TEST(rootless_false_wants_a_group)
{
	static const struct manner ordinary = { .ordinary_user = true };
	struct result *r;

	oci_begin(&(struct config){
		.script = "echo inside",
		.namespaces = "[{\"type\": \"user\"}, {\"type\": \"mount\"}, "
			      "{\"type\": \"pid\"}]",
		.linux_ = ", \"uidMappings\": [{\"containerID\": 0, "
			  "\"hostID\": 65534, \"size\": 1}], \"gidMappings\": "
			  "[{\"containerID\": 0, \"hostID\": 65534, \"size\": "
			  "1}]" });
	shell("chown 65534 " OCI_STATES);
	r = run(&ordinary, WORDS("--root", OCI_STATES, "--rootless", "false",
				 "run", "--bundle", OCI_BUNDLE, OCI_ID));
	ck_assert_int_eq(r->status, 1);
	ck_assert_msg(has(r->err, "make a group for container"), "%s", r->err);
	oci_refuses(WORDS("--root", OCI_STATES, "--rootless", "maybe", "list"),
		    "option --rootless: \"maybe\"");
	oci_end();
}
END_TEST

/* A typing error is better said than passed over. */
START_TEST(a_word_too_many_is_refused)
{
	static const char *const verbs[] = { "run",    "create", "start",
					     "state",  "delete", "pause",
					     "resume", "update", "events" };

	oci_begin(&usual);
	for (size_t i = 0; i < COUNT(verbs); i++)
		oci_refuses(
			WORDS("--root", OCI_STATES, verbs[i], OCI_ID, "more"),
			"there is a word too many: \"more\"");
	oci_refuses(WORDS("--root", OCI_STATES, "kill", OCI_ID, "9", "more"),
		    "there is a word too many: \"more\"");
	oci_refuses(WORDS("--root", OCI_STATES, "list", OCI_ID),
		    "there is a word too many: \"" OCI_ID "\"");
	oci_end();
}
END_TEST

START_TEST(each_verb_has_a_help_and_wants_an_id)
{
	char *verbs = OCI("help")->out, *end;
	int count = 0;

	oci_begin(&usual);
	ck_assert_str_eq(OCI("--help")->out, verbs);
	verbs = strstr(verbs, "VERB --help tells more of:\n");
	verbs = strchr(verbs, '\n') + 1;
	for (; strncmp(verbs, "  ", 2) == 0; verbs = end + 1, count++) {
		char *verb =
			text("%.*s", (int)strcspn(verbs + 2, " "), verbs + 2);
		struct result *r = OCI(verb, "--help");

		end = strchr(verbs, '\n');
		ck_assert_msg(r->status == 0 && !r->err[0], "%s: %s", verb,
			      r->err);
		ck_assert_msg(has(r->out, text("10-full-container %s ", verb)),
			      "%s", r->out);
		if (strcmp(verb, "list") == 0 || strcmp(verb, "spec") == 0 ||
		    strcmp(verb, "features") == 0)
			continue;
		oci_refuses(WORDS("--root", OCI_STATES, verb),
			    text("%s: which container?", verb));
	}
	ck_assert_int_ge(count, 14);
	oci_end();
}
END_TEST

START_TEST(what_cannot_be_printed_is_an_error)
{
	char *err;

	oci_begin(&usual);
	err = shell("%s --root " OCI_STATES " list 2>&1 > /dev/full; echo $?",
		    program_under_test());
	oci_end();
	ck_assert_msg(has(err, "print the result") && has(err, "\n1"), "%s",
		      err);
	err = shell("%s --version 2>&1 > /dev/full; echo $?",
		    program_under_test());
	ck_assert_msg(has(err, "print the result") && has(err, "\n1"), "%s",
		      err);
}
END_TEST

/* A command without options has most of the host's rights. */
START_TEST(a_verb_that_is_mistyped_is_told_from_a_command)
{
	struct result *r = RUN("statr", "box");

	ck_assert_int_eq(r->status, 127);
	ck_assert_msg(has(r->err, "\"statr\" is no verb") &&
			      has(r->err, "did you mean start"),
		      "%s", r->err);
	ck_assert_str_eq(RUN("true")->err, "");
}
END_TEST

const struct test tests[] = {
	{ "safety", &debug_says_the_steps_and_they_are_not_there_without_it },
	{ "safety", &the_log_tells_an_error_from_a_step },
	{ "safety", &why_a_program_did_not_start_is_in_the_log },
	{ "safety", &another_file_can_be_in_the_place_of_config_json },
	{ "safety", &without_pivot_root_the_root_is_entered_all_the_same },
	{ "safety", &the_process_itself_is_sent_to_a_socket },
	{ "safety", &list_says_when_each_was_made },
	{ "input", &rootless_false_wants_a_group },
	{ "input", &a_word_too_many_is_refused },
	{ "input", &each_verb_has_a_help_and_wants_an_id },
	{ "input", &what_cannot_be_printed_is_an_error },
	{ "safety", &a_closed_standard_error_does_not_become_the_log },
	{ "safety", &a_line_of_the_log_is_json_whatever_the_name },
	{ "input", &a_verb_that_is_mistyped_is_told_from_a_command },
	{ 0 },
};
