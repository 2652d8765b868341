/*
 * Stage 10: systemd's cgroup manager, with stand-ins for systemd's tools.
 *
 * The tests' hosts have no systemd: it would not move processes of another
 * PID namespace.  The stand-in for busctl notes what it is asked, and does
 * what systemd would do with the process.  tests/oci/systemd.sh does it all
 * with a real one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define ASKED   "/run/asked"
#define TOOLS   "/run/tools"
#define REFUSES "/run/refuses"

/* $1 is --system, $2 --; the unit's name is the word after the types. */
static const char busctl[] =
	"#!/bin/sh\n"
	"echo \"$@\" >>" ASKED "\n"
	"if [ -e " REFUSES " ]; then cat " REFUSES "; exit 1; fi\n"
	"[ \"$7\" = StartTransientUnit ] || exit 0\n"
	"unit=\"$9\" top=/sys/fs/cgroup\n"
	"[ -e $top/cgroup.procs ] || top=/sys/fs/cgroup/unified\n"
	"[ -e $top/cgroup.procs ] || top=/sys/fs/cgroup/systemd\n"
	"while [ \"$1\" != PIDs ]; do shift; done\n"
	"mkdir -p $top/\"system.slice/$unit\"\n"
	"echo $4 >\"$top/system.slice/$unit/cgroup.procs\"\n";

static const char systemctl[] = "#!/bin/sh\n"
				"echo \"$@\" >>" ASKED "\n";

static void put_tool(const char *name, const char *script)
{
	FILE *file = fopen(text(TOOLS "/%s", name), "w");

	ck_assert_ptr_nonnull(file);
	fputs(script, file);
	fchmod(fileno(file), 0755);
	fclose(file);
}

static void begin(const struct config *config)
{
	shell("mkdir -p /run/systemd/system " TOOLS);
	put_tool("busctl", busctl);
	put_tool("systemctl", systemctl);
	setenv("PATH", text(TOOLS ":%s", getenv("PATH")), 1);
	oci_begin(config);
}

static void end(void)
{
	shell("rm -r /run/systemd " TOOLS "; rm -f " ASKED " " REFUSES
	      "; rmdir /sys/fs/cgroup/system.slice "
	      "/sys/fs/cgroup/*/system.slice");
	oci_end();
}

static struct running create(void)
{
	struct running box =
		start(NULL, WORDS("--root", OCI_STATES, "--systemd-cgroup",
				  "create", "--bundle", OCI_BUNDLE, OCI_ID));
	int status;

	ck_assert_int_eq(waitpid(box.pid, &status, 0), box.pid);
	lseek(box.err, 0, SEEK_SET);
	ck_assert_msg(status == 0, "create: %s", read_all(box.err));
	return box;
}

static void delete (struct running *box)
{
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(box);
}

static void was_asked(const char *words)
{
	ck_assert_msg(has(file_text(ASKED), words),
		      "\"%s\" was not asked for, but: %s", words,
		      file_text(ASKED));
}

#define CREATE                                                                \
	WORDS("--root", OCI_STATES, "--systemd-cgroup", "create", "--bundle", \
	      OCI_BUNDLE, OCI_ID)

START_TEST(systemd_is_given_the_process_and_gives_the_group)
{
	struct running box;
	pid_t pid;

	begin(&(struct config){ 0 });
	box = create();
	pid = oci_pid(OCI_ID);
	was_asked("--system -- call org.freedesktop.systemd1 "
		  "/org/freedesktop/systemd1 "
		  "org.freedesktop.systemd1.Manager StartTransientUnit "
		  "ssa(sv)a(sa(sv)) ten-steps-box.scope replace ");
	was_asked(text("PIDs au 1 %d ", pid));
	was_asked("Delegate b true ");
	ck_assert(has(file_text("/proc/%d/cgroup", pid),
		      "/system.slice/ten-steps-box.scope\n"));
	delete (&box);
	was_asked("--system -- stop ten-steps-box.scope\n");
	end();
}
END_TEST

