/* Stage 10: what cannot be read is not left out, or taken for nothing. */
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define A_TREE "/sys/fs/cgroup/pids"

/* A verb in a mount namespace in which something has been done before. */
static struct result *elsewhere(const char *script, const char *words)
{
	return run(&(struct manner){ .program = "" },
		   WORDS("unshare", "--mount", "sh", "-c",
			 text("%s || exit 99; exec %s --root " OCI_STATES " %s",
			      script, program_under_test(), words)));
}

/*
 * In its place is the memory of who reads, at the address 0: there is none, and
 * that is EIO.
 */
static struct result *unreadable(const char *file, const char *words)
{
	return elsewhere(
		text("file=$(echo /sys/fs/cgroup/*/ten-steps/" OCI_ID
		     ".oci/%s); test -e $file && mount --bind /proc/$$/mem "
		     "$file",
		     file),
		words);
}

/* A number that cannot be read is no number that is not there. */
START_TEST(what_cannot_be_read_is_not_left_out)
{
	static const char *const files[] = {
		"cpuacct.usage",        "memory.stat",
		"pids.current",         "cpuset.effective_cpus",
		"cpuacct.usage_percpu", "blkio.throttle.io_serviced_recursive",
		"hugetlb.*.failcnt",
	};
	struct running box;
	struct result *r;

	if (access(A_TREE "/tasks", F_OK) != 0)
		skip("this machine has no cgroup v1");
	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	for (size_t i = 0; i < sizeof(files) / sizeof(char *); i++) {
		r = unreadable(files[i], "events --stats " OCI_ID);
		if (r->status == 99)
			continue; /* this kernel does not have it */
		ck_assert_msg(
			r->status == 1 && !r->out[0] && has(r->err, "(EIO)"),
			"%s: %d %s%s", files[i], r->status, r->out, r->err);
	}
	r = unreadable("memory.oom_control", "events " OCI_ID);
	ck_assert_msg(r->status == 1 && has(r->err, "watch for the end of"),
		      "%d %s", r->status, r->err);
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* Who does not know what a limit was cannot put it back. */
START_TEST(nothing_is_changed_that_could_not_be_put_back)
{
	struct running box;
	struct result *r;

	if (access(A_TREE "/tasks", F_OK) != 0)
		skip("this machine has no cgroup v1");
	oci_begin(&(struct config){
		.linux_ = ", \"resources\": {\"pids\": {\"limit\": 50}}" });
	box = oci_start(OCI_ID);
	r = unreadable("cpu.shares",
		       "update --pids-limit 60 --cpu-share 512 " OCI_ID);
	ck_assert_msg(r->status == 1 &&
			      has(r->err, "note cpu.shares before it changes: "
					  "Input/output error (EIO)"),
		      "%d %s", r->status, r->err);
	r = unreadable("memory.limit_in_bytes", "update --memory 64M " OCI_ID);
	ck_assert_msg(r->status == 1 && has(r->err, "(EIO)"), "%d %s",
		      r->status, r->err);
	ck_assert_str_eq(
		shell("cat " A_TREE "/ten-steps/" OCI_ID ".oci/pids.max"),
		"50");
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

/* An end that is none: the tmpfs would lack what the image has. */
START_TEST(a_directory_that_cannot_be_read_is_not_copied_in_part)
{
	static const struct manner no_list = { .denied_call = SYS_getdents64,
					       .denied_error = 5 };
	struct result *r;

	oci_begin(&(struct config){
		.mounts = ", {\"destination\": \"/etc\", \"type\": "
			  "\"tmpfs\", \"options\": [\"tmpcopyup\"]}" });
	r = run(&no_list, WORDS("--root", OCI_STATES, "run", "--bundle",
				OCI_BUNDLE, OCI_ID));
	ck_assert_msg(r->status == 1 && !r->out[0] &&
			      has(r->err, "read a directory, to copy it: "
					  "Input/output error (EIO)"),
		      "%d %s%s", r->status, r->out, r->err);
	oci_end();
}
END_TEST

/* The map is not asked, which may be that of all ids in any namespace. */
START_TEST(whose_machine_it_is_is_not_guessed)
{
	struct result *r;

	oci_begin(&(struct config){ .script = "true" });
	r = elsewhere("mount --bind /proc/$$/mem /proc/$$/uid_map",
		      "run --bundle " OCI_BUNDLE " " OCI_ID);
	ck_assert_msg(r->status == 0, "%d %s%s", r->status, r->out, r->err);
	oci_end();
}
END_TEST

/* As on hardened machines: who waits for `start` is hidden from his user. */
START_TEST(a_process_that_proc_hides_has_not_ended)
{
	static const char script[] =
		"mount -t proc -o hidepid=2 proc /proc || exit 99\n"
		"rt() { setpriv --reuid 65534 --regid 65534 --clear-groups "
		"%s --root " OCI_STATES " \"$@\"; }\n"
		"rt create --pid-file " OCI_STATES "/pid -b " OCI_BUNDLE
		" other </dev/null >/dev/null || exit 1\n"
		"rt state other | grep -o '\"status\": \"created\"'\n"
		"rt delete --force other\n"
		"echo $? $(readlink /proc/$(cat " OCI_STATES "/pid)/exe)\n"
		"rm " OCI_STATES "/pid";
	struct result *r;

	oci_begin(&(struct config){
		.mounts = "",
		.namespaces = "[{\"type\": \"user\"}, {\"type\": \"mount\"}, "
			      "{\"type\": \"pid\"}]",
		.linux_ = ", \"uidMappings\": [{\"containerID\": 0, "
			  "\"hostID\": 65534, \"size\": 1}], "
			  "\"gidMappings\": [{\"containerID\": 0, "
			  "\"hostID\": 65534, \"size\": 1}]" });
	shell("chown -R 65534 " OCI_STATES);
	r = run(&(struct manner){ .program = "" },
		WORDS("unshare", "--mount", "sh", "-c",
		      text(script, program_under_test())));
	if (r->status == 99)
		skip("this kernel hides no processes");
	ck_assert_msg(strcmp(r->out, "\"status\": \"created\"\n0\n") == 0,
		      "%d %s%s", r->status, r->out, r->err);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &what_cannot_be_read_is_not_left_out },
	{ "safety", &nothing_is_changed_that_could_not_be_put_back },
	{ "safety", &a_directory_that_cannot_be_read_is_not_copied_in_part },
	{ "safety", &whose_machine_it_is_is_not_guessed },
	{ "safety", &a_process_that_proc_hides_has_not_ended },
	{ 0 },
};
