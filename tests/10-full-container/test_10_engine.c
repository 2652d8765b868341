/* Stage 10: what an engine adds: hooks, groups, further processes, spec. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "10-full-container";

#define LOG OCI_SHARED "/log"

/* A hook that notes its name, and what the state on its input says. */
#define HOOK(name)                                                       \
	"\"" name "\": [{\"path\": \"/bin/sh\", \"args\": [\"sh\", "     \
	"\"-c\", \"(echo " name "; grep -o 'status[^,]*' | tr -d '\\\" " \
	"'; hostname) | tr '\\\\n' ' ' >> $LOG; echo >> $LOG\"], "       \
	"\"env\": [\"PATH=/bin:/usr/bin\", \"LOG=" LOG "\"]}]"

START_TEST(hooks_run_in_their_order_and_know_the_state)
{
	oci_begin(&(struct config){
		.script = "echo command >> /mnt/log",
		.top = ", \"hostname\": \"box\", \"hooks\": "
		       "{" HOOK("poststop") ", " HOOK("poststart") ", " HOOK(
			       "prestart") ", " HOOK("createRuntim"
						     "e") "}" });
	ck_assert_int_eq(OCI_RUN()->status, 0);
	ck_assert_str_eq(shell("grep -v -e command -e poststart " LOG),
			 "prestart status:creating host \n"
			 "createRuntime status:creating host \n"
			 "poststop status:stopped host ");
	ck_assert(has(file_text(LOG), "poststart status:"));
	ck_assert(has(file_text(LOG), "command\n"));
	oci_end();
}
END_TEST

/* These two run inside: the first before the root changes, the second after. */
START_TEST(hooks_of_the_container_run_in_its_namespaces)
{
	oci_begin(&(struct config){
		.script = "echo command >> /mnt/log",
		.top = ", \"hostname\": \"box\", \"hooks\": {"
		       "\"createContainer\": [{\"path\": \"/bin/sh\", "
		       "\"args\": [\"sh\", \"-c\", \"hostname >> " LOG
		       "\"], \"env\": [\"PATH=/bin\"]}], "
		       "\"startContainer\": [{\"path\": \"/bin/sh\", \"args\": "
		       "[\"sh\", \"-c\", \"echo $(hostname) $(ls /mnt) >> "
		       "/mnt/log\"], \"env\": [\"PATH=/bin\"]}]}" });
	ck_assert_int_eq(OCI_RUN()->status, 0);
	ck_assert_str_eq(file_text(LOG), "box\nbox log\ncommand\n");
	oci_end();
}
END_TEST

START_TEST(a_hook_that_fails_stops_the_creation)
{
	oci_begin(&(struct config){
		.script = "touch /mnt/ran",
		.top = ", \"hooks\": {\"createRuntime\": [{\"path\": "
		       "\"/bin/false\"}]}" });
	ck_assert_int_eq(OCI_RUN()->status, 1);
	ck_assert_int_ne(access(OCI_SHARED "/ran", F_OK), 0);
	oci_end();
}
END_TEST

START_TEST(a_hook_that_takes_too_long_is_killed)
{
	oci_begin(&(struct config){
		.script = "true",
		.top = ", \"hooks\": {\"createRuntime\": [{\"path\": "
		       "\"/usr/bin/tail\", \"args\": [\"tail\", \"-f\", "
		       "\"/dev/null\"], \"timeout\": 1}]}" });
	ck_assert_int_eq(OCI_RUN()->status, 1);
	oci_end();
}
END_TEST

/* The value of a limit, in whichever tree the controller is. */
static char *limit_of(pid_t pid, const char *controller, const char *v1,
		      const char *v2)
{
	return shell("at=$(sed -n 's/^[0-9]*:[^:]*\\b%s\\b[^:]*://p' "
		     "/proc/%d/cgroup); if [ \"$at\" ]; then "
		     "cat /sys/fs/cgroup/%s$at/%s; else cat /sys/fs/cgroup$("
		     "sed -n 's/^0:://p' /proc/%d/cgroup)/%s; fi",
		     controller, pid, controller, v1, pid, v2);
}