START_TEST(the_group_of_the_scope_is_seen_inside)
{
	struct result *r;

	begin(&(struct config){
		.script = "cat /sys/fs/cgroup/cgroup.procs "
			  "/sys/fs/cgroup/unified/cgroup.procs 2>/dev/null; "
			  "true",
		.mounts = ", {\"destination\": \"/sys\", \"type\": "
			  "\"tmpfs\"}, {\"destination\": "
			  "\"/sys/fs/cgroup\", \"type\": \"cgroup\"}" });
	r = oci(WORDS("--root", OCI_STATES, "--systemd-cgroup", "run",
		      "--bundle", OCI_BUNDLE, OCI_ID));
	ck_assert_msg(strncmp(r->out, "1\n", 2) == 0, "%s%s", r->out, r->err);
	end();
}
END_TEST

/* Else daemon-reload would set them back; what systemd rounds is a file. */
START_TEST(limits_are_properties_of_the_scope)
{
	struct running box;

	begin(&(struct config){
		.linux_ = ", \"resources\": {\"pids\": {\"limit\": 20}, "
			  "\"memory\": {\"limit\": 33554432, "
			  "\"reservation\": 1048576}, \"cpu\": {\"shares\": "
			  "512, \"quota\": 25500, \"period\": 100000, "
			  "\"cpus\": \"0-1\"}, \"unified\": {\"memory.max\": "
			  "\"max\"}}" });
	box = create();
	was_asked("TasksMax t 20 ");
	was_asked("MemoryMax t 33554432 ");
	was_asked("MemoryMax t 18446744073709551615 ");
	was_asked("MemoryLow t 1048576 ");
	was_asked("CPUWeight t 59 ");
	was_asked("CPUQuotaPeriodUSec t 100000 CPUQuotaPerSecUSec t 260000 ");
	was_asked("AllowedCPUs ay 1 3 ");
	ck_assert_str_eq(shell("cat /sys/fs/cgroup/pids/system.slice/"
			       "ten-steps-box.scope/pids.max || "
			       "cat /sys/fs/cgroup/system.slice/"
			       "ten-steps-box.scope/pids.max"),
			 "20");
	delete (&box);
	end();
}
END_TEST

START_TEST(an_update_is_told_to_systemd_unless_the_kernel_refuses_it)
{
	struct running box;

	begin(&(struct config){
		.linux_ = ", \"resources\": {\"pids\": {\"limit\": 20}}" });
	box = create();
	ck_assert_int_eq(OCI("update", "--pids-limit", "30", OCI_ID)->status,
			 0);
	was_asked("SetUnitProperties sba(sv) ten-steps-box.scope true 1 "
		  "TasksMax t 30\n");
	ck_assert_int_eq(OCI("update", "--cpuset-cpus", "4000", OCI_ID)->status,
			 1);
	ck_assert(!has(file_text(ASKED), "AllowedCPUs"));
	delete (&box);
	end();
}
END_TEST

START_TEST(a_path_of_three_parts_names_slice_and_scope)
{
	struct running box;

	begin(&(struct config){
		.linux_ = ", \"cgroupsPath\": \"machine.slice:engine:a+b\"" });
	box = create();
	was_asked(" engine-a\\x2bb.scope replace ");
	was_asked("Slice s machine.slice ");
	delete (&box);
	end();
}
END_TEST

START_TEST(annotations_are_further_properties)
{
	struct running box;

	begin(&(struct config){
		.top = ", \"annotations\": {"
		       "\"org.systemd.property.TimeoutStopSec\": \"uint64 7\", "
		       "\"org.systemd.property.OOMPolicy\": \"'kill'\", "
		       "\"org.systemd.property.BindsTo\": \"['a.service', "
		       "'b.service']\", "
		       "\"org.systemd.property.Nice\": \"5\", "
		       "\"org.systemd.property.SendSIGHUP\": \"true\", "
		       "\"other\": \"(1, 2)\"}" });
	box = create();
	was_asked("TimeoutStopUSec t 7000000 ");
	was_asked("OOMPolicy s kill ");
	was_asked("BindsTo as 2 a.service b.service ");
	was_asked("Nice i 5 ");
	was_asked("SendSIGHUP b true ");
	delete (&box);
	end();
}
END_TEST

