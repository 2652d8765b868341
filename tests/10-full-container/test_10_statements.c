/*
 * Stage 10: sentences of the specification with MUST in them, which no other
 * test says.  Each test names the file and section that it is from.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

static const struct config usual = { 0 };

/* Change config.json by a program for sed(1). */
static void edit(const char *script)
{
	shell("sed -i '%s' " OCI_BUNDLE "/config.json", script);
}

static void end(struct running *box)
{
	pid_t pid = oci_pid(OCI_ID);

	oci_close(box);
	oci_wait(pid);
	ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	oci_end();
}

/* runtime.md, Lifecycle, step 2: updates after it do not matter. */
START_TEST(a_later_change_of_config_json_does_not_matter)
{
	struct running box;
	struct result *r;

	oci_begin(&(struct config){ .script = "echo first; read x",
				    .env = ", \"COLOR=blue\"" });
	box = oci_create(OCI_ID);
	edit("s/first/second/; s/blue/red/");
	ck_assert_int_eq(OCI("start", OCI_ID)->status, 0);
	expect(&box, "first");
	r = OCI("exec", OCI_ID, "sh", "-c", "echo $COLOR");
	ck_assert_str_eq(r->out, "blue\n");
	end(&box);
}
END_TEST

/* runtime.md, Start: an error if `process` was not set. */
START_TEST(without_a_process_there_is_a_container_but_no_start)
{
	struct running box;

	oci_begin(&usual);
	edit("s/\"process\"/\"no-process\"/");
	box = oci_create(OCI_ID);
	ck_assert_str_eq(oci_status(OCI_ID), "created");
	oci_refuses(WORDS("--root", OCI_STATES, "start", OCI_ID), "process");
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

/* runtime.md, State: the bundle is an absolute path; annotations as given. */
START_TEST(the_state_has_the_absolute_bundle_and_the_annotations)
{
	struct running box;
	char *state;
	int status;

	oci_begin(&(struct config){
		.top = ", \"annotations\": {\"org.example.key\": \"a "
		       "value\"}" });
	ck_assert_int_eq(chdir("/run/oci"), 0);
	box = start(NULL, WORDS("--root", OCI_STATES, "create", "--bundle",
				"bundle", OCI_ID));
	ck_assert_int_eq(waitpid(box.pid, &status, 0), box.pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(chdir("/"), 0);
	state = OCI("state", OCI_ID)->out;
	ck_assert_msg(has(state, "\"bundle\": \"" OCI_BUNDLE "\""), "%s",
		      state);
	ck_assert_msg(has(state, "\"org.example.key\": \"a value\""), "%s",
		      state);
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

/* runtime.md, Errors: as if the operation was never attempted. */
START_TEST(a_failed_create_leaves_the_id_free)
{
	struct running box;

	oci_begin(&(struct config){
		.mounts = ", {\"destination\": \"/x\", \"type\": \"bind\", "
			  "\"source\": \"/no/such/source\"}" });
	oci_refuses(WORDS("--root", OCI_STATES, "create", "--bundle",
			  OCI_BUNDLE, OCI_ID),
		    "/no/such/source");
	ck_assert_str_eq(shell("ls -A " OCI_STATES), "");
	oci_write(&usual);
	box = oci_create(OCI_ID);
	ck_assert_int_eq(OCI("start", OCI_ID)->status, 0);
	expect(&box, "ready");
	end(&box);
}
END_TEST

/* runtime.md, Delete: what the container did not create stays. */
START_TEST(what_was_there_before_is_not_deleted)
{
	oci_begin(&(struct config){ .script = "echo x > /mnt/file" });
	ck_assert_int_eq(OCI_RUN()->status, 0);
	ck_assert_str_eq(shell("cat " OCI_SHARED "/file"), "x");
	ck_assert_str_eq(shell("ls " OCI_BUNDLE), "config.json");
	oci_end();
}
END_TEST

/* config.md, Extensibility: what is not known is no error. */
START_TEST(unknown_members_are_ignored_everywhere)
{
	struct result *r;

	oci_begin(&(struct config){
		.script = "echo ran",
		.process = ", \"extra\": [1]",
		.root = text("{\"path\": \"%s\", \"extra\": {}}", rootfs()),
		.linux_ = ", \"extra\": {\"a\": null}",
		.top = ", \"extra\": true, \"windows\": {\"x\": 1}" });
	r = OCI_RUN();
	oci_end();
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_str_eq(r->out, "ran\n");
}
END_TEST

/* Sentences that end in "the runtime MUST generate an error". */
static const struct {
	struct config config;
	const char *where; /* what the message names */
} wrong[] = {
	/* config.md, Process: cwd is absolute. */
	{ { .cwd = "tmp" }, "process.cwd" },
	/* config.md, Rlimits: no kind twice, and only ones that exist. */
	{ { .process = ", \"rlimits\": [{\"type\": \"RLIMIT_CORE\", \"soft\": "
		       "0, \"hard\": 0}, {\"type\": \"RLIMIT_CORE\", \"soft\": "
		       "0, \"hard\": 0}]" },
	  "process.rlimits[1]" },
	{ { .process = ", \"rlimits\": [{\"type\": \"RLIMIT_X\", \"soft\": 0, "
		       "\"hard\": 0}]" },
	  "RLIMIT_X" },
	/* config.md, POSIX-platform Hooks: the path is absolute. */
	{ { .top = ", \"hooks\": {\"poststart\": [{\"path\": \"bin/true\"}]}" },
	  "hooks.poststart[0].path" },
	/* config.md, Annotations: no empty key, only strings. */
	{ { .top = ", \"annotations\": {\"\": \"x\"}" }, "annotations" },
	{ { .top = ", \"annotations\": {\"a\": 1}" }, "annotations.a" },
	/* config-linux.md, Namespaces: no kind twice, of the kind it says. */
	{ { .namespaces = "[{\"type\": \"mount\"}, {\"type\": \"mount\"}]" },
	  "linux.namespaces[1]" },
	{ { .namespaces = "[{\"type\": \"mount\"}, {\"type\": \"uts\", "
			  "\"path\": \"/proc/self/ns/ipc\"}]" },
	  "uts" },
	{ { .namespaces = "[{\"type\": \"mount\"}, {\"type\": \"uts\", "
			  "\"path\": \"ns\"}]" },
	  "linux.namespaces[1].path" },
	/* config-linux.md, Devices: a file of the same name is another. */
	{ { .linux_ = ", \"devices\": [{\"path\": \"/dev/x\", \"type\": "
		      "\"c\", \"major\": 1, \"minor\": 3}, {\"path\": "
		      "\"/dev/x\", \"type\": \"c\", \"major\": 1, "
		      "\"minor\": 7}]" },
	  "/dev/x" },
	/* config.md, Specification version: 1.x of this specification. */
	{ { .version = "\"ociVersion\": \"2.0.0\"," }, "ociVersion" },
	{ { .version = "\"ociVersion\": \"one\"," }, "ociVersion" },
};

START_TEST(what_must_be_an_error_is_one)
{
	oci_begin(&usual);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		oci_write(&wrong[i].config);
		oci_refuses(WORDS("--root", OCI_STATES, "create", "--bundle",
				  OCI_BUNDLE, OCI_ID),
			    wrong[i].where);
		ck_assert_str_eq(shell("ls -A " OCI_STATES), "");
	}
	oci_end();
}
END_TEST

/* config-linux.md, Default Filesystems and Default Devices. */
START_TEST(what_every_container_has_is_there)
{
	struct result *r;

	oci_begin(&(struct config){
		.script = "for i in fd stdin stdout stderr ptmx; do readlink "
			  "/dev/$i; done; ls -d /dev/pts /dev/shm",
		.mounts = ", {\"destination\": \"/dev/pts\", \"type\": "
			  "\"devpts\"}, {\"destination\": \"/dev/shm\", "
			  "\"type\": \"tmpfs\"}" });
	r = OCI_RUN();
	oci_end();
	ck_assert_str_eq(r->out, "/proc/self/fd\n/proc/self/fd/0\n"
				 "/proc/self/fd/1\n/proc/self/fd/2\n"
				 "pts/ptmx\n/dev/pts\n/dev/shm\n");
}
END_TEST

const struct test tests[] = {
	{ "safety", &a_later_change_of_config_json_does_not_matter },
	{ "safety", &without_a_process_there_is_a_container_but_no_start },
	{ "safety", &the_state_has_the_absolute_bundle_and_the_annotations },
	{ "safety", &a_failed_create_leaves_the_id_free },
	{ "safety", &what_was_there_before_is_not_deleted },
	{ "input", &unknown_members_are_ignored_everywhere },
	{ "input", &what_must_be_an_error_is_one },
	{ "safety", &what_every_container_has_is_there },
	{ 0 },
};