START_TEST(its_group_has_the_limits_and_the_path)
{
	struct running box;
	pid_t pid;

	oci_begin(&(struct config){
		.linux_ = ", \"cgroupsPath\": \"/engine/one\", \"resources\": "
			  "{\"memory\": {\"limit\": 33554432}, \"pids\": "
			  "{\"limit\": 12}}" });
	box = oci_create(OCI_ID);
	pid = oci_pid(OCI_ID);
	ck_assert_str_eq(
		limit_of(pid, "memory", "memory.limit_in_bytes", "memory.max"),
		"33554432");
	ck_assert_str_eq(limit_of(pid, "pids", "pids.max", "pids.max"), "12");
	ck_assert(has(file_text("/proc/%d/cgroup", pid), "/engine/one\n"));
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	shell("find /sys/fs/cgroup -depth -type d -name engine "
	      "-exec rmdir {} +");
	oci_end();
}
END_TEST

START_TEST(what_it_started_ends_with_it_without_a_pid_namespace)
{
	struct result *r;

	oci_begin(
		&(struct config){ .script = "tail -f /dev/null & echo started",
				  .namespaces = "[{\"type\": \"mount\"}]" });
	r = OCI_RUN();
	ck_assert_str_eq(r->out, "started\n");
	ck_assert_int_eq(r->status, 0);
	oci_end();
}
END_TEST

/* A script of which the interpreter is missing is found, but cannot start. */
START_TEST(a_detached_run_that_does_not_start_leaves_nothing)
{
	oci_begin(&(struct config){ 0 });
	shell("echo '#!/no/such' > " OCI_SHARED "/script; "
	      "chmod +x " OCI_SHARED "/script; "
	      "sed -i 's|\"args\": \\[[^]]*]|\"args\": "
	      "[\"/mnt/script\"]|' " OCI_BUNDLE "/config.json");
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--detach", "--bundle",
			  OCI_BUNDLE, OCI_ID),
		    "/mnt/script");
	ck_assert_str_eq(OCI("list", "--quiet")->out, "");
	oci_end();
}
END_TEST

