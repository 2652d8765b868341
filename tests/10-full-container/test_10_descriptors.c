/*
 * Stage 10: what is open while a word of the image is looked up.
 *
 * A word can be /proc/self/fd/N/...: args[0], what a "#!" line names, a hook
 * inside.  Close-on-exec does not help there, for execve(2) looks up first.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define IMAGE    "/run/oci/image"
#define OUTSIDE  "/run/outside" /* left open by the caller */
#define IN_IMAGE .root = "{\"path\": \"" IMAGE "\"}"

/* The caller leaves nothing open, or a directory from 3 to 20. */
static const struct manner callers[] = { { 0 }, { .left_open = OUTSIDE } };

static void begin(void)
{
	oci_begin(&(struct config){ 0 });
	shell("cp -a %s " IMAGE "; mkdir " OUTSIDE
	      "; cp %s/bin/busybox " OUTSIDE "/echo",
	      rootfs(), rootfs());
}

static void end(void)
{
	shell("rm -r " OUTSIDE);
	oci_end();
}

/* A program by a descriptor: of the runtime's own /proc, or of the caller's. */
static const char *word(const struct manner *caller, int fd)
{
	return text("/proc/self/fd/%d/%s", fd,
		    caller->left_open ? "echo" : "self/root/bin/echo");
}

/* The image's program is a script whose interpreter is that. */
static void make_script(const char *interpreter)
{
	shell("printf '#!%s\\n' > " IMAGE "/bin/entry; "
	      "chmod 755 " IMAGE "/bin/entry",
	      interpreter);
}

static void write_args(const char *word)
{
	oci_write(&(struct config){ IN_IMAGE, .script = "true" });
	shell("sed -i 's|\"args\": .*|\"args\": [\"%s\", "
	      "\"found\"]},|' " OCI_BUNDLE "/config.json",
	      word);
}

/* Nothing was run, and that was said: with what could not be found. */
static void found_nothing(const struct result *r, const char *word,
			  const char *name)
{
	ck_assert_msg(r->status != 0 && !has(r->out, "found"),
		      "%s leads out: %s", word, r->out);
	ck_assert_msg(!own_program() || has(r->err, text("\"%s\"", name)),
		      "%s: %s", word, r->err);
}

/* For each descriptor, with both callers. */
#define EACH(caller, fd)                                                  \
	for (const struct manner *caller = callers; caller < callers + 2; \
	     caller++)                                                    \
		for (int fd = 3; fd <= 20; fd++)

#define BY(caller, ...) run(caller, WORDS("--root", OCI_STATES, __VA_ARGS__))

START_TEST(the_program_is_not_found_by_a_descriptor)
{
	begin();
	EACH(caller, fd)
	{
		write_args(word(caller, fd));
		found_nothing(BY(caller, "run", "-b", OCI_BUNDLE, OCI_ID),
			      word(caller, fd), word(caller, fd));
	}
	end();
}
END_TEST

START_TEST(an_interpreter_is_not_found_by_a_descriptor)
{
	begin();
	write_args("/bin/entry");
	EACH(caller, fd)
	{
		make_script(word(caller, fd));
		found_nothing(BY(caller, "run", "-b", OCI_BUNDLE, OCI_ID),
			      word(caller, fd), "/bin/entry");
	}
	end();
}
END_TEST

/* What waits keeps no pipe of ours. */
static void create(const struct manner *caller)
{
	struct manner by_shell = *caller;
	struct result *r;

	by_shell.program = "";
	r = run(&by_shell,
		WORDS("sh", "-c",
		      text("exec %s --root " OCI_STATES " create -b " OCI_BUNDLE
			   " " OCI_ID
			   " < /dev/null > /dev/null 2> /run/oci/err",
			   program_under_test())));
	ck_assert_msg(r->status == 0, "%s", file_text("/run/oci/err"));
}

/* The process that waits has been made by another runtime than starts it. */
START_TEST(nor_by_one_of_the_process_that_waits_for_start)
{
	begin();
	write_args("/bin/entry");
	EACH(caller, fd)
	{
		make_script(word(caller, fd));
		create(caller);
		found_nothing(BY(caller, "start", OCI_ID), word(caller, fd),
			      "/bin/entry");
		OCI("delete", "--force", OCI_ID);
	}
	end();
}
END_TEST