/* busctl takes options anywhere, and one of them runs a program. */
START_TEST(no_word_of_an_annotation_is_an_option_of_busctl)
{
	struct running box;
	char *asked;

	begin(&(struct config){
		.linux_ = ", \"cgroupsPath\": \"system.slice:-H:-x\"",
		.top = ", \"annotations\": {"
		       "\"org.systemd.property.Description\": "
		       "\"'--address=unixexec:path=/bin/false'\", "
		       "\"org.systemd.property.BindsTo\": \"['-Hhost']\", "
		       "\"org.systemd.property.Nice\": \"-5\"}" });
	box = create();
	delete (&box);
	asked = file_text(ASKED);
	ck_assert_msg(has(asked, "Description s --address=unixexec:path=") &&
			      has(asked, "BindsTo as 1 -Hhost ") &&
			      has(asked, "Nice i -5 ") &&
			      has(asked, "-- stop -H--x.scope\n"),
		      "%s", asked);
	for (char *line = strtok(asked, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_msg(strncmp(line, "--system -- ", 12) == 0, "%s",
			      line);
	end();
}
END_TEST

static const struct {
	const char *path, *annotations, *piece;
} wrong[] = {
	{ "/a/path", "", "linux.cgroupsPath: \"/a/path\" is not the name" },
	{ "a:b", "", "linux.cgroupsPath: \"a:b\" is not the name" },
	{ "a:b:c", "", "linux.cgroupsPath: \"a:b:c\" is not the name" },
	{ "", "\"org.systemd.property.Nice\": \"(1, 2)\"",
	  "annotations.org.systemd.property.Nice: \"(1, 2)\" is not" },
	{ "", "\"org.systemd.property.Nice\": \"'open\"",
	  "annotations.org.systemd.property.Nice: " },
	{ "", "\"org.systemd.property.A b\": \"1\"",
	  "annotations.org.systemd.property.A b: " },
};

START_TEST(what_systemd_could_not_take_is_refused)
{
	begin(&(struct config){ 0 });
	for (size_t i = 0; i < COUNT(wrong); i++) {
		oci_write(&(struct config){
			.linux_ = text(", \"cgroupsPath\": \"%s\"",
				       wrong[i].path),
			.top = text(", \"annotations\": {%s}",
				    wrong[i].annotations) });
		oci_refuses(CREATE, wrong[i].piece);
	}
	end();
}
END_TEST

START_TEST(what_systemd_says_is_passed_on)
{
	begin(&(struct config){ 0 });
	shell("echo 'Call failed: Unit ten-steps-box.scope was already "
	      "loaded' >" REFUSES);
	oci_refuses(CREATE, "start ten-steps-box.scope: systemd says: Unit "
			    "ten-steps-box.scope was already loaded");
	end();
}
END_TEST

START_TEST(without_systemd_it_says_what_to_do)
{
	struct result *r;

	oci_begin(&(struct config){ 0 });
	oci_refuses(CREATE, "there is no /run/systemd/system");
	r = oci(WORDS("--root", OCI_STATES, "--cgroup-manager", "systemd",
		      "create", "--bundle", OCI_BUNDLE, OCI_ID));
	ck_assert_int_eq(r->status, 1);
	ck_assert(has(r->err, "hint: ") &&
		  has(r->err, "--cgroup-manager cgroupfs"));
	oci_end();
}
END_TEST

START_TEST(without_busctl_it_says_what_to_install)
{
	begin(&(struct config){ 0 });
	put_tool("busctl", "#!/bin/sh\nexit 127\n");
	oci_refuses(CREATE, "busctl is not installed");
	end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &systemd_is_given_the_process_and_gives_the_group },
	{ "safety", &the_group_of_the_scope_is_seen_inside },
	{ "safety", &limits_are_properties_of_the_scope },
	{ "safety",
	  &an_update_is_told_to_systemd_unless_the_kernel_refuses_it },
	{ "safety", &a_path_of_three_parts_names_slice_and_scope },
	{ "safety", &annotations_are_further_properties },
	{ "safety", &no_word_of_an_annotation_is_an_option_of_busctl },
	{ "input", &what_systemd_could_not_take_is_refused },
	{ "safety", &what_systemd_says_is_passed_on },
	{ "input", &without_systemd_it_says_what_to_do },
	{ "input", &without_busctl_it_says_what_to_install },
	{ 0 },
};