START_TEST(exec_enters_all_namespaces)
{
	static const char *const names[] = { "cgroup", "ipc", "mnt",
					     "net",    "pid", "uts" };
	struct running box;
	struct result *r;

	oci_begin(&(struct config){ 0 });
	box = oci_create(OCI_ID);
	OCI("start", OCI_ID);
	expect(&box, "ready");
	for (size_t i = 0; i < sizeof(names) / sizeof(char *); i++) {
		r = OCI("exec", OCI_ID, "readlink",
			text("/proc/self/ns/%s", names[i]));
		ck_assert_msg(r->status == 0, "%s", r->err);
		ck_assert_str_eq(
			chomp(r->out),
			link_text("/proc/%d/ns/%s", oci_pid(OCI_ID), names[i]));
	}
	OCI("delete", "--force", OCI_ID);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(exec_is_under_the_containers_rules)
{
	struct running box;
	char *groups, *status;

	oci_begin(&(struct config){
		.process = ", \"noNewPrivileges\": true, \"capabilities\": "
			   "{\"bounding\": [\"CAP_KILL\"], \"permitted\": "
			   "[\"CAP_KILL\"], \"effective\": [\"CAP_KILL\"]}",
		.linux_ = ", \"seccomp\": {\"defaultAction\": "
			  "\"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": "
			  "[\"mkdir\"], \"action\": \"SCMP_ACT_ERRNO\"}]}" });
	box = oci_create(OCI_ID);
	OCI("start", OCI_ID);
	expect(&box, "ready");
	status = OCI("exec", OCI_ID, "cat", "/proc/self/status")->out;
	groups = OCI("exec", OCI_ID, "cat", "/proc/self/cgroup")->out;
	ck_assert_uint_eq(status_set(status, "CapBnd"), BIT(5));
	ck_assert_uint_eq(status_set(status, "CapEff"), BIT(5));
	ck_assert(has(status, "NoNewPrivs:\t1"));
	ck_assert(has(status, "Seccomp:\t2"));
	ck_assert(!has(groups, "/..")); /* it is in the container's group */
	OCI("delete", "--force", OCI_ID);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(exec_returns_the_commands_status)
{
	struct running box;

	oci_begin(&(struct config){ 0 });
	box = oci_create(OCI_ID);
	OCI("start", OCI_ID);
	expect(&box, "ready");
	ck_assert_int_eq(OCI("exec", OCI_ID, "sh", "-c", "exit 5")->status, 5);
	ck_assert_int_eq(OCI("exec", OCI_ID, "sh", "-c", "kill -9 $$")->status,
			 128 + SIGKILL);
	ck_assert_int_ne(OCI("exec", OCI_ID, "no-such-program")->status, 0);
	ck_assert_str_eq(OCI("exec", "--cwd", "/tmp", "--user", "7:8", "--env",
			     "A=b", OCI_ID, "sh", "-c",
			     "pwd; id -u; id -g; echo $A")
				 ->out,
			 "/tmp\n7\n8\nb\n");
	OCI("delete", "--force", OCI_ID);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(exec_needs_a_running_container)
{
	struct running box;
	pid_t pid;

	oci_begin(&(struct config){ 0 });
	oci_refuses(WORDS("--root", OCI_STATES, "exec", OCI_ID, "true"),
		    OCI_ID);
	box = oci_create(OCI_ID);
	pid = oci_pid(OCI_ID);
	OCI("kill", OCI_ID, "KILL");
	oci_wait(pid);
	oci_refuses(WORDS("--root", OCI_STATES, "exec", OCI_ID, "true"),
		    OCI_ID " is stopped");
	OCI("delete", OCI_ID);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(spec_writes_what_run_runs)
{
	struct result *r;

	oci_begin(&(struct config){ 0 });
	shell("rm " OCI_BUNDLE "/config.json");
	r = RUN("spec", "--bundle", OCI_BUNDLE, "--rootfs", rootfs(),
		"--hostname", "box", "--tmpfs", "/tmp", "--user", "1000",
		"--cap-drop", "ALL", "--pids", "20", "--boottime", "1000000",
		"sh", "-c",
		"hostname; id -u; touch /tmp/x && grep CapBnd "
		"/proc/self/status; [ $(cut -d. -f1 /proc/uptime) -gt 1000000 "
		"] && echo later");
	ck_assert_msg(r->status == 0, "%s", r->err);
	r = OCI_RUN();
	ck_assert_str_eq(r->out, "box\n1000\nCapBnd:\t0000000000000000\n"
				 "later\n");
	oci_refuses(WORDS("spec", "--bundle", OCI_BUNDLE), "config.json");
	oci_end();
}
END_TEST

START_TEST(spec_prints_what_it_would_write)
{
	char *written;

	oci_begin(&(struct config){ 0 });
	shell("rm " OCI_BUNDLE "/config.json");
	RUN("spec", "--bundle", OCI_BUNDLE, "--hostname", "box", "true");
	written = file_text(OCI_BUNDLE "/config.json");
	ck_assert(has(written, "\"hostname\": \"box\""));
	ck_assert_str_eq(RUN("spec", "--hostname", "box", "-", "true")->out,
			 written);
	oci_refuses(WORDS("spec", "--memory", "much", "true"), "--memory");
	oci_refuses(WORDS("spec", "--net", "bridge", "true"), "--net");
	oci_end();
}
END_TEST

/* The places in a document: "linux.namespaces.n.type". */
static char *places_in(const char *path)
{
	return shell("jq -r 'paths | map(if type == \"number\" then \"n\" "
		     "else . end) | join(\".\")' %s | sort -u > %s.places; "
		     "cat %s.places",
		     path, path, path);
}

/* Whoever reads runc's finds everything at the same place in ours. */
START_TEST(spec_has_the_shape_of_runcs)
{
	if (strcmp(shell("which runc jq | wc -l"), "2") != 0)
		skip("there are no runc and jq to compare with");
	oci_begin(&(struct config){ 0 });
	shell("cd " OCI_BUNDLE " && rm config.json && runc spec && "
	      "mv config.json /run/oci/theirs");
	RUN("spec", "--bundle", OCI_BUNDLE, "--hostname", "box");
	ck_assert(has(places_in("/run/oci/theirs"), "linux.namespaces.n.type"));
	ck_assert_str_ne(places_in(OCI_BUNDLE "/config.json"), "");
	ck_assert_str_eq(
		shell("comm -23 /run/oci/theirs.places " OCI_BUNDLE
		      "/config.json.places | grep -v -e rlimits -e ambient.n"),
		"");
	oci_end();
}
END_TEST

/* In the order of names, without what runtimes call themselves. */
static char *sorted_config(const char *path)
{
	return shell("jq -S 'del(.ociVersion, .hostname, "
		     ".process.capabilities.ambient, "
		     ".process.capabilities.inheritable) | "
		     ".linux.namespaces |= (map(.type) - [\"cgroup\"])' %s",
		     path);
}

START_TEST(spec_without_options_writes_what_runc_writes)
{
	if (strcmp(shell("which runc jq | wc -l"), "2") != 0)
		skip("there are no runc and jq to compare with");
	oci_begin(&(struct config){ 0 });
	shell("cd " OCI_BUNDLE " && rm config.json && runc spec && "
	      "mv config.json /run/oci/theirs");
	ck_assert_int_eq(RUN("spec", "--bundle", OCI_BUNDLE)->status, 0);
	ck_assert(has(sorted_config("/run/oci/theirs"), "RLIMIT_NOFILE"));
	ck_assert_str_eq(sorted_config(OCI_BUNDLE "/config.json"),
			 sorted_config("/run/oci/theirs"));
	ck_assert_str_eq(RUN("spec", "-")->out,
			 file_text(OCI_BUNDLE "/config.json"));
	oci_end();
}
END_TEST

/* It is a container on a terminal; and an ordinary user may write it down. */
START_TEST(spec_without_options_can_be_run)
{
	struct result *r;

	oci_begin(&(struct config){ 0 });
	shell("rm " OCI_BUNDLE "/config.json; mkdir " OCI_BUNDLE
	      "/rootfs; mount --bind %s " OCI_BUNDLE
	      "/rootfs; chmod 777 " OCI_BUNDLE,
	      rootfs());
	r = run(&(struct manner){ .ordinary_user = true },
		WORDS("spec", "--bundle", OCI_BUNDLE));
	ck_assert_msg(r->status == 0, "%s", r->err);
	r = run(&(struct manner){ .ordinary_user = true },
		WORDS("spec", "--cap-drop", "ALL", "--cap-add", "CHOWN", "-",
		      "true"));
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert(has(r->out, "\"CAP_CHOWN\""));
	r = run(&(struct manner){ .program = "sh" },
		WORDS("-c",
		      "echo 'ulimit -n; hostname; ls /sys/class/net; exit 7' "
		      "| \"$0\" --root " OCI_STATES " run --bundle " OCI_BUNDLE
		      " " OCI_ID,
		      program_under_test()));
	ck_assert_msg(r->status == 7, "%d: %s%s", r->status, r->out, r->err);
	ck_assert_msg(has(r->out, "\n1024\nten-steps\nlo\n"), "%s", r->out);
	ck_assert_str_eq(r->err, "");
	shell("umount " OCI_BUNDLE "/rootfs");
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &hooks_run_in_their_order_and_know_the_state },
	{ "safety", &hooks_of_the_container_run_in_its_namespaces },
	{ "safety", &a_hook_that_fails_stops_the_creation },
	{ "safety", &a_hook_that_takes_too_long_is_killed },
	{ "safety", &its_group_has_the_limits_and_the_path },
	{ "safety", &what_it_started_ends_with_it_without_a_pid_namespace },
	{ "safety", &a_detached_run_that_does_not_start_leaves_nothing },
	{ "safety", &exec_enters_all_namespaces },
	{ "safety", &exec_is_under_the_containers_rules },
	{ "safety", &exec_returns_the_commands_status },
	{ "input", &exec_needs_a_running_container },
	{ "safety", &spec_writes_what_run_runs },
	{ "safety", &spec_prints_what_it_would_write },
	{ "safety", &spec_has_the_shape_of_runcs },
	{ "safety", &spec_without_options_writes_what_runc_writes },
	{ "safety", &spec_without_options_can_be_run },
	{ 0 },
};