START_TEST(nor_by_one_of_exec)
{
	begin();
	oci_write(&(struct config){ IN_IMAGE });
	struct running box = oci_start(OCI_ID);

	EACH(caller, fd)
	{
		make_script(word(caller, fd));
		found_nothing(BY(caller, "exec", OCI_ID, "/bin/entry"),
			      word(caller, fd), "/bin/entry");
		found_nothing(
			BY(caller, "exec", OCI_ID, word(caller, fd), "found"),
			word(caller, fd), word(caller, fd));
	}
	oci_delete(&box, OCI_ID);
	end();
}
END_TEST

START_TEST(a_hook_inside_is_not_found_by_a_descriptor)
{
	struct result *r;

	begin();
	EACH(caller, fd)
	{
		oci_write(&(struct config){
			IN_IMAGE, .script = "echo found",
			.top = text(", \"hooks\": {\"startContainer\": "
				    "[{\"path\": \"%s\"}]}",
				    word(caller, fd)) });
		r = BY(caller, "run", "-b", OCI_BUNDLE, OCI_ID);
		ck_assert_msg(r->status == 1 && !r->out[0], "%s leads out: %s",
			      word(caller, fd), r->out);
		ck_assert_msg(!own_program() || has(r->err, "hook /proc/self"),
			      "%s", r->err);
	}
	end();
}
END_TEST

/* By every kind of hook: what the caller left open is not theirs. */
START_TEST(hooks_get_three_descriptors)
{
	static const char *const kinds[] = {
		"prestart",       "createRuntime", "createContainer",
		"startContainer", "poststart",     "poststop"
	};
	struct result *r;

	begin();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(char *); i++) {
		oci_write(&(struct config){
			.script = "true",
			.top = text(", \"hooks\": {\"%s\": [{\"path\": "
				    "\"/bin/ls\", \"args\": [\"ls\", "
				    "\"/proc/self/fd\"]}]}",
				    kinds[i]) });
		r = BY(callers + 1, "--log", "/run/oci/log", "run", "-b",
		       OCI_BUNDLE, OCI_ID);
		ck_assert_msg(r->status == 0, "%s: %s", kinds[i], r->err);
		ck_assert_msg(strcmp(r->out, "0\n1\n2\n3\n") == 0, "%s has\n%s",
			      kinds[i], r->out);
	}
	end();
}
END_TEST

/* Days may pass until `start`, and a lock of the caller's be held so long. */
START_TEST(what_waits_for_start_holds_nothing_of_the_caller)
{
	begin();
	shell("touch " OUTSIDE "/lock");
	shell("exec 9< " OUTSIDE "/lock; flock 9; exec %s --root " OCI_STATES
	      " create -b " OCI_BUNDLE " " OCI_ID
	      " < /dev/null > /dev/null 2> /run/oci/err",
	      program_under_test());
	ck_assert_str_eq(shell("flock -n " OUTSIDE "/lock echo free"), "free");
	/* Where `start` knocks, and nothing else. */
	ck_assert_str_eq(shell("ls -l /proc/%d/fd | grep -c socket",
			       (int)oci_pid(OCI_ID)),
			 "1");
	ck_assert_str_eq(shell("ls /proc/%d/fd | wc -l", (int)oci_pid(OCI_ID)),
			 "4");
	OCI("delete", "--force", OCI_ID);
	end();
}
END_TEST

START_TEST(what_is_to_be_preserved_stays_open_and_no_more)
{
	struct result *r;

	oci_begin(&(struct config){ .script = "ls /proc/self/fd" });
	shell("mkdir " OUTSIDE);
	r = BY(callers + 1, "run", "--preserve-fds", "4", "-b", OCI_BUNDLE,
	       OCI_ID);
	/* 7 is the directory that ls reads. */
	ck_assert_str_eq(r->out, "0\n1\n2\n3\n4\n5\n6\n7\n");
	end();
}
END_TEST

/* sd_listen_fds(3): they are the first, what else is preserved comes behind. */
START_TEST(sockets_to_listen_on_are_passed_on_to_the_program)
{
	static const struct manner shell_of = { .program = "",
						.left_open = OUTSIDE };
	struct result *r;

	oci_begin(&(struct config){
		.script = "ls /proc/self/fd; env | grep ^LISTEN | sort",
		.env = ", \"LISTEN_FDS=77\"" });
	shell("mkdir " OUTSIDE);
	r = run(&shell_of,
		WORDS("sh", "-c",
		      text("LISTEN_FDS=2 LISTEN_PID=$$ exec %s "
			   "--root " OCI_STATES
			   " run --preserve-fds 1 -b " OCI_BUNDLE " " OCI_ID,
			   program_under_test())));
	/* 6 is the directory that ls reads. */
	ck_assert_msg(strcmp(r->out, "0\n1\n2\n3\n4\n5\n6\n"
				     "LISTEN_FDS=2\nLISTEN_PID=1\n") == 0,
		      "%s%s", r->out, r->err);
	/* For somebody else. */
	r = run(&shell_of, WORDS("sh", "-c",
				 text("LISTEN_FDS=2 LISTEN_PID=1 exec %s "
				      "--root " OCI_STATES " run -b " OCI_BUNDLE
				      " " OCI_ID,
				      program_under_test())));
	ck_assert_msg(strcmp(r->out, "0\n1\n2\n3\nLISTEN_FDS=77\n") == 0,
		      "%s%s", r->out, r->err);
	end();
}
END_TEST

START_TEST(the_callers_umask_is_not_the_programs)
{
	static const struct manner shell_of = { .program = "" };
	struct result *r;

	oci_begin(&(struct config){ .script = "umask; stat -c %a .",
				    .cwd = "/mnt/new/er" });
	shell("mkdir " OUTSIDE);
	r = run(&shell_of, WORDS("sh", "-c",
				 text("umask 077; exec %s --root " OCI_STATES
				      " run -b " OCI_BUNDLE " " OCI_ID,
				      program_under_test())));
	ck_assert_msg(strcmp(r->out, "0022\n755\n") == 0, "%s%s", r->out,
		      r->err);
	end();
}
END_TEST

/* A stage's own program, by what it has open itself and what its caller has. */
START_TEST(every_stage_with_a_root_of_its_own_lets_go_of_the_host)
{
	begin();
	for (int stage = 4; stage <= 10; stage++) {
		struct manner own = { .program = shell("ls -d %s/%02d-*", bin(),
						       stage) };
		struct manner leaking = own;

		leaking.left_open = OUTSIDE;
		for (int fd = 3; fd <= 20; fd++) {
			make_script(word(callers, fd));
			ck_assert_int_eq(run(&own, WORDS("--rootfs", IMAGE,
							 "/bin/entry"))
						 ->status,
					 127);
			make_script(word(callers + 1, fd));
			ck_assert_int_eq(run(&leaking, WORDS("--rootfs", IMAGE,
							     "/bin/entry"))
						 ->status,
					 127);
		}
	}
	end();
}
END_TEST

/* It would be made in a directory that the caller has left open. */
START_TEST(no_stage_makes_a_mount_point_by_a_descriptor)
{
	begin();
	for (int stage = 4; stage <= 10; stage++) {
		struct manner leaking = {
			.program = shell("ls -d %s/%02d-*", bin(), stage),
			.left_open = OUTSIDE,
		};

		for (int fd = 3; fd <= 20; fd++) {
			shell("rm -rf " IMAGE "/sys; ln -s "
			      "/proc/self/fd/%d/made " IMAGE "/sys",
			      fd);
			ck_assert_int_ne(
				run(&leaking, WORDS("--rootfs", IMAGE, "true"))
					->status,
				0);
			ck_assert_str_eq(shell("find " OUTSIDE " -name made"),
					 "");
		}
	}
	end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &the_program_is_not_found_by_a_descriptor },
	{ "safety", &an_interpreter_is_not_found_by_a_descriptor },
	{ "safety", &nor_by_one_of_the_process_that_waits_for_start },
	{ "safety", &nor_by_one_of_exec },
	{ "safety", &a_hook_inside_is_not_found_by_a_descriptor },
	{ "safety", &hooks_get_three_descriptors },
	{ "safety", &what_waits_for_start_holds_nothing_of_the_caller },
	{ "safety", &what_is_to_be_preserved_stays_open_and_no_more },
	{ "safety", &sockets_to_listen_on_are_passed_on_to_the_program },
	{ "safety", &the_callers_umask_is_not_the_programs },
	{ "safety", &every_stage_with_a_root_of_its_own_lets_go_of_the_host },
	{ "safety", &no_stage_makes_a_mount_point_by_a_descriptor },
	{ 0 },
};
